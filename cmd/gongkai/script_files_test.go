package main

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"gongkai/internal/obligation/workplan"
)

func writeFile(ts *testscript.TestScript, name string, data []byte) {
	ts.Check(os.WriteFile(ts.MkAbs(name), data, 0o644))
}

// recodings are the forms of text that offices hand in.
var recodings = map[string]func(text string) ([]byte, error){
	"gb18030": encodeBy(simplifiedchinese.GB18030),
	"utf-16":  encodeBy(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)),
	"bom":     func(text string) ([]byte, error) { return []byte("\ufeff" + text), nil },
	"crlf":    func(text string) ([]byte, error) { return []byte(strings.ReplaceAll(text, "\n", "\r\n")), nil },
	"zst": func(text string) ([]byte, error) {
		var out bytes.Buffer
		w, err := zstd.NewWriter(&out)
		if err != nil {
			return nil, err
		}
		_, err = io.WriteString(w, text)
		err = errors.Join(err, w.Close())
		return out.Bytes(), err
	},
}

func encodeBy(e encoding.Encoding) func(string) ([]byte, error) {
	return func(text string) ([]byte, error) { return e.NewEncoder().Bytes([]byte(text)) }
}

// cmdRecode writes a text in another form:
//
//	recode FORM FROM TO
func cmdRecode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 || recodings[args[0]] == nil {
		ts.Fatalf("usage: recode bom|crlf|gb18030|utf-16|zst FROM TO")
	}
	data, err := recodings[args[0]](ts.ReadFile(args[1]))
	ts.Check(err)
	writeFile(ts, args[2], data)
}

// cmdDOCX makes a document with a paragraph for every line of a text:
//
//	docx FROM TO
func cmdDOCX(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: docx FROM TO")
	}
	var body bytes.Buffer
	body.WriteString(`<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`)
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		body.WriteString(`<w:p><w:r><w:t>`)
		ts.Check(xml.EscapeText(&body, []byte(strings.TrimSpace(line))))
		body.WriteString(`</w:t></w:r></w:p>`)
	}
	body.WriteString(`</w:body></w:document>`)
	writeFile(ts, args[1], zipOf(ts, "word/document.xml", &body))
}

// cmdBomb makes a DOCX of a few kilobytes that unpacks to many megabytes.
func cmdBomb(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: bomb FILE")
	}
	writeFile(ts, args[0], zipOf(ts, "word/document.xml", strings.NewReader(strings.Repeat(" ", 64<<20))))
}

func zipOf(ts *testscript.TestScript, name string, content io.Reader) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.Create(name)
	ts.Check(err)
	_, err = io.Copy(w, content)
	ts.Check(err)
	ts.Check(z.Close())
	return out.Bytes()
}

// cmdWorkbook makes an XLSX of a table in CSV:
//
//	workbook FROM TO [merge=A2:A4] [hiderow=5] [hidecol=D]...
func cmdWorkbook(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: workbook FROM TO [merge=AREA] [hiderow=N] [hidecol=NAME]...")
	}
	r := csv.NewReader(strings.NewReader(ts.ReadFile(args[0])))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	ts.Check(err)
	const sheet = "Sheet1"
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		ts.Check(f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row))
	}
	for _, arg := range args[2:] {
		key, value, _ := strings.Cut(arg, "=")
		switch key {
		case "merge":
			from, to, _ := strings.Cut(value, ":")
			ts.Check(f.MergeCell(sheet, from, to))
		case "hiderow":
			n, err := strconv.Atoi(value)
			ts.Check(err)
			ts.Check(f.SetRowVisible(sheet, n, false))
		case "hidecol":
			ts.Check(f.SetColVisible(sheet, value, false))
		default:
			ts.Fatalf("workbook: what is %q?", arg)
		}
	}
	ts.Check(f.SaveAs(ts.MkAbs(args[1])))
}

// cmdLines writes publications, one a line, each with so many characters of
// text:
//
//	lines FILE COUNT CHARACTERS
func cmdLines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: lines FILE COUNT CHARACTERS")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	size, err := strconv.Atoi(args[2])
	ts.Check(err)
	writeFile(ts, args[0], publications(n, size))
}

