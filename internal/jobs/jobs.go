// Package jobs does work later, or again and again: building downloads,
// sending notices, tidying up. River does the queueing, on both engines.
//
// A job is a pair: arguments, which are data under a stable kind, and a
// function that works on them. It is enqueued in the caller's transaction, so
// it exists if and only if what the caller decided was saved. It runs at least
// once: after a crash, or where it returned an error, it runs again. So it
// must be safe to run twice.
//
// Jobs run on the machine's clock. What depends on the date of the city asks
// the store's clock itself.
package jobs

import (
	"context"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"gongkai/internal/fault"
)

// Args are the arguments of a job: a struct that JSON can hold. Kind is stored
// with them; it is stable for ever and named noun.verb: "bulk.build".
type Args interface {
	Kind() string
}

// Limits of a job.
const (
	// MaxAttempts is how often a job is tried. The pauses between attempts
	// grow with the fourth power of their number: about 4 hours in all.
	MaxAttempts = 10
	// Timeout ends one attempt, through its context.
	Timeout = 30 * time.Minute
	// keepFailed is how long staff can see and retry what has failed.
	keepFailed = 30 * 24 * time.Hour
)

// Registry holds which function works on which kind, and what happens
// periodically. It is filled at start, before Open, by one goroutine. The zero
// value is not usable; make one with NewRegistry.
type Registry struct {
	workers  *river.Workers
	periodic []*river.PeriodicJob
}

// NewRegistry makes an empty registry.
func NewRegistry() *Registry { return &Registry{workers: river.NewWorkers()} }

// Handle lets work do the jobs whose arguments are a T. It panics where the
// kind is taken already: that is a mistake in the program.
//
// An error is tried again after a pause, except for a fault that waiting does
// not cure (Invalid, NotFound, Forbidden, TooLarge): that one fails the job.
func Handle[T Args](r *Registry, work func(ctx context.Context, args T) error) {
	river.AddWorker(r.workers, river.WorkFunc(func(ctx context.Context, job *river.Job[T]) error {
		return final(work(ctx, job.Args))
	}))
}

// final marks errors that another attempt will not change.
func final(err error) error {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.NotFound, fault.Forbidden, fault.TooLarge:
		return river.JobCancel(err)
	}
	return err
}

// Every enqueues args at start and then once per interval, by one of all
// working processes. A job that is still waiting or running when its turn
// comes again is not enqueued twice.
func (r *Registry) Every(interval time.Duration, args Args) {
	r.periodic = append(r.periodic, river.NewPeriodicJob(
		river.PeriodicInterval(interval),
		func() (river.JobArgs, *river.InsertOpts) { return args, &river.InsertOpts{UniqueOpts: once()} },
		&river.PeriodicJobOpts{ID: args.Kind(), RunOnStart: true},
	))
}

// once is uniqueness by kind and arguments among all that is not finished.
func once() river.UniqueOpts {
	return river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
		rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}}
}
