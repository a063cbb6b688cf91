package e2e

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

const (
	crawlDepth = 3
	crawlPages = 1500 // fetched at most
	crawlAlike = 40   // addresses of one shape: the same path but for numbers, the same parameters
)

// TestLinksLead follows every link from the home page, some of each shape,
// and wants an answer at each address and an anchor for each fragment.
func TestLinksLead(t *testing.T) {
	g := newGuide(t)
	alike := map[string]int{}
	level, seen := []string{"/"}, map[string]bool{"/": true}
	for range crawlDepth + 1 {
		var below []string
		for _, address := range level {
			page, _, _ := strings.Cut(address, "#")
			s := g.get(page)
			if s.status != http.StatusOK {
				t.Errorf("%s answered %d", page, s.status)
			}
			for _, l := range s.links {
				if seen[l] || len(g.read)+len(below) > crawlPages || alike[shape(l)] >= crawlAlike {
					continue
				}
				seen[l] = true
				alike[shape(l)]++
				below = append(below, l)
			}
		}
		for _, address := range level {
			page, anchor, found := strings.Cut(address, "#")
			if s := g.get(page); found && strings.HasPrefix(s.kind, "text/html") && !s.ids[decoded(anchor)] {
				t.Errorf("%s has no anchor %q", page, anchor)
			}
		}
		level = below
	}
	if len(g.read) < 200 {
		t.Errorf("the home page leads to %d addresses, want a whole site", len(g.read))
	}
	t.Logf("%d addresses answered", len(g.read))
}

func decoded(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

// shape is what addresses of the same page have in common.
func shape(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	parts := strings.Split(u.Path, "/")
	for i, p := range parts {
		if strings.Trim(p, "0123456789") == "" && p != "" {
			parts[i] = "0"
		}
	}
	if len(parts) > 2 && parts[1] == "tasks" {
		parts = parts[:2]
	}
	var names []string
	for name := range u.Query() {
		names = append(names, name)
	}
	if u.Fragment != "" {
		names = append(names, "#")
	}
	return strings.Join(parts, "/") + "?" + strings.Join(slices.Sorted(slices.Values(names)), "&")
}
