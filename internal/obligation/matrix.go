package obligation

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Columns says what the columns of a matrix are.
type Columns string

// The columns.
const (
	ByObligation Columns = "obligation" // each task or row
	BySection    Columns = "section"    // sections of the plan, fields of the catalogue
)

// MaxMatrixRows is the largest number of units in one matrix.
const MaxMatrixRows = 1000

// MatrixFilter says which matrix. The units are the rows, in their order; the
// caller chooses them by level.
type MatrixFilter struct {
	PlanID  int64
	Period  string // "" for the newest with duties
	Units   []int64
	Columns Columns // "" is ByObligation
	Section string  // only this section of the plan, or field of the catalogue
	States  []State // only duties in these states; none is all
}

// Matrix is units × obligations (or sections) with the duties of each cell.
type Matrix struct {
	PlanID  int64          `json:"plan_id"`
	Period  string         `json:"period"`
	AsOf    civil.Date     `json:"as_of"`
	Columns []MatrixColumn `json:"columns"`
	Rows    []MatrixRow    `json:"rows"` // units without any duty here are left out
	Total   Counts         `json:"total"`
}

// MatrixColumn is one column.
type MatrixColumn struct {
	ObligationID int64  `json:"obligation_id,omitempty"` // 0 for sections
	Section      string `json:"section"`
	Code         string `json:"code,omitempty"`
	Title        string `json:"title"`
	Total        Counts `json:"total"`
}

// MatrixRow is a unit with one cell for each column.
type MatrixRow struct {
	UnitID int64    `json:"unit_id"`
	Cells  []Counts `json:"cells"` // Worst tells what to show; a cell without duties is empty
	Total  Counts   `json:"total"`
}

// Drill is the filter that lists the duties of a cell; unit 0 is the whole
// column, column -1 the whole row.
func (m *Matrix) Drill(unit int64, column int, states ...State) DutyFilter {
	f := DutyFilter{PlanID: m.PlanID, Period: m.Period, States: states}
	if unit != 0 {
		f.Units = []int64{unit}
	}
	if column >= 0 {
		if f.ObligationID = m.Columns[column].ObligationID; f.ObligationID == 0 {
			f.Section = m.Columns[column].Section
		}
	}
	return f
}

// Matrix reads the matrix as it stood at the end of the day asOf. A cell's
// duties are those that Duties gives for Drill of its unit and column.
func (s *Store) Matrix(ctx context.Context, f MatrixFilter, asOf civil.Date) (m Matrix, err error) {
	defer fault.Wrap(&err, "obligation.Matrix(%d)", f.PlanID)
	if len(f.Units) > MaxMatrixRows {
		return Matrix{}, fault.New(fault.TooLarge, "matrix_rows", "一次最多列出%d个单位，请按层级或地区缩小范围。", MaxMatrixRows)
	}
	m = Matrix{PlanID: f.PlanID, Period: f.Period, AsOf: asOf}
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if _, err := readPlan(ctx, tx, "id = ?", f.PlanID); err != nil {
			return err
		}
		if m.Period == "" {
			if err := tx.Row(ctx, "select coalesce(max(d.period), '') from "+duties(tx, asOf)+" where d.plan_id = ?", []any{f.PlanID}, &m.Period); err != nil {
				return err
			}
		}
		columnOf, err := m.readColumns(ctx, tx, f, asOf)
		if err != nil {
			return err
		}
		return m.readCells(ctx, tx, f, s.Reckoning(asOf), columnOf)
	})
	return m, err
}

// readColumns makes the columns and tells which one each obligation is in.
func (m *Matrix) readColumns(ctx context.Context, tx *db.Tx, f MatrixFilter, asOf civil.Date) (columnOf map[int64]int, err error) {
	columnOf = map[int64]int{}
	sections := map[string]int{}
	query, args := "select i.id, i.code, i.section, i.title from obligation_items i where i.plan_id = ? and "+listedItems(tx, asOf), []any{f.PlanID}
	if f.Section != "" {
		query, args = query+" and i.section = ?", append(args, f.Section)
	}
	err = tx.Each(ctx, query+" order by i.position", args, func(rows *sql.Rows) error {
		var id int64
		var code, section, title string
		if err := rows.Scan(&id, &code, &section, &title); err != nil {
			return err
		}
		if f.Columns != BySection {
			columnOf[id] = len(m.Columns)
			m.Columns = append(m.Columns, MatrixColumn{ObligationID: id, Section: section, Code: code, Title: title})
			return nil
		}
		at, seen := sections[section]
		if !seen {
			at = len(m.Columns)
			sections[section] = at
			m.Columns = append(m.Columns, MatrixColumn{Section: section, Title: section})
		}
		columnOf[id] = at
		return nil
	})
	return columnOf, err
}

// readCells counts the duties of all cells in one pass over the index.
func (m *Matrix) readCells(ctx context.Context, tx *db.Tx, f MatrixFilter, r Reckoning, columnOf map[int64]int) error {
	order := map[int64]int{}
	for i, id := range f.Units {
		order[id] = i
	}
	at := map[int64]int{}
	args := slices.Concat(r.stateArgs(), []any{f.PlanID, m.Period}, db.Args(f.Units))
	query := matrixQuery(duties(tx, r.Today), len(f.Units))
	err := tx.Each(ctx, query, args, func(rows *sql.Rows) error {
		var unit, obligation, code int64 // int64 is what the drivers give: nothing to convert
		if err := rows.Scan(&unit, &obligation, &code); err != nil {
			return err
		}
		state := State(code)
		column, ok := columnOf[obligation]
		if !ok || len(f.States) > 0 && !slices.Contains(f.States, state) {
			return nil
		}
		i, seen := at[unit]
		if !seen {
			i = len(m.Rows)
			at[unit] = i
			m.Rows = append(m.Rows, MatrixRow{UnitID: unit, Cells: make([]Counts, len(m.Columns))})
		}
		row := &m.Rows[i]
		row.Cells[column].Add(state, 1)
		row.Total.Add(state, 1)
		m.Columns[column].Total.Add(state, 1)
		m.Total.Add(state, 1)
		return nil
	})
	slices.SortFunc(m.Rows, func(a, b MatrixRow) int {
		return cmp.Or(cmp.Compare(order[a.UnitID], order[b.UnitID]), cmp.Compare(a.UnitID, b.UnitID))
	})
	return err
}

// matrixQuery reads the cells of a plan's period, of so many units or, for
// none, of all.
func matrixQuery(from string, units int) string {
	query := "select d.unit_id, d.obligation_id, " + stateCase + " as state from " + from + " where d.plan_id = ? and d.period = ? and " + standing
	if units > 0 {
		query += " and d.unit_id in " + db.In(units)
	}
	return query
}
