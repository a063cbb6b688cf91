package unit_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/unit"
)

const founding = `名称,简称,类型,上级,代码,前缀,设立日期,撤销日期,别名
云州市人民政府,市政府,本级政府,,9901,云州市、市,,,
云州市教育局,市教育局,部门,云州市人民政府,jyj,,,,市教委（至2004-03-31）、云州市教育委员会（自1985-01-01至2004-03-31）
云州市旧局,市旧局,部门,9901,old,,1990-01-01,2019-03-01,
`

func (c city) load(table string) unit.Report {
	c.t.Helper()
	r, err := c.Import(ctx, "units.csv", []byte(table), unit.ImportOptions{})
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

func head(c city) (seq int64) {
	c.t.Helper()
	if err := c.db.View(ctx, func(tx *db.Tx) (err error) {
		seq, err = ledger.Head(ctx, tx)
		return err
	}); err != nil {
		c.t.Fatal(err)
	}
	return seq
}

func TestImportTwiceChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		c := newCity(t, store)
		if r := c.load(founding); r.Added != 3 || r.Changed+r.Same+len(r.Refused) > 0 {
			t.Fatalf("first: %+v", r)
		}
		seq := head(c)
		if seq != 3 {
			t.Errorf("%d entries in the ledger, want one for each unit", seq)
		}
		if r := c.load(founding); r.Same != 3 || r.Added+r.Changed+len(r.Refused) > 0 {
			t.Errorf("again: %+v", r)
		}
		if head(c) != seq {
			t.Error("importing the same again wrote to the ledger")
		}
		tree := c.tree()
		for _, tt := range []struct {
			name, on string
			found    bool
		}{
			{"市教委", "2004-03-31", true}, {"市教委", "2004-04-01", false}, {"云州市教育委员会", "1984-12-31", false},
			{"市旧局", "2019-02-28", true}, {"市旧局", "2019-03-01", false}, {"市旧局", "1989-12-31", false},
		} {
			if _, err := tree.Resolve(tt.name, day(tt.on)); (err == nil) != tt.found {
				t.Errorf("Resolve(%s, %s): %v", tt.name, tt.on, err)
			}
		}
	})
}

