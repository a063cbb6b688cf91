package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/web/ui"
)

// progressPage lists the tasks of a work plan with how far the units say they
// are.
type progressPage struct {
	frame
	Plans   []option
	Units   []option
	Waiting []reportRow // for the office: what is to be accepted
	Tasks   []taskRow
	OneUnit bool
	Empty   empty
}

// View names the folder.
func (*progressPage) View() string { return "progress" }

// taskRow is a task with the newest report on it.
type taskRow struct {
	Section string
	Title   string
	Path    string
	State   badge
	Percent string
	On      string
	Units   string // of several: how many have told of how many
}

// reportRow is a unit's report of a day.
type reportRow struct {
	ID      int64
	Title   string
	Path    string
	Unit    string
	UnitID  int64
	On      string
	Percent string
	Text    string
	Figures []fact
	Records []ui.Link
	By      string
	State   badge
	Waits   left
	Why     string // it was returned
	Version int
	May     bool // it waits and the reader answers it
}

var progressBadges = map[obligation.ProgressState]badge{
	obligation.ProgressTold:     {"warn", "◷", "待确认"},
	obligation.ProgressAccepted: {"ok", "✓", "已确认"},
	obligation.ProgressReturned: {"late", "↩", "退回修改"},
}

func (k *Desk) progressRoutes() []*route {
	at := At + "progress"
	return []*route{
		{pattern: "GET /desk/progress", act: access.DutyRead, show: showProgress, title: "要点进展", section: at},
		{pattern: "GET /desk/progress/{task}", act: access.DutyRead, show: showTask, section: at},
		{pattern: "POST /desk/progress/{task}", act: access.ProgressWrite, do: saveProgress, section: at},
		{pattern: "POST /desk/progress/{task}/answer", act: access.DutyDecide, do: answerProgress, section: at},
	}
}

func progressPages() []ui.Page { return []ui.Page{&progressPage{}, &taskPage{}} }

func showProgress(v *visit) (ui.Page, error) {
	p := &progressPage{frame: v.frame(""), Empty: empty{Why: "没有分给这里的工作要点任务。", Way: "换一份要点或一个单位再看；要点由政务公开主管部门导入。"}}
	units, err := v.chosenUnits(access.DutyRead)
	if err != nil {
		return nil, err
	}
	p.Units, p.OneUnit = v.workUnits(access.DutyRead, v.query("unit")), len(units) == 1
	plan, err := p.plan(v)
	if err != nil || plan == 0 {
		return p, err
	}
	reports, err := v.Obligations.ProgressOf(v.r.Context(), obligation.ProgressFilter{PlanID: plan, Units: units}, v.today)
	if err != nil {
		return nil, err
	}
	f := obligation.Filter{PlanID: plan, Size: obligation.MaxPage}
	if p.OneUnit {
		f.UnitID = units[0]
	}
	tasks, err := v.Obligations.Obligations(v.r.Context(), f)
	if err != nil {
		return nil, err
	}
	p.fill(v, tasks, reports, units)
	return p, p.waiting(v, tasks, reports)
}

// plan fills the choice of plans and gives the one that is shown.
func (p *progressPage) plan(v *visit) (id int64, err error) {
	plans, err := v.Obligations.Plans(v.r.Context())
	if err != nil {
		return 0, err
	}
	plans = slices.DeleteFunc(plans, func(pl obligation.Plan) bool { return pl.Kind != obligation.WorkPlan })
	if len(plans) == 0 {
		return 0, nil
	}
	wanted := cmp.Or(v.query("plan"), number(plans[0].ID))
	for _, pl := range plans {
		on := number(pl.ID) == wanted
		if on {
			id = pl.ID
		}
		p.Plans = append(p.Plans, option{number(pl.ID), pl.Title, on})
	}
	if id == 0 {
		return 0, fault.New(fault.NotFound, "plan_unknown", "没有这份工作要点，请从列表里选。").At("要点")
	}
	return id, nil
}

