// Package planning turns a work plan into everything that stands on it: the
// document in the library, its obligations with their duties, and the numbered
// promises as commitments that progress can be reported on. All of it happens
// in one transaction, so a plan is either wholly in or not at all.
package planning

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/extract"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/obligation/workplan"
	"gongkai/internal/publication"
	"gongkai/internal/unit"
)

// Deps is what a Planner works through.
type Deps struct {
	DB           *db.DB
	Units        *unit.Store
	Obligations  *obligation.Store
	Publications *publication.Store
}

// Planner imports work plans. It is safe for concurrent use.
type Planner struct{ Deps }

// Options say how a plan is imported.
type Options struct {
	Issued  civil.Date // the document's date, where it does not say or says it wrongly
	Issuer  string     // who issued it, where it does not say or says it wrongly
	Confirm bool       // an edited plan: write the differences
	Actor   string     // for the ledger
}

// Report is what an import found and did.
type Report struct {
	Plan     workplan.Plan        `json:"plan"`
	Warnings []workplan.Warning   `json:"warnings,omitempty"`
	Failures []obligation.Failure `json:"failures,omitempty"` // names that nobody bears: nothing was written
	Change   obligation.Change    `json:"change"`
	Document int64                `json:"publication,omitempty"` // the plan's own record
	Records  int                  `json:"commitments"`           // commitments among its items
}

// Refused is the error of an import that stopped because names could not be
// resolved. It unwraps to an Invalid fault that lists them.
type Refused struct{ Failures []obligation.Failure }

// Error lists the names.
func (r *Refused) Error() string { return r.Unwrap().Error() }

// Unwrap gives the fault.
func (r *Refused) Unwrap() error {
	var lines []string
	for _, f := range r.Failures {
		line := fmt.Sprintf("  %s：%s", f.Where, f.Message)
		if len(f.Suggestions) > 0 && !strings.Contains(f.Message, f.Suggestions[0]) {
			line += "（相近的有 " + strings.Join(f.Suggestions, "、") + "）"
		}
		lines = append(lines, line)
	}
	return fault.New(fault.Invalid, "plan_units", "有 %d 处单位名称在机构目录里找不到，没有导入任何内容。请先用 import units 补充机构或别名，再导入一次：\n%s",
		len(r.Failures), strings.Join(lines, "\n"))
}

// nameless are the titles that office programs give to sheets by themselves.
var nameless = regexp.MustCompile(`^(?:Sheet|工作表)\s*\d*$`)

// Read reads a plan from a file's bytes. Nothing is stored. A task table
// without a title of its own is called by the file's name.
func Read(name string, data []byte, opts Options) (workplan.Plan, extract.Document, []workplan.Warning, error) {
	doc, err := extract.Read(name, data, extract.Limits{})
	if err != nil {
		return workplan.Plan{}, doc, nil, err
	}
	plan, warnings, err := workplan.Parse(doc, workplan.Options{Issued: opts.Issued})
	if e, ok := fault.Of(err); ok && e.Place == "" {
		err = e.At("%s", name)
	}
	if opts.Issuer != "" {
		plan.Issuer = opts.Issuer
	}
	if nameless.MatchString(plan.Title) {
		plan.Title = stem(name)
	}
	return plan, doc, warnings, err
}

