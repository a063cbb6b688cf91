package privacy

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"gongkai/internal/extract"
	"gongkai/internal/fault"
)

// richDOCX is a Word file with something of every kind to hide.
func richDOCX(t testing.TB, id string) []byte {
	notes := `<w:comments ` + wordNS + `><w:comment w:id="0" w:author="丙"><w:p><w:r><w:t>内部意见</w:t></w:r></w:p></w:comment></w:comments>`
	return docx(t, para("联系人张某，手机138", "0000", "0000。")+para("身份证号：", id)+
		wordTable([]string{"姓名", "残疾类别"}, []string{"赵志远", "肢体二级"})+
		`<w:p><w:ins w:id="1" w:author="甲"><w:r><w:t>新增的话</w:t></w:r></w:ins><w:del w:id="2" w:author="甲"><w:r><w:delText>删掉了`+id+`</w:delText></w:r></w:del></w:p>`+
		`<w:p><w:r><w:t>看得见</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏着的话</w:t></w:r></w:p>`+
		`<w:p><w:commentRangeStart w:id="0"/><w:r><w:t>被批注</w:t></w:r><w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r></w:p>`+
		`<w:p><w:r><w:object><o:OLEObject xmlns:o="urn:o" r:id="rId11"/></w:object></w:r></w:p>`,
		[3]string{"comments.xml", "comments", notes},
		[3]string{"embeddings/draft.xlsx", "package", string(xlsx(t, [][]any{{"底稿", id}}, nil))},
		[3]string{"header1.xml", "header", `<w:hdr ` + wordNS + `>` + para("页眉 "+id) + `</w:hdr>`},
		[3]string{"footnotes.xml", "footnotes", `<w:footnotes ` + wordNS + `>` + para("脚注 13900000000") + `</w:footnotes>`})
}

