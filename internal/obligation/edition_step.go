package obligation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/lifecycle"
	"gongkai/internal/obligation/workplan"
	"gongkai/internal/unit"
)

// EditionAct is a step that a person takes with an edition.
type EditionAct struct {
	Event       lifecycle.Event
	Note        string     // why, where the step needs it
	EffectiveOn civil.Date // where the step needs it
	Actor       string
}

func stateLabel(state lifecycle.State) string {
	for _, info := range editionStates {
		if info.State == state {
			return info.Label
		}
	}
	return string(state)
}

// StepEdition takes a step. The caller has checked the right that the row of
// Editions names, in the edition's unit or its reviewer's.
func (s *Store) StepEdition(ctx context.Context, tx *db.Tx, tree *unit.Tree, id int64, act EditionAct) (e Edition, err error) {
	defer fault.Wrap(&err, "obligation.StepEdition(%d, %s)", id, act.Event)
	v, err := readEditionView(ctx, tx, id)
	if err != nil {
		return Edition{}, err
	}
	row, ok := Editions.Find(v.State, act.Event, func(string) bool { return true })
	if !ok || row.Act == actNone {
		return Edition{}, fault.New(fault.Conflict, "edition_step", "这一版%s，现在不能这样做。请刷新页面，看可以做的操作。", stateLabel(v.State))
	}
	if slices.Contains(row.Needs, needWhy) && strings.TrimSpace(act.Note) == "" {
		return Edition{}, fault.New(fault.Invalid, "edition_why", "请写明理由。").At("note")
	}
	if slices.Contains(row.Needs, needDay) {
		if act.EffectiveOn.IsZero() || act.EffectiveOn.Before(tx.Today()) {
			return Edition{}, fault.New(fault.Invalid, "edition_day", "请定生效日期，不早于今天（%s）。", tx.Today().Chinese()).At("effective_on")
		}
		v.EffectiveOn = act.EffectiveOn
	}
	if err := guardEdition(tree, &v, row.Guards); err != nil {
		return Edition{}, err
	}
	return moveEdition(ctx, tx, v.Edition, row, act)
}

func guardEdition(tree *unit.Tree, v *EditionView, guards []string) error {
	if slices.Contains(guards, guardRows) && len(v.List) == 0 {
		return fault.New(fault.Invalid, "edition_empty", "这一版目录里还没有事项，请先填写或导入。")
	}
	if slices.Contains(guards, guardNames) {
		if _, failures, _ := v.resolve(tree, v.EffectiveOn); len(failures) > 0 {
			return fault.New(fault.Invalid, "edition_names", "有%d个公开主体在机构名录里找不到，不能施行：%s：%s", len(failures), failures[0].Where, failures[0].Message)
		}
	}
	return nil
}

// resolve makes the obligations of an edition as of a day.
func (v *EditionView) resolve(tree *unit.Tree, on civil.Date) (Draft, []Failure, []workplan.Warning) {
	return ResolveRows(tree, CatalogueInfo{Title: v.Title, Issuer: v.Issuer, Since: on}, v.rows())
}

