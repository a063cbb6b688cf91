package privacy

import (
	"strconv"
	"strings"
)

// hiddenCell remembers a filled cell that a hidden row or column hides.
func (t *sheetText) hiddenCell(column int, words string) {
	if t.info.hidden || t.heads[t.row] {
		return
	}
	if t.rowHidden {
		if n := len(t.hiddenRows); n == 0 || t.hiddenRows[n-1].to < t.row-1 {
			t.hiddenRows = append(t.hiddenRows, hiddenBlock{from: t.row, to: t.row})
		}
		b := &t.hiddenRows[len(t.hiddenRows)-1]
		b.to = t.row
		b.cells = append(b.cells, t.cell)
		b.words.WriteString(words + "\n")
	}
	for i, c := range t.hiddenColumns {
		if c.start <= column && column <= c.end {
			t.hiddenCells[i] = append(t.hiddenCells[i], t.cell)
			if t.hiddenWords[i] == nil {
				t.hiddenWords[i] = &strings.Builder{}
			}
			t.hiddenWords[i].WriteString(words + "\n")
		}
	}
}

// noteHidden notes what the sheet hides. Hidden cells are emptied rather than
// taken out, so that no reference elsewhere moves.
func (t *sheetText) noteHidden() {
	sheet := "工作表“" + t.info.name + "” "
	if t.info.hidden {
		t.note(HiddenSheet, strings.TrimSpace(sheet), string(t.flow.text), count("隐藏的工作表，%d 字", len(strings.Fields(string(t.flow.text)))), t.dropSheet(t.info))
	}
	for i := range t.hiddenRows {
		b := &t.hiddenRows[i]
		place := "第" + strconv.Itoa(b.from) + "行"
		if b.to > b.from {
			place = "第" + strconv.Itoa(b.from) + "–" + strconv.Itoa(b.to) + "行"
		}
		t.note(HiddenRow, sheet+place, b.words.String(), count("隐藏的行，%d 个单元格有内容", len(b.cells)), t.empty(b.cells))
	}
	for i, c := range t.hiddenColumns {
		if cells := t.hiddenCells[i]; len(cells) > 0 {
			place := columnName(c.start) + "列"
			if c.end > c.start {
				place = columnName(c.start) + "–" + columnName(min(c.end, 16384)) + "列"
			}
			t.note(HiddenColumn, sheet+place, t.hiddenWords[i].String(), count("隐藏的列，%d 个单元格有内容", len(cells)), t.empty(cells))
		}
	}
}

// empty takes the contents of cells away.
func (t *sheetText) empty(cells []node) func() error {
	part := t.info.part
	return func() error {
		for _, c := range cells {
			t.cut(part, c.start, c.end)
		}
		t.freeStrings = true
		return t.dropCalcChain()
	}
}

// dropCalcChain drops the order of calculation, which names cells that hold no
// formula any more; it is made anew when the file is opened.
func (d *office) dropCalcChain() error {
	return d.dropRelations(workbookPart, func(r relation) bool { return r.kind == "calcChain" })
}

// dropRelations takes away the relations of a part that drop picks. What no
// relation leads to any more goes when the file is written.
func (d *office) dropRelations(name string, drop func(relation) bool) error {
	d.orphan = true
	rels, err := d.relations(name)
	for _, r := range rels {
		if drop(r) {
			d.cut(relsName(name), r.node.start, r.node.end)
		}
	}
	return err
}

// dropSheet takes a sheet out of the workbook, with the names and formulas
// that point into it; values calculated from it stay.
func (t *sheetText) dropSheet(info sheetInfo) func() error {
	return func() error {
		t.freeStrings = true
		t.cut(workbookPart, info.node.start, info.node.end)
		id := info.node.attr("id")
		if err := t.dropRelations(workbookPart, func(r relation) bool { return r.id == id }); err != nil {
			return err
		}
		if err := t.dropNames(info); err != nil {
			return err
		}
		for _, s := range t.sheets {
			if s.part != info.part {
				if err := t.dropFormulas(s.part, info.name); err != nil {
					return err
				}
			}
		}
		return t.dropCalcChain()
	}
}

