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
	"gongkai/internal/law"
	"gongkai/internal/obligation/workplan"
)

// candidate is a duty that a record may fulfil.
type candidate struct {
	duty  Duty
	rule  Rule
	match Match

	recordedOn civil.Date // the day on which the duty was written
}

// MatchEvidence makes a published record the evidence of the duties that it
// fulfils: by its kind, category and statutory category for duties whose
// window its day falls in, and by the codes that it names. It is called again
// whenever the record changes and withdraws what no longer holds. It gives the
// duties fulfilled. A code that no obligation has is an Invalid fault.
func (s *Store) MatchEvidence(ctx context.Context, tx *db.Tx, r RecordFacts) (duties []int64, err error) {
	defer fault.Wrap(&err, "obligation.MatchEvidence(%d)", r.ID)
	found, err := matching(ctx, tx, r)
	if err != nil {
		return nil, err
	}
	named, err := explicit(ctx, tx, r)
	if err != nil {
		return nil, err
	}
	want := map[int64]candidate{}
	for _, c := range append(found, named...) {
		want[c.duty.ID] = c
	}
	have, err := evidenceOfRecord(ctx, tx, r.ID)
	if err != nil {
		return nil, err
	}
	seen, err := seenBefore(ctx, tx, r.ID)
	if err != nil {
		return nil, err
	}
	for dutyID, e := range have {
		if _, still := want[dutyID]; still {
			continue
		}
		if err := leaveEvidence(ctx, tx, e, r); err != nil {
			return nil, err
		}
	}
	for id, c := range want {
		duties = append(duties, id)
		e := Evidence{DutyID: id, RecordID: r.ID, How: ByRecord, Title: r.Title, URL: r.URL, On: r.PublishedOn, LimitOn: s.limitOn(c.rule, r)}
		e.KnownOn = earlier(r.PublishedOn, tx.Today())
		if seen && c.recordedOn.Before(tx.Today()) {
			e.KnownOn = tx.Today()
		}
		if err := replaceEvidence(ctx, tx, e, have[id]); err != nil {
			return nil, err
		}
	}
	slices.Sort(duties)
	return duties, nil
}

// seenBefore tells whether the record was matched before, and notes that it is.
func seenBefore(ctx context.Context, tx *db.Tx, recordID int64) (bool, error) {
	n, err := tx.Exec(ctx, "insert into obligation_seen (record_id, seen_on) values (?, ?) on conflict (record_id) do nothing", recordID, tx.Today())
	return n == 0, err
}

func earlier(a, b civil.Date) civil.Date {
	if b.Before(a) {
		return b
	}
	return a
}

// replaceEvidence writes what a record is now for a duty that it was evidence
// of before (the zero value: was not). Another day of publication is another
// piece of evidence; what a person said of the link stays with it.
func replaceEvidence(ctx context.Context, tx *db.Tx, e, old Evidence) error {
	if old.ID != 0 {
		if old.On != e.On {
			if err := dropEvidence(ctx, tx, old, "", "公开日期已更正"); err != nil {
				return err
			}
			old.KnownOn = tx.Today()
		}
		e.ID, e.KnownOn, e.LinkedBy, e.Why, e.Note = old.ID, old.KnownOn, old.LinkedBy, old.Why, old.Note
		if e == old {
			return nil
		}
	}
	return putEvidence(ctx, tx, e)
}

// leaveEvidence is for a record that does not fulfil the duty by itself any
// more: a link made by hand stays and keeps in step with the record.
func leaveEvidence(ctx context.Context, tx *db.Tx, old Evidence, r RecordFacts) error {
	if !old.ByHand() {
		return dropEvidence(ctx, tx, old, "", "信息不再对应这项义务")
	}
	e := old
	e.Title, e.URL, e.On = r.Title, r.URL, r.PublishedOn
	return replaceEvidence(ctx, tx, e, old)
}

// RemoveEvidence takes back what a withdrawn record fulfilled, also by a link
// made by hand.
func (s *Store) RemoveEvidence(ctx context.Context, tx *db.Tx, recordID int64) (err error) {
	defer fault.Wrap(&err, "obligation.RemoveEvidence(%d)", recordID)
	have, err := evidenceOfRecord(ctx, tx, recordID)
	if err != nil {
		return err
	}
	for _, e := range have {
		if err := dropEvidence(ctx, tx, e, "", "信息已撤回"); err != nil {
			return err
		}
	}
	return nil
}

