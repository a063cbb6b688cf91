package e2e

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// files are addresses that answer with something else than a page: for
// programs, and pictures and styles.
var files = []struct {
	name, kind string // kind is the beginning of the media type
	find       func(*guide) string
}{
	{"feed", "application/atom+xml", at("/feeds/newest.atom")},
	{"index of site maps", "application/xml", at("/sitemap.xml")},
	{"site map", "application/xml", func(g *guide) string { return g.location("/sitemap.xml") }},
	{"robots", "text/plain", at("/robots.txt")},
	{"search description", "application/opensearchdescription+xml", at("/opensearch.xml")},
	{"icon", "image/", at("/favicon.ico")},
	{"style", "text/css", on("/", `^/assets/.*\.css$`)},
	{"script", "text/javascript", on("/", `^/assets/.*\.js$`)},
	{"attachment", "", attachment},
	{"description of the API", "application/json", at("/api/openapi.json")},
}

// posted are the routes that a form sends to; a journey does.
var posted = []string{"POST /prefs"}

// TestEveryRouteIsVisited fails for a route of the portal that no visit leads
// to. The routes are read from its source, so a new one cannot be forgotten.
func TestEveryRouteIsVisited(t *testing.T) {
	g := newGuide(t)
	routes := portalRoutes(t)
	mux := http.NewServeMux()
	for _, pattern := range routes {
		mux.HandleFunc(pattern, func(http.ResponseWriter, *http.Request) {})
	}
	visited := slices.Clone(posted)
	see := func(address string) {
		_, pattern := mux.Handler(httptest.NewRequest(http.MethodGet, address, nil))
		visited = append(visited, pattern)
	}
	for _, v := range visits {
		address := v.find(g)
		if got, want := g.get(address).status, max(v.status, http.StatusOK); got != want {
			t.Errorf("%s: %s answered %d, want %d", v.name, address, got, want)
		}
		see(address)
	}
	for _, f := range files {
		address := f.find(g)
		s := g.get(address)
		if s.status != http.StatusOK || !strings.HasPrefix(s.kind, f.kind) || s.body == "" {
			t.Errorf("%s: %s answered %d with %d bytes of %s, want 200 with %s", f.name, address, s.status, len(s.body), s.kind, f.kind)
		}
		see(address)
	}
	for _, pattern := range routes {
		if !slices.Contains(visited, pattern) {
			t.Errorf("no visit leads to %s: add one to visits or files", pattern)
		}
	}
}

// portalRoutes reads the patterns from the portal's list of routes.
func portalRoutes(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "web", "portal", "routes.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var patterns []string
	ast.Inspect(file, func(n ast.Node) bool {
		pair, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		name, _ := pair.Key.(*ast.Ident)
		value, _ := pair.Value.(*ast.BasicLit)
		if name != nil && name.Name == "pattern" && value != nil {
			pattern, err := strconv.Unquote(value.Value)
			if err != nil {
				t.Fatal(err)
			}
			patterns = append(patterns, pattern)
		}
		return true
	})
	if len(patterns) < 20 {
		t.Fatalf("found only the routes %v; does routes.go still list them as pattern: \"…\"?", patterns)
	}
	return patterns
}

// location is the first address in a site map.
func (g *guide) location(address string) string {
	g.Helper()
	_, rest, _ := strings.Cut(g.get(address).body, "<loc>")
	loc, _, found := strings.Cut(rest, "</loc>")
	if !found {
		g.Fatalf("%s names no address", address)
	}
	return strings.TrimPrefix(loc, g.base)
}

// attachment is a file of a document that has one.
func attachment(g *guide) string {
	g.Helper()
	return g.link(g.document("/search", "h-att"), `^/d/\d+/files/\d+`)
}
