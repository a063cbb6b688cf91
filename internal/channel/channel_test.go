package channel_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/channel"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/law"
	"gongkai/internal/ledger"
	"gongkai/internal/unit"
)

var (
	ctx   = context.Background()
	today = civil.DateOf(dbtest.Noon)
)

// fixture is the example sites over the directory of Yongzhou.
type fixture struct {
	*channel.Store
	t     testing.TB
	db    *db.DB
	units *unit.Tree
}

func yongzhou(t testing.TB, store *db.DB) fixture {
	t.Helper()
	units := unit.NewStore(store)
	files, ok := unit.Directory("yongzhou")
	if !ok {
		t.Fatal("no directory of Yongzhou")
	}
	if _, err := unit.Load(ctx, units, files, unit.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	tree, err := units.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return fixture{channel.NewStore(store, units), t, store, tree}
}

func (f fixture) load(data string) channel.Report {
	f.t.Helper()
	r, err := f.Load(ctx, []byte(data), channel.Options{})
	if err != nil {
		f.t.Fatal(err)
	}
	return r
}

func (f fixture) sites() *channel.Map {
	f.t.Helper()
	m, err := f.Snapshot(ctx)
	if err != nil {
		f.t.Fatal(err)
	}
	return m
}

func (f fixture) head() (seq int64) {
	f.t.Helper()
	err := f.db.View(ctx, func(tx *db.Tx) (err error) {
		seq, err = ledger.Head(ctx, tx)
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return seq
}

func (f fixture) path(name string) []int64 {
	f.t.Helper()
	o, err := f.units.Resolve(name, today)
	if err != nil {
		f.t.Fatal(err)
	}
	return f.units.Path(o.ID, today)
}

func example(t testing.TB) string {
	t.Helper()
	data, ok := channel.Example("yongzhou")
	if !ok {
		t.Fatal("no example of Yongzhou")
	}
	return string(data)
}

func TestExampleLoadsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		f := yongzhou(t, store)
		before := f.head()
		first := f.load(example(t))
		if first.Added < 3*(5+15) || first.Changed+first.Same+first.Closed > 0 || f.head() != before+3 {
			t.Fatalf("first: %+v, %d entries", first, f.head()-before)
		}
		m := f.sites()
		if again := f.load(example(t)); again.Same != first.Added || again.Added+again.Changed+again.Closed > 0 {
			t.Errorf("again: %+v", again)
		}
		if f.head() != before+3 || f.sites() != m {
			t.Error("loading the same again changed something")
		}
	})
}

// Every site has the four sections in their order, and below the third one
// every category of article 20 and every subject of article 21.
func TestEverySiteHasTheFixedSections(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		f := yongzhou(t, store)
		f.load(example(t))
		m := f.sites()
		if n := len(m.Sites()); n != 3 {
			t.Fatalf("%d sites", n)
		}
		for _, s := range m.Sites() {
			root, ok := m.Column(s, "/zfxxgk/")
			if !ok {
				t.Fatalf("%s has no disclosure platform", s.Slug)
			}
			var names []string
			for _, c := range m.Children(s.ID, root.ID) {
				names = append(names, c.Name)
				if !c.Fixed {
					t.Errorf("%s is not fixed", c.Path)
				}
			}
			if want := []string{"政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报"}; !slices.Equal(names, want) {
				t.Errorf("%s: sections %v", s.Slug, names)
			}
			statutory, _ := m.Column(s, "zfxxgk/statutory")
			if n := len(m.Children(s.ID, statutory.ID)); n != len(law.Categories().All())+1 {
				t.Errorf("%s: %d columns below 法定主动公开内容", s.Slug, n)
			}
			if c, ok := m.Column(s, "zfxxgk/statutory/21/21-2-3"); !ok || len(m.Trail(c)) != 4 || m.Trail(c)[0].ID != root.ID {
				t.Errorf("%s: article 21: %+v", s.Slug, c)
			}
			for _, c := range m.Columns(s.ID) {
				if !slices.Contains(channel.ColumnTypes(), c.Type) || c.Name == "" || c.Description == "" || c.Keywords == "" {
					t.Errorf("%s/%s lacks page tags: %+v", s.Slug, c.Path, c)
				}
			}
		}
	})
}

