package ui

import (
	"bytes"
	"compress/gzip"
	"hash/fnv"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Body is a complete response kept in memory: status, headers, and the bytes
// plain and compressed. It answers conditional requests by its entity tag, and
// by Last-Modified where the headers have one. It is immutable and safe for
// concurrent use.
type Body struct {
	status     int
	header     []field
	etag       string
	modified   time.Time
	plain      []byte
	packed     []byte // nil where compression does not pay
	plainSize  []string
	packedSize []string
}

type field struct {
	name   string
	values []string
}

// minPacked is the size in bytes below which compression does not pay.
const minPacked = 1024

var (
	gzipEncoding = []string{"gzip"}
	varyEncoding = []string{"Accept-Encoding"}
)

// NewBody makes a response of content. The header must hold Content-Type; the
// entity tag, the lengths and Vary are added. Content and header values are
// kept, not copied. Only text is compressed.
func NewBody(status int, header http.Header, content []byte) *Body {
	h := fnv.New64a()
	h.Write(content)
	b := &Body{status: status, plain: content, plainSize: []string{strconv.Itoa(len(content))}}
	if compressible(header.Get("Content-Type")) && len(content) >= minPacked {
		b.packed = pack(content)
		b.packedSize = []string{strconv.Itoa(len(b.packed))}
		vary := varyEncoding
		if v := header["Vary"]; len(v) > 0 {
			vary = []string{"Accept-Encoding, " + strings.Join(v, ", ")}
		}
		header["Vary"] = vary
	}
	if status == http.StatusOK {
		// Weak, because both encodings share it.
		b.etag = `W/"` + strconv.FormatUint(h.Sum64(), 36) + `"`
		header["Etag"] = []string{b.etag}
		b.modified, _ = http.ParseTime(header.Get("Last-Modified"))
	}
	for name, values := range header {
		b.header = append(b.header, field{name, values})
	}
	return b
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

var packers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.DefaultCompression)
	return z
}}

func pack(content []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(content) / 3)
	z := packers.Get().(*gzip.Writer)
	defer packers.Put(z)
	z.Reset(&out)
	z.Write(content) // a bytes.Buffer does not fail
	z.Close()
	return bytes.Clone(out.Bytes())
}

// Size is the memory the body occupies, in bytes, without small change.
func (b *Body) Size() int { return len(b.plain) + len(b.packed) }

// Serve writes the response to w: 304 where the reader has it already.
func (b *Body) Serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for i := range b.header {
		h[b.header[i].name] = b.header[i].values
	}
	if b.etag != "" && b.unchanged(r) {
		delete(h, "Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	content, size := b.plain, b.plainSize
	if b.packed != nil && AcceptsGzip(r) {
		content, size = b.packed, b.packedSize
		h["Content-Encoding"] = gzipEncoding
	}
	h["Content-Length"] = size
	w.WriteHeader(b.status)
	if r.Method != http.MethodHead {
		w.Write(content) // the reader has gone where this fails
	}
}

func (b *Body) unchanged(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	if match := r.Header["If-None-Match"]; len(match) > 0 {
		return matchesTag(match[0], b.etag)
	}
	if since := r.Header["If-Modified-Since"]; len(since) > 0 && !b.modified.IsZero() {
		t, err := http.ParseTime(since[0])
		return err == nil && !b.modified.After(t)
	}
	return false
}

// matchesTag compares weakly (RFC 9110, 8.8.3.2).
func matchesTag(list, etag string) bool {
	opaque := strings.TrimPrefix(etag, "W/")
	for list != "" {
		var one string
		one, list, _ = strings.Cut(list, ",")
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == opaque {
			return true
		}
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
