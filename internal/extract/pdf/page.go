package pdf

import (
	"math"
	"unicode/utf16"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"gongkai/internal/fault"
)

// turn is a quarter turn clockwise that brings text upright: 0 to 3.
type turn int

// mark is a character as the file places it: the origin at the bottom left, y
// upwards.
type mark struct {
	r                        rune
	left, bottom, right, top float64 // the room that its font gives it
	size                     float64
	turn                     turn
	slanted                  bool
}

func readPage(engine pdfium.Pdfium, doc references.FPDF_DOCUMENT, index, most int, limits Limits) (Page, error) {
	loaded, err := engine.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: doc, Index: index})
	if err != nil {
		return Page{}, badPage(index, err)
	}
	page := requests.Page{ByReference: &loaded.Page}
	defer engine.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page})
	box, err := engine.FPDF_GetPageBoundingBox(&requests.FPDF_GetPageBoundingBox{Page: page})
	if err != nil {
		return Page{}, badPage(index, err)
	}
	v := view{left: float64(box.Rect.Left), bottom: float64(box.Rect.Bottom), right: float64(box.Rect.Right), top: float64(box.Rect.Top)}
	var p Page
	marks, err := readMarks(engine, page, most, &p)
	if err != nil {
		if _, ok := fault.Of(err); ok {
			return Page{}, err
		}
		return Page{}, badPage(index, err)
	}
	v.turn = upright(marks)
	p.Width, p.Height = v.size()
	for _, m := range marks {
		if m.slanted || m.turn != v.turn {
			p.Slanted++
			continue
		}
		p.Glyphs = append(p.Glyphs, v.glyph(m))
	}
	readObjects(engine, page, v, limits.Rules, &p)
	return p, nil
}

func badPage(index int, cause error) error {
	return fault.New(fault.Invalid, "file_broken", "PDF 的第 %d 页已损坏，读不下去。请用阅读软件打开确认，重新导出一份再交。", index+1).Because(cause)
}

// readMarks reads the characters of a page.
func readMarks(engine pdfium.Pdfium, page requests.Page, most int, p *Page) ([]mark, error) {
	loaded, err := engine.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: page})
	if err != nil {
		return nil, err
	}
	text := loaded.TextPage
	defer engine.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text})
	count, err := engine.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text})
	if err != nil {
		return nil, err
	}
	if count.Count > most {
		return nil, fault.New(fault.TooLarge, "file_too_large", "PDF 的文字过多，已停止读取。请拆成几份再交。")
	}
	marks := make([]mark, 0, max(count.Count, 0))
	var high rune // the first half of a pair
	var last mark
	for i := range count.Count {
		got, err := engine.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: text, Index: i})
		if err != nil {
			return nil, err
		}
		r := rune(got.Unicode)
		switch {
		case utf16.IsSurrogate(r) && r < 0xDC00:
			high = r
			continue
		case utf16.IsSurrogate(r):
			r = utf16.DecodeRune(high, r)
		case r == '\r' || r == '\n' || r == 0xFFFE || isBlank(r) && generated(engine, text, i):
			continue
		}
		m, err := readMark(engine, text, i, r, last)
		if err != nil {
			return nil, err
		}
		last = m
		if r == 0 || r == '\ufffd' || 0xE000 <= r && r <= 0xF8FF || r < ' ' && r != '\t' {
			p.Unknown++
			continue
		}
		marks = append(marks, m)
	}
	return marks, nil
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' || r == '\u00a0' || r == '　' }

// generated tells a blank that the engine put between words from one that is
// drawn.
func generated(engine pdfium.Pdfium, text references.FPDF_TEXTPAGE, i int) bool {
	got, err := engine.FPDFText_IsGenerated(&requests.FPDFText_IsGenerated{TextPage: text, Index: i})
	return err != nil || got.IsGenerated
}

