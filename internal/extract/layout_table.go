package extract

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// ruledTable is a table drawn with rules. Rows and columns lie between the
// places where rules stand.
type ruledTable struct {
	page   int
	xs, ys []float64
	rows   [][]Cell
}

func (t *ruledTable) top() float64 { return t.ys[0] }

// snap is how far apart two rules may be and still stand in one place.
const snap = 2.5

// Beyond these a page is a drawing, not a table.
const (
	maxRules       = 3000
	maxCells       = 20_000
	maxTableGlyphs = 50_000
)

// takeTables finds the tables of a page from top to bottom, and gives the
// characters that stand in none.
func takeTables(index int, p *leaf) (tables []*ruledTable, rest []glyph) {
	rest = p.Glyphs
	if len(rest) > maxTableGlyphs {
		return nil, rest
	}
	for _, group := range crossing(p.Rules) {
		g := newGrid(group)
		if g == nil {
			continue
		}
		inside, outside := g.divide(rest)
		rows, filled := g.fill(inside)
		if filled < 2 {
			continue
		}
		tables = append(tables, &ruledTable{page: index, xs: g.xs, ys: g.ys, rows: rows})
		rest = outside
	}
	slices.SortFunc(tables, func(a, b *ruledTable) int { return cmp.Compare(a.top(), b.top()) })
	return tables, rest
}

// crossing groups the rules that touch each other.
func crossing(rules []rule) [][]rule {
	if len(rules) > maxRules {
		return nil
	}
	group := make([]int, len(rules))
	for i := range group {
		group[i] = i
	}
	find := func(i int) int {
		for group[i] != i {
			group[i] = group[group[i]]
			i = group[i]
		}
		return i
	}
	for i := range rules {
		for j := range i {
			if touch(rules[i], rules[j]) {
				group[find(i)] = find(j)
			}
		}
	}
	byRoot := make(map[int][]rule)
	var roots []int
	for i, r := range rules {
		root := find(i)
		if byRoot[root] == nil {
			roots = append(roots, root)
		}
		byRoot[root] = append(byRoot[root], r)
	}
	out := make([][]rule, len(roots))
	for i, root := range roots {
		out[i] = byRoot[root]
	}
	return out
}

func touch(a, b rule) bool {
	return a.X0-snap <= b.X1 && b.X0-snap <= a.X1 && a.Y0-snap <= b.Y1 && b.Y0-snap <= a.Y1
}

func level(r rule) bool { return r.Y0 == r.Y1 && r.X0 != r.X1 }

// grid is the skeleton of a table.
type grid struct {
	xs, ys []float64
	levels []rule
	stands []rule
	text   map[[2]int][]glyph // by row and column
}

// newGrid makes a grid of rules that touch; nil where they are no table. Sides
// that are left open, as many tables have them, are closed.
func newGrid(rules []rule) *grid {
	g := &grid{text: make(map[[2]int][]glyph)}
	left, right, top, foot := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, r := range rules {
		if level(r) {
			g.levels = append(g.levels, r)
			g.ys = append(g.ys, r.Y0)
			left, right = min(left, r.X0), max(right, r.X1)
		} else {
			g.stands = append(g.stands, r)
			g.xs = append(g.xs, r.X0)
			top, foot = min(top, r.Y0), max(foot, r.Y1)
		}
	}
	if len(g.levels) < 2 || len(g.stands) < 1 {
		return nil
	}
	g.xs, g.ys = places(append(g.xs, left, right)), places(append(g.ys, top, foot))
	nx, ny := len(g.xs)-1, len(g.ys)-1
	if nx < 1 || ny < 1 || nx*ny < 2 || nx*ny > maxCells {
		return nil
	}
	return g
}

// places merges what lies within snap of each other.
func places(at []float64) []float64 {
	slices.Sort(at)
	var out []float64
	for _, x := range at {
		if len(out) == 0 || x-out[len(out)-1] > snap*1.5 {
			out = append(out, x)
		}
	}
	return out
}

// divide gives the characters within the grid and those without.
func (g *grid) divide(glyphs []glyph) (inside, outside []glyph) {
	for _, c := range glyphs {
		x, y := (c.X0+c.X1)/2, c.Base-0.4*c.Size
		if g.xs[0] <= x && x <= g.xs[len(g.xs)-1] && g.ys[0] <= y && y <= g.ys[len(g.ys)-1] {
			inside = append(inside, c)
		} else {
			outside = append(outside, c)
		}
	}
	return inside, outside
}

