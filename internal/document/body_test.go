package document

import (
	"fmt"
	"strings"
	"testing"

	"gongkai/internal/fault"
)

func parse(t *testing.T, text string, f Format) *Body {
	t.Helper()
	b, err := Parse(text, f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sketch writes the structure of a body, one line for every node.
func sketch(b *Body) string {
	names := [...]string{"p", "编", "分编", "章", "节", "title", "no", "条", "款", "项", "目", "table"}
	var w strings.Builder
	for _, n := range b.Nodes {
		fmt.Fprintf(&w, "%s|%s|%s\n", names[n.Kind], n.Anchor, fault.Clip(n.Text, 40))
	}
	return w.String()
}

func TestStructureOfLaw(t *testing.T) {
	const law = `# 某市政府信息公开办法

## 第一编　总　则

### 第一章  一般规定

第一条　为了保障公民的权利，制定本办法。

第二条 下列信息应当公开：

（一）规划：

1.国民经济规划；

2.专项规划；

（二）统计信息。

前款所列信息应当及时公开。

（一）不得延误。

第二条之一 【例外】依法保密的除外。

| 项目 | 期限 |
|---|---|
| 规划 | 20个工作日 |

## 附则

第一条 本办法自公布之日起施行。
`
	b := parse(t, law, Markdown)
	want := `title|h-1l74vzf|某市政府信息公开办法
编|part-1|第一编　总　则
章|part-1-ch-1|第一章  一般规定
条|art-1|第一条　为了保障公民的权利，制定本办法。
条|art-2|第二条 下列信息应当公开：
项|art-2-p1-i1|（一）规划：
目|art-2-p1-i1-m1|1.国民经济规划；
目|art-2-p1-i1-m2|2.专项规划；
项|art-2-p1-i2|（二）统计信息。
款|art-2-p2|前款所列信息应当及时公开。
项|art-2-p2-i1|（一）不得延误。
条|art-2-1|第二条之一 【例外】依法保密的除外。
table||
title|h-1b6uzfb|附则
条|art-1_2|第一条 本办法自公布之日起施行。
`
	if got := sketch(b); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got, want := strings.Join(b.Articles[1].Path, "/"), "某市政府信息公开办法/第一编 总则/第一章 一般规定"; got != want {
		t.Errorf("path = %q, want %q", got, want)
	}
	a, ok := b.Article("第二条之一")
	if !ok || a.N != 2 || a.Sub != 1 || a.Text() != "【例外】依法保密的除外。\n项目\t期限\n规划\t20个工作日" {
		t.Errorf("article = %+v, text %q", a, a.Text())
	}
	if got := b.Articles[1].Paragraphs; len(got) != 2 || len(got[0].Items) != 2 || len(got[0].Items[0].Items) != 2 {
		t.Errorf("paragraphs = %+v", got)
	}
}

func TestStructureOfNotice(t *testing.T) {
	const notice = `各县市区人民政府:
现将工作要点印发给你们。
一、紧扣开局起步深化政务公开
(一)做好规划公开。在市政府门户网站开设专栏。(市发改委牵头)
(二)做好民生公开。完成3.5万户改造:
1.改造小区348个。
(1)惠及居民。
二、紧扣政策落地
(三)加强解读。
附件：
1.任务分解表
`
	b := parse(t, notice, Text)
	want := `p||各县市区人民政府:
p||现将工作要点印发给你们。
no|sec-1|一、紧扣开局起步深化政务公开
no|sec-1-1|(一)做好规划公开。在市政府门户网站开设专栏。(市发改委牵头)
no|sec-1-2|(二)做好民生公开。完成3.5万户改造:
no|sec-1-2-1|1.改造小区348个。
no|sec-1-2-1-1|(1)惠及居民。
no|sec-2|二、紧扣政策落地
no|sec-2-3|(三)加强解读。
title|h-q8wmpp|附件：
no|sec-1_2|1.任务分解表
`
	if got := sketch(b); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	var outline []string
	for _, e := range b.Outline {
		outline = append(outline, fmt.Sprint(e.Level, " ", e.Text))
	}
	if got, want := strings.Join(outline, "|"), "1 一、紧扣开局起步深化政务公开|2 (一)做好规划公开|2 (二)做好民生公开|1 二、紧扣政策落地|2 (三)加强解读|1 附件："; got != want {
		t.Errorf("outline = %s, want %s", got, want)
	}
}

func TestContentsAreNotDivisions(t *testing.T) {
	b := parse(t, "目　录\n第一章 总则\n第二章 公开\n第一章 总则\n第一条为了公开，制定本条例。\n第一条规定的除外。\n第二章 公开\n第二条应当公开。\n第三章规定的情形除外。", Text)
	want := "p||目　录\np||第一章 总则\np||第二章 公开\n章|ch-1|第一章 总则\n条|art-1|第一条为了公开，制定本条例。\n款|art-1-p2|第一条规定的除外。\n章|ch-2|第二章 公开\n条|art-2|第二条应当公开。\n款|art-2-p2|第三章规定的情形除外。\n"
	if got := sketch(b); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestDecisionsQuoteArticles: 二、 after a quoted article goes on with the
// decision.
func TestDecisionsQuoteArticles(t *testing.T) {
	b := parse(t, "一、将第三条改为：\n第三条　公开为常态。\n二、删去第五条。", Text)
	if got, want := sketch(b), "no|sec-1|一、将第三条改为：\n条|art-3|第三条　公开为常态。\nno|sec-2|二、删去第五条。\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestHTMLIsSafe(t *testing.T) {
	for _, in := range []string{
		`<p onclick="x()">甲<script>alert(1)</script></p>`,
		`<p>甲<img src=x onerror=alert(1)></p>`,
		`<a href="javascript:alert(1)">甲</a>`,
		`<a href="data:text/html,x">甲</a>`,
		`<p id="evil" style="position:fixed">甲</p>`,
		`<iframe src="//evil"></iframe>甲<object data=x></object><style>p{}</style>`,
		`<svg><p title="</svg><script>alert(1)</script>">甲</svg>甲`,
		`<table><tr><td onmouseover=x colspan="2" style=a>甲<script>1</script></td></tr></table>`,
		`甲&lt;script&gt;alert(1)&lt;/script&gt;`,
		`<math><mtext><script>alert(1)</script></mtext></math>甲`,
		`<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>甲`,
	} {
		for _, f := range []Format{HTML, Markdown, Text} {
			if f == Text && strings.Contains(in, "<") {
				continue
			}
			out := parse(t, in, f).HTML()
			for _, bad := range []string{"<script", "onclick=", "onerror=", "javascript:", "data:", "evil", "style=", "<iframe", "onmouseover="} {
				if strings.Contains(strings.ReplaceAll(out, "&lt;script", ""), bad) {
					t.Errorf("%s %q lets %q through: %s", f, in, bad, out)
				}
			}
			if !strings.Contains(out, "甲") {
				t.Errorf("%s %q loses its text: %s", f, in, out)
			}
		}
	}
	if got, want := parse(t, "<b>甲</b> & 1<2", Text).HTML(), "<p>&lt;b&gt;甲&lt;/b&gt; &amp; 1&lt;2</p>\n"; got != want {
		t.Errorf("text: %s, want %s", got, want)
	}
}

func TestTablesSurvive(t *testing.T) {
	in := `<table border=1><caption>表一</caption><tbody><tr><th rowspan="2">任务</th><th colspan="2">责任</th></tr>
<tr><td>牵头<br>单位</td><td><b>时限</b></td></tr></tbody></table>`
	want := `<p>表一</p>
<div class="table"><table>
<tr><th rowspan="2">任务</th><th colspan="2">责任</th></tr>
<tr><td>牵头 单位</td><td><b>时限</b></td></tr>
</table></div>
`
	if got := parse(t, in, HTML).HTML(); got != want {
		t.Errorf("got %s want %s", got, want)
	}
}

func TestInlineMarkup(t *testing.T) {
	tests := []struct {
		format   Format
		in, want string
	}{
		{Markdown, "**第一条** 见[原文](https://example.gov.cn/a?b=1&c=2)。", `<p id="art-1" class="art"><strong>第一条</strong> 见<a href="https://example.gov.cn/a?b=1&amp;c=2" rel="nofollow">原文</a>。</p>`},
		{Markdown, "甲\n乙<br>丙", "<p>甲</p>\n<p>乙</p>\n<p>丙</p>"},
		{Markdown, "2. 甲\n3. 乙", "<p id=\"sec-2\" class=\"sec\">2. 甲</p>\n<p id=\"sec-3\" class=\"sec\">3. 乙</p>"},
		{Markdown, "1\\. 甲&amp;乙 \\*", `<p id="sec-1" class="sec">1. 甲&amp;乙 *</p>`},
		{HTML, "<p><strong>甲<br>乙</strong>丙</p>", "<p><strong>甲</strong></p>\n<p><strong>乙</strong>丙</p>"},
		{HTML, "<ol><li>甲</li><li><p>乙</p></li></ol>", "<p id=\"sec-1\" class=\"sec\">1. 甲</p>\n<p id=\"sec-2\" class=\"sec\">2. 乙</p>"},
		{HTML, "<div>　　甲<span>乙</span>&nbsp;</div>丙", "<p>甲乙</p>\n<p>丙</p>"},
		{HTML, "<h1>第一章 总则</h1><h2>说明</h2>", "<h2 id=\"ch-1\">第一章 总则</h2>\n<h3 id=\"h-6c7370\">说明</h3>"},
	}
	for _, tt := range tests {
		b := parse(t, tt.in, tt.format)
		for i := range b.Nodes {
			b.Nodes[i].Heading = b.Nodes[i].Heading && b.Nodes[i].Kind != NodeNumbered
		}
		if got := strings.TrimSpace(b.HTML()); got != tt.want {
			t.Errorf("%s %q\n got %s\nwant %s", tt.format, tt.in, got, tt.want)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	if _, err := Parse("x", "pdf"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("err = %v, want invalid", err)
	}
}

// TestHostileMarkup gives the parsers what makes naive ones run for minutes;
// text must come out, or a fault that says why not.
func TestHostileMarkup(t *testing.T) {
	tests := []struct {
		name, unit string
		format     Format
	}{
		{"emphasis", "*a_", Markdown}, {"links", "[a](", Markdown}, {"pictures", "![", Markdown}, {"code", "`a``", Markdown},
		{"quotes", ">", Markdown}, {"spaced quotes", "> ", Markdown}, {"lists", "- ", Markdown}, {"entities", "&", Markdown},
		{"tags", "<a ", Markdown}, {"lines", "*a_\n", Markdown}, {"escapes", "\\*", Markdown}, {"escaped escapes", "\\\\*a\\\\_", Markdown},
		{"divisions", "<div>", HTML}, {"bold", "<b>x<br>", HTML}, {"tables", "<table><tr><td>", HTML}, {"links", "<a href=x>", HTML},
	}
	for _, tt := range tests {
		t.Run(string(tt.format)+" "+tt.name, func(t *testing.T) {
			b, err := Parse("第一条 甲\n\n"+strings.Repeat(tt.unit, 50000)+"\n\n乙", tt.format)
			if err != nil {
				if fault.KindOf(err) != fault.Invalid {
					t.Errorf("%v, want invalid", err)
				}
				return
			}
			if !strings.Contains(b.Plain(), "第一条 甲") {
				t.Errorf("the text is lost")
			}
		})
	}
}

func TestTameKeepsText(t *testing.T) {
	in := strings.Repeat("*甲* _乙_ [丙] \\* !", 300)
	if got := parse(t, in, Markdown).Plain(); strings.Count(got, "甲") != 300 || strings.Count(got, "丙]") != 300 {
		t.Errorf("text is lost: %s", fault.Clip(got, 40))
	}
}

func FuzzParse(f *testing.F) {
	f.Add("## 第一章 总则\n\n第一条 甲\n\n（一）乙\n\n1.丙\n\n|a|b|\n|-|-|\n|c|d|", uint8(0))
	f.Add("<p>第一条 甲<br><b>乙</p><table><tr><td rowspan=2>丙", uint8(1))
	f.Add("目录\n第一章\n第一章\n一、甲\n（一）乙\n附件1", uint8(2))
	f.Fuzz(func(t *testing.T, s string, which uint8) {
		format := []Format{Markdown, HTML, Text}[which%3]
		b, err := Parse(s, format)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		seen := make(map[string]bool)
		for _, n := range b.Nodes {
			if n.Anchor != "" && seen[n.Anchor] {
				t.Errorf("anchor %s twice", n.Anchor)
			}
			seen[n.Anchor] = true
		}
		out := b.HTML()
		again, err := Parse(out, HTML)
		if err != nil {
			t.Fatalf("what was rendered cannot be read: %v", err)
		}
		if strings.Contains(strings.ToLower(out), "<script") || strings.Contains(strings.ToLower(again.HTML()), "<script") {
			t.Errorf("a script survives: %s", out)
		}
	})
}

func FuzzFindNumbers(f *testing.F) {
	f.Add("根据国发〔2016〕55号、国务院令（第711号）和2021年第3号公告")
	f.Add("法（研）发〔1987〕32號 [84]5号")
	f.Fuzz(func(t *testing.T, s string) {
		end := 0
		for _, n := range FindNumbers(s) {
			if n.Start < end || n.End <= n.Start || n.End > len(s) {
				t.Fatalf("found %d:%d after %d in %q", n.Start, n.End, end, s)
			}
			end = n.End
			if n.Number.Key() == "" || n.Number.No <= 0 {
				t.Errorf("number %+v of %q", n.Number, s)
			}
		}
	})
}

func FuzzDates(f *testing.F) {
	f.Add("二〇二一年六月十一日前，10月底前")
	f.Add("2021.6.11-2021/7/1 今年上半年")
	f.Fuzz(func(t *testing.T, s string) {
		end := 0
		for _, d := range FindDates(s, reference) {
			if d.Start < end || d.End <= d.Start || d.Date.Last.Before(d.Date.First) {
				t.Fatalf("found %+v after %d in %q", d, end, s)
			}
			end = d.End
		}
	})
}
