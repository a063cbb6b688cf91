package desk

import (
	"cmp"
	"slices"
	"strconv"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/unit"
	"gongkai/internal/web/ui"
)

// dutiesPage lists what the units owe that somebody answers for.
type dutiesPage struct {
	frame
	Units   []option
	Plans   []option
	States  []option
	Period  string
	From    string
	To      string
	Asked   bool
	AsOf    string // the day that the list is told for, where it is not today
	Keep    []ui.Link
	Rows    []dutyRow
	OneUnit bool // all rows are of one unit: it is no column
	Year    string
	Remind  string // where a button reminds whoever has to do what is listed; "" where there is none
	More    string
	Empty   empty
}

// View names the folder.
func (*dutiesPage) View() string { return "duties" }

// dutyRow is a duty in a list.
type dutyRow struct {
	Title  string
	Path   string
	Unit   string
	Period string
	State  badge
	Left   left
	Due    string
	Met    string // how it was met, in words
	Asked  string // what waits for the office
}

const dutiesSize = 50

func (k *Desk) dutyRoutes() []*route {
	at := At + "duties"
	return []*route{
		{pattern: "GET /desk/duties", act: access.DutyRead, show: showDuties, title: "应公开事项", section: at},
		{pattern: "GET /desk/duties/year", act: access.DutyRead, show: showYear, section: at},
		{pattern: "POST /desk/duties/remind", act: access.DutyDecide, do: remindOfDuties, section: at},
		{pattern: "GET /desk/duties/{id}", act: access.DutyRead, show: showDuty, section: at},
		{pattern: "GET /desk/duties/{id}/link", act: access.DutyLink, show: showDutyLink, title: "关联已公开信息", section: at},
		{pattern: "POST /desk/duties/{id}/link", act: access.DutyLink, do: linkDuty, title: "关联已公开信息", section: at},
		{pattern: "POST /desk/duties/{id}/unlink", act: access.DutyLink, do: unlinkDuty, section: at},
		{pattern: "POST /desk/duties/{id}/nil", act: access.DutyNil, do: signNil, section: at},
		{pattern: "POST /desk/duties/{id}/nil/withdraw", act: access.DutyNil, do: withdrawNil, section: at},
		{pattern: "POST /desk/duties/{id}/ask", act: access.DutyDispute, do: askAboutDuty, section: at},
		{pattern: "POST /desk/duties/{id}/unask", act: access.DutyDispute, do: withdrawClaim, section: at},
		{pattern: "POST /desk/duties/{id}/exempt", act: access.DutyDecide, do: exemptDuty, section: at},
		{pattern: "POST /desk/duties/{id}/lift", act: access.DutyDecide, do: liftDuty, section: at},
	}
}

func dutyPages() []ui.Page {
	return []ui.Page{&dutiesPage{}, &dutyPage{}, &dutyLinkPage{}, &yearPage{}}
}

func showDuties(v *visit) (ui.Page, error) {
	p := &dutiesPage{frame: v.frame(""), Period: v.query("period"), From: v.query("from"), To: v.query("to"), Asked: v.query("asked") != ""}
	asOf, err := v.asOf()
	if err != nil {
		return nil, err
	}
	if asOf != v.today {
		p.AsOf = asOf.String()
		p.Keep = append(p.Keep, ui.Link{Label: "asof", Path: p.AsOf})
	}
	f, err := v.dutyFilter(access.DutyRead)
	if err != nil {
		return nil, err
	}
	if err := p.choices(v, f); err != nil {
		return nil, err
	}
	list, err := v.Obligations.DutiesWithin(v.r.Context(), f, asOf)
	if err != nil {
		return nil, err
	}
	for i := range list.Duties {
		p.Rows = append(p.Rows, v.dutyRow(&list.Duties[i], asOf))
	}
	if list.Next.ID != 0 {
		p.More = v.with("after", list.Next.String())
	}
	if v.Reminder != nil && p.OneUnit && asOf == v.today && v.me.Can(access.DutyDecide, f.Units[0]) && slices.ContainsFunc(list.Duties, urgent) {
		p.Remind = At + "duties/remind?" + v.r.URL.RawQuery
	}
	p.Empty = empty{Why: "没有符合这些条件的应公开事项。", Way: "换一个单位、时段或状态再看。", Links: []ui.Link{{Label: "看全部", Path: At + "duties"}}}
	return p, nil
}

// choices fills the form of filters.
func (p *dutiesPage) choices(v *visit, f obligation.DutyFilter) error {
	wanted := v.query("unit")
	p.Units = v.workUnits(access.DutyRead, wanted)
	if p.OneUnit = len(f.Units) == 1; p.OneUnit {
		p.Title = v.unitName(f.Units[0]) + "：应公开事项"
		p.Year = At + "duties/year?unit=" + strconv.FormatInt(f.Units[0], 10)
	}
	plans, err := v.Obligations.Plans(v.r.Context())
	if err != nil {
		return err
	}
	for i := range plans {
		id := strconv.FormatInt(plans[i].ID, 10)
		p.Plans = append(p.Plans, option{id, fault.Clip(plans[i].Title, 30), plans[i].ID == f.PlanID})
	}
	p.States = append(p.States, option{unmetStates, "还没有办的", v.query("state") == unmetStates})
	for _, s := range slices.Backward(obligation.States()) {
		p.States = append(p.States, option{s.String(), s.Label(), v.query("state") == s.String()})
	}
	for _, name := range []string{"task", "section"} {
		if value := v.query(name); value != "" {
			p.Keep = append(p.Keep, ui.Link{Label: name, Path: value})
		}
	}
	return nil
}

// unmetStates is the filter for whatever still has to be done.
const unmetStates = "unmet"

