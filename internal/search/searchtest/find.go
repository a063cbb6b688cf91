package searchtest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/search"
)

func testNumbers(t *testing.T, e search.Engine) {
	put(t, e,
		doc(1, "关于加强防汛工作的通知", number("永政办发〔2021〕9号"), issued("2021-03-01")),
		doc(2, "关于转发永政办发〔2021〕9号文件的函", number("永水函〔2021〕12号"), body("永政办发〔2021〕9号 永政办发〔2021〕9号"), issued("2021-04-01")),
		doc(3, "关于春耕的通知", number("永农发〔2021〕9号"), issued("2021-05-01")),
		doc(4, "行政事业性收费规定", number("国务院令第711号")),
	)
	for _, tt := range []struct {
		query string
		first int64
	}{
		{"永政办发〔2021〕9号", 1},
		{"永政办发[2021]9号", 1},
		{"永政办发(2021)9号", 1},
		{"永政办发【２０２１】９号", 1},
		{"永政辦發〔2021〕9號", 1},
		{" 永政办发 〔2021〕 9 号 ", 1},
		{"永农发〔2021〕9号", 3},
		{"〔2021〕12号", 2},
		{"国务院令第711号", 4},
		{"中华人民共和国国务院令第711号", 4},
		{"第711号", 4},
	} {
		if got := ids(find(t, e, search.Query{Text: tt.query})); len(got) == 0 || got[0] != tt.first {
			t.Errorf("%q finds %v, want %d first", tt.query, got, tt.first)
		}
	}
}

func testOrder(t *testing.T, e search.Engine) {
	filler := strings.Repeat("各有关单位应当按照职责分工做好工作。", 20)
	put(t, e,
		doc(1, "关于做好城市供水工作的意见", body(filler+"城市供水条例"+filler), issued("2022-01-01")),
		doc(2, "城市供水条例实施细则", body(filler)),
		doc(3, "城市供水条例", state(search.InForce), body(filler), issued("2019-01-01")),
		doc(4, "城市供水条例补充规定", state(search.Repealed), body(strings.Repeat("城市供水条例。", 9)), issued("2020-01-01")),
		doc(5, "无关的文件", body(filler)),
	)
	if got, want := ids(find(t, e, search.Query{Text: "城市供水条例"})), []int64{3, 2, 1, 4}; !slices.Equal(got, want) {
		t.Errorf("by relevance: %v, want %v", got, want)
	}
	if got, want := ids(find(t, e, search.Query{Text: "城市供水条例", Sort: search.Newest}))[0], int64(1); got != want {
		t.Errorf("newest: %d first, want %d", got, want)
	}
	if got, want := ids(find(t, e, search.Query{Text: "城市供水条例", Sort: search.Oldest}))[0], int64(3); got != want {
		t.Errorf("oldest: %d first, want %d", got, want)
	}
	// By its whole name a repealed document is what was asked for.
	if got := ids(find(t, e, search.Query{Text: "城市供水条例补充规定"})); len(got) == 0 || got[0] != 4 {
		t.Errorf("whole title of a repealed document: %v, want 4 first", got)
	}
	if h := find(t, e, search.Query{Text: "城市供水条例补充规定"}).Items[0]; h.Validity != search.Repealed {
		t.Errorf("validity = %q, want it marked", h.Validity)
	}
}

func testEditions(t *testing.T, e search.Engine) {
	put(t, e,
		doc(1, "立法法", edition("立法法"), issued("2000-03-15"), state(search.Repealed)),
		doc(2, "立法法", edition("立法法"), issued("2023-03-13"), number("主席令第3号")),
		doc(3, "立法法", edition("立法法"), issued("2015-03-15"), number("主席令第20号"), state(search.Amended)),
		doc(4, "立法法释义"),
	)
	r := find(t, e, search.Query{Text: "立法法", Collapse: true})
	if got, want := ids(r), []int64{2, 4}; !slices.Equal(got, want) {
		t.Errorf("collapsed: %v, want %v", got, want)
	}
	if r.Total != 2 || r.Items[0].Editions != 2 {
		t.Errorf("total %d, hidden editions %d, want 2 and 2", r.Total, r.Items[0].Editions)
	}
	if r := find(t, e, search.Query{Text: "立法法"}); r.Total != 4 {
		t.Errorf("not collapsed: %d, want 4", r.Total)
	}
	if got := ids(find(t, e, search.Query{Text: "主席令第20号", Collapse: true})); len(got) == 0 || got[0] != 3 {
		t.Errorf("an old edition by its number: %v, want 3 first", got)
	}
}

func testNewest(t *testing.T, e search.Engine) {
	put(t, e,
		doc(1, "甲", issued("2021-01-01")), doc(2, "乙", issued("2022-01-01")), doc(3, "丙", issued("2020-01-01")),
		doc(4, "丁", func(d *search.Doc) { d.IssuedOn = civil.Date{} }), // published 2021-06-12
	)
	for _, text := range []string{"", "  ", "\n\t"} {
		if got, want := ids(find(t, e, search.Query{Text: text})), []int64{2, 4, 1, 3}; !slices.Equal(got, want) {
			t.Errorf("%q lists %v, want %v", text, got, want)
		}
	}
}