// dropNames takes names away that belong to a sheet or point into it, and
// counts those of later sheets anew.
func (t *sheetText) dropNames(info sheetInfo) error {
	data, err := t.get(workbookPart)
	if err != nil {
		return err
	}
	index := 0
	for i, s := range t.sheets {
		if s.part == info.part {
			index = i
		}
	}
	gone := map[int]bool{}
	return walkXML(data, xmlVisitor{
		open: func(p []node) {
			n := p[len(p)-1]
			if n.name == "workbookView" {
				for _, a := range []string{"activeTab", "firstSheet"} {
					if at, err := strconv.Atoi(n.attr(a)); err == nil && at >= index && at > 0 {
						if e, ok := attrEdit(data, n, a, strconv.Itoa(at-1)); ok {
							t.edits[workbookPart] = append(t.edits[workbookPart], e)
						}
					}
				}
			}
			if local, err := strconv.Atoi(n.attr("localSheetId")); n.name == "definedName" && err == nil && local > index {
				if e, ok := attrEdit(data, n, "localSheetId", strconv.Itoa(local-1)); ok {
					t.edits[workbookPart] = append(t.edits[workbookPart], e)
				}
			}
		},
		text: func(p []node, s string, _, _ int) {
			if n := p[len(p)-1]; n.name == "definedName" && pointsInto(s, info.name) {
				gone[n.start] = true
			}
		},
		close: func(p []node, _ int) {
			n := p[len(p)-1]
			if n.name == "definedName" && (gone[n.start] || n.attr("localSheetId") == strconv.Itoa(index)) {
				t.cut(workbookPart, n.start, n.end)
			}
		},
	})
}

// dropFormulas takes formulas away that point into a sheet.
func (d *office) dropFormulas(part, sheet string) error {
	data, err := d.get(part)
	if err != nil || data == nil {
		return err
	}
	gone := map[int]bool{}
	return walkXML(data, xmlVisitor{
		text: func(p []node, s string, _, _ int) {
			n := p[len(p)-1]
			if (n.name == "f" || strings.HasPrefix(n.name, "formula")) && pointsInto(s, sheet) {
				gone[n.start] = true
				for _, up := range p {
					gone[up.start] = gone[up.start] || up.name == "dataValidation" || up.name == "cfRule"
				}
			}
		},
		close: func(p []node, _ int) {
			if n := p[len(p)-1]; gone[n.start] && n.name != "formula" {
				d.cut(part, n.start, n.end)
			}
		},
	})
}

// pointsInto tells whether a formula names a sheet.
func pointsInto(formula, sheet string) bool {
	return strings.Contains(formula, sheet+"!") || strings.Contains(formula, "'"+strings.ReplaceAll(sheet, "'", "''")+"'!")
}

// freeUnused empties strings that no cell shows any more.
func (d *office) freeUnused() error {
	data, err := d.get(stringsPart)
	if err != nil || data == nil || !d.freeStrings {
		return err
	}
	used := map[string]bool{}
	for _, e := range d.parts {
		if e.dropped || !strings.HasPrefix(e.name, "xl/worksheets/") || !strings.HasSuffix(e.name, ".xml") {
			continue
		}
		sheet, err := d.load(e)
		if err != nil {
			return err
		}
		err = walkXML(sheet, xmlVisitor{text: func(p []node, s string, _, _ int) {
			if len(p) > 1 && p[len(p)-1].name == "v" && p[len(p)-2].attr("t") == "s" {
				used[strings.TrimSpace(s)] = true
			}
		}})
		if err != nil {
			return err
		}
	}
	n := -1
	var edits []edit
	err = walkXML(data, xmlVisitor{close: func(p []node, tail int) {
		if at := p[len(p)-1]; at.name == "si" {
			if n++; !used[strconv.Itoa(n)] && at.end > at.head {
				prefix := ""
				if i := strings.IndexByte(string(data[at.start:at.head]), ':'); i > 0 && i < 8 {
					prefix = string(data[at.start+1 : at.start+i+1])
				}
				edits = append(edits, edit{at.head, tail, "<" + prefix + "t/>"})
			}
		}
	}})
	d.put(stringsPart, applyEdits(data, edits))
	return err
}
