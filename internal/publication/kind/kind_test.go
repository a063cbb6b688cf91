package kind

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/law"
)

func TestBuiltInKinds(t *testing.T) {
	kinds, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	served := map[string]bool{}
	for _, k := range kinds.All() {
		codes = append(codes, k.Code)
		served[k.Statutory] = true
		if k.Description == "" || k.SchemaOrg == "" || k.Limit.Basis == "" || k.Statutory == "" {
			t.Errorf("%s lacks description, schema.org type, limit or category", k.Code)
		}
	}
	want := "policy interpretation notice plan decision commitment progress organ guide annual service gazette statistics permit penalty budget fee procurement project benefit emergency inspection recruitment personnel"
	if got := strings.Join(codes, " "); got != want {
		t.Errorf("kinds %s, want %s", got, want)
	}
	for _, c := range law.Categories().All() {
		if !served[string(c.Code)] {
			t.Errorf("no kind for %s (%s)", c.Code, c.Label)
		}
	}
}

func TestKindMistakes(t *testing.T) {
	base := `{"code": "k", "label": "种类", "order": 1, "description": "", "schema_org": "", "column_type": "", "limit": {"basis": ""}, "fields": [%s]}`
	tests := []struct{ name, text, place, says string }{
		{"not JSON", `{"code": "k",`, "k.json", "不是完整的 JSON"},
		{"unknown key", `{"code": "k", "colour": 1}`, "k.json", `不认识的键 "colour"`},
		{"another file's code", strings.Replace(base, `"k"`, `"z"`, 1), "k.json code", "文件名应是 z.json"},
		{"unknown type", strings.Replace(base, "%s", `{"key": "a", "label": "甲", "type": "colour"}`, 1), "k.json fields.a", "没有“colour”这种类型，可用的有：choice、date"},
		{"the same key twice", strings.Replace(base, "%s", `{"key": "a", "label": "甲", "type": "text"}, {"key": "a", "label": "乙", "type": "text"}`, 1), "k.json fields.a", "同一个键写了两次"},
		{"a choice without choices", strings.Replace(base, "%s", `{"key": "a", "label": "甲", "type": "choice"}`, 1), "k.json fields.a", "要有 choices"},
		{"a table in a table", strings.Replace(base, "%s", `{"key": "a", "label": "甲", "type": "table", "columns": [{"key": "b", "label": "乙", "type": "table", "columns": [{"key": "c", "label": "丙", "type": "text"}]}]}`, 1), "k.json fields.a.b", "表格里不能再有表格"},
		{"a bad key", strings.Replace(base, "%s", `{"key": "甲", "label": "甲", "type": "text"}`, 1), "k.json fields.甲", "不能作键"},
		{"a label of the common keys", strings.Replace(base, "%s", `{"key": "a", "label": "文号", "type": "text"}`, 1), "k.json fields.a", "名称“文号”已经用过"},
		{"a limit without basis", strings.Replace(strings.Replace(base, "%s", "", 1), `{"basis": ""}`, `{"days": 20, "unit": "workday", "basis": ""}`, 1), "k.json limit.basis", "要写明依据"},
		{"years without basis", strings.Replace(strings.Replace(base, "%s", "", 1), `"fields"`, `"retention": {"years": 3}, "fields"`, 1), "k.json retention.basis", "要写明依据"},
		{"an unknown day to count from", strings.Replace(strings.Replace(base, "%s", "", 1), `"fields"`, `"retention": {"years": 3, "basis": "甲", "since": "ever"}, "fields"`, 1), "k.json retention.since", "listed"},
		{"years without basis for a category", strings.Replace(strings.Replace(base, "%s", "", 1), `"fields"`, `"retention": {"categories": {"乙": {"years": 3}}}, "fields"`, 1), "k.json retention.categories.乙.basis", "要写明依据"},
		{"an unknown step", strings.Replace(strings.Replace(base, "%s", "", 1), `"fields"`, `"steps": ["dance"], "fields"`, 1), "k.json steps", "可用的有：consult、fact、leader、legal"},
		{"a day that is none", strings.Replace(strings.Replace(base, "%s", "", 1), `{"basis": ""}`, `{"date": "02-30", "basis": "甲"}`, 1), "k.json limit.date", "不是每年的日子"},
	}
	for _, tt := range tests {
		text := strings.Replace(tt.text, "%s", "", 1)
		_, err := Load(fstest.MapFS{"k.json": {Data: []byte(text)}})
		f, ok := fault.Of(err)
		if !ok || f.Kind != fault.Invalid || f.Place != tt.place || !strings.Contains(f.Message, tt.says) {
			t.Errorf("%s: %v, want %s: %s", tt.name, err, tt.place, tt.says)
		}
	}
}

