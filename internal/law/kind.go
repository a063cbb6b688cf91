package law

import (
	"slices"

	"gongkai/internal/civil"
)

// DayKind says what sort of day a date is. Its names are stable: scripts read
// them.
type DayKind uint8

const (
	Workday       DayKind = iota // Monday to Friday, nothing special
	Weekend                      // Saturday or Sunday
	Holiday                      // off by notice, or by the fixed rules where no notice is known
	MakeupWorkday                // a Saturday or Sunday on which offices work
	LocalHoliday                 // off by a local override (autonomous areas)
	LocalWorkday                 // worked by a local override
	Start                        // the day a period starts from; occurs in steps only
)

var dayKinds = [...]struct {
	name, label string
	worked      bool
}{
	Workday:       {"workday", "工作日", true},
	Weekend:       {"weekend", "周休息日", false},
	Holiday:       {"holiday", "放假", false},
	MakeupWorkday: {"makeup_workday", "调休上班", true},
	LocalHoliday:  {"local_holiday", "地方放假", false},
	LocalWorkday:  {"local_workday", "地方上班", true},
	Start:         {"start", "起始日", false},
}

// String is the stable English name.
func (k DayKind) String() string { return dayKinds[k].name }

// Label is the Chinese name.
func (k DayKind) Label() string { return dayKinds[k].label }

// Worked tells whether offices work on such a day.
func (k DayKind) Worked() bool { return dayKinds[k].worked }

// MarshalText writes String.
func (k DayKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

var weekdays = [...]string{"星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"}

// WeekdayName is the day of the week in Chinese, 星期一.
func WeekdayName(d civil.Date) string { return weekdays[d.Weekday()] }

// within tells whether list holds v; it reads better than slices.Contains in
// conditions of law.
func within[T comparable](v T, list ...T) bool { return slices.Contains(list, v) }
