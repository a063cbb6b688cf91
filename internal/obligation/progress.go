package obligation

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
)

// Progress is a unit's own words on how far a task of a work plan is, of one
// day. Every version of it is kept.
type Progress struct {
	ID           int64           `json:"id"`
	ObligationID int64           `json:"obligation_id"`
	UnitID       int64           `json:"unit_id"`
	On           civil.Date      `json:"on"`      // the day that it tells of
	Version      int             `json:"version"` // from 1
	Text         string          `json:"text"`
	Percent      *int            `json:"percent,omitempty"` // 0 to 100; nil: not told
	Figures      []Figure        `json:"figures,omitempty"`
	Records      []ProgressProof `json:"records,omitempty"`
	By           string          `json:"by"`
	At           time.Time       `json:"at"`
	AcceptedBy   string          `json:"accepted_by,omitempty"`
	AcceptedOn   civil.Date      `json:"accepted_on,omitzero"` // the public sees it from this day
	ReturnedWhy  string          `json:"returned_why,omitempty"`
}

// Figure is what has been reached of one target by the day, all told.
type Figure struct {
	Target   int         `json:"target"`   // its place among the obligation's targets, from 1
	Quantity json.Number `json:"quantity"` // exact, in the target's unit
}

// ProgressProof is a published record that shows what the words say.
type ProgressProof struct {
	RecordID int64  `json:"record_id"`
	Title    string `json:"title"`
	URL      string `json:"url"`
}

// ProgressState says where a version stands.
type ProgressState string

// The states.
const (
	ProgressTold     ProgressState = "told"     // 待主管部门确认
	ProgressAccepted ProgressState = "accepted" // 已确认
	ProgressReturned ProgressState = "returned" // 退回修改
)

// State is where the version stands.
func (p Progress) State() ProgressState {
	switch {
	case !p.AcceptedOn.IsZero():
		return ProgressAccepted
	case p.ReturnedWhy != "":
		return ProgressReturned
	}
	return ProgressTold
}

// maxProgressText is the largest number of characters of a report.
const maxProgressText = 5000

// SaveProgress writes a new version of a unit's report of a day. Version is the
// one that was edited, 0 for none; where another has been written since, it is
// a Conflict. It needs the office to accept it, unless the store's options let
// it be public at once.
func (s *Store) SaveProgress(ctx context.Context, tx *db.Tx, p Progress) (_ Progress, err error) {
	defer fault.Wrap(&err, "obligation.SaveProgress(%d, unit %d)", p.ObligationID, p.UnitID)
	o, err := readObligation(ctx, tx, "id = ?", p.ObligationID)
	if err != nil {
		return Progress{}, err
	}
	if err := p.check(o, tx.Today()); err != nil {
		return Progress{}, err
	}
	var newest int
	if err := tx.Row(ctx, "select coalesce(max(version), 0) from obligation_progress where obligation_id = ? and unit_id = ? and told_on = ?",
		[]any{p.ObligationID, p.UnitID, p.On}, &newest); err != nil {
		return Progress{}, err
	}
	if newest != p.Version {
		return Progress{}, fault.New(fault.Conflict, "progress_stale", "这份进展已有人改过（现为第%d稿）。请先看最新一稿，再把您的改动补进去。", newest)
	}
	p.Version, p.At, p.AcceptedBy, p.AcceptedOn, p.ReturnedWhy = newest+1, tx.Now, "", civil.Date{}, ""
	if s.openProgress {
		p.AcceptedOn = tx.Today()
	}
	var percent any
	if p.Percent != nil {
		percent = *p.Percent
	}
	err = tx.Row(ctx, `insert into obligation_progress (obligation_id, unit_id, told_on, version, content, percent, figures, records, written_by, written_at, accepted_by, accepted_on, returned_why)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, '') returning id`,
		[]any{p.ObligationID, p.UnitID, p.On, p.Version, p.Text, percent, listText(p.Figures), listText(p.Records), p.By, db.At(p.At), p.AcceptedOn}, &p.ID)
	if err != nil {
		return Progress{}, err
	}
	return p, p.append(ctx, tx, "obligation.progress_told", p.By)
}

