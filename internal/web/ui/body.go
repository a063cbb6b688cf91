package ui

import (
	"hash/fnv"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Body is a complete response kept in memory: status, headers and bytes. It
// answers conditional requests by its entity tag, and by Last-Modified where
// the headers have one. It compresses itself when the first reader wants that,
// and keeps both forms. It is safe for concurrent use.
type Body struct {
	status    int
	header    []field
	etag      string
	modified  time.Time
	plain     []byte
	plainSize []string

	packs      bool // compression pays
	packer     *packer
	packing    sync.Once
	packed     []byte
	packedSize []string
}

type field struct {
	name   string
	values []string
}

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
	b := &Body{status: status, plain: content, plainSize: []string{strconv.Itoa(len(content))}, packer: packWell}
	if compressible(header.Get("Content-Type")) && len(content) >= minPacked {
		b.packs = true
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

// pack compresses the content, once.
func (b *Body) pack() []byte {
	b.packing.Do(func() {
		if b.packs {
			b.packed = b.packer.pack(b.plain)
			b.packedSize = []string{strconv.Itoa(len(b.packed))}
		}
	})
	return b.packed
}

// Size is the memory that the body occupies once it was compressed, in bytes,
// without small change. It compresses the body.
func (b *Body) Size() int { return len(b.plain) + len(b.pack()) }

// reserve is the most that Size comes to for pages, without compressing one.
func (b *Body) reserve() int {
	if !b.packs {
		return len(b.plain)
	}
	return len(b.plain) + len(b.plain)/3
}

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
	if b.packs && AcceptsGzip(r) {
		content, size = b.pack(), b.packedSize
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
