package unit_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/sharedtest"
	"gongkai/internal/unit"
)

func yongzhou(t testing.TB, store *db.DB) city {
	t.Helper()
	files, ok := unit.Directory("yongzhou")
	if !ok {
		t.Fatal("no directory of Yongzhou")
	}
	c := newCity(t, store)
	r, err := unit.Load(ctx, c.Store, files, unit.ImportOptions{})
	if err != nil || len(r.Refused) > 0 {
		t.Fatalf("%v; refused %v", err, r.Refused)
	}
	return c
}

func TestYongzhouLoadsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		c := yongzhou(t, store)
		tree := c.tree()
		for kind, want := range map[unit.Kind]int{unit.City: 1, unit.County: 11, unit.Zone: 3, unit.Township: 195} {
			if got := len(tree.All(today, kind)); got != want {
				t.Errorf("%d of kind %s, want %d", got, kind, want)
			}
		}
		files, _ := unit.Directory("yongzhou")
		r, err := unit.Load(ctx, c.Store, files, unit.ImportOptions{})
		if err != nil || r.Added+r.Changed+len(r.Refused) > 0 || r.Same < 271 {
			t.Errorf("the second time: %+v, %v", r, err)
		}
		if c.tree() != tree {
			t.Error("loading the same again made a new tree")
		}
	})
}

// Every division of the real list is there under its code and name.
func TestYongzhouHasEveryDivision(t *testing.T) {
	f, err := os.Open(sharedtest.Path(t, "data", "yongzhou", "divisions.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) != 210 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	tree := yongzhou(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon))).tree()
	for _, row := range rows[1:] {
		code, name, above := row[0], row[1], row[2]
		o, err := tree.Resolve(code, today)
		if err != nil {
			t.Errorf("%s %s: %v", code, name, err)
			continue
		}
		if parent, _ := tree.Get(o.ParentOn(today)); above != "43" && parent.CodeOn(today) != above {
			t.Errorf("%s is below %s, want %s", name, parent.CodeOn(today), above)
		}
		p, _ := tree.Get(o.ParentOn(today))
		placed := p.ShortOn(today) + name
		if len(code) <= 6 || strings.HasPrefix(name, p.ShortOn(today)) {
			placed = name
		}
		byName, err := tree.Resolve(placed, today)
		if err != nil || byName.ID != o.ID {
			t.Errorf("%s below %s by name: %q, %v", name, p.ShortOn(today), byName.Name(), err)
		}
	}
}

var leads = regexp.MustCompile(`[(]([^()]*(?:负责))[)]`)

// Every phrase that the real work plan names units by resolves on its day.
func TestSeedUnitsResolve(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(sharedtest.Path(t, "seeds"), "*.txt"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no seed", err)
	}
	tree := yongzhou(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon))).tree()
	found := 0
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range leads.FindAllStringSubmatch(string(text), -1) {
			phrase := strings.NewReplacer("按职责分工负责", "", "按职责牵头负责", "", "牵头", "").Replace(m[1])
			for _, part := range strings.Split(phrase, ",") {
				found++
				organs, _, err := tree.ResolveSet(part, today)
				if err != nil || len(organs) == 0 {
					t.Errorf("%q: %d organs, %v", part, len(organs), err)
				}
			}
		}
	}
	if found < 30 {
		t.Errorf("found only %d phrases in the seed", found)
	}
}

