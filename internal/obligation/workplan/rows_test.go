package workplan

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/extract"
	"gongkai/internal/fault"
)

const twoRows = `甲县养老服务领域基层政务公开标准目录,,,,,,,,,,,,,
序号,公开事项,,公开内容（要素）,公开依据,公开时限,公开主体,公开渠道和载体,公开对象,,公开方式,,公开层级,
,一级事项,二级事项,,,,,,全社会,特定群体（请写明）,主动,依申请公开,县级,乡级
1,通用政策,法规文件,文件名称；文号,信息公开规定,制定或获取文件之日起10个工作日内,县民政局,■政府网站 □政府公报 ■两微一端,√,,√,,√,
2,通用政策,扶持措施,措施名称；对象,同上,同上,同上,政府网站、便民服务站,√,,√,,√,√
3,,审核信息,初审名单,社会救助办法,公示7个工作日,乡镇政府,村公示栏,,村集体成员,,√,,√
注：以上内容由民政部门解释,,,,,,,,,,,,,
`

func readCSV(t testing.TB, s string) ([]Row, []Warning, error) {
	t.Helper()
	sheets, err := extract.ReadSheets("目录.csv", []byte(s), extract.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return ReadRows(sheets)
}

func TestReadRowsOfTwoRowHeadings(t *testing.T) {
	rows, warnings, err := readCSV(t, twoRows)
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	want := []Row{
		{Line: 4, Field: "养老服务", Level1: "通用政策", Level2: "法规文件", Content: "文件名称；文号", Basis: "信息公开规定", Limit: "制定或获取文件之日起10个工作日内",
			By: "县民政局", Channels: []string{"政府网站", "两微一端"}, Audience: "全社会", Mode: "主动", Level: "县级"},
		{Line: 5, Field: "养老服务", Level1: "通用政策", Level2: "扶持措施", Content: "措施名称；对象", Basis: "信息公开规定", Limit: "制定或获取文件之日起10个工作日内",
			By: "县民政局", Channels: []string{"政府网站", "便民服务站"}, Audience: "全社会", Mode: "主动", Level: "县级、乡级"},
		{Line: 6, Field: "养老服务", Level1: "通用政策", Level2: "审核信息", Content: "初审名单", Basis: "社会救助办法", Limit: "公示7个工作日",
			By: "乡镇政府", Channels: []string{"村公示栏"}, Audience: "村集体成员", Mode: "依申请公开", Level: "乡级"},
	}
	if !reflect.DeepEqual(rows, want) {
		t.Errorf("got\n%+v\nwant\n%+v", rows, want)
	}
}

func TestReadRowsOfWorkbook(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	f.SetSheetName("Sheet1", "义务教育")
	for cell, v := range map[string]string{
		"A1": "序号", "B1": "公开事项", "D1": "公开内容(要素)", "E1": "公开依据", "F1": "公开时限", "G1": "公开主体", "H1": "公开渠道和载体", "I1": "公开对象", "K1": "公开层级",
		"B2": "一级事项", "C2": "二级事项", "I2": "全社会", "J2": "特定群众", "K2": "县级", "L2": "乡、村级",
		"A3": "1", "B3": "招生管理", "C3": "招生政策", "D3": "招生范围", "E3": "教育法", "F3": "每年7月1日前", "G3": "县教育局", "H3": "政府网站", "I3": "√", "K3": "√",
		"A4": "2", "C4": "招生结果", "D4": "录取名单", "E4": "教育法", "F4": "按学校规定", "G4": "学校", "H4": "政府网站", "J4": "学生家长", "L4": "√",
	} {
		f.SetCellStr("义务教育", cell, v)
	}
	for _, m := range [][2]string{{"B1", "C1"}, {"A1", "A2"}, {"D1", "D2"}, {"E1", "E2"}, {"F1", "F2"}, {"G1", "G2"}, {"H1", "H2"}, {"I1", "J1"}, {"K1", "L1"}, {"B3", "B4"}} {
		f.MergeCell("义务教育", m[0], m[1])
	}
	f.NewSheet("填表说明")
	f.SetCellStr("填表说明", "A1", "按要求填写")
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	sheets, err := extract.ReadSheets("目录.xlsx", b.Bytes(), extract.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	rows, warnings, err := ReadRows(sheets)
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	if len(warnings) != 1 || !strings.Contains(warnings[0].Message, "填表说明") {
		t.Errorf("warnings: %+v", warnings)
	}
	if r := rows[1]; r.Field != "义务教育" || r.Level1 != "招生管理" || r.Audience != "学生家长" || r.Level != "乡、村级" {
		t.Errorf("second row: %+v", r)
	}
}

func TestReadRowsRefuses(t *testing.T) {
	for name, s := range map[string]string{
		"another table": "姓名,电话\n甲,1\n",
		"one missing":   "一级事项,二级事项,公开内容,公开依据,公开主体\n甲,乙,丙,丁,戊\n",
		"headings only": "一级事项,二级事项,公开内容,公开时限,公开主体\n",
	} {
		_, _, err := readCSV(t, s)
		if f, ok := fault.Of(err); !ok || f.Kind != fault.Invalid || !strings.Contains(f.Message, "公开时限") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadRows(f *testing.F) {
	f.Add(twoRows)
	f.Fuzz(func(t *testing.T, s string) {
		sheets, err := extract.ReadSheets("x.csv", []byte(s), extract.Limits{Bytes: 1 << 16})
		if err != nil {
			return
		}
		rows, _, err := ReadRows(sheets)
		if err == nil && len(rows) == 0 {
			t.Error("no rows and no fault")
		}
	})
}
