package portal

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/obligation"
	"gongkai/internal/obligation/workplan"
	"gongkai/internal/publication"
)

// plan is the work plan of the test city.
func (c *city) plan(t testing.TB) obligation.Plan {
	t.Helper()
	plans, err := c.Obligations.Plans(t.Context())
	check(t, err)
	i := slices.IndexFunc(plans, func(p obligation.Plan) bool { return p.Kind == obligation.WorkPlan })
	if i < 0 {
		t.Fatal("there is no work plan")
	}
	return plans[i]
}

// catalogue saves a catalogue of rows that some units owe once a year, and
// gives the evidence of the first of them.
func (c *city) catalogue(t testing.TB, rows int, units ...string) {
	t.Helper()
	d := obligation.Draft{Plan: obligation.Plan{Code: "目录", Kind: obligation.Catalogue, Title: "基层政务公开标准目录", IssuedOn: day0("2021-01-01")}}
	for i := range rows {
		o := obligation.Obligation{Code: fmt.Sprintf("目录/%d", i+1), Position: i + 1, Section: fmt.Sprintf("领域%d", i%2+1), Title: fmt.Sprintf("事项%d", i+1),
			Rule: obligation.Rule{Every: workplan.Yearly}, StartsOn: day0("2021-01-01")}
		for _, name := range units {
			o.Units = append(o.Units, obligation.Assignment{UnitID: c.unitID(t, name), Role: obligation.Responds, Printed: name})
		}
		d.Obligations = append(d.Obligations, o)
	}
	check(t, c.db.Update(t.Context(), func(tx *db.Tx) error {
		if _, err := c.Obligations.SavePlan(t.Context(), tx, d, obligation.SaveOptions{Actor: "test"}); err != nil {
			return err
		}
		_, err := c.Obligations.Expand(t.Context(), tx, civil.DateOf(autumn))
		return err
	}))
	c.put(t, line("evidence", "办理情况", func(l *publication.Line) {
		l.Kind, l.Unit = "notice", units[0]
		l.Relations = []publication.RelationLine{{Type: publication.Fulfils, Target: "目录/1@2021"}}
	}))
}

func TestCountySeesItsOwnDuties(t *testing.T) {
	c := newCity(t)
	plan := c.plan(t)
	county := c.unitID(t, "零陵区")
	sum, err := c.Obligations.Unit(t.Context(), county, civil.Date{}, civil.Date{}, civil.DateOf(autumn))
	check(t, err)
	i := slices.IndexFunc(sum.Plans, func(p obligation.PlanCounts) bool { return p.PlanID == plan.ID })
	if i < 0 {
		t.Fatal("the county owes nothing by the plan")
	}
	want := fmt.Sprintf("/ %d 件应公开的已公开", sum.Plans[i].Counts.Owed())
	for _, target := range []string{"/lingling/", fmt.Sprintf("/lingling/plans/%d", plan.ID)} {
		page := c.get(t, target).Body.String()
		if !strings.Contains(page, want) {
			t.Errorf("%s lacks %q", target, want)
		}
		if !strings.Contains(page, "零陵区") || strings.Contains(page, "更新文件库") {
			t.Errorf("%s shows tasks that the county does not have", target)
		}
	}
	task := c.get(t, "/lingling"+taskPath(url.PathEscape(plan.Code)+"/1")).Body.String()
	if !strings.Contains(task, "零陵区各单位 1 项应公开") || strings.Count(task, `<tr role="row"><th scope="row"`) != 1 {
		t.Error("the task's page counts other counties")
	}
}

// heads are the column headings of the first table of duties of a page.
func heads(page string) (list []string) {
	_, after, _ := strings.Cut(page, `aria-label="应公开事项表"`)
	head, _, _ := strings.Cut(after, "</thead>")
	for _, m := range regexp.MustCompile(`columnheader">([^<]+)<`).FindAllStringSubmatch(head, -1) {
		list = append(list, m[1])
	}
	return list
}

func TestDutyTablesRepeatNothing(t *testing.T) {
	c := newCity(t)
	plan := c.plan(t)
	tests := []struct {
		target string
		want   []string
	}{
		{"/duties", []string{"单位", "事项", "时段", "期限", "状态", "证据"}},
		{taskPath(url.PathEscape(plan.Code) + "/1"), []string{"单位", "时段", "期限", "状态", "证据"}},
		{unitPath(c.unitID(t, "市财政局")), []string{"事项", "时段", "期限", "状态", "证据"}},
	}
	for _, tt := range tests {
		if got := heads(c.get(t, tt.target).Body.String()); !slices.Equal(got, tt.want) {
			t.Errorf("%s: columns %v, want %v", tt.target, got, tt.want)
		}
	}
}

