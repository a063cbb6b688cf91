package remind

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/jobs"
	"gongkai/internal/law"
	"gongkai/internal/mail"
	"gongkai/internal/unit"
)

// Deps is what a Reminder works through.
type Deps struct {
	DB       *db.DB
	Units    *unit.Store
	People   People
	Sources  []Source
	Calendar *law.Calendar // nil is the standard one
	Settings Settings      // the zero value is DefaultSettings
	Address  string        // of the program, for links: https://gk.example.gov.cn
	// Post enqueues the letter of a notice in the transaction that writes it;
	// nil sends no letters. Queue is one for the program's jobs.
	Post func(ctx context.Context, tx *db.Tx, n Notify) error
	Mail *mail.Outbox // what Deliver sends with; nil sends no letters
}

// Reminder reminds. It is safe for concurrent use.
type Reminder struct{ Deps }

// New makes a reminder. Settings that make no sense are an Invalid fault.
func New(d Deps) (*Reminder, error) {
	if d.Calendar == nil {
		d.Calendar = law.Standard()
	}
	if d.Settings.ByDue == nil && d.Settings.ByWait == nil {
		d.Settings = DefaultSettings()
	}
	if err := d.Settings.Check(); err != nil {
		return nil, err
	}
	d.Settings = d.Settings.sorted()
	return &Reminder{d}, nil
}

// Notify is the arguments of the job that sends the letter of a notice.
type Notify struct {
	NoticeID int64 `json:"notice_id"`
}

// Kind is the stable name of the job.
func (Notify) Kind() string { return "remind.notify" }

// Queue enqueues the letters of notices as jobs.
func Queue(ctx context.Context, tx *db.Tx, n Notify) error {
	return jobs.Enqueue(ctx, tx, n, jobs.Once())
}

// Report says what a round did.
type Report struct {
	Day     civil.Date `json:"day"`
	Resting bool       `json:"resting"` // a day of rest: nobody is reminded
	Notices int        `json:"notices"` // new ones
	Lines   int        `json:"lines"`   // in them
}

// Line is one thing in a notice.
type Line struct {
	Key    string     `json:"key"`
	Kind   Kind       `json:"kind"`
	As     Audience   `json:"as"` // why the person hears of it
	UnitID int64      `json:"unit_id,omitempty"`
	Unit   string     `json:"unit,omitempty"` // its name on that day
	Title  string     `json:"title"`
	Path   string     `json:"path"`
	Due    civil.Date `json:"due,omitzero"`
	Since  civil.Date `json:"since,omitzero"`

	rung int
}

// stamp is what a rung is remembered by: another last day is another climb.
func (l Line) stamp() string { return l.Key + "@" + l.Due.String() + l.Since.String() }

// Round reminds everybody of what has reached a new rung by the day of the
// transaction. Called again on that day it reminds only those who have had no
// notice that day. Call it every working day, as early as letters should come.
func (r *Reminder) Round(ctx context.Context) (report Report, err error) {
	defer fault.Wrap(&err, "remind.Round")
	err = r.DB.Update(ctx, func(tx *db.Tx) error {
		report = Report{Day: tx.Today()}
		if !r.Calendar.IsWorkday(report.Day) {
			report.Resting = true
			return nil
		}
		lines, people, err := r.gather(ctx, tx, report.Day)
		if err != nil {
			return err
		}
		for _, p := range people {
			n, err := r.notify(ctx, tx, p, report.Day, lines[p.ID])
			if err != nil {
				return err
			}
			if n > 0 {
				report.Notices++
				report.Lines += n
			}
		}
		return nil
	})
	return report, err
}

