package obligation

import (
	"encoding/json"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
)

// first is the first duty of a unit by due day.
func first(t *testing.T, s *Store, unit int64, today civil.Date) DutyView {
	t.Helper()
	page, err := s.Duties(ctx, DutyFilter{Units: []int64{unit}}, today)
	if err != nil || len(page.Duties) == 0 {
		t.Fatalf("%d duties of unit %d: %v", len(page.Duties), unit, err)
	}
	return page.Duties[0]
}

// refused runs f and wants a fault of the kind and code.
func refused(t *testing.T, store *db.DB, kind fault.Kind, code string, f func(tx *db.Tx) error) {
	t.Helper()
	err := store.Update(ctx, f)
	if e, _ := fault.Of(err); e == nil || e.Kind != kind || e.Code != code {
		t.Errorf("got %v, want %v %s", err, kind, code)
	}
}

func TestLinkByHand(t *testing.T) {
	eachMoving(t, "2021-06-11", func(t *testing.T, store *db.DB, clock *moving) {
		s := NewStore(store, Options{})
		save(t, store, s, draft(), owner)
		d := first(t, s, 2, june) // due 2021-06-30
		record := RecordFacts{ID: 9, Title: "规划专栏", URL: "/documents/9", PublishedOn: civil.MustDate("2021-06-20"), UnitID: 2}
		clock.set(civil.MustDate("2021-07-10"))
		link := Link{DutyID: d.ID, Record: record, Why: "专栏就是这条信息", Actor: "user:2"}
		update(t, store, func(tx *db.Tx) error { return s.Link(ctx, tx, link) })
		v, err := s.Duty(ctx, d.ID, clock.day())
		if err != nil || v.State != Fulfilled || len(v.Evidence) != 1 || !v.Evidence[0].ByHand() || v.Evidence[0].Why != link.Why {
			t.Fatalf("linked: %+v, %v", v, err)
		}
		for id, want := range map[int64]int{record.ID: 1, record.ID + 1: 0} {
			if page, err := s.Duties(ctx, DutyFilter{RecordID: id}, clock.day()); err != nil || len(page.Duties) != want {
				t.Errorf("record %d is evidence of %d duties, want %d; %v", id, len(page.Duties), want, err)
			}
		}
		if v, _ := s.Duty(ctx, d.ID, civil.MustDate("2021-07-05")); v.State != Overdue {
			t.Errorf("before the link was made: %v, want %v", v.State, Overdue)
		}
		refused(t, store, fault.Conflict, "link_twice", func(tx *db.Tx) error { return s.Link(ctx, tx, link) })

		// The record changes; the link stays and follows it.
		clock.next(1)
		record.Title, record.Statutory = "规划公开专栏", "20-7"
		update(t, store, func(tx *db.Tx) error { _, err := s.MatchEvidence(ctx, tx, record); return err })
		v, err = s.Duty(ctx, d.ID, clock.day())
		if err != nil || v.State != Fulfilled || v.Evidence[0].Title != "规划公开专栏" || !v.Evidence[0].ByHand() {
			t.Errorf("after the record changed: %+v, %v", v.Evidence, err)
		}
		update(t, store, func(tx *db.Tx) error { return s.Unlink(ctx, tx, v.Evidence[0].ID, "专栏不是这一个", "user:2") })
		v, err = s.Duty(ctx, d.ID, clock.day())
		if err != nil || v.State != Overdue || len(v.Former) != 1 || v.Former[0].RemovedBy != "user:2" || v.Former[0].RemovedWhy != "专栏不是这一个" {
			t.Errorf("unlinked: %v %+v, %v", v.State, v.Former, err)
		}
		// What matches by itself is not taken back by hand.
		other, err := s.Duties(ctx, DutyFilter{Units: []int64{2}, States: []State{Fulfilled}}, clock.day())
		if err != nil || len(other.Duties) != 1 {
			t.Fatal(other, err)
		}
		auto, err := s.Duty(ctx, other.Duties[0].ID, clock.day())
		if err != nil {
			t.Fatal(err)
		}
		refused(t, store, fault.Conflict, "link_automatic", func(tx *db.Tx) error { return s.Unlink(ctx, tx, auto.Evidence[0].ID, "不是", "user:2") })
		refused(t, store, fault.Conflict, "link_gone", func(tx *db.Tx) error { return s.Unlink(ctx, tx, v.Former[0].ID, "不是", "user:2") })
		early := Link{DutyID: d.ID, Record: RecordFacts{ID: 10, PublishedOn: civil.MustDate("2020-01-01")}, Why: "早先公开过", Actor: "user:2"}
		refused(t, store, fault.Invalid, "evidence_early", func(tx *db.Tx) error { return s.Link(ctx, tx, early) })
		refused(t, store, fault.Invalid, "link_reason", func(tx *db.Tx) error {
			return s.Link(ctx, tx, Link{DutyID: d.ID, Record: record, Why: " ", Actor: "user:2"})
		})
		refused(t, store, fault.NotFound, "evidence_unknown", func(tx *db.Tx) error { return s.Unlink(ctx, tx, 999, "不是", "user:2") })
	})
}

