package obligation

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/obligation/workplan"
)

// The city of the benchmark: 500 units owing 125 rows in 16 periods are
// 1,000,000 duties, six of ten met.
const (
	benchUnits   = 500
	benchRows    = 125
	benchPeriods = 16
)

func million(b *testing.B) (*Store, int64) {
	b.Helper()
	store := dbtest.SQLite(b, civil.Fixed(dbtest.Noon))
	d := Draft{Plan: Plan{Code: "bench", Kind: Catalogue, Title: "目录", IssuedOn: civil.MustDate("2018-01-01")}}
	for i := range benchRows {
		o := Obligation{Code: fmt.Sprintf("bench/%d", i), Position: i + 1, Section: fmt.Sprintf("领域%d", i%15), Title: fmt.Sprintf("事项%d", i),
			Rule: Rule{Every: workplan.Quarterly}, StartsOn: d.Plan.IssuedOn}
		for u := range benchUnits {
			o.Units = append(o.Units, Assignment{int64(u + 1), Responds, "各单位"})
		}
		d.Obligations = append(d.Obligations, o)
	}
	s := NewStore(store, Options{})
	began := time.Now()
	c := save(b, store, s, d, owner)
	update(b, store, func(tx *db.Tx) error {
		if _, err := s.Expand(ctx, tx, civil.MustDate("2021-12-31")); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "update obligation_duties set met_on = case when id % 10 = 0 then closes_on else opens_on end, met_how = 'record' where id % 10 < 6")
		if err != nil {
			return err
		}
		// One of a hundred has changed since the past day that is looked at.
		if _, err := tx.Exec(ctx, "update obligation_duties set changed_on = case when id % 100 = 1 then ? else opens_on end, laid_on = opens_on", june); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into obligation_evidence (duty_id, record_id, how, title, url, given_on, signer, note, known_on)
			select id, id, 'record', '', '', met_on, '', '', met_on from obligation_duties where id % 100 = 1`)
		return err
	})
	var n int
	update(b, store, func(tx *db.Tx) error { return tx.Row(ctx, "select count(*) from obligation_duties", nil, &n) })
	b.Logf("%d duties laid in %s", n, time.Since(began).Round(time.Second))
	if n != benchUnits*benchRows*benchPeriods {
		b.Fatalf("%d duties, want %d", n, benchUnits*benchRows*benchPeriods)
	}
	return s, c.PlanID
}

// BenchmarkMillionDuties times what pages ask for; p50 and p99 are reported.
func BenchmarkMillionDuties(b *testing.B) {
	s, plan := million(b)
	departments := make([]int64, 100)
	for i := range departments {
		departments[i] = int64(5*i + 1)
	}
	everybody := make([]int64, benchUnits)
	for i := range everybody {
		everybody[i] = int64(i + 1)
	}
	past := civil.MustDate("2021-05-31")
	pages := []struct {
		name string
		read func(i int) error
	}{
		{"matrix of 100 units by field", func(int) error {
			_, err := s.Matrix(ctx, MatrixFilter{PlanID: plan, Period: "2021Q2", Units: departments, Columns: BySection}, june)
			return err
		}},
		{"matrix of 100 units by row", func(int) error {
			_, err := s.Matrix(ctx, MatrixFilter{PlanID: plan, Period: "2021Q2", Units: departments}, june)
			return err
		}},
		{"matrix of 500 units by field", func(int) error {
			_, err := s.Matrix(ctx, MatrixFilter{PlanID: plan, Period: "2021Q2", Units: everybody, Columns: BySection}, june)
			return err
		}},
		{"unit's summary", func(i int) error {
			_, err := s.Unit(ctx, int64(i%benchUnits+1), civil.Date{}, civil.Date{}, june)
			return err
		}},
		{"unit's overdue duties", func(i int) error {
			_, err := s.Duties(ctx, DutyFilter{Units: []int64{int64(i%benchUnits + 1)}, States: []State{Overdue}}, june)
			return err
		}},
		{"all due soon", func(int) error {
			_, err := s.Duties(ctx, DutyFilter{States: []State{DueSoon}}, june)
			return err
		}},
		{"all overdue", func(int) error {
			_, err := s.Duties(ctx, DutyFilter{States: []State{Overdue}}, june)
			return err
		}},
		{"plan of a county's 40 units", func(int) error {
			_, err := s.PlanOf(ctx, PlanFilter{PlanID: plan, Units: everybody[:40]}, june)
			return err
		}},
		{"summaries of a county's 40 units", func(int) error {
			_, err := s.Units(ctx, everybody[:40], civil.Date{}, civil.Date{}, june)
			return err
		}},
		{"matrix of 100 units by field, as of a past day", func(int) error {
			_, err := s.Matrix(ctx, MatrixFilter{PlanID: plan, Period: "2021Q2", Units: departments, Columns: BySection}, past)
			return err
		}},
		{"all overdue, as of a past day", func(int) error {
			_, err := s.Duties(ctx, DutyFilter{States: []State{Overdue}}, past)
			return err
		}},
		{"plan of one period, as of a past day", func(int) error {
			_, err := s.Plan(ctx, plan, "2021Q2", past)
			return err
		}},
		{"what is unmet and due in the next weeks", func(int) error {
			return s.db.View(ctx, func(tx *db.Tx) error {
				_, err := s.Unmet(ctx, tx, june, june.AddDays(21))
				return err
			})
		}},
		{"plan of one period", func(int) error {
			_, err := s.Plan(ctx, plan, "2021Q2", june)
			return err
		}},
	}
	for _, page := range pages {
		b.Run(page.name, func(b *testing.B) {
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				began := time.Now()
				if err := page.read(i); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}
