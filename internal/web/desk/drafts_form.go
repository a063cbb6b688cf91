package desk

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/law"
	"gongkai/internal/publication"
	"gongkai/internal/publication/kind"
)

// formField is one field of the form by which a draft is written.
type formField struct {
	Path     string // key of the line, or fields.KEY: where checks and marks point
	Name     string // of the control
	Label    string
	Type     kind.FieldType
	Value    string
	Choices  []option
	Help     string
	Wrong    string
	Required bool
	Mark     *readMark // what a file said
	Head     []string  // of a table
	Rows     [][]formField
}

// readMark is what was read in a file about a field.
type readMark struct {
	Words string
	Class string
}

// Names of controls: fields of the kind begin with f, cells of tables are
// t.KEY.ROW.COLUMN, relations r.NUMBER.PART.
const (
	ownPrefix   = "f."
	cellPrefix  = "t."
	relationTag = "r."
)

// commonFields are the keys of a line that the form asks for, in its order.
// text gives the value; validity is asked of kinds that have it.
var commonFields = []struct {
	key, label string
	kind       kind.FieldType
	help       string
	validity   bool
	more       bool // stands among what is seldom needed
	text       func(l *publication.Line) string
	set        func(l *publication.Line, text string) error
}{
	{"title", "标题", kind.TypeText, "", false, false,
		func(l *publication.Line) string { return l.Title }, func(l *publication.Line, s string) error { l.Title = s; return nil }},
	{"unit", "公开单位", kind.TypeUnit, "全称或简称", false, false,
		func(l *publication.Line) string { return l.Unit }, func(l *publication.Line, s string) error { l.Unit = s; return nil }},
	{"number", "文号", kind.TypeText, "例如：永政办发〔2021〕12号；没有就不填", false, false,
		func(l *publication.Line) string { return l.Number }, func(l *publication.Line, s string) error { l.Number = s; return nil }},
	{"issued_on", "成文日期", kind.TypeDate, "公开期限从这一天算起", false, false,
		func(l *publication.Line) string { return l.IssuedOn.String() }, setDate(func(l *publication.Line) *civil.Date { return &l.IssuedOn })},
	{"effective_on", "施行日期", kind.TypeDate, "", true, false,
		func(l *publication.Line) string { return l.EffectiveOn.String() }, setDate(func(l *publication.Line) *civil.Date { return &l.EffectiveOn })},
	{"expires_on", "有效期届满日", kind.TypeDate, "有效的最后一天", true, false,
		func(l *publication.Line) string { return l.ExpiresOn.String() }, setDate(func(l *publication.Line) *civil.Date { return &l.ExpiresOn })},
	{"category", "主题分类", kind.TypeText, "", false, true,
		func(l *publication.Line) string { return l.Category }, func(l *publication.Line, s string) error { l.Category = s; return nil }},
	{"keywords", "关键词", kind.TypeText, "用顿号分开", false, true,
		func(l *publication.Line) string { return strings.Join(l.Keywords, "、") }, func(l *publication.Line, s string) error { l.Keywords = keywords(s); return nil }},
	{"statutory", "法定公开类别", kind.TypeChoice, "条例第二十条的类别；不选按种类", false, true,
		func(l *publication.Line) string { return l.Statutory }, func(l *publication.Line, s string) error { l.Statutory = s; return nil }},
}

// setDate reads a day into a part of a line; empty is none.
func setDate(at func(l *publication.Line) *civil.Date) func(l *publication.Line, s string) error {
	return func(l *publication.Line, s string) error {
		if s == "" {
			*at(l) = civil.Date{}
			return nil
		}
		d, err := civil.ParseDate(s)
		if err != nil {
			return fault.New(fault.Invalid, "date_bad", "“%s”不是日期，应写成 2021-06-11 的样子。", fault.Clip(s, 20))
		}
		*at(l) = d
		return nil
	}
}

func keywords(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("、，,；; \t\n\r　", r) })
}

// statutoryOptions are the categories of article 20.
func statutoryOptions(chosen string) []option {
	list := []option{{"", "按种类", chosen == ""}}
	for _, c := range law.Categories().All() {
		list = append(list, option{string(c.Code), string(c.Code) + " " + c.Short, string(c.Code) == chosen})
	}
	return list
}

// formFields are the fields of a line: what everybody fills in, what is
// seldom needed, and what the kind has of its own.
func formFields(l *publication.Line, k *kind.Kind) (common, more, own []formField) {
	for _, c := range commonFields {
		if c.validity && !k.Validity {
			continue
		}
		f := formField{Path: c.key, Name: c.key, Label: c.label, Type: c.kind, Help: c.help, Value: c.text(l), Required: c.key == "title" || c.key == "unit"}
		if c.key == "statutory" {
			f.Choices = statutoryOptions(f.Value)
		}
		if c.more {
			more = append(more, f)
		} else {
			common = append(common, f)
		}
	}
	for _, f := range k.Fields {
		own = append(own, ownField(f, l.Fields[f.Key]))
	}
	return common, more, own
}

