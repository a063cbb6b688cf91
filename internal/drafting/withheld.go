package drafting

import (
	"context"
	"database/sql"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/law"
	"gongkai/internal/ledger"
)

// Entry is one line of the register of what is not disclosed. Units look at it
// again on a day (条例第十八条); what they then disclose is released.
type Entry struct {
	DraftID     int64
	UnitID      int64
	Title       string
	Kind        string
	Ground      law.Ground
	Reason      string
	Listed      bool   // the public inventory shows title and ground
	By          string // actor
	On          civil.Date
	ReexamineOn civil.Date
	ExaminedOn  civil.Date // when it was last looked at again; zero: never
	ReleasedOn  civil.Date // when it was decided to disclose it; zero: still withheld
}

// Due tells whether it is time to look at the entry again.
func (e Entry) Due(today civil.Date) bool {
	return e.ReleasedOn.IsZero() && !e.ReexamineOn.After(today)
}

// withhold enters the draft in the register.
func (sit *situation) withhold(ctx context.Context) error {
	if err := sit.decide(ctx, NotDisclosed); err != nil {
		return err
	}
	d, in := sit.d, sit.in
	listed := in.Listed && in.Ground != law.GroundSecret // a secret's title may be one
	_, err := sit.tx.Exec(ctx, `insert into drafting_withheld (draft_id, unit_id, title, kind, ground, reason, listed, decided_by, decided_on, reexamine_on)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (draft_id) do update set unit_id = excluded.unit_id, title = excluded.title, kind = excluded.kind, ground = excluded.ground, reason = excluded.reason,
		listed = excluded.listed, decided_by = excluded.decided_by, decided_on = excluded.decided_on, reexamine_on = excluded.reexamine_on, released_on = null`,
		d.ID, d.UnitID, d.Title, d.Kind, string(in.Ground), in.Reason, bit(listed), sit.who.Actor(), sit.tx.Today(), in.ReexamineOn)
	return err
}

func (sit *situation) release(ctx context.Context) error {
	_, err := sit.tx.Exec(ctx, "update drafting_withheld set examined_on = ?, released_on = ? where draft_id = ?", sit.tx.Today(), sit.tx.Today(), sit.d.ID)
	if err != nil {
		return err
	}
	return sit.newRound(ctx)
}

// keep decides again what was decided, on the same ground.
func (sit *situation) keep(ctx context.Context) error {
	if err := sit.tx.Row(ctx, "select ground from drafting_withheld where draft_id = ?", []any{sit.d.ID}, &sit.in.Ground); err != nil {
		return err
	}
	if err := sit.decide(ctx, NotDisclosed); err != nil {
		return err
	}
	_, err := sit.tx.Exec(ctx, "update drafting_withheld set examined_on = ?, reexamine_on = ? where draft_id = ?", sit.tx.Today(), sit.in.ReexamineOn, sit.d.ID)
	return err
}

// Disclose says whether the public inventory shows title and ground of an entry.
// A state secret is never shown: its title may be one.
func (s *Store) Disclose(ctx context.Context, tx *db.Tx, who Who, draftID int64, listed bool) (err error) {
	defer fault.Wrap(&err, "drafting.Disclose(%d, %t)", draftID, listed)
	found, err := withheld(ctx, tx, " where draft_id = ? and released_on is null", draftID)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return fault.New(fault.NotFound, "withheld_unknown", "登记里没有这一条，或者它已经决定公开。请刷新页面。")
	}
	e := found[0]
	if err := allowed(who, access.RecordSecrecy, e.UnitID); err != nil {
		return err
	}
	if listed && e.Ground == law.GroundSecret {
		return fault.New(fault.Forbidden, "withheld_secret", "依法确定为国家秘密的信息，标题也不公布，不能列入公开的清单。")
	}
	if _, err := tx.Exec(ctx, "update drafting_withheld set listed = ? where draft_id = ?", bit(listed), draftID); err != nil {
		return err
	}
	_, err = ledger.Append(ctx, tx, ledger.Act{Kind: "draft.withheld_listed", Subject: Subject(draftID), Actor: who.Actor(), Data: map[string]any{"listed": listed}})
	return err
}

// WithheldFilter narrows the register. Zero fields do not.
type WithheldFilter struct {
	Units    []int64    // narrows what the person may see anyway
	DueBy    civil.Date // to be looked at again until this day
	Released bool       // also what has been released since
}

// WithheldList lists the register of the units that who may read, what is due first.
func (s *Store) WithheldList(ctx context.Context, who Who, f WithheldFilter) (list []Entry, err error) {
	defer fault.Wrap(&err, "drafting.WithheldList")
	var c conditions
	c.reach(who, access.RecordRead, "unit_id")
	c.add(len(f.Units) > 0, "unit_id in "+db.In(len(f.Units)), db.Args(f.Units)...)
	c.add(!f.DueBy.IsZero(), "reexamine_on <= ?", f.DueBy)
	c.add(!f.Released, "released_on is null")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		list, err = withheld(ctx, tx, c.where()+" order by reexamine_on, id", c.args...)
		return err
	})
	return list, err
}

// Inventory lists what the public may know to be withheld, newest first: title
// and ground, no reasons. units narrows it; none is all.
func (s *Store) Inventory(ctx context.Context, units []int64, limit int) (list []Entry, err error) {
	defer fault.Wrap(&err, "drafting.Inventory")
	var c conditions
	c.add(true, "listed = 1 and released_on is null")
	c.add(len(units) > 0, "unit_id in "+db.In(len(units)), db.Args(units)...)
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		list, err = withheld(ctx, tx, c.where()+" order by decided_on desc, id desc limit ?", append(c.args, limit)...)
		return err
	})
	for i := range list {
		list[i].Reason, list[i].By, list[i].DraftID = "", "", 0
	}
	return list, err
}

func withheld(ctx context.Context, tx *db.Tx, rest string, args ...any) (list []Entry, err error) {
	err = tx.Each(ctx, `select draft_id, unit_id, title, kind, ground, reason, listed, decided_by, decided_on, reexamine_on, examined_on, released_on
		from drafting_withheld`+rest, args, func(rows *sql.Rows) error {
		var e Entry
		var listed int
		err := rows.Scan(&e.DraftID, &e.UnitID, &e.Title, &e.Kind, &e.Ground, &e.Reason, &listed, &e.By, &e.On, &e.ReexamineOn, &e.ExaminedOn, &e.ReleasedOn)
		e.Listed = listed != 0
		list = append(list, e)
		return err
	})
	return list, err
}
