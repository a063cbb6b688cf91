package bleve

import (
	"cmp"
	"slices"
	"sync"
)

// scores adds up what each piece of a view gets.
type scores struct {
	sum []float32
}

// scorePool reuses the memory of scores, which is as large as the index has
// pieces.
var scorePool sync.Pool

// newScores gives scores of n pieces, all zero. Free them after use.
func newScores(n uint32) *scores {
	s, _ := scorePool.Get().(*scores)
	if s == nil || uint32(cap(s.sum)) < n {
		return &scores{sum: make([]float32, n, n+n/8)}
	}
	s.sum = s.sum[:n]
	clear(s.sum)
	return s
}

func (s *scores) free() { scorePool.Put(s) }

// scored is a piece, by its number in the whole view, and its score.
type scored struct {
	n     uint32
	score float32
}

func byScore(a, b scored) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.n, b.n))
}

// best gives the k pieces with the highest scores above zero, best first.
func (s *scores) best(k int) []scored {
	t := newTop(k, byScore)
	floor := float32(0)
	for n, x := range s.sum {
		if x <= floor {
			continue
		}
		t.add(scored{uint32(n), x})
		if t.full() {
			floor = t.heap[0].score
		}
	}
	return t.sorted()
}

// top keeps the k first of many by an order, without sorting them all.
type top[T any] struct {
	k     int
	order func(a, b T) int
	heap  []T // the last of them on top
}

func newTop[T any](k int, order func(a, b T) int) *top[T] {
	return &top[T]{k: k, order: order}
}

func (t *top[T]) full() bool { return len(t.heap) == t.k }

// add considers x.
func (t *top[T]) add(x T) {
	h := t.heap
	if len(h) < t.k {
		h = append(h, x)
		for i := len(h) - 1; i > 0; {
			up := (i - 1) / 2
			if t.order(h[up], h[i]) >= 0 {
				break
			}
			h[i], h[up] = h[up], h[i]
			i = up
		}
		t.heap = h
		return
	}
	if t.k > 0 && t.order(x, h[0]) < 0 {
		h[0] = x
		t.sink()
	}
}

// sink moves the element on top to its place.
func (t *top[T]) sink() {
	h := t.heap
	for i := 0; ; {
		down := 2*i + 1
		if down >= len(h) {
			return
		}
		if down+1 < len(h) && t.order(h[down+1], h[down]) > 0 {
			down++
		}
		if t.order(h[down], h[i]) <= 0 {
			return
		}
		h[i], h[down] = h[down], h[i]
		i = down
	}
}

// sorted gives what was kept, first first. The top is used up.
func (t *top[T]) sorted() []T {
	slices.SortFunc(t.heap, t.order)
	return t.heap
}
