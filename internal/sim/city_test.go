package sim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"gongkai/internal/blob"
	"gongkai/internal/channel"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/law"
	"gongkai/internal/ledger"
	"gongkai/internal/obligation"
	"gongkai/internal/publication"
	"gongkai/internal/publication/kind"
	"gongkai/internal/unit"
)

var ctx = context.Background()

// home holds the city that tests read; it outlives each of them.
var home string

func TestMain(m *testing.M) {
	var err error
	if home, err = os.MkdirTemp("", "sim"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(home)
	os.Exit(code)
}

// open is the program over an empty SQLite store that runs on a timeline.
func open(t testing.TB, dir string) Deps {
	t.Helper()
	clock := new(Timeline)
	store, err := db.Open(ctx, "sqlite:"+filepath.Join(dir, "city.db"), clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	return wire(t, store, clock)
}

func wire(t testing.TB, store *db.DB, clock *Timeline) Deps {
	t.Helper()
	if err := store.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open(ctx, "mem:")
	if err != nil {
		t.Fatal(err)
	}
	kinds, err := kind.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	units, duties := unit.NewStore(store), obligation.NewStore(store, obligation.Options{})
	return Deps{
		DB: store, Clock: clock, Units: units, Channels: channel.NewStore(store, units), Obligations: duties, Blobs: blobs, Calendar: law.Standard(),
		Publications: publication.NewStore(publication.Deps{DB: store, Kinds: kinds, Units: units, Duties: duties, Blobs: blobs}),
	}
}

var standing struct {
	sync.Once
	Deps
}

// standingCity is the demonstration city, made once for all tests that only
// read it.
func standingCity(t testing.TB) Deps {
	t.Helper()
	standing.Do(func() {
		d := open(t, home)
		if err := City(ctx, d, Seed, nil); err != nil {
			t.Fatal(err)
		}
		standing.Deps = d
	})
	if standing.DB == nil {
		t.Fatal("the city could not be made")
	}
	return standing.Deps
}

func export(t testing.TB, d Deps) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := d.Publications.Export(ctx, &out, publication.ExportOptions{}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// journal is the whole ledger as text.
func journal(t testing.TB, d Deps) (entries []ledger.Entry) {
	t.Helper()
	err := d.DB.View(ctx, func(tx *db.Tx) (err error) {
		entries, err = ledger.After(ctx, tx, 0, 1_000_000)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func text(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// One seed gives one city, whether it was made in one go or broken off and
// finished; a city that stands is left alone.
func TestOneSeedOneCity(t *testing.T) {
	want := standingCity(t)
	d := open(t, t.TempDir())
	defer d.DB.Close()
	broken := errors.New("broken off")
	half, cancel := context.WithCancelCause(ctx)
	if err := City(half, d, Seed, func(done, total int) {
		if done == total/2 {
			cancel(broken)
		}
	}); err == nil {
		t.Fatal("the city was not broken off")
	}
	if n := len(journal(t, d)); n == 0 {
		t.Fatal("nothing was done before it was broken off")
	}
	if err := City(ctx, d, Seed, nil); err != nil {
		t.Fatal(err)
	}
	if got, want := export(t, d), export(t, want); !bytes.Equal(got, want) {
		t.Errorf("the finished city has other publications: %d bytes, want %d", len(got), len(want))
	}
	before := journal(t, d)
	if err := City(ctx, d, Seed+1, nil); err != nil {
		t.Fatal(err)
	}
	if after := journal(t, d); len(after) != len(before) {
		t.Errorf("a standing city was played again: %d entries, then %d", len(before), len(after))
	}
	if !d.Clock.Now().Equal(demoInstant) {
		t.Errorf("the clock rests at %v, want %v", d.Clock.Now(), demoInstant)
	}
}

func TestSameSeedSameLedger(t *testing.T) {
	want := journal(t, standingCity(t))
	d := open(t, t.TempDir())
	defer d.DB.Close()
	if err := City(ctx, d, Seed, nil); err != nil {
		t.Fatal(err)
	}
	got := journal(t, d)
	if len(got) != len(want) {
		t.Fatalf("%d entries, want %d", len(got), len(want))
	}
	for i := range got {
		if g, w := text(t, got[i]), text(t, want[i]); g != w {
			t.Fatalf("entry %d is\n%s, want\n%s", i+1, g, w)
		}
	}
}

func TestOtherSeedOtherScript(t *testing.T) {
	d := standingCity(t)
	tree, err := d.Units.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	lines := func(seed uint64) (all []*publication.Line) {
		p, err := newPlayer(d, tree, seed)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.write(); err != nil {
			t.Fatal(err)
		}
		for _, s := range p.scenes {
			all = append(all, s.line)
		}
		return all
	}
	first, again := text(t, lines(1)), text(t, lines(1))
	if first != again {
		t.Error("the same seed gives two scripts")
	}
	if first == text(t, lines(2)) {
		t.Error("two seeds give one script")
	}
}

// The city is the same on PostgreSQL.
func TestCityOnPostgres(t *testing.T) {
	clock := new(Timeline)
	d := wire(t, dbtest.Postgres(t, clock.Now), clock)
	if err := City(ctx, d, Seed, nil); err != nil {
		t.Fatal(err)
	}
	if got, want := export(t, d), export(t, standingCity(t)); !bytes.Equal(got, want) {
		t.Errorf("PostgreSQL has other publications: %d bytes, want %d", len(got), len(want))
	}
}

// A database that does not run on the timeline is refused before anything is
// published.
func TestOtherClockIsRefused(t *testing.T) {
	store := dbtest.SQLite(t, Clock())
	if err := City(ctx, wire(t, store, new(Timeline)), Seed, nil); err == nil {
		t.Error("a city was made on a database with another clock")
	}
}

// Any seed makes a city to its end.
func TestOtherSeeds(t *testing.T) {
	if testing.Short() {
		t.Skip("plays whole cities")
	}
	d := open(t, t.TempDir())
	defer d.DB.Close()
	if err := City(ctx, d, 99, nil); err != nil {
		t.Error(err)
	}
}
