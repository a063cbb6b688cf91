package civil

import "time"

// Clock tells the present instant. It is injected, so that a deadline can be
// tested and a year can be played in a second. It must be safe for concurrent
// use.
type Clock func() time.Time

// System is the machine's clock.
func System() time.Time { return time.Now() }

// Fixed is a clock that stands still.
func Fixed(t time.Time) Clock { return func() time.Time { return t } }

// Starting is a clock that runs at real speed from t on.
func Starting(t time.Time) Clock {
	began := time.Now()
	return func() time.Time { return t.Add(time.Since(began)) }
}

// Today is the day it is in China by this clock.
func (c Clock) Today() Date { return DateOf(c()) }
