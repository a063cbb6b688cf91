package access_test

import (
	"testing"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/db"
)

func TestKeys(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		boss := w.person(w.hire("boss", w.east, access.Grant{Role: access.SecurityAdmin, UnitID: w.east, Below: true}))
		make := func(by *access.Person, name string, unitID int64, life time.Duration) (k access.Key, secret string, err error) {
			err = w.try(func(tx *db.Tx) error {
				k, secret, err = w.NewKey(ctx, tx, by, name, unitID, life)
				return err
			})
			return k, secret, err
		}
		for _, tt := range []struct {
			name string
			by   *access.Person
			unit int64
			life time.Duration
			want string
		}{{"", boss, w.east, 0, "key_name"}, {"OA", boss, w.plan, 0, "not_allowed"}, {"OA", boss, 4711, 0, "account_unit"}, {"OA", boss, w.east, 3 * 365 * 24 * time.Hour, "key_life"}, {"OA", boss, w.east, -1, "key_life"}} {
			_, _, err := make(tt.by, tt.name, tt.unit, tt.life)
			wantCode(t, err, tt.want)
		}
		k, secret, err := make(boss, "县OA系统", w.town, 24*time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		got, err := w.KeyOf(ctx, secret, "10.2.2.2")
		if err != nil || got.ID != k.ID || !got.Can(access.RecordImport, w.town) || got.Can(access.RecordImport, w.east) || got.Can(access.RecordWrite, w.town) {
			t.Errorf("got %+v, %v", got, err)
		}
		if acts := w.acts("access.key_used", k.Actor()); len(acts) != 1 || string(acts[0].Data) != `{"address":"10.2.2.2"}` {
			t.Errorf("entered as %v", acts)
		}
		for _, bad := range []string{"", "gk_", secret + "x", secret[:len(secret)-1] + "!", "gk_00000000_" + secret[12:], secret[:12] + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"} {
			_, err := w.KeyOf(ctx, bad, "10.2.2.2")
			wantCode(t, err, "key_refused")
		}
		w.update(func(tx *db.Tx) error {
			list, err := w.Keys(ctx, tx, []int64{w.town, w.east})
			if len(list) != 1 || list[0].Prefix != secret[3:11] || list[0].UsedAt.IsZero() {
				t.Errorf("listed as %+v", list)
			}
			return err
		})
		w.pass(24 * time.Hour)
		_, err = w.KeyOf(ctx, secret, "10.2.2.2")
		wantCode(t, err, "key_refused")
		k, secret, err = make(nil, "县OA系统", w.town, 0)
		if err != nil || !k.ExpiresAt.Equal(w.clock().Add(365*24*time.Hour)) {
			t.Errorf("got %+v, %v", k, err)
		}
		for range 2 {
			w.update(func(tx *db.Tx) error { return w.RevokeKey(ctx, tx, boss, k.ID) })
		}
		_, err = w.KeyOf(ctx, secret, "10.2.2.2")
		wantCode(t, err, "key_refused")
		if len(w.acts("access.key_ended", k.Actor())) != 1 || len(w.acts("access.key_refused", k.Actor())) != 1 {
			t.Errorf("entered as\n%s", w.journal())
		}
	})
}
