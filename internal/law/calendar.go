package law

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"maps"
	"path"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
)

//go:embed notices/*.json
var noticeFiles embed.FS

// Calendar knows for every date whether offices work on it, and why. It is
// immutable: With and WithLocal return new calendars. The zero value is not
// usable; start from Standard.
type Calendar struct {
	notices map[int]Notice // by year
	local   []Override     // by date
	days    []mark         // one for each day from firstDay on
	reasons []reason       // what marks refer to; [0] is the ordinary day
	version string
}

// mark is what the calendar holds of one day.
type mark struct {
	kind   DayKind
	reason uint16
}

// reason is why a day differs from the ordinary week.
type reason struct{ name, why, basis string }

// Override is a day on which one area departs from the national calendar: a
// festival of an autonomous county (article 4 of the holiday decree), or a day
// worked in exchange.
type Override struct {
	Date  civil.Date `json:"date"`
	Off   bool       `json:"off"`
	Name  string     `json:"name"`
	Basis string     `json:"basis"` // the local document; never empty
}

var (
	firstDay = civil.On(FirstYear, time.January, 1)
	lastDay  = civil.On(LastYear, time.December, 31)
)

// Standard is the calendar of the notices that the program carries.
func Standard() *Calendar { return standard() }

var standard = sync.OnceValue(func() *Calendar {
	files, err := noticeFiles.ReadDir("notices")
	if err != nil {
		panic(err)
	}
	notices := map[int]Notice{}
	for _, f := range files {
		b, err := noticeFiles.ReadFile(path.Join("notices", f.Name()))
		if err != nil {
			panic(err)
		}
		n, err := ParseNotice(b)
		if err != nil {
			panic("law: " + f.Name() + ": " + err.Error())
		}
		notices[n.Year] = n
	}
	return build(notices, nil)
})

// With is c with n in the place of whatever c held for n's year. A notice that
// does not pass Check is refused.
func (c *Calendar) With(n Notice) (*Calendar, error) {
	if err := n.Check(); err != nil {
		return nil, err
	}
	notices := maps.Clone(c.notices)
	notices[n.Year] = n.clone()
	return build(notices, c.local), nil
}

func (n Notice) clone() Notice {
	n.Papers = slices.Clone(n.Papers)
	n.Holidays = slices.Clone(n.Holidays)
	for i, h := range n.Holidays {
		n.Holidays[i].Off, n.Holidays[i].Work = slices.Clone(h.Off), slices.Clone(h.Work)
	}
	return n
}

// WithLocal is c with overrides in the place of all local days that c held.
// Local days go before the national notice. Each needs a name and a basis, and
// no date may occur twice.
func (c *Calendar) WithLocal(overrides []Override) (*Calendar, error) {
	local := slices.SortedStableFunc(slices.Values(overrides), func(a, b Override) int {
		return a.Date.Compare(b.Date)
	})
	for i, o := range local {
		switch {
		case o.Date.Before(firstDay) || o.Date.After(lastDay):
			return nil, badOverride(o, "日期应在 %d 年到 %d 年之间。", FirstYear, LastYear)
		case o.Name == "" || utf8.RuneCountInString(o.Name) > maxNameRunes:
			return nil, badOverride(o, "缺少名称或名称超过%d字。", maxNameRunes)
		case o.Basis == "" || utf8.RuneCountInString(o.Basis) > maxTitleRunes:
			return nil, badOverride(o, "缺少依据（当地规定的名称和文号）或依据超过%d字。", maxTitleRunes)
		case i > 0 && local[i-1].Date == o.Date:
			return nil, badOverride(o, "同一天写了两次。")
		}
	}
	return build(c.notices, local), nil
}

func badOverride(o Override, format string, args ...any) error {
	return fault.New(fault.Invalid, "local_day_bad", format, args...).At("地方放假日 %s %s", o.Date, o.Name)
}

// Version is a short hash of everything that the calendar's answers depend on
// as data. Equal versions give equal answers.
func (c *Calendar) Version() string { return c.version }

// Notices lists the notices of c in order of year.
func (c *Calendar) Notices() []Notice {
	out := make([]Notice, 0, len(c.notices))
	for _, year := range slices.Sorted(maps.Keys(c.notices)) {
		out = append(out, c.notices[year].clone())
	}
	return out
}

// Local lists the local days of c in order of date.
func (c *Calendar) Local() []Override { return slices.Clone(c.local) }

// build fills a calendar: the ordinary week, then the computed years, then the
// notices from the oldest on (a later year's notice may name days of December
// before it, and goes before the earlier year's), then local days.
func build(notices map[int]Notice, local []Override) *Calendar {
	c := &Calendar{
		notices: notices,
		local:   local,
		days:    make([]mark, lastDay.Sub(firstDay)+1),
		reasons: make([]reason, 1),
	}
	for i := range c.days {
		c.days[i].kind = ordinary(i)
	}
	for year := FirstYear; year <= LastYear; year++ {
		if _, ok := notices[year]; !ok {
			c.fillExpected(year)
		}
	}
	for _, year := range slices.Sorted(maps.Keys(notices)) {
		c.fillNotice(notices[year])
	}
	c.fillLocal()
	c.version = c.hash()
	return c
}

// ordinary is the kind of day i after firstDay (a Sunday) by the week alone.
func ordinary(i int) DayKind {
	if d := (i%7 + 7) % 7; d == 0 || d == 6 {
		return Weekend
	}
	return Workday
}

func (c *Calendar) fillExpected(year int) {
	for d, name := range expected(year) {
		c.set(d, Holiday, expectedReason(name, year))
	}
}

func (c *Calendar) fillNotice(n Notice) {
	for _, h := range n.Holidays {
		basis := n.Papers[h.Paper].Citation()
		off := c.reason(reason{h.Name, h.Name + "放假，见" + basis, basis})
		work := c.reason(reason{h.Name, h.Name + "调休上班，见" + basis, basis})
		for _, s := range h.Off {
			for d := s.From; !d.After(s.To); d = d.AddDays(1) {
				c.mark(d, mark{Holiday, off})
			}
		}
		for _, d := range h.Work {
			kind := Workday
			if weekend(d) {
				kind = MakeupWorkday
			}
			c.mark(d, mark{kind, work})
		}
	}
}

func (c *Calendar) fillLocal() {
	for _, o := range c.local {
		kind, verb := LocalWorkday, "上班，见"
		if o.Off {
			kind, verb = LocalHoliday, "放假，见"
		}
		c.set(o.Date, kind, reason{o.Name, o.Name + verb + o.Basis, o.Basis})
	}
}

func (c *Calendar) set(d civil.Date, kind DayKind, r reason) { c.mark(d, mark{kind, c.reason(r)}) }

func (c *Calendar) reason(r reason) uint16 {
	if i := slices.Index(c.reasons, r); i >= 0 {
		return uint16(i)
	}
	c.reasons = append(c.reasons, r)
	return uint16(len(c.reasons) - 1)
}

func (c *Calendar) mark(d civil.Date, m mark) {
	if i := index(d); i >= 0 && i < len(c.days) {
		c.days[i] = m
	}
}

func (c *Calendar) hash() string {
	text, err := json.Marshal(struct {
		Notices []Notice
		Local   []Override
	}{c.Notices(), c.local})
	if err != nil {
		panic(err) // every field marshals
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
