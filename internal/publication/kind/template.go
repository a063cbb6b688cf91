package kind

import (
	"encoding/csv"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

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
	defer fault.Wrap(&err, "kind.WriteTemplate(%s)", k.Code)
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
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
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
