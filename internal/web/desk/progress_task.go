package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/publication"
	"gongkai/internal/web/ui"
)

// taskPage is one task: what was promised, what the units report, and the form
// for the reader's own report.
type taskPage struct {
	frame
	Path    string
	Facts   []fact
	Reports []reportRow
	Series  []seriesTable
	May     bool // the reader writes for UnitID
	UnitID  int64
	Unit    string
	Units   []option // that the reader may write for
	Form    progressForm
	Wrong   string
	Empty   empty
}

// View names the folder.
func (*taskPage) View() string { return "progress_task" }

// progressForm is a report as somebody types it.
type progressForm struct {
	On, Text, Percent, Records string
	Version                    int
	Figures                    []figureField
}

type figureField struct {
	Name, Label, Unit, Value string
}

// seriesTable is one figure of a unit, from report to report.
type seriesTable struct {
	Title  string
	Points []seriesPoint
}

type seriesPoint struct {
	On, Quantity string
	Percent      int // of the target, at most 100, for the bar
	Words        string
}

// task reads the task of the address, one of a work plan.
func (v *visit) task() (t obligation.Obligation, err error) {
	id, err := v.id("task")
	if err != nil {
		return t, err
	}
	view, err := v.Obligations.Obligation(v.r.Context(), id, v.today)
	return view.Obligation, err
}

