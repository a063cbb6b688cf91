package portal

import (
	"cmp"
	"context"
	"slices"

	"gongkai/internal/civil"
	"gongkai/internal/obligation"
)

// A year shows what is owed in it once, by the quarter and by the month, and a
// quarter its months too: who looks at a year wants to see all of it.

// lies tells whether a period, as stored, is another or a part of it.
func lies(stored string, in civil.Period) bool {
	p, err := civil.ParsePeriod(stored)
	return err == nil && in.Contains(p.Start()) && in.Contains(p.End())
}

// within are the periods that lie in the one chosen; where that cannot be read,
// itself alone.
func within(periods []string, chosen string) []string {
	in, err := civil.ParsePeriod(chosen)
	if err != nil {
		return []string{chosen}
	}
	return slices.DeleteFunc(slices.Clone(periods), func(s string) bool { return !lies(s, in) })
}

// periodChoices are the periods with the years that only parts are owed in.
func periodChoices(periods []string) []string {
	list := slices.Clone(periods)
	for _, s := range periods {
		if p, err := civil.ParsePeriod(s); err == nil {
			list = append(list, civil.Year(p.Start().Year()).String())
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// matrixOver is the matrix of several periods together, of as many units as
// the filter names: each cell counts the duties of all of them.
func (p *Portal) matrixOver(v *visit, f obligation.MatrixFilter, periods []string) (obligation.Matrix, error) {
	sum := obligation.Matrix{PlanID: f.PlanID, Period: f.Period}
	at := map[int64]int{} // of a unit's row
	chunks := [][]int64{nil}
	if len(f.Units) > 0 {
		chunks = slices.Collect(slices.Chunk(f.Units, obligation.MaxMatrixRows))
	}
	for _, units := range chunks {
		for _, period := range periods {
			m, err := p.Obligations.Matrix(v.r.Context(), obligation.MatrixFilter{PlanID: f.PlanID, Period: period, Units: units, Columns: f.Columns}, v.today)
			if err != nil {
				return sum, err
			}
			addMatrix(&sum, &m, at)
		}
	}
	order := make(map[int64]int, len(f.Units))
	for i, id := range f.Units {
		order[id] = i
	}
	slices.SortFunc(sum.Rows, func(a, b obligation.MatrixRow) int { return cmp.Compare(order[a.UnitID], order[b.UnitID]) })
	return sum, nil
}

// addMatrix adds the cells of a matrix with the same columns; at tells where
// the rows of units are.
func addMatrix(sum, m *obligation.Matrix, at map[int64]int) {
	sum.Total.Merge(m.Total)
	if sum.Columns == nil {
		sum.Columns = make([]obligation.MatrixColumn, len(m.Columns))
	}
	for i, c := range m.Columns {
		c.Total.Merge(sum.Columns[i].Total)
		sum.Columns[i] = c
	}
	for _, r := range m.Rows {
		i, seen := at[r.UnitID]
		if !seen {
			at[r.UnitID] = len(sum.Rows)
			sum.Rows = append(sum.Rows, r)
			continue
		}
		row := &sum.Rows[i]
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
	maxChunks = 20  // pages of obligation.MaxPage that one page looks through
)

// dutiesWithin reads a page of the duties of a filter in its period and in all
// parts of it. Where many others lie between, the page has fewer than asked
// for; Next is zero only at the end.
func (p *Portal) dutiesWithin(ctx context.Context, f obligation.DutyFilter, today civil.Date) (page obligation.DutyPage, err error) {
	in, err := civil.ParsePeriod(f.Period)
	if err != nil || in.Months() == 1 {
		return p.Obligations.Duties(ctx, f, today)
	}
	want := f.Size
	f.Period, f.DueFrom, f.DueTo = "", in.Start(), in.End().AddDays(dueAfter)
	for range maxChunks {
		list, err := p.Obligations.Duties(ctx, f, today)
		if err != nil {
			return page, err
		}
		for _, d := range list.Duties {
			if !lies(d.Period, in) {
				continue
			}
			if len(page.Duties) == want {
				last := page.Duties[want-1]
				page.Next = obligation.Cursor{DueOn: last.DueOn, ID: last.ID}
				return page, nil
			}
			page.Duties = append(page.Duties, d)
		}
		page.Next = list.Next
		if list.Next.ID == 0 {
			break
		}
		f.After, f.Size = list.Next, obligation.MaxPage
	}
	return page, nil
}
