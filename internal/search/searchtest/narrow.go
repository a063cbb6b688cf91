package searchtest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/search"
)

func narrowDocs() []search.Doc {
	return []search.Doc{
		doc(1, "防汛通知一", kind("notice"), unit(1, "市水利局"), issued("2020-05-01"), sites("city", "water"), statutory("20-12")),
		doc(2, "防汛通知二", kind("notice"), unit(2, "市应急管理局"), issued("2021-05-01"), sites("city")),
		doc(3, "防汛计划", kind("plan"), unit(1, "市水利局"), issued("2021-07-01"), sites("water"), category("规划")),
		doc(4, "防汛旧通知", kind("notice"), unit(1, "市水利局"), issued("2010-07-01"), state(search.Expired)),
	}
}

func testFacets(t *testing.T, e search.Engine) {
	put(t, e, narrowDocs()...)
	r := find(t, e, search.Query{Text: "防汛"})
	for facet, want := range map[string][]search.Count{
		search.FacetKind:     {{Value: "notice", Count: 3}, {Value: "plan", Count: 1}},
		search.FacetUnit:     {{Value: "1", Label: "市水利局", Count: 3}, {Value: "2", Label: "市应急管理局", Count: 1}},
		search.FacetCategory: {{Value: "行政规范性文件", Count: 3}, {Value: "规划", Count: 1}},
		search.FacetValidity: {{Value: "in_force", Count: 3}, {Value: "expired", Count: 1}},
		search.FacetYear:     {{Value: "2021", Count: 2}, {Value: "2020", Count: 1}, {Value: "2010", Count: 1}},
	} {
		if got := r.Facets[facet]; !slices.Equal(got, want) {
			t.Errorf("facet %s = %+v, want %+v", facet, got, want)
		}
	}
	// A facet counts what choosing otherwise in it would give.
	r = find(t, e, search.Query{Text: "防汛", Kinds: []string{"plan"}})
	if r.Total != 1 {
		t.Errorf("total = %d, want 1", r.Total)
	}
	if got, want := r.Facets[search.FacetKind], []search.Count{{Value: "notice", Count: 3}, {Value: "plan", Count: 1}}; !slices.Equal(got, want) {
		t.Errorf("kinds = %+v, want %+v", got, want)
	}
	if got, want := r.Facets[search.FacetYear], []search.Count{{Value: "2021", Count: 1}}; !slices.Equal(got, want) {
		t.Errorf("years = %+v, want %+v", got, want)
	}
}

func testFilters(t *testing.T, e search.Engine) {
	put(t, e, narrowDocs()...)
	day := civil.MustDate
	for _, tt := range []struct {
		name string
		q    search.Query
		want []int64
	}{
		{"kind", search.Query{Kinds: []string{"plan"}}, []int64{3}},
		{"two kinds", search.Query{Kinds: []string{"plan", "notice"}}, []int64{1, 2, 3, 4}},
		{"unit", search.Query{Units: []int64{2}}, []int64{2}},
		{"category", search.Query{Categories: []string{"规划"}}, []int64{3}},
		{"statutory", search.Query{Statutory: []string{"20-12"}}, []int64{1}},
		{"validity", search.Query{Validities: []search.Validity{search.Expired}}, []int64{4}},
		{"site", search.Query{Site: "water"}, []int64{1, 3}},
		{"unknown site", search.Query{Site: "nowhere"}, nil},
		{"from", search.Query{From: day("2021-05-01")}, []int64{2, 3}},
		{"to", search.Query{To: day("2020-05-01")}, []int64{1, 4}},
		{"one day", search.Query{From: day("2021-07-01"), To: day("2021-07-01")}, []int64{3}},
		{"unit and kind", search.Query{Units: []int64{1}, Kinds: []string{"notice"}}, []int64{1, 4}},
	} {
		for _, text := range []string{"", "防汛"} {
			tt.q.Text = text
			got := ids(find(t, e, tt.q))
			slices.Sort(got)
			if !slices.Equal(got, tt.want) {
				t.Errorf("%s, text %q: %v, want %v", tt.name, text, got, tt.want)
			}
		}
	}
}

