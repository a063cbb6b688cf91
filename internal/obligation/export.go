package obligation

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Export says what goes into a workbook of the grid.
type Export struct {
	Views []MatrixFilter // a sheet each; the duties listed are those of the first of each period
	Title string
	Name  func(unit int64) string // what units are called
}

// MaxExportDuties is the largest number of duties in one workbook.
const MaxExportDuties = 200_000

// ExportGrid writes the grid as it stood at the end of the day asOf as an XLSX
// workbook: a sheet for each view with states in words and colours, and a sheet
// of all duties with when they were due and how they were met.
func (s *Store) ExportGrid(ctx context.Context, w io.Writer, e Export, asOf civil.Date) (err error) {
	defer fault.Wrap(&err, "obligation.ExportGrid")
	if len(e.Views) == 0 {
		return fault.New(fault.Invalid, "export_empty", "请先选要导出的要点或目录和单位。")
	}
	book := excelize.NewFile()
	defer book.Close()
	sheet := gridSheet{book: book, export: e, asOf: asOf}
	if err := sheet.makeStyles(); err != nil {
		return err
	}
	for i, f := range e.Views {
		m, err := s.Matrix(ctx, f, asOf)
		if err != nil {
			return err
		}
		if err := sheet.writeMatrix(sheetName(e.Views, i), &m); err != nil {
			return err
		}
	}
	if err := s.exportDuties(ctx, &sheet, asOf); err != nil {
		return err
	}
	if err := book.DeleteSheet("Sheet1"); err != nil {
		return err
	}
	book.SetActiveSheet(0)
	return book.Write(w)
}

// sheetName is unique among the views and within what workbooks allow.
func sheetName(views []MatrixFilter, i int) string {
	name := "按事项"
	if views[i].Columns == BySection {
		name = "按领域或章节"
	}
	if i > 0 {
		name = fmt.Sprintf("%s %d", name, i+1)
	}
	if period := views[i].Period; period != views[0].Period {
		name += " " + period
	}
	return name
}

// stateColours are the letters and grounds of cells; words say the same.
var stateColours = [stateCount][2]string{
	NotApplicableState: {"5F6368", "F1F1F0"},
	NilReport:          {"1B6E3C", "EEF6F0"},
	Fulfilled:          {"1B6E3C", "DFF0E5"},
	NotDue:             {"3C4043", "FFFFFF"},
	FulfilledLate:      {"6B4F00", "FBF3DC"},
	DueSoon:            {"8A5A00", "FFF0C9"},
	DisputedState:      {"4A3B8F", "ECE9F8"},
	Overdue:            {"B3261E", "FBE3E1"},
}

// gridSheet writes sheets of one workbook.
type gridSheet struct {
	book   *excelize.File
	export Export
	asOf   civil.Date
	head   int // styles
	states [stateCount]int
}

func (g *gridSheet) makeStyles() (err error) {
	border := []excelize.Border{{Type: "bottom", Color: "D9D9D6", Style: 1}, {Type: "right", Color: "D9D9D6", Style: 1}}
	g.head, err = g.book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Border: border,
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F6F5F2"}}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}})
	for i, c := range stateColours {
		if err != nil {
			return err
		}
		g.states[i], err = g.book.NewStyle(&excelize.Style{Font: &excelize.Font{Color: c[0]}, Border: border,
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{c[1]}}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}})
	}
	return err
}

// begin makes a sheet whose heading and first columns stay in sight.
func (g *gridSheet) begin(name string, frozen int, widths ...float64) (*excelize.StreamWriter, error) {
	if _, err := g.book.NewSheet(name); err != nil {
		return nil, err
	}
	w, err := g.book.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	for i, width := range widths {
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return nil, err
		}
	}
	corner, err := excelize.CoordinatesToCellName(frozen+1, 3)
	if err != nil {
		return nil, err
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, XSplit: frozen, YSplit: 2, TopLeftCell: corner, ActivePane: "bottomRight"}); err != nil {
		return nil, err
	}
	return w, w.SetRow("A1", []any{g.export.Title + "　截至" + g.asOf.Chinese()})
}

func (g *gridSheet) headings(w *excelize.StreamWriter, labels ...string) error {
	cells := make([]any, len(labels))
	for i, l := range labels {
		cells[i] = excelize.Cell{StyleID: g.head, Value: l}
	}
	return w.SetRow("A2", cells)
}

