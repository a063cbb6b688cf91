package access

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"slices"
	"strings"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// throttle is something that failures are counted for. Its name is kept as a
// hash: people type passwords into the field for the login.
type throttle struct {
	subject string
	free    int // failures before the delays of the policy begin
}

func throttleOf(kind, name string, free int) throttle {
	sum := sha256.Sum256([]byte(kind + "\x00" + name))
	return throttle{kind + ":" + hex.EncodeToString(sum[:16]), free}
}

// delay is how long to wait after so many failures.
func (p Policy) delay(failures, free int) time.Duration {
	failures = min(failures-free, len(p.Delays))
	if failures <= 0 {
		return 0
	}
	return p.Delays[failures-1]
}

// addressThrottle counts by address; of IPv6 by network, since one customer
// has 2^64 of them.
func (s *Store) addressThrottle(address string) throttle {
	if a, err := netip.ParseAddr(address); err == nil && a.Unmap().Is6() {
		if network, err := a.Prefix(64); err == nil {
			address = network.String()
		}
	}
	return throttleOf("address", address, s.policy.AddressFree)
}

// reserve counts a failure for each throttle before anything is tried, so that
// many tries at once are as many failures, and refuses where one of them still
// has to wait; a refused try counts for nothing. The caller settles the
// reservation when the try succeeds.
func (s *Store) reserve(ctx context.Context, tx *db.Tx, throttles []throttle) error {
	now := s.instant()
	slices.SortFunc(throttles, func(a, b throttle) int { return strings.Compare(a.subject, b.subject) }) // no two wait for each other
	for _, t := range throttles {
		var failures int
		var last db.Instant
		// the write that changes nothing holds the row against other tries
		err := tx.Row(ctx, `insert into access_throttles (subject, failures, last_at) values (?, 0, ?)
			on conflict (subject) do update set subject = excluded.subject returning failures, last_at`, []any{t.subject, db.At(now)}, &failures, &last)
		if err != nil {
			return err
		}
		if now.Sub(last.Time) > s.policy.Forget {
			failures = 0
		}
		if wait := last.Add(s.policy.delay(failures, t.free)).Sub(now); wait > 0 {
			return tooMany(wait)
		}
		if _, err := tx.Exec(ctx, "update access_throttles set failures = ?, last_at = ? where subject = ?", failures+1, db.At(now), t.subject); err != nil {
			return err
		}
	}
	return nil
}

// settle takes reservations back after a try that succeeded. Addresses only
// get their own one back: whoever has an account could otherwise go on
// guessing at those of others.
func (s *Store) settle(ctx context.Context, tx *db.Tx, throttles []throttle, clear bool) error {
	for _, t := range throttles {
		query := "update access_throttles set failures = failures - 1 where subject = ? and failures > 0"
		if clear && t.free == 0 {
			query = "delete from access_throttles where subject = ?"
		}
		if _, err := tx.Exec(ctx, query, t.subject); err != nil {
			return err
		}
	}
	return nil
}

// waiting is how long the throttles ask to wait now.
func (s *Store) waiting(ctx context.Context, tx *db.Tx, throttles []throttle) (wait time.Duration, err error) {
	for _, t := range throttles {
		var failures int
		if err := tx.Row(ctx, "select coalesce(max(failures), 0) from access_throttles where subject = ?", []any{t.subject}, &failures); err != nil {
			return 0, err
		}
		wait = max(wait, s.policy.delay(failures, t.free))
	}
	return wait, nil
}

// forget removes what is too old to count.
func (s *Store) forget(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, "delete from access_throttles where last_at < ?", db.At(s.instant().Add(-s.policy.Forget)))
	return err
}

func tooMany(wait time.Duration) error {
	return fault.New(fault.Forbidden, "sign_in_wait", "连续失败多次，请等%s再试。急用时可请安全管理员发一次性链接，用链接登录不用等。", span(wait))
}
