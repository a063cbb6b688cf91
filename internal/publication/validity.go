package publication

import (
	"cmp"
	"slices"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/law"
	"gongkai/internal/search"
)

// Facts are what a record says of its own validity.
type Facts struct {
	Binding     bool       // its kind has validity at all
	EffectiveOn civil.Date // first day in force
	ExpiresOn   civil.Date // last day in force
	RepealedOn  civil.Date // first day on which it no longer is
	Stated      string     // 有效 失效 废止 已修改 尚未生效, or empty
}

// Touch is an amendment, repeal or replacement by another record.
type Touch struct {
	Type     RelationType
	On       civil.Date // first day of the change
	By       int64
	Title    string
	Number   string
	Articles []string // of the touched record; empty for the whole
}

// whole tells whether the touch ends the record, not only some articles of it.
func (t Touch) whole() bool {
	r, _ := ruleOf(t.Type)
	return r.effect == ends && len(t.Articles) == 0
}

// Name is the record that touches, as it is cited: 《…》（文号）.
func (t Touch) Name() string { return cite(t.Title, t.Number) }

// stated gives the state of each word of the interchange.
var stated = map[string]search.Validity{
	string(law.InForce):     search.InForce,
	string(law.Expired):     search.Expired,
	string(law.Repealed):    search.Repealed,
	string(law.Amended):     search.Amended,
	string(law.NotYetValid): search.NotYet,
}

// ValidityLabel is the word for a state: 有效, 已修改, …; "" for none.
func ValidityLabel(v search.Validity) string {
	if v == search.Archived {
		return Archived.Label()
	}
	for word, code := range stated {
		if code == v {
			return word
		}
	}
	return ""
}

// always and never are the days that stand for “unknown since when” and “not
// at all” in Spans.
var (
	always = civil.On(1, 1, 1)
	never  = civil.On(9999, 12, 31)
)

// Spans are the days on which the state of a record turns. On a day d it is
// repealed where Repealed ≤ d, else expired where Lapses ≤ d, else not yet in
// force where Starts > d, else amended where Amended ≤ d, else in force.
type Spans struct {
	Starts, Lapses, Repealed, Amended civil.Date
}

// SpansOf computes the turning days. Dates win over what the source states; a
// stated end whose day nobody knows counts from always.
func SpansOf(f Facts, touches []Touch) Spans {
	s := Spans{Starts: always, Lapses: never, Repealed: never, Amended: never}
	if !f.EffectiveOn.IsZero() {
		s.Starts = f.EffectiveOn
	}
	if !f.ExpiresOn.IsZero() {
		s.Lapses = f.ExpiresOn.AddDays(1)
	}
	if !f.RepealedOn.IsZero() {
		s.Repealed = f.RepealedOn
	}
	for _, t := range touches {
		if t.whole() {
			s.Repealed = earlier(s.Repealed, t.On)
		} else if r, _ := ruleOf(t.Type); r.effect != noEffect {
			s.Amended = earlier(s.Amended, t.On)
		}
	}
	s.state(stated[f.Stated])
	return s
}

// state applies a stated validity where no date speaks about it.
func (s *Spans) state(code search.Validity) {
	switch {
	case code == search.Repealed && s.Repealed == never:
		s.Repealed = always
	case code == search.Expired && s.Lapses == never && s.Repealed == never:
		s.Lapses = always
	case code == search.Amended && s.Amended == never:
		s.Amended = always
	case code == search.NotYet && s.Starts == always:
		s.Starts = never
	}
}

func earlier(a, b civil.Date) civil.Date {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b civil.Date) civil.Date {
	if b.After(a) {
		return b
	}
	return a
}

// On is the state on a day and the day since when; the zero day for unknown.
func (s Spans) On(day civil.Date) (code search.Validity, since civil.Date) {
	switch {
	case !s.Repealed.After(day):
		code, since = search.Repealed, s.Repealed
	case !s.Lapses.After(day):
		code, since = search.Expired, s.Lapses
	case s.Starts.After(day):
		return search.NotYet, civil.Date{}
	case !s.Amended.After(day):
		code, since = search.Amended, later(s.Amended, s.Starts)
	default:
		code, since = search.InForce, s.Starts
	}
	if since == always {
		since = civil.Date{}
	}
	return code, since
}

