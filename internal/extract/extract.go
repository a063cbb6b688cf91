// Package extract reads what people hand in — DOCX, DOC, PDF, OFD, RTF, XLSX,
// CSV, saved web pages and plain text — into blocks and tables.
//
// What a file is, is decided by its content, never by its name. Input is not
// trusted: every size is limited, nothing outside the file is fetched, and
// every error is a fault of kind Invalid or TooLarge whose message says what
// the file is and what to hand in instead. All functions may be called from
// many goroutines.
package extract

import (
	"bytes"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/internal/document"
	"gongkai/internal/fault"
)

// Blocks are pieces of a document, undivided, as document.FromBlocks takes them.
type (
	Block     = document.Block
	BlockKind = document.BlockKind
	Cell      = document.Cell
)

// The kinds of blocks.
const (
	Paragraph = document.Paragraph
	Heading   = document.Heading
	Table     = document.Table
)

// Document is what a file says.
type Document struct {
	Title    string // as marked by the file, else guessed from its first lines; may be empty
	Blocks   []Block
	Warnings []string // what a person should know: hidden text, comments, tracked changes
	Pages    int      // of kinds that have pages; 0 for the others
	Meta     Meta
}

// Meta is what a file states of itself in its properties; all may be empty,
// and none of it can be trusted.
type Meta struct {
	Title, Author, Organ, Created, Modified string   // dates as the file writes them
	Embedded                                []string // names of the files within
}

// Body divides the document into articles and sections.
func (d Document) Body() *document.Body { return document.FromBlocks(d.Blocks) }

// Text is the document as lines; the cells of a row are divided by tabs.
func (d Document) Text() string { return strings.TrimRight(d.Body().Plain(), "\n") }

// Limits bound what a file may cost. A zero field takes the default.
type Limits struct {
	Bytes    int64         // of the file as handed in; 64 MB
	Unpacked int64         // of everything a zipped file holds; 256 MB
	Entries  int           // files in a zipped file; 5,000
	Ratio    int64         // unpacked to packed, of entries over 1 MB; 200
	Rows     int           // of one sheet; 200,000
	Columns  int           // of one sheet; 500
	Pages    int           // of PDF and OFD; 2,000
	Time     time.Duration // of reading a PDF, by the machine's clock; 2 minutes
}

func (l Limits) withDefaults() Limits {
	def := func(v *int64, d int64) {
		if *v <= 0 {
			*v = d
		}
	}
	defInt := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&l.Bytes, 64<<20)
	def(&l.Unpacked, 256<<20)
	def(&l.Ratio, 200)
	defInt(&l.Entries, 5000)
	defInt(&l.Rows, 200_000)
	defInt(&l.Columns, 500)
	defInt(&l.Pages, 2000)
	if l.Time <= 0 {
		l.Time = 2 * time.Minute
	}
	return l
}

// Kind is what a file is by its content.
type Kind uint8

// The kinds of files. Of the kinds from Picture on, and of workbooks before
// XLSX, only the name is known; they are refused.
const (
	Unknown Kind = iota
	PlainText
	Page // HTML
	DOCX
	XLSX
	PDF
	OFD
	OldOffice // DOC, XLS, WPS before zipped XML
	RTF
	Picture
	Archive
)

// Detect tells what a file is by its content.
func Detect(data []byte) Kind {
	for _, m := range magics {
		if bytes.HasPrefix(data, []byte(m.prefix)) {
			if m.kind == Archive {
				return detectZip(data)
			}
			return m.kind
		}
	}
	if i := bytes.Index(data[:min(len(data), 1024)], []byte("%PDF-")); i >= 0 {
		return PDF
	}
	if !looksLikeText(data) {
		return Unknown
	}
	if looksLikeHTML(data) {
		return Page
	}
	return PlainText
}

var magics = []struct {
	prefix string
	kind   Kind
}{
	{"PK\x03\x04", Archive}, {"PK\x05\x06", Archive}, {"%PDF-", PDF}, {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OldOffice},
	{"{\\rtf", RTF}, {"\x89PNG", Picture}, {"\xff\xd8\xff", Picture}, {"GIF8", Picture}, {"II*\x00", Picture}, {"MM\x00*", Picture},
	{"Rar!", Archive}, {"7z\xbc\xaf", Archive}, {"\x1f\x8b", Archive},
}

