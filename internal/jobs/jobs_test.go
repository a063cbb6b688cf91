package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/jobs"
)

var ctx = context.Background()

type note struct {
	Text string `json:"text"`
}

func (note) Kind() string { return "test.note" }

// each runs body on both engines, on a store whose jobs are migrated.
func each(t *testing.T, body func(t *testing.T, store *db.DB)) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		if err := jobs.Migrate(ctx, store); err != nil {
			t.Fatal(err)
		}
		body(t, store)
	})
}

func enqueue(t *testing.T, store *db.DB, args jobs.Args, options ...jobs.Option) {
	t.Helper()
	err := store.Update(ctx, func(tx *db.Tx) error { return jobs.Enqueue(ctx, tx, args, options...) })
	if err != nil {
		t.Fatal(err)
	}
}

// open makes a queue that is closed with the test.
func open(t *testing.T, store *db.DB, reg *jobs.Registry) *jobs.Queue {
	t.Helper()
	q, err := jobs.Open(ctx, store, reg, jobs.Settings{Instance: "test", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	return q
}

// run works on jobs until the returned function is called, or the test ends.
func run(t *testing.T, q *jobs.Queue) (stop func()) {
	t.Helper()
	running, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := q.Run(running); err != nil {
			t.Error(err)
		}
	}()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	t.Cleanup(stop)
	return stop
}

// until waits for a job of that kind to reach a state and gives it.
func until(t *testing.T, q *jobs.Queue, kind string, state jobs.State) jobs.Job {
	t.Helper()
	for {
		list, err := q.List(ctx, jobs.Filter{Kinds: []string{kind}, States: []jobs.State{state}})
		if err != nil {
			t.Fatal(err)
		}
		if len(list) > 0 {
			return list[0]
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// ignore is a registry that does nothing with notes.
func ignore() *jobs.Registry {
	reg := jobs.NewRegistry()
	jobs.Handle(reg, func(context.Context, note) error { return nil })
	return reg
}

func TestEnqueuedIffCommitted(t *testing.T) {
	each(t, func(t *testing.T, store *db.DB) {
		gaveUp := errors.New("give up")
		err := store.Update(ctx, func(tx *db.Tx) error {
			if err := jobs.Enqueue(ctx, tx, note{"lost"}); err != nil {
				return err
			}
			return gaveUp
		})
		if !errors.Is(err, gaveUp) {
			t.Fatal(err)
		}
		enqueue(t, store, note{"kept"})

		ran := make(chan string, 10)
		reg := jobs.NewRegistry()
		jobs.Handle(reg, func(_ context.Context, n note) error { ran <- n.Text; return nil })
		q := open(t, store, reg)
		if err := q.Ping(ctx); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("Ping before Run = %v, want Unavailable", err)
		}
		run(t, q)
		if got := <-ran; got != "kept" {
			t.Errorf("ran %q", got)
		}
		if err := q.Ping(ctx); err != nil {
			t.Errorf("Ping while running = %v", err)
		}
		if job := until(t, q, "test.note", jobs.Done); job.FinishedAt.IsZero() || job.Attempt != 1 || job.LastError != "" {
			t.Errorf("done job is %+v", job)
		}
		if list, err := q.List(ctx, jobs.Filter{}); err != nil || len(list) != 1 {
			t.Errorf("List = %v, %v, want one job", list, err)
		}
	})
}

// The rows of the caller and the job are one decision, also among many callers.
func TestManyEnqueueWhileWorking(t *testing.T) {
	each(t, func(t *testing.T, store *db.DB) {
		const writers, perWriter = 6, 20
		var mu sync.Mutex
		seen := map[string]int{}
		all := make(chan struct{})
		reg := jobs.NewRegistry()
		jobs.Handle(reg, func(_ context.Context, n note) error {
			mu.Lock()
			defer mu.Unlock()
			if seen[n.Text]++; len(seen) == writers*perWriter {
				close(all)
			}
			return nil
		})
		run(t, open(t, store, reg))
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range perWriter {
					err := store.Update(ctx, func(tx *db.Tx) error { return jobs.Enqueue(ctx, tx, note{fmt.Sprint(w, "/", i)}) })
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		<-all
		mu.Lock()
		defer mu.Unlock()
		for text, n := range seen {
			if n != 1 {
				t.Errorf("%s ran %d times", text, n)
			}
		}
	})
}

func TestErrorIsTriedAgain(t *testing.T) {
	for name, fail := range map[string]func() error{
		"error": func() error { return errors.New("the printer is on fire") },
		"panic": func() error { panic("the printer is on fire") },
		"unavailable": func() error {
			return fault.New(fault.Unavailable, "printer_off", "the printer is on fire")
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, store *db.DB) {
				enqueue(t, store, note{"x"})
				first := true
				reg := jobs.NewRegistry()
				jobs.Handle(reg, func(context.Context, note) error {
					if first {
						first = false
						return fail()
					}
					return nil
				})
				q := open(t, store, reg)
				run(t, q)
				job := until(t, q, "test.note", jobs.Done)
				if job.Attempt != 2 || job.LastError != "the printer is on fire" {
					t.Errorf("after a failed attempt the job is %+v", job)
				}
			})
		})
	}
}

func TestFaultThatWaitingDoesNotCureFailsAtOnce(t *testing.T) {
	for _, kind := range []fault.Kind{fault.Invalid, fault.NotFound, fault.Forbidden, fault.TooLarge} {
		t.Run(kind.String(), func(t *testing.T) {
			each(t, func(t *testing.T, store *db.DB) {
				enqueue(t, store, note{"x"})
				reg := jobs.NewRegistry()
				jobs.Handle(reg, func(context.Context, note) error { return fault.New(kind, "no_use", "没有用") })
				q := open(t, store, reg)
				run(t, q)
				if job := until(t, q, "test.note", jobs.Cancelled); job.Attempt != 1 {
					t.Errorf("failed after %d attempts, want 1", job.Attempt)
				}
			})
		})
	}
}

func TestOnce(t *testing.T) {
	each(t, func(t *testing.T, store *db.DB) {
		for range 3 {
			enqueue(t, store, note{"same"}, jobs.Once())
		}
		enqueue(t, store, note{"other"}, jobs.Once())
		q := open(t, store, ignore())
		if list, err := q.List(ctx, jobs.Filter{}); err != nil || len(list) != 2 {
			t.Errorf("List = %v, %v, want two jobs", list, err)
		}
		stop := run(t, q)
		for len(finished(t, q)) < 2 {
			time.Sleep(20 * time.Millisecond)
		}
		stop()
		enqueue(t, store, note{"same"}, jobs.Once())
		if list, err := q.List(ctx, jobs.Filter{States: []jobs.State{jobs.Waiting}}); err != nil || len(list) != 1 {
			t.Errorf("after the first has finished: %v, %v, want one waiting", list, err)
		}
	})
}

func finished(t *testing.T, q *jobs.Queue) []jobs.Job {
	t.Helper()
	list, err := q.List(ctx, jobs.Filter{States: []jobs.State{jobs.Done}})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestEveryRunsAtStart(t *testing.T) {
	each(t, func(t *testing.T, store *db.DB) {
		ran := make(chan struct{}, 10)
		reg := jobs.NewRegistry()
		jobs.Handle(reg, func(context.Context, note) error { ran <- struct{}{}; return nil })
		reg.Every(time.Hour, note{"tidy"})
		run(t, open(t, store, reg))
		<-ran
	})
}

func TestListPagesAndCounts(t *testing.T) {
	each(t, func(t *testing.T, store *db.DB) {
		for i := range 5 {
			enqueue(t, store, note{fmt.Sprint(i)})
		}
		enqueue(t, store, note{"later"}, jobs.At(time.Now().Add(time.Hour)))
		q := open(t, store, ignore())
		var args []string
		for page := (jobs.Filter{Limit: 4}); ; {
			list, err := q.List(ctx, page)
			if err != nil {
				t.Fatal(err)
			}
			if len(list) == 0 {
				break
			}
			for _, job := range list {
				args = append(args, string(job.Args))
			}
			page.Before = list[len(list)-1].ID
		}
		if len(args) != 6 || args[0] != `{"text":"later"}` && args[0] != `{"text": "later"}` {
			t.Errorf("pages hold %v, want six, newest first", args)
		}
		counts, err := jobs.Counts(ctx, store)
		want := []jobs.Count{{"test.note", jobs.Waiting, 5}, {"test.note", jobs.Scheduled, 1}}
		if err != nil || fmt.Sprint(counts) != fmt.Sprint(want) {
			t.Errorf("Counts = %v, %v, want %v", counts, err, want)
		}
	})
}

func TestRetryAndCancel(t *testing.T) {
	each(t, func(t *testing.T, store *db.DB) {
		enqueue(t, store, note{"x"}, jobs.At(time.Now().Add(time.Hour)))
		q := open(t, store, ignore())
		job := until(t, q, "test.note", jobs.Scheduled)
		if err := q.Cancel(ctx, job.ID); err != nil {
			t.Fatal(err)
		}
		until(t, q, "test.note", jobs.Cancelled)
		if err := q.Retry(ctx, job.ID); err != nil {
			t.Fatal(err)
		}
		until(t, q, "test.note", jobs.Waiting)
		for name, err := range map[string]error{"Retry": q.Retry(ctx, 999), "Cancel": q.Cancel(ctx, 999)} {
			if fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s of an unknown job = %v, want NotFound", name, err)
			}
		}
	})
}

func TestMigrateAgainAndAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if err := jobs.Migrate(ctx, store); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		enqueue(t, store, note{"x"})
	})
}

func TestHandleRefusesAKindTwice(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic for a kind that is taken")
		}
	}()
	jobs.Handle(ignore(), func(context.Context, note) error { return nil })
}
