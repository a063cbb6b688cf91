package extract

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"gongkai/internal/fault"
)

func taskTable(t testing.TB) []byte {
	return workbook(t, [][]any{
		{"永州市政务公开任务分解表"},
		{},
		{"序号", "工作任务", "责任单位", nil, "时限"},
		{nil, nil, "牵头单位", "配合单位", nil},
		{1, "规划公开", "市发改委", "市直单位", "2021年底前"},
		{2, "民生公开", "市发改委", "各县市区", "10月底"},
		{3, "不公开的行", "市府办", "", ""},
		{4, "共同任务", nil, "市财政局", nil},
	}, func(f *excelize.File) {
		for _, m := range [][2]string{{"A1", "E1"}, {"A3", "A4"}, {"B3", "B4"}, {"C3", "D3"}, {"E3", "E4"}, {"E5", "E6"}, {"C8", "D8"}} {
			if err := f.MergeCell("Sheet1", m[0], m[1]); err != nil {
				t.Fatal(err)
			}
		}
		_, err := f.NewSheet("底稿")
		if err := errors.Join(err, f.SetRowVisible("Sheet1", 7, false), f.SetSheetVisible("底稿", false),
			f.SetColVisible("Sheet1", "D", false), f.SetCellValue("底稿", "A1", "内部")); err != nil {
			t.Fatal(err)
		}
	})
}

