package privacy

import (
	"math"
	"strings"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
)

// redactionMark names the annotations that Redact leaves on its boxes; they
// are no comments.
const redactionMark = "gongkai-redaction"

// readAnnotations reads comments and the values of fields.
func (p *pdfPage) readAnnotations(worker pdfium.Pdfium, page requests.Page) {
	n, err := worker.FPDFPage_GetAnnotCount(&requests.FPDFPage_GetAnnotCount{Page: page})
	if err != nil {
		return
	}
	for i := range n.Count {
		a, err := worker.FPDFPage_GetAnnot(&requests.FPDFPage_GetAnnot{Page: page, Index: i})
		if err != nil {
			continue
		}
		p.readAnnotation(worker, a.Annotation)
		worker.FPDFPage_CloseAnnot(&requests.FPDFPage_CloseAnnot{Annotation: a.Annotation})
	}
}

func (p *pdfPage) readAnnotation(worker pdfium.Pdfium, a references.FPDF_ANNOTATION) {
	kind, err := worker.FPDFAnnot_GetSubtype(&requests.FPDFAnnot_GetSubtype{Annotation: a})
	if err != nil {
		return
	}
	value := func(key string) string {
		v, err := worker.FPDFAnnot_GetStringValue(&requests.FPDFAnnot_GetStringValue{Annotation: a, Key: key})
		if err != nil {
			return ""
		}
		return strings.TrimSpace(v.Value)
	}
	switch kind.Subtype {
	case enums.FPDF_ANNOT_SUBTYPE_LINK, enums.FPDF_ANNOT_SUBTYPE_POPUP, enums.FPDF_ANNOT_SUBTYPE_WATERMARK, enums.FPDF_ANNOT_SUBTYPE_PRINTERMARK:
	case enums.FPDF_ANNOT_SUBTYPE_WIDGET, enums.FPDF_ANNOT_SUBTYPE_XFAWIDGET:
		if v := value("V"); v != "" {
			p.fields = append(p.fields, v)
		}
	default:
		if strings.HasPrefix(value("NM"), redactionMark) {
			p.redacted = true
		} else {
			p.remarks = append(p.remarks, strings.TrimSpace(value("T")+"\n"+value("Contents")))
		}
	}
}

// bounds is where an object of a page stands.
type bounds struct{ left, bottom, right, top float32 }

func (b bounds) area() float32 { return max(0, b.right-b.left) * max(0, b.top-b.bottom) }

// covers tells whether b hides nearly all of c.
func (b bounds) covers(c bounds) bool {
	both := bounds{max(b.left, c.left), max(b.bottom, c.bottom), min(b.right, c.right), min(b.top, c.top)}
	return c.area() > 0 && both.area() >= 0.9*c.area()
}

// layer is a piece of text of a page.
type layer struct {
	bounds
	runes int
}

// objectsMax bounds how many objects of a page are compared with each other.
const objectsMax = 20_000

// readObjects looks for text that is drawn and yet not seen: by its mode, by
// its size, or because a picture or a filled shape is drawn over it later.
func (p *pdfPage) readObjects(worker pdfium.Pdfium, page requests.Page) {
	n, err := worker.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
	if err != nil {
		return
	}
	p.objects = n.Count
	var texts []layer
	for i := range min(n.Count, objectsMax) {
		o, err := worker.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: i})
		if err != nil {
			continue
		}
		kind, err := worker.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: o.PageObject})
		if err != nil {
			continue
		}
		at, ok := boundsOf(worker, o.PageObject)
		if !ok {
			continue
		}
		if kind.Type == enums.FPDF_PAGEOBJ_TEXT {
			if runes := p.runesIn(at); unseenText(worker, o.PageObject) {
				p.unseen += runes
			} else if runes > 0 {
				texts = append(texts, layer{at, runes})
			}
			continue
		}
		if len(texts) > 0 && opaque(worker, o.PageObject, kind.Type) {
			texts = p.cover(texts, at)
		}
	}
}

// cover counts the texts that b covers, and forgets them.
func (p *pdfPage) cover(texts []layer, b bounds) []layer {
	kept := texts[:0]
	for _, t := range texts {
		if b.covers(t.bounds) {
			p.covered += t.runes
		} else {
			kept = append(kept, t)
		}
	}
	return kept
}

func boundsOf(worker pdfium.Pdfium, o references.FPDF_PAGEOBJECT) (bounds, bool) {
	b, err := worker.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: o})
	if err != nil {
		return bounds{}, false
	}
	return bounds{b.Left, b.Bottom, b.Right, b.Top}, true
}

// runesIn counts the page's runes whose middle lies in b.
func (p *pdfPage) runesIn(b bounds) int {
	n := 0
	for _, g := range p.glyphs {
		x, y := float32(g.left+g.right)/2, float32(g.top+g.bottom)/2
		if g != (glyph{}) && b.left <= x && x <= b.right && b.bottom <= y && y <= b.top {
			n++
		}
	}
	return n
}

// tinyPoints is the size of letters nobody reads.
const tinyPoints = 1.5

func unseenText(worker pdfium.Pdfium, o references.FPDF_PAGEOBJECT) bool {
	mode, err := worker.FPDFTextObj_GetTextRenderMode(&requests.FPDFTextObj_GetTextRenderMode{PageObject: o})
	if err == nil && mode.TextRenderMode == enums.FPDF_TEXTRENDERMODE_INVISIBLE {
		return true
	}
	size, err := worker.FPDFTextObj_GetFontSize(&requests.FPDFTextObj_GetFontSize{PageObject: o})
	if err != nil {
		return false
	}
	m, err := worker.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: o})
	return err == nil && float64(size.FontSize)*math.Hypot(float64(m.Matrix.C), float64(m.Matrix.D)) < tinyPoints
}

// opaque tells whether an object hides what lies beneath it.
func opaque(worker pdfium.Pdfium, o references.FPDF_PAGEOBJECT, kind enums.FPDF_PAGEOBJ) bool {
	if t, err := worker.FPDFPageObj_HasTransparency(&requests.FPDFPageObj_HasTransparency{PageObject: o}); err != nil || t.HasTransparency {
		return false
	}
	switch kind {
	case enums.FPDF_PAGEOBJ_IMAGE:
		return true
	case enums.FPDF_PAGEOBJ_PATH:
		mode, err := worker.FPDFPath_GetDrawMode(&requests.FPDFPath_GetDrawMode{PageObject: o})
		if err != nil || mode.FillMode == enums.FPDF_FILLMODE_NONE {
			return false
		}
		colour, err := worker.FPDFPageObj_GetFillColor(&requests.FPDFPageObj_GetFillColor{PageObject: o})
		return err == nil && colour.FillColor.A == 255
	}
	return false
}
