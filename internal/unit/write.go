package unit

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
)

// Draft describes an organ to be added. Full name and kind are required.
type Draft struct {
	Kind      Kind
	Name      string
	Short     string
	Code      string
	Aliases   []Name   // Text and Span are read
	Prefixes  []string // what the names of organs below begin with
	Parent    int64    // 0 for none
	Order     int      // 0 puts it behind its neighbours
	Span               // its existence
	Confirmed bool
	Note      string
}

func (d Draft) names() []Name {
	names := []Name{{Text: d.Name, Role: Full}}
	if d.Short != "" {
		names = append(names, Name{Text: d.Short, Role: Short})
	}
	if d.Code != "" {
		names = append(names, Name{Text: d.Code, Role: Code})
	}
	for _, a := range d.Aliases {
		names = append(names, Name{Text: a.Text, Role: Alias, Span: a.Span})
	}
	for _, p := range d.Prefixes {
		names = append(names, Name{Text: p, Role: Prefix})
	}
	return names
}

// Add puts a new organ into the directory. A name or code that another organ
// bears on a common day is a Conflict fault.
func (s *Store) Add(ctx context.Context, tx *db.Tx, actor string, d Draft) (o Organ, err error) {
	defer fault.Wrap(&err, "unit.Add(%q)", d.Name)
	t, err := s.writing(ctx, tx)
	if err != nil {
		return Organ{}, err
	}
	if err := t.admit(d); err != nil {
		return Organ{}, err
	}
	id, err := insert(ctx, tx, t, d)
	if err != nil {
		return Organ{}, err
	}
	if err := touch(ctx, tx); err != nil {
		return Organ{}, err
	}
	if _, err := ledger.Append(ctx, tx, added(id, actor, d.Name)); err != nil {
		return Organ{}, err
	}
	if t, err = s.Tree(ctx, tx); err != nil {
		return Organ{}, err
	}
	o, _ = t.Get(id)
	return o, nil
}

func added(id int64, actor, name string) ledger.Act {
	return ledger.Act{Kind: "unit.added", Subject: subject(id), Actor: actor, Data: map[string]string{"name": name}}
}

// subject is how the ledger names an organ.
func subject(id int64) string { return fmt.Sprintf("unit:%d", id) }

// longestName is the most characters that a name may have.
const longestName = 120

// admit tells what stands against a new organ.
func (t *Tree) admit(d Draft) error {
	if err := d.sound(); err != nil {
		return err
	}
	if d.Parent != 0 {
		above, ok := t.organs[d.Parent]
		if !ok {
			return fault.New(fault.NotFound, "unit_parent_unknown", "“%s”的上级不在名录里。", fault.Clip(d.Name, 40))
		}
		if err := d.outlivedBy(above.Name(), above.Span); err != nil {
			return err
		}
	}
	return t.namesFree(d, d.Parent)
}

// sound checks what can be told from the draft alone.
func (d Draft) sound() error {
	switch {
	case strings.TrimSpace(d.Name) == "":
		return fault.New(fault.Invalid, "unit_name_missing", "单位没有名称，请填全称。")
	case utf8.RuneCountInString(d.Name) > longestName:
		return fault.New(fault.Invalid, "unit_name_long", "“%s”太长，不像单位名称；最多%d个字。", fault.Clip(d.Name, 40), longestName)
	case !slices.Contains(Kinds(), d.Kind):
		return fault.New(fault.Invalid, "unit_kind_unknown", "“%s”不是单位类型。", fault.Clip(string(d.Kind), 40))
	case !d.Since.IsZero() && !d.Until.IsZero() && !d.Since.Before(d.Until):
		return fault.New(fault.Invalid, "unit_span_bad", "“%s”的撤销日期%s不晚于设立日期%s，请更正。", fault.Clip(d.Name, 40), d.Until, d.Since)
	}
	return nil
}

// outlivedBy asks that the organ above lasts as long as the new one.
func (d Draft) outlivedBy(above string, exists Span) error {
	if both, common := exists.Meet(d.Span); !common || both.Until != d.Until {
		return fault.New(fault.Conflict, "unit_parent_gone", "“%s”的上级“%s”%s存在，不能一直作它的上级，请核对两者的日期。", fault.Clip(d.Name, 40), fault.Clip(above, 40), exists.Chinese())
	}
	return nil
}

