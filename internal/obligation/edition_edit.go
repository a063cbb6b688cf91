package obligation

import (
	"context"
	"fmt"
	"strings"

	"gongkai/internal/db"
	"gongkai/internal/extract"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/obligation/workplan"
)

// MaxEditionRows is the largest number of rows of one catalogue.
const MaxEditionRows = 20_000

// EditionStart says which edition is begun.
type EditionStart struct {
	PlanID     int64 // the catalogue to revise: its rows are copied; 0 for a new one
	AboveID    int64 // the catalogue of the level above; 0 for none
	Title      string
	Issuer     string
	UnitID     int64
	ReviewerID int64
	Actor      string
}

// StartEdition begins an edition. A catalogue has at most one that is being
// made.
func (s *Store) StartEdition(ctx context.Context, tx *db.Tx, b EditionStart) (e Edition, err error) {
	defer fault.Wrap(&err, "obligation.StartEdition(%q)", b.Title)
	var rows []workplan.Row
	if b.PlanID != 0 {
		if rows, err = b.takeFrom(ctx, tx); err != nil {
			return Edition{}, err
		}
	}
	if err := b.check(ctx, tx); err != nil {
		return Edition{}, err
	}
	if err := keepImported(ctx, tx, b, rows); err != nil {
		return Edition{}, err
	}
	var id int64
	err = tx.Row(ctx, `insert into obligation_drafts (plan_id, above_id, title, issuer, unit_id, reviewer_id, state, rev, created_by, created_at, changed_at)
		values (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?) returning id`,
		[]any{orNull(b.PlanID), orNull(b.AboveID), b.Title, b.Issuer, b.UnitID, b.ReviewerID, string(Editions.Start()), b.Actor, db.At(tx.Now), db.At(tx.Now)}, &id)
	if err != nil {
		return Edition{}, err
	}
	if err := appendRows(ctx, tx, id, 0, rows); err != nil {
		return Edition{}, err
	}
	if err := appendEdition(ctx, tx, id, "obligation.edition_started", b.Actor, map[string]any{"title": b.Title, "plan": b.PlanID}); err != nil {
		return Edition{}, err
	}
	return readEdition(ctx, tx, id)
}

// takeFrom takes title and rows of the catalogue that is revised.
func (b *EditionStart) takeFrom(ctx context.Context, tx *db.Tx) (rows []workplan.Row, err error) {
	p, err := readPlan(ctx, tx, "id = ?", b.PlanID)
	if err != nil {
		return nil, err
	}
	if p.Kind != Catalogue {
		return nil, fault.New(fault.Invalid, "edition_kind", "《%s》不是公开事项标准目录，不能在这里修订。", p.Title)
	}
	b.Title, b.Issuer = p.Title, p.Issuer
	return rowsInForce(ctx, tx, b.PlanID)
}

// keepImported makes an edition of what is in force where that came by import,
// so that the list of editions has the first one too.
func keepImported(ctx context.Context, tx *db.Tx, b EditionStart, rows []workplan.Row) error {
	var have int
	if err := tx.Row(ctx, "select count(*) from obligation_drafts where plan_id = ?", []any{b.PlanID}, &have); err != nil || have > 0 || b.PlanID == 0 {
		return err
	}
	p, err := readPlan(ctx, tx, "id = ?", b.PlanID)
	if err != nil {
		return err
	}
	var id int64
	err = tx.Row(ctx, `insert into obligation_drafts (plan_id, title, issuer, unit_id, reviewer_id, state, rev, effective_on, created_by, created_at, changed_at)
		values (?, ?, ?, ?, ?, ?, 1, ?, 'import', ?, ?) returning id`,
		[]any{p.ID, p.Title, p.Issuer, b.UnitID, b.ReviewerID, string(EditionInForce), p.IssuedOn, db.At(p.SavedAt), db.At(p.SavedAt)}, &id)
	if err != nil {
		return err
	}
	return appendRows(ctx, tx, id, 0, rows)
}

