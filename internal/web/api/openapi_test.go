package api_test

import (
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the description of the API anew")

const described = "../../../docs/api/openapi.json"

// The description is a promise: a change of it shall be seen in review.
func TestDescriptionIsCurrent(t *testing.T) {
	got := read(t, sqliteCity(t).get("GET", "/api/openapi.json"))
	if *update {
		must(t, os.MkdirAll("../../../docs/api", 0o755))
		must(t, os.WriteFile(described, []byte(got), 0o644))
	}
	want, err := os.ReadFile(described)
	must(t, err)
	if got != string(want) {
		t.Error("docs/api/openapi.json is not what the program says; go test ./internal/web/api -update, and look at the difference")
	}
}

// operation is what the tests look at in the description.
type operation struct {
	Summary    string
	Parameters []struct{ Name, In, Description string }
	Responses  map[string]any
}

func description(t *testing.T) (paths map[string]map[string]operation) {
	t.Helper()
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]operation
	}
	must(t, json.Unmarshal([]byte(read(t, sqliteCity(t).get("GET", "/api/openapi.json"))), &doc))
	if doc.OpenAPI != "3.1.0" {
		t.Errorf("OpenAPI %s", doc.OpenAPI)
	}
	return doc.Paths
}

// Every address has a summary, every parameter an explanation, every answer a
// form; and what is described answers.
func TestDescriptionIsWhole(t *testing.T) {
	paths := description(t)
	c := sqliteCity(t)
	param := regexp.MustCompile(`\{\w+\}`)
	for path, methods := range paths {
		get, ok := methods["get"]
		if !ok || len(methods) != 1 || get.Summary == "" || get.Responses["200"] == nil {
			t.Errorf("%s: %v", path, methods)
		}
		for _, p := range get.Parameters {
			if p.Description == "" {
				t.Errorf("%s: parameter %s is not explained", path, p.Name)
			}
		}
		body := read(t, c.get("GET", param.ReplaceAllString(path, "1")))
		if strings.Contains(body, "address_unknown") {
			t.Errorf("%s is described and does not exist", path)
		}
	}
	for _, path := range []string{"/api/v1/search", "/api/v1/clauses", "/api/v1/publications", "/api/v1/publications/{id}", "/api/v1/units",
		"/api/v1/units/{id}", "/api/v1/obligations", "/api/v1/duties", "/api/v1/tasks", "/api/v1/kinds"} {
		if _, ok := paths[path]; !ok {
			t.Errorf("%s is missing", path)
		}
	}
}

// schema is a small part of JSON Schema: what our answers use of it.
type schema struct {
	Ref        string `json:"$ref"`
	Type       any
	Items      *schema
	Properties map[string]*schema
	Required   []string
	Additional any `json:"additionalProperties"`
}

// Answers are of the form that the description promises.
func TestAnswersFitTheDescription(t *testing.T) {
	c := sqliteCity(t)
	var doc struct {
		Paths map[string]map[string]struct {
			Responses map[string]struct {
				Content map[string]struct{ Schema *schema }
			}
		}
		Components struct{ Schemas map[string]*schema }
	}
	must(t, json.Unmarshal([]byte(read(t, c.get("GET", "/api/openapi.json"))), &doc))
	check := &checker{t: t, types: doc.Components.Schemas}
	for _, r := range rows {
		path := pathOf(r.target)
		ok, found := doc.Paths[path]["get"].Responses["200"].Content["application/json"]
		if r.status != 200 || !found {
			continue
		}
		var value any
		must(t, json.Unmarshal([]byte(read(t, c.get("GET", "/api/v1"+escape(r.target)))), &value))
		check.value(path, ok.Schema, value)
	}
	if check.checked < 1000 {
		t.Errorf("only %d values were looked at", check.checked)
	}
}

var idSegment = regexp.MustCompile(`^/(publications|units|plans|obligations|duties)/[^/]+|^/calendar/\d.*`)

// pathOf is the described path of a target.
func pathOf(target string) string {
	path, _, _ := strings.Cut(target, "?")
	return "/api/v1" + idSegment.ReplaceAllStringFunc(path, func(s string) string {
		if strings.HasPrefix(s, "/calendar") {
			return "/calendar/{date}"
		}
		return s[:strings.LastIndex(s, "/")] + "/{id}"
	})
}

type checker struct {
	t       *testing.T
	types   map[string]*schema
	checked int
}

func (c *checker) value(at string, s *schema, value any) {
	c.checked++
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		s = c.types[name]
	}
	if !fits(s.Type, value) {
		c.t.Errorf("%s: %v is not of type %v", at, value, s.Type)
	}
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			c.value(at+"[]", s.Items, item)
		}
	case map[string]any:
		for _, name := range s.Required {
			if _, ok := v[name]; !ok {
				c.t.Errorf("%s: %s is missing", at, name)
			}
		}
		for name, item := range v {
			if p, ok := s.Properties[name]; ok {
				c.value(at+"."+name, p, item)
			} else if s.Additional == false {
				c.t.Errorf("%s: %s is not described", at, name)
			}
		}
	}
}

// fits tells whether a decoded value is of a type, or one of several.
func fits(want, value any) bool {
	if several, ok := want.([]any); ok {
		return slices.ContainsFunc(several, func(one any) bool { return fits(one, value) })
	}
	switch v := value.(type) {
	case nil:
		return want == "null" || want == nil
	case bool:
		return want == "boolean"
	case string:
		return want == "string"
	case float64:
		return want == "number" || want == "integer" && v == float64(int64(v))
	case []any:
		return want == "array"
	}
	return want == "object"
}

// The page for people names every address and loads nothing from elsewhere.
func TestReferencePage(t *testing.T) {
	page := read(t, sqliteCity(t).get("GET", "/api/docs"))
	for path := range description(t) {
		if !strings.Contains(page, "GET "+path+"<") {
			t.Errorf("the page does not name %s", path)
		}
	}
	for _, bad := range []string{"http://", "https://", "<script", "style=", "onclick"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %s", bad)
		}
	}
	if !strings.Contains(page, `<html lang="zh-CN">`) || strings.Count(page, "<h1") != 1 {
		t.Error("the page has no language or not one heading")
	}
}
