package workplan

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"gongkai/internal/document"
)

// text is a piece of the document twice over, rune by rune: raw as printed,
// key in half width and simplified characters. Patterns are written for the
// key; what is found is cut from raw.
type text struct{ raw, key []rune }

func newText(s string) text {
	raw := []rune(strings.TrimSpace(s))
	key := make([]rune, len(raw))
	for i, r := range raw {
		key[i] = foldRune(r)
	}
	return text{raw, key}
}

// brackets and marks that are printed in several ways, as half width.
var sameMarks = map[rune]rune{
	'【': '(', '】': ')', '〔': '(', '〕': ')', '﹝': '(', '﹞': ')',
	'︰': ':', '﹔': ';', '．': '.', '\u3000': ' ', '\u00a0': ' ', '\t': ' ',
}

// foldRune gives one rune for one rune, so that offsets hold in both texts.
func foldRune(r rune) rune {
	switch {
	case r < 0x80:
		return r
	case r >= 0xFF01 && r <= 0xFF5E:
		return r - 0xFEE0
	case sameMarks[r] != 0:
		return sameMarks[r]
	case unicode.Is(unicode.Han, r):
		if f := document.Fold(string(r)); utf8.RuneCountInString(f) == 1 {
			simple, _ := utf8.DecodeRuneInString(f)
			return simple
		}
	}
	return r
}

func (t text) len() int { return len(t.raw) }

func (t text) empty() bool { return t.len() == 0 }

// slice is the part from i to j.
func (t text) slice(i, j int) text { return text{t.raw[i:j], t.key[i:j]} }

// String is the text as printed.
func (t text) String() string { return string(t.raw) }

// trim cuts white space and the given marks from both ends.
func (t text) trim(marks string) text {
	i, j := 0, t.len()
	drop := func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(marks, r) }
	for i < j && drop(t.key[i]) {
		i++
	}
	for j > i && drop(t.key[j-1]) {
		j--
	}
	return t.slice(i, j)
}

// join puts b behind t on a new line.
func (t text) join(b text) text {
	if t.empty() || b.empty() {
		return text{append(t.raw[:t.len():t.len()], b.raw...), append(t.key[:t.len():t.len()], b.key...)}
	}
	return text{
		append(append(t.raw[:t.len():t.len()], '\n'), b.raw...),
		append(append(t.key[:t.len():t.len()], '\n'), b.key...),
	}
}

// without is t with the spans cut out; they must be in order.
func (t text) without(spans []span) text {
	var out text
	at := 0
	for _, s := range spans {
		out.raw, out.key = append(out.raw, t.raw[at:s.from]...), append(out.key, t.key[at:s.from]...)
		at = s.to
	}
	out.raw, out.key = append(out.raw, t.raw[at:]...), append(out.key, t.key[at:]...)
	return out.tidy()
}

// tidy drops lines that hold only marks, as cutting leaves them behind.
func (t text) tidy() (out text) {
	for _, line := range t.split("\n") {
		if !line.trim("。.;,、:").empty() {
			out = out.join(line)
		}
	}
	return out.trim("")
}

// span is a range of runes.
type span struct{ from, to int }

// find gives all matches of a pattern in the key; each with its groups, of
// which one that took no part is {-1, -1}.
func (t text) find(pattern *regexp.Regexp) [][]span {
	s := string(t.key)
	var found [][]span
	runes, bytes := 0, 0
	at := func(b int) int { // the offset in runes, counted from the one before
		if b < bytes {
			runes -= utf8.RuneCountInString(s[b:bytes])
		} else {
			runes += utf8.RuneCountInString(s[bytes:b])
		}
		bytes = b
		return runes
	}
	for _, m := range pattern.FindAllStringSubmatchIndex(s, -1) {
		groups := make([]span, len(m)/2)
		for g := range groups {
			if m[2*g] < 0 {
				groups[g] = span{-1, -1}
				continue
			}
			groups[g] = span{at(m[2*g]), at(m[2*g+1])}
		}
		found = append(found, groups)
	}
	return found
}

// has tells whether the pattern occurs.
func (t text) has(pattern *regexp.Regexp) bool { return pattern.MatchString(string(t.key)) }

// groups lists the outermost bracket pairs, brackets included. A bracket
// without its partner is no pair.
func (t text) groups() (list []span) {
	depth, start := 0, 0
	for i, r := range t.key {
		switch r {
		case '(':
			if depth == 0 {
				start = i
			}
			depth++
		case ')':
			if depth == 0 {
				continue
			}
			if depth--; depth == 0 {
				list = append(list, span{start, i + 1})
			}
		}
	}
	return list
}

// depths tells for every rune in how many brackets it stands.
func (t text) depths() []int {
	list := make([]int, t.len())
	depth := 0
	for i, r := range t.key {
		if r == ')' {
			depth = max(0, depth-1)
		}
		list[i] = depth
		if r == '(' {
			depth++
		}
	}
	return list
}

// split cuts at every rune that is in marks and outside brackets.
func (t text) split(marks string) (parts []text) {
	depth, at := 0, 0
	for i, r := range t.key {
		switch {
		case r == '(' || r == '《':
			depth++
		case r == ')' || r == '》':
			depth = max(0, depth-1)
		case depth == 0 && strings.ContainsRune(marks, r):
			parts = append(parts, t.slice(at, i))
			at = i + 1
		}
	}
	return append(parts, t.slice(at, t.len()))
}
