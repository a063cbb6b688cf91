package remind

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/law"
	"gongkai/internal/mail"
	"gongkai/internal/obligation"
	"gongkai/internal/obligation/workplan"
	"gongkai/internal/unit"
)

var (
	ctx   = context.Background()
	write = flag.Bool("write", false, "write what the simulated quarter gives as its golden file")
)

// office is a small city whose clock tests move, with what everybody was told.
type office struct {
	t     testing.TB
	store *db.DB
	at    time.Time
	*Reminder
	duties  *obligation.Store
	units   map[string]int64 // by short name
	people  []Person
	drafts  drafts
	letters []mail.Message
	due     []Notify // letters that wait for their job
	broken  bool     // the mail server is
}

// drafts is a source whose tasks tests set.
type drafts map[string]Task

func (d drafts) Tasks(context.Context, *db.Tx, civil.Date) (list []Task, err error) {
	for _, t := range d {
		list = append(list, t)
	}
	return list, nil
}

func (d drafts) Open(_ context.Context, _ *db.Tx, keys []string) (map[string]bool, error) {
	open := map[string]bool{}
	for _, k := range keys {
		_, open[k] = d[k]
	}
	return open, nil
}

func (o *office) People(context.Context, *db.Tx) ([]Person, error) { return o.people, nil }

// Send, Check and String make the office its own mail server.
func (o *office) Send(_ context.Context, m mail.Message) error {
	if o.broken {
		return fault.New(fault.Unavailable, "mail_deferred", "later")
	}
	if err := m.Check(); err != nil {
		return err
	}
	o.letters = append(o.letters, m)
	return nil
}
func (o *office) Check(context.Context) error { return nil }
func (o *office) String() string              { return "test" }

func (o *office) today() civil.Date { return civil.DateOf(o.at) }

func (o *office) set(d civil.Date) { o.at = d.Start().Add(9 * time.Hour) }

func (o *office) update(f func(tx *db.Tx) error) {
	o.t.Helper()
	if err := o.store.Update(ctx, f); err != nil {
		o.t.Fatal(err)
	}
}

// eachOffice opens the city on both engines on 2021-09-13.
func eachOffice(t *testing.T, body func(t *testing.T, o *office)) {
	for name, open := range map[string]func(testing.TB, civil.Clock) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		t.Run(name, func(t *testing.T) {
			o := &office{t: t, units: map[string]int64{}, drafts: drafts{}}
			o.set(civil.MustDate("2021-09-13"))
			o.store = open(t, func() time.Time { return o.at })
			o.found()
			body(t, o)
		})
	}
}

// found lays the city's plan: a quarterly report of three offices, and a task
// of two due on a Sunday.
func (o *office) found() {
	units := unit.NewStore(o.store)
	o.duties = obligation.NewStore(o.store, obligation.Options{})
	o.update(func(tx *db.Tx) error {
		city, err := units.Add(ctx, tx, "test", unit.Draft{Kind: unit.City, Name: "甲市人民政府", Short: "市政府"})
		if err != nil {
			return err
		}
		for _, short := range []string{"市教育局", "市财政局", "市水利局"} {
			u, err := units.Add(ctx, tx, "test", unit.Draft{Kind: unit.Department, Parent: city.ID, Name: "甲" + short, Short: short})
			if err != nil {
				return err
			}
			o.units[short] = u.ID
		}
		on := func(names ...string) (list []obligation.Assignment) {
			for _, n := range names {
				list = append(list, obligation.Assignment{UnitID: o.units[n], Role: obligation.Responds, Printed: n})
			}
			return list
		}
		starts := civil.MustDate("2021-07-01")
		_, err = o.duties.SavePlan(ctx, tx, obligation.Draft{
			Plan: obligation.Plan{Code: "要点", Kind: obligation.WorkPlan, Title: "甲市2021年政务公开工作要点", IssuedOn: starts, Year: 2021},
			Obligations: []obligation.Obligation{
				{Code: "要点/1", Position: 1, Title: "通报公开情况", Rule: obligation.Rule{Every: workplan.Quarterly, Until: civil.MustDate("2021-12-31")}, StartsOn: starts, Units: on("市教育局", "市财政局", "市水利局")},
				{Code: "要点/2", Position: 2, Title: "公开招生范围", Rule: obligation.Rule{DueOn: civil.MustDate("2021-11-14")}, StartsOn: starts, Units: on("市教育局", "市财政局")},
			},
		}, obligation.SaveOptions{Actor: "test"})
		return err
	})
	e, f, w := o.units["市教育局"], o.units["市财政局"], o.units["市水利局"]
	o.people = []Person{
		{ID: 1, Name: "教育信息员", Email: "edit@example.org", Edits: []int64{e}},
		{ID: 2, Name: "教育局长", Email: "head@example.org", Heads: []int64{e}},
		{ID: 3, Name: "财政信息员", Email: "money@example.org", Edits: []int64{f}},
		{ID: 4, Name: "水利局长", Email: "water@example.org", Heads: []int64{w}},
		{ID: 5, Name: "公开办", Email: "office@example.org", OverseesAll: true},
		{ID: 6, Name: "只看程序的人", Edits: []int64{e}},
	}
	r, err := New(Deps{DB: o.store, Units: units, People: o, Sources: []Source{Duties{o.duties}, Requests{o.duties}, o.drafts},
		Calendar: law.Standard(), Address: "https://gk.example.org/",
		Post: func(_ context.Context, _ *db.Tx, n Notify) error { o.due = append(o.due, n); return nil },
		Mail: &mail.Outbox{Sender: o, Log: Letters{o.store}, Now: func() time.Time { return o.at }}})
	if err != nil {
		o.t.Fatal(err)
	}
	o.Reminder = r
}