// Standing is the validity of a record on one day.
type Standing struct {
	Code  search.Validity // "" where the kind has none
	On    civil.Date      // the day it is about
	Since civil.Date      // of the state; zero where unknown
	By    []Touch         // what brought the state about, oldest first
	facts Facts
}

// Validity is the state of a record on a day, from what it says of itself and
// from what others have done to it. It is pure.
func Validity(f Facts, touches []Touch, on civil.Date) Standing {
	s := Standing{On: on, facts: f}
	if !f.Binding {
		return s
	}
	s.Code, s.Since = SpansOf(f, touches).On(on)
	for _, t := range touches {
		r, _ := ruleOf(t.Type)
		done := !t.On.After(on)
		if done && (s.Code == search.Repealed && t.whole() || s.Code == search.Amended && r.effect != noEffect) {
			s.By = append(s.By, t)
		}
	}
	slices.SortStableFunc(s.By, func(a, b Touch) int { return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.By, b.By)) })
	return s
}

// Label is the word of the state: 有效, 已修改, …
func (s Standing) Label() string { return ValidityLabel(s.Code) }

// Sentence says the state in plain words; today decides between “现在” and the
// day it is about. It is "" for kinds without validity.
func (s Standing) Sentence(today civil.Date) string {
	when := "现在"
	if s.On != today {
		when = "在" + s.On.Chinese() + "这一天"
	}
	switch s.Code {
	case search.InForce:
		return "这份文件" + when + "有效" + s.limits() + "。"
	case search.Amended:
		return "这份文件" + when + "有效" + s.amendments() + s.limits() + "。"
	case search.NotYet:
		return "这份文件" + when + "还没有施行" + from("，自", s.facts.EffectiveOn, "起施行") + "。"
	case search.Expired:
		return "这份文件" + when + "已经失效" + from("，有效期到", s.facts.ExpiresOn, "为止") + "。"
	case search.Repealed:
		return "这份文件" + when + "已经废止" + s.repeal() + "。"
	}
	return ""
}

func from(before string, day civil.Date, after string) string {
	if day.IsZero() {
		return ""
	}
	return before + day.Chinese() + after
}

func (s Standing) limits() string {
	return from("，自", s.facts.EffectiveOn, "起施行") + from("，有效期到", s.facts.ExpiresOn, "") + from("，将自", s.facts.RepealedOn, "起废止")
}

func (s Standing) amendments() string {
	if len(s.By) == 0 {
		return "，但已经修改过"
	}
	var out strings.Builder
	for _, t := range s.By {
		out.WriteString("，")
		if len(t.Articles) > 0 {
			out.WriteString(strings.Join(t.Articles, "、"))
		}
		out.WriteString("已于" + t.On.Chinese() + "被" + t.Name() + t.Type.Label())
	}
	return out.String()
}

func (s Standing) repeal() string {
	if len(s.By) == 0 {
		return from("，自", s.Since, "起")
	}
	t := s.By[0]
	if t.On.After(s.Since) && !s.Since.IsZero() {
		return from("，自", s.Since, "起")
	}
	return "：自" + t.On.Chinese() + "起被" + t.Name() + t.Type.Label()
}

// ArticleState is the state of one article on a day: repealed or amended by
// touches that name it, else "".
func ArticleState(touches []Touch, label string, on civil.Date) (code search.Validity, by []Touch) {
	for _, t := range touches {
		if t.On.After(on) || !slices.Contains(t.Articles, label) {
			continue
		}
		by = append(by, t)
		if r, _ := ruleOf(t.Type); r.effect == ends {
			code = search.Repealed
		} else if code == "" {
			code = search.Amended
		}
	}
	return code, by
}

// cite names a document: 《title》（number）.
func cite(title, number string) string {
	out := title
	if !strings.HasPrefix(title, "《") {
		out = "《" + strings.NewReplacer("《", "〈", "》", "〉").Replace(title) + "》"
	}
	if number != "" {
		out += "（" + number + "）"
	}
	return out
}

// Citation cites a document, or an article of it: 《…》（文号）第七条.
func Citation(title, number, article string) string { return cite(title, number) + article }