func TestSheetsMergedAndHidden(t *testing.T) {
	sheets, err := ReadSheets("任务.xlsx", taskTable(t), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if len(sheets) != 2 || sheets[0].Hidden || !sheets[1].Hidden || sheets[1].Name != "底稿" {
		t.Fatalf("sheets = %+v", sheets)
	}
	s := sheets[0]
	if want := []int{1, 3, 4, 5, 6, 7, 8}; !reflect.DeepEqual(s.RowNumbers, want) {
		t.Errorf("row numbers = %v, want %v", s.RowNumbers, want)
	}
	if !s.HiddenRows[7] || len(s.HiddenRows) != 1 || !s.HiddenCols[3] || len(s.HiddenCols) != 1 {
		t.Errorf("hidden rows %v, columns %v", s.HiddenRows, s.HiddenCols)
	}
	if got, want := s.Rows[2], []string{"序号", "工作任务", "牵头单位", "配合单位", "时限"}; !reflect.DeepEqual(got, want) {
		t.Errorf("row 4 = %q, want %q", got, want)
	}
	if s.Rows[4][4] != "2021年底前" || !s.Merged(4, 4) || s.Merged(3, 4) {
		t.Errorf("the merged cell is not filled: %q", s.Rows[4])
	}
}

func TestHeaderIndex(t *testing.T) {
	sheets, err := ReadSheets("任务.xlsx", taskTable(t), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{"task": {"任务", "工作任务"}, "lead": {"牵头", "牵头单位"}, "responsible": {"责任单位", "配合单位"}, "due": {"时限", "完成时限"}, "basis": {"依据"}}
	h := HeaderIndex(sheets[0].Rows, want)
	if h.Row != 1 || h.Data != 3 || !reflect.DeepEqual(h.Columns, map[string]int{"task": 1, "lead": 2, "responsible": 3, "due": 4}) || !reflect.DeepEqual(h.Missing, []string{"basis"}) {
		t.Errorf("header = %+v", h)
	}
	h = HeaderIndex([][]string{{"说明"}, {"工作 任務（必填）", "责任单位*"}, {"甲", "乙"}}, map[string][]string{"task": {"工作任务"}, "unit": {"责任单位"}})
	if h.Row != 1 || h.Data != 2 || h.Columns["task"] != 0 || h.Columns["unit"] != 1 || len(h.Missing) != 0 {
		t.Errorf("header = %+v", h)
	}
	h = HeaderIndex([][]string{{"甲", "乙"}}, map[string][]string{"task": {"工作任务"}})
	if h.Data != 0 || len(h.Columns) != 0 || len(h.Missing) != 1 {
		t.Errorf("header = %+v", h)
	}
}

func TestWorkbookAsDocument(t *testing.T) {
	doc := mustRead(t, "任务.docx", taskTable(t)) // the name does not matter
	got := lines(doc.Blocks)
	if doc.Title != "永州市政务公开任务分解表" || strings.Contains(got, "不公开的行") || strings.Contains(got, "内部") || !strings.Contains(got, "|1|规划公开|市发改委|2021年底前(2x1)") {
		t.Errorf("title %q\n%s", doc.Title, got)
	}
	if len(doc.Warnings) != 2 {
		t.Errorf("warnings = %q", doc.Warnings)
	}
}

func TestCSV(t *testing.T) {
	const text = "名称,别名\r\n市发展和改革委员会,\"市发改委,\"\"发改委\"\"\"\r\n\r\n市教育局,\r\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"名称", "别名"}, {"市发展和改革委员会", `市发改委,"发改委"`}, {"市教育局"}}
	for name, data := range map[string]string{"UTF-8": text, "mark": "\ufeff" + text, "GB18030": gb, "UTF-16": wide} {
		sheets, err := ReadSheets("单位.csv", []byte(data), Limits{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s := sheets[0]; !reflect.DeepEqual(s.Rows, want) || !reflect.DeepEqual(s.RowNumbers, []int{1, 2, 4}) || s.Name != "单位" {
			t.Errorf("%s: rows %q, numbers %v", name, s.Rows, s.RowNumbers)
		}
	}
	sheets, err := ReadSheets("a.txt", []byte("a\tb;c\td\n1\t2\t3"), Limits{})
	if err != nil || len(sheets[0].Rows[0]) != 3 {
		t.Errorf("tabs: %+v, %v", sheets, err)
	}
	_, err = ReadSheets("a.csv", []byte("a,b\nc,\"d\n"), Limits{})
	wantFault(t, err, fault.Invalid, "第 2 行")
	_, err = ReadSheets("a.csv", []byte("a\nb\nc\n"), Limits{Rows: 2})
	wantFault(t, err, fault.TooLarge, "超过 2 行")
	_, err = ReadSheets("a.csv", []byte("<html><body>x</body></html>"), Limits{})
	wantFault(t, err, fault.Invalid, "不是表格")
}

func TestBrokenWorkbooks(t *testing.T) {
	good := taskTable(t)
	_, err := ReadSheets("a.xlsx", good[:len(good)/2], Limits{})
	wantFault(t, err, fault.Invalid, "")
	_, err = ReadSheets("a.xlsx", zipped(t, "xl/workbook.xml", "<workbook><sheets><sheet"), Limits{})
	wantFault(t, err, fault.Invalid, "损坏")
	_, err = ReadSheets("a.xlsx", zipped(t, "xl/workbook.xml", "<workbook/>", "xl/worksheets/sheet1.xml", strings.Repeat("0", 16<<20)), Limits{})
	wantFault(t, err, fault.TooLarge, "压缩炸弹")
	wide := workbook(t, nil, func(f *excelize.File) {
		if err := f.SetCellValue("Sheet1", "XFD1048576", "远"); err != nil {
			t.Fatal(err)
		}
	})
	_, err = ReadSheets("a.xlsx", wide, Limits{})
	wantFault(t, err, fault.TooLarge, "列")
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("a,b\n\"c\",d"))
	f.Add([]byte("\xff\xfea\x00,\x00b\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		sheets, err := ReadSheets("f.csv", data, Limits{})
		if err != nil {
			if k := fault.KindOf(err); k != fault.Invalid && k != fault.TooLarge {
				t.Fatal(err)
			}
			return
		}
		for _, s := range sheets {
			if len(s.Rows) != len(s.RowNumbers) {
				t.Errorf("%d rows, %d numbers", len(s.Rows), len(s.RowNumbers))
			}
		}
		HeaderIndex(sheets[0].Rows, map[string][]string{"a": {"a"}, "b": {"b"}})
	})
}

func FuzzWorkbook(f *testing.F) {
	f.Add(`<sheetData><row r="1" hidden="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c></row></sheetData><mergeCells><mergeCell ref="A1:C3"/></mergeCells>`)
	f.Fuzz(func(t *testing.T, sheet string) {
		data := zipped(t,
			"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
			"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" sheetId="1" r:id="rId1"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
			"xl/worksheets/sheet1.xml", fmt.Sprintf(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</worksheet>`, sheet))
		if _, err := Read("f.xlsx", data, Limits{Rows: 1000}); err != nil {
			if k := fault.KindOf(err); k != fault.Invalid && k != fault.TooLarge {
				t.Fatal(err)
			}
		}
	})
}
