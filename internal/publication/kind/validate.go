package kind

import (
	"encoding/json"
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

// Validate checks values against the kind and lists all that is wrong, in the
// order of the kind's fields; places are paths below "fields".
func (k *Kind) Validate(values Values) []Problem {
	var p Problems
	checkObject(&p, "fields", "种类“"+k.Label+"”", k.Fields, values)
	return p
}

func checkObject(p *Problems, place, owner string, fields []Field, values map[string]any) {
	for _, f := range fields {
		at := place + "." + f.Key
		v, given := values[f.Key]
		if !given || empty(v) {
			if f.Required {
				p.Add(at, "缺少“%s”。", f.Label)
			}
			continue
		}
		checks[f.Type](p, at, f, v)
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if _, ok := field(fields, key); !ok {
			p.Add(place+"."+key, "%s没有这一项；有的是：%s。要增加，请改 kinds 文件夹里的种类文件。", owner, keyList(fields))
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
var checks map[FieldType]func(p *Problems, at string, f Field, v any)

func init() { // in init, because checkTable leads back to checks
	checks = map[FieldType]func(p *Problems, at string, f Field, v any){
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

func asString(p *Problems, at string, f Field, v any) (string, bool) {
	s, ok := v.(string)
	if !ok {
		p.Add(at, "“%s”应是文字。", f.Label)
	}
	return s, ok
}

func checkString(p *Problems, at string, f Field, v any) { asString(p, at, f, v) }

func checkLine(p *Problems, at string, f Field, v any) {
	if s, ok := asString(p, at, f, v); ok && strings.ContainsAny(s, "\n\r") {
		p.Add(at, "“%s”只能写一行。", f.Label)
	}
}

func checkDate(p *Problems, at string, f Field, v any) {
	s, ok := asString(p, at, f, v)
	if !ok {
		return
	}
	if _, err := civil.ParseDate(s); err != nil {
		p.Add(at, "“%s”里的%s", f.Label, fault.Public(err))
	}
}

func checkNumber(p *Problems, at string, f Field, v any) {
	if n, ok := v.(json.Number); ok {
		if _, ok := Decimal(n); ok {
			return
		}
	}
	p.Add(at, "“%s”应是数字，不加引号和单位，例如 9.99。", f.Label)
}

// Decimal is the exact value of a number of sane size.
func Decimal(n json.Number) (*big.Rat, bool) {
	if len(n) > 40 || strings.ContainsAny(string(n), "eE") {
		return nil, false
	}
	return new(big.Rat).SetString(string(n))
}

func checkInteger(p *Problems, at string, f Field, v any) {
	if n, ok := v.(json.Number); ok {
		if _, err := strconv.ParseInt(string(n), 10, 64); err == nil {
			return
		}
	}
	p.Add(at, "“%s”应是整数，不加引号，例如 2021。", f.Label)
}

func checkChoice(p *Problems, at string, f Field, v any) {
	if s, ok := v.(string); !ok || !slices.Contains(f.Choices, s) {
		p.Add(at, "“%s”只能是：%s。", f.Label, strings.Join(f.Choices, "、"))
	}
}

func checkList(p *Problems, at string, f Field, v any) {
	items, ok := v.([]any)
	if !ok {
		p.Add(at, `“%s”应是一列文字，例如 ["甲", "乙"]。`, f.Label)
		return
	}
	for i, item := range items {
		asString(p, fmt.Sprintf("%s[%d]", at, i+1), f, item)
	}
}

func checkURL(p *Problems, at string, f Field, v any) {
	s, ok := asString(p, at, f, v)
	if ok && !WebAddress(s) {
		p.Add(at, "“%s”应是 http:// 或 https:// 开头的网址，或以 / 开头的本站地址。", f.Label)
	}
}

// WebAddress tells whether s can stand in a link: http, https, or a path of
// our own host.
func WebAddress(s string) bool {
	u, err := url.Parse(s)
	if err != nil {
		return false
	}
	if u.Scheme == "" {
		return u.Host == "" && strings.HasPrefix(u.Path, "/") && !strings.HasPrefix(s, "//")
	}
	return (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func checkTable(p *Problems, at string, f Field, v any) {
	rows, ok := v.([]any)
	if !ok {
		p.Add(at, "“%s”应是一列对象，每行一个。", f.Label)
		return
	}
	for i, row := range rows {
		place := fmt.Sprintf("%s[%d]", at, i+1)
		cells, ok := row.(map[string]any)
		if !ok {
			p.Add(place, "“%s”的每一行应是对象，有：%s。", f.Label, keyList(f.Columns))
			continue
		}
		checkObject(p, place, "“"+f.Label+"”", f.Columns, cells)
	}
}
