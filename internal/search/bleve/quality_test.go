package bleve

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"sync"
	"testing"

	"gongkai/internal/search"
	"gongkai/internal/sharedtest"
)

// judged is a question of laypeople with the articles that answer it: each in
// all its copies, any of which will do.
type judged struct {
	ID       int       `json:"id"`
	Question string    `json:"question"`
	Relevant [][]place `json:"relevant"`
}

type place struct {
	SourceID string `json:"source_id"`
	Clause   string `json:"clause"`
}

func readQuestions(tb testing.TB, name string) []judged {
	tb.Helper()
	f, err := os.Open(sharedtest.Path(tb, "data", "retrieval", name))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var out []judged
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var q judged
		if err := json.Unmarshal(sc.Bytes(), &q); err != nil {
			tb.Fatal(err)
		}
		out = append(out, q)
	}
	if sc.Err() != nil {
		tb.Fatal(sc.Err())
	}
	return out
}

// quality is the sum of what questions reach; per divides it.
type quality struct{ recall10, recall100, mrr10, questions float64 }

func (a *quality) add(b quality) {
	a.recall10 += b.recall10
	a.recall100 += b.recall100
	a.mrr10 += b.mrr10
	a.questions += b.questions
}

func (a quality) mean() quality {
	return quality{a.recall10 / a.questions, a.recall100 / a.questions, a.mrr10 / a.questions, a.questions}
}

func (a quality) String() string {
	return fmt.Sprintf("R@10 %.4f  R@100 %.4f  MRR@10 %.4f  (%.0f questions)", a.recall10, a.recall100, a.mrr10, a.questions)
}

// judge measures one answer as data/README.md defines it.
func judge(q judged, hits []search.ClauseHit) quality {
	rank := map[place]int{}
	for i, h := range hits {
		p := place{h.SourceID, h.Clause}
		if rank[p] == 0 {
			rank[p] = i + 1
		}
	}
	r := quality{questions: 1}
	first := 0
	for _, copies := range q.Relevant {
		best := 0
		for _, p := range copies {
			if n := rank[p]; n > 0 && (best == 0 || n < best) {
				best = n
			}
		}
		if best == 0 {
			continue
		}
		if best <= 10 {
			r.recall10++
		}
		if best <= 100 {
			r.recall100++
		}
		if first == 0 || best < first {
			first = best
		}
	}
	r.recall10 /= float64(len(q.Relevant))
	r.recall100 /= float64(len(q.Relevant))
	if first > 0 && first <= 10 {
		r.mrr10 = 1 / float64(first)
	}
	return r
}

func measure(tb testing.TB, e search.Engine, questions []judged) (odd, even, all quality) {
	tb.Helper()
	results := make([]quality, len(questions))
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for k := range workers {
		wg.Go(func() {
			for i := k; i < len(questions); i += workers {
				hits, err := e.Clauses(context.Background(), search.ClauseQuery{Text: questions[i].Question, Size: 100})
				if err != nil {
					tb.Error(err)
					return
				}
				results[i] = judge(questions[i], hits)
			}
		})
	}
	wg.Wait()
	for i, r := range results {
		if questions[i].ID%2 == 1 {
			odd.add(r)
		} else {
			even.add(r)
		}
		all.add(r)
	}
	return odd.mean(), even.mean(), all.mean()
}

// TestQuality fails when answers to real questions get worse. Settings were
// chosen on the questions with odd numbers.
func TestQuality(t *testing.T) {
	if testing.Short() {
		t.Skip("indexes 58,000 articles")
	}
	e := national.open(t, "national-2023-09.jsonl.zst")
	questions := readQuestions(t, "train-national-2023-09.jsonl")
	odd, even, all := measure(t, e, questions)
	t.Logf("chosen on  %v", odd)
	t.Logf("held out   %v", even)
	t.Logf("all        %v", all)
	// A hundredth below what was measured; the goal is .50, .70 and .42.
	for name, got := range map[string]quality{"held out": even, "all": all} {
		if got.recall10 < 0.535 || got.recall100 < 0.715 || got.mrr10 < 0.445 {
			t.Errorf("%s: %v, want at least R@10 .535, R@100 .715, MRR@10 .445", name, got)
		}
	}
}
