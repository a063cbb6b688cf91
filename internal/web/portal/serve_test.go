package portal

import (
	"flag"
	"net/http"
	"testing"
	"time"

	"gongkai/internal/web/ui"
)

var (
	serveAt  = flag.String("serve", "", "serve the test city at this loopback address, to look at pages")
	serveAs  = flag.String("serve-prefs", "", "display choices of every visitor: l large, c contrast, d dark")
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