func TestMatch(t *testing.T) {
	facts := channel.Facts{Kind: "policy", UnitPath: []int64{1, 7, 9}, Category: "财政", Statutory: "20-1", Keywords: []string{"预算", "乡镇"}}
	tests := []struct {
		name string
		rule channel.Rule
		want bool
	}{
		{"no conditions", channel.Rule{}, false},
		{"kind", channel.Rule{Kinds: []string{"notice", "policy"}}, true},
		{"other kind", channel.Rule{Kinds: []string{"notice"}}, false},
		{"the organ", channel.Rule{Units: []int64{9}}, true},
		{"an organ above", channel.Rule{Units: []int64{7}}, true},
		{"an organ beside", channel.Rule{Units: []int64{8}}, false},
		{"statutory", channel.Rule{Statutory: []string{"20-1"}}, true},
		{"category", channel.Rule{Categories: []string{"教育"}}, false},
		{"a keyword", channel.Rule{Keywords: []string{"乡镇"}}, true},
		{"all conditions", channel.Rule{Kinds: []string{"policy"}, Units: []int64{1}, Categories: []string{"财政"}, Statutory: []string{"20-1"}, Keywords: []string{"预算"}}, true},
		{"all but one", channel.Rule{Kinds: []string{"policy"}, Units: []int64{1}, Categories: []string{"财政"}, Statutory: []string{"20-2"}}, false},
	}
	for _, tt := range tests {
		if got := channel.Match(tt.rule, facts); got != tt.want {
			t.Errorf("%s: %t, want %t", tt.name, got, tt.want)
		}
	}
	if channel.Match(channel.Rule{Units: []int64{1}}, channel.Facts{Kind: "policy"}) {
		t.Error("a record without units meets a rule about units")
	}
}

