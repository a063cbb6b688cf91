package publication

import (
	"slices"
	"strings"

	"gongkai/internal/civil"
)

// RelationType says what a record does to another.
type RelationType string

// The types of relations, as the interchange writes them.
const (
	Interprets   RelationType = "interprets"
	Implements   RelationType = "implements"
	Amends       RelationType = "amends"
	Repeals      RelationType = "repeals"
	Replaces     RelationType = "replaces"
	Corrects     RelationType = "corrects"
	ProgressOf   RelationType = "progress_of"
	AttachmentOf RelationType = "attachment_of"
	Fulfils      RelationType = "fulfils" // the target is the code of an obligation
)

// effect is what a relation does to the validity of its target.
type effect uint8

const (
	noEffect effect = iota
	changes         // part of it reads otherwise now
	ends            // it binds nobody any more
)

// relationRule is what the program knows of a type of relation.
type relationRule struct {
	Type   RelationType
	Active string // what the record does: 解读
	Past   string // what was done to the target: 被解读
	effect effect
	leans  bool // the record must follow changes of its target
	needs  bool // without its target the record means nothing
}

// relationRules is in the order in which pages list relations.
var relationRules = []relationRule{
	{Repeals, "废止", "被废止", ends, false, false},
	{Replaces, "代替", "被代替", ends, false, false},
	{Amends, "修改", "被修改", changes, false, false},
	{Corrects, "更正", "被更正", noEffect, false, true},
	{Interprets, "解读", "的解读", noEffect, true, true},
	{Implements, "落实", "的落实文件", noEffect, true, false},
	{ProgressOf, "报告进展", "的进展", noEffect, false, true},
	{AttachmentOf, "附于", "的附件", noEffect, false, true},
	{Fulfils, "完成", "的完成情况", noEffect, false, false},
}

func ruleOf(t RelationType) (relationRule, bool) {
	i := slices.IndexFunc(relationRules, func(r relationRule) bool { return r.Type == t })
	if i < 0 {
		return relationRule{}, false
	}
	return relationRules[i], true
}

// RelationTypes lists the types in their order.
func RelationTypes() []RelationType {
	types := make([]RelationType, len(relationRules))
	for i, r := range relationRules {
		types[i] = r.Type
	}
	return types
}

// typesWith lists the types whose rule pleases.
func typesWith(pleases func(relationRule) bool) []RelationType {
	var types []RelationType
	for _, r := range relationRules {
		if pleases(r) {
			types = append(types, r.Type)
		}
	}
	return types
}

// Label is what a record with the relation does: 解读, 废止.
func (t RelationType) Label() string {
	r, _ := ruleOf(t)
	return r.Active
}

// Passive is what a record is to the one it is the target of: 被废止.
func (t RelationType) Passive() string {
	r, _ := ruleOf(t)
	return r.Past
}

func relationNames() string {
	names := make([]string, len(relationRules))
	for i, r := range relationRules {
		names[i] = string(r.Type) + "（" + r.Active + "）"
	}
	return strings.Join(names, "、")
}

// Relation is one relation as a page shows it, from either end.
type Relation struct {
	Type     RelationType
	Own      []string   // articles of the record that has the relation; empty for the whole
	Articles []string   // articles of the target that it touches; empty for the whole
	ActsOn   civil.Date // the day from which it acts
	Note     string
	Target   string // as printed: source_id, document number or code of an obligation
	Other    *Brief // the record at the other end; nil while it is not here
}

// Brief names a record: enough for a link.
type Brief struct {
	ID       int64
	SourceID string
	Kind     string
	Title    string
	Number   string
	Unit     string
	IssuedOn civil.Date
	State    State
}
