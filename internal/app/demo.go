package app

import (
	"context"
	"fmt"
	"io"

	"gongkai/internal/sim"
)

// fillDemo makes the demo city where it is not there yet; progress, where
// given, hears how far that is.
func (a *App) fillDemo(ctx context.Context, timeline *sim.Timeline, progress io.Writer) error {
	last := -1
	err := sim.City(ctx, sim.Deps{
		DB: a.DB, Clock: timeline, Units: a.Units, Channels: a.Channels, Obligations: a.Obligations,
		Publications: a.Publications, Blobs: a.Blobs, Calendar: a.Calendar,
	}, sim.Seed, func(done, total int) {
		if percent := done * 100 / max(total, 1); progress != nil && percent/10 != last/10 {
			last = percent
			fmt.Fprintf(progress, "正在建演示城市：%d%%\n", percent)
		}
	})
	if err != nil {
		return err
	}
	if err := sim.People(ctx, a.DB, a.Units, a.Access); err != nil {
		return err
	}
	return sim.Drafts(ctx, a.DB, a.Access, a.Drafts)
}
