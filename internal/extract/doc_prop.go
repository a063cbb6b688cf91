package extract

import (
	"cmp"
	"slices"
)

// charRun is a stretch of the file whose characters share their marks.
type charRun struct {
	from, to                           int
	deleted, inserted, hidden, special bool
}

// paraRun is a stretch of the file whose paragraphs share their properties.
type paraRun struct {
	from, to int
	prop     paraProp
}

// paraProp are the properties of a paragraph that matter here.
type paraProp struct {
	style    int
	level    int // of a heading from 1
	list     int // use of a list from 1, 0 for none
	listAt   int // level within the list
	set      bool
	inTable  bool
	endsRow  bool
	depth    int // of tables
	edges    []int
	vertical []int
}

// eachProperty calls f for every property (sprm) of a list, with its operand.
func eachProperty(list bin, f func(code int, operand bin)) {
	for at := 0; at+2 <= len(list); {
		code := list.u16(at)
		at += 2
		size := [8]int{1, 1, 2, 4, 2, 2, 0, 3}[code>>13]
		switch {
		case code == 0xD608 || code == 0xD606: // definitions of a table state their length in two bytes
			size = list.u16(at) + 1
		case code == 0xC615 && list.u8(at) == 255:
			return
		case code>>13 == 6:
			size = list.u8(at) + 1
		}
		f(code, list.part(at, size))
		at += size
	}
}

// pages calls f for each page of properties (FKP) of 512 bytes that a list of
// pages names.
func (r *docReader) pages(pair int, f func(page bin)) {
	plc := r.pair(pair)
	n := (len(plc) - 4) / 8
	for i := range min(n, len(r.main)/512+1) {
		if page := r.main.part(plc.u32(4*(n+1)+4*i)*512, 512); len(page) == 512 {
			f(page)
		}
	}
}

// maxRuns is how many stretches of properties are read.
const maxRuns = 2_000_000

// readRuns reads the properties of characters and paragraphs.
func (r *docReader) readRuns() {
	r.pages(pairChars, func(page bin) {
		n := page.u8(511)
		if len(r.chars) > maxRuns {
			return
		}
		for i := range n {
			run := charRun{from: page.u32(4 * i), to: page.u32(4*i + 4)}
			if at := page.u8(4*(n+1)+i) * 2; at > 0 {
				run.read(page.part(at+1, page.u8(at)))
			}
			r.chars = append(r.chars, run)
		}
	})
	r.pages(pairParas, func(page bin) {
		n := page.u8(511)
		if len(r.paras) > maxRuns {
			return
		}
		for i := range n {
			run := paraRun{from: page.u32(4 * i), to: page.u32(4*i + 4)}
			if at := page.u8(4*(n+1)+13*i) * 2; at > 0 {
				size, skip := 2*page.u8(at)-1, 1
				if size < 0 {
					size, skip = 2*page.u8(at+1), 2
				}
				list := page.part(at+skip, size)
				run.prop = paraProp{style: list.u16(0)}
				r.readPara(&run.prop, list.part(2, len(list)), 0)
			}
			r.paras = append(r.paras, run)
		}
	})
	slices.SortStableFunc(r.chars, func(a, b charRun) int { return cmp.Compare(a.from, b.from) })
	slices.SortStableFunc(r.paras, func(a, b paraRun) int { return cmp.Compare(a.from, b.from) })
}

func (c *charRun) read(list bin) {
	eachProperty(list, func(code int, v bin) {
		on := v.u8(0) == 1
		switch code {
		case 0x0800:
			c.deleted = on
		case 0x0801:
			c.inserted = on
		case 0x083C:
			c.hidden = on
		case 0x0855:
			c.special = on
		}
	})
}

// readPara reads properties of a paragraph; long lists stand in the stream of
// data.
func (r *docReader) readPara(p *paraProp, list bin, depth int) {
	eachProperty(list, func(code int, v bin) {
		switch code {
		case 0x6646, 0x6645:
			if at := v.u32(0); depth == 0 {
				r.readPara(p, r.data.part(at+2, r.data.u16(at)), depth+1)
			}
		case 0x2416:
			p.inTable = v.u8(0) == 1
		case 0x2417:
			p.endsRow = v.u8(0) == 1
		case 0x6649:
			p.depth = v.u32(0)
		case 0x2640:
			if n := v.u8(0); n < 9 {
				p.level = min(n+1, 6)
			}
		case 0x460B:
			p.list, p.set = max(v.i16(0), 0), true
		case 0x260A:
			p.listAt = v.u8(0)
		case 0xD608:
			p.readTable(v)
		case 0xD62B:
			if i := v.u8(1); i < len(p.vertical) {
				p.vertical[i] = v.u8(2)
			}
		}
	})
}

// readTable reads the definition of a row: the edges of its cells and which of
// them go on with the cell above.
func (p *paraProp) readTable(v bin) {
	n := v.u8(2)
	if len(v) < 3+2*(n+1) || n > 64 {
		return
	}
	p.edges, p.vertical = nil, make([]int, n)
	for i := range n + 1 {
		p.edges = append(p.edges, v.i16(3+2*i))
	}
	for i := range n {
		p.vertical[i] = v.u16(3+2*(n+1)+20*i) >> 5 & 3
	}
}

// charAt and paraAt give what holds for the character at a place of the file.
func (r *docReader) charAt(at int) charRun {
	i, found := slices.BinarySearchFunc(r.chars, at, func(c charRun, at int) int { return cmp.Compare(c.from, at) })
	if !found {
		i--
	}
	if i < 0 || at >= r.chars[i].to {
		return charRun{}
	}
	return r.chars[i]
}

func (r *docReader) paraAt(at int) paraProp {
	i, found := slices.BinarySearchFunc(r.paras, at, func(p paraRun, at int) int { return cmp.Compare(p.from, at) })
	if !found {
		i--
	}
	if i < 0 || at >= r.paras[i].to {
		return paraProp{}
	}
	return r.paras[i].prop
}

// docStyle is what a paragraph style says, without what it inherits.
type docStyle struct {
	base  int
	title bool
	prop  paraProp
}

// Styles of Word that have a meaning of their own.
const (
	styleTitle = 62
	noStyle    = 0xFFF
)

func (r *docReader) readStyles() {
	b := r.pair(pairStyles)
	at := 2 + b.u16(0)
	count, base := b.u16(2), b.u16(4)
	for range min(count, len(b)/2) {
		std := b.part(at+2, b.u16(at))
		s := docStyle{base: noStyle}
		if len(std) > base && std.u16(2)&15 == 1 {
			s.base = std.u16(2) >> 4
			kind := std.u16(0) & 0xFFF
			name := std.u16(base)
			upx := base + 2 + 2*name + 2
			upx += upx & 1
			r.readPara(&s.prop, std.part(upx+4, std.u16(upx)-2), 1)
			s.title = kind == styleTitle
			if 1 <= kind && kind <= 9 {
				s.prop.level = min(kind, 6)
			}
		}
		r.styles = append(r.styles, s)
		at += 2 + len(std)
		at += len(std) & 1
	}
}

// resolved adds to a paragraph what its style and those below it say.
func (r *docReader) resolved(p paraProp) (prop paraProp, title bool) {
	id := p.style
	for range maxStyleChain {
		if id >= len(r.styles) {
			break
		}
		s := r.styles[id]
		title = title || s.title
		if p.level == 0 {
			p.level = s.prop.level
		}
		if !p.set && s.prop.set {
			p.list, p.listAt, p.set = s.prop.list, s.prop.listAt, true
		}
		id = s.base
	}
	return p, title
}
