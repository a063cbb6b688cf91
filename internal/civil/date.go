// Package civil holds calendar dates without a time zone, the periods that
// duties are counted in, and the injected clock.
//
// Everything legal is a Date; everything technical is an instant (time.Time).
// The two meet only in DateOf, in the time zone of the whole country.
package civil

import (
	"database/sql/driver"
	"fmt"
	"strconv"
	"time"

	"gongkai/internal/fault"
)

// China is the one time zone of the country (UTC+8, no summer time).
var China = time.FixedZone("CST", 8*60*60)

// Date is a day of the Gregorian calendar. The zero value is no date. Dates
// are comparable with == and usable as map keys.
type Date struct {
	year  int16
	month uint8
	day   uint8
}

// On makes the date of a year, month and day; it normalises like time.Date.
func On(year int, month time.Month, day int) Date {
	return fromTime(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DateOf is the day on which the instant falls in China.
func DateOf(t time.Time) Date { return fromTime(t.In(China)) }

func fromTime(t time.Time) Date {
	y, m, d := t.Date()
	return Date{int16(y), uint8(m), uint8(d)}
}

// ParseDate reads YYYY-MM-DD. A day that does not exist (2021-02-30) is an
// Invalid fault.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fault.New(fault.Invalid, "date_bad", "“%s”不是存在的日期，应写成 2021-06-11 的样子。", fault.Clip(s, 40))
	}
	return fromTime(t), nil
}

// MustDate is ParseDate for literals; it panics on a bad one.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// Time is midnight UTC of the day, for arithmetic only.
func (d Date) Time() time.Time {
	return time.Date(int(d.year), time.Month(d.month), int(d.day), 0, 0, 0, 0, time.UTC)
}

// Start is the instant at which the day begins in China.
func (d Date) Start() time.Time {
	return time.Date(int(d.year), time.Month(d.month), int(d.day), 0, 0, 0, 0, China)
}

// Year, Month and Day are the parts of the date.
func (d Date) Year() int { return int(d.year) }

// Month is the month of the date.
func (d Date) Month() time.Month { return time.Month(d.month) }

// Day is the day of the month.
func (d Date) Day() int { return int(d.day) }

// IsZero tells whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.Time().Weekday() }

// AddDays moves by calendar days, backwards where n is negative.
func (d Date) AddDays(n int) Date { return fromTime(d.Time().AddDate(0, 0, n)) }

// AddMonths moves by months; a day that the month does not have becomes the
// last day of that month (31 January + 1 month = 28 or 29 February).
func (d Date) AddMonths(n int) Date {
	first := On(d.Year(), d.Month()+time.Month(n), 1)
	last := On(first.Year(), first.Month()+1, 0).Day()
	return On(first.Year(), first.Month(), min(d.Day(), last))
}

// Sub is the number of calendar days from e to d.
func (d Date) Sub(e Date) int { return int((d.Time().Unix() - e.Time().Unix()) / (24 * 60 * 60)) }

// Compare is -1, 0 or 1 as d is before, on or after e.
func (d Date) Compare(e Date) int { return d.Time().Compare(e.Time()) }

// Before tells whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After tells whether d is later than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// String is YYYY-MM-DD, and "" for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}

// Chinese is the date in running text, 2021年6月11日, and "" for no date.
func (d Date) Chinese() string {
	if d.IsZero() {
		return ""
	}
	return strconv.Itoa(d.Year()) + "年" + strconv.Itoa(int(d.month)) + "月" + strconv.Itoa(int(d.day)) + "日"
}

// MarshalText writes String.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes; empty is no date.
func (d *Date) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	*d, err = ParseDate(string(b))
	return err
}

// Value stores the date as text, no date as null.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads what Value stored.
func (d *Date) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	}
	return fmt.Errorf("civil: cannot scan %T into a date", v)
}
