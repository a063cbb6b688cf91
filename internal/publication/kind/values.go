package kind

import (
	"encoding/json"
	"slices"
	"strings"
)

// Values are the values of a kind's fields by key: string, json.Number, []any
// of strings, and []any of map[string]any for tables.
type Values map[string]any

// Normal brings values that Go code made (int, []string, civil.Date) to the
// forms that JSON gives.
func (f Values) Normal() (Values, error) {
	if plain(map[string]any(f)) {
		return f, nil
	}
	text, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	return ParseValues(string(text))
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

// ParseValues reads values from JSON; numbers keep their digits.
func ParseValues(text string) (f Values, err error) {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	err = dec.Decode(&f)
	return f, err
}

// Decode reads the values into a struct of theirs.
func (f Values) Decode(into any) error {
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// WriteValues writes values as text, a line each, in the order of the kind.
func (k *Kind) WriteValues(w *strings.Builder, values Values) {
	for _, f := range k.Fields {
		if v, ok := values[f.Key]; ok && !empty(v) {
			w.WriteString(f.Label + "：" + f.Plain(v) + "\n")
		}
	}
}

// Plain is a value of the field as one text: lists and rows on lines of their
// own, the cells of a row divided by tabs.
func (f Field) Plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case []any:
		lines := make([]string, len(v))
		for i, item := range v {
			lines[i] = f.Plain(item)
		}
		return strings.Join(lines, "\n")
	case map[string]any:
		var cells []string
		for _, c := range f.Columns {
			if cell, ok := v[c.Key]; ok {
				cells = append(cells, c.Plain(cell))
			}
		}
		return strings.Join(cells, "\t")
	}
	return ""
}
