package unit

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
)

// Resolve finds the one organ that bore a name on a day: by full name, short
// name, alias or code, in any width and spacing, with or without the prefix of
// its place. The zero day asks for the names borne now.
//
// A name that nobody bore on the day is a NotFound fault (unit_unknown) that
// tells of its bearers at other times and of similar names; a name that
// several bore is an Invalid fault (unit_ambiguous) that lists them.
func (t *Tree) Resolve(name string, on civil.Date) (Organ, error) {
	return t.ResolveFrom(0, name, on)
}

// ResolveFrom is Resolve for a name in a document of the organ from: where the
// name could mean several organs, those below the same government as from are
// meant (县教育局 in a document of 新田县). Id 0 has no such government.
func (t *Tree) ResolveFrom(from int64, name string, on civil.Date) (Organ, error) {
	k := key(name)
	claims := t.index.claims[k]
	if ids := t.bearers(claims, on); len(ids) > 0 {
		if len(ids) > 1 && from != 0 {
			ids = t.nearest(ids, from, on)
		}
		if len(ids) == 1 {
			return *t.organs[ids[0]], nil
		}
		return Organ{}, t.ambiguous(name, ids, on)
	}
	return Organ{}, t.unknown(name, k, on)
}

// bearers are the organs with claims of the best tier that holds on the day.
func (t *Tree) bearers(claims []claim, on civil.Date) []int64 {
	var ids []int64
	best := bare
	for _, c := range claims {
		if !c.Holds(on) || c.tier > best {
			continue
		}
		if c.tier < best {
			best, ids = c.tier, ids[:0]
		}
		if !slices.Contains(ids, c.organ) {
			ids = append(ids, c.organ)
		}
	}
	return ids
}

// nearest keeps the ids that share the closest government with from, and all
// of them where none shares one.
func (t *Tree) nearest(ids []int64, from int64, on civil.Date) []int64 {
	path := t.Path(from, on)
	for i := len(path) - 1; i >= 0; i-- {
		if len(t.organs[path[i]].names(Prefix)) == 0 {
			continue
		}
		near := slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return !t.Within(id, path[i], on) })
		if len(near) > 0 {
			return near
		}
	}
	return ids
}

func (t *Tree) ambiguous(name string, ids []int64, on civil.Date) error {
	var names []string
	for _, id := range ids {
		names = append(names, t.describe(id, on))
	}
	return fault.New(fault.Invalid, "unit_ambiguous", "“%s”%s可以指%d个单位：%s。请写全称或代码。",
		fault.Clip(name, 40), onDay(on), len(ids), strings.Join(names, "、"))
}

// describe tells an organ from others of the same name: 新圩镇（宁远县，431126104）.
func (t *Tree) describe(id int64, on civil.Date) string {
	o := t.organs[id]
	var marks []string
	if above := o.ParentOn(on); above != 0 {
		marks = append(marks, t.ShortOn(above, on))
	}
	if code := o.CodeOn(on); code != "" {
		marks = append(marks, code)
	}
	if len(marks) == 0 {
		return o.NameOn(on)
	}
	return o.NameOn(on) + "（" + strings.Join(marks, "，") + "）"
}

func (t *Tree) unknown(name, k string, on civil.Date) error {
	if strings.TrimSpace(name) == "" {
		return fault.New(fault.NotFound, "unit_unknown", "单位名称是空的，请填单位的全称、简称或代码。")
	}
	if other := t.otherTimes(k, on); other != "" {
		return fault.New(fault.NotFound, "unit_unknown", "“%s”%s不是任何单位的名称：%s。请改用当时的名称，或更正日期。", fault.Clip(name, 40), onDay(on), other)
	}
	if parent, ok := t.External(name); ok {
		return fault.New(fault.NotFound, "unit_unknown", "名录里没有“%s”，看来是%s一级的外部单位。请先把它加进名录，或导入时加 --create-units。", fault.Clip(name, 40), t.NameOn(parent, on))
	}
	if near := t.Suggest(name, on, 3); len(near) > 0 {
		return fault.New(fault.NotFound, "unit_unknown", "名录里没有“%s”，相近的有：%s。请改正名称，或先把它加进名录。", fault.Clip(name, 40), strings.Join(near, "、"))
	}
	return fault.New(fault.NotFound, "unit_unknown", "名录里没有“%s”。请改正名称，或先用 gongkai import units 把它加进名录。", fault.Clip(name, 40))
}

// otherTimes tells who bore a name on other days, "" for nobody.
func (t *Tree) otherTimes(k string, on civil.Date) string {
	var parts []string
	seen := map[int64]bool{}
	for _, c := range t.index.claims[k] {
		if seen[c.organ] {
			continue
		}
		seen[c.organ] = true
		part := "它" + c.Chinese() + "是“" + t.NameOn(c.organ, on) + "”的名称"
		for _, now := range t.Now(c.organ, on) {
			if now.ID != c.organ {
				part += "，后由“" + now.NameOn(on) + "”负责"
			}
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "；")
}

// Chinese is the span in words: 自2019年3月1日起, 至2021年1月1日前.
func (s Span) Chinese() string {
	switch {
	case s.Since.IsZero() && s.Until.IsZero():
		return "一直"
	case s.Until.IsZero():
		return "自" + s.Since.Chinese() + "起"
	case s.Since.IsZero():
		return "在" + s.Until.Chinese() + "以前"
	}
	return "自" + s.Since.Chinese() + "起、" + s.Until.Chinese() + "以前"
}

func onDay(on civil.Date) string {
	if on.IsZero() {
		return "现在"
	}
	return "在" + on.Chinese()
}

// alike is the share of common characters (by pairs) from which a name is near.
const alike = 0.33

// Suggest lists up to limit full names of organs on a day whose names are most
// like the given one, the likest first. It is empty where nothing is near.
func (t *Tree) Suggest(name string, on civil.Date, limit int) []string {
	k := key(fault.Clip(name, 40))
	wanted := grams(k)
	shared := map[string]int{}
	for g := range wanted {
		for _, other := range t.index.grams[g] {
			shared[other]++
		}
	}
	likeness := map[string]float64{} // by full name
	for other, n := range shared {
		like := 2 * float64(n) / float64(len(wanted)+max(1, utf8.RuneCountInString(other)-1))
		for _, id := range t.bearers(t.index.claims[other], on) {
			full := t.organs[id].NameOn(on)
			likeness[full] = max(likeness[full], like)
		}
	}
	var near []string
	for full, like := range likeness {
		if like >= alike {
			near = append(near, full)
		}
	}
	slices.SortFunc(near, func(a, b string) int { return cmp.Or(cmp.Compare(likeness[b], likeness[a]), cmp.Compare(a, b)) })
	return near[:min(limit, len(near))]
}

// External tells whether a name begins as those of organs outside the city do
// (省, 国务院), and gives the outside organ whose prefix that is.
func (t *Tree) External(name string) (parent int64, ok bool) {
	k := key(name)
	for _, p := range t.index.external {
		if strings.HasPrefix(k, p.key) {
			return p.parent, true
		}
	}
	return 0, false
}
