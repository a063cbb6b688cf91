package ui

import (
	"net/url"
	"strings"

	"gongkai/internal/civil"
)

// Page is a page that an Engine can render: a pointer to a struct that embeds
// Shell and names the folder of its template.
type Page interface {
	View() string
	base() *Shell
}

// Shell is what stands around the content of every page. Handlers fill it
// through the function that their audience gives them; the engine adds the
// styles.
type Shell struct {
	Site    *Site
	Prefs   Prefs
	Title   string    // of the page, without the site's name; "" on the home page
	Here    string    // path and query of this page with the site's prefix, to come back to
	Section string    // path of the navigation entry this page belongs to
	Nav     []NavItem // main navigation
	Trail   []Link    // breadcrumbs above this page, home left out
	Column  *Column
	Content *Content
	Feed    *Link      // newest entries of what the page shows
	LD      any        // schema.org description, encoded as JSON-LD; nil for none
	Query   string     // what stands in the search box
	Today   civil.Date // the day the page speaks of
	Canon   string     // canonical path of the page without the site's prefix; "" for none
	Hidden  bool       // search engines are asked to leave the page out
	OwnFind bool       // the page has its own search box, so the masthead needs none

	style  string
	assets *Assets
}

func (s *Shell) base() *Shell { return s }

// URL is the address of path on this site. Pairs of names and values are added
// as a query; empty values are left out. Addresses of other hosts and
// fragments are returned as they are.
func (s *Shell) URL(path string, pairs ...string) string {
	if s.Site != nil && strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "/assets/") {
		path = s.Site.Prefix + path
	}
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Add(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	join := "?"
	if strings.Contains(path, "?") {
		join = "&"
	}
	return path + join + q.Encode()
}

// Absolute is URL with the site's origin in front, for feeds, maps and
// schema.org; it is relative to the host where the site has no origin.
func (s *Shell) Absolute(path string, pairs ...string) string {
	return s.Site.Origin + s.URL(path, pairs...)
}

// Asset is the address of an embedded file under its lasting name.
func (s *Shell) Asset(name string) string { return s.assets.Path(name) }

// Style is the address of the page's own style, "" where it has none.
func (s *Shell) Style() string { return s.style }

// FullTitle is the text of the title element.
func (s *Shell) FullTitle() string {
	if s.Title == "" {
		return s.Site.Name
	}
	return s.Title + " - " + s.Site.Name
}

// Breadcrumb is one step of the trail.
type Breadcrumb struct {
	Link
	Position int
}

// Breadcrumbs is the trail from the home page to this page; the last step has
// no address. The home page has none.
func (s *Shell) Breadcrumbs() []Breadcrumb {
	if s.Title == "" {
		return nil
	}
	links := append([]Link{{"首页", "/"}}, s.Trail...)
	links = append(links, Link{Label: s.Title})
	crumbs := make([]Breadcrumb, len(links))
	for i, l := range links {
		crumbs[i] = Breadcrumb{l, i + 1}
	}
	return crumbs
}
