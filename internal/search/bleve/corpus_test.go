package bleve

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/zstd"

	"gongkai/internal/civil"
	"gongkai/internal/document"
	"gongkai/internal/search"
	"gongkai/internal/sharedtest"
)

// line is a publication in the interchange format, as far as an index sees it.
type line struct {
	SourceID string     `json:"source_id"`
	Kind     string     `json:"kind"`
	Unit     string     `json:"unit"`
	Title    string     `json:"title"`
	Number   string     `json:"number"`
	Category string     `json:"category"`
	IssuedOn civil.Date `json:"issued_on"`
	Body     struct {
		Format document.Format `json:"format"`
		Text   string          `json:"text"`
	} `json:"body"`
}

// readLaws reads a file of real laws as documents, numbered from 1.
func readLaws(tb testing.TB, name string) []search.Doc {
	tb.Helper()
	f, err := os.Open(sharedtest.Path(tb, "data", "laws", name))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	defer z.Close()
	var docs []search.Doc
	sc := bufio.NewScanner(z)
	sc.Buffer(make([]byte, 1<<20), 64<<20)
	for sc.Scan() {
		var l line
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
			tb.Fatal(err)
		}
		docs = append(docs, l.doc(tb, int64(len(docs)+1)))
	}
	if err := sc.Err(); err != nil {
		tb.Fatal(err)
	}
	return docs
}

func (l line) doc(tb testing.TB, id int64) search.Doc {
	body, err := document.Parse(l.Body.Text, l.Body.Format)
	if err != nil {
		tb.Fatalf("%s: %v", l.SourceID, err)
	}
	d := search.Doc{
		ID: id, SourceID: l.SourceID, Kind: l.Kind, Title: l.Title, Number: l.Number, Unit: l.Unit, UnitID: 1,
		Category: l.Category, Validity: search.InForce, IssuedOn: l.IssuedOn, Edition: l.Title,
		URL: "/document/" + l.SourceID, Sites: []string{"city"},
	}
	var rest strings.Builder
	for _, n := range body.Nodes {
		if n.Article < 0 {
			rest.WriteString(n.Text + "\n")
		}
	}
	d.Body = rest.String()
	for _, a := range body.Articles {
		d.Articles = append(d.Articles, search.Article{
			Label: a.Label, Anchor: a.Anchor, Path: strings.Join(a.Path, " / "), Text: a.Text(),
		})
	}
	return d
}

// lawIndex is an index of real laws, made once for all tests of a file.
type lawIndex struct {
	once   sync.Once
	engine *Engine
	docs   []search.Doc
}

var national, everything lawIndex

func (x *lawIndex) open(tb testing.TB, name string) *Engine {
	tb.Helper()
	sharedtest.Path(tb, "data", "laws", name) // skips every caller
	x.once.Do(func() {
		x.docs = readLaws(tb, name)
		dir, err := os.MkdirTemp("", "gongkai-search-")
		if err != nil {
			tb.Fatal(err)
		}
		folders = append(folders, dir)
		if x.engine, err = Open(dir); err != nil {
			tb.Fatal(err)
		}
		applyAll(tb, x.engine, x.docs)
	})
	if x.engine == nil {
		tb.Fatal("the index could not be made")
	}
	return x.engine
}

func applyAll(tb testing.TB, e search.Writer, docs []search.Doc) {
	tb.Helper()
	for n := 0; n < len(docs); n += 500 {
		to := min(n+500, len(docs))
		if err := e.Apply(context.Background(), int64(to), docs[n:to], nil); err != nil {
			tb.Fatal(err)
		}
	}
}

var folders []string

func TestMain(m *testing.M) {
	code := m.Run()
	for _, x := range []*lawIndex{&national, &everything} {
		if x.engine != nil {
			_ = x.engine.Close()
		}
	}
	for _, dir := range folders {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}
