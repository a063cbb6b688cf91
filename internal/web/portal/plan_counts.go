package portal

import (
	"slices"

	"gongkai/internal/obligation"
)

// planView reads a plan as the site sees it. A site that speaks for some units
// sees the tasks that are theirs, and of those only their duties.
func (p *Portal) planView(v *visit, id int64) (obligation.PlanView, error) {
	view, err := p.Obligations.Plan(v.r.Context(), id, "", v.today)
	if err != nil || v.site.RootUnit == 0 {
		return view, err
	}
	own, err := p.ownCounts(v, id, view.Periods)
	if err != nil {
		return view, err
	}
	view.Counts = obligation.Counts{}
	view.Obligations = slices.DeleteFunc(view.Obligations, func(o obligation.ObligationView) bool { return own[o.ID].Total() == 0 })
	for i := range view.Obligations {
		o := &view.Obligations[i]
		o.Counts = own[o.ID]
		view.Counts.Merge(o.Counts)
	}
	return view, nil
}

// ownCounts counts the duties of the site's own units in some periods of a
// plan, by obligation.
func (p *Portal) ownCounts(v *visit, planID int64, periods []string) (map[int64]obligation.Counts, error) {
	m, err := p.matrixOver(v, obligation.MatrixFilter{PlanID: planID, Units: v.units()}, periods)
	if err != nil {
		return nil, err
	}
	counts := map[int64]obligation.Counts{}
	for _, c := range m.Columns {
		counts[c.ObligationID] = c.Total
	}
	return counts, nil
}

// ownCount counts the duties of the site's own units of one obligation.
func (p *Portal) ownCount(v *visit, o *obligation.Obligation) (obligation.Counts, error) {
	periods, err := p.Obligations.Periods(v.r.Context(), o.PlanID)
	if err != nil {
		return obligation.Counts{}, err
	}
	counts, err := p.ownCounts(v, o.PlanID, periods)
	return counts[o.ID], err
}
