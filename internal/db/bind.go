package db

import (
	"strconv"
	"strings"
	"sync"
)

// binder rewrites ? placeholders into $1, $2, … for PostgreSQL and remembers
// what it rewrote. The zero value leaves statements as they are.
type binder struct {
	dollars bool
	cache   sync.Map // string → string
}

const binderCacheMax = 1000 // characters; longer ones are generated lists

func (b *binder) rebind(query string) string {
	if !b.dollars {
		return query
	}
	if got, ok := b.cache.Load(query); ok {
		return got.(string)
	}
	out := dollars(query)
	if len(query) <= binderCacheMax {
		b.cache.Store(query, out)
	}
	return out
}

// dollars numbers the question marks outside of quoted text.
func dollars(query string) string {
	var out strings.Builder
	n, quote := 0, byte(0)
	for i := 0; i < len(query); i++ {
		c := query[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '?':
			n++
			out.WriteByte('$')
			out.WriteString(strconv.Itoa(n))
			continue
		}
		out.WriteByte(c)
	}
	return out.String()
}
