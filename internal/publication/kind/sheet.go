package kind

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/document"
	"gongkai/internal/extract"
	"gongkai/internal/fault"
)

// SheetLines makes interchange lines of a filled template, one for each row,
// at the line of the row's number. What a cell should not hold is left in for
// Import to refuse by name.
func (k *Set) SheetLines(name string, data []byte, code string) ([]byte, error) {
	sheets, err := extract.ReadSheets(name, data, extract.Limits{})
	if err != nil {
		return nil, err
	}
	sheet, kind, err := k.filledSheet(name, sheets, code)
	if err != nil {
		return nil, err
	}
	inputs := kind.Inputs()
	want := map[string][]string{}
	for _, in := range inputs {
		want[in.Path] = []string{in.Label}
	}
	head := extract.HeaderIndex(sheet.Rows, want)
	for _, in := range inputs {
		if _, ok := head.Columns[in.Path]; in.Required && !ok {
			return nil, fault.New(fault.Invalid, "template_heading", "表里没有“%s”这一栏。请用种类“%s”的模板，不要改动表头。", in.Label, kind.Label).At("%s", name)
		}
	}
	var out bytes.Buffer
	at := 1 // the line that is written next
	for i := head.Data; i < len(sheet.Rows); i++ {
		for ; at < sheet.RowNumbers[i]; at++ {
			out.WriteByte('\n')
		}
		text, err := json.Marshal(rowLine(kind, inputs, head, sheet.Rows[i]))
		if err != nil {
			return nil, err
		}
		out.Write(text)
	}
	return out.Bytes(), nil
}

// filledSheet finds the sheet that holds records, and their kind.
func (k *Set) filledSheet(name string, sheets []extract.Sheet, code string) (extract.Sheet, *Kind, error) {
	sheets = slices.DeleteFunc(sheets, func(x extract.Sheet) bool { return x.Name == guideSheet || len(x.Rows) == 0 })
	for _, sheet := range sheets {
		for _, kind := range k.list {
			if kind.Code == code || code == "" && kind.Label == sheet.Name {
				return sheet, kind, nil
			}
		}
	}
	if code != "" {
		return extract.Sheet{}, nil, fault.New(fault.Invalid, "kind_unknown", "没有“%s”这个种类，或者表是空的。可用的种类有：%s。", fault.Clip(code, 40), k.Codes()).At("%s", name)
	}
	return extract.Sheet{}, nil, fault.New(fault.Invalid, "template_kind", "看不出这张表是哪一种信息：工作表的名字应是种类的名称，如“政策文件”。").At("%s", name)
}

// rowLine makes the keys of a line from a row.
func rowLine(kind *Kind, inputs []Input, head extract.Header, row []string) map[string]any {
	line, fields := map[string]any{"kind": kind.Code}, map[string]any{}
	for _, in := range inputs {
		c, ok := head.Columns[in.Path]
		if !ok || c >= len(row) || strings.TrimSpace(row[c]) == "" {
			continue
		}
		v := in.fromCell(strings.TrimSpace(row[c]))
		switch key, own := strings.CutPrefix(in.Path, "fields."); {
		case own:
			fields[key] = v
		case key == "body":
			line[key] = map[string]string{"format": string(document.Text), "text": row[c]}
		default:
			line[key] = v
		}
	}
	if len(fields) > 0 {
		line["fields"] = fields
	}
	return line
}

// fromCell reads a cell as the field's type. What it cannot read it leaves as
// text.
func (f Field) fromCell(text string) any {
	switch f.Type {
	case TypeDate:
		if d, err := document.ParseDateText(text, civil.Date{}); err == nil && d.Precision == document.ToDay {
			return d.First.String()
		}
	case TypeNumber, TypeInteger:
		n := json.Number(strings.ReplaceAll(text, ",", ""))
		if _, ok := Decimal(n); ok && json.Valid([]byte(n)) {
			return n
		}
	case TypeList:
		return cellParts(text, "\n；;")
	case TypeTable:
		var rows []any
		for _, line := range cellParts(text, "\n") {
			rows = append(rows, f.rowFromCell(line.(string)))
		}
		return rows
	}
	return text
}

func (f Field) rowFromCell(line string) map[string]any {
	row := map[string]any{}
	parts := strings.FieldsFunc(strings.ReplaceAll(line, "||", "| |"), func(r rune) bool { return r == '|' || r == '｜' || r == '\t' })
	for i, c := range f.Columns {
		if i < len(parts) && strings.TrimSpace(parts[i]) != "" {
			row[c.Key] = c.fromCell(strings.TrimSpace(parts[i]))
		}
	}
	return row
}

// cellParts cuts a cell at any of the separators and drops empty parts.
func cellParts(text, separators string) []any {
	parts := []any{}
	for _, p := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(separators, r) || r == '\r' }) {
		if p = strings.TrimSpace(p); p != "" {
			parts = append(parts, p)
		}
	}
	return parts
}
