package extract

import (
	"bytes"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/fault"
)

// Sheet is one sheet of a workbook, or a CSV file. Empty rows are left out.
type Sheet struct {
	Name       string
	Hidden     bool
	Rows       [][]string   // of equal meaning by column; short rows end early
	RowNumbers []int        // of each of Rows, as the file counts them from 1
	HiddenRows map[int]bool // by row number, rows of Rows only
	HiddenCols map[int]bool // by column from 0
	Warnings   []string

	merged map[[2]int]bool   // by index of row and column: filled from its top left
	spans  map[[2]int][2]int // top left of merged cells: rows and columns covered
}

// Merged tells whether the cell at an index of Rows and a column from 0 is
// part of a merged cell and holds a copy of its top left.
func (s *Sheet) Merged(row, column int) bool { return s.merged[[2]int{row, column}] }

// ReadSheets reads the sheets of an XLSX or CSV file, hidden ones included.
// Cells have the text that a person sees. name is for messages and for the
// name of a CSV file's only sheet.
func ReadSheets(name string, data []byte, limits Limits) ([]Sheet, error) {
	limits = limits.withDefaults()
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	sheets, err := readSheets(base, data, limits)
	if f, ok := fault.Of(err); ok && f.Place == "" && name != "" {
		return nil, f.At("%s", base)
	}
	return sheets, err
}

func readSheets(name string, data []byte, limits Limits) ([]Sheet, error) {
	if err := checkSize(data, limits); err != nil {
		return nil, err
	}
	switch kind := Detect(data); kind {
	case XLSX:
		return readXLSX(data, limits)
	case PlainText:
		s, err := readCSV(name, data, limits)
		return []Sheet{s}, err
	case Page, DOCX:
		return nil, fault.New(fault.Invalid, "not_a_sheet", "这不是表格文件。请另存为 XLSX 或 CSV 后再交。")
	default:
		return nil, refuse(kind)
	}
}

func readXLSX(data []byte, limits Limits) (sheets []Sheet, err error) {
	a, err := openArchive(data, limits)
	if err != nil {
		return nil, err
	}
	if err := a.checkAll(); err != nil {
		return nil, err
	}
	defer func() {
		// The library reads what others wrote; on malformed parts it may panic.
		if p := recover(); p != nil {
			sheets, err = nil, broken("表格", nil)
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: limits.Unpacked, UnzipXMLSizeLimit: limits.Unpacked,
	})
	if err != nil {
		return nil, broken("表格", err)
	}
	defer f.Close()
	for _, name := range f.GetSheetList() {
		s, err := readSheet(f, name, limits)
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, s)
	}
	return sheets, nil
}

func readSheet(f *excelize.File, name string, limits Limits) (Sheet, error) {
	s := Sheet{Name: name, HiddenRows: make(map[int]bool), HiddenCols: make(map[int]bool)}
	visible, err := f.GetSheetVisible(name)
	if err != nil {
		return s, broken("表格", err)
	}
	s.Hidden = !visible
	rows, err := f.Rows(name)
	if err != nil {
		return s, broken("表格", err)
	}
	defer rows.Close()
	for number := 1; rows.Next(); number++ {
		hidden := rows.GetRowOpts().Hidden
		cells, err := rows.Columns()
		if err != nil {
			return s, broken("表格", err)
		}
		if err := s.add(number, cells, limits); err != nil {
			return s, err
		}
		if n := len(s.RowNumbers); hidden && n > 0 && s.RowNumbers[n-1] == number {
			s.HiddenRows[number] = true
		}
	}
	if err := rows.Error(); err != nil {
		return s, broken("表格", err)
	}
	if err := s.findHiddenCols(f); err != nil {
		return s, err
	}
	return s, s.fillMerged(f)
}

// add appends a row that is not empty.
func (s *Sheet) add(number int, cells []string, limits Limits) error {
	last := -1
	for i, c := range cells {
		if cells[i] = cleanText(c); cells[i] != "" {
			last = i
		}
	}
	if last < 0 {
		return nil
	}
	if last >= limits.Columns {
		return tooLarge("工作表“%s”第 %d 行有 %d 列，超过上限 %d 列。请删去多余的列再交。", s.Name, number, last+1, limits.Columns)
	}
	if len(s.Rows) >= limits.Rows {
		return tooLarge("工作表“%s”超过 %d 行。请拆成几份再交。", s.Name, limits.Rows)
	}
	s.Rows = append(s.Rows, cells[:last+1])
	s.RowNumbers = append(s.RowNumbers, number)
	return nil
}

