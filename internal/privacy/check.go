package privacy

import (
	"archive/zip"
	"bytes"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/internal/fault"
)

// MediaType is the media type of a file by its content: application/pdf.
type MediaType string

// The kinds of files that may be published.
const (
	DOCX      MediaType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	XLSX      MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	PPTX      MediaType = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	PDF       MediaType = "application/pdf"
	OFD       MediaType = "application/ofd"
	HTML      MediaType = "text/html"
	CSV       MediaType = "text/csv"
	PlainText MediaType = "text/plain"
	JPEG      MediaType = "image/jpeg"
	PNG       MediaType = "image/png"
	GIF       MediaType = "image/gif"
	ZIP       MediaType = "application/zip"
	OldOffice MediaType = "application/x-ole-storage" // DOC, XLS, WPS, PPT: cannot be looked into
)

// extensions are the names a file of each kind may end in.
var extensions = map[MediaType][]string{
	DOCX: {".docx"}, XLSX: {".xlsx"}, PPTX: {".pptx"}, PDF: {".pdf"}, OFD: {".ofd"}, HTML: {".html", ".htm"}, CSV: {".csv", ".txt"},
	PlainText: {".txt", ".csv", ".md"}, JPEG: {".jpg", ".jpeg"}, PNG: {".png"}, GIF: {".gif"}, ZIP: {".zip"}, OldOffice: {".doc", ".xls", ".wps", ".et", ".ppt"},
}

// magics are first bytes.
var magics = []struct {
	prefix string
	media  MediaType
}{
	{"\x89PNG\r\n\x1a\n", PNG}, {"\xff\xd8\xff", JPEG}, {"GIF87a", GIF}, {"GIF89a", GIF}, {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OldOffice},
}

// detect tells what a file is by its content; "" for what nobody may publish.
func detect(name string, data []byte) MediaType {
	for _, m := range magics {
		if bytes.HasPrefix(data, []byte(m.prefix)) {
			return m.media
		}
	}
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("PK\x05\x06")) {
		return detectZip(data)
	}
	if bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")) {
		return PDF
	}
	text, ok := decode(data)
	if !ok {
		return ""
	}
	head := strings.ToLower(text[:min(len(text), 2048)])
	switch {
	case strings.Contains(head, "<!doctype html") || strings.Contains(head, "<html") || strings.Contains(head, "<body"):
		return HTML
	case strings.EqualFold(path.Ext(name), ".csv"):
		return CSV
	case strings.EqualFold(path.Ext(name), ".html"), strings.EqualFold(path.Ext(name), ".htm"):
		return HTML
	}
	return PlainText
}

func detectZip(data []byte) MediaType {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return ZIP
	}
	for _, f := range z.File {
		switch strings.ToLower(strings.TrimPrefix(f.Name, "/")) {
		case "word/document.xml":
			return DOCX
		case "xl/workbook.xml":
			return XLSX
		case "ppt/presentation.xml":
			return PPTX
		case "ofd.xml":
			return OFD
		}
	}
	return ZIP
}

// decode gives text as UTF-8; ok is false for what is no text.
func decode(data []byte) (text string, ok bool) {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		e, _ := charset.Lookup("utf-16")
		out, err := e.NewDecoder().Bytes(data)
		return string(out), err == nil
	}
	if bytes.IndexByte(data, 0) >= 0 || mostlyControl(data) {
		return "", false
	}
	if utf8.Valid(data) {
		return strings.TrimPrefix(string(data), "\ufeff"), true
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil || bytes.Count(out, []byte("\ufffd"))*100 > len(out) {
		return "", false
	}
	return string(out), true
}

func mostlyControl(data []byte) bool {
	n := 0
	for _, c := range data {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b {
			n++
		}
	}
	return n*100 > len(data)
}

// Check tells what a file is and whether it may be taken in: its kind is one
// that may be published and agrees with its name, it is within the limits,
// archives hold no bombs, programs or further secrets, and nothing is
// encrypted or carries macros. Every error is a fault that says the way on.
func Check(name string, data []byte, limits Limits) (MediaType, error) {
	limits = limits.withDefaults()
	if len(bytes.TrimSpace(data)) == 0 {
		return "", at(name, fault.New(fault.Invalid, "file_empty", "文件是空的。请检查是否交错了文件。"))
	}
	if int64(len(data)) > limits.Bytes {
		return "", at(name, fault.New(fault.TooLarge, "file_too_large", "文件有 %d MB，超过上限 %d MB。请压缩图片或拆成几份再交。", len(data)>>20, limits.Bytes>>20))
	}
	media, err := check(name, data, newBudget(limits))
	return media, at(name, err)
}

// at names the file an error is about.
func at(name string, err error) error {
	if f, ok := fault.Of(err); ok && f.Place == "" && name != "" {
		return f.At("%s", namesOf(name, "").home)
	}
	return err
}