func showTask(v *visit) (ui.Page, error) {
	t, err := v.task()
	if err != nil {
		return nil, err
	}
	unitID, _ := strconv.ParseInt(v.query("unit"), 10, 64)
	p, err := v.taskPage(&t, unitID)
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (v *visit) taskPage(t *obligation.Obligation, unitID int64) (*taskPage, error) {
	p := &taskPage{frame: v.frame(t.Title), Path: taskAt(t.ID, 0), Empty: empty{Why: "还没有填报过进展。", Way: "责任单位填报、主管部门确认后，公众在这项任务的页面上看到。"}}
	p.Facts = slices.DeleteFunc([]fact{{Label: "任务", Value: t.Text}, {Label: "责任分工", Value: t.Assignment}, {Label: "时限", Value: t.Due}}, func(f fact) bool { return f.Value == "" })
	seen, writes := p.reach(v, t, unitID)
	if len(seen) == 0 {
		return nil, access.Refusal(access.DutyRead)
	}
	reports, err := v.Obligations.ProgressOf(v.r.Context(), obligation.ProgressFilter{ObligationID: t.ID, Units: seen, Versions: true}, v.today)
	if err != nil {
		return nil, err
	}
	names, err := v.doers(authors(reports))
	if err != nil {
		return nil, err
	}
	newest := map[string]bool{}
	for i := range reports {
		row := v.reportRow(t, &reports[i], names)
		key := number(row.UnitID) + "@" + row.On
		row.May = row.May && !newest[key] // only the newest version can be answered
		newest[key] = true
		p.Reports = append(p.Reports, row)
	}
	p.series(v, t, reports)
	if len(writes) > 0 {
		p.form(v, t, reports)
	}
	return p, nil
}

// reach finds the units of the task whose reports are seen, and those that the
// reader writes for. It chooses the unit of the form.
func (p *taskPage) reach(v *visit, t *obligation.Obligation, unitID int64) (seen, writes []int64) {
	for _, a := range t.Units {
		if v.me.Can(access.DutyRead, a.UnitID) && (unitID == 0 || unitID == a.UnitID) {
			seen = append(seen, a.UnitID)
			if v.me.Can(access.ProgressWrite, a.UnitID) {
				writes = append(writes, a.UnitID)
			}
		}
	}
	if p.May = len(writes) > 0; p.May {
		p.UnitID, p.Unit = writes[0], v.unitName(writes[0])
	}
	for _, id := range writes {
		p.Units = append(p.Units, option{number(id), v.unitName(id), id == p.UnitID})
	}
	return seen, writes
}

// series makes the tables of figures, of the newest version of each day.
func (p *taskPage) series(v *visit, t *obligation.Obligation, versions []obligation.Progress) {
	var reports []obligation.Progress
	for _, r := range versions {
		if n := len(reports); n == 0 || reports[n-1].UnitID != r.UnitID || reports[n-1].On != r.On {
			reports = append(reports, r)
		}
	}
	for _, s := range obligation.SeriesOf(*t, reports) {
		target := s.Target
		table := seriesTable{Title: fmt.Sprintf("%s：%s（目标%s%s）", v.unitName(s.UnitID), target.Text, target.Quantity, target.Unit)}
		for _, point := range s.Points {
			table.Points = append(table.Points, seriesPoint{point.On.String(), point.Quantity.String() + target.Unit, min(point.Percent, 100), fmt.Sprintf("%d%%", point.Percent)})
		}
		p.Series = append(p.Series, table)
	}
}

// form begins with what the unit said today, or else with today's date.
func (p *taskPage) form(v *visit, t *obligation.Obligation, reports []obligation.Progress) {
	p.Form.On = v.today.String()
	said := map[int]string{}
	i := slices.IndexFunc(reports, func(r obligation.Progress) bool {
		return r.UnitID == p.UnitID && (r.On == v.today || r.State() == obligation.ProgressReturned)
	})
	if i >= 0 {
		r := &reports[i]
		p.Form = progressForm{On: r.On.String(), Text: r.Text, Version: r.Version, Percent: strings.TrimSuffix(percentWords(r.Percent), "%")}
		for _, proof := range r.Records {
			p.Form.Records += proof.URL + "\n"
		}
		for _, f := range r.Figures {
			said[f.Target] = f.Quantity.String()
		}
	}
	for n, target := range t.Targets {
		p.Form.Figures = append(p.Form.Figures, figureField{figureName(n + 1), target.Text, target.Unit, said[n+1]})
	}
}

func figureName(n int) string { return "figure" + strconv.Itoa(n) }

func saveProgress(v *visit) (answer, error) {
	t, err := v.task()
	if err != nil {
		return answer{}, err
	}
	unitID := v.number("unit")
	if !v.me.Can(access.ProgressWrite, unitID) {
		return answer{}, access.Refusal(access.ProgressWrite)
	}
	report, err := v.typedProgress(&t)
	if err == nil {
		report.UnitID = unitID
		err = v.change(func(ctx context.Context, tx *db.Tx) error {
			if report.Records, err = v.progressProofs(ctx, tx, unitID); err != nil {
				return err
			}
			_, err := v.Obligations.SaveProgress(ctx, tx, report)
			return err
		})
	}
	if err == nil {
		return goTo(taskAt(t.ID, unitID), "进展已填报，主管部门确认后公众可以看到。")
	}
	message, ok := mendable(err)
	if !ok {
		return answer{}, err
	}
	p, err := v.taskPage(&t, unitID)
	if err != nil {
		return answer{}, err
	}
	p.Wrong = message
	p.Form.On, p.Form.Text, p.Form.Percent, p.Form.Records = v.field("on"), v.field("text"), v.field("percent"), v.field("records")
	for i := range p.Form.Figures {
		p.Form.Figures[i].Value = v.field(p.Form.Figures[i].Name)
	}
	return again(p)
}

// typedProgress reads a report from the form.
func (v *visit) typedProgress(t *obligation.Obligation) (r obligation.Progress, err error) {
	r = obligation.Progress{ObligationID: t.ID, Version: int(v.number("version")), Text: v.field("text"), By: v.me.Actor()}
	if r.On, err = v.date("on", "日期"); err != nil {
		return r, err
	}
	if s := v.field("percent"); s != "" {
		n, err := strconv.Atoi(strings.TrimSuffix(s, "%"))
		if err != nil {
			return r, fault.New(fault.Invalid, "progress_percent", "“%s”不是完成比例，请填0到100的整数，不清楚可以不填。", fault.Clip(s, 20)).At("完成比例")
		}
		r.Percent = &n
	}
	for i := range t.Targets {
		if s := v.field(figureName(i + 1)); s != "" {
			r.Figures = append(r.Figures, obligation.Figure{Target: i + 1, Quantity: json.Number(s)})
		}
	}
	return r, nil
}

var lastNumber = regexp.MustCompile(`([0-9]+)/?$`)

// progressProofs finds the published records that the form names, one address or
// number a line.
func (v *visit) progressProofs(ctx context.Context, tx *db.Tx, unitID int64) (list []obligation.ProgressProof, err error) {
	for line := range strings.Lines(v.field("records")) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		var records []publication.Record
		if m := lastNumber.FindString(line); m != "" {
			id, _ := strconv.ParseInt(strings.TrimSuffix(m, "/"), 10, 64)
			if records, err = v.Publications.Records(ctx, tx, []int64{id}); err != nil {
				return nil, err
			}
		}
		if len(records) == 0 || records[0].State != publication.Published {
			return nil, fault.New(fault.Invalid, "proof_unknown", "没有找到“%s”这条已公开信息，请从信息的页面上复制网址，一行一条。", fault.Clip(line, 60)).At("佐证")
		}
		list = append(list, obligation.ProgressProof{RecordID: records[0].ID, Title: records[0].Title, URL: publication.Path(records[0].ID)})
	}
	return list, nil
}
