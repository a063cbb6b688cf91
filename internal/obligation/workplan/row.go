package workplan

// Row is one row of a disclosure catalogue under the national headings.
// Fields hold the text as given, with 同上 replaced by what it refers to.
type Row struct {
	Line     int      `json:"line"`  // in the file, from 1
	Field    string   `json:"field"` // 领域
	Level1   string   `json:"level1"`
	Level2   string   `json:"level2"`
	Level3   string   `json:"level3,omitempty"`
	Content  string   `json:"content"`
	Basis    string   `json:"basis"`
	Limit    string   `json:"limit"` // 公开时限 as given; ParseLimit reads it
	By       string   `json:"by"`    // 公开主体
	Channels []string `json:"channels"`
	Audience string   `json:"audience"` // 全社会, or the group
	Mode     string   `json:"mode"`     // 主动 or 依申请公开
	Level    string   `json:"level"`    // 县级, 乡级 …
}

// LimitKind is what sort of time limit a row sets.
type LimitKind string

// The kinds of limits.
const (
	Within    LimitKind = "within"    // N days after an event
	Refresh   LimitKind = "refresh"   // every N days
	Display   LimitKind = "display"   // shown for N days (公示)
	Ahead     LimitKind = "ahead"     // N days before an event
	Immediate LimitKind = "immediate" // 即时, 实时, 及时
	Permanent LimitKind = "permanent" // 长期公开
	Periodic  LimitKind = "periodic"  // 按年度, 按季度, 按月
)

// The units that limits count in.
const (
	Workdays = "wd" // 工作日
	Days     = "d"  // 日, counted by the calendar
	Months   = "m"
	Hours    = "h"
)

// Limit is a time limit as a rule.
type Limit struct {
	Kind        LimitKind `json:"kind"`
	Base        string    `json:"base,omitempty"`  // the event: formed, changed, obtained, approved …; see Bases
	Event       string    `json:"event,omitempty"` // the event as printed
	N           int       `json:"n,omitempty"`
	Unit        string    `json:"unit,omitempty"` // wd working days, d calendar days, h hours, m months
	Every       Every     `json:"every,omitempty"`
	Display     int       `json:"display,omitempty"` // days of showing besides, in DisplayUnit
	DisplayUnit string    `json:"display_unit,omitempty"`
}
