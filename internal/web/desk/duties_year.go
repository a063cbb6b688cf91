package desk

import (
	"fmt"
	"strconv"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/web/ui"
)

// yearPage is a unit's plan of a year: what falls due in each month. It is made
// to be printed.
type yearPage struct {
	frame
	UnitName string
	UnitPath string
	Units    []option
	Years    []option
	Year     int
	Totals   []stateCount
	Months   []yearMonth
	Rest     string // where there is more than a page holds: the list of the rest
	Empty    empty
}

// View names the folder.
func (*yearPage) View() string { return "year" }

type yearMonth struct {
	Label string
	Rows  []dutyRow
	Done  int
	Now   bool
}

// stateCount is how many duties are in a state.
type stateCount struct {
	State badge
	Count int
	Path  string
}

// yearPages is how many pages of duties a year's plan holds.
const yearPages = 2

func showYear(v *visit) (ui.Page, error) {
	unitID, year, err := v.unitAndYear()
	if err != nil {
		return nil, err
	}
	if !v.me.Can(access.DutyRead, unitID) {
		return nil, access.Refusal(access.DutyRead)
	}
	p := &yearPage{frame: v.frame(fmt.Sprintf("%s%d年公开计划", v.unitName(unitID), year)), UnitName: v.unitName(unitID), UnitPath: v.unitDuties(unitID),
		Year: year, Units: v.workUnits(access.DutyRead, number(unitID))}
	for y := v.today.Year() - 2; y <= v.today.Year()+1; y++ {
		p.Years = append(p.Years, option{strconv.Itoa(y), strconv.Itoa(y) + "年", y == year})
	}
	in := civil.Year(year)
	f := obligation.DutyFilter{Units: []int64{unitID}, DueFrom: in.Start(), DueTo: in.End(), Size: obligation.MaxPage}
	for range yearPages {
		list, err := v.Obligations.Duties(v.r.Context(), f, v.today)
		if err != nil {
			return nil, err
		}
		p.add(v, list.Duties)
		if f.After = list.Next; f.After.ID == 0 {
			break
		}
	}
	if f.After.ID != 0 {
		p.Rest = p.UnitPath + "&from=" + in.Start().String() + "&to=" + in.End().String() + "&after=" + f.After.String()
	}
	if err := p.count(v, unitID, in); err != nil {
		return nil, err
	}
	p.Empty = empty{Why: fmt.Sprintf("%d年没有到期的应公开事项。", year), Way: "换一年或换一个单位再看。", Links: []ui.Link{{Label: "全部事项", Path: p.UnitPath}}}
	return p, nil
}

// unitAndYear reads which plan is wanted: without a unit it is that of the
// person's own, without a year this one.
func (v *visit) unitAndYear() (unitID int64, year int, err error) {
	unitID, year = v.me.UnitID, v.today.Year()
	if s := v.query("unit"); s != "" {
		unitID, err = strconv.ParseInt(s, 10, 64)
	}
	if _, known := v.tree.Get(unitID); err != nil || !known {
		return 0, 0, fault.New(fault.NotFound, "unit_unknown", "没有编号为“%s”的单位，请从列表里选。", fault.Clip(v.query("unit"), 20)).At("单位")
	}
	if s := v.query("year"); s != "" {
		if year, err = strconv.Atoi(s); err != nil || year < 1995 || year > 2100 {
			return 0, 0, fault.New(fault.Invalid, "year_bad", "“%s”不是年份，应写成 2021 的样子。", fault.Clip(s, 20)).At("年份")
		}
	}
	return unitID, year, nil
}

// add takes in duties in the order in which they fall due.
func (p *yearPage) add(v *visit, duties []obligation.DutyView) {
	for i := range duties {
		d := &duties[i]
		label := d.DueOn.String()[:7]
		if n := len(p.Months); n == 0 || p.Months[n-1].Label != label {
			p.Months = append(p.Months, yearMonth{Label: label, Now: label == v.today.String()[:7]})
		}
		m := &p.Months[len(p.Months)-1]
		row := v.dutyRow(d, v.today)
		row.Due = d.DueOn.String()
		m.Rows = append(m.Rows, row)
		if !d.Met.On.IsZero() {
			m.Done++
		}
	}
}

// count tells how the unit's duties of the year stand.
func (p *yearPage) count(v *visit, unitID int64, in civil.Period) error {
	s, err := v.Obligations.Unit(v.r.Context(), unitID, in.Start(), in.End(), v.today)
	if err != nil {
		return err
	}
	p.Totals = stateCounts(s.Counts, p.UnitPath+"&from="+in.Start().String()+"&to="+in.End().String())
	return nil
}

// stateCounts are the states that occur, the worst first, each with the list
// of its duties below path, an address with a query.
func stateCounts(c obligation.Counts, path string) (list []stateCount) {
	states := obligation.States()
	for i := len(states) - 1; i >= 0; i-- {
		if n := c.Of(states[i]); n > 0 {
			list = append(list, stateCount{dutyBadges[states[i]], n, path + "&state=" + states[i].String()})
		}
	}
	return list
}
