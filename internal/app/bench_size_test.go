package app_test

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"
	"time"

	"gongkai/internal/app"
	"gongkai/internal/sim"
	"gongkai/internal/web/portal"
)

var (
	sizeRecords = flag.Int("size.publications", 2000, "publications of BenchmarkPagesAtSize")
	sizeDuties  = flag.Int("size.duties", 20000, "duties of BenchmarkPagesAtSize")
)

// BenchmarkPagesAtSize makes pages of a city of the given size, each once, so
// that none comes from memory: units' own pages, and the matrix by unit level
// and period.
func BenchmarkPagesAtSize(b *testing.B) {
	a, err := app.Open(ctx, app.StoreConfig{Data: b.TempDir()}, app.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	began := time.Now()
	err = sim.Load(ctx, sim.Deps{DB: a.DB, Units: a.Units, Channels: a.Channels, Obligations: a.Obligations, Publications: a.Publications,
		Calendar: a.Calendar}, sim.Size{Publications: *sizeRecords, Duties: *sizeDuties}, 1, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%d publications and %d duties loaded in %s", *sizeRecords, *sizeDuties, time.Since(began).Round(time.Second))
	generation := 0
	pages, err := portal.New(portal.Deps{Publications: a.Publications, Obligations: a.Obligations, Units: a.Units, Channels: a.Channels,
		Clock: a.Clock, Generation: func() string { return strconv.Itoa(generation) }})
	if err != nil {
		b.Fatal(err)
	}
	tree, err := a.Units.Snapshot(ctx)
	if err != nil {
		b.Fatal(err)
	}
	var units, matrices []string
	for _, o := range tree.All(a.Clock.Today()) {
		units = append(units, fmt.Sprintf("/units/%d", o.ID))
	}
	for range 60 {
		matrices = append(matrices, "/matrix")
	}
	sets := []struct {
		name  string
		paths []string
	}{{"unit pages", units}, {"matrix page", matrices}}
	for _, set := range sets {
		b.Run(set.name, func(b *testing.B) {
			for b.Loop() {
				var took []time.Duration
				for _, path := range set.paths {
					generation++
					w := httptest.NewRecorder()
					began := time.Now()
					pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
					took = append(took, time.Since(began))
					if w.Code != http.StatusOK {
						b.Fatal(path, w.Code, w.Body.String())
					}
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			}
		})
	}
}
