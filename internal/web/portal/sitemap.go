package portal

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/fault"
	"gongkai/internal/publication"
	"gongkai/internal/web/ui"
)

// Site maps for search engines: /sitemap.xml names one file for the columns
// and one for each year of publications.

const sitemapSpace = "http://www.sitemaps.org/schemas/sitemap/0.9"

type sitemapIndex struct {
	XMLName xml.Name `xml:"sitemapindex"`
	Space   string   `xml:"xmlns,attr"`
	Maps    []place  `xml:"sitemap"`
}

type urlset struct {
	XMLName xml.Name `xml:"urlset"`
	Space   string   `xml:"xmlns,attr"`
	URLs    []place  `xml:"url"`
}

type place struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

// sitemapMax is how many addresses one file may hold by the protocol.
const sitemapMax = 50_000

func (p *Portal) sitemapIndex(w http.ResponseWriter, r *http.Request) error {
	v, err := p.visit(r, &route{})
	if err != nil {
		return err
	}
	base := p.origin(r)
	index := sitemapIndex{Space: sitemapSpace, Maps: []place{{Loc: base + v.shell.URL("/sitemaps/columns.xml")}}}
	years, err := p.years(v)
	if err != nil {
		return err
	}
	for _, y := range years {
		index.Maps = append(index.Maps, place{Loc: base + v.shell.URL("/sitemaps/"+strconv.Itoa(y)+".xml")})
	}
	return serveXML(w, r, "application/xml", index)
}

// years lists the years that have publications, newest first.
func (p *Portal) years(v *visit) ([]int, error) {
	counts, err := p.Publications.Counts(v.r.Context(), publication.Filter{Units: v.units()}, publication.ByYear)
	if err != nil {
		return nil, err
	}
	var years []int
	for value := range counts {
		if y, err := strconv.Atoi(value); err == nil {
			years = append(years, y)
		}
	}
	slices.Sort(years)
	slices.Reverse(years)
	return years, nil
}

func (p *Portal) sitemapFile(w http.ResponseWriter, r *http.Request) error {
	v, err := p.visit(r, &route{})
	if err != nil {
		return err
	}
	set := urlset{Space: sitemapSpace}
	name := strings.TrimSuffix(r.PathValue("name"), ".xml")
	switch year, err := strconv.Atoi(name); {
	case name == "columns":
		p.columnPlaces(v, p.origin(r), &set)
	case err != nil || year < 1 || year > 9999:
		return fault.New(fault.NotFound, "sitemap_unknown", "没有这个网站地图文件，请从 /sitemap.xml 开始。")
	default:
		if err := p.yearPlaces(v, p.origin(r), year, &set); err != nil {
			return err
		}
	}
	return serveXML(w, r, "application/xml", set)
}

func (p *Portal) columnPlaces(v *visit, base string, set *urlset) {
	for _, rt := range p.routeList() {
		if rt.page != nil && (rt.about != "" || rt.pattern == "GET /{$}") && !strings.HasPrefix(rt.title, "搜索") {
			_, path, _ := cutPattern(rt.pattern)
			set.URLs = append(set.URLs, place{Loc: base + v.shell.URL(path)})
		}
	}
	for _, c := range v.sites.Columns(v.site.ID) {
		set.URLs = append(set.URLs, place{Loc: base + v.shell.URL("/"+c.Path+"/")})
	}
	for _, o := range v.tree.All(v.today) {
		if v.owns(o.ID) && o.Kind != "external" {
			set.URLs = append(set.URLs, place{Loc: base + v.shell.URL(unitPath(o.ID))})
		}
	}
}

func (p *Portal) yearPlaces(v *visit, base string, year int, set *urlset) error {
	f, after := publication.Filter{Units: v.units(), Year: year}, ""
	for len(set.URLs) < sitemapMax {
		list, err := p.Publications.List(v.r.Context(), f, publication.Page{After: after, Size: 200})
		if err != nil {
			return err
		}
		for i := range list.Records {
			rec := &list.Records[i]
			set.URLs = append(set.URLs, place{base + v.shell.URL(publication.Path(rec.ID)), rec.PublishedAt.UTC().Format("2006-01-02")})
		}
		if after = list.Next; after == "" {
			break
		}
	}
	return nil
}

func serveXML(w http.ResponseWriter, r *http.Request, media string, v any) error {
	text, err := xml.Marshal(v)
	if err != nil {
		return err
	}
	h := http.Header{"Content-Type": {media + "; charset=utf-8"}, "Cache-Control": {"public, no-cache"}}
	ui.NewBody(http.StatusOK, h, append([]byte(xml.Header), text...)).Serve(w, r)
	return nil
}

func (p *Portal) robots(w http.ResponseWriter, r *http.Request) error {
	prefix := ui.SiteOf(r).Prefix
	text := fmt.Sprintf("User-agent: *\nDisallow: %[1]s/search\nDisallow: %[1]s/prefs\nDisallow: /api/\nAllow: /\n\nSitemap: %[2]s%[1]s/sitemap.xml\n", prefix, p.origin(r))
	h := http.Header{"Content-Type": {"text/plain; charset=utf-8"}, "Cache-Control": {"public, max-age=3600"}}
	ui.NewBody(http.StatusOK, h, []byte(text)).Serve(w, r)
	return nil
}

// openSearch lets a browser offer the site as a search engine.
type openSearch struct {
	XMLName     xml.Name      `xml:"OpenSearchDescription"`
	Space       string        `xml:"xmlns,attr"`
	ShortName   string        `xml:"ShortName"`
	Description string        `xml:"Description"`
	Encoding    string        `xml:"InputEncoding"`
	URL         openSearchURL `xml:"Url"`
}

type openSearchURL struct {
	Type     string `xml:"type,attr"`
	Template string `xml:"template,attr"`
}

func (p *Portal) opensearch(w http.ResponseWriter, r *http.Request) error {
	site := ui.SiteOf(r)
	return serveXML(w, r, "application/opensearchdescription+xml", openSearch{Space: "http://a9.com/-/spec/opensearch/1.1/", ShortName: fault.Clip(site.Name, 15),
		Description: "搜索" + site.Name, Encoding: "UTF-8",
		URL: openSearchURL{"text/html", p.origin(r) + site.Prefix + "/search?q={searchTerms}"}})
}

// cutPattern divides a mux pattern into method and path; {$} is left out.
func cutPattern(pattern string) (method, path string, ok bool) {
	method, path, ok = strings.Cut(pattern, " ")
	return method, strings.TrimSuffix(path, "{$}"), ok
}
