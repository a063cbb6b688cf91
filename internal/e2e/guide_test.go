package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// guide finds its way through the city as a reader does: by links.
type guide struct {
	testing.TB
	base string
	read map[string]*sheet
}

// sheet is a page or file that was fetched.
type sheet struct {
	status int
	kind   string // media type
	body   string
	links  []string // addresses on this host: path, query and fragment; of pages only
	ids    map[string]bool
}

func newGuide(t testing.TB) *guide {
	t.Helper()
	return &guide{TB: t, base: theCity.get(t), read: map[string]*sheet{}}
}

// get fetches an address once. Redirects are followed.
func (g *guide) get(address string) *sheet {
	g.Helper()
	address, _, _ = strings.Cut(address, "#")
	if s, ok := g.read[address]; ok {
		return s
	}
	resp, err := http.Get(g.base + address)
	if err != nil {
		g.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		g.Fatal(err)
	}
	s := &sheet{status: resp.StatusCode, kind: resp.Header.Get("Content-Type"), body: string(body), ids: map[string]bool{}}
	if strings.HasPrefix(s.kind, "text/html") {
		s.scan(address)
	}
	g.read[address] = s
	return s
}

// scan collects the links and the anchors of a page.
func (s *sheet) scan(address string) {
	here, err := url.Parse(address)
	if err != nil {
		return
	}
	for z := html.NewTokenizer(strings.NewReader(s.body)); z.Next() != html.ErrorToken; {
		for _, a := range z.Token().Attr {
			switch a.Key {
			case "id":
				s.ids[a.Val] = true
			case "href", "src":
				if u, err := here.Parse(a.Val); err == nil && u.Host == "" && u.Scheme == "" {
					s.links = append(s.links, u.String())
				}
			}
		}
	}
}

// link is the first link on the page at address that matches pattern.
func (g *guide) link(address, pattern string) string {
	g.Helper()
	if found := g.links(address, pattern); len(found) > 0 {
		return found[0]
	}
	g.Fatalf("%s has no link like %s", address, pattern)
	return ""
}

func (g *guide) links(address, pattern string) []string {
	g.Helper()
	s := g.get(address)
	if s.status != http.StatusOK {
		g.Fatalf("%s answered %d: %s", address, s.status, s.body)
	}
	re := regexp.MustCompile(pattern)
	return slices.DeleteFunc(slices.Clone(s.links), func(l string) bool { return !re.MatchString(l) })
}

// document is a document reached from the list at address whose page has all
// of the anchors, looked for on as many pages of the list as it takes.
func (g *guide) document(address string, anchors ...string) string {
	g.Helper()
	for page := address; page != ""; {
	next:
		for _, doc := range g.links(page, `^/d/\d+$`) {
			for _, a := range anchors {
				if !g.get(doc).ids[a] {
					continue next
				}
			}
			return doc
		}
		page = g.next(page)
	}
	g.Fatalf("no document below %s has %v", address, anchors)
	return ""
}

var nextPage = regexp.MustCompile(`<a[^>]*href="([^"]+)"[^>]*>(?:<[^>]*>)*下一页`)

// next is the address of the page after this one in a list, "" at its end.
func (g *guide) next(address string) string {
	g.Helper()
	m := nextPage.FindStringSubmatch(g.get(address).body)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}

// decode reads an answer of the API.
func (g *guide) decode(address string, into any) {
	g.Helper()
	s := g.get(address)
	if err := json.Unmarshal([]byte(s.body), into); err != nil {
		g.Fatalf("%s answered %d %s: %v", address, s.status, s.body, err)
	}
}

// query joins a path with parameters.
func query(at string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	return path.Clean(at) + "?" + q.Encode()
}
