package privacy

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/civil"
)

// workbook is what is read once for all sheets of an XLSX file.
type workbook struct {
	sheets  []sheetInfo
	strings []sharedString
	dates   map[int]bool // styles that show numbers as dates
}

type sheetInfo struct {
	name, part string
	hidden     bool
	node       node // of xl/workbook.xml
}

// sharedString is an entry of the table of strings: the pieces that show.
type sharedString []textPiece

type textPiece struct {
	text       string
	start, end int
}

const (
	workbookPart = "xl/workbook.xml"
	stringsPart  = "xl/sharedStrings.xml"
	stylesPart   = "xl/styles.xml"
)

func (d *office) readWorkbook() (*workbook, error) {
	w := &workbook{dates: map[int]bool{}}
	rels, err := d.relations(workbookPart)
	if err != nil {
		return nil, err
	}
	data, err := d.get(workbookPart)
	if err != nil {
		return nil, err
	}
	err = walkXML(data, xmlVisitor{close: func(p []node, _ int) {
		n := p[len(p)-1]
		if n.name != "sheet" {
			return
		}
		i := slices.IndexFunc(rels, func(r relation) bool { return r.id == n.attr("id") })
		if i >= 0 {
			w.sheets = append(w.sheets, sheetInfo{n.attr("name"), rels[i].target, n.attr("state") == "hidden" || n.attr("state") == "veryHidden", n})
		}
	}})
	if err != nil {
		return nil, err
	}
	if err := d.readStrings(w); err != nil {
		return nil, err
	}
	return w, d.readDates(w)
}

func (d *office) readStrings(w *workbook) error {
	data, err := d.get(stringsPart)
	if err != nil || data == nil {
		return err
	}
	return walkXML(data, xmlVisitor{
		open: func(p []node) {
			if p[len(p)-1].name == "si" {
				w.strings = append(w.strings, nil)
			}
		},
		text: func(p []node, s string, b, e int) {
			if p[len(p)-1].name == "t" && !within(p, "rPh") && len(w.strings) > 0 {
				last := &w.strings[len(w.strings)-1]
				*last = append(*last, textPiece{s, b, e})
			}
		},
	})
}

// readDates learns which styles of cells show dates.
func (d *office) readDates(w *workbook) error {
	data, err := d.get(stylesPart)
	if err != nil || data == nil {
		return err
	}
	own := map[int]bool{}
	cells := 0
	return walkXML(data, xmlVisitor{open: func(p []node) {
		n := p[len(p)-1]
		switch {
		case n.name == "numFmt":
			id, _ := strconv.Atoi(n.attr("numFmtId"))
			own[id] = strings.ContainsAny(strings.ToLower(n.attr("formatCode")), "yd")
		case n.name == "xf" && within(p, "cellXfs"):
			id, _ := strconv.Atoi(n.attr("numFmtId"))
			w.dates[cells] = own[id] || 14 <= id && id <= 17 || id == 22 || 27 <= id && id <= 36 || 50 <= id && id <= 58
			cells++
		}
	}})
}

// sheetText reads one sheet.
type sheetText struct {
	*office
	*workbook
	info sheetInfo
	flow *partFlow

	row, column   int // from 1; the last that was read
	cell          node
	value, inline []textPiece
	rowHidden     bool
	hiddenColumns []span // start and end are columns from 1
	hiddenRows    []hiddenBlock
	hiddenCells   map[int][]node // by column
	hiddenWords   map[int]*strings.Builder
	heads         map[int]bool // rows that head a table of the sheet, which must keep their names
}

// hiddenBlock is hidden rows that follow each other and hold something.
type hiddenBlock struct {
	from, to int
	cells    []node
	words    strings.Builder
}

func (d *office) readSheet(w *workbook, info sheetInfo) error {
	data, err := d.get(info.part)
	if err != nil || data == nil {
		return err
	}
	t := &sheetText{office: d, workbook: w, info: info, flow: &partFlow{}, hiddenCells: map[int][]node{}, hiddenWords: map[int]*strings.Builder{}, heads: d.tableHeads(info.part)}
	t.flow.at(d.prefix + "工作表“" + info.name + "”")
	if err := walkXML(data, xmlVisitor{open: t.open, close: t.close, text: t.text}); err != nil {
		return err
	}
	d.flows = append(d.flows, t.flow)
	t.noteHidden()
	return nil
}

// tableHeads gives the first rows of the tables that a sheet defines.
func (d *office) tableHeads(part string) map[int]bool {
	heads := map[int]bool{}
	rels, _ := d.relations(part) // a broken part is met again where it is read
	for _, r := range rels {
		if r.kind != "table" || r.external {
			continue
		}
		data, _ := d.get(r.target)
		_ = walkXML(data, xmlVisitor{open: func(p []node) {
			if n := p[len(p)-1]; n.name == "table" {
				_, row := cellAt(n.attr("ref"))
				heads[row] = true
			}
		}})
	}
	return heads
}

