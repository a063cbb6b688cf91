package unit

import (
	"cmp"
	"slices"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
)

// take puts one row into the directory: as a new unit, or as what it says of a
// known one.
func (in *intake) take(row unitRow, parent int64) error {
	id, column, err := in.known(row, parent)
	if err != nil {
		in.refuse(row, column, err)
		return nil
	}
	if first, twice := in.line[id]; twice && id != 0 {
		in.refuse(row, colName, fault.New(fault.Conflict, "unit_twice", "与第 %d 行是同一个单位，请去掉一行。", first))
		return nil
	}
	if id != 0 {
		in.line[id] = row.line
		return in.change(in.tree.organs[id], row, parent)
	}
	if id, err = in.add(row, parent); err != nil {
		if _, ours := fault.Of(err); !ours {
			return err
		}
		in.refuse(row, colName, err)
		return nil
	}
	in.line[id] = row.line
	return nil
}

func (in *intake) refuse(row unitRow, column string, err error) {
	values := map[string]string{colName: row.draft.Name, colCode: row.draft.Code, colParent: row.parent, colSince: row.draft.Since.String(), colUntil: row.draft.Until.String()}
	in.report.refuse(row.line, column, values[column], err)
}

// known finds the unit that a row is about: 0 for a new one.
func (in *intake) known(row unitRow, parent int64) (id int64, column string, err error) {
	if row.draft.Code != "" {
		for _, c := range in.tree.index.claims[key(row.draft.Code)] {
			if c.tier == own && in.tree.organs[c.organ].bore(Code, row.draft.Code) {
				id = c.organ
			}
		}
		if id != 0 && !in.tree.organs[id].bore(Full, row.draft.Name) {
			return 0, colCode, fault.New(fault.Conflict, "unit_renamed", "这个代码在名录里是“%s”。若是更名，请把它写进沿革表（更名）；若不是同一单位，请换代码。", in.tree.organs[id].Name())
		}
		if id != 0 {
			return id, "", nil
		}
	}
	for _, c := range in.tree.index.claims[key(row.draft.Name)] {
		o := in.tree.organs[c.organ]
		same := parent == 0 && len(o.Parents) == 0 || slices.ContainsFunc(o.Parents, func(p Parent) bool { return p.ID == parent })
		if c.tier != own || !same || !o.bore(Full, row.draft.Name) {
			continue
		}
		if _, common := o.Meet(row.draft.Span); !common && row.draft.Until.IsZero() {
			continue // a new unit of the name of one that has ended
		}
		if row.draft.Code != "" && o.Code != "" {
			return 0, colCode, fault.New(fault.Conflict, "unit_recoded", "“%s”在名录里的代码是 %s。若代码变了，请写进沿革表（更名，填新代码）。", o.Name(), o.Code)
		}
		return o.ID, "", nil
	}
	return 0, "", nil
}

// bore tells whether the organ ever had a name of a role.
func (o *Organ) bore(role Role, text string) bool {
	return slices.ContainsFunc(o.Names, func(n Name) bool { return n.Role == role && key(n.Text) == key(text) })
}

// add inserts a new unit.
func (in *intake) add(row unitRow, parent int64) (int64, error) {
	t, d := in.tree, row.draft
	d.Parent = parent
	if above, isNew := in.added[parent]; isNew {
		if err := cmp.Or(d.sound(), d.outlivedBy(above.Name, above.Span), t.namesFree(d, parent)); err != nil {
			return 0, err
		}
	} else if err := t.admit(d); err != nil {
		return 0, err
	}
	if err := in.free(d); err != nil {
		return 0, err
	}
	if d.Order == 0 {
		d.Order = max(in.orders[parent], t.nextOrder(parent)-10) + 10
	}
	in.orders[parent] = max(in.orders[parent], d.Order)
	id, err := insert(in.ctx, in.tx, t, d)
	if err != nil {
		return 0, err
	}
	in.added[id] = d
	in.report.Added++
	in.acts = append(in.acts, added(id, in.actor, d.Name))
	for _, k := range row.keys() {
		in.byKey[k] = append(in.byKey[k], id)
	}
	for role, text := range map[Role]string{Full: d.Name, Code: d.Code} {
		in.claims[key(text)] = append(in.claims[key(text)], pending{role, parent, d.Span, row.line})
	}
	return id, nil
}

