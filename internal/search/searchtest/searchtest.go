// Package searchtest is the suite that every search engine must pass: what the
// contract of package search says, as tests that run.
package searchtest

import (
	"context"
	"testing"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/search"
)

// Run tests the engine that open makes: a fresh, empty one at each call, closed
// by the suite.
func Run(t *testing.T, open func(t *testing.T) search.Engine) {
	for _, c := range []struct {
		name string
		test func(*testing.T, search.Engine)
	}{
		{"cursor", testCursor},
		{"put replaces", testReplace},
		{"remove", testRemove},
		{"numbers", testNumbers},
		{"order", testOrder},
		{"editions", testEditions},
		{"newest first", testNewest},
		{"pages", testPages},
		{"facets", testFacets},
		{"filters", testFilters},
		{"highlights", testHighlights},
		{"writing", testWriting},
		{"clauses", testClauses},
		{"suggest", testSuggest},
		{"did you mean", testDidYouMean},
		{"synonyms", testSynonyms},
		{"any input", testAnyInput},
		{"rebuild", testRebuild},
		{"rebuild fails", testRebuildFails},
		{"closed", testClosed},
		{"concurrent", testConcurrent},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := open(t)
			defer e.Close()
			c.test(t, e)
		})
	}
}

// doc is a document with sane defaults: a notice in force of 2021.
func doc(id int64, title string, change ...func(*search.Doc)) search.Doc {
	d := search.Doc{
		ID: id, SourceID: "doc:" + title, Kind: "notice", Title: title, Unit: "永州市人民政府办公室", UnitID: 7,
		UnitNames: []string{"市政府办"}, Category: "行政规范性文件", Statutory: "20-1", Validity: search.InForce,
		IssuedOn: civil.MustDate("2021-06-11"), PublishedAt: time.Date(2021, 6, 12, 1, 0, 0, 0, time.UTC),
		URL: "/d/" + title, Sites: []string{"city"},
	}
	for _, f := range change {
		f(&d)
	}
	return d
}

func body(text string) func(*search.Doc) { return func(d *search.Doc) { d.Body = text } }
func number(n string) func(*search.Doc)  { return func(d *search.Doc) { d.Number = n } }
func issued(day string) func(*search.Doc) {
	return func(d *search.Doc) { d.IssuedOn = civil.MustDate(day) }
}
func edition(name string) func(*search.Doc)     { return func(d *search.Doc) { d.Edition = name } }
func kind(k string) func(*search.Doc)           { return func(d *search.Doc) { d.Kind = k } }
func sites(names ...string) func(*search.Doc)   { return func(d *search.Doc) { d.Sites = names } }
func category(c string) func(*search.Doc)       { return func(d *search.Doc) { d.Category = c } }
func statutory(code string) func(*search.Doc)   { return func(d *search.Doc) { d.Statutory = code } }
func state(v search.Validity) func(*search.Doc) { return func(d *search.Doc) { d.Validity = v } }

func unit(id int64, name string) func(*search.Doc) {
	return func(d *search.Doc) { d.UnitID, d.Unit, d.UnitNames = id, name, nil }
}

// articles makes articles 第一条, 第二条, … of a chapter.
func articles(texts ...string) func(*search.Doc) {
	labels := []string{"第一条", "第二条", "第三条", "第三条之一"}
	anchors := []string{"art-1", "art-2", "art-3", "art-3-1"}
	return func(d *search.Doc) {
		for i, text := range texts {
			d.Articles = append(d.Articles, search.Article{Label: labels[i], Anchor: anchors[i], Path: "第一章 总则", Text: text})
		}
	}
}

func put(t *testing.T, e search.Writer, docs ...search.Doc) {
	t.Helper()
	if err := e.Apply(context.Background(), 1, docs, nil); err != nil {
		t.Fatal(err)
	}
}

func find(t *testing.T, e search.Engine, q search.Query) search.Result {
	t.Helper()
	r, err := e.Search(context.Background(), q)
	if err != nil {
		t.Fatalf("Search(%+v): %v", q, err)
	}
	return r
}

func clauses(t *testing.T, e search.Engine, text string) []search.ClauseHit {
	t.Helper()
	hits, err := e.Clauses(context.Background(), search.ClauseQuery{Text: text})
	if err != nil {
		t.Fatalf("Clauses(%q): %v", text, err)
	}
	return hits
}

// ids is what a result lists, in its order.
func ids(r search.Result) (out []int64) {
	for _, h := range r.Items {
		out = append(out, h.ID)
	}
	return out
}
