package sim

import (
	"hash/fnv"
	"math/rand/v2"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/law"
)

// dice are the chances of one thing, named by words: they depend on the seed
// and the name alone, so that adding a series leaves all others as they were.
type dice struct{ *rand.Rand }

func newDice(seed uint64, name ...string) dice {
	h := fnv.New64a()
	for _, word := range name {
		h.Write([]byte(word + "\x00"))
	}
	return dice{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// between is a number from low to high, both included.
func (d dice) between(low, high int) int { return low + d.IntN(high-low+1) }

// oneIn is true once in n times.
func (d dice) oneIn(n int) bool { return d.IntN(n) == 0 }

// split cuts a total into n parts of similar size that add up to it.
func (d dice) split(total, n int) []int {
	parts := make([]int, n)
	weights, sum := make([]int, n), 0
	for i := range weights {
		weights[i] = d.between(60, 140)
		sum += weights[i]
	}
	left := total
	for i := range parts[:n-1] {
		parts[i] = total * weights[i] / sum
		left -= parts[i]
	}
	parts[n-1] = left
	return parts
}

// officeHours is a moment of the first working day that is not before day.
func (d dice) officeHours(c *law.Calendar, day civil.Date) time.Time {
	day = c.AddWorkdays(day.AddDays(-1), 1)
	minute := d.between(0, 3*60+29) // 8:40 to 12:10
	if d.oneIn(2) {
		minute += 6 * 60 // 14:40 to 18:10
	}
	return day.Start().Add(8*time.Hour + 40*time.Minute + time.Duration(minute)*time.Minute)
}
