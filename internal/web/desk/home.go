package desk

import (
	"cmp"
	"slices"
	"strconv"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/drafting"
	"gongkai/internal/obligation"
	"gongkai/internal/remind"
	"gongkai/internal/web/ui"
)

// homePage is the first screen: what somebody owes today, and how the units
// they answer for stand.
type homePage struct {
	frame
	Groups []owedGroup
	Count  int
	Empty  empty
	Mine   []draftRow // own drafts that are not finished
	Tabs   []tab      // drafts by what they wait for
	Units  []unitRow  // the week of the units, the worst first
	Starts []ui.Link  // what can be begun
}

// View names the folder.
func (*homePage) View() string { return "home" }

// owedGroup is what is owed of one kind.
type owedGroup struct {
	Label string
	Count int
	Rows  []owedRow // the most urgent of them
	More  string    // where all of them are
}

// groupShown is how much of a kind the first screen lists.
const groupShown = 12

type owedRow struct {
	Title string
	Path  string
	Unit  string
	Left  left
	As    string // why somebody hears of it, where it is not their own
}

type draftRow struct {
	Title string
	Path  string
	State badge
	Saved string
}

type unitRow struct {
	Name    string
	Path    string
	Overdue int
	Soon    int
	Done    int
	Total   int
}

func (k *Desk) homeRoutes() []*route {
	return []*route{{pattern: "GET /desk/{$}", act: access.DeskUse, show: showHome, title: "今天要办", section: At}}
}

func homePages() []ui.Page { return []ui.Page{&homePage{}} }

// owedOrder is the order of groups: what has a legal clock first.
var owedOrder = []remind.Kind{remind.Countersign, remind.Step, remind.Duty, remind.Claim, remind.Progress, remind.Reexamine}

func showHome(v *visit) (ui.Page, error) {
	p := &homePage{frame: v.frame("")}
	if err := p.owe(v); err != nil {
		return nil, err
	}
	if err := p.write(v); err != nil {
		return nil, err
	}
	if err := p.stand(v); err != nil {
		return nil, err
	}
	if v.me.CanAnywhere(access.RecordWrite) {
		p.Starts = append(p.Starts, ui.Link{Label: "写一条信息", Path: At + "drafts/new"}, ui.Link{Label: "交一个文件", Path: At + "drafts/new#file"})
	}
	if v.me.CanAnywhere(access.GridRead) {
		p.Starts = append(p.Starts, ui.Link{Label: "看台账", Path: At + "grid"})
	}
	if p.Count == 0 {
		p.Empty = empty{Why: "今天没有到期和等您办理的事。", Way: "以后到期的事会提前出现在这里。", Links: p.Starts}
	}
	return p, nil
}

// owe lists what waits for the person.
func (p *homePage) owe(v *visit) error {
	if v.Reminder == nil {
		return nil
	}
	lines, err := v.Reminder.Owed(v.r.Context(), v.me.ID)
	if err != nil {
		return err
	}
	byKind := map[remind.Kind][]owedRow{}
	for _, l := range lines {
		row := owedRow{Title: l.Title, Path: l.Path, Unit: l.Unit, Left: v.left(l.Due)}
		if l.Due.IsZero() {
			row.Left = v.waited(l.Since)
		}
		switch {
		case l.As&remind.Holders != 0:
		case l.As&remind.UnitHeads != 0:
			row.As = "本单位经办人还没有办"
		default:
			row.As = "由责任单位办理，请督促"
		}
		byKind[l.Kind] = append(byKind[l.Kind], row)
	}
	for _, kind := range owedOrder {
		if rows := byKind[kind]; len(rows) > 0 {
			p.Groups = append(p.Groups, owedGroup{kind.Label(), len(rows), rows[:min(len(rows), groupShown)], allOf[kind]})
			p.Count += len(rows)
		}
	}
	return nil
}

// allOf is where everything of a kind is listed.
var allOf = map[remind.Kind]string{
	remind.Countersign: At + "review?what=owed", remind.Step: At + "drafts", remind.Duty: At + "duties", remind.Claim: At + "claims",
	remind.Progress: At + "progress", remind.Reexamine: At + "withheld",
}

// write lists the person's own drafts and counts those of their units.
func (p *homePage) write(v *visit) error {
	if !v.me.CanAnywhere(access.RecordRead) {
		return nil
	}
	counts, err := v.Drafts.Counts(v.r.Context(), v.me)
	if err != nil {
		return err
	}
	for _, s := range drafting.Life().States() {
		if n := counts.Waiting[s.State]; n > 0 {
			p.Tabs = append(p.Tabs, tab{Label: s.Label, Path: At + "drafts?state=" + string(s.State), Count: n})
		}
	}
	mine, err := v.Drafts.List(v.r.Context(), v.me, drafting.Filter{Mine: true, States: []drafting.State{drafting.Editing, drafting.Returned}, Size: 8})
	if err != nil {
		return err
	}
	for _, d := range mine.Drafts {
		p.Mine = append(p.Mine, draftRow{Title: cmp.Or(d.Title, "（还没有标题）"), Path: drafting.Path(d.ID), State: draftBadges[d.State], Saved: ui.Stamp(d.SavedAt)})
	}
	return nil
}

// unitsShown is how many units the first screen lists.
const unitsShown = 12

// stand lists how the units stand that the person answers for.
func (p *homePage) stand(v *visit) error {
	units, all := v.me.Reach(access.DutyRead)
	if !all && len(units) == 0 {
		return nil
	}
	if all {
		for _, o := range v.tree.All(v.today) {
			units = append(units, o.ID)
		}
	}
	from := civil.Year(v.today.Year()).Start().AddDays(-92) // the last quarter of the year before is still looked at
	summaries, err := v.Obligations.Units(v.r.Context(), units, from, v.today.AddDays(31), v.today)
	if err != nil {
		return err
	}
	for _, s := range summaries {
		if s.Counts.Total() == 0 {
			continue
		}
		p.Units = append(p.Units, unitRow{Name: v.unitName(s.UnitID), Path: v.unitDuties(s.UnitID),
			Overdue: s.Counts.Of(obligation.Overdue), Soon: s.Counts.Of(obligation.DueSoon),
			Done: s.Counts.Of(obligation.Fulfilled) + s.Counts.Of(obligation.FulfilledLate) + s.Counts.Of(obligation.NilReport), Total: s.Counts.Total()})
	}
	slices.SortStableFunc(p.Units, func(a, b unitRow) int {
		return cmp.Or(cmp.Compare(b.Overdue, a.Overdue), cmp.Compare(b.Soon, a.Soon))
	})
	p.Units = p.Units[:min(len(p.Units), unitsShown)]
	return nil
}

// unitDuties is the list of a unit's duties.
func (v *visit) unitDuties(id int64) string { return At + "duties?unit=" + strconv.FormatInt(id, 10) }
