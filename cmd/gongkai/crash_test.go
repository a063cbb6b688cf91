package main

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongkai/internal/db/dbtest"
)

const crashLines = 1200

// crash is an import that tests disturb, and what it comes to undisturbed.
type crash struct {
	file string
	last string        // what only the last line says
	want string        // the export of an undisturbed import
	took time.Duration // by such an import
}

func newCrash(t *testing.T) crash {
	t.Helper()
	c := crash{file: library(t, crashLines, 100), last: fmt.Sprintf("关于第%d批", crashLines)}
	data := filepath.Join(t.TempDir(), "data")
	do(t, "import", "units", "yongzhou", "--data", data)
	began := time.Now()
	do(t, "import", "publications", c.file, "--data", data)
	c.took = time.Since(began)
	c.want = do(t, "export", "publications", "--data", data)
	if n := strings.Count(c.want, "\n"); n != crashLines {
		t.Fatalf("the undisturbed import holds %d lines, want %d", n, crashLines)
	}
	return c
}

// What kill -9 leaves is whole: an import that is killed at any moment, or
// whose server is killed beside it, is in the end the same to the byte as one
// that was left alone.
func TestKilled(t *testing.T) {
	t.Parallel()
	c := newCrash(t)
	t.Run("import/sqlite", func(t *testing.T) {
		c.killImports(t, func() []string { return []string{"--data", filepath.Join(t.TempDir(), "data")} })
	})
	t.Run("import/postgres", func(t *testing.T) {
		c.killImports(t, func() []string {
			return []string{"--data", filepath.Join(t.TempDir(), "data"), "--database", dbtest.PostgresURL(t)}
		})
	})
	t.Run("server", c.killServer)
}

// killImports kills imports into fresh stores until at least two were killed
// with a part of the lines in. Kills that come too late come sooner next time:
// the machine was slower when it was measured.
func (c crash) killImports(t *testing.T, store func() []string) {
	t.Helper()
	midway := 0
	for range 10 {
		n := c.killAndFinish(t, store())
		if midway += n; midway >= 2 {
			return
		}
		if n == 0 {
			c.took = c.took * 2 / 3
		}
	}
	t.Errorf("of all kills %d hit an import midway, want 2", midway)
}

// killAndFinish kills an import twice, lets it end and compares. It counts the
// kills that left a part of the lines.
func (c crash) killAndFinish(t *testing.T, store []string) (midway int) {
	t.Helper()
	with := func(args ...string) []string { return append(args, store...) }
	do(t, with("import", "units", "yongzhou")...)
	for range 2 {
		p := start(t, with("import", "publications", c.file)...)
		after := rand.N(c.took)
		time.Sleep(after)
		killed := p.kill()
		n := strings.Count(do(t, with("export", "publications")...), "\n")
		t.Logf("killed after %v: %v, %d lines are in", after, killed, n)
		if killed && n > 0 && n < crashLines {
			midway++
		}
	}
	do(t, with("check")...)
	do(t, with("import", "publications", c.file)...)
	c.compare(t, store)
	if found := do(t, with("search", c.last)...); !strings.Contains(found, c.last) {
		t.Errorf("the last line is not found: %s", found)
	}
	return midway
}

// killServer kills a server while an import goes on beside it: the import ends
// well, and the next server finds everything.
func (c crash) killServer(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	do(t, "import", "units", "yongzhou", "--data", data)
	server, _ := serve(t, data)
	importing := start(t, "import", "publications", c.file, "--data", data)
	time.Sleep(rand.N(c.took))
	if !server.kill() {
		t.Fatalf("the server had ended by itself:\n%s", server.stderr.String())
	}
	if err := importing.Wait(); err != nil {
		t.Fatalf("the import beside a killed server: %v\n%s", err, importing.stderr.String())
	}
	_, base := serve(t, data)
	body, ok := eventually(base+"/api/v1/search?q="+c.last, func(body []byte) bool { return strings.Contains(string(body), c.last) })
	if !ok {
		t.Errorf("the last line is never found: %s", body)
	}
	c.compare(t, []string{"--data", data})
}

// compare holds a store against the undisturbed one.
func (c crash) compare(t *testing.T, store []string) {
	t.Helper()
	if got := do(t, append([]string{"export", "publications"}, store...)...); got != c.want {
		t.Errorf("the export differs from that of an undisturbed import: %d bytes, want %d", len(got), len(c.want))
	}
	do(t, append([]string{"check"}, store...)...)
}
