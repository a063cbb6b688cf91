package bleve

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"gongkai/internal/document"
	"gongkai/internal/search"
)

func termsOf(folded string, g grain) (out []string) {
	eachTerm(folded, g, func(from, to int) { out = append(out, folded[from:to]) })
	return out
}

func TestTerms(t *testing.T) {
	for _, tt := range []struct {
		text    string
		pairs   string
		singles string
	}{
		{"政府采购", "政府 府采 采购", "政 府 采 购"},
		{"水", "水", "水"},
		{"水 价", "水 价", "水 价"},
		{"gdp增长5.5%", "gdp 增长 5 5", "gdp 增 长 5 5"},
		{"永政发(2021)9号", "永政 政发 2021 9 号", "永 政 发 2021 9 号"},
		{"，。！", "", ""},
		{"二〇二一", "二〇 〇二 二一", "二 〇 二 一"},
	} {
		if got := strings.Join(termsOf(tt.text, pairs), " "); got != tt.pairs {
			t.Errorf("pairs of %q = %q, want %q", tt.text, got, tt.pairs)
		}
		if got := strings.Join(termsOf(tt.text, singles), " "); got != tt.singles {
			t.Errorf("singles of %q = %q, want %q", tt.text, got, tt.singles)
		}
	}
}

func TestTermsAreBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := document.Fold(rapid.String().Draw(t, "text"))
		last := 0
		eachTerm(text, pairs|singles, func(from, to int) {
			if from < last || to <= from || to > len(text) || to-from > maxWord {
				t.Fatalf("term %d:%d of %q after %d", from, to, text, last)
			}
			last = from
		})
	})
}

func TestAsk(t *testing.T) {
	for _, tt := range []struct {
		text   string
		folded string
		pairs  string
	}{
		{"  政府　采购 ", "政府 采购", "政府 采购"},
		{"政府采购", "政府采购", "政府 府采 采购"},
		{"個體", "个体", "个体"},
		{"\x00\xff", "", ""},
	} {
		q := ask(tt.text)
		var got []string
		for _, w := range q.pairs {
			got = append(got, w.text)
		}
		if q.folded != tt.folded || strings.Join(got, " ") != tt.pairs {
			t.Errorf("ask(%q) = %q, %q, want %q, %q", tt.text, q.folded, got, tt.folded, tt.pairs)
		}
	}
	if n := utf8.RuneCountInString(ask(strings.Repeat("长问题", 50_000)).folded); n > search.MaxQueryRunes {
		t.Errorf("a long question keeps %d characters", n)
	}
}

func TestNumbersAsked(t *testing.T) {
	for _, tt := range []struct{ text, whole, bare string }{
		{"永政发[2021]9号", "永政发(2021)9", "(2021)9"},
		{"〔2021〕9号", "", "(2021)9"},
		{"2021年第9号", "", "(2021)9"},
		{"第711号", "", "(0)711"},
		{"9号文件", "", "(0)9"},
		{"没有文号", "", ""},
	} {
		whole, bare := numbersAsked(tt.text)
		if strings.Join(whole, " ") != tt.whole || strings.Join(bare, " ") != tt.bare {
			t.Errorf("numbersAsked(%q) = %q, %q, want %q, %q", tt.text, whole, bare, tt.whole, tt.bare)
		}
	}
}

func TestAuthority(t *testing.T) {
	for title, want := range map[string]float32{
		"中华人民共和国刑法":                 authorityLaw,
		"中华人民共和国民法典 总则":             authorityLaw,
		"中华人民共和国宪法":                 authorityLaw,
		"中华人民共和国刑法修正案（七）":           authorityOther,
		"个体工商户条例":                   authorityOther,
		"湖南省行政执法办法":                 authorityOther,
		"最高人民法院关于适用《中华人民共和国民法典》的解释": authorityOther,
		"": authorityOther,
	} {
		if got := authority(title); got != want {
			t.Errorf("authority(%q) = %v, want %v", title, got, want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	filler := strings.Repeat("其他事项依照规定执行。", 30)
	for _, tt := range []struct {
		name, text, ask, want string
		hit                   bool
	}{
		{"joined", "申请低保的家庭", "申请低保", "<mark>申请低保</mark>的家庭", true},
		{"apart", "低保由乡镇受理申请", "申请低保", "<mark>低保</mark>由乡镇受理<mark>申请</mark>", true},
		{"width and script", "申請ＧＤＰ核算", "申请gdp", "<mark>申請ＧＤＰ</mark>核算", true},
		{"escaped", "a<b & 低保", "低保", "a&lt;b &amp; <mark>低保</mark>", true},
		{"lines", "第一行\n第二行低保", "低保", "第一行 第二行<mark>低保</mark>", true},
		{"none", "没有这个词", "低保", "没有这个词", false},
		{"empty", "  ", "低保", "", false},
	} {
		words := map[string]float32{}
		for _, w := range ask(tt.ask).pairs {
			words[w.text] = 1
		}
		if got, hit := excerpt(tt.text, words); got != tt.want || hit != tt.hit {
			t.Errorf("%s: excerpt = %q, %v, want %q, %v", tt.name, got, hit, tt.want, tt.hit)
		}
	}
	got, _ := excerpt(filler+"符合条件的可以申请低保。"+filler, map[string]float32{"低保": 1})
	if !strings.HasPrefix(got, "…符合条件的可以申请<mark>低保</mark>。") || !strings.HasSuffix(got, "…") {
		t.Errorf("a passage begins with its sentence: %q", got)
	}
}

func TestEdits(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"甲", "", 1}, {"自规局", "自归局", 1}, {"规自局", "自规局", 1}, {"发改委", "发展改革委", 2}, {"abc", "xyz", 3},
	} {
		if got := edits([]rune(tt.a), []rune(tt.b)); got != tt.want {
			t.Errorf("edits(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestTopKeepsTheFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOf(rapid.IntRange(0, 50)).Draw(t, "all")
		k := rapid.IntRange(0, 20).Draw(t, "k")
		kept := newTop(k, func(a, b int) int { return a - b })
		for _, x := range all {
			kept.add(x)
		}
		want := slices.Clone(all)
		slices.Sort(want)
		want = want[:min(k, len(want))]
		if got := kept.sorted(); !slices.Equal(got, want) {
			t.Fatalf("kept %v of %v, want %v", got, all, want)
		}
	})
}

func TestCardsSurvive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String()
		d := search.Doc{
			ID: rapid.Int64().Draw(t, "id"), Title: text.Draw(t, "title"), Number: text.Draw(t, "number"), Unit: text.Draw(t, "unit"),
			UnitID: rapid.Int64().Draw(t, "unit id"), URL: text.Draw(t, "url"), Edition: text.Draw(t, "edition"), Sites: []string{"a", "b"},
		}
		want := cardOf(d)
		got, ok := decodeCard(want.encode(), interner{})
		if !ok || string(got.encode()) != string(want.encode()) {
			t.Fatalf("read back %+v, want %+v", got, want)
		}
	})
}

func FuzzDecodeCard(f *testing.F) {
	f.Add(cardOf(search.Doc{ID: 1, Title: "题目"}).encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, ok := decodeCard(b, interner{}); ok && c == nil {
			t.Error("ok without a card")
		}
	})
}
