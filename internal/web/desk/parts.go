package desk

import (
	"fmt"

	"gongkai/internal/civil"
	"gongkai/internal/drafting"
	"gongkai/internal/obligation"
	"gongkai/internal/web/ui"
)

// badge is a state told by word, shape and colour. The zero value shows
// nothing. It is printed by the fragment "badge".
type badge struct {
	Class string // ok, warn, late, soft
	Mark  string
	Word  string
}

// dutyBadges are the states of duties, as the portal shows them.
var dutyBadges = map[obligation.State]badge{
	obligation.NotApplicableState: {"soft", "–", "不适用"},
	obligation.NilReport:          {"ok", "○", "零报告"},
	obligation.Fulfilled:          {"ok", "✓", "已公开"},
	obligation.NotDue:             {"soft", "·", "未到期"},
	obligation.FulfilledLate:      {"warn", "✓", "逾期公开"},
	obligation.DueSoon:            {"warn", "△", "即将到期"},
	obligation.DisputedState:      {"warn", "?", "有异议"},
	obligation.Overdue:            {"late", "!", "逾期未公开"},
}

// draftBadges are the states of drafts.
var draftBadges = map[drafting.State]badge{
	drafting.Editing:   {"soft", "✎", "草稿"},
	drafting.Returned:  {"late", "↩", "退回"},
	drafting.InReview:  {"warn", "◷", "待审核"},
	drafting.InSecrecy: {"warn", "◷", "待保密审查"},
	drafting.ToSign:    {"warn", "◷", "待签发"},
	drafting.Scheduled: {"warn", "▷", "待发布"},
	drafting.Published: {"ok", "✓", "已发布"},
	drafting.Withheld:  {"soft", "×", "不予公开"},
	drafting.Abandoned: {"soft", "–", "已作废"},
}

// empty says why a list is empty and what to do; printed by "empty".
type empty struct {
	Why   string
	Way   string
	Links []ui.Link
}

// left is how long something may still take: 还有3个工作日. The zero value is no
// last day.
type left struct {
	Class string // late, warn, or "" where there is time
	Words string
	On    civil.Date
}

// soonDays is from how many working days before the last one a list warns.
const soonDays = 3

// left counts working days to a last day by the city's calendar.
func (v *visit) left(due civil.Date) left {
	if due.IsZero() {
		return left{}
	}
	switch {
	case due == v.today:
		return left{"warn", "今天到期", due}
	case due.Before(v.today):
		if n := v.Calendar.WorkdaysBetween(due, v.today); n > 0 {
			return left{"late", fmt.Sprintf("逾期%d个工作日", n), due}
		}
		return left{"late", "刚过期", due}
	}
	n := v.Calendar.WorkdaysBetween(v.today, due)
	l := left{"", fmt.Sprintf("还有%d个工作日", n), due}
	if n <= soonDays {
		l.Class = "warn"
	}
	return l
}

// waited is since when something waits, in working days.
func (v *visit) waited(since civil.Date) left {
	n := v.Calendar.WorkdaysBetween(since, v.today)
	if n <= 0 {
		return left{"", "今天收到", since}
	}
	l := left{"", fmt.Sprintf("已等%d个工作日", n), since}
	if n >= soonDays {
		l.Class = "warn"
	}
	return l
}

// option is an entry of a select.
type option struct {
	Value, Label string
	On           bool
}

// tab is an entry of a row of tabs, with how much it holds.
type tab struct {
	Label string
	Path  string
	Count int // 0 shows none
	Here  bool
}