func TestTasksAreNamed(t *testing.T) {
	c := newCity(t)
	code := c.plan(t).Code
	list, err := c.Publications.Commitments(t.Context(), publication.Filter{})
	check(t, err)
	c.put(t, line("report", "第三季度情况通报", func(l *publication.Line) {
		l.Kind = "notice"
		l.Relations = []publication.RelationLine{{Type: publication.Fulfils, Target: code + "/4@2021Q3"}}
	}))
	for _, tt := range []struct{ target, want string }{
		{c.path("report"), "落实通报制度（2021年第三季度）</a>"},
		{publication.Path(list[0].Record.ID), "公开民生实事</a>"},
	} {
		page := c.get(t, tt.target).Body.String()
		if !strings.Contains(page, tt.want) || strings.Contains(page, ">"+code+"/") {
			t.Errorf("%s lacks %q or shows a code", tt.target, tt.want)
		}
	}
}

func TestYearHoldsItsQuarters(t *testing.T) {
	c := newCity(t)
	plan, unit := c.plan(t), c.unitID(t, "市行政审批服务局")
	o, err := c.Obligations.ByCode(t.Context(), plan.Code+"/4")
	check(t, err)
	page := c.get(t, "/matrix?period=2021").Body.String()
	link := fmt.Sprintf(`duties?unit=%d&amp;period=2021&amp;task=%d`, unit, o.ID)
	if !strings.Contains(page, link) || !strings.Contains(page, "2021年（全部时段）") {
		t.Fatalf("the matrix of the year lacks the quarterly task: %q", link)
	}
	cell, _, _ := strings.Cut(page[strings.Index(page, link):], "</td>")
	list, err := c.Obligations.Duties(t.Context(), obligation.DutyFilter{Units: []int64{unit}, ObligationID: o.ID}, civil.DateOf(autumn))
	check(t, err)
	if n := len(list.Duties); n < 2 || !strings.Contains(cell, fmt.Sprintf("%d 项中 0 项已公开", n)) {
		t.Errorf("the cell says %q of %d duties", cell, n)
	}
	duties := c.get(t, fmt.Sprintf("/duties?unit=%d&period=2021&task=%d", unit, o.ID)).Body.String()
	if got := strings.Count(duties, `<tr role="row"><th scope="row"`); got != len(list.Duties) {
		t.Errorf("the cell opens %d duties, want %d", got, len(list.Duties))
	}
}

func TestDutiesWithinAPeriodByPages(t *testing.T) {
	c := newCity(t)
	f := obligation.DutyFilter{Period: "2021", Size: 7}
	seen := map[int64]bool{}
	for {
		page, err := c.Obligations.DutiesWithin(t.Context(), f, civil.DateOf(autumn))
		check(t, err)
		for _, d := range page.Duties {
			if seen[d.ID] || !strings.HasPrefix(d.Period, "2021") {
				t.Errorf("duty %d of %s comes wrongly", d.ID, d.Period)
			}
			seen[d.ID] = true
		}
		if f.After = page.Next; f.After.ID == 0 {
			break
		}
	}
	all, err := c.Obligations.Duties(t.Context(), obligation.DutyFilter{Size: obligation.MaxPage}, civil.DateOf(autumn))
	check(t, err)
	want := 0
	for _, d := range all.Duties {
		if strings.HasPrefix(d.Period, "2021") {
			want++
		}
	}
	if len(seen) != want || want == 0 || all.Next.ID != 0 {
		t.Errorf("%d duties, want %d", len(seen), want)
	}
}

func TestPeriods(t *testing.T) {
	periods := []string{"2020Q4", "2021", "2021-06", "2021Q3"}
	if got, want := obligation.PeriodChoices(periods), []string{"2020", "2020Q4", "2021", "2021-06", "2021Q3"}; !slices.Equal(got, want) {
		t.Errorf("choices %v, want %v", got, want)
	}
	for _, tt := range []struct {
		chosen string
		want   []string
	}{{"2021", []string{"2021", "2021-06", "2021Q3"}}, {"2021Q2", []string{"2021-06"}}, {"2021-06", []string{"2021-06"}}, {"2019", nil}, {"bad", []string{"bad"}}} {
		if got := obligation.PeriodsWithin(periods, tt.chosen); !slices.Equal(got, tt.want) {
			t.Errorf("within %s: %v, want %v", tt.chosen, got, tt.want)
		}
	}
	for _, tt := range []struct{ today, wanted, want string }{
		{"2022-01-19", "", "2021"}, {"2021-05-01", "", "2021"}, {"2021-01-31", "", "2020"}, {"2022-01-19", "2020", "2020"}, {"2022-01-19", "1999", "2021"},
	} {
		if got := new(cataloguePage).chooseYear(periods, tt.wanted, day0(tt.today)); got != tt.want {
			t.Errorf("on %s, wanted %q: year %s, want %s", tt.today, tt.wanted, got, tt.want)
		}
	}
}

