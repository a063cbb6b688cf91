package extract

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// gridCell is a cell with the column it begins in.
type gridCell struct {
	Cell
	column    int
	continues bool // it goes on with the cell above
}

// maxTableDepth is how deep tables may stand in cells of tables.
const maxTableDepth = 20

// table reads one table. A table within a cell becomes lines of that cell.
func (r *docxReader) table() error {
	if r.inTable >= maxTableDepth {
		return r.x.skip()
	}
	r.inTable++
	before := r.blocks
	r.blocks = nil
	var grid [][]gridCell
	err := r.tableRows(&grid)
	r.blocks = before
	r.inTable--
	if err != nil {
		return err
	}
	if rows := joinRows(grid); len(rows) > 0 {
		r.blocks = append(r.blocks, Block{Kind: Table, Rows: rows})
	}
	return nil
}

func (r *docxReader) tableRows(grid *[][]gridCell) error {
	return r.x.children(func(s xml.StartElement) error {
		switch s.Name.Local {
		case "tr":
			row, deleted, err := r.row()
			if err == nil && !deleted {
				*grid = append(*grid, row)
			}
			return err
		case "sdt", "sdtContent", "customXml", "ins":
			return r.tableRows(grid)
		}
		return r.x.skip()
	}, nil)
}

// row reads a row; deleted tells that a tracked change has taken it out.
func (r *docxReader) row() (row []gridCell, deleted bool, err error) {
	column, head := 0, false
	var read func() error
	read = func() error {
		return r.x.children(func(s xml.StartElement) error {
			switch s.Name.Local {
			case "trPr":
				return r.x.each(map[string]func(xml.StartElement) error{
					"del":        func(xml.StartElement) error { deleted = true; r.deleted++; return r.x.skip() },
					"tblHeader":  func(s xml.StartElement) error { head = !isOff(s); return r.x.skip() },
					"gridBefore": func(s xml.StartElement) error { column += span(xmlAttr(s, "val")); return r.x.skip() },
				})
			case "tc":
				c, err := r.cell()
				c.column = column
				c.Head = head
				column += max(c.ColSpan, 1)
				row = append(row, c)
				return err
			case "sdt", "sdtContent", "customXml":
				return read()
			}
			return r.x.skip()
		}, nil)
	}
	err = read()
	return row, deleted, err
}

// cell reads a cell; its paragraphs become lines, the lines one text.
func (r *docxReader) cell() (c gridCell, err error) {
	before := r.blocks
	r.blocks = nil
	err = r.x.children(func(s xml.StartElement) error {
		switch s.Name.Local {
		case "tcPr":
			return r.x.each(map[string]func(xml.StartElement) error{
				"gridSpan": func(s xml.StartElement) error { c.ColSpan = span(xmlAttr(s, "val")); return r.x.skip() },
				"vMerge": func(s xml.StartElement) error {
					c.continues = xmlAttr(s, "val") != "restart"
					return r.x.skip()
				},
			})
		case "p":
			return r.paragraph()
		case "tbl":
			return r.table()
		case "sdt", "sdtContent", "ins", "customXml":
			return r.flow()
		}
		return r.x.skip()
	}, nil)
	var lines []string
	for _, b := range r.blocks {
		if b.Kind == Table {
			for _, row := range b.Rows {
				var cells []string
				for _, c := range row {
					cells = append(cells, c.Text)
				}
				lines = append(lines, strings.Join(cells, " "))
			}
			continue
		}
		lines = append(lines, b.Line())
	}
	c.Text = strings.Join(lines, " ")
	r.blocks = before
	return c, err
}

// span reads a span: 0 where one cell is covered, 1000 at most.
func span(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 2 {
		return 0
	}
	return min(n, 1000)
}

// joinRows turns cells that continue the one above into row spans.
func joinRows(grid [][]gridCell) [][]Cell {
	rows := make([][]Cell, len(grid))
	open := make(map[int]*Cell) // by column: the cell that may be continued
	for i, row := range grid {
		kept := make([]Cell, 0, len(row)) // never grows: pointers into it stay good
		for _, c := range row {
			if above := open[c.column]; c.continues && above != nil {
				above.RowSpan = max(above.RowSpan, 1) + 1
				continue
			}
			kept = append(kept, c.Cell)
			open[c.column] = &kept[len(kept)-1]
		}
		rows[i] = kept
	}
	for _, row := range rows {
		for _, c := range row {
			if c.Text != "" {
				return rows
			}
		}
	}
	return nil
}