func TestNilReportIsSignedAndWithdrawn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		s := NewStore(store, Options{})
		save(t, store, s, draft(), owner)
		d := first(t, s, 2, june)
		refused(t, store, fault.Invalid, "nil_report_signer", func(tx *db.Tx) error {
			return s.SignNil(ctx, tx, d.ID, Signature{Words: "局长"}, "没有", "user:5")
		})
		refused(t, store, fault.Invalid, "nil_report_note", func(tx *db.Tx) error {
			return s.SignNil(ctx, tx, d.ID, Signature{5, "局长"}, "", "user:5")
		})
		refused(t, store, fault.Conflict, "nil_report_none", func(tx *db.Tx) error { return s.WithdrawNil(ctx, tx, d.ID, "误报", "user:5") })
		update(t, store, func(tx *db.Tx) error {
			return s.SignNil(ctx, tx, d.ID, Signature{5, "局长"}, "本期没有编制规划", "user:5")
		})
		v, err := s.Duty(ctx, d.ID, june)
		if err != nil || v.State != NilReport || v.Evidence[0].SignerID != 5 || v.Evidence[0].Signer != "局长" {
			t.Fatalf("signed: %+v, %v", v, err)
		}
		refused(t, store, fault.Invalid, "link_nil", func(tx *db.Tx) error { return s.Unlink(ctx, tx, v.Evidence[0].ID, "误报", "user:5") })
		refused(t, store, fault.Invalid, "removal_reason", func(tx *db.Tx) error { return s.WithdrawNil(ctx, tx, d.ID, "", "user:5") })
		update(t, store, func(tx *db.Tx) error { return s.WithdrawNil(ctx, tx, d.ID, "其实编制了规划", "user:5") })
		if v, err = s.Duty(ctx, d.ID, june); err != nil || !v.Met.On.IsZero() || len(v.Evidence) != 0 || len(v.Former) != 1 {
			t.Errorf("withdrawn: %+v, %v", v, err)
		}
	})
}

