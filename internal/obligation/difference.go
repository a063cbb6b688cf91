package obligation

import (
	"cmp"
	"slices"
	"strings"
)

// Outcome is what saving a plan came to.
type Outcome string

// The outcomes.
const (
	Added   Outcome = "added"
	Same    Outcome = "same"    // nothing was written
	Changed Outcome = "changed" // the differences were confirmed and written
	Differs Outcome = "differs" // the differences wait for confirmation; nothing was written
)

// Change tells what saving a plan did, or would do.
type Change struct {
	PlanID  int64        `json:"plan_id"`
	Outcome Outcome      `json:"outcome"`
	Fields  []Field      `json:"fields,omitempty"` // of the plan itself
	Added   []ItemChange `json:"added,omitempty"`
	Changed []ItemChange `json:"changed,omitempty"`
	Removed []ItemChange `json:"removed,omitempty"`
}

// ItemChange is what happens to one obligation.
type ItemChange struct {
	Code   string  `json:"code"`
	Title  string  `json:"title"`
	Fields []Field `json:"fields,omitempty"`
}

// Field is one difference, in words for people.
type Field struct {
	Name string `json:"name"` // Chinese
	Old  string `json:"old"`
	New  string `json:"new"`
}

// planFields are what is compared of two editions of a plan.
var planFields = []struct {
	name string
	of   func(Plan) string
}{
	{"标题", func(p Plan) string { return p.Title }},
	{"印发单位", func(p Plan) string { return p.Issuer }},
	{"文号", func(p Plan) string { return p.Number }},
	{"成文日期", func(p Plan) string { return p.IssuedOn.String() }},
	{"结尾要求", func(p Plan) string { return jsonText(p.Standing) }},
}

// obligationFields are what is compared of two editions of an obligation.
var obligationFields = []struct {
	name string
	of   func(Obligation) string
}{
	{"顺序", func(o Obligation) string { return jsonText(o.Position) }},
	{"章节", func(o Obligation) string { return o.Section }},
	{"标题", func(o Obligation) string { return o.Title }},
	{"内容", func(o Obligation) string { return o.Text }},
	{"依据", func(o Obligation) string { return o.Basis }},
	{"分工", func(o Obligation) string { return o.Assignment }},
	{"牵头单位", func(o Obligation) string { return strings.Join(o.Lead, "、") }},
	{"责任单位", func(o Obligation) string { return strings.Join(o.Responsible, "、") }},
	{"对应的名录单位", func(o Obligation) string { return jsonText(sortedUnits(o.Units)) }},
	{"时限", func(o Obligation) string { return o.Due }},
	{"时限规则", func(o Obligation) string { return jsonText(o.Rule) }},
	{"自动对应", func(o Obligation) string { return jsonText(o.Match) }},
	{"指标", func(o Obligation) string { return listText(o.Targets) }},
	{"分项", func(o Obligation) string { return listText(o.Items) }},
	{"目录行", func(o Obligation) string { return jsonText(o.Row) }},
	{"起始日期", func(o Obligation) string { return o.StartsOn.String() }},
}

// listText writes a list so that none and empty are the same.
func listText[T any](list []T) string {
	if len(list) == 0 {
		return "[]"
	}
	return jsonText(list)
}

func sortedUnits(units []Assignment) []Assignment {
	return slices.SortedFunc(slices.Values(units), func(a, b Assignment) int { return cmp.Compare(a.UnitID, b.UnitID) })
}

// compare tells what a new edition changes. A retired obligation that comes
// back counts as added.
func compare(old, edited Draft) Change {
	c := Change{Outcome: Changed}
	for _, f := range planFields {
		if was, is := f.of(old.Plan), f.of(edited.Plan); was != is {
			c.Fields = append(c.Fields, Field{f.name, was, is})
		}
	}
	before := map[string]Obligation{}
	for _, o := range old.Obligations {
		if o.RetiredOn.IsZero() {
			before[o.Code] = o
		}
	}
	for _, o := range edited.Obligations {
		was, known := before[o.Code]
		delete(before, o.Code)
		if !known {
			c.Added = append(c.Added, ItemChange{Code: o.Code, Title: o.Title})
		} else if fields := compareObligation(was, o); len(fields) > 0 {
			c.Changed = append(c.Changed, ItemChange{o.Code, o.Title, fields})
		}
	}
	for _, o := range old.Obligations {
		if _, gone := before[o.Code]; gone {
			c.Removed = append(c.Removed, ItemChange{Code: o.Code, Title: o.Title})
		}
	}
	return c
}

func compareObligation(was, is Obligation) (fields []Field) {
	for _, f := range obligationFields {
		if a, b := f.of(was), f.of(is); a != b {
			fields = append(fields, Field{f.name, a, b})
		}
	}
	return fields
}