var decimal = regexp.MustCompile(`^(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$`)

func (p Progress) check(o Obligation, today civil.Date) error {
	switch {
	case !slices.ContainsFunc(o.Units, func(a Assignment) bool { return a.UnitID == p.UnitID }):
		return fault.New(fault.Forbidden, "progress_unit", "这项任务没有分给本单位，不能填它的进展。")
	case strings.TrimSpace(p.Text) == "":
		return fault.New(fault.Invalid, "progress_text", "请写明做了什么、到哪一步。").At("text")
	case utf8.RuneCountInString(p.Text) > maxProgressText:
		return fault.New(fault.TooLarge, "progress_text", "进展最多%d字，请写要点，详细材料作为公开信息发布后对应过来。", maxProgressText).At("text")
	case p.On.After(today) || p.On.Before(o.StartsOn):
		return fault.New(fault.Invalid, "progress_day", "进展的日期要在%s到今天之间。", o.StartsOn.Chinese()).At("on")
	case p.Percent != nil && (*p.Percent < 0 || *p.Percent > 100):
		return fault.New(fault.Invalid, "progress_percent", "完成比例要在0到100之间，不清楚可以不填。").At("percent")
	}
	told := map[int]bool{}
	for _, f := range p.Figures {
		if f.Target < 1 || f.Target > len(o.Targets) || told[f.Target] {
			return fault.New(fault.Invalid, "progress_target", "第%d个指标不在这项任务里，或者填了两次。", f.Target).At("figures")
		}
		told[f.Target] = true
		if !decimal.MatchString(string(f.Quantity)) {
			return fault.New(fault.Invalid, "progress_quantity", "“%s”不是数字，请填累计完成数，例如 348 或 3.5。", fault.Clip(string(f.Quantity), 20)).At("figures.%d", f.Target)
		}
	}
	return nil
}

// AnswerProgress lets the office accept a report, which the public then sees,
// or return it with a reason. Only the newest version can be answered.
func (s *Store) AnswerProgress(ctx context.Context, tx *db.Tx, id int64, accept bool, why, actor string) (err error) {
	defer fault.Wrap(&err, "obligation.AnswerProgress(%d)", id)
	list, err := readProgress(ctx, tx, "p.id = ?", []any{id})
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return fault.New(fault.NotFound, "progress_unknown", "没有编号为%d的进展，请从列表里重新打开。", id)
	}
	p := list[0]
	var newest int
	if err := tx.Row(ctx, "select max(version) from obligation_progress where obligation_id = ? and unit_id = ? and told_on = ?",
		[]any{p.ObligationID, p.UnitID, p.On}, &newest); err != nil {
		return err
	}
	switch {
	case newest != p.Version:
		return fault.New(fault.Conflict, "progress_stale", "单位已改过这份进展，请看最新一稿。")
	case p.State() != ProgressTold:
		return fault.New(fault.Conflict, "progress_answered", "这份进展已经答复过了。")
	case !accept && strings.TrimSpace(why) == "":
		return fault.New(fault.Invalid, "progress_why", "请写明为什么退回、要补什么。").At("why")
	}
	if accept {
		if _, err := tx.Exec(ctx, "update obligation_progress set accepted_by = ?, accepted_on = ? where id = ?", actor, tx.Today(), id); err != nil {
			return err
		}
		return p.append(ctx, tx, "obligation.progress_accepted", actor)
	}
	if _, err := tx.Exec(ctx, "update obligation_progress set returned_why = ? where id = ?", why, id); err != nil {
		return err
	}
	return p.append(ctx, tx, "obligation.progress_returned", actor)
}

func (p Progress) append(ctx context.Context, tx *db.Tx, kind, actor string) error {
	_, err := ledger.Append(ctx, tx, ledger.Act{Kind: kind, Subject: fmt.Sprintf("obligation:%d", p.ObligationID), Actor: actor,
		Data: map[string]any{"progress": p.ID, "unit": p.UnitID, "on": p.On, "version": p.Version}})
	return err
}

// ProgressFilter narrows a list of reports. Zero fields do not.
type ProgressFilter struct {
	PlanID       int64
	ObligationID int64
	Units        []int64
	States       []ProgressState
	Public       bool // the newest accepted version of each day, as the public sees it
	Versions     bool // all versions, not only the newest of each day
}

