package remind

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/law"
	"gongkai/internal/mail"
)

func TestReached(t *testing.T) {
	due := Task{Due: civil.MustDate("2021-11-14")} // a Sunday
	waiting := Task{Since: civil.MustDate("2021-09-30")}
	for _, tt := range []struct {
		task Task
		day  string
		want string
	}{
		{due, "2021-10-28", "none"}, {due, "2021-10-29", "-10 1"}, {due, "2021-11-08", "-10 1"}, {due, "2021-11-09", "-3 1"}, {due, "2021-11-11", "-1 1"},
		{due, "2021-11-12", "0 1"}, {due, "2021-11-14", "0 1"}, {due, "2021-11-15", "1 1"}, {due, "2021-11-16", "1 1"}, {due, "2021-11-17", "3 3"}, {due, "2021-11-19", "5 7"}, {due, "2022-11-19", "5 7"},
		{waiting, "2021-09-30", "0 1"}, {waiting, "2021-10-08", "0 1"}, {waiting, "2021-10-11", "3 1"}, {waiting, "2021-10-13", "5 3"}, {waiting, "2021-10-20", "10 7"},
	} {
		got := "none"
		if r, ok := DefaultSettings().sorted().reached(law.Standard(), tt.task, civil.MustDate(tt.day)); ok {
			got = fmt.Sprint(r.Days, r.To)
		}
		if got != tt.want {
			t.Errorf("%+v on %s: rung %s, want %s", tt.task, tt.day, got, tt.want)
		}
	}
}

func TestWhoIsTold(t *testing.T) {
	people := []Person{{ID: 1, Edits: []int64{7}}, {ID: 2, Heads: []int64{7}}, {ID: 3, OverseesAll: true}, {ID: 4, Oversees: []int64{8}}, {ID: 5, Heads: []int64{8}}, {ID: 6, Edits: []int64{7}, Heads: []int64{7}}}
	for _, tt := range []struct {
		name string
		task Task
		to   Audience
		want string
	}{
		{"who writes", Task{UnitID: 7}, Holders, "map[1:1 6:1]"},
		{"head besides", Task{UnitID: 7}, Holders | UnitHeads, "map[1:1 2:2 6:1]"},
		{"office besides", Task{UnitID: 7}, Holders | UnitHeads | Offices, "map[1:1 2:2 3:4 6:1]"},
		{"nobody writes: the head", Task{UnitID: 8}, Holders, "map[5:1]"},
		{"no head either: the office", Task{UnitID: 9}, Holders, "map[3:1]"},
		{"a county has its own office", Task{UnitID: 8}, Offices, "map[4:4]"},
		{"named people", Task{UnitID: 7, People: []int64{5, 99}}, Holders, "map[5:1]"},
		{"named people who are gone", Task{UnitID: 7, People: []int64{99}}, Holders, "map[1:1 6:1]"},
		{"nobody can: the head, not who writes", Task{UnitID: 7, People: []int64{}}, Holders, "map[2:1 6:1]"},
		{"the office's own", Task{UnitID: 7, Office: true}, Holders | UnitHeads, "map[3:1]"},
	} {
		if got := fmt.Sprint(newRoster(people).told(tt.task, tt.to)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// Along any days on which rounds are made, nobody hears of a rung twice, of
// nothing on a day of rest, and of everything before it is over.
func TestEveryRungOnce(t *testing.T) {
	calendar, settings := law.Standard(), DefaultSettings().sorted()
	rapid.Check(t, func(t *rapid.T) {
		day := civil.MustDate("2021-01-01").AddDays(rapid.IntRange(0, 600).Draw(t, "from"))
		task := Task{Due: day.AddDays(rapid.IntRange(20, 60).Draw(t, "due"))}
		var climbed []int
		for last := task.Due.AddDays(30); !day.After(last); day = day.AddDays(1) {
			if !calendar.IsWorkday(day) {
				continue
			}
			if r, ok := settings.reached(calendar, task, day); ok && !slices.Contains(climbed, r.Days) {
				climbed = append(climbed, r.Days)
			}
		}
		if want := []int{-10, -3, -1, 0, 1, 3, 5}; fmt.Sprint(climbed) != fmt.Sprint(want) {
			t.Fatalf("due %s: climbed %v, want %v", task.Due, climbed, want)
		}
	})
}

func TestNoticesAndPauses(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.set(civil.MustDate("2021-09-16"))
		if report, err := o.Round(ctx); err != nil || report.Notices != 4 || report.Lines != 4 || report.Resting {
			t.Fatalf("%+v, %v", report, err)
		}
		list, err := o.Notices(ctx, 6, 0, 0) // without an address
		if err != nil || len(list) != 1 || list[0].Read || list[0].Open != 1 || list[0].Lines[0].Unit != "市教育局" {
			t.Fatalf("%+v, %v", list, err)
		}
		if n, err := o.Unread(ctx, 6); err != nil || n != 1 {
			t.Errorf("%d unread, %v", n, err)
		}
		o.update(func(tx *db.Tx) error { return o.MarkRead(ctx, tx, 6, list[0].ID) })
		if n, err := o.Unread(ctx, 6); err != nil || n != 0 {
			t.Errorf("%d unread after reading, %v", n, err)
		}
		o.act([]string{"report", "要点/1", "市教育局", "2021Q3"})
		if list, err = o.Notices(ctx, 6, 0, 5); err != nil || list[0].Open != 0 || list[0].Lines[0].Open {
			t.Errorf("done, but open: %+v, %v", list, err)
		}
		owed, err := o.Owed(ctx, 3)
		if err != nil || len(owed) != 1 || owed[0].Unit != "市财政局" {
			t.Errorf("owed %+v, %v", owed, err)
		}
		// Nobody gets a letter for what is done.
		for _, n := range o.due {
			if err := o.Deliver(ctx, n); err != nil {
				t.Fatal(err)
			}
		}
		if len(o.letters) != 2 || slices.ContainsFunc(o.letters, func(m mail.Message) bool { return strings.Contains(m.To, "edit@") }) {
			t.Errorf("%d letters: %+v", len(o.letters), o.letters)
		}
		sent, err := Letters{o.store}.List(ctx, false, 10)
		if err != nil || len(sent) != 2 || sent[0].SentAt.IsZero() || sent[0].Attempts != 1 {
			t.Errorf("letters %+v, %v", sent, err)
		}
		err = o.store.Update(ctx, func(tx *db.Tx) error { return o.Pause(ctx, tx, 1, o.today().AddDays(MaxPause+1), "user:1") })
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("a pause of more than %d days: %v", MaxPause, err)
		}
		o.act([]string{"pause", "1", "2021-09-20"})
		if until, err := o.PausedUntil(ctx, 1); err != nil || until.String() != "2021-09-20" {
			t.Errorf("paused until %s, %v", until, err)
		}
		o.act([]string{"pause", "1", "2021-09-15"})
		if until, err := o.PausedUntil(ctx, 1); err != nil || !until.IsZero() {
			t.Errorf("still paused until %s, %v", until, err)
		}
		o.set(civil.MustDate("2021-09-19")) // Mid-autumn
		if report, err := o.Round(ctx); err != nil || !report.Resting || report.Notices != 0 {
			t.Errorf("on a day of rest: %+v, %v", report, err)
		}
	})
}

