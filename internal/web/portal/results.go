package portal

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/publication"
	"gongkai/internal/search"
	"gongkai/internal/web/ui"
)

// searchParams are the parameters of the search page and the library.
var searchParams = []string{"q", "kind", "unit", "category", "validity", "year", "from", "to", "sort", "page"}

// facet is one way to narrow a result.
type facet struct {
	Title  string
	Values []facetValue
	More   []facetValue
}

type facetValue struct {
	Label string
	Href  string
	Count int
	On    bool
}

// results is what search page and library have in common.
type results struct {
	Total  int
	Items  []item
	Facets []facet
	Chosen []ui.Link // each leads to the page without it
	Keep   []ui.Link // Label and Path are name and value of hidden fields
	Pager  pager
	Sorts  []ui.Link
	Mean   []ui.Link
}

const resultSize = 20

// facetTitles are the facets in the order of the page.
var facetTitles = []struct{ name, param, title string }{
	{search.FacetValidity, "validity", "现在有效吗"},
	{search.FacetKind, "kind", "种类"},
	{search.FacetYear, "year", "年份"},
	{search.FacetUnit, "unit", "单位"},
	{search.FacetCategory, "category", "主题"},
}

// openFacet is the number of values shown before “其余”.
const openFacet = 6

// query reads the search from the address. Values that are not what they
// should be are Invalid faults that name the field.
func (v *visit) query(kinds []string) (q search.Query, err error) {
	params := v.params()
	q = search.Query{Text: strings.TrimSpace(v.param("q")), Kinds: params["kind"], Categories: params["category"], Site: v.site.Slug,
		Page: pageNumber(params.Get("page")), Size: resultSize, Sort: search.Sort(params.Get("sort")), Collapse: true}
	if len(q.Kinds) == 0 {
		q.Kinds = kinds
	}
	for _, s := range params["validity"] {
		q.Validities = append(q.Validities, search.Validity(s))
	}
	for _, s := range params["unit"] {
		id, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return q, fault.New(fault.Invalid, "unit_bad", "地址里的单位“%s”不是编号，请从左边的列表里选。", fault.Clip(s, 20)).At("单位")
		}
		q.Units = append(q.Units, id)
	}
	if q.From, err = day(params.Get("from"), "起始日期"); err != nil {
		return q, err
	}
	if q.To, err = day(params.Get("to"), "截止日期"); err != nil {
		return q, err
	}
	if y := params.Get("year"); y != "" {
		period, err := civil.ParsePeriod(y)
		if err != nil {
			return q, err
		}
		q.From, q.To = period.Start(), period.End()
	}
	if (q.Page-1)*q.Size >= search.MaxDepth {
		return q, fault.New(fault.Invalid, "too_deep", "一次最多翻到第 %d 条，请加上条件缩小范围，或者用批量下载取全部。", search.MaxDepth)
	}
	return q, nil
}

// day reads a date parameter; "" is no date.
func day(s, name string) (civil.Date, error) {
	if s == "" {
		return civil.Date{}, nil
	}
	d, err := civil.ParseDate(s)
	if f, ok := fault.Of(err); ok {
		return d, f.At("%s", name)
	}
	return d, err
}

