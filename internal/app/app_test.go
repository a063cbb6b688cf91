package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gongkai/internal/app"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/document"
	"gongkai/internal/fault"
	"gongkai/internal/publication"
	"gongkai/internal/unit"
	"gongkai/internal/web/api"
)

var ctx = context.Background()

// each runs body on a fresh configuration for each engine.
func each(t *testing.T, body func(t *testing.T, cfg app.StoreConfig)) {
	t.Run("sqlite", func(t *testing.T) { body(t, app.StoreConfig{Data: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) { body(t, app.StoreConfig{Data: t.TempDir(), Database: dbtest.PostgresURL(t)}) })
}

func open(t *testing.T, cfg app.StoreConfig, opts app.Options) *app.App {
	t.Helper()
	a, err := app.Open(ctx, cfg, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

func fill(t *testing.T, a *app.App) {
	t.Helper()
	files, _ := unit.Directory("yongzhou")
	if _, err := unit.Load(ctx, a.Units, files, unit.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
}

func publish(t *testing.T, a *app.App, source, title string) {
	t.Helper()
	line := &publication.Line{SourceID: source, Kind: "policy", Unit: "永州市人民政府", Title: title,
		Body: publication.Body{Format: document.Text, Text: "第一条 为了测试，制定本办法。"}}
	err := a.DB.Update(ctx, func(tx *db.Tx) error {
		_, err := a.Publications.Put(ctx, tx, line, publication.PutOptions{Actor: "test"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// serve runs a server until the test ends and gives its addresses.
func serve(t *testing.T, a *app.App) (base string) {
	t.Helper()
	run, stop := context.WithCancel(ctx)
	ready, done := make(chan string, 1), make(chan error, 1)
	go func() {
		done <- a.Run(run, app.ServeConfig{Addr: "127.0.0.1:0", MetricsAddr: "off", Grace: time.Second}, func(addr string) { ready <- addr })
	}()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	select {
	case addr := <-ready:
		return "http://" + addr
	case err := <-done:
		done <- nil
		t.Fatal(err)
	}
	return ""
}

func get(t *testing.T, address string) (int, string) {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// patience bounds waiting for what comes by itself; nothing is asserted of how
// long it took.
const patience = 30 * time.Second

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("not within %v: %s", patience, what)
}

// What another process commits is found, listed, and in the feed without
// anybody telling the server; what is withdrawn is gone.
func TestServerFollowsTheLedger(t *testing.T) {
	each(t, func(t *testing.T, cfg app.StoreConfig) {
		a := open(t, cfg, app.Options{Serve: true})
		fill(t, a)
		base := serve(t, a)
		other := open(t, cfg, app.Options{})
		publish(t, other, "new", "永州市跟随账本管理办法")
		found := func() (n int) {
			_, body := get(t, base+"/api/v1/search?q="+url.QueryEscape("跟随账本"))
			var page struct{ Total int }
			if err := json.Unmarshal([]byte(body), &page); err != nil {
				t.Fatal(err, body)
			}
			return page.Total
		}
		eventually(t, "the new record in search", func() bool { return found() == 1 })
		for _, path := range []string{"/library", "/feeds/newest.atom", "/"} {
			eventually(t, "the new record on "+path, func() bool {
				_, body := get(t, base+path)
				return strings.Contains(body, "跟随账本管理办法")
			})
		}
		r, err := other.Publications.BySource(ctx, "new")
		if err != nil {
			t.Fatal(err)
		}
		err = other.DB.Update(ctx, func(tx *db.Tx) error {
			return other.Publications.Withdraw(ctx, tx, r.ID, publication.ReasonDuplicate, "", "test")
		})
		if err != nil {
			t.Fatal(err)
		}
		eventually(t, "the withdrawn record gone from search", func() bool { return found() == 0 })
	})
}

func TestHealthNamesEveryDependency(t *testing.T) {
	each(t, func(t *testing.T, cfg app.StoreConfig) {
		a := open(t, cfg, app.Options{Serve: true})
		base := serve(t, a)
		var body string
		eventually(t, "health", func() bool {
			status, got := get(t, base+"/healthz")
			body = got
			return status == http.StatusOK
		})
		for _, name := range []string{"database", "blobs", "search", "jobs"} {
			if !strings.Contains(body, fmt.Sprintf(`"name":%q,"ok":true`, name)) {
				t.Errorf("%s is not named as well: %s", name, body)
			}
		}
	})
}

// The server that holds the index makes it anew when the command line asks,
// and answers meanwhile.
func TestReindexBesideTheServer(t *testing.T) {
	cfg := app.StoreConfig{Data: t.TempDir()}
	a := open(t, cfg, app.Options{Serve: true})
	fill(t, a)
	publish(t, a, "one", "永州市重建索引办法")
	base := serve(t, a)
	beside := open(t, cfg, app.Options{})
	report, err := beside.Reindex(ctx)
	if err != nil || !report.Server {
		t.Fatalf("got %+v, %v", report, err)
	}
	eventually(t, "the record found", func() bool {
		found, err := app.Ask[api.Found](ctx, beside, "/api/v1/search", url.Values{"q": {"重建索引"}})
		return err == nil && found.Total == 1
	})
	if status, _ := get(t, base+"/search?q=x"); status != http.StatusOK {
		t.Errorf("search page answers %d", status)
	}
}

// A backup made beside a running server comes back on either engine, with all
// that was published, and the next act goes on behind it.
func TestBackupDrill(t *testing.T) {
	each(t, func(t *testing.T, from app.StoreConfig) {
		a := open(t, from, app.Options{Serve: true})
		fill(t, a)
		serve(t, a)
		publish(t, a, "kept", "永州市备份办法")
		if _, err := a.Blobs.Put(ctx, strings.NewReader("附件内容"), 1<<20); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "b.tar.zst")
		made, err := a.Backup(ctx, file)
		if err != nil || made.Blobs != 1 || made.Head == 0 {
			t.Fatalf("got %+v, %v", made, err)
		}
		if _, err := a.Backup(ctx, file); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a second backup wrote over the first: %v", err)
		}
		each(t, func(t *testing.T, to app.StoreConfig) {
			b := open(t, to, app.Options{})
			restored, err := b.Restore(ctx, file)
			if err != nil || restored.Blobs != 1 || restored.Head != made.Head {
				t.Fatalf("got %+v, %v", restored, err)
			}
			if _, err := b.Restore(ctx, file); fault.KindOf(err) != fault.Conflict {
				t.Errorf("restored over data: %v", err)
			}
			publish(t, b, "next", "恢复之后的办法")
			found, err := app.Ask[api.Found](ctx, b, "/api/v1/search", url.Values{"q": {"备份办法"}})
			if err != nil || found.Total == 0 {
				t.Errorf("found %+v, %v", found, err)
			}
			report, err := b.Check(ctx)
			if err != nil || !report.OK() {
				t.Errorf("check: %+v, %v", report, err)
			}
		})
	})
}