// stem is a file's name without its folder and ending.
func stem(name string) string {
	base := filepath.Base(name)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// Import reads a plan and writes it. The same plan again changes nothing; an
// edited one is only reported as differences until it is confirmed.
func (p *Planner) Import(ctx context.Context, name string, data []byte, opts Options) (report Report, err error) {
	defer fault.Wrap(&err, "planning.Import(%s)", name)
	plan, doc, warnings, err := Read(name, data, opts)
	if err != nil {
		return Report{}, err
	}
	report = Report{Plan: plan, Warnings: warnings}
	if plan.IssuedOn.IsZero() {
		return report, fault.New(fault.Invalid, "plan_undated", "文件里没有找到成文日期，而单位名称要按那一天解析；请加 --issued 2021-06-11 这样的日期再导入。").At("%s", name)
	}
	if plan.Issuer == "" {
		return report, fault.New(fault.Invalid, "plan_unissued", "文件里没有找到印发单位，而这份文件要以它的名义公开；请加 --issuer 市政府办公室 这样的单位再导入。").At("%s", name)
	}
	err = p.DB.Update(ctx, func(tx *db.Tx) error { return p.write(ctx, tx, &report, doc, opts) })
	return report, err
}

func (p *Planner) write(ctx context.Context, tx *db.Tx, report *Report, doc extract.Document, opts Options) error {
	plan := report.Plan
	tree, err := p.Units.Tree(ctx, tx)
	if err != nil {
		return err
	}
	draft, failures := obligation.ResolvePlan(tree, plan, plan.IssuedOn)
	if _, err := tree.Resolve(plan.Issuer, plan.IssuedOn); err != nil {
		failures = append([]obligation.Failure{{Name: plan.Issuer, Where: "印发单位", Message: fault.Public(err)}}, failures...)
	}
	if len(failures) > 0 {
		report.Failures = failures
		return &Refused{failures}
	}
	if report.Change, err = p.Obligations.SavePlan(ctx, tx, draft, obligation.SaveOptions{Confirm: opts.Confirm, Actor: opts.Actor}); err != nil {
		return err
	}
	switch report.Change.Outcome {
	case obligation.Differs:
		return nil
	case obligation.Added, obligation.Changed:
		if err := p.rematch(ctx, tx, draft); err != nil {
			return err
		}
	}
	lines := records(plan, draft.Plan, doc)
	for i := range lines {
		if i > 0 { // the lead of a commitment may be a set; the record belongs to the first organ of it
			lines[i].Unit = p.bearer(tree, plan, lines[i])
		}
		result, err := p.Publications.Put(ctx, tx, &lines[i], publication.PutOptions{Actor: opts.Actor, Note: "随工作要点导入"})
		if err != nil {
			return err
		}
		if i == 0 {
			report.Document = result.ID
		}
	}
	report.Records = len(lines) - 1
	return nil
}

// rematch lets the records that are there already count for new duties.
func (p *Planner) rematch(ctx context.Context, tx *db.Tx, draft obligation.Draft) error {
	var units []int64
	from := draft.Plan.IssuedOn
	for _, o := range draft.Obligations {
		for _, a := range o.Units {
			units = append(units, a.UnitID)
		}
		if !o.StartsOn.IsZero() && o.StartsOn.Before(from) {
			from = o.StartsOn
		}
	}
	slices.Sort(units)
	_, err := p.Publications.Rematch(ctx, tx, slices.Compact(units), from)
	return err
}

// bearer is the unit that a commitment is published under: its own lead where
// that is one organ, else the plan's issuer.
func (p *Planner) bearer(tree *unit.Tree, plan workplan.Plan, line publication.Line) string {
	if lead, ok := line.Fields["lead"].(string); ok && lead != "" {
		if _, err := tree.Resolve(lead, plan.IssuedOn); err == nil {
			return lead
		}
	}
	return plan.Issuer
}

// records are the publications that a plan makes: first the document itself,
// then a commitment for every item that promises numbers.
func records(plan workplan.Plan, saved obligation.Plan, doc extract.Document) []publication.Line {
	source := "workplan:" + saved.Code
	lines := []publication.Line{{
		SourceID: source, Kind: "plan", Unit: plan.Issuer, Title: plan.Title, Number: plan.Number,
		IssuedOn: plan.IssuedOn, EffectiveOn: plan.IssuedOn, Category: "政务公开", Keywords: []string{"政务公开", "工作要点"},
		Fields: publication.Fields{"level": "工作要点", "period_from": civil.Year(saved.Year).Start().String(), "period_to": civil.Year(saved.Year).End().String()},
		Body:   publication.Body{Format: document.Text, Text: doc.Text()},
	}}
	for _, task := range plan.Tasks {
		for _, item := range task.Items {
			if len(item.Targets) > 0 {
				lines = append(lines, commitment(plan, saved, source, task, item))
			}
		}
	}
	return lines
}

func commitment(plan workplan.Plan, saved obligation.Plan, source string, task workplan.Task, item workplan.Item) publication.Line {
	var targets []any
	for _, t := range item.Targets {
		targets = append(targets, map[string]any{"text": t.Text, "quantity": t.Quantity, "unit": t.Unit})
	}
	due := civil.Year(saved.Year).End()
	if !task.DueOn.IsZero() {
		due = task.DueOn
	}
	code := fmt.Sprintf("%s/%d", saved.Code, task.No)
	fields := publication.Fields{
		"year": saved.Year, "no": item.No, "due": due.String(), "targets": targets,
		"source": plan.Title, "task": code,
	}
	if len(item.Lead) > 0 {
		fields["lead"] = item.Lead[0]
	}
	if len(item.Responsible) > 0 {
		fields["responsible"] = item.Responsible
	}
	return publication.Line{
		SourceID: fmt.Sprintf("%s/%d-%d", source, task.No, item.No), Kind: "commitment", Unit: plan.Issuer,
		Title: headline(item.Text), IssuedOn: plan.IssuedOn, Category: task.Title, Fields: fields,
		Body:      publication.Body{Format: document.Text, Text: item.Text},
		Relations: []publication.RelationLine{{Type: publication.Implements, Target: source}},
	}
}

// headline is the first clause of a promise, short enough for a list.
func headline(text string) string {
	text = strings.TrimSpace(text)
	if i := strings.IndexAny(text, ";；。"); i > 0 {
		text = text[:i]
	}
	const most = 40
	if r := []rune(text); len(r) > most {
		if i := strings.IndexAny(string(r[:most]), ",，"); i > 0 {
			return text[:i]
		}
		return string(r[:most]) + "…"
	}
	return text
}
