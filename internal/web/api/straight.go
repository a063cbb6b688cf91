package api

import (
	"bytes"
	"hash/fnv"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"

	"gongkai/internal/web/ui"
)

// straight is for answers that hardly anybody asks for twice: they are not
// kept, and compressed fast and only for those who want it. It gives the
// entity tag and answers conditions. (What is kept is compressed well, once;
// see ui.Cache.)
func straight(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b := &buffered{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(b, r)
		if b.status != http.StatusOK {
			w.WriteHeader(b.status)
			w.Write(b.body.Bytes())
			return
		}
		sum := fnv.New64a()
		sum.Write(b.body.Bytes())
		w.Header().Set("Etag", `W/"`+strconv.FormatUint(sum.Sum64(), 36)+`"`)
		w.Header().Add("Vary", "Accept-Encoding")
		content := b.body.Bytes()
		if len(content) >= minPacked && ui.AcceptsGzip(r) && r.Header.Get("Range") == "" {
			content = packFast(content)
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	})
}

// minPacked is the size in bytes below which compression does not pay.
const minPacked = 1024

var packers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level exists
	return z
}}

func packFast(content []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(content) / 2)
	z := packers.Get().(*gzip.Writer)
	defer packers.Put(z)
	z.Reset(&out)
	z.Write(content) // a bytes.Buffer does not fail
	z.Close()
	return out.Bytes()
}

// buffered holds back what a handler writes; headers go through.
type buffered struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// Unwrap leads to the writer beneath.
func (b *buffered) Unwrap() http.ResponseWriter { return b.ResponseWriter }

// WriteHeader notes the status.
func (b *buffered) WriteHeader(status int) { b.status = status }

// Write keeps the bytes.
func (b *buffered) Write(p []byte) (int, error) { return b.body.Write(p) }
