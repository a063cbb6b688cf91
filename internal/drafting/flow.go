package drafting

import (
	"context"
	"database/sql"
	"slices"
	"strconv"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
)

// Flow says which steps drafts of a unit take. Secrecy review is always one of
// them and is never done by who wrote the text, so that no flow lets one
// person publish alone. Where nobody signs, clearing is what releases and
// wants the person to show again who they are.
type Flow struct {
	UnitID int64  // whose setting it is: the draft's unit or one above it; 0 for the default
	Kind   string // of publications; empty for all
	Review bool   // content review before secrecy review
	Sign   bool   // signing off after it
}

// FullFlow is what units take that have no setting.
var FullFlow = Flow{Review: true, Sign: true}

// Label is the flow in words.
func (f Flow) Label() string {
	words := "起草"
	if f.Review {
		words += "→审核"
	}
	words += "→保密审查"
	if f.Sign {
		words += "→签发"
	}
	return words + "→发布"
}

func (f Flow) holds(when string) bool {
	return when == whenReview && f.Review || when == whenSign && f.Sign
}

// SetFlow sets the steps of a unit and all below it that have no setting of
// their own, for one kind or for all. It does not move drafts that are under
// way; they take the new steps from where they stand.
func (s *Store) SetFlow(ctx context.Context, tx *db.Tx, who Who, f Flow) (err error) {
	defer fault.Wrap(&err, "drafting.SetFlow(%d, %q)", f.UnitID, f.Kind)
	if err := allowed(who, access.FlowManage, f.UnitID); err != nil {
		return err
	}
	if err := s.checkFlow(ctx, tx, f); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into drafting_flows (unit_id, kind, review, sign, by_actor, at) values (?, ?, ?, ?, ?, ?)
		on conflict (unit_id, kind) do update set review = excluded.review, sign = excluded.sign, by_actor = excluded.by_actor, at = excluded.at`,
		f.UnitID, f.Kind, bit(f.Review), bit(f.Sign), who.Actor(), db.At(tx.Now))
	if err != nil {
		return err
	}
	return s.tellFlow(ctx, tx, who, f, map[string]any{"kind": f.Kind, "review": f.Review, "sign": f.Sign})
}

// ClearFlow takes a setting back: what is set above holds again.
func (s *Store) ClearFlow(ctx context.Context, tx *db.Tx, who Who, unitID int64, kind string) (err error) {
	defer fault.Wrap(&err, "drafting.ClearFlow(%d, %q)", unitID, kind)
	if err := allowed(who, access.FlowManage, unitID); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, "delete from drafting_flows where unit_id = ? and kind = ?", unitID, kind)
	if err != nil || n == 0 {
		return err
	}
	return s.tellFlow(ctx, tx, who, Flow{UnitID: unitID, Kind: kind}, map[string]any{"kind": kind, "cleared": true})
}

func (s *Store) checkFlow(ctx context.Context, tx *db.Tx, f Flow) error {
	tree, err := s.Records.Units.Tree(ctx, tx)
	if err != nil {
		return err
	}
	if _, ok := tree.Get(f.UnitID); !ok {
		return fault.New(fault.NotFound, "unit_unknown", "没有编号为 %d 的机构，请从机构列表里选。", f.UnitID)
	}
	if _, ok := s.Records.Kinds.Get(f.Kind); f.Kind != "" && !ok {
		return fault.New(fault.Invalid, "kind_unknown", "没有“%s”这个种类，可用的有：%s。", fault.Clip(f.Kind, 40), s.Records.Kinds.Codes())
	}
	return nil
}

func (s *Store) tellFlow(ctx context.Context, tx *db.Tx, who Who, f Flow, data any) error {
	_, err := ledger.Append(ctx, tx, ledger.Act{Kind: "flow.set", Subject: "unit:" + strconv.FormatInt(f.UnitID, 10), Actor: who.Actor(), Data: data})
	return err
}

// Flows lists all settings by unit and kind.
func (s *Store) Flows(ctx context.Context) (list []Flow, err error) {
	defer fault.Wrap(&err, "drafting.Flows")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		list, err = flows(ctx, tx)
		return err
	})
	return list, err
}

func flows(ctx context.Context, tx *db.Tx) (list []Flow, err error) {
	err = tx.Each(ctx, "select unit_id, kind, review, sign from drafting_flows order by unit_id, kind", nil, func(rows *sql.Rows) error {
		var f Flow
		var review, sign int
		err := rows.Scan(&f.UnitID, &f.Kind, &review, &sign)
		f.Review, f.Sign = review != 0, sign != 0
		list = append(list, f)
		return err
	})
	return list, err
}

// FlowOf is the flow that a draft of a unit and kind takes: the unit's own
// setting, or that of the nearest unit above it; for the kind before for all.
func (s *Store) FlowOf(ctx context.Context, unitID int64, kind string) (f Flow, err error) {
	defer fault.Wrap(&err, "drafting.FlowOf(%d, %q)", unitID, kind)
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		f, err = s.flowOf(ctx, tx, unitID, kind)
		return err
	})
	return f, err
}

func (s *Store) flowOf(ctx context.Context, tx *db.Tx, unitID int64, kind string) (Flow, error) {
	of, err := s.flowFinder(ctx, tx)
	if err != nil {
		return Flow{}, err
	}
	return of(unitID, kind), nil
}

// flowFinder reads the settings, which are few, once for many drafts.
func (s *Store) flowFinder(ctx context.Context, tx *db.Tx) (func(unitID int64, kind string) Flow, error) {
	tree, err := s.Records.Units.Tree(ctx, tx)
	if err != nil {
		return nil, err
	}
	list, err := flows(ctx, tx)
	if err != nil {
		return nil, err
	}
	type key struct {
		unitID int64
		kind   string
	}
	set := make(map[key]Flow, len(list))
	for _, f := range list {
		set[key{f.UnitID, f.Kind}] = f
	}
	return func(unitID int64, kind string) Flow {
		path := tree.Path(unitID, tx.Today())
		for _, id := range slices.Backward(path) {
			for _, k := range []string{kind, ""} {
				if f, ok := set[key{id, k}]; ok {
					return f
				}
			}
		}
		return FullFlow
	}, nil
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
