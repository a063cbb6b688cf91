package workplan

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gongkai/internal/document"
)

// LimitKind is what sort of time limit a row sets.
type LimitKind string

// The kinds of limits.
const (
	Within    LimitKind = "within"    // N days after an event
	Refresh   LimitKind = "refresh"   // every N days
	Display   LimitKind = "display"   // shown for N days (公示)
	Ahead     LimitKind = "ahead"     // N days before an event
	Immediate LimitKind = "immediate" // 即时, 实时, 及时
	Permanent LimitKind = "permanent" // 长期公开
	Periodic  LimitKind = "periodic"  // by the year, quarter or month, or by a day of each year
)

// The units that limits count in.
const (
	Workdays = "wd" // 工作日
	Days     = "d"  // 日, counted by the calendar
	Months   = "m"
	Hours    = "h"
)

// The events that limits count from. Others are known by their words alone.
const (
	Formed    = "formed"    // 信息形成或者变更
	Obtained  = "obtained"  // 制定或获取
	Approved  = "approved"  // 批准, 批复
	Decided   = "decided"   // 作出决定
	Published = "published" // 发布, 公布
	Received  = "received"  // 收到, 受理
	Finished  = "finished"  // 完成, 结束
	Signed    = "signed"    // 签订
	Other     = "other"     // see Event
)

// Limit is a time limit as a rule. Which fields say something follows from the
// kind; the others are zero.
type Limit struct {
	Kind        LimitKind `json:"kind"`
	Base        string    `json:"base,omitempty"`  // Within, Ahead, Immediate: the event
	Event       string    `json:"event,omitempty"` // the event as printed
	N           int       `json:"n,omitempty"`
	Unit        string    `json:"unit,omitempty"`
	Every       Every     `json:"every,omitempty"`   // Periodic
	Month       int       `json:"month,omitempty"`   // Periodic, Yearly: until this day of the year
	Day         int       `json:"day,omitempty"`     //
	Display     int       `json:"display,omitempty"` // besides, shown for so many
	DisplayUnit string    `json:"display_unit,omitempty"`
}

const (
	number = `([0-9]{1,4}|[一二三四五六七八九十百]{1,5})`
	span1  = number + `(?:个)?(工作日|自然日|日|天|个月|月|小时)`
)

// limitForms are the ways in which catalogues print time limits, tried in
// order. take fills the limit from the groups; false goes on with the next.
var limitForms = []struct {
	pattern *regexp.Regexp
	take    func(l *Limit, g []string) bool
}{
	{regexp.MustCompile(`每年(?:的)?` + number + `月` + number + `日(?:之)?前`), takeYearDay},
	{regexp.MustCompile(`每(?:隔)?` + span1 + `(?:内)?(?:更新|公开|公布|发布|公示|通报)?`), takeRefresh},
	{regexp.MustCompile(`^(.{0,40}?)(?:之)?前` + span1 + `(?:以上|公开|公布|发布)?$`), takeAhead},
	{regexp.MustCompile(`^(.{0,40}?)(?:的)?` + span1 + `(?:之)?前(?:公开|公布|发布|公告)?$`), takeAhead},
	{regexp.MustCompile(`^(.{0,60}?)(?:之日)?(?:起)?(?:的)?(?:在)?` + span1 + `(?:之内|以内|内)`), takeWithin},
	{regexp.MustCompile(`^(.{0,60}?)(?:之日)?(?:起)?` + span1 + `$`), takeWithin},
	{regexp.MustCompile(`^(.{0,40}?)(?:即时|实时|及时|立即|随时|当日|当天|动态更新|第一时间)`), takeImmediate},
	{regexp.MustCompile(`每季度?|按季度?|逐季`), every(Quarterly)},
	{regexp.MustCompile(`每半年|按半年`), every(HalfYear)},
	{regexp.MustCompile(`每(?:个)?月|按月|逐月`), every(Monthly)},
	{regexp.MustCompile(`每(?:一)?年(?:度)?(?:[^0-9]|$)|按年|逐年|年度公开|^年度$`), every(Yearly)},
	{regexp.MustCompile(`长期|常年|永久`), func(l *Limit, _ []string) bool { l.Kind = Permanent; return true }},
}

var (
	displayForm = regexp.MustCompile(`(?:并)?公示(?:期|时间)?(?:为|不少于|不得少于|满)?` + span1 + `(?:以上)?`)
	eventEdges  = regexp.MustCompile(`^(?:自|从|在|于|应当|应|须)+|(?:之日起|之日|后|时|起|的)+$`)
)

