package pdf

import (
	"math"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"
)

// thick is the greatest width of a bar that is still a rule, in points.
const thick = 3.0

// maxForms is how deep forms may stand in each other.
const maxForms = 8

// objectReader collects rules and counts pictures and lost characters. What cannot be read is
// passed over: rules only help to see tables.
type objectReader struct {
	engine pdfium.Pdfium
	view   view
	left   int // objects that may still be looked at
	page   *Page
}

func readObjects(engine pdfium.Pdfium, page requests.Page, v view, most int, p *Page) {
	r := objectReader{engine: engine, view: v, left: most, page: p}
	count, err := engine.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
	if err != nil {
		return
	}
	for i := range count.Count {
		if r.left <= 0 {
			return
		}
		if got, err := engine.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: i}); err == nil {
			r.object(got.PageObject, identity, 0)
		}
	}
}

// matrix maps (x, y) to (ax+cy+e, bx+dy+f).
type matrix struct{ a, b, c, d, e, f float64 }

var identity = matrix{a: 1, d: 1}

func fromStruct(m structs.FPDF_FS_MATRIX) matrix {
	return matrix{float64(m.A), float64(m.B), float64(m.C), float64(m.D), float64(m.E), float64(m.F)}
}

func (m matrix) point(x, y float64) (float64, float64) {
	return m.a*x + m.c*y + m.e, m.b*x + m.d*y + m.f
}

// then is m followed by n.
func (m matrix) then(n matrix) matrix {
	e, f := n.point(m.e, m.f)
	return matrix{
		a: n.a*m.a + n.c*m.b, b: n.b*m.a + n.d*m.b,
		c: n.a*m.c + n.c*m.d, d: n.b*m.c + n.d*m.d,
		e: e, f: f,
	}
}

func (r *objectReader) object(o references.FPDF_PAGEOBJECT, outer matrix, depth int) {
	r.left--
	kind, err := r.engine.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: o})
	if err != nil {
		return
	}
	switch kind.Type {
	case enums.FPDF_PAGEOBJ_IMAGE:
		r.page.Pictures++
	case enums.FPDF_PAGEOBJ_TEXT:
		if box, err := r.engine.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: o}); err == nil && box.Left == box.Right && box.Left != 0 {
			r.page.Lost++
		}
	case enums.FPDF_PAGEOBJ_PATH:
		r.path(o, outer)
	case enums.FPDF_PAGEOBJ_FORM:
		r.form(o, outer, depth)
	}
}

func (r *objectReader) matrix(o references.FPDF_PAGEOBJECT, outer matrix) matrix {
	got, err := r.engine.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: o})
	if err != nil {
		return outer
	}
	return fromStruct(got.Matrix).then(outer)
}

func (r *objectReader) form(o references.FPDF_PAGEOBJECT, outer matrix, depth int) {
	count, err := r.engine.FPDFFormObj_CountObjects(&requests.FPDFFormObj_CountObjects{PageObject: o})
	if err != nil || depth >= maxForms {
		return
	}
	m := r.matrix(o, outer)
	for i := range uint64(max(count.Count, 0)) {
		if r.left <= 0 {
			return
		}
		if got, err := r.engine.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: o, Index: i}); err == nil {
			r.object(got.PageObject, m, depth+1)
		}
	}
}

// path takes the straight strokes of a path, and filled bars that are thin.
func (r *objectReader) path(o references.FPDF_PAGEOBJECT, outer matrix) {
	mode, err := r.engine.FPDFPath_GetDrawMode(&requests.FPDFPath_GetDrawMode{PageObject: o})
	if err != nil || !mode.Stroke && mode.FillMode == enums.FPDF_FILLMODE_NONE {
		return
	}
	for _, shape := range r.shapes(o, r.matrix(o, outer)) {
		if mode.Stroke {
			for i := 1; i < len(shape); i++ {
				r.rule(shape[i-1], shape[i])
			}
			continue
		}
		r.bar(shape)
	}
}

type point struct{ x, y float64 }

// maxSegments is how many segments of one path are read.
const maxSegments = 4000

// shapes gives the corners of a path's closed and open lines; those with
// curves are left out.
func (r *objectReader) shapes(o references.FPDF_PAGEOBJECT, m matrix) (shapes [][]point) {
	count, err := r.engine.FPDFPath_CountSegments(&requests.FPDFPath_CountSegments{PageObject: o})
	if err != nil {
		return nil
	}
	var shape []point
	curved := false
	end := func() {
		if len(shape) > 1 && !curved {
			shapes = append(shapes, shape)
		}
		shape, curved = nil, false
	}
	for i := range min(count.Count, maxSegments) {
		r.left--
		seg, err := r.engine.FPDFPath_GetPathSegment(&requests.FPDFPath_GetPathSegment{PageObject: o, Index: i})
		if err != nil {
			continue
		}
		kind, err := r.engine.FPDFPathSegment_GetType(&requests.FPDFPathSegment_GetType{PathSegment: seg.PathSegment})
		if err != nil {
			continue
		}
		at, err := r.engine.FPDFPathSegment_GetPoint(&requests.FPDFPathSegment_GetPoint{PathSegment: seg.PathSegment})
		if err != nil {
			continue
		}
		if kind.Type == enums.FPDF_SEGMENT_MOVETO {
			end()
		}
		curved = curved || kind.Type == enums.FPDF_SEGMENT_BEZIERTO
		x, y := r.view.point(m.point(float64(at.X), float64(at.Y)))
		shape = append(shape, point{x, y})
		if closed, err := r.engine.FPDFPathSegment_GetClose(&requests.FPDFPathSegment_GetClose{PathSegment: seg.PathSegment}); err == nil && closed.IsClose {
			shape = append(shape, shape[0])
		}
	}
	end()
	return shapes
}

// rule keeps a stroke that is level or upright.
func (r *objectReader) rule(a, b point) {
	switch dx, dy := math.Abs(a.x-b.x), math.Abs(a.y-b.y); {
	case dy <= 1 && dx > thick:
		y := (a.y + b.y) / 2
		r.page.Rules = append(r.page.Rules, Rule{min(a.x, b.x), y, max(a.x, b.x), y})
	case dx <= 1 && dy > thick:
		x := (a.x + b.x) / 2
		r.page.Rules = append(r.page.Rules, Rule{x, min(a.y, b.y), x, max(a.y, b.y)})
	}
}

// bar keeps a filled shape that is thin as the line along its middle.
func (r *objectReader) bar(shape []point) {
	low, high := shape[0], shape[0]
	for _, p := range shape {
		low.x, low.y = min(low.x, p.x), min(low.y, p.y)
		high.x, high.y = max(high.x, p.x), max(high.y, p.y)
	}
	w, h := high.x-low.x, high.y-low.y
	switch {
	case h <= thick && w > thick:
		y := (low.y + high.y) / 2
		r.page.Rules = append(r.page.Rules, Rule{low.x, y, high.x, y})
	case w <= thick && h > thick:
		x := (low.x + high.x) / 2
		r.page.Rules = append(r.page.Rules, Rule{x, low.y, x, high.y})
	}
}
