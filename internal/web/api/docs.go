package api

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"gongkai/internal/web/ui"
)

// config describes the API as a whole. Huma's own reference page loads scripts
// from another host, which a closed network does not have: ours is docs.html.
func config() huma.Config {
	c := huma.DefaultConfig("政务公开数据接口", SpecVersion)
	c.Info.Description = "全部已公开的信息都可以用程序读取，不需要账号。只读；状态按今天计算。\n\n" +
		"每个应答带实体标签（ETag），请用 If-None-Match 再次请求；可用 gzip 压缩。出错时返回 application/problem+json，程序请按 code 判断。" +
		"按地址限速，超过时返回 429，RateLimit 和 Retry-After 说明是哪一条限制、何时再来；批量文件不限速。\n\n" +
		"日期是 YYYY-MM-DD，时间是北京时间；url 是本站内的路径。"
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.CreateHooks = nil // no $schema in answers
	c.Formats = map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat}
	return c
}

//go:embed docs.html
var docsHTML string

//go:embed docs.css
var docsCSS []byte

var docsTemplate = template.Must(template.New("docs").Parse(docsHTML))

// addDocs binds the description in both forms. They are complete at start.
func (s *server) addDocs(m *http.ServeMux) {
	description, err := describe(s.openapi)
	if err != nil {
		panic(err) // of our own types; a test makes it too
	}
	page, err := reference(s.openapi, s.routes)
	if err != nil {
		panic(err)
	}
	for _, file := range []struct {
		path, kind string
		body       []byte
	}{
		{"/api/openapi.json", "application/json", description},
		{"/api/docs", "text/html; charset=utf-8", page},
		{"/api/docs.css", "text/css; charset=utf-8", docsCSS},
	} {
		body := ui.NewBody(http.StatusOK, http.Header{"Content-Type": {file.kind}, "Cache-Control": {revalidate}}, file.body)
		m.Handle("GET "+file.path, ui.Route(file.path)(http.HandlerFunc(body.Serve)))
	}
}

// describe writes the OpenAPI document in a form that can be compared line by
// line.
func describe(doc *huma.OpenAPI) ([]byte, error) {
	raw, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// docSection is a heading of the reference with its operations.
type docSection struct {
	Tag        string
	Operations []docOperation
}

type docOperation struct {
	ID, Path, Summary, Description string
	Params                         []docParam
	Fields                         []docField
}

type docParam struct {
	Name, Type, Default, About string
	Required                   bool
}

type docField struct {
	Name, Type, About string
	Depth             int
}

// reference renders the page for people.
func reference(doc *huma.OpenAPI, routes []route) ([]byte, error) {
	var sections []docSection
	for _, rt := range routes {
		i := slices.IndexFunc(sections, func(d docSection) bool { return d.Tag == rt.tag })
		if i < 0 {
			i = len(sections)
			sections = append(sections, docSection{Tag: rt.tag})
		}
		sections[i].Operations = append(sections[i].Operations, operationDoc(doc, doc.Paths[base+rt.path].Get))
	}
	for _, sort := range bulkSorts {
		last := &sections[len(sections)-1]
		last.Operations = append(last.Operations, operationDoc(doc, doc.Paths[base+"/bulk/"+sort.file].Get))
	}
	var out bytes.Buffer
	err := docsTemplate.Execute(&out, map[string]any{"Info": doc.Info, "About": strings.Split(doc.Info.Description, "\n\n"), "Sections": sections})
	return out.Bytes(), err
}

func operationDoc(doc *huma.OpenAPI, op *huma.Operation) docOperation {
	d := docOperation{ID: op.OperationID, Path: op.Path, Summary: op.Summary, Description: op.Description}
	for _, p := range op.Parameters {
		param := docParam{Name: p.Name, Type: typeName(doc, p.Schema), About: p.Description, Required: p.Required}
		if p.Schema.Default != nil {
			text, _ := json.Marshal(p.Schema.Default) // a number, a word or a flag
			param.Default = string(text)
		}
		d.Params = append(d.Params, param)
	}
	if ok := op.Responses["200"]; ok != nil {
		if media := ok.Content["application/json"]; media != nil {
			d.Fields = fields(doc, media.Schema, 0, nil)
		}
	}
	return d
}

// maxDepth of objects within objects in the reference.
const maxDepth = 3

// fields lists the properties of an object and of what is in it.
func fields(doc *huma.OpenAPI, s *huma.Schema, depth int, above []string) (out []docField) {
	for s.Items != nil {
		s = s.Items
	}
	if slices.Contains(above, s.Ref) && s.Ref != "" || depth > maxDepth {
		return nil
	}
	above = append(slices.Clip(above), s.Ref)
	s = resolve(doc, s)
	names := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		names = append(names, name)
	}
	order := map[string]int{}
	for i, name := range s.Required { // in the order of the struct
		order[name] = i + 1
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(cmp.Or(order[a], len(order)+1), cmp.Or(order[b], len(order)+1)), cmp.Compare(a, b))
	})
	for _, name := range names {
		p := s.Properties[name]
		out = append(out, docField{name, typeName(doc, p), p.Description, depth})
		out = append(out, fields(doc, p, depth+1, above)...)
	}
	return out
}

func resolve(doc *huma.OpenAPI, s *huma.Schema) *huma.Schema {
	if s.Ref != "" {
		return doc.Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

var typeNames = map[string]string{
	huma.TypeString: "文字", huma.TypeInteger: "整数", huma.TypeNumber: "数", huma.TypeBoolean: "是否", huma.TypeObject: "对象",
	"date": "日期", "date-time": "时间",
}

func typeName(doc *huma.OpenAPI, s *huma.Schema) string {
	if s.Items != nil {
		return typeName(doc, s.Items) + "的列表"
	}
	s = resolve(doc, s)
	if len(s.Enum) > 0 {
		var words []string
		for _, e := range s.Enum {
			if word, ok := e.(string); ok && word != "" {
				words = append(words, word)
			}
		}
		return strings.Join(words, " | ")
	}
	if name, ok := typeNames[s.Format]; ok {
		return name
	}
	return typeNames[s.Type]
}
