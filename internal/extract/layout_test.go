package extract

import (
	"fmt"
	"strings"
	"testing"
)

// sheetOf makes a page of lines; each is placed by its left and its foot.
func sheetOf(lines ...[4]any) leaf {
	p := leaf{Width: 595, Height: 842}
	for _, l := range lines {
		x, size := l[0].(float64), l[2].(float64)
		for _, r := range l[3].(string) {
			w := size
			if r < 0x80 {
				w /= 2
			}
			p.Glyphs = append(p.Glyphs, glyph{R: r, X0: x, X1: x + w, Base: l[1].(float64), Size: size})
			x += w
		}
	}
	return p
}

func TestLinesBecomeParagraphs(t *testing.T) {
	full := strings.Repeat("全", 27)
	page := sheetOf(
		[4]any{130.0, 150.0, 22.0, "关于规范公文格式有关事项的"}, [4]any{270.0, 185.0, 22.0, "通知"},
		[4]any{112.0, 230.0, 16.0, full[:25*3]}, [4]any{80.0, 258.0, 16.0, "续行到此。"},
		[4]any{112.0, 286.0, 16.0, full[:25*3]}, [4]any{80.0, 314.0, 16.0, full}, [4]any{80.0, 342.0, 16.0, "word"},
		[4]any{368.0, 370.0, 16.0, "永州市财政局"}, [4]any{360.0, 398.0, 16.0, "2021年6月11日"})
	want := "# 关于规范公文格式有关事项的通知\n" + full[:25*3] + "续行到此。\n" + full[:25*3] + full + "word\n永州市财政局\n2021年6月11日"
	if got := lines(layOut([]leaf{page})); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestParagraphsGoOnOverPages(t *testing.T) {
	full := strings.Repeat("文", 27)
	var pages []leaf
	for i := range 4 {
		pages = append(pages, sheetOf(
			[4]any{220.0, 60.0, 10.0, "永州市人民政府公报"},
			[4]any{80.0, 200.0, 16.0, full}, [4]any{80.0, 228.0, 16.0, full}, [4]any{80.0, 256.0, 16.0, full},
			[4]any{280.0, 800.0, 14.0, fmt.Sprintf("— %d —", i+1)}))
	}
	if got, want := lines(layOut(pages)), strings.Repeat(full, 12); got != want {
		t.Errorf("got\n%s\nwant one paragraph without heads and numbers", got)
	}
}

func TestColumnsAreReadOneByOne(t *testing.T) {
	var left, right strings.Builder
	var on [][4]any
	for i := range 10 {
		a, b := strings.Repeat(string(rune('甲'+i)), 15), strings.Repeat(string(rune('金'+i)), 15)
		left.WriteString(a)
		right.WriteString(b)
		on = append(on, [4]any{60.0, 200.0 + 20*float64(i), 14.0, a}, [4]any{320.0, 200.0 + 20*float64(i), 14.0, b})
	}
	if got, want := lines(layOut([]leaf{sheetOf(on...)})), left.String()+right.String(); strings.ReplaceAll(got, "\n", "") != want {
		t.Errorf("got\n%s\nwant the left column before the right", got)
	}
}

// ruledPage draws a table: a head over two columns, a cell over two rows.
func ruledPage(y float64, texts ...[4]any) leaf {
	p := sheetOf(texts...)
	h := func(x0, x1, at float64) { p.Rules = append(p.Rules, rule{X0: x0, X1: x1, Y0: at, Y1: at}) }
	v := func(x, y0, y1 float64) { p.Rules = append(p.Rules, rule{X0: x, X1: x, Y0: y0, Y1: y1}) }
	h(80, 500, y)
	h(80, 500, y+30)
	h(180, 500, y+60)
	h(80, 500, y+90)
	v(80, y, y+90)
	v(180, y, y+90)
	v(340, y+30, y+90)
	v(500, y, y+90)
	return p
}

func TestRulesMakeTables(t *testing.T) {
	cells := func(y float64) [][4]any {
		return [][4]any{{90.0, y + 20, 12.0, "序号"}, {190.0, y + 20, 12.0, "任务和单位"}, {90.0, y + 60, 12.0, "一"},
			{190.0, y + 50, 12.0, "公开目录"}, {350.0, y + 50, 12.0, "办公室"}, {190.0, y + 80, 12.0, "公开标准"}, {350.0, y + 80, 12.0, "司法局"}}
	}
	first, second := ruledPage(300, append(cells(300), [4]any{80.0, 250.0, 16.0, "表前"}, [4]any{80.0, 440.0, 16.0, "表后"})...), ruledPage(120, cells(120)...)
	want := "表前\n|序号|任务和单位(1x2)\n|一(2x1)|公开目录|办公室\n|公开标准|司法局\n表后"
	if got := lines(layOut([]leaf{first})); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	joined := "|序号|任务和单位(1x2)\n|一(2x1)|公开目录|办公室\n|公开标准|司法局\n|一(2x1)|公开目录|办公室\n|公开标准|司法局"
	if got := lines(layOut([]leaf{ruledPage(600, cells(600)...), second})); got != joined {
		t.Errorf("over two pages: got\n%s\nwant\n%s", got, joined)
	}
}

func TestPageNumber(t *testing.T) {
	for s, want := range map[string]bool{
		"— 3 —": true, "-12-": true, "第 3 页 共 5 页": true, "3/5": true, "１": true, "第三页": true, "·2·": true, "iv": true,
		"2021年": false, "一、总体要求": false, "共 5 页说明": false, "附件1": false,
	} {
		if got := pageNumber.MatchString(s); got != want {
			t.Errorf("pageNumber(%q) = %v, want %v", s, got, want)
		}
	}
}

func TestOverprintIsReadOnce(t *testing.T) {
	p := sheetOf([4]any{80.0, 200.0, 16.0, "加粗"}, [4]any{80.4, 200.0, 16.0, "加粗"}, [4]any{200.0, 200.0, 16.0, "word next"})
	if got, want := lines(layOut([]leaf{p})), "加粗 word next"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
