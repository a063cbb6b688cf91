package drafting

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/publication"
)

// crashFolder names the variable by which the test starts itself as the
// process that will be killed.
const crashFolder = "GONGKAI_TEST_DRAFTING_FOLDER"

// Killed at any moment of writing and publishing: what was acknowledged is
// there, nothing is half public, and every file of a record is whole.
func TestSurvivesKill(t *testing.T) {
	if dir := os.Getenv(crashFolder); dir != "" {
		writeForever(t, dir)
		return
	}
	dir := t.TempDir()
	c := openCity(t, dir)
	c.found(t, c.DB)
	c.useFolder(t, dir)
	for round := range 4 {
		acknowledged := killedAfter(t, dir, 25+7*round)
		c.checkAfterKill(t, acknowledged)
	}
}

// killedAfter runs the child until it has told of n acts, kills it, and gives
// what it told.
func killedAfter(t *testing.T, dir string, n int) (lines []string) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestSurvivesKill$")
	child.Env = append(os.Environ(), crashFolder+"="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	for sc := bufio.NewScanner(out); sc.Scan(); {
		if line, ok := strings.CutPrefix(sc.Text(), "done "); ok {
			if lines = append(lines, line); len(lines) == n {
				if err := child.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		} else {
			t.Log(sc.Text())
		}
	}
	if err := child.Wait(); err == nil {
		t.Fatal("the child ended by itself")
	}
	if len(lines) < n {
		t.Fatalf("the child did %d things, want %d", len(lines), n)
	}
	return lines
}

// openCity opens the store of a folder that a test process before may have
// filled.
func openCity(t testing.TB, dir string) *city {
	t.Helper()
	c := &city{now: time.Date(2021, 6, 11, 4, 0, 0, 0, time.UTC)}
	store, err := db.Open(ctx, "sqlite:"+filepath.Join(dir, "db"), c.clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if err := store.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	c.Store = &Store{Deps: Deps{DB: store}}
	return c
}

// useFolder keeps the files of a city in a folder.
func (c *city) useFolder(t testing.TB, dir string) {
	t.Helper()
	blobs, err := blob.Open(ctx, "file:"+filepath.Join(dir, "files"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { blobs.Close() })
	c.Records.Blobs = blobs
}

// writeForever drafts, autosaves, attaches and publishes, telling of each act
// once it is done.
func writeForever(t *testing.T, dir string) {
	c := openCity(t, dir)
	c.assemble(t, c.DB)
	c.useFolder(t, dir)
	tree, err := c.Records.Units.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range tree.All(c.DB.Clock().Today()) {
		c.units[o.Name()] = o.ID
	}
	for i := 0; ; i++ {
		d := c.create(t, "编一", notice("第0稿"))
		fmt.Println("done create", d.ID)
		for n := range 3 {
			title := fmt.Sprintf("第%d稿", n+1)
			if _, err := c.Autosave(ctx, c.person(t, "编一"), d.ID, d.Revision, notice(title+"未存")); err != nil {
				t.Fatal(err)
			}
			fmt.Println("done autosave", d.ID, title+"未存")
			if d, err = c.Save(ctx, c.person(t, "编一"), d.ID, d.Revision, notice(title)); err != nil {
				t.Fatal(err)
			}
			fmt.Println("done save", d.ID, d.Revision)
		}
		if _, _, err := c.Attach(ctx, c.person(t, "编一"), d.ID, "名单.txt", strings.NewReader(fmt.Sprintf("AUTHOR王\n第%d份名单", i))); err != nil {
			t.Fatal(err)
		}
		fmt.Println("done attach", d.ID)
		c.pushThrough(t, d.ID)
		c.must(t, "签发", d.ID, Publish, Input{})
		fmt.Println("done publish", d.ID)
	}
}

func (c *city) checkAfterKill(t *testing.T, acknowledged []string) {
	t.Helper()
	for _, line := range acknowledged {
		parts := strings.Fields(line)
		id, err := strconv.ParseInt(parts[1], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		d := c.peek(t, id)
		switch parts[0] {
		case "save":
			if n := c.count(t, "select count(*) from drafting_revisions where draft_id = ? and no = ?", id, parts[2]); n != 1 {
				t.Errorf("%s: %d such revisions", line, n)
			}
		case "publish":
			if d.State != Published || d.RecordID == 0 {
				t.Errorf("%s: the draft is %s", line, d.State)
			}
		}
	}
	last := strings.Fields(acknowledged[len(acknowledged)-1])
	if last[0] == "autosave" {
		if n := c.count(t, "select count(*) from drafting_autosaves where draft_id = ?", last[1]); n != 1 {
			t.Errorf("%v: what was being written is gone", last)
		}
	}
	c.checkWhole(t)
}

// checkWhole wants published drafts and records to agree, with their
// decisions, ledger entries and files.
func (c *city) checkWhole(t *testing.T) {
	t.Helper()
	records := c.count(t, "select count(*) from publication_records")
	for what, query := range map[string]string{
		"published drafts": "select count(*) from drafting_drafts where state = 'published' and record_id is not null",
		"decisions":        "select count(*) from drafting_decisions where record_id is not null",
		"ledger entries":   "select count(*) from ledger_entries where kind = 'draft.publish'",
		"versions":         "select count(*) from publication_versions",
	} {
		if n := c.count(t, query); n != records {
			t.Errorf("%d %s for %d records", n, what, records)
		}
	}
	if n := c.count(t, "select count(*) from drafting_drafts where state <> 'published' and record_id is not null"); n != 0 {
		t.Errorf("%d drafts are half public", n)
	}
	var lines []string
	err := c.DB.View(ctx, func(tx *db.Tx) error {
		for id := 1; id <= records; id++ {
			var line string
			if err := tx.Row(ctx, "select line from publication_versions where record_id = ?", []any{id}, &line); err != nil {
				return err
			}
			lines = append(lines, line)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range lines {
		line, err := decodeLine(text)
		if err != nil || len(line.Attachments) != 1 {
			t.Fatalf("%s: %v", text, err)
		}
		c.checkFile(t, line.Attachments[0])
	}
}

func (c *city) checkFile(t *testing.T, a publication.Attachment) {
	t.Helper()
	hash, ok := a.Hash()
	if !ok {
		t.Fatalf("attachment %+v has no file", a)
	}
	r, err := c.Records.Blobs.Open(ctx, hash)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if n, err := io.Copy(io.Discard, r); err != nil || n != a.Size {
		t.Errorf("%s: %d bytes, %v", a.Name, n, err)
	}
}
