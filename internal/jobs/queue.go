package jobs

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Settings say how a process works on jobs. The zero value is usable.
type Settings struct {
	// Instance names this process among those that work at one store at the
	// same time, and is the same after a restart, so that it can take up what
	// it was doing when it was killed. Empty is the machine's host name.
	Instance string
	// Workers is how many jobs run at the same time; 0 is 4.
	Workers int
	// Logger hears of failed jobs and other trouble; nil is the default one.
	Logger *slog.Logger
}

const (
	// pollEvery is how often SQLite is asked for jobs: one small statement on
	// the write connection. PostgreSQL notifies and is asked as rarely.
	pollEvery = time.Second
	// fetchPause is the least time between two fetches while jobs flow.
	fetchPause = 50 * time.Millisecond
)

// stopAfter is how long Run lets jobs finish before it ends them.
const stopAfter = 10 * time.Second

// Queue works on jobs and shows them. It is safe for concurrent use.
type Queue struct {
	store    *db.DB
	client   client
	rescue   func(ctx context.Context, params *riverdriver.JobRescueManyParams) (*struct{}, error)
	instance string
	running  atomic.Bool
	close    func()
}

// client is what is used of a river.Client, whatever its transactions are.
type client interface {
	Start(ctx context.Context) error
	Stopped() <-chan struct{}
	JobList(ctx context.Context, params *river.JobListParams) (*river.JobListResult, error)
	JobRetry(ctx context.Context, id int64) (*rivertype.JobRow, error)
	JobCancel(ctx context.Context, id int64) (*rivertype.JobRow, error)
}

// Open makes a queue on a store whose jobs are migrated. Nothing runs before
// Run. Close it before the store.
func Open(ctx context.Context, store *db.DB, reg *Registry, set Settings) (_ *Queue, err error) {
	defer fault.Wrap(&err, "jobs.Open")
	if set.Instance == "" {
		if set.Instance, err = os.Hostname(); err != nil {
			return nil, err
		}
	}
	set.Workers = cmp.Or(set.Workers, 4)
	if set.Logger == nil {
		set.Logger = slog.Default()
	}
	set.Logger = slog.New(troubleOnly{set.Logger.Handler()})
	config := reg.config(set)
	q := &Queue{store: store, instance: set.Instance, close: func() {}}
	if store.Engine() == db.SQLite {
		config.PollOnly = true
		return q, bindClient(q, riversqlite.New(store.Writer()), config)
	}
	pool, err := openPool(ctx, store, int32(set.Workers+4))
	if err != nil {
		return nil, err
	}
	q.close = pool.Close
	return q, bindClient(q, riverpgxv5.New(pool), config)
}

func bindClient[T any](q *Queue, driver riverdriver.Driver[T], config *river.Config) error {
	c, err := river.NewClient(driver, config)
	if err != nil {
		return err
	}
	q.client, q.rescue = c, driver.GetExecutor().JobRescueMany
	return nil
}

func (r *Registry) config(set Settings) *river.Config {
	return &river.Config{
		ID:                          set.Instance,
		Workers:                     r.workers,
		PeriodicJobs:                r.periodic,
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: set.Workers}},
		MaxAttempts:                 MaxAttempts,
		JobTimeout:                  Timeout,
		FetchPollInterval:           pollEvery,
		FetchCooldown:               fetchPause,
		SoftStopTimeout:             stopAfter,
		CancelledJobRetentionPeriod: keepFailed,
		DiscardedJobRetentionPeriod: keepFailed,
		Logger:                      set.Logger,
	}
}

// Run works on jobs until ctx ends, and then lets running ones finish for a
// short while before it ends them; those will run again. It may be called once.
func (q *Queue) Run(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "jobs.Run")
	if err := q.resume(ctx); err != nil {
		return err
	}
	if err := q.client.Start(ctx); err != nil {
		return err
	}
	q.running.Store(true)
	defer q.running.Store(false)
	<-q.client.Stopped()
	return nil
}

// Ping tells whether Run is working.
func (q *Queue) Ping(context.Context) error {
	if !q.running.Load() {
		return fault.New(fault.Unavailable, "jobs_stopped", "后台任务没有在运行：通知、批量文件等不会更新。请看日志，必要时重启程序。")
	}
	return nil
}

// resume takes up what this instance was doing when it was killed. Without it
// these jobs would wait for an hour, as those of other instances do.
func (q *Queue) resume(ctx context.Context) error {
	running, err := q.client.JobList(ctx, river.NewJobListParams().States(rivertype.JobStateRunning).First(maxList))
	if err != nil {
		return err
	}
	now := time.Now().UTC()
	left := riverdriver.JobRescueManyParams{StuckHorizon: now.Add(time.Minute)}
	for _, job := range running.Jobs {
		if n := len(job.AttemptedBy); n == 0 || job.AttemptedBy[n-1] != q.instance {
			continue
		}
		told, err := json.Marshal(rivertype.AttemptError{At: now, Attempt: max(job.Attempt, 0), Error: "the process ended in the middle of it"})
		if err != nil {
			return err
		}
		state, finalized := rivertype.JobStateAvailable, (*time.Time)(nil)
		if job.Attempt >= job.MaxAttempts { // it may be what kills the process
			state, finalized = rivertype.JobStateDiscarded, &now
		}
		left.ID = append(left.ID, job.ID)
		left.Error = append(left.Error, told)
		left.FinalizedAt = append(left.FinalizedAt, finalized)
		left.ScheduledAt = append(left.ScheduledAt, now)
		left.State = append(left.State, string(state))
	}
	if len(left.ID) > 0 {
		_, err = q.rescue(ctx, &left)
	}
	return err
}

// Close releases what Open took. Run must have returned.
func (q *Queue) Close() { q.close() }

// troubleOnly keeps River's tidings of its daily round out of the log.
type troubleOnly struct{ slog.Handler }

// Enabled lets warnings and errors through.
func (h troubleOnly) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

// WithAttrs keeps the threshold.
func (h troubleOnly) WithAttrs(attrs []slog.Attr) slog.Handler {
	return troubleOnly{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the threshold.
func (h troubleOnly) WithGroup(name string) slog.Handler {
	return troubleOnly{h.Handler.WithGroup(name)}
}