// duty is a unit's duty of an obligation and period.
func (o *office) duty(code, short, period string) int64 {
	o.t.Helper()
	item, err := o.duties.ByCode(ctx, code)
	if err != nil {
		o.t.Fatal(err)
	}
	page, err := o.duties.Duties(ctx, obligation.DutyFilter{ObligationID: item.ID, Units: []int64{o.units[short]}, Period: period}, o.today())
	if err != nil || len(page.Duties) != 1 {
		o.t.Fatalf("%s of %s in %s: %v %v", code, short, period, page, err)
	}
	return page.Duties[0].ID
}

// act does what a line of the script says.
func (o *office) act(words []string) {
	o.t.Helper()
	switch words[0] {
	case "report": // report CODE UNIT PERIOD: the duty is met by a nil report
		id := o.duty(words[1], words[2], words[3])
		o.update(func(tx *db.Tx) error {
			return o.duties.SignNil(ctx, tx, id, obligation.Signature{AccountID: 2, Words: "局长"}, "没有", "user:2")
		})
	case "claim": // claim CODE UNIT PERIOD: the unit asks for exemption
		id := o.duty(words[1], words[2], words[3])
		o.update(func(tx *db.Tx) error {
			_, err := o.duties.Ask(ctx, tx, obligation.ClaimRequest{DutyID: id, Kind: obligation.ForExemption, Reason: "没有职能", Actor: "user:4"})
			return err
		})
	case "draft": // draft KEY TITLE UNIT PERSON: it waits for the person
		var person int64
		fmt.Sscan(words[4], &person)
		o.drafts[words[1]] = Task{Key: words[1], Kind: Step, UnitID: o.units[words[3]], Title: words[2], Path: "/desk/drafts/1", Since: o.today(), People: []int64{person}}
	case "done": // done KEY
		delete(o.drafts, words[1])
	case "pause": // pause PERSON UNTIL
		var person int64
		fmt.Sscan(words[1], &person)
		o.update(func(tx *db.Tx) error { return o.Pause(ctx, tx, person, civil.MustDate(words[2]), "user:1") })
	case "mail": // mail broken, mail mended
		o.broken = words[1] == "broken"
	default:
		o.t.Fatalf("the script does not know %q", words[0])
	}
}

// A quarter in a small city: who got what on which day. The script is acts with
// their day; rounds are made every day, holidays included.
func TestQuarter(t *testing.T) {
	const file = "testdata/quarter.txtar"
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	acts := map[string][][]string{}
	for line := range strings.Lines(string(archive.Files[0].Data)) {
		if words := strings.Fields(line); len(words) > 1 && words[0] != "#" {
			acts[words[0]] = append(acts[words[0]], words[1:])
		}
	}
	eachOffice(t, func(t *testing.T, o *office) {
		var told bytes.Buffer
		for end := civil.MustDate("2021-12-10"); !o.today().After(end); o.set(o.today().AddDays(1)) {
			for _, words := range acts[o.today().String()] {
				o.act(words)
			}
			o.round(&told)
		}
		if *write {
			archive.Files[1].Data = told.Bytes()
			if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want := archive.Files[1].Data; !bytes.Equal(told.Bytes(), want) {
			t.Errorf("the quarter went otherwise (test -write shows how):\n%s\nwant\n%s", told.Bytes(), want)
		}
		o.checkDiscipline(t)
	})
}

// round makes the day's round and sends the letters that wait; what it finds
// goes to told.
func (o *office) round(told *bytes.Buffer) {
	o.t.Helper()
	before := len(o.letters)
	for range 2 { // the second one on a day says nothing
		if _, err := o.Round(ctx); err != nil {
			o.t.Fatal(err)
		}
	}
	var wait []Notify
	for _, n := range o.due {
		if err := o.Deliver(ctx, n); fault.KindOf(err) == fault.Unavailable && err != nil {
			wait = append(wait, n)
		} else if err != nil {
			o.t.Fatal(err)
		}
	}
	o.due = wait
	for _, m := range o.letters[before:] {
		fmt.Fprintf(told, "%s %s %s\n", o.today(), m.To, m.Subject)
		for line := range strings.Lines(m.Text) {
			if line := strings.TrimSpace(line); strings.Contains(line, "：") && strings.ContainsAny(line[:1], "123456789") {
				fmt.Fprintf(told, "  %s\n", line)
			}
		}
	}
}

// checkDiscipline holds for every history: nobody hears twice on a day, nobody
// on a day of rest, no rung twice.
func (o *office) checkDiscipline(t *testing.T) {
	t.Helper()
	for _, p := range o.people {
		list, err := o.Notices(ctx, p.ID, 0, MaxNotices)
		if err != nil {
			t.Fatal(err)
		}
		days, rungs := map[civil.Date]bool{}, map[string]int{}
		for _, n := range list {
			if days[n.Day] || !o.Calendar.IsWorkday(n.Day) {
				t.Errorf("%s was told on %s, twice or on a day of rest", p.Name, n.Day)
			}
			days[n.Day] = true
			for _, l := range n.Lines {
				if rungs[l.Key]++; rungs[l.Key] > len(o.Settings.ByDue) {
					t.Errorf("%s heard of %s %d times", p.Name, l.Key, rungs[l.Key])
				}
			}
		}
	}
}
