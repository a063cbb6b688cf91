package remind

import (
	"context"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/jobs"
	"gongkai/internal/mail"
)

// Letters remembers what became of letters, of all senders in the program. It
// is safe for concurrent use.
type Letters struct{ DB *db.DB }

var _ mail.Log = Letters{}

// Sent tells whether a letter has gone out.
func (l Letters) Sent(ctx context.Context, id string) (sent bool, err error) {
	defer fault.Wrap(&err, "remind.Sent(%s)", id)
	err = l.DB.View(ctx, func(tx *db.Tx) error {
		var n int
		err := tx.Row(ctx, "select count(*) from remind_letters where id = ? and sent_at is not null", []any{id}, &n)
		sent = n > 0
		return err
	})
	return sent, err
}

// Record keeps an attempt; the last error is in words for administrators.
func (l Letters) Record(ctx context.Context, a mail.Attempt) (err error) {
	defer fault.Wrap(&err, "remind.Record(%s)", a.ID)
	var words string
	var sent db.Instant
	if a.Err == nil {
		sent = db.At(a.At)
	} else {
		words = fault.Clip(a.Err.Error(), 500)
	}
	final := 0
	if a.Final {
		final = 1
	}
	return l.DB.Update(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into remind_letters (id, address, subject, attempts, last_at, last_error, final, sent_at) values (?, ?, ?, 1, ?, ?, ?, ?)
			on conflict (id) do update set attempts = remind_letters.attempts + 1, last_at = excluded.last_at, last_error = excluded.last_error,
			final = excluded.final, sent_at = coalesce(remind_letters.sent_at, excluded.sent_at)`,
			a.ID, a.To, a.Subject, db.At(a.At), words, final, sent)
		return err
	})
}

// LetterState is what became of one letter.
type LetterState struct {
	ID       string    `json:"id"`
	To       string    `json:"to"`
	Subject  string    `json:"subject"`
	Attempts int       `json:"attempts"`
	LastAt   time.Time `json:"last_at"`
	Error    string    `json:"error,omitempty"` // of the last attempt
	Failed   bool      `json:"failed"`          // it is not tried again
	SentAt   time.Time `json:"sent_at,omitzero"`
}

// List lists letters by their last attempt, the newest first; only those that
// are not out where unsent is set.
func (l Letters) List(ctx context.Context, unsent bool, limit int) (list []LetterState, err error) {
	defer fault.Wrap(&err, "remind.Letters")
	query := "select id, address, subject, attempts, last_at, last_error, final, sent_at from remind_letters"
	if unsent {
		query += " where sent_at is null"
	}
	err = l.DB.View(ctx, func(tx *db.Tx) error {
		rows, err := tx.Query(ctx, query+" order by last_at desc, id limit ?", min(max(limit, 1), 500))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s LetterState
			var last, sent db.Instant
			var final int
			if err := rows.Scan(&s.ID, &s.To, &s.Subject, &s.Attempts, &last, &s.Error, &final, &sent); err != nil {
				return err
			}
			s.LastAt, s.SentAt, s.Failed = last.Time, sent.Time, final == 1 && sent.IsZero()
			list = append(list, s)
		}
		return rows.Err()
	})
	return list, err
}

// Tick is the arguments of the job that makes the day's round.
type Tick struct{}

// Kind is the stable name of the job.
func (Tick) Kind() string { return "remind.round" }

// everyTick is how often the round is looked at: the first one of a working day
// reminds, later ones find nothing new.
const everyTick = 30 * time.Minute

// firstHour and lastHour bound the time of day in which rounds are made.
const firstHour, lastHour = 8, 18

// Register lets jobs make the rounds and send the letters. Rounds are made
// between eight and eighteen o'clock in China by the machine's clock, so that
// nobody's telephone rings at night.
func (r *Reminder) Register(reg *jobs.Registry, now func() time.Time) {
	jobs.Handle(reg, func(ctx context.Context, _ Tick) error {
		if hour := now().In(civil.China).Hour(); hour < firstHour || hour >= lastHour {
			return nil
		}
		_, err := r.Round(ctx)
		return err
	})
	jobs.Handle(reg, r.Deliver)
	reg.Every(everyTick, Tick{})
}
