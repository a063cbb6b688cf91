package ui

import (
	"fmt"
	"hash/maphash"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"gongkai/internal/civil"
)

// Limit is how often one address may ask.
type Limit struct {
	Name   string // names the limit in headers and messages: portal, search, api
	Label  string // the same for people: 搜索
	PerMin int    // requests a minute in the long run; 0 is no limit
	Burst  int    // requests at once; 0 is PerMin
}

// Limiter counts requests by address with a token bucket each. IPv6 addresses
// count by their /64. It is safe for concurrent use and bounded in memory.
type Limiter struct {
	limit  Limit
	clock  civil.Clock
	seed   maphash.Seed
	shards [16]shard
	policy []string
}

type shard struct {
	mu      sync.Mutex
	buckets map[netip.Addr]bucket
}

type bucket struct {
	tokens float64
	at     time.Time
}

// maxBuckets is the number of addresses a shard remembers. Beyond it full
// buckets are forgotten, which loses nothing, and then any.
const maxBuckets = 8192

// NewLimiter makes a limiter.
func NewLimiter(limit Limit, clock civil.Clock) *Limiter {
	if limit.Burst == 0 {
		limit.Burst = limit.PerMin
	}
	l := &Limiter{limit: limit, clock: clock, seed: maphash.MakeSeed(),
		policy: []string{fmt.Sprintf("%q;q=%d;w=60", limit.Name, limit.PerMin)}}
	for i := range l.shards {
		l.shards[i].buckets = map[netip.Addr]bucket{}
	}
	return l
}

// Take takes one token of addr. Where there is none, wait is the time until
// there is one again; left is the number of tokens that remain.
func (l *Limiter) Take(addr netip.Addr) (left int, wait time.Duration) {
	if l.limit.PerMin == 0 {
		return math.MaxInt32, 0
	}
	if addr.Is6() && !addr.Is4In6() {
		p, _ := addr.Prefix(64)
		addr = p.Addr()
	}
	addr = addr.Unmap()
	now, rate := l.clock(), float64(l.limit.PerMin)/60
	s := &l.shards[maphash.Comparable(l.seed, addr)%uint64(len(l.shards))]
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.buckets[addr]
	if !ok {
		if len(s.buckets) >= maxBuckets {
			s.forget(now, rate, float64(l.limit.Burst))
		}
		b = bucket{float64(l.limit.Burst), now}
	}
	b.tokens = min(float64(l.limit.Burst), b.tokens+max(0, now.Sub(b.at).Seconds())*rate)
	b.at = now
	if b.tokens < 1 {
		s.buckets[addr] = b
		return 0, time.Duration((1 - b.tokens) / rate * float64(time.Second))
	}
	b.tokens--
	s.buckets[addr] = b
	return int(b.tokens), 0
}

// forget makes room for at least an eighth, so that it is seldom called.
func (s *shard) forget(now time.Time, rate, burst float64) {
	for a, b := range s.buckets {
		if b.tokens+now.Sub(b.at).Seconds()*rate >= burst {
			delete(s.buckets, a)
		}
	}
	for a := range s.buckets {
		if len(s.buckets) <= maxBuckets*7/8 {
			break
		}
		delete(s.buckets, a)
	}
}

// Guard refuses what is over the limit with 429, telling which limit it was
// and when to come back. It names itself in RateLimit-Policy on every answer.
// address finds who asks; deny writes the refusal's body.
func (l *Limiter) Guard(address func(*http.Request) netip.Addr, deny func(w http.ResponseWriter, r *http.Request, message string)) Guard {
	if l.limit.PerMin == 0 {
		return func(next http.Handler) http.Handler { return next }
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			left, wait := l.Take(address(r))
			h := w.Header()
			h["Ratelimit-Policy"] = l.policy
			if wait == 0 {
				next.ServeHTTP(w, r)
				return
			}
			seconds := strconv.Itoa(int(math.Ceil(wait.Seconds())))
			h.Set("Retry-After", seconds)
			h.Set("RateLimit", fmt.Sprintf("%q;r=%d;t=%s", l.limit.Name, left, seconds))
			h.Set("Cache-Control", "no-store")
			deny(w, r, fmt.Sprintf("%s每分钟最多 %d 次，请 %s 秒后再试。要成批取用数据，请用批量下载，不受这个限制。",
				l.limit.Label, l.limit.PerMin, seconds))
		})
	}
}

// ClientAddr finds the address a request comes from. X-Forwarded-For is
// believed only as far as the hops are trusted proxies.
func ClientAddr(trusted ...netip.Prefix) func(*http.Request) netip.Addr {
	return func(r *http.Request) netip.Addr {
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err != nil {
			return netip.Addr{}
		}
		addr := peer.Addr().Unmap()
		if len(trusted) == 0 {
			return addr
		}
		hops := strings.Split(strings.Join(r.Header["X-Forwarded-For"], ","), ",")
		for i := len(hops) - 1; i >= 0 && within(addr, trusted); i-- {
			hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if err != nil {
				break
			}
			addr = hop.Unmap()
		}
		return addr
	}
}

func within(addr netip.Addr, nets []netip.Prefix) bool {
	for _, n := range nets {
		if n.Contains(addr) {
			return true
		}
	}
	return false
}