func (s *Sheet) findHiddenCols(f *excelize.File) error {
	width := 0
	for _, row := range s.Rows {
		width = max(width, len(row))
	}
	for i := range width {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return broken("表格", err)
		}
		visible, err := f.GetColVisible(s.Name, name)
		if err != nil {
			return broken("表格", err)
		}
		if !visible {
			s.HiddenCols[i] = true
		}
	}
	return nil
}

// fillMerged copies the top left of every merged cell to the rest of it, as
// far as rows that are not empty go.
func (s *Sheet) fillMerged(f *excelize.File) error {
	cells, err := f.GetMergeCells(s.Name)
	if err != nil {
		return broken("表格", err)
	}
	index := make(map[int]int, len(s.RowNumbers))
	width := 0
	for i, n := range s.RowNumbers {
		index[n] = i
		width = max(width, len(s.Rows[i]))
	}
	s.merged = make(map[[2]int]bool)
	s.spans = make(map[[2]int][2]int)
	for _, c := range cells {
		left, top, err1 := excelize.CellNameToCoordinates(c.GetStartAxis())
		right, bottom, err2 := excelize.CellNameToCoordinates(c.GetEndAxis())
		if err1 != nil || err2 != nil || left > width {
			continue
		}
		if i, ok := index[top]; ok {
			last := len(s.RowNumbers)
			for j := i; j < last; j++ {
				if s.RowNumbers[j] > bottom {
					last = j
				}
			}
			s.fill(i, last, left-1, min(right, width))
		}
	}
	return nil
}

// fill copies the cell at row, column to the rows before lastRow and the
// columns before lastColumn.
func (s *Sheet) fill(row, lastRow, column, lastColumn int) {
	text := ""
	if column < len(s.Rows[row]) {
		text = s.Rows[row][column]
	}
	s.spans[[2]int{row, column}] = [2]int{lastRow - row, lastColumn - column}
	for i := row; i < lastRow; i++ {
		for len(s.Rows[i]) < lastColumn {
			s.Rows[i] = append(s.Rows[i], "")
		}
		for j := column; j < lastColumn; j++ {
			if i != row || j != column {
				s.Rows[i][j] = text
				s.merged[[2]int{i, j}] = true
			}
		}
	}
}

// table gives the sheet as a table with spans; hidden rows and columns are
// left out.
func (s *Sheet) table() (rows [][]Cell, hidden bool) {
	for i, row := range s.Rows {
		if s.HiddenRows[s.RowNumbers[i]] {
			hidden = true
			continue
		}
		var cells []Cell
		for j, text := range row {
			if s.HiddenCols[j] {
				hidden = hidden || text != ""
				continue
			}
			at := [2]int{i, j}
			if s.merged[at] {
				continue
			}
			c := Cell{Text: text}
			if sp, ok := s.spans[at]; ok {
				c.RowSpan, c.ColSpan = sp[0], sp[1]
			}
			cells = append(cells, c)
		}
		rows = append(rows, cells)
	}
	return rows, hidden
}

// sheetDocument reads a workbook as a document: a heading and a table for
// every visible sheet.
func sheetDocument(data []byte, limits Limits) (Document, error) {
	sheets, err := readXLSX(data, limits)
	if err != nil {
		return Document{}, err
	}
	var doc Document
	for i := range sheets {
		s := &sheets[i]
		if s.Hidden {
			doc.Warnings = append(doc.Warnings, "工作表“"+s.Name+"”是隐藏的，没有取出；公开前请删除。")
			continue
		}
		rows, hidden := s.table()
		if hidden {
			doc.Warnings = append(doc.Warnings, "工作表“"+s.Name+"”有隐藏的行或列，没有取出；公开前请删除。")
		}
		if len(rows) > 0 {
			doc.Blocks = append(doc.Blocks, Block{Kind: Heading, Level: 1, Text: s.Name}, Block{Kind: Table, Rows: rows})
		}
	}
	if len(doc.Blocks) > 0 {
		doc.Title = sheetTitle(doc.Blocks)
	}
	return doc, nil
}

// sheetTitle is the first row of the first sheet where one cell stands alone
// there, else the sheet's name.
func sheetTitle(blocks []Block) string {
	text := ""
	for _, c := range blocks[1].Rows[0] {
		if c.Text != "" && text != "" {
			return blocks[0].Text
		}
		text += c.Text
	}
	return text
}
