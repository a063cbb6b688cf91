package unit

import (
	"slices"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
)

// Set is a group of organs that documents name by a phrase: 各县市区人民政府.
// Sets are data of a city's directory; the members follow from the rule and
// the day.
type Set struct {
	ID   int64  `json:"-"`
	Name string `json:"name"`
	// Phrases are other ways of writing it.
	Phrases []string `json:"phrases,omitempty"`
	Rule    Rule     `json:"rule"`
	// Partial says that a document means those members that are concerned
	// (相关, 有关), and not each of them.
	Partial bool   `json:"partial,omitempty"`
	Note    string `json:"note,omitempty"`
	Span
}

// Rule says which organs are in a set. Its parts add up; Exclude takes away.
type Rule struct {
	Kinds   []Kind   `json:"kinds,omitempty"`   // organs of these kinds …
	Below   string   `json:"below,omitempty"`   // … below the organ of this code or name (all where empty) …
	Direct  bool     `json:"direct,omitempty"`  // … directly below it
	Include []string `json:"include,omitempty"` // organs by code or name
	Sets    []string `json:"sets,omitempty"`    // other sets by name
	Exclude []string `json:"exclude,omitempty"` // organs by code or name
}

func setKeys(sets []Set) map[string][]int {
	keys := map[string][]int{}
	for i, s := range sets {
		for _, phrase := range append([]string{s.Name}, s.Phrases...) {
			k := key(phrase)
			keys[k] = append(keys[k], i)
		}
	}
	return keys
}

// Sets lists the named sets of a day.
func (t *Tree) Sets(on civil.Date) []Set {
	var list []Set
	for _, s := range t.sets {
		if s.Holds(on) {
			list = append(list, s)
		}
	}
	return list
}

// ResolveSet finds the organs that a phrase of a document means on a day: a
// named set; one organ by any of its names; or several of these with
// 、 ， 和 及 between them. For a single organ the Set is zero; for several
// parts it has the phrase as its name. Organs come in the order of listing,
// each once. Nothing is guessed: a part that is unknown is the fault of
// Resolve.
func (t *Tree) ResolveSet(phrase string, on civil.Date) ([]Organ, Set, error) {
	return t.ResolveSetFrom(0, phrase, on)
}

// ResolveSetFrom is ResolveSet for a phrase in a document of the organ from.
func (t *Tree) ResolveSetFrom(from int64, phrase string, on civil.Date) ([]Organ, Set, error) {
	if s, ok := t.set(phrase, on); ok {
		return t.inOrder(t.Members(s, on)), s, nil
	}
	o, err := t.ResolveFrom(from, phrase, on)
	if err == nil {
		return []Organ{o}, Set{}, nil
	}
	parts := t.parts(phrase, on)
	if len(parts) < 2 {
		return nil, Set{}, err
	}
	whole := Set{Name: phrase}
	var ids []int64
	for _, part := range parts {
		organs, s, err := t.ResolveSetFrom(from, part, on)
		if err != nil {
			return nil, Set{}, err
		}
		whole.Partial = whole.Partial || s.Partial
		for _, o := range organs {
			ids = append(ids, o.ID)
		}
	}
	return t.inOrder(ids), whole, nil
}

func (t *Tree) set(phrase string, on civil.Date) (Set, bool) {
	for _, i := range t.setKeys[key(phrase)] {
		if t.sets[i].Holds(on) {
			return t.sets[i], true
		}
	}
	return Set{}, false
}

// partWords may stand between two names as well as inside of one
// (人力资源和社会保障局).
var partWords = []string{"以及", "和", "及", "与"}

// parts takes a list of names apart. Marks within brackets do not count.
func (t *Tree) parts(phrase string, on civil.Date) []string {
	var parts []string
	depth, start := 0, 0
	for i, r := range phrase {
		switch {
		case strings.ContainsRune("(（", r):
			depth++
		case strings.ContainsRune(")）", r):
			depth--
		case depth == 0 && strings.ContainsRune("、，,；;", r):
			parts = append(parts, phrase[start:i])
			start = i + len(string(r))
		}
	}
	parts = append(parts, phrase[start:])
	var all []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			all = append(all, t.atWords(p, on)...)
		}
	}
	return all
}

// atWords cuts a part behind a known name that a word follows.
func (t *Tree) atWords(part string, on civil.Date) []string {
	if t.known(part, on) {
		return []string{part}
	}
	for _, word := range partWords {
		for at := 0; ; {
			i := strings.Index(part[at:], word)
			if i < 0 {
				break
			}
			left, right := part[:at+i], part[at+i+len(word):]
			if t.known(left, on) && right != "" {
				return append([]string{left}, t.atWords(right, on)...)
			}
			at += i + len(word)
		}
	}
	return []string{part}
}

func (t *Tree) known(name string, on civil.Date) bool {
	if _, ok := t.set(name, on); ok {
		return true
	}
	return len(t.bearers(t.index.claims[key(name)], on)) > 0
}

// Members lists the ids of a set's organs on a day, in no order, each once.
// What a rule names and the directory does not hold on the day is no member.
func (t *Tree) Members(s Set, on civil.Date) []int64 { return t.members(s, on, nil) }

func (t *Tree) members(s Set, on civil.Date, above []string) []int64 {
	if slices.Contains(above, s.Name) {
		return nil // a set that names itself adds nothing
	}
	ids := map[int64]bool{}
	for _, id := range t.byRule(s.Rule, on) {
		ids[id] = true
	}
	for _, name := range s.Rule.Include {
		if o, err := t.Resolve(name, on); err == nil {
			ids[o.ID] = true
		}
	}
	for _, name := range s.Rule.Sets {
		if inner, ok := t.set(name, on); ok {
			for _, id := range t.members(inner, on, append(above, s.Name)) {
				ids[id] = true
			}
		}
	}
	for _, name := range s.Rule.Exclude {
		if o, err := t.Resolve(name, on); err == nil {
			delete(ids, o.ID)
		}
	}
	var list []int64
	for id := range ids {
		list = append(list, id)
	}
	return list
}

func (t *Tree) byRule(r Rule, on civil.Date) []int64 {
	if len(r.Kinds) == 0 {
		return nil
	}
	var top int64
	if r.Below != "" {
		o, err := t.Resolve(r.Below, on)
		if err != nil {
			return nil
		}
		top = o.ID
	}
	var ids []int64
	for _, o := range t.All(on, r.Kinds...) {
		above := o.ParentOn(on)
		if top == 0 || r.Direct && above == top || !r.Direct && o.ID != top && t.Within(o.ID, top, on) {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// inOrder lists organs in the order of listing, each once.
func (t *Tree) inOrder(ids []int64) []Organ {
	wanted := make(map[int64]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	list := make([]Organ, 0, len(wanted))
	for _, o := range t.ordered {
		if wanted[o.ID] {
			list = append(list, *o)
		}
	}
	return list
}

// check refuses a set that could never have members.
func (s Set) check() error {
	r := s.Rule
	switch {
	case s.Name == "":
		return fault.New(fault.Invalid, "set_bad", "集合没有名称，请填 name。")
	case len(r.Kinds) == 0 && len(r.Include) == 0 && len(r.Sets) == 0:
		return fault.New(fault.Invalid, "set_bad", "集合“%s”的规则是空的：rule 里至少要有 kinds、include、sets 之一。", s.Name)
	}
	for _, k := range r.Kinds {
		if !slices.Contains(Kinds(), k) {
			return fault.New(fault.Invalid, "set_bad", "集合“%s”的 kinds 里有不认识的类型“%s”。", s.Name, k)
		}
	}
	return nil
}
