package unit

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/document"
	"gongkai/internal/fault"
)

// Headings of the table of units.
const (
	colName      = "名称"
	colShort     = "简称"
	colAliases   = "别名"
	colKind      = "类型"
	colParent    = "上级"
	colCode      = "代码"
	colPrefixes  = "前缀"
	colSince     = "设立日期"
	colUntil     = "撤销日期"
	colOrder     = "排序"
	colConfirmed = "核对"
	colNote      = "沿革"
)

var unitColumns = []column{
	{name: colName, others: []string{"单位名称", "全称", "机关名称", "机构名称"}, needed: true, example: "永州市发展和改革委员会", help: "全称，必填"},
	{name: colShort, others: []string{"单位简称"}, example: "市发改委", help: "公文里常用的简称"},
	{name: colAliases, others: []string{"其他名称", "曾用名"}, example: "市发展改革委、市计委（至2004-03-31）", help: "其他叫法，用顿号隔开；有起止的写在括号里：（自2019-03-01至2024-05-31）"},
	{name: colKind, others: []string{"单位类型", "机构类型"}, needed: true, example: "部门", help: "本级政府、部门、党委部门、县级政府、管理区、乡镇街道、村、事业单位、公共企业、垂管、议事协调机构、外部单位"},
	{name: colParent, others: []string{"上级单位", "所属", "主管单位"}, example: "永州市人民政府", help: "上级的名称或代码，可以在本表里；最上一级留空"},
	{name: colCode, others: []string{"单位代码", "机构代码", "区划代码", "统一社会信用代码"}, example: "yz-fgw", help: "区划代码或自编代码，全市不重复；再次导入时按它认出同一单位"},
	{name: colPrefixes, others: []string{"名称前缀"}, example: "永州市、市", help: "只有政府填：下属单位名称的开头"},
	{name: colSince, others: []string{"成立日期"}, example: "2019-03-01", help: "第一天；不知道就留空"},
	{name: colUntil, others: []string{"终止日期"}, example: "", help: "不再存在的第一天；还在的留空"},
	{name: colOrder, others: []string{"顺序", "序号"}, example: "10", help: "列名次序，小的在前；没有这一列就按行的次序"},
	{name: colConfirmed, others: []string{"确认", "状态"}, example: "已确认", help: "已确认、未确认"},
	{name: colNote, others: []string{"备注", "说明"}, example: "2004年由计划委员会更名", help: "沿革和疑问，给人看"},
}

// Template is the table of units to fill in: headings, an example, and what
// belongs into each column. The rows below the headings are to be replaced.
func Template() [][]string { return template(unitColumns) }

// unitRow is one row of the table of units, read but not yet looked up.
type unitRow struct {
	line   int
	draft  Draft
	parent string // as written
}

// cellFault is what is wrong with one cell.
type cellFault struct {
	column, value string
	err           error
}

// unitRow reads a row; several cells may be wrong.
func (t table) unitRow(r sheetRow) (row unitRow, wrong []cellFault) {
	get := func(column string) string { return t.cell(r, column) }
	check := func(column string, err error) {
		if err != nil {
			wrong = append(wrong, cellFault{column, get(column), err})
		}
	}
	var err error
	row = unitRow{line: r.line, parent: get(colParent)}
	d := &row.draft
	d.Name, d.Short, d.Code, d.Note = get(colName), get(colShort), get(colCode), get(colNote)
	if d.Name == "" {
		check(colName, fault.New(fault.Invalid, "unit_name_missing", "单位没有名称，请填全称。"))
	}
	d.Kind, err = parseKind(get(colKind))
	check(colKind, err)
	d.Aliases, err = parseAliases(get(colAliases))
	check(colAliases, err)
	d.Since, err = parseDay(get(colSince))
	check(colSince, err)
	d.Until, err = parseDay(get(colUntil))
	check(colUntil, err)
	d.Order, err = parseOrder(get(colOrder))
	check(colOrder, err)
	d.Confirmed, err = parseConfirmed(get(colConfirmed))
	check(colConfirmed, err)
	d.Prefixes = split(get(colPrefixes))
	return row, wrong
}

func parseKind(cell string) (Kind, error) {
	k := key(cell)
	for _, e := range kinds {
		if k == string(e.kind) || slices.ContainsFunc(e.words, func(w string) bool { return k == key(w) }) {
			return e.kind, nil
		}
	}
	var words []string
	for _, e := range kinds {
		words = append(words, e.words[0])
	}
	return "", fault.New(fault.Invalid, "unit_kind_unknown", "不是单位类型，请用：%s。", strings.Join(words, "；"))
}

// parseDay reads 2019-03-01 and what spreadsheets make of it (2019/3/1,
// 2019年3月1日); an empty cell is no date.
func parseDay(cell string) (civil.Date, error) {
	if cell == "" {
		return civil.Date{}, nil
	}
	day, err := civil.ParseDate(cell)
	if err == nil {
		return day, nil
	}
	words, failed := document.ParseDateText(cell, civil.Date{})
	if exact, ok := words.Day(); failed == nil && ok && !words.Deadline {
		return exact, nil
	}
	return civil.Date{}, err
}

func parseOrder(cell string) (int, error) {
	if cell == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(cell)
	if err != nil || n < 1 || n > 1_000_000_000 {
		return 0, fault.New(fault.Invalid, "unit_order_bad", "次序是 1 到 1000000000 的整数，请改正或留空。")
	}
	return n, nil
}

func parseConfirmed(cell string) (bool, error) {
	switch cell {
	case "已确认", "是", "✔":
		return true, nil
	case "未确认", "否", "":
		return false, nil
	}
	return false, fault.New(fault.Invalid, "unit_confirmed_bad", "请填“已确认”或“未确认”。")
}

// aliasForm is a name with the days on which it was borne behind it in
// brackets, the last day included: 祁阳县（自1952-01-01至2020-12-31）.
var aliasForm = regexp.MustCompile(`^(.*?)\s*[（(]\s*(?:自\s*(\d{4}-\d\d-\d\d)\s*)?(?:至\s*(\d{4}-\d\d-\d\d)\s*)?[)）]$`)

func parseAliases(cell string) ([]Name, error) {
	var names []Name
	for _, part := range split(cell) {
		n := Name{Text: part, Role: Alias}
		if m := aliasForm.FindStringSubmatch(part); m != nil && m[2]+m[3] != "" {
			since, err := parseDay(m[2])
			if err != nil {
				return nil, err
			}
			last, err := parseDay(m[3])
			if err != nil {
				return nil, err
			}
			n.Text, n.Since = m[1], since
			if !last.IsZero() {
				n.Until = last.AddDays(1)
			}
			if n.Text == "" || !n.Since.IsZero() && !n.Until.IsZero() && !n.Since.Before(n.Until) {
				return nil, fault.New(fault.Invalid, "unit_alias_bad", "“%s”的起止日期颠倒，或没有名称。", fault.Clip(part, 40))
			}
		}
		names = append(names, n)
	}
	return names, nil
}
