package wording

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// index finds expressions in a text: those that begin with the same two
// characters lie together, the longest first.
type index[T any] struct {
	byHead map[uint64][]indexed[T]
}

type indexed[T any] struct {
	text  []rune
	value T
}

func newIndex[T any]() *index[T] { return &index[T]{map[uint64][]indexed[T]{}} }

func head(a, b rune) uint64 { return uint64(a)<<32 | uint64(b) }

// add takes an expression of at least two characters in.
func (x *index[T]) add(text string, value T) {
	runes := []rune(text)
	if len(runes) < 2 {
		return
	}
	k := head(runes[0], runes[1])
	x.byHead[k] = append(x.byHead[k], indexed[T]{runes, value})
	slices.SortStableFunc(x.byHead[k], func(a, b indexed[T]) int { return len(b.text) - len(a.text) })
}

// each calls f for every place where an expression stands.
func (x *index[T]) each(text []rune, f func(start, end int, value T)) {
	if len(x.byHead) == 0 {
		return
	}
	for i := 0; i+1 < len(text); i++ {
		for _, e := range x.byHead[head(text[i], text[i+1])] {
			if end := i + len(e.text); end <= len(text) && slices.Equal(text[i:end], e.text) {
				f(i, end, e.value)
			}
		}
	}
}

// expressions finds the entries of the list.
func (c *Checker) expressions(r *reading) {
	c.literals.each(r.text, func(start, end int, e *Entry) {
		if r.wants(e) && !r.excepted(e.Except, start, end) {
			r.hit(Rule{Code: e.Code, Level: e.Level}, start, end, e.Suggestion, e.why())
		}
	})
	if len(c.patterns) == 0 {
		return
	}
	text := string(r.text)
	for _, p := range c.patterns {
		if !r.wants(p.Entry) {
			continue
		}
		at, runes := 0, 0 // bytes and runes up to the last match
		for _, m := range p.re.FindAllStringIndex(text, -1) {
			if m[0] == m[1] {
				continue
			}
			runes += utf8.RuneCountInString(text[at:m[0]])
			at = m[0]
			end := runes + utf8.RuneCountInString(text[m[0]:m[1]])
			if !r.excepted(p.Except, runes, end) {
				r.hit(Rule{Code: p.Code, Level: p.Level}, runes, end, p.Suggestion, p.why())
			}
		}
	}
}

// wants tells whether an entry is for this document on this day.
func (r *reading) wants(e *Entry) bool {
	if !e.appliesTo(r.about.Kind) {
		return false
	}
	if r.about.Today.IsZero() {
		return e.Until.IsZero()
	}
	return e.AppliesOn(r.about.Today)
}

// excepted tells whether the passage is part of a longer one that is right.
func (r *reading) excepted(except []string, start, end int) bool {
	passage := string(r.text[start:end])
	for _, x := range except {
		for from := 0; ; {
			i := strings.Index(x[from:], passage)
			if i < 0 {
				break
			}
			before := utf8.RuneCountInString(x[:from+i])
			if a, b := start-before, start-before+utf8.RuneCountInString(x); a >= 0 && b <= len(r.text) && string(r.text[a:b]) == x {
				return true
			}
			from += i + len(passage)
		}
	}
	return false
}

// why is the reason, with its basis or the doubt about it.
func (d *Draft) why() string {
	switch {
	case d.Unsure:
		return d.Reason + "（未确认）"
	case d.Basis != "":
		return d.Reason + "（" + d.Basis + "）"
	}
	return d.Reason
}

// shortestName is the length from which a former name is looked for: shorter
// ones are too often parts of other words.
const shortestName = 4

var nameRule = Rule{"organ_former", Should, "机构旧名", ""}

// formerNames finds names that organs no longer bear, on the day of the
// document. A name behind 原 is meant as a former one.
func (c *Checker) formerNames(r *reading) {
	day := r.about.IssuedOn
	if day.IsZero() {
		day = r.about.Today
	}
	last := 0 // end of the last name: a shorter name within it is part of it
	c.former.each(r.text, func(start, end int, f Former) {
		if start < last || !day.IsZero() && day.Before(f.Until) || start > 0 && r.text[start-1] == '原' {
			return
		}
		last = end
		why := "这个名称已经停用。"
		if !f.Until.IsZero() {
			why = "这个名称自" + f.Until.Chinese() + "起停用；说的是当时的机构时，请在前面加“原”。"
		}
		r.hit(nameRule, start, end, f.Now, why)
	})
}
