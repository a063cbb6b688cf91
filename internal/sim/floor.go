package sim

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/obligation"
)

// writeFloor lays what the law demands of everybody (条例第二十条、第四十九条)
// on the offices and the government itself. What an organ has nothing of is
// found not to apply to it in the middle of the year; what it has and does not
// publish stays owed.
func (p *player) writeFloor() error {
	draft, err := obligation.Floor(p.tree, civil.On(2021, time.January, 1))
	if err != nil {
		return err
	}
	root, _ := p.tree.Root(planStart)
	owing := []int64{root.ID}
	for _, o := range p.offices {
		owing = append(owing, o.ID)
	}
	categories := map[string]string{} // code of the obligation → category
	for i := range draft.Obligations {
		o := &draft.Obligations[i]
		o.Units = slices.DeleteFunc(o.Units, func(a obligation.Assignment) bool { return !slices.Contains(owing, a.UnitID) })
		if len(o.Match.Statutory) == 1 {
			categories[o.Code] = o.Match.Statutory[0]
		}
	}
	at := opening.Start().Add(9*time.Hour + 30*time.Minute)
	p.act(at, "floor", func(ctx context.Context) error {
		return p.update(ctx, at, func(tx *db.Tx) error {
			_, err := p.Obligations.SavePlan(ctx, tx, draft, obligation.SaveOptions{Actor: actor})
			return err
		})
	})
	published, err := p.published()
	if err != nil {
		return err
	}
	for _, unitID := range owing {
		when := p.on(civil.On(2021, time.July, 16), "floor", strconv.FormatInt(unitID, 10))
		p.act(when, fmt.Sprintf("floor:%d", unitID), func(ctx context.Context) error {
			return p.release(ctx, when, unitID, categories, published[unitID])
		})
	}
	return nil
}

// published is which categories each organ has something to publish of: what
// the script publishes in the year, what is known to be withheld, and for
// counties all of them.
func (p *player) published() (map[int64]map[string]bool, error) {
	of := map[int64]map[string]bool{}
	add := func(unit int64, category string) {
		if of[unit] == nil {
			of[unit] = map[string]bool{}
		}
		of[unit][category] = true
	}
	for _, s := range p.scenes {
		if civil.DateOf(s.at).Year() != 2021 {
			continue
		}
		organ, err := p.tree.Resolve(s.line.Unit, s.line.IssuedOn)
		if err != nil {
			return nil, err
		}
		category := s.line.Statutory
		if kind, ok := p.Publications.Kinds.Get(s.line.Kind); ok && category == "" {
			category = kind.Statutory
		}
		add(organ.ID, category)
	}
	for _, w := range withheld {
		o, err := p.office(w.unit)
		if err != nil {
			return nil, err
		}
		add(o.ID, w.category)
	}
	for _, o := range p.offices {
		for n := 1; o.County && n <= 15; n++ {
			add(o.ID, fmt.Sprintf("20-%d", n))
		}
	}
	return of, nil
}

// withheld is what departments have and did not publish in the year.
var withheld = []struct{ unit, category string }{
	{"市工信局", "20-5"}, {"市商务局", "20-12"}, {"市林业局", "20-12"}, {"市文旅广体局", "20-6"},
}

// notOurs is why a category does not apply.
const notOurs = "本单位职责中没有这一类信息，由相应主管部门公开；经市政务公开主管部门核定不适用。"

// release exempts an organ from the categories that it has nothing of.
func (p *player) release(ctx context.Context, at time.Time, unitID int64, categories map[string]string, published map[string]bool) error {
	p.Clock.set(at)
	page, err := p.Obligations.Duties(ctx, obligation.DutyFilter{Units: []int64{unitID}, Period: "2021", Size: obligation.MaxPage}, p.Clock.today())
	if err != nil {
		return err
	}
	return p.update(ctx, at, func(tx *db.Tx) error {
		for _, d := range page.Duties {
			category, ok := categories[d.Code]
			if !ok || published[category] || d.Exempt != "" {
				continue
			}
			if err := p.Obligations.Exempt(ctx, tx, d.ID, obligation.NotApplicable, notOurs, actor); err != nil {
				return err
			}
		}
		return nil
	})
}
