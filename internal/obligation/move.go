package obligation

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/unit"
)

// MoveRequest hands the duties of one unit to others after a reorganisation.
type MoveRequest struct {
	From         int64
	On           civil.Date      // the first day of the new state
	To           int64           // takes over what ByObligation does not name; 0: the one successor, where there is one
	ByObligation map[int64]int64 // obligation → unit; From itself keeps
	Reason       string          // the document that ordered it
	Actor        string
}

// MoveLine is what a move does with one obligation of the unit.
type MoveLine struct {
	ObligationID int64  `json:"obligation_id"`
	PlanID       int64  `json:"plan_id"`
	Code         string `json:"code"`
	Section      string `json:"section"`
	Title        string `json:"title"`
	Role         Role   `json:"role"`
	To           int64  `json:"to"`   // 0: not decided yet; the unit itself: it keeps
	Open         int    `json:"open"` // unmet duties, which go over
	Done         int    `json:"done"` // met or not applicable, which stay as they are
}

// MovePlan is what a move would do.
type MovePlan struct {
	From       int64      `json:"from"`
	On         civil.Date `json:"on"`
	Successors []int64    `json:"successors"` // who may take over, by the directory
	Continues  bool       `json:"continues"`  // the unit itself goes on
	Lines      []MoveLine `json:"lines"`
	Open       int        `json:"open"`      // duties that go over
	Undecided  int        `json:"undecided"` // obligations without a successor
}

// EventMoves are the moves that a reorganisation asks for: one for each unit
// that ends or is divided. Renaming and moving below another parent move no
// duties, because the unit stays who it is.
func EventMoves(e unit.Event) (list []MoveRequest) {
	if e.Kind != unit.Merge && e.Kind != unit.Split && e.Kind != unit.Abolish {
		return nil
	}
	for _, from := range e.Subjects {
		r := MoveRequest{From: from, On: e.On, Reason: e.Basis}
		if len(e.Successors) == 1 && !e.Continues {
			r.To = e.Successors[0]
		}
		list = append(list, r)
	}
	return list
}

