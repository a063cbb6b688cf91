package extract

import (
	"slices"
	"strings"

	"gongkai/internal/document"
)

// Header is where a sheet's headings stand.
type Header struct {
	Row     int            // index of the first heading row
	Data    int            // index of the first row below the headings
	Columns map[string]int // the column, from 0, of each key that was found
	Missing []string       // keys that were not found, sorted
}

// headerRows is how far down headings are looked for.
const headerRows = 20

// HeaderIndex finds columns by their headings. want maps a key to the headings
// it may have; case, width, white space and notes in brackets (（必填）) do not
// matter. Headings of two rows, as merged cells make them, are read from the
// lower row, or from both together (责任单位牵头). The heading row is the one
// with most keys, the first of equals; where no key is found anywhere all are
// missing and Data is 0.
func HeaderIndex(rows [][]string, want map[string][]string) Header {
	best := Header{Columns: map[string]int{}}
	for i := range rows[:min(len(rows), headerRows)] {
		one := matchHeader(want, headings(rows[i], nil))
		h := Header{Row: i, Data: i + 1, Columns: one}
		if i+1 < len(rows) {
			two := matchHeader(want, headings(rows[i], rows[i+1]))
			if len(one) > 0 && (len(two) > len(one) || repeats(rows[i], rows[i+1], one)) {
				h.Data, h.Columns = i+2, two
			}
		}
		if len(h.Columns) > len(best.Columns) {
			best = h
		}
	}
	for key := range want {
		if _, ok := best.Columns[key]; !ok {
			best.Missing = append(best.Missing, key)
		}
	}
	slices.Sort(best.Missing)
	return best
}

// headings gives the names that each column may go by, the best first.
func headings(upper, lower []string) [][]string {
	names := make([][]string, max(len(upper), len(lower)))
	for i := range names {
		up, low := heading(cell(upper, i)), heading(cell(lower, i))
		switch {
		case lower == nil || low == "" || low == up:
			names[i] = []string{up}
		case up == "":
			names[i] = []string{low}
		default:
			names[i] = []string{up + low, low}
		}
	}
	return names
}

func cell(row []string, i int) string {
	if i < len(row) {
		return row[i]
	}
	return ""
}

// heading normalises a heading for comparing.
func heading(s string) string {
	s = document.Fold(s)
	if i := strings.IndexByte(s, '('); i > 0 && strings.HasSuffix(s, ")") {
		s = s[:i]
	}
	return strings.Trim(strings.ReplaceAll(s, " ", ""), "*:：、.")
}

// matchHeader gives each key the first column that has one of its headings;
// earlier synonyms win over later ones.
func matchHeader(want map[string][]string, names [][]string) map[string]int {
	found := make(map[string]int)
	for key, synonyms := range want {
		for _, s := range synonyms {
			column := slices.IndexFunc(names, func(n []string) bool { return slices.Contains(n, heading(s)) })
			if column >= 0 {
				found[key] = column
				break
			}
		}
	}
	return found
}

// repeats tells whether the lower row only goes on with headings merged from
// above: a column that was found says the same in both rows.
func repeats(upper, lower []string, found map[string]int) bool {
	for _, column := range found {
		if up := heading(cell(upper, column)); up != "" && up == heading(cell(lower, column)) {
			return true
		}
	}
	return false
}
