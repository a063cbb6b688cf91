package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/ledger"
)

var ctx = context.Background()

func appendOne(store *db.DB, subject string) error {
	return store.Update(ctx, func(tx *db.Tx) error {
		_, err := ledger.Append(ctx, tx, ledger.Act{Kind: "test.done", Subject: subject, Actor: "test"})
		return err
	})
}

// A reader that polls while many writers commit, some of them rolling back,
// must never find a number below one it has already seen, nor miss one.
func TestNumbersFollowCommitOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		const writers, each = 8, 25
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					err := store.Update(ctx, func(tx *db.Tx) error {
						if _, err := ledger.Append(ctx, tx, ledger.Act{Kind: "test.done", Subject: fmt.Sprint(w, "/", i), Actor: "test"}); err != nil {
							return err
						}
						if i%5 == 4 {
							return errGiveUp
						}
						return nil
					})
					if err != nil && !errors.Is(err, errGiveUp) {
						t.Error(err)
					}
				}
			})
		}
		finished := make(chan struct{})
		go func() { wg.Wait(); close(finished) }()
		var seen int64
		for open := true; open; {
			select {
			case <-finished:
				open = false
			default:
			}
			seen = readOn(t, store, seen)
		}
		if want := int64(writers * each * 4 / 5); seen != want {
			t.Errorf("read up to %d, want %d", seen, want)
		}
	})
}

var errGiveUp = errors.New("give up")

func readOn(t *testing.T, store *db.DB, seen int64) int64 {
	t.Helper()
	err := store.View(ctx, func(tx *db.Tx) error {
		entries, err := ledger.After(ctx, tx, seen, 1000)
		for _, e := range entries {
			if e.Seq != seen+1 {
				t.Errorf("after %d came %d", seen, e.Seq)
			}
			seen = e.Seq
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func TestRolledBackActsLeaveNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		if err := appendOne(store, "a"); err != nil {
			t.Fatal(err)
		}
		err := store.Update(ctx, func(tx *db.Tx) error {
			if _, err := ledger.Append(ctx, tx, ledger.Act{Kind: "k", Subject: "b", Actor: "x"}, ledger.Act{Kind: "k", Subject: "b", Actor: "x"}); err != nil {
				return err
			}
			return errGiveUp
		})
		if !errors.Is(err, errGiveUp) {
			t.Fatal(err)
		}
		if err := appendOne(store, "c"); err != nil {
			t.Fatal(err)
		}
		if seen := readOn(t, store, 0); seen != 2 {
			t.Errorf("head is %d, want 2", seen)
		}
	})
}

// counter is a consumer that keeps its place in the store and fails on demand
// after having done half of its work.
type counter struct {
	store *db.DB
	fail  bool
	saw   []int64
}

func (c *counter) Name() string { return "counter" }

func (c *counter) Cursor(ctx context.Context) (seq int64, err error) {
	err = c.store.View(ctx, func(tx *db.Tx) error {
		seq, err = ledger.Cursor(ctx, tx, c.Name())
		return err
	})
	return seq, err
}

func (c *counter) Apply(ctx context.Context, entries []ledger.Entry) error {
	return c.store.Update(ctx, func(tx *db.Tx) error {
		if err := ledger.MoveCursor(ctx, tx, c.Name(), entries[len(entries)-1].Seq); err != nil {
			return err
		}
		if c.fail {
			return errGiveUp
		}
		for _, e := range entries {
			c.saw = append(c.saw, e.Seq)
		}
		return nil
	})
}

func TestCursorSurvivesCrashAndReplays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		for i := range 7 {
			if err := appendOne(store, fmt.Sprint(i)); err != nil {
				t.Fatal(err)
			}
		}
		c := &counter{store: store, fail: true}
		if err := ledger.CatchUp(ctx, store, c, nil); !errors.Is(err, errGiveUp) {
			t.Fatalf("CatchUp = %v, want the consumer's error", err)
		}
		if at, _ := c.Cursor(ctx); at != 0 {
			t.Errorf("a failed batch moved the cursor to %d", at)
		}
		c.fail = false
		for range 2 { // the second time there is nothing to do
			if err := ledger.CatchUp(ctx, store, c, nil); err != nil {
				t.Fatal(err)
			}
		}
		if len(c.saw) != 7 {
			t.Errorf("saw %v, want 1 to 7 once", c.saw)
		}
		if err := store.Update(ctx, func(tx *db.Tx) error { return ledger.MoveCursor(ctx, tx, c.Name(), 0) }); err != nil {
			t.Fatal(err)
		}
		if err := ledger.CatchUp(ctx, store, c, nil); err != nil {
			t.Fatal(err)
		}
		if len(c.saw) != 14 {
			t.Errorf("replay saw %v", c.saw)
		}
	})
}

func TestFollowerHearsWake(t *testing.T) {
	store := dbtest.SQLite(t, civil.Fixed(dbtest.Noon))
	c := &counter{store: store}
	f := ledger.NewFollower(store, c)
	run, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { f.Run(run); close(done) }()
	if err := appendOne(store, "x"); err != nil {
		t.Fatal(err)
	}
	f.Wake()
	for at := int64(0); at < 1; at, _ = c.Cursor(ctx) {
	}
	stop()
	<-done
}

// The newest entry of some kinds is found however many others came after it.
func TestLastOf(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		last := func(kind string) (seq int64) {
			t.Helper()
			err := store.View(t.Context(), func(tx *db.Tx) (err error) {
				seq, err = ledger.LastOf(t.Context(), tx, func(k string) bool { return k == kind })
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return seq
		}
		if got := last("a"); got != 0 {
			t.Errorf("in an empty journal: %d", got)
		}
		acts := []ledger.Act{{Kind: "b"}, {Kind: "a"}}
		for range 1200 {
			acts = append(acts, ledger.Act{Kind: "c"})
		}
		err := store.Update(t.Context(), func(tx *db.Tx) error {
			_, err := ledger.Append(t.Context(), tx, acts...)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for kind, want := range map[string]int64{"a": 2, "b": 1, "c": 1202, "d": 0} {
			if got := last(kind); got != want {
				t.Errorf("%s: got %d, want %d", kind, got, want)
			}
		}
	})
}