// AddEvidence adds one piece of evidence by hand. The same record for the same
// duty again replaces it.
func (s *Store) AddEvidence(ctx context.Context, tx *db.Tx, e Evidence) (err error) {
	defer fault.Wrap(&err, "obligation.AddEvidence(duty %d)", e.DutyID)
	if e.How == ByRecord && e.RecordID == 0 {
		return fault.New(fault.Invalid, "evidence_empty", "义务要由公开的信息来完成：请指明是哪一条信息；没有可公开的内容时用零报告。")
	}
	d, err := readDuty(ctx, tx, e.DutyID)
	if err != nil {
		return err
	}
	if e.On.Before(d.OpensOn) {
		return fault.New(fault.Invalid, "evidence_early", "这条信息公开于%s，早于事项开始的%s，不能作为完成的依据。", e.On.Chinese(), d.OpensOn.Chinese())
	}
	if e.KnownOn.IsZero() {
		e.KnownOn = earlier(e.On, tx.Today())
	}
	return putEvidence(ctx, tx, e)
}

// matching finds the duties of the record's unit that are open on its day and
// that it matches.
func matching(ctx context.Context, tx *db.Tx, r RecordFacts) ([]candidate, error) {
	keys := keysOf(r)
	list, err := candidates(ctx, tx, matchingQuery(len(keys)), slices.Concat([]any{r.UnitID}, db.Args(keys), []any{r.PublishedOn, r.PublishedOn}))
	return slices.DeleteFunc(list, func(c candidate) bool { return !c.match.Matches(r) }), err
}

// matchingQuery goes from the record's keys to the obligations and from there
// to the one unit's duties; cross join keeps that order, because a unit has
// many duties and a record few keys.
func matchingQuery(keys int) string {
	return candidateColumns + ` from obligation_keys k cross join obligation_items i cross join obligation_duties d
		where i.id = k.obligation_id and d.obligation_id = i.id and d.unit_id = ? and k.key in ` + db.In(keys) + `
		and d.opens_on <= ? and (d.closes_on is null or d.closes_on >= ?)` + candidateOrder
}

// namedQuery finds the duties of one obligation for one unit.
const namedQuery = candidateColumns + ` from obligation_items i join obligation_duties d on d.obligation_id = i.id
	where d.obligation_id = ? and d.unit_id = ? and d.opens_on <= ?` + candidateOrder

const (
	candidateColumns = "select " + dutyColumns + ", i.rule, i.match, nullif(d.recorded_on, '')"
	candidateOrder   = " and " + standing + " order by d.due_on, d.id"
)

// candidates reads duties that are still owed, earliest first.
func candidates(ctx context.Context, tx *db.Tx, query string, args []any) (list []candidate, err error) {
	err = tx.Each(ctx, query, args, func(rows *sql.Rows) error {
		var c candidate
		if err := rows.Scan(append(dutyInto(&c.duty), jsonColumn{&c.rule}, jsonColumn{&c.match}, &c.recordedOn)...); err != nil {
			return err
		}
		list = append(list, c)
		return nil
	})
	return list, err
}

// explicit finds the duties that the record names by CODE or CODE@PERIOD. A
// code without a period means the duty open on the record's day, or else the
// earliest one that is still unmet: a report that comes late.
func explicit(ctx context.Context, tx *db.Tx, r RecordFacts) (list []candidate, err error) {
	for _, name := range r.Explicit {
		code, period, dated := strings.Cut(name, "@")
		var id int64
		if err := tx.Row(ctx, "select coalesce(max(id), 0) from obligation_items where code = ?", []any{code}, &id); err != nil {
			return nil, err
		}
		if id == 0 {
			return nil, fault.New(fault.Invalid, "obligation_unknown", "没有编码为“%s”的公开事项，请核对编码，或先导入它所在的工作要点或目录。", fault.Clip(code, 40))
		}
		found, err := candidates(ctx, tx, namedQuery, []any{id, r.UnitID, r.PublishedOn})
		if err != nil {
			return nil, err
		}
		if c, ok := choose(found, period, dated, r); ok {
			list = append(list, c)
		}
	}
	return list, nil
}

func choose(found []candidate, period string, dated bool, r RecordFacts) (candidate, bool) {
	fits := []func(Duty) bool{
		func(d Duty) bool { return d.ClosesOn.IsZero() || !r.PublishedOn.After(d.ClosesOn) },
		func(d Duty) bool { return d.Met.On.IsZero() },
	}
	if dated {
		fits = []func(Duty) bool{func(d Duty) bool { return d.Period == period }}
	}
	for _, fit := range fits {
		if i := slices.IndexFunc(found, func(c candidate) bool { return fit(c.duty) }); i >= 0 {
			return found[i], true
		}
	}
	return candidate{}, false
}

