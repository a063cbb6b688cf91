package obligation

import (
	"cmp"
	"context"
	"slices"

	"gongkai/internal/civil"
)

// A year shows what is owed in it once, by the quarter and by the month, and a
// quarter its months too: who looks at a year wants to see all of it.

// lies tells whether a period, as stored, is another or a part of it.
func lies(stored string, in civil.Period) bool {
	p, err := civil.ParsePeriod(stored)
	return err == nil && in.Contains(p.Start()) && in.Contains(p.End())
}

// PeriodsWithin are the periods that lie in the one chosen; where that cannot
// be read, itself alone.
func PeriodsWithin(periods []string, chosen string) []string {
	in, err := civil.ParsePeriod(chosen)
	if err != nil {
		return []string{chosen}
	}
	return slices.DeleteFunc(slices.Clone(periods), func(s string) bool { return !lies(s, in) })
}

// PeriodChoices are the periods with the years that only parts are owed in.
func PeriodChoices(periods []string) []string {
	list := slices.Clone(periods)
	for _, s := range periods {
		if p, err := civil.ParsePeriod(s); err == nil {
			list = append(list, civil.Year(p.Start().Year()).String())
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// WidestPeriod is the period to show first: one that contains the day goes
// before others, a year before its quarters, a later one before an earlier. It
// is "" where there is none.
func WidestPeriod(periods []string, day civil.Date) string {
	var best civil.Period
	rank := func(p civil.Period) int {
		if p.Contains(day) {
			return 100 + p.Months()
		}
		return p.Months()
	}
	for _, s := range periods {
		if p, err := civil.ParsePeriod(s); err == nil && (best.IsZero() || rank(p) >= rank(best)) {
			best = p
		}
	}
	return best.String()
}

var planRank = map[PlanKind]int{WorkPlan: 0, Statutory: 1, Catalogue: 2}

// Rank is the place of a kind of plan where several can be chosen: work plans
// first.
func (k PlanKind) Rank() int { return planRank[k] }

// PeriodWords is a period as people say it; what cannot be read stays as it is.
func PeriodWords(stored string) string {
	p, err := civil.ParsePeriod(stored)
	if err != nil {
		return stored
	}
	return p.Chinese()
}

// MatrixOver is the matrix of several periods together, of as many units as
// the filter names, in their order: each cell counts the duties of all periods.
func (s *Store) MatrixOver(ctx context.Context, f MatrixFilter, periods []string, asOf civil.Date) (Matrix, error) {
	sum := Matrix{PlanID: f.PlanID, Period: f.Period}
	at := map[int64]int{} // of a unit's row
	chunks := [][]int64{nil}
	if len(f.Units) > 0 {
		chunks = slices.Collect(slices.Chunk(f.Units, MaxMatrixRows))
	}
	order := make(map[int64]int, len(f.Units))
	for i, id := range f.Units {
		order[id] = i
	}
	for _, f.Units = range chunks {
		for _, f.Period = range periods {
			m, err := s.Matrix(ctx, f, asOf)
			if err != nil {
				return sum, err
			}
			sum.add(&m, at)
		}
	}
	slices.SortFunc(sum.Rows, func(a, b MatrixRow) int { return cmp.Compare(order[a.UnitID], order[b.UnitID]) })
	return sum, nil
}

// add adds the cells of a matrix with the same columns; at tells where the
// rows of units are.
func (m *Matrix) add(other *Matrix, at map[int64]int) {
	m.Total.Merge(other.Total)
	if m.Columns == nil {
		m.Columns = make([]MatrixColumn, len(other.Columns))
	}
	for i, c := range other.Columns {
		c.Total.Merge(m.Columns[i].Total)
		m.Columns[i] = c
	}
	for _, r := range other.Rows {
		i, seen := at[r.UnitID]
		if !seen {
			at[r.UnitID] = len(m.Rows)
			m.Rows = append(m.Rows, r)
			continue
		}
		row := &m.Rows[i]
		row.Total.Merge(r.Total)
		for n := range r.Cells {
			row.Cells[n].Merge(r.Cells[n])
		}
	}
}

// Duties within a period are looked for by their due days: a duty falls due in
// its period or, as yearly reports do, within the next year.
const (
	dueAfter  = 366 // days after the end of a period
	maxChunks = 20  // pages of MaxPage that one page looks through
)

// DutiesWithin reads a page of the duties of a filter in its period and in all
// parts of it. Where many others lie between, the page has fewer than asked
// for; Next is zero only at the end.
func (s *Store) DutiesWithin(ctx context.Context, f DutyFilter, asOf civil.Date) (page DutyPage, err error) {
	in, err := civil.ParsePeriod(f.Period)
	if err != nil || in.Months() == 1 {
		return s.Duties(ctx, f, asOf)
	}
	want := f.Size
	if f.Period = ""; f.DueFrom.Before(in.Start()) {
		f.DueFrom = in.Start()
	}
	if end := in.End().AddDays(dueAfter); f.DueTo.IsZero() || f.DueTo.After(end) {
		f.DueTo = end
	}
	for range maxChunks {
		list, err := s.Duties(ctx, f, asOf)
		if err != nil {
			return page, err
		}
		for _, d := range list.Duties {
			if !lies(d.Period, in) {
				continue
			}
			if len(page.Duties) == want {
				last := page.Duties[want-1]
				page.Next = Cursor{DueOn: last.DueOn, ID: last.ID}
				return page, nil
			}
			page.Duties = append(page.Duties, d)
		}
		page.Next = list.Next
		if list.Next.ID == 0 {
			break
		}
		f.After, f.Size = list.Next, MaxPage
	}
	return page, nil
}
