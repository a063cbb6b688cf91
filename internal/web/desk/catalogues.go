package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/lifecycle"
	"gongkai/internal/obligation"
	"gongkai/internal/unit"
	"gongkai/internal/web/ui"
)

// cataloguesPage lists the catalogues with their editions and begins new ones.
type cataloguesPage struct {
	frame
	Rows      []editionRow
	May       bool
	Units     []option // that the reader makes catalogues for
	Reviewers []option
	Bases     []option // catalogues that can be revised
	Typed     map[string]string
	Wrong     string
	Empty     empty
}

// View names the folder.
func (*cataloguesPage) View() string { return "catalogues" }

type editionRow struct {
	Title     string
	Path      string
	Unit      string
	Reviewer  string
	State     badge
	Rows      int
	Effective string
	Changed   string
}

var editionBadges = map[lifecycle.State]badge{
	obligation.EditionEditing:   {"soft", "✎", "编制中"},
	obligation.EditionInReview:  {"warn", "◷", "待把关"},
	obligation.EditionApproved:  {"warn", "▷", "待生效"},
	obligation.EditionInForce:   {"ok", "✓", "施行中"},
	obligation.EditionReplaced:  {"soft", "–", "已被新版代替"},
	obligation.EditionAbandoned: {"soft", "×", "已作废"},
}

func (k *Desk) catalogueRoutes() []*route {
	at := At + "catalogues"
	return []*route{
		{pattern: "GET /desk/catalogues", act: access.DutyRead, show: showCatalogues, title: "事项目录", section: at},
		{pattern: "POST /desk/catalogues", act: access.CatalogueEdit, do: startCatalogue, title: "事项目录", section: at},
		{pattern: "GET /desk/catalogues/{id}", act: access.DutyRead, show: showCatalogue, section: at},
		{pattern: "GET /desk/catalogues/{id}/compare", act: access.DutyRead, show: showCatalogueComparison, section: at},
		{pattern: "GET /desk/catalogues/{id}/rows.xlsx", act: access.DutyRead, raw: exportRows},
		{pattern: "GET /desk/catalogues/{id}/rows/{no}", act: access.CatalogueEdit, show: showRow, section: at},
		{pattern: "POST /desk/catalogues/{id}/rows/{no}", act: access.CatalogueEdit, do: putRow, section: at},
		{pattern: "POST /desk/catalogues/{id}/import", act: access.CatalogueEdit, do: importRows, section: at, body: fileBytes},
		{pattern: "POST /desk/catalogues/{id}/step", act: access.DutyRead, do: stepCatalogue, section: at},
	}
}

func cataloguePages() []ui.Page {
	return []ui.Page{&cataloguesPage{}, &cataloguePage{}, &catalogueRowPage{}, &comparePage{}}
}

// reads tells whether somebody sees an edition: of the unit that makes it, or
// of the department that reviews it. What is or was in force all see.
func (v *visit) reads(e *obligation.Edition) bool {
	if e.State == obligation.EditionInForce || e.State == obligation.EditionReplaced {
		return true
	}
	return slices.ContainsFunc([]int64{e.UnitID, e.ReviewerID}, func(id int64) bool { return v.me.Can(access.DutyRead, id) })
}

