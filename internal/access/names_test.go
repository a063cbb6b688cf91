package access_test

import (
	"fmt"
	"maps"
	"testing"

	"gongkai/internal/access"
	"gongkai/internal/db"
)

func TestNamesOfActors(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		p := w.person(w.hire("writer", w.plan))
		gone := fmt.Sprintf("user:%d", p.ID+1000)
		w.update(func(tx *db.Tx) error {
			got, err := w.Names(ctx, tx, []string{p.Actor(), "import", gone, "preview:1", p.Actor()})
			want := map[string]string{p.Actor(): p.Name, "import": "导入"}
			if !maps.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
			return err
		})
	})
}
