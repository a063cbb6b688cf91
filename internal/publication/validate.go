package publication

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
)

// Problem is one thing that is wrong with a line: where, and what to do.
type Problem struct {
	Field   string `json:"field"` // path of the key: "fields.targets[2].quantity"; empty for the whole line
	Message string `json:"message"`
}

// Refused says that a publication cannot be taken, with everything that is
// wrong with it. It unwraps to an Invalid fault.
type Refused struct{ Problems []Problem }

// Error is the fault's text.
func (r *Refused) Error() string { return r.Unwrap().Error() }

// Unwrap is the fault: all problems in one message.
func (r *Refused) Unwrap() error {
	lines := make([]string, len(r.Problems))
	for i, p := range r.Problems {
		lines[i] = p.String()
	}
	return fault.New(fault.Invalid, "publication_refused", "%s", strings.Join(lines, "；"))
}

// String is the problem in one line.
func (p Problem) String() string {
	if p.Field == "" {
		return p.Message
	}
	return p.Field + "：" + p.Message
}

// problems collects what is wrong.
type problems []Problem

func (p *problems) add(field, format string, args ...any) {
	*p = append(*p, Problem{field, fmt.Sprintf(format, args...)})
}

// addFault takes the message of a fault; other errors are returned.
func (p *problems) addFault(field string, err error) error {
	f, ok := fault.Of(err)
	if !ok || f.Kind == fault.Internal || f.Kind == fault.Unavailable {
		return err
	}
	p.add(field, "%s", f.Message)
	return nil
}

// refusal is nil where nothing is wrong.
func (p problems) refusal() error {
	if len(p) == 0 {
		return nil
	}
	return &Refused{p}
}

// Fields are the values of a kind's fields by key: string, json.Number, []any
// of strings, and []any of map[string]any for tables.
type Fields map[string]any

// normal brings values that Go code made (int, []string, civil.Date) to the
// forms that JSON gives.
func (f Fields) normal() (Fields, error) {
	if plain(map[string]any(f)) {
		return f, nil
	}
	text, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	return parseFields(string(text))
}

func plain(v any) bool {
	switch v := v.(type) {
	case nil, string, json.Number, bool:
		return true
	case []any:
		return !slices.ContainsFunc(v, func(e any) bool { return !plain(e) })
	case map[string]any:
		for _, e := range v {
			if !plain(e) {
				return false
			}
		}
		return true
	}
	return false
}

func parseFields(text string) (f Fields, err error) {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	err = dec.Decode(&f)
	return f, err
}

// Validate checks values against the kind and lists all that is wrong, in the
// order of the kind's fields; places are paths below "fields".
func (k *Kind) Validate(values Fields) []Problem {
	var p problems
	checkObject(&p, "fields", "种类“"+k.Label+"”", k.Fields, values)
	return p
}

func checkObject(p *problems, place, owner string, fields []Field, values map[string]any) {
	for _, f := range fields {
		at := place + "." + f.Key
		v, given := values[f.Key]
		if !given || empty(v) {
			if f.Required {
				p.add(at, "缺少“%s”。", f.Label)
			}
			continue
		}
		checks[f.Type](p, at, f, v)
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if _, ok := field(fields, key); !ok {
			p.add(place+"."+key, "%s没有这一项；有的是：%s。要增加，请改 kinds 文件夹里的种类文件。", owner, keyList(fields))
		}
	}
}

func keyList(fields []Field) string {
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = f.Key + "（" + f.Label + "）"
	}
	return strings.Join(keys, "、")
}

// empty tells whether v says nothing: such values count as not given.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	}
	return false
}

// checks holds, for each type, what a value must be.
var checks map[FieldType]func(p *problems, at string, f Field, v any)

func init() { // in init, because checkTable leads back to checks
	checks = map[FieldType]func(p *problems, at string, f Field, v any){
		TypeText:     checkLine,
		TypeLongText: checkString,
		TypeUnit:     checkLine,
		TypeDate:     checkDate,
		TypeNumber:   checkNumber,
		TypeInteger:  checkInteger,
		TypeChoice:   checkChoice,
		TypeList:     checkList,
		TypeURL:      checkURL,
		TypeTable:    checkTable,
	}
}