// successors are who may take over from a unit on a day, and whether it goes on
// itself.
func successors(tree *unit.Tree, from int64, on civil.Date) (list []int64, continues bool) {
	for _, o := range tree.Now(from, on) {
		if o.ID == from {
			continues = true
		} else {
			list = append(list, o.ID)
		}
	}
	for _, e := range tree.Events(from) {
		if e.Kind == unit.Split && e.Continues && slices.Contains(e.Subjects, from) && !e.On.After(on) {
			list = append(list, e.Successors...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list), continues
}

// MovePreview tells what Move would do, and changes nothing.
func (s *Store) MovePreview(ctx context.Context, tx *db.Tx, tree *unit.Tree, r MoveRequest) (p MovePlan, err error) {
	defer fault.Wrap(&err, "obligation.MovePreview(%d)", r.From)
	if _, ok := tree.Get(r.From); !ok {
		return MovePlan{}, fault.New(fault.NotFound, "move_unit", "名录里没有编号为%d的单位，请从列表里选。", r.From)
	}
	p = MovePlan{From: r.From, On: r.On}
	p.Successors, p.Continues = successors(tree, r.From, r.On)
	for _, to := range append([]int64{r.To}, valuesOf(r.ByObligation)...) {
		if o, ok := tree.Get(to); to != 0 && (!ok || !o.Holds(r.On)) {
			return MovePlan{}, fault.New(fault.Invalid, "move_to", "“%s”在%s不存在，不能承接。请另选承接单位。", tree.NameOn(to, r.On), r.On.Chinese())
		}
	}
	err = tx.Each(ctx, `select i.id, i.plan_id, i.code, i.section, i.title, a.role,
		(select count(*) from obligation_duties d where d.obligation_id = i.id and d.unit_id = a.unit_id and `+movable+`),
		(select count(*) from obligation_duties d where d.obligation_id = i.id and d.unit_id = a.unit_id and not (`+movable+`) and `+standing+`)
		from obligation_assignments a join obligation_items i on i.id = a.obligation_id
		where a.unit_id = ? and i.retired_on is null order by i.plan_id, i.position, i.id`, []any{r.From}, func(rows *sql.Rows) error {
		var l MoveLine
		if err := rows.Scan(&l.ObligationID, &l.PlanID, &l.Code, &l.Section, &l.Title, &l.Role, &l.Open, &l.Done); err != nil {
			return err
		}
		l.To = r.to(l.ObligationID, p)
		switch l.To {
		case 0:
			p.Undecided++
		case r.From:
		default:
			p.Open += l.Open
		}
		p.Lines = append(p.Lines, l)
		return nil
	})
	return p, err
}

// to is who takes over an obligation; 0 where nobody is named.
func (r MoveRequest) to(obligationID int64, p MovePlan) int64 {
	if to, ok := r.ByObligation[obligationID]; ok {
		return to
	}
	switch {
	case r.To != 0:
		return r.To
	case p.Continues:
		return r.From
	case len(p.Successors) == 1:
		return p.Successors[0]
	}
	return 0
}

func valuesOf(m map[int64]int64) (list []int64) {
	for _, v := range m {
		list = append(list, v)
	}
	return list
}

// Move hands over what MovePreview tells: obligations of all plans in force,
// with their unmet duties of all periods. What was met stays with the unit that
// met it. Records that the successor has published already count after
// publication matches them again.
func (s *Store) Move(ctx context.Context, tx *db.Tx, tree *unit.Tree, r MoveRequest) (p MovePlan, err error) {
	defer fault.Wrap(&err, "obligation.Move(%d)", r.From)
	if strings.TrimSpace(r.Reason) == "" {
		return MovePlan{}, fault.New(fault.Invalid, "move_reason", "请写明依据的文件，例如机构改革方案的名称和文号。").At("reason")
	}
	if p, err = s.MovePreview(ctx, tx, tree, r); err != nil {
		return MovePlan{}, err
	}
	if p.Undecided > 0 {
		return MovePlan{}, fault.New(fault.Invalid, "move_undecided", "还有%d项事项没有定由谁承接，请逐项选定，或选一个默认的承接单位。", p.Undecided)
	}
	moved := map[int64]int{}
	for _, l := range p.Lines {
		if l.To == r.From {
			continue
		}
		if err := handOverAll(ctx, tx, "d.obligation_id = ? and d.unit_id = ?", []any{l.ObligationID, r.From}, l.To, r.Reason, r.Actor); err != nil {
			return MovePlan{}, err
		}
		if err := reassign(ctx, tx, l.ObligationID, r.From, l.To, r.Actor); err != nil {
			return MovePlan{}, err
		}
		moved[l.To] += l.Open
	}
	_, err = ledger.Append(ctx, tx, ledger.Act{Kind: "obligation.duties_moved", Subject: fmt.Sprintf("unit:%d", r.From), Actor: r.Actor,
		Data: map[string]any{"on": r.On, "duties": moved, "obligations": len(p.Lines), "reason": r.Reason}})
	return p, err
}

// movable is what a duty d satisfies that goes over to another unit.
const movable = "d.met_on is null and (d.exempt is null or d.exempt = 'disputed')"

// handOver gives one duty to another unit.
func handOver(ctx context.Context, tx *db.Tx, d Duty, to int64, reason, actor string) error {
	return handOverAll(ctx, tx, "d.id = ?", []any{d.ID}, to, reason, actor)
}

// handOverAll gives the movable duties d of a condition to another unit. Where
// that has one of the same period already, it keeps its own.
func handOverAll(ctx context.Context, tx *db.Tx, where string, args []any, to int64, reason, actor string) error {
	where = "(" + where + ") and " + movable
	today := tx.Today()
	const same = "t.obligation_id = d.obligation_id and t.period = d.period"
	back := "select t.id from obligation_duties t where t.unit_id = ? and t.exempt in ('moved', 'retired') and exists (select 1 from obligation_duties d where " + same + " and " + where + ")"
	for _, step := range []struct {
		query string
		args  []any
	}{
		{"update obligation_exceptions set lifted_on = ? where lifted_on is null and duty_id in (" + back + ")", []any{today, to}},
		{"update obligation_duties set exempt = null, changed_on = ? where id in (" + back + ")", []any{today, to}},
		{`insert into obligation_duties (obligation_id, plan_id, unit_id, period, role, opens_on, closes_on, due_on, laid_on, recorded_on, changed_on)
			select d.obligation_id, d.plan_id, cast(? as bigint), d.period, d.role, d.opens_on, d.closes_on, d.due_on, cast(? as text), cast(? as text), cast(? as text)
			from obligation_duties d where ` + where + ` order by d.id on conflict (obligation_id, unit_id, period) do nothing`, []any{to, today, today, today}},
		{"update obligation_claims set state = 'overtaken', decided_by = ?, decided_on = ? where state = 'asked' and duty_id in (select d.id from obligation_duties d where " + where + ")", []any{actor, today}},
		{"update obligation_exceptions set lifted_on = ? where lifted_on is null and duty_id in (select d.id from obligation_duties d where " + where + ")", []any{today}},
		{`insert into obligation_exceptions (duty_id, kind, reason, given_by, given_on)
			select d.id, 'moved', cast(? as text), cast(? as text), cast(? as text) from obligation_duties d where ` + where + " order by d.id", []any{reason, actor, today}},
		{"update obligation_duties set exempt = 'moved', asked = null, changed_on = ? where id in (select d.id from obligation_duties d where " + where + ")", []any{today}},
	} {
		if _, err := tx.Exec(ctx, step.query, slices.Concat(step.args, args)...); err != nil {
			return err
		}
	}
	return nil
}

// reassign lets the obligation's coming duties be the other unit's.
func reassign(ctx context.Context, tx *db.Tx, obligationID, from, to int64, actor string) error {
	o, err := readObligation(ctx, tx, "id = ?", obligationID)
	if err != nil {
		return err
	}
	units := follow(o.Units, []step{{from, to}})
	if _, err := tx.Exec(ctx, "delete from obligation_assignments where obligation_id = ?", obligationID); err != nil {
		return err
	}
	if err := insertAssignments(ctx, tx, obligationID, units); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "insert into obligation_moves (obligation_id, from_unit, to_unit, moved_on, moved_by) values (?, ?, ?, ?, ?)",
		obligationID, from, to, tx.Today(), actor)
	return err
}

// step is one unit's place taken by another.
type step struct{ from, to int64 }

// follow puts successors in the places of units. A unit that is assigned
// already keeps its own place unless the other was stronger.
func follow(units []Assignment, steps []step) []Assignment {
	for _, st := range steps {
		i := slices.IndexFunc(units, func(a Assignment) bool { return a.UnitID == st.from })
		if i < 0 {
			continue
		}
		gone := units[i]
		units = slices.Delete(slices.Clone(units), i, i+1)
		gone.UnitID = st.to
		j := slices.IndexFunc(units, func(a Assignment) bool { return a.UnitID == st.to })
		switch {
		case j < 0:
			units = append(units, gone)
		case roleOrder[gone.Role] < roleOrder[units[j].Role]:
			units[j] = gone
		}
	}
	return units
}

// followed is the draft with every unit that was moved replaced by who took
// over. Hashes stay those of the draft as it was given.
func (d Draft) followed(ctx context.Context, tx *db.Tx, planID int64) (Draft, error) {
	steps := map[string][]step{}
	err := tx.Each(ctx, "select i.code, m.from_unit, m.to_unit from obligation_moves m join obligation_items i on i.id = m.obligation_id where i.plan_id = ? order by m.id",
		[]any{planID}, func(rows *sql.Rows) error {
			var code string
			var st step
			err := rows.Scan(&code, &st.from, &st.to)
			steps[code] = append(steps[code], st)
			return err
		})
	if err != nil || len(steps) == 0 {
		return d, err
	}
	d.Obligations = slices.Clone(d.Obligations)
	for i := range d.Obligations {
		o := &d.Obligations[i]
		if st := steps[o.Code]; st != nil {
			o.hash = hashOf(*o)
			o.Units = follow(o.Units, st)
		}
	}
	return d, nil
}
