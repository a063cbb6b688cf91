package access_test

import (
	"fmt"
	"testing"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/ledger"
)

func engines(b *testing.B, body func(b *testing.B, open func(testing.TB, civil.Clock) *db.DB)) {
	b.Run("sqlite", func(b *testing.B) { body(b, dbtest.SQLite) })
	b.Run("postgres", func(b *testing.B) { body(b, dbtest.Postgres) })
}

// BenchmarkSession is what every request of the desk begins with, in a city of
// 2,000 accounts with three grants each.
func BenchmarkSession(b *testing.B) {
	engines(b, func(b *testing.B, open func(testing.TB, civil.Clock) *db.DB) {
		w := newWorld(b, access.Policy{}, open)
		w.update(func(tx *db.Tx) error {
			for i := range 2000 {
				_, _, err := w.Invite(ctx, tx, nil, access.NewAccount{Login: fmt.Sprintf("official%d", i), Name: "某", UnitID: w.plan, Grants: threeRoles(w)})
				if err != nil {
					return err
				}
			}
			return nil
		})
		w.hire("keeper", w.plan, threeRoles(w)...)
		r := w.enter("keeper")
		b.ResetTimer()
		for b.Loop() {
			if _, _, err := w.Session(ctx, r.Token); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func threeRoles(w *world) []access.Grant {
	return []access.Grant{{Role: access.Editor, UnitID: w.plan}, {Role: access.Reviewer, UnitID: w.east, Below: true}, {Role: access.Head, UnitID: w.plan}}
}

// BenchmarkSignIn shows what a password costs with the parameters of the
// default policy.
func BenchmarkSignIn(b *testing.B) {
	engines(b, func(b *testing.B, open func(testing.TB, civil.Clock) *db.DB) {
		w := newWorld(b, access.Policy{Hash: access.DefaultPolicy().Hash}, open)
		w.hire("keeper", w.plan)
		b.ResetTimer()
		for b.Loop() {
			w.enter("keeper")
		}
	})
}

// BenchmarkCan is one button of a page.
func BenchmarkCan(b *testing.B) {
	w := newWorld(b, access.Policy{}, dbtest.SQLite)
	p := w.person(w.hire("keeper", w.plan, threeRoles(w)...))
	for b.Loop() {
		if !p.Can(access.RecordReview, w.town) {
			b.Fatal("cannot")
		}
	}
}

// BenchmarkAudit looks for a few entries among 200,000, by kind and by text.
func BenchmarkAudit(b *testing.B) {
	engines(b, func(b *testing.B, open func(testing.TB, civil.Clock) *db.DB) {
		w := newWorld(b, access.Policy{}, open)
		keeper := w.person(w.hire("keeper", w.plan))
		w.update(func(tx *db.Tx) error {
			acts := make([]ledger.Act, 200_000)
			for i := range acts {
				acts[i] = ledger.Act{Kind: "publication.added", Subject: fmt.Sprintf("publication:%d", i), Actor: "import", Data: map[string]string{"hash": "0123456789abcdef"}}
			}
			_, err := ledger.Append(ctx, tx, acts...)
			return err
		})
		for name, f := range map[string]access.AuditFilter{
			"kind": {Kind: "access."}, "actor": {Actor: keeper.Actor()}, "text": {Text: "某keeper"}, "newest": {},
		} {
			b.Run(name, func(b *testing.B) {
				for b.Loop() {
					w.audit(f)
				}
			})
		}
	})
}
