package sim

import (
	"sync/atomic"
	"time"

	"gongkai/internal/civil"
)

// demoInstant is when the demonstration stands still: the year of the plan is
// over, yearly reports fall due within days, and one regulation is published
// but not yet in force.
var demoInstant = time.Date(2022, time.January, 19, 10, 0, 0, 0, civil.China)

// Clock is the demonstration's clock: it stands still on a working day soon
// after the year of the work plan.
func Clock() civil.Clock { return civil.Fixed(demoInstant) }

// Timeline is a clock whose hands City moves while it plays; before and
// afterwards it shows the same as Clock. Open the database with its Now. The
// zero value is ready, and safe for concurrent use.
type Timeline struct {
	moved atomic.Pointer[time.Time] // nil: at rest
}

// Now is the civil.Clock of the timeline.
func (t *Timeline) Now() time.Time {
	if at := t.moved.Load(); at != nil {
		return *at
	}
	return demoInstant
}

func (t *Timeline) today() civil.Date { return civil.DateOf(t.Now()) }

func (t *Timeline) set(at time.Time) { t.moved.Store(&at) }
func (t *Timeline) rest()            { t.moved.Store(nil) }
