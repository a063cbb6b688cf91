package civil

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"gongkai/internal/fault"
)

// Period is a year, a quarter or a month: the span that a duty is owed for.
// The zero value is no period.
type Period struct {
	year   int16
	months uint8 // length: 12, 3 or 1
	first  uint8 // first month, 1 to 12
}

// Year, Quarter and Month make periods.
func Year(y int) Period { return Period{int16(y), 12, 1} }

// Quarter is quarter q (1 to 4) of year y.
func Quarter(y, q int) Period { return Period{int16(y), 3, uint8(3*q - 2)} }

// Month is one month of year y.
func Month(y int, m time.Month) Period { return Period{int16(y), 1, uint8(m)} }

var periodForm = regexp.MustCompile(`^(\d{4})(?:Q([1-4])|-(0[1-9]|1[0-2]))?$`)

// ParsePeriod reads 2021, 2021Q3 or 2021-06.
func ParsePeriod(s string) (Period, error) {
	m := periodForm.FindStringSubmatch(s)
	if m == nil {
		return Period{}, fault.New(fault.Invalid, "period_bad", "“%s”不是期间，应写成 2021、2021Q3 或 2021-06。", fault.Clip(s, 40))
	}
	y, _ := strconv.Atoi(m[1])
	switch {
	case m[2] != "":
		q, _ := strconv.Atoi(m[2])
		return Quarter(y, q), nil
	case m[3] != "":
		mon, _ := strconv.Atoi(m[3])
		return Month(y, time.Month(mon)), nil
	}
	return Year(y), nil
}

// PeriodOf is the period of the given length in months (12, 3 or 1) that d
// falls in. Other lengths panic.
func PeriodOf(d Date, months int) Period {
	switch months {
	case 12:
		return Year(d.Year())
	case 3:
		return Quarter(d.Year(), (int(d.Month())+2)/3)
	case 1:
		return Month(d.Year(), d.Month())
	}
	panic("civil: a period has 12, 3 or 1 months")
}

// Months is the period's length: 12, 3 or 1; 0 for no period.
func (p Period) Months() int { return int(p.months) }

// Start is the first day.
func (p Period) Start() Date { return On(int(p.year), time.Month(p.first), 1) }

// End is the last day.
func (p Period) End() Date { return On(int(p.year), time.Month(p.first+p.months), 0) }

// Next is the period of the same length that follows.
func (p Period) Next() Period { return PeriodOf(p.End().AddDays(1), int(p.months)) }

// Contains tells whether d falls in the period.
func (p Period) Contains(d Date) bool { return !d.Before(p.Start()) && !d.After(p.End()) }

// IsZero tells whether p is no period.
func (p Period) IsZero() bool { return p == Period{} }

// String is 2021, 2021Q3 or 2021-06: what ParsePeriod reads.
func (p Period) String() string {
	switch p.months {
	case 12:
		return strconv.Itoa(int(p.year))
	case 3:
		return fmt.Sprintf("%dQ%d", p.year, (p.first+2)/3)
	case 1:
		return fmt.Sprintf("%d-%02d", p.year, p.first)
	}
	return ""
}

// Chinese is 2021年, 2021年第三季度 or 2021年6月.
func (p Period) Chinese() string {
	switch p.months {
	case 12:
		return fmt.Sprintf("%d年", p.year)
	case 3:
		return fmt.Sprintf("%d年第%s季度", p.year, string([]rune("一二三四")[(p.first+2)/3-1]))
	case 1:
		return fmt.Sprintf("%d年%d月", p.year, p.first)
	}
	return ""
}
