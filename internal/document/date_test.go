package document

import (
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
)

var reference = civil.MustDate("2021-06-11")

func TestParseDateText(t *testing.T) {
	tests := []struct {
		in, first, last string
		precision       Precision
		deadline        bool
	}{
		{"2021年6月11日", "2021-06-11", "2021-06-11", ToDay, false},
		{"二〇二一年六月十一日", "2021-06-11", "2021-06-11", ToDay, false},
		{"二○二一年六月三十日", "2021-06-30", "2021-06-30", ToDay, false},
		{"２０２１年６月１１日", "2021-06-11", "2021-06-11", ToDay, false},
		{"2021 年 6 月 11 日", "2021-06-11", "2021-06-11", ToDay, false},
		{"2021.6.11", "2021-06-11", "2021-06-11", ToDay, false},
		{"2021-6-11", "2021-06-11", "2021-06-11", ToDay, false},
		{"2021-06-11", "2021-06-11", "2021-06-11", ToDay, false},
		{"2021/6/11", "2021-06-11", "2021-06-11", ToDay, false},
		{"二〇二一年六月", "2021-06-01", "2021-06-30", ToMonth, false},
		{"2021.6", "2021-06-01", "2021-06-30", ToMonth, false},
		{"2020年2月", "2020-02-01", "2020-02-29", ToMonth, false},
		{"2021年", "2021-01-01", "2021-12-31", ToYear, false},
		{"2021年底前", "2021-01-01", "2021-12-31", ToYear, true},
		{"2021年年底前", "2021-01-01", "2021-12-31", ToYear, true},
		{"10月底", "2021-10-01", "2021-10-31", ToMonth, true},
		{"10月底前", "2021-10-01", "2021-10-31", ToMonth, true},
		{"12月31日前", "2021-12-31", "2021-12-31", ToDay, true},
		{"年底前", "2021-01-01", "2021-12-31", ToYear, true},
		{"今年9月底前", "2021-09-01", "2021-09-30", ToMonth, true},
		{"明年1月31日前", "2022-01-31", "2022-01-31", ToDay, true},
		{"2021年第三季度", "2021-07-01", "2021-09-30", ToQuarter, false},
		{"三季度末", "2021-07-01", "2021-09-30", ToQuarter, true},
		{"2021年上半年", "2021-01-01", "2021-06-30", ToHalf, false},
		{"6月中旬", "2021-06-11", "2021-06-20", ToTenDays, false},
		{"2月下旬", "2021-02-21", "2021-02-28", ToTenDays, false},
		{"（2021年6月11日）", "2021-06-11", "2021-06-11", ToDay, false},
	}
	for _, tt := range tests {
		d, err := ParseDateText(tt.in, reference)
		if err != nil {
			t.Errorf("ParseDateText(%q): %v", tt.in, err)
			continue
		}
		if d.First.String() != tt.first || d.Last.String() != tt.last || d.Precision != tt.precision || d.Deadline != tt.deadline {
			t.Errorf("ParseDateText(%q) = %v–%v %d %v, want %v–%v %d %v", tt.in,
				d.First, d.Last, d.Precision, d.Deadline, tt.first, tt.last, tt.precision, tt.deadline)
		}
		if _, ok := d.Day(); ok != (tt.precision == ToDay) {
			t.Errorf("ParseDateText(%q).Day() ok = %v", tt.in, ok)
		}
	}
}

func TestParseDateTextRefuses(t *testing.T) {
	for _, in := range []string{"", "2021-02-30", "2021年2月30日", "2021年13月", "二月三十日", "12", "2021", "即日起", "2021年6月11", "3.5", "1600年1月1日"} {
		if d, err := ParseDateText(in, reference); fault.KindOf(err) != fault.Invalid {
			t.Errorf("ParseDateText(%q) = %v, %v, want an invalid fault", in, d, err)
		}
	}
	if d, err := ParseDateText("10月底", civil.Date{}); err == nil {
		t.Errorf("10月底 without a reference year = %v", d)
	}
}

func TestFindDates(t *testing.T) {
	in := "自2021年7月1日起施行，2021年底前完成348个、3.5万户，10月底前报送；2021-2025年规划（2020.12.31）"
	want := []string{"2021年7月1日", "2021年底前", "10月底前", "2025年", "2020.12.31"}
	var got []string
	for _, f := range FindDates(in, reference) {
		got = append(got, in[f.Start:f.End])
	}
	if len(got) != len(want) {
		t.Fatalf("found %q, want %q", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("found %q, want %q", got[i], want[i])
		}
	}
}
