package publication

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
)

// fullLine uses every key of the format, in an order of its own, with blanks
// and spellings that are not canonical.
const fullLine = `{"attachments": [{"name": "附表.CSV", "path": "tables/a.csv"}, {"url": "https://example.org/a.pdf", "name": "原件"}],
 "title": "甲市办法 <试行> & 其他", "kind": "policy", "source_id": "full", "unit": "甲市人民政府",
 "relations": [{"target": "law", "type": "amends", "articles": ["第一条", "第二条"], "own_articles": ["第一条"], "on": "2021-07-01", "note": "部分修改"}, {"type": "implements", "target": "国发〔2020〕1号"}],
 "fields": {"theme": "教育", "index_no": "X/2021-1", "history": ["一", "二"]},
 "body": {"text": "<p onclick=\"x()\">第一条　甲\u003cb\u003e乙</b>。</p><table><tr><td colspan=2>表</td></tr></table>", "format": "html"},
 "statutory": "20-11", "keywords": ["教育", "招生"], "category": "教育", "validity": "有效",
 "expires_on": "2026-06-30", "repealed_on": "2025-01-01", "effective_on": "2021-07-01", "published_at": "2021-06-10 09:30", "issued_on": "2021-06-01",
 "number": "甲政发[2021]１２号"}`

func oneLine(text string) string { return strings.ReplaceAll(text, "\n", "") }

func TestRoundTripOfEveryKey(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		files := fstest.MapFS{"tables/a.csv": {Data: []byte("甲,乙\n1,2\n")}}
		first := importAll(t, s, strings.NewReader(good("law")+"\n"+oneLine(fullLine)), ImportOptions{Files: files})
		if first.Added != 2 || first.Rejected != 0 {
			t.Fatalf("import: %+v", first)
		}
		dir := t.TempDir()
		path := filepath.Join(dir, "all.jsonl.zst")
		if n, err := s.ExportFile(ctx, path, Filter{}); n != 2 || err != nil {
			t.Fatalf("ExportFile = %d, %v", n, err)
		}
		want := export(t, s)
		var keys map[string]json.RawMessage
		if err := json.Unmarshal(want[:bytes.IndexByte(want, '\n')], &keys); err != nil || len(keys) != len(keyOrder()) {
			t.Errorf("the line has %d keys, want all %d (%v)", len(keys), len(keyOrder()), err)
		}
		other := newStore(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon.Add(time.Hour))))
		if r, err := other.ImportFile(ctx, path, ImportOptions{}); err != nil || r.Added != 2 {
			t.Fatalf("import of the export: %+v, %v", r, err)
		}
		if got := export(t, other); !bytes.Equal(got, want) {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		if r, err := other.ImportFile(ctx, path, ImportOptions{}); err != nil || r.Same != 2 {
			t.Errorf("again: %+v, %v", r, err)
		}
		wantAttachment(t, other)
	})
}

func wantAttachment(t *testing.T, s *Store) {
	t.Helper()
	r, err := s.BySource(ctx, "full")
	if err != nil {
		t.Fatal(err)
	}
	a := get(t, s, r.ID).Attachments[0]
	h, ok := a.Hash()
	if !ok || a.Size != 12 || !strings.HasSuffix(a.Path, ".csv") || a.MediaType == "" {
		t.Fatalf("attachment %+v", a)
	}
	blob, err := s.Blobs.Open(ctx, h)
	if err != nil {
		t.Fatal(err)
	}
	defer blob.Close()
	var got bytes.Buffer
	if _, err := got.ReadFrom(blob); err != nil || got.String() != "甲,乙\n1,2\n" {
		t.Errorf("bytes %q, %v", got.String(), err)
	}
}

func TestDamagedAttachmentIsRefused(t *testing.T) {
	s := newStore(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	path := "files/" + strings.Repeat("ab", 32) + ".csv"
	line := with("x", `"attachments": [{"name": "a.csv", "path": "`+path+`"}]`)
	r := importAll(t, s, strings.NewReader(line), ImportOptions{Files: fstest.MapFS{path: {Data: []byte("other")}}})
	if r.Rejected != 1 || !strings.Contains(r.Rejections[0].Errors[0].Message, "与它的校验值不符") {
		t.Errorf("%+v", r)
	}
}

func TestExportFilter(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ids := put(t, s, policy("b", "乙"), policy("a", "甲"), policy("c", "丙", ofKind("notice", nil)))
		update(t, s.DB, func(tx *db.Tx) error { return s.Withdraw(ctx, tx, ids[1], ReasonError, "", "test") })
		var out bytes.Buffer
		n, err := s.Export(ctx, &out, ExportOptions{Filter: Filter{Kinds: []string{"policy"}}})
		if err != nil || n != 1 || !strings.HasPrefix(out.String(), `{"source_id":"b",`) {
			t.Errorf("Export = %d, %v: %s", n, err, out.String())
		}
		if _, err := s.ExportFile(ctx, filepath.Join(t.TempDir(), "no", "such", "folder.jsonl"), Filter{}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("no folder: %v", err)
		}
	})
}

func TestExportFileIsWholeOrNotThere(t *testing.T) {
	s := newStore(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	importAll(t, s, strings.NewReader(with("x", `"attachments": [{"name": "a", "path": "a"}]`)), ImportOptions{Files: fstest.MapFS{"a": {Data: []byte("a")}}})
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "files"), nil, 0o644); err != nil { // in the way of the folder
		t.Fatal(err)
	}
	if _, err := s.ExportFile(ctx, filepath.Join(dir, "all.jsonl"), Filter{}); err == nil {
		t.Error("the export succeeded without its files")
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
