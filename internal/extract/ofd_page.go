package extract

import (
	"encoding/xml"
	"math"
	"slices"
	"strconv"
	"strings"
)

// perMillimetre turns the millimetres of OFD into points.
const perMillimetre = 72 / 25.4

// maxOFDGlyphs is how many characters one file may hold.
const maxOFDGlyphs = 2_000_000

// page reads the page or template at a place. Templates are drawn under their
// pages; they stand in each other one deep.
func (r *ofdReader) page(d *ofdDocument, at string, depth int) (*leaf, error) {
	box := d.box
	p := new(leaf)
	err := r.part(at, func(x *xmlReader) error {
		return x.each(map[string]func(xml.StartElement) error{
			"Area": func(xml.StartElement) error { return readArea(x, &box) },
			"Template": func(s xml.StartElement) error {
				if err := r.template(d, xmlAttr(s, "TemplateID"), p, depth); err != nil {
					return err
				}
				return x.skip()
			},
			"Content": func(xml.StartElement) error { return r.content(x, p) },
		})
	})
	if err != nil {
		return nil, err
	}
	if b := floats(box, 4); b != nil {
		p.Width, p.Height = b[2]*perMillimetre, b[3]*perMillimetre
	}
	if r.glyphs += len(p.Glyphs); r.glyphs > maxOFDGlyphs {
		return nil, tooLarge("文件的文字过多，已停止读取。请拆成几份再交。")
	}
	return p, nil
}

func (r *ofdReader) template(d *ofdDocument, id string, p *leaf, depth int) error {
	at := d.templates[id]
	if at == "" || depth > 0 {
		return nil
	}
	drawn := d.drawn[id]
	if drawn == nil {
		var err error
		if drawn, err = r.page(d, at, depth+1); err != nil {
			return err
		}
		d.drawn[id] = drawn
	}
	p.Glyphs = append(p.Glyphs, drawn.Glyphs...)
	p.Rules = append(p.Rules, drawn.Rules...)
	p.Pictures += drawn.Pictures
	p.Slanted += drawn.Slanted
	return nil
}

// content reads layers and blocks of objects.
func (r *ofdReader) content(x *xmlReader, p *leaf) error {
	return x.children(func(s xml.StartElement) error {
		if strings.EqualFold(xmlAttr(s, "Visible"), "false") {
			return x.skip()
		}
		switch s.Name.Local {
		case "Layer", "PageBlock":
			return r.content(x, p)
		case "TextObject":
			return readOFDText(x, s, p)
		case "PathObject":
			return readOFDPath(x, s, p)
		case "ImageObject":
			p.Pictures++
		}
		return x.skip()
	}, nil)
}

// frame maps the coordinates of an object to its page.
type frame struct {
	x, y             float64 // of its boundary
	a, b, c, d, e, f float64 // its matrix
}

func newFrame(s xml.StartElement) frame {
	f := frame{a: 1, d: 1}
	if b := floats(xmlAttr(s, "Boundary"), 4); b != nil {
		f.x, f.y = b[0], b[1]
	}
	if m := floats(xmlAttr(s, "CTM"), 6); m != nil {
		f.a, f.b, f.c, f.d, f.e, f.f = m[0], m[1], m[2], m[3], m[4], m[5]
	}
	return f
}

func (f frame) point(x, y float64) (float64, float64) {
	return (f.x + f.a*x + f.c*y + f.e) * perMillimetre, (f.y + f.b*x + f.d*y + f.f) * perMillimetre
}

// readOFDText places the characters of a text object.
func readOFDText(x *xmlReader, s xml.StartElement, p *leaf) error {
	f := newFrame(s)
	size, _ := strconv.ParseFloat(xmlAttr(s, "Size"), 64)
	stretch, err := strconv.ParseFloat(xmlAttr(s, "HScale"), 64)
	if err != nil || stretch <= 0 {
		stretch = 1
	}
	turned := math.Abs(f.b) > 0.05*math.Abs(f.a) || f.a < 0
	for _, name := range []string{"ReadDirection", "CharDirection"} {
		if v := xmlAttr(s, name); v != "" && v != "0" {
			turned = true
		}
	}
	run := ofdRun{frame: f, size: size, stretch: stretch, turned: turned, page: p}
	return x.each(map[string]func(xml.StartElement) error{
		"TextCode": func(s xml.StartElement) error {
			var b strings.Builder
			err := x.children(func(xml.StartElement) error { return x.skip() }, func(t string) { b.WriteString(t) })
			run.code(s, b.String())
			return err
		},
	})
}

// ofdRun is a text object whose codes are being placed.
type ofdRun struct {
	frame
	size, stretch float64
	turned        bool
	page          *leaf
	atX, atY      float64 // where the last code began
}

