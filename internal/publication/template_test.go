package publication

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/civil"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/publication/kind"
)

// fill writes rows of values by input path below the headings of a template.
func fill(t *testing.T, k *kind.Kind, rows ...map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := k.WriteTemplate(&out); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i, in := range k.Inputs() {
		for j, row := range rows {
			cell, _ := excelize.CoordinatesToCellName(i+1, j+2)
			if err := f.SetCellStr(k.Label, cell, row[in.Path]); err != nil {
				t.Fatal(err)
			}
		}
	}
	var filled bytes.Buffer
	if err := f.Write(&filled); err != nil {
		t.Fatal(err)
	}
	return filled.Bytes()
}

func TestTemplateFilledIn(t *testing.T) {
	s := newStore(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	k, _ := s.Kinds.Get(KindCommitment)
	data := fill(t, k,
		map[string]string{"source_id": "c1", "unit": "甲市人民政府", "title": "民生实事一", "issued_on": "2021年1月5日", "keywords": "住房；养老", "body": "第一行\n第二行",
			"fields.year": "2021", "fields.due": "2021/12/31", "fields.responsible": "甲局\n乙局", "fields.targets": "改造小区|348|个\n惠及居民|3.5|万户"},
		map[string]string{"source_id": "c2", "unit": "甲市人民政府", "title": "民生实事二", "fields.year": "2021", "fields.due": "年底", "fields.targets": "甲|很多|个"},
		map[string]string{},
		map[string]string{"source_id": "c3", "unit": "甲市人民政府", "title": "民生实事三", "fields.year": "2021", "fields.due": "2021-12-31", "fields.targets": "甲|1,200|个"})
	r, err := s.ImportSheet(ctx, "民生.xlsx", data, "", ImportOptions{})
	if err != nil || r.Added != 2 || r.Rejected != 1 {
		t.Fatalf("ImportSheet = %+v, %v", r, err)
	}
	x := r.Rejections[0]
	if x.Line != 3 || len(x.Errors) != 2 || x.Errors[0].Field != "fields.due" || x.Errors[1].Field != "fields.targets[1].quantity" {
		t.Errorf("rejected %+v", x)
	}
	list, err := s.Commitments(ctx, Filter{})
	if err != nil || len(list) != 2 || len(list[0].Targets) != 2 || list[0].Targets[1].Target != "3.5" || list[1].Targets[0].Target != "1200" {
		t.Fatalf("commitments %+v, %v", list, err)
	}
	rec := list[0].Record
	if rec.IssuedOn != civil.MustDate("2021-01-05") || strings.Join(rec.Keywords, " ") != "住房 养老" || get(t, s, rec.ID).Body.Text != "第一行\n第二行" {
		t.Errorf("record %+v", rec)
	}
}

func TestTemplateCSV(t *testing.T) {
	s := newStore(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	for _, k := range s.Kinds.All() {
		var out bytes.Buffer
		if err := k.WriteTemplateCSV(&out); err != nil {
			t.Fatal(err)
		}
		if strings.Count(out.String(), ",") != len(k.Inputs())-1 {
			t.Errorf("%s: %s", k.Code, out.String())
		}
	}
	data := "来源编号（必填）,公开单位（必填）,标题（必填）,发布时间\nn1,甲市教育局,招生公告,2021-06-01 08:00\n"
	r, err := s.ImportSheet(ctx, "公告.csv", []byte(data), "notice", ImportOptions{})
	if err != nil || r.Added != 1 {
		t.Fatalf("ImportSheet = %+v, %v", r, err)
	}
	for _, tt := range []struct{ name, data, code, want string }{
		{"no kind", data, "", "template_kind"},
		{"unknown kind", data, "polcy", "kind_unknown"},
		{"a heading missing", "来源编号,标题\na,b\n", "notice", "template_heading"},
	} {
		_, err := s.ImportSheet(ctx, "x.csv", []byte(tt.data), tt.code, ImportOptions{})
		if f, ok := fault.Of(err); !ok || f.Code != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}
