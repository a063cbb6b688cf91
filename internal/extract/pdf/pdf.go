// Package pdf reads where characters and rules stand on the pages of PDF files.
//
// PDFium does the reading, compiled to WebAssembly: it runs inside the process
// without a file system, a network or more memory than it is given, so that a
// hostile file can do no worse than fail. The engine is started when it is
// first asked for and kept; at most Workers files are read at once, others
// wait. All functions may be called from many goroutines, and every error a
// file can cause is a fault.
package pdf

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"gongkai/internal/fault"
)

// Limits bound what reading one file may cost. A zero field takes the default.
type Limits struct {
	Pages  int           // 2,000
	Glyphs int           // on all pages; 2,000,000
	Rules  int           // on one page; further ones are not read; 20,000
	Time   time.Duration // by the machine's clock, waiting for a worker included; 2 minutes
}

func (l Limits) withDefaults() Limits {
	if l.Pages <= 0 {
		l.Pages = 2000
	}
	if l.Glyphs <= 0 {
		l.Glyphs = 2_000_000
	}
	if l.Rules <= 0 {
		l.Rules = 20_000
	}
	if l.Time <= 0 {
		l.Time = 2 * time.Minute
	}
	return l
}

// File is what stands in a PDF file.
type File struct {
	Pages    []Page
	Meta     map[string]string // Title, Author, Subject, Keywords, CreationDate, ModDate; only those that are set
	Embedded []string          // names of the files within
}

// Page is a page as it is read: turned so that most of its text stands
// upright. All lengths are points (1/72 inch), from the top left.
type Page struct {
	Width, Height float64
	Glyphs        []Glyph // in the order in which they are drawn
	Rules         []Rule
	Pictures      int
	Slanted       int // characters that do not run with the others, like watermarks; left out of Glyphs
	Unknown       int // characters whose font does not say what they mean
	Lost          int // single characters of a font that the file does not hold, which the engine passes over
}

// Glyph is one character. Blanks that the file draws are glyphs too.
type Glyph struct {
	R      rune
	X0, X1 float64 // the room it takes along the line
	Base   float64 // the foot of that room, which is a little below the line it stands on
	Size   float64 // of its font, as drawn
}

// Rule is a straight line or thin bar, level or upright: X0 == X1 or Y0 == Y1.
type Rule struct{ X0, Y0, X1, Y1 float64 }

// metaTags are the properties that are read.
var metaTags = []string{"Title", "Author", "Subject", "Keywords", "CreationDate", "ModDate"}

// Read reads a file. A file that asks for a password, is broken or goes beyond
// the limits is a fault whose message says the way on.
func Read(ctx context.Context, data []byte, limits Limits) (File, error) {
	limits = limits.withDefaults()
	ctx, cancel := context.WithTimeout(ctx, limits.Time)
	defer cancel()
	var f File
	err := Do(ctx, func(engine pdfium.Pdfium) (err error) {
		f, err = readFile(engine, data, limits)
		return err
	})
	if err != nil {
		return File{}, err
	}
	return f, nil
}

func readFile(engine pdfium.Pdfium, data []byte, limits Limits) (File, error) {
	opened, err := engine.OpenDocument(&requests.OpenDocument{File: &data})
	if err != nil {
		return File{}, openFault(err)
	}
	doc := opened.Document
	defer engine.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: doc})
	count, err := engine.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc})
	if err != nil {
		return File{}, broken(err)
	}
	if count.PageCount > limits.Pages {
		return File{}, fault.New(fault.TooLarge, "file_too_large", "PDF 有 %d 页，超过上限 %d 页。请拆成几份再交。", count.PageCount, limits.Pages)
	}
	f := File{Meta: readMeta(engine, doc), Embedded: readEmbedded(engine, doc)}
	left := limits.Glyphs
	for i := range count.PageCount {
		p, err := readPage(engine, doc, i, left, limits)
		if err != nil {
			return File{}, err
		}
		left -= len(p.Glyphs) + p.Unknown + p.Slanted
		f.Pages = append(f.Pages, p)
	}
	return f, nil
}

func openFault(err error) error {
	if errors.Is(err, pdfiumerrors.ErrPassword) || errors.Is(err, pdfiumerrors.ErrSecurity) {
		return fault.New(fault.Invalid, "pdf_password", "PDF 设了打开密码，读不出内容。请用制作它的软件去掉密码，或交生成它的 DOCX 原件。").Because(err)
	}
	return broken(err)
}

func broken(cause error) error {
	return fault.New(fault.Invalid, "file_broken", "PDF 已损坏，读不下去。请用阅读软件打开确认，重新导出一份再交。").Because(cause)
}

func readMeta(engine pdfium.Pdfium, doc references.FPDF_DOCUMENT) map[string]string {
	meta := make(map[string]string)
	for _, tag := range metaTags {
		if got, err := engine.FPDF_GetMetaText(&requests.FPDF_GetMetaText{Document: doc, Tag: tag}); err == nil && got.Value != "" {
			meta[tag] = got.Value
		}
	}
	return meta
}

// maxEmbedded is how many embedded files are named.
const maxEmbedded = 100

func readEmbedded(engine pdfium.Pdfium, doc references.FPDF_DOCUMENT) []string {
	var names []string
	count, err := engine.FPDFDoc_GetAttachmentCount(&requests.FPDFDoc_GetAttachmentCount{Document: doc})
	if err != nil {
		return nil
	}
	for i := range min(count.AttachmentCount, maxEmbedded) {
		a, err := engine.FPDFDoc_GetAttachment(&requests.FPDFDoc_GetAttachment{Document: doc, Index: i})
		if err != nil {
			continue
		}
		if got, err := engine.FPDFAttachment_GetName(&requests.FPDFAttachment_GetName{Attachment: a.Attachment}); err == nil {
			names = append(names, got.Name)
		}
	}
	return slices.Clip(names)
}
