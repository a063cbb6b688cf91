package access_test

import (
	"testing"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
)

func (w *world) give(id int64, g access.Grant) error {
	return w.try(func(tx *db.Tx) error { _, err := w.Grant(ctx, tx, nil, id, g); return err })
}

// Every pair of roles: the three administrators are apart, and the auditor
// holds nothing that writes.
func TestRolesThatClash(t *testing.T) {
	w := newWorld(t, access.Policy{}, dbtest.SQLite)
	administrator := map[access.Role]bool{access.SystemAdmin: true, access.SecurityAdmin: true, access.AuditAdmin: true}
	for _, a := range access.Roles() {
		for _, b := range access.Roles() {
			if a.Role == b.Role {
				continue
			}
			apart := administrator[a.Role] && administrator[b.Role] ||
				a.Role == access.AuditAdmin && b.Role != access.Inspector || b.Role == access.AuditAdmin && a.Role != access.Inspector
			err := w.rollback(func(tx *db.Tx) error {
				_, _, err := w.Invite(ctx, tx, nil, access.NewAccount{Login: "both", Name: "某甲", UnitID: w.plan,
					Grants: []access.Grant{{Role: a.Role, UnitID: w.plan}, {Role: b.Role, UnitID: w.plan}}})
				return err
			})
			want := ""
			if apart {
				want = "roles_clash"
			}
			wantCode(t, err, want)
		}
	}
}

func TestGrantRefuses(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		id := w.hire("one", w.plan, access.Grant{Role: access.Editor, UnitID: w.plan, Until: day("2021-06-30")})
		wantCode(t, w.give(id, access.Grant{Role: access.Editor, UnitID: w.plan, From: day("2021-06-30")}), "grant_held")
		wantCode(t, w.give(id, access.Grant{Role: access.Editor, UnitID: w.plan, From: day("2021-07-01")}), "")
		wantCode(t, w.give(id, access.Grant{Role: access.Reviewer, UnitID: w.plan, From: day("2021-07-02"), Until: day("2021-07-01")}), "grant_days")
		wantCode(t, w.give(id, access.Grant{Role: access.Reviewer, UnitID: 4711}), "account_unit")
		wantCode(t, w.give(4711, access.Grant{Role: access.Reviewer, UnitID: w.plan}), "account_unknown")
		// a role that only begins later keeps the others out already
		wantCode(t, w.give(id, access.Grant{Role: access.SystemAdmin, UnitID: w.city, From: day("2022-01-01")}), "")
		wantCode(t, w.give(id, access.Grant{Role: access.SecurityAdmin, UnitID: w.city}), "roles_clash")
	})
}

// Of two grants at the same time that clash, one stands.
func TestClashingGrantsAtOnce(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		id := w.hire("one", w.plan)
		roles := make(chan access.Role, 2)
		roles <- access.SystemAdmin
		roles <- access.SecurityAdmin
		if n := atOnce(t, 2, "roles_clash", func() error { return w.give(id, access.Grant{Role: <-roles, UnitID: w.city}) }); n != 1 {
			t.Errorf("%d of 2 succeeded, want 1", n)
		}
	})
}

func TestLentRoleEndsByItself(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		head := w.hire("head", w.plan, access.Grant{Role: access.Head, UnitID: w.plan})
		deputy := w.hire("deputy", w.plan)
		lender := w.person(head)
		own := lender.Grants[0].ID
		w.update(func(tx *db.Tx) error {
			_, err := w.Lend(ctx, tx, lender, access.Lending{GrantID: own, To: deputy, From: day("2021-06-14"), Until: day("2021-06-18")})
			return err
		})
		for _, tt := range []struct {
			day string
			can bool
		}{{"2021-06-11", false}, {"2021-06-13", false}, {"2021-06-14", true}, {"2021-06-18", true}, {"2021-06-19", false}} {
			w.setDay(tt.day)
			p := w.person(deputy)
			if got := p.Can(access.RecordSign, w.plan); got != tt.can {
				t.Errorf("on %s the deputy can sign: %v", tt.day, got)
			}
			if tt.can && (p.Grants[0].LentBy != head || !p.Grants[0].Lent()) {
				t.Errorf("the grant is not shown as lent: %+v", p.Grants[0])
			}
			if !w.person(head).Can(access.RecordSign, w.plan) {
				t.Error("the lender has lost the role")
			}
		}
		if acts := w.acts("access.lent", "user:"+itoa(deputy)); len(acts) != 1 || acts[0].Actor != lender.Actor() {
			t.Errorf("the lending is not entered: %v", acts)
		}
	})
}

func TestLendRefuses(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		lender := w.person(w.hire("head", w.plan, access.Grant{Role: access.Head, UnitID: w.plan, Until: day("2021-12-31")}))
		admin := w.person(w.hire("admin", w.plan, access.Grant{Role: access.SystemAdmin, UnitID: w.city, Below: true}, access.Grant{Role: access.Editor, UnitID: w.plan}))
		deputy, stranger := w.hire("deputy", w.plan), w.hire("stranger", w.east)
		auditor := w.hire("auditor", w.plan, access.Grant{Role: access.AuditAdmin, UnitID: w.city, Below: true})
		idle, _ := w.invite("idle", w.plan)
		own := lender.Grants[0].ID
		first, last := day("2021-06-14"), day("2021-06-18")
		w.update(func(tx *db.Tx) error {
			_, err := w.Lend(ctx, tx, lender, access.Lending{GrantID: own, To: deputy, From: day("2021-06-11"), Until: day("2021-06-12")})
			return err
		})
		borrower := w.person(deputy)
		tests := []struct {
			name string
			by   *access.Person
			l    access.Lending
			want string
		}{
			{"not his own", admin, access.Lending{GrantID: own, To: deputy, From: first, Until: last}, "lend_not_own"},
			{"a lent one", borrower, access.Lending{GrantID: borrower.Grants[0].ID, To: admin.ID, From: first, Until: last}, "lend_not_own"},
			{"an administrator's", admin, access.Lending{GrantID: admin.Grants[0].ID, To: deputy, From: first, Until: last}, "lend_role"},
			{"to another unit", lender, access.Lending{GrantID: own, To: stranger, From: first, Until: last}, "lend_to"},
			{"to himself", lender, access.Lending{GrantID: own, To: lender.ID, From: first, Until: last}, "lend_to"},
			{"to one who has not begun", lender, access.Lending{GrantID: own, To: idle.ID, From: first, Until: last}, "lend_to"},
			{"to an auditor", lender, access.Lending{GrantID: own, To: auditor, From: first, Until: last}, "roles_clash"},
			{"without an end", lender, access.Lending{GrantID: own, To: deputy, From: first}, "lend_days"},
			{"in the past", lender, access.Lending{GrantID: own, To: deputy, From: day("2021-06-10"), Until: last}, "lend_days"},
			{"backwards", lender, access.Lending{GrantID: own, To: deputy, From: last, Until: first}, "lend_days"},
			{"too long", lender, access.Lending{GrantID: own, To: deputy, From: first, Until: first.AddDays(92)}, "lend_long"},
			{"longer than he has it", lender, access.Lending{GrantID: own, To: deputy, From: day("2021-12-01"), Until: day("2022-01-01")}, "lend_beyond"},
			{"the longest", lender, access.Lending{GrantID: own, To: deputy, From: first, Until: first.AddDays(91)}, ""},
		}
		for _, tt := range tests {
			err := w.rollback(func(tx *db.Tx) error { _, err := w.Lend(ctx, tx, tt.by, tt.l); return err })
			t.Run(tt.name, func(t *testing.T) { wantCode(t, err, tt.want) })
		}
	})
}

// A lent role goes with what it comes from: the grant, or the lender.
func TestLentRoleGoesWithItsSource(t *testing.T) {
	ends := map[string]func(w *world, lender *access.Person, own, lent int64) func(tx *db.Tx) error{
		"the grant is revoked": func(w *world, _ *access.Person, own, _ int64) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { return w.Revoke(ctx, tx, nil, own) }
		},
		"the lender leaves": func(w *world, lender *access.Person, _, _ int64) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { return w.Disable(ctx, tx, nil, lender.ID, "退休") }
		},
		"the lender takes it back": func(w *world, lender *access.Person, _, lent int64) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { return w.Revoke(ctx, tx, lender, lent) }
		},
	}
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			each(t, access.Policy{}, func(t *testing.T, w *world) {
				lender := w.person(w.hire("head", w.plan, access.Grant{Role: access.Head, UnitID: w.plan}))
				deputy, other := w.hire("deputy", w.plan), w.person(w.hire("other", w.plan))
				var lent int64
				w.update(func(tx *db.Tx) (err error) {
					lent, err = w.Lend(ctx, tx, lender, access.Lending{GrantID: lender.Grants[0].ID, To: deputy, From: day("2021-06-11"), Until: day("2021-06-30")})
					return err
				})
				if !w.person(deputy).Can(access.DutyNil, w.plan) {
					t.Fatal("nothing was lent")
				}
				wantCode(t, w.try(func(tx *db.Tx) error { return w.Revoke(ctx, tx, other, lent) }), "not_allowed")
				w.update(end(w, lender, lender.Grants[0].ID, lent))
				if w.person(deputy).Can(access.DutyNil, w.plan) {
					t.Error("the lent role goes on")
				}
				wantCode(t, w.try(func(tx *db.Tx) error { return w.Revoke(ctx, tx, nil, lent) }), "grant_unknown")
			})
		})
	}
}

func TestLendings(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		lender := w.person(w.hire("head", w.plan, access.Grant{Role: access.Head, UnitID: w.plan}))
		deputy := w.hire("deputy", w.plan)
		list := func() (list []access.Lending) {
			w.update(func(tx *db.Tx) (err error) {
				list, err = w.Lendings(ctx, tx, lender.ID)
				return err
			})
			return list
		}
		w.update(func(tx *db.Tx) error {
			_, err := w.Lend(ctx, tx, lender, access.Lending{GrantID: lender.Grants[0].ID, To: deputy, From: day("2021-06-14"), Until: day("2021-06-18")})
			return err
		})
		if l := list(); len(l) != 1 || l[0].To != deputy || l[0].GrantID != lender.Grants[0].ID || l[0].Until != day("2021-06-18") || l[0].Lent.Role != access.Head {
			t.Errorf("got %+v", l)
		}
		w.setDay("2021-06-19")
		if l := list(); len(l) != 0 {
			t.Errorf("what is over is listed: %+v", l)
		}
	})
}
