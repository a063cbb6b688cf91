package portal

import (
	"encoding/json"
	"fmt"
	"strings"

	"gongkai/internal/publication"
	"gongkai/internal/publication/kind"
	"gongkai/internal/search"
	"gongkai/internal/web/ui"
)

// facts fills the table under the title: what the guideline for document pages
// wants, then the fields of the kind. Short facts stand two in a row.
func (page *documentPage) facts(v *visit, d *publication.Document, k *kind.Kind) {
	unit := fact{Label: "发布机构", Value: d.Unit, Path: page.URL(unitPath(d.UnitID))}
	index := text(d.Fields["index_no"])
	if index == "" {
		index = fmt.Sprintf("本站 %d 号", d.ID)
	}
	list := []fact{{Label: "索引号", Value: index}, {Label: "文号", Value: d.Number}, unit,
		{Label: "种类", Value: k.Label, Path: page.URL("/search", "kind", k.Code)},
		{Label: "成文日期", Value: d.IssuedOn.String()}, {Label: "发布日期", Value: ui.Stamp(d.PublishedAt)},
		{Label: "施行日期", Value: d.EffectiveOn.String()}, {Label: "有效性", Value: d.Standing.Label()},
		{Label: "主题", Value: d.Category, Path: page.URL("/search", "category", d.Category)},
		{Label: "主题词", Value: strings.Join(d.Keywords, "、")}}
	for _, f := range k.Fields {
		if f.Key == "index_no" {
			continue
		}
		if f.Type == kind.TypeTable {
			page.addTable(f, d.Fields[f.Key])
			continue
		}
		value := text(d.Fields[f.Key])
		if value == d.Unit || value == d.Category {
			continue // said above
		}
		row := fact{Label: f.Label, Value: value, Wide: len([]rune(value)) > 24}
		if task, ok := page.named[value]; ok && f.Key == taskField {
			row = fact{Label: "对应的任务", Value: task.Label, Path: task.Path, Wide: true}
		}
		if lines := strings.Split(value, "；"); row.Wide && f.Type == kind.TypeList && len(lines) > 1 {
			row.Value, row.Lines, row.Open = fmt.Sprintf("共 %d 条", len(lines)), lines, len(lines) <= openLines
		}
		list = append(list, row)
	}
	page.Facts = rows(list)
}

// openLines is the length up to which a list among the facts is shown open.
const openLines = 6

// rows puts facts with a value two in a row; wide ones stand alone.
func rows(list []fact) (out [][]fact) {
	var half []fact
	for _, f := range list {
		switch {
		case f.Value == "":
		case f.Wide:
			out = append(out, []fact{f})
		case half == nil:
			half = []fact{f}
		default:
			out = append(out, append(half, f))
			half = nil
		}
	}
	if half != nil {
		half[0].Wide = true
		out = append(out, half)
	}
	return out
}

// text is a field's value for people; "" for tables and for nothing.
func text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case []any:
		var parts []string
		for _, e := range v {
			if s, ok := e.(string); ok {
				parts = append(parts, s)
			}
		}
		return strings.Join(parts, "；")
	}
	return ""
}

// addTable shows a field of rows, without the columns that no row fills.
func (page *documentPage) addTable(f kind.Field, value any) {
	list, ok := value.([]any)
	if !ok || len(list) == 0 {
		return
	}
	t := table{Title: f.Label, Rows: make([][]string, len(list))}
	for _, c := range f.Columns {
		cells, used := make([]string, len(list)), false
		for i, e := range list {
			row, _ := e.(map[string]any)
			cells[i] = text(row[c.Key])
			used = used || cells[i] != ""
		}
		if !used {
			continue
		}
		t.Head = append(t.Head, c.Label)
		for i, cell := range cells {
			t.Rows[i] = append(t.Rows[i], cell)
		}
	}
	page.Table = append(page.Table, t)
}

// schema is a publication in the words of schema.org.
type schema struct {
	Context     string   `json:"@context"`
	Type        string   `json:"@type"`
	Name        string   `json:"name"`
	Identifier  string   `json:"identifier,omitempty"`
	URL         string   `json:"url"`
	Language    string   `json:"inLanguage"`
	Published   string   `json:"datePublished,omitempty"`
	Created     string   `json:"dateCreated,omitempty"`
	LegalDate   string   `json:"legislationDate,omitempty"`
	LegalForce  string   `json:"legislationLegalForce,omitempty"`
	LegalNumber string   `json:"legislationIdentifier,omitempty"`
	Keywords    []string `json:"keywords,omitempty"`
	Publisher   agency   `json:"publisher"`
}

type agency struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

var legalForce = map[search.Validity]string{
	search.InForce: "https://schema.org/InForce", search.Amended: "https://schema.org/PartiallyInForce",
	search.NotYet: "https://schema.org/NotInForce", search.Expired: "https://schema.org/NotInForce", search.Repealed: "https://schema.org/NotInForce",
}

func schemaOf(shell *ui.Shell, d *publication.Document, k *kind.Kind) schema {
	s := schema{Context: "https://schema.org", Type: k.SchemaOrg, Name: d.Title, Identifier: d.Number, Language: "zh-CN",
		URL: shell.Absolute(publication.Path(d.ID)), Created: d.IssuedOn.String(), Keywords: d.Keywords,
		Publisher: agency{"GovernmentOrganization", d.Unit}}
	if s.Type == "" {
		s.Type = "CreativeWork"
	}
	if !d.PublishedAt.IsZero() {
		s.Published = d.PublishedAt.UTC().Format("2006-01-02T15:04:05Z")
	}
	if k.Validity {
		s.LegalDate, s.LegalNumber, s.LegalForce = s.Created, d.Number, legalForce[d.Standing.Code]
	}
	return s
}
