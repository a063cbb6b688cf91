package ui

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestLimiter(t *testing.T) {
	now := time.Date(2021, 6, 11, 0, 0, 0, 0, time.UTC)
	l := NewLimiter(Limit{Name: "search", Label: "搜索", PerMin: 60, Burst: 3}, func() time.Time { return now })
	h := l.Guard(ClientAddr(netip.MustParsePrefix("10.0.0.0/8")), func(w http.ResponseWriter, r *http.Request, message string) {
		http.Error(w, message, http.StatusTooManyRequests)
	})(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}))
	ask := func(peer, forwarded string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = peer
		if forwarded != "" {
			r.Header.Set("X-Forwarded-For", forwarded)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	for i := range 3 {
		if w := ask("192.0.2.1:9", ""); w.Code != 200 {
			t.Fatalf("request %d: got %d", i, w.Code)
		}
	}
	w := ask("192.0.2.1:9", "192.0.2.77")
	if w.Code != 429 || w.Header().Get("Retry-After") != "1" || !strings.Contains(w.Body.String(), "搜索每分钟最多 60 次") || !strings.Contains(w.Header().Get("RateLimit"), `"search"`) {
		t.Errorf("got %d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := ask("10.0.0.1:9", "203.0.113.5, 192.0.2.9"); w.Code != 200 {
		t.Errorf("another reader behind the proxy: got %d", w.Code)
	}
	for range 3 {
		ask("[2001:db8::1]:9", "")
	}
	if w := ask("[2001:db8::ffff]:9", ""); w.Code != 429 {
		t.Errorf("another address of one /64: got %d", w.Code)
	}
	now = now.Add(time.Second)
	if w := ask("192.0.2.1:9", ""); w.Code != 200 {
		t.Errorf("after waiting: got %d", w.Code)
	}
}

func TestLimiterForgets(t *testing.T) {
	now := time.Date(2021, 6, 11, 0, 0, 0, 0, time.UTC)
	l := NewLimiter(Limit{Name: "x", PerMin: 60}, func() time.Time { return now })
	for i := range 300_000 {
		l.Take(netip.AddrFrom4([4]byte{byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i)}))
	}
	n := 0
	for i := range l.shards {
		n += len(l.shards[i].buckets)
	}
	if n > len(l.shards)*maxBuckets {
		t.Errorf("%d addresses are remembered", n)
	}
}
