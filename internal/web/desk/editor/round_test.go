package editor

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"gongkai/internal/document"
	"gongkai/internal/sharedtest"
)

// rounds is how many laws of the corpus go through the editor.
const rounds = 300

// bodies parses real texts, spread over the corpus: every eleventh law, and every
// one with a table.
func bodies(t *testing.T) map[string]*document.Body {
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
	out := map[string]*document.Body{}
	in := bufio.NewScanner(z)
	in.Buffer(nil, 64<<20)
	for n := 0; in.Scan(); n++ {
		var law struct {
			SourceID string `json:"source_id"`
			Body     struct {
				Format document.Format `json:"format"`
				Text   string          `json:"text"`
			} `json:"body"`
		}
		if err := json.Unmarshal(in.Bytes(), &law); err != nil {
			t.Fatal(err)
		}
		if n%11 != 0 && !strings.Contains(law.Body.Text, "|") {
			continue
		}
		body, err := document.Parse(law.Body.Text, law.Body.Format)
		if err != nil {
			t.Fatal(err)
		}
		out[law.SourceID] = body
	}
	if err := in.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestRoundTrip opens real texts as the desk shows them and saves them
// untouched: internal/document reads the same from what was saved as from what
// was opened, to the last mark, and what it reads says the same as the law.
func TestRoundTrip(t *testing.T) {
	all := bodies(t)
	if len(all) < rounds {
		t.Fatalf("%d texts, want %d or more", len(all), rounds)
	}
	b := sheet(t)
	tables, bad := 0, 0
	for id, body := range all {
		opened := body.HTML()
		saved := b.round(opened)
		want, err := document.Parse(opened, document.HTML)
		if err != nil {
			t.Fatal(err)
		}
		got, err := document.Parse(saved, document.HTML)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range got.Nodes {
			if n.Kind == document.NodeTable {
				tables++
			}
		}
		if got.HTML() != want.HTML() || bare(got.Plain()) != bare(body.Plain()) {
			if bad++; bad <= 5 {
				t.Errorf("%s is not the same: %s", id, firstDifference(got.HTML(), want.HTML()))
			}
		}
	}
	if tables == 0 {
		t.Error("none of the texts has a table")
	}
	t.Logf("%d texts with %d tables, %d not the same", len(all), tables, bad)
}

func firstDifference(got, want string) string {
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	around := func(s string) string { return strings.ToValidUTF8(s[max(i-60, 0):min(i+60, len(s))], "") }
	return "got …" + around(got) + "… want …" + around(want) + "…"
}

// TestMarkup opens what bodies in HTML may hold beyond what laws do.
func TestMarkup(t *testing.T) {
	b := sheet(t)
	for name, opened := range map[string]string{
		"marks in marks": `<p>一<b>二<i>三</i></b><u>四</u><s>五</s><del>六</del><ins>七</ins><sub>八</sub><sup>九</sup><code>十</code></p>`,
		"headings":       `<h1>一</h1><h2>二</h2><h3>三</h3><h4>四</h4><h5>五</h5><h6>六</h6>`,
		"lists":          `<ol start="3"><li>三</li><li><p>四</p><p>又</p><ul><li>子</li></ul></li></ol>`,
		"line ends": `<p>一<br>二</p><div>三<div>四</div></div><pre>五
六</pre><blockquote><p>七</p></blockquote>`,
		"pictures":               `<p>见<img src="/chart.png" alt="图一">和<img src="https://img.example.com/b.png" alt="图二"></p>`,
		"links":                  `<p><a href="/d/4#art-5">条</a><a href="https://www.gov.cn/" rel="nofollow">国</a><a href="mailto:x@y.cn">邮</a><a href="tel:123">电</a></p>`,
		"table":                  `<table><caption>表一</caption><thead><tr><th rowspan="2">甲</th><th colspan="2">乙</th></tr></thead><tbody><tr><td>丙</td><td>丁<br>戊</td></tr></tbody><tfoot><tr><td><p>己</p></td><td><a href="/x">庚</a></td><td><table><tr><td>内</td></tr></table></td></tr></tfoot></table>`,
		"ragged":                 `<table><tr><td>甲</td></tr><tr><td>乙</td><td>丙</td></tr><tr></tr></table><p>后</p>`,
		"dropped":                `<p>一<script>alert(1)</script><span>二</span><iframe src="/x">三</iframe><style>p{}</style></p><form><input value="x"><button>按</button></form>`,
		"blanks":                 "<p>　　一 　二&nbsp;&nbsp;三   四\u200b </p><p> </p><p>&nbsp;</p>",
		"mark across paragraphs": `<b><p>一</p><p>二</p></b>`,
		"signs":                  `<p>a &lt; b &amp;&amp; c &gt; d "e" 'f'</p>`,
	} {
		t.Run(name, func(t *testing.T) {
			saved := b.round(opened)
			want, err := document.Parse(opened, document.HTML)
			if err != nil {
				t.Fatal(err)
			}
			got, err := document.Parse(saved, document.HTML)
			if err != nil {
				t.Fatal(err)
			}
			same := strings.NewReplacer("<b>", "<strong>", "</b>", "</strong>", "<i>", "<em>", "</i>", "</em>")
			if g, w := squeezed(got.HTML()), squeezed(same.Replace(want.HTML())); g != w {
				t.Errorf("opened %s\nsaved  %s\n got %s\nwant %s", opened, saved, g, w)
			}
		})
	}
}

// squeezed makes one blank of several, as a page shows them.
func squeezed(s string) string { return strings.Join(strings.Fields(s), " ") }
