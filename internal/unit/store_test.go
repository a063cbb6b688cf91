package unit_test

import (
	"context"
	"strconv"
	"sync"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/unit"
)

var (
	ctx   = context.Background()
	today = civil.MustDate("2021-06-11")
)

func day(s string) civil.Date { return civil.MustDate(s) }

// city is a small directory of a place that does not exist.
type city struct {
	*unit.Store
	t  testing.TB
	db *db.DB
}

func newCity(t testing.TB, store *db.DB) city { return city{unit.NewStore(store), t, store} }

func (c city) update(f func(tx *db.Tx) error) error { return c.db.Update(ctx, f) }

func (c city) add(d unit.Draft) int64 {
	c.t.Helper()
	var o unit.Organ
	err := c.update(func(tx *db.Tx) (err error) {
		o, err = c.Add(ctx, tx, "test", d)
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return o.ID
}

func (c city) apply(e unit.Event) error {
	return c.update(func(tx *db.Tx) error {
		_, err := c.ApplyEvent(ctx, tx, "test", e)
		return err
	})
}

func (c city) mustApply(e unit.Event) {
	c.t.Helper()
	if err := c.apply(e); err != nil {
		c.t.Fatal(err)
	}
}

func (c city) tree() *unit.Tree {
	c.t.Helper()
	tree, err := c.Snapshot(ctx)
	if err != nil {
		c.t.Fatal(err)
	}
	return tree
}

// small is 云州市 with two counties that each have a 新圩镇.
func small(c city) (root, east, west, plan int64) {
	root = c.add(unit.Draft{Kind: unit.City, Name: "云州市人民政府", Short: "市政府", Code: "9901", Prefixes: []string{"云州市", "市"}})
	east = c.add(unit.Draft{Kind: unit.County, Name: "东山县人民政府", Short: "东山县", Code: "990121", Prefixes: []string{"东山县", "县"}, Parent: root})
	west = c.add(unit.Draft{Kind: unit.County, Name: "西河区人民政府", Short: "西河区", Code: "990102", Prefixes: []string{"西河区", "区"}, Parent: root})
	plan = c.add(unit.Draft{Kind: unit.Department, Name: "云州市发展和改革委员会", Short: "市发改委", Code: "fgw", Aliases: []unit.Name{{Text: "市发展改革委"}}, Parent: root})
	for i, county := range []int64{east, west} {
		c.add(unit.Draft{Kind: unit.Township, Name: "新圩镇人民政府", Short: "新圩镇", Code: []string{"990121100", "990102100"}[i], Parent: county})
		c.add(unit.Draft{Kind: unit.Department, Name: []string{"东山县教育局", "西河区教育局"}[i], Parent: county})
	}
	return root, east, west, plan
}

func TestResolve(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		c := newCity(t, store)
		small(c)
		tree := c.tree()
		tests := []struct{ in, want, code string }{
			{"云州市发展和改革委员会", "云州市发展和改革委员会", ""},
			{"市发改委", "云州市发展和改革委员会", ""},
			{"云州市发改委", "云州市发展和改革委员会", ""},
			{"发改委", "云州市发展和改革委员会", ""},
			{"市发展改革委", "云州市发展和改革委员会", ""},
			{"发展改革委", "云州市发展和改革委员会", ""},
			{" 市 发 改 委　", "云州市发展和改革委员会", ""},
			{"雲州市發展和改革委員會", "云州市发展和改革委员会", ""},
			{"ＦＧＷ", "云州市发展和改革委员会", ""},
			{"９９０１２１", "东山县人民政府", ""},
			{"云州市东山县人民政府", "东山县人民政府", ""},
			{"云州市东山县", "东山县人民政府", ""},
			{"东山县新圩镇", "新圩镇人民政府", ""},
			{"云州市西河区新圩镇人民政府", "新圩镇人民政府", ""},
			{"市政府", "云州市人民政府", ""},
			{"区教育局", "西河区教育局", ""},
			{"新圩镇", "", "unit_ambiguous"},
			{"教育局", "", "unit_unknown"},
			{"市教育局", "", "unit_unknown"},
			{"", "", "unit_unknown"},
			{"人民政府", "云州市人民政府", ""},
		}
		for _, tt := range tests {
			o, err := tree.Resolve(tt.in, today)
			code := ""
			if f, ok := fault.Of(err); ok {
				code = f.Code
			}
			if code != tt.code || err == nil && o.NameOn(today) != tt.want {
				t.Errorf("Resolve(%q) = %q, %v; want %q, code %q", tt.in, o.Name(), err, tt.want, tt.code)
			}
		}
	})
}

