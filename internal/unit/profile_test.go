package unit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/unit"
)

func names(organs []unit.Organ, on civil.Date) (list []string) {
	for _, o := range organs {
		list = append(list, o.ShortOn(on))
	}
	return list
}

func TestProfile(t *testing.T) {
	tree := yongzhou(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon))).tree()
	rural, err := tree.Resolve("市乡村振兴局", today)
	if err != nil {
		t.Fatal(err)
	}
	before, _ := tree.Profile(rural.ID, today)
	if before.Name != "永州市乡村振兴局" || len(before.Now) != 0 || !slices.Equal(names(before.Path, today), []string{"市政府"}) || len(before.Events) != 1 {
		t.Errorf("while it exists: %+v", before)
	}
	after, _ := tree.Profile(rural.ID, day("2025-01-01"))
	if after.Name != "永州市乡村振兴局" || !slices.Equal(names(after.Now, today), []string{"市农业农村局"}) || !slices.Equal(names(after.Path, today), []string{"市政府"}) {
		t.Errorf("afterwards: %+v", after)
	}
	qiyang, err := tree.Resolve("祁阳市", today)
	if err != nil {
		t.Fatal(err)
	}
	p, _ := tree.Profile(qiyang.ID, today)
	if p.Code != "431181" || p.Short != "祁阳市" || !slices.Equal(p.Aliases, []string{"祁阳"}) || len(p.Children) != 28 ||
		len(p.Former) != 2 || p.Former[0].Text != "祁阳县人民政府" || p.Former[0].Until != day("2021-01-20") {
		t.Errorf("祁阳市: %+v", p)
	}
	if _, ok := tree.Profile(4711, today); ok {
		t.Error("there is a profile of an unknown id")
	}
}

func TestSearch(t *testing.T) {
	tree := yongzhou(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon))).tree()
	tests := []struct {
		query, on string
		kinds     []unit.Kind
		want      []string
	}{
		{"市发改委", "2021-06-11", nil, []string{"市发改委"}},
		{"发展和改革", "2021-06-11", nil, []string{"市发改委", "省发展改革委"}},
		{"祁阳县", "2021-06-11", nil, []string{"祁阳市"}},
		{"431181", "2021-06-11", []unit.Kind{unit.County}, []string{"祁阳市"}},
		{"ＹＺ－ＦＧＷ", "2021-06-11", nil, []string{"市发改委"}},
		{"新圩镇", "2021-06-11", nil, []string{"新圩镇", "新圩镇"}},
		{"市数据局", "2021-06-11", nil, []string{"市数据局"}},
		{"没有这个单位", "2021-06-11", nil, nil},
	}
	for _, tt := range tests {
		got := names(tree.Search(tt.query, day(tt.on), 20, tt.kinds...), day(tt.on))
		if !slices.Equal(got, tt.want) {
			t.Errorf("Search(%q) = %v, want %v", tt.query, got, tt.want)
		}
	}
	if got := tree.Search("", today, 5); len(got) != 5 || got[0].Kind != unit.City {
		t.Errorf("the empty query: %v", names(got, today))
	}
	rural := names(tree.Search("农业", day("2025-01-01"), 10), today)
	if !slices.Equal(rural, []string{"市农业农村局"}) {
		t.Errorf("农业: %v", rural)
	}
}

func BenchmarkResolve(b *testing.B) {
	tree := yongzhou(b, dbtest.SQLite(b, civil.Fixed(dbtest.Noon))).tree()
	for name, text := range map[string]string{"name": "永州市发展和改革委员会", "derived": "永州市市场监管局", "unknown": "永州市某某工作局"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				tree.Resolve(text, today)
			}
		})
	}
}

func BenchmarkSnapshot(b *testing.B) {
	c := yongzhou(b, dbtest.SQLite(b, civil.Fixed(dbtest.Noon)))
	c.tree()
	for b.Loop() {
		if _, err := c.Snapshot(ctx); err != nil {
			b.Fatal(err)
		}
	}
}

// A city with all its villages.
func BenchmarkImportVillages(b *testing.B) {
	var table strings.Builder
	table.WriteString("名称,简称,类型,上级,代码\n")
	tree := yongzhou(b, dbtest.SQLite(b, civil.Fixed(dbtest.Noon))).tree()
	for _, town := range tree.All(today, unit.Township) {
		for i := range 28 {
			fmt.Fprintf(&table, "第%d村村民委员会,第%d村,村,%s,%s%03d\n", i, i, town.Code, town.Code, 200+i)
		}
	}
	for b.Loop() {
		c := yongzhou(b, dbtest.SQLite(b, civil.Fixed(dbtest.Noon)))
		if r := c.load(table.String()); r.Added != 195*28 || len(r.Refused) > 0 {
			b.Fatalf("%d added, refused %v", r.Added, r.Refused[:min(3, len(r.Refused))])
		}
		c.tree()
		if r := c.load(table.String()); r.Same != 195*28 {
			b.Fatalf("%d the same", r.Same)
		}
	}
}
