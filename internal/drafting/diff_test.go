package drafting

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"gongkai/internal/document"
	"gongkai/internal/publication"
)

func side(pieces []Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.Text)
	}
	return b.String()
}

// show writes a comparison the way the tests read it: [-gone-] {+new+}.
func show(c Comparison) string {
	var b strings.Builder
	for _, f := range c.Facts {
		if f.Changed() {
			fmt.Fprintf(&b, "%s：%s\n", f.Label, mix(f.Pair))
		}
	}
	for _, a := range c.Body {
		var cells []string
		for _, cell := range a.Cells {
			cells = append(cells, mix(cell))
		}
		sign := " "
		switch {
		case a.OldNo == 0:
			sign = "+"
		case a.NewNo == 0:
			sign = "-"
		case a.Changed():
			sign = "~"
		}
		fmt.Fprintf(&b, "%s %d/%d %s\n", sign, a.OldNo, a.NewNo, strings.Join(cells, " | "))
	}
	return b.String()
}

func mix(p Pair) string {
	var b strings.Builder
	i, j := 0, 0
	for i < len(p.Old) || j < len(p.New) {
		switch {
		case i < len(p.Old) && p.Old[i].Mark == Deleted:
			b.WriteString("[-" + p.Old[i].Text + "-]")
			i++
		case j < len(p.New) && p.New[j].Mark == Inserted:
			b.WriteString("{+" + p.New[j].Text + "+}")
			j++
		default:
			b.WriteString(p.Old[i].Text)
			i, j = i+1, j+1
		}
	}
	return b.String()
}

func body(format document.Format, text string) func(*publication.Line) {
	return func(l *publication.Line) { l.Body = publication.Body{Format: format, Text: text} }
}

func TestDiff(t *testing.T) {
	tests := []struct{ name, before, after, want string }{
		{"same", "甲。\n\n乙。", "甲。\n\n乙。", "  1/1 甲。\n  2/2 乙。\n"},
		{"characters", "报名时间为7月1日。", "报名时间为7月2日。", "~ 1/1 报名时间为7月[-1-]{+2+}日。\n"},
		{"paragraph in", "第一条 甲。\n\n第二条 乙。", "第一条 甲。\n\n第二条 新的一条。\n\n第三条 乙。",
			"  1/1 第一条 甲。\n+ 0/2 {+第二条 新的一条。+}\n~ 2/3 第[-二-]{+三+}条 乙。\n"},
		{"paragraph out", "头。\n\n中间的一段文字。\n\n尾。", "头。\n\n尾。", "  1/1 头。\n- 2/0 [-中间的一段文字。-]\n  3/2 尾。\n"},
		{"moved", "一段甲甲甲。\n\n二段乙乙乙。\n\n三段丙丙丙。", "二段乙乙乙。\n\n三段丙丙丙。\n\n一段甲甲甲。",
			"- 1/0 [-一段甲甲甲。-]\n  2/1 二段乙乙乙。\n  3/2 三段丙丙丙。\n+ 0/3 {+一段甲甲甲。+}\n"},
		{"rows", "| 姓名 | 分数 |\n|---|---|\n| 甲某 | 90 |\n| 乙某 | 80 |", "| 姓名 | 分数 |\n|---|---|\n| 甲某 | 95 |\n| 丙某 | 70 |\n| 乙某 | 80 |",
			"  1/1 姓名 | 分数\n~ 2/2 甲某 | 9[-0-]{+5+}\n+ 0/3 {+丙某+} | {+70+}\n  3/4 乙某 | 80\n"},
		{"row is no paragraph", "甲某 90", "| 甲某 | 90 |\n|---|---|", "- 1/0 [-甲某 90-]\n+ 0/1 {+甲某+} | {+90+}\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Diff(notice("通知", body(document.Markdown, tt.before)), notice("通知", body(document.Markdown, tt.after)), nil)
			if show(got) != tt.want {
				t.Errorf("got\n%swant\n%s", show(got), tt.want)
			}
			if got.Changed() != (tt.before != tt.after) {
				t.Errorf("Changed() = %v", got.Changed())
			}
		})
	}
}