// ProgressOf lists reports as they stood at the end of the day asOf: by task,
// then unit, then the newest day first.
func (s *Store) ProgressOf(ctx context.Context, f ProgressFilter, asOf civil.Date) (list []Progress, err error) {
	defer fault.Wrap(&err, "obligation.ProgressOf")
	conditions, args := "p.written_at < ?", []any{db.At(asOf.AddDays(1).Start())}
	add := func(on bool, condition string, values ...any) {
		if on {
			conditions, args = conditions+" and "+condition, append(args, values...)
		}
	}
	add(f.PlanID != 0, "i.plan_id = ?", f.PlanID)
	add(f.ObligationID != 0, "p.obligation_id = ?", f.ObligationID)
	add(len(f.Units) > 0, "p.unit_id in "+db.In(len(f.Units)), db.Args(f.Units)...)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		list, err = readProgress(ctx, tx, conditions, args)
		return err
	})
	return f.choose(list, asOf), err
}

// choose keeps what the filter asks for of a list that has the versions of one
// report together, the newest first.
func (f ProgressFilter) choose(list []Progress, asOf civil.Date) (chosen []Progress) {
	type report struct {
		obligation, unit int64
		on               civil.Date
	}
	seen := map[report]bool{}
	for _, p := range list {
		if p.AcceptedOn.After(asOf) {
			p.AcceptedBy, p.AcceptedOn = "", civil.Date{}
		}
		key := report{p.ObligationID, p.UnitID, p.On}
		if f.Public && p.State() != ProgressAccepted || !f.Versions && seen[key] {
			continue
		}
		seen[key] = true
		if len(f.States) == 0 || slices.Contains(f.States, p.State()) {
			chosen = append(chosen, p)
		}
	}
	return chosen
}

// Series is how far a unit is with one target, from report to report.
type Series struct {
	UnitID int64         `json:"unit_id"`
	No     int           `json:"no"` // place of the target, from 1
	Target Target        `json:"target"`
	Points []SeriesPoint `json:"points"` // oldest first
}

// SeriesPoint is one reported figure.
type SeriesPoint struct {
	On       civil.Date  `json:"on"`
	Quantity json.Number `json:"quantity"`
	Percent  int         `json:"percent"` // of the target, rounded down, at most 999
}

// SeriesOf makes the series of an obligation from its reports. Reports of
// other obligations are left out.
func SeriesOf(o Obligation, reports []Progress) (list []Series) {
	at := map[[2]int64]int{}
	for _, p := range reports {
		for _, f := range p.Figures {
			if p.ObligationID != o.ID || f.Target > len(o.Targets) {
				continue
			}
			key := [2]int64{p.UnitID, int64(f.Target)}
			i, ok := at[key]
			if !ok {
				i = len(list)
				at[key] = i
				list = append(list, Series{UnitID: p.UnitID, No: f.Target, Target: o.Targets[f.Target-1]})
			}
			list[i].Points = append(list[i].Points, SeriesPoint{p.On, f.Quantity, percentOf(f.Quantity, o.Targets[f.Target-1].Quantity)})
		}
	}
	for _, s := range list {
		slices.SortFunc(s.Points, func(a, b SeriesPoint) int { return a.On.Compare(b.On) })
	}
	slices.SortFunc(list, func(a, b Series) int { return cmp.Or(cmp.Compare(a.No, b.No), cmp.Compare(a.UnitID, b.UnitID)) })
	return list
}

// percentOf is exact: 348 of 349 is 99, not 100.
func percentOf(done, target json.Number) int {
	d, ok1 := new(big.Rat).SetString(string(done))
	t, ok2 := new(big.Rat).SetString(string(target))
	if !ok1 || !ok2 || t.Sign() <= 0 || d.Sign() <= 0 {
		return 0
	}
	q := d.Mul(d, big.NewRat(100, 1)).Quo(d, t)
	whole := new(big.Int).Quo(q.Num(), q.Denom())
	if whole.Cmp(big.NewInt(999)) > 0 {
		return 999
	}
	return int(whole.Int64())
}
