package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// What a page may cost on its first visit: bytes on the wire with its styles,
// scripts and pictures, headers and all, and requests.
const (
	maxBytes    = 60_000
	maxRequests = 6
)

// TestPagesAreLight wants each type of page within its budget, and tells the
// heaviest.
func TestPagesAreLight(t *testing.T) {
	b := newTab(t, 390)
	if _, err := chromedp.Call(b.ctx, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true}); err != nil {
		t.Fatal(err)
	}
	heaviest, most := "", 0.0
	eachVisit(t, b, all, func(b *tab, _ visit, address string) {
		requests, bytes := b.seen.cost()
		if bytes > maxBytes || bytes == 0 || requests > maxRequests {
			b.Errorf("%s costs %.0f bytes in %d requests, want at most %d in %d", address, bytes, requests, maxBytes, maxRequests)
		}
		if bytes > most {
			heaviest, most = address, bytes
		}
	})
	t.Logf("the heaviest page is %s with %.0f bytes", heaviest, most)
}

// cost is what the open page has cost, fonts left out.
func (w *watch) cost() (requests int, bytes float64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for kind, n := range w.bytes {
		if kind != network.ResourceTypeFont {
			bytes += n
		}
	}
	return w.requests, bytes
}
