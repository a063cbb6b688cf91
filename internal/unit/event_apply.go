package unit

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
)

// ApplyEvent changes the directory by a reorganisation and records it. Events
// of one organ are entered in the order of their days. An event whose Code is
// recorded already changes nothing and is returned as recorded; with other
// contents it is a Conflict fault.
func (s *Store) ApplyEvent(ctx context.Context, tx *db.Tx, actor string, e Event) (recorded Event, err error) {
	defer fault.Wrap(&err, "unit.ApplyEvent(%s %s)", e.Kind, e.On)
	t, err := s.writing(ctx, tx)
	if err != nil {
		return Event{}, err
	}
	e = e.coded()
	for _, old := range t.events {
		if old.Code == e.Code {
			return old, old.sameAs(e)
		}
	}
	if err := t.allow(e); err != nil {
		return Event{}, err
	}
	e.Was, e.Became = t.inWords(e)
	c := change{ctx: ctx, tx: tx, tree: t, event: e}
	c.apply()
	c.record()
	c.do(func() error { return touch(ctx, tx) })
	c.do(func() error {
		_, err := ledger.Append(ctx, tx, e.acts(actor)...)
		return err
	})
	return c.event, c.err
}

// coded gives an event without a code one that follows from what it is.
func (e Event) coded() Event {
	if e.Code == "" && len(e.Subjects) > 0 {
		e.Code = fmt.Sprintf("%s-%s-%d", e.On, e.Kind, e.Subjects[0])
	}
	return e
}

func (e Event) sameAs(other Event) error {
	if e.Kind == other.Kind && e.On == other.On && slices.Equal(e.Subjects, other.Subjects) && slices.Equal(e.Successors, other.Successors) {
		return nil
	}
	return fault.New(fault.Conflict, "event_code_taken", "沿革编号“%s”已用于%s的%s，请换一个编号。", fault.Clip(e.Code, 40), e.On.Chinese(), e.Kind.Label())
}

// shapes say how many subjects and successors each kind of event has.
var shapes = map[EventKind]struct{ subjects, subjectsMost, successors, successorsMost int }{
	Rename:  {1, 1, 0, 0},
	Merge:   {1, many, 1, 1},
	Split:   {1, 1, 1, many},
	Abolish: {1, 1, 0, many},
	Move:    {1, 1, 0, 0},
}

const many = 1000

// allow tells what stands against an event.
func (t *Tree) allow(e Event) error {
	shape, ok := shapes[e.Kind]
	switch {
	case !ok:
		return fault.New(fault.Invalid, "event_kind_unknown", "“%s”不是沿革类型，可用：更名、合并、分设、撤销、划转。", fault.Clip(string(e.Kind), 40))
	case e.On.IsZero():
		return fault.New(fault.Invalid, "event_date_missing", "沿革没有日期，请填新状态的第一天。")
	case len(e.Subjects) < shape.subjects || len(e.Subjects) > shape.subjectsMost:
		return fault.New(fault.Invalid, "event_subjects", "%s的机关数目不对：有%d个。", e.Kind.Label(), len(e.Subjects))
	case len(e.Successors) < shape.successors || len(e.Successors) > shape.successorsMost:
		return fault.New(fault.Invalid, "event_successors", "%s的承接机关数目不对：有%d个。", e.Kind.Label(), len(e.Successors))
	}
	for _, id := range append(slices.Clone(e.Subjects), e.Successors...) {
		if o, ok := t.organs[id]; !ok || !o.Holds(e.On) {
			return fault.New(fault.Conflict, "event_organ_gone", "“%s”%s不存在，不能参加这次%s。", t.NameOn(id, e.On), onDay(e.On), e.Kind.Label())
		}
	}
	for _, id := range e.Subjects {
		if slices.Contains(e.Successors, id) {
			return fault.New(fault.Invalid, "event_self", "“%s”不能是自己的承接机关。", t.NameOn(id, e.On))
		}
		if err := t.inTime(id, e); err != nil {
			return err
		}
	}
	switch e.Kind {
	case Rename:
		return t.allowRename(e)
	case Move:
		return t.allowMove(e)
	}
	return t.allowEnd(e)
}

// inTime refuses an event before, or for an ending on, a day on which
// something else is recorded about its subject.
func (t *Tree) inTime(id int64, e Event) error {
	o := t.organs[id]
	last := o.lastTurn()
	for _, i := range t.of[id] {
		last = later(last, t.events[i].On)
	}
	if last.IsZero() || e.On.After(last) || e.On == last && !e.ends() && e.On != o.Since {
		return nil
	}
	return fault.New(fault.Conflict, "event_out_of_order", "“%s”在%s已有记录，沿革要按时间先后填：%s的%s太早。",
		o.NameOn(e.On), last.Chinese(), e.On.Chinese(), e.Kind.Label())
}

// lastTurn is the last day on which the organ's own record changes, as far as
// events change it; zero where it never did.
func (o *Organ) lastTurn() civil.Date {
	last := o.Since
	for _, n := range o.Names {
		if n.Role != Alias {
			last = later(last, n.Since)
		}
	}
	for _, p := range o.Parents {
		last = later(last, p.Since)
	}
	return last
}

func later(a, b civil.Date) civil.Date {
	if b.After(a) {
		return b
	}
	return a
}