// dutyFilter reads a filter from the address, within what somebody may see.
func (v *visit) dutyFilter(act access.Act) (f obligation.DutyFilter, err error) {
	f = obligation.DutyFilter{Size: dutiesSize, Section: v.query("section"), Asked: v.query("asked") != ""}
	if f.After, err = obligation.ParseCursor(v.query("after")); err != nil {
		return f, err
	}
	if f.Units, err = v.chosenUnits(act); err != nil {
		return f, err
	}
	for name, to := range map[string]*int64{"plan": &f.PlanID, "task": &f.ObligationID} {
		if s := v.query(name); s != "" {
			if *to, err = strconv.ParseInt(s, 10, 64); err != nil {
				return f, fault.New(fault.Invalid, "filter_bad", "地址里的“%s”不是编号，请从列表里重新选。", fault.Clip(s, 20))
			}
		}
	}
	if s := v.query("period"); s != "" {
		period, err := civil.ParsePeriod(s)
		if err != nil {
			return f, err
		}
		f.Period = period.String()
	}
	for name, to := range map[string]*civil.Date{"from": &f.DueFrom, "to": &f.DueTo} {
		if *to, err = v.day(name, "期限"); err != nil {
			return f, err
		}
	}
	f.States, err = chosenStates(v.query("state"))
	return f, err
}

// chosenStates are the states that a filter names.
func chosenStates(text string) ([]obligation.State, error) {
	if text == "" {
		return nil, nil
	}
	if text == unmetStates {
		return []obligation.State{obligation.Overdue, obligation.DueSoon, obligation.NotDue, obligation.DisputedState}, nil
	}
	s, ok := obligation.ParseState(text)
	if !ok {
		return nil, fault.New(fault.Invalid, "state_bad", "没有“%s”这种状态，请从列表里选。", fault.Clip(text, 20)).At("状态")
	}
	return []obligation.State{s}, nil
}

// chosenUnits are the units of a filter: the one that the address names, else
// all for which somebody can do act; nil is every unit.
func (v *visit) chosenUnits(act access.Act) ([]int64, error) {
	if s := v.query("unit"); s != "" {
		id, err := strconv.ParseInt(s, 10, 64)
		if _, known := v.tree.Get(id); err != nil || !known {
			return nil, fault.New(fault.NotFound, "unit_unknown", "没有编号为“%s”的单位，请从列表里选。", fault.Clip(s, 20)).At("单位")
		}
		if !v.me.Can(act, id) {
			return nil, access.Refusal(act)
		}
		return []int64{id}, nil
	}
	units, all := v.me.Reach(act)
	if all {
		return nil, nil
	}
	return units, nil
}

// workKinds are the units that owe duties of the city's plans.
var workKinds = []unit.Kind{unit.City, unit.Department, unit.Party, unit.Office, unit.County, unit.Zone, unit.Central, unit.Institution, unit.Enterprise}

// workUnits lists the units to choose from for which somebody can do act.
// Where these are hundreds, townships are reached from their own pages.
func (v *visit) workUnits(act access.Act, chosen string) (list []option) {
	units, all := v.me.Reach(act)
	if all {
		for _, o := range v.tree.All(v.today, workKinds...) {
			units = append(units, o.ID)
		}
		if id, err := strconv.ParseInt(chosen, 10, 64); err == nil && !slices.Contains(units, id) {
			units = append(units, id)
		}
	}
	for _, id := range units {
		value := strconv.FormatInt(id, 10)
		if name := v.tree.ShortOn(id, v.today); name != "" {
			list = append(list, option{value, name, value == chosen})
		}
	}
	return list
}

// day is a day of the address; empty is the zero date.
func (v *visit) day(name, label string) (civil.Date, error) {
	text := v.query(name)
	if text == "" {
		return civil.Date{}, nil
	}
	d, err := civil.ParseDate(text)
	if err != nil {
		return d, fault.New(fault.Invalid, "date_bad", "“%s”不是日期，应写成 2021-06-11 的样子。", fault.Clip(text, 20)).At("%s", label)
	}
	return d, nil
}

// asOf is the day that the address asks about, at the latest today.
func (v *visit) asOf() (civil.Date, error) {
	d, err := v.day("asof", "截至")
	switch {
	case err != nil:
		return d, err
	case d.IsZero():
		return v.today, nil
	case d.After(v.today):
		return d, fault.New(fault.Invalid, "asof_later", "只能看今天（%s）和以前的情况。", v.today).At("截至")
	}
	return d, nil
}

// dutyPath is the page of a duty.
func dutyPath(id int64) string { return At + "duties/" + strconv.FormatInt(id, 10) }

// dutyRow is a duty as it stood on a day.
func (v *visit) dutyRow(d *obligation.DutyView, asOf civil.Date) dutyRow {
	row := dutyRow{Title: d.Title, Path: dutyPath(d.ID), Unit: cmp.Or(v.tree.ShortOn(d.UnitID, v.today), v.unitName(d.UnitID)),
		Period: obligation.PeriodWords(d.Period), State: dutyBadges[d.State], Due: d.DueOn.String(), Met: metWords(d.Met)}
	if d.Asked != "" {
		row.Asked = d.Asked.Label() + "，待答复"
	}
	if row.Met == "" && d.State != obligation.NotApplicableState && asOf == v.today {
		row.Left, row.Due = v.left(d.DueOn), ""
	}
	return row
}

// metWords says how a duty was met, "" where it was not.
func metWords(m obligation.Met) string {
	switch {
	case m.On.IsZero():
		return ""
	case m.How == obligation.ByNilReport:
		return m.On.String() + " 零报告"
	}
	return m.On.String() + " 公开"
}
