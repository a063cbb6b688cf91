package api

import (
	"context"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/publication"
	"gongkai/internal/search"
)

type searchIn struct {
	Q         string   `query:"q" doc:"要找的词、句子或文号；空则列出最新的。超过 400 字的部分不看。"`
	Kind      []string `query:"kind,explode" doc:"信息种类，见 /kinds；可给多个"`
	Unit      []string `query:"unit,explode" doc:"发布机关：编号、名称、简称或代码；可给多个"`
	Category  []string `query:"category,explode" doc:"主题分类；可给多个"`
	Validity  []string `query:"validity,explode" doc:"效力：in_force amended not_yet expired repealed，或中文；可给多个"`
	Statutory []string `query:"statutory,explode" doc:"条例第二十条的类别 20-1 … 20-15；可给多个"`
	Site      string   `query:"site" doc:"只看某个站点的，见 /sites"`
	Year      int      `query:"year" minimum:"1900" maximum:"2200" doc:"成文年份"`
	From      Day      `query:"from" doc:"成文日期不早于"`
	To        Day      `query:"to" doc:"成文日期不晚于"`
	Sort      string   `query:"sort" enum:"newest,oldest" doc:"排序；不给则按相关程度"`
	Collapse  bool     `query:"collapse" default:"true" doc:"同一文件的各个版本只列一个"`
	Page      int      `query:"page" minimum:"1" maximum:"10000" default:"1" doc:"第几页"`
	Size      int      `query:"size" minimum:"1" maximum:"100" default:"20" doc:"每页几条"`
}

// Found is a page of documents.
type Found struct {
	Total      int                `json:"total" doc:"一共多少条"`
	TookMS     float64            `json:"took_ms" doc:"检索用时，毫秒"`
	Facets     map[string][]Facet `json:"facets" doc:"各筛选项的数量：kind、unit、category、validity、year"`
	DidYouMean []string           `json:"did_you_mean" doc:"找到的很少时，可以换用的词"`
	Items      []FoundItem        `json:"items"`
}

// Facet is one value to narrow by.
type Facet struct {
	Value string `json:"value" doc:"用作参数的值"`
	Label string `json:"label" doc:"给人看的名称"`
	Count int    `json:"count"`
}

// FoundItem is one document that was found.
type FoundItem struct {
	ID          int64    `json:"id"`
	SourceID    string   `json:"source_id"`
	Kind        string   `json:"kind"`
	Title       string   `json:"title"`
	URL         string   `json:"url" doc:"网页的地址（本站内）"`
	Unit        string   `json:"unit" doc:"发布机关当时的名称"`
	Number      string   `json:"number" doc:"文号"`
	IssuedOn    Day      `json:"issued_on" doc:"成文日期"`
	PublishedAt Moment   `json:"published_at" doc:"发布时间"`
	Validity    string   `json:"validity" doc:"效力代码；没有效力之分的为空"`
	Highlights  []string `json:"highlights" doc:"含有所找词语的片段：HTML，词语在 <mark> 里"`
	Score       float64  `json:"score" doc:"相关程度，只在一次结果之内可比"`
	Editions    int      `json:"editions,omitempty" doc:"同一文件被合并的其他版本数"`
}

func (s *server) search(ctx context.Context, in *searchIn) (out Found, err error) {
	q, err := s.query(ctx, in)
	if err != nil {
		return out, err
	}
	result, err := s.Search.Search(ctx, q)
	if err != nil {
		return out, err
	}
	return Found{Total: result.Total, TookMS: milliseconds(result.Took), Facets: s.facets(result.Facets),
		DidYouMean: list(result.DidYouMean), Items: each(result.Items, found)}, nil
}

