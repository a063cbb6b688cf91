package bleve

import (
	"math"
	"sync"
)

// charRarities remembers how rare single characters are. The index has only
// pairs, so a character is counted where it begins one. It is safe for
// concurrent use.
type charRarities struct {
	mu    sync.Mutex
	size  uint32 // of the view they were counted in
	known map[string]float32
}

// drift is the change in the size of the index, as a share of it, that makes
// rarities be counted again.
const drift = 0.05

// of gives the rarity of each character, a Chinese one, in view v.
func (c *charRarities) of(l *lookup, chars []weight) ([]float32, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if grown := float64(l.view.size) - float64(c.size); c.known == nil || math.Abs(grown) > drift*float64(c.size) {
		c.known, c.size = map[string]float32{}, l.view.size
	}
	out := make([]float32, len(chars))
	for i, w := range chars {
		r, ok := c.known[w.text]
		if !ok {
			t, err := l.findWord(w.text)
			if err != nil {
				return nil, err
			}
			r = rarity(int(l.view.size), t.count)
			c.known[w.text] = r
		}
		out[i] = r
	}
	return out, nil
}
