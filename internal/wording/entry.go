package wording

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
)

// Form says how an entry's expression is read.
type Form string

// Forms of expressions.
const (
	Literal Form = "literal" // as it stands
	Pattern Form = "pattern" // a regular expression of RE2
)

// Draft is what staff say of an expression. The JSON form is that of the
// built-in list and of the history.
type Draft struct {
	Form       Form       `json:"form,omitempty"` // empty: Literal
	Expression string     `json:"expression"`
	Except     []string   `json:"except,omitempty"`     // longer expressions around it that are right
	Suggestion string     `json:"suggestion,omitempty"` // what to write instead
	Reason     string     `json:"reason"`               // for those who are told
	Basis      string     `json:"basis,omitempty"`      // standard or document; empty: custom
	Unsure     bool       `json:"unsure,omitempty"`     // 未确认: no source was seen
	Level      Level      `json:"level,omitempty"`      // empty: Should
	Kinds      []string   `json:"kinds,omitempty"`      // of publications; empty: all
	From       civil.Date `json:"from,omitzero"`        // first day on which it applies
	Until      civil.Date `json:"until,omitzero"`       // first day on which it no longer does
}

// Entry is an expression of the list.
type Entry struct {
	Code     string // stable: "w-…" of the built-in list, "e12" of staff's own
	Revision int    // 0 for a built-in entry that nobody has touched
	Draft
	AddedAt   time.Time // zero for the built-in list
	AddedBy   string
	ChangedAt time.Time // zero where Revision is 0
	ChangedBy string
	Why       string // of the last change
}

// AppliesOn tells whether the entry is in force on a day.
func (d *Draft) AppliesOn(day civil.Date) bool {
	return !day.Before(d.From) && (d.Until.IsZero() || day.Before(d.Until))
}

// appliesTo tells whether the entry is for a kind of publication.
func (d *Draft) appliesTo(kind string) bool {
	return len(d.Kinds) == 0 || slices.Contains(d.Kinds, kind)
}

// What an entry may hold at most, in characters.
const (
	longestExpression = 200
	longestText       = 1000
	mostExceptions    = 100
)

// settle trims the draft, fills what is left out and refuses what cannot work.
func (d *Draft) settle() error {
	for _, s := range []*string{&d.Expression, &d.Suggestion, &d.Reason, &d.Basis} {
		*s = strings.TrimSpace(*s)
	}
	if d.Form == "" {
		d.Form = Literal
	}
	if d.Level == "" {
		d.Level = Should
	}
	for _, c := range d.checks() {
		if c.wrong {
			return fault.New(fault.Invalid, "wording_"+c.code, "%s", c.message).At("%s", c.place)
		}
	}
	if d.Form == Pattern {
		return checkPattern(d.Expression)
	}
	return nil
}

// entryCheck is one thing that can be wrong with a draft.
type entryCheck struct {
	wrong                bool
	code, place, message string
}

func (d *Draft) checks() []entryCheck {
	long := func(s string, n int) bool { return utf8.RuneCountInString(s) > n }
	return []entryCheck{
		{d.Expression == "", "expression", "表述", "请写出要检查的表述。"},
		{long(d.Expression, longestExpression), "expression", "表述", "表述最多 200 字。"},
		{strings.ContainsAny(d.Expression, "\n\r"), "expression", "表述", "表述只能写一行。"},
		{d.Form == Literal && utf8.RuneCountInString(d.Expression) == 1, "expression", "表述", "只有一个字的表述会到处命中，请至少写两个字，或改用规则式。"},
		{d.Form != Literal && d.Form != Pattern, "form", "写法", "写法应是 literal（原样）或 pattern（规则式）。"},
		{d.Level != Must && d.Level != Should, "level", "级别", "级别应是 must（必须修改）或 should（请核对）。"},
		{d.Reason == "", "reason", "理由", "请写明理由：被提示的人要知道为什么。"},
		{long(d.Reason, longestText) || long(d.Basis, longestText) || long(d.Suggestion, longestText), "text", "理由", "建议、理由、依据每项最多 1000 字。"},
		{len(d.Except) > mostExceptions, "except", "例外", "例外最多 100 个，请分成几条。"},
		{d.Form == Literal && slices.ContainsFunc(d.Except, func(x string) bool { return !strings.Contains(x, d.Expression) }), "except", "例外", "每个例外都应包含表述本身，例如表述“按装”的例外“按装机”。"},
		{d.Form == Literal && d.Suggestion == d.Expression, "suggestion", "建议", "建议的写法与表述相同，请核对。"},
		{!d.Until.IsZero() && !d.From.Before(d.Until), "until", "停用日期", "停用日期应晚于启用日期。"},
	}
}

// checkPattern wants a regular expression that compiles and always takes at
// least one character.
func checkPattern(s string) error {
	re, err := regexp.Compile(s)
	if err != nil {
		what := "写法不对"
		if e, ok := err.(*syntax.Error); ok {
			what = "“" + fault.Clip(e.Expr, 40) + "”处写法不对"
		}
		return fault.New(fault.Invalid, "wording_expression", "规则式%s：采用 RE2 语法，例如 第0*[0-9]+号；不会写时请用“原样”。", what).At("表述").Because(err)
	}
	if re.MatchString("") {
		return fault.New(fault.Invalid, "wording_expression", "这个规则式连空白也会命中，请写得更具体。").At("表述")
	}
	return nil
}