func (s *server) query(ctx context.Context, in *searchIn) (q search.Query, err error) {
	if (in.Page-1)*in.Size >= search.MaxDepth {
		return q, fault.New(fault.Invalid, "page_too_deep",
			"最多翻到第 %d 条。请加条件缩小范围；要全部数据请用批量下载 %s/bulk。", search.MaxDepth, base).At("参数 page")
	}
	q = search.Query{Text: in.Q, Kinds: split(in.Kind), Categories: in.Category, Statutory: split(in.Statutory), Site: in.Site,
		From: in.From.Date, To: in.To.Date, Page: in.Page, Size: in.Size, Sort: search.Sort(in.Sort), Collapse: in.Collapse}
	if in.Year > 0 {
		year := civil.Year(in.Year)
		q.From, q.To = later(q.From, year.Start()), earlier(q.To, year.End())
	}
	if q.Units, err = s.organs(ctx, in.Unit, false); err != nil {
		return q, err
	}
	q.Validities, err = validities(in.Validity)
	return q, err
}

func later(a, b civil.Date) civil.Date {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b civil.Date) civil.Date {
	if !a.IsZero() && a.Before(b) {
		return a
	}
	return b
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// facets gives the values their labels.
func (s *server) facets(counts map[string][]search.Count) map[string][]Facet {
	out := map[string][]Facet{}
	for name, values := range counts {
		out[name] = each(values, func(c search.Count) Facet {
			f := Facet{Value: c.Value, Label: c.Label, Count: c.Count}
			switch {
			case f.Label != "":
			case name == search.FacetKind:
				f.Label = s.kindLabel(c.Value)
			case name == search.FacetValidity:
				f.Label = publication.ValidityLabel(search.Validity(c.Value))
			default:
				f.Label = c.Value
			}
			return f
		})
	}
	return out
}

func found(h search.Hit) FoundItem {
	return FoundItem{ID: h.ID, SourceID: h.SourceID, Kind: h.Kind, Title: h.Title, URL: h.URL, Unit: h.Unit, Number: h.Number,
		IssuedOn: Day{h.IssuedOn}, PublishedAt: Moment{h.PublishedAt}, Validity: string(h.Validity),
		Highlights: list(h.Highlights), Score: h.Score, Editions: h.Editions}
}

type clausesIn struct {
	Q    string `query:"q" doc:"一句问话，或条文里的词"`
	Size int    `query:"size" minimum:"1" maximum:"100" default:"20" doc:"几条"`
	Site string `query:"site" doc:"只看某个站点的"`
}

// Clauses are articles that answer a question.
type Clauses struct {
	Items []Clause `json:"items" doc:"最合适的在前"`
}

// Clause is one article.
type Clause struct {
	Publication int64   `json:"publication" doc:"所在文件的编号"`
	SourceID    string  `json:"source_id"`
	Title       string  `json:"title" doc:"所在文件的标题"`
	Clause      string  `json:"clause" example:"第十二条" doc:"条的序号，照原文"`
	Path        string  `json:"path" doc:"所在的编、章、节"`
	Text        string  `json:"text" doc:"条文"`
	Highlight   string  `json:"highlight" doc:"最合适的一段：HTML，词语在 <mark> 里"`
	URL         string  `json:"url" doc:"网页上这一条的地址"`
	Validity    string  `json:"validity"`
	Score       float64 `json:"score"`
}

func (s *server) clauses(ctx context.Context, in *clausesIn) (out Clauses, err error) {
	hits, err := s.Search.Clauses(ctx, search.ClauseQuery{Text: in.Q, Size: in.Size, Site: in.Site})
	if err != nil {
		return out, err
	}
	out.Items = each(hits, func(h search.ClauseHit) Clause {
		return Clause{Publication: h.Publication, SourceID: h.SourceID, Title: h.Title, Clause: h.Clause, Path: h.Path, Text: h.Text,
			Highlight: h.Highlight, URL: h.URL, Validity: string(h.Validity), Score: h.Score}
	})
	return out, nil
}

type suggestIn struct {
	Q    string `query:"q" doc:"已经输入的字；单位名称也可以是拼音首字母"`
	Size int    `query:"size" minimum:"1" maximum:"20" default:"8" doc:"几条"`
}

// Suggestions are completions.
type Suggestions struct {
	Items []search.Suggestion `json:"items"`
}

func (s *server) suggest(ctx context.Context, in *suggestIn) (out Suggestions, err error) {
	items, err := s.Search.Suggest(ctx, in.Q, in.Size)
	return Suggestions{list(items)}, err
}
