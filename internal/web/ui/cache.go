package ui

import (
	"bytes"
	"container/list"
	"context"
	"net/http"
	"net/url"
	"sort"
	"sync"

	"golang.org/x/sync/singleflight"
)

// Cache keeps whole pages in memory. A page is valid for one generation of
// the public data: as soon as the generation is another, the page is made
// anew, so nobody reads yesterday's state. It is safe for concurrent use.
type Cache struct {
	generation func() string
	limit      int

	flight singleflight.Group
	mu     sync.Mutex
	bytes  int
	byKey  map[string]*list.Element
	recent *list.List // front: used last
	hits   uint64
	misses uint64
}

type cached struct {
	key        string
	generation string
	body       *Body
}

// overhead is what an entry costs beside its bytes, roughly.
const overhead = 1024

// NewCache makes a cache of at most limit bytes. The generation is asked for
// on every request, so it must be cheap: the ledger's cursor as last seen and
// the day.
func NewCache(limit int, generation func() string) *Cache {
	return &Cache{generation: generation, limit: limit, byKey: map[string]*list.Element{}, recent: list.New()}
}

// Stats are the numbers for /metrics.
type Stats struct {
	Pages  int
	Bytes  int
	Hits   uint64
	Misses uint64
}

// Stats reads the present numbers.
func (c *Cache) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Stats{c.recent.Len(), c.bytes, c.hits, c.misses}
}

// Keep answers from the cache and asks next for what is not in it. Pages
// differ by site, path, the named query parameters and the reader's display
// choices, by nothing else: next must not look at anything else, and is given
// a request without the other parameters. Only answers with status 200 and
// without a cookie are kept. Requests for one page that arrive together cost
// one rendering.
func (c *Cache) Keep(next http.Handler, params ...string) http.Handler {
	sort.Strings(params)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := canonical(r.URL.RawQuery, params)
		var room [256]byte
		key := append(room[:0], PrefsOf(r).code())
		key = append(key, SiteOf(r).Slug...)
		key = append(key, r.URL.Path...)
		key = append(key, '?')
		key = append(key, query...)
		generation := c.generation()
		if body := c.get(key, generation); body != nil {
			body.Serve(w, r)
			return
		}
		c.fill(w, r, next, string(key), query, generation)
	})
}

func (c *Cache) fill(w http.ResponseWriter, r *http.Request, next http.Handler, key, query, generation string) {
	made, err, _ := c.flight.Do(generation+key, func() (any, error) {
		// Others may wait for this page when the first reader has left.
		clean := r.Clone(context.WithoutCancel(r.Context()))
		clean.URL.RawQuery = query
		clean.Method = http.MethodGet
		rec := &recorder{under: w, header: http.Header{}, status: http.StatusOK}
		next.ServeHTTP(rec, clean)
		body := rec.body()
		if rec.status == http.StatusOK && rec.header.Get("Set-Cookie") == "" {
			c.put(key, generation, body)
		}
		return body, nil
	})
	if err != nil { // the function above returns none
		panic(err)
	}
	made.(*Body).Serve(w, r)
}

func (c *Cache) get(key []byte, generation string) *Body {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[string(key)]; ok {
		if entry := e.Value.(*cached); entry.generation == generation {
			c.recent.MoveToFront(e)
			c.hits++
			return entry.body
		}
		c.drop(e)
	}
	c.misses++
	return nil
}

func (c *Cache) put(key, generation string, body *Body) {
	size := body.reserve() + overhead
	if size > c.limit/4 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[key]; ok {
		c.drop(e)
	}
	for c.bytes+size > c.limit {
		c.drop(c.recent.Back())
	}
	c.byKey[key] = c.recent.PushFront(&cached{key, generation, body})
	c.bytes += size
}

// drop forgets an entry; the caller holds the lock.
func (c *Cache) drop(e *list.Element) {
	entry := c.recent.Remove(e).(*cached)
	delete(c.byKey, entry.key)
	c.bytes -= entry.body.reserve() + overhead
}

// canonical is the query reduced to the wanted parameters, in their order,
// without empty values.
func canonical(raw string, want []string) string {
	if raw == "" || len(want) == 0 {
		return ""
	}
	given, _ := url.ParseQuery(raw) // what cannot be read is left out
	kept := url.Values{}
	for _, name := range want {
		for _, v := range given[name] {
			if v != "" {
				kept.Add(name, v)
			}
		}
	}
	return kept.Encode()
}

// recorder is a response writer that keeps everything.
type recorder struct {
	under  http.ResponseWriter
	header http.Header
	status int
	buf    bytes.Buffer
}

// Unwrap leads to the writer beneath, which is never written to from here.
func (r *recorder) Unwrap() http.ResponseWriter { return r.under }

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.buf.Write(b) }

// body makes a Body of what was recorded. The recorder is not used after.
func (r *recorder) body() *Body {
	for _, name := range []string{"Content-Encoding", "Content-Length", "Etag"} {
		r.header.Del(name)
	}
	return NewBody(r.status, r.header, bytes.Clone(r.buf.Bytes()))
}
