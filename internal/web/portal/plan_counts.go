package portal

import (
	"slices"

	"gongkai/internal/obligation"
)

// planView reads a plan as the site sees it. A site that speaks for some units
// sees the tasks that are theirs, and of those only their duties.
func (p *Portal) planView(v *visit, id int64) (obligation.PlanView, error) {
	view, err := p.Obligations.PlanOf(v.r.Context(), obligation.PlanFilter{PlanID: id, Units: v.units()}, v.today)
	if v.site.RootUnit != 0 {
		view.Obligations = slices.DeleteFunc(view.Obligations, func(o obligation.ObligationView) bool { return o.Counts.Total() == 0 })
	}
	return view, err
}

// ownCount counts the duties of the site's own units of one obligation.
func (p *Portal) ownCount(v *visit, o *obligation.Obligation) (obligation.Counts, error) {
	periods, err := p.Obligations.Periods(v.r.Context(), o.PlanID)
	if err != nil {
		return obligation.Counts{}, err
	}
	m, err := p.Obligations.MatrixOver(v.r.Context(), obligation.MatrixFilter{PlanID: o.PlanID, Units: v.units()}, periods, v.today)
	if err != nil {
		return obligation.Counts{}, err
	}
	i := slices.IndexFunc(m.Columns, func(c obligation.MatrixColumn) bool { return c.ObligationID == o.ID })
	if i < 0 {
		return obligation.Counts{}, nil // retired
	}
	return m.Columns[i].Total, nil
}