// rowsInForce are the rows of a catalogue as it holds now.
func rowsInForce(ctx context.Context, tx *db.Tx, planID int64) (rows []workplan.Row, err error) {
	list, err := readObligations(ctx, tx, "plan_id = ? and retired_on is null", []any{planID}, "position")
	for _, o := range list {
		if o.Row != nil {
			rows = append(rows, *o.Row)
		}
	}
	return rows, err
}

func (b *EditionStart) check(ctx context.Context, tx *db.Tx) error {
	b.Title = strings.TrimSpace(b.Title)
	switch {
	case b.Title == "":
		return fault.New(fault.Invalid, "edition_title", "请填目录的名称，例如“某县教育领域基层政务公开标准目录”。").At("title")
	case b.Issuer == "":
		return fault.New(fault.Invalid, "edition_issuer", "请填编制单位。").At("issuer")
	case b.UnitID == 0 || b.ReviewerID == 0:
		return fault.New(fault.Invalid, "edition_units", "请选编制单位和负责把关的市级业务主管部门。").At("reviewer")
	}
	var taken, open int
	err := tx.Row(ctx, "select (select count(*) from obligation_plans where code = ? and id <> ?), (select count(*) from obligation_drafts where title = ? and state in ('editing', 'in_review', 'approved'))",
		[]any{b.Title, b.PlanID, b.Title}, &taken, &open)
	switch {
	case err != nil:
		return err
	case taken > 0:
		return fault.New(fault.Conflict, "edition_title_taken", "已有名为“%s”的目录，请打开它选“修订”，或换一个名称。", fault.Clip(b.Title, 40)).At("title")
	case open > 0:
		return fault.New(fault.Conflict, "edition_open", "“%s”已有一版正在编制或待生效，请在那一版上继续。", fault.Clip(b.Title, 40)).At("title")
	}
	return nil
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// editing claims an edition for a change: it must be in editing and at rev.
func editing(ctx context.Context, tx *db.Tx, id int64, rev int) error {
	n, err := tx.Exec(ctx, "update obligation_drafts set rev = rev + 1, changed_at = ? where id = ? and rev = ? and state = ?",
		db.At(tx.Now), id, rev, string(EditionEditing))
	if err != nil || n == 1 {
		return err
	}
	e, err := readEdition(ctx, tx, id)
	if err != nil {
		return err
	}
	if e.State != EditionEditing {
		return fault.New(fault.Conflict, "edition_locked", "这一版%s，内容不能改。要改请先退回或收回。", stateLabel(e.State))
	}
	return fault.New(fault.Conflict, "edition_stale", "这一版目录刚被别人改过，请刷新后再改，以免盖掉别人的修改。")
}

// PutRow adds a row (number 0) or writes another in its place.
func (s *Store) PutRow(ctx context.Context, tx *db.Tx, id int64, rev int, r EditionRow, actor string) (e Edition, err error) {
	defer fault.Wrap(&err, "obligation.PutRow(%d)", id)
	if err := checkRow(r.Row); err != nil {
		return Edition{}, err
	}
	if err := editing(ctx, tx, id, rev); err != nil {
		return Edition{}, err
	}
	r.Row.Line = 0
	if r.No == 0 {
		if r.No, err = lastRow(ctx, tx, id); err != nil {
			return Edition{}, err
		}
		if err := appendRows(ctx, tx, id, r.No, []workplan.Row{r.Row}); err != nil {
			return Edition{}, err
		}
		r.No++
	} else if n, err := tx.Exec(ctx, "update obligation_draft_rows set line = ? where draft_id = ? and no = ?", jsonText(r.Row), id, r.No); err != nil {
		return Edition{}, err
	} else if n == 0 {
		return Edition{}, fault.New(fault.NotFound, "edition_row", "这一版目录里没有第%d条，请刷新后再改。", r.No)
	}
	if err := appendEdition(ctx, tx, id, "obligation.edition_edited", actor, map[string]any{"row": r.No, "now": r.Row}); err != nil {
		return Edition{}, err
	}
	return readEdition(ctx, tx, id)
}

// checkRow refuses rows that say too little to be an obligation.
func checkRow(r workplan.Row) error {
	for _, need := range []struct{ field, label, value string }{
		{"level1", "一级事项", r.Level1}, {"content", "公开内容", r.Content}, {"by", "公开主体", r.By},
	} {
		if strings.TrimSpace(need.value) == "" {
			return fault.New(fault.Invalid, "edition_cell", "“%s”不能空着。", need.label).At("%s", need.field)
		}
	}
	return nil
}

// DeleteRow takes a row out of an edition.
func (s *Store) DeleteRow(ctx context.Context, tx *db.Tx, id int64, rev, no int, actor string) (e Edition, err error) {
	defer fault.Wrap(&err, "obligation.DeleteRow(%d)", id)
	if err := editing(ctx, tx, id, rev); err != nil {
		return Edition{}, err
	}
	var old workplan.Row
	if err := tx.Row(ctx, "delete from obligation_draft_rows where draft_id = ? and no = ? returning line", []any{id, no}, jsonColumn{&old}); err != nil {
		return Edition{}, fault.New(fault.NotFound, "edition_row", "这一版目录里没有第%d条，可能已被删去。", no).Because(err)
	}
	if err := appendEdition(ctx, tx, id, "obligation.edition_edited", actor, map[string]any{"row": no, "was": old}); err != nil {
		return Edition{}, err
	}
	return readEdition(ctx, tx, id)
}

// ImportRows reads rows of a file (XLSX or CSV under the national headings)
// into an edition: in place of all its rows, or after them. Warnings tell what
// was left out.
func (s *Store) ImportRows(ctx context.Context, tx *db.Tx, id int64, rev int, name string, data []byte, replace bool, actor string) (e Edition, warnings []workplan.Warning, err error) {
	defer fault.Wrap(&err, "obligation.ImportRows(%d, %s)", id, name)
	sheets, err := extract.ReadSheets(name, data, extract.Limits{})
	if err != nil {
		return Edition{}, nil, err
	}
	rows, warnings, err := workplan.ReadRows(sheets)
	if err != nil {
		return Edition{}, nil, err
	}
	if err := editing(ctx, tx, id, rev); err != nil {
		return Edition{}, nil, err
	}
	last := 0
	if replace {
		_, err = tx.Exec(ctx, "delete from obligation_draft_rows where draft_id = ?", id)
	} else {
		last, err = lastRow(ctx, tx, id)
	}
	if err != nil {
		return Edition{}, nil, err
	}
	if err := appendRows(ctx, tx, id, last, rows); err != nil {
		return Edition{}, nil, err
	}
	if err := appendEdition(ctx, tx, id, "obligation.edition_imported", actor, map[string]any{"rows": len(rows), "replace": replace, "file": name}); err != nil {
		return Edition{}, nil, err
	}
	e, err = readEdition(ctx, tx, id)
	return e, warnings, err
}

func lastRow(ctx context.Context, tx *db.Tx, id int64) (no int, err error) {
	err = tx.Row(ctx, "select coalesce(max(no), 0) from obligation_draft_rows where draft_id = ?", []any{id}, &no)
	return no, err
}

// appendRows writes rows after the number last.
func appendRows(ctx context.Context, tx *db.Tx, id int64, last int, rows []workplan.Row) error {
	if last+len(rows) > MaxEditionRows {
		return fault.New(fault.TooLarge, "edition_rows", "一份目录最多%d条，请按领域分成几份。", MaxEditionRows)
	}
	for i, r := range rows {
		r.Line = 0
		if _, err := tx.Exec(ctx, "insert into obligation_draft_rows (draft_id, no, line) values (?, ?, ?)", id, last+i+1, jsonText(r)); err != nil {
			return err
		}
	}
	return nil
}

func appendEdition(ctx context.Context, tx *db.Tx, id int64, kind, actor string, data map[string]any) error {
	_, err := ledger.Append(ctx, tx, ledger.Act{Kind: kind, Subject: fmt.Sprintf("catalogue_edition:%d", id), Actor: actor, Data: data})
	return err
}
