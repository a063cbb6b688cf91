package access_test

import (
	"strings"
	"testing"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
)

type dbTx = db.Tx

func (w *world) guess(login, address, device string) error {
	_, err := w.SignIn(ctx, access.Attempt{Login: login, Password: "猜的密码-猜的密码", Address: address, Device: device})
	return err
}

func TestSignIn(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		id := w.hire("keeper", w.plan, access.Grant{Role: access.Editor, UnitID: w.plan})
		r, err := w.SignIn(ctx, access.Attempt{Login: " ＫＥＥＰＥＲ", Password: good, Address: "10.1.2.3", Agent: "Firefox"})
		if err != nil {
			t.Fatal(err)
		}
		if r.Needs() != access.NeedNothing || r.Person.ID != id || !r.Person.Can(access.RecordWrite, w.plan) || r.Token == "" || r.Device == "" {
			t.Errorf("got %+v", r)
		}
		session, p, err := w.Session(ctx, r.Token)
		if err != nil {
			t.Fatal(err)
		}
		if session.ID != r.Session.ID || session.Address != "10.1.2.3" || session.Agent != "Firefox" || session.How != access.ByPassword || p.ID != id || p.Address != "10.1.2.3" {
			t.Errorf("session %+v of %+v", session, p.Account)
		}
		acts := w.acts("access.signed_in", p.Actor())
		if got := string(acts[len(acts)-1].Data); !strings.Contains(got, `"address":"10.1.2.3"`) || acts[0].Actor != p.Actor() {
			t.Errorf("entered as %s", got)
		}
	})
}

// Unknown login, wrong password and an account without one are one answer, and
// none of what was typed is kept anywhere.
func TestFailuresSayOneThing(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		w.hire("keeper", w.plan)
		w.invite("newcomer", w.plan)
		var messages []string
		for _, login := range []string{"keeper", "newcomer", "hunter2-typed-here"} {
			err := w.guess(login, "10.9.9.9", "")
			wantCode(t, err, "sign_in_failed")
			messages = append(messages, fault.Public(err))
		}
		if messages[0] != messages[1] || messages[1] != messages[2] {
			t.Errorf("answers differ: %q", messages)
		}
		text := w.journal()
		for _, secret := range []string{"hunter2", "猜的密码", good} {
			if strings.Contains(text, secret) {
				t.Errorf("the ledger keeps %q", secret)
			}
		}
		if n := strings.Count(text, "access.sign_in_failed"); n != 3 {
			t.Errorf("%d failures entered, want 3", n)
		}
		var dump strings.Builder
		if err := w.db.Dump(ctx, &dump); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(dump.String(), "hunter2") {
			t.Error("the store keeps what was typed")
		}
	})
}

// The curve of waits, and that a refused try does not prolong it.
func TestWaitsGrow(t *testing.T) {
	for _, login := range []string{"keeper", "nobody-at-all"} {
		t.Run(login, func(t *testing.T) { checkWaits(t, login) })
	}
}

func checkWaits(t *testing.T, login string) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		w.hire("keeper", w.plan)
		waits := []time.Duration{0, 0, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, 15 * time.Minute, 15 * time.Minute}
		for i, wait := range waits {
			wantCode(t, w.guess(login, "10.0.0.7", ""), "sign_in_failed")
			if wait == 0 {
				continue
			}
			w.pass(wait - time.Second)
			for range 3 {
				wantCode(t, w.guess(login, "10.0.0.8", ""), "sign_in_wait")
			}
			if _, err := w.SignIn(ctx, access.Attempt{Login: login, Password: good}); err == nil {
				t.Errorf("failure %d: the right password passes during the wait", i+1)
			}
			w.pass(time.Second)
		}
	})
}

func TestSuccessClearsTheAccount(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		w.hire("keeper", w.plan)
		for range 3 {
			for range 2 {
				wantCode(t, w.guess("keeper", "10.0.0.1", ""), "sign_in_failed")
			}
			w.enter("keeper")
		}
	})
}

