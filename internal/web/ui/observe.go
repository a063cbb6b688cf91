package ui

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"
)

// Record is what is known of an answered request. It says nothing of who
// asked: no address, no query, no cookie.
type Record struct {
	ID       string
	Method   string
	Route    string // the pattern that matched, "" for none
	Status   int
	Bytes    int64
	Duration time.Duration
}

// Observe gives every request an id (header X-Request-Id), hands a Record of
// it to each hook, and turns a panic into a logged failure. It belongs outside
// all other guards.
func Observe(log *slog.Logger, hooks ...func(Record)) Guard {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			began := time.Now()
			o := observers.Get().(*observer)
			*o = observer{ResponseWriter: w, id: newID()}
			w.Header()["X-Request-Id"] = []string{o.id}
			defer func() {
				if p := recover(); p != nil {
					o.panicked(log, p)
				}
				rec := Record{o.id, r.Method, o.route, o.status, o.bytes, time.Since(began)}
				if rec.Status == 0 {
					rec.Status = http.StatusOK
				}
				for _, hook := range hooks {
					hook(rec)
				}
				o.ResponseWriter = nil
				observers.Put(o)
			}()
			next.ServeHTTP(o, r)
		})
	}
}

// LogTo is a hook that writes one line per request.
func LogTo(log *slog.Logger) func(Record) {
	return func(rec Record) {
		level := slog.LevelInfo
		if rec.Status >= 500 {
			level = slog.LevelError
		}
		log.LogAttrs(context.Background(), level, "request",
			slog.String("id", rec.ID), slog.String("method", rec.Method), slog.String("route", rec.Route),
			slog.Int("status", rec.Status), slog.Int64("bytes", rec.Bytes), slog.Duration("took", rec.Duration))
	}
}

// RequestID is the id that Observe gave the request answered through w, ""
// without Observe.
func RequestID(w http.ResponseWriter) string {
	if o := observed(w); o != nil {
		return o.id
	}
	return ""
}

// Route notes the pattern that answers, for logs and metrics. Route lists put
// it in front of every handler.
func Route(pattern string) Guard {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if o := observed(w); o != nil {
				o.route = pattern
			}
			next.ServeHTTP(w, r)
		})
	}
}

// observer is the response writer that counts. It is reused: nobody may keep
// it after the handler has returned.
type observer struct {
	http.ResponseWriter
	id     string
	route  string
	status int
	bytes  int64
}

var observers = sync.Pool{New: func() any { return new(observer) }}

// observed finds the observer beneath wrappers.
func observed(w http.ResponseWriter) *observer {
	for {
		switch t := w.(type) {
		case *observer:
			return t
		case interface{ Unwrap() http.ResponseWriter }:
			w = t.Unwrap()
		default:
			return nil
		}
	}
}

// Unwrap is for http.ResponseController.
func (o *observer) Unwrap() http.ResponseWriter { return o.ResponseWriter }

func (o *observer) WriteHeader(status int) {
	if o.status == 0 {
		o.status = status
	}
	o.ResponseWriter.WriteHeader(status)
}

func (o *observer) Write(b []byte) (int, error) {
	if o.status == 0 {
		o.status = http.StatusOK
	}
	n, err := o.ResponseWriter.Write(b)
	o.bytes += int64(n)
	return n, err
}

func (o *observer) panicked(log *slog.Logger, p any) {
	log.Error("panic in a handler", "id", o.id, "route", o.route, "panic", p, "stack", string(debug.Stack()))
	if o.status == 0 {
		lastResort.Serve(o, &http.Request{Method: http.MethodGet})
	}
}

func newID() string {
	var b [8]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
