package bleve

import (
	"context"
	"strings"
	"testing"

	"gongkai/internal/search"
)

// FuzzQuery puts any text through all three ways of asking.
func FuzzQuery(f *testing.F) {
	for _, s := range []string{"", "防汛", "永政办发〔2021〕9号", "sfgw", "，。", "\x00\xff", "<mark>", "號", "２０２１", strings.Repeat("防", 500)} {
		f.Add(s)
	}
	e := open(f, f.TempDir())
	f.Cleanup(func() { _ = e.Close() })
	doc := notice(1, "关于防汛的通知<b>")
	doc.Number, doc.Body = "永政办发〔2021〕9号", "正文 & <script>防汛</script>，2021年。"
	doc.Articles = []search.Article{{Label: "第一条", Anchor: "art-1", Text: "防汛工作。"}}
	if err := e.Apply(context.Background(), 1, []search.Doc{doc}, nil); err != nil {
		f.Fatal(err)
	}
	if err := e.SetNames(context.Background(), []search.Name{{Text: "市发改委", Kind: "unit", URL: "/u"}}); err != nil {
		f.Fatal(err)
	}
	ctx := context.Background()
	f.Fuzz(func(t *testing.T, text string) {
		r, err := e.Search(ctx, search.Query{Text: text, Collapse: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range r.Items {
			for _, light := range h.Highlights {
				checkHTML(t, light)
			}
		}
		hits, err := e.Clauses(ctx, search.ClauseQuery{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hits {
			checkHTML(t, h.Highlight)
		}
		if _, err := e.Suggest(ctx, text, 5); err != nil {
			t.Fatal(err)
		}
	})
}

// checkHTML tells whether light has no markup but marks, each of them closed.
func checkHTML(t *testing.T, light string) {
	t.Helper()
	opened := strings.Count(light, "<mark>")
	plain := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(light)
	if opened != strings.Count(light, "</mark>") || strings.ContainsAny(plain, "<>") {
		t.Errorf("unsafe passage %q", light)
	}
}
