package access_test

import (
	"strings"
	"testing"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/unit"
)

func TestLinkWorksOnce(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		a, l := w.invite("newcomer", w.plan)
		i, err := w.Invitation(ctx, l.Token)
		if err != nil || i.Login != "newcomer" || i.Name != a.Name || i.Setup || i.Reset || !i.Expires.Equal(l.Expires) {
			t.Fatalf("got %+v, %v", i, err)
		}
		if l.Path() != access.LinkPath+l.Token {
			t.Errorf("leads to %q", l.Path())
		}
		_, err = w.Accept(ctx, access.Acceptance{Token: l.Token, Password: "short"})
		wantCode(t, err, "password_short") // and the link is still good
		r, err := w.Accept(ctx, access.Acceptance{Token: l.Token, Password: good, Address: "10.0.0.1"})
		if err != nil || r.Person.ID != a.ID || r.Person.State != access.Active || !w.holds(r.Token) {
			t.Fatalf("got %+v, %v", r, err)
		}
		_, err = w.Accept(ctx, access.Acceptance{Token: l.Token, Password: good})
		wantCode(t, err, "link_spent")
		_, err = w.Invitation(ctx, l.Token)
		wantCode(t, err, "link_spent")
	})
}

func TestLinksEnd(t *testing.T) {
	each(t, access.Policy{Link: time.Hour}, func(t *testing.T, w *world) {
		a, old := w.invite("newcomer", w.plan)
		reset := func() (l access.Link) {
			w.update(func(tx *db.Tx) (err error) {
				l, err = w.ResetByLink(ctx, tx, nil, a.ID, access.Reset{})
				return err
			})
			return l
		}
		late := reset()
		_, err := w.Invitation(ctx, old.Token)
		wantCode(t, err, "link_spent") // replaced
		w.pass(time.Hour)
		_, err = w.Invitation(ctx, late.Token)
		wantCode(t, err, "link_spent") // expired
		last := reset()
		w.update(func(tx *db.Tx) error { return w.Disable(ctx, tx, nil, a.ID, "误建") })
		_, err = w.Invitation(ctx, last.Token)
		wantCode(t, err, "link_spent") // its account is out
		for _, token := range []string{"", "x", strings.Repeat("A", 43)} {
			_, err = w.Accept(ctx, access.Acceptance{Token: token, Password: good})
			wantCode(t, err, "link_spent")
		}
	})
}

func TestLinkAtOnce(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		_, l := w.invite("newcomer", w.plan)
		n := atOnce(t, 8, "link_spent", func() error {
			_, err := w.Accept(ctx, access.Acceptance{Token: l.Token, Password: good})
			return err
		})
		if n != 1 {
			t.Errorf("%d of 8 succeeded, want 1", n)
		}
	})
}

// A reset ends what somebody else may hold, and leaves the one-time codes
// unless the telephone is lost.
func TestReset(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		id, secret, _ := w.withCodes("keeper")
		before, err := w.SignIn(ctx, access.Attempt{Login: "keeper", Password: good, Code: w.code(secret)})
		if err != nil {
			t.Fatal(err)
		}
		reset := func(r access.Reset, password string) access.Result {
			var l access.Link
			w.update(func(tx *db.Tx) (err error) {
				l, err = w.ResetByLink(ctx, tx, nil, id, r)
				return err
			})
			if i, err := w.Invitation(ctx, l.Token); err != nil || !i.Reset {
				t.Errorf("got %+v, %v", i, err)
			}
			done, err := w.Accept(ctx, access.Acceptance{Token: l.Token, Password: password})
			if err != nil {
				t.Fatal(err)
			}
			return done
		}
		if r := reset(access.Reset{}, "院子里有棵梅树-Kq7"); r.Needs() != access.NeedCode {
			t.Errorf("a new password alone needs %q", r.Needs())
		}
		if w.holds(before.Token) {
			t.Error("the old session goes on")
		}
		if r := reset(access.Reset{Factor: true}, "院子里有棵杏树-Kq7"); r.Needs() != access.NeedNothing || r.Person.ID != id {
			t.Errorf("without the telephone it needs %q", r.Needs())
		}
	})
}

