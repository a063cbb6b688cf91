package extract

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Characters of DOC that are no text.
const (
	docPicture    = 0x01
	docNote       = 0x02
	docComment    = 0x05
	docCell       = 0x07
	docShape      = 0x08
	docLine       = 0x0B
	docSection    = 0x0C
	docParagraph  = 0x0D
	docColumn     = 0x0E
	docFieldBegin = 0x13
	docFieldSep   = 0x14
	docFieldEnd   = 0x15
	docHyphen     = 0x1E
	docSoftHyphen = 0x1F
)

// char takes one character; at is its place in the file.
func (r *docReader) char(c rune, at int) {
	run := r.charAt(at)
	switch c {
	case docParagraph, docSection:
		r.endParagraph(r.paraAt(at))
		return
	case docCell:
		r.endCell(r.paraAt(at))
		return
	}
	if !r.visible(run) {
		return
	}
	fields := &r.out.fields
	switch c {
	case docFieldBegin:
		*fields = append(*fields, true)
	case docFieldSep:
		if n := len(*fields); n > 0 {
			(*fields)[n-1] = false
		}
	case docFieldEnd:
		if n := len(*fields); n > 0 {
			*fields = (*fields)[:n-1]
		}
	default:
		if !slices.Contains(*fields, true) {
			r.write(c, run)
		}
	}
}

// visible leaves out what was deleted or is hidden, and counts it by runs.
func (r *docReader) visible(run charRun) bool {
	fresh := run.from != r.out.last.from
	r.out.last = run
	if fresh {
		switch {
		case run.deleted:
			r.count.deleted++
		case run.hidden:
			r.count.hidden++
		case run.inserted:
			r.count.inserted++
		}
	}
	return !run.deleted && !run.hidden
}

func (r *docReader) write(c rune, run charRun) {
	w := &r.out.para
	switch c {
	case docLine, docColumn:
		w.WriteByte('\n')
	case docHyphen:
		w.WriteByte('-')
	case docSoftHyphen:
	case docPicture, docShape:
		r.count.pictures++
	case docNote:
		r.count.notes++
	case docComment:
		r.count.comments++
	case '\t':
		w.WriteByte('\t')
	default:
		if c >= ' ' && !(run.special && c == '(') {
			w.WriteRune(c)
		}
	}
}

// takeText ends the text of a paragraph.
func (r *docReader) takeText() string {
	s := cleanText(r.out.para.String())
	r.out.para.Reset()
	return s
}

// endParagraph ends a paragraph: a line of a cell within tables, else a block.
func (r *docReader) endParagraph(p paraProp) {
	p, title := r.resolved(p)
	text := r.takeText()
	number := ""
	if text != "" && p.list > 0 {
		number = r.numbering.next(numRef{id: strconv.Itoa(p.list), level: p.listAt})
	}
	if p.inTable || p.depth > 0 {
		if text != "" {
			r.out.cell = append(r.out.cell, number+text)
		}
		return
	}
	r.endTable()
	b := Block{Text: text, Number: number}
	switch {
	case title && text != "" && r.title == "":
		r.title = strings.ReplaceAll(text, "\n", "")
		b.Kind, b.Level = Heading, 1
	case p.level > 0:
		b.Kind, b.Level = Heading, p.level
	}
	for _, line := range strings.Split(text, "\n") {
		if line = strings.Trim(line, blanks); line != "" {
			b.Text = line
			r.blocks = append(r.blocks, b)
			b.Number = ""
		}
	}
}

// endCell ends a cell or, at the mark behind the last of them, a row.
func (r *docReader) endCell(p paraProp) {
	if p.endsRow {
		r.takeText()
		r.out.rows = append(r.out.rows, docRow{cells: r.out.row, edges: p.edges, down: p.vertical})
		r.out.row, r.out.cell = nil, nil
		if len(r.out.rows) >= maxCells {
			r.endTable()
		}
		return
	}
	r.endParagraph(paraProp{style: p.style, list: p.list, listAt: p.listAt, set: p.set, inTable: true})
	r.out.row = append(r.out.row, strings.Join(r.out.cell, " "))
	r.out.cell = nil
}

