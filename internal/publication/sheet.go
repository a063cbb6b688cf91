package publication

import (
	"bytes"
	"context"
)

// ImportSheet takes in a filled template, XLSX or CSV, as Import does lines.
// Line numbers in the report are the rows of the sheet. code is the kind; it
// may be empty where the sheet has the kind's name, as templates have.
func (s *Store) ImportSheet(ctx context.Context, name string, data []byte, code string, opts ImportOptions) (report Report, err error) {
	lines, err := s.Kinds.SheetLines(name, data, code)
	if err != nil {
		return Report{}, err
	}
	return s.Import(ctx, bytes.NewReader(lines), opts)
}
