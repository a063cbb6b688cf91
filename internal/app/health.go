package app

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"gongkai/internal/fault"
)

// dependency is one thing the server cannot do without.
type dependency struct {
	name string
	ask  func(ctx context.Context) error
}

// healthReply is what /healthz answers: every dependency by name.
type healthReply struct {
	Status  string         `json:"status"` // ok or failing
	Version int            `json:"schema_version"`
	Checks  []healthAnswer `json:"checks"`
}

type healthAnswer struct {
	Name  string `json:"name"`
	OK    bool   `json:"ok"`
	Error string `json:"error,omitempty"`
}

const healthPatience = 3 * time.Second

// health answers 200 where every dependency gives a sign of life, else 503.
func (a *App) health(deps []dependency) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), healthPatience)
		defer cancel()
		reply := healthReply{Status: "ok"}
		status := http.StatusOK
		for _, d := range deps {
			answer := healthAnswer{Name: d.name, OK: true}
			if err := d.ask(ctx); err != nil {
				answer = healthAnswer{Name: d.name, Error: fault.Public(err)}
				reply.Status, status = "failing", http.StatusServiceUnavailable
			}
			reply.Checks = append(reply.Checks, answer)
		}
		reply.Version, _ = a.DB.Version(ctx) // the database's own answer says what is wrong with it
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(reply)
	}
}

// dependencies lists what this App leans on.
func (a *App) dependencies() []dependency {
	return []dependency{
		{"database", a.DB.Ping},
		{"blobs", a.Blobs.Ping},
		{"search", func(context.Context) error { _, err := a.engine.Cursor(); return err }},
		{"jobs", a.jobs.Ping},
	}
}
