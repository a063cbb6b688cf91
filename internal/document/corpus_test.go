package document

import (
	"bufio"
	"encoding/json"
	"os"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/zstd"

	"gongkai/internal/fault"
	"gongkai/internal/sharedtest"
)

// law is one line of the corpus.
type law struct {
	SourceID string `json:"source_id"`
	Title    string `json:"title"`
	Body     struct {
		Format Format `json:"format"`
		Text   string `json:"text"`
	} `json:"body"`
	parsed *Body
}

// corpus reads a corpus of laws and parses it, once for all tests.
func corpus(t testing.TB, name string) []*law {
	t.Helper()
	path := sharedtest.Path(t, "data", "laws", name+".jsonl.zst")
	once, _ := corpora.LoadOrStore(name, sync.OnceValues(func() ([]*law, error) { return readCorpus(path) }))
	laws, err := once.(func() ([]*law, error))()
	if err != nil {
		t.Fatal(err)
	}
	return laws
}

var corpora sync.Map

func readCorpus(path string) ([]*law, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	var laws []*law
	for in := bufio.NewReader(z); ; {
		line, err := in.ReadBytes('\n')
		if len(line) > 1 {
			l := new(law)
			if err := json.Unmarshal(line, l); err != nil {
				return nil, err
			}
			if l.parsed, err = Parse(l.Body.Text, l.Body.Format); err != nil {
				return nil, err
			}
			laws = append(laws, l)
		}
		if err != nil {
			return laws, nil
		}
	}
}

func TestCorpusArticles(t *testing.T) {
	for name, want := range map[string]struct{ docs, articles int }{
		// the data counts 147,283 and 57,895 by lines; 8 and 5 more stand behind white space
		"all-2025-04": {3419, 147291}, "national-2023-09": {1376, 57900},
	} {
		laws := corpus(t, name)
		articles := 0
		for _, l := range laws {
			articles += len(l.parsed.Articles)
		}
		if len(laws) != want.docs || articles != want.articles {
			t.Errorf("%s: %d articles in %d documents, want %d in %d", name, articles, len(laws), want.articles, want.docs)
		}
	}
}

// TestCorpusNumbers looks at every number that the laws cite: its word must be
// one that organs have.
func TestCorpusNumbers(t *testing.T) {
	word := regexp.MustCompile(`^\p{Han}*(\(\p{Han}{1,2}\))?\p{Han}*(令|公告|通告|发|释|复|字|法|高)$`)
	found, odd := 0, 0
	for _, l := range corpus(t, "all-2025-04") {
		for _, f := range FindNumbers(l.Body.Text) {
			if found++; !word.MatchString(f.Number.Word) || f.Number.Year > 2025 {
				odd++
				t.Logf("%s: %q is read as %+v", l.SourceID, l.Body.Text[f.Start:f.End], f.Number)
			}
			if again, err := ParseNumber(f.Number.String()); err != nil || again.Key() != f.Number.Key() {
				t.Errorf("%s: %v is read again as %v, %v", l.SourceID, f.Number, again, err)
			}
		}
	}
	if found < 150 || odd*50 > found {
		t.Errorf("%d numbers found, %d of them odd; want 150 or more and at most 2 %% odd", found, odd)
	}
}

// TestCorpusKeepsText proves that dividing loses nothing: what is printed is
// what was written, without markup and white space.
func TestCorpusKeepsText(t *testing.T) {
	lost := 0
	for _, l := range corpus(t, "all-2025-04") {
		if strings.ContainsAny(l.Body.Text, "|<*_`\\[&") {
			continue // markup: what is lost there is meant to be
		}
		want := bare(strings.NewReplacer("#", "").Replace(l.Body.Text))
		if got := bare(l.parsed.Plain()); got != want {
			if lost++; lost <= 5 {
				i := 0
				for i < len(got) && i < len(want) && got[i] == want[i] {
					i++
				}
				t.Errorf("%s: the text differs at %q, want %q", l.SourceID, fault.Clip(got[max(0, i-30):], 40), fault.Clip(want[max(0, i-30):], 40))
			}
		}
	}
	if lost > 0 {
		t.Errorf("%d documents lose text", lost)
	}
}

func bare(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("　", "", "\u200b", "", "\ufeff", "", "#", "").Replace(s)), "")
}

func TestCorpusAnchorsAreUnique(t *testing.T) {
	for _, l := range corpus(t, "all-2025-04") {
		seen := make(map[string]bool)
		for _, n := range l.parsed.Nodes {
			if n.Anchor == "" {
				continue
			}
			if seen[n.Anchor] || strings.ContainsAny(n.Anchor, " \"<>&") {
				t.Errorf("%s: anchor %q is given twice or unsafe", l.SourceID, n.Anchor)
			}
			seen[n.Anchor] = true
		}
	}
}

// TestRetrievalClausesExist looks up every article that answers a question.
func TestRetrievalClausesExist(t *testing.T) {
	for _, name := range []string{"all-2025-04", "national-2023-09"} {
		bodies := make(map[string]*Body)
		for _, l := range corpus(t, name) {
			bodies[l.SourceID] = l.parsed
		}
		f, err := os.Open(sharedtest.Path(t, "data", "retrieval", "train-"+name+".jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		pairs, missing := 0, 0
		for dec := json.NewDecoder(f); dec.More(); {
			var q struct {
				Relevant [][]struct {
					SourceID string `json:"source_id"`
					Clause   string `json:"clause"`
				} `json:"relevant"`
			}
			if err := dec.Decode(&q); err != nil {
				t.Fatal(err)
			}
			for _, copies := range q.Relevant {
				for _, r := range copies {
					pairs++
					b := bodies[r.SourceID]
					if b == nil {
						t.Errorf("%s: no document %s", name, r.SourceID)
						continue
					}
					if _, ok := b.Article(r.Clause); !ok {
						missing++
						t.Logf("%s: no %s in %s", name, r.Clause, r.SourceID)
					}
				}
			}
		}
		t.Logf("%s: %d of %d pairs found", name, pairs-missing, pairs)
		if missing*200 > pairs {
			t.Errorf("%s: %d of %d pairs are missing, over 0.5 %%", name, missing, pairs)
		}
	}
}

func BenchmarkParseCorpus(b *testing.B) {
	laws := corpus(b, "all-2025-04")
	size := 0
	for _, l := range laws {
		size += len(l.Body.Text)
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, l := range laws {
			if _, err := Parse(l.Body.Text, l.Body.Format); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkRenderCorpus(b *testing.B) {
	laws := corpus(b, "all-2025-04")
	for b.Loop() {
		for _, l := range laws {
			runtime.KeepAlive(l.parsed.HTML())
		}
	}
}

func BenchmarkFoldCorpus(b *testing.B) {
	laws := corpus(b, "all-2025-04")
	size := 0
	for _, l := range laws {
		size += len(l.Body.Text)
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, l := range laws {
			runtime.KeepAlive(Fold(l.Body.Text))
		}
	}
}

func BenchmarkFindNumbersCorpus(b *testing.B) {
	laws := corpus(b, "all-2025-04")
	for b.Loop() {
		for _, l := range laws {
			runtime.KeepAlive(FindNumbers(l.Body.Text))
		}
	}
}