// ParseLimit reads a 公开时限. What it cannot read is not ok and stays text.
func ParseLimit(s string) (l Limit, ok bool) {
	key := strings.Trim(strings.NewReplacer(" ", "", "\n", "", "\"", "").Replace(string(newText(s).key)), "。.;,、")
	if key == "" || len(key) > 400 {
		return Limit{}, false
	}
	if m := displayForm.FindStringSubmatchIndex(key); m != nil {
		l.Display, l.DisplayUnit, ok = readSpan(key[m[2]:m[3]], key[m[4]:m[5]])
		if !ok {
			return Limit{}, false
		}
		key = strings.Trim(key[:m[0]]+key[m[1]:], "。.;,、()")
	}
	for _, form := range limitForms {
		if g := form.pattern.FindStringSubmatch(key); g != nil {
			try := l
			if form.take(&try, g[1:]) {
				return try, true
			}
		}
	}
	if l.Display > 0 {
		return Limit{Kind: Display, N: l.Display, Unit: l.DisplayUnit}, true
	}
	return Limit{}, false
}

var spanUnits = map[string]string{
	"工作日": Workdays, "日": Days, "天": Days, "自然日": Days, "个月": Months, "月": Months, "小时": Hours,
}

// readSpan reads 20 and 工作日.
func readSpan(n, unit string) (int, string, bool) {
	v, ok := document.ParseNumeral(n)
	return v, spanUnits[unit], ok && v > 0 && v < 10000
}

func takeYearDay(l *Limit, g []string) bool {
	month, ok1 := document.ParseNumeral(g[0])
	day, ok2 := document.ParseNumeral(g[1])
	l.Kind, l.Every, l.Month, l.Day = Periodic, Yearly, month, day
	return ok1 && ok2 && month >= 1 && month <= 12 && day >= 1 && day <= 31
}

func takeRefresh(l *Limit, g []string) (ok bool) {
	l.Kind = Refresh
	l.N, l.Unit, ok = readSpan(g[0], g[1])
	return ok
}

func takeAhead(l *Limit, g []string) (ok bool) {
	l.Kind = Ahead
	l.Base, l.Event = event(g[0])
	l.N, l.Unit, ok = readSpan(g[1], g[2])
	return ok && l.Event != "" && !strings.HasSuffix(g[0], "月")
}

func takeWithin(l *Limit, g []string) (ok bool) {
	l.Kind = Within
	l.Base, l.Event = event(g[0])
	l.N, l.Unit, ok = readSpan(g[1], g[2])
	return ok && !strings.HasSuffix(g[0], "每") && !strings.HasSuffix(g[0], "第")
}

func takeImmediate(l *Limit, g []string) bool {
	l.Kind = Immediate
	l.Base, l.Event = event(g[0])
	return true
}

func every(e Every) func(*Limit, []string) bool {
	return func(l *Limit, _ []string) bool {
		l.Kind, l.Every = Periodic, e
		return true
	}
}

// bases are the words of the events, in the order in which they are looked for.
var bases = []struct{ base, words string }{
	{Obtained, "制定|获取|获得|取得"},
	{Formed, "形成|产生|生成|变更|变动|信息更新"},
	{Approved, "批准|批复|核准|审批通过|审议通过"},
	{Decided, "决定|作出|做出|认定"},
	{Signed, "签订|签署"},
	{Received, "收到|受理|接到|接收"},
	{Finished, "结束|完成|完毕|终了|办结"},
	{Published, "发布|公布|印发|公告"},
}

var basePatterns = func() (list []*regexp.Regexp) {
	for _, b := range bases {
		list = append(list, regexp.MustCompile(b.words))
	}
	return list
}()

// event recognises what a limit counts from. Nothing printed means the
// information's own forming (条例第二十六条).
func event(printed string) (base, words string) {
	for range 3 {
		printed = strings.Trim(eventEdges.ReplaceAllString(printed, ""), ",;。、:()")
	}
	if printed == "" {
		return Formed, ""
	}
	for i, p := range basePatterns {
		if p.MatchString(printed) {
			return bases[i].base, printed
		}
	}
	return Other, printed
}

var unitWords = map[string]string{Workdays: "个工作日", Days: "日", Months: "个月", Hours: "小时"}

var everyWords = map[Every]string{Monthly: "每月", Quarterly: "每季度", HalfYear: "每半年", Yearly: "每年"}

// String is the limit in the words of a catalogue. ParseLimit reads it back.
func (l Limit) String() string {
	s := l.words()
	if l.Display > 0 && s != "" {
		s += "，公示" + strconv.Itoa(l.Display) + unitWords[l.DisplayUnit]
	}
	return s
}

func (l Limit) words() string {
	n := strconv.Itoa(l.N) + unitWords[l.Unit]
	switch l.Kind {
	case Within:
		if l.Event == "" {
			return n + "内"
		}
		return "自" + l.Event + "之日起" + n + "内"
	case Ahead:
		return l.Event + n + "前"
	case Refresh:
		return "每" + n + "更新"
	case Display:
		return "公示" + n
	case Immediate:
		return l.Event + "及时公开"
	case Permanent:
		return "长期公开"
	case Periodic:
		if l.Month > 0 {
			return fmt.Sprintf("每年%d月%d日前", l.Month, l.Day)
		}
		return everyWords[l.Every] + "公开"
	}
	return ""
}