// CheckEdition resolves the rows of an edition as of a day and tells which
// names nobody bears and which time limits stay text.
func (s *Store) CheckEdition(ctx context.Context, tree *unit.Tree, id int64, on civil.Date) (failures []Failure, warnings []workplan.Warning, err error) {
	v, err := s.Edition(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	_, failures, warnings = v.resolve(tree, on)
	return failures, warnings, nil
}

// moveEdition writes a step.
func moveEdition(ctx context.Context, tx *db.Tx, e Edition, row lifecycle.Row, act EditionAct) (Edition, error) {
	if row.To == EditionEditing {
		e.EffectiveOn = civil.Date{}
	}
	n, err := tx.Exec(ctx, "update obligation_drafts set state = ?, plan_id = ?, effective_on = ?, rev = rev + 1, changed_at = ? where id = ? and rev = ?",
		string(row.To), orNull(e.PlanID), e.EffectiveOn, db.At(tx.Now), e.ID, e.Rev)
	if err != nil {
		return Edition{}, err
	}
	if n != 1 {
		return Edition{}, fault.New(fault.Conflict, "edition_stale", "这一版目录刚被别人改过，请刷新后再试。")
	}
	if _, err := tx.Exec(ctx, "insert into obligation_draft_steps (draft_id, event, done_by, done_at, note) values (?, ?, ?, ?, ?)",
		e.ID, string(row.Event), act.Actor, db.At(tx.Now), act.Note); err != nil {
		return Edition{}, err
	}
	if err := appendEdition(ctx, tx, e.ID, "obligation.edition_"+string(row.Event), act.Actor, map[string]any{
		"from": string(row.From), "to": string(row.To), "note": act.Note, "effective_on": e.EffectiveOn}); err != nil {
		return Edition{}, err
	}
	return readEdition(ctx, tx, e.ID)
}

// Begun is an edition that has taken effect.
type Begun struct {
	Edition Edition
	Change  Change
	Draft   Draft // what was saved; records published before count after publication matches them again
}

// BeginEditions lets approved editions take effect whose day has come: rows
// that are new begin on that day, rows that are gone are retired, rows that
// stay keep their duties. Called every day; again it does nothing. An edition
// whose names nobody bears any more stops the call with a fault that says so.
func (s *Store) BeginEditions(ctx context.Context, tx *db.Tx, tree *unit.Tree, actor string) (list []Begun, err error) {
	defer fault.Wrap(&err, "obligation.BeginEditions")
	due, err := readEditions(ctx, tx, "d.state = ? and d.effective_on <= ?", []any{string(EditionApproved), tx.Today()}, "d.effective_on, d.id")
	if err != nil {
		return nil, err
	}
	for _, e := range due {
		b, err := s.begin(ctx, tx, tree, e.ID, actor)
		if err != nil {
			return nil, fmt.Errorf("edition %d: %w", e.ID, err)
		}
		list = append(list, b)
	}
	return list, nil
}

func (s *Store) begin(ctx context.Context, tx *db.Tx, tree *unit.Tree, id int64, actor string) (b Begun, err error) {
	v, err := readEditionView(ctx, tx, id)
	if err != nil {
		return Begun{}, err
	}
	row, _ := Editions.Find(v.State, EditionBegin, func(string) bool { return true })
	if err := guardEdition(tree, &v, row.Guards); err != nil {
		return Begun{}, err
	}
	b.Draft, _, _ = v.resolve(tree, v.EffectiveOn)
	if v.PlanID != 0 {
		if err := keepBeginnings(ctx, tx, v.PlanID, b.Draft.Obligations); err != nil {
			return Begun{}, err
		}
	}
	if b.Change, err = s.SavePlan(ctx, tx, b.Draft, SaveOptions{Confirm: true, Actor: actor}); err != nil {
		return Begun{}, err
	}
	before, err := readEditions(ctx, tx, "d.plan_id = ? and d.state = ?", []any{b.Change.PlanID, string(EditionInForce)}, "d.id")
	if err != nil {
		return Begun{}, err
	}
	for _, old := range before {
		end, _ := Editions.Find(old.State, EditionEnd, func(string) bool { return true })
		if _, err := moveEdition(ctx, tx, old, end, EditionAct{Event: EditionEnd, Actor: actor}); err != nil {
			return Begun{}, err
		}
	}
	v.PlanID = b.Change.PlanID
	b.Edition, err = moveEdition(ctx, tx, v.Edition, row, EditionAct{Event: EditionBegin, Actor: actor})
	return b, err
}

// keepBeginnings lets rows that stay begin when they began.
func keepBeginnings(ctx context.Context, tx *db.Tx, planID int64, list []Obligation) error {
	old, err := readObligations(ctx, tx, "plan_id = ? and retired_on is null", []any{planID}, "id")
	if err != nil {
		return err
	}
	began := map[string]civil.Date{}
	for _, o := range old {
		began[o.Code] = o.StartsOn
	}
	for i := range list {
		if day, ok := began[list[i].Code]; ok {
			list[i].StartsOn = day
		}
	}
	return nil
}
