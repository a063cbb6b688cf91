package ledger

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Consumer turns entries into something that can be thrown away and rebuilt:
// an index, a cache, a feed. Apply must save what it made together with the
// number of the last entry, so that after a crash Cursor names exactly what is
// in it.
type Consumer interface {
	Name() string
	Cursor(ctx context.Context) (int64, error)
	Apply(ctx context.Context, entries []Entry) error
}

const (
	batchSize = 500
	pollEvery = 300 * time.Millisecond // finds what other processes wrote
	retryWait = 2 * time.Second
)

// Follower drives consumers after the head of the ledger. The zero value is
// not usable; make one with NewFollower.
type Follower struct {
	store *db.DB
	wake  []chan struct{}
	all   []Consumer
}

// NewFollower makes a follower for the consumers; nothing runs yet.
func NewFollower(store *db.DB, consumers ...Consumer) *Follower {
	f := &Follower{store: store, all: consumers}
	for range consumers {
		f.wake = append(f.wake, make(chan struct{}, 1))
	}
	return f
}

// Wake tells the follower that something was appended; it returns at once.
// Without it new entries are found within the polling interval.
func (f *Follower) Wake() {
	for _, w := range f.wake {
		select {
		case w <- struct{}{}:
		default:
		}
	}
}

// Run follows until ctx ends. A consumer that fails is tried again and does
// not hold up the others.
func (f *Follower) Run(ctx context.Context) {
	var wg sync.WaitGroup
	for i, c := range f.all {
		wg.Go(func() { f.follow(ctx, c, f.wake[i]) })
	}
	wg.Wait()
}

func (f *Follower) follow(ctx context.Context, c Consumer, wake <-chan struct{}) {
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		if err := CatchUp(ctx, f.store, c, nil); err != nil && ctx.Err() == nil {
			slog.Error("ledger consumer failed; will try again", "consumer", c.Name(), "err", err)
			select {
			case <-ctx.Done():
			case <-time.After(retryWait):
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-poll.C:
		}
	}
}

// CatchUp applies every entry that the consumer has not seen. progress, where
// given, hears the cursor and the head after each batch.
func CatchUp(ctx context.Context, store *db.DB, c Consumer, progress func(cursor, head int64)) (err error) {
	defer fault.Wrap(&err, "ledger.CatchUp(%s)", c.Name())
	cursor, err := c.Cursor(ctx)
	if err != nil {
		return err
	}
	for ctx.Err() == nil {
		var entries []Entry
		var head int64
		err := store.View(ctx, func(tx *db.Tx) (err error) {
			if head, err = Head(ctx, tx); err != nil || head <= cursor {
				return err
			}
			entries, err = After(ctx, tx, cursor, batchSize)
			return err
		})
		if err != nil || len(entries) == 0 {
			return err
		}
		if err := c.Apply(ctx, entries); err != nil {
			return err
		}
		cursor = entries[len(entries)-1].Seq
		if progress != nil {
			progress(cursor, head)
		}
	}
	return ctx.Err()
}

// Cursor reads a consumer's place kept in the store; 0 where it has none.
func Cursor(ctx context.Context, tx *db.Tx, consumer string) (seq int64, err error) {
	err = tx.Row(ctx, "select coalesce(max(seq), 0) from ledger_cursors where consumer = ?", []any{consumer}, &seq)
	return seq, err
}

// MoveCursor saves a consumer's place in tx, beside what it made of the
// entries. Moving it to 0 replays everything.
func MoveCursor(ctx context.Context, tx *db.Tx, consumer string, seq int64) error {
	_, err := tx.Exec(ctx, `insert into ledger_cursors (consumer, seq, moved_at) values (?, ?, ?)
		on conflict (consumer) do update set seq = excluded.seq, moved_at = excluded.moved_at`, consumer, seq, db.At(tx.Now))
	return err
}
