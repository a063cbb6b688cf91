// Package portal is the residents' side: the pages on which anybody finds what
// was disclosed, reads it, sees what is still owed, and takes it along.
//
// routes.go lists every address with its guard. A page handler reads what it
// needs from the nouns below and returns a page struct; it neither writes
// responses nor SQL. Pages differ only by site, path, the query parameters
// that the route names, and the reader's display choices, so they are kept in
// memory until the public data or the day changes.
package portal

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"

	"gongkai/internal/blob"
	"gongkai/internal/channel"
	"gongkai/internal/civil"
	"gongkai/internal/drafting"
	"gongkai/internal/obligation"
	"gongkai/internal/publication"
	"gongkai/internal/search"
	"gongkai/internal/unit"
	"gongkai/internal/web/ui"
)

//go:embed all:pages
var pageFiles embed.FS

// Deps is what the portal stands on.
type Deps struct {
	Publications *publication.Store
	Obligations  *obligation.Store
	Units        *unit.Store
	Channels     *channel.Store
	Search       search.Engine
	Blobs        *blob.Store // files of attachments; nil where there are none
	Clock        civil.Clock

	// Withheld lists what the public may know not to be disclosed, newest first:
	// title and ground. units narrows it; none is all. nil lists nothing.
	Withheld func(ctx context.Context, units []int64, limit int) ([]drafting.Entry, error)

	Log *slog.Logger

	// Generation names the present state of the public data: the ledger's
	// cursor and the day. It is asked on every request and must be cheap.
	Generation func() string

	Origin     string            // https://www.example.gov.cn, of sites without a host of their own; "" where unknown
	CacheBytes int               // memory for whole pages; 0 is 32 MB
	Reading    ui.Limit          // of pages
	Searching  ui.Limit          // of searches
	Trusted    []netip.Prefix    // proxies whose X-Forwarded-For is believed
	Hooks      []func(ui.Record) // hear of every answered request
}

// DefaultCacheBytes is the memory for whole pages unless told otherwise.
const DefaultCacheBytes = 32 << 20

// Portal answers for everything that is not the API. It is safe for
// concurrent use.
type Portal struct {
	Deps
	engine *ui.Engine
	faults *ui.Faults
	cache  *ui.Cache
	routes *http.ServeMux
	outer  http.Handler

	loading sync.Mutex
	world   atomic.Pointer[world]
}

// New makes the portal. An error is a mistake in its own templates.
func New(d Deps) (*Portal, error) {
	if d.CacheBytes == 0 {
		d.CacheBytes = DefaultCacheBytes
	}
	if d.Log == nil {
		d.Log = slog.Default()
	}
	files, err := fs.Sub(pageFiles, "pages")
	if err != nil {
		return nil, err
	}
	p := &Portal{Deps: d}
	if p.engine, err = ui.NewEngine(ui.Audience{Pages: files}, allPages()...); err != nil {
		return nil, err
	}
	p.cache = ui.NewCache(d.CacheBytes, d.Generation)
	p.faults = &ui.Faults{Engine: p.engine, Log: d.Log, Shell: p.bareShell}
	p.routes = p.mux()
	p.outer = ui.Chain(http.HandlerFunc(p.onSite), ui.Observe(d.Log, d.Hooks...), ui.Safe)
	return p, nil
}

// ServeHTTP answers a request.
func (p *Portal) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.outer.ServeHTTP(w, r) }

// CacheStats are the page cache's numbers, for metrics.
func (p *Portal) CacheStats() ui.Stats { return p.cache.Stats() }

// onSite finds the site of a request and answers with the path within it.
func (p *Portal) onSite(w http.ResponseWriter, r *http.Request) {
	wd, err := p.now(r.Context())
	if err != nil {
		p.faults.Fail(w, r, err)
		return
	}
	site, rest, ok := wd.sites.Route(r.Host, r.URL.Path)
	if !ok {
		rest = r.URL.Path
	}
	inner := ui.WithSite(r, wd.shown(site))
	if rest != r.URL.Path {
		u := *r.URL
		u.Path, u.RawPath = rest, ""
		inner.URL = &u
	}
	p.routes.ServeHTTP(w, inner)
}
