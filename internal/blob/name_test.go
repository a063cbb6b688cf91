package blob_test

import (
	"testing"

	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
)

func TestNames(t *testing.T) {
	first := blob.Ref{Hash: "aa", Size: 1, MediaType: "text/plain"}
	second := blob.Ref{Hash: "bb", Size: 1 << 40, MediaType: "application/zstd"}
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		err := store.Update(ctx, func(tx *db.Tx) error {
			if _, err := blob.ByName(ctx, tx, "bulk"); fault.KindOf(err) != fault.NotFound {
				t.Errorf("ByName before SetName = %v, want NotFound", err)
			}
			for _, ref := range []blob.Ref{first, second} {
				if err := blob.SetName(ctx, tx, "bulk", ref, "note"); err != nil {
					return err
				}
			}
			for _, h := range []blob.Hash{first.Hash, second.Hash} {
				if ok, err := blob.HasName(ctx, tx, h); ok != (h == second.Hash) || err != nil {
					t.Errorf("HasName(%s) = %v, %v", h, ok, err)
				}
			}
			got, err := blob.ByName(ctx, tx, "bulk")
			if want := (blob.Named{Name: "bulk", Ref: second, Note: "note", At: tx.Now}); !got.At.Equal(want.At) || got.Ref != want.Ref || got.Note != want.Note {
				t.Errorf("ByName = %+v, want %+v", got, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
