// Package desk is the officials' side: what somebody owes today, the editor,
// review, the privacy gate, duties, the grid, and administration.
//
// routes.go lists every address with the act that somebody must be able to do
// to get in; a test goes through all routes and all roles. A page is a struct
// that embeds frame and names its folder below pages/. A handler reads what it
// needs from the nouns below, or has them act, and gives back an answer: a
// page, or the address to go to next with a note of what was done.
//
// Every request is answered anew: nothing of the desk is kept by browsers or
// proxies.
package desk

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"

	"gongkai/internal/access"
	"gongkai/internal/blob"
	"gongkai/internal/channel"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/drafting"
	"gongkai/internal/law"
	"gongkai/internal/obligation"
	"gongkai/internal/publication"
	"gongkai/internal/remind"
	"gongkai/internal/search"
	"gongkai/internal/unit"
	"gongkai/internal/web/ui"
	"gongkai/internal/wording"
)

//go:embed all:pages
var pageFiles embed.FS

//go:embed assets
var assetFiles embed.FS

// At is the address of the desk's first page.
const At = "/desk/"

// Deps is what the desk stands on.
type Deps struct {
	DB           *db.DB
	Access       *access.Store
	Drafts       *drafting.Store
	Publications *publication.Store
	Obligations  *obligation.Store
	Units        *unit.Store
	Channels     *channel.Store
	Wording      *wording.Store
	Reminder     *remind.Reminder // nil in tests that need none
	Search       search.Engine    // finds what a text cites or relates to; nil in tests that need none
	Calendar     *law.Calendar    // nil is the standard one
	Blobs        *blob.Store
	Clock        civil.Clock
	Log          *slog.Logger

	City   string  // name over every page: 永州市
	Origin string  // https://www.example.gov.cn; "" where unknown
	Secure bool    // the public address is https: cookies are for it alone
	Demo   []Guest // people of the demonstration; nil in a real city
	// System tells how the program stands; nil where nothing runs it.
	System func(ctx context.Context) (System, error)
	// Words is the check of wording as drafts have it; nil takes the list alone,
	// without the names that organs no longer bear.
	Words func(ctx context.Context, tx *db.Tx) (*wording.Checker, error)
	// Password gives a guest's password of this run of the program, which
	// nobody is told.
	Password func(ctx context.Context, login string) (string, error)
	Trusted  []netip.Prefix    // proxies whose X-Forwarded-For is believed
	Signing  ui.Limit          // attempts to sign in, by address
	Hooks    []func(ui.Record) // hear of every answered request
}

// Guest is somebody of the demonstration.
type Guest struct {
	Login string
	Label string // 信息员（市教育局）
	About string // what this person does in the demonstration
}

// Desk answers for everything below At. It is safe for concurrent use.
type Desk struct {
	Deps
	engine *ui.Engine
	faults *ui.Faults
	outer  http.Handler
}

// New makes the desk. An error is a mistake in its own templates.
func New(d Deps) (*Desk, error) {
	if d.Calendar == nil {
		d.Calendar = law.Standard()
	}
	if d.Log == nil {
		d.Log = slog.Default()
	}
	pages, err := fs.Sub(pageFiles, "pages")
	if err != nil {
		return nil, err
	}
	assets, err := fs.Sub(assetFiles, "assets")
	if err != nil {
		return nil, err
	}
	k := &Desk{Deps: d}
	if k.engine, err = ui.NewEngine(ui.Audience{Pages: pages, Assets: assets, At: At + "assets/"}, allPages()...); err != nil {
		return nil, err
	}
	k.faults = &ui.Faults{Engine: k.engine, Log: d.Log, Shell: k.bareShell, Page: k.faultPage}
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		k.faults.Answer(w, r, http.StatusForbidden, "这个提交来自别的网站，没有办理。请从工作台自己的页面再做一次。")
	}))
	k.outer = ui.Chain(k.mux(), ui.Observe(d.Log, d.Hooks...), ui.Safe, private, cross.Handler)
	return k, nil
}

// ServeHTTP answers a request.
func (k *Desk) ServeHTTP(w http.ResponseWriter, r *http.Request) { k.outer.ServeHTTP(w, r) }

// private keeps answers out of every store. Assets, which are the same for
// everybody, say otherwise of themselves.
func private(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, At+"assets/") {
			w.Header().Set("Cache-Control", "private, no-store")
		}
		next.ServeHTTP(w, r)
	})
}
