package privacy

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"gongkai/internal/fault"
)

func TestCheck(t *testing.T) {
	word := docx(t, para("正文"))
	locked := bytes.Clone(zipped(t, testPart{"a.txt", "内容"}))
	locked[6] |= 1 // local header
	if i := bytes.Index(locked, []byte("PK\x01\x02")); i > 0 {
		locked[i+8] |= 1
	}
	nested := zipped(t, testPart{"a.txt", "内容"})
	for range 4 {
		nested = zipped(t, testPart{"包.zip", string(nested)})
	}
	many := make([]testPart, 60)
	for i := range many {
		many[i] = testPart{strings.Repeat("a", i+1) + ".txt", "x"}
	}
	for _, c := range []struct {
		name, file string
		data       []byte
		want       MediaType
		code       string
	}{
		{"word", "a.docx", word, DOCX, ""},
		{"upper case", "A.DOCX", word, DOCX, ""},
		{"sheet", "a.xlsx", xlsx(t, [][]any{{"一"}}, nil), XLSX, ""},
		{"pdf", "a.pdf", pdfOf(t, pdfInfo, "", []pdfLine{{1, 1, "一"}}), PDF, ""},
		{"text", "a.txt", []byte("正文"), PlainText, ""},
		{"text in GB18030", "a.txt", []byte("\xd5\xfd\xce\xc4\xd5\xfd\xce\xc4"), PlainText, ""},
		{"table", "a.csv", []byte("a,b"), CSV, ""},
		{"page", "a.html", []byte("<!DOCTYPE html><p>正文"), HTML, ""},
		{"archive", "a.zip", zipped(t, testPart{"内/a.docx", string(word)}), ZIP, ""},
		{"old", "a.doc", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...."), OldOffice, ""},
		{"picture", "a.png", testPNG(t), PNG, ""},
		{"nothing", "a.txt", []byte(" \n"), "", "file_empty"},
		{"too large", "a.txt", bytes.Repeat([]byte("a"), 3000), "", "file_too_large"},
		{"other name", "a.pdf", word, DOCX, "file_extension"},
		{"macros by name", "a.docm", word, "", "file_macros"},
		{"macros within", "a.docx", docx(t, para("一"), [3]string{"vbaProject.bin", "vbaProject", "x"}), DOCX, "file_macros"},
		{"program", "a.exe", []byte("MZ\x90\x00"), "", "file_kind"},
		{"program in an archive", "a.zip", zipped(t, testPart{"a.bat", "del"}), ZIP, "file_kind"},
		{"program by name of text", "a.txt", []byte("MZ program"), "", "file_kind"},
		{"bytes", "a.txt", []byte("\x00\x01\x02\x03"), "", "file_kind"},
		{"bomb by ratio", "a.zip", zipped(t, testPart{"a.txt", strings.Repeat("0", 4<<20)}), ZIP, "archive_bomb"},
		{"bomb by count", "a.zip", zipped(t, many...), ZIP, "archive_bomb"},
		{"bomb by nesting", "a.zip", nested, ZIP, "archive_bomb"},
		{"encrypted archive", "a.zip", locked, ZIP, "file_encrypted"},
		{"encrypted word", "a.docx", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), wide("EncryptedPackage")...), OldOffice, "file_extension"},
		{"encrypted old", "a.doc", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), wide("EncryptionInfo")...), OldOffice, "file_encrypted"},
		{"encrypted pdf", "a.pdf", []byte("%PDF-1.4\ntrailer<</Encrypt 5 0 R>>"), PDF, "file_encrypted"},
		{"way out of an archive", "a.zip", zipped(t, testPart{"../a.txt", "x"}), ZIP, "file_broken"},
	} {
		t.Run(c.name, func(t *testing.T) {
			limits := Limits{Entries: 50}
			if c.code == "file_too_large" {
				limits.Bytes = 2000
			}
			got, err := Check(c.file, c.data, limits)
			f, _ := fault.Of(err)
			if c.code == "" && (err != nil || got != c.want) {
				t.Fatalf("got %s, %v; want %s", got, err, c.want)
			}
			if c.code != "" && (f == nil || f.Code != c.code || f.Place == "") {
				t.Fatalf("got %v, want a fault %s that names the file", err, c.code)
			}
		})
	}
}

// Sizes written in an archive may lie.
func TestBombsThatLie(t *testing.T) {
	data := zipped(t, testPart{"a.txt", strings.Repeat("0", 4<<20)})
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	z.File[0].UncompressedSize64 = 10
	p := &pack{cost: newBudget(Limits{})}
	if _, err := p.load(&part{name: "a.txt", file: z.File[0]}); fault.KindOf(err) != fault.TooLarge && fault.KindOf(err) != fault.Invalid {
		t.Errorf("got %v, want a refusal", err)
	}
}
