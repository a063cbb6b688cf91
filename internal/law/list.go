package law

import (
	"slices"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
)

const (
	foi        = "《政府信息公开条例》"
	feeMeasure = "《政府信息公开信息处理费管理办法》"
)

// List is a list that a text fixes, in that text's order.
type List[C ~string] struct {
	Name        string     // what an item is called in Chinese
	Basis       string     // the text
	Since       civil.Date // first day on which the list holds
	LastChecked civil.Date // when it was last compared with the fact sheets
	items       []Item[C]
}

// Item is one entry of a List. Empty fields say that the text has nothing.
type Item[C ~string] struct {
	Code      C            `json:"code"`
	Label     string       `json:"label"` // as the text has it
	Short     string       `json:"short"` // for columns and chips
	Article   string       `json:"article"`
	Column    string       `json:"column,omitempty"`     // suggested column of a site
	Scope     string       `json:"scope,omitempty"`      // whom it binds, where not everybody
	Strength  string       `json:"strength,omitempty"`   // must or may, for exemptions
	Note      string       `json:"note,omitempty"`       // what the organ has to do, or an exception
	ReportRow string       `json:"report_row,omitempty"` // row of the yearly report
	Confirmed Confirmation `json:"confirmed"`
}

// All lists the items.
func (l List[C]) All() []Item[C] { return slices.Clone(l.items) }

// Get finds the item of a code.
func (l List[C]) Get(code C) (Item[C], bool) {
	i := slices.IndexFunc(l.items, func(it Item[C]) bool { return it.Code == code })
	if i < 0 {
		return Item[C]{}, false
	}
	return l.items[i], true
}

// Parse turns outside text into a code; text that is no code of the list is an
// Invalid fault that names all codes.
func (l List[C]) Parse(s string) (C, error) {
	if _, ok := l.Get(C(s)); ok {
		return C(s), nil
	}
	codes := ""
	for i, it := range l.items {
		if i > 0 {
			codes += "、"
		}
		codes += string(it.Code)
	}
	return "", fault.New(fault.Invalid, "code_unknown", "“%s”不是%s的代码，可用的有：%s。", fault.Clip(s, 40), l.Name, codes)
}

// checked is the day on which the lists were compared with the fact sheets.
var checked = civil.On(2026, 11, 23)
