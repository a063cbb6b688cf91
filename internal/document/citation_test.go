package document

import (
	"strings"
	"testing"
)

func TestFindCitations(t *testing.T) {
	tests := []struct{ text, title, number, article string }{
		{"根据《中华人民共和国政府信息公开条例》第二十条的规定", "中华人民共和国政府信息公开条例", "", "第二十条"},
		{"《关于政府信息公开信息处理费管理有关事项的通知》（湘财税〔2021〕3号）要求", "关于政府信息公开信息处理费管理有关事项的通知", "湘财税〔2021〕3号", ""},
		{"落实《关于印发<公共企事业单位信息公开规定制定办法>的通知》(国办发[2020]50号)", "关于印发<公共企事业单位信息公开规定制定办法>的通知", "国办发〔2020〕50号", ""},
		{"依照《刑法》第一百二十条之一处罚", "刑法", "", "第一百二十条之一"},
		{"《办法》（以下简称本办法）第三条", "办法", "", "第三条"},
	}
	for _, tt := range tests {
		got := FindCitations(tt.text)
		if len(got) != 1 {
			t.Errorf("%s: found %d", tt.text, len(got))
			continue
		}
		if got[0].Title != tt.title || got[0].Number.String() != tt.number || got[0].Article != tt.article {
			t.Errorf("%s: got %+v", tt.text, got[0])
		}
	}
	for _, none := range []string{"没有书名号", "《", "《》", "《甲"} {
		if got := FindCitations(none); len(got) > 0 {
			t.Errorf("%q: found %+v", none, got)
		}
	}
}

func TestTitleKey(t *testing.T) {
	same := []string{"中华人民共和国个体工商户条例", "个体工商户条例", "个体工商户条例（2016年修订）", "个体工商戶條例(修订)"}
	for _, title := range same {
		if got := TitleKey(title); got != TitleKey(same[0]) {
			t.Errorf("TitleKey(%s) = %s", title, got)
		}
	}
	if TitleKey("停车办法（草案）") == TitleKey("停车办法") {
		t.Error("a draft is taken for the document")
	}
}

func TestLinkCitations(t *testing.T) {
	body, err := Parse("根据《甲条例》第三条和《乙办法》，参照《关于印发<丙规定>的通知》，见 [《甲条例》](https://example.org/)。", Markdown)
	if err != nil {
		t.Fatal(err)
	}
	got := LinkCitations(body.HTML(), func(c Citation) string {
		switch TitleKey(c.Title) {
		case "甲条例":
			return "/d/1?a=1&b=2#art-3"
		case TitleKey("关于印发<丙规定>的通知"):
			return "/d/3"
		}
		return ""
	})
	for _, want := range []string{
		`<a href="/d/1?a=1&amp;b=2#art-3">《甲条例》第三条</a>`,
		`和《乙办法》，`,
		`<a href="/d/3">《关于印发&lt;丙规定&gt;的通知》</a>`,
		`<a href="https://example.org/"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s\nlacks %s", got, want)
		}
	}
	if strings.Count(got, "<a ") != 3 {
		t.Errorf("links within links: %s", got)
	}
}

func FuzzLinkCitations(f *testing.F) {
	f.Add("<p>《甲》第三条 &lt;b&gt; <a href=\"x\">《乙》</a>《关于印发&lt;丙&gt;的通知》</p>")
	f.Fuzz(func(t *testing.T, markup string) {
		if got := LinkCitations(markup, func(Citation) string { return "" }); !strings.ContainsAny(markup, "\x01\x02") && got != markup {
			t.Errorf("without links %q became %q", markup, got)
		}
	})
}