// publications are n lines of the interchange format with a text of size
// characters each. Every tenth interprets the one after it, which an import
// has not yet seen.
func publications(n, size int) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	for i := 1; i <= n; i++ {
		line := map[string]any{
			"source_id": fmt.Sprintf("t/%05d", i), "kind": "notice", "unit": "市财政局",
			"title":     fmt.Sprintf("关于第%d批惠民惠农补贴发放情况的公告", i),
			"issued_on": "2021-06-11", "published_at": "2021-06-11T09:30:00+08:00",
			"body": map[string]string{"format": "text", "text": paragraph(i, size)},
		}
		if i%10 == 0 && i < n {
			line["kind"] = "interpretation"
			line["relations"] = []map[string]string{{"type": "interprets", "target": fmt.Sprintf("t/%05d", i+1)}}
		}
		if err := enc.Encode(line); err != nil {
			panic(err) // maps of strings always encode
		}
	}
	return out.Bytes()
}

// paragraph is text of size characters that is different for every i.
func paragraph(i, size int) string {
	words := []rune("为落实惠民惠农政策和资金发放信息公开要求现将本批补贴的发放范围标准和资金来源予以公告接受社会监督")
	text := []rune(fmt.Sprintf("第%d批。", i))
	for step := i; len(text) < size; step += i%7 + 3 {
		text = append(text, words[step%len(words)])
	}
	return string(text)
}

// cmdLongLine writes a publication of so many megabytes and a short one:
//
//	longline FILE MEGABYTES
func cmdLongLine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: longline FILE MEGABYTES")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	long := bytes.Replace(publications(1, 10), []byte("第1批。"), bytes.Repeat([]byte("公开"), n<<20/6), 1)
	short := bytes.Replace(publications(1, 10), []byte("t/00001"), []byte("t/short"), 1)
	writeFile(ts, args[0], append(long, short...))
}

// cmdEdit replaces text that must be there:
//
//	edit FILE OLD NEW
func cmdEdit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: edit FILE OLD NEW")
	}
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	writeFile(ts, args[0], []byte(strings.ReplaceAll(text, args[1], args[2])))
}

// cmdCut keeps the beginning of a file:
//
//	cut FROM TO BYTES
func cmdCut(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: cut FROM TO BYTES")
	}
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	data := ts.ReadFile(args[0])
	writeFile(ts, args[1], []byte(data[:min(n, len(data))]))
}

// cmdUnzst unpacks what export has compressed:
//
//	unzst FROM TO
func cmdUnzst(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: unzst FROM TO")
	}
	r, err := zstd.NewReader(strings.NewReader(ts.ReadFile(args[0])))
	ts.Check(err)
	defer r.Close()
	data, err := io.ReadAll(r)
	ts.Check(err)
	writeFile(ts, args[1], data)
}

// cmdFacts writes what a dry run has read of a plan, without its prose: who
// does which task by when, and the numbers that are promised.
//
//	facts FROM TO
func cmdFacts(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: facts FROM TO")
	}
	var plan workplan.Plan
	dec := json.NewDecoder(strings.NewReader(ts.ReadFile(args[0])))
	dec.DisallowUnknownFields()
	ts.Check(dec.Decode(&plan))
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s|%s|%s|%s\n", plan.Title, plan.Issuer, plan.Number, plan.IssuedOn)
	for _, task := range plan.Tasks {
		fmt.Fprintf(&out, "%d %s|%s|%s|牵头 %s|责任 %s|%d条\n", task.No, task.Section, task.Title, task.Due,
			strings.Join(task.Lead, "、"), strings.Join(task.Responsible, "、"), len(task.Items))
		for _, target := range task.Targets {
			fmt.Fprintf(&out, "  %d：%s%s\n", target.Item, target.Quantity, target.Unit)
		}
	}
	for _, duty := range plan.Duties {
		fmt.Fprintf(&out, "%s %s\n", duty.Every, strings.Join(duty.Responsible, "、"))
	}
	writeFile(ts, args[1], out.Bytes())
}
