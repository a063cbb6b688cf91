package sim

import (
	"context"
	"slices"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/publication"
)

// shown is a notice that was to be shown for some days only and is taken down
// afterwards.
var shown = struct {
	source string
	ends   civil.Date
	note   string
}{"hlw:zhaijidi", civil.On(2021, time.October, 19), "公示期为2021年10月9日至10月18日，已经期满，没有收到异议。"}

// checked are the interpretations that explain an amendment and so are right
// although what they lean on was changed. The one of 2018 stays flagged.
var checked = []string{"yz:tingche-xiugai:jd", "yz:kangfu:jd", "yz:linshi-xiugai:jd"}

// writeAfterwards adds what is done to records after they were published.
func (p *player) writeAfterwards() error {
	down := p.on(shown.ends, "shown")
	p.act(down, "withdraw:"+shown.source, func(ctx context.Context) error {
		r, err := p.Publications.BySource(ctx, shown.source)
		if err != nil || r.State == publication.Withdrawn {
			return err
		}
		return p.update(ctx, down, func(tx *db.Tx) error {
			return p.Publications.Withdraw(ctx, tx, r.ID, publication.ReasonOutdated, shown.note, actor)
		})
	})
	review := p.on(civil.On(2022, time.January, 6), "review")
	p.act(review, "review", func(ctx context.Context) error { return p.review(ctx, review) })
	return nil
}

// review looks at the open flags and closes those of checked.
func (p *player) review(ctx context.Context, at time.Time) error {
	flags, err := p.Publications.OpenFlags(ctx, nil, 100)
	if err != nil {
		return err
	}
	return p.update(ctx, at, func(tx *db.Tx) error {
		for _, f := range flags {
			if !slices.Contains(checked, f.Record.SourceID) {
				continue
			}
			if err := p.Publications.Review(ctx, tx, f.ID, "这份解读就是按修改后的条文编写的，不需要改动。", actor); err != nil && fault.KindOf(err) != fault.NotFound {
				return err
			}
		}
		return nil
	})
}