func testPages(t *testing.T, e search.Engine) {
	var docs []search.Doc
	for i := range int64(45) {
		docs = append(docs, doc(i+1, "关于防火的通知"))
	}
	put(t, e, docs...)
	seen := map[int64]bool{}
	for page := 1; page <= 4; page++ {
		r := find(t, e, search.Query{Text: "防火", Page: page, Size: 20})
		if want := []int{20, 20, 5, 0}[page-1]; len(r.Items) != want || r.Total != 45 {
			t.Errorf("page %d: %d of %d, want %d of 45", page, len(r.Items), r.Total, want)
		}
		for _, id := range ids(r) {
			if seen[id] {
				t.Errorf("document %d is on two pages", id)
			}
			seen[id] = true
		}
	}
	if r := find(t, e, search.Query{Page: 1 << 40, Size: 1 << 40}); r.Total != 45 {
		t.Errorf("a page far away: total %d, want 45", r.Total)
	}
	if r := find(t, e, search.Query{Page: -3, Size: -1}); len(r.Items) != 20 {
		t.Errorf("page -3: %d items, want the first 20", len(r.Items))
	}
}

func testHighlights(t *testing.T, e search.Engine) {
	filler := strings.Repeat("其他事项按照有关规定执行。", 60)
	put(t, e,
		doc(1, "标签 <script>alert(1)</script>", body(filler+"凡<b>申请低保</b>的家庭，应当&提交材料。"+filler)),
		doc(2, "条例", articles("总的规定。"+filler, "申请低保的，由乡镇人民政府受理。")),
	)
	r := find(t, e, search.Query{Text: "申请低保"})
	if len(r.Items) != 2 {
		t.Fatalf("found %v, want both", ids(r))
	}
	for _, h := range r.Items {
		if len(h.Highlights) == 0 {
			t.Errorf("document %d has no passage", h.ID)
			continue
		}
		light := h.Highlights[0]
		if !strings.Contains(light, "<mark>申请低保</mark>") {
			t.Errorf("passage %q does not mark the words", light)
		}
		plain := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(light)
		if strings.ContainsAny(plain, "<>") || len([]rune(plain)) > 300 {
			t.Errorf("passage %q is not safe or too long", light)
		}
	}
}

func testWriting(t *testing.T, e search.Engine) {
	put(t, e, doc(1, "个体工商户登记办法", body("适用ＧＤＰ核算与WiFi覆盖"), unit(3, "市发展和改革委员会"), func(d *search.Doc) {
		d.UnitNames = []string{"市计委"}
		d.Keywords = []string{"营商环境"}
	}), doc(2, "其他"))
	for _, text := range []string{
		"个体工商户", "個體工商戶", "个体 工商户", "登记", "gdp", "ＧＤＰ", "Wifi", "市计委", "营商环境", "发展和改革", "户", "登",
	} {
		if got := ids(find(t, e, search.Query{Text: text})); !slices.Equal(got, []int64{1}) {
			t.Errorf("%q finds %v, want [1]", text, got)
		}
	}
}

func testClauses(t *testing.T, e search.Engine) {
	put(t, e,
		doc(1, "中华人民共和国婚姻登记法", articles("为了规范婚姻登记，制定本法。", "一方隐瞒重大疾病的，另一方可以请求撤销婚姻。")),
		doc(2, "旧婚姻登记规定", state(search.Repealed), articles("一方隐瞒重大疾病的，另一方可以请求撤销婚姻。")),
		doc(3, "婚姻登记通知", body("一方隐瞒重大疾病的，另一方可以请求撤销婚姻。"), sites("county")),
		doc(4, "疾病防治办法", articles("患重大疾病的，可以申请救助。"), sites("county")),
	)
	hits := clauses(t, e, "对方结婚前隐瞒了重大疾病，可以撤销婚姻吗？")
	if len(hits) < 2 {
		t.Fatalf("found %d articles, want more", len(hits))
	}
	first := hits[0]
	if first.Publication != 1 || first.Clause != "第二条" || first.URL != "/d/中华人民共和国婚姻登记法#art-2" ||
		first.Path != "第一章 总则" || first.Text != "一方隐瞒重大疾病的，另一方可以请求撤销婚姻。" {
		t.Errorf("first = %+v", first)
	}
	if !strings.Contains(first.Highlight, "<mark>") {
		t.Errorf("highlight %q marks nothing", first.Highlight)
	}
	for _, h := range hits {
		if h.Publication == 3 {
			t.Error("a document without articles gives an article")
		}
	}
	hits, err := e.Clauses(context.Background(), search.ClauseQuery{Text: "重大疾病", Site: "county", Size: 1})
	if err != nil || len(hits) != 1 || hits[0].Publication != 4 {
		t.Errorf("on one site: %+v, %v, want the article of document 4", hits, err)
	}
	if hits := clauses(t, e, "病"); len(hits) == 0 {
		t.Error("one character finds nothing")
	}
}
