package privacy

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// pdfFile is a PDF file that is being looked at, and what is to be done to it.
type pdfFile struct {
	names
	traces   []trace
	warnings []string
	plan     pdfPlan
}

// pdfPlan is what to do when the file is built anew.
type pdfPlan struct {
	boxes    []Box
	pictures map[int]bool // pages, from 1, that become pictures
	bare     map[int]bool // pages that lose their comments
	anew     bool         // build the file anew even where no page changes
}

func (p *pdfPlan) picture(page int) { p.pictures[page], p.anew = true, true }

// glyph is where a rune of a page stands, in points of the page's own space.
type glyph struct{ left, top, right, bottom float64 }

// pdfPage is what one page shows.
type pdfPage struct {
	number     int
	flow       *flow
	glyphs     []glyph // one for each rune of flow
	remarks    []string
	redacted   bool // Redact made it a picture
	fields     []string
	covered    int // runes of text beneath pictures or boxes
	unseen     int // runes of text that is drawn invisibly
	objects    int
	scale      pageScale
	soft       int  // where the line was joined to the one before; 0 where it was not
	tabbed     bool // the line has cells
	lastTabbed bool // the line before had
}

// pageScale turns points of a page's own space into points as shown.
type pageScale struct {
	width, height float64
	at            func(x, y float64) (float64, float64)
}

// openPDF opens a file for the time of a worker.
func openPDF(worker pdfium.Pdfium, data []byte) (references.FPDF_DOCUMENT, error) {
	doc, err := worker.OpenDocument(&requests.OpenDocument{File: &data})
	switch {
	case errors.Is(err, pdferrors.ErrPassword) || errors.Is(err, pdferrors.ErrSecurity):
		return "", encrypted()
	case err != nil:
		return "", broken("PDF 文件", err)
	}
	return doc.Document, nil
}

// readPDF reads everything a PDF holds.
func readPDF(ctx context.Context, n names, data []byte, o Options, marked []Finding) (*pdfFile, error) {
	f := &pdfFile{names: n, plan: pdfPlan{pictures: map[int]bool{}, bare: map[int]bool{}}}
	var pages []*pdfPage
	err := withPDF(ctx, func(worker pdfium.Pdfium) error {
		doc, err := openPDF(worker, data)
		if err != nil {
			return err
		}
		f.readDocument(worker, doc)
		pages, err = readPDFPages(ctx, worker, doc, o.Limits.withDefaults().Pages)
		if err != nil {
			return err
		}
		f.scanPages(pages, o, marked)
		return nil
	})
	return f, err
}

// readDocument notes what belongs to no page.
func (f *pdfFile) readDocument(worker pdfium.Pdfium, doc references.FPDF_DOCUMENT) {
	anew := func() error { f.plan.anew = true; return nil }
	if n, err := worker.FPDFDoc_GetAttachmentCount(&requests.FPDFDoc_GetAttachmentCount{Document: doc}); err == nil {
		for i := range n.AttachmentCount {
			f.note(EmbeddedFile, "附加的文件", attachmentName(worker, doc, i), "PDF 里附加的文件", anew)
		}
	}
	if n, err := worker.FPDFDoc_GetJavaScriptActionCount(&requests.FPDFDoc_GetJavaScriptActionCount{Document: doc}); err == nil && n.JavaScriptActionCount > 0 {
		f.note(Macro, "脚本", strconv.Itoa(n.JavaScriptActionCount), "PDF 里有脚本", nil)
	}
	if labels := pdfMeta(worker, doc); len(labels) > 0 {
		f.note(Metadata, "文件属性", strings.Join(labels, "、"), "带有："+strings.Join(labels, "、"), func() error { return nil })
	}
}

func attachmentName(worker pdfium.Pdfium, doc references.FPDF_DOCUMENT, i int) string {
	a, err := worker.FPDFDoc_GetAttachment(&requests.FPDFDoc_GetAttachment{Document: doc, Index: i})
	if err != nil {
		return ""
	}
	name, err := worker.FPDFAttachment_GetName(&requests.FPDFAttachment_GetName{Attachment: a.Attachment})
	if err != nil {
		return ""
	}
	return name.Name
}

// metaTags are the entries of a PDF's Info dictionary, as people know them.
var metaTags = [][2]string{{"Author", "作者"}, {"Title", "标题属性"}, {"Subject", "主题"}, {"Keywords", "关键词"}, {"Creator", "生成软件"}, {"Producer", "生成软件"}, {"CreationDate", "创建时间"}, {"ModDate", "修改时间"}}

func pdfMeta(worker pdfium.Pdfium, doc references.FPDF_DOCUMENT) []string {
	var labels []string
	for _, tag := range metaTags {
		v, err := worker.FPDF_GetMetaText(&requests.FPDF_GetMetaText{Document: doc, Tag: tag[0]})
		if err == nil && strings.TrimSpace(v.Value) != "" && !slices.Contains(labels, tag[1]) {
			labels = append(labels, tag[1])
		}
	}
	return labels
}

