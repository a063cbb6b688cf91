package unit

import (
	"context"
	"slices"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Headings of the table of events.
const (
	colEventCode  = "编号"
	colEventDay   = "日期"
	colEventKind  = "类型"
	colSubjects   = "机关"
	colSuccessors = "承接机关"
	colNewName    = "新名称"
	colNewShort   = "新简称"
	colNewCode    = "新代码"
	colNewPrefix  = "新前缀"
	colNewParent  = "新上级"
	colContinues  = "保留原机关"
	colBasis      = "依据"
	colEventNote  = "说明"
)

var eventColumns = []column{
	{name: colEventCode, needed: true, example: "2019-fgw", help: "自编，不重复；再次导入时按它认出同一件事"},
	{name: colEventDay, others: []string{"生效日期"}, needed: true, example: "2019-03-01", help: "新状态的第一天"},
	{name: colEventKind, needed: true, example: "更名", help: "更名、合并、分设、撤销、划转"},
	{name: colSubjects, others: []string{"原机关"}, needed: true, example: "永州市计划委员会", help: "变动前的名称、简称或代码；合并可有几个，用顿号隔开"},
	{name: colSuccessors, example: "", help: "承接它的机关，先在单位表里加好；合并只有一个"},
	{name: colNewName, example: "永州市发展和改革委员会", help: "更名：新全称"},
	{name: colNewShort, example: "市发改委", help: "更名：新简称"},
	{name: colNewCode, example: "", help: "更名：新代码"},
	{name: colNewPrefix, example: "", help: "更名：下属单位名称的新开头"},
	{name: colNewParent, example: "", help: "划转：新的上级"},
	{name: colContinues, example: "否", help: "分设：原机关还在就填“是”"},
	{name: colBasis, others: []string{"依据文件"}, example: "机构改革方案", help: "批准文件"},
	{name: colConfirmed, others: []string{"确认"}, example: "未确认", help: "已确认、未确认"},
	{name: colEventNote, others: []string{"备注"}, example: "", help: "给人看"},
}

// EventTemplate is the table of events to fill in; see Template.
func EventTemplate() [][]string { return template(eventColumns) }

// ImportEvents applies the reorganisations of a table (CSV or XLSX, see
// EventTemplate) in the order of their days, in one transaction. An event
// whose code is recorded already counts as the same. A refused row does not
// hold up the others; what depends on it is refused in its turn.
func (s *Store) ImportEvents(ctx context.Context, name string, data []byte, opts ImportOptions) (r Report, err error) {
	defer fault.Wrap(&err, "unit.ImportEvents(%q)", name)
	err = s.update(ctx, opts, func(tx *db.Tx) error {
		r, err = s.importEvents(ctx, tx, name, data, opts)
		return err
	})
	return r, err
}

// eventRow is a row of the table of events with its plain cells read.
type eventRow struct {
	sheetRow
	event Event
}

func (s *Store) importEvents(ctx context.Context, tx *db.Tx, name string, data []byte, opts ImportOptions) (r Report, err error) {
	sheet, err := readTable(name, data, eventColumns)
	if err != nil {
		return r, err
	}
	var rows []eventRow
	for _, line := range sheet.rows {
		if line.hidden {
			r.refuse(line.line, colEventCode, sheet.cell(line, colEventCode), errHidden)
			continue
		}
		if e, column, err := sheet.event(line); err != nil {
			r.refuse(line.line, column, sheet.cell(line, column), err)
		} else {
			rows = append(rows, eventRow{line, e})
		}
	}
	slices.SortStableFunc(rows, func(a, b eventRow) int { return a.event.On.Compare(b.event.On) })
	for _, row := range rows {
		column, added, err := s.applyRow(ctx, tx, sheet, row, opts.actor())
		switch _, ours := fault.Of(err); {
		case err != nil && !ours:
			return r, err
		case err != nil:
			r.refuse(row.line, column, sheet.cell(row.sheetRow, column), err)
		case added:
			r.Added++
		default:
			r.Same++
		}
	}
	return r, nil
}

// event reads the cells that name no organ.
func (t table) event(r sheetRow) (e Event, column string, err error) {
	get := func(column string) string { return t.cell(r, column) }
	e = Event{Code: get(colEventCode), Name: get(colNewName), Short: get(colNewShort), NewCode: get(colNewCode),
		Prefixes: split(get(colNewPrefix)), Continues: get(colContinues) == "是", Basis: get(colBasis), Note: get(colEventNote)}
	if e.Code == "" {
		return e, colEventCode, fault.New(fault.Invalid, "event_code_missing", "沿革没有编号，请自编一个不重复的。")
	}
	if e.On, err = parseDay(get(colEventDay)); err != nil || e.On.IsZero() {
		return e, colEventDay, fault.New(fault.Invalid, "event_date_missing", "请填新状态的第一天，写成 2021-06-11 的样子。")
	}
	for kind, label := range eventLabels {
		if get(colEventKind) == label || get(colEventKind) == string(kind) {
			e.Kind = kind
		}
	}
	if e.Kind == "" {
		return e, colEventKind, fault.New(fault.Invalid, "event_kind_unknown", "不是沿革类型，可用：更名、合并、分设、撤销、划转。")
	}
	e.Confirmed, err = parseConfirmed(get(colConfirmed))
	return e, colConfirmed, err
}

// applyRow finds the organs of a row and applies it. Subjects are named as on
// the day before, successors and parents as on the day.
func (s *Store) applyRow(ctx context.Context, tx *db.Tx, sheet table, row eventRow, actor string) (column string, added bool, err error) {
	t, err := s.Tree(ctx, tx)
	if err != nil {
		return "", false, err
	}
	e := row.event
	find := func(col string, on civil.Date) (ids []int64) {
		for _, name := range split(sheet.cell(row.sheetRow, col)) {
			o, failed := t.Resolve(name, on)
			if failed != nil && err == nil {
				column, err = col, failed
			}
			ids = append(ids, o.ID)
		}
		return ids
	}
	e.Subjects = find(colSubjects, e.On.AddDays(-1))
	e.Successors = find(colSuccessors, e.On)
	if above := find(colNewParent, e.On); len(above) == 1 {
		e.Parent = above[0]
	}
	if err != nil {
		return column, false, err
	}
	recorded, err := s.ApplyEvent(ctx, tx, actor, e)
	known := slices.ContainsFunc(t.events, func(old Event) bool { return old.ID == recorded.ID })
	return colSubjects, err == nil && !known, err
}
