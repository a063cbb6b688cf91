package portal

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/feeds"

	"gongkai/internal/fault"
	"gongkai/internal/publication"
	"gongkai/internal/web/ui"
)

// feedSize is the number of entries in a feed.
const feedSize = 50

// feed answers with an Atom feed: newest.atom, kind-CODE.atom or unit-ID.atom.
func (p *Portal) feed(w http.ResponseWriter, r *http.Request) error {
	v, err := p.visit(r, &route{})
	if err != nil {
		return err
	}
	f, title, err := p.feedFilter(v, r.PathValue("name"))
	if err != nil {
		return err
	}
	records, err := p.Publications.Recent(r.Context(), f, feedSize)
	if err != nil {
		return err
	}
	origin := p.origin(r)
	out := &feeds.Feed{Title: title + " - " + v.shell.Site.Name, Id: origin + v.shell.URL(r.URL.Path),
		Link: &feeds.Link{Href: origin + v.shell.URL("/")}, Author: &feeds.Author{Name: v.shell.Site.Name}, Updated: time.Unix(0, 0)}
	for i := range records {
		rec := &records[i]
		address := origin + v.shell.URL(publication.Path(rec.ID))
		out.Items = append(out.Items, &feeds.Item{Id: address, Title: rec.Title, Link: &feeds.Link{Href: address}, Created: rec.PublishedAt,
			Updated: rec.RenewedAt, Author: &feeds.Author{Name: rec.Unit}, Description: strings.Join(nonEmpty(p.kindLabel(rec.Kind), rec.Number, rec.Unit), "，")})
		if rec.RenewedAt.After(out.Updated) {
			out.Updated = rec.RenewedAt
		}
	}
	text, err := out.ToAtom()
	if err != nil {
		return err
	}
	h := http.Header{"Content-Type": {"application/atom+xml; charset=utf-8"}, "Cache-Control": {"public, no-cache"}}
	ui.NewBody(http.StatusOK, h, []byte(text)).Serve(w, r)
	return nil
}

// feedFilter reads the name of a feed.
func (p *Portal) feedFilter(v *visit, name string) (f publication.Filter, title string, err error) {
	f.Units = v.units()
	unknown := fault.New(fault.NotFound, "feed_unknown", "没有“%s”这个订阅。全部订阅列在“数据与接口”页上。", fault.Clip(name, 40))
	base, ok := strings.CutSuffix(name, ".atom")
	if !ok {
		return f, "", unknown
	}
	if base == "newest" {
		return f, "最新公开", nil
	}
	if code, ok := strings.CutPrefix(base, "kind-"); ok {
		if k, ok := p.Publications.Kinds.Get(code); ok {
			f.Kinds = []string{code}
			return f, k.Label, nil
		}
	}
	if s, ok := strings.CutPrefix(base, "unit-"); ok {
		id, _ := strconv.ParseInt(s, 10, 64)
		if name := v.tree.NameOn(id, v.today); name != "" {
			f.Units = []int64{id}
			return f, name, nil
		}
	}
	return f, "", unknown
}

// origin is the configured origin of the site, or else the one that the
// request came to. What it goes into is not kept in the cache.
func (p *Portal) origin(r *http.Request) string {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return cmp.Or(ui.SiteOf(r).Origin, scheme+r.Host)
}
