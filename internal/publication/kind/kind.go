// Package kind describes the kinds of publications: which fields they have,
// within which limit they must be published, and how they end.
//
// Kinds are data, read from JSON files beside the code and in the folder kinds
// of the data folder. From a kind follow the form, the check of values, the
// JSON Schema of the API, the template of a spreadsheet and the lines that a
// filled one gives. Adding a kind touches no Go code. Everything here is pure;
// a loaded set may be shared.
package kind

// Kind describes a kind of publication. It is data: a file NAME.json beside
// the built-in ones or in the folder kinds of the data folder. Forms,
// validation, tables, the schema of the API and import templates derive from
// it.
type Kind struct {
	Code        string `json:"code"`        // stable, lower case: "policy"
	Label       string `json:"label"`       // 政策文件
	Order       int    `json:"order"`       // place among the kinds
	Description string `json:"description"` // one sentence for staff and readers
	SchemaOrg   string `json:"schema_org"`  // type of schema.org
	ColumnType  string `json:"column_type"` // 栏目类别 of the national site guideline
	Statutory   string `json:"statutory"`   // category of article 20 where a record names none: "20-1"
	Limit       Limit  `json:"limit"`       // within which it must be published
	Validity    bool   `json:"validity"`    // it can be in force, amended, repealed
	// What officials are asked before one is published, and how it ends.
	NeedsInterpretation bool      `json:"needs_interpretation,omitempty"` // it is published with its interpretation, or with a reason why not
	Steps               []string  `json:"steps,omitempty"`                // steps that its review has beside those of the unit; see Steps
	Retention           Retention `json:"retention,omitzero"`             // when it leaves the lists of what is new
	Fields              []Field   `json:"fields"`
}

// Limit is a statutory time limit: a number of days from the day the
// information was made or changed, or a day of each year.
type Limit struct {
	Days      int    `json:"days,omitempty"`
	Unit      string `json:"unit,omitempty"` // workday or day
	Date      string `json:"date,omitempty"` // MM-DD of each year
	Basis     string `json:"basis"`
	Confirmed *bool  `json:"confirmed,omitempty"` // false where the number of days is not law; nil is true
}

// FieldType is the form of a field's value.
type FieldType string

// The types of fields. Dates are YYYY-MM-DD, numbers are exact decimals, units
// are names as printed, tables are rows of columns.
const (
	TypeText     FieldType = "text" // one line
	TypeLongText FieldType = "longtext"
	TypeDate     FieldType = "date"
	TypeNumber   FieldType = "number"
	TypeInteger  FieldType = "integer"
	TypeChoice   FieldType = "choice"
	TypeList     FieldType = "list" // of texts
	TypeUnit     FieldType = "unit"
	TypeURL      FieldType = "url"
	TypeTable    FieldType = "table"
)

// Field is one field of a kind, or one column of a table field.
type Field struct {
	Key      string    `json:"key"` // stable, snake_case
	Label    string    `json:"label"`
	Type     FieldType `json:"type"`
	Required bool      `json:"required,omitempty"`
	Choices  []string  `json:"choices,omitempty"` // of a choice, in their order
	Help     string    `json:"help,omitempty"`
	List     bool      `json:"list,omitempty"`  // shown as a column of lists
	Facet    bool      `json:"facet,omitempty"` // offered for narrowing
	Columns  []Field   `json:"columns,omitempty"`
}