// code places the characters of one TextCode. X and Y that it does not state
// are those of the code before; a step that is missing is the last one, and
// where there is none the usual width.
func (t *ofdRun) code(s xml.StartElement, text string) {
	if v, err := strconv.ParseFloat(xmlAttr(s, "X"), 64); err == nil {
		t.atX = v
	}
	if v, err := strconv.ParseFloat(xmlAttr(s, "Y"), 64); err == nil {
		t.atY = v
	}
	runes := []rune(text)
	dx, dy := deltas(xmlAttr(s, "DeltaX"), len(runes)), deltas(xmlAttr(s, "DeltaY"), len(runes))
	if t.turned {
		t.page.Slanted += len(runes)
		return
	}
	x, y := t.atX, t.atY
	for i, r := range runes {
		width := t.size * t.stretch
		if r < 0x2000 && !isBlankRune(r) || r == ' ' {
			width /= 2
		}
		step := width
		if len(dx) > 0 {
			step = dx[min(i, len(dx)-1)]
		} else if len(dy) > 0 {
			step = 0
		}
		if 0 < step && step < width {
			width = step
		}
		x0, base := t.point(x, y)
		x1, _ := t.point(x+width, y)
		g := glyph{R: r, X0: min(x0, x1), X1: max(x0, x1), Base: base, Size: t.size * math.Hypot(t.c, t.d) * perMillimetre}
		switch {
		case r == '\ufffd' || 0xE000 <= r && r <= 0xF8FF:
			t.page.Unknown++
		case r != '\n' && r != '\r' && finite(g):
			t.page.Glyphs = append(t.page.Glyphs, g)
		}
		x += step
		if len(dy) > 0 {
			y += dy[min(i, len(dy)-1)]
		}
	}
}

func finite(g glyph) bool {
	const far = 1e6
	return math.Abs(g.X0) < far && math.Abs(g.X1) < far && math.Abs(g.Base) < far && 0 < g.Size && g.Size < far
}

// deltas reads steps, where "g 3 2.1" is 2.1 three times; at most n of them.
func deltas(s string, n int) []float64 {
	fields := strings.Fields(s)
	var out []float64
	for i := 0; i < len(fields) && len(out) < n; i++ {
		times := 1
		if fields[i] == "g" && i+2 < len(fields) {
			times, _ = strconv.Atoi(fields[i+1])
			i += 2
		}
		v, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return out
		}
		out = append(out, slices.Repeat([]float64{v}, max(0, min(times, n-len(out))))...)
	}
	return out
}

// readOFDPath takes the straight strokes of a path.
func readOFDPath(x *xmlReader, s xml.StartElement, p *leaf) error {
	f := newFrame(s)
	stroke := !strings.EqualFold(xmlAttr(s, "Stroke"), "false")
	fill := strings.EqualFold(xmlAttr(s, "Fill"), "true")
	return x.each(map[string]func(xml.StartElement) error{
		"AbbreviatedData": x.text(func(data string) {
			for _, shape := range shapes(data) {
				if stroke {
					strokes(f, shape, p)
				} else if fill {
					bar(f, shape, p)
				}
			}
		}),
	})
}

// shapes reads the corners of a path's lines: M and S begin one, L goes on, C
// closes. Lines with curves are left out.
func shapes(data string) (out [][][2]float64) {
	var shape [][2]float64
	curved := false
	end := func() {
		if len(shape) > 1 && !curved {
			out = append(out, shape)
		}
		shape, curved = nil, false
	}
	fields := strings.Fields(data)
	for i := 0; i < len(fields) && len(out) < maxRules; i++ {
		switch fields[i] {
		case "M", "S", "L":
			if fields[i] != "L" {
				end()
			}
			if i+2 < len(fields) {
				if at := floats(fields[i+1]+" "+fields[i+2], 2); at != nil {
					shape = append(shape, [2]float64{at[0], at[1]})
				}
			}
		case "C":
			if len(shape) > 0 {
				shape = append(shape, shape[0])
			}
		case "B", "Q", "A":
			curved = true
		}
	}
	end()
	return out
}

func strokes(f frame, shape [][2]float64, p *leaf) {
	for i := 1; i < len(shape); i++ {
		x0, y0 := f.point(shape[i-1][0], shape[i-1][1])
		x1, y1 := f.point(shape[i][0], shape[i][1])
		addRule(p, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
	}
}

// bar keeps a filled shape as the line along its middle where it is thin.
func bar(f frame, shape [][2]float64, p *leaf) {
	x0, y0 := f.point(shape[0][0], shape[0][1])
	x1, y1 := x0, y0
	for _, at := range shape {
		x, y := f.point(at[0], at[1])
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
	}
	addRule(p, x0, y0, x1, y1)
}

// addRule keeps the line along the middle of a box that is thin.
func addRule(p *leaf, x0, y0, x1, y1 float64) {
	const thick = 3.0
	switch {
	case y1-y0 <= thick && x1-x0 > thick:
		p.Rules = append(p.Rules, rule{X0: x0, X1: x1, Y0: (y0 + y1) / 2, Y1: (y0 + y1) / 2})
	case x1-x0 <= thick && y1-y0 > thick:
		p.Rules = append(p.Rules, rule{Y0: y0, Y1: y1, X0: (x0 + x1) / 2, X1: (x0 + x1) / 2})
	}
}

// floats reads n numbers, nil where s does not hold as many.
func floats(s string, n int) []float64 {
	fields := strings.Fields(s)
	if len(fields) < n {
		return nil
	}
	out := make([]float64, n)
	for i := range out {
		v, err := strconv.ParseFloat(fields[i], 64)
		if err != nil || math.IsNaN(v) || math.Abs(v) > 1e7 {
			return nil
		}
		out[i] = v
	}
	return out
}
