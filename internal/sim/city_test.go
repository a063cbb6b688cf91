package sim

import (
	"context"
	"path/filepath"
	"testing"

	"gongkai/internal/blob"
	"gongkai/internal/channel"
	"gongkai/internal/db"
	"gongkai/internal/law"
	"gongkai/internal/obligation"
	"gongkai/internal/publication"
	"gongkai/internal/unit"
)

var ctx = context.Background()

// open is the program over an empty SQLite store that runs on a timeline.
func open(t testing.TB) Deps {
	t.Helper()
	clock := new(Timeline)
	store, err := db.Open(ctx, "sqlite:"+filepath.Join(t.TempDir(), "city.db"), clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return deps(t, store, clock)
}

func deps(t testing.TB, store *db.DB, clock *Timeline) Deps {
	t.Helper()
	if err := store.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open(ctx, "mem:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { blobs.Close() })
	kinds, err := publication.LoadKinds(nil)
	if err != nil {
		t.Fatal(err)
	}
	units, duties := unit.NewStore(store), obligation.NewStore(store, obligation.Options{})
	return Deps{
		DB: store, Clock: clock, Units: units, Channels: channel.NewStore(store, units), Obligations: duties, Blobs: blobs, Calendar: law.Standard(),
		Publications: publication.NewStore(publication.Deps{DB: store, Kinds: kinds, Units: units, Duties: duties, Blobs: blobs}),
	}
}

func TestPlay(t *testing.T) {
	d := open(t)
	if err := City(ctx, d, Seed, nil); err != nil {
		t.Fatal(err)
	}
}
