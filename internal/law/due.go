package law

import (
	"gongkai/internal/civil"
	"gongkai/internal/fault"
)

// MaxDueDays is the longest limit, in days of either sort, that Due and
// DueCalendarDays explain.
const MaxDueDays = 3660

// Due is a computed time limit with everything that led to it.
type Due struct {
	From        civil.Date `json:"from"` // the day of the event; never counted
	Days        int        `json:"days"`
	Unit        Unit       `json:"unit"`
	Due         civil.Date `json:"due"` // the last day of the limit
	Provisional bool       `json:"provisional"`
	Basis       string     `json:"basis"`
	Steps       []Step     `json:"steps"` // every date from From to Due
}

// Step is one date on the way.
type Step struct {
	Date    civil.Date `json:"date"`
	Kind    DayKind    `json:"kind"`
	Counted bool       `json:"counted"`
	Why     string     `json:"why"`
}

// Roll says what becomes of a calendar-day limit whose last day is a day of
// rest. The zero value rolls.
type Roll uint8

const (
	RollForward Roll = iota // to the next working day (民事诉讼法第八十五条第三款)
	RollNone                // the day stands as it is
)

const (
	startWhy      = "起始日不计入，次日为第1日（《民事诉讼法》第八十五条第二款）"
	workdaysBasis = "期间开始之日不计入（《民事诉讼法》第八十五条第二款）；工作日含调休上班日，不含周休息日和放假日（" + weekBasis + "、《全国年节及纪念日放假办法》及各年放假安排通知）"
	daysBasis     = "期间开始之日不计入（《民事诉讼法》第八十五条第二款）；按自然日计算"
	rollBasis     = "，末日是休息日的顺延至其后第一个工作日（同条第三款）"
)

// Due counts a limit in working days from the day of an event, backwards where
// days is negative. A date or count out of reach is an Invalid fault.
func (c *Calendar) Due(from civil.Date, days int) (Due, error) {
	if err := checkLimit(from, days); err != nil {
		return Due{}, err
	}
	out := c.begin(from, days, Workdays, workdaysBasis)
	step, left := 1, days
	if days < 0 {
		step, left = -1, -days
	}
	for d := from; left > 0; {
		d = d.AddDays(step)
		day := c.Day(d)
		if day.Workday {
			left--
		}
		out.step(day, day.Workday, day.Why)
	}
	return out, nil
}

// DueCalendarDays counts a limit in calendar days, as texts mean it that say
// 日 and not 工作日 (预算法第十四条). days must not be negative.
func (c *Calendar) DueCalendarDays(from civil.Date, days int, roll Roll) (Due, error) {
	if err := checkLimit(from, max(days, -1)); err != nil {
		return Due{}, err
	}
	if days < 0 {
		return Due{}, fault.New(fault.Invalid, "days_bad", "自然日期限不能是负数（%d），请给出 0 到 %d 的天数。", days, MaxDueDays)
	}
	out := c.begin(from, days, CalendarDays, daysBasis)
	d := from
	for range days {
		d = d.AddDays(1)
		day := c.Day(d)
		out.step(day, true, day.Why)
	}
	if roll == RollForward && days > 0 {
		out.rollFrom(c, d)
	}
	return out, nil
}

// rollFrom moves the limit on from its last day to the next working day.
func (o *Due) rollFrom(c *Calendar, last civil.Date) {
	o.Basis += rollBasis
	for d := last; !c.IsWorkday(d); {
		d = d.AddDays(1)
		day := c.Day(d)
		o.step(day, false, day.Why+"；期间末日是休息日，顺延")
	}
}

func (c *Calendar) begin(from civil.Date, days int, unit Unit, basis string) Due {
	return Due{
		From: from, Days: days, Unit: unit, Due: from, Basis: basis,
		Steps: []Step{{from, Start, false, startWhy}},
	}
}

func (o *Due) step(day Day, counted bool, why string) {
	o.Steps = append(o.Steps, Step{day.Date, day.Kind, counted, why})
	o.Due = day.Date
	o.Provisional = o.Provisional || day.Provisional
}

func checkLimit(from civil.Date, days int) error {
	if from.Before(earliest) || from.After(latest) {
		return fault.New(fault.Invalid, "from_bad", "起算日“%s”不在 %d 年到 %d 年之间，请给出 2021-06-11 样子的日期。", from, earliest.Year(), latest.Year())
	}
	if days > MaxDueDays || days < -MaxDueDays {
		return fault.New(fault.Invalid, "days_bad", "期限 %d 天超出范围，应在 -%d 到 %d 之间。", days, MaxDueDays, MaxDueDays)
	}
	return nil
}
