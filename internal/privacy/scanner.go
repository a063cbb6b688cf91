package privacy

import (
	"slices"
	"sort"
	"strings"
)

// scanner collects what the detectors find in one flow.
type scanner struct {
	*flow
	rows  []row
	facts []int        // where sensitive facts are named, in order
	items map[int]bool // rows that are items of lists with a sensitive heading
	hits  []hit
}

func (s *scanner) add(k Kind, start, end int, masked string) {
	s.hits = append(s.hits, hit{k, start, end, masked})
}

// rowAt is the index of the row of rune i.
func (s *scanner) rowAt(i int) int {
	return min(sort.Search(len(s.rows), func(k int) bool { return s.rows[k].end >= i }), len(s.rows)-1)
}

// where gives the row of rune i, and the number and bounds of its cell.
func (s *scanner) where(i int) (r row, n int, c cell) {
	r = s.rows[s.rowAt(i)]
	for n, c = range r.cells {
		if i <= c.end {
			return r, n, c
		}
	}
	return r, n, c
}

// labelReach is how far before a number its label is looked for, in runes.
const labelReach = 18

// label says what a passage is: the words of its clause just before it, else
// the name of its column.
func (s *scanner) label(start int) string {
	r, n, c := s.where(start)
	from := max(c.start, start-labelReach)
	before := s.fold[from:start]
	for i := len(before) - 1; i >= 0; i-- {
		if slices.Contains(clauseEnds, before[i]) {
			before = before[i+1:]
			break
		}
	}
	own := strings.TrimRight(string(before), ":： *_")
	if own != "" && strings.IndexFunc(own, isHan) >= 0 {
		return own
	}
	return r.table.label(n) + own
}

// clauseEnds divide what belongs to one number from what belongs to another.
var clauseEnds = []rune("。；;，,、\n\t（(【[|“《\v")

// before gives up to n folded runes of the same line before start.
func (s *scanner) before(start, n int) string {
	from := max(0, start-n)
	for i := start; i > from; i-- {
		if s.fold[i-1] == '\n' {
			from = i
		}
	}
	return string(s.fold[from:start])
}

// after gives up to n folded runes of the same line after end.
func (s *scanner) after(end, n int) string {
	to := min(len(s.fold), end+n)
	if k := slices.Index(s.fold[end:to], '\n'); k >= 0 {
		to = end + k
	}
	return string(s.fold[end:to])
}

// peek is the folded rune at i, 0 outside.
func (s *scanner) peek(i int) rune {
	if i < 0 || i >= len(s.fold) {
		return 0
	}
	return s.fold[i]
}

func isDigit(r rune) bool  { return '0' <= r && r <= '9' }
func isLetter(r rune) bool { return 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' }
func isAlnum(r rune) bool  { return isDigit(r) || isLetter(r) }
func isHan(r rune) bool {
	return 0x4E00 <= r && r <= 0x9FFF || 0x3400 <= r && r <= 0x4DBF || 0x20000 <= r && r <= 0x2FA1F
}

// maskMiddle stars the digits and letters between the first head and the last
// tail of them; what divides them stays, and so does the length.
func maskMiddle(text []rune, head, tail int) string {
	total := 0
	for _, r := range text {
		if isAlnum(foldRune(r)) || isHan(r) {
			total++
		}
	}
	out := make([]rune, len(text))
	n := 0
	for i, r := range text {
		out[i] = r
		if isAlnum(foldRune(r)) || isHan(r) {
			if n >= head && n < total-tail {
				out[i] = '*'
			}
			n++
		}
	}
	return string(out)
}
