package publication

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"gongkai/internal/civil"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/publication/kind"
)

// A kind is data: one file more, and lines of it can be taken in, without a
// line of code.
func TestKindFromFolder(t *testing.T) {
	dir := fstest.MapFS{
		"subsidy.json": {Data: []byte(`{"code": "subsidy", "label": "惠农补贴", "order": 20, "description": "补贴发放", "schema_org": "Report", "column_type": "数据发布",
			"statutory": "20-11", "limit": {"days": 20, "unit": "workday", "basis": "条例第二十六条"},
			"fields": [{"key": "amount", "label": "金额", "type": "number", "required": true, "list": true}]}`)},
		"notice.json": {Data: []byte(`{"code": "notice", "label": "公告", "order": 3, "description": "公告", "schema_org": "Article", "column_type": "工作动态", "limit": {"basis": ""}, "fields": []}`)},
		"README.md":   {Data: []byte("不是种类")},
	}
	kinds, err := kind.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if k, ok := kinds.Get("notice"); !ok || k.Label != "公告" || len(k.Fields) != 0 {
		t.Errorf("notice is not replaced: %+v", k)
	}
	s := newStore(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	s.Kinds = kinds
	put(t, s, policy("x", "发放情况", ofKind("subsidy", Fields{"amount": json.Number("12.50")})))
	if _, err := tryPut(s, policy("y", "发放情况", ofKind("subsidy", nil))); err == nil || !strings.Contains(fault.Public(err), "fields.amount：缺少“金额”") {
		t.Errorf("missing field: %v", err)
	}
}
