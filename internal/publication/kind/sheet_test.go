package kind

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"
)

func TestReadSheetPointsAtCells(t *testing.T) {
	kinds, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	f := excelize.NewFile()
	defer f.Close()
	for cell, text := range map[string]string{
		"A2": "标题", "B2": "公开单位", "C2": "规划类别", "D2": "主要指标",
		"A4": "十四五规划", "B4": "市发改委", "C4": "大规划", "D4": "绿化率|40|45|%|预期性",
	} {
		if err := f.SetCellStr("Sheet1", cell, text); err != nil {
			t.Fatal(err)
		}
	}
	var data bytes.Buffer
	if err := f.Write(&data); err != nil {
		t.Fatal(err)
	}
	if _, err := kinds.ReadSheet("a.xlsx", data.Bytes(), "plan"); err == nil {
		t.Error("a sheet without a required column is taken")
	}
	filled, err := kinds.ReadSheet("a.xlsx", data.Bytes(), "plan", "source_id")
	if err != nil {
		t.Fatal(err)
	}
	if filled.Sheet != "Sheet1" || filled.Kind.Code != "plan" || len(filled.Rows) != 1 || filled.Rows[0].No != 4 {
		t.Fatalf("got %+v", filled)
	}
	for field, want := range map[string]string{
		"title": "A4", "unit": "B4", "fields.level": "C4", "fields.indicators[0].target": "D4",
		"fields.period_from": "4", "": "4", "source_id": "4",
	} {
		if got := filled.Cell(4, field); got != want {
			t.Errorf("Cell(4, %q) = %s, want %s", field, got, want)
		}
	}
}
