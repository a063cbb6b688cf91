package extract

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// paragraphs joins lines into paragraphs and headings.
func paragraphs(items []item) []Block {
	s := measureSetting(items)
	var blocks []Block
	var open []textLine
	flush := func() {
		if len(open) > 0 {
			blocks = append(blocks, s.block(open))
		}
		open = nil
	}
	for _, it := range items {
		if it.table != nil {
			flush()
			blocks = append(blocks, Block{Kind: Table, Rows: it.table.rows})
			continue
		}
		if len(open) > 0 && s.begins(open[len(open)-1], it.line) {
			flush()
		}
		open = append(open, it.line)
	}
	flush()
	return blocks
}

// setting is how a document is set: the size of its running text, the usual
// distance of its lines, and the sizes of its headings, greatest first.
type setting struct {
	body     float64
	leading  float64
	headings []float64
}

// headingRatio is how much greater than running text headings are set.
const headingRatio = 1.12

func measureSetting(items []item) setting {
	var s setting
	widths, steps := make(map[float64]float64), make(map[float64]int)
	for i, it := range items {
		if it.table != nil {
			continue
		}
		widths[it.line.size] += it.line.x1 - it.line.x0
		if i > 0 && items[i-1].table == nil && items[i-1].line.page == it.line.page {
			if step := it.line.base - items[i-1].line.base; step > 0 && sameSize(it.line.size, items[i-1].line.size) {
				steps[math.Round(step)]++
			}
		}
	}
	for size, w := range widths {
		if w > widths[s.body] || w == widths[s.body] && size < s.body {
			s.body = size
		}
	}
	for step, n := range steps {
		if n > steps[s.leading] || n == steps[s.leading] && step < s.leading {
			s.leading = step
		}
	}
	for size := range widths {
		if size > s.body*headingRatio {
			s.headings = append(s.headings, size)
		}
	}
	slices.SortFunc(s.headings, func(a, b float64) int { return int(math.Round((b - a) * 4)) })
	return s
}

func sameSize(a, b float64) bool { return math.Abs(a-b) <= 0.1*max(a, b) }

// opens is what begins paragraphs of official documents.
var opens = regexp.MustCompile(`^(第[一二三四五六七八九十百千零〇0-9]+[编章节条][\s　]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十0-9]+[）)]|[0-9]{1,2}[.．、][^0-9]|附件|抄送|.{2,40}日印发$)`)

// alone is what always stands on a line of its own: a day, the head of a table
// of contents, a chapter.
var alone = regexp.MustCompile(`^(?:[12二][0-9〇○零一二三四五六七八九\s]{3,7}年[\s0-9一二三四五六七八九十]{1,5}月[\s0-9一二三四五六七八九十]{1,5}日|目[\s　]*录|第[一二三四五六七八九十]{1,3}章[\s　]+\p{Han}{1,12})$`)

// begins tells whether line l begins a paragraph behind line p.
func (s setting) begins(p, l textLine) bool {
	if !sameSize(p.size, l.size) {
		return true
	}
	step := l.base - p.base
	near := l.page == p.page && step > 0
	usual := min(max(s.leading, 1.1*l.size), 2.2*l.size)
	if near && step > 1.6*usual*max(1, l.size/max(s.body, 1)) {
		return true
	}
	if alone.MatchString(p.text) || alone.MatchString(l.text) {
		return true
	}
	if s.isTitle(p) && s.isTitle(l) {
		return !near
	}
	if p.x1+l.first+0.9*p.size < p.right { // the first word would still have had room
		return true
	}
	if near && s.goesOnCentred(p, l) {
		return false
	}
	if p.x0 > p.left+6*p.size && l.x0 < p.x0-4*p.size { // a date or a name set to the right
		return true
	}
	if l.x0 > l.left+1.2*l.size {
		return true
	}
	return opens.MatchString(l.text) && strings.ContainsAny(lastRune(p.text), "。；：")
}

// goesOnCentred tells whether l is the short rest, set in the middle, of the
// full line p.
func (s setting) goesOnCentred(p, l textLine) bool {
	middle := math.Abs((l.x0+l.x1)/2-(p.x0+p.x1)/2) < 0.75*l.size
	full := p.x1-p.x0 > 0.8*(p.right-p.left)
	return middle && full && l.x0 > l.left+2*l.size && !strings.ContainsAny(lastRune(p.text), "。；：") && !opens.MatchString(l.text)
}

// isTitle tells a line that is greater than running text and stands in the
// middle.
func (s setting) isTitle(l textLine) bool {
	middle := math.Abs((l.x0+l.x1)/2-(l.left+l.right)/2) < 1.5*l.size
	return l.size > s.body*headingRatio && middle
}

func lastRune(s string) string {
	_, n := utf8.DecodeLastRuneInString(s)
	return s[len(s)-n:]
}

// headingRunes is the longest heading.
const headingRunes = 120

func (s setting) block(lines []textLine) Block {
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteString(between(lines[i-1].text, l.text))
		}
		b.WriteString(l.text)
	}
	block := Block{Text: cleanText(b.String())}
	if size := lines[0].size; size > s.body*headingRatio && utf8.RuneCountInString(block.Text) <= headingRunes {
		block.Kind = Heading
		block.Level = min(slices.Index(s.headings, size)+1, 6)
	}
	return block
}

// between is what joins the end of a line with the next: nothing in Chinese, a
// blank between words in letters.
func between(a, b string) string {
	last, _ := utf8.DecodeLastRuneInString(a)
	first, _ := utf8.DecodeRuneInString(b)
	if isWordRune(last) && isWordRune(first) && !(isDigit(last) && isDigit(first)) {
		return " "
	}
	return ""
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }
