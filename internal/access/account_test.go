package access_test

import (
	"slices"
	"strings"
	"testing"

	"gongkai/internal/access"
	"gongkai/internal/db"
)

func TestInviteRefuses(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		w.invite("taken", w.plan)
		tests := []struct {
			name string
			n    access.NewAccount
			want string
		}{
			{"too short", access.NewAccount{Login: "a", Name: "某甲", UnitID: w.plan}, "login_form"},
			{"spaces", access.NewAccount{Login: "a b", Name: "某甲", UnitID: w.plan}, "login_form"},
			{"a path", access.NewAccount{Login: "../x", Name: "某甲", UnitID: w.plan}, "login_form"},
			{"no name", access.NewAccount{Login: "someone", Name: " ", UnitID: w.plan}, "name_form"},
			{"bad mail", access.NewAccount{Login: "someone", Name: "某甲", Email: "x@y", UnitID: w.plan}, "email_form"},
			{"a second header", access.NewAccount{Login: "someone", Name: "某甲", Email: "x@y.cn\r\nBcc: z@y.cn", UnitID: w.plan}, "email_form"},
			{"no unit", access.NewAccount{Login: "someone", Name: "某甲"}, "account_unit"},
			{"taken in another spelling", access.NewAccount{Login: " ＴＡＫＥＮ ", Name: "某甲", UnitID: w.plan}, "login_taken"},
			{"no such role", access.NewAccount{Login: "someone", Name: "某甲", UnitID: w.plan, Grants: []access.Grant{{Role: "boss", UnitID: w.plan}}}, "role_unknown"},
			{"clash among the new", access.NewAccount{Login: "someone", Name: "某甲", UnitID: w.plan, Grants: []access.Grant{{Role: access.SystemAdmin, UnitID: w.city}, {Role: access.AuditAdmin, UnitID: w.city}}}, "roles_clash"},
		}
		for _, tt := range tests {
			err := w.try(func(tx *db.Tx) error {
				_, _, err := w.Invite(ctx, tx, nil, tt.n)
				return err
			})
			t.Run(tt.name, func(t *testing.T) { wantCode(t, err, tt.want) })
		}
		a, _ := w.invite("张三丰@FGW", w.plan)
		if a.Login != "张三丰@fgw" || a.State != access.Invited || a.HasPassword {
			t.Errorf("got %+v", a)
		}
	})
}

// What an administrator may manage, by the unit and by what the other holds.
func TestAdministratorsStayInTheirBounds(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		security := w.hire("security", w.city, access.Grant{Role: access.SecurityAdmin, UnitID: w.city, Below: true})
		system := w.hire("system", w.city, access.Grant{Role: access.SystemAdmin, UnitID: w.city, Below: true})
		county := w.hire("county", w.east, access.Grant{Role: access.SecurityAdmin, UnitID: w.east, Below: true})
		single := w.hire("single", w.east, access.Grant{Role: access.SecurityAdmin, UnitID: w.east})
		editor := w.hire("editor", w.plan, access.Grant{Role: access.Editor, UnitID: w.plan})
		plain := w.hire("plain", w.plan)
		invite := func(by int64, unitID int64, grants ...access.Grant) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				_, _, err := w.Invite(ctx, tx, w.person(by), access.NewAccount{Login: "someone", Name: "某甲", UnitID: unitID, Grants: grants})
				return err
			}
		}
		reset := func(by, of int64) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := w.ResetByLink(ctx, tx, w.person(by), of, access.Reset{})
				return err
			}
		}
		give := func(by, to int64, g access.Grant) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { _, err := w.Grant(ctx, tx, w.person(by), to, g); return err }
		}
		mail := func(by, of int64) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				to := "x@y.cn"
				return w.Change(ctx, tx, w.person(by), of, access.Change{Email: &to})
			}
		}
		tests := []struct {
			name string
			f    func(tx *db.Tx) error
			want string
		}{
			{"an editor invites nobody", invite(editor, w.plan), "not_allowed"},
			{"the county does not invite for the city", invite(county, w.plan), "not_allowed"},
			{"the county invites below", invite(county, w.town, access.Grant{Role: access.Editor, UnitID: w.town}), ""},
			{"the county does not grant beyond", invite(county, w.town, access.Grant{Role: access.Editor, UnitID: w.plan}), "not_allowed"},
			{"the county does not grant all", invite(county, w.town, access.Grant{Role: access.Editor, Below: true}), "not_allowed"},
			{"one unit does not grant below", give(single, plain, access.Grant{Role: access.Editor, UnitID: w.east, Below: true}), "not_allowed"},
			{"the system administrator invites", invite(system, w.plan), ""},
			{"but grants nothing", invite(system, w.plan, access.Grant{Role: access.Editor, UnitID: w.plan}), "not_allowed"},
			{"nor resets those who hold something", reset(system, security), "outranked"},
			{"nor turns their mail to himself", mail(system, security), "outranked"},
			{"but helps those who hold nothing", reset(system, plain), ""},
			{"and mails them", mail(system, plain), ""},
			{"the security administrator resets", reset(security, system), ""},
			{"but not himself", reset(security, security), "reset_self"},
			{"nor grants himself", give(security, security, access.Grant{Role: access.Editor, UnitID: w.plan}), "grant_self"},
			{"the county does not reset the city's", reset(county, editor), "not_allowed"},
		}
		for _, tt := range tests {
			err := w.rollback(tt.f)
			t.Run(tt.name, func(t *testing.T) { wantCode(t, err, tt.want) })
		}
	})
}