// richXLSX is a workbook with something of every kind to hide.
func richXLSX(t testing.TB, id string) []byte {
	return xlsx(t, [][]any{{"残疾人补贴名单"}, {"姓名", "身份证号", "电话", "银行账号"}, {"赵志远", id, 13800000000, testCard("622848", 77)}, {"钱明芳", testID("19750303", 9), "13900000000", testCard("621700", 5)}, {"合计", "", "=SUM(底稿!B1:B1)"}}, func(f *excelize.File) {
		for _, err := range []error{
			f.SetRowVisible("Sheet1", 4, false), f.SetColVisible("Sheet1", "D", false),
			func() error { _, err := f.NewSheet("底稿"); return err }(), f.SetCellValue("底稿", "A1", "秘密的依据"), f.SetCellValue("底稿", "B1", 7),
			f.SetSheetVisible("底稿", false), f.SetCellFormula("Sheet1", "C5", "SUM(底稿!B1:B1)"),
			f.AddComment("Sheet1", excelize.Comment{Cell: "A3", Author: "丁", Text: "核对 13800000000"}),
			f.SetDocProps(&excelize.DocProperties{Creator: "戊"}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func scan(t testing.TB, name string, data []byte) FileReport {
	t.Helper()
	r, err := ScanFile(context.Background(), name, data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mask(t testing.TB, name string, data []byte, findings []Finding) []byte {
	t.Helper()
	out, err := MaskFile(context.Background(), name, data, findings)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func testPDF(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/list.pdf") // printed by a browser from list.html
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestWhatFilesShow(t *testing.T) {
	id := testID("19800101", 12)
	for _, c := range []struct {
		name string
		data []byte
		want map[Kind]int
	}{
		{"名单.docx", richDOCX(t, id), map[Kind]int{Identity: 3, Phone: 2, SensitiveName: 1, TrackedChange: 1, Comment: 1, HiddenText: 1, EmbeddedFile: 1, Metadata: 1}},
		{"名单.xlsx", richXLSX(t, id), map[Kind]int{Identity: 2, Phone: 3, BankCard: 2, SensitiveName: 2, HiddenRow: 1, HiddenColumn: 1, HiddenSheet: 1, Comment: 1, Metadata: 1}},
		{"名单.csv", []byte("残疾人名单\n姓名,电话\n赵志远,\"13800000000\"\n"), map[Kind]int{Phone: 1, SensitiveName: 1}},
		{"名单.txt", []byte("患者赵志远，男\n电话13800000000\n"), map[Kind]int{Phone: 1, SensitiveName: 1}},
		{"名单.pdf", testPDF(t), map[Kind]int{Identity: 2, Phone: 2, BankCard: 1, SensitiveName: 2, Metadata: 1}},
		{"名单.doc", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken"), map[Kind]int{Unreadable: 1}},
		{"包.zip", zipped(t, testPart{"内/名单.txt", "电话13800000000"}, testPart{"说明.txt", "没有什么"}), map[Kind]int{Phone: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := scan(t, c.name, c.data)
			if got := byKind(r.Findings); fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("found %v, want %v", got, c.want)
			}
			for _, f := range r.Findings {
				if !strings.HasPrefix(f.Place, "《"+c.name+"》") || f.Key == "" || f.Excerpt == "" {
					t.Errorf("%s at %q, key %q, excerpt %q", f.Kind, f.Place, f.Key, f.Excerpt)
				}
			}
		})
	}
}

func TestPlacesAreExact(t *testing.T) {
	r, err := ScanFile(context.Background(), "名单.xlsx", richXLSX(t, testID("19800101", 12)), Options{Place: "附件2《名单.xlsx》"})
	if err != nil {
		t.Fatal(err)
	}
	if f := find(t, r.Findings, Identity); f.Place != "附件2《名单.xlsx》 工作表“Sheet1” B3" || f.Start != 0 || f.End != 18 {
		t.Errorf("%s %d–%d", f.Place, f.Start, f.End)
	}
	renumbered := scan(t, "名单.xlsx", richXLSX(t, testID("19800101", 12)))
	if a, b := find(t, r.Findings, Identity), find(t, renumbered.Findings, Identity); a.Key != b.Key {
		t.Error("the number of the attachment is in the key")
	}
}

// Everything masked at once: nothing is left, and what anybody may read stays.
func TestMaskedFilesShowNothing(t *testing.T) {
	id := testID("19800101", 12)
	for _, c := range []struct {
		name string
		data []byte
		keep []string // what must still be there
	}{
		{"名单.docx", richDOCX(t, id), []string{"联系人张某，手机138****0000。", "身份证号：990000********0127", "赵某某", "肢体二级", "新增的话", "看得见", "被批注"}},
		{"名单.xlsx", richXLSX(t, id), []string{"残疾人补贴名单", "赵某某", "990000********0127", "138****0000", "合计"}},
		{"名单.csv", []byte("残疾人名单\n姓名,电话\n赵志远,\"13800000000\"\n"), []string{"残疾人名单", "赵某某", "138****0000"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := mask(t, c.name, c.data, scan(t, c.name, c.data).Findings)
			if r := scan(t, c.name, out); len(r.Findings) > 0 {
				t.Errorf("still found: %v", byKind(r.Findings))
			}
			doc, err := extract.Read(c.name, out, extract.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range c.keep {
				if !strings.Contains(doc.Text(), k) {
					t.Errorf("%q is gone from %q", k, doc.Text())
				}
			}
			for _, secret := range []string{id, "13800000000", "赵志远", "秘密的依据", "藏着的话", "内部意见"} {
				if lies(t, out, secret) {
					t.Errorf("%q lies in the file", secret)
				}
			}
		})
	}
}

// lies looks through the bytes of a file and of its parts.
func lies(t *testing.T, data []byte, secret string) bool {
	if bytes.Contains(data, []byte(secret)) {
		return true
	}
	p, err := openPack(data, newBudget(Limits{}))
	if err != nil {
		return false
	}
	for _, e := range p.parts {
		inner, err := p.load(e)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(inner, []byte(secret)) {
			return true
		}
	}
	return false
}

func TestMaskedWorkbookOpens(t *testing.T) {
	data := richXLSX(t, testID("19800101", 12))
	out := mask(t, "名单.xlsx", data, scan(t, "名单.xlsx", data).Findings)
	f, err := excelize.OpenReader(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); len(got) != 1 || got[0] != "Sheet1" {
		t.Errorf("sheets %v, want Sheet1 alone", got)
	}
	for cell, want := range map[string]string{"A1": "残疾人补贴名单", "A3": "赵某某", "C3": "138****0000", "A4": "", "D3": "", "A5": "合计"} {
		if got, err := f.GetCellValue("Sheet1", cell); err != nil || got != want {
			t.Errorf("%s = %q (%v), want %q", cell, got, err, want)
		}
	}
	if formula, err := f.GetCellFormula("Sheet1", "C5"); err != nil || formula != "" {
		t.Errorf("C5 still points into the sheet that is gone: %q (%v)", formula, err)
	}
}

func TestOnlyWhatIsWantedIsMasked(t *testing.T) {
	data := richDOCX(t, testID("19800101", 12))
	r := scan(t, "名单.docx", data)
	out := mask(t, "名单.docx", data, []Finding{find(t, r.Findings, Phone)})
	got := byKind(scan(t, "名单.docx", out).Findings)
	want := byKind(r.Findings)
	want[Phone]--
	delete(want, Metadata)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("left %v, want %v", got, want)
	}
}

// A number that also lies where nothing can be masked is an error, not a file.
func TestWhatLiesBeneathIsAnError(t *testing.T) {
	id := testID("19800101", 12)
	data := docx(t, para("身份证号："+id), [3]string{"embeddings/a.bin", "package", "binary " + id})
	r := scan(t, "a.docx", data)
	out, err := MaskFile(context.Background(), "a.docx", data, []Finding{find(t, r.Findings, Identity)})
	if f, ok := fault.Of(err); !ok || f.Code != "mask_incomplete" || out != nil {
		t.Errorf("got %d bytes and %v, want a fault that says it still shows", len(out), err)
	}
	mask(t, "a.docx", data, []Finding{find(t, r.Findings, Identity), find(t, r.Findings, EmbeddedFile)})
}

func TestMarkedPassagesOfFiles(t *testing.T) {
	data := docx(t, para("密码是", "桃花", "源记，勿外传"))
	out := mask(t, "a.docx", data, []Finding{Mark("《a.docx》", "桃花源记", 0, 4)})
	if lies(t, out, "桃花") || !lies(t, out, "勿外传") {
		t.Error("the marked passage was not masked, or more than it was")
	}
}

// However a number is split over runs, and wherever it stands, masking leaves
// no trace of it and the rest as it was.
func TestMaskingLeavesNoTrace(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		w := &writer{Rand: rand.New(rand.NewPCG(seed, 1))}
		var body strings.Builder
		var secrets []string
		for range rapid.IntRange(1, 6).Draw(rt, "paragraphs") {
			kind := rapid.IntRange(0, 2).Draw(rt, "kind")
			label := []string{"身份证号", "手机", "账号"}[kind]
			secret := []string{testID("19800101", w.IntN(1000)), "1380000" + w.digits(4), testCard("622848", w.IntN(1_000_000))}[kind]
			secrets = append(secrets, secret)
			cut := rapid.IntRange(1, len(secret)-1).Draw(rt, "cut")
			text := []string{"说明：" + label + secret[:cut], secret[cut:] + "，以下略。"}
			if rapid.Bool().Draw(rt, "table") {
				body.WriteString(wordTable([]string{"序号", label}, []string{"甲", secret}))
			} else {
				body.WriteString(para(text...))
			}
		}
		data := docx(t, body.String())
		out, err := MaskFile(context.Background(), "a.docx", data, scan(t, "a.docx", data).Findings)
		if err != nil {
			rt.Fatal(err)
		}
		doc, err := extract.Read("a.docx", out, extract.Limits{})
		if err != nil {
			rt.Fatal(err)
		}
		for _, s := range secrets {
			if strings.Contains(doc.Text(), s) || lies(t, out, s) {
				rt.Fatalf("%q is still there", s)
			}
		}
		if again, err := ScanFile(context.Background(), "a.docx", out, Options{}); err != nil || len(again.Findings) > 0 {
			rt.Fatalf("%v found after masking, %v", again.Findings, err)
		}
		if strings.Contains(body.String(), "说明") && !strings.Contains(doc.Text(), "，以下略。") {
			rt.Fatal("the rest of the text is gone")
		}
	})
}

func TestArchivesAreMaskedWithin(t *testing.T) {
	data := zipped(t, testPart{"内/名单.txt", "电话13800000000"}, testPart{"说明.txt", "没有什么"}, testPart{".DS_Store", "x"})
	out := mask(t, "包.zip", data, scan(t, "包.zip", data).Findings)
	p, err := openPack(out, newBudget(Limits{}))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"内/名单.txt": "电话138****0000", "说明.txt": "没有什么", ".DS_Store": ""} {
		if got, err := p.get(name); err != nil || string(got) != want {
			t.Errorf("%s = %q (%v), want %q", name, got, err, want)
		}
	}
}
