package obligation

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/document"
	"gongkai/internal/extract"
	"gongkai/internal/fault"
	"gongkai/internal/law"
	"gongkai/internal/obligation/workplan"
	"gongkai/internal/unit"
)

//go:embed catalog/statutory.csv
var catalogues embed.FS

// CatalogueInfo says what a catalogue is called and since when it holds.
type CatalogueInfo struct {
	Title  string
	Issuer string
	Since  civil.Date // names are resolved as of this day; duties begin with its period
}

// ResolveRows makes obligations of the rows of a disclosure catalogue. Every
// row is owed once a year by each unit that it names; its time limit holds for
// each single record. Limits that are not understood stay text and come back
// as warnings.
func ResolveRows(tree *unit.Tree, info CatalogueInfo, rows []workplan.Row) (Draft, []Failure, []workplan.Warning) {
	return resolveRows(tree, info, Catalogue, rows)
}

func resolveRows(tree *unit.Tree, info CatalogueInfo, kind PlanKind, rows []workplan.Row) (Draft, []Failure, []workplan.Warning) {
	r := &resolver{tree: tree, on: info.Since}
	d := Draft{Plan: Plan{Code: info.Title, Kind: kind, Title: info.Title, Issuer: info.Issuer, IssuedOn: info.Since}}
	var warnings []workplan.Warning
	seen := map[string]int{}
	for i, row := range rows {
		o := r.row(d.Plan, row)
		if seen[o.Code]++; seen[o.Code] > 1 {
			o.Code = fmt.Sprintf("%s#%d", o.Code, seen[o.Code])
		}
		o.Position = i + 1
		if o.Rule.Limit == nil && row.Limit != "" {
			warnings = append(warnings, workplan.Warning{Task: row.Line, Message: "公开时限“" + fault.Clip(row.Limit, 40) + "”没有看懂，按原文保存，不自动计算。"})
		}
		d.Obligations = append(d.Obligations, o)
	}
	return d, r.failures, warnings
}

// row makes the obligation of one row. Its code follows from what it is about,
// not from its place, so that rows may be added and moved.
func (r *resolver) row(plan Plan, row workplan.Row) Obligation {
	names := slices.DeleteFunc([]string{row.Field, row.Level1, row.Level2, row.Level3}, func(s string) bool { return s == "" })
	subjects := workplan.SplitNames(row.By)
	row.Line = 0 // where it stood in the file is no part of it
	return Obligation{
		Code: plan.Code + "/" + strings.Join(names, "/"), Section: row.Field, Title: names[len(names)-1], Text: row.Content, Basis: row.Basis,
		Assignment: row.By, Lead: []string{}, Responsible: subjects, Units: r.subjects("“"+fault.Clip(strings.Join(names, "/"), 40)+"”", subjects),
		Due: row.Limit, Rule: rowRule(row), Match: rowMatch(row), Row: &row, StartsOn: plan.IssuedOn,
	}
}

// rowRule is how often a row is owed: by its own rhythm, else looked at once a
// year. The yearly report is owed in the year after the one it reports on.
func rowRule(row workplan.Row) Rule {
	l, ok := workplan.ParseLimit(row.Limit)
	if !ok {
		return Rule{Every: workplan.Yearly}
	}
	rule := Rule{Every: workplan.Yearly, Limit: &l}
	if l.Kind == workplan.Periodic {
		rule.Every, rule.Month, rule.Day, rule.After = l.Every, l.Month, l.Day, row.Field == reportField
	}
	return rule
}

// The names of rows that the law itself sets.
const (
	statutoryField = "法定主动公开内容"
	reportField    = "政府信息公开工作年度报告"
)

// rowMatch is what makes a record evidence for a row: the statutory category
// for rows of 条例第二十条, the kind for yearly reports, the item as category
// for all others.
func rowMatch(row workplan.Row) Match {
	switch row.Field {
	case reportField:
		return Match{Kinds: []string{reportKind}}
	case statutoryField:
		for _, c := range law.Categories().All() {
			if document.Fold(c.Label) == document.Fold(row.Level2) {
				return Match{Statutory: []string{string(c.Code)}}
			}
		}
	}
	return Match{Categories: slices.DeleteFunc([]string{row.Level3, row.Level2, row.Level1}, func(s string) bool { return s == "" })[:1]}
}

// generalSubjects are the subjects that the law names by kind, which need no
// set in a city's directory.
var generalSubjects = map[string][]unit.Kind{
	"各级行政机关":     {unit.City, unit.Department, unit.County, unit.Zone, unit.Township},
	"县级以上人民政府部门": {unit.Department},
	"县级以上地方人民政府": {unit.City, unit.County, unit.Zone},
}

// subjects resolves 公开主体: general subjects by kind, all others by name.
func (r *resolver) subjects(where string, names []string) (list []Assignment) {
	var printed []string
	for _, name := range names {
		kinds, general := generalSubjects[name]
		if !general {
			printed = append(printed, name)
			continue
		}
		for _, o := range r.tree.All(r.on, kinds...) {
			list = append(list, Assignment{o.ID, Responds, name})
		}
	}
	for _, a := range r.units(where, nil, printed) {
		if !slices.ContainsFunc(list, func(b Assignment) bool { return a.UnitID == b.UnitID }) {
			list = append(list, a)
		}
	}
	return list
}

// Floor is what the law demands of every organ: the fifteen categories of
// 条例第二十条 and the yearly report of 第四十九条, for the organs that exist on
// the day since. Saved again on a later day it takes in new organs.
func Floor(tree *unit.Tree, since civil.Date) (Draft, error) {
	data, err := catalogues.ReadFile("catalog/statutory.csv")
	if err != nil {
		return Draft{}, err
	}
	sheets, err := extract.ReadSheets("statutory.csv", data, extract.Limits{})
	if err != nil {
		return Draft{}, err
	}
	rows, _, err := workplan.ReadRows(sheets)
	if err != nil {
		return Draft{}, err
	}
	info := CatalogueInfo{Title: "法定公开事项", Issuer: "国务院", Since: since}
	d, failures, warnings := resolveRows(tree, info, Statutory, rows)
	if len(failures)+len(warnings) > 0 {
		return Draft{}, fmt.Errorf("statutory catalogue: %v %v", failures, warnings)
	}
	return d, nil
}