// free refuses a name or code that an earlier row has taken.
func (in *intake) free(d Draft) error {
	for role, text := range map[Role]string{Full: d.Name, Code: d.Code} {
		for _, c := range in.claims[key(text)] {
			if _, common := c.Meet(d.Span); text != "" && common && c.role == role && (role == Code || c.parent == d.Parent) {
				return fault.New(fault.Conflict, "unit_taken", "“%s”与第 %d 行重复，请换一个，或去掉一行。", fault.Clip(text, 40), c.line)
			}
		}
	}
	return nil
}

// change writes what a row says anew about a known unit.
func (in *intake) change(o *Organ, row unitRow, parent int64) error {
	if column, err := in.contradicts(o, row.draft, parent); err != nil {
		in.refuse(row, column, err)
		return nil
	}
	d := row.draft
	if d.Since.IsZero() {
		d.Since = o.Since
	}
	wrote, err := in.amend(o, d, parent)
	if err != nil {
		return err
	}
	ends := d.Until != o.Until && !d.Until.IsZero()
	if ends {
		in.ends = append(in.ends, ending{row.line, wrote, Event{Kind: Abolish, On: d.Until, Subjects: []int64{o.ID}, Basis: "单位名录导入"}})
	}
	switch {
	case wrote:
		in.report.Changed++
		in.acts = append(in.acts, ledger.Act{Kind: "unit.changed", Subject: subject(o.ID), Actor: in.actor, Data: map[string]string{"name": o.Name()}})
	case !ends:
		in.report.Same++
	}
	return nil
}

// contradicts tells what in a row is not an addition to what is known of a
// unit but a different history.
func (in *intake) contradicts(o *Organ, d Draft, parent int64) (column string, err error) {
	now := civil.Date{}
	switch {
	case parent != 0 && len(o.Parents) > 0 && !slices.ContainsFunc(o.Parents, func(p Parent) bool { return p.ID == parent }):
		return colParent, fault.New(fault.Conflict, "unit_moved", "“%s”在名录里的上级是“%s”。若是划转，请把它写进沿革表（划转）。", o.Name(), in.tree.NameOn(o.ParentOn(now), now))
	case !o.Since.IsZero() && !d.Since.IsZero() && d.Since != o.Since:
		return colSince, fault.New(fault.Conflict, "unit_since_differs", "名录里的设立日期是%s，请核对后改正表格。", o.Since)
	case o.Since.IsZero() && !d.Since.IsZero() && !in.tree.begins(o, d.Since):
		return colSince, fault.New(fault.Conflict, "unit_since_differs", "名录里有这一天以前的沿革，请核对后改正表格。")
	case !o.Until.IsZero() && !d.Until.IsZero() && d.Until != o.Until:
		return colUntil, fault.New(fault.Conflict, "unit_until_differs", "名录里的撤销日期是%s，请核对后改正表格。", o.Until)
	}
	return "", nil
}

// begins tells whether everything known of an organ is later than a day.
func (t *Tree) begins(o *Organ, day civil.Date) bool {
	if !o.Until.IsZero() && !day.Before(o.Until) {
		return false
	}
	return !slices.ContainsFunc(t.of[o.ID], func(i int) bool { return !t.events[i].On.After(day) })
}

// amend writes the plain properties and the additional names.
func (in *intake) amend(o *Organ, d Draft, parent int64) (wrote bool, err error) {
	after := *o
	after.Kind, after.Since = d.Kind, d.Since
	if d.Order != 0 {
		after.Order = d.Order
	}
	if in.sheet.has(colNote) {
		after.Note = d.Note
	}
	if in.sheet.has(colConfirmed) {
		after.Confirmed = d.Confirmed
	}
	if after.Kind != o.Kind || after.Since != o.Since || after.Order != o.Order || after.Note != o.Note || after.Confirmed != o.Confirmed {
		wrote = true
		if _, err := in.tx.Exec(in.ctx, "update unit_organs set kind = ?, sort = ?, since = ?, confirmed = ?, note = ? where id = ?",
			string(after.Kind), after.Order, after.Since, flag(after.Confirmed), after.Note, o.ID); err != nil {
			return wrote, err
		}
	}
	for _, n := range d.names() {
		if o.bore(n.Role, n.Text) || n.Role == Short && o.bore(Alias, n.Text) {
			continue
		}
		if n.Role == Short && o.named(Short, civil.Date{}) != "" {
			n.Role = Alias // the short name in use stays; the other one is known too
		}
		wrote = true
		if err := insertName(in.ctx, in.tx, o.ID, n); err != nil {
			return wrote, err
		}
	}
	if parent != 0 && len(o.Parents) == 0 {
		wrote = true
		err = insertParent(in.ctx, in.tx, o.ID, Parent{ID: parent})
	}
	return wrote, err
}
