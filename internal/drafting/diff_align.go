package drafting

import "slices"

// match pairs line i of the old body with line j of the new one; -1 is none.
type match struct{ i, j int }

// align pairs the lines of two bodies in their order: equal ones by what both
// sides have once (patience), and between those the most similar ones.
func align(a, b []strip) []match {
	var list []match
	alignSpan(a, b, 0, 0, &list)
	return list
}

// alignSpan aligns a and b, which begin at i0 and j0.
func alignSpan(a, b []strip, i0, j0 int, list *[]match) {
	for len(a) > 0 && len(b) > 0 && a[0].key == b[0].key {
		*list = append(*list, match{i0, j0})
		a, b, i0, j0 = a[1:], b[1:], i0+1, j0+1
	}
	var tail []match
	for len(a) > 0 && len(b) > 0 && a[len(a)-1].key == b[len(b)-1].key {
		a, b = a[:len(a)-1], b[:len(b)-1]
		tail = append(tail, match{i0 + len(a), j0 + len(b)})
	}
	if anchors := commonOnce(a, b); len(anchors) > 0 {
		i, j := 0, 0
		for _, m := range anchors {
			alignSpan(a[i:m.i], b[j:m.j], i0+i, j0+j, list)
			*list = append(*list, match{i0 + m.i, j0 + m.j})
			i, j = m.i+1, m.j+1
		}
		alignSpan(a[i:], b[j:], i0+i, j0+j, list)
	} else {
		pairSimilar(a, b, i0, j0, list)
	}
	slices.Reverse(tail)
	*list = append(*list, tail...)
}

// commonOnce finds the longest run of lines that both sides have exactly once,
// in the same order.
func commonOnce(a, b []strip) []match {
	type seen struct{ inA, inB, i, j int }
	keys := map[string]*seen{}
	for i, s := range a {
		k := keys[s.key]
		if k == nil {
			k = new(seen)
			keys[s.key] = k
		}
		k.inA++
		k.i = i
	}
	for j, s := range b {
		if k := keys[s.key]; k != nil {
			k.inB++
			k.j = j
		}
	}
	var once []match
	for i, s := range a {
		if k := keys[s.key]; k.inA == 1 && k.inB == 1 {
			once = append(once, match{i, k.j})
		}
	}
	return longestRising(once)
}

// longestRising is the longest subsequence whose j rise; the i rise already.
func longestRising(list []match) []match {
	var tops []int // index of the smallest last element for each length
	back := make([]int, len(list))
	for at, m := range list {
		n, _ := slices.BinarySearchFunc(tops, m.j, func(t, j int) int { return list[t].j - j })
		back[at] = -1
		if n > 0 {
			back[at] = tops[n-1]
		}
		if n == len(tops) {
			tops = append(tops, at)
		} else {
			tops[n] = at
		}
	}
	if len(tops) == 0 {
		return nil
	}
	var out []match
	for at := tops[len(tops)-1]; at >= 0; at = back[at] {
		out = append(out, list[at])
	}
	slices.Reverse(out)
	return out
}

const (
	alike     = 0.4     // similarity from which two lines count as one that was changed
	maxPairs  = 160_000 // pairs of lines that are all compared; beyond, only neighbours
	neighbour = 8
)

// pairSimilar pairs lines without common ones between them: the pairing with
// the greatest similarity in all that keeps the order.
func pairSimilar(a, b []strip, i0, j0 int, list *[]match) {
	ga, gb := grams(a), grams(b)
	reach := max(len(a), len(b))
	if len(a)*len(b) > maxPairs {
		reach = neighbour
	}
	best := newGrid(len(a), len(b), reach)
	for i := len(a) - 1; i >= 0; i-- {
		from, to := best.span(i)
		for j := to - 1; j >= from; j-- {
			score := max(best.at(i+1, j), best.at(i, j+1))
			if sim := similar(a[i], b[j], ga[i], gb[j]); sim >= alike {
				score = max(score, best.at(i+1, j+1)+sim)
			}
			best.set(i, j, score)
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && best.paired(i, j, similar(a[i], b[j], ga[i], gb[j])):
			*list = append(*list, match{i0 + i, j0 + j})
			i, j = i+1, j+1
		case i < len(a) && (j == len(b) || best.at(i+1, j) >= best.at(i, j+1)):
			*list = append(*list, match{i0 + i, -1})
			i++
		default:
			*list = append(*list, match{-1, j0 + j})
			j++
		}
	}
}

// grid holds the best score of pairing a[i:] with b[j:], for j near i.
type grid struct {
	rows, columns, reach int
	cells                []float64
}

func newGrid(rows, columns, reach int) *grid {
	g := &grid{rows: rows, columns: columns, reach: reach}
	g.cells = make([]float64, (rows+1)*(g.width()))
	return g
}

func (g *grid) width() int { return min(2*g.reach+2, g.columns+g.reach+2) }

// span is the part of row i that is looked at.
func (g *grid) span(i int) (from, to int) { return max(0, i-g.reach), min(g.columns, i+g.reach+1) }

func (g *grid) at(i, j int) float64 {
	from, to := g.span(i)
	if i >= g.rows || j < from || j >= to {
		return 0
	}
	return g.cells[i*g.width()+j-from]
}

func (g *grid) set(i, j int, score float64) {
	from, _ := g.span(i)
	g.cells[i*g.width()+j-from] = score
}

// paired tells whether the best pairing takes i and j together.
func (g *grid) paired(i, j int, sim float64) bool {
	from, to := g.span(i)
	return sim >= alike && j >= from && j < to && g.at(i, j) == g.at(i+1, j+1)+sim
}

// grams are the pairs of neighbouring characters of each line, sorted.
func grams(list []strip) [][]uint64 {
	out := make([][]uint64, len(list))
	for i, s := range list {
		var last rune
		for _, r := range s.key {
			out[i] = append(out[i], uint64(last)<<32|uint64(r))
			last = r
		}
		slices.Sort(out[i])
	}
	return out
}

// similar is the share of pairs of characters that two lines have in common, 0
// to 1. A row is never like a paragraph.
func similar(a, b strip, ga, gb []uint64) float64 {
	if a.row != b.row || len(ga)+len(gb) == 0 {
		return 0
	}
	common, i, j := 0, 0, 0
	for i < len(ga) && j < len(gb) {
		switch {
		case ga[i] == gb[j]:
			common, i, j = common+1, i+1, j+1
		case ga[i] < gb[j]:
			i++
		default:
			j++
		}
	}
	return 2 * float64(common) / float64(len(ga)+len(gb))
}