func TestYongzhouPhrases(t *testing.T) {
	tree := yongzhou(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon))).tree()
	tests := []struct {
		phrase string
		count  int
		first  string
	}{
		{"市直相关单位", 39, "永州市人民政府办公室"},
		{"各县市区人民政府", 11, "零陵区人民政府"},
		{"各县市区", 11, "零陵区人民政府"},
		{"各县(区、市)人民政府", 11, "零陵区人民政府"},
		{"各县（市、区）人民政府", 11, "零陵区人民政府"},
		{"管理区", 2, "永州市金洞管理区管理委员会"},
		{"各管理区、经开区管委会", 3, "永州市金洞管理区管理委员会"},
		{"管理区、经开区管委会", 3, "永州市金洞管理区管理委员会"},
		{"经开区管委会", 1, "永州经济技术开发区管理委员会"},
		{"各县市区人民政府、管理区、经开区管委会", 14, "零陵区人民政府"},
		{"市直相关单位和各县市区人民政府、管理区、经开区管委会", 53, "永州市人民政府办公室"},
		{"市直和中央、省驻永有关单位", 48, "永州市人民政府办公室"},
		{"中央、省驻永有关单位", 9, "国家税务总局永州市税务局"},
		{"公共企业事业单位相应主管部门", 8, "永州市发展和改革委员会"},
		{"各县市区(含管理区、经开区)", 14, "零陵区人民政府"},
		{"各镇街", 195, "朝阳街道办事处"},
		{"市发改委", 1, "永州市发展和改革委员会"},
		{"市市场监管局", 1, "永州市市场监督管理局"},
		{"永州市市场监管局", 1, "永州市市场监督管理局"},
		{"市发改委、市市场监管局、市商务局、市司法局", 4, "永州市发展和改革委员会"},
		{"市人力资源和社会保障局和市司法局", 2, "永州市司法局"},
		{"市财政局及市卫健委", 2, "永州市财政局"},
		{"国家税务总局永州市税务局", 1, "国家税务总局永州市税务局"},
		{"税务局", 1, "国家税务总局永州市税务局"},
		{"永州市政务公开政务服务领导小组办公室", 1, "永州市政务公开政务服务领导小组办公室"},
		{"市行政审批服务局", 1, "永州市行政审批服务局"},
		{"省财政厅", 1, "湖南省财政厅"},
		{"省发展改革委", 1, "湖南省发展和改革委员会"},
		{"冷水滩", 1, "冷水滩区人民政府"},
		{"江华县", 1, "江华瑶族自治县人民政府"},
		{"蓝山县新圩镇", 1, "新圩镇人民政府"},
	}
	for _, tt := range tests {
		organs, _, err := tree.ResolveSet(tt.phrase, today)
		if err != nil || len(organs) != tt.count || organs[0].NameOn(today) != tt.first {
			first := ""
			if len(organs) > 0 {
				first = organs[0].NameOn(today)
			}
			t.Errorf("%q: %d organs, first %q, %v; want %d, %q", tt.phrase, len(organs), first, err, tt.count, tt.first)
		}
	}
	_, set, err := tree.ResolveSet("市直相关单位", today)
	if err != nil || !set.Partial || set.Name != "市直相关单位" {
		t.Errorf("市直相关单位: %+v, %v", set, err)
	}
	for _, unknown := range []string{"市某某局", "市发改委、市某某局", "各某某", "省某某厅"} {
		if organs, _, err := tree.ResolveSet(unknown, today); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%q: %d organs, %v", unknown, len(organs), err)
		}
	}
}

func TestQiyangIsOneLineOfHistory(t *testing.T) {
	tree := yongzhou(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon))).tree()
	before, err := tree.Resolve("祁阳县人民政府", day("2020-06-11"))
	if err != nil {
		t.Fatal(err)
	}
	after, err := tree.Resolve("祁阳市", today)
	if err != nil {
		t.Fatal(err)
	}
	if before.ID != after.ID || before.NameOn(day("2020-06-11")) != "祁阳县人民政府" || before.NameOn(today) != "祁阳市人民政府" ||
		before.CodeOn(day("2020-06-11")) != "431121" || before.CodeOn(today) != "431181" {
		t.Errorf("%+v and %+v", before, after)
	}
	if _, err := tree.Resolve("祁阳市", day("2020-06-11")); fault.KindOf(err) != fault.NotFound {
		t.Errorf("祁阳市 before its time: %v", err)
	}
	_, err = tree.Resolve("祁阳县", today)
	if want := "“祁阳县”在2021年6月11日不是任何单位的名称：它在2021年1月20日以前是“祁阳市人民政府”的名称。请改用当时的名称，或更正日期。"; fault.Public(err) != want {
		t.Errorf("got %s", fault.Public(err))
	}
	if o, err := tree.Resolve("祁阳", today); err != nil || o.ID != after.ID {
		t.Errorf("祁阳: %v", err)
	}
	rural, err := tree.Resolve("市乡村振兴局", today)
	if err != nil {
		t.Fatal(err)
	}
	if now := tree.Now(rural.ID, day("2024-06-01")); len(now) != 1 || now[0].Name() != "永州市农业农村局" {
		t.Errorf("市乡村振兴局 is now %v", now)
	}
}

