package publication

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/civil"
	"gongkai/internal/document"
	"gongkai/internal/extract"
	"gongkai/internal/fault"
)

// guideSheet explains the columns; a sheet of this name is not read.
const guideSheet = "填写说明"

// heading is the title of an input's column.
func (in Input) heading() string {
	if in.Required {
		return in.Label + "（必填）"
	}
	return in.Label
}

// WriteTemplate writes an XLSX workbook to fill in: one sheet with a column
// for each input of the kind, one that explains them.
func (k *Kind) WriteTemplate(w io.Writer) (err error) {
	defer fault.Wrap(&err, "publication.WriteTemplate(%s)", k.Code)
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", k.Label); err != nil {
		return err
	}
	if _, err := f.NewSheet(guideSheet); err != nil {
		return err
	}
	if err := f.SetSheetRow(guideSheet, "A1", &[]string{"项目", "是否必填", "写法"}); err != nil {
		return err
	}
	for i, in := range k.Inputs() {
		if err := k.templateColumn(f, i, in); err != nil {
			return err
		}
	}
	if err := f.SetPanes(k.Label, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := f.SetColWidth(guideSheet, "A", "B", 20); err != nil {
		return err
	}
	if err := f.SetColWidth(guideSheet, "C", "C", 90); err != nil {
		return err
	}
	return f.Write(w)
}

func (k *Kind) templateColumn(f *excelize.File, i int, in Input) error {
	column, err := excelize.ColumnNumberToName(i + 1)
	if err != nil {
		return err
	}
	if err := f.SetCellStr(k.Label, column+"1", in.heading()); err != nil {
		return err
	}
	if err := f.SetColWidth(k.Label, column, column, 18); err != nil {
		return err
	}
	if len(in.Choices) > 0 {
		v := excelize.NewDataValidation(true)
		v.Sqref = column + "2:" + column + "1000"
		if err := v.SetDropList(in.Choices); err != nil {
			return err
		}
		if err := f.AddDataValidation(k.Label, v); err != nil {
			return err
		}
	}
	required := "选填"
	if in.Required {
		required = "必填"
	}
	cell, err := excelize.CoordinatesToCellName(1, i+2)
	if err != nil {
		return err
	}
	return f.SetSheetRow(guideSheet, cell, &[]string{in.Label, required, in.howTo()})
}

// WriteTemplateCSV writes the headings alone, in UTF-8 with the mark by which
// spreadsheet programs recognise it.
func (k *Kind) WriteTemplateCSV(w io.Writer) error {
	if _, err := w.Write(bom); err != nil {
		return err
	}
	var headings []string
	for _, in := range k.Inputs() {
		headings = append(headings, in.heading())
	}
	out := csv.NewWriter(w)
	if err := out.Write(headings); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// howTos says how a value of each type is written in a cell.
var howTos = map[FieldType]string{
	TypeText: "一行文字", TypeLongText: "文字，可以换行", TypeDate: "日期，例如 2021-06-11", TypeNumber: "数字，不带单位，例如 9.99",
	TypeInteger: "整数，例如 2021", TypeChoice: "从列表里选", TypeList: "每行一个（在格子里换行），或用分号隔开", TypeUnit: "单位的全称、简称或代码",
	TypeURL: "网址，以 http:// 或 https:// 开头", TypeTable: "每行一条（在格子里换行），各栏用竖线 | 隔开",
}

func (in Input) howTo() string {
	parts := []string{howTos[in.Type]}
	if len(in.Choices) > 0 {
		parts = append(parts, "可选："+strings.Join(in.Choices, "、"))
	}
	if len(in.Columns) > 0 {
		var labels []string
		for _, c := range in.Columns {
			labels = append(labels, c.Label)
		}
		parts = append(parts, "各栏："+strings.Join(labels, "|"))
	}
	if in.Help != "" {
		parts = append(parts, in.Help)
	}
	return strings.Join(parts, "；")
}

// ImportSheet takes in a filled template, XLSX or CSV, as Import does lines.
// Line numbers in the report are the rows of the sheet. code is the kind; it
// may be empty where the sheet has the kind's name, as templates have.
func (s *Store) ImportSheet(ctx context.Context, name string, data []byte, code string, opts ImportOptions) (report Report, err error) {
	lines, err := s.SheetLines(name, data, code)
	if err != nil {
		return Report{}, err
	}
	return s.Import(ctx, bytes.NewReader(lines), opts)
}

// SheetLines makes interchange lines of a filled template, one for each row,
// at the line of the row's number. What a cell should not hold is left in for
// Import to refuse by name.
func (s *Store) SheetLines(name string, data []byte, code string) ([]byte, error) {
	sheets, err := extract.ReadSheets(name, data, extract.Limits{})
	if err != nil {
		return nil, err
	}
	sheet, kind, err := s.filledSheet(name, sheets, code)
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
func (s *Store) filledSheet(name string, sheets []extract.Sheet, code string) (extract.Sheet, *Kind, error) {
	sheets = slices.DeleteFunc(sheets, func(x extract.Sheet) bool { return x.Name == guideSheet || len(x.Rows) == 0 })
	for _, sheet := range sheets {
		for _, k := range s.Kinds.All() {
			if k.Code == code || code == "" && k.Label == sheet.Name {
				return sheet, k, nil
			}
		}
	}
	if code != "" {
		return extract.Sheet{}, nil, fault.New(fault.Invalid, "kind_unknown", "没有“%s”这个种类，或者表是空的。可用的种类有：%s。", fault.Clip(code, 40), s.Kinds.codes()).At("%s", name)
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
			line[key] = Body{document.Text, row[c]}
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
		if _, ok := decimal(n); ok && json.Valid([]byte(n)) {
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