func ownField(f kind.Field, v any) formField {
	out := formField{Path: "fields." + f.Key, Name: ownPrefix + f.Key, Label: f.Label, Type: f.Type, Help: f.Help, Required: f.Required}
	if f.Type != kind.TypeTable {
		out.Value = f.Plain(v)
		out.Choices = choiceOptions(f, out.Value)
		return out
	}
	for _, c := range f.Columns {
		out.Head = append(out.Head, c.Label)
	}
	rows, _ := v.([]any)
	for i := range len(rows) + 1 { // the last is empty, to be filled in
		var values map[string]any
		if i < len(rows) {
			values, _ = rows[i].(map[string]any)
		}
		var cells []formField
		for _, c := range f.Columns {
			cell := ownField(c, values[c.Key])
			cell.Name = cellPrefix + f.Key + "." + strconv.Itoa(i) + "." + c.Key
			cell.Label = "第" + strconv.Itoa(i+1) + "行 " + c.Label
			cells = append(cells, cell)
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

// choiceOptions keeps a value that the kind does not know, so that it is seen.
func choiceOptions(f kind.Field, value string) []option {
	if f.Type != kind.TypeChoice {
		return nil
	}
	list := []option{{"", "（不选）", value == ""}}
	known := value == ""
	for _, c := range f.Choices {
		list = append(list, option{c, c, c == value})
		known = known || c == value
	}
	if !known {
		list = append(list, option{value, value + "（不在可选的里面）", true})
	}
	return list
}

// lineOfForm is a line with what a form says in the place of what base says.
// What the form does not ask for stays. wrong tells by path what could not be
// read.
func lineOfForm(base *publication.Line, k *kind.Kind, form url.Values) (*publication.Line, map[string]string) {
	l := *base
	wrong := map[string]string{}
	for _, c := range commonFields {
		if !form.Has(c.key) {
			continue
		}
		if err := c.set(&l, strings.TrimSpace(form.Get(c.key))); err != nil {
			wrong[c.key] = fault.Public(err)
		}
	}
	l.Fields = publication.Fields{}
	for key, v := range base.Fields {
		l.Fields[key] = v
	}
	for _, f := range k.Fields {
		setField(l.Fields, f, form)
	}
	if len(l.Fields) == 0 {
		l.Fields = nil
	}
	if form.Has(relationTag + "0.target") {
		var err error
		if l.Relations, err = relationsOf(form); err != nil {
			wrong["relations"] = fault.Public(err)
		}
	}
	return &l, wrong
}

// setField reads a field of the kind; what is left empty is not there.
func setField(values publication.Fields, f kind.Field, form url.Values) {
	var v any
	switch {
	case f.Type == kind.TypeTable && form.Has(cellPrefix+f.Key+".0."+f.Columns[0].Key):
		v = tableOf(f, form)
	case f.Type != kind.TypeTable && form.Has(ownPrefix+f.Key):
		v = valueOf(f, form.Get(ownPrefix+f.Key))
	default:
		return
	}
	if v == nil {
		delete(values, f.Key)
		return
	}
	values[f.Key] = v
}

// valueOf is a text as the field's type has it; nil for nothing. What does not
// fit stays text, for the checks to name.
func valueOf(f kind.Field, text string) any {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if text == "" {
		return nil
	}
	switch f.Type {
	case kind.TypeNumber, kind.TypeInteger:
		n := json.Number(strings.ReplaceAll(text, ",", ""))
		if _, ok := kind.Decimal(n); ok && json.Valid([]byte(n)) {
			return n
		}
	case kind.TypeList:
		var list []any
		for line := range strings.SplitSeq(text, "\n") {
			if line = strings.TrimSpace(line); line != "" {
				list = append(list, line)
			}
		}
		return list
	}
	return text
}

// maxRows bounds the rows of a table that a form may send.
const maxRows = 2000

// tableOf reads the rows of a table; empty ones are left out, and the one that
// the form asks to drop.
func tableOf(f kind.Field, form url.Values) any {
	var rows []any
	drop := form.Get("do")
	for i := range maxRows {
		prefix := cellPrefix + f.Key + "." + strconv.Itoa(i) + "."
		if !form.Has(prefix + f.Columns[0].Key) {
			break
		}
		row := map[string]any{}
		for _, c := range f.Columns {
			if v := valueOf(c, form.Get(prefix+c.Key)); v != nil {
				row[c.Key] = v
			}
		}
		if len(row) > 0 && drop != "drop."+f.Key+"."+strconv.Itoa(i) {
			rows = append(rows, row)
		}
	}
	if rows == nil {
		return nil
	}
	return rows
}