// Nothing of Yongzhou is in the code: a city of another name works from its
// own files.
func TestAnotherCity(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		files := fstest.MapFS{
			"units.csv": {Data: []byte(`单位名称,简称,类型,上级,代码,名称前缀,备注
临江市人民政府,市政府,市政府,,8801,临江市、市,
临江市教育委员会,市教委,部门,临江市人民政府,lj-jw,,
南岸区人民政府,南岸区,区县,8801,880101,南岸区、区,
南岸区教育局,,部门,南岸区,lj-na-jy,,
`)},
			"sets.json": {Data: []byte(`[{"name":"各区","rule":{"kinds":["county"],"below":"8801"}}]`)},
		}
		c := newCity(t, store)
		r, err := unit.Load(ctx, c.Store, files, unit.ImportOptions{})
		if err != nil || r.Added != 5 || len(r.Refused) > 0 {
			t.Fatalf("%+v, %v", r, err)
		}
		tree := c.tree()
		for name, want := range map[string]string{"临江市教委": "临江市教育委员会", "区教育局": "南岸区教育局", "临江市南岸区教育局": "南岸区教育局", "各区": "南岸区人民政府"} {
			organs, _, err := tree.ResolveSet(name, today)
			if err != nil || len(organs) != 1 || organs[0].Name() != want {
				t.Errorf("%q: %v, %v", name, organs, err)
			}
		}
		if _, err := tree.Resolve("永州市教委", today); fault.KindOf(err) != fault.NotFound {
			t.Errorf("永州市教委: %v", err)
		}
	})
}

func TestLoadRefusesSetsThatNameNothing(t *testing.T) {
	c := newCity(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	files := fstest.MapFS{
		"units.csv": {Data: []byte("名称,类型,代码\n临江市人民政府,本级政府,8801\n")},
		"sets.json": {Data: []byte(`[
			{"name":"好","rule":{"include":["8801"]}},
			{"name":"空","rule":{}},
			{"name":"无名","rule":{"include":["临江市没有局"]}},
			{"name":"无上","rule":{"kinds":["county"],"below":"8802"}},
			{"name":"无类","rule":{"kinds":["ministry"]}},
			{"name":"无集","rule":{"sets":["没有的集合"]}},
			{"name":"圈","rule":{"sets":["圈","好"]}}]`)},
	}
	r, err := unit.Load(ctx, c.Store, files, unit.ImportOptions{})
	if err != nil || r.Added != 3 || len(r.Refused) != 5 {
		t.Fatalf("%+v, %v", r, err)
	}
	for i, want := range []int{2, 3, 4, 5, 6} {
		if r.Refused[i].Line != want {
			t.Errorf("refused %+v, want set %d", r.Refused[i], want)
		}
	}
	if organs, _, err := c.tree().ResolveSet("圈", today); err != nil || len(organs) != 1 {
		t.Errorf("a set that names itself: %v, %v", organs, err)
	}
	for name, files := range map[string]fstest.MapFS{
		"no units": {"sets.json": {Data: []byte("[]")}},
		"no JSON":  {"units.csv": files["units.csv"], "sets.json": {Data: []byte("集合")}},
	} {
		if _, err := unit.Load(ctx, c.Store, files, unit.ImportOptions{}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