func check(name string, data []byte, cost *budget) (MediaType, error) {
	ext := strings.ToLower(path.Ext(namesOf(name, "").home))
	if slices.Contains(macroExtensions, ext) {
		return "", macros()
	}
	media := detect(name, data)
	if media == "" || isProgram(ext, data) {
		return "", fault.New(fault.Invalid, "file_kind", "不收这种文件。请交 DOCX、XLSX、PPTX、PDF、OFD、TXT、CSV、HTML、JPG、PNG、GIF 或 ZIP 文件。")
	}
	if !slices.Contains(extensions[media], ext) {
		return "", fault.New(fault.Invalid, "file_extension", "文件名以“%s”结尾，内容却是 %s。请改用“%s”作扩展名，或用办公软件另存一份再交。", ext, mediaLabel[media], extensions[media][0])
	}
	return media, checkInside(media, data, cost)
}

var mediaLabel = map[MediaType]string{DOCX: "DOCX 文档", XLSX: "XLSX 表格", PPTX: "PPTX 演示文稿", PDF: "PDF 文件", OFD: "OFD 版式文件", HTML: "网页", CSV: "CSV 表格",
	PlainText: "文本", JPEG: "JPEG 图片", PNG: "PNG 图片", GIF: "GIF 图片", ZIP: "ZIP 压缩包", OldOffice: "旧版办公文件（DOC、XLS、WPS）"}

var (
	macroExtensions   = []string{".docm", ".xlsm", ".pptm", ".dotm", ".xltm", ".xlsb", ".xlam"}
	programExtensions = []string{".exe", ".dll", ".com", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".jse", ".wsf", ".scr", ".msi", ".jar", ".sh", ".lnk", ".hta", ".apk", ".cpl", ".reg", ".svg", ".py", ".php", ".jsp", ".asp", ".aspx"}
	programMagics     = []string{"MZ", "\x7fELF", "\xca\xfe\xba\xbe", "\xcf\xfa\xed\xfe", "#!"}
)

func isProgram(ext string, data []byte) bool {
	return slices.Contains(programExtensions, ext) || slices.ContainsFunc(programMagics, func(m string) bool { return bytes.HasPrefix(data, []byte(m)) })
}

func macros() error {
	return fault.New(fault.Invalid, "file_macros", "文件带有宏（程序），不能公开。请另存为不带宏的 DOCX 或 XLSX 再交。")
}

func checkInside(media MediaType, data []byte, cost *budget) error {
	switch media {
	case DOCX, XLSX, PPTX, OFD:
		return checkOffice(data, cost)
	case ZIP:
		return checkArchive(data, cost)
	case OldOffice:
		for _, stream := range []string{"EncryptedPackage", "EncryptionInfo"} { // DOCX and XLSX with a password
			if bytes.Contains(data, wide(stream)) {
				return encrypted()
			}
		}
		if bytes.Contains(data, wide("_VBA_PROJECT")) {
			return macros()
		}
	case PDF:
		if pdfEncrypted(data) {
			return encrypted()
		}
	}
	return nil
}

// wide is UTF-16, as names within old office files are written.
func wide(s string) []byte {
	out := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		out = append(out, s[i], 0)
	}
	return out
}

// pdfEncrypted looks for the mark of encryption in the last trailer.
func pdfEncrypted(data []byte) bool {
	tail := data[max(0, len(data)-4096):]
	return bytes.Contains(tail, []byte("/Encrypt")) && bytes.Contains(tail, []byte("trailer")) || bytes.Contains(data, []byte("/Filter/Standard")) && bytes.Contains(data, []byte("/Encrypt"))
}

// checkOffice unpacks everything once, to know that it can be unpacked.
func checkOffice(data []byte, cost *budget) error {
	p, err := openPack(data, cost)
	if err != nil {
		return err
	}
	for _, e := range p.parts {
		if base := strings.ToLower(path.Base(e.name)); strings.HasPrefix(base, "vbaproject") || strings.Contains(e.name, "macrosheets/") {
			return macros()
		}
		if _, err := p.load(e); err != nil {
			return err
		}
	}
	types, err := p.get("[Content_Types].xml")
	if bytes.Contains(types, []byte("macroEnabled")) {
		return macros()
	}
	return err
}

func checkArchive(data []byte, cost *budget) error {
	p, err := openPack(data, cost)
	if err != nil {
		return err
	}
	if cost.nesting--; cost.nesting < 0 {
		return bomb("一层套一层，层数太多")
	}
	for _, e := range p.parts {
		if strings.HasSuffix(e.name, "/") || junk(e.name) {
			continue
		}
		if strings.Contains("/"+e.name, "/../") {
			return broken("压缩的文件", nil)
		}
		inner, err := p.load(e)
		if err != nil {
			return err
		}
		if len(inner) == 0 {
			continue
		}
		if _, err := check(entryName(e), inner, cost); err != nil {
			return at("压缩包里的“"+entryName(e)+"”", err)
		}
	}
	cost.nesting++
	return nil
}

// junk are files that systems put into archives by themselves.
func junk(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(name, "__MACOSX/") || base == ".DS_Store" || base == "Thumbs.db" || base == "desktop.ini"
}

// entryName is a name in an archive as people read it: older programs here
// write GB18030 without saying so.
func entryName(e *part) string {
	if utf8.ValidString(e.name) {
		return e.name
	}
	if s, err := simplifiedchinese.GB18030.NewDecoder().String(e.name); err == nil {
		return s
	}
	return strings.ToValidUTF8(e.name, "?")
}