func TestDisabledAccountsAreOut(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		boss := w.person(w.hire("boss", w.city, access.Grant{Role: access.SecurityAdmin, UnitID: w.city, Below: true}))
		id := w.hire("leaver", w.plan, access.Grant{Role: access.Editor, UnitID: w.plan})
		r := w.enter("leaver")
		disable := func(by *access.Person, id int64, reason string) error {
			return w.try(func(tx *db.Tx) error { return w.Disable(ctx, tx, by, id, reason) })
		}
		wantCode(t, disable(boss, id, " "), "disable_reason")
		wantCode(t, disable(boss, boss.ID, "试"), "disable_self")
		wantCode(t, disable(w.person(id), boss.ID, "试"), "not_allowed")
		wantCode(t, disable(boss, id, "调离"), "")
		_, _, err := w.Session(ctx, r.Token)
		wantCode(t, err, access.CodeSignIn)
		_, err = w.SignIn(ctx, access.Attempt{Login: "leaver", Password: good})
		wantCode(t, err, "account_disabled")
		if p := w.person(id); p.CanAnywhere(access.DeskUse) {
			t.Error("a disabled account may something")
		}
		err = w.try(func(tx *db.Tx) error { _, err := w.ResetByLink(ctx, tx, boss, id, access.Reset{}); return err })
		wantCode(t, err, "account_disabled")
		w.update(func(tx *db.Tx) error { return w.Enable(ctx, tx, boss, id) })
		if !w.enter("leaver").Person.Can(access.RecordWrite, w.plan) {
			t.Error("an enabled account has lost its grant")
		}
		_, _, err = w.Session(ctx, r.Token)
		wantCode(t, err, access.CodeSignIn)
	})
}

func TestChangeIsEnteredBeforeAndAfter(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		a, _ := w.invite("mover", w.plan)
		name, mail := "某乙", "b@example.cn"
		w.update(func(tx *db.Tx) error {
			return w.Change(ctx, tx, nil, a.ID, access.Change{Name: &name, Email: &mail, UnitID: &w.east})
		})
		w.update(func(tx *db.Tx) error { return w.Change(ctx, tx, nil, a.ID, access.Change{Name: &name}) }) // no change, no entry
		acts := w.acts("access.account_changed", "user:"+itoa(a.ID))
		if len(acts) != 1 {
			t.Fatalf("%d entries, want 1", len(acts))
		}
		for _, want := range []string{`"before":{"email":""`, `"after":{"email":"b@example.cn"`, `"name":"某mover"`, `"name":"某乙"`} {
			if !strings.Contains(string(acts[0].Data), want) {
				t.Errorf("%s lacks %s", acts[0].Data, want)
			}
		}
	})
}

func TestList(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		one := w.hire("one", w.plan, access.Grant{Role: access.Editor, UnitID: w.plan})
		two := w.hire("two", w.east, access.Grant{Role: access.Editor, UnitID: w.east, Until: day("2021-06-10").AddDays(3)})
		three, _ := w.invite("three", w.plan)
		tests := []struct {
			name string
			f    access.Filter
			want []int64
		}{
			{"all", access.Filter{}, []int64{one, two, three.ID}},
			{"of a unit", access.Filter{Units: []int64{w.plan}}, []int64{one, three.ID}},
			{"of no unit", access.Filter{Units: []int64{}}, nil},
			{"invited", access.Filter{State: access.Invited}, []int64{three.ID}},
			{"editors", access.Filter{Role: access.Editor}, []int64{one, two}},
			{"by text", access.Filter{Text: "某TW"}, []int64{two}},
			{"next page", access.Filter{After: one, Limit: 1}, []int64{two}},
		}
		check := func(name string, f access.Filter, want []int64) {
			var got []int64
			w.update(func(tx *db.Tx) error {
				list, err := w.List(ctx, tx, f)
				for _, a := range list {
					got = append(got, a.ID)
				}
				return err
			})
			if !equal(got, want) {
				t.Errorf("%s: got %v, want %v", name, got, want)
			}
		}
		for _, tt := range tests {
			check(tt.name, tt.f, tt.want)
		}
		w.setDay("2021-06-20")
		check("a grant that is over", access.Filter{Role: access.Editor}, []int64{one})
	})
}

// Everybody is every account in use just as Person gives it.
func TestEverybody(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		want := []int64{
			w.hire("one", w.plan, access.Grant{Role: access.Editor, UnitID: w.plan}, access.Grant{Role: access.Head, UnitID: w.plan}),
			w.hire("two", w.east, access.Grant{Role: access.Editor, UnitID: w.east, Until: day("2021-06-10").AddDays(3)}),
			w.hire("none", w.plan),
		}
		w.invite("invited", w.plan, access.Grant{Role: access.Editor, UnitID: w.plan})
		compare := func() {
			t.Helper()
			var all []*access.Person
			w.update(func(tx *db.Tx) (err error) {
				all, err = w.Everybody(ctx, tx)
				return err
			})
			var got []int64
			for _, p := range all {
				got = append(got, p.ID)
				same := w.person(p.ID)
				if p.Account != same.Account || !slices.Equal(p.Grants, same.Grants) || p.Can(access.RecordWrite, w.plan) != same.Can(access.RecordWrite, w.plan) {
					t.Errorf("got %+v, want %+v", p, same)
				}
			}
			if !equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		}
		compare()
		w.setDay("2021-06-20")
		compare()
	})
}
