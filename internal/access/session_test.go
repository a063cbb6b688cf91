package access_test

import (
	"context"
	"testing"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/db"
)

func (w *world) holds(token string) bool {
	w.t.Helper()
	_, _, err := w.Session(ctx, token)
	if err != nil {
		wantCode(w.t, err, access.CodeSignIn)
	}
	return err == nil
}

func TestSessionTimesOut(t *testing.T) {
	policy := access.Policy{Idle: 30 * time.Minute, Absolute: 12 * time.Hour}
	tests := []struct {
		name  string
		steps []time.Duration // between requests
		want  bool
	}{
		{"just in time", []time.Duration{29 * time.Minute}, true},
		{"idle", []time.Duration{30 * time.Minute}, false},
		{"kept by requests", []time.Duration{20 * time.Minute, 20 * time.Minute, 20 * time.Minute}, true},
		{"idle in the end", []time.Duration{20 * time.Minute, 20 * time.Minute, 31 * time.Minute}, false},
		{"a working day", repeat(20*time.Minute, 35), true},
		{"too long in any case", repeat(20*time.Minute, 36), false},
	}
	each(t, policy, func(t *testing.T, w *world) {
		w.hire("keeper", w.plan)
		for _, tt := range tests {
			r := w.enter("keeper")
			got := true
			for _, d := range tt.steps {
				w.pass(d)
				got = w.holds(r.Token)
			}
			if got != tt.want {
				t.Errorf("%s: holds is %v", tt.name, got)
			}
			w.update(func(tx *db.Tx) error {
				list, err := w.Sessions(ctx, tx, r.Person.ID)
				listed := false
				for _, s := range list {
					listed = listed || s.ID == r.Session.ID
				}
				if listed != tt.want {
					t.Errorf("%s: listed is %v", tt.name, listed)
				}
				return err
			})
		}
	})
}

func repeat(d time.Duration, n int) (list []time.Duration) {
	for range n {
		list = append(list, d)
	}
	return list
}

// A request is written down once a minute at most, and not at all while
// somebody else writes for long.
func TestTouchIsRare(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		w.hire("keeper", w.plan)
		r := w.enter("keeper")
		seen := func() (at string) {
			err := w.db.View(ctx, func(tx *db.Tx) error {
				return tx.Row(ctx, "select seen_at from access_sessions where id = ?", []any{r.Session.ID}, &at)
			})
			if err != nil {
				t.Fatal(err)
			}
			return at
		}
		first := seen()
		w.pass(59 * time.Second)
		if w.holds(r.Token); seen() != first {
			t.Error("written down within the minute")
		}
		w.pass(time.Second)
		err := w.try(func(tx *db.Tx) error { // a long writer that holds the row
			if _, err := tx.Exec(ctx, "update access_sessions set agent = agent where id = ?", r.Session.ID); err != nil {
				return err
			}
			if !w.holds(r.Token) {
				t.Error("a session waits for a writer")
			}
			return nil
		})
		if err != nil || seen() != first {
			t.Errorf("written down beside another writer (%v)", err)
		}
		if w.holds(r.Token); seen() == first {
			t.Error("never written down")
		}
	})
}

func TestTokensThatAreNone(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		w.hire("keeper", w.plan)
		r := w.enter("keeper")
		for _, token := range []string{"", "x", r.Token + "A", r.Token[1:], r.Token[:42] + "=", "' or 1=1 --", r.Device} {
			if w.holds(token) {
				t.Errorf("%q is a session", token)
			}
		}
		done, cancel := context.WithCancel(ctx)
		cancel()
		if _, _, err := w.Session(done, r.Token); err == nil {
			t.Error("a request that has gone is served")
		}
	})
}

func TestRevokingSessions(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		id := w.hire("keeper", w.plan)
		boss := w.person(w.hire("boss", w.city, access.Grant{Role: access.SecurityAdmin, UnitID: w.city, Below: true}))
		stranger := w.person(w.hire("stranger", w.plan))
		one, two, three := w.enter("keeper"), w.enter("keeper"), w.enter("keeper")
		self := w.person(id)
		end := func(by *access.Person, session int64) error {
			return w.try(func(tx *db.Tx) error { return w.RevokeSession(ctx, tx, by, session) })
		}
		wantCode(t, end(stranger, one.Session.ID), "not_allowed")
		wantCode(t, end(self, one.Session.ID), "")
		wantCode(t, end(self, one.Session.ID), "session_unknown")
		w.update(func(tx *db.Tx) error { return w.RevokeSessions(ctx, tx, self, id, two.Session.ID) })
		if w.holds(one.Token) || !w.holds(two.Token) || w.holds(three.Token) {
			t.Error("the wrong sessions ended")
		}
		w.update(func(tx *db.Tx) error { return w.RevokeSessions(ctx, tx, boss, id, 0) })
		if w.holds(two.Token) {
			t.Error("the administrator's end did not reach")
		}
	})
}

func TestSignOut(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		id := w.hire("keeper", w.plan)
		r := w.enter("keeper")
		for range 2 {
			if err := w.SignOut(ctx, r.Token); err != nil {
				t.Fatal(err)
			}
		}
		if w.holds(r.Token) {
			t.Error("a session holds after signing out")
		}
		if acts := w.acts("access.signed_out", "user:"+itoa(id)); len(acts) != 1 {
			t.Errorf("entered %d times, want once", len(acts))
		}
	})
}

func TestConfirm(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		id := w.hire("keeper", w.plan)
		r := w.enter("keeper")
		read := func() access.Session {
			s, _, err := w.Session(ctx, r.Token)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		if !read().ConfirmedWithin(5 * time.Minute) {
			t.Error("who has just signed in is not confirmed")
		}
		w.pass(6 * time.Minute)
		s := read()
		if s.ConfirmedWithin(5 * time.Minute) {
			t.Error("a confirmation does not lapse")
		}
		_, err := w.Confirm(ctx, s, access.Proof{Password: "wrong-" + good})
		wantCode(t, err, "confirm_failed")
		_, err = w.Confirm(ctx, s, access.Proof{})
		wantCode(t, err, "confirm_failed")
		s, err = w.Confirm(ctx, s, access.Proof{Password: good})
		wantCode(t, err, "")
		if !s.ConfirmedWithin(0) || !read().ConfirmedWithin(5*time.Minute) {
			t.Error("not confirmed")
		}
		for range 3 {
			_, err = w.Confirm(ctx, s, access.Proof{Password: "wrong-" + good})
			wantCode(t, err, "confirm_failed")
		}
		_, err = w.Confirm(ctx, s, access.Proof{Password: good})
		wantCode(t, err, "sign_in_wait")
		if len(w.acts("access.confirmed", "user:"+itoa(id))) != 1 || len(w.acts("access.sign_in_failed", "user:"+itoa(id))) != 5 {
			t.Errorf("entered as\n%s", w.journal())
		}
	})
}
