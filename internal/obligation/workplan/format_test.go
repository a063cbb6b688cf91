package workplan

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/internal/extract"
)

const sample = "testdata/plans/arabic_items.txt"

func planJSON(t *testing.T, doc extract.Document) string {
	t.Helper()
	plan, _, err := Parse(doc, Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The same document in another encoding, or with numbers that the word
// processor makes, is the same plan.
func TestSamePlanInOtherForms(t *testing.T) {
	want := planJSON(t, read(t, sample))
	b, err := os.ReadFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes(b)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := extract.Read("plan.txt", gb, extract.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if got := planJSON(t, doc); got != want {
		t.Errorf("GB18030: got\n%s\nwant\n%s", got, want)
	}
	doc = read(t, sample)
	moved := 0
	for i, block := range doc.Blocks {
		if _, mark, rest := readMark(newText(block.Text)); !mark.empty() {
			doc.Blocks[i].Number, doc.Blocks[i].Text = mark.String(), rest.String()
			moved++
		}
	}
	if got := planJSON(t, doc); got != want || moved < 8 {
		t.Errorf("automatic numbers (%d): got\n%s\nwant\n%s", moved, got, want)
	}
}

func TestTaskWorkbook(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for cell, v := range map[string]string{
		"A1": "癸县2022年重点工作责任清单",
		"A2": "序号", "B2": "重点任务", "C2": "主要措施", "D2": "主办单位", "E2": "协办单位", "F2": "完成时间",
		"A3": "1", "B3": "办好民生实事", "C3": "新建社区食堂12个", "D3": "县民政局", "E3": "县财政局\n各乡镇人民政府", "F3": "2022年10月底前",
		"A4": "2", "C4": "改造农村公路36公里", "D4": "县交通运输局", "F4": "每季度报送",
		"A5": "3", "B5": "推进依法行政", "C5": "公布权责清单", "D5": "县委编办", "E5": "县直各单位", "F5": "9月30日",
	} {
		f.SetCellStr("Sheet1", cell, v)
	}
	for _, m := range [][2]string{{"A1", "F1"}, {"B3", "B4"}, {"E3", "E4"}} {
		f.MergeCell("Sheet1", m[0], m[1])
	}
	f.SetRowVisible("Sheet1", 5, false)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	doc, err := extract.Read("plan.xlsx", b.Bytes(), extract.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	plan, warnings, err := Parse(doc, Options{})
	if err != nil || len(plan.Tasks) != 2 || plan.Title != "癸县2022年重点工作责任清单" {
		t.Fatalf("%d tasks of %q: %v", len(plan.Tasks), plan.Title, err)
	}
	second := plan.Tasks[1]
	if second.Section != "办好民生实事" || len(second.Lead) != 1 || len(second.Responsible) != 2 || second.Every != Quarterly {
		t.Errorf("second: %+v", second)
	}
	if len(warnings) < 2 { // a hidden row that is left out, no date
		t.Errorf("warnings: %+v", warnings)
	}
}