func TestImportKnowsItsUnitsAfterEvents(t *testing.T) {
	c := newCity(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	c.load(founding)
	edu, err := c.tree().Resolve("市教育局", today)
	if err != nil {
		t.Fatal(err)
	}
	c.mustApply(unit.Event{Kind: unit.Rename, On: day("2021-03-01"), Subjects: []int64{edu.ID}, Name: "云州市教育体育局", Short: "市教体局", NewCode: "jtj"})
	if r := c.load(founding); r.Same != 3 {
		t.Errorf("the older list: %+v", r)
	}
	newer := strings.NewReplacer("云州市教育局,市教育局", "云州市教育体育局,市教体局", "jyj", "jtj").Replace(founding)
	if r := c.load(newer); r.Same != 3 {
		t.Errorf("the newer list: %+v", r)
	}
}

func TestImportAddsWhatIsNew(t *testing.T) {
	c := newCity(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	c.load(founding)
	r := c.load(`名称,简称,类型,上级,代码,别名,排序,核对,沿革,撤销日期
云州市教育局,教育局,事业单位,云州市人民政府,jyj,市教局,7,已确认,合署办公,2022-01-01
`)
	if r.Changed != 1 || len(r.Refused) > 0 {
		t.Fatalf("%+v", r)
	}
	tree := c.tree()
	o, err := tree.Resolve("市教局", today)
	if err != nil {
		t.Fatal(err)
	}
	if o.Kind != unit.Institution || o.Order != 7 || !o.Confirmed || o.Note != "合署办公" || o.ShortOn(today) != "市教育局" || o.Until != day("2022-01-01") {
		t.Errorf("%+v", o)
	}
	if events := tree.Events(o.ID); len(events) != 1 || events[0].Kind != unit.Abolish {
		t.Errorf("events %+v", events)
	}
}

func TestImportRefuses(t *testing.T) {
	base := "名称,简称,类型,上级,代码,设立日期,撤销日期,排序,核对,别名\n"
	tests := []struct{ name, row, column, why string }{
		{"no name", ",,部门,,x,,,,,", "名称", "单位没有名称，请填全称。"},
		{"unknown kind", "云州市甲局,,部委,,x,,,,,", "类型", "不是单位类型，请用：本级政府；"},
		{"a day that does not exist", "云州市甲局,,部门,,x,2021-02-30,,,,", "设立日期", "“2021-02-30”不是存在的日期"},
		{"a day in words", "云州市甲局,,部门,,x,二〇二一年六月,,,,", "设立日期", "不是存在的日期"},
		{"ends before it begins", "云州市甲局,,部门,,x,2021-02-02,2021-02-01,,,", "名称", "不晚于设立日期"},
		{"unknown parent", "云州市甲局,,部门,某某政府,x,,,,,", "上级", "上级不在名录里，也不在本表里"},
		{"its own parent", "云州市甲局,,部门,云州市甲局,x,,,,,", "上级", "上级不在名录里"},
		{"parent ended", "云州市甲局,,部门,市旧局,x,,,,,", "名称", "请核对两者的日期"},
		{"code of another", "云州市甲局,,部门,9901,jyj,,,,,", "代码", "这个代码在名录里是“云州市教育局”"},
		{"another code", "云州市教育局,,部门,9901,x,,,,,", "代码", "在名录里的代码是 jyj"},
		{"another parent", "云州市教育局,,部门,市旧局,jyj,,,,,", "上级", "若是划转"},
		{"another beginning", "云州市旧局,,部门,9901,old,1991-01-01,,,,", "设立日期", "名录里的设立日期是1990-01-01"},
		{"another end", "云州市旧局,,部门,9901,old,,2020-01-01,,,", "撤销日期", "名录里的撤销日期是2019-03-01"},
		{"order", "云州市甲局,,部门,,x,,,零,,", "排序", "整数"},
		{"check mark", "云州市甲局,,部门,,x,,,,大概,", "核对", "已确认"},
		{"alias turned round", "云州市甲局,,部门,,x,,,,,旧名（自2020-01-01至2019-01-01）", "别名", "起止日期颠倒"},
		{"name too long", strings.Repeat("长", 200) + ",,部门,,x,,,,,", "名称", "太长"},
		{"still has units below", "云州市人民政府,,本级政府,,9901,,2021-01-01,,,", "撤销日期", "之下还有1个单位"},
	}
	c := newCity(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	c.load(founding)
	seq := head(c)
	for _, tt := range tests {
		r := c.load(base + tt.row + "\n")
		if len(r.Refused) != 1 || r.Refused[0].Line != 2 || r.Refused[0].Column != tt.column || !strings.Contains(r.Refused[0].Why, tt.why) || r.Added+r.Changed > 0 {
			t.Errorf("%s: %+v, want column %s, %q", tt.name, r, tt.column, tt.why)
		}
	}
	if head(c) != seq {
		t.Error("refused rows wrote to the ledger")
	}
}

func TestRefusedRowsDoNotHoldUpOthers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		c := newCity(t, store)
		r := c.load(`名称,类型,上级,代码
云州市教育局,部门,云州市人民政府,jyj
坏县人民政府,什么,云州市人民政府,bad
坏县教育局,部门,坏县人民政府,bad-jyj
甲,部门,乙,jia
乙,部门,甲,yi
云州市人民政府,本级政府,,9901
云州市教育局,部门,云州市人民政府,jyj2
云州市体育局,部门,云州市人民政府,jyj

`)
		if r.Added != 2 || len(r.Refused) != 6 {
			t.Fatalf("%+v", r)
		}
		why := map[int]string{}
		for _, refused := range r.Refused {
			why[refused.Line] = refused.Why
		}
		for line, want := range map[int]string{3: "不是单位类型", 4: "它那一行没有被接受", 5: "绕成了圈", 6: "绕成了圈", 8: "与第 2 行重复", 9: "与第 2 行重复"} {
			if !strings.Contains(why[line], want) {
				t.Errorf("line %d: %q, want %q", line, why[line], want)
			}
		}
	})
}

