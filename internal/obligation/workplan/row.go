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
