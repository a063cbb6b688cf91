package portal

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"gongkai/internal/channel"
	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/unit"
	"gongkai/internal/web/ui"
)

// world is what every page needs of one generation: sites, units and the day.
// It is immutable.
type world struct {
	generation string
	today      civil.Date
	sites      *channel.Map
	tree       *unit.Tree
	ui         map[string]*ui.Site // by slug
}

// now is the world of the present generation.
func (p *Portal) now(ctx context.Context) (wd *world, err error) {
	defer fault.Wrap(&err, "portal.now")
	generation := p.Generation()
	if wd := p.world.Load(); wd != nil && wd.generation == generation {
		return wd, nil
	}
	p.loading.Lock()
	defer p.loading.Unlock()
	if wd := p.world.Load(); wd != nil && wd.generation == generation {
		return wd, nil
	}
	wd = &world{generation: generation, today: p.Clock.Today(), ui: map[string]*ui.Site{}}
	if wd.sites, err = p.Channels.Snapshot(context.WithoutCancel(ctx)); err != nil {
		return nil, err
	}
	if wd.tree, err = p.Units.Snapshot(context.WithoutCancel(ctx)); err != nil {
		return nil, err
	}
	for _, s := range wd.sites.Sites() {
		wd.ui[s.Slug] = p.show(wd, s)
	}
	wd.ui[""] = p.show(wd, channel.Site{Name: "政务公开"})
	p.world.Store(wd)
	return wd, nil
}

// show is a site as pages print it.
func (p *Portal) show(wd *world, s channel.Site) *ui.Site {
	origin := p.Origin
	if s.Host != "" {
		origin = "https://" + s.Host
	}
	place := s.Name
	if o, ok := wd.tree.Get(s.RootUnit); ok {
		place = o.ShortOn(wd.today)
	}
	return &ui.Site{Slug: s.Slug, Name: s.Name, Place: place, Prefix: s.PathPrefix, Origin: origin,
		Organizer: s.Organizer, Contact: s.Contact, IDCode: s.IDCode, ICP: s.ICP, Police: s.Police}
}

func (wd *world) shown(s channel.Site) *ui.Site { return wd.ui[s.Slug] }

// visit is one request with what every page handler needs.
type visit struct {
	*world
	r     *http.Request
	site  channel.Site
	shell ui.Shell
}

// visit makes the visit of a request that onSite has placed.
func (p *Portal) visit(r *http.Request, rt *route) (*visit, error) {
	wd, err := p.now(r.Context())
	if err != nil {
		return nil, err
	}
	v := &visit{world: wd, r: r, shell: p.bareShell(r)}
	v.site, _ = wd.sites.Site(v.shell.Site.Slug)
	v.shell.Section, v.shell.Title, v.shell.Canon, v.shell.Today = rt.section, rt.title, r.URL.Path, wd.today
	if rt.about != "" {
		v.shell.Column = &ui.Column{Name: rt.title, Description: rt.about, Keywords: rt.title, Type: rt.kind}
	}
	return v, nil
}

var navigation = []ui.NavItem{
	{Label: "首页", Path: "/"},
	{Label: "政府信息公开", Path: "/zfxxgk/"},
	{Label: "文件库", Path: "/library"},
	{Label: "公开进度", Path: "/plans"},
	{Label: "民生实事", Path: "/commitments"},
	{Label: "单位", Path: "/units"},
	{Label: "数据", Path: "/data"},
}

// bareShell is the shell without anything that needs the stores; it cannot
// fail, so pages about failures stand in it too.
func (p *Portal) bareShell(r *http.Request) ui.Shell {
	site := ui.SiteOf(r)
	if site.Name == "" {
		site = &ui.Site{Name: "政务公开"}
	}
	here := site.Prefix + r.URL.Path
	if r.URL.RawQuery != "" {
		here += "?" + r.URL.RawQuery
	}
	return ui.Shell{Site: site, Prefs: ui.PrefsOf(r), Here: here, Nav: navigation, Today: p.Clock.Today()}
}

// param is a query parameter.
func (v *visit) param(name string) string { return v.params().Get(name) }

// params are the query parameters. Control characters, which no page may
// repeat, become spaces.
func (v *visit) params() url.Values {
	values := v.r.URL.Query()
	for _, list := range values {
		for i, value := range list {
			list[i] = strings.Map(printable, value)
		}
	}
	return values
}

func printable(r rune) rune {
	if unicode.IsControl(r) {
		return ' '
	}
	return r
}

// units are the organs that the site speaks for, itself first; nil for a site
// that speaks for all.
func (v *visit) units() []int64 {
	if v.site.RootUnit == 0 {
		return nil
	}
	return v.tree.Subtree(v.site.RootUnit, v.today)
}

// own is the place whose units alone the site speaks for; "" for a site that
// speaks for all.
func (v *visit) own() string {
	if v.site.RootUnit == 0 {
		return ""
	}
	return v.shell.Site.Place
}

// here is what to call the units that the site speaks for.
func (v *visit) here() string { return cmp.Or(v.own(), "各单位") }

// neighbour is another site of the city as pages link to it.
type neighbour struct {
	Name    string
	Address string // before a path within the site
}

func (v *visit) neighbour(s channel.Site) neighbour {
	n := neighbour{s.Name, s.PathPrefix}
	if s.Host != "" {
		n.Address = "https://" + s.Host + s.PathPrefix
	}
	return n
}

// mainSite is the site that speaks for all, where that is another one.
func (v *visit) mainSite() (neighbour, bool) {
	for _, s := range v.sites.Sites() {
		if s.RootUnit == 0 && s.ID != v.site.ID {
			return v.neighbour(s), true
		}
	}
	return neighbour{}, false
}

// owners are the organs at whose duties the site looks: those of units, or of
// the whole city.
func (v *visit) owns(id int64) bool {
	return v.site.RootUnit == 0 || slices.Contains(v.units(), id)
}

// unitLink is an organ as it is called today.
func (v *visit) unitLink(id int64) ui.Link {
	name := v.tree.ShortOn(id, v.today)
	if name == "" {
		return ui.Link{Label: "未知单位"}
	}
	return ui.Link{Label: name, Path: v.shell.URL(unitPath(id))}
}