func (f *pdfFile) note(k Kind, place, text, excerpt string, mend func() error) {
	f.traces = append(f.traces, trace{Finding{Kind: k, Place: f.prefix + place, Excerpt: excerpt, Match: text, Key: keyOf(k, place+"\x00"+text, f.home)}, mend})
}

func readPDFPages(ctx context.Context, worker pdfium.Pdfium, doc references.FPDF_DOCUMENT, limit int) ([]*pdfPage, error) {
	count, err := worker.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc})
	if err != nil {
		return nil, broken("PDF 文件", err)
	}
	if count.PageCount > limit {
		return nil, bomb("页数太多")
	}
	pages := make([]*pdfPage, 0, count.PageCount)
	for i := range count.PageCount {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		ref, err := worker.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: doc, Index: i})
		if err != nil {
			return nil, broken("PDF 文件第"+strconv.Itoa(i+1)+"页", err)
		}
		page := requests.Page{ByReference: &ref.Page}
		p, err := readPDFPage(worker, page, i+1)
		worker.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: ref.Page})
		if err != nil {
			return nil, err
		}
		pages = append(pages, p)
	}
	return pages, nil
}

func readPDFPage(worker pdfium.Pdfium, page requests.Page, number int) (*pdfPage, error) {
	p := &pdfPage{number: number, flow: newFlow("")}
	size, err := worker.GetPageSize(&requests.GetPageSize{Page: page})
	if err != nil {
		return nil, broken("PDF 文件第"+strconv.Itoa(number)+"页", err)
	}
	p.scale, err = scaleOf(worker, page, size.Width, size.Height)
	if err != nil {
		return nil, broken("PDF 文件第"+strconv.Itoa(number)+"页", err)
	}
	text, err := worker.GetPageTextStructured(&requests.GetPageTextStructured{Page: page, Mode: requests.GetPageTextStructuredModeChars})
	if err != nil {
		return nil, broken("PDF 文件第"+strconv.Itoa(number)+"页的文字", err)
	}
	for _, c := range text.Chars {
		p.char(c.Text, glyph{c.PointPosition.Left, c.PointPosition.Top, c.PointPosition.Right, c.PointPosition.Bottom})
	}
	p.readAnnotations(worker, page)
	p.readObjects(worker, page)
	return p, nil
}

// gapFactor is how wide a gap within a line, against the height of letters,
// divides cells.
const gapFactor = 1.1

// char adds a character. Gaps as wide as between columns become tabs; a number
// that a line breaks goes on.
func (p *pdfPage) char(s string, g glyph) {
	r, _ := utf8.DecodeRuneInString(s)
	if r == '\r' || r == utf8.RuneError || r == 0 || r == 0xFFFE {
		return
	}
	n := len(p.flow.text)
	var last rune
	if n > 0 {
		last = p.flow.text[n-1]
	}
	switch {
	case r == '\n':
		g = glyph{}
		p.soft, p.lastTabbed, p.tabbed = 0, p.tabbed, false
	case r == ' ' || r == '\u00a0' || r == '\t':
		if last == ' ' || last == '\n' || n == 0 {
			return
		}
		r, g = ' ', glyph{}
	case last == ' ' && n > 1 && p.gap(p.glyphs[n-2], g):
		p.set(n-1, '\t')
		p.cells()
	case last > ' ' && p.gap(p.glyphs[n-1], g):
		p.add('\t', glyph{})
		p.cells()
	case last == '\n' && isDigit(r) && n > 1 && isDigit(p.flow.fold[n-2]) && !p.lastTabbed:
		p.set(n-1, softBreak)
		p.soft = n - 1
	}
	p.add(r, g)
}

func (p *pdfPage) set(i int, r rune) { p.flow.text[i], p.flow.fold[i] = r, r }

// cells notes that the line is a row of a table: rows are never joined.
func (p *pdfPage) cells() {
	p.tabbed = true
	if p.soft > 0 {
		p.set(p.soft, '\n')
		p.soft = 0
	}
}

func (p *pdfPage) add(r rune, g glyph) {
	p.flow.text = append(p.flow.text, r)
	p.flow.fold = append(p.flow.fold, foldRune(r))
	p.glyphs = append(p.glyphs, g)
}

func (p *pdfPage) gap(a, b glyph) bool {
	height := max(abs(a.top-a.bottom), abs(b.top-b.bottom))
	return a != (glyph{}) && height > 0 && b.left-a.right > gapFactor*height
}

func abs(x float64) float64 { return max(x, -x) }