func TestPublishedOnceAppearsWhereColumnsSay(t *testing.T) {
	f := yongzhou(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	f.load(example(t))
	m := f.sites()
	tests := []struct {
		name   string
		record channel.Facts
		want   []string // site/column
	}{
		{"a plan of the planning commission", channel.Facts{Kind: "plan", UnitPath: f.path("市发改委"), Statutory: "20-3"},
			[]string{"city/zfxxgk/statutory", "city/zfxxgk/statutory/20-3", "city/ghjh", "lingling/ghjh", "fgw/zfxxgk/statutory", "fgw/zfxxgk/statutory/20-3", "fgw/ghjh"}},
		{"a policy of a township in 零陵", channel.Facts{Kind: "policy", UnitPath: f.path("水口山镇"), Statutory: "20-1"},
			[]string{"city/zfxxgk/statutory", "city/zfxxgk/statutory/20-1", "city/wjk", "lingling/zfxxgk/statutory", "lingling/zfxxgk/statutory/20-1", "lingling/wjk"}},
		{"the guide of 零陵", channel.Facts{Kind: "guide", Category: "政府信息公开指南", UnitPath: f.path("零陵区")},
			[]string{"city/zfxxgk/guide", "lingling/zfxxgk/guide"}},
		{"a yearly report", channel.Facts{Kind: "annual", UnitPath: f.path("市财政局")}, []string{"city/zfxxgk/annual"}},
		{"nothing that anybody shows", channel.Facts{Kind: "unheard-of", UnitPath: f.path("市财政局")}, nil},
	}
	for _, tt := range tests {
		var got []string
		for _, p := range m.SitesFor(tt.record) {
			for _, c := range p.Columns {
				got = append(got, p.Site.Slug+"/"+c.Path)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n got %v\nwant %v", tt.name, got, tt.want)
		}
	}
}

const small = `{"sites": [
	{"slug": "city", "name": "甲市", "host": "www.a.gov.cn", "organizer": "甲", "contact": "乙"},
	{"slug": "county", "name": "乙县", "host": "www.a.gov.cn", "path_prefix": "/yi", "organizer": "甲", "contact": "乙"},
	{"slug": "own", "name": "丙局", "host": "c.a.gov.cn", "organizer": "甲", "contact": "乙"},
	{"slug": "any", "name": "其他", "organizer": "甲", "contact": "乙"},
	{"slug": "deep", "name": "丁", "path_prefix": "/yi/ding", "organizer": "甲", "contact": "乙"}
]}`

func TestRoute(t *testing.T) {
	f := yongzhou(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	f.load(small)
	m := f.sites()
	tests := []struct{ host, path, slug, rest string }{
		{"www.a.gov.cn", "/", "city", "/"},
		{"WWW.A.GOV.CN:8443", "/x/y", "city", "/x/y"},
		{"www.a.gov.cn.", "/yi", "county", "/"},
		{"www.a.gov.cn", "/yi/zfxxgk/", "county", "/zfxxgk/"},
		{"www.a.gov.cn", "/yiyi", "city", "/yiyi"},
		{"www.a.gov.cn", "/yi/ding/", "county", "/ding/"},
		{"c.a.gov.cn", "/yi", "own", "/yi"},
		{"127.0.0.1:8080", "/", "any", "/"},
		{"127.0.0.1:8080", "/yi/ding", "deep", "/"},
		{"[::1]:8080", "/yi", "any", "/yi"},
	}
	for _, tt := range tests {
		s, rest, ok := m.Route(tt.host, tt.path)
		if !ok || s.Slug != tt.slug || rest != tt.rest {
			t.Errorf("Route(%s, %s) = %s, %s, %t; want %s, %s", tt.host, tt.path, s.Slug, rest, ok, tt.slug, tt.rest)
		}
	}
	if s, ok := m.ByHost("c.a.gov.cn"); !ok || s.Slug != "own" {
		t.Errorf("ByHost: %+v", s)
	}
	c, _ := m.Column(mustSite(t, m, "county"), "zfxxgk/guide")
	if got := mustSite(t, m, "county").Address(c); got != "/yi/zfxxgk/guide/" {
		t.Errorf("address %s", got)
	}
}

func mustSite(t *testing.T, m *channel.Map, slug string) channel.Site {
	t.Helper()
	s, ok := m.Site(slug)
	if !ok {
		t.Fatalf("no site %s", slug)
	}
	return s
}

func TestColumnsCloseAndOpenAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		f := yongzhou(t, store)
		with := `{"sites": [{"slug": "city", "name": "甲市", "organizer": "甲", "contact": "乙", "columns": [
			{"slug": "a", "name": "甲", "type": "工作动态", "description": "甲", "keywords": "甲", "rule": {"kinds": ["notice"]},
			 "columns": [{"slug": "b", "name": "乙", "type": "工作动态", "description": "乙", "keywords": "乙", "rule": {"kinds": []}}]}]}]}`
		f.load(with)
		m := f.sites()
		inner, ok := m.Column(mustSite(t, m, "city"), "a/b")
		if !ok {
			t.Fatal("no column a/b")
		}
		if r := f.load(`{"sites": [{"slug": "city", "name": "甲市新名", "organizer": "甲", "contact": "乙"}]}`); r.Closed != 2 || r.Changed != 1 {
			t.Errorf("closing: %+v", r)
		}
		m = f.sites()
		if _, ok := m.Column(mustSite(t, m, "city"), "a"); ok {
			t.Error("a closed column is shown")
		}
		if _, ok := m.Column(mustSite(t, m, "city"), "zfxxgk/annual"); !ok {
			t.Error("a fixed section was closed")
		}
		if r := f.load(with); r.Added != 2 || r.Changed != 1 {
			t.Errorf("opening: %+v", r)
		}
		m = f.sites()
		if again, ok := m.Column(mustSite(t, m, "city"), "a/b"); !ok || again.ID != inner.ID {
			t.Errorf("opened again: %+v", again)
		}
	})
}

