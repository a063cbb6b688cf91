package portal

import (
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"gongkai/internal/db"
	"gongkai/internal/publication"
	"gongkai/internal/sharedtest"
	"gongkai/internal/web/ui"
)

var (
	serveAt  = flag.String("serve", "", "serve the test city at this loopback address, to look at pages")
	serveAs  = flag.String("serve-prefs", "", "display choices of every visitor: l large, c contrast, d dark")
	laws     = flag.Int("serve-laws", 0, "also publish so many of the real laws beside the checkout")
	serveFor = flag.Duration("serve-for", time.Minute, "how long to serve")
)

// TestServe shows the test city in a browser:
//
//	go test ./internal/web/portal -run TestServe -serve 127.0.0.1:8099 -serve-for 5m
func TestServe(t *testing.T) {
	if *serveAt == "" {
		t.Skip("only with -serve")
	}
	c := newCity(t)
	c.publishLaws(t, *laws)
	for name, id := range c.ids {
		t.Logf("%s is /d/%d", name, id)
	}
	server := &http.Server{Addr: *serveAt, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if *serveAs != "" {
			r.Header.Set("Cookie", ui.PrefsCookie+"="+*serveAs)
		}
		c.ServeHTTP(w, r)
	})}
	stop := time.AfterFunc(*serveFor, func() { server.Close() })
	defer stop.Stop()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		t.Fatal(err)
	}
}

// publishLaws publishes the first n laws of the real corpus.
func (c *city) publishLaws(t testing.TB, n int) {
	t.Helper()
	if n == 0 {
		return
	}
	file, err := os.Open(sharedtest.Path(t, "data", "laws", "national-2023-09.jsonl.zst"))
	check(t, err)
	defer file.Close()
	plain, err := zstd.NewReader(file)
	check(t, err)
	defer plain.Close()
	dec := json.NewDecoder(plain)
	for range n {
		var l publication.Line
		if err := dec.Decode(&l); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		check(t, c.db.Update(t.Context(), func(tx *db.Tx) error {
			r, err := c.Publications.Put(t.Context(), tx, &l, publication.PutOptions{Actor: "test", CreateUnits: true})
			c.ids[l.Title] = r.ID
			return err
		}))
	}
	c.index(t)
}
