package ui

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// minPacked is the size in bytes below which compression does not pay.
const minPacked = 1024

// packer compresses at one level. What is kept in memory is compressed well,
// as it is sent often; what is sent once is compressed fast.
type packer struct{ writers sync.Pool }

func newPacker(level int) *packer {
	return &packer{sync.Pool{New: func() any {
		z, _ := gzip.NewWriterLevel(nil, level) // the level exists
		return z
	}}}
}

var (
	packWell = newPacker(gzip.DefaultCompression)
	packFast = newPacker(gzip.BestSpeed)
)

func (p *packer) pack(content []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(content) / 3)
	z := p.writers.Get().(*gzip.Writer)
	defer p.writers.Put(z)
	z.Reset(&out)
	z.Write(content) // a bytes.Buffer does not fail
	z.Close()
	return bytes.Clone(out.Bytes())
}

func compressible(ctype string) bool {
	kind, _, _ := strings.Cut(ctype, ";")
	switch {
	case strings.HasPrefix(kind, "text/"), strings.HasSuffix(kind, "+xml"), strings.HasSuffix(kind, "json"),
		strings.HasSuffix(kind, "xml"), strings.HasSuffix(kind, "javascript"):
		return true
	}
	return false
}

// AcceptsGzip tells whether the reader takes gzip.
func AcceptsGzip(r *http.Request) bool {
	for _, line := range r.Header["Accept-Encoding"] {
		for line != "" {
			var part string
			part, line, _ = strings.Cut(line, ",")
			name, quality, _ := strings.Cut(strings.TrimSpace(part), ";")
			if name = strings.TrimSpace(name); name != "gzip" && name != "*" {
				continue
			}
			q := strings.TrimPrefix(strings.TrimSpace(quality), "q=")
			weight, err := strconv.ParseFloat(q, 64)
			return quality == "" || err != nil || weight > 0
		}
	}
	return false
}

// Fresh is for answers that hardly anybody asks for twice: they are made for
// every request and not kept, but have an entity tag and answer conditions as
// kept ones do. (Cache.Keep is for the others.)
func Fresh(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &recorder{under: w, header: http.Header{}, status: http.StatusOK}
		next.ServeHTTP(rec, r)
		body := NewBody(rec.status, rec.header, rec.buf.Bytes())
		body.packer = packFast
		body.Serve(w, r)
	})
}