// Somebody who fails for another's account all the time does not keep him out:
// a known browser is not slowed, a one-time link works, and the failures are
// forgotten.
func TestNobodyIsLockedOutForGood(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		id := w.hire("keeper", w.plan)
		known := w.enter("keeper").Device
		attack := func() {
			for range 10 {
				_ = w.guess("keeper", "10.6.6.6", "")
				w.pass(16 * time.Minute)
			}
			_ = w.guess("keeper", "10.6.6.6", "")
		}
		attack()
		wantCode(t, w.guess("keeper", "10.0.0.1", ""), "sign_in_wait")
		r, err := w.SignIn(ctx, access.Attempt{Login: "keeper", Password: good, Address: "10.6.6.6", Device: known})
		wantCode(t, err, "")
		if r.Device != known {
			t.Error("a known browser gets another mark")
		}
		attack()
		// the mark of one account is none for another
		w.hire("thief", w.plan)
		other := w.enter("thief").Device
		wantCode(t, w.guess("keeper", "10.0.0.1", other), "sign_in_wait")
		var l access.Link
		w.update(func(tx *db.Tx) (err error) {
			l, err = w.ResetByLink(ctx, tx, nil, id, access.Reset{})
			return err
		})
		_, err = w.Accept(ctx, access.Acceptance{Token: l.Token, Password: "院子里有棵梅树-Kq7"})
		wantCode(t, err, "")
		_, err = w.SignIn(ctx, access.Attempt{Login: "keeper", Password: "院子里有棵梅树-Kq7"})
		wantCode(t, err, "")
	})
}

// A known browser has a count of its own: it cannot be used to guess.
func TestKnownBrowserIsCountedToo(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		w.hire("keeper", w.plan)
		known := w.enter("keeper").Device
		for range 3 {
			wantCode(t, w.guess("keeper", "10.0.0.1", known), "sign_in_failed")
		}
		wantCode(t, w.guess("keeper", "10.0.0.1", known), "sign_in_wait")
		w.pass(181 * 24 * time.Hour) // and is forgotten
		for range 2 {
			wantCode(t, w.guess("keeper", "10.0.0.1", known), "sign_in_failed")
		}
	})
}

// One address that tries many accounts is slowed, after as many failures as a
// building full of people may make; signing in itself does not clear it.
func TestAddressIsSlowed(t *testing.T) {
	each(t, access.Policy{AddressFree: 4}, func(t *testing.T, w *world) {
		w.hire("keeper", w.plan)
		for i := range 6 {
			wantCode(t, w.guess("victim"+itoa(int64(i)), "2001:db8::"+itoa(int64(i)), ""), "sign_in_failed")
		}
		_, err := w.SignIn(ctx, access.Attempt{Login: "keeper", Password: good, Address: "2001:db8::99"})
		wantCode(t, err, "")
		wantCode(t, w.guess("victim7", "2001:db8::7", ""), "sign_in_failed")
		wantCode(t, w.guess("victim8", "2001:db8::8", ""), "sign_in_wait")
		wantCode(t, w.guess("victim8", "2001:db9::8", ""), "sign_in_failed") // another network
		w.pass(25 * time.Hour)
		wantCode(t, w.guess("victim8", "2001:db8::8", ""), "sign_in_failed")
	})
}

// Many tries at once are as many failures: not one more gets through than one
// after the other.
func TestManyTriesAtOnce(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		w.hire("keeper", w.plan)
		answers := make(chan string, 12)
		for range cap(answers) {
			go func() {
				f, _ := fault.Of(w.guess("keeper", "10.0.0.1", ""))
				answers <- f.Code
			}()
		}
		got := map[string]int{}
		for range cap(answers) {
			got[<-answers]++
		}
		if got["sign_in_failed"] != 3 || got["sign_in_wait"] != 9 {
			t.Errorf("got %v, want 3 tries and 9 waits", got)
		}
	})
}

// What is kept of secrets is their hash.
func TestStoreKeepsNoSecret(t *testing.T) {
	w := newWorld(t, access.Policy{}, dbtest.SQLite)
	_, link := w.invite("other", w.plan)
	w.hire("keeper", w.plan)
	r := w.enter("keeper")
	_, recovery := w.enrol(r)
	var key string
	w.update(func(tx *db.Tx) (err error) {
		_, key, err = w.NewKey(ctx, tx, nil, "办公系统", w.plan, 0)
		return err
	})
	var dump strings.Builder
	if err := w.db.Dump(ctx, &dump); err != nil {
		t.Fatal(err)
	}
	for name, secret := range map[string]string{"password": good, "session": r.Token, "browser": r.Device, "link": link.Token, "key": key[12:], "recovery code": strings.ReplaceAll(recovery[0], "-", "")} {
		if secret == "" || strings.Contains(dump.String(), secret) {
			t.Errorf("the store keeps the %s", name)
		}
	}
}
