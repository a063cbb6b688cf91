package api

import (
	"context"
	"testing"

	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
)

// A file is without a name when it is neither the newest nor the one before,
// of any sort: two sorts may have the same content.
func TestRename(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		ctx := context.Background()
		for i, step := range []struct{ name, hash, nameless string }{
			{"duties", "empty", ""},
			{"units", "empty", ""},
			{"units", "u1", ""},
			{"units", "u2", ""}, // duties has it still
			{"units", "u2", ""},
			{"units", "u3", "u1"},
			{"duties", "d1", ""},
			{"duties", "empty", ""}, // back again
			{"duties", "d2", "d1"},
			{"duties", "d3", "empty"},
		} {
			err := store.Update(ctx, func(tx *db.Tx) error {
				got, err := rename(ctx, tx, step.name, blob.Ref{Hash: blob.Hash(step.hash)}, "{}")
				if string(got) != step.nameless {
					t.Errorf("step %d: %s → %s leaves %q without a name, want %q", i, step.name, step.hash, got, step.nameless)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
