package ui

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func TestCacheKeepsOneGeneration(t *testing.T) {
	var generation atomic.Int64
	var made atomic.Int64
	c := NewCache(1<<20, func() string { return fmt.Sprint(generation.Load()) })
	h := c.Keep(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.URL.Query().Get("on") == "bad" {
			w.WriteHeader(400)
		}
		fmt.Fprintf(w, "page %d of %s %s %s", made.Add(1), r.URL.Path, r.URL.RawQuery, strings.Repeat("字", 2000))
	}), "on", "v")
	get := func(target, prefs string, header ...string) *httptest.ResponseRecorder {
		r := WithSite(httptest.NewRequest("GET", target, nil), testSite())
		r.Header.Set("Cookie", PrefsCookie+"="+prefs)
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	first := get("/d/1", "")
	for _, same := range []string{"/d/1", "/d/1?utm=x", "/d/1?on="} {
		if got := get(same, ""); got.Body.String() != first.Body.String() {
			t.Errorf("%s is made again", same)
		}
	}
	if a, b := get("/d/1?v=2&on=x", ""), get("/d/1?on=x&v=2&y=1", ""); a.Body.String() != b.Body.String() {
		t.Error("the order of parameters makes another page")
	}
	for name, other := range map[string]*httptest.ResponseRecorder{"prefs": get("/d/1", "l"), "path": get("/d/2", ""), "query": get("/d/1?on=y", "")} {
		if other.Body.String() == first.Body.String() {
			t.Errorf("another %s gets the same page", name)
		}
	}
	if a, b := get("/d/1?on=bad", ""), get("/d/1?on=bad", ""); a.Code != 400 || a.Body.String() == b.Body.String() {
		t.Error("a failure is kept")
	}
	if got := get("/d/1", "", "If-None-Match", first.Header().Get("Etag")); got.Code != 304 {
		t.Errorf("conditional request: got %d", got.Code)
	}
	packed := get("/d/1", "", "Accept-Encoding", "gzip")
	if packed.Header().Get("Content-Encoding") != "gzip" || packed.Header().Get("Vary") == "" {
		t.Errorf("packed answer: %v", packed.Header())
	}
	generation.Add(1)
	if got := get("/d/1", ""); got.Body.String() == first.Body.String() {
		t.Error("the page outlives its generation")
	}
}

func TestCacheIsBounded(t *testing.T) {
	const limit = 200_000
	c := NewCache(limit, func() string { return "" })
	h := c.Keep(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, strings.Repeat(r.URL.Path, 1000))
	}))
	for i := range 500 {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/"+strconv.Itoa(i), nil))
		if s := c.Stats(); s.Bytes > limit || s.Bytes < 0 {
			t.Fatalf("%d bytes after %d pages", s.Bytes, i+1)
		}
	}
	if s := c.Stats(); s.Pages == 0 || s.Misses != 500 {
		t.Errorf("got %+v", s)
	}
}

func TestCacheMakesOnceForMany(t *testing.T) {
	var made atomic.Int64
	start := make(chan struct{})
	c := NewCache(1<<20, func() string { return "" })
	h := c.Keep(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		<-start
		made.Add(1)
		if r.Context().Err() != nil {
			t.Error("a reader who left spoils the page of the others")
		}
		io.WriteString(w, "x")
	}))
	var wg sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	for range 16 {
		wg.Go(func() {
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil).WithContext(ctx))
		})
	}
	cancel()
	close(start)
	wg.Wait()
	if n := made.Load(); n > 16 || n < 1 {
		t.Errorf("made %d times", n)
	}
	if n := c.Stats().Pages; n != 1 {
		t.Errorf("%d pages kept", n)
	}
}

func TestAcceptsGzip(t *testing.T) {
	tests := []struct {
		in   string
		want bool
	}{{"gzip", true}, {"br, gzip;q=0.5", true}, {"gzip;q=0", false}, {"identity", false}, {"", false}, {"*", true}, {"br;q=1, gzip; q=0.0", false}}
	for _, tt := range tests {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept-Encoding", tt.in)
		if got := AcceptsGzip(r); got != tt.want {
			t.Errorf("%q: got %v", tt.in, got)
		}
	}
}

func BenchmarkCachedPage(b *testing.B) {
	c := NewCache(1<<20, func() string { return "1" })
	page := []byte(strings.Repeat("<p>第一条　为了规范公共停车场的规划、建设和管理，制定本办法。</p>", 400))
	h := Chain(c.Keep(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(page)
	}), "on"), Observe(quiet), Safe)
	r := WithSite(httptest.NewRequest("GET", "/d/1", nil), testSite())
	r.Header.Set("Accept-Encoding", "gzip")
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(&discard{header: http.Header{}}, r)
	}
}

type discard struct{ header http.Header }

func (d *discard) Header() http.Header { return d.header }

func (d *discard) WriteHeader(int) {}

func (d *discard) Write(b []byte) (int, error) { return len(b), nil }

// TestFresh holds answers that are not kept to what kept ones promise.
func TestFresh(t *testing.T) {
	made := 0
	h := Fresh(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		made++
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"text":"`+strings.Repeat("停车场", 800)+`"}`)
	}))
	get := func(header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/", nil)
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	plain := get()
	if again := get(); again.Body.String() != plain.Body.String() || made != 2 {
		t.Errorf("made %d times, want 2", made)
	}
	if got := get("If-None-Match", plain.Header().Get("Etag")); got.Code != http.StatusNotModified || got.Body.Len() != 0 {
		t.Errorf("conditional: got %d with %d bytes", got.Code, got.Body.Len())
	}
	packed := get("Accept-Encoding", "gzip")
	z, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(z); err != nil || string(text) != plain.Body.String() {
		t.Errorf("unpacked: %v, %d bytes, want %d", err, len(text), plain.Body.Len())
	}
}

// TestBodyPacksOnDemand wants no work for readers who take the plain form.
func TestBodyPacksOnDemand(t *testing.T) {
	body := NewBody(http.StatusOK, http.Header{"Content-Type": {"text/html"}}, []byte(strings.Repeat("字", 1000)))
	r := httptest.NewRequest("GET", "/", nil)
	body.Serve(httptest.NewRecorder(), r)
	if body.packed != nil {
		t.Error("packed for a reader who does not take gzip")
	}
	r.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	body.Serve(w, r)
	if w.Header().Get("Content-Encoding") != "gzip" || w.Body.Len() >= len(body.plain) || body.Size() > body.reserve() {
		t.Errorf("%v, %d bytes of %d", w.Header(), w.Body.Len(), len(body.plain))
	}
}
