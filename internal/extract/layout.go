package extract

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"gongkai/internal/extract/pdf"
)

// Files that only say where characters stand — PDF and OFD — are read the same
// way: characters become lines, lines paragraphs, ruled lines tables. Lengths
// are points from the top left of a page.
type (
	leaf  = pdf.Page
	glyph = pdf.Glyph
	rule  = pdf.Rule
)

// textLine is one printed line, or the part of one within a column.
type textLine struct {
	page        int
	text        string
	x0, x1      float64
	base, size  float64
	first       float64 // width of its first word, the least that would have moved up
	left, right float64 // the margins it stands between
	pieces      []piece // parts with wide gaps between
}

// piece is a part of a line without a wide gap.
type piece struct {
	glyphs []glyph
	x0, x1 float64
}

// item is what follows each other on a page: a line or a table.
type item struct {
	line  textLine
	table *ruledTable
}

// layOut reads pages into blocks.
func layOut(pages []leaf) []Block {
	var items []item
	perPage := make([][]item, len(pages))
	for i := range pages {
		perPage[i] = pageItems(i, &pages[i])
	}
	dropFurniture(perPage, pages)
	for _, on := range perPage {
		items = append(items, on...)
	}
	items = joinTables(items)
	return paragraphs(items)
}

// pageItems gives the lines and tables of a page as they are read.
func pageItems(index int, p *leaf) []item {
	tables, rest := takeTables(index, p)
	lines := toLines(index, rest)
	var items []item
	top := math.Inf(-1)
	for _, t := range tables { // lines above each table are read before it
		var above []textLine
		for _, l := range lines {
			if top <= l.base && l.base < t.top() {
				above = append(above, l)
			}
		}
		items = append(items, readColumns(above)...)
		items = append(items, item{table: t})
		top = t.top()
	}
	var below []textLine
	for _, l := range lines {
		if l.base >= top {
			below = append(below, l)
		}
	}
	return append(items, readColumns(below)...)
}

// toLines groups characters into lines from top to bottom.
func toLines(page int, glyphs []glyph) []textLine {
	glyphs = slices.Clone(glyphs)
	slices.SortStableFunc(glyphs, func(a, b glyph) int { return cmp.Compare(a.Base, b.Base) })
	var lines []textLine
	for start := 0; start < len(glyphs); {
		end, base := start+1, glyphs[start].Base
		for end < len(glyphs) && glyphs[end].Base-base <= 0.4*min(glyphs[end].Size, glyphs[start].Size) {
			end++
			base += (glyphs[end-1].Base - base) / float64(end-start)
		}
		if l, ok := newLine(page, glyphs[start:end]); ok {
			lines = append(lines, l)
		}
		start = end
	}
	return lines
}

// newLine makes a line of the characters that stand on it; ok is false where
// all are blank.
func newLine(page int, glyphs []glyph) (l textLine, ok bool) {
	slices.SortStableFunc(glyphs, func(a, b glyph) int { return cmp.Compare(a.X0, b.X0) })
	glyphs = dropOverprint(glyphs)
	for len(glyphs) > 0 && isBlankRune(glyphs[0].R) {
		glyphs = glyphs[1:]
	}
	for len(glyphs) > 0 && isBlankRune(glyphs[len(glyphs)-1].R) {
		glyphs = glyphs[:len(glyphs)-1]
	}
	if len(glyphs) == 0 {
		return l, false
	}
	l = textLine{page: page, size: commonSize(glyphs), x0: glyphs[0].X0, base: glyphs[0].Base}
	for _, g := range glyphs {
		l.x1 = max(l.x1, g.X1)
	}
	l.text, l.pieces = spell(glyphs, l.size)
	l.first = firstWord(glyphs)
	return l, true
}

func isBlankRune(r rune) bool { return strings.ContainsRune(blanks, r) }

// oneSign are characters that fonts draw two of as one.
const oneSign = "—…–─-"

// dropOverprint drops characters drawn twice in one place to look bold.
func dropOverprint(glyphs []glyph) []glyph {
	kept := glyphs[:0]
	for _, g := range glyphs {
		twice := false
		for i := len(kept) - 1; i >= 0 && i >= len(kept)-3; i-- {
			twice = twice || kept[i].R == g.R && !strings.ContainsRune(oneSign, g.R) && math.Abs(kept[i].X0-g.X0) < 0.15*g.Size
		}
		if !twice {
			kept = append(kept, g)
		}
	}
	return kept
}

// commonSize is the size that takes most of a line's width.
func commonSize(glyphs []glyph) float64 {
	widths := make(map[float64]float64)
	for _, g := range glyphs {
		if !isBlankRune(g.R) {
			widths[roundSize(g.Size)] += max(g.X1-g.X0, 0.1)
		}
	}
	best := 0.0
	for size, w := range widths {
		if w > widths[best] || w == widths[best] && size > best {
			best = size
		}
	}
	return max(best, 1)
}

func roundSize(size float64) float64 { return math.Round(size*4) / 4 }

// wideGap is the gap, in sizes, that divides a line into pieces.
const wideGap = 1.6

// spell gives the text of a line. Blanks that are drawn are kept; where none
// is drawn, a gap makes one: of a fifth of the size between words in letters,
// of a whole size between Chinese characters, which are often set apart.
func spell(glyphs []glyph, size float64) (string, []piece) {
	var b strings.Builder
	pieces := []piece{{x0: glyphs[0].X0}}
	var last glyph // the last that is not blank
	blank := false
	for i, g := range glyphs {
		if isBlankRune(g.R) {
			if g.R != '\u200b' && g.R != '\ufeff' {
				b.WriteRune(g.R)
				blank = true
			}
			continue
		}
		if i > 0 {
			gap := g.X0 - last.X1
			need := size
			if isWordRune(last.R) && isWordRune(g.R) {
				need = 0.2 * size
			}
			if gap > need && !blank {
				b.WriteByte(' ')
			}
			if gap > wideGap*size {
				pieces = append(pieces, piece{x0: g.X0})
			}
		}
		p := &pieces[len(pieces)-1]
		p.glyphs, p.x1 = append(p.glyphs, g), max(p.x1, g.X1)
		b.WriteRune(g.R)
		last, blank = g, false
	}
	return cleanText(b.String()), pieces
}

// isWordRune tells letters and digits that are set in words.
func isWordRune(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || 0xC0 <= r && r < 0x500 && r != '×' && r != '÷'
}

// firstWord is the width of a line's first word.
func firstWord(glyphs []glyph) float64 {
	end := 0
	for end < len(glyphs) && isWordRune(glyphs[end].R) {
		end++
	}
	end = max(end, 1)
	return glyphs[end-1].X1 - glyphs[0].X0
}