func (t *Tree) allowRename(e Event) error {
	o := t.organs[e.Subjects[0]]
	if e.Name == "" && e.Short == "" && e.NewCode == "" && e.Prefixes == nil {
		return fault.New(fault.Invalid, "event_empty", "更名没有新名称、新简称或新代码。")
	}
	for _, n := range e.newNames() {
		for _, old := range o.names(n.Role) {
			if old.Holds(e.On) && n.Role != Prefix && (old.Since == e.On || old.Text == n.Text) {
				return fault.New(fault.Conflict, "event_name_same", "“%s”%s已经叫“%s”，没有可更改的。", o.NameOn(e.On), onDay(e.On), old.Text)
			}
		}
		if err := t.free(n.Role, n.Text, o.ParentOn(e.On), Span{Since: e.On}, o.ID); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tree) allowMove(e Event) error {
	o := t.organs[e.Subjects[0]]
	above, ok := t.organs[e.Parent]
	if !ok || !above.Holds(e.On) {
		return fault.New(fault.Conflict, "event_organ_gone", "划入的上级%s不存在，请核对名称和日期。", onDay(e.On))
	}
	if err := t.outlives(above, o.Span, e.On); err != nil {
		return err
	}
	for _, p := range o.Parents {
		if p.Holds(e.On) && (p.ID == above.ID || p.Since == e.On) {
			return fault.New(fault.Conflict, "event_name_same", "“%s”%s的上级已经是“%s”，没有可更改的。", o.NameOn(e.On), onDay(e.On), t.NameOn(p.ID, e.On))
		}
	}
	for _, day := range t.turns(e.On) {
		if t.Within(above.ID, o.ID, day) {
			return fault.New(fault.Conflict, "event_cycle", "“%s”%s在“%s”之下，不能作它的上级。", above.NameOn(day), onDay(day), o.NameOn(day))
		}
	}
	return t.free(Full, o.NameOn(e.On), above.ID, Span{Since: e.On}, o.ID)
}

// outlives refuses a new parent that is recorded to end before what would
// stand below it.
func (t *Tree) outlives(above *Organ, below Span, on civil.Date) error {
	if above.Until.IsZero() || !below.Until.IsZero() && !below.Until.After(above.Until) {
		return nil
	}
	return fault.New(fault.Conflict, "event_out_of_order", "“%s”在%s已经终止，%s不能再有单位划到它之下；沿革要按时间先后填。",
		above.NameOn(on), above.Until.Chinese(), onDay(on))
}

// turns are the day itself and all later days on which a parent changes.
func (t *Tree) turns(from civil.Date) []civil.Date {
	days := []civil.Date{from}
	for _, o := range t.ordered {
		for _, p := range o.Parents {
			if p.Since.After(from) && !slices.Contains(days, p.Since) {
				days = append(days, p.Since)
			}
		}
	}
	return days
}

// allowEnd asks that nothing is left without a parent: what stands below an
// organ that ends goes to its one successor, or must have been moved before.
func (t *Tree) allowEnd(e Event) error {
	if !e.ends() {
		return nil
	}
	for _, id := range e.Subjects {
		left := t.livingBelow(id, e.On)
		if len(left) == 0 {
			continue
		}
		if len(e.Successors) != 1 {
			var names []string
			for _, child := range left[:min(len(left), 5)] {
				names = append(names, t.NameOn(child, e.On))
			}
			return fault.New(fault.Conflict, "event_children", "“%s”之下还有%d个单位（%s…），请先用划转给它们定新的上级。", t.NameOn(id, e.On), len(left), strings.Join(names, "、"))
		}
		for _, child := range left {
			if err := t.outlives(t.organs[e.Successors[0]], t.organs[child].Span, e.On); err != nil {
				return err
			}
			if t.Within(e.Successors[0], child, e.On) {
				return fault.New(fault.Conflict, "event_cycle", "承接机关“%s”在“%s”之下，请先把它划转出来。", t.NameOn(e.Successors[0], e.On), t.NameOn(id, e.On))
			}
		}
	}
	return nil
}

// livingBelow lists the organs that stand below id on the day or come to stand
// there later.
func (t *Tree) livingBelow(id int64, day civil.Date) []int64 {
	var list []int64
	for _, child := range t.below[id] {
		o := t.organs[child]
		for _, p := range o.Parents {
			span, ok := p.Meet(o.Span)
			if p.ID == id && ok && (span.Until.IsZero() || span.Until.After(day)) {
				list = append(list, child)
				break
			}
		}
	}
	return list
}

// inWords says what the organs were and what they became.
func (t *Tree) inWords(e Event) (was, became string) {
	list := func(ids []int64) string {
		var names []string
		for _, id := range ids {
			names = append(names, t.NameOn(id, e.On))
		}
		return strings.Join(names, "、")
	}
	was, became = list(e.Subjects), list(e.Successors)
	switch e.Kind {
	case Rename:
		if became = e.Name; became == "" {
			became = was
		}
	case Move:
		o := t.organs[e.Subjects[0]]
		was, became = t.NameOn(o.ParentOn(e.On), e.On), t.NameOn(e.Parent, e.On)
	}
	return was, became
}

func (e Event) newNames() []Name {
	var names []Name
	for _, n := range []Name{{Text: e.Name, Role: Full}, {Text: e.Short, Role: Short}, {Text: e.NewCode, Role: Code}} {
		if n.Text != "" {
			names = append(names, n)
		}
	}
	for _, p := range e.Prefixes {
		names = append(names, Name{Text: p, Role: Prefix})
	}
	return names
}

// acts are the ledger entries of an event: one for each organ in it.
func (e Event) acts(actor string) []ledger.Act {
	verbs := map[EventKind]string{Rename: "renamed", Merge: "merged", Split: "split", Abolish: "abolished", Move: "moved"}
	var acts []ledger.Act
	for _, id := range append(slices.Clone(e.Subjects), e.Successors...) {
		acts = append(acts, ledger.Act{Kind: "unit." + verbs[e.Kind], Subject: subject(id), Actor: actor,
			Data: map[string]string{"on": e.On.String(), "was": e.Was, "became": e.Became, "basis": e.Basis}})
	}
	return acts
}