// readMark reads one character. Every question to the engine costs, so the
// size and direction of a character that goes on with the line of last, in
// equal room, are those of last.
func readMark(engine pdfium.Pdfium, text references.FPDF_TEXTPAGE, i int, r rune, last mark) (m mark, err error) {
	m.r = r
	box, err := engine.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: text, Index: i})
	if err != nil {
		return m, err
	}
	m.left, m.bottom, m.right, m.top = float64(box.Rect.Left), float64(box.Rect.Bottom), float64(box.Rect.Right), float64(box.Rect.Top)
	if m.follows(last) {
		m.size, m.turn, m.slanted = last.size, last.turn, last.slanted
		return m, nil
	}
	size, err := engine.FPDFText_GetFontSize(&requests.FPDFText_GetFontSize{TextPage: text, Index: i})
	if err != nil {
		return m, err
	}
	got, err := engine.FPDFText_GetMatrix(&requests.FPDFText_GetMatrix{TextPage: text, Index: i})
	if err != nil {
		return m, err
	}
	m.size = size.FontSize * math.Hypot(float64(got.Matrix.C), float64(got.Matrix.D))
	m.turn, m.slanted = direction(float64(got.Matrix.A), float64(got.Matrix.B))
	if long := max(m.right-m.left, m.top-m.bottom); long > widest*m.size && m.size > 0 {
		return inked(engine, text, i, m)
	}
	return m, nil
}

// widest is the greatest room of a character, in sizes. Fonts set downwards
// state more.
const widest = 2.5

// inked takes the room that the character's drawing fills.
func inked(engine pdfium.Pdfium, text references.FPDF_TEXTPAGE, i int, m mark) (mark, error) {
	box, err := engine.FPDFText_GetCharBox(&requests.FPDFText_GetCharBox{TextPage: text, Index: i})
	if err != nil {
		return m, err
	}
	m.left, m.bottom, m.right, m.top = box.Left, box.Bottom, box.Right, box.Top
	return m, nil
}

// follows tells whether m stands right behind last on an upright line, in room
// of the same height and width.
func (m mark) follows(last mark) bool {
	const equal = 0.02
	width := last.right - last.left
	return last.turn == 0 && !last.slanted && last.size > 0 &&
		math.Abs(m.bottom-last.bottom) < equal && math.Abs(m.top-last.top) < equal &&
		math.Abs(m.right-m.left-width) < equal && math.Abs(m.left-last.right) < width
}

// direction reads which way a line runs; slanted is more than 3 degrees off.
func direction(a, b float64) (t turn, slanted bool) {
	long, short := math.Abs(a), math.Abs(b)
	t = 0
	if short > long {
		long, short = short, long
		t = 1
		if b < 0 {
			t = 3
		}
	} else if a < 0 {
		t = 2
	}
	return t, short > long*0.05
}

// upright is the turn that most of the text asks for.
func upright(marks []mark) turn {
	var count [4]int
	for _, m := range marks {
		if !m.slanted {
			count[m.turn]++
		}
	}
	best := turn(0)
	for t, n := range count {
		if n > count[best] {
			best = turn(t)
		}
	}
	return best
}

// view maps the file's coordinates to the page as it is read.
type view struct {
	left, bottom, right, top float64
	turn                     turn
}

func (v view) size() (width, height float64) {
	w, h := v.right-v.left, v.top-v.bottom
	if v.turn%2 == 1 {
		return h, w
	}
	return w, h
}

func (v view) point(x, y float64) (float64, float64) {
	switch v.turn {
	case 1:
		return y - v.bottom, x - v.left
	case 2:
		return v.right - x, y - v.bottom
	case 3:
		return v.top - y, v.right - x
	}
	return x - v.left, v.top - y
}

func (v view) glyph(m mark) Glyph {
	x0, y0 := v.point(m.left, m.bottom)
	x1, y1 := v.point(m.right, m.top)
	return Glyph{R: m.r, X0: min(x0, x1), X1: max(x0, x1), Base: max(y0, y1), Size: m.size}
}