func TestImportDryRunChangesNothing(t *testing.T) {
	c := newCity(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	r, err := c.Import(ctx, "units.csv", []byte(founding), unit.ImportOptions{DryRun: true})
	if err != nil || r.Added != 3 {
		t.Errorf("%+v, %v", r, err)
	}
	if n := c.tree().Len(); n != 0 || head(c) != 0 {
		t.Errorf("%d units, ledger at %d", n, head(c))
	}
}

func TestImportRefusesWhatIsNoTable(t *testing.T) {
	c := newCity(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	for name, data := range map[string]string{"empty": "", "prose": "这不是表格。\n真的不是。\n", "binary": "\x00\xff\xfe\x01", "only a heading of another table": "编号,日期\n1,2\n"} {
		if _, err := c.Import(ctx, "units.csv", []byte(data), unit.ImportOptions{}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTemplateImports(t *testing.T) {
	c := newCity(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	c.add(unit.Draft{Kind: unit.City, Name: "永州市人民政府", Prefixes: []string{"永州市"}})
	rows := unit.Template()
	var table strings.Builder
	for _, row := range rows[:2] {
		table.WriteString(`"` + strings.Join(row, `","`) + "\"\n")
	}
	if r := c.load(table.String()); r.Added != 1 || len(r.Refused) > 0 {
		t.Errorf("%+v", r)
	}
	if len(rows[2]) != len(rows[0]) {
		t.Errorf("%d explanations for %d columns", len(rows[2]), len(rows[0]))
	}
}

func TestImportEventsReportsRows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		c := newCity(t, store)
		c.load(founding)
		c.load("名称,类型,上级,设立日期\n云州市教育体育局,部门,9901,2020-01-01\n云州市体育局,部门,9901,\n")
		table := `编号,日期,类型,机关,承接机关,新名称,新上级
b,2021-01-01,更名,云州市教育体育局,,云州市教体委,
a,2020-06-01,合并,市教育局、云州市体育局,云州市教育体育局,,
c,2021-02-01,更名,云州市没有局,,云州市有局,
d,2021-02-30,更名,云州市教体委,,云州市有局,
e,2021-02-01,改组,云州市教体委,,,
,2021-02-01,更名,云州市教体委,,云州市有局,
f,2020-07-01,撤销,云州市体育局,,,
`
		r, err := c.ImportEvents(ctx, "events.csv", []byte(table), unit.ImportOptions{})
		if err != nil || r.Added != 2 || len(r.Refused) != 5 {
			t.Fatalf("%+v, %v", r, err)
		}
		columns := map[int]string{}
		for _, refused := range r.Refused {
			columns[refused.Line] = refused.Column
		}
		for line, want := range map[int]string{4: "机关", 5: "日期", 6: "类型", 7: "编号", 8: "机关"} {
			if columns[line] != want {
				t.Errorf("line %d: column %q, want %q", line, columns[line], want)
			}
		}
		again, err := c.ImportEvents(ctx, "events.csv", []byte(table), unit.ImportOptions{})
		if err != nil || again.Same != 2 || again.Added != 0 {
			t.Errorf("again: %+v, %v", again, err)
		}
		tree := c.tree()
		old, err := tree.Resolve("市教育局", day("2020-05-31"))
		if err != nil {
			t.Fatal(err)
		}
		if now := tree.Now(old.ID, today); len(now) != 1 || now[0].NameOn(today) != "云州市教体委" {
			t.Errorf("now %v", now)
		}
	})
}

func FuzzImport(f *testing.F) {
	f.Add([]byte(founding))
	f.Add([]byte("名称,类型\n\"a\nb\",部门\n"))
	f.Add([]byte("\ufeff名称\t类型\n"))
	f.Add([]byte("名称,类型,上级,代码\n甲,部门,乙,1\n乙,部门,甲,1\n"))
	f.Add([]byte("名称,类型,前缀\n市,本级政府,市\n市市,部门,市市\n"))
	store := dbtest.SQLite(f, civil.Fixed(dbtest.Noon))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := newCity(t, store)
		r, err := c.Import(ctx, "units.csv", data, unit.ImportOptions{DryRun: true})
		if err != nil && fault.KindOf(err) == fault.Internal {
			t.Fatalf("%v", err)
		}
		if lines := strings.Count(string(data), "\n") + strings.Count(string(data), "\r") + 1; r.Added+r.Same > lines {
			t.Fatalf("%+v from %d lines", r, lines)
		}
	})
}

// A workbook with a title above the headings, merged cells, a hidden row and a
// hidden sheet before the right one.
func TestImportWorkbook(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := f.NewSheet("单位")
	must(err)
	must(f.SetSheetRow("Sheet1", "A1", &[]any{"名称", "类型"}))
	must(f.SetSheetRow("Sheet1", "A2", &[]any{"藏起来的局", "部门"}))
	for i, row := range [][]any{
		{"云州市单位名录（2021年版）"},
		{"单位 名称", "简称", "类型", "上级", "成立日期"},
		{"云州市人民政府", "市政府", "本级政府", "", ""},
		{"云州市甲局", "市甲局", "部门", "云州市人民政府", "2019/3/1"},
		{"云州市乙局", "市乙局", "", "", "2019年3月2日"},
		{"云州市丙局", "市丙局", "部门", "市政府", ""},
	} {
		must(f.SetSheetRow("单位", fmt.Sprint("A", i+1), &row))
	}
	must(f.MergeCell("单位", "A1", "E1"))
	must(f.MergeCell("单位", "C4", "C5"))
	must(f.MergeCell("单位", "D4", "D5"))
	must(f.SetRowVisible("单位", 6, false))
	f.SetActiveSheet(1)
	must(f.SetSheetVisible("Sheet1", false))
	data, err := f.WriteToBuffer()
	must(err)
	c := newCity(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	r, err := c.Import(ctx, "名录.xlsx", data.Bytes(), unit.ImportOptions{})
	must(err)
	if r.Added != 3 || len(r.Refused) != 1 || r.Refused[0].Line != 6 || !strings.Contains(r.Refused[0].Why, "隐藏") {
		t.Fatalf("%+v", r)
	}
	o, err := c.tree().Resolve("市乙局", today)
	must(err)
	if o.Kind != unit.Department || o.ParentOn(today) == 0 || o.Since != day("2019-03-02") {
		t.Errorf("%+v", o)
	}
}
