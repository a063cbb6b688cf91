// Package app is the program as a value: Open builds it from a configuration,
// Run serves, Close ends it. It is the only package that knows all others, and
// the home of the few acts that need several nouns in one transaction.
package app

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"gongkai/internal/access"
	"gongkai/internal/blob"
	"gongkai/internal/channel"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/drafting"
	"gongkai/internal/fault"
	"gongkai/internal/jobs"
	"gongkai/internal/law"
	"gongkai/internal/ledger"
	"gongkai/internal/mail"
	"gongkai/internal/obligation"
	"gongkai/internal/planning"
	"gongkai/internal/publication"
	"gongkai/internal/publication/kind"
	"gongkai/internal/remind"
	"gongkai/internal/search"
	"gongkai/internal/search/bleve"
	"gongkai/internal/sim"
	"gongkai/internal/unit"
	"gongkai/internal/web/api"
	"gongkai/internal/wording"
)

// App is the open program. Its parts are safe for concurrent use.
type App struct {
	DB           *db.DB
	Blobs        *blob.Store
	Units        *unit.Store
	Channels     *channel.Store
	Obligations  *obligation.Store
	Publications *publication.Store
	Planner      *planning.Planner
	Access       *access.Store
	Drafts       *drafting.Store
	Wording      *wording.Store
	Reminder     *remind.Reminder
	Letters      remind.Letters
	Calendar     *law.Calendar
	Clock        civil.Clock

	cfg      StoreConfig
	demo     bool
	words    *words
	contacts *contacts
	mail     mail.Sender
	outbox   *mail.Outbox
	kinds    *kind.Set
	jobs     *jobs.Queue
	engine   search.Engine // nil until openIndex
	pages    generation
	rebuilds chan struct{}
	follower *ledger.Follower
	metrics  *metrics
}

// Options are what a verb asks for beside the configuration.
type Options struct {
	Demo     bool      // the demo city in a folder of its own, with its own clock
	Serve    bool      // this process follows the ledger and holds the index
	Progress io.Writer // hears about long work; may be nil
}

// Open opens everything below cfg and brings the database up to date. A demo
// city that is not there yet is made.
func Open(ctx context.Context, cfg StoreConfig, opts Options) (_ *App, err error) {
	defer fault.Wrap(&err, "app.Open")
	a := &App{cfg: cfg, Clock: civil.System, rebuilds: make(chan struct{}, 1), metrics: newMetrics()}
	timeline := new(sim.Timeline)
	if opts.Demo {
		a.cfg.Data = filepath.Join(cfg.Data, "demo")
		a.Clock, a.demo = timeline.Now, true
	}
	if err := os.MkdirAll(a.cfg.Data, 0o750); err != nil {
		return nil, fault.New(fault.Unavailable, "data_folder", "不能建立数据文件夹，请检查路径和权限，或用 --data 另指一处。").At("%s", a.cfg.Data).Because(err)
	}
	defer func() {
		if err != nil {
			a.Close()
		}
	}()
	if err := a.openStores(ctx); err != nil {
		return nil, err
	}
	if opts.Demo {
		if err := a.fillDemo(ctx, timeline, opts.Progress); err != nil {
			return nil, err
		}
	}
	if opts.Serve {
		return a, a.openServer(ctx)
	}
	return a, nil
}

