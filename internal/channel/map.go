package channel

import (
	"cmp"
	"net"
	"slices"
	"strings"
)

// Map is all sites and their open columns at one moment. It is immutable and
// safe for concurrent use; slices it hands out must not be changed.
type Map struct {
	token   int64
	sites   []Site // in order
	columns map[int64][]Column
	byPath  map[string]Column // site slug and column path
	byID    map[int64]Column
}

// newMap puts a map together; columns come in order within their parent.
func newMap(token int64, sites []Site, columns []Column) *Map {
	m := &Map{token: token, sites: sites, columns: map[int64][]Column{}, byPath: map[string]Column{}, byID: map[int64]Column{}}
	slices.SortFunc(m.sites, func(a, b Site) int { return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID)) })
	below := map[[2]int64][]Column{}
	for _, c := range columns {
		below[[2]int64{c.SiteID, c.ParentID}] = append(below[[2]int64{c.SiteID, c.ParentID}], c)
	}
	for _, s := range m.sites {
		m.descend(s, 0, "", below)
	}
	return m
}

// descend lists a site's columns, each before those below it. A column whose
// parent is closed is not reached.
func (m *Map) descend(s Site, parent int64, path string, below map[[2]int64][]Column) {
	for _, c := range below[[2]int64{s.ID, parent}] {
		c.Path = path + c.Slug
		m.columns[s.ID] = append(m.columns[s.ID], c)
		m.byPath[s.Slug+" "+c.Path] = c
		m.byID[c.ID] = c
		m.descend(s, c.ID, c.Path+"/", below)
	}
}

// Sites lists all sites in order.
func (m *Map) Sites() []Site { return m.sites }

// Site is the site of a slug.
func (m *Map) Site(slug string) (Site, bool) {
	i := slices.IndexFunc(m.sites, func(s Site) bool { return s.Slug == slug })
	if i < 0 {
		return Site{}, false
	}
	return m.sites[i], true
}

// ByHost is the site of a whole host; a port is ignored.
func (m *Map) ByHost(host string) (Site, bool) {
	s, _, ok := m.Route(host, "/")
	return s, ok
}

// Route finds the site that answers a request, and the path within it, which
// begins with a slash. A site of the host itself goes before one for every
// host, a longer prefix before a shorter one.
func (m *Map) Route(host, path string) (site Site, rest string, ok bool) {
	host = hostName(host)
	best := -1
	for _, s := range m.sites {
		if s.Host != "" && s.Host != host {
			continue
		}
		inside, under := strings.CutPrefix(path, s.PathPrefix)
		if !under || inside != "" && inside[0] != '/' {
			continue
		}
		weight := len(s.PathPrefix)
		if s.Host != "" {
			weight += 1 << 16
		}
		if weight > best {
			best, site, rest, ok = weight, s, inside, true
		}
	}
	if ok && rest == "" {
		rest = "/"
	}
	return site, rest, ok
}

func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// Columns lists the open columns of a site, each before those below it.
func (m *Map) Columns(site int64) []Column { return m.columns[site] }

// Column is the column at a path of a site: "zfxxgk/guide", with or without
// slashes around it.
func (m *Map) Column(s Site, path string) (Column, bool) {
	c, ok := m.byPath[s.Slug+" "+strings.Trim(path, "/")]
	return c, ok
}

// Children lists the columns directly below one; parent 0 gives the first level.
func (m *Map) Children(site, parent int64) []Column {
	var list []Column
	for _, c := range m.columns[site] {
		if c.ParentID == parent {
			list = append(list, c)
		}
	}
	return list
}

// Trail is the way from the first level down to a column, itself last.
func (m *Map) Trail(c Column) []Column {
	trail := []Column{c}
	for c.ParentID != 0 {
		c = m.byID[c.ParentID]
		trail = append(trail, c)
	}
	slices.Reverse(trail)
	return trail
}

// Placement is a site on which a record appears, and the columns that show it.
type Placement struct {
	Site    Site
	Columns []Column
}

// SitesFor says where a record appears, in the order of sites and columns.
func (m *Map) SitesFor(f Facts) []Placement {
	var placements []Placement
	for _, s := range m.sites {
		p := Placement{Site: s}
		for _, c := range m.columns[s.ID] {
			if Match(s.Effective(c.Rule), f) {
				p.Columns = append(p.Columns, c)
			}
		}
		if len(p.Columns) > 0 {
			placements = append(placements, p)
		}
	}
	return placements
}

// Slugs names the sites of placements.
func Slugs(placements []Placement) []string {
	var slugs []string
	for _, p := range placements {
		slugs = append(slugs, p.Site.Slug)
	}
	return slugs
}