func (t *Tree) namesFree(d Draft, parent int64) error {
	for _, n := range d.names() {
		if err := t.free(n.Role, n.Text, parent, d.Span, 0); err != nil {
			return err
		}
	}
	return nil
}

// free refuses a full name that a neighbour bears, and a code that anybody
// bears, on a day of the span. Other names may be shared: whoever uses them is
// asked which organ is meant.
func (t *Tree) free(role Role, text string, parent int64, span Span, except int64) error {
	if role != Full && role != Code {
		return nil
	}
	for _, c := range t.index.claims[key(text)] {
		o := t.organs[c.organ]
		if c.tier != own || o.ID == except {
			continue
		}
		if _, common := c.Meet(span); !common {
			continue
		}
		if role == Code || slices.ContainsFunc(o.Parents, func(p Parent) bool { return p.ID == parent }) || parent == 0 && len(o.Parents) == 0 {
			return fault.New(fault.Conflict, "unit_taken", "“%s”已经是%s的名称或代码，请换一个，或更正日期。", fault.Clip(text, 40), t.describe(o.ID, span.Since))
		}
	}
	return nil
}

// insert writes the rows of a draft that has been admitted.
func insert(ctx context.Context, tx *db.Tx, t *Tree, d Draft) (id int64, err error) {
	if d.Order == 0 {
		d.Order = t.nextOrder(d.Parent)
	}
	err = tx.Row(ctx, "insert into unit_organs (kind, sort, since, until, confirmed, note) values (?, ?, ?, ?, ?, ?) returning id",
		[]any{string(d.Kind), d.Order, d.Since, d.Until, flag(d.Confirmed), d.Note}, &id)
	if err != nil {
		return 0, err
	}
	for _, n := range d.names() {
		if err := insertName(ctx, tx, id, n); err != nil {
			return 0, err
		}
	}
	if d.Parent != 0 {
		err = insertParent(ctx, tx, id, Parent{ID: d.Parent})
	}
	return id, err
}

func insertName(ctx context.Context, tx *db.Tx, organ int64, n Name) error {
	_, err := tx.Exec(ctx, "insert into unit_names (organ_id, role, name, since, until) values (?, ?, ?, ?, ?)",
		organ, string(n.Role), n.Text, n.Since, n.Until)
	return err
}

func insertParent(ctx context.Context, tx *db.Tx, organ int64, p Parent) error {
	_, err := tx.Exec(ctx, "insert into unit_parents (organ_id, parent_id, since, until) values (?, ?, ?, ?)",
		organ, p.ID, p.Since, p.Until)
	return err
}

// nextOrder is behind everything below parent.
func (t *Tree) nextOrder(parent int64) int {
	last := 0
	for _, id := range t.below[parent] {
		last = max(last, t.organs[id].Order)
	}
	return last + 10
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// PutSet adds a set or replaces the one of its name; changed is false where it
// was the same already.
func (s *Store) PutSet(ctx context.Context, tx *db.Tx, actor string, set Set) (changed bool, err error) {
	defer fault.Wrap(&err, "unit.PutSet(%q)", set.Name)
	if err := set.check(); err != nil {
		return false, err
	}
	definition, err := json.Marshal(set)
	if err != nil {
		return false, err
	}
	if err := claimTurn(ctx, tx); err != nil {
		return false, err
	}
	var was string
	err = tx.Row(ctx, "select definition from unit_sets where name = ?", []any{set.Name}, &was)
	if err == nil && was == string(definition) {
		return false, nil
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
	_, err = tx.Exec(ctx, "insert into unit_sets (name, definition) values (?, ?) on conflict (name) do update set definition = excluded.definition",
		set.Name, string(definition))
	if err != nil {
		return false, err
	}
	if err := touch(ctx, tx); err != nil {
		return false, err
	}
	_, err = ledger.Append(ctx, tx, ledger.Act{Kind: "unit.set_changed", Subject: "unit_set:" + set.Name, Actor: actor})
	return true, err
}