func TestLoadTellsEverythingThatIsWrong(t *testing.T) {
	f := yongzhou(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	site := func(fields string) string {
		return `{"sites": [{"slug": "a", "name": "甲", "organizer": "甲", "contact": "甲"` + fields + `}]}`
	}
	column := func(fields string) string {
		return site(`, "columns": [{"slug": "c", "name": "栏", "type": "工作动态", "description": "述", "keywords": "词"` + fields + `}]`)
	}
	tests := []struct{ name, data, want string }{
		{"not JSON", "站点", "不是规定格式的 JSON"},
		{"unknown key", site(`, "colour": "red"`), "不是规定格式的 JSON"},
		{"no sites", `{"sites": []}`, "没有站点"},
		{"no name", `{"sites": [{"slug": "a", "organizer": "甲", "contact": "甲"}]}`, "sites[0].name：缺网站名称"},
		{"slug", `{"sites": [{"slug": "甲", "name": "甲", "organizer": "甲", "contact": "甲"}]}`, "sites[0].slug"},
		{"host with scheme", site(`, "host": "https://www.a.gov.cn"`), "sites[0].host"},
		{"host is an address", site(`, "host": "192.0.2.1"`), "不写 IP 地址"},
		{"path", site(`, "path_prefix": "a/"`), "sites[0].path_prefix"},
		{"site code", site(`, "id_code": "12345"`), "sites[0].id_code"},
		{"unknown unit", site(`, "unit": "市某某局"`), "sites[0].unit：名录里没有“市某某局”"},
		{"column type", column(`, "type": "随便"`), "sites[0].columns[0].type：栏目类别“随便”不在规定的取值里"},
		{"column statutory", column(`, "rule": {"statutory": ["20-16"]}`), "sites[0].columns[0].rule.statutory[0]"},
		{"column unit", column(`, "rule": {"units": ["市发改委", "市某某局"]}`), "sites[0].columns[0].rule.units[1]"},
		{"column freshness", column(`, "freshness_days": -1`), "sites[0].columns[0].freshness_days"},
		{"column without tags", site(`, "columns": [{"slug": "c", "name": "栏", "type": "工作动态"}]`), "sites[0].columns[0].keywords"},
		{"the platform renamed", site(`, "columns": [{"slug": "zfxxgk", "name": "信息公开", "type": "工作动态", "description": "述", "keywords": "词"}]`), "由程序统一设置"},
		{"two columns of a name", site(`, "columns": [
			{"slug": "c", "name": "栏", "type": "工作动态", "description": "述", "keywords": "词"},
			{"slug": "c", "name": "栏", "type": "工作动态", "description": "述", "keywords": "词"}]`), "sites[0].columns[1].slug：栏目代号“c”与 sites[0].columns[0].slug 重复"},
		{"two sites at one address", `{"sites": [{"slug": "a", "name": "甲", "organizer": "甲", "contact": "甲"}, {"slug": "b", "name": "乙", "organizer": "甲", "contact": "甲"}]}`, "sites[1].host：域名和路径“”与 sites[0].host 重复"},
		{"too deep", site(strings.Repeat(`, "columns": [{"slug": "c", "name": "栏", "type": "工作动态", "description": "述", "keywords": "词"`, 7) + strings.Repeat(`}]`, 7)), "栏目最多 6 级"},
	}
	for _, tt := range tests {
		_, err := f.Load(ctx, []byte(tt.data), channel.Options{})
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(fault.Public(err), tt.want) {
			t.Errorf("%s: %s, want %q", tt.name, fault.Public(err), tt.want)
		}
	}
	if n := len(f.sites().Sites()); n != 0 {
		t.Errorf("%d sites were made", n)
	}
}

func TestAddressOfAnotherSiteIsRefused(t *testing.T) {
	f := yongzhou(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	f.load(small)
	_, err := f.Load(ctx, []byte(`{"sites": [{"slug": "new", "name": "新", "host": "c.a.gov.cn", "organizer": "甲", "contact": "乙"}]}`), channel.Options{})
	if fault.KindOf(err) != fault.Conflict || !strings.Contains(fault.Public(err), "丙局") {
		t.Errorf("%v", err)
	}
	// Two sites may exchange their addresses in one file.
	swapped := strings.NewReplacer(`"c.a.gov.cn"`, `"www.a.gov.cn"`, `"slug": "city", "name": "甲市", "host": "www.a.gov.cn"`, `"slug": "city", "name": "甲市", "host": "c.a.gov.cn"`).Replace(small)
	if r := f.load(swapped); r.Changed != 2 {
		t.Errorf("%+v", r)
	}
	if s, _ := f.sites().ByHost("c.a.gov.cn"); s.Slug != "city" {
		t.Errorf("c.a.gov.cn is %s", s.Slug)
	}
}

func TestDryRunChangesNothing(t *testing.T) {
	f := yongzhou(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	before := f.head()
	r, err := f.Load(ctx, []byte(example(t)), channel.Options{DryRun: true})
	if err != nil || r.Added == 0 || len(f.sites().Sites()) != 0 || f.head() != before {
		t.Errorf("%+v, %v", r, err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte(`{"sites":[{"slug":"a","columns":[{"columns":[{}]}]}]}`))
	f.Add([]byte("\ufeff{}"))
	fix := yongzhou(f, dbtest.SQLite(f, civil.Fixed(dbtest.Noon)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := fix.Load(ctx, data, channel.Options{DryRun: true}); err != nil && fault.KindOf(err) == fault.Internal {
			t.Fatal(err)
		}
	})
}
