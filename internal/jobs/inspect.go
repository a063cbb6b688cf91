package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// State is where a job stands.
type State string

// States of a job.
const (
	Waiting   State = "available" // runs as soon as a worker is free
	Scheduled State = "scheduled" // runs at a time
	Retryable State = "retryable" // failed, runs again after a pause
	Running   State = "running"
	Done      State = "completed" // forgotten after a day
	Cancelled State = "cancelled" // by staff, or failed for good by a fault; forgotten after 30 days
	Discarded State = "discarded" // failed MaxAttempts times; forgotten after 30 days
)

// Job is one job as staff see it.
type Job struct {
	ID          int64           `json:"id"`
	Kind        string          `json:"kind"`
	State       State           `json:"state"`
	Args        json.RawMessage `json:"args"`
	Attempt     int             `json:"attempt"`      // how often it was begun
	EnqueuedAt  time.Time       `json:"enqueued_at"`  // on the machine's clock, as all here
	ScheduledAt time.Time       `json:"scheduled_at"` // when it runs next, or was last due
	FinishedAt  time.Time       `json:"finished_at"`  // zero where it has not
	LastError   string          `json:"last_error"`   // for the log; may hold particulars
}

// Filter chooses jobs; the zero value chooses the newest of all.
type Filter struct {
	Kinds  []string
	States []State
	Before int64 // only numbers below this one; 0 is all: the way to the next page
	Limit  int   // 0 is 100; at most 1000
}

const maxList = 1000

// List gives jobs, newest first.
func (q *Queue) List(ctx context.Context, f Filter) (list []Job, err error) {
	defer fault.Wrap(&err, "jobs.List")
	params := river.NewJobListParams().OrderBy(river.JobListOrderByID, river.SortOrderDesc).First(100)
	if f.Limit > 0 {
		params = params.First(min(f.Limit, maxList))
	}
	if len(f.Kinds) > 0 {
		params = params.Kinds(f.Kinds...)
	}
	if len(f.States) > 0 {
		states := make([]rivertype.JobState, len(f.States))
		for i, s := range f.States {
			states[i] = rivertype.JobState(s)
		}
		params = params.States(states...)
	}
	if f.Before > 0 {
		params = params.Where("id < @before", river.NamedArgs{"before": f.Before})
	}
	result, err := q.client.JobList(ctx, params)
	if err != nil {
		return nil, err
	}
	for _, row := range result.Jobs {
		list = append(list, jobOf(row))
	}
	return list, nil
}

func jobOf(row *rivertype.JobRow) Job {
	job := Job{ID: row.ID, Kind: row.Kind, State: State(row.State), Args: row.EncodedArgs, Attempt: row.Attempt,
		EnqueuedAt: row.CreatedAt, ScheduledAt: row.ScheduledAt}
	if row.FinalizedAt != nil {
		job.FinishedAt = *row.FinalizedAt
	}
	if n := len(row.Errors); n > 0 {
		job.LastError = row.Errors[n-1].Error
	}
	return job
}

// Retry lets a job run again now, whatever its state but running.
func (q *Queue) Retry(ctx context.Context, id int64) (err error) {
	defer fault.Wrap(&err, "jobs.Retry(%d)", id)
	_, err = q.client.JobRetry(ctx, id)
	return missing(err, id)
}

// Cancel ends a job for good; a running one is told through its context.
func (q *Queue) Cancel(ctx context.Context, id int64) (err error) {
	defer fault.Wrap(&err, "jobs.Cancel(%d)", id)
	_, err = q.client.JobCancel(ctx, id)
	return missing(err, id)
}

func missing(err error, id int64) error {
	if errors.Is(err, rivertype.ErrNotFound) {
		return fault.New(fault.NotFound, "job_unknown", "没有编号为 %d 的后台任务；完成的任务一天后不再保留。", id).Because(err)
	}
	return err
}

// Count is the number of jobs of one kind in one state.
type Count struct {
	Kind  string
	State State
	Count int64
}

// Counts counts the jobs that are kept, for metrics. It needs no Queue, so that
// a process that runs no jobs can tell too.
func Counts(ctx context.Context, store *db.DB) (counts []Count, err error) {
	defer fault.Wrap(&err, "jobs.Counts")
	err = store.View(ctx, func(tx *db.Tx) error {
		return tx.Each(ctx, "select kind, state, count(*) from river_job group by kind, state order by kind, state", nil, func(rows *sql.Rows) error {
			var c Count
			err := rows.Scan(&c.Kind, &c.State, &c.Count)
			counts = append(counts, c)
			return err
		})
	})
	return counts, err
}
