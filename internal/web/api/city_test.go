package api_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"gongkai/internal/blob"
	"gongkai/internal/channel"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/document"
	"gongkai/internal/law"
	"gongkai/internal/obligation"
	"gongkai/internal/publication"
	"gongkai/internal/publication/kind"
	"gongkai/internal/search"
	"gongkai/internal/search/bleve"
	"gongkai/internal/unit"
	"gongkai/internal/web/api"
)

var ctx = context.Background()

// city is a small city with its API.
type city struct {
	api.Deps
	handler http.Handler
	gen     string // what Generation says
}

// sqliteCity is the city on SQLite, at noon of 11 June 2021.
func sqliteCity(t testing.TB, change ...func(*api.Deps)) *city {
	return newCity(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)), change...)
}

// newCity makes a city of four units, one plan with a duty met and one late,
// and a handful of records, all of it in the index.
func newCity(t testing.TB, store *db.DB, change ...func(*api.Deps)) *city {
	t.Helper()
	c := &city{gen: "1"}
	c.DB, c.Clock, c.Calendar, c.Log = store, store.Clock(), law.Standard(), slog.New(slog.DiscardHandler)
	c.Generation = func() string { return c.gen }
	blobs, err := blob.Open(ctx, "mem:")
	must(t, err)
	t.Cleanup(func() { blobs.Close() })
	kinds, err := kind.Load(nil)
	must(t, err)
	engine, err := bleve.Open(t.TempDir())
	must(t, err)
	t.Cleanup(func() { engine.Close() })
	c.Blobs, c.Search = blobs, engine
	c.Units = unit.NewStore(store)
	c.Channels = channel.NewStore(store, c.Units)
	c.Obligations = obligation.NewStore(store, obligation.Options{})
	c.Publications = publication.NewStore(publication.Deps{DB: store, Kinds: kinds, Units: c.Units, Duties: c.Obligations, Blobs: blobs})
	c.found(t)
	c.plan(t)
	c.publish(t)
	c.index(t)
	for _, f := range change {
		f(&c.Deps)
	}
	c.handler = api.New(c.Deps)
	return c
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (c *city) update(t testing.TB, f func(tx *db.Tx) error) {
	t.Helper()
	must(t, c.DB.Update(ctx, f))
}

// found makes units 1 to 4; the last was renamed in 2020.
func (c *city) found(t testing.TB) {
	c.update(t, func(tx *db.Tx) error {
		for _, d := range []unit.Draft{
			{Kind: unit.City, Name: "甲市人民政府", Short: "市政府", Code: "431100", Prefixes: []string{"甲市", "市"}},
			{Kind: unit.Department, Name: "甲市发展和改革委员会", Short: "市发改委", Parent: 1},
			{Kind: unit.Department, Name: "甲市教育局", Short: "市教育局", Parent: 1},
			{Kind: unit.County, Name: "乙县人民政府", Short: "乙县", Parent: 1},
		} {
			if _, err := c.Units.Add(ctx, tx, "test", d); err != nil {
				return err
			}
		}
		_, err := c.Units.ApplyEvent(ctx, tx, "test", unit.Event{Kind: unit.Rename, On: civil.MustDate("2020-01-01"), Subjects: []int64{4},
			Name: "乙市人民政府", Short: "乙市", Basis: "民函〔2019〕99号"})
		return err
	})
	_, err := c.Channels.Load(ctx, []byte(`{"sites": [{"slug": "city", "name": "甲市人民政府门户网站", "organizer": "甲市人民政府办公室", "contact": "甲市人民政府大院"}]}`), channel.Options{Actor: "test"})
	must(t, err)
}

const planCode = "甲政办发〔2021〕1号"

// plan saves two tasks. The first is owed until the end of the year; the
// second was until May, and unit 3 has published for it.
func (c *city) plan(t testing.TB) {
	day := civil.MustDate("2021-03-01")
	c.update(t, func(tx *db.Tx) error {
		_, err := c.Obligations.SavePlan(ctx, tx, obligation.Draft{
			Plan: obligation.Plan{Code: planCode, Kind: obligation.WorkPlan, Title: "甲市2021年政务公开工作要点", Issuer: "市政府办", Number: planCode, IssuedOn: day, Year: 2021},
			Obligations: []obligation.Obligation{
				{Code: planCode + "/1", Position: 1, Section: "一、规划", Title: "公开规划", Text: "做好规划公开。", Lead: []string{"市发改委"}, Responsible: []string{"各县市区"},
					Rule: obligation.Rule{DueOn: civil.MustDate("2021-12-31")}, StartsOn: day,
					Units:   []obligation.Assignment{{UnitID: 2, Role: obligation.Leads, Printed: "市发改委"}, {UnitID: 4, Role: obligation.Responds, Printed: "各县市区"}},
					Targets: []obligation.Target{{Text: "惠及居民3.5万户", Quantity: "3.5", Unit: "万户"}}},
				{Code: planCode + "/2", Position: 2, Section: "二、教育", Title: "公开招生政策", Rule: obligation.Rule{DueOn: civil.MustDate("2021-05-31")}, StartsOn: day,
					Match: obligation.Match{Kinds: []string{"notice"}},
					Units: []obligation.Assignment{{UnitID: 3, Role: obligation.Leads, Printed: "市教育局"}, {UnitID: 2, Role: obligation.Responds, Printed: "市发改委"}}},
			},
		}, obligation.SaveOptions{Actor: "test"})
		if err != nil {
			return err
		}
		_, err = c.Obligations.Expand(ctx, tx, tx.Today())
		return err
	})
}

const articles = "第一条 为了规范地名管理，制定本办法。\n\n第二条 县人民政府民政部门主管本行政区域的地名工作。\n\n第三条 本办法自公布之日起施行。"

// publish takes records 1 to 6 in; the last is withdrawn again.
func (c *city) publish(t testing.TB) {
	day := civil.MustDate
	text := func(s string) publication.Body { return publication.Body{Format: document.Markdown, Text: s} }
	lines := []publication.Line{
		{SourceID: "p1", Kind: "policy", Unit: "市政府", Title: "甲市地名管理办法", Number: "甲政发〔2019〕7号", IssuedOn: day("2019-05-01"), Category: "民政", Body: text(articles)},
		{SourceID: "p2", Kind: "policy", Unit: "市政府", Title: "甲市地名管理办法（修订）", Number: "甲政发〔2021〕3号", IssuedOn: day("2021-02-01"), Category: "民政", Body: text(articles),
			Relations: []publication.RelationLine{{Type: publication.Repeals, Target: "p1"}}},
		{SourceID: "n1", Kind: "notice", Unit: "市教育局", Title: "2021年招生工作通知", IssuedOn: day("2021-05-20"), PublishedAt: publication.At(day("2021-05-21").Start()), Body: text("招生工作安排如下。")},
		{SourceID: "c1", Kind: "commitment", Unit: "市政府", Title: "改造城镇老旧小区348个", IssuedOn: day("2021-01-20"), Body: text("改造城镇老旧小区348个。"),
			Fields: publication.Fields{"year": 2021, "no": 1, "due": "2021-12-31", "targets": []any{map[string]any{"text": "改造老旧小区", "quantity": json.Number("348"), "unit": "个"}}}},
		{SourceID: "g1", Kind: "progress", Unit: "市政府", Title: "老旧小区改造5月进展", IssuedOn: day("2021-06-01"), Body: text("已开工。"),
			Fields:    publication.Fields{"as_of": "2021-05-31", "values": []any{map[string]any{"text": "改造老旧小区", "done": json.Number("174")}}},
			Relations: []publication.RelationLine{{Type: publication.ProgressOf, Target: "c1"}}},
		{SourceID: "w1", Kind: "notice", Unit: "市教育局", Title: "误发的通知", IssuedOn: day("2021-06-02"), Body: text("不该公开的正文。")},
	}
	for i := range lines {
		c.update(t, func(tx *db.Tx) error {
			_, err := c.Publications.Put(ctx, tx, &lines[i], publication.PutOptions{Actor: "test"})
			return err
		})
	}
	c.update(t, func(tx *db.Tx) error {
		return c.Publications.Withdraw(ctx, tx, 6, publication.ReasonError, "已更正重发", "test")
	})
}

func (c *city) index(t testing.TB) {
	var docs []search.Doc
	must(t, c.DB.View(ctx, func(tx *db.Tx) (err error) {
		docs, err = c.Publications.SearchDocs(ctx, tx, []int64{1, 2, 3, 4, 5, 6})
		return err
	}))
	must(t, c.Search.Apply(ctx, 1, docs, nil))
	must(t, c.Search.SetNames(ctx, []search.Name{{Text: "甲市教育局", Kind: "unit", URL: "/units/3"}}))
}

// get asks with headers given as name, value, name, value ….
func (c *city) get(method, target string, headers ...string) *http.Response {
	req := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	c.handler.ServeHTTP(rec, req)
	return rec.Result()
}

func read(t testing.TB, resp *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(resp.Body)
	must(t, err)
	return string(body)
}