func TestCatalogueTellsHowMany(t *testing.T) {
	c := newCity(t)
	c.catalogue(t, 30, "市财政局", "市司法局", "零陵区")
	for _, tt := range []struct {
		target      string
		want, never []string
	}{
		{"/catalogue", []string{"30 行", "<summary>1 / 3</summary>", "<summary>0 / 3</summary>", ">事项25<", "已公开</span> 1</a>"}, []string{">事项26<"}},
		{"/catalogue?after=2", []string{">事项26<", ">事项30<"}, []string{">事项25<"}},
		{"/catalogue?section=领域2", []string{"15 行", ">事项2<"}, []string{">事项1<"}},
		{"/catalogue?section=领域9", []string{"这份目录里没有领域9的事项", "看整份目录"}, nil},
		{"/lingling/catalogue", []string{"零陵区各单位", "<summary>0 / 1</summary>"}, nil},
	} {
		page := c.get(t, tt.target).Body.String()
		for _, s := range tt.want {
			if !strings.Contains(page, s) {
				t.Errorf("%s lacks %q", tt.target, s)
			}
		}
		for _, s := range tt.never {
			if strings.Contains(page, s) {
				t.Errorf("%s holds %q", tt.target, s)
			}
		}
	}
}

func TestSiteMapNests(t *testing.T) {
	c := newCity(t)
	page := c.get(t, "/sitemap").Body.String()
	_, statutory, _ := strings.Cut(page, `>法定主动公开内容</a><ul class="plain">`)
	branch, _, _ := strings.Cut(statutory, "政府信息公开年报")
	for _, want := range []string{`>政策文件</a>`, `>本地重点信息</a><ul class="plain">`} {
		if !strings.Contains(branch, want) {
			t.Errorf("the branch lacks %q", want)
		}
	}
}

func TestLongOutlinesShowChapters(t *testing.T) {
	entries := func(chapters, each int) (list []document.Entry) {
		for i := range chapters {
			list = append(list, document.Entry{Level: 1, Text: fmt.Sprintf("第%d章", i+1)})
			for range each {
				list = append(list, document.Entry{Level: 2, Text: "条"})
			}
		}
		return list
	}
	for _, tt := range []struct{ chapters, each, want int }{{3, 2, 0}, {6, 5, 6}, {40, 0, 0}} {
		if got := len(chapters(entries(tt.chapters, tt.each))); got != tt.want {
			t.Errorf("%d chapters of %d: %d shown, want %d", tt.chapters, tt.each, got, tt.want)
		}
	}
}

func TestEmptyColumnsAreLeftOut(t *testing.T) {
	c := newCity(t)
	c.put(t, line("organ", "市财政局机构职能", func(l *publication.Line) {
		l.Kind, l.Unit = "organ", "市财政局"
		l.Fields = publication.Fields{"duties": []any{"拟订财政政策并组织执行，管理财政收支", "编制年度预算决算草案"}, "address": "市民服务中心", "hours": "工作日", "phone": "12345",
			"offices": []any{map[string]any{"name": "办公室", "phone": "1"}, map[string]any{"name": "预算科"}}}
	}))
	page := c.get(t, c.path("organ")).Body.String()
	if !strings.Contains(page, "<details open><summary>共 2 条</summary>") {
		t.Error("a short list among the facts is closed")
	}
	if !strings.Contains(page, `<tr><th scope="col">名称</th><th scope="col">电话</th></tr>`) || !strings.Contains(page, "<tr><td>预算科</td><td></td></tr>") {
		t.Error("the table of sections has a column that nothing fills, or lacks one")
	}
}

func TestVainSearchHasNoFilters(t *testing.T) {
	c := newCity(t)
	if page := c.get(t, "/search?q=不存在的东西啊啊").Body.String(); strings.Contains(page, `id="facets"`) || strings.Contains(page, "#facets") {
		t.Error("a vain search shows filters")
	}
	if page := c.get(t, "/search?q=停车").Body.String(); !strings.Contains(page, `id="facets"`) {
		t.Error("a search lacks its filters")
	}
}