// find runs a search and makes what both pages show of it.
func (p *Portal) find(v *visit, path string, kinds []string) (results, search.Query, error) {
	q, err := v.query(kinds)
	if err != nil {
		return results{}, q, err
	}
	found, err := p.Search.Search(v.r.Context(), q)
	if err != nil {
		return results{}, q, err
	}
	at := address{v.shell.URL(path), v.params()}
	r := results{Total: found.Total, Chosen: p.chosen(v, at), Pager: pages(found.Total, resultSize, q.Page, at.page)}
	files, err := p.matchedFiles(v, q, found.Items)
	if err != nil {
		return results{}, q, err
	}
	for _, h := range found.Items {
		it := p.hit(v, h)
		if f, ok := files[h.ID]; ok {
			it.More = strings.Join(nonEmpty("附件“"+f.Name+"”里有", it.More), "，")
		}
		if q.Text == "" {
			it.Passages = nil // of a list, the beginning of each text says little
		}
		r.Items = append(r.Items, it)
	}
	for _, f := range facetTitles {
		if fc := p.facet(v, at, f.name, f.param, found.Facets[f.name], kinds); len(fc.Values) > 0 {
			fc.Title = f.title
			r.Facets = append(r.Facets, fc)
		}
	}
	for _, name := range searchParams[1:] {
		if value := at.values.Get(name); value != "" && name != "page" {
			r.Keep = append(r.Keep, ui.Link{Label: name, Path: value})
		}
	}
	for _, text := range found.DidYouMean {
		r.Mean = append(r.Mean, ui.Link{Label: text, Path: at.with("q", text)})
	}
	return r, q, nil
}

// matchedFiles tells of the hits which have what was asked for in a file.
func (p *Portal) matchedFiles(v *visit, q search.Query, hits []search.Hit) (map[int64]publication.MatchedFile, error) {
	if q.Text == "" {
		return nil, nil
	}
	ids := make([]int64, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	return p.Publications.MatchedFiles(v.r.Context(), ids, strings.Fields(q.Text))
}

func (p *Portal) hit(v *visit, h search.Hit) item {
	on := h.IssuedOn
	if on.IsZero() && !h.PublishedAt.IsZero() {
		on = civil.DateOf(h.PublishedAt)
	}
	it := item{Href: v.shell.URL(h.URL), Title: h.Title, Number: h.Number, Unit: h.Unit, Date: on.String(),
		Kind: p.kindLabel(h.Kind), Validity: validityBadges[h.Validity]}
	for _, s := range h.Highlights {
		it.Passages = append(it.Passages, template.HTML(s)) // escaped by the engine's contract
	}
	if h.Editions > 0 {
		it.More = "另有 " + strconv.Itoa(h.Editions) + " 个旧版本"
	}
	return it
}

// facet makes the links of one facet. Of kinds only those given are offered,
// where any are given.
func (p *Portal) facet(v *visit, at address, name, param string, counts []search.Count, kinds []string) facet {
	var f facet
	for i, c := range counts {
		value := facetValue{Label: p.facetLabel(v, name, c), Count: c.Count, On: slices.Contains(at.values[param], c.Value)}
		if value.Label == "" || name == search.FacetKind && len(kinds) > 0 && !slices.Contains(kinds, c.Value) {
			continue
		}
		value.Href = at.with(param, c.Value)
		if value.On {
			value.Href = at.with(param, "")
		}
		if i < openFacet || value.On {
			f.Values = append(f.Values, value)
		} else {
			f.More = append(f.More, value)
		}
	}
	return f
}

func (p *Portal) facetLabel(v *visit, name string, c search.Count) string {
	switch name {
	case search.FacetKind:
		return p.kindLabel(c.Value)
	case search.FacetValidity:
		return publication.ValidityLabel(search.Validity(c.Value))
	case search.FacetYear:
		return c.Value + "年"
	case search.FacetUnit:
		id, _ := strconv.ParseInt(c.Value, 10, 64)
		return cmp.Or(v.tree.ShortOn(id, v.today), c.Label)
	}
	return cmp.Or(c.Label, c.Value)
}

// chosen lists the conditions in the address.
func (p *Portal) chosen(v *visit, at address) (list []ui.Link) {
	for _, f := range facetTitles {
		for _, value := range at.values[f.param] {
			if value != "" {
				list = append(list, ui.Link{Label: p.facetLabel(v, f.name, search.Count{Value: value}), Path: at.with(f.param, "")})
			}
		}
	}
	for _, span := range []struct{ param, words string }{{"from", "起"}, {"to", "止"}} {
		if value := at.values.Get(span.param); value != "" {
			list = append(list, ui.Link{Label: value + span.words, Path: at.with(span.param, "")})
		}
	}
	return list
}