func TestClaims(t *testing.T) {
	type answered struct {
		state  State
		due    string
		exempt Exemption
		units  int // that now owe the obligation
	}
	tests := []struct {
		name   string
		kind   ClaimKind
		ground Ground
		answer Answer
		open   State // while the claim is open
		want   answered
	}{
		{"exemption granted", ForExemption, "", Answer{Grant: true, Remedy: ToExempt}, NotDue, answered{NotApplicableState, "2021-12-31", NotApplicable, 2}},
		{"exemption refused", ForExemption, "", Answer{}, NotDue, answered{NotDue, "2021-12-31", "", 2}},
		{"dispute refused", ForDispute, WrongUnit, Answer{}, DisputedState, answered{NotDue, "2021-12-31", "", 2}},
		{"dispute: not applicable", ForDispute, OtherGround, Answer{Grant: true, Remedy: ToExempt}, DisputedState, answered{NotApplicableState, "2021-12-31", NotApplicable, 2}},
		{"dispute: another unit", ForDispute, WrongUnit, Answer{Grant: true, Remedy: ToReassign, ToUnit: 3}, DisputedState, answered{NotApplicableState, "2021-12-31", Moved, 2}},
		{"dispute: another day", ForDispute, WrongPeriod, Answer{Grant: true, Remedy: ToRedate, ToDue: civil.MustDate("2022-03-31")}, DisputedState, answered{NotDue, "2022-03-31", "", 2}},
	}
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				empty(t, store)
				s := NewStore(store, Options{})
				save(t, store, s, draft(), owner)
				o, err := s.ByCode(ctx, "甲发〔2021〕1号/3")
				if err != nil {
					t.Fatal(err)
				}
				page, err := s.Duties(ctx, DutyFilter{ObligationID: o.ID, Units: []int64{2}}, june)
				if err != nil || len(page.Duties) != 1 {
					t.Fatal(page, err)
				}
				id := page.Duties[0].ID
				var c Claim
				update(t, store, func(tx *db.Tx) (err error) {
					c, err = s.Ask(ctx, tx, ClaimRequest{DutyID: id, Kind: tt.kind, Ground: tt.ground, Reason: "请核定", Actor: "user:2"})
					return err
				})
				v, err := s.Duty(ctx, id, june)
				if err != nil || v.State != tt.open || v.Asked != tt.kind || len(v.Claims) != 1 {
					t.Fatalf("open: %+v, %v", v, err)
				}
				refused(t, store, fault.Conflict, "claim_open", func(tx *db.Tx) error {
					_, err := s.Ask(ctx, tx, ClaimRequest{DutyID: id, Kind: ForExemption, Reason: "再问", Actor: "user:2"})
					return err
				})
				tt.answer.Reason, tt.answer.Actor = "经核定", "user:1"
				update(t, store, func(tx *db.Tx) error { _, err := s.AnswerClaim(ctx, tx, c.ID, tt.answer); return err })
				v, err = s.Duty(ctx, id, june)
				if err != nil || v.State != tt.want.state || v.DueOn.String() != tt.want.due || v.Exempt != tt.want.exempt || v.Asked != "" || v.Claims[0].Answer != "经核定" {
					t.Errorf("answered: %+v, %v", v, err)
				}
				refused(t, store, fault.Conflict, "claim_closed", func(tx *db.Tx) error { _, err := s.AnswerClaim(ctx, tx, c.ID, tt.answer); return err })
				if o, err = s.ByCode(ctx, o.Code); err != nil || len(o.Units) != tt.want.units {
					t.Errorf("units %+v, want %d, %v", o.Units, tt.want.units, err)
				}
				list, err := s.Claims(ctx, ClaimFilter{Units: []int64{2}, Kind: tt.kind})
				if err != nil || len(list) != 1 || list[0].UnitID != 2 || list[0].Title != "公开财政预决算" {
					t.Errorf("list %+v, %v", list, err)
				}
			})
		}
	})
}

