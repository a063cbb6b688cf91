package obligation

import (
	"context"
	"database/sql"
	"strings"

	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/lifecycle"
	"gongkai/internal/obligation/workplan"
)

// EditionFilter narrows a list of editions. Zero fields do not.
type EditionFilter struct {
	PlanID    int64
	Units     []int64 // whose catalogue it is
	Reviewers []int64
	States    []lifecycle.State
}

// EditionList lists editions, the newest first. Of one catalogue in the states in
// force and replaced these are its versions with their effective dates.
func (s *Store) EditionList(ctx context.Context, f EditionFilter) (list []Edition, err error) {
	defer fault.Wrap(&err, "obligation.EditionList")
	conditions, args := []string{"1 = 1"}, []any(nil)
	add := func(on bool, condition string, values ...any) {
		if on {
			conditions, args = append(conditions, condition), append(args, values...)
		}
	}
	add(f.PlanID != 0, "d.plan_id = ?", f.PlanID)
	add(len(f.Units) > 0, "d.unit_id in "+db.In(len(f.Units)), db.Args(f.Units)...)
	add(len(f.Reviewers) > 0, "d.reviewer_id in "+db.In(len(f.Reviewers)), db.Args(f.Reviewers)...)
	var states []any
	for _, st := range f.States {
		states = append(states, string(st))
	}
	add(len(states) > 0, "d.state in "+db.In(len(states)), states...)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		list, err = readEditions(ctx, tx, strings.Join(conditions, " and "), args, "d.id desc")
		return err
	})
	return list, err
}

// Edition reads one edition with its rows and steps.
func (s *Store) Edition(ctx context.Context, id int64) (v EditionView, err error) {
	defer fault.Wrap(&err, "obligation.Edition(%d)", id)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		v, err = readEditionView(ctx, tx, id)
		return err
	})
	return v, err
}

// Against says what an edition is compared with.
type Against string

// What editions are compared with. Catalogues of two levels differ by nature in
// who publishes and at which level; these cells are left out there.
const (
	AgainstInForce Against = "in_force" // the same catalogue as it holds now
	AgainstAbove   Against = "above"    // the catalogue of the level above
)

// CompareEdition tells what an edition has otherwise than another catalogue.
// Where there is none to compare with, it is a NotFound fault.
func (s *Store) CompareEdition(ctx context.Context, id int64, with Against) (d workplan.RowsDifference, err error) {
	defer fault.Wrap(&err, "obligation.CompareEdition(%d, %s)", id, with)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		v, err := readEditionView(ctx, tx, id)
		if err != nil {
			return err
		}
		plan, skip := v.PlanID, []string(nil)
		if with == AgainstAbove {
			plan, skip = v.AboveID, []string{workplan.CellBy, workplan.CellLevel}
		}
		if plan == 0 {
			return fault.New(fault.NotFound, "edition_nothing", "没有可比较的目录：这一版是新编的，或者没有选上级目录。")
		}
		base, err := rowsInForce(ctx, tx, plan)
		if err != nil {
			return err
		}
		d = workplan.CompareRows(base, v.rows(), skip...)
		return nil
	})
	return d, err
}

const editionColumns = `d.id, coalesce(d.plan_id, 0), coalesce(d.above_id, 0), d.title, d.issuer, d.unit_id, d.reviewer_id, d.state, d.rev, d.effective_on,
	(select count(*) from obligation_draft_rows r where r.draft_id = d.id), d.created_by, d.created_at, d.changed_at`

func readEditions(ctx context.Context, tx *db.Tx, where string, args []any, order string) (list []Edition, err error) {
	err = tx.Each(ctx, "select "+editionColumns+" from obligation_drafts d where "+where+" order by "+order, args, func(rows *sql.Rows) error {
		var e Edition
		var created, changed db.Instant
		err := rows.Scan(&e.ID, &e.PlanID, &e.AboveID, &e.Title, &e.Issuer, &e.UnitID, &e.ReviewerID, &e.State, &e.Rev, &e.EffectiveOn,
			&e.Rows, &e.CreatedBy, &created, &changed)
		e.CreatedAt, e.ChangedAt = created.Time, changed.Time
		list = append(list, e)
		return err
	})
	return list, err
}

func readEdition(ctx context.Context, tx *db.Tx, id int64) (Edition, error) {
	list, err := readEditions(ctx, tx, "d.id = ?", []any{id}, "d.id")
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "edition_unknown", "没有编号为%d的目录版本，请从列表里重新打开。", id)
	}
	if err != nil {
		return Edition{}, err
	}
	return list[0], nil
}

func readEditionView(ctx context.Context, tx *db.Tx, id int64) (v EditionView, err error) {
	if v.Edition, err = readEdition(ctx, tx, id); err != nil {
		return EditionView{}, err
	}
	err = tx.Each(ctx, "select no, line from obligation_draft_rows where draft_id = ? order by no", []any{id}, func(rows *sql.Rows) error {
		var r EditionRow
		err := rows.Scan(&r.No, jsonColumn{&r.Row})
		v.List = append(v.List, r)
		return err
	})
	if err != nil {
		return EditionView{}, err
	}
	err = tx.Each(ctx, "select event, done_by, done_at, note from obligation_draft_steps where draft_id = ? order by id", []any{id}, func(rows *sql.Rows) error {
		var st EditionStep
		var at db.Instant
		err := rows.Scan(&st.Event, &st.By, &at, &st.Note)
		st.At = at.Time
		v.Steps = append(v.Steps, st)
		return err
	})
	return v, err
}