func showCatalogues(v *visit) (ui.Page, error) {
	p, err := v.cataloguesPage()
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (v *visit) cataloguesPage() (*cataloguesPage, error) {
	p := &cataloguesPage{frame: v.frame(""), May: v.me.CanAnywhere(access.CatalogueEdit), Typed: map[string]string{},
		Empty: empty{Why: "这里还没有编制过目录。", Way: "可以新编一份，或者在已经施行的目录上修订。"}}
	list, err := v.Obligations.EditionList(v.r.Context(), obligation.EditionFilter{})
	if err != nil {
		return nil, err
	}
	for i := range list {
		if v.reads(&list[i]) {
			p.Rows = append(p.Rows, v.editionRow(&list[i]))
		}
	}
	if !p.May {
		return p, nil
	}
	plans, err := v.Obligations.Plans(v.r.Context())
	if err != nil {
		return nil, err
	}
	for _, pl := range plans {
		if pl.Kind == obligation.Catalogue {
			p.Bases = append(p.Bases, option{number(pl.ID), pl.Title, v.field("plan") == number(pl.ID)})
		}
	}
	p.Units = v.workUnits(access.CatalogueEdit, v.field("unit"))
	for _, o := range v.tree.All(v.today, unit.Department, unit.Office) {
		p.Reviewers = append(p.Reviewers, option{number(o.ID), o.ShortOn(v.today), v.field("reviewer") == number(o.ID)})
	}
	return p, nil
}

func (v *visit) editionRow(e *obligation.Edition) editionRow {
	row := editionRow{Title: e.Title, Path: editionPath(e.ID), Unit: cmp.Or(v.tree.ShortOn(e.UnitID, v.today), e.Issuer), Reviewer: v.tree.ShortOn(e.ReviewerID, v.today),
		State: editionBadges[e.State], Rows: e.Rows, Changed: ui.Stamp(e.ChangedAt)}
	if !e.EffectiveOn.IsZero() {
		row.Effective = e.EffectiveOn.String()
	}
	return row
}

func editionPath(id int64) string { return At + "catalogues/" + number(id) }

func startCatalogue(v *visit) (answer, error) {
	start := obligation.EditionStart{PlanID: v.number("plan"), AboveID: v.number("above"), Title: v.field("title"), UnitID: v.number("unit"),
		ReviewerID: v.number("reviewer"), Actor: v.me.Actor()}
	if start.UnitID != 0 && !v.me.Can(access.CatalogueEdit, start.UnitID) {
		return answer{}, access.Refusal(access.CatalogueEdit)
	}
	start.Issuer = v.unitName(start.UnitID)
	var e obligation.Edition
	err := v.change(func(ctx context.Context, tx *db.Tx) (err error) {
		e, err = v.Obligations.StartEdition(ctx, tx, start)
		return err
	})
	if err == nil {
		return goTo(editionPath(e.ID), "已建立，可以逐条编，也可以导入表格。")
	}
	message, ok := mendable(err)
	if !ok {
		return answer{}, err
	}
	p, err := v.cataloguesPage()
	if err != nil {
		return answer{}, err
	}
	p.Wrong, p.Typed["title"] = message, start.Title
	return again(p)
}

// edition reads the edition of the address, which somebody must be able to see,
// and refuses where they may not do act for its unit; "" asks for nothing more.
func (v *visit) edition(act access.Act) (e obligation.EditionView, err error) {
	id, err := v.id("id")
	if err != nil {
		return e, err
	}
	if e, err = v.Obligations.Edition(v.r.Context(), id); err != nil {
		return e, err
	}
	switch {
	case !v.reads(&e.Edition):
		return e, access.Refusal(access.DutyRead)
	case act != "" && !v.me.Can(act, e.UnitID):
		return e, access.Refusal(act)
	}
	return e, nil
}

// stepUnit is the unit in which somebody needs the right to a step: the
// department's for the review, else the one whose catalogue it is.
func stepUnit(e *obligation.Edition, row lifecycle.Row) int64 {
	if access.Act(row.Act) == access.CatalogueReview {
		return e.ReviewerID
	}
	return e.UnitID
}

// editionStepRow finds what a step is now; ok is false where it cannot be taken.
func editionStepRow(e *obligation.Edition, event lifecycle.Event) (row lifecycle.Row, ok bool) {
	row, ok = obligation.Editions.Find(e.State, event, func(string) bool { return true })
	return row, ok && row.Act != ""
}

func stepCatalogue(v *visit) (answer, error) {
	e, err := v.edition("")
	if err != nil {
		return answer{}, err
	}
	step := obligation.EditionAct{Event: lifecycle.Event(v.field("event")), Note: v.field("note"), Actor: v.me.Actor()}
	if row, ok := editionStepRow(&e.Edition, step.Event); ok && !v.me.Can(access.Act(row.Act), stepUnit(&e.Edition, row)) {
		return answer{}, access.Refusal(access.Act(row.Act))
	}
	step.EffectiveOn, err = v.date("effective_on", "生效日期")
	if err == nil {
		err = v.change(func(ctx context.Context, tx *db.Tx) error {
			_, err := v.Obligations.StepEdition(ctx, tx, v.tree, e.ID, step)
			return err
		})
	}
	if err != nil {
		return v.editionAgain(&e, err)
	}
	return goTo(editionPath(e.ID), "已"+eventWords[step.Event]+"。")
}

var eventWords = map[lifecycle.Event]string{
	obligation.EditionSubmit: "送业务主管部门把关", obligation.EditionReturn: "退回修改", obligation.EditionApprove: "通过把关，到生效日自动施行",
	obligation.EditionReopen: "收回修改", obligation.EditionAbandon: "作废",
}

func importRows(v *visit) (answer, error) {
	e, err := v.edition(access.CatalogueEdit)
	if err != nil {
		return answer{}, err
	}
	name, data, err := v.sheetFile()
	warned := 0
	if err == nil {
		err = v.change(func(ctx context.Context, tx *db.Tx) error {
			_, warnings, err := v.Obligations.ImportRows(ctx, tx, e.ID, int(v.number("rev")), name, data, v.field("replace") != "", v.me.Actor())
			warned = len(warnings)
			return err
		})
	}
	if err != nil {
		return v.editionAgain(&e, err)
	}
	note := "已导入。"
	if warned > 0 {
		note += fmt.Sprintf("有%d处没有读懂或略去，请核对。", warned)
	}
	return goTo(editionPath(e.ID), note)
}

// editionAgain shows an edition with what has to be mended.
func (v *visit) editionAgain(e *obligation.EditionView, wrong error) (answer, error) {
	message, ok := mendable(wrong)
	if !ok {
		return answer{}, wrong
	}
	if f, is := fault.Of(wrong); is && f.Kind == fault.Conflict {
		fresh, err := v.edition("") // somebody else may have changed it
		if err != nil {
			return answer{}, err
		}
		e = &fresh
	}
	p, err := v.cataloguePage(e)
	if err != nil {
		return answer{}, err
	}
	p.Wrong, p.Typed["note"] = message, v.field("note")
	return again(p)
}