// Letters that the mail server kept waiting become one, in whatever order
// their jobs run.
func TestWaitingLettersBecomeOne(t *testing.T) {
	for name, newestFirst := range map[string]bool{"oldest first": false, "newest first": true} {
		t.Run(name, func(t *testing.T) {
			eachOffice(t, func(t *testing.T, o *office) {
				for _, day := range []string{"2021-09-16", "2021-09-27", "2021-09-29"} {
					o.set(civil.MustDate(day))
					if _, err := o.Round(ctx); err != nil {
						t.Fatal(err)
					}
				}
				if newestFirst {
					slices.Reverse(o.due)
				}
				for range 2 {
					for _, n := range o.due {
						if err := o.Deliver(ctx, n); err != nil {
							t.Fatal(err)
						}
					}
				}
				to := map[string]int{}
				for _, m := range o.letters {
					to[m.To]++
				}
				if fmt.Sprint(to) != `map["教育信息员" <edit@example.org>:1 "水利局长" <water@example.org>:1 "财政信息员" <money@example.org>:1]` {
					t.Errorf("letters %v", to)
				}
			})
		})
	}
}

func TestLongLettersAreCut(t *testing.T) {
	n := Notice{ID: 3, Day: civil.MustDate("2021-11-12")}
	for i := range 40 {
		n.Lines = append(n.Lines, OpenLine{Line{Key: fmt.Sprint("duty:", i), Kind: Duty, As: Offices, Title: fmt.Sprint("事项", i), Due: civil.MustDate("2021-10-08")}, true})
	}
	r, err := New(Deps{Address: "https://gk.example.org"})
	if err != nil {
		t.Fatal(err)
	}
	m := r.compose(Person{Name: "公开\r\n办", Email: "o@example.org"}, n, n.Day)
	if err := mail.Message(m).Check(); err != nil {
		t.Error(err)
	}
	if strings.Count(m.Text, "/desk") < 1 || strings.Contains(m.Text, "31. ") || !strings.Contains(m.Text, "还有10件") || m.Subject != "政务公开提醒：逾期40件" {
		t.Errorf("%s\n%s", m.Subject, m.Text)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	for _, s := range []Settings{{ByDue: []Rung{{0, 0}}}, {ByDue: []Rung{{1, Holders}, {1, UnitHeads}}}, {ByWait: []Rung{{999, Holders}}}, {ByDue: []Rung{{1, 8}}}} {
		if _, err := New(Deps{Settings: s}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%+v passes: %v", s, err)
		}
	}
}