func TestReassignedDutyIsTheOthers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		s := NewStore(store, Options{})
		save(t, store, s, draft(), owner)
		d := first(t, s, 2, june)
		var c Claim
		update(t, store, func(tx *db.Tx) (err error) {
			c, err = s.Ask(ctx, tx, ClaimRequest{DutyID: d.ID, Kind: ForDispute, Ground: WrongUnit, Reason: "不是本单位职责", Actor: "user:2"})
			return err
		})
		for code, a := range map[string]Answer{
			"answer_reason":   {Grant: true, Remedy: ToExempt},
			"answer_remedy":   {Grant: true, Remedy: "", Reason: "好"},
			"answer_unit":     {Grant: true, Remedy: ToReassign, ToUnit: 2, Reason: "好"},
			"answer_due":      {Grant: true, Remedy: ToRedate, ToDue: june.AddDays(-9), Reason: "好"},
			"answer_unlinked": {Grant: true, Remedy: ToLink, Reason: "好"},
		} {
			kind := fault.Invalid
			if code == "answer_unlinked" {
				kind = fault.Conflict
			}
			refused(t, store, kind, code, func(tx *db.Tx) error { _, err := s.AnswerClaim(ctx, tx, c.ID, a); return err })
		}
		update(t, store, func(tx *db.Tx) error {
			_, err := s.AnswerClaim(ctx, tx, c.ID, Answer{Grant: true, Remedy: ToReassign, ToUnit: 9, Reason: "由九局负责", Actor: "user:1"})
			return err
		})
		if got := first(t, s, 9, june); got.ObligationID != d.ObligationID || got.Period != d.Period || got.DueOn != d.DueOn || got.Role != d.Role {
			t.Errorf("taken over: %+v, was %+v", got, d)
		}
		refused(t, store, fault.Conflict, "duty_moved", func(tx *db.Tx) error { return s.SignNil(ctx, tx, d.ID, Signature{5, "局长"}, "没有", "user:5") })
		// The same edition again does not bring it back, and an edited one only
		// changes what was edited.
		if c := save(t, store, s, draft(), SaveOptions{Confirm: true}); c.Outcome != Same {
			t.Errorf("same edition: %+v", c)
		}
		edited := draft()
		edited.Obligations[1].Title = "每季度公开通报"
		c2 := save(t, store, s, edited, SaveOptions{Confirm: true})
		if len(c2.Changed) != 1 || c2.Changed[0].Code != "甲发〔2021〕1号/2" {
			t.Errorf("edited edition: %+v", c2)
		}
		o, err := s.ByCode(ctx, d.Code)
		if err != nil || len(o.Units) != 3 || o.Units[2].UnitID != 9 {
			t.Errorf("units %+v, %v", o.Units, err)
		}
	})
}

func TestEveryActIsInTheLedger(t *testing.T) {
	store := dbtest.SQLite(t, civil.Fixed(dbtest.Noon))
	s := NewStore(store, Options{})
	save(t, store, s, draft(), owner)
	d := first(t, s, 2, june)
	var c Claim
	for _, act := range []struct {
		kind string
		do   func(tx *db.Tx) error
	}{
		{"obligation.record_linked", func(tx *db.Tx) error {
			return s.Link(ctx, tx, Link{DutyID: d.ID, Record: RecordFacts{ID: 1, PublishedOn: june}, Why: "是", Actor: "user:2"})
		}},
		{"obligation.record_unlinked", func(tx *db.Tx) error {
			list, err := evidenceOf(ctx, tx, d.ID)
			if err != nil {
				return err
			}
			return s.Unlink(ctx, tx, list[0].ID, "不是", "user:2")
		}},
		{"obligation.nil_reported", func(tx *db.Tx) error { return s.SignNil(ctx, tx, d.ID, Signature{5, "局长"}, "没有", "user:2") }},
		{"obligation.nil_withdrawn", func(tx *db.Tx) error { return s.WithdrawNil(ctx, tx, d.ID, "误报", "user:2") }},
		{"obligation.claim_asked", func(tx *db.Tx) (err error) {
			c, err = s.Ask(ctx, tx, ClaimRequest{DutyID: d.ID, Kind: ForExemption, Reason: "没有职能", Actor: "user:2"})
			return err
		}},
		{"obligation.claim_withdrawn", func(tx *db.Tx) error { return s.WithdrawClaim(ctx, tx, c.ID, "user:2") }},
		{"obligation.duty_exempted", func(tx *db.Tx) error { return s.Exempt(ctx, tx, d.ID, NotApplicable, "没有职能", "user:2") }},
		{"obligation.exemption_lifted", func(tx *db.Tx) error { return s.Lift(ctx, tx, d.ID, "user:2") }},
	} {
		update(t, store, act.do)
		var last []ledger.Entry
		update(t, store, func(tx *db.Tx) error {
			head, err := ledger.Head(ctx, tx)
			if err != nil {
				return err
			}
			last, err = ledger.After(ctx, tx, head-1, 1)
			return err
		})
		if len(last) != 1 || last[0].Kind != act.kind || last[0].Actor != "user:2" || !json.Valid(last[0].Data) {
			t.Errorf("%s: the ledger ends with %+v", act.kind, last)
		}
	}
}