// fill makes the rows of tasks; units nil is all.
func (p *progressPage) fill(v *visit, tasks []obligation.Obligation, reports []obligation.Progress, units []int64) {
	newest := map[int64]map[int64]*obligation.Progress{} // of each task and unit
	for i := range reports {
		r := &reports[i]
		if newest[r.ObligationID] == nil {
			newest[r.ObligationID] = map[int64]*obligation.Progress{}
		}
		if newest[r.ObligationID][r.UnitID] == nil {
			newest[r.ObligationID][r.UnitID] = r
		}
	}
	for i := range tasks {
		t := &tasks[i]
		owed := 0
		for _, a := range t.Units {
			if units == nil || slices.Contains(units, a.UnitID) {
				owed++
			}
		}
		if owed == 0 {
			continue
		}
		row := taskRow{Section: t.Section, Title: t.Title, Path: taskAt(t.ID, 0), State: badge{"soft", "·", "没有填报"}}
		for _, r := range newest[t.ID] {
			if row.On < r.On.String() {
				row.State, row.On, row.Percent = progressBadges[r.State()], r.On.String(), percentWords(r.Percent)
			}
		}
		if p.OneUnit {
			row.Path = taskAt(t.ID, units[0])
		} else {
			row.Units = fmt.Sprintf("%d／%d", len(newest[t.ID]), owed)
		}
		p.Tasks = append(p.Tasks, row)
	}
}

// waiting lists what the reader is to accept.
func (p *progressPage) waiting(v *visit, tasks []obligation.Obligation, reports []obligation.Progress) error {
	titles := map[int64]*obligation.Obligation{}
	for i := range tasks {
		titles[tasks[i].ID] = &tasks[i]
	}
	var mine []obligation.Progress
	for _, r := range reports {
		if r.State() == obligation.ProgressTold && titles[r.ObligationID] != nil && v.me.Can(access.DutyDecide, r.UnitID) {
			mine = append(mine, r)
		}
	}
	names, err := v.doers(authors(mine))
	if err != nil {
		return err
	}
	for i := range mine {
		p.Waiting = append(p.Waiting, v.reportRow(titles[mine[i].ObligationID], &mine[i], names))
	}
	return nil
}

func authors(reports []obligation.Progress) (actors []string) {
	for _, r := range reports {
		actors = append(actors, r.By)
	}
	return actors
}

func (v *visit) reportRow(o *obligation.Obligation, r *obligation.Progress, names map[string]string) reportRow {
	row := reportRow{ID: r.ID, Title: o.Title, Path: taskAt(o.ID, r.UnitID), Unit: cmp.Or(v.tree.ShortOn(r.UnitID, v.today), v.unitName(r.UnitID)), UnitID: r.UnitID,
		On: r.On.String(), Percent: percentWords(r.Percent), Text: r.Text, By: names[r.By], State: progressBadges[r.State()], Why: r.ReturnedWhy, Version: r.Version}
	for _, f := range r.Figures {
		if f.Target >= 1 && f.Target <= len(o.Targets) {
			t := o.Targets[f.Target-1]
			row.Figures = append(row.Figures, fact{Label: t.Text, Value: f.Quantity.String() + "／" + t.Quantity.String() + t.Unit})
		}
	}
	for _, proof := range r.Records {
		row.Records = append(row.Records, ui.Link{Label: proof.Title, Path: proof.URL})
	}
	if r.State() == obligation.ProgressTold {
		row.Waits, row.May = v.waited(civil.DateOf(r.At)), v.me.Can(access.DutyDecide, r.UnitID)
	}
	return row
}

func percentWords(p *int) string {
	if p == nil {
		return ""
	}
	return fmt.Sprintf("%d%%", *p)
}

// taskAt is the page of a task's progress, of one unit unless that is 0.
func taskAt(task, unitID int64) string {
	path := At + "progress/" + number(task)
	if unitID != 0 {
		path += "?unit=" + number(unitID)
	}
	return path
}

func answerProgress(v *visit) (answer, error) {
	t, err := v.task()
	if err != nil {
		return answer{}, err
	}
	reports, err := v.Obligations.ProgressOf(v.r.Context(), obligation.ProgressFilter{ObligationID: t.ID}, v.today)
	if err != nil {
		return answer{}, err
	}
	i := slices.IndexFunc(reports, func(r obligation.Progress) bool { return r.ID == v.number("report") })
	if i < 0 {
		return answer{}, fault.New(fault.Conflict, "progress_gone", "这份进展已有新的一稿，请看过最新的再确认。")
	}
	if !v.me.Can(access.DutyDecide, reports[i].UnitID) {
		return answer{}, access.Refusal(access.DutyDecide)
	}
	accept := v.field("answer") == "accept"
	err = v.change(func(ctx context.Context, tx *db.Tx) error {
		return v.Obligations.AnswerProgress(ctx, tx, reports[i].ID, accept, v.field("why"), v.me.Actor())
	})
	if err != nil {
		return answer{}, err
	}
	note := "已确认，公众可以看到。"
	if !accept {
		note = "已退回" + v.unitName(reports[i].UnitID) + "修改。"
	}
	return goTo(v.back(taskAt(t.ID, reports[i].UnitID)), note)
}
