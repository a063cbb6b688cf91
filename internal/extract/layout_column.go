package extract

import "slices"

// minColumnLines is how many lines must stand beside each other to be columns
// and not words set apart.
const minColumnLines = 6

// maxColumnLines is how many lines a page with columns has at most.
const maxColumnLines = 1000

// readColumns puts the lines of a page in the order in which they are read,
// and gives each its margins.
func readColumns(lines []textLine) []item {
	gutter, from, to := findGutter(lines)
	if to == 0 {
		return toItems(withMargins(lines))
	}
	var left, right []textLine
	for _, l := range lines[from:to] {
		a, b := split(l, gutter)
		left, right = append(left, a...), append(right, b...)
	}
	items := toItems(withMargins(lines[:from]))
	items = append(items, toItems(withMargins(left))...)
	items = append(items, toItems(withMargins(right))...)
	return append(items, readColumns(lines[to:])...)
}

func toItems(lines []textLine) []item {
	items := make([]item, len(lines))
	for i, l := range lines {
		items[i] = item{line: l}
	}
	return items
}

// findGutter looks for a stretch of lines[from:to] that a gap at one place
// divides into two columns of running text; to is 0 where there is none.
func findGutter(lines []textLine) (gutter float64, from, to int) {
	if len(lines) < minColumnLines || len(lines) > maxColumnLines {
		return 0, 0, 0
	}
	most := 0
	tried := make(map[int]bool)
	for _, l := range lines {
		if len(l.pieces) != 2 {
			continue
		}
		x := (l.pieces[0].x1 + l.pieces[1].x0) / 2
		if tried[int(x)] {
			continue
		}
		tried[int(x)] = true
		for start := 0; start < len(lines); {
			end, both := start, 0
			for end < len(lines) && !crosses(lines[end], x) {
				if onBothSides(lines[end], x) {
					both++
				}
				end++
			}
			if both > most && sideBySide(lines[start:end], x, both) {
				gutter, from, to, most = x, start, end, both
			}
			start = end + 1
		}
	}
	return gutter, from, to
}

func crosses(l textLine, x float64) bool {
	return slices.ContainsFunc(l.pieces, func(p piece) bool { return p.x0 < x && x < p.x1 })
}

func onBothSides(l textLine, x float64) bool { return l.x0 < x && x < l.x1 }

// sideBySide tells columns of running text from a table without rules: most of
// their lines reach from one margin to the other. Where few lines of the two
// stand level with each other, as on two pages side by side, one of them must
// be running text.
func sideBySide(lines []textLine, x float64, both int) bool {
	var left, right []textLine
	for _, l := range lines {
		a, b := split(l, x)
		left, right = append(left, a...), append(right, b...)
	}
	if both >= minColumnLines && mostlyFull(left) && mostlyFull(right) {
		return true
	}
	const apart = 2 * minColumnLines
	return len(left) >= apart && len(right) >= apart && (mostlyFull(left) || mostlyFull(right))
}

func mostlyFull(lines []textLine) bool {
	if len(lines) == 0 {
		return false
	}
	x0, x1 := lines[0].x0, lines[0].x1
	for _, l := range lines {
		x0, x1 = min(x0, l.x0), max(x1, l.x1)
	}
	n := 0
	for _, l := range lines {
		if l.x1-l.x0 > 0.75*(x1-x0) && x1-x0 > 8*l.size {
			n++
		}
	}
	return n*2 > len(lines)
}

// split gives what of a line stands left and right of x.
func split(l textLine, x float64) (left, right []textLine) {
	var a, b []glyph
	for _, p := range l.pieces {
		if p.x1 <= x {
			a = append(a, p.glyphs...)
		} else {
			b = append(b, p.glyphs...)
		}
	}
	for i, glyphs := range [2][]glyph{a, b} {
		if part, ok := newLine(l.page, glyphs); ok {
			part.base = l.base
			if i == 0 {
				left = append(left, part)
			} else {
				right = append(right, part)
			}
		}
	}
	return left, right
}

// withMargins finds the margins of lines that stand in one column: the
// outermost places where lines really begin and end, not a stray one.
func withMargins(lines []textLine) []textLine {
	if len(lines) == 0 {
		return lines
	}
	var starts, ends []float64
	for _, l := range lines {
		starts, ends = append(starts, l.x0), append(ends, l.x1)
	}
	slices.Sort(starts)
	slices.Sort(ends)
	stray := 0 // how many may stand outside
	if len(lines) >= 20 {
		stray = 1
	}
	left, right := starts[stray], ends[len(ends)-1-stray]
	for i := range lines {
		lines[i].left, lines[i].right = left, right
	}
	return lines
}
