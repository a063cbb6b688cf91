package wording

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"gongkai/internal/civil"
)

// said lists the hits as “rule text→suggestion”.
func said(hits []Hit) (out []string) {
	for _, h := range hits {
		s := h.Rule + " " + h.Text
		if h.Suggestion != "" {
			s += "→" + h.Suggestion
		}
		out = append(out, s)
	}
	return out
}

func TestRules(t *testing.T) {
	c := NewChecker(nil, nil)
	tests := []struct {
		text string
		want string // hits, divided by " | "
	}{
		// document numbers
		{"按照永政发〔2021〕9号文件", ""},
		{"按照永政发[2021]9号文件", "number_bracket [2021]→〔2021〕"},
		{"按照永政发（2021）9号文件", "number_bracket （2021）→〔2021〕"},
		{"按照永政发【2021】09号文件", "number_bracket 【2021】→〔2021〕 | number_zero 09号→9号"},
		{"按照永政发〔2021〕第9号文件", "number_ordinal 第9号→9号"},
		{"按照永政发〔21〕9号文件", "number_year 21"},
		{"按照永政发〔2021〕9文件", "number_hao 〔2021〕9→〔2021〕9号"},
		{"永政发〔2021〕9、10号", ""},
		{"本表（2021）见附件，共（12）3类", ""},
		// punctuation
		{"加强管理,做好服务", "punct_half ,→，"},
		{"参见(附件)的说明", "punct_half (→（ | punct_half )→）"},
		{"面积为1,234.5平方米，比例3:2，见 a.b", ""},
		{"完成任务。。继续努力", "punct_repeated 。。"},
		{"完成任务，。继续努力", "punct_repeated ，。"},
		{"教育、医疗、等领域", "punct_etc 、等→等"},
		{"免耕、等高耕作、等价有偿", ""},
		{"教育、医疗等……", "punct_ellipsis 等……→等"},
		{"共１２个ＡＢ类", "punct_wide １２→12 | punct_wide ＡＢ→AB"},
		{"《关于印发《甲办法》的通知》", "punct_nested 《→〈"},
		{"《关于印发〈甲办法〉的通知》", ""},
		// pairs
		{"（一）甲；（二）乙", ""},
		{"1）甲；a)乙；一）丙", ""},
		{"甲（乙", "pair_bracket （"},
		{"甲乙）", "pair_bracket ）"},
		{"《甲办法", "pair_bracket 《"},
		{"（甲《乙）》", "pair_bracket 《 | pair_bracket 》"},
		{"他说“甲", "pair_quote “"},
		{"他说甲”", "pair_quote ”"},
		{"“第一段\n“第二段”", ""},
		{"“第一段\n第二段”", ""},
		// dates
		{"2021年2月29日", "date_impossible 2021年2月29日"},
		{"2020年2月29日", ""},
		{"4月31日前", "date_impossible 4月31日"},
		{"二〇二一年十三月", "date_impossible 二〇二一年十三月"},
		{"2021年6月0日", "date_impossible 2021年6月0日"},
		{"有期徒刑12年6月，15个月", ""},
		{"二零二一年六月", "date_zero 二零二一年→二〇二一年"},
		{"二○二一年六月", "date_zero 二○二一年→二〇二一年"},
		{"二O二0年", "date_zero 二O二0年→二〇二〇年"},
		{"2021年六月11日", "date_mixed 2021年六月11日"},
		{"2021年6月11日至2021年5月1日", "date_backwards 2021年6月11日至2021年5月1日"},
		{"2021年5月1日至2021年6月11日", ""},
		{"2021年6月11日印发，2021年5月1日通过", ""},
		// figures
		{"约30天左右", "figure_about 约30天左右"},
		{"约三十天", ""},
		{"近10余年", "figure_about 近10余年"},
		{"超过5人以上", "figure_over 超过5人以上"},
		{"五人以上", ""},
		{"不超过30日以内", "figure_over 不超过30日以内"},
		{"下降了2倍", "figure_less 下降了2倍"},
		{"增加了2倍", ""},
		{"占百分之25", "figure_percent 百分之25→25%"},
		// doubled
		{"合格的的生猪", "double_word 的的→的"},
		{"目的的表述，为了了解情况，参与与会", ""},
		{"认真贯彻落实贯彻落实精神", "double_phrase 贯彻落实贯彻落实→贯彻落实"},
		{"一个问题一个问题解决", ""},
		{"", ""},
		{"\n\n", ""},
	}
	for _, tt := range tests {
		hits := c.Check(About{}, Piece{"正文", tt.text})
		if got := strings.Join(said(hits), " | "); got != tt.want {
			t.Errorf("%q\n got %s\nwant %s", tt.text, got, tt.want)
		}
		wantPlaces(t, tt.text, hits)
	}
}

