package extract

import (
	"encoding/binary"
	"testing"

	"gongkai/internal/fault"
)

// header finds the first page of the stream of text in a DOC file, whose parts
// stand on pages of 512 bytes.
func header(t testing.TB, data []byte) int {
	t.Helper()
	for at := 512; at+2 < len(data); at += 512 {
		if binary.LittleEndian.Uint16(data[at:]) == 0xA5EC {
			return at
		}
	}
	t.Fatal("no header")
	return 0
}

func TestDOCThatCannotBeRead(t *testing.T) {
	at := header(t, testdata(t, "letter.doc"))
	for _, c := range []struct {
		name   string
		change func(b []byte) []byte
		words  string
	}{
		{"password", func(b []byte) []byte { b[at+fibFlags+1] |= 1; return b }, "密码"},
		{"Word 6", func(b []byte) []byte { b[at+2], b[at+3] = 0x65, 0; return b }, "DOCX"},
		{"no pieces", func(b []byte) []byte { clear(b[at+fibPairs+8*pairPieces:][:8]); return b }, "损坏"},
		{"cut off", func(b []byte) []byte { return b[:1024] }, "损坏"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read("a.doc", c.change(testdata(t, "letter.doc")), Limits{})
			wantFault(t, err, fault.Invalid, c.words)
		})
	}
}

func TestPropertiesOfAnyLength(t *testing.T) {
	var codes []int
	eachProperty(bin{0x16, 0x24, 1, 0x08, 0xD6, 3, 0, 0, 0, 0x17, 0x24, 1, 0x49, 0x66, 1}, func(code int, v bin) { codes = append(codes, code, len(v)) })
	want := []int{0x2416, 1, 0xD608, 4, 0x2417, 1, 0x6649, 1}
	if len(codes) != len(want) {
		t.Fatalf("codes %x, want %x", codes, want)
	}
	for i := range want {
		if codes[i] != want[i] {
			t.Errorf("codes %x, want %x", codes, want)
		}
	}
}

// FuzzDOC overwrites a stretch of a real file.
func FuzzDOC(f *testing.F) {
	good := testdata(f, "letter.doc")
	at := header(f, good)
	f.Add(at+fibPairs, []byte{0xff, 0xff, 0xff, 0x7f})
	f.Add(512, []byte{1, 2, 3})
	f.Add(at+0x4C, []byte{0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, at int, with []byte) {
		data := testdata(t, "letter.doc")
		if at < 0 || at >= len(data) {
			return
		}
		copy(data[at:], with)
		if Detect(data) != OldOffice {
			return
		}
		_, err := Read("f.doc", data, Limits{})
		onlyFaults(t, err)
	})
}
