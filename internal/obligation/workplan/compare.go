package workplan

import (
	"fmt"
	"slices"
	"strings"

	"gongkai/internal/document"
)

// RowsDifference is what one catalogue has otherwise than another.
type RowsDifference struct {
	Missing []Row       `json:"missing,omitempty"` // only in the base
	Extra   []Row       `json:"extra,omitempty"`   // only in the other
	Changed []RowChange `json:"changed,omitempty"`
	Same    int         `json:"same"`
}

// RowChange is a row that both have, with the cells that differ.
type RowChange struct {
	Base  Row    `json:"base"`
	Row   Row    `json:"row"`
	Cells []Cell `json:"cells"`
}

// Cell is one cell that differs.
type Cell struct {
	Name string `json:"name"` // the national heading
	Old  string `json:"old"`
	New  string `json:"new"`
}

// The headings that CompareRows may be told to leave out: of catalogues of two
// levels they differ by nature.
const (
	CellBy    = "公开主体"
	CellLevel = "公开层级"
)

// rowCells are what is compared of rows that are about the same thing.
var rowCells = []struct {
	name string
	of   func(Row) string
}{
	{"公开内容", func(r Row) string { return r.Content }},
	{"公开依据", func(r Row) string { return r.Basis }},
	{"公开时限", func(r Row) string { return r.Limit }},
	{CellBy, func(r Row) string { return r.By }},
	{"公开渠道和载体", func(r Row) string { return strings.Join(r.Channels, "、") }},
	{"公开对象", func(r Row) string { return r.Audience }},
	{"公开方式", func(r Row) string { return r.Mode }},
	{CellLevel, func(r Row) string { return r.Level }},
}

// RowKeys are what the rows are about: field and items, folded. Of several rows
// about the same thing the second has #2 at its end, and so on.
func RowKeys(rows []Row) []string {
	keys, seen := make([]string, len(rows)), map[string]int{}
	for i, r := range rows {
		k := document.Fold(strings.Join([]string{r.Field, r.Level1, r.Level2, r.Level3}, "\x1f"))
		if seen[k]++; seen[k] > 1 {
			k = fmt.Sprintf("%s#%d", k, seen[k])
		}
		keys[i] = k
	}
	return keys
}

// CompareRows tells what rows has otherwise than base. Cells that differ only
// in width or spacing are the same; the named ones are not looked at.
func CompareRows(base, rows []Row, skip ...string) (d RowsDifference) {
	at := map[string]int{}
	for i, k := range RowKeys(base) {
		at[k] = i
	}
	met := make([]bool, len(base))
	for i, k := range RowKeys(rows) {
		j, ok := at[k]
		if !ok {
			d.Extra = append(d.Extra, rows[i])
			continue
		}
		met[j] = true
		if cells := compareCells(base[j], rows[i], skip); len(cells) > 0 {
			d.Changed = append(d.Changed, RowChange{base[j], rows[i], cells})
		} else {
			d.Same++
		}
	}
	for j, ok := range met {
		if !ok {
			d.Missing = append(d.Missing, base[j])
		}
	}
	return d
}

func compareCells(a, b Row, skip []string) (cells []Cell) {
	for _, c := range rowCells {
		old, now := c.of(a), c.of(b)
		if !slices.Contains(skip, c.name) && document.Fold(old) != document.Fold(now) {
			cells = append(cells, Cell{c.name, old, now})
		}
	}
	return cells
}
