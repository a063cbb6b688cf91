package wording

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"gongkai/internal/civil"
	"gongkai/internal/document"
	"gongkai/internal/sharedtest"
)

// paper is a real document.
type paper struct {
	about  About
	title  string
	body   string
	source string
}

// papers reads the real corpus of laws.
func papers(t testing.TB) (list []paper) {
	t.Helper()
	f, err := os.Open(sharedtest.Path(t, "data", "laws", "all-2025-04.jsonl.zst"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	in := bufio.NewScanner(z)
	in.Buffer(nil, 16<<20)
	for in.Scan() {
		var l struct {
			SourceID string `json:"source_id"`
			Title    string
			Number   string
			IssuedOn civil.Date `json:"issued_on"`
			Body     struct {
				Format document.Format
				Text   string
			}
		}
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		body, err := document.Parse(l.Body.Text, l.Body.Format)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, paper{About{Kind: "policy", IssuedOn: l.IssuedOn}, l.Title, body.Plain(), l.SourceID})
	}
	if err := in.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// Texts that parliaments and ministries have passed hold hardly anything that
// must be mended. The numbers of each rule go to the log.
func TestFalseAlarms(t *testing.T) {
	c := NewChecker(BuiltIn(), nil)
	byRule, samples := map[string]int{}, map[string][]string{}
	must, documents := 0, 0
	list := papers(t)
	for _, p := range list {
		documents++
		for _, h := range c.Check(p.about, Piece{"标题", p.title}, Piece{"正文", p.body}) {
			byRule[h.Rule]++
			if h.Level == Must {
				must++
			}
			if len(samples[h.Rule]) < 12 {
				samples[h.Rule] = append(samples[h.Rule], h.Excerpt)
			}
		}
	}
	rules := slices.SortedFunc(maps.Keys(byRule), func(a, b string) int { return cmp.Compare(byRule[b], byRule[a]) })
	var out strings.Builder
	for _, r := range rules {
		fmt.Fprintf(&out, "\n%-20s %7.1f  %s", r, float64(byRule[r])*1000/float64(documents), strings.Join(samples[r], " | "))
	}
	if must*1000 > documents { // one document of a thousand
		t.Errorf("%d hits of %d documents must be mended, want hardly any", must, documents)
	}
	for rule, limit := range map[string]int{"double_word": 5, "double_phrase": 5, "punct_repeated": 5, "pair_bracket": 20, "pair_quote": 5, "date_mixed": 5, "figure_about": 5, "number_bracket": 5} {
		if byRule[rule]*1000 > limit*documents {
			t.Errorf("%s: %d hits in %d documents, want at most %d in 1,000", rule, byRule[rule], documents, limit)
		}
	}
	t.Logf("hits for 1,000 of %d documents; must: %.2f%s", documents, float64(must)*1000/float64(documents), out.String())
}

func BenchmarkCheck(b *testing.B) {
	list := papers(b)
	c := NewChecker(BuiltIn(), nil)
	var bytes int64
	for _, p := range list {
		bytes += int64(len(p.title) + len(p.body))
	}
	b.SetBytes(bytes)
	for b.Loop() {
		for _, p := range list {
			c.Check(p.about, Piece{"标题", p.title}, Piece{"正文", p.body})
		}
	}
}
