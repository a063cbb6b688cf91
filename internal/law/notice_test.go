package law

import (
	"encoding/json"
	"strings"
	"testing"

	"gongkai/internal/fault"
)

func TestParseNoticeRefuses(t *testing.T) {
	change := func(old, new string) string {
		if !strings.Contains(notice2027, old) {
			t.Fatalf("the sample has no %q", old)
		}
		return strings.Replace(notice2027, old, new, 1)
	}
	tests := []struct{ name, in, want string }{
		{"empty", "", "JSON"},
		{"not JSON", "year: 2027", "第1行"},
		{"broken line", change(`"holidays": [`, `"holidays": [,`), "第4行"},
		{"another file", `{"title": "工作要点"}`, "不是放假安排文件"},
		{"GB18030", "{\"year\": \"\xb7\xc5\xbc\xd9\"}", "UTF-8"},
		{"too long", strings.Repeat(" ", MaxNoticeBytes+1), "上限"},
		{"unknown field", change(`"year"`, `"yaer": 1, "year"`), "多余的字段"},
		{"wrong type", change(`2027,`, `"2027",`), "year"},
		{"wrong year", change(`"year": 2027`, `"year": 2028`), "不属于 2028 年"},
		{"far year", change(`"year": 2027`, `"year": 20270`), "20270"},
		{"no such day", change("2027-06-09", "2027-02-30"), "2027-02-30"},
		{"backwards", change("2027-01-01..2027-01-03", "2027-01-03..2027-01-01"), "先早后晚"},
		{"endless", change("2027-01-01..2027-01-03", "0001-01-01..9999-12-31"), "不超过31天"},
		{"twice", change("2027-02-20", "2027-02-05"), "两次"},
		{"no papers", change(`[{"title": "国务院办公厅关于2027年部分节假日安排的通知"}]`, `[]`), "papers 为空"},
		{"script address", change(`的通知"}`, `的通知", "url": "javascript:alert(1)"}`), "网址"},
		{"paper index", change(`"name": "元旦"`, `"name": "元旦", "paper": 3`), "paper 是 3"},
		{"no name", change(`"name": "元旦"`, `"name": ""`), "没有名称"},
		{"empty work day", change(`"work": ["2027-05-08"]`, `"work": [""]`), "上班日期"},
		{"empty holiday", change(`{"name": "端午节", "off": ["2027-06-09"]}`, `{"name": "端午节", "off": []}`), "没有放假日期"},
		{"festival missing", change(`    {"name": "端午节", "off": ["2027-06-09"]},`, ``), "缺少端午节（2027-06-09）"},
		{"festival worked", change(`"off": ["2027-06-09"]`, `"work": ["2027-06-09"]`), "缺少端午节"},
		{"hardly any", `{"year": 2027, "papers": [{"title": "通知"}], "holidays": []}`, "只有0个放假日"},
		{"day form without isOffDay", `{"year": 2027, "papers": ["https://www.gov.cn/a"], "days": [{"name": "元旦", "date": "2027-01-01"}]}`, "isOffDay"},
		{"day form with a bad date", `{"year": 2027, "papers": ["https://www.gov.cn/a"], "days": [{"name": "元旦", "date": "2027-1-1", "isOffDay": true}]}`, "2027-1-1"},
	}
	for _, tt := range tests {
		_, err := ParseNotice([]byte(tt.in))
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(fault.Public(err), tt.want) {
			t.Errorf("%s: got %v, want an invalid fault that says %q", tt.name, err, tt.want)
		}
	}
}

func TestNoticeRoundTrip(t *testing.T) {
	for _, n := range Standard().Notices() {
		b, err := json.Marshal(n)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseNotice(append([]byte("\ufeff"), b...))
		if err != nil {
			t.Fatalf("%d: %v", n.Year, err)
		}
		c, err := Standard().With(again)
		if err != nil || c.Version() != Standard().Version() {
			t.Errorf("%d: written and read again it is another notice (%v)", n.Year, err)
		}
	}
}

// Whatever the bytes, ParseNotice answers with a usable notice or with an
// Invalid fault of bounded length.
func FuzzParseNotice(f *testing.F) {
	f.Add([]byte(notice2027))
	f.Add([]byte(`{"year": 2027, "papers": ["https://www.gov.cn/a"], "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}`))
	f.Add([]byte(`{"year":2027,"holidays":[{"off":["2027-01-01.."]}]}`))
	f.Add([]byte("\ufeff[]"))
	for _, n := range Standard().Notices() {
		b, err := json.Marshal(n)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		n, err := ParseNotice(b)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid || len(fault.Public(err)) > 2000 {
				t.Fatalf("a bad file gives %v", err)
			}
			return
		}
		c, err := Standard().With(n)
		if err != nil {
			t.Fatalf("parsed but refused: %v", err)
		}
		for _, h := range n.Holidays {
			for _, d := range h.Work {
				if d.Year() == n.Year && d.Month() < 12 && !c.IsWorkday(d) {
					t.Fatalf("%s is named as worked and is not", d)
				}
			}
		}
	})
}
