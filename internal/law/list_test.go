package law

import (
	"fmt"
	"regexp"
	"testing"

	"gongkai/internal/fault"
)

func TestLists(t *testing.T) {
	checkList(t, Categories(), 15, `^20-([1-9]|1[0-5])$`)
	checkList(t, Topics(), 15, `^21-[12]-[1-8]$`)
	checkList(t, Grounds(), 8, `^(E1[456](-[123])?|Q36-7)$`)
	checkList(t, Replies(), 17, `^R([1-9]|1[0-6]|2P)$`)
	checkList(t, Validities(), 5, `^(有效|失效|废止|已修改|尚未生效)$`)
}

func checkList[C ~string](t *testing.T, l List[C], n int, codes string) {
	t.Helper()
	form, seen := regexp.MustCompile(codes), map[C]bool{}
	for _, it := range l.All() {
		if !form.MatchString(string(it.Code)) || seen[it.Code] {
			t.Errorf("%s: code %q is odd or occurs twice", l.Name, it.Code)
		}
		seen[it.Code] = true
		if it.Label == "" || it.Short == "" || it.Article == "" && it.Confirmed != Convention {
			t.Errorf("%s: %s lacks a label, a short label or an article", l.Name, it.Code)
		}
		if got, err := l.Parse(string(it.Code)); err != nil || got != it.Code {
			t.Errorf("%s: Parse(%q) = %q, %v", l.Name, it.Code, got, err)
		}
	}
	if len(seen) != n || l.Name == "" || l.Basis == "" || l.Since.IsZero() || l.LastChecked.IsZero() {
		t.Errorf("%s: %d items, want %d; basis %q, since %s", l.Name, len(seen), n, l.Basis, l.Since)
	}
	if _, err := l.Parse("没有"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("%s: an unknown code gives %v", l.Name, err)
	}
	if all := l.All(); len(all) > 0 {
		all[0].Label = "改了"
		if l.All()[0].Label == "改了" {
			t.Errorf("%s: All hands out the list itself", l.Name)
		}
	}
}

func TestCategoriesStandInOrder(t *testing.T) {
	for i, it := range Categories().All() {
		if want := fmt.Sprintf("20-%d", i+1); string(it.Code) != want {
			t.Errorf("place %d is %s", i+1, it.Code)
		}
	}
	got, ok := Categories().Get("20-12")
	if !ok || got.Article != "《政府信息公开条例》第二十条第（十二）项" || got.Short != "应急管理" {
		t.Errorf("20-12 is %+v", got)
	}
}

// Replies and grounds fill exactly the rows of the yearly report's table 3
// that stand for results.
func TestReportRows(t *testing.T) {
	rows := map[string]bool{}
	for _, it := range Replies().All() {
		if it.Code != ReplyRefuse { // its row is that of its ground
			rows[it.ReportRow] = true
		}
	}
	for _, it := range Grounds().All() {
		rows[it.ReportRow] = true
	}
	size := map[string]int{"r3.1": 1, "r3.2": 1, "r3.3.": 8, "r3.4.": 3, "r3.5.": 5, "r3.6.": 3}
	want := 0
	for prefix, n := range size {
		want += n
		for i := 1; i <= n; i++ {
			row := prefix
			if prefix[len(prefix)-1] == '.' {
				row = fmt.Sprintf("%s%d", prefix, i)
			}
			if !rows[row] {
				t.Errorf("nothing fills row %s", row)
			}
		}
	}
	if len(rows) != want {
		t.Errorf("%d rows are filled, want %d: %v", len(rows), want, rows)
	}
}

func TestTerms(t *testing.T) {
	seen := map[TermCode]bool{}
	for _, term := range Terms() {
		if seen[term.Code] || term.N <= 0 || term.Label == "" || term.From == "" || term.Article == "" || term.Since.IsZero() {
			t.Errorf("term %+v", term)
		}
		seen[term.Code] = true
		if got, ok := TermOf(term.Code); !ok || got != term {
			t.Errorf("TermOf(%s) = %+v", term.Code, got)
		}
	}
	reply, _ := TermOf(TermReply)
	budget, _ := TermOf(TermBudget)
	if reply.N != 20 || reply.Unit != Workdays || budget.N != 20 || budget.Unit != CalendarDays {
		t.Errorf("reply %+v, budget %+v", reply, budget)
	}
	if _, ok := TermOf("t_none"); ok {
		t.Error("an unknown term is found")
	}
	for _, d := range AnnualDates() {
		if d.Article == "" || d.Month < 1 || d.Day != 31 {
			t.Errorf("annual date %+v", d)
		}
	}
}
