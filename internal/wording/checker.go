package wording

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
)

// Checker applies the list of expressions and the rules of form to texts. It
// does not change once made and may be shared.
type Checker struct {
	literals *index[*Entry]
	patterns []pattern
	former   *index[Former]
}

type pattern struct {
	*Entry
	re *regexp.Regexp
}

// NewChecker makes a checker of entries and names; names may be nil. An entry
// whose pattern does not compile is left out: the Store takes none in.
func NewChecker(entries []Entry, names Names) *Checker {
	c := &Checker{literals: newIndex[*Entry](), former: newIndex[Former]()}
	for i := range entries {
		e := &entries[i]
		if e.Form != Pattern {
			c.literals.add(e.Expression, e)
		} else if re, err := regexp.Compile(e.Expression); err == nil {
			c.patterns = append(c.patterns, pattern{e, re})
		}
	}
	if names != nil {
		for _, f := range names.Former() {
			if len([]rune(f.Name)) >= shortestName {
				c.former.add(f.Name, f)
			}
		}
	}
	return c
}

// Check lists the hits in the pieces of one document, in the order of pieces
// and places. The number that About states comes first, as the place 文号. It
// takes any text: bytes that are no text count as one character each.
func (c *Checker) Check(about About, pieces ...Piece) []Hit {
	var hits []Hit
	if about.Number != "" {
		r := newReading(about, Piece{"文号", about.Number}, &hits)
		r.level = Must
		eachLine(r, documentNumbers)
	}
	for _, p := range pieces {
		from := len(hits)
		r := newReading(about, p, &hits)
		c.expressions(r)
		c.formerNames(r)
		for _, rule := range formRules {
			rule.check(r)
		}
		hits = append(hits[:from], inMeasure(hits[from:])...)
		slices.SortStableFunc(hits[from:], func(a, b Hit) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	}
	return hits
}

// mostOfRule is how many hits of one rule are listed of a piece. A text that
// has a habit is told so once, not a thousand times.
const mostOfRule = 20

// inMeasure keeps the first hits of each rule, and lets the last one kept say
// how many more there are.
func inMeasure(hits []Hit) []Hit {
	count := map[string]int{}
	for _, h := range hits {
		count[h.Rule]++
	}
	seen := map[string]int{}
	kept := hits[:0]
	for _, h := range hits {
		if seen[h.Rule]++; seen[h.Rule] > mostOfRule {
			continue
		}
		if more := count[h.Rule] - mostOfRule; more > 0 && seen[h.Rule] == mostOfRule {
			h.Why += "这样的地方后面还有 " + strconv.Itoa(more) + " 处。"
		}
		kept = append(kept, h)
	}
	return kept
}

// Rule describes one rule of form, for documentation and statistics.
type Rule struct {
	Code  string
	Level Level
	Label string
	Basis string // standard; "" for custom
}

// formRule is a rule of form with what finds its hits. Some find the hits of
// several rules on one walk.
type formRule struct {
	rules []Rule
	check func(*reading)
}

var formRules = []formRule{
	{numberRules, func(r *reading) { eachLine(r, documentNumbers) }},
	{punctuationRules, func(r *reading) { eachLine(r, punctuation) }},
	{pairRules, pairs},
	{dateRules, dates},
	{figureRules, func(r *reading) { eachLine(r, figures) }},
	{doubleRules, func(r *reading) { eachLine(r, doubled) }},
}

// Rules lists the rules of form.
func Rules() []Rule {
	list := []Rule{nameRule}
	for _, f := range formRules {
		list = append(list, f.rules...)
	}
	return list
}

// reading is one piece on its way through the rules.
type reading struct {
	about About
	place string
	text  []rune
	level Level // where set, that of all hits
	hits  *[]Hit
}

func newReading(about About, p Piece, hits *[]Hit) *reading {
	return &reading{about: about, place: p.Place, text: []rune(p.Text), hits: hits}
}

// around is the number of characters of an excerpt on either side.
const around = 12

// hit notes a passage, given in runes of the piece.
func (r *reading) hit(rule Rule, start, end int, suggestion, why string) {
	h := Hit{Rule: rule.Code, Level: rule.Level, Place: r.place, Start: start, End: end, Text: string(r.text[start:end]), Suggestion: suggestion, Why: why}
	if r.level != "" {
		h.Level = r.level
	}
	h.Excerpt = string(r.text[r.bound(start, -1):r.bound(end, 1)])
	*r.hits = append(*r.hits, h)
}

// bound goes some characters from i, not over the end of the line.
func (r *reading) bound(i, step int) int {
	for n := 0; n < around; n++ {
		next := i + step
		if next < 0 || next > len(r.text) || r.text[min(i, next)] == '\n' {
			break
		}
		i = next
	}
	return i
}

// line is one line of a piece.
type line struct {
	*reading
	from int // of the piece's text
	s    []rune
}

func eachLine(r *reading, check func(line)) {
	for from := 0; from < len(r.text); {
		end := slices.Index(r.text[from:], '\n')
		if end < 0 {
			end = len(r.text) - from
		}
		if end > 0 {
			check(line{r, from, r.text[from : from+end]})
		}
		from += end + 1
	}
}

// mark notes a passage, given in runes of the line.
func (l line) mark(rule Rule, start, end int, suggestion, why string) {
	l.hit(rule, l.from+start, l.from+end, suggestion, why)
}

// at is the rune of the line at i, 0 outside of it.
func (l line) at(i int) rune {
	if i < 0 || i >= len(l.s) {
		return 0
	}
	return l.s[i]
}

// isHan tells whether r is a Chinese character, 〇 among them.
func isHan(r rune) bool {
	return 0x4e00 <= r && r <= 0x9fff || r == '〇' || 0x3400 <= r && r <= 0x4dbf
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }
