package api_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/jobs"
	"gongkai/internal/web/api"
)

const bulkPath = "/api/v1/bulk/publications.jsonl.zst"

// bulkList is the list as the API gives it, by name.
func bulkList(t *testing.T, c *city) map[string]api.BulkFile {
	t.Helper()
	var all api.BulkFiles
	must(t, json.NewDecoder(c.get("GET", "/api/v1/bulk").Body).Decode(&all))
	files := map[string]api.BulkFile{}
	for _, f := range all.Items {
		files[f.Name] = f
	}
	return files
}

// lines unpacks a bulk file.
func lines(t *testing.T, packed string) (out []string) {
	t.Helper()
	z, err := zstd.NewReader(bytes.NewReader([]byte(packed)))
	must(t, err)
	defer z.Close()
	for s := bufio.NewScanner(z); s.Scan(); {
		if !json.Valid(s.Bytes()) {
			t.Errorf("not JSON: %s", s.Text())
		}
		out = append(out, s.Text())
	}
	return out
}

func TestBulkFiles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		c := newCity(t, store)
		must(t, api.BuildBulk(ctx, c.Deps))
		files := bulkList(t, c)
		for name, want := range map[string]int{"publications.jsonl.zst": 5, "units.jsonl.zst": 4, "obligations.jsonl.zst": 2, "duties.jsonl.zst": 4} {
			f := files[name]
			resp := c.get("GET", f.URL)
			body := read(t, resp)
			if f.Lines != want || len(lines(t, body)) != want || f.Size != int64(len(body)) {
				t.Errorf("%s: the list says %d lines and %d bytes, the file has %d lines and %d bytes, want %d lines",
					name, f.Lines, f.Size, len(lines(t, body)), len(body), want)
			}
			if sum := sha256.Sum256([]byte(body)); hex.EncodeToString(sum[:]) != f.Hash {
				t.Errorf("%s is not of its hash", name)
			}
			if resp.Header.Get("Content-Type") != "application/zstd" || resp.Header.Get("Content-Encoding") != "" {
				t.Errorf("%s: %v", name, resp.Header)
			}
		}
	})
}

func TestBulkFileInParts(t *testing.T) {
	c := sqliteCity(t)
	must(t, api.BuildBulk(ctx, c.Deps))
	whole := c.get("GET", bulkPath)
	want, tag := read(t, whole), whole.Header.Get("Etag")
	if again := c.get("GET", bulkPath, "If-None-Match", tag); again.StatusCode != http.StatusNotModified {
		t.Errorf("with its own tag: status %d, want 304", again.StatusCode)
	}
	part := c.get("GET", bulkPath, "Range", "bytes=10-19", "If-Range", tag)
	if got := read(t, part); part.StatusCode != http.StatusPartialContent || got != want[10:20] {
		t.Errorf("ten bytes: status %d, %d bytes", part.StatusCode, len(got))
	}
	if other := c.get("GET", bulkPath, "Range", "bytes=10-19", "If-Range", `"another"`); other.StatusCode != http.StatusOK {
		t.Errorf("a part of another file: status %d, want all of this one", other.StatusCode)
	}
}

// Files are made anew when something has changed, and only then; who is
// reading the one before can finish.
func TestBulkFilesFollowChanges(t *testing.T) {
	c := sqliteCity(t)
	must(t, api.BuildBulk(ctx, c.Deps))
	first := bulkList(t, c)["publications.jsonl.zst"]
	must(t, api.BuildBulk(ctx, c.Deps))
	if again := bulkList(t, c)["publications.jsonl.zst"]; again != first {
		t.Errorf("nothing has changed, but %+v became %+v", first, again)
	}
	hashes := []string{first.Hash}
	for _, id := range []int64{3, 5} {
		c.update(t, func(tx *db.Tx) error { return c.Publications.Withdraw(ctx, tx, id, "outdated", "", "test") })
		must(t, api.BuildBulk(ctx, c.Deps))
		hashes = append(hashes, bulkList(t, c)["publications.jsonl.zst"].Hash)
	}
	newest := bulkList(t, c)["publications.jsonl.zst"]
	if newest.Lines != 3 || newest.Ledger <= first.Ledger {
		t.Errorf("after two withdrawals: %+v", newest)
	}
	for i, want := range []bool{false, true, true} { // the oldest is gone
		if ok, err := c.Blobs.Derived().Has(ctx, blob.Hash(hashes[i])); ok != want || err != nil {
			t.Errorf("file %d is there: %v, %v, want %v", i, ok, err, want)
		}
	}
}

// The job makes the files at start, without anybody asking.
func TestBulkJob(t *testing.T) {
	c := sqliteCity(t)
	must(t, jobs.Migrate(ctx, c.DB))
	reg := jobs.NewRegistry()
	api.RegisterJobs(reg, c.Deps)
	q, err := jobs.Open(ctx, c.DB, reg, jobs.Settings{Logger: slog.New(slog.DiscardHandler)})
	must(t, err)
	defer q.Close()
	running, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- q.Run(running) }()
	for len(bulkList(t, c)) < 4 {
		time.Sleep(50 * time.Millisecond)
	}
	stop()
	must(t, <-done)
}

// A file that is named but gone is told as such, and made anew.
func TestBulkFileLost(t *testing.T) {
	c := sqliteCity(t)
	must(t, api.BuildBulk(ctx, c.Deps))
	must(t, c.Blobs.Derived().Remove(ctx, blob.Hash(bulkList(t, c)["publications.jsonl.zst"].Hash)))
	resp := c.get("GET", bulkPath)
	if body, err := io.ReadAll(resp.Body); resp.StatusCode != http.StatusNotFound || !bytes.Contains(body, []byte("blob_missing")) {
		t.Errorf("status %d, %s, %v", resp.StatusCode, body, err)
	}
	must(t, api.BuildBulk(ctx, c.Deps))
	if again := c.get("GET", bulkPath); again.StatusCode != http.StatusOK {
		t.Errorf("after making it anew: status %d", again.StatusCode)
	}
}