func TestValidateFields(t *testing.T) {
	fields := `{"year": 2021.5, "due": "2021-13-01", "targets": [{"text": "甲", "quantity": "3.5万", "unit": "户", "extra": 1}, 7], "lead": "甲\n乙", "responsible": "甲"}`
	values, err := ParseValues(fields)
	if err != nil {
		t.Fatal(err)
	}
	kinds, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	k, _ := kinds.Get("commitment")
	want := []struct{ field, says string }{
		{"fields.year", "“年度”应是整数"},
		{"fields.due", "“完成期限”里的“2021-13-01”不是存在的日期"},
		{"fields.lead", "只能写一行"},
		{"fields.responsible", `应是一列文字`},
		{"fields.targets[1].quantity", "“数量”应是数字，不加引号和单位，例如 9.99"},
		{"fields.targets[1].extra", "“目标”没有这一项；有的是：text（目标）"},
		{"fields.targets[2]", "每一行应是对象"},
	}
	got := k.Validate(values)
	if len(got) != len(want) {
		t.Fatalf("%d problems, want %d: %v", len(got), len(want), got)
	}
	for i, w := range want {
		if got[i].Field != w.field || !strings.Contains(got[i].Message, w.says) {
			t.Errorf("got %v, want %s: %s", got[i], w.field, w.says)
		}
	}
}

func TestSchemaAndColumns(t *testing.T) {
	kinds, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	k, _ := kinds.Get("commitment")
	text, err := json.Marshal(k.Schema())
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"required":["year","due","targets"]`, `"additionalProperties":false`, `"quantity":{"title":"数量","type":"number"}`, `"due":{"format":"date"`} {
		if !strings.Contains(string(text), part) {
			t.Errorf("the schema lacks %s: %s", part, text)
		}
	}
	var columns []string
	for _, c := range k.Columns() {
		columns = append(columns, c.Path)
	}
	if got := strings.Join(columns, " "); got != "number issued_on fields.no fields.due fields.lead" {
		t.Errorf("columns %s", got)
	}
	for _, in := range k.Inputs() {
		if in.Path == "validity" {
			t.Error("the form asks a commitment for its validity")
		}
	}
}

func TestRetention(t *testing.T) {
	day := civil.MustDate
	text := `{"years": 2, "basis": "甲", "categories": {"应急预案": {"years": 0}, "公示": {"years": 1, "since": "over", "basis": "乙"}}}`
	var r Retention
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ category, listed, over, want string }{
		{"", "2020-02-29", "", "2022-02-28"},
		{"别的", "2020-03-01", "", "2022-03-01"},
		{"应急预案", "2020-03-01", "", ""},
		{"公示", "2020-03-01", "", ""},
		{"公示", "2020-03-01", "2021-01-31", "2022-01-31"},
	}
	for _, tt := range tests {
		var over civil.Date
		if tt.over != "" {
			over = day(tt.over)
		}
		got, ok := r.Of(tt.category).DueOn(day(tt.listed), over)
		if got.String() != tt.want || ok != (tt.want != "") {
			t.Errorf("%+v: got %v, %t", tt, got, ok)
		}
	}
}
