package app

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"gongkai/internal/channel"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/search"
	"gongkai/internal/web/api"
)

// indexer keeps a search index after the ledger. It is thrown away and made
// again by applying the ledger from its beginning to a fresh index.
type indexer struct {
	app   *App
	index search.Writer
}

// Name says what this is in logs and metrics.
func (x *indexer) Name() string { return "search" }

// Cursor is what the index itself has saved.
func (x *indexer) Cursor(context.Context) (int64, error) { return x.index.Cursor() }

// Apply brings the documents that the entries are about up to date. What no
// longer is public leaves the index.
func (x *indexer) Apply(ctx context.Context, entries []ledger.Entry) error {
	var ids []int64
	for _, e := range entries {
		if id, ok := recordOf(e); ok {
			ids = append(ids, id)
		}
	}
	return x.put(ctx, entries[len(entries)-1].Seq, ids)
}

// putAtOnce bounds how many documents are in memory at a time.
const putAtOnce = 200

func (x *indexer) put(ctx context.Context, cursor int64, ids []int64) error {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	before, err := x.index.Cursor()
	if err != nil {
		return err
	}
	for len(ids) > putAtOnce { // the cursor moves with the last part only
		if err := x.putPart(ctx, before, ids[:putAtOnce]); err != nil {
			return err
		}
		ids = ids[putAtOnce:]
	}
	if err := x.putPart(ctx, cursor, ids); err != nil {
		return err
	}
	x.app.newGeneration()
	return nil
}

func (x *indexer) putPart(ctx context.Context, cursor int64, ids []int64) error {
	if _, err := x.app.Publications.ReadFiles(ctx, ids); err != nil {
		return err
	}
	var docs []search.Doc
	err := x.app.DB.View(ctx, func(tx *db.Tx) (err error) {
		docs, err = x.app.Publications.SearchDocs(ctx, tx, ids)
		return err
	})
	if err != nil {
		return err
	}
	if err := x.app.placeDocs(ctx, docs); err != nil {
		return err
	}
	found := make(map[int64]bool, len(docs))
	for _, d := range docs {
		found[d.ID] = true
	}
	gone := slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return found[id] })
	return x.index.Apply(ctx, cursor, docs, gone)
}

// recordOf is the publication that an entry is about.
func recordOf(e ledger.Entry) (id int64, ok bool) {
	text, ok := strings.CutPrefix(e.Subject, "publication:")
	if !ok {
		return 0, false
	}
	id, err := strconv.ParseInt(text, 10, 64)
	return id, err == nil
}

// appear publishes what has waited for its moment. The ledger tells index,
// pages and feeds of it.
func (a *App) appear(ctx context.Context) error {
	_, due, err := a.Publications.PendingCount(ctx)
	if err != nil || due == 0 {
		return err
	}
	return a.DB.Update(ctx, func(tx *db.Tx) error {
		_, err := a.Publications.Appear(ctx, tx)
		return err
	})
}

// turn puts the documents into the index again whose validity changes by date
// alone between the day last turned to and today. The day is kept as a cursor
// of the ledger's table.
func (a *App) turn(ctx context.Context) error {
	const consumer = "search.day"
	today := a.Clock.Today()
	var ids []int64
	err := a.DB.View(ctx, func(tx *db.Tx) error {
		last, err := ledger.Cursor(ctx, tx, consumer)
		if err != nil {
			return err
		}
		from := epoch.AddDays(int(last))
		if last == 0 || !from.Before(today) {
			return nil
		}
		ids, err = a.Publications.Turning(ctx, tx, from, today)
		return err
	})
	if err != nil {
		return err
	}
	if len(ids) > 0 {
		x := &indexer{a, a.engine}
		cursor, err := a.engine.Cursor()
		if err != nil {
			return err
		}
		if err := x.put(ctx, cursor, ids); err != nil {
			return err
		}
	}
	return a.DB.Update(ctx, func(tx *db.Tx) error {
		return ledger.MoveCursor(ctx, tx, consumer, int64(today.Sub(epoch)))
	})
}

var epoch = civil.On(2000, 1, 1)

