package publication

import (
	"sync"
	"testing"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/obligation"
)

// A record fulfils duties by what it is and by the codes it names; withdrawn,
// it no longer does, and what replaces its relation takes the evidence along.
func TestEvidence(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		office, june := unitID(t, s, "甲市教育局"), civil.MustDate("2021-06-01")
		task := func(position int, code string, match obligation.Match) obligation.Obligation {
			return obligation.Obligation{Code: code, Position: position, Title: code, Rule: obligation.Rule{DueOn: civil.MustDate("2021-12-31")}, StartsOn: june, Match: match,
				Units: []obligation.Assignment{{UnitID: office, Role: obligation.Leads, Printed: "市教育局"}}}
		}
		update(t, s.DB, func(tx *db.Tx) error {
			_, err := s.Duties.SavePlan(ctx, tx, obligation.Draft{
				Plan:        obligation.Plan{Code: "甲发〔2021〕1号", Kind: obligation.WorkPlan, Title: "要点", IssuedOn: june, Year: 2021},
				Obligations: []obligation.Obligation{task(1, "甲发〔2021〕1号/1", obligation.Match{}), task(2, "甲发〔2021〕1号/2", obligation.Match{Statutory: []string{"20-7"}})},
			}, obligation.SaveOptions{Actor: "test"})
			return err
		})
		fulfilled := func() (codes []string) {
			page, err := s.Duties.Duties(ctx, obligation.DutyFilter{}, civil.DateOf(dbtest.Noon))
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range page.Duties {
				if d.State == obligation.Fulfilled {
					codes = append(codes, d.Code)
				}
			}
			return codes
		}
		ids := put(t, s, policy("named", "专栏", func(l *Line) { l.Unit, l.IssuedOn = "甲市教育局", june }, relation(Fulfils, "甲发〔2021〕1号/1")))
		if got := fulfilled(); len(got) != 1 || got[0] != "甲发〔2021〕1号/1" {
			t.Errorf("named: %v", got)
		}
		put(t, s, policy("budget", "预算", func(l *Line) { l.Unit, l.IssuedOn, l.Statutory = "甲市教育局", june, "20-7" }))
		if got := fulfilled(); len(got) != 2 {
			t.Errorf("matched: %v", got)
		}
		update(t, s.DB, func(tx *db.Tx) error { return s.Withdraw(ctx, tx, ids[0], ReasonError, "", "test") })
		if got := fulfilled(); len(got) != 1 || got[0] != "甲发〔2021〕1号/2" {
			t.Errorf("after withdrawal: %v", got)
		}
		put(t, s, policy("budget", "不是预算", func(l *Line) { l.Unit, l.IssuedOn = "甲市教育局", june }))
		if got := fulfilled(); len(got) != 0 {
			t.Errorf("after a change: %v", got)
		}
	})
}

// The text of a day is the version that stood then.
func TestTextAsOfDay(t *testing.T) {
	now := dbtest.Noon
	s := newStore(t, dbtest.SQLite(t, func() time.Time { return now }))
	version := func(text string) *Line {
		return policy("a", "甲办法（"+text+"）", func(l *Line) {
			l.Body.Text, l.PublishedAt = text, At(time.Date(2020, 3, 2, 9, 0, 0, 0, civil.China))
		})
	}
	id := put(t, s, version("旧文"))[0]
	now = now.AddDate(0, 0, 10)
	put(t, s, version("新文"))
	for _, tt := range []struct {
		on, text string
		no       int
	}{{"2019-01-01", "旧文", 1}, {"2020-03-02", "旧文", 1}, {"2021-06-20", "旧文", 1}, {"2021-06-21", "新文", 2}, {"2030-01-01", "新文", 2}} {
		d, err := s.GetOn(ctx, id, civil.MustDate(tt.on))
		if err != nil || d.Body.Text != tt.text || d.Title != "甲办法（"+tt.text+"）" || d.ShownNo != tt.no || d.Version != 2 {
			t.Errorf("on %s: version %d %q, %v; want %d %q", tt.on, d.ShownNo, d.Body.Text, err, tt.no, tt.text)
		}
	}
	if d := get(t, s, id); d.Versions[1].From != civil.MustDate("2020-03-02") || d.Versions[0].From != civil.MustDate("2021-06-21") {
		t.Errorf("versions %+v", d.Versions)
	}
}

// Two that repeal each other, published at the same moment: one of them wins.
func TestConcurrentCycle(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		for round := range 5 {
			a, b := string(rune('a'+round))+"1", string(rune('a'+round))+"2"
			errs := make([]error, 2)
			var wg sync.WaitGroup
			for i, l := range []*Line{policy(a, "甲", relation(Repeals, b)), policy(b, "乙", relation(Repeals, a))} {
				wg.Go(func() { _, errs[i] = tryPut(s, l) })
			}
			wg.Wait()
			if (errs[0] == nil) == (errs[1] == nil) {
				t.Errorf("round %d: %v and %v, want one refused", round, errs[0], errs[1])
			}
		}
	})
}

func TestCitation(t *testing.T) {
	for _, tt := range []struct{ title, number, article, want string }{
		{"甲市办法", "甲政发〔2021〕1号", "第七条", "《甲市办法》（甲政发〔2021〕1号）第七条"},
		{"甲市办法", "", "", "《甲市办法》"},
		{"《甲市办法》", "", "第一条", "《甲市办法》第一条"},
		{"关于印发《甲市办法》的通知", "", "", "《关于印发〈甲市办法〉的通知》"},
	} {
		if got := Citation(tt.title, tt.number, tt.article); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}