func asString(p *problems, at string, f Field, v any) (string, bool) {
	s, ok := v.(string)
	if !ok {
		p.add(at, "“%s”应是文字。", f.Label)
	}
	return s, ok
}

func checkString(p *problems, at string, f Field, v any) { asString(p, at, f, v) }

func checkLine(p *problems, at string, f Field, v any) {
	if s, ok := asString(p, at, f, v); ok && strings.ContainsAny(s, "\n\r") {
		p.add(at, "“%s”只能写一行。", f.Label)
	}
}

func checkDate(p *problems, at string, f Field, v any) {
	s, ok := asString(p, at, f, v)
	if !ok {
		return
	}
	if _, err := civil.ParseDate(s); err != nil {
		p.add(at, "“%s”里的%s", f.Label, fault.Public(err))
	}
}

func checkNumber(p *problems, at string, f Field, v any) {
	if n, ok := v.(json.Number); ok {
		if _, ok := decimal(n); ok {
			return
		}
	}
	p.add(at, "“%s”应是数字，不加引号和单位，例如 9.99。", f.Label)
}

// decimal is the exact value of a number of sane size.
func decimal(n json.Number) (*big.Rat, bool) {
	if len(n) > 40 || strings.ContainsAny(string(n), "eE") {
		return nil, false
	}
	return new(big.Rat).SetString(string(n))
}

func checkInteger(p *problems, at string, f Field, v any) {
	if n, ok := v.(json.Number); ok {
		if _, err := strconv.ParseInt(string(n), 10, 64); err == nil {
			return
		}
	}
	p.add(at, "“%s”应是整数，不加引号，例如 2021。", f.Label)
}

func checkChoice(p *problems, at string, f Field, v any) {
	if s, ok := v.(string); !ok || !slices.Contains(f.Choices, s) {
		p.add(at, "“%s”只能是：%s。", f.Label, strings.Join(f.Choices, "、"))
	}
}

func checkList(p *problems, at string, f Field, v any) {
	items, ok := v.([]any)
	if !ok {
		p.add(at, `“%s”应是一列文字，例如 ["甲", "乙"]。`, f.Label)
		return
	}
	for i, item := range items {
		asString(p, fmt.Sprintf("%s[%d]", at, i+1), f, item)
	}
}

func checkURL(p *problems, at string, f Field, v any) {
	s, ok := asString(p, at, f, v)
	if ok && !webAddress(s) {
		p.add(at, "“%s”应是 http:// 或 https:// 开头的网址，或以 / 开头的本站地址。", f.Label)
	}
}

// webAddress tells whether s can stand in a link: http, https, or a path of
// our own host.
func webAddress(s string) bool {
	u, err := url.Parse(s)
	if err != nil {
		return false
	}
	if u.Scheme == "" {
		return u.Host == "" && strings.HasPrefix(u.Path, "/") && !strings.HasPrefix(s, "//")
	}
	return (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func checkTable(p *problems, at string, f Field, v any) {
	rows, ok := v.([]any)
	if !ok {
		p.add(at, "“%s”应是一列对象，每行一个。", f.Label)
		return
	}
	for i, row := range rows {
		place := fmt.Sprintf("%s[%d]", at, i+1)
		cells, ok := row.(map[string]any)
		if !ok {
			p.add(place, "“%s”的每一行应是对象，有：%s。", f.Label, keyList(f.Columns))
			continue
		}
		checkObject(p, place, "“"+f.Label+"”", f.Columns, cells)
	}
}

// jsonProblem says in Chinese what the decoder says in English.
func jsonProblem(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("第 %d 个字节处不是 JSON（可能缺引号、逗号或括号，或者行被截断）", syntax.Offset)
	case errors.As(err, &kind):
		return fmt.Sprintf("“%s”的值类型不对（给的是 %s）", kind.Field, jsonNames[strings.Fields(kind.Value)[0]])
	case strings.HasPrefix(err.Error(), "json: unknown field "):
		return "不认识的键 " + strings.TrimPrefix(err.Error(), "json: unknown field ")
	}
	return "不是完整的 JSON"
}

var jsonNames = map[string]string{"string": "文字", "number": "数字", "bool": "真假", "array": "数组", "object": "对象"}