func TestResolveFromKeepsToTheGovernment(t *testing.T) {
	c := newCity(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	_, east, west, _ := small(c)
	tree := c.tree()
	for _, county := range []int64{east, west} {
		o, err := tree.ResolveFrom(county, "新圩镇", today)
		if err != nil || o.ParentOn(today) != county {
			t.Errorf("from %s: %q below %d, %v", tree.NameOn(county, today), o.Name(), o.ParentOn(today), err)
		}
	}
}

func TestAmbiguousAndUnknownSayTheWayOn(t *testing.T) {
	c := newCity(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	_, east, _, _ := small(c)
	c.mustApply(unit.Event{Kind: unit.Rename, On: day("2020-01-01"), Subjects: []int64{east}, Name: "东山市人民政府", Short: "东山市"})
	tree := c.tree()
	tests := []struct{ in, want string }{
		{"新圩镇", "“新圩镇”在2021年6月11日可以指2个单位：新圩镇人民政府（东山市，990121100）、新圩镇人民政府（西河区，990102100）。请写全称或代码。"},
		{"东山县人民政府", "“东山县人民政府”在2021年6月11日不是任何单位的名称：它在2020年1月1日以前是“东山市人民政府”的名称。请改用当时的名称，或更正日期。"},
		{"云州市发展改革局", "名录里没有“云州市发展改革局”，相近的有：云州市发展和改革委员会。请改正名称，或先把它加进名录。"},
	}
	for _, tt := range tests {
		_, err := tree.Resolve(tt.in, today)
		if got := fault.Public(err); got != tt.want {
			t.Errorf("Resolve(%q)\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

func TestAddRefusesTakenNames(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		c := newCity(t, store)
		root, east, _, _ := small(c)
		tests := []struct {
			draft unit.Draft
			code  string
		}{
			{unit.Draft{Kind: unit.Department, Name: "云州市发展和改革委员会", Parent: root}, "unit_taken"},
			{unit.Draft{Kind: unit.Department, Name: "云州市甲局", Code: "FGW", Parent: root}, "unit_taken"},
			{unit.Draft{Kind: unit.Township, Name: "新圩镇人民政府", Parent: east}, "unit_taken"},
			{unit.Draft{Kind: unit.Department, Name: " ", Parent: root}, "unit_name_missing"},
			{unit.Draft{Kind: "ministry", Name: "甲局", Parent: root}, "unit_kind_unknown"},
			{unit.Draft{Kind: unit.Department, Name: "甲局", Parent: 4711}, "unit_parent_unknown"},
			{unit.Draft{Kind: unit.Department, Name: "甲局", Span: unit.Span{Since: today, Until: today}}, "unit_span_bad"},
		}
		for _, tt := range tests {
			err := c.update(func(tx *db.Tx) error {
				_, err := c.Add(ctx, tx, "test", tt.draft)
				return err
			})
			if f, ok := fault.Of(err); !ok || f.Code != tt.code {
				t.Errorf("Add(%q) = %v, want %s", tt.draft.Name, err, tt.code)
			}
		}
	})
}

// A tree made inside a transaction that is rolled back must not be taken for
// the directory afterwards.
func TestSnapshotForgetsWhatWasRolledBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		c := newCity(t, store)
		root, _, _, _ := small(c)
		before := c.tree().Len()
		giveUp := fault.New(fault.Conflict, "give_up", "不做了。")
		err := c.update(func(tx *db.Tx) error {
			o, err := c.Add(ctx, tx, "test", unit.Draft{Kind: unit.Department, Name: "云州市甲局", Parent: root})
			if err != nil {
				return err
			}
			if got, err := c.Resolve(ctx, tx, "市甲局", today); err != nil || got.ID != o.ID {
				t.Errorf("inside: %v, %v", got.ID, err)
			}
			return giveUp
		})
		if fault.KindOf(err) != fault.Conflict {
			t.Fatal(err)
		}
		c.add(unit.Draft{Kind: unit.Department, Name: "云州市乙局", Parent: root})
		tree := c.tree()
		if _, err := tree.Resolve("市甲局", today); err == nil {
			t.Error("the organ that was rolled back resolves")
		}
		if _, err := tree.Resolve("市乙局", today); err != nil || tree.Len() != before+1 {
			t.Errorf("%d organs, want %d; %v", tree.Len(), before+1, err)
		}
	})
}

func TestEnsureExternal(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		c := newCity(t, store)
		_, east, _, plan := small(c)
		province := c.add(unit.Draft{Kind: unit.External, Name: "南江省人民政府", Prefixes: []string{"南江省", "省"}})
		c.mustApply(unit.Event{Kind: unit.Rename, On: day("2020-01-01"), Subjects: []int64{east}, Name: "东山市人民政府", Short: "东山市"})
		ensure := func(name string) (o unit.Organ) {
			t.Helper()
			if err := c.update(func(tx *db.Tx) (err error) {
				o, err = c.EnsureExternal(ctx, tx, name)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return o
		}
		first := ensure("省财政厅")
		if first.Kind != unit.External || first.ParentOn(today) != province {
			t.Errorf("省财政厅: %+v", first)
		}
		if again := ensure("南江省财政厅"); again.ID != first.ID {
			t.Error("南江省财政厅 is not 省财政厅")
		}
		if o := ensure("市发改委"); o.ID != plan {
			t.Error("a unit of the city was added again")
		}
		if o := ensure("东山县"); o.ID != east {
			t.Error("a former name was added again")
		}
		if o := ensure("全国人民代表大会"); o.ParentOn(today) != 0 {
			t.Errorf("全国人民代表大会: %+v", o)
		}
		err := store.View(ctx, func(tx *db.Tx) error {
			_, err := c.Resolve(ctx, tx, "省教育厅", today)
			return err
		})
		if want := "名录里没有“省教育厅”，看来是南江省人民政府一级的外部单位。请先把它加进名录，或导入时加 --create-units。"; fault.Public(err) != want {
			t.Errorf("got %s", fault.Public(err))
		}
		store.View(ctx, func(tx *db.Tx) error {
			entries, err := ledger.Of(ctx, tx, "unit:"+strconv.FormatInt(first.ID, 10))
			if err != nil || len(entries) != 1 || entries[0].Kind != "unit.added" {
				t.Errorf("ledger: %v, %v", entries, err)
			}
			return nil
		})
	})
}

// Of many who add the same unit at once, one adds it and all get it.
func TestEnsureExternalAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		c := newCity(t, store)
		small(c)
		before := c.tree().Len()
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				err := c.update(func(tx *db.Tx) error {
					_, err := c.EnsureExternal(ctx, tx, "南江省财政厅")
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := c.tree().Len(); n != before+1 {
			t.Errorf("%d units were added", n-before)
		}
	})
}
