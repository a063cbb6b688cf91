package bleve

import (
	"context"
	"slices"
	"testing"
	"time"

	"gongkai/internal/search"
)

// timings reports the median and the 99th percentile of calls.
func timings(b *testing.B, calls int, call func(i int)) {
	b.Helper()
	var took []time.Duration
	for b.Loop() {
		for i := range calls {
			began := time.Now()
			call(i)
			took = append(took, time.Since(began))
		}
	}
	slices.Sort(took)
	ms := func(share float64) float64 {
		return float64(took[int(share*float64(len(took)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(ms(0.5), "p50-ms")
	b.ReportMetric(ms(0.99), "p99-ms")
	b.ReportMetric(ms(1), "max-ms")
}

const everyLaw = "all-2025-04.jsonl.zst"

func BenchmarkClauses(b *testing.B) {
	e := everything.open(b, everyLaw)
	questions := readQuestions(b, "train-all-2025-04.jsonl")
	timings(b, len(questions), func(i int) {
		if _, err := e.Clauses(context.Background(), search.ClauseQuery{Text: questions[i].Question}); err != nil {
			b.Fatal(err)
		}
	})
}

// shortQueries cuts queries of 2 to 6 characters from real questions.
func shortQueries(questions []judged) []string {
	var out []string
	for i, q := range questions {
		runes := []rune(q.Question)
		n := 2 + i%5
		from := (i * 7) % max(1, len(runes)-n)
		if from+n <= len(runes) {
			out = append(out, string(runes[from:from+n]))
		}
	}
	return out
}

func BenchmarkSearch(b *testing.B) {
	e := everything.open(b, everyLaw)
	queries := shortQueries(readQuestions(b, "train-all-2025-04.jsonl"))
	timings(b, len(queries), func(i int) {
		if _, err := e.Search(context.Background(), search.Query{Text: queries[i], Collapse: true}); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkSuggest(b *testing.B) {
	e := everything.open(b, everyLaw)
	queries := shortQueries(readQuestions(b, "train-all-2025-04.jsonl"))
	timings(b, len(queries), func(i int) {
		if _, err := e.Suggest(context.Background(), queries[i], 10); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkQuality reports the quality of answers among three times as many
// articles, two thirds of them local rules.
func BenchmarkQuality(b *testing.B) {
	e := everything.open(b, everyLaw)
	questions := readQuestions(b, "train-all-2025-04.jsonl")
	for b.Loop() {
		_, even, all := measure(b, e, questions)
		b.ReportMetric(all.recall10, "R@10")
		b.ReportMetric(all.recall100, "R@100")
		b.ReportMetric(all.mrr10, "MRR@10")
		b.ReportMetric(even.recall10, "heldout-R@10")
	}
}

func BenchmarkIndex(b *testing.B) {
	docs := readLaws(b, everyLaw)
	for b.Loop() {
		e, err := Open(b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		applyAll(b, e, docs)
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
