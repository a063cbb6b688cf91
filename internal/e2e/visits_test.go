package e2e

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// visit is a page to look at. Every address of the portal that answers with a
// page has one at least (TestEveryRouteIsVisited), and so have the states of a
// page that look different.
type visit struct {
	name   string
	find   func(*guide) string // its address
	status int                 // 200 unless set
	looks  bool                // looked at in all looks, not plain alone
}

// at is the finder of a fixed address.
func at(address string) func(*guide) string { return func(*guide) string { return address } }

// on is the finder of the first link on a page that matches.
func on(address, pattern string) func(*guide) string {
	return func(g *guide) string { g.Helper(); return g.link(address, pattern) }
}

var visits = []visit{
	{name: "home", find: at("/"), looks: true},
	{name: "home of another site", find: otherSite},
	{name: "search", find: at(query("/search", "q", "老旧小区改造")), looks: true},
	{name: "search without a query", find: at("/search")},
	{name: "search in vain", find: at(query("/search", "q", "火星基地供暖"))},
	{name: "search refused", find: at(query("/search", "from", "2021-02-30")), status: 400},
	{name: "library", find: at("/library"), looks: true},
	{name: "library of what is repealed", find: at(query("/library", "validity", "repealed"))},
	{name: "library in vain", find: at(query("/library", "year", "1999"))},
	{name: "document", find: richDocument, looks: true},
	{name: "document as of a day", find: formerDocument},
	{name: "document withdrawn", find: withdrawnDocument},
	{name: "disclosure", find: at("/zfxxgk/")},
	{name: "disclosure guide", find: at("/zfxxgk/guide/")},
	{name: "disclosure rules", find: at("/zfxxgk/policy/")},
	{name: "disclosure by statute", find: at("/zfxxgk/statutory/")},
	{name: "disclosure of a category", find: on("/zfxxgk/statutory/", `^/zfxxgk/statutory/[^/?#]+`)},
	{name: "disclosure reports", find: at("/zfxxgk/annual/")},
	{name: "plans", find: at("/plans")},
	{name: "plan", find: cityPlan, looks: true},
	{name: "plan of a unit", find: planOfUnit},
	{name: "task", find: func(g *guide) string { return g.link(cityPlan(g), `^/tasks/`) }},
	{name: "row of the catalogue", find: on("/catalogue", `^/tasks/`)},
	{name: "duties", find: at("/duties")},
	{name: "duties overdue", find: at(query("/duties", "status", "overdue")), looks: true},
	{name: "duties refused", find: at(query("/duties", "status", "nonsense")), status: 400},
	{name: "duty fulfilled", find: on(query("/duties", "status", "fulfilled"), `^/duties/\d+`)},
	{name: "duty overdue", find: on(query("/duties", "status", "overdue"), `^/duties/\d+`)},
	{name: "commitments", find: at("/commitments"), looks: true},
	{name: "matrix", find: at("/matrix"), looks: true},
	{name: "matrix of counties", find: at(query("/matrix", "level", "county"))},
	{name: "catalogue", find: at("/catalogue")},
	{name: "units", find: at("/units")},
	{name: "unit", find: on("/units", `^/units/\d+`)},
	{name: "unit that owes", find: on(query("/duties", "status", "overdue"), `^/units/\d+`), looks: true},
	{name: "data", find: at("/data")},
	{name: "inventory of the withheld", find: at("/withheld")},
	{name: "about", find: at("/about")},
	{name: "help", find: at("/help")},
	{name: "site map", find: at("/sitemap")},
	{name: "display", find: at(query("/prefs", "back", "/library")), looks: true},
	{name: "missing", find: at("/no/such/page"), status: 404, looks: true},
	{name: "reference of the API", find: at("/api/docs")},
}

// eachVisit opens every page that pick takes, each in a test of its own but
// all in one tab, and wants its status.
func eachVisit(t *testing.T, b *tab, pick func(visit) bool, look func(b *tab, v visit, address string)) {
	g := newGuide(t)
	for _, v := range append(visits, kindVisits(g)...) {
		if !pick(v) {
			continue
		}
		t.Run(v.name, func(t *testing.T) {
			own := *g
			own.TB = t
			b := b.in(t)
			address := v.find(&own)
			b.open(address, max(v.status, http.StatusOK))
			look(b, v, address)
		})
	}
}

func all(visit) bool      { return true }
func varied(v visit) bool { return v.looks }

// kindVisits is a document of every kind of publication that the city has.
func kindVisits(g *guide) []visit {
	g.Helper()
	var kinds struct{ Items []struct{ Code string } }
	g.decode("/api/v1/kinds", &kinds)
	var out []visit
	for _, k := range kinds.Items {
		list := query("/search", "kind", k.Code)
		if len(g.links(list, `^/d/\d+$`)) > 0 {
			out = append(out, visit{name: "document of kind " + k.Code, find: on(list, `^/d/\d+$`)})
		}
	}
	return out
}

// richDocument has an outline, an interpretation and a history.
func richDocument(g *guide) string {
	g.Helper()
	return g.document(query("/search", "q", renewal, "kind", "policy"), "h-toc", "h-int", "h-his")
}

// amended finds when a document's history says that it was changed.
var amended = regexp.MustCompile(`<time>(\d{4}-\d\d-\d\d)</time>`)

// formerDocument is a rich document as it was on the first day of its history.
func formerDocument(g *guide) string {
	g.Helper()
	doc := richDocument(g)
	_, history, _ := strings.Cut(g.get(doc).body, `id="h-his"`)
	m := amended.FindStringSubmatch(history)
	if m == nil {
		g.Fatalf("the history of %s has no day", doc)
	}
	return query(doc, "on", m[1])
}

// withdrawnDocument is one of which only the title and the reason are left.
// Lists do not have it, but the ledger does.
func withdrawnDocument(g *guide) string {
	g.Helper()
	for from := "0"; ; {
		var page struct {
			Items []struct{ Kind, Subject string }
			Next  json.Number
		}
		g.decode(query("/api/v1/ledger", "after", from), &page)
		for _, e := range page.Items {
			if id, ok := strings.CutPrefix(e.Subject, "publication:"); ok && strings.Contains(e.Kind, "withdraw") {
				return "/d/" + id
			}
		}
		if len(page.Items) == 0 || page.Next.String() == from {
			g.Fatal("the ledger tells of no withdrawn record")
		}
		from = page.Next.String()
	}
}

// otherSite is the home page of a site that has a part of the addresses.
func otherSite(g *guide) string {
	g.Helper()
	var sites struct {
		Items []struct {
			Prefix string `json:"path_prefix"`
		}
	}
	g.decode("/api/v1/sites", &sites)
	for _, s := range sites.Items {
		if s.Prefix != "" {
			return s.Prefix + "/"
		}
	}
	g.Fatal("the city has one site alone")
	return ""
}

// cityPlan is the newest plan.
func cityPlan(g *guide) string {
	g.Helper()
	return g.link("/plans", `^/plans/\d+$`)
}

var chosenUnit = regexp.MustCompile(`<option value="(\d+)"`)

func planOfUnit(g *guide) string {
	g.Helper()
	plan := cityPlan(g)
	m := chosenUnit.FindStringSubmatch(g.get(plan).body)
	if m == nil {
		g.Fatalf("%s offers no unit", plan)
	}
	return query(plan, "unit", m[1])
}