// What an administrator sends by mail he does not see; the console does.
func TestInvitationsByMail(t *testing.T) {
	policy := access.Policy{BaseURL: "https://gk.example.cn"}
	each(t, policy, func(t *testing.T, w *world) {
		boss := w.person(w.hire("boss", w.city, access.Grant{Role: access.SecurityAdmin, UnitID: w.city, Below: true}))
		var l access.Link
		invite := func(by *access.Person, login, mail string) {
			w.update(func(tx *db.Tx) (err error) {
				_, l, err = w.Invite(ctx, tx, by, access.NewAccount{Login: login, Name: "某丙", Email: mail, UnitID: w.plan})
				return err
			})
		}
		invite(boss, "mailed", "c@example.cn")
		if l.Token != "" || l.Mailed != "c@example.cn" || len(w.letters) != 1 {
			t.Fatalf("got %+v, %d letters", l, len(w.letters))
		}
		letter := w.letters[0]
		_, token, found := strings.Cut(letter.Text, "https://gk.example.cn"+access.LinkPath)
		token, _, _ = strings.Cut(token, "\n")
		if !found || letter.To != "c@example.cn" || letter.Name != "某丙" || !strings.Contains(letter.Text, "3天内有效") {
			t.Fatalf("letter %+v", letter)
		}
		if _, err := w.Accept(ctx, access.Acceptance{Token: token, Password: good}); err != nil {
			t.Error(err)
		}
		invite(boss, "byhand", "")
		if l.Token == "" || l.Mailed != "" {
			t.Errorf("without an address: %+v", l)
		}
		invite(nil, "console", "d@example.cn")
		if l.Token == "" || len(w.letters) != 1 {
			t.Errorf("from the console: %+v", l)
		}
	})
}

func TestFirstStart(t *testing.T) {
	open := func(t *testing.T, store *db.DB) *access.Store {
		return access.NewStore(access.Deps{DB: store, Units: unit.NewStore(store), Policy: access.Policy{Hash: easy}})
	}
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		s := open(t, store)
		stale, ok, err := s.FirstLink(ctx)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		l, ok, err := s.FirstLink(ctx)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		_, err = s.Invitation(ctx, stale.Token)
		wantCode(t, err, "link_spent")
		if i, err := s.Invitation(ctx, l.Token); err != nil || !i.Setup {
			t.Fatalf("got %+v, %v", i, err)
		}
		a := access.Acceptance{Token: l.Token, Password: good, Login: "first", Name: "某甲"}
		_, err = s.Accept(ctx, access.Acceptance{Token: l.Token, Password: good})
		wantCode(t, err, "login_form")
		if n := atOnce(t, 4, "link_spent", func() error { _, err := s.Accept(ctx, a); return err }); n != 1 {
			t.Errorf("%d first accounts, want 1", n)
		}
		if _, ok, err := s.FirstLink(ctx); err != nil || ok {
			t.Errorf("a second first start: %v, %v", ok, err)
		}
		r, err := s.SignIn(ctx, access.Attempt{Login: "first", Password: good})
		if err != nil || r.Needs() != access.NeedEnrol {
			t.Fatalf("got %+v, %v", r, err)
		}
		var p *access.Person
		err = store.View(ctx, func(tx *db.Tx) (err error) {
			p, err = s.Person(ctx, tx, r.Person.ID)
			return err
		})
		if err != nil || !p.Can(access.RoleGrant, 1) || p.CanAnywhere(access.RecordRead) || p.CanAnywhere(access.AuditRead) {
			t.Errorf("the first one may %+v (%v)", p, err)
		}
	})
}

// With a directory the first administrator belongs to the city's government.
func TestFirstStartInACity(t *testing.T) {
	w := newWorld(t, access.Policy{}, func(t testing.TB, c civil.Clock) *db.DB { return dbtest.SQLite(t, c) })
	l, _, err := w.FirstLink(ctx)
	if err != nil {
		t.Fatal(err)
	}
	r, err := w.Accept(ctx, access.Acceptance{Token: l.Token, Password: good, Login: "first", Name: "某甲"})
	if err != nil || r.Person.UnitID != w.city || !r.Person.Can(access.RoleGrant, w.town) {
		t.Errorf("got %+v, %v", r.Person, err)
	}
}
