package access

import (
	"context"
	"runtime"
	"sync"

	"github.com/alexedwards/argon2id"
)

// hasher makes and checks password hashes, no more at a time than there are
// processors: each takes its memory, and a crowd at the door must not take all
// of it.
type hasher struct {
	params argon2id.Params
	turn   chan struct{}
	decoy  func() (string, error)
}

func newHasher(h Hash) *hasher {
	x := &hasher{
		params: argon2id.Params{Memory: h.Memory, Iterations: h.Iterations, Parallelism: h.Parallelism, SaltLength: 16, KeyLength: 32},
		turn:   make(chan struct{}, runtime.NumCPU()),
	}
	x.decoy = sync.OnceValues(func() (string, error) { return argon2id.CreateHash(newToken(), &x.params) })
	return x
}

// wait takes a turn; the caller calls done.
func (x *hasher) wait(ctx context.Context) (done func(), err error) {
	select {
	case x.turn <- struct{}{}:
		return func() { <-x.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// make hashes a password.
func (x *hasher) make(ctx context.Context, password string) (string, error) {
	done, err := x.wait(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return argon2id.CreateHash(password, &x.params)
}

// check compares a password with a hash; stale tells that the hash was made
// with other parameters than today's. An empty hash, of an account that is not
// there or has no password, costs the same work and never matches.
func (x *hasher) check(ctx context.Context, password, hash string) (match, stale bool, err error) {
	done, err := x.wait(ctx)
	if err != nil {
		return false, false, err
	}
	defer done()
	known := hash != ""
	if !known {
		if hash, err = x.decoy(); err != nil {
			return false, false, err
		}
	}
	match, params, err := argon2id.CheckHash(password, hash)
	if err != nil {
		return false, false, err
	}
	return match && known, *params != x.params, nil
}
