package e2e

import (
	"encoding/xml"
	"net/http"
	"strings"
	"testing"
)

// TestProgrammer finds the reference, the description for machines and a feed,
// and asks again only for what has changed.
func TestProgrammer(t *testing.T) {
	b := newTab(t, 1280)
	b.open("/data", 200)
	b.follow(b.click("main a[href='/api/docs']", ""))
	b.wants("heading", b.text("h1"), "接口")
	b.follow(b.click("main a", "OpenAPI"))
	var description struct {
		OpenAPI string
		Paths   map[string]struct{ Get struct{ OperationID string } }
	}
	g := newGuide(t)
	g.decode(b.path(), &description)
	if !strings.HasPrefix(description.OpenAPI, "3.1") || len(description.Paths) < 15 {
		t.Fatalf("the description is OpenAPI %s with %d paths, want 3.1 with the whole API", description.OpenAPI, len(description.Paths))
	}
	reference := g.get("/api/docs")
	for path, item := range description.Paths {
		if !reference.ids[item.Get.OperationID] {
			t.Errorf("the reference lacks %s (%s)", path, item.Get.OperationID)
		}
	}
}

// TestFeed reads the newest entries and follows each to its page.
func TestFeed(t *testing.T) {
	g := newGuide(t)
	var feed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		Entries []struct {
			Title   string `xml:"title"`
			Updated string `xml:"updated"`
			Link    struct {
				Href string `xml:"href,attr"`
			} `xml:"link"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(g.get("/feeds/newest.atom").body), &feed); err != nil {
		t.Fatal(err)
	}
	if len(feed.Entries) == 0 {
		t.Fatal("the feed is empty")
	}
	for i, e := range feed.Entries {
		page := g.get(strings.TrimPrefix(e.Link.Href, g.base))
		if page.status != http.StatusOK || e.Title == "" {
			t.Errorf("entry %q leads to %s, which answered %d", e.Title, e.Link.Href, page.status)
		}
		if i > 0 && e.Updated > feed.Entries[i-1].Updated {
			t.Errorf("entry %q of %s stands after one of %s, want the newest first", e.Title, e.Updated, feed.Entries[i-1].Updated)
		}
	}
}

// TestUnchanged answers 304 with no body to who has it already.
func TestUnchanged(t *testing.T) {
	g := newGuide(t)
	for _, address := range []string{"/", "/library", richDocument(g), "/feeds/newest.atom", "/api/openapi.json", "/api/v1/plans"} {
		first, err := http.Get(g.base + address)
		if err != nil {
			t.Fatal(err)
		}
		first.Body.Close()
		again, err := http.NewRequest(http.MethodGet, g.base+address, nil)
		if err != nil {
			t.Fatal(err)
		}
		again.Header.Set("If-None-Match", first.Header.Get("ETag"))
		second, err := http.DefaultClient.Do(again)
		if err != nil {
			t.Fatal(err)
		}
		second.Body.Close()
		if second.StatusCode != http.StatusNotModified {
			t.Errorf("%s with its ETag %q answered %d, want 304", address, first.Header.Get("ETag"), second.StatusCode)
		}
	}
}
