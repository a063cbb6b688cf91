// Package blobtest is the contract of a blob store as tests: every storage
// that blob.Open offers must pass it.
package blobtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"gongkai/internal/blob"
	"gongkai/internal/fault"
)

var ctx = context.Background()

// Run runs the suite; open gives an empty store each time and closes it with
// the test.
func Run(t *testing.T, open func(t *testing.T) *blob.Store) {
	for _, c := range []struct {
		name string
		body func(t *testing.T, s *blob.Store)
	}{
		{"RoundTrip", roundTrip},
		{"SameContentOnce", sameContentOnce},
		{"Missing", missing},
		{"BadHash", badHash},
		{"Limit", limit},
		{"BrokenSource", brokenSource},
		{"Cancelled", cancelled},
		{"Concurrent", concurrent},
		{"Remove", remove},
		{"Seek", seek},
		{"Derived", derived},
		{"Ping", ping},
	} {
		t.Run(c.name, func(t *testing.T) { c.body(t, open(t)) })
	}
}

// Bytes are n bytes that look like nothing in particular, the same for the
// same seed.
func Bytes(n int, seed uint64) []byte {
	src := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)})
	out := make([]byte, n)
	src.Read(out)
	return out
}

func put(t *testing.T, s *blob.Store, content []byte) blob.Ref {
	t.Helper()
	ref, err := s.Put(ctx, bytes.NewReader(content), 0)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func get(t *testing.T, s *blob.Store, h blob.Hash) []byte {
	t.Helper()
	r, err := s.Open(ctx, h)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func list(t *testing.T, s *blob.Store) (all []blob.Info) {
	t.Helper()
	for info, err := range s.List(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, info)
	}
	return all
}

func roundTrip(t *testing.T, s *blob.Store) {
	const chunk = 64 << 10
	for _, size := range []int{0, 1, 3072, 3073, chunk, chunk + 1, 1 << 20, 1<<20 + 1, 11<<20 + 7} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			content := Bytes(size, uint64(size))
			ref := put(t, s, content)
			if ref.Size != int64(size) {
				t.Errorf("size %d, want %d", ref.Size, size)
			}
			if got := get(t, s, ref.Hash); !bytes.Equal(got, content) {
				t.Errorf("%d bytes came back different", len(got))
			}
			stat, err := s.Stat(ctx, ref.Hash)
			if err != nil || stat != ref {
				t.Errorf("Stat = %v, %v, want what Put said: %v", stat, err, ref)
			}
			if ok, err := s.Has(ctx, ref.Hash); !ok || err != nil {
				t.Errorf("Has = %v, %v", ok, err)
			}
		})
	}
	if got := list(t, s); len(got) != 9 {
		t.Errorf("List has %d blobs, want 9", len(got))
	}
}

func sameContentOnce(t *testing.T, s *blob.Store) {
	a, b := put(t, s, []byte("政务公开")), put(t, s, []byte("政务公开"))
	if a != b {
		t.Errorf("%v and %v for the same content", a, b)
	}
	all := list(t, s)
	if len(all) != 1 || all[0].Hash != a.Hash || all[0].Size != a.Size {
		t.Errorf("List = %v, want %v once", all, a)
	}
}

// absent is the hash of nothing that the suite stores.
const absent = blob.Hash("00000000000000000000000000000000000000000000000000000000000000ff")

func missing(t *testing.T, s *blob.Store) {
	if _, err := s.Open(ctx, absent); fault.KindOf(err) != fault.NotFound {
		t.Errorf("Open = %v, want NotFound", err)
	}
	if _, err := s.Stat(ctx, absent); fault.KindOf(err) != fault.NotFound {
		t.Errorf("Stat = %v, want NotFound", err)
	}
	if ok, err := s.Has(ctx, absent); ok || err != nil {
		t.Errorf("Has = %v, %v", ok, err)
	}
	if got := list(t, s); len(got) != 0 {
		t.Errorf("List = %v, want nothing", got)
	}
}

func badHash(t *testing.T, s *blob.Store) {
	for _, h := range []blob.Hash{"", "x", "../../etc/passwd", blob.Hash(strings.ToUpper(string(absent))), absent + "0"} {
		if _, err := s.Open(ctx, h); fault.KindOf(err) != fault.Invalid {
			t.Errorf("Open(%q) = %v, want Invalid", h, err)
		}
		if err := s.Remove(ctx, h); fault.KindOf(err) != fault.Invalid {
			t.Errorf("Remove(%q) = %v, want Invalid", h, err)
		}
	}
}

func limit(t *testing.T, s *blob.Store) {
	content := Bytes(2<<20, 1)
	if _, err := s.Put(ctx, bytes.NewReader(content), int64(len(content))-1); fault.KindOf(err) != fault.TooLarge {
		t.Errorf("Put over the limit = %v, want TooLarge", err)
	}
	if got := list(t, s); len(got) != 0 {
		t.Errorf("a refused blob left %v", got)
	}
	if _, err := s.Put(ctx, bytes.NewReader(content), int64(len(content))); err != nil {
		t.Errorf("Put at the limit = %v", err)
	}
}

func brokenSource(t *testing.T, s *blob.Store) {
	broken := errors.New("the line went dead")
	source := io.MultiReader(bytes.NewReader(Bytes(3<<20, 2)), iotest.ErrReader(broken))
	if _, err := s.Put(ctx, source, 0); !errors.Is(err, broken) {
		t.Errorf("Put = %v, want the source's own error", err)
	}
	if got := list(t, s); len(got) != 0 {
		t.Errorf("a broken source left %v", got)
	}
}

func cancelled(t *testing.T, s *blob.Store) {
	stop, cancel := context.WithCancel(ctx)
	source := io.MultiReader(bytes.NewReader(Bytes(2<<20, 3)), readerFunc(func([]byte) (int, error) {
		cancel()
		return 0, nil
	}), bytes.NewReader(Bytes(2<<20, 4)))
	if _, err := s.Put(stop, source, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("Put = %v, want context.Canceled", err)
	}
	if got := list(t, s); len(got) != 0 {
		t.Errorf("a cancelled Put left %v", got)
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func concurrent(t *testing.T, s *blob.Store) {
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 6 { // everybody stores the same six, and one of their own
				if _, err := s.Put(ctx, bytes.NewReader(Bytes(100_000, uint64(i))), 0); err != nil {
					t.Error(err)
				}
			}
			if _, err := s.Put(ctx, strings.NewReader(fmt.Sprint("mine ", w)), 0); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	all := list(t, s)
	if len(all) != 6+8 {
		t.Errorf("%d blobs, want 14", len(all))
	}
	for _, info := range all {
		if got := get(t, s, info.Hash); int64(len(got)) != info.Size {
			t.Errorf("%s has %d bytes, List said %d", info.Hash, len(got), info.Size)
		}
	}
}

func remove(t *testing.T, s *blob.Store) {
	ref := put(t, s, []byte("gone soon"))
	for range 2 {
		if err := s.Remove(ctx, ref.Hash); err != nil {
			t.Errorf("Remove = %v", err)
		}
	}
	if ok, _ := s.Has(ctx, ref.Hash); ok {
		t.Error("still there after Remove")
	}
	if again := put(t, s, []byte("gone soon")); again != ref {
		t.Errorf("stored again as %v, want %v", again, ref)
	}
}

// seek serves ranges as the web does.
func seek(t *testing.T, s *blob.Store) {
	content := Bytes(300_000, 9)
	ref := put(t, s, content)
	for _, c := range []struct {
		header string
		status int
		want   []byte
	}{
		{"", http.StatusOK, content},
		{"bytes=0-9", http.StatusPartialContent, content[:10]},
		{"bytes=150000-", http.StatusPartialContent, content[150000:]},
		{"bytes=-5", http.StatusPartialContent, content[len(content)-5:]},
		{"bytes=300000-", http.StatusRequestedRangeNotSatisfiable, nil},
	} {
		r, err := s.Open(ctx, ref.Hash)
		if err != nil {
			t.Fatal(err)
		}
		if r.Size() != int64(len(content)) {
			t.Errorf("Size = %d", r.Size())
		}
		rec, req := httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)
		if c.header != "" {
			req.Header.Set("Range", c.header)
		}
		http.ServeContent(rec, req, "", time.Time{}, r)
		r.Close()
		if rec.Code != c.status || c.want != nil && !bytes.Equal(rec.Body.Bytes(), c.want) {
			t.Errorf("Range %q: status %d with %d bytes, want %d with %d", c.header, rec.Code, rec.Body.Len(), c.status, len(c.want))
		}
	}
}

// derived keeps two places apart.
func derived(t *testing.T, s *blob.Store) {
	d := s.Derived()
	ref := put(t, s, []byte("both"))
	put(t, d, []byte("both"))
	only := put(t, d, []byte("derived"))
	if got := list(t, s); len(got) != 1 || got[0].Hash != ref.Hash {
		t.Errorf("List = %v, want %v alone", got, ref)
	}
	if got := list(t, d); len(got) != 2 {
		t.Errorf("List of the derived = %v, want two", got)
	}
	if ok, err := s.Has(ctx, only.Hash); ok || err != nil {
		t.Errorf("Has(%v) = %v, %v", only, ok, err)
	}
	if err := d.Remove(ctx, ref.Hash); err != nil {
		t.Fatal(err)
	}
	if got := get(t, s, ref.Hash); string(got) != "both" {
		t.Errorf("removing the derived one left %q", got)
	}
}

func ping(t *testing.T, s *blob.Store) {
	if err := s.Ping(ctx); err != nil {
		t.Error(err)
	}
}
