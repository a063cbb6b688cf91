package sim

import (
	"context"
	"fmt"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/extract"
	"gongkai/internal/obligation"
	"gongkai/internal/obligation/workplan"
	"gongkai/internal/publication"
	"gongkai/internal/unit"
)

// plan is the city's work plan, read by the same parser as any other.
type plan struct {
	text  string
	tasks []workplan.Task
	draft obligation.Draft
}

// code is the code of a task.
func (p *plan) code(no int) string { return fmt.Sprintf("%s/%d", p.draft.Plan.Code, no) }

// task is the task of a number.
func (p *plan) task(no int) workplan.Task { return p.tasks[no-1] }

// readPlan parses the plan and resolves its units as of its own day.
func readPlan(tree *unit.Tree) (*plan, error) {
	data, err := city.ReadFile("city/workplan.txt")
	if err != nil {
		return nil, err
	}
	doc, err := extract.Read("workplan.txt", data, extract.Limits{})
	if err != nil {
		return nil, err
	}
	parsed, warnings, err := workplan.Parse(doc, workplan.Options{})
	if err != nil {
		return nil, err
	}
	if len(warnings) > 0 {
		return nil, fmt.Errorf("workplan.txt is read with doubts: %v", warnings)
	}
	draft, failures := obligation.ResolvePlan(tree, parsed, parsed.IssuedOn)
	if len(failures) > 0 {
		return nil, fmt.Errorf("workplan.txt names units that are not in the directory: %v", failures)
	}
	return &plan{string(data), parsed.Tasks, draft}, nil
}

// planSource is the source_id of the plan's own record.
const planSource = "yz:gkyd-2021"

// writePlan takes the plan in as obligations and as a record, and explains it.
func (p *player) writePlan() error {
	draft := p.plan.draft
	at := p.on(draft.Plan.IssuedOn.AddDays(4), planSource)
	p.act(at, "plan", func(ctx context.Context) error {
		return p.update(ctx, at, func(tx *db.Tx) error {
			_, err := p.Obligations.SavePlan(ctx, tx, draft, obligation.SaveOptions{Actor: actor})
			return err
		})
	})
	_, body, _ := strings.Cut(p.plan.text, draft.Plan.Title+"\n")
	p.publish(at, &publication.Line{
		SourceID: planSource, Kind: "plan", Unit: draft.Plan.Issuer, Title: draft.Plan.Title, IssuedOn: draft.Plan.IssuedOn,
		EffectiveOn: draft.Plan.IssuedOn, Category: "政务公开", Keywords: []string{"政务公开", "工作要点"}, Statutory: "20-3",
		Body:   publication.Body{Format: document.Text, Text: body},
		Fields: publication.Fields{"level": "工作要点", "period_from": civil.On(2021, 1, 1), "period_to": planEnd},
	}, nil)
	text, err := p.series.render("plan_explained", map[string]any{"Tasks": p.plan.tasks, "Targets": p.plan.task(3).Targets})
	if err != nil {
		return err
	}
	p.publish(p.on(draft.Plan.IssuedOn.AddDays(6), planSource), &publication.Line{
		SourceID: planSource + ":jd", Kind: "interpretation", Unit: "市行政审批服务局", Title: "2021年政务公开工作要点解读：十八项任务谁来做",
		IssuedOn: civil.On(2021, 6, 16), Category: "政务公开", Keywords: []string{"政务公开", "解读"}, Body: text,
		Fields:    publication.Fields{"form": "图解", "author": "永州市行政审批服务局"},
		Relations: []publication.RelationLine{{Type: publication.Interprets, Target: planSource}},
	}, nil)
	return nil
}
