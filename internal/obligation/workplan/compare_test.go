package workplan

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

func TestCompareRows(t *testing.T) {
	base := []Row{
		{Field: "义务教育", Level1: "招生", Level2: "政策", Content: "招生范围", By: "市教育局", Level: "市级"},
		{Field: "义务教育", Level1: "招生", Level2: "流程", Content: "入学流程", By: "市教育局"},
		{Field: "义务教育", Level1: "招生", Level2: "流程", Content: "转学流程", By: "市教育局"},
		{Field: "义务教育", Level1: "财务", Content: "收费", By: "市教育局"},
	}
	rows := []Row{
		{Field: "义务教育", Level1: "学生", Content: "资助", By: "县教育局"},
		{Field: "义务教育", Level1: "招生", Level2: "流程", Content: "入学 流程", By: "县教育局"},
		{Field: "义务教育", Level1: "招生", Level2: "流程", Content: "转学流程", Limit: "及时公开", By: "县教育局"},
		{Field: "义务教育", Level1: "招生", Level2: "政策", Content: "招生范围", By: "县教育局", Level: "县级"},
	}
	d := CompareRows(base, rows, CellBy, CellLevel)
	if len(d.Missing) != 1 || d.Missing[0].Level1 != "财务" || len(d.Extra) != 1 || d.Extra[0].Level1 != "学生" || d.Same != 2 {
		t.Errorf("missing %+v, extra %+v, %d the same", d.Missing, d.Extra, d.Same)
	}
	if want := []Cell{{"公开时限", "", "及时公开"}}; len(d.Changed) != 1 || !reflect.DeepEqual(d.Changed[0].Cells, want) {
		t.Errorf("changed %+v, want cells %+v", d.Changed, want)
	}
	if d := CompareRows(base, rows); len(d.Changed) != 3 || d.Same != 0 {
		t.Errorf("all cells: %+v", d)
	}
}

// Every row of both sides is told exactly once, and comparing the other way
// round swaps what is missing and what is extra.
func TestCompareRowsLosesNone(t *testing.T) {
	rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Row {
		word := rapid.SampledFrom([]string{"甲", "乙", "丙"})
		return Row{Field: "领域", Level1: word.Draw(t, "level1"), Level2: word.Draw(t, "level2"), Content: word.Draw(t, "content")}
	}), 0, 12)
	rapid.Check(t, func(t *rapid.T) {
		a, b := rows.Draw(t, "a"), rows.Draw(t, "b")
		d, back := CompareRows(a, b), CompareRows(b, a)
		if len(a) != len(d.Missing)+len(d.Changed)+d.Same || len(b) != len(d.Extra)+len(d.Changed)+d.Same {
			t.Fatalf("%d and %d rows, told %+v", len(a), len(b), d)
		}
		if len(back.Missing) != len(d.Extra) || len(back.Extra) != len(d.Missing) || len(back.Changed) != len(d.Changed) {
			t.Fatalf("there %+v, back %+v", d, back)
		}
	})
}
