package app_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"gongkai/internal/app"
	"gongkai/internal/db"
	"gongkai/internal/publication"
	"gongkai/internal/sharedtest"
)

// BenchmarkOverHTTP asks a running server (GONGKAI_BENCH_URL) as a program
// would, every question once, so that nothing is answered from memory.
func BenchmarkOverHTTP(b *testing.B) {
	base := os.Getenv("GONGKAI_BENCH_URL")
	if base == "" {
		b.Skip("GONGKAI_BENCH_URL names no server; scripts/bench starts one")
	}
	questions := realQuestions(b)
	sets := []struct {
		name, path string
		queries    []string
	}{
		{"search 2-6 characters", "/api/v1/search?size=10&q=", shortQueries(questions)},
		{"clauses real questions", "/api/v1/clauses?size=10&q=", questions},
	}
	for _, set := range sets {
		b.Run(set.name, func(b *testing.B) {
			for b.Loop() {
				reportLatency(b, base+set.path, set.queries)
			}
		})
	}
}

func reportLatency(b *testing.B, prefix string, queries []string) {
	b.Helper()
	client := http.Client{Timeout: time.Minute}
	took := make([]time.Duration, 0, len(queries))
	for _, q := range queries {
		began := time.Now()
		resp, err := client.Get(prefix + url.QueryEscape(q))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
			b.Fatal(resp.Status, err)
		}
		resp.Body.Close()
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(len(took)), "queries")
}

func realQuestions(b *testing.B) (list []string) {
	b.Helper()
	data, err := os.ReadFile(sharedtest.Path(b, "data", "retrieval", "train-all-2025-04.jsonl"))
	if err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var q struct{ Question string }
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			b.Fatal(err)
		}
		list = append(list, q.Question)
	}
	return list
}

// shortQueries are pieces of two to six characters out of real questions.
func shortQueries(questions []string) (list []string) {
	seen := map[string]bool{}
	for i, q := range questions {
		r := []rune(strings.TrimRight(q, "？?"))
		n := 2 + i%5
		if len(r) < n+2 {
			continue
		}
		from := (i * 7) % (len(r) - n)
		if s := string(r[from : from+n]); !seen[s] {
			seen[s] = true
			list = append(list, s)
		}
	}
	return list
}

// TestMedianDocument prints the page of a document of median size in the data
// folder that scripts/bench has filled.
func TestMedianDocument(t *testing.T) {
	data := os.Getenv("GONGKAI_BENCH_DATA")
	if data == "" {
		t.Skip("GONGKAI_BENCH_DATA names no data folder; scripts/bench fills one")
	}
	ctx := context.Background()
	a, err := app.Open(ctx, app.StoreConfig{Data: data}, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	var id int64
	err = a.DB.View(ctx, func(tx *db.Tx) error {
		return tx.Row(ctx, `select record_id from publication_versions order by length(line)
			limit 1 offset (select count(*) / 2 from publication_versions)`, nil, &id)
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("median: %s", publication.Path(id))
}