// limitOn is the last day for this very record by the obligation's limit, where
// that counts from the day the information was formed (条例第二十六条).
func (s *Store) limitOn(rule Rule, r RecordFacts) civil.Date {
	l := rule.Limit
	if l == nil || l.Kind != workplan.Within || l.N == 0 || l.N > law.MaxDueDays || r.IssuedOn.IsZero() {
		return civil.Date{}
	}
	switch l.Unit {
	case workplan.Workdays:
		return s.calendar.AddWorkdays(r.IssuedOn, l.N)
	case workplan.Days:
		return r.IssuedOn.AddDays(l.N)
	case workplan.Months:
		return r.IssuedOn.AddMonths(l.N)
	}
	return civil.Date{}
}

const evidenceColumns = `id, duty_id, coalesce(record_id, 0), how, title, url, given_on, limit_on, signer, coalesce(signer_id, 0), note,
	known_on, linked_by, why, removed_on, removed_by, removed_why`

func scanEvidence(rows *sql.Rows) (e Evidence, err error) {
	err = rows.Scan(&e.ID, &e.DutyID, &e.RecordID, &e.How, &e.Title, &e.URL, &e.On, &e.LimitOn, &e.Signer, &e.SignerID, &e.Note,
		&e.KnownOn, &e.LinkedBy, &e.Why, &e.RemovedOn, &e.RemovedBy, &e.RemovedWhy)
	return e, err
}

// evidenceOfRecord is what a record fulfils, by duty.
func evidenceOfRecord(ctx context.Context, tx *db.Tx, recordID int64) (map[int64]Evidence, error) {
	have := map[int64]Evidence{}
	err := tx.Each(ctx, "select "+evidenceColumns+" from obligation_evidence where record_id = ? and removed_on is null", []any{recordID}, func(rows *sql.Rows) error {
		e, err := scanEvidence(rows)
		have[e.DutyID] = e
		return err
	})
	return have, err
}

// evidenceOf is the evidence of a duty as it stands, oldest first.
func evidenceOf(ctx context.Context, tx *db.Tx, dutyID int64) ([]Evidence, error) {
	list, err := allEvidence(ctx, tx, dutyID)
	return slices.DeleteFunc(list, func(e Evidence) bool { return !e.RemovedOn.IsZero() }), err
}

// allEvidence is what a duty has and had as evidence, oldest first.
func allEvidence(ctx context.Context, tx *db.Tx, dutyID int64) (list []Evidence, err error) {
	err = tx.Each(ctx, "select "+evidenceColumns+" from obligation_evidence where duty_id = ? order by given_on, id", []any{dutyID}, func(rows *sql.Rows) error {
		e, err := scanEvidence(rows)
		list = append(list, e)
		return err
	})
	return list, err
}

// putEvidence writes evidence and what the duty repeats of it.
func putEvidence(ctx context.Context, tx *db.Tx, e Evidence) error {
	var record any // null for nil reports: each is evidence of its own
	if e.RecordID != 0 {
		record = e.RecordID
	}
	var signer any
	if e.SignerID != 0 {
		signer = e.SignerID
	}
	_, err := tx.Exec(ctx, `insert into obligation_evidence (duty_id, record_id, how, title, url, given_on, limit_on, signer, signer_id, note, known_on, linked_by, why)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (duty_id, record_id) where removed_on is null do update set how = excluded.how, title = excluded.title, url = excluded.url,
		given_on = excluded.given_on, limit_on = excluded.limit_on, signer = excluded.signer, signer_id = excluded.signer_id, note = excluded.note,
		linked_by = excluded.linked_by, why = excluded.why`,
		e.DutyID, record, string(e.How), e.Title, e.URL, e.On, e.LimitOn, e.Signer, signer, e.Note, e.KnownOn, e.LinkedBy, e.Why)
	if err != nil {
		return err
	}
	return refreshMet(ctx, tx, e.DutyID)
}

// dropEvidence takes evidence back; history keeps it.
func dropEvidence(ctx context.Context, tx *db.Tx, e Evidence, by, why string) error {
	if _, err := tx.Exec(ctx, "update obligation_evidence set removed_on = ?, removed_by = ?, removed_why = ? where id = ?", tx.Today(), by, why, e.ID); err != nil {
		return err
	}
	return refreshMet(ctx, tx, e.DutyID)
}

// refreshMet repeats in the duty what FirstMet says of its evidence.
func refreshMet(ctx context.Context, tx *db.Tx, dutyID int64) error {
	list, err := evidenceOf(ctx, tx, dutyID)
	if err != nil {
		return err
	}
	met := FirstMet(list)
	n, err := tx.Exec(ctx, "update obligation_duties set met_on = ?, met_how = ?, changed_on = ? where id = ?", met.On, nullable(string(met.How)), tx.Today(), dutyID)
	if err == nil && n != 1 {
		return fmt.Errorf("duty %d is gone", dutyID)
	}
	return err
}

// nullable stores "" as null.
func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}
