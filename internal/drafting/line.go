package drafting

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/document"
	"gongkai/internal/fault"
	"gongkai/internal/publication"
	"gongkai/internal/publication/kind"
)

// maxLine is the size of a draft's text in bytes.
const maxLine = 8 << 20

// encodeLine writes a line as it is stored.
func encodeLine(l *publication.Line) (string, error) {
	text, err := l.Encode()
	if err != nil {
		return "", err
	}
	if len(text) > maxLine {
		return "", fault.New(fault.TooLarge, "draft_too_large", "正文和字段合起来超过 8 MB，没有保存。请把大段的表格、名单改作附件。")
	}
	return string(text), nil
}

func decodeLine(text string) (*publication.Line, error) {
	l := new(publication.Line)
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(l); err != nil {
		return nil, fmt.Errorf("drafting: a stored line does not decode: %w", err)
	}
	return l, nil
}

// copyLine is a line that shares nothing with l.
func copyLine(l *publication.Line) (*publication.Line, error) {
	text, err := l.Encode()
	if err != nil {
		return nil, err
	}
	return decodeLine(string(text))
}

// outside are the attachments of a line that lie elsewhere; files of our own
// belong to the draft, not to its text.
func outside(list []publication.Attachment) []publication.Attachment {
	return slices.DeleteFunc(slices.Clone(list), func(a publication.Attachment) bool { return a.URL == "" })
}

// numberKey compares document numbers however they are printed.
func numberKey(number string) string {
	if number == "" {
		return ""
	}
	if n, err := document.ParseNumber(number); err == nil {
		return n.Key()
	}
	return document.Fold(number)
}

// targetKey is what a relation's target and the record it names have in
// common.
func targetKey(target string) string {
	if n, err := document.ParseNumber(target); err == nil {
		return n.Key()
	}
	return strings.TrimSpace(target)
}

// Names of places in a line, as remarks and checks use them.
const (
	PlaceTitle = "title"
	PlaceBody  = "body"
)

// PlaceField is the place of a kind's field.
func PlaceField(key string) string { return "fields." + key }

// PlaceFile is the place of a file.
func PlaceFile(id int64) string { return "files." + strconv.FormatInt(id, 10) }

// plainBody is the text of a body as it is read, a block a line.
func plainBody(b publication.Body) string {
	blocks, err := document.Blocks(b.Text, b.Format)
	if err != nil {
		return b.Text
	}
	var lines []string
	for _, block := range blocks {
		if block.Kind == document.Table {
			for _, row := range block.Rows {
				lines = append(lines, rowText(row))
			}
			continue
		}
		lines = append(lines, block.Line())
	}
	return strings.Join(lines, "\n")
}

func rowText(row []document.Cell) string {
	cells := make([]string, len(row))
	for i, c := range row {
		cells[i] = c.Text
	}
	return strings.Join(cells, "\t")
}

// placeText is the plain text of a place, "" for one that has none.
func placeText(l *publication.Line, place string) string {
	switch place {
	case PlaceTitle:
		return l.Title
	case PlaceBody:
		return plainBody(l.Body)
	}
	if key, ok := strings.CutPrefix(place, "fields."); ok {
		return kind.Field{}.Plain(l.Fields[key])
	}
	return ""
}

// passages calls f for every piece of text that a line would make public, with
// its place in words; what f gives is put in its stead. k may be nil.
func passages(l *publication.Line, k *kind.Kind, f func(place, text string, format document.Format) string) {
	plain := func(place string, s *string) {
		if *s != "" {
			*s = f(place, *s, document.Text)
		}
	}
	plain("标题", &l.Title)
	if l.Body.Text != "" {
		l.Body.Text = f("正文", l.Body.Text, l.Body.Format)
	}
	for i := range l.Keywords {
		plain("关键词", &l.Keywords[i])
	}
	for i := range l.Attachments {
		plain("附件名", &l.Attachments[i].Name)
	}
	for i := range l.Relations {
		plain("关系说明", &l.Relations[i].Note)
	}
	var fields []kind.Field
	if k != nil {
		fields = k.Fields
	}
	for _, key := range slices.Sorted(maps.Keys(l.Fields)) {
		field := fieldOf(fields, key)
		l.Fields[key] = passagesOf("字段："+field.Label, field, l.Fields[key], f)
	}
}

func fieldOf(fields []kind.Field, key string) kind.Field {
	i := slices.IndexFunc(fields, func(f kind.Field) bool { return f.Key == key })
	if i < 0 {
		return kind.Field{Key: key, Label: key}
	}
	return fields[i]
}

// passagesOf goes through a field's value. Rows of a table are places of their
// own; a number is looked at and left as it is.
func passagesOf(place string, field kind.Field, v any, f func(place, text string, format document.Format) string) any {
	switch v := v.(type) {
	case string:
		if v != "" {
			return f(place, v, document.Text)
		}
	case []any:
		for i, item := range v {
			at := place
			if _, row := item.(map[string]any); row {
				at = fmt.Sprintf("%s 第%d行", place, i+1)
			}
			v[i] = passagesOf(at, field, item, f)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			column := fieldOf(field.Columns, key)
			v[key] = passagesOf(place+" "+column.Label, column, v[key], f)
		}
	}
	return v
}
