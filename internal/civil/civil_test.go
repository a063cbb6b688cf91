package civil

import (
	"testing"
	"time"

	"gongkai/internal/fault"
)

func TestParseDate(t *testing.T) {
	for _, bad := range []string{"2021-02-30", "2021-6-1", "二〇二一年六月", "", "2021-06-11T00:00:00Z"} {
		if _, err := ParseDate(bad); fault.KindOf(err) != fault.Invalid {
			t.Errorf("ParseDate(%q) = %v, want an invalid fault", bad, err)
		}
	}
	if d := MustDate("2024-02-29"); d.String() != "2024-02-29" || d.Chinese() != "2024年2月29日" {
		t.Errorf("got %v %v", d, d.Chinese())
	}
}

func TestDateArithmetic(t *testing.T) {
	tests := []struct{ got, want Date }{
		{MustDate("2021-12-31").AddDays(1), MustDate("2022-01-01")},
		{MustDate("2021-01-31").AddMonths(1), MustDate("2021-02-28")},
		{MustDate("2024-01-31").AddMonths(1), MustDate("2024-02-29")},
		{MustDate("2021-11-30").AddMonths(3), MustDate("2022-02-28")},
		{MustDate("2021-03-31").AddMonths(-13), MustDate("2020-02-29")},
		{DateOf(time.Date(2021, 6, 10, 16, 0, 0, 0, time.UTC)), MustDate("2021-06-11")},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("got %v, want %v", tt.got, tt.want)
		}
	}
	if n := MustDate("2022-01-01").Sub(MustDate("2021-01-01")); n != 365 {
		t.Errorf("Sub = %d", n)
	}
	if n := MustDate("9999-12-31").Sub(MustDate("0001-01-01")); n != 3652058 {
		t.Errorf("the longest span is %d days", n)
	}
}

func TestPeriods(t *testing.T) {
	tests := []struct{ in, start, end, next, chinese string }{
		{"2021", "2021-01-01", "2021-12-31", "2022", "2021年"},
		{"2021Q3", "2021-07-01", "2021-09-30", "2021Q4", "2021年第三季度"},
		{"2021Q4", "2021-10-01", "2021-12-31", "2022Q1", "2021年第四季度"},
		{"2020-02", "2020-02-01", "2020-02-29", "2020-03", "2020年2月"},
	}
	for _, tt := range tests {
		p, err := ParsePeriod(tt.in)
		if err != nil {
			t.Fatal(err)
		}
		if p.Start().String() != tt.start || p.End().String() != tt.end || p.Next().String() != tt.next || p.Chinese() != tt.chinese || p.String() != tt.in {
			t.Errorf("%s: got %v–%v, next %v, %s", tt.in, p.Start(), p.End(), p.Next(), p.Chinese())
		}
	}
	for _, bad := range []string{"2021Q5", "2021-13", "21", "2021年"} {
		if _, err := ParsePeriod(bad); err == nil {
			t.Errorf("ParsePeriod(%q) passes", bad)
		}
	}
}