// wantPlaces holds that hits name the places they are about.
func wantPlaces(t *testing.T, text string, hits []Hit) {
	t.Helper()
	runes := []rune(text)
	for _, h := range hits {
		if h.Start < 0 || h.End > len(runes) || h.Start >= h.End || string(runes[h.Start:h.End]) != h.Text {
			t.Fatalf("%q: hit %+v does not stand there", text, h)
		}
		if !strings.Contains(h.Excerpt, h.Text) || h.Why == "" || h.Level != Must && h.Level != Should {
			t.Fatalf("%q: hit %+v", text, h)
		}
	}
}

func TestNumberOfTheForm(t *testing.T) {
	c := NewChecker(nil, nil)
	hits := c.Check(About{Number: "永政发[2021]09号"}, Piece{"标题", "通知"})
	if len(hits) != 2 || hits[0].Place != "文号" || hits[0].Level != Must || hits[1].Rule != "number_zero" {
		t.Errorf("got %+v", hits)
	}
	if hits := c.Check(About{Number: "永政发〔2021〕9号"}); len(hits) != 0 {
		t.Errorf("a right number: %+v", hits)
	}
}

func TestSignedDate(t *testing.T) {
	c := NewChecker(nil, nil)
	body := "为了方便群众，制定本办法。\n2020年1月1日\n本办法自公布之日起施行。\n甲市人民政府\n　　2021年6月11日　\n"
	for _, tt := range []struct {
		issued string
		want   int
	}{{"2021-06-11", 0}, {"2021-06-10", 1}} {
		hits := c.Check(About{IssuedOn: civil.MustDate(tt.issued)}, Piece{"正文", body})
		if len(hits) != tt.want {
			t.Errorf("%s: %v", tt.issued, said(hits))
		}
		wantPlaces(t, body, hits)
	}
}

type organs []Former

func (o organs) Former() []Former { return o }

func TestFormerNames(t *testing.T) {
	until := civil.MustDate("2019-01-10")
	c := NewChecker(nil, organs{
		{"甲市旅游局", "甲市文化旅游广电体育局", until},
		{"甲市旅游", "不会出现", until},
		{"市旅", "太短", until},
	})
	for _, tt := range []struct{ text, issued, want string }{
		{"由甲市旅游局负责", "2021-06-11", "organ_former 甲市旅游局→甲市文化旅游广电体育局"},
		{"由原甲市旅游局负责", "2021-06-11", ""},
		{"由甲市旅游局负责", "2018-06-11", ""},
		{"由甲市旅游局负责", "", "organ_former 甲市旅游局→甲市文化旅游广电体育局"},
	} {
		about := About{}
		if tt.issued != "" {
			about.IssuedOn = civil.MustDate(tt.issued)
		}
		if got := strings.Join(said(c.Check(about, Piece{"正文", tt.text})), " | "); got != tt.want {
			t.Errorf("%s on %s: %s, want %s", tt.text, tt.issued, got, tt.want)
		}
	}
}

