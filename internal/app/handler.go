package app

import (
	"context"
	"net/http"

	"gongkai/internal/web/api"
	"gongkai/internal/web/desk"
	"gongkai/internal/web/portal"
	"gongkai/internal/web/ui"
)

// handler is everything that can be reached over the network. It needs the index open.
func (a *App) handler(ctx context.Context, cfg ServeConfig) (http.Handler, error) {
	a.newGeneration()
	if err := a.names(ctx); err != nil {
		return nil, err
	}
	pages, err := portal.New(portal.Deps{
		Publications: a.Publications, Obligations: a.Obligations, Units: a.Units, Channels: a.Channels,
		Search: a.engine, Blobs: a.Blobs, Clock: a.Clock, Generation: a.pages.String, Withheld: a.Drafts.Inventory, Origin: a.cfg.PublicURL,
		Reading:   ui.Limit{Name: "pages", Label: "网页", PerMin: cfg.RateLimit},
		Searching: ui.Limit{Name: "search", Label: "检索", PerMin: cfg.RateLimit},
		Hooks:     []func(ui.Record){a.metrics.observe("portal")},
	})
	if err != nil {
		return nil, err
	}
	a.metrics.pages(pages.CacheStats)
	officials, err := a.desk(ctx)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/api/", a.api(cfg))
	mux.HandleFunc("GET /healthz", a.health(a.dependencies()))
	mux.Handle(desk.PreviewAt, officials.Preview())
	mux.Handle("/desk", officials)
	mux.Handle("/desk/", officials)
	mux.Handle("/", pages)
	return mux, nil
}

// api is the handler of the programmers' side.
func (a *App) api(cfg ServeConfig) http.Handler { return api.New(a.apiDeps(cfg)) }

func (a *App) apiDeps(cfg ServeConfig) api.Deps {
	return api.Deps{
		DB: a.DB, Publications: a.Publications, Obligations: a.Obligations, Units: a.Units, Channels: a.Channels,
		Search: a.engine, Calendar: a.Calendar, Blobs: a.Blobs, Clock: a.Clock, Withheld: a.Drafts.Inventory, Generation: a.pages.String,
		PerMinute: cfg.RateLimit, Hooks: []func(ui.Record){a.metrics.observe("api")},
	}
}