func TestDiffFacts(t *testing.T) {
	a, b := notice("关于报名的通知"), notice("关于考试的通知")
	a.Fields = publication.Fields{"contact": "电话甲", "old": "旧"}
	b.Fields = publication.Fields{"contact": "电话乙"}
	b.Keywords = []string{"考试", "招生"}
	b.Relations = []publication.RelationLine{{Type: publication.Implements, Target: "国发〔2021〕1号"}}
	want := "标题：关于[-报名-]{+考试+}的通知\n关键词：{+考试\n招生+}\n关系：{+落实 国发〔2021〕1号+}\ncontact：电话[-甲-]{+乙+}\nold：[-旧-]\n"
	if got := show(Comparison{Facts: Diff(a, b, nil).Facts}); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// Whatever the texts, each side reads as its own text, lines keep their order,
// and equal texts have no difference.
func TestDiffKeepsBothTexts(t *testing.T) {
	word := rapid.SampledFrom([]string{"市政府", "通知", "应当", "在三十日内", "公开", "，", "办理", "第一条", "附件"})
	line := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(word, 1, 8).Draw(t, "words"), "") })
	rapid.Check(t, func(t *rapid.T) {
		pool := rapid.SliceOfN(line, 1, 6).Draw(t, "pool")
		text := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(pool), line), 0, 30)
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		got := Diff(notice("通知", body(document.Text, strings.Join(a, "\n"))), notice("通知", body(document.Text, strings.Join(b, "\n"))), nil)
		var before, after []string
		for _, al := range got.Body {
			if al.OldNo != 0 {
				before = append(before, side(al.Cells[0].Old))
				if al.OldNo != len(before) {
					t.Fatalf("old line %d stands at %d", al.OldNo, len(before))
				}
			}
			if al.NewNo != 0 {
				after = append(after, side(al.Cells[0].New))
				if al.NewNo != len(after) {
					t.Fatalf("new line %d stands at %d", al.NewNo, len(after))
				}
			}
		}
		if strings.Join(before, "\n") != strings.Join(a, "\n") || strings.Join(after, "\n") != strings.Join(b, "\n") {
			t.Fatalf("sides read %q and %q, want %q and %q", before, after, a, b)
		}
		if same := strings.Join(a, "\n") == strings.Join(b, "\n"); same == got.Changed() {
			t.Fatalf("same %v, changed %v", same, got.Changed())
		}
	})
}

// Long texts without a common line are aligned within bounds.
func TestDiffOfLongTexts(t *testing.T) {
	var a, b []string
	for i := range 3000 {
		a = append(a, fmt.Sprintf("第%d条 各单位应当在%d日内公开有关信息。", i, i%7))
		b = append(b, fmt.Sprintf("第%d条 各单位应当于%d日内公开有关信息，并告知群众。", i+1, i%5))
	}
	got := Diff(notice("通知", body(document.Text, strings.Join(a, "\n"))), notice("通知", body(document.Text, strings.Join(b, "\n"))), nil)
	paired := 0
	for _, al := range got.Body {
		if al.OldNo != 0 && al.NewNo != 0 {
			paired++
		}
	}
	if paired < 2900 {
		t.Errorf("%d of 3000 lines are paired", paired)
	}
}

func TestLocate(t *testing.T) {
	const text = "报名时间为7月1日，缴费时间为7月1日。"
	tests := []struct {
		quote      string
		occurrence int
		start      int
		ok         bool
	}{
		{"7月1日", 0, 5, true},
		{"7月1日", 1, 15, true},
		{"7月1日", 5, 15, true}, // fewer now: the last
		{"8月", 0, 0, false},
		{"", 0, 0, false},
	}
	for _, tt := range tests {
		if start, ok := Locate(text, tt.quote, tt.occurrence); start != tt.start || ok != tt.ok {
			t.Errorf("Locate(%q, %d) = %d, %v, want %d, %v", tt.quote, tt.occurrence, start, ok, tt.start, tt.ok)
		}
	}
}

func FuzzLocate(f *testing.F) {
	f.Add("报名时间为7月1日，缴费时间为7月1日。", "7月1日", 1)
	f.Fuzz(func(t *testing.T, text, quote string, occurrence int) {
		if !utf8.ValidString(text) || !utf8.ValidString(quote) {
			return
		}
		start, ok := Locate(text, quote, occurrence)
		if ok && !strings.HasPrefix(string([]rune(text)[start:]), quote) {
			t.Errorf("Locate(%q, %q, %d) = %d", text, quote, occurrence, start)
		}
		if !ok && occurrence >= 0 && quote != "" && strings.Contains(text, quote) {
			t.Errorf("Locate(%q, %q, %d) finds nothing", text, quote, occurrence)
		}
	})
}

func FuzzParseCursor(f *testing.F) {
	f.Add("1623384000000000.17")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		if c, err := ParseCursor(s); err == nil && c.String() != s {
			t.Errorf("ParseCursor(%q) reads %q", s, c)
		}
	})
}
