package sim

import (
	"flag"
	"path/filepath"
	"testing"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/obligation"
	"gongkai/internal/publication"
)

// counted is how many records and duties a store holds.
func counted(t testing.TB, d Deps) (records, duties int) {
	t.Helper()
	l, err := d.Publications.List(ctx, publication.Filter{}, publication.Page{Size: 1})
	if err != nil {
		t.Fatal(err)
	}
	plans, err := d.Obligations.Plans(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range plans {
		v, err := d.Obligations.Plan(ctx, p.ID, "", d.Clock.today())
		if err != nil {
			t.Fatal(err)
		}
		duties += v.Counts.Total()
	}
	return l.Total, duties
}

func TestLoad(t *testing.T) {
	tests := map[string]struct {
		size Size
		want Size
	}{
		"both":              {Size{730, 10_000}, Size{730, 9_996}}, // a rest below 12 is left out
		"publications only": {Size{25, 0}, Size{25, 0}},
		"duties only":       {Size{0, 24}, Size{0, 24}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := open(t, t.TempDir())
			defer d.DB.Close()
			told := 0
			if err := Load(ctx, d, test.size, 7, func(done, total int) { told = done }); err != nil {
				t.Fatal(err)
			}
			records, duties := counted(t, d)
			if got := (Size{records, duties}); got != test.want {
				t.Errorf("holds %+v, want %+v", got, test.want)
			}
			if told != test.size.Publications {
				t.Errorf("progress ended at %d, want %d", told, test.size.Publications)
			}
			before := len(journal(t, d))
			if err := Load(ctx, d, test.size, 7, nil); err != nil {
				t.Fatal(err)
			}
			if after := len(journal(t, d)); after != before {
				t.Errorf("the same load again appended %d entries", after-before)
			}
		})
	}
}

// Records of a load are evidence of its duties.
func TestLoadFulfils(t *testing.T) {
	d := open(t, t.TempDir())
	defer d.DB.Close()
	if err := Load(ctx, d, Size{400, 6_000}, 1, nil); err != nil {
		t.Fatal(err)
	}
	plans, err := d.Obligations.Plans(ctx)
	if err != nil || len(plans) != 1 {
		t.Fatal(len(plans), err)
	}
	v, err := d.Obligations.Plan(ctx, plans[0].ID, "", d.Clock.today())
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Counts.Of(obligation.Fulfilled); got < 300 || got > 400 {
		t.Errorf("400 records fulfil %d duties", got)
	}
}

var (
	loadRecords = flag.Int("load.publications", 5_000, "publications of BenchmarkLoad")
	loadDuties  = flag.Int("load.duties", 50_000, "duties of BenchmarkLoad")
)

// BenchmarkLoad makes one load; -load.publications 100000 -load.duties 1000000
// is the size of the figures.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		d := open(b, b.TempDir())
		began := time.Now()
		if err := Load(ctx, d, Size{*loadRecords, *loadDuties}, 1, nil); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(*loadRecords)/time.Since(began).Seconds(), "publications/s")
		records, duties := counted(b, d)
		b.Logf("%d publications and %d duties in %s", records, duties, time.Since(began).Round(time.Second))
		d.DB.Close()
	}
}

// BenchmarkCity makes the demonstration city.
func BenchmarkCity(b *testing.B) {
	for b.Loop() {
		clock := new(Timeline)
		store, err := db.Open(ctx, "sqlite:"+filepath.Join(b.TempDir(), "city.db"), clock.Now)
		if err != nil {
			b.Fatal(err)
		}
		if err := City(ctx, wire(b, store, clock), Seed, nil); err != nil {
			b.Fatal(err)
		}
		store.Close()
	}
}