func (g *gridSheet) writeMatrix(name string, m *Matrix) error {
	widths := []float64{24, 12, 12}
	labels := []string{"单位", "应办", "已办"}
	for _, c := range m.Columns {
		widths, labels = append(widths, 14), append(labels, c.Title)
	}
	w, err := g.begin(name, 1, widths...)
	if err != nil {
		return err
	}
	if err := g.headings(w, labels...); err != nil {
		return err
	}
	for i, r := range m.Rows {
		cells := []any{g.export.Name(r.UnitID), r.Total.Owed(), r.Total.Done()}
		for _, c := range r.Cells {
			cells = append(cells, g.cell(c))
		}
		if err := w.SetRow(fmt.Sprintf("A%d", i+3), cells); err != nil {
			return err
		}
	}
	return w.Flush()
}

// cell is the worst state of a cell, with how many of its duties are met where
// there are several.
func (g *gridSheet) cell(c Counts) any {
	worst, ok := c.Worst()
	if !ok {
		return nil
	}
	words := worst.Label()
	if c.Total() > 1 {
		words = fmt.Sprintf("%s（%d/%d）", words, c.Done(), c.Owed())
	}
	return excelize.Cell{StyleID: g.states[worst], Value: words}
}

var howWords = map[How]string{ByRecord: "公开信息", ByNilReport: "零报告"}

// exportDuties writes the sheet of all duties: of the first view of each
// period.
func (s *Store) exportDuties(ctx context.Context, g *gridSheet, asOf civil.Date) error {
	w, err := g.begin("全部义务", 3, 24, 30, 10, 12, 12, 12, 12, 12, 60, 30)
	if err != nil {
		return err
	}
	if err := g.headings(w, "单位", "事项", "时段", "状态", "到期日", "完成日", "完成方式", "最后期限", "完成依据", "编码"); err != nil {
		return err
	}
	row := 3
	err = s.db.View(ctx, func(tx *db.Tx) error {
		listed := map[string]bool{}
		for _, v := range g.export.Views {
			if listed[v.Period] {
				continue
			}
			listed[v.Period] = true
			f := DutyFilter{PlanID: v.PlanID, Period: v.Period, Units: v.Units, Section: v.Section, States: v.States, Size: MaxPage}
			if row, err = s.exportView(ctx, tx, g, w, f, row, asOf); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.Flush()
}

// exportView writes the duties of a filter from a row on and gives the row
// after them.
func (s *Store) exportView(ctx context.Context, tx *db.Tx, g *gridSheet, w *excelize.StreamWriter, f DutyFilter, row int, asOf civil.Date) (int, error) {
	for {
		page, err := s.duties(ctx, tx, f, asOf)
		if err != nil {
			return row, err
		}
		proof, err := evidenceOfPage(ctx, tx, page.Duties, asOf)
		if err != nil {
			return row, err
		}
		for _, d := range page.Duties {
			if err := w.SetRow(fmt.Sprintf("A%d", row), g.dutyRow(d, proof[d.ID])); err != nil {
				return row, err
			}
			row++
		}
		if f.After = page.Next; f.After.ID == 0 {
			return row, nil
		}
		if row > MaxExportDuties {
			return row, fault.New(fault.TooLarge, "export_large", "一次最多导出%d条义务，请按时段、单位或状态缩小范围。", MaxExportDuties)
		}
	}
}

func (g *gridSheet) dutyRow(d DutyView, proof []Evidence) []any {
	var limit string
	words := make([]string, len(proof))
	for i, e := range proof {
		words[i] = e.On.String() + " " + e.Title
		if e.How == ByNilReport {
			words[i] += "（" + e.Signer + "签发）" + e.Note
		}
		limit = cmp.Or(limit, e.LimitOn.String())
	}
	return []any{g.export.Name(d.UnitID), d.Title, d.Period, excelize.Cell{StyleID: g.states[d.State], Value: d.State.Label()},
		d.DueOn.String(), d.Met.On.String(), howWords[d.Met.How], limit, strings.Join(words, "\n"), d.Code}
}

// evidenceOfPage is what fulfilled the duties at the end of the day, oldest
// first.
func evidenceOfPage(ctx context.Context, tx *db.Tx, page []DutyView, asOf civil.Date) (map[int64][]Evidence, error) {
	ids := make([]int64, len(page))
	for i, d := range page {
		ids[i] = d.ID
	}
	found := map[int64][]Evidence{}
	err := tx.Each(ctx, "select "+evidenceColumns+" from obligation_evidence where duty_id in "+db.In(len(ids))+" order by duty_id, given_on, id", db.Args(ids), func(rows *sql.Rows) error {
		e, err := scanEvidence(rows)
		if holds(e.KnownOn, e.RemovedOn, asOf) {
			found[e.DutyID] = append(found[e.DutyID], e)
		}
		return err
	})
	return found, err
}
