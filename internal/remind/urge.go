package remind

import (
	"context"
	"slices"
	"strconv"

	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/obligation"
)

// Urged says whom the office's word has reached.
type Urged struct {
	Told int // people who have a new notice
	Had  int // people who had one that day, or hear of nothing for a while
}

// Urge tells those who hold duties, and the heads of their units, that the
// office wants them done, whether or not a day of the ladder has come. It is a
// notice like any other: nobody has two on one day. Duties that are met or
// excepted are left out; where none is left, or nobody is there to be told, it
// is a Conflict.
func (r *Reminder) Urge(ctx context.Context, tx *db.Tx, duties []obligation.DutyView, actor string) (u Urged, err error) {
	defer fault.Wrap(&err, "remind.Urge")
	lines, people, ids, err := r.urgent(ctx, tx, duties)
	if err != nil {
		return u, err
	}
	if len(ids) == 0 {
		return u, fault.New(fault.Conflict, "urge_none", "这里没有到期前要催办的事项：都已经办了，或者不适用。")
	}
	for _, p := range people {
		if len(lines[p.ID]) == 0 {
			continue
		}
		had, paused, err := today(ctx, tx, p.ID, tx.Today())
		if err != nil {
			return u, err
		}
		if had || paused {
			u.Had++
			continue
		}
		id, err := keep(ctx, tx, p.ID, tx.Today(), lines[p.ID])
		if err != nil {
			return u, err
		}
		if id != 0 {
			u.Told++
			if err := r.post(ctx, tx, p, id); err != nil {
				return u, err
			}
		}
	}
	if u.Told+u.Had == 0 {
		return u, fault.New(fault.Conflict, "urge_nobody", "这些单位还没有信息员和负责人的账号，没有人可以提醒。请联系系统管理员建立账号。")
	}
	_, err = ledger.Append(ctx, tx, ledger.Act{Kind: "remind.urged", Subject: "duty:" + strconv.FormatInt(ids[0], 10), Actor: actor,
		Data: map[string]any{"duties": ids, "told": u.Told, "had": u.Had}})
	return u, err
}

// urgent makes the lines of duties that are still owed, by person.
func (r *Reminder) urgent(ctx context.Context, tx *db.Tx, duties []obligation.DutyView) (lines map[int64][]Line, people []Person, ids []int64, err error) {
	keys := make([]string, len(duties))
	for i, d := range duties {
		keys[i] = dutyKey + strconv.FormatInt(d.ID, 10)
	}
	open := map[string]bool{}
	for _, source := range r.Sources {
		found, err := source.Open(ctx, tx, keys)
		if err != nil {
			return nil, nil, nil, err
		}
		for k, ok := range found {
			open[k] = open[k] || ok
		}
	}
	if people, err = r.People.People(ctx, tx); err != nil {
		return nil, nil, nil, err
	}
	tree, err := r.Units.Tree(ctx, tx)
	if err != nil {
		return nil, nil, nil, err
	}
	roster, lines := newRoster(people), map[int64][]Line{}
	for i, d := range duties {
		if !open[keys[i]] {
			continue
		}
		ids = append(ids, d.ID)
		t := dutyTask(d)
		for id, as := range roster.told(t, Holders|UnitHeads) {
			lines[id] = append(lines[id], Line{Key: t.Key, Kind: t.Kind, As: as, UnitID: t.UnitID, Unit: tree.ShortOn(t.UnitID, tx.Today()), Title: t.Title, Path: t.Path, Due: t.Due})
		}
	}
	slices.Sort(ids)
	return lines, people, ids, nil
}
