// Package api is the programmers' side: everything public as JSON, with a
// description of itself in OpenAPI 3.1, and the whole as bulk files.
//
// routes.go lists every address. A handler reads from the nouns below and
// returns a struct of this package: the shapes are promises, so they do not
// change when a noun does. Answers are kept in memory until the public data or
// the day changes, carry entity tags, and are compressed. Errors are problem
// documents (RFC 9457) with a stable code.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"gongkai/internal/blob"
	"gongkai/internal/channel"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/drafting"
	"gongkai/internal/fault"
	"gongkai/internal/law"
	"gongkai/internal/obligation"
	"gongkai/internal/publication"
	"gongkai/internal/search"
	"gongkai/internal/unit"
	"gongkai/internal/web/ui"
)

// SpecVersion is the version of the API. Within one major version nothing is
// taken away and nothing changes its meaning.
const SpecVersion = "1.0.0"

// Deps is what the API stands on.
type Deps struct {
	DB           *db.DB // for the ledger and the names of bulk files
	Publications *publication.Store
	Obligations  *obligation.Store
	Units        *unit.Store
	Channels     *channel.Store
	Search       search.Engine
	Calendar     *law.Calendar
	Blobs        *blob.Store
	Clock        civil.Clock
	// Withheld lists what the public may know not to be disclosed, newest first;
	// units narrows it, none is all. nil lists nothing.
	Withheld func(ctx context.Context, units []int64, limit int) ([]drafting.Entry, error)
	Log      *slog.Logger // nil is the default one

	// Generation names the present state of the public data. It is asked on
	// every request and must be cheap.
	Generation func() string

	CacheBytes int            // memory for answers; 0 is 16 MB
	PerMinute  int            // requests of one address a minute; 0 is no limit
	Trusted    []netip.Prefix // proxies whose X-Forwarded-For is believed
	Hooks      []func(ui.Record)
}

// defaultCacheBytes is the memory for answers unless told otherwise: some
// thousand answers of usual size.
const defaultCacheBytes = 16 << 20

// server holds what handlers need.
type server struct {
	Deps
	openapi *huma.OpenAPI
	routes  []route
}

// New makes the handler for every address below /api/. It is safe for
// concurrent use.
func New(d Deps) http.Handler {
	if d.Log == nil {
		d.Log = slog.Default()
	}
	if d.CacheBytes == 0 {
		d.CacheBytes = defaultCacheBytes
	}
	s := &server{Deps: d}
	s.routes = s.routeList()
	guarded := s.mux()
	return ui.Chain(guarded, ui.Observe(d.Log, d.Hooks...), ui.Safe, openToAll)
}

// mux binds the routes with their guards, in the order in which a request
// meets them: limit, memory, handler.
func (s *server) mux() *http.ServeMux {
	inner := http.NewServeMux()
	api := humago.New(inner, config())
	s.openapi = api.OpenAPI()
	limit := ui.NewLimiter(ui.Limit{Name: "api", Label: "接口", PerMin: s.PerMinute}, civil.System).
		Guard(ui.ClientAddr(s.Trusted...), s.deny)
	unchanged := ui.NewCache(s.CacheBytes*3/4, s.Generation)
	indexed := ui.NewCache(s.CacheBytes/4, s.indexGeneration)
	keep := map[keeping]func(h http.Handler, params ...string) http.Handler{
		whileUnchanged: unchanged.Keep,
		whileIndexed:   indexed.Keep,
		never:          func(h http.Handler, _ ...string) http.Handler { return ui.Fresh(h) },
	}
	m := http.NewServeMux()
	for _, rt := range s.routes {
		op := rt.operation()
		rt.add(s, api, op)
		h := ui.Chain(keep[rt.keep](inner, queryNames(s.openapi, op.Path)...), ui.Route(op.Path), limit)
		m.Handle("GET "+op.Path, h)
	}
	s.addFiles(m)
	s.addDocs(m)
	m.HandleFunc("/api/", s.unknown)
	return m
}

// indexGeneration is for answers from the index, which follows the ledger at
// a small distance.
func (s *server) indexGeneration() string {
	cursor, err := s.Search.Cursor()
	if err != nil { // the search itself will say so
		return ""
	}
	return s.Generation() + "/" + strconv.FormatInt(cursor, 10)
}

// unknown answers for addresses and methods that there are not.
func (s *server) unknown(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD, OPTIONS")
		answer(w, &Problem{Status: http.StatusMethodNotAllowed, Code: "method_unknown",
			Detail: "这个接口只能读取（GET），不能提交内容。全部地址见 /api/docs。"})
		return
	}
	answer(w, problemOf(fault.New(fault.NotFound, "address_unknown",
		"接口没有“%s”这个地址。全部地址见 /api/docs。", fault.Clip(r.URL.Path, 80))))
}

// deny answers a request that is over the limit.
func (s *server) deny(w http.ResponseWriter, _ *http.Request, message string) {
	answer(w, &Problem{Status: http.StatusTooManyRequests, Code: "too_many_requests", Detail: message})
}

// openToAll lets pages of every origin read the API: all of it is public, and
// there is nobody to be signed in.
func openToAll(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Expose-Headers", "ETag, Link, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id")
		if r.Method == http.MethodOptions {
			h.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
			h.Set("Access-Control-Allow-Headers", "If-None-Match, If-Modified-Since, Range")
			h.Set("Access-Control-Max-Age", "86400")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// today is the day that states are told for.
func (s *server) today() civil.Date { return s.Clock.Today() }

// view runs f in a read-only transaction.
func (s *server) view(ctx context.Context, f func(tx *db.Tx) error) error {
	return s.DB.View(ctx, f)
}