func (a *App) openStores(ctx context.Context) (err error) {
	if a.Calendar, err = LoadCalendar(a.cfg); err != nil {
		return err
	}
	if a.DB, err = db.Open(ctx, a.cfg.DatabaseURL(), a.Clock); err != nil {
		return err
	}
	if err := a.DB.Migrate(ctx); err != nil {
		return err
	}
	if a.Blobs, err = blob.Open(ctx, a.cfg.BlobsURL()); err != nil {
		return err
	}
	if err := jobs.Migrate(ctx, a.DB); err != nil {
		return err
	}
	if a.kinds, err = a.loadKinds(); err != nil {
		return err
	}
	a.Units = unit.NewStore(a.DB)
	a.Channels = channel.NewStore(a.DB, a.Units)
	a.Obligations = obligation.NewStore(a.DB, obligation.Options{Calendar: a.Calendar})
	a.Publications = publication.NewStore(publication.Deps{
		DB: a.DB, Kinds: a.kinds, Units: a.Units, Duties: a.Obligations, Blobs: a.Blobs,
	})
	a.Planner = &planning.Planner{Deps: planning.Deps{
		DB: a.DB, Units: a.Units, Obligations: a.Obligations, Publications: a.Publications,
	}}
	a.openWorking()
	return a.openMail()
}

// openServer opens what only the process that serves has: the index, the
// consumers of the ledger and the job queue.
func (a *App) openServer(ctx context.Context) (err error) {
	if err := a.openIndex(); err != nil {
		return a.explainHeld(err)
	}
	head, err := a.head(ctx)
	if err != nil {
		return err
	}
	a.follower = ledger.NewFollower(a.DB, &indexer{a, a.engine}, &watcher{app: a, seq: head})
	registry := jobs.NewRegistry()
	api.RegisterJobs(registry, a.apiDeps(ServeConfig{}))
	a.Drafts.RegisterJobs(registry)
	a.registerMail(registry)
	a.jobs, err = jobs.Open(ctx, a.DB, registry, jobs.Settings{Logger: slog.Default()})
	a.metrics.watchStore(a)
	return err
}

// loadKinds reads the built-in kinds of publications and those that the city
// has put into the data folder.
func (a *App) loadKinds() (*kind.Set, error) {
	dir := filepath.Join(a.cfg.Data, "kinds")
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return kind.Load(nil)
	}
	return kind.Load(os.DirFS(dir))
}

// openIndex opens the index for writing, which one process at a time may do.
func (a *App) openIndex() error {
	if a.engine != nil {
		return nil
	}
	dir, err := a.indexFolder()
	if err != nil {
		return err
	}
	engine, err := bleve.Open(dir)
	if err != nil {
		return err
	}
	a.engine = engine
	return nil
}

func (a *App) indexFolder() (string, error) {
	dir, ok := strings.CutPrefix(a.cfg.SearchURL(), "bleve:")
	if !ok {
		return "", fault.New(fault.Invalid, "search_url", "检索地址要以 bleve: 开头，例如 bleve:./data/index。").At("--search %s", a.cfg.SearchURL())
	}
	return dir, nil
}

// discardIndex begins a new index in place of one that cannot be read.
func (a *App) discardIndex() error {
	dir, err := a.indexFolder()
	if err != nil {
		return err
	}
	if err := bleve.Discard(dir); err != nil {
		return err
	}
	return a.openIndex()
}

// explainHeld says of an index that is held by whom, where that is a server.
func (a *App) explainHeld(err error) error {
	note, ok := a.readServerNote()
	if !ok || !hasCode(err, "search_locked") {
		return err
	}
	return fault.New(fault.Conflict, "server_running", "这个数据文件夹已有服务在运行：http://%s/（进程 %d）。请先停掉它，或用 --data 另指一处。", note.Addr, note.PID).At("%s", a.cfg.Data).Because(err)
}

func hasCode(err error, code string) bool {
	f, ok := fault.Of(err)
	return ok && f.Code == code
}

// Close releases everything; it may be called on a half-open App.
func (a *App) Close() error {
	var errs []error
	if a.jobs != nil {
		a.jobs.Close()
	}
	if a.engine != nil {
		errs = append(errs, a.engine.Close())
	}
	if a.Blobs != nil {
		errs = append(errs, a.Blobs.Close())
	}
	if a.DB != nil {
		errs = append(errs, a.DB.Close())
	}
	err := errors.Join(errs...)
	if err != nil {
		slog.Error("closing failed", "err", err)
	}
	return err
}
