package publication

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"unicode/utf8"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/unit"
)

func unitStore(store *db.DB) *unit.Store { return unit.NewStore(store) }

// Whatever a line holds, it is taken or refused with reasons; what is taken is
// written in a form that reads back to the same.
func FuzzLine(f *testing.F) {
	f.Add([]byte(good("a")))
	f.Add([]byte(oneLine(fullLine)))
	f.Add([]byte(with("a", `"fields": {"history": [1, {"a": null}]}, "relations": [{}], "attachments": [null]`)))
	f.Add([]byte(`{"source_id": "\ud800", "TITLE": 1e999}`))
	f.Add([]byte(`{"a":` + string(bytes.Repeat([]byte("["), 20000))))
	s := newStore(f, dbtest.SQLite(f, civil.Fixed(dbtest.Noon)))
	tree, err := s.Units.Snapshot(ctx)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		line, err := decodeLine(raw)
		if err == nil {
			_, err = s.prepare(ctx, tree, line, PutOptions{})
		}
		if err != nil {
			refused, ok := errors.AsType[*Refused](err)
			if !ok || len(refused.Problems) == 0 || fault.KindOf(err) != fault.Invalid {
				t.Fatalf("%q: %v", raw, err)
			}
			return
		}
		once, err := line.Encode()
		if err != nil || !utf8.Valid(once) {
			t.Fatalf("%q encodes to %q, %v", raw, once, err)
		}
		back, err := decodeLine(once)
		if err != nil {
			t.Fatalf("%q does not read back: %v", once, err)
		}
		if twice, err := back.Encode(); err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%q reads back as %q, %v", once, twice, err)
		}
	})
}

// Whatever a file holds, it is cut into lines or refused.
func FuzzLineReader(f *testing.F) {
	f.Add([]byte(good("a") + "\r\n\n" + good("b")))
	f.Add(compress(f, good("a")))
	f.Add([]byte("\xff\xfe{\x00"))
	f.Add([]byte("\ufeff{\n\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := newLineReader(bytes.NewReader(data))
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		defer in.closer()
		for {
			line, err := in.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				if fault.KindOf(err) != fault.Invalid {
					t.Fatal(err)
				}
				return
			}
			if line.problem == "" && (!utf8.Valid(line.text) || bytes.ContainsRune(line.text, '\n')) {
				t.Fatalf("line %d is %q", line.no, line.text)
			}
		}
	})
}