// endTable makes a table of the rows read. The edges of all rows together are
// its columns.
func (r *docReader) endTable() {
	rows := r.out.rows
	if len(r.out.row) > 0 || len(r.out.cell) > 0 { // a row that never ended
		rows = append(rows, docRow{cells: append(r.out.row, r.out.cell...)})
	}
	r.out.rows, r.out.row, r.out.cell = nil, nil, nil
	if len(rows) == 0 {
		return
	}
	var edges []int
	for _, row := range rows {
		edges = append(edges, row.edges...)
	}
	slices.Sort(edges)
	const near = 30 // twentieths of a point
	edges = slices.CompactFunc(edges, func(a, b int) bool { return max(a-b, b-a) < near })
	grid := make([][]gridCell, len(rows))
	for i, row := range rows {
		for j, text := range row.cells {
			c := gridCell{Cell: Cell{Text: text}, column: j}
			if j+1 < len(row.edges) {
				from, to := column(edges, row.edges[j]), column(edges, row.edges[j+1])
				c.column = from
				if to-from > 1 {
					c.ColSpan = to - from
				}
			}
			c.continues = j < len(row.down) && row.down[j] == 1
			grid[i] = append(grid[i], c)
		}
	}
	if table := joinRows(grid); len(table) > 0 {
		r.blocks = append(r.blocks, Block{Kind: Table, Rows: table})
	}
}

// column is the column that begins at an edge.
func column(edges []int, x int) int {
	i, found := slices.BinarySearch(edges, x)
	if !found {
		i--
	}
	return max(i, 0)
}

// listFormats are the ways of counting of MS-OSHARED (MSONFC) by the names that
// DOCX has for them.
var listFormats = map[int]string{
	0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter", 10: "ideographDigital", 11: "japaneseCounting",
	14: "decimalFullWidth", 18: "decimalEnclosedCircle", 19: "decimalFullWidth2", 22: "decimalZero", 23: "bullet",
	28: "decimalEnclosedCircle", 35: "taiwaneseCountingThousand", 37: "chineseCounting", 38: "chineseLegalSimplified",
	39: "chineseCountingThousand", 255: "none",
}

// readLists reads the lists of the file and their uses, which paragraphs name.
func (r *docReader) readLists() {
	r.numbering = numbering{abstract: make(map[string]*abstractList), lists: make(map[string]*abstractList)}
	lists := r.pair(pairLists)
	n := lists.u16(0)
	levels := r.table.part(r.main.u32(fibPairs+8*pairLists)+len(lists), len(r.table))
	at := 0
	for i := range min(n, len(lists)/28) {
		entry := lists.part(2+28*i, 28)
		count := maxListLevels
		if entry.u8(26)&1 != 0 {
			count = 1
		}
		list := new(abstractList)
		for l := range count {
			at += readDocLevel(levels.part(at, len(levels)), &list.levels[l])
		}
		r.numbering.abstract[strconv.Itoa(entry.u32(0))] = list
	}
	uses := r.pair(pairUses)
	for i := range min(uses.u32(0), len(uses)/16) {
		use := uses.part(4+16*i, 16)
		list := r.numbering.abstract[strconv.Itoa(use.u32(0))]
		if list == nil {
			continue
		}
		if use.u8(12) > 0 { // it overrides something: it counts by itself
			own := *list
			list = &own
		}
		r.numbering.lists[strconv.Itoa(i+1)] = list
	}
}

// readDocLevel reads one level of a list and gives its length.
func readDocLevel(b bin, level *listLevel) int {
	level.start, level.format, level.legal = b.u32(0), listFormats[b.u8(4)], b.u8(5)&4 != 0
	at := 28 + b.u8(24) + b.u8(25)
	n := min(b.u16(at), 64)
	var units []uint16
	for i := range n {
		if c := b.u16(at + 2 + 2*i); c < maxListLevels {
			units = append(units, '%', uint16('1'+c))
		} else {
			units = append(units, uint16(c))
		}
	}
	level.text = string(utf16.Decode(units))
	return at + 2 + 2*b.u16(at)
}
