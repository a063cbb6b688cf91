package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/search"
)

// Run serves until ctx ends, then lets requests finish. ready, where given,
// hears the address once requests are answered.
func (a *App) Run(ctx context.Context, cfg ServeConfig, ready func(addr string)) (err error) {
	defer fault.Wrap(&err, "app.Run")
	listener, err := listen(cfg.Addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	handler, err := a.handler(ctx, cfg)
	if err != nil {
		return err
	}
	release, err := a.announce(listener.Addr().String())
	if err != nil {
		return err
	}
	defer release()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return serve(ctx, listener, handler, cfg.Grace) })
	if cfg.MetricsAddr != "" && cfg.MetricsAddr != "off" {
		metrics, err := listen(cfg.MetricsAddr)
		if err != nil {
			return err
		}
		group.Go(func() error { return serve(ctx, metrics, a.metricsHandler(), cfg.Grace) })
	}
	group.Go(func() error { a.follower.Run(ctx); return nil })
	group.Go(func() error { return a.jobs.Run(ctx) })
	group.Go(func() error { a.daily(ctx); return nil })
	group.Go(func() error { a.punctual(ctx); return nil })
	group.Go(func() error { a.rebuilder(ctx); return nil })
	slog.Info("serving", "addr", listener.Addr().String(), "data", a.cfg.Data, "database", a.DB.Engine())
	if ready != nil {
		ready(listener.Addr().String())
	}
	return group.Wait()
}

func listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "listen", "不能在 %s 上监听：端口可能已被占用，或没有权限。请停掉占用它的程序，或用 --addr、--metrics-addr 换一个。", addr).Because(err)
	}
	return l, nil
}

// serve answers on l until ctx ends. Slow clients cannot hold a connection
// open without sending or reading.
func serve(ctx context.Context, l net.Listener, h http.Handler, grace time.Duration) error {
	s := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      5 * time.Minute, // bulk data on a slow line
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
		MaxHeaderBytes:    1 << 20, // a pasted query of 100,000 characters is answered, not cut off
	}
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := s.Shutdown(end); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// announce leaves a note with the address for verbs that find the index held
// by this server.
func (a *App) announce(addr string) (release func(), err error) {
	note, err := json.Marshal(serverNote{Addr: addr, PID: os.Getpid()})
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(a.serverFile(), note, 0o644); err != nil {
		return nil, fault.New(fault.Unavailable, "data_folder", "数据文件夹不能写入，请检查权限。").At("%s", a.cfg.Data).Because(err)
	}
	return func() { os.Remove(a.serverFile()) }, nil
}

// daily does what a new day brings, at start and whenever the day changes.
func (a *App) daily(ctx context.Context) {
	tick := time.NewTicker(10 * time.Second)
	defer tick.Stop()
	for day := ""; ctx.Err() == nil; {
		if today := a.Clock.Today().String(); today != day {
			if err := a.newDay(ctx); err != nil {
				slog.Error("the new day's work failed; will try again", "day", today, "err", err)
			} else {
				day = today
			}
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// punctual publishes what was set to a moment, within two seconds of it.
func (a *App) punctual(ctx context.Context) {
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := a.appear(ctx); err != nil && ctx.Err() == nil {
			slog.Error("records whose moment has come could not appear; will try again", "err", err)
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

func (a *App) newDay(ctx context.Context) error {
	a.newGeneration()
	err := a.DB.Update(ctx, func(tx *db.Tx) error {
		if err := a.beginEditions(ctx, tx); err != nil {
			return err
		}
		_, err := a.Obligations.Expand(ctx, tx, a.Clock.Today())
		return err
	})
	return errors.Join(err, a.contacts.read(ctx), a.turn(ctx))
}

// beginEditions lets catalogues take effect whose day has come, and looks again
// at what was published before it was a duty.
func (a *App) beginEditions(ctx context.Context, tx *db.Tx) error {
	tree, err := a.Units.Tree(ctx, tx)
	if err != nil {
		return err
	}
	begun, err := a.Obligations.BeginEditions(ctx, tx, tree, "day")
	if err != nil || len(begun) == 0 {
		return err
	}
	_, err = a.Publications.Rematch(ctx, tx, nil, civil.Year(tx.Today().Year()).Start())
	return err
}

// actRebuild asks the server that holds the index to make it anew.
const actRebuild = "search.rebuild"

// ReindexReport says what reindexing did.
type ReindexReport struct {
	Documents int   `json:"documents"`
	Cursor    int64 `json:"cursor"`
	Server    bool  `json:"by_server"` // a running server was asked and does it
}

// Reindex makes the index anew. Where a server holds it, the server is asked
// through the ledger and goes on answering from the old one meanwhile.
func (a *App) Reindex(ctx context.Context) (report ReindexReport, err error) {
	defer fault.Wrap(&err, "app.Reindex")
	err = a.openIndex()
	if hasCode(err, "search_corrupt") {
		err = a.discardIndex()
	}
	if hasCode(err, "search_locked") {
		report.Server = true
		err = a.DB.Update(ctx, func(tx *db.Tx) error {
			report.Cursor, err = ledger.Append(ctx, tx, ledger.Act{Kind: actRebuild, Subject: "search", Actor: "cli"})
			return err
		})
		return report, err
	}
	if err != nil {
		return report, err
	}
	if err := a.rebuild(ctx); err != nil {
		return report, err
	}
	report.Cursor, err = a.engine.Cursor()
	if err != nil {
		return report, err
	}
	report.Documents, err = a.countIndexed(ctx)
	return report, err
}

func (a *App) rebuild(ctx context.Context) error {
	return a.engine.Rebuild(ctx, func(ctx context.Context, fresh search.Writer) error {
		return ledger.CatchUp(ctx, a.DB, &indexer{a, fresh}, nil)
	})
}

// askRebuild has the rebuilder make the index anew, once however often it is
// asked while it works.
func (a *App) askRebuild() {
	select {
	case a.rebuilds <- struct{}{}:
	default:
	}
}

func (a *App) rebuilder(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-a.rebuilds:
			if err := a.rebuild(ctx); err != nil && ctx.Err() == nil {
				slog.Error("rebuilding the index failed; the old one stays", "err", err)
			}
			a.newGeneration()
		}
	}
}

// generation names the state of the public data as pages see it: how often it
// has changed in this process, and the day.
type generation struct {
	mu    sync.RWMutex
	count int
	name  string
}

func (g *generation) next(day string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.count++
	g.name = fmt.Sprintf("%d/%s", g.count, day)
}

func (g *generation) String() string {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.name
}

func (a *App) newGeneration() { a.pages.next(a.Clock.Today().String()) }