// scanPages scans the text of all pages.
func (f *pdfFile) scanPages(pages []*pdfPage, o Options, marked []Finding) {
	scanners := make([]*scanner, len(pages))
	all := map[string]hit{}
	for i, p := range pages {
		p.flow.spots[0].place = f.prefix + "第" + strconv.Itoa(p.number) + "页"
		scanners[i] = p.flow.detect(o)
		for text, h := range scanners[i].known() {
			all[text] = h
		}
	}
	var blind []string
	for i, p := range pages {
		s := scanners[i]
		s.repeats(all)
		s.marked(marked)
		for _, l := range s.settled(f.home, o) {
			f.traces = append(f.traces, trace{l.Finding, func() error {
				f.plan.picture(p.number)
				f.plan.boxes = append(f.plan.boxes, p.boxes(l.start, l.end, Info(l.Kind))...)
				return nil
			}})
		}
		f.notePage(p, o)
		if len(strings.TrimSpace(string(p.flow.text))) == 0 && p.objects > 0 && !p.redacted {
			blind = append(blind, strconv.Itoa(p.number))
		}
	}
	if len(blind) > 0 {
		f.note(Unreadable, "第"+strings.Join(blind, "、")+"页", strings.Join(blind, " "), "这几页是图片（扫描件），没有文字，程序看不到内容。", nil)
	}
}

// notePage notes what a page carries besides its text.
func (f *pdfFile) notePage(p *pdfPage, o Options) {
	place := "第" + strconv.Itoa(p.number) + "页"
	bare := func() error { f.plan.bare[p.number], f.plan.anew = true, true; return nil }
	picture := func() error { f.plan.picture(p.number); return nil }
	for _, r := range p.remarks {
		f.note(Comment, place+"批注", r, count("一条批注，%d 字", len([]rune(r))), bare)
		f.inside(place+"批注", r, o, bare)
	}
	for _, v := range p.fields {
		f.inside(place+"表单", v, o, nil)
	}
	if p.unseen > 0 {
		f.note(HiddenText, place, strconv.Itoa(p.unseen)+string(p.flow.text), count("看不见的文字 %d 字（扫描件识别出的文字也属于这种）", p.unseen), picture)
	}
	if p.covered > 0 {
		f.note(LayeredText, place, strconv.Itoa(p.covered)+string(p.flow.text), count("图片或色块下面还有文字 %d 字", p.covered), picture)
	}
}

// inside scans text that stands outside of the page's own.
func (f *pdfFile) inside(place, text string, o Options, mend func() error) {
	fl := newFlow(f.prefix + place)
	fl.write(text)
	for _, l := range fl.scan(f.home, o) {
		f.traces = append(f.traces, trace{l.Finding, mend})
	}
}

// boxPadding is how far a box reaches over the letters, in points.
const boxPadding = 1

// boxes covers runes of a page, line by line.
func (p *pdfPage) boxes(start, end int, info KindInfo) []Box {
	var out []Box
	var last glyph
	for i := start; i < end; i++ {
		g := p.glyphs[i]
		if g == (glyph{}) {
			continue
		}
		b := p.box(g)
		b.Ground = info.Label + "：" + info.Article
		middle := b.Y + b.H/2
		if n := len(out) - 1; n >= 0 && last != (glyph{}) && out[n].Y <= middle && middle <= out[n].Y+out[n].H {
			out[n] = union(out[n], b)
		} else {
			out = append(out, b)
		}
		last = g
	}
	return out
}

func (p *pdfPage) box(g glyph) Box {
	x1, y1 := p.scale.at(g.left, g.top)
	x2, y2 := p.scale.at(g.right, g.bottom)
	return Box{Page: p.number, X: min(x1, x2) - boxPadding, Y: min(y1, y2) - boxPadding, W: abs(x2-x1) + 2*boxPadding, H: abs(y2-y1) + 2*boxPadding}
}

func union(a, b Box) Box {
	right, bottom := max(a.X+a.W, b.X+b.W), max(a.Y+a.H, b.Y+b.H)
	a.X, a.Y = min(a.X, b.X), min(a.Y, b.Y)
	a.W, a.H = right-a.X, bottom-a.Y
	return a
}

// deviceScale is how many steps of a device stand for a point.
const deviceScale = 20

// scaleOf learns how a page is turned and cropped from where three of its
// points are shown.
func scaleOf(worker pdfium.Pdfium, page requests.Page, width, height float64) (pageScale, error) {
	var px, py [3]float64
	for i, at := range [3][2]float64{{0, 0}, {1000, 0}, {0, 1000}} {
		d, err := worker.FPDF_PageToDevice(&requests.FPDF_PageToDevice{Page: page, SizeX: int(width * deviceScale), SizeY: int(height * deviceScale), Rotate: enums.FPDF_PAGE_ROTATION_NONE, PageX: at[0], PageY: at[1]})
		if err != nil {
			return pageScale{}, err
		}
		px[i], py[i] = float64(d.DeviceX)/deviceScale, float64(d.DeviceY)/deviceScale
	}
	return pageScale{width, height, func(x, y float64) (float64, float64) {
		return px[0] + (px[1]-px[0])*x/1000 + (px[2]-px[0])*y/1000, py[0] + (py[1]-py[0])*x/1000 + (py[2]-py[0])*y/1000
	}}, nil
}