func TestBuiltInEntries(t *testing.T) {
	list := BuiltIn()
	if len(list) < 100 {
		t.Fatalf("%d entries", len(list))
	}
	c := NewChecker(list, nil)
	seen := map[string]bool{}
	for _, e := range list {
		if seen[e.Code] || !strings.HasPrefix(e.Code, "w-") {
			t.Errorf("%s: a code of its own, beginning with w-", e.Code)
		}
		seen[e.Code] = true
		if e.Unsure && e.Level == Must {
			t.Errorf("%s: what is not confirmed cannot be a must", e.Code)
		}
		if e.Form == Pattern {
			continue
		}
		found := func(text string) bool {
			return slices.ContainsFunc(c.Check(About{}, Piece{"正文", text}), func(h Hit) bool { return h.Rule == e.Code })
		}
		if !found("甲" + e.Expression + "乙") {
			t.Errorf("%s does not find %s", e.Code, e.Expression)
		}
		for _, x := range e.Except {
			if found("甲" + x + "乙") {
				t.Errorf("%s takes %s for %s", e.Code, x, e.Expression)
			}
		}
		if e.Suggestion != "" && found(e.Suggestion) {
			t.Errorf("%s suggests what it finds: %s", e.Code, e.Suggestion)
		}
	}
	for text, code := range map[string]string{"截止2021年底": "w-jizhibiao", "建国70周年": "w-jianguo", "中港两地": "w-hmt-zhonggang"} {
		if hits := c.Check(About{}, Piece{"正文", text}); len(hits) != 1 || hits[0].Rule != code {
			t.Errorf("%s: %v, want %s", text, said(hits), code)
		}
	}
}

func TestEntriesForKindsAndDays(t *testing.T) {
	day := civil.MustDate("2021-06-11")
	entry := func(code string, d Draft) Entry {
		if err := d.settle(); err != nil {
			t.Fatal(err)
		}
		return Entry{Code: code, Draft: d}
	}
	c := NewChecker([]Entry{
		entry("all", Draft{Expression: "甲乙", Reason: "理由"}),
		entry("policy", Draft{Expression: "甲乙", Reason: "理由", Kinds: []string{"policy"}}),
		entry("later", Draft{Expression: "甲乙", Reason: "理由", From: day.AddDays(1)}),
		entry("ended", Draft{Expression: "甲乙", Reason: "理由", Until: day}),
		entry("pattern", Draft{Form: Pattern, Expression: "乙[0-9]+", Except: []string{"乙7号"}, Reason: "理由", Level: Must}),
	}, nil)
	for _, tt := range []struct {
		about About
		want  string
	}{
		{About{Kind: "policy", Today: day}, "all policy pattern"},
		{About{Kind: "notice", Today: day.AddDays(1)}, "all later pattern"},
		{About{Kind: "notice", Today: day.AddDays(-1)}, "all ended pattern"},
		{About{Kind: "notice"}, "all later pattern"},
	} {
		var got []string
		for _, h := range c.Check(tt.about, Piece{"正文", "说甲乙88和甲丙乙7号"}) {
			got = append(got, h.Rule)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%+v: %s, want %s", tt.about, s, tt.want)
		}
	}
}

func TestHabitIsToldOnce(t *testing.T) {
	hits := NewChecker(nil, nil).Check(About{}, Piece{"正文", strings.Repeat("甲,乙。", 50)})
	if len(hits) != mostOfRule || !strings.Contains(hits[len(hits)-1].Why, "还有 30 处") {
		t.Errorf("%d hits, the last %+v", len(hits), hits[len(hits)-1])
	}
}

func TestRulesAreNamed(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.Code] || r.Label == "" || r.Level.Label() == "" {
			t.Errorf("%+v", r)
		}
		seen[r.Code] = true
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("永政发[2021]09号，二○二一年十三月（甲“乙》")
	f.Add("2021年6月11日至2021年5月1日、等……等\n“\n”）(\xff1,")
	c := NewChecker(BuiltIn(), organs{{"甲市旅游局", "", civil.Date{}}})
	f.Fuzz(func(t *testing.T, text string) {
		hits := c.Check(About{Number: text, IssuedOn: civil.MustDate("2021-06-11")}, Piece{"正文", text})
		for _, h := range hits {
			runes := []rune(text)
			if h.Start < 0 || h.Start >= h.End || h.End > len(runes) || string(runes[h.Start:h.End]) != h.Text || !utf8.ValidString(h.Excerpt) {
				t.Fatalf("%q: %+v", text, h)
			}
		}
	})
}
