package app

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"gongkai/internal/jobs"
	"gongkai/internal/web/ui"
)

// metrics are the numbers of one App. Nothing in them is personal: routes are
// patterns, not addresses.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "gongkai_http_request_seconds", Help: "Time to answer a request.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"side", "route", "method", "status"}),
	}
	m.registry.MustRegister(m.requests, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// observe is a hook for the requests of one side of the web.
func (m *metrics) observe(side string) func(ui.Record) {
	return func(rec ui.Record) {
		m.requests.WithLabelValues(side, rec.Route, rec.Method, strconv.Itoa(rec.Status)).Observe(rec.Duration.Seconds())
	}
}

// gauge registers a number that is read when somebody asks; an error is
// reported as the number not being there.
func (m *metrics) gauge(name, help string, read func(ctx context.Context) (float64, error)) {
	m.registry.MustRegister(&lazyGauge{prometheus.NewDesc(name, help, nil, nil), read})
}

func (m *metrics) pages(stats func() ui.Stats) {
	m.gauge("gongkai_page_cache_bytes", "Memory of cached pages.", func(context.Context) (float64, error) { return float64(stats().Bytes), nil })
	m.gauge("gongkai_page_cache_hits", "Requests answered from the page cache.", func(context.Context) (float64, error) { return float64(stats().Hits), nil })
	m.gauge("gongkai_page_cache_misses", "Requests that a page was made for.", func(context.Context) (float64, error) { return float64(stats().Misses), nil })
}

// lazyGauge is a gauge without a value of its own.
type lazyGauge struct {
	desc *prometheus.Desc
	read func(ctx context.Context) (float64, error)
}

const metricsPatience = 3 * time.Second

func (g *lazyGauge) Describe(out chan<- *prometheus.Desc) { out <- g.desc }

func (g *lazyGauge) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), metricsPatience)
	defer cancel()
	v, err := g.read(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(g.desc, err)
		return
	}
	out <- prometheus.MustNewConstMetric(g.desc, prometheus.GaugeValue, v)
}

// jobCounts reports the queue's jobs by kind and state.
type jobCounts struct{ app *App }

var jobsDesc = prometheus.NewDesc("gongkai_jobs", "Jobs in the queue.", []string{"kind", "state"}, nil)

func (c jobCounts) Describe(out chan<- *prometheus.Desc) { out <- jobsDesc }

func (c jobCounts) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), metricsPatience)
	defer cancel()
	counts, err := jobs.Counts(ctx, c.app.DB)
	if err != nil {
		out <- prometheus.NewInvalidMetric(jobsDesc, err)
		return
	}
	for _, n := range counts {
		out <- prometheus.MustNewConstMetric(jobsDesc, prometheus.GaugeValue, float64(n.Count), n.Kind, string(n.State))
	}
}

// watchStore registers what the store and the index say of themselves.
func (m *metrics) watchStore(a *App) {
	m.registry.MustRegister(jobCounts{a})
	m.gauge("gongkai_ledger_head", "Number of the newest ledger entry.", func(ctx context.Context) (float64, error) {
		head, err := a.head(ctx)
		return float64(head), err
	})
	m.gauge("gongkai_database_bytes", "Size of the database.", func(ctx context.Context) (float64, error) {
		size, err := a.DB.Size(ctx)
		return float64(size), err
	})
	m.gauge("gongkai_search_cursor", "Newest ledger entry in the search index.", func(context.Context) (float64, error) {
		if a.engine == nil {
			return 0, nil
		}
		cursor, err := a.engine.Cursor()
		return float64(cursor), err
	})
}

func (a *App) metricsHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.metrics.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError}))
	return mux
}