func testSuggest(t *testing.T, e search.Engine) {
	put(t, e,
		doc(1, "中华人民共和国民法典"), doc(2, "民法典宣传月活动方案"), doc(3, "关于学习民法典的通知", number("永政办发〔2021〕9号")),
		doc(4, "旧民法典草案", state(search.Repealed)),
	)
	err := e.SetNames(context.Background(), []search.Name{
		{Text: "永州市发展和改革委员会", Kind: "unit", URL: "/unit/1", Aliases: []string{"市发改委"}},
		{Text: "永州市教育局", Kind: "unit", URL: "/unit/2", Aliases: []string{"市教育局"}},
		{Text: "改造老旧小区", Kind: "task", URL: "/task/1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		typed string
		first string
		kind  string
	}{
		{"民法", "中华人民共和国民法典", search.SuggestTitle},
		{"民", "中华人民共和国民法典", search.SuggestTitle},
		{"宣传月", "民法典宣传月活动方案", search.SuggestTitle},
		{"sfgw", "永州市发展和改革委员会", "unit"},
		{"SFGW", "永州市发展和改革委员会", "unit"},
		{"市发改", "永州市发展和改革委员会", "unit"},
		{"sjyj", "永州市教育局", "unit"},
		{"老旧小区", "改造老旧小区", "task"},
		{"永政办发〔20", "永政办发〔2021〕9号", search.SuggestNumber},
		{"永政办发[2021]9", "永政办发〔2021〕9号", search.SuggestNumber},
		{"永政办发2021", "永政办发〔2021〕9号", search.SuggestNumber},
	} {
		got, err := e.Suggest(context.Background(), tt.typed, 5)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) == 0 || got[0].Text != tt.first || got[0].Kind != tt.kind || got[0].URL == "" {
			t.Errorf("%q suggests %+v, want %s (%s) first", tt.typed, got, tt.first, tt.kind)
		}
	}
	got, err := e.Suggest(context.Background(), "民法典", 2)
	if err != nil || len(got) != 2 {
		t.Errorf("two suggestions wanted: %+v, %v", got, err)
	}
	for _, typed := range []string{"", " ", "，。", strings.Repeat("长", 100_000)} {
		if got, err := e.Suggest(context.Background(), typed, 5); err != nil || len(got) > 0 {
			t.Errorf("Suggest(%.10q) = %+v, %v, want nothing", typed, got, err)
		}
	}
}

func testDidYouMean(t *testing.T, e search.Engine) {
	put(t, e, doc(1, "个体工商户条例"), doc(2, "关于防汛的通知", number("永政办发〔2021〕9号")))
	err := e.SetNames(context.Background(), []search.Name{{Text: "永州市自然资源和规划局", Kind: "unit", Aliases: []string{"市自规局"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ typed, want string }{
		{"个休工商尸条利", "个体工商户条例"},
		{"市自归局", "永州市自然资源和规划局"},
		{"永政办法〔2021〕9号", "永政办发〔2021〕9号"},
		{"永政办发〔2021〕8号", "永政办发〔2021〕9号"},
	} {
		if r := find(t, e, search.Query{Text: tt.typed}); !slices.Contains(r.DidYouMean, tt.want) {
			t.Errorf("%q: did you mean %q, want %q", tt.typed, r.DidYouMean, tt.want)
		}
	}
	if r := find(t, e, search.Query{Text: "个体工商户条例"}); len(r.DidYouMean) > 0 {
		t.Errorf("what is found exactly: did you mean %q, want nothing", r.DidYouMean)
	}
}

func testSynonyms(t *testing.T, e search.Engine) {
	put(t, e,
		doc(1, "最低生活保障办法", articles("申请最低生活保障的家庭，应当提交材料。")),
		doc(2, "低保申请指南", body("怎样办理。")),
		doc(3, "无关的文件"),
	)
	before := find(t, e, search.Query{Text: "低保"})
	if got := ids(before); !slices.Equal(got, []int64{2}) {
		t.Fatalf("without synonyms: %v, want [2]", got)
	}
	groups := [][]string{{"低保", "最低生活保障"}, {"单独"}, {"", "，"}}
	if err := e.SetSynonyms(context.Background(), groups); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"低保", "最低生活保障"} {
		got := ids(find(t, e, search.Query{Text: text}))
		slices.Sort(got)
		if !slices.Equal(got, []int64{1, 2}) {
			t.Errorf("%q finds %v, want [1 2]", text, got)
		}
	}
	if hits := clauses(t, e, "怎么申请低保"); len(hits) != 1 || !strings.Contains(hits[0].Highlight, "<mark>申请最低生活保障</mark>") {
		t.Errorf("articles: %+v", hits)
	}
	if err := e.SetSynonyms(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	if got := ids(find(t, e, search.Query{Text: "低保"})); !slices.Equal(got, []int64{2}) {
		t.Errorf("after taking them away: %v, want [2]", got)
	}
}

func testAnyInput(t *testing.T, e search.Engine) {
	put(t, e, doc(1, "关于防汛的通知", body("正文"), articles("第一句。")))
	for _, text := range []string{
		"，。！？", "\x00\x01\x02", "\xff\xfe坏字节", "防\x00汛", "(((", `"`, "*", "-", "a:b", "<script>", "%", "😀", "\u202e防汛",
		"第号", "〔〕", "〔9999999999999〕99999999999999号", strings.Repeat("防汛", 50_000), strings.Repeat("，", 100_000),
		strings.Repeat("a", 100_000), strings.Repeat("号", 100_000), strings.Repeat("〔2021〕", 20_000), strings.Repeat(" ", 100_000) + "防汛",
	} {
		find(t, e, search.Query{Text: text})
		clauses(t, e, text)
		if _, err := e.Suggest(context.Background(), text, 5); err != nil {
			t.Errorf("Suggest(%.20q): %v", text, err)
		}
	}
	if r := find(t, e, search.Query{Text: "，。"}); r.Total != 0 {
		t.Errorf("punctuation finds %d, want nothing", r.Total)
	}
	for _, text := range []string{"防汛" + strings.Repeat("，", 100_000), strings.Repeat(" ", 100_000) + "防汛"} {
		if got := find(t, e, search.Query{Text: text}); got.Total != 1 || len(got.Items[0].Highlights) == 0 {
			t.Errorf("what is typed in excess hides the words: %d found", got.Total)
		}
	}
}