// gather finds what each person hears of on the day, whether or not they have
// heard of it before.
func (r *Reminder) gather(ctx context.Context, tx *db.Tx, day civil.Date) (map[int64][]Line, []Person, error) {
	people, err := r.People.People(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	tree, err := r.Units.Tree(ctx, tx)
	if err != nil {
		return nil, nil, err
	}
	roster, lines := newRoster(people), map[int64][]Line{}
	for _, source := range r.Sources {
		tasks, err := source.Tasks(ctx, tx, r.Settings.through(r.Calendar, day))
		if err != nil {
			return nil, nil, err
		}
		for _, t := range tasks {
			rung, ok := r.Settings.reached(r.Calendar, t, day)
			if !ok {
				continue
			}
			l := Line{t.Key, t.Kind, 0, t.UnitID, tree.ShortOn(t.UnitID, day), t.Title, t.Path, t.Due, t.Since, rung.Days}
			for id, as := range roster.told(t, rung.To) {
				l.As = as
				lines[id] = append(lines[id], l)
			}
		}
	}
	slices.SortFunc(people, func(a, b Person) int { return cmp.Compare(a.ID, b.ID) })
	return lines, people, nil
}

// notify writes a person's notice of the day, if there is anything new to say
// and the person has none yet. It gives the number of its lines.
func (r *Reminder) notify(ctx context.Context, tx *db.Tx, p Person, day civil.Date, lines []Line) (int, error) {
	if len(lines) == 0 {
		return 0, nil
	}
	had, paused, err := today(ctx, tx, p.ID, day)
	if err != nil || had || paused {
		return 0, err
	}
	sent, err := sentTo(ctx, tx, p.ID)
	if err != nil {
		return 0, err
	}
	lines = slices.DeleteFunc(lines, func(l Line) bool { return sent[l.stamp()+"#"+strconv.Itoa(l.rung)] })
	if len(lines) == 0 {
		return 0, nil
	}
	id, err := keep(ctx, tx, p.ID, day, lines)
	if err != nil || id == 0 {
		return 0, err
	}
	for _, l := range lines {
		if _, err := tx.Exec(ctx, "insert into remind_sent (person_id, task, rung, sent_on) values (?, ?, ?, ?)", p.ID, l.stamp(), l.rung, day); err != nil {
			return 0, err
		}
	}
	return len(lines), r.post(ctx, tx, p, id)
}

// keep writes the notice of a person and a day. It gives its id, 0 where there
// is one already.
func keep(ctx context.Context, tx *db.Tx, personID int64, day civil.Date, lines []Line) (id int64, err error) {
	slices.SortStableFunc(lines, func(a, b Line) int {
		return cmp.Or(cmp.Compare(a.As, b.As), a.day().Compare(b.day()), cmp.Compare(a.Key, b.Key))
	})
	text, err := json.Marshal(lines)
	if err != nil {
		return 0, err
	}
	err = tx.Row(ctx, "insert into remind_notices (person_id, day, lines) values (?, ?, ?) on conflict (person_id, day) do nothing returning id",
		[]any{personID, day, string(text)}, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil // another process was faster
	}
	return id, err
}

// post enqueues the letter of a notice.
func (r *Reminder) post(ctx context.Context, tx *db.Tx, p Person, noticeID int64) error {
	if r.Post == nil || p.Email == "" {
		return nil
	}
	return r.Post(ctx, tx, Notify{noticeID})
}

// day is the day that a line is sorted by.
func (l Line) day() civil.Date {
	if l.Due.IsZero() {
		return l.Since
	}
	return l.Due
}

// today tells whether a person has had the notice of the day, and whether
// reminders are paused.
func today(ctx context.Context, tx *db.Tx, personID int64, day civil.Date) (had, paused bool, err error) {
	var notices, pauses int
	err = tx.Row(ctx, "select (select count(*) from remind_notices where person_id = ? and day = ?), (select count(*) from remind_pauses where person_id = ? and until_on >= ?)",
		[]any{personID, day, personID, day}, &notices, &pauses)
	return notices > 0, pauses > 0, err
}

// sentTo is what a person has heard of, by stamp and rung.
func sentTo(ctx context.Context, tx *db.Tx, personID int64) (map[string]bool, error) {
	sent := map[string]bool{}
	err := tx.Each(ctx, "select task, rung from remind_sent where person_id = ?", []any{personID}, func(rows *sql.Rows) error {
		var task string
		var rung int
		err := rows.Scan(&task, &rung)
		sent[task+"#"+strconv.Itoa(rung)] = true
		return err
	})
	return sent, err
}

// Owed is everything that a person holds, heads or oversees and that has
// reached a rung by today, the most urgent first: for the first screen.
func (r *Reminder) Owed(ctx context.Context, personID int64) (list []Line, err error) {
	defer fault.Wrap(&err, "remind.Owed(%d)", personID)
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		lines, _, err := r.gather(ctx, tx, tx.Today())
		list = lines[personID]
		return err
	})
	slices.SortStableFunc(list, func(a, b Line) int {
		return cmp.Or(cmp.Compare(a.As, b.As), a.day().Compare(b.day()), cmp.Compare(a.Key, b.Key))
	})
	return list, err
}
