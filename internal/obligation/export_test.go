package obligation

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

func TestExportGrid(t *testing.T) {
	eachMoving(t, "2021-06-11", func(t *testing.T, store *db.DB, clock *moving) {
		s := NewStore(store, Options{})
		c := save(t, store, s, draft(), owner)
		clock.set(civil.MustDate("2021-07-05"))
		d := first(t, s, 2, clock.day())
		update(t, store, func(tx *db.Tx) error {
			return s.Link(ctx, tx, Link{DutyID: d.ID, Record: RecordFacts{ID: 3, Title: "=1+1", PublishedOn: clock.day()}, Why: "是", Actor: "user:2"})
		})
		e := Export{Title: "甲市2021年政务公开工作要点", Name: func(id int64) string { return fmt.Sprintf("第%d局", id) },
			Views: []MatrixFilter{{PlanID: c.PlanID, Period: "2021"}, {PlanID: c.PlanID, Period: "2021", Columns: BySection}}}
		read := func(asOf civil.Date) map[string][][]string {
			t.Helper()
			var out bytes.Buffer
			if err := s.ExportGrid(ctx, &out, e, asOf); err != nil {
				t.Fatal(err)
			}
			book, err := excelize.OpenReader(&out)
			if err != nil {
				t.Fatal(err)
			}
			defer book.Close()
			sheets := map[string][][]string{}
			for _, name := range book.GetSheetList() {
				if sheets[name], err = book.GetRows(name); err != nil {
					t.Fatal(err)
				}
				if panes, err := book.GetPanes(name); err != nil || !panes.Freeze || panes.YSplit != 2 {
					t.Errorf("%s: the heading is not frozen: %+v %v", name, panes, err)
				}
			}
			return sheets
		}
		sheets := read(clock.day())
		if len(sheets) != 3 {
			t.Fatalf("sheets %v", sheets)
		}
		grid := sheets["按事项"]
		want := [][]string{
			{"甲市2021年政务公开工作要点　截至2021年7月5日"},
			{"单位", "应办", "已办", "开设规划专栏", "每季度通报", "公开财政预决算"},
			{"第1局", "2", "0", "逾期未公开", "", "未到期"},
			{"第2局", "2", "1", "逾期公开", "", "未到期"},
			{"第3局", "1", "0", "逾期未公开"},
		}
		if fmt.Sprint(grid) != fmt.Sprint(want) {
			t.Errorf("grid %v\nwant %v", grid, want)
		}
		if rows := sheets["按领域或章节 2"]; len(rows) != 5 || rows[3][3] != "逾期公开" {
			t.Errorf("by section: %v", rows)
		}
		duties := sheets["全部义务"]
		if len(duties) != 2+5 {
			t.Fatalf("%d rows of duties: %v", len(duties), duties)
		}
		for _, row := range duties[2:] {
			if row[0] == "第2局" && row[1] == "开设规划专栏" && (row[3] != "逾期公开" || row[4] != "2021-06-30" || row[5] != "2021-07-05" || row[8] != "2021-07-05 =1+1") {
				t.Errorf("duty %v", row)
			}
		}
		if past := read(civil.MustDate("2021-07-02"))["按事项"]; past[3][3] != "逾期未公开" {
			t.Errorf("as of the second: %v", past)
		}
		if err := s.ExportGrid(ctx, &bytes.Buffer{}, Export{}, clock.day()); fault.KindOf(err) != fault.Invalid {
			t.Errorf("nothing chosen: %v", err)
		}
	})
}

// What a cell drills down to is what it counted.
func TestCellsDrillDown(t *testing.T) {
	eachMoving(t, "2021-06-11", func(t *testing.T, store *db.DB, clock *moving) {
		s := NewStore(store, Options{})
		c := save(t, store, s, draft(), owner)
		for _, columns := range []Columns{ByObligation, BySection} {
			for _, states := range [][]State{nil, {NotDue}} {
				m, err := s.Matrix(ctx, MatrixFilter{PlanID: c.PlanID, Period: "2021", Columns: columns, States: states}, clock.day())
				if err != nil || len(m.Rows) == 0 {
					t.Fatal(m, err)
				}
				for _, r := range m.Rows {
					for i := range m.Columns {
						page, err := s.Duties(ctx, m.Drill(r.UnitID, i, states...), clock.day())
						if err != nil || len(page.Duties) != r.Cells[i].Total() {
							t.Errorf("unit %d, %s: %d duties, counted %v, %v", r.UnitID, m.Columns[i].Title, len(page.Duties), r.Cells[i], err)
						}
					}
					page, err := s.Duties(ctx, m.Drill(r.UnitID, -1, states...), clock.day())
					if err != nil || len(page.Duties) != r.Total.Total() {
						t.Errorf("unit %d: %d duties, counted %v, %v", r.UnitID, len(page.Duties), r.Total, err)
					}
				}
			}
		}
		if m, err := s.Matrix(ctx, MatrixFilter{PlanID: c.PlanID, Period: "2021", Section: "二"}, clock.day()); err != nil || len(m.Columns) != 1 || m.Total.Total() != 2 {
			t.Errorf("one section: %+v, %v", m, err)
		}
	})
}

// A set of units counts what its units count one by one.
func TestUnitsTogether(t *testing.T) {
	eachMoving(t, "2021-06-11", func(t *testing.T, store *db.DB, clock *moving) {
		s := NewStore(store, Options{})
		c := save(t, store, s, draft(), owner)
		list, err := s.Units(ctx, []int64{3, 1, 99}, civil.Date{}, civil.Date{}, clock.day())
		if err != nil || len(list) != 3 || list[0].UnitID != 3 || list[0].Counts.Total() != 1 || list[1].Counts.Total() != 5 || list[2].Counts.Total() != 0 || list[1].Plans[0].Title == "" {
			t.Errorf("%+v, %v", list, err)
		}
		v, err := s.PlanOf(ctx, PlanFilter{PlanID: c.PlanID, Units: []int64{1, 3}}, clock.day())
		if err != nil || v.Counts.Total() != 6 || len(v.Obligations) != 3 {
			t.Errorf("plan of two units: %v, %v", v.Counts, err)
		}
		if v, err = s.PlanOf(ctx, PlanFilter{PlanID: c.PlanID, Units: []int64{}}, clock.day()); err != nil || v.Counts.Total() != 0 || len(v.Obligations) != 3 {
			t.Errorf("plan of no units: %v, %v", v.Counts, err)
		}
	})
}
