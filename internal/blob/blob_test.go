package blob_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/internal/blob"
	"gongkai/internal/blob/blobtest"
	"gongkai/internal/fault"
)

var ctx = context.Background()

func open(t *testing.T, address string) *blob.Store {
	t.Helper()
	s, err := blob.Open(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestFolder(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) *blob.Store { return open(t, "file:"+t.TempDir()) })
}

func TestMemory(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) *blob.Store { return open(t, "mem:") })
}

func TestS3(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	blobtest.Run(t, func(t *testing.T) *blob.Store {
		backend := s3mem.New()
		if err := backend.CreateBucket("gongkai"); err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(gofakes3.New(backend).Server())
		t.Cleanup(server.Close)
		return open(t, "s3://gongkai?region=cn-north-1&use_path_style=true&endpoint="+server.URL)
	})
}

func TestS3ThatDoesNotAnswer(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "not-to-be-shown")
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	server := httptest.NewServer(nil)
	server.Close()
	s := open(t, "s3://gongkai?region=cn-north-1&use_path_style=true&endpoint="+server.URL)
	_, err := s.Put(ctx, strings.NewReader("x"), 0)
	if fault.KindOf(err) != fault.Unavailable || !strings.Contains(fault.Public(err), "s3://gongkai") {
		t.Errorf("Put = %v, want Unavailable naming the bucket", err)
	}
	if strings.Contains(fault.Public(err), "127.0.0.1") {
		t.Errorf("the message shows more than the bucket: %s", fault.Public(err))
	}
}

func TestOpenRefuses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		address string
		kind    fault.Kind
	}{
		{"", fault.Invalid},
		{"/var/blobs", fault.Invalid},
		{"file:", fault.Invalid},
		{"ftp://host/path", fault.Invalid},
		{"s3://bucket?no_such_option=1", fault.Invalid},
		{"file:" + file + "/below", fault.Unavailable},
	} {
		if _, err := blob.Open(ctx, c.address); fault.KindOf(err) != c.kind {
			t.Errorf("Open(%q) = %v, want %v", c.address, err, c.kind)
		}
	}
}

func TestHashIsSHA256(t *testing.T) {
	s := open(t, "mem:")
	content := blobtest.Bytes(5000, 1)
	ref, err := s.Put(ctx, bytes.NewReader(content), 0)
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(content); string(ref.Hash) != hex.EncodeToString(sum[:]) {
		t.Errorf("hash %s is not the SHA-256", ref.Hash)
	}
}

func TestMediaTypes(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(strings.Repeat("政务公开工作要点", 50))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, content, want string
	}{
		{"text", "永州市人民政府办公室", "text/plain; charset=utf-8"},
		{"gb18030", gb, "text/plain"},
		{"html", "<!doctype html><title>x</title>", "text/html; charset=utf-8"},
		{"pdf", "%PDF-1.7\n%\xe2\xe3", "application/pdf"},
		{"zip", archive(t, "readme.txt"), "application/zip"},
		{"docx", archive(t, "[Content_Types].xml", "_rels/.rels", "word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		{"xlsx", archive(t, "[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		{"ofd", archive(t, "OFD.xml", "Doc_0/Document.xml"), blob.OFD},
		{"ofd later", archive(t, "Doc_0/Document.xml", "OFD.xml"), blob.OFD},
		{"renamed pdf is a pdf", "%PDF-1.4 word/document.xml", "application/pdf"},
		{"empty", "", "text/plain"},
		{"binary", "\x00\x01\x02\x03\xff\xfe\x80", "application/octet-stream"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ref, err := open(t, "mem:").Put(ctx, strings.NewReader(c.content), 0)
			if err != nil {
				t.Fatal(err)
			}
			if ref.MediaType != c.want {
				t.Errorf("%q, want %q", ref.MediaType, c.want)
			}
		})
	}
}

func archive(t *testing.T, names ...string) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range names {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, "<x/>")
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// Damage on disk is told to who reads the whole, however it happened.
func TestDamageIsNoticed(t *testing.T) {
	content := blobtest.Bytes(200_000, 1)
	for _, c := range []struct {
		name   string
		damage func(b []byte) []byte
	}{
		{"one bit", func(b []byte) []byte { b[100_000] ^= 1; return b }},
		{"cut short", func(b []byte) []byte { return b[:len(b)-1] }},
		{"emptied", func(b []byte) []byte { return nil }},
		{"longer", func(b []byte) []byte { return append(b, 0) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, "file:"+dir)
			ref, err := s.Put(ctx, bytes.NewReader(content), 0)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, string(ref.Hash[:2]), string(ref.Hash))
			if err := os.WriteFile(file, c.damage(bytes.Clone(content)), 0o600); err != nil {
				t.Fatal(err)
			}
			r, err := s.Open(ctx, ref.Hash)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			_, err = io.Copy(io.Discard, r)
			if f, ok := fault.Of(err); !ok || f.Code != "blob_damaged" {
				t.Errorf("reading gave %v, want blob_damaged", err)
			}
			if r.Size() < 10 {
				return // no part to read
			}
			if _, err := r.Seek(10, io.SeekStart); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadAll(r); err != nil {
				t.Errorf("reading a part gave %v; parts are not checked", err)
			}
		})
	}
}

// A process that is killed in the middle of Put leaves nothing that can be
// seen, and what it left is swept away a day later.
func TestKilledPutLeavesNothing(t *testing.T) {
	if dir := os.Getenv("BLOB_TEST_PUT"); dir != "" {
		putForever(dir)
		return
	}
	dir := t.TempDir()
	child := exec.Command(os.Args[0], "-test.run=^TestKilledPutLeavesNothing$")
	child.Env = append(os.Environ(), "BLOB_TEST_PUT="+dir)
	ready, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := ready.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	child.Process.Kill()
	child.Wait()

	left, _ := filepath.Glob(filepath.Join(dir, "incoming", "*"))
	if len(left) != 1 {
		t.Fatalf("the killed process left %v, want one unfinished file", left)
	}
	for info, err := range open(t, "file:"+dir).List(ctx) {
		t.Errorf("found %v, %v after the crash", info, err)
	}
	if _, err := os.Stat(left[0]); err != nil {
		t.Errorf("a young file was swept away: %v", err)
	}
	old := time.Now().Add(-25 * time.Hour)
	if err := os.Chtimes(left[0], old, old); err != nil {
		t.Fatal(err)
	}
	open(t, "file:"+dir)
	if _, err := os.Stat(left[0]); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an old unfinished file is still there: %v", err)
	}
}

// putForever stores something endless and says so once half of it is on disk.
func putForever(dir string) {
	s, err := blob.Open(ctx, "file:"+dir)
	if err != nil {
		panic(err)
	}
	s.Put(ctx, &endless{}, 0)
}

type endless struct{ given int }

func (e *endless) Read(p []byte) (int, error) {
	if e.given > 4<<20 {
		os.Stdout.WriteString("!")
		select {}
	}
	e.given += len(p)
	return len(p), nil
}