// wall tells whether an upright rule stands right of column c beside row r.
func (g *grid) wall(r, c int) bool {
	x, y := g.xs[c+1], (g.ys[r]+g.ys[r+1])/2
	return slices.ContainsFunc(g.stands, func(s rule) bool {
		return math.Abs(s.X0-x) <= snap*1.5 && s.Y0-snap <= y && y <= s.Y1+snap
	})
}

// floor tells whether a level rule lies below row r under column c.
func (g *grid) floor(r, c int) bool {
	x, y := (g.xs[c]+g.xs[c+1])/2, g.ys[r+1]
	return slices.ContainsFunc(g.levels, func(l rule) bool {
		return math.Abs(l.Y0-y) <= snap*1.5 && l.X0-snap <= x && x <= l.X1+snap
	})
}

// fill sets the text into the cells, those without rules between them being
// one, and counts the cells that have any.
func (g *grid) fill(glyphs []glyph) (rows [][]Cell, filled int) {
	nx, ny := len(g.xs)-1, len(g.ys)-1
	for _, c := range glyphs {
		col := interval(g.xs, (c.X0+c.X1)/2)
		row := interval(g.ys, c.Base-0.4*c.Size)
		g.text[[2]int{row, col}] = append(g.text[[2]int{row, col}], c)
	}
	taken := make(map[[2]int]bool)
	for r := range ny {
		row := []Cell{}
		for c := range nx {
			if taken[[2]int{r, c}] {
				continue
			}
			w, h := g.extent(r, c, taken)
			cell := Cell{Text: g.cellText(r, c, w, h)}
			if w > 1 {
				cell.ColSpan = w
			}
			if h > 1 {
				cell.RowSpan = h
			}
			if cell.Text != "" {
				filled++
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	return rows, filled
}

// extent is how many columns and rows the cell at r, c covers; it takes them.
func (g *grid) extent(r, c int, taken map[[2]int]bool) (w, h int) {
	nx, ny := len(g.xs)-1, len(g.ys)-1
	w, h = 1, 1
	for c+w < nx && !g.wall(r, c+w-1) && !taken[[2]int{r, c + w}] {
		w++
	}
	for r+h < ny && !g.floored(r+h-1, c, w) {
		h++
	}
	for i := range h {
		for j := range w {
			taken[[2]int{r + i, c + j}] = true
		}
	}
	return w, h
}

// floored tells whether any rule lies below row r under w columns from c, or
// the row beneath is divided there.
func (g *grid) floored(r, c, w int) bool {
	for j := range w {
		if g.floor(r, c+j) || j < w-1 && g.wall(r+1, c+j) {
			return true
		}
	}
	return false
}

func interval(at []float64, x float64) int {
	i, _ := slices.BinarySearch(at, x)
	return max(0, min(i-1, len(at)-2))
}

// cellText joins the lines of a cell. A line that had room for more was ended
// on purpose, and a blank stands for its end.
func (g *grid) cellText(r, c, w, h int) string {
	var glyphs []glyph
	for i := range h {
		for j := range w {
			glyphs = append(glyphs, g.text[[2]int{r + i, c + j}]...)
		}
	}
	if len(glyphs) == 0 {
		return ""
	}
	room := g.xs[c+w] - g.xs[c]
	var b strings.Builder
	var last textLine
	for i, l := range toLines(0, glyphs) {
		if i > 0 {
			if max(last.x1-last.x0, last.size)+max(l.first, l.size)+1.2*l.size < room {
				b.WriteByte(' ')
			} else {
				b.WriteString(between(last.text, l.text))
			}
		}
		b.WriteString(l.text)
		last = l
	}
	return b.String()
}

// joinTables joins a table with the one that goes on with it at the head of
// the next page: both have the same columns. A repeated first row is dropped.
func joinTables(items []item) []item {
	var out []item
	for _, it := range items {
		if it.table == nil || len(out) == 0 || out[len(out)-1].table == nil {
			out = append(out, it)
			continue
		}
		last := out[len(out)-1].table
		if last.page+1 != it.table.page || !sameColumns(last.xs, it.table.xs) {
			out = append(out, it)
			continue
		}
		rows := it.table.rows
		if len(rows) > 1 && slices.Equal(rows[0], last.rows[0]) {
			rows = rows[1:]
		}
		last.rows = append(last.rows, rows...)
		last.page = it.table.page
	}
	return out
}

func sameColumns(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Abs(x-y) <= 2*snap })
}
