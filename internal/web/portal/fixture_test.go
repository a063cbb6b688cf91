package portal

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"gongkai/internal/blob"
	"gongkai/internal/channel"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/document"
	"gongkai/internal/ledger"
	"gongkai/internal/obligation"
	"gongkai/internal/planning"
	"gongkai/internal/publication"
	"gongkai/internal/publication/kind"
	"gongkai/internal/search/bleve"
	"gongkai/internal/unit"
)

// autumn is the instant at which the test city stands.
var autumn = time.Date(2021, 11, 15, 10, 0, 0, 0, civil.China)

// city is a small city with a portal over real stores.
type city struct {
	*Portal
	db    *db.DB
	units *unit.Store
	ids   map[string]int64 // records by source_id
	acts  int              // of the ledger, as the generation
}

// planText is a work plan in the form that cities issue, in our own words.
const planText = `永州市政务公开政务服务领导小组办公室
关于印发《永州市2021年政务公开工作要点》的通知
各县(区、市)人民政府,市直有关单位:
现将要点印发给你们,请认真落实。
永州市政务公开政务服务领导小组办公室
2021年6月11日
永州市2021年政务公开工作要点
为做好今年的政务公开,制定本要点。
一、抓好重点信息公开
(一)公开各类规划。在门户网站集中发布各类规划并作解读。(市发改委牵头,各县市区人民政府按职责分工负责)
(二)公开民生实事。深化公开今年的民生实事:(1)改造城镇老旧小区348个,惠及居民3.5万户。(2)建成公共停车位6000个。及时公开进展。(市住建局牵头,市财政局按职责分工负责)
二、抓好基础工作
(三)更新文件库。集中公开规章、规范性文件,动态更新效力状态。(市司法局牵头,市直相关单位按职责分工负责)
(四)落实通报制度。每季度将各单位工作情况通报一次。(市行政审批服务局牵头,市财政局按职责分工负责)
各部门要将本要点落实情况纳入政府信息公开工作年度报告予以公开。`

