package intake

import (
	"regexp"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/document"
)

const dayPattern = `(?:[12][0-9]{3}|[一二][〇零一二三四五六七八九]{3})年[0-9一二三四五六七八九十]{1,3}月[0-9一二三四五六七八九十]{1,3}日`

var (
	inForceFrom = regexp.MustCompile(`自(` + dayPattern + `)起(?:正式)?(?:施行|实施|执行|生效|试行)`)
	inForceNow  = regexp.MustCompile(`自(?:发布|印发|公布|下发|签发|发文|颁布)之日起(?:正式)?(?:施行|实施|执行|生效|试行)`)
	days30      = regexp.MustCompile(`自(?:发布|印发|公布)之日起([0-9一二三四五六七八九十]{1,3})日后(?:施行|实施|执行)`)
	until       = regexp.MustCompile(`(?:有效期(?:限)?(?:截)?(?:至|到)|有效期为自?.{0,16}?至|执行(?:至|到)|有效至)(` + dayPattern + `)`)
	forYears    = regexp.MustCompile(`有效期(?:限)?(?:为|：)?([0-9一二三四五六七八九十两]{1,3})(年|个月)`)
	abolishing  = regexp.MustCompile(`废止|停止执行|不再执行|失效`)
)

// validity proposes from when and until when the document is in force, and
// which documents it ends.
func (r *reading) validity() {
	r.p.EffectiveOn, r.p.ExpiresOn = r.stated.effective, r.stated.until
	for _, l := range r.lines[r.head:r.end] {
		if l.table {
			continue
		}
		if !r.p.EffectiveOn.Found() {
			r.p.EffectiveOn = r.effective(l)
		}
		if !r.p.ExpiresOn.Found() {
			r.p.ExpiresOn = r.expires(l)
		}
		r.abolishes(l)
	}
}

func (r *reading) effective(l textLine) (f Field[civil.Date]) {
	if m := inForceFrom.FindStringSubmatch(l.text); m != nil {
		return Field[civil.Date]{dayOf(m[1]), sureDay(m[1], Certain), r.where(l, m[0])}
	}
	if !r.p.IssuedOn.Found() {
		return f
	}
	if m := days30.FindStringSubmatch(l.text); m != nil {
		if n, ok := document.ParseNumeral(m[1]); ok {
			return Field[civil.Date]{r.p.IssuedOn.Value.AddDays(n), Guess, r.where(l, m[0])}
		}
	}
	if m := inForceNow.FindString(l.text); m != "" { // the day of publishing may be later
		return Field[civil.Date]{r.p.IssuedOn.Value, Likely, r.where(l, m)}
	}
	return f
}

// expires reads the last day in force. 有效期五年 counts from the day it takes
// effect and ends the day before that day comes again.
func (r *reading) expires(l textLine) (f Field[civil.Date]) {
	if m := until.FindStringSubmatch(l.text); m != nil {
		return Field[civil.Date]{dayOf(m[1]), sureDay(m[1], Certain), r.where(l, m[0])}
	}
	m := forYears.FindStringSubmatch(l.text)
	if m == nil {
		return f
	}
	n, ok := document.ParseNumeral(strings.ReplaceAll(m[1], "两", "二"))
	start := r.p.EffectiveOn
	if !start.Found() {
		start = r.p.IssuedOn
	}
	if !ok || !start.Found() {
		return f
	}
	months := n
	if m[2] == "年" {
		months *= 12
	}
	end := start.Value.AddMonths(months).AddDays(-1)
	return Field[civil.Date]{end, min(start.Sure, Likely), r.where(l, m[0])}
}

func dayOf(s string) civil.Date {
	d, err := document.ParseDateText(s, civil.Date{})
	if err != nil {
		return civil.Date{}
	}
	return d.First
}

// sureDay is Nothing where the words name a day that does not exist.
func sureDay(s string, sure Sure) Sure {
	if dayOf(s).IsZero() {
		return Nothing
	}
	return sure
}

// abolishes reads the numbers in the sentences that end other documents.
func (r *reading) abolishes(l textLine) {
	for _, sentence := range strings.SplitAfter(l.text, "。") {
		if !abolishing.MatchString(sentence) {
			continue
		}
		for _, found := range document.FindNumbers(sentence) {
			if found.Number.Key() != r.p.Number.Value.Key() {
				r.p.Abolishes = append(r.p.Abolishes, Field[document.Number]{found.Number, Likely, r.where(l, sentence)})
			}
		}
	}
}