// names tells the engine what can be suggested beside titles and numbers: the
// units by all the names they have ever had, and the tasks of the plans.
func (a *App) names(ctx context.Context) error {
	tree, err := a.Units.Snapshot(ctx)
	if err != nil {
		return err
	}
	var names []search.Name
	for _, o := range tree.All(a.Clock.Today()) {
		names = append(names, search.Name{Text: o.NameOn(a.Clock.Today()), Kind: "unit", URL: "/units/" + strconv.FormatInt(o.ID, 10), Aliases: o.Called()})
	}
	plans, err := a.Obligations.Plans(ctx)
	if err != nil {
		return err
	}
	for _, p := range plans {
		view, err := a.Obligations.Plan(ctx, p.ID, "", a.Clock.Today())
		if err != nil {
			return err
		}
		for _, o := range view.Obligations {
			names = append(names, search.Name{Text: o.Title, Kind: "task", URL: taskURL(o.Code)})
		}
	}
	if err := a.engine.SetNames(ctx, names); err != nil {
		return err
	}
	return a.synonyms(ctx)
}

// watcher keeps what is derived from the ledger in memory: the generation of
// pages, the names to suggest, and a rebuilding that somebody asked for.
type watcher struct {
	app *App
	mu  sync.Mutex
	seq int64
}

// Name says what this is in logs and metrics.
func (w *watcher) Name() string { return "pages" }

// Cursor is where this process stands; a new one starts at the head.
func (w *watcher) Cursor(context.Context) (int64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seq, nil
}

// Apply turns the page and looks for entries that mean more than that.
func (w *watcher) Apply(ctx context.Context, entries []ledger.Entry) error {
	names, rebuild, public := false, false, false
	for _, e := range entries {
		noun, _, _ := strings.Cut(e.Kind, ".")
		public = public || api.Public(e.Kind) || e.Kind == actRebuild
		names = names || noun == "unit" || noun == "obligation"
		if noun == "unit" || noun == "wording" {
			w.app.words.forget()
		}
		rebuild = rebuild || noun == "unit" || noun == "channel" || e.Kind == actRebuild
	}
	if names {
		if err := w.app.names(ctx); err != nil {
			return err
		}
	}
	if rebuild {
		w.app.askRebuild()
	}
	w.mu.Lock()
	w.seq = entries[len(entries)-1].Seq
	w.mu.Unlock()
	if public {
		w.app.newGeneration()
	}
	return nil
}

// placeDocs says of each document on which sites it appears.
func (a *App) placeDocs(ctx context.Context, docs []search.Doc) error {
	sites, err := a.Channels.Snapshot(ctx)
	if err != nil {
		return err
	}
	tree, err := a.Units.Snapshot(ctx)
	if err != nil {
		return err
	}
	today := a.Clock.Today()
	for i, d := range docs {
		docs[i].Sites = channel.Slugs(sites.SitesFor(channel.Facts{
			Kind: d.Kind, UnitPath: tree.Path(d.UnitID, today), Category: d.Category, Statutory: d.Statutory, Keywords: d.Keywords,
		}))
	}
	return nil
}

// countIndexed asks the index how many documents it holds.
func (a *App) countIndexed(ctx context.Context) (int, error) {
	r, err := a.engine.Search(ctx, search.Query{Size: 1})
	return r.Total, err
}

// CatchUpIndex brings the index up to the head of the ledger, for verbs that
// have written. byServer tells that another process holds the index and will
// do so itself.
func (a *App) CatchUpIndex(ctx context.Context, progress func(cursor, head int64)) (byServer bool, err error) {
	defer fault.Wrap(&err, "app.CatchUpIndex")
	if err := a.openIndex(); hasCode(err, "search_locked") {
		return true, nil
	} else if err != nil {
		return false, err
	}
	return false, ledger.CatchUp(ctx, a.DB, &indexer{a, a.engine}, progress)
}

// taskURL is the page of an obligation; the slashes of its code stay.
func taskURL(code string) string { return (&url.URL{Path: "/tasks/" + code}).EscapedPath() }
