package law

import (
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
)

// Years that a calendar can hold notices and computed holidays for: the
// five-day week began in May 1995, the table of lunar festivals ends in 2050.
const (
	FirstYear = 1995
	LastYear  = 2050
)

// Notice is one year's arrangement of holidays by the State Council: what is
// off, and which days of rest are worked instead. It stands for the whole
// year, amendments included; ParseNotice describes its file.
type Notice struct {
	Year     int             `json:"year"`
	Papers   []Paper         `json:"papers"`
	Holidays []NoticeHoliday `json:"holidays"`
}

// Paper is a document that a Notice rests on.
type Paper struct {
	Title  string `json:"title"`
	Number string `json:"number,omitempty"` // 文号, as printed
	URL    string `json:"url,omitempty"`    // http or https
}

// Citation is the paper as running text cites it: title and number.
func (p Paper) Citation() string {
	if p.Number == "" {
		return "《" + p.Title + "》"
	}
	return "《" + p.Title + "》（" + p.Number + "）"
}

// NoticeHoliday is one festival of a Notice.
type NoticeHoliday struct {
	Name  string       `json:"name"`
	Paper int          `json:"paper,omitempty"` // index into Notice.Papers
	Off   []Span       `json:"off"`
	Work  []civil.Date `json:"work,omitempty"` // worked days; usually weekends
}

// Span is one day or several in a row, both ends included. Its text is
// 2026-02-15..2026-02-23, or one date where both ends are the same.
type Span struct{ From, To civil.Date }

// MarshalText writes the span's text.
func (s Span) MarshalText() ([]byte, error) {
	if s.From == s.To {
		return []byte(s.From.String()), nil
	}
	return []byte(s.From.String() + ".." + s.To.String()), nil
}

// UnmarshalText reads what MarshalText writes.
func (s *Span) UnmarshalText(b []byte) (err error) {
	from, to, isRange := strings.Cut(string(b), "..")
	if s.From, err = civil.ParseDate(from); err != nil {
		return err
	}
	s.To = s.From
	if isRange {
		s.To, err = civil.ParseDate(to)
	}
	return err
}

const (
	maxNameRunes  = 40
	maxTitleRunes = 200
	maxSpanDays   = 31
	minOffDays    = 7
)

// Check tells the first thing that is wrong with n as an Invalid fault, nil
// where n can be used.
func (n Notice) Check() error {
	if n.Year < FirstYear || n.Year > LastYear {
		return badNotice("year 是 %d，应在 %d 到 %d 之间。", n.Year, FirstYear, LastYear)
	}
	if err := n.checkPapers(); err != nil {
		return err
	}
	days, err := n.days()
	if err != nil {
		return err
	}
	return n.checkCore(days)
}

func (n Notice) checkPapers() error {
	if len(n.Papers) == 0 {
		return badNotice("papers 为空：放假安排必须写明所依据的通知（名称、文号或网址）。")
	}
	for i, p := range n.Papers {
		switch {
		case p.Title == "" || utf8.RuneCountInString(p.Title+p.Number) > maxTitleRunes:
			return badNotice("第%d个通知的名称为空或过长，应是通知的全称。", i+1)
		case !webAddress(p.URL):
			return badNotice("第%d个通知的网址应以 https:// 或 http:// 开头，不知道时可以不写。", i+1)
		}
	}
	return nil
}

func webAddress(s string) bool {
	if s == "" {
		return true
	}
	u, err := url.Parse(s)
	return err == nil && within(u.Scheme, "http", "https") && u.Host != "" && len(s) <= 500
}

// days lists what n says of each day that it names: true for off. A day named
// twice, or far from n's year, is a fault.
func (n Notice) days() (map[civil.Date]bool, error) {
	first, last := civil.On(n.Year-1, time.December, 1), civil.On(n.Year+1, time.January, 31)
	days := map[civil.Date]bool{}
	add := func(name string, d civil.Date, off bool) error {
		if d.Before(first) || d.After(last) {
			return badNotice("“%s”中的 %s 不属于 %d 年的安排（应在 %s 到 %s 之间），请检查年份。", name, d, n.Year, first, last)
		}
		if _, twice := days[d]; twice {
			return badNotice("%s 出现了两次，一天只能写一次：放假或上班。", d)
		}
		days[d] = off
		return nil
	}
	for i, h := range n.Holidays {
		if err := n.checkHoliday(i); err != nil {
			return nil, err
		}
		for _, s := range h.Off {
			for d := s.From; !d.After(s.To); d = d.AddDays(1) {
				if err := add(h.Name, d, true); err != nil {
					return nil, err
				}
			}
		}
		for _, d := range h.Work {
			if err := add(h.Name, d, false); err != nil {
				return nil, err
			}
		}
	}
	return days, nil
}

func (n Notice) checkHoliday(i int) error {
	h := n.Holidays[i]
	place := func(text string, args ...any) error {
		return badNotice("第%d个节日“%s”：%s", i+1, h.Name, fmt.Sprintf(text, args...))
	}
	switch runes := utf8.RuneCountInString(h.Name); {
	case runes == 0 || runes > maxNameRunes:
		return badNotice("第%d个节日没有名称或名称过长（至多%d字）。", i+1, maxNameRunes)
	case h.Paper < 0 || h.Paper >= len(n.Papers):
		return place("paper 是 %d，应是 papers 中的序号（从 0 数起）。", h.Paper)
	case len(h.Off)+len(h.Work) == 0:
		return place("既没有放假日期也没有上班日期。")
	}
	for _, s := range h.Off {
		if s.From.IsZero() || s.To.Before(s.From) || index(s.To)-index(s.From) >= maxSpanDays {
			return place("放假区间从 %s 到 %s 不成立：应先早后晚，且不超过%d天。", s.From, s.To, maxSpanDays)
		}
	}
	if within(civil.Date{}, h.Work...) {
		return place("上班日期是空的。")
	}
	return nil
}

// checkCore guards against a mistyped or truncated file: the first day of
// every festival that the law fixes must be a day of rest.
func (n Notice) checkCore(days map[civil.Date]bool) error {
	off := 0
	for _, isOff := range days {
		if isOff {
			off++
		}
	}
	if off < minOffDays {
		return badNotice("只有%d个放假日，不像全年的安排：请提供包含全年各节日的文件；通知尚未发布时不必上传，系统会按固定规则暂估。", off)
	}
	for _, f := range festivals(n.Year) {
		if f.nth != 0 {
			continue
		}
		isOff, named := days[f.date]
		if named && !isOff || !named && !weekend(f.date) {
			return badNotice("缺少%s（%s）：法定节日当天必须放假，请核对文件是否完整、年份是否正确。", f.name, f.date)
		}
	}
	return nil
}

func weekend(d civil.Date) bool { return within(d.Weekday(), time.Saturday, time.Sunday) }

func badNotice(format string, args ...any) error {
	return fault.New(fault.Invalid, "notice_bad", "放假安排文件不能用："+format, args...)
}