func (t *sheetText) open(p []node) {
	n := p[len(p)-1]
	switch n.name {
	case "col":
		if n.attr("hidden") == "1" || n.attr("hidden") == "true" {
			from, _ := strconv.Atoi(n.attr("min"))
			to, _ := strconv.Atoi(n.attr("max"))
			t.hiddenColumns = append(t.hiddenColumns, span{start: from, end: to})
		}
	case "row":
		t.row++
		if r, err := strconv.Atoi(n.attr("r")); err == nil {
			t.row = r
		}
		t.column = 0
		t.rowHidden = n.attr("hidden") == "1" || n.attr("hidden") == "true"
	case "c":
		t.cell, t.value, t.inline = n, nil, nil
	}
}

func (t *sheetText) text(p []node, s string, b, e int) {
	switch n := p[len(p)-1].name; {
	case n == "v" && within(p, "c"):
		t.value = append(t.value, textPiece{s, b, e})
	case n == "t" && within(p, "is"):
		t.inline = append(t.inline, textPiece{s, b, e})
	case strings.HasSuffix(n, "Header") || strings.HasSuffix(n, "Footer"):
		t.flow.at(t.prefix + "工作表“" + t.info.name + "”页眉页脚")
		t.flow.say(s, t.info.part, b, e, escapeXML)
		t.flow.write("\n")
	case n == "f" || n == "formula1" || n == "formula2":
		if strings.ContainsAny(s, `"`) { // text within a formula
			t.flow.at(t.prefix + "工作表“" + t.info.name + "”公式")
			t.flow.say(s, t.info.part, b, e, escapeXML)
			t.flow.write("\n")
		}
	}
}

func (t *sheetText) close(p []node, _ int) {
	n := p[len(p)-1]
	switch n.name {
	case "row":
		t.flow.write("\n")
	case "c":
		t.cell.end = n.end
		t.endCell()
	}
}

// gapMax is how many empty cells are kept between two that are filled.
const gapMax = 256

// endCell puts a cell into the flow, in its column.
func (t *sheetText) endCell() {
	column, _ := cellAt(t.cell.attr("r"))
	if column == 0 {
		column = t.column + 1
	}
	for gap := 0; t.column < column && gap < gapMax; gap++ {
		if t.column > 0 {
			t.flow.write("\t")
		}
		t.column++
	}
	t.column = column
	ref := columnName(column) + strconv.Itoa(t.row)
	t.flow.at(t.prefix + "工作表“" + t.info.name + "” " + ref)
	before := len(t.flow.text)
	t.sayCell()
	if words := string(t.flow.text[before:]); words != "" {
		t.hiddenCell(column, words)
	}
}

func (t *sheetText) sayCell() {
	f := t.flow
	switch kind := t.cell.attr("t"); {
	case kind == "inlineStr":
		for _, s := range t.inline {
			f.say(oneLine(s.text), t.info.part, s.start, s.end, escapeXML)
		}
	case len(t.value) == 0:
	case kind == "s":
		i, err := strconv.Atoi(strings.TrimSpace(t.value[0].text))
		if err != nil || i < 0 || i >= len(t.strings) {
			return
		}
		for _, s := range t.strings[i] {
			f.say(oneLine(s.text), stringsPart, s.start, s.end, escapeXML)
		}
	case kind == "" || kind == "n":
		style, _ := strconv.Atoi(t.cell.attr("s"))
		f.say(numberText(t.value[0].text, t.dates[style]), t.info.part, t.cell.start, t.cell.end, t.inlineCell())
	case kind == "str" || kind == "d":
		f.say(oneLine(t.value[0].text), t.info.part, t.cell.start, t.cell.end, t.inlineCell())
	}
}

// oneLine keeps breaks within a cell from dividing it.
func oneLine(s string) string {
	return strings.NewReplacer("\r\n", "\v", "\n", "\v", "\t", " ").Replace(s)
}

// inlineCell writes the cell anew, as text of its own.
func (t *sheetText) inlineCell() func(string) string {
	ref, style := t.cell.attr("r"), t.cell.attr("s")
	return func(text string) string {
		var b strings.Builder
		b.WriteString(`<c`)
		for _, a := range [][2]string{{"r", ref}, {"s", style}} {
			if a[1] != "" {
				b.WriteString(` ` + a[0] + `="` + escapeXML(a[1]) + `"`)
			}
		}
		return b.String() + ` t="inlineStr"><is><t>` + escapeXML(text) + `</t></is></c>`
	}
}

// numberText is a number as people meant it: whole numbers in full, dates as
// dates.
func numberText(v string, date bool) string {
	x, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
	switch {
	case err != nil:
		return v
	case date && x >= 1 && x < 2958466:
		return civil.MustDate("1899-12-30").AddDays(int(x)).String()
	case x == math.Trunc(x) && math.Abs(x) < 1e18:
		return strconv.FormatInt(int64(x), 10)
	}
	return v
}

// cellAt reads the first cell of a reference: B7 is column 2, row 7.
func cellAt(ref string) (column, row int) {
	for i, r := range ref {
		switch {
		case 'A' <= r && r <= 'Z' && row == 0 && column < 1<<20:
			column = column*26 + int(r-'A') + 1
		case isDigit(r) && row < 1<<24:
			row = row*10 + int(r-'0')
		case r == '$':
		default:
			return column, row
		}
		_ = i
	}
	return column, row
}

func columnName(n int) string {
	var b []byte
	for ; n > 0; n = (n - 1) / 26 {
		b = append(b, byte('A'+(n-1)%26))
	}
	slices.Reverse(b)
	return string(b)
}
