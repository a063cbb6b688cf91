package unit

import (
	"context"
	"errors"
	"slices"

	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
)

// errDryRun rolls back what was tried.
var errDryRun = errors.New("unit: dry run")

// update runs f in one transaction that is rolled back where it only tries.
func (s *Store) update(ctx context.Context, opts ImportOptions, f func(tx *db.Tx) error) error {
	err := s.db.Update(ctx, func(tx *db.Tx) error {
		if err := f(tx); err != nil || !opts.DryRun {
			return err
		}
		return errDryRun
	})
	if errors.Is(err, errDryRun) {
		return nil
	}
	return err
}

// Import takes the units of a table (CSV or XLSX, see Template) into the
// directory, in one transaction.
//
// A row is known again by its code, or by the full name below the same parent,
// of any time: importing a table twice, or an older one, changes nothing. For
// a known unit the table may add names, and correct kind, order, note and
// check mark; it may give the day on which the unit ended. A new name, code or
// parent of a known unit is history and belongs into the table of events
// (ImportEvents): such a row is refused, with the advice.
//
// A refused row does not hold up the others, except those whose parent it is.
func (s *Store) Import(ctx context.Context, name string, data []byte, opts ImportOptions) (r Report, err error) {
	defer fault.Wrap(&err, "unit.Import(%q)", name)
	err = s.update(ctx, opts, func(tx *db.Tx) error {
		r, err = s.importUnits(ctx, tx, name, data, opts)
		return err
	})
	return r, err
}

func (s *Store) importUnits(ctx context.Context, tx *db.Tx, name string, data []byte, opts ImportOptions) (Report, error) {
	sheet, err := readTable(name, data, unitColumns)
	if err != nil {
		return Report{}, err
	}
	t, err := s.writing(ctx, tx)
	if err != nil {
		return Report{}, err
	}
	run := intake{ctx: ctx, tx: tx, tree: t, sheet: sheet, actor: opts.actor(),
		byKey: map[string][]int64{}, claims: map[string][]pending{}, added: map[int64]Draft{}, line: map[int64]int{}, orders: map[int64]int{}}
	if err := run.all(); err != nil {
		return run.report, err
	}
	if len(run.acts) > 0 {
		if err := touch(ctx, tx); err != nil {
			return run.report, err
		}
		if _, err := ledger.Append(ctx, tx, run.acts...); err != nil {
			return run.report, err
		}
	}
	err = s.end(ctx, tx, &run)
	return run.report, err
}

// end applies what the table says of units that have ended.
func (s *Store) end(ctx context.Context, tx *db.Tx, run *intake) error {
	for _, e := range run.ends {
		_, err := s.ApplyEvent(ctx, tx, run.actor, e.event)
		switch _, ours := fault.Of(err); {
		case err == nil && !e.counted:
			run.report.Changed++
		case err != nil && !ours:
			return err
		case err != nil:
			run.report.refuse(e.line, colUntil, e.event.On.String(), err)
		}
	}
	return nil
}

// intake is one run over a table of units.
type intake struct {
	ctx    context.Context
	tx     *db.Tx
	tree   *Tree // before the import
	sheet  table
	actor  string
	report Report
	acts   []ledger.Act
	ends   []ending
	byKey  map[string][]int64   // names and codes of units added in this run
	claims map[string][]pending // their full names and codes
	added  map[int64]Draft      // units added in this run
	line   map[int64]int        // unit → the row that was it
	orders map[int64]int        // parent → the last order given below it
}

// pending is a full name or code taken in this run.
type pending struct {
	role   Role
	parent int64
	Span
	line int
}

// ending is a unit that the table says has ended.
type ending struct {
	line    int
	counted bool // its row has changed something besides
	event   Event
}

// all reads the rows and takes them in, parents before those below them.
func (in *intake) all() error {
	var waiting []unitRow
	for _, r := range in.sheet.rows {
		if r.hidden {
			in.report.refuse(r.line, colName, in.sheet.cell(r, colName), errHidden)
			continue
		}
		row, wrong := in.sheet.unitRow(r)
		for _, w := range wrong {
			in.report.refuse(r.line, w.column, w.value, w.err)
		}
		if len(wrong) == 0 {
			waiting = append(waiting, row)
		}
	}
	own := in.namesOf(waiting)
	for len(waiting) > 0 {
		var left, done []unitRow
		for _, row := range waiting {
			parent, ready, err := in.parent(row, own)
			switch {
			case !ready:
				left = append(left, row)
				continue
			case err != nil:
				in.report.refuse(row.line, colParent, row.parent, err)
			default:
				if err := in.take(row, parent); err != nil {
					return err
				}
			}
			done = append(done, row)
		}
		in.settle(own, done)
		if len(left) == len(waiting) {
			for _, row := range left {
				in.report.refuse(row.line, colParent, row.parent, fault.New(fault.Invalid, "unit_parent_cycle", "上级在本表里绕成了圈，请改正其中一行的上级。"))
			}
			return nil
		}
		waiting = left
	}
	return nil
}

// namesOf counts the rows that a parent cell could mean and that are not yet
// taken in.
func (in *intake) namesOf(rows []unitRow) map[string]int {
	names := map[string]int{}
	for _, row := range rows {
		for _, k := range row.keys() {
			names[k]++
		}
	}
	return names
}

// settle notes that rows are done, taken or refused.
func (in *intake) settle(own map[string]int, rows []unitRow) {
	for _, row := range rows {
		for _, k := range row.keys() {
			own[k]--
		}
	}
}

// keys are the different forms by which another row may name this one.
func (r unitRow) keys() []string {
	var keys []string
	for _, text := range []string{r.draft.Name, r.draft.Short, r.draft.Code} {
		if k := key(text); k != "" && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return keys
}

// parent finds the organ that a parent cell names, among the rows taken in and
// in the directory. It is not ready while a row that it could mean waits.
func (in *intake) parent(row unitRow, own map[string]int) (id int64, ready bool, err error) {
	k := key(row.parent)
	if k == "" {
		return 0, true, nil
	}
	waiting := own[k]
	if slices.Contains(row.keys(), k) {
		waiting-- // the row itself
	}
	if waiting > 0 {
		return 0, false, nil
	}
	ids := slices.Clone(in.byKey[k])
	for _, id := range in.tree.everBorne(row.parent) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	switch len(ids) {
	case 1:
		return ids[0], true, nil
	case 0:
		return 0, true, fault.New(fault.NotFound, "unit_parent_unknown", "上级不在名录里，也不在本表里（或它那一行没有被接受）。请先加上级，或改正它的名称。")
	}
	return 0, true, fault.New(fault.Invalid, "unit_ambiguous", "上级可以指%d个单位，请改写它的代码。", len(ids))
}