// refusals say, for kinds that cannot be read, what the file is and the way on.
var refusals = map[Kind]string{
	Unknown:   "这个文件不是文字、网页、DOCX、XLSX 或 CSV，读不出内容。请用办公软件另存为 DOCX 或 XLSX 后再交。",
	PDF:       "这是 PDF 文件（不论扩展名是什么），这里要的是表格。请交 XLSX 或 CSV。",
	OFD:       "这是 OFD 版式文件，这里要的是表格。请交 XLSX 或 CSV。",
	OldOffice: "这是旧版的 XLS、PPT 或 Word 97 以前的文件，读不出内容。请用办公软件打开后另存为 DOCX 或 XLSX 再交。",
	RTF:       "这是 RTF 文件。请用办公软件打开后另存为 DOCX 再交。",
	Picture:   "这是图片，里面没有可取出的文字。请交文字原件（DOCX、网页或文本）。",
	Archive:   "这是压缩包，里面不是一个 DOCX 或 XLSX 文件。请解压后逐个交。",
}

// Read reads a document of any kind. name is for messages only.
func Read(name string, data []byte, limits Limits) (Document, error) {
	limits = limits.withDefaults()
	place := path.Base(strings.ReplaceAll(name, `\`, "/"))
	doc, err := read(data, limits)
	if f, ok := fault.Of(err); ok && f.Place == "" && name != "" {
		return Document{}, f.At("%s", place)
	}
	return doc, err
}

func read(data []byte, limits Limits) (Document, error) {
	if err := checkSize(data, limits); err != nil {
		return Document{}, err
	}
	switch kind := Detect(data); kind {
	case DOCX:
		return readDOCX(data, limits)
	case XLSX:
		return sheetDocument(data, limits)
	case Page:
		return readPage(data)
	case PlainText:
		return readText(data)
	case PDF:
		return readPDF(data, limits)
	case OFD:
		return readOFD(data, limits)
	case OldOffice:
		return readOldOffice(data, limits)
	default:
		return Document{}, refuse(kind)
	}
}

func refuse(kind Kind) error { return fault.New(fault.Invalid, "file_kind", "%s", refusals[kind]) }

func checkSize(data []byte, limits Limits) error {
	if len(bytes.TrimSpace(data)) == 0 {
		return fault.New(fault.Invalid, "file_empty", "文件是空的。请检查是否交错了文件。")
	}
	if int64(len(data)) > limits.Bytes {
		return tooLarge("文件有 %d MB，超过上限 %d MB。请拆成几份再交。", len(data)>>20, limits.Bytes>>20)
	}
	return nil
}

func tooLarge(format string, args ...any) error {
	return fault.New(fault.TooLarge, "file_too_large", format, args...)
}

func broken(what string, cause error) error {
	return fault.New(fault.Invalid, "file_broken", "%s已损坏，读不下去。请用办公软件打开确认，另存一份再交。", what).Because(cause)
}

func readText(data []byte) (Document, error) {
	s, warnings, err := decodeText(data, "")
	if err != nil {
		return Document{}, err
	}
	blocks, err := document.Blocks(s, document.Text)
	if err != nil {
		return Document{}, err
	}
	return Document{Title: guessTitle(blocks), Blocks: blocks, Warnings: warnings}, nil
}

// genres are the last words of titles of official documents.
var genres = []string{"通知", "意见", "办法", "规定", "条例", "方案", "要点", "决定", "公告", "通告", "细则", "报告", "规划", "目录",
	"清单", "批复", "函", "纪要", "指南", "制度", "规则", "计划", "解读", "通报", "决议", "命令", "请示", "标准", "规范", "预案"}

// organEndings are the last words of organs' names.
var organEndings = []string{"办公室", "人民政府", "委员会", "局", "厅", "部", "院", "署", "会", "中心", "办"}

// titleLines is how far down a title is looked for.
const titleLines = 12

// guessTitle finds the title among the first lines: a line that ends like one,
// joined with the organ's name printed on the line above, else the first
// heading, else the first short line.
func guessTitle(blocks []Block) string {
	first := ""
	for i, b := range blocks[:min(len(blocks), titleLines)] {
		line := b.Text
		if b.Kind == Table || line == "" || utf8.RuneCountInString(line) > 100 {
			continue
		}
		if first == "" {
			first = line
		}
		if b.Kind == Heading {
			return line
		}
		if !hasSuffix(line, genres) {
			continue
		}
		if i > 0 && strings.HasPrefix(line, "《") && strings.Contains(blocks[i-1].Text, "关于") && !hasSuffix(blocks[i-1].Text, genres) {
			return blocks[i-1].Text + line
		}
		if i > 0 && strings.HasPrefix(line, "关于") && hasSuffix(blocks[i-1].Text, organEndings) && len(document.FindNumbers(blocks[i-1].Text)) == 0 {
			return blocks[i-1].Text + line
		}
		return line
	}
	return first
}

func hasSuffix(line string, words []string) bool {
	line = strings.TrimRight(line, "）)》")
	for _, w := range words {
		if strings.HasSuffix(line, w) {
			return true
		}
	}
	return false
}
