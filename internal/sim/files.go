package sim

import (
	"bytes"
	"encoding/csv"
	"io/fs"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"
)

// files are attachments in memory, by name.
type files map[string][]byte

// Open makes files an fs.FS.
func (f files) Open(name string) (fs.File, error) {
	data, ok := f[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &file{Reader: bytes.NewReader(data), name: name, size: int64(len(data))}, nil
}

// file is one open file of files, and its own description.
type file struct {
	*bytes.Reader
	name string
	size int64
}

func (f *file) Stat() (fs.FileInfo, error) { return f, nil }
func (f *file) Close() error               { return nil }
func (f *file) Name() string               { return f.name }
func (f *file) Size() int64                { return f.size }
func (f *file) Mode() fs.FileMode          { return 0o444 }
func (f *file) ModTime() time.Time         { return time.Time{} }
func (f *file) IsDir() bool                { return false }
func (f *file) Sys() any                   { return nil }

// csvFile is a table as a CSV file that spreadsheets open.
func csvFile(rows [][]string) ([]byte, error) {
	out := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(out)
	if err := w.WriteAll(rows); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// typed makes numbers of the cells that are numbers.
func typed(row []string) []any {
	cells := make([]any, len(row))
	for i, text := range row {
		cells[i] = text
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			cells[i] = n
		}
	}
	return cells
}

// xlsxFile is a table as a workbook with one sheet. The same table gives the
// same bytes.
func xlsxFile(sheet string, rows [][]string) (data []byte, err error) {
	book := excelize.NewFile()
	defer book.Close()
	if err := book.SetSheetName("Sheet1", sheet); err != nil {
		return nil, err
	}
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return nil, err
		}
		if err := book.SetSheetRow(sheet, cell, new(typed(row))); err != nil {
			return nil, err
		}
	}
	out, err := book.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
