package publication

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/law"
)

//go:embed kinds/*.json
var builtIn embed.FS

// Kind describes a kind of publication. It is data: a file NAME.json beside
// the built-in ones or in the folder kinds of the data folder. Forms,
// validation, tables, the schema of the API and import templates derive from
// it.
type Kind struct {
	Code        string  `json:"code"`        // stable, lower case: "policy"
	Label       string  `json:"label"`       // 政策文件
	Order       int     `json:"order"`       // place among the kinds
	Description string  `json:"description"` // one sentence for staff and readers
	SchemaOrg   string  `json:"schema_org"`  // type of schema.org
	ColumnType  string  `json:"column_type"` // 栏目类别 of the national site guideline
	Statutory   string  `json:"statutory"`   // category of article 20 where a record names none: "20-1"
	Limit       Limit   `json:"limit"`       // within which it must be published
	Validity    bool    `json:"validity"`    // it can be in force, amended, repealed
	Fields      []Field `json:"fields"`
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

// Kinds is a set of kinds. It does not change once loaded and may be shared.
type Kinds struct {
	list   []*Kind
	byCode map[string]*Kind
}

// LoadKinds reads the built-in kinds and then those in dir, which may be nil:
// a file there replaces the kind of the same code or adds a new one. A file
// that is wrong is an Invalid fault that names file, key and what is expected.
func LoadKinds(dir fs.FS) (*Kinds, error) {
	k := &Kinds{byCode: map[string]*Kind{}}
	inside, err := fs.Sub(builtIn, "kinds")
	if err != nil {
		return nil, err
	}
	for _, from := range []fs.FS{inside, dir} {
		if from == nil {
			continue
		}
		if err := k.read(from); err != nil {
			return nil, err
		}
	}
	for _, kind := range k.byCode {
		k.list = append(k.list, kind)
	}
	slices.SortFunc(k.list, func(a, b *Kind) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.Code, b.Code))
	})
	return k, nil
}

func (k *Kinds) read(dir fs.FS) error {
	names, err := fs.Glob(dir, "*.json")
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return fault.New(fault.Unavailable, "kind_unreadable", "读不了这个种类文件，请检查权限。").At("%s", name).Because(err)
		}
		kind, err := ParseKind(name, text)
		if err != nil {
			return err
		}
		k.byCode[kind.Code] = kind
	}
	return nil
}

// All are the kinds in their order. The slice is not to be changed.
func (k *Kinds) All() []*Kind { return k.list }

// Get finds a kind by its code.
func (k *Kinds) Get(code string) (*Kind, bool) {
	kind, ok := k.byCode[code]
	return kind, ok
}

// codes lists code and label of every kind, for messages.
func (k *Kinds) codes() string {
	names := make([]string, len(k.list))
	for i, kind := range k.list {
		names[i] = kind.Code + "（" + kind.Label + "）"
	}
	return strings.Join(names, "、")
}

// ParseKind reads one kind. name is the file's, for messages.
func ParseKind(name string, text []byte) (*Kind, error) {
	var kind Kind
	dec := json.NewDecoder(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff")))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&kind); err != nil {
		return nil, kindFault(name, "", "不是合格的种类描述：%s。写法见内置的种类，如 policy.json。", jsonProblem(err))
	}
	if err := kind.check(name); err != nil {
		return nil, err
	}
	return &kind, nil
}

func kindFault(file, key, format string, args ...any) error {
	f := fault.New(fault.Invalid, "kind_bad", format, args...)
	if key == "" {
		return f.At("%s", file)
	}
	return f.At("%s %s", file, key)
}

var (
	codeForm    = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	yearDayForm = regexp.MustCompile(`^\d\d-\d\d$`)
)

// inArticle20 tells whether code is a category of article 20.
func inArticle20(code string) bool {
	_, ok := law.Categories().Get(law.Category(code))
	return ok
}

func (k *Kind) check(file string) error {
	switch {
	case !codeForm.MatchString(k.Code):
		return kindFault(file, "code", "“%s”不能作代码，应是小写字母开头的字母、数字和下划线，例如 policy。", k.Code)
	case k.Code+".json" != file:
		return kindFault(file, "code", "代码是“%s”，文件名应是 %s.json。", k.Code, k.Code)
	case k.Label == "":
		return kindFault(file, "label", "缺少名称，例如“政策文件”。")
	case k.Statutory != "" && !inArticle20(k.Statutory):
		return kindFault(file, "statutory", "“%s”不是条例第二十条的类别，应是 20-1 到 20-15。", k.Statutory)
	}
	if err := k.Limit.check(file); err != nil {
		return err
	}
	if err := checkFields(file, "fields", k.Fields, false); err != nil {
		return err
	}
	return k.checkLabels(file)
}

// checkLabels wants all inputs of a form, common ones too, to have labels of
// their own: in a filled table they tell the columns apart.
func (k *Kind) checkLabels(file string) error {
	seen := map[string]bool{}
	for _, in := range k.Inputs() {
		if seen[in.Label] {
			return kindFault(file, in.Path, "名称“%s”已经用过，请换一个。", in.Label)
		}
		seen[in.Label] = true
	}
	return nil
}

func (l Limit) check(file string) error {
	switch {
	case l.Days < 0, l.Days > 0 && l.Unit != "workday" && l.Unit != "day":
		return kindFault(file, "limit", "期限的 days 应是正数，unit 应是 workday（工作日）或 day（日）。")
	case (l.Days > 0 || l.Date != "") && l.Basis == "":
		return kindFault(file, "limit.basis", "期限要写明依据。")
	}
	if l.Date != "" {
		if _, err := civil.ParseDate("2023-" + l.Date); err != nil || !yearDayForm.MatchString(l.Date) {
			return kindFault(file, "limit.date", "“%s”不是每年的日子，应写成 01-31 的样子。", l.Date)
		}
	}
	return nil
}

func checkFields(file, place string, fields []Field, inTable bool) error {
	seen := map[string]bool{}
	for i, f := range fields {
		at := fmt.Sprintf("%s[%d]", place, i+1)
		if f.Key != "" {
			at = place + "." + f.Key
		}
		_, known := checks[f.Type]
		switch {
		case !codeForm.MatchString(f.Key):
			return kindFault(file, at, "“%s”不能作键，应是小写字母开头的字母、数字和下划线。", f.Key)
		case seen[f.Key]:
			return kindFault(file, at, "同一个键写了两次。")
		case f.Label == "":
			return kindFault(file, at, "缺少名称（label）。")
		case !known:
			return kindFault(file, at, "没有“%s”这种类型，可用的有：%s。", f.Type, strings.Join(typeNames(), "、"))
		case (f.Type == TypeChoice) != (len(f.Choices) > 0):
			return kindFault(file, at, "类型 choice 要有 choices，别的类型不能有。")
		case (f.Type == TypeTable) != (len(f.Columns) > 0):
			return kindFault(file, at, "类型 table 要有 columns，别的类型不能有。")
		case inTable && f.Type == TypeTable:
			return kindFault(file, at, "表格里不能再有表格。")
		}
		seen[f.Key] = true
		if err := checkFields(file, at, f.Columns, true); err != nil {
			return err
		}
	}
	return nil
}

func typeNames() []string {
	names := make([]string, 0, len(checks))
	for t := range checks {
		names = append(names, string(t))
	}
	slices.Sort(names)
	return names
}

// field finds a field by its key.
func field(fields []Field, key string) (Field, bool) {
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Key == key })
	if i < 0 {
		return Field{}, false
	}
	return fields[i], true
}