// newCity makes the city; t.TempDir holds it.
func newCity(t testing.TB) *city {
	t.Helper()
	ctx := t.Context()
	store := dbtest.SQLite(t, civil.Fixed(autumn))
	c := &city{db: store, units: unit.NewStore(store), ids: map[string]int64{}}
	files, ok := unit.Directory("yongzhou")
	if !ok {
		t.Fatal("the directory of Yongzhou is missing")
	}
	_, err := unit.Load(ctx, c.units, files, unit.ImportOptions{})
	check(t, err)
	sites, ok := channel.Example("yongzhou")
	if !ok {
		t.Fatal("the sites of Yongzhou are missing")
	}
	channels := channel.NewStore(store, c.units)
	_, err = channels.Load(ctx, sites, channel.Options{})
	check(t, err)
	kinds, err := kind.Load(nil)
	check(t, err)
	blobs, err := blob.Open(ctx, "mem:")
	check(t, err)
	t.Cleanup(func() { blobs.Close() })
	duties := obligation.NewStore(store, obligation.Options{})
	records := publication.NewStore(publication.Deps{DB: store, Kinds: kinds, Units: c.units, Duties: duties, Blobs: blobs})
	engine, err := bleve.Open(filepath.Join(t.TempDir(), "index"))
	check(t, err)
	t.Cleanup(func() { engine.Close() })
	planner := &planning.Planner{Deps: planning.Deps{DB: store, Units: c.units, Obligations: duties, Publications: records}}
	_, err = planner.Import(ctx, "plan.txt", []byte(planText), planning.Options{Actor: "test"})
	check(t, err)
	c.Portal, err = New(Deps{Publications: records, Obligations: duties, Units: c.units, Channels: channels, Search: engine, Blobs: blobs,
		Clock: civil.Fixed(autumn), Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Generation: func() string { return fmt.Sprint(c.acts) }})
	check(t, err)
	c.fill(t)
	return c
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// put publishes lines and indexes everything.
func (c *city) put(t testing.TB, lines ...*publication.Line) {
	t.Helper()
	files := fstest.MapFS{"图.pdf": {Data: []byte("%PDF-1.4 附图")}}
	for _, l := range lines {
		check(t, c.db.Update(t.Context(), func(tx *db.Tx) error {
			r, err := c.Publications.Put(t.Context(), tx, l, publication.PutOptions{Actor: "test", Files: files})
			c.ids[l.SourceID] = r.ID
			return err
		}))
	}
	c.index(t)
}

// index brings the search engine up to date, as the app's follower does.
func (c *city) index(t testing.TB) {
	t.Helper()
	c.acts++
	check(t, c.db.View(t.Context(), func(tx *db.Tx) error {
		head, err := ledger.Head(t.Context(), tx)
		if err != nil {
			return err
		}
		ids := make([]int64, 5000)
		for i := range ids {
			ids[i] = int64(i + 1)
		}
		docs, err := c.Publications.SearchDocs(t.Context(), tx, ids)
		if err != nil {
			return err
		}
		for i := range docs {
			docs[i].Sites = []string{"city"}
		}
		return c.Search.Apply(t.Context(), head, docs, nil)
	}))
}

const parkingText = `## 第一章　总则

第一条　为了规范公共停车场的规划、建设和管理，方便群众出行，制定本办法。

第二条　本市中心城区公共停车场的规划、建设、使用及其监督管理，适用本办法。

## 第二章　使用与收费

第三条　机关和事业单位的停车场在非工作时间应当向社会开放。

开放的时间和收费标准应当在入口处公示，内容包括：

（一）开放时间；

（二）收费标准和依据。

第四条　停放不超过三十分钟的，不收费。

## 第三章　附则

第五条　本办法自2019年5月1日起施行。

| 时段 | 收费 |
| --- | --- |
| 白天 | 每小时2元 |
| 夜间 | 每次5元 |`

func day0(s string) civil.Date { return civil.MustDate(s) }

// line is a policy of the city with sane defaults.
func line(source, title string, change ...func(*publication.Line)) *publication.Line {
	l := &publication.Line{SourceID: source, Kind: "policy", Unit: "市政府", Title: title, IssuedOn: day0("2021-03-01"),
		PublishedAt: publication.At(day0("2021-03-05").Start().Add(9 * time.Hour)),
		Body:        publication.Body{Format: document.Markdown, Text: "第一条 为了方便群众，制定本办法。\n\n第二条 本办法自公布之日起施行。"}}
	for _, f := range change {
		f(l)
	}
	return l
}

// fill publishes what the pages need: every kind of state, relation and field.
func (c *city) fill(t testing.TB) {
	c.put(t,
		line("parking", "永州市公共停车场管理办法", func(l *publication.Line) {
			l.Number, l.IssuedOn, l.EffectiveOn, l.Category = "永州市人民政府令第2号", day0("2019-03-18"), day0("2019-05-01"), "城乡建设"
			l.PublishedAt = publication.At(day0("2019-03-20").Start())
			l.Body.Text, l.Keywords = parkingText, []string{"停车", "收费"}
			l.Attachments = []publication.Attachment{{Name: "停车场分布图.pdf", Path: "图.pdf", MediaType: "application/pdf"}, {Name: "收费公示", URL: "https://www.example.com/fee"}}
		}),
		line("parking-change", "关于修改《永州市公共停车场管理办法》的决定", func(l *publication.Line) {
			l.Number, l.IssuedOn, l.EffectiveOn = "永州市人民政府令第3号", day0("2021-09-30"), day0("2021-10-01")
			l.PublishedAt = publication.At(day0("2021-09-30").Start())
			l.Relations = []publication.RelationLine{{Type: publication.Amends, Target: "parking", Articles: []string{"第三条"}}}
		}),
		line("parking-words", "图解：停车收费和开放时段变了什么", func(l *publication.Line) {
			l.Kind, l.Unit, l.IssuedOn = "interpretation", "市住建局", day0("2021-09-30")
			l.Fields = publication.Fields{"form": "图解", "points": []any{"开放时间变长", "三十分钟内不收费"}}
			l.Relations = []publication.RelationLine{{Type: publication.Interprets, Target: "parking-change"}, {Type: publication.Interprets, Target: "parking", Articles: []string{"第三条"}}}
		}),
		line("old", "永州市停车管理暂行办法", func(l *publication.Line) {
			l.IssuedOn, l.RepealedOn = day0("2012-01-10"), day0("2019-05-01")
			l.PublishedAt = publication.At(day0("2012-01-12").Start())
		}),
		line("gone", "关于公示一批名单的通知", func(l *publication.Line) { l.Kind = "notice" }),
		line("plan", "永州市“十四五”公共服务规划", func(l *publication.Line) { l.Kind, l.Unit = "plan", "市发改委" }),
		line("guide", "永州市政府信息公开指南", func(l *publication.Line) {
			l.Kind, l.Category = "guide", "政府信息公开指南"
			l.Fields = publication.Fields{"section": "政府信息公开指南", "office": "公开工作机构"}
		}),
		line("annual", "永州市2020年政府信息公开工作年度报告", func(l *publication.Line) {
			l.Kind, l.Fields = "annual", publication.Fields{"year": 2020}
		}),
		line("service", "道路临时占用审批", func(l *publication.Line) {
			l.Kind = "service"
			l.Fields = publication.Fields{"item_type": "行政许可", "materials": []any{map[string]any{"name": "申请表", "form": "原件"}}}
		}),
	)
	check(t, c.db.Update(t.Context(), func(tx *db.Tx) error {
		return c.Publications.Withdraw(t.Context(), tx, c.ids["gone"], publication.ReasonOutdated, "公示到期，按规定撤下。", "test")
	}))
	c.progress(t)
	for i := range 45 {
		c.put1(t, line(fmt.Sprintf("bulk-%d", i), fmt.Sprintf("永州市公共服务设施管理规定之%d", i+1), func(l *publication.Line) { l.Category = "公共服务" }))
	}
	c.index(t)
}

func (c *city) put1(t testing.TB, l *publication.Line) {
	t.Helper()
	check(t, c.db.Update(t.Context(), func(tx *db.Tx) error {
		r, err := c.Publications.Put(t.Context(), tx, l, publication.PutOptions{Actor: "test"})
		c.ids[l.SourceID] = r.ID
		return err
	}))
}

// progress reports on the commitments that came with the plan.
func (c *city) progress(t testing.TB) {
	t.Helper()
	list, err := c.Publications.Commitments(t.Context(), publication.Filter{})
	check(t, err)
	if len(list) < 2 {
		t.Fatalf("the plan made %d commitments, want 2", len(list))
	}
	for i, share := range []float64{.91, .41} {
		goal := list[i].Targets[0]
		target, err := goal.Target.Float64()
		check(t, err)
		c.put1(t, line(fmt.Sprintf("progress-%d", i), list[i].Record.Title+"：十月进展", func(l *publication.Line) {
			l.Kind, l.Unit, l.IssuedOn = "progress", "市住建局", day0("2021-10-31")
			l.PublishedAt = publication.At(day0("2021-11-02").Start())
			l.Fields = publication.Fields{"as_of": "2021-10-31", "status": []string{"按序时推进", "慢于序时"}[i],
				"values": []any{map[string]any{"text": goal.Text, "done": int(target * share)}}}
			l.Relations = []publication.RelationLine{{Type: publication.ProgressOf, Target: list[i].Record.SourceID}}
		}))
	}
}

// get asks the portal for a page.
func (c *city) get(t testing.TB, target string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	c.ServeHTTP(w, r)
	return w
}

// path is the address of a record of the city.
func (c *city) path(source string) string { return publication.Path(c.ids[source]) }

// unitID is the id of a unit by name.
func (c *city) unitID(t testing.TB, name string) int64 {
	t.Helper()
	tree, err := c.units.Snapshot(context.Background())
	check(t, err)
	o, err := tree.Resolve(name, civil.DateOf(autumn))
	check(t, err)
	return o.ID
}
