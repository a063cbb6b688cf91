// Package channel holds where disclosure appears: sites with their columns.
//
// Several sites stand in one program over one store: the city's, a county's, a
// department's, told apart by host or by path. A column does not hold records;
// it has a rule that says which ones it shows, so that a record published once
// appears wherever columns say. Under every site stand the four sections of
// 政府信息公开 (国办公开办函〔2019〕61号) with fixed names in a fixed order;
// they can be neither renamed nor closed.
//
// Reading goes through a Map, an immutable picture of all sites in memory.
package channel

import (
	"slices"
	"strings"
)

// Site is one website of the city.
type Site struct {
	ID          int64
	Slug        string // stable name: city, lingling
	Name        string // 规范名称
	Host        string // host name in lower case without port; empty: every host
	PathPrefix  string // "/lingling"; empty: the whole host
	RootUnit    int64  // whose records its columns show where they name no units; 0: everybody's
	IDCode      string // 网站标识码
	ICP         string // ICP备案编号
	Police      string // 公安机关备案号
	Organizer   string // 主办单位
	Contact     string // 联系方式
	Description string
	Keywords    string
	Order       int
}

// Column is one 栏目 of a site.
type Column struct {
	ID          int64
	SiteID      int64
	ParentID    int64  // 0 on the first level
	Slug        string // last part of its address
	Path        string // slugs from the first level on: zfxxgk/statutory/20-1
	Name        string
	Type        ColumnType
	Description string
	Keywords    string
	Freshness   int // days within which something new must appear; 0: no such duty
	Order       int
	Fixed       bool // one of the sections that cannot be closed or renamed
	Rule        Rule
}

// ColumnType is the 栏目类别 of the national site guideline (国办发〔2017〕47号,
// page tag ColumnType).
type ColumnType string

// ColumnTypes lists the values that the guideline names.
func ColumnTypes() []ColumnType { return slices.Clone(columnTypes) }

var columnTypes = []ColumnType{
	"首页", "概况信息", "机构职能", "负责人信息", "工作动态", "政策文件", "信息公开指南", "信息公开目录", "信息公开年报",
	"依申请公开", "数据发布", "数据开放", "政策解读", "回应关切", "办事服务", "咨询投诉", "征集调查", "在线访谈",
}

// Rule says which records a column shows: those that meet every condition that
// is not empty. A rule without conditions shows nothing; the column is then a
// heading for those below it.
type Rule struct {
	Kinds      []string `json:"kinds,omitempty"`      // codes of publication kinds
	Units      []int64  `json:"units,omitempty"`      // the organ or one above it is among these
	Categories []string `json:"categories,omitempty"` // 主题分类 as printed
	Statutory  []string `json:"statutory,omitempty"`  // 20-1 … 20-15
	Keywords   []string `json:"keywords,omitempty"`   // one of the record's keywords
}

// IsZero tells whether the rule has no conditions.
func (r Rule) IsZero() bool {
	return len(r.Kinds) == 0 && len(r.Units) == 0 && len(r.Categories) == 0 && len(r.Statutory) == 0 && len(r.Keywords) == 0
}

// Facts are what rules look at in a record.
type Facts struct {
	Kind      string
	UnitPath  []int64 // from the root down to the organ itself, as of the record's date
	Category  string
	Statutory string
	Keywords  []string
}

// Match tells whether a record meets a rule.
func Match(r Rule, f Facts) bool {
	if r.IsZero() {
		return false
	}
	return admits(r.Kinds, f.Kind) && admits(r.Categories, f.Category) && admits(r.Statutory, f.Statutory) &&
		meets(r.Units, f.UnitPath) && meets(r.Keywords, f.Keywords)
}

func admits(wanted []string, have string) bool {
	return len(wanted) == 0 || slices.Contains(wanted, have)
}

func meets[T comparable](wanted, have []T) bool {
	return len(wanted) == 0 || slices.ContainsFunc(have, func(x T) bool { return slices.Contains(wanted, x) })
}

// Effective is the rule of a column on its site: where it names no units, the
// site's own unit and all below it are meant.
func (s Site) Effective(r Rule) Rule {
	if !r.IsZero() && len(r.Units) == 0 && s.RootUnit != 0 {
		r.Units = []int64{s.RootUnit}
	}
	return r
}

// Address is the path of a column's page on its host.
func (s Site) Address(c Column) string {
	return strings.TrimSuffix(s.PathPrefix, "/") + "/" + c.Path + "/"
}
