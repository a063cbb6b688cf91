package unit_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/unit"
)

func TestEventsChangeTheDirectory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		c := newCity(t, store)
		root, east, west, plan := small(c)
		energy := c.add(unit.Draft{Kind: unit.Department, Name: "云州市能源局", Parent: root, Span: unit.Span{Since: day("2019-03-01")}})
		grain := c.add(unit.Draft{Kind: unit.Department, Name: "云州市粮食局", Short: "市粮食局", Parent: root})
		store1 := c.add(unit.Draft{Kind: unit.Institution, Name: "云州市粮食储备中心", Parent: grain})

		c.mustApply(unit.Event{Kind: unit.Split, On: day("2019-03-01"), Subjects: []int64{plan}, Successors: []int64{energy}, Continues: true})
		c.mustApply(unit.Event{Kind: unit.Merge, On: day("2020-01-01"), Subjects: []int64{grain}, Successors: []int64{plan}})
		c.mustApply(unit.Event{Kind: unit.Rename, On: day("2020-06-01"), Subjects: []int64{plan}, Name: "云州市发展改革和粮食局", Short: "市发改局"})
		c.mustApply(unit.Event{Kind: unit.Merge, On: day("2021-01-01"), Subjects: []int64{energy}, Successors: []int64{plan}, Code: "back"})
		c.mustApply(unit.Event{Kind: unit.Move, On: day("2021-02-01"), Subjects: []int64{store1}, Parent: west})

		tree := c.tree()
		if got := tree.ShortOn(plan, day("2020-05-31")) + " " + tree.ShortOn(plan, day("2020-06-01")); got != "市发改委 市发改局" {
			t.Errorf("short names %s", got)
		}
		for _, tt := range []struct {
			on     string
			parent int64
		}{{"2019-12-31", grain}, {"2020-01-01", plan}, {"2021-01-31", plan}, {"2021-02-01", west}} {
			o, _ := tree.Get(store1)
			if got := o.ParentOn(day(tt.on)); got != tt.parent {
				t.Errorf("on %s the store is below %s, want %s", tt.on, tree.NameOn(got, today), tree.NameOn(tt.parent, today))
			}
		}
		if now := tree.Now(grain, today); len(now) != 1 || now[0].ID != plan {
			t.Errorf("grain is now %v", now)
		}
		if now := tree.Now(energy, day("2020-12-31")); len(now) != 1 || now[0].ID != energy {
			t.Errorf("energy is still %v", now)
		}
		l, ok := tree.Lineage(plan)
		if !ok || len(l.Events) != 4 || len(l.Later) != 2 || l.Later[0].To != energy || l.Later[1].To != plan {
			t.Errorf("lineage: %d events, later %v", len(l.Events), l.Later)
		}
		var earlier []int64
		for _, k := range l.Earlier {
			earlier = append(earlier, k.From)
		}
		slices.Sort(earlier)
		if want := []int64{plan, energy, grain}; !slices.Equal(earlier, sorted(want)) {
			t.Errorf("earlier %v, want %v", earlier, want)
		}
		if path := tree.Path(store1, today); !slices.Equal(path, []int64{root, west, store1}) {
			t.Errorf("path %v", path)
		}
		if !tree.Within(store1, west, today) || tree.Within(store1, east, today) {
			t.Error("the store is not within the right county")
		}
		if ids := tree.Subtree(root, today); slices.Contains(ids, grain) || !slices.Contains(ids, store1) || ids[0] != root {
			t.Errorf("subtree %v", ids)
		}
		err := store.View(ctx, func(tx *db.Tx) error {
			entries, err := ledger.Of(ctx, tx, fmt.Sprint("unit:", grain))
			if err == nil && (len(entries) != 2 || entries[1].Kind != "unit.merged") {
				t.Errorf("ledger %v", entries)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func sorted(ids []int64) []int64 { slices.Sort(ids); return ids }

func TestEventsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		c := newCity(t, store)
		root, east, west, plan := small(c)
		c.mustApply(unit.Event{Code: "first", Kind: unit.Rename, On: day("2020-01-01"), Subjects: []int64{plan}, Name: "云州市发展改革局"})
		tests := []struct {
			name string
			e    unit.Event
			code string
		}{
			{"no kind", unit.Event{On: today, Subjects: []int64{plan}}, "event_kind_unknown"},
			{"no day", unit.Event{Kind: unit.Abolish, Subjects: []int64{plan}}, "event_date_missing"},
			{"no subject", unit.Event{Kind: unit.Abolish, On: today}, "event_subjects"},
			{"merge into nothing", unit.Event{Kind: unit.Merge, On: today, Subjects: []int64{plan}}, "event_successors"},
			{"unknown organ", unit.Event{Kind: unit.Abolish, On: today, Subjects: []int64{4711}}, "event_organ_gone"},
			{"into itself", unit.Event{Kind: unit.Merge, On: today, Subjects: []int64{plan}, Successors: []int64{plan}}, "event_self"},
			{"too early", unit.Event{Kind: unit.Rename, On: day("2019-01-01"), Subjects: []int64{plan}, Name: "云州市新局"}, "event_out_of_order"},
			{"ends on the day of its renaming", unit.Event{Kind: unit.Abolish, On: day("2020-01-01"), Subjects: []int64{plan}}, "event_out_of_order"},
			{"renamed to nothing", unit.Event{Kind: unit.Rename, On: today, Subjects: []int64{plan}}, "event_empty"},
			{"renamed to the same", unit.Event{Kind: unit.Rename, On: today, Subjects: []int64{plan}, Name: "云州市发展改革局"}, "event_name_same"},
			{"renamed twice on a day", unit.Event{Code: "x", Kind: unit.Rename, On: day("2020-01-01"), Subjects: []int64{plan}, Name: "云州市新局"}, "event_name_same"},
			{"name of a neighbour", unit.Event{Kind: unit.Rename, On: today, Subjects: []int64{east}, Name: "西河区人民政府"}, "unit_taken"},
			{"code of another", unit.Event{Kind: unit.Rename, On: today, Subjects: []int64{east}, NewCode: "fgw"}, "unit_taken"},
			{"below itself", unit.Event{Kind: unit.Move, On: today, Subjects: []int64{root}, Parent: east}, "event_cycle"},
			{"to where it is", unit.Event{Kind: unit.Move, On: today, Subjects: []int64{east}, Parent: root}, "event_name_same"},
			{"to nowhere", unit.Event{Kind: unit.Move, On: today, Subjects: []int64{east}, Parent: 4711}, "event_organ_gone"},
			{"children left over", unit.Event{Kind: unit.Abolish, On: today, Subjects: []int64{east}}, "event_children"},
			{"into its own child", unit.Event{Kind: unit.Merge, On: today, Subjects: []int64{root}, Successors: []int64{west}}, "event_cycle"},
			{"code of another event", unit.Event{Code: "first", Kind: unit.Abolish, On: today, Subjects: []int64{plan}}, "event_code_taken"},
		}
		before := head(c)
		for _, tt := range tests {
			err := c.apply(tt.e)
			if f, ok := fault.Of(err); !ok || f.Code != tt.code {
				t.Errorf("%s: %v, want %s", tt.name, err, tt.code)
			}
		}
		c.mustApply(unit.Event{Code: "first", Kind: unit.Rename, On: day("2020-01-01"), Subjects: []int64{plan}, Name: "云州市发展改革局"})
		if head(c) != before {
			t.Error("a refused or repeated event wrote to the ledger")
		}
	})
}

// Whatever happens to a directory, a name means at most one organ on a day,
// nobody stands above himself, and lines of history run forward in time.
func TestPropertyAnyHistory(t *testing.T) {
	store := dbtest.SQLite(t, civil.Fixed(dbtest.Noon))
	names := []string{"甲局", "乙局", "丙局", "丁局", "戊局"}
	first := day("2000-01-01")
	rapid.Check(t, func(rt *rapid.T) {
		giveUp := fault.New(fault.Conflict, "give_up", "")
		s := unit.NewStore(store)
		err := store.Update(ctx, func(tx *db.Tx) error {
			applied := history(rt, s, tx, names, first)
			tree, err := s.Tree(ctx, tx)
			if err != nil {
				return err
			}
			checkNames(rt, tree, names, first)
			checkLines(rt, tree)
			rt.Logf("%d events", applied)
			return giveUp
		})
		if f, ok := fault.Of(err); !ok || f.Code != "give_up" {
			rt.Fatal(err)
		}
	})
}

// history makes a city and lets things happen to it.
func history(rt *rapid.T, s *unit.Store, tx *db.Tx, names []string, first civil.Date) (applied int) {
	var ids []int64
	add := func(d unit.Draft) {
		if o, err := s.Add(ctx, tx, "test", d); err == nil {
			ids = append(ids, o.ID)
		} else if fault.KindOf(err) == fault.Internal {
			rt.Fatal(err)
		}
	}
	add(unit.Draft{Kind: unit.City, Name: "云州市", Prefixes: []string{"云州市", "市"}})
	organ := rapid.Custom(func(rt *rapid.T) int64 { return rapid.SampledFrom(ids).Draw(rt, "organ") })
	on := rapid.Custom(func(rt *rapid.T) civil.Date { return first.AddDays(rapid.IntRange(0, 30).Draw(rt, "day")) })
	name := rapid.SampledFrom(names)
	for range rapid.IntRange(2, 12).Draw(rt, "steps") {
		if rapid.IntRange(0, 2).Draw(rt, "what") == 0 {
			d := unit.Draft{Kind: unit.Department, Name: "云州市" + name.Draw(rt, "name"), Short: "市" + name.Draw(rt, "short"), Parent: organ.Draw(rt, "parent")}
			if rapid.Bool().Draw(rt, "founded") {
				d.Since = on.Draw(rt, "since")
			}
			add(d)
			continue
		}
		e := unit.Event{Code: fmt.Sprint(len(ids), "-", applied, "-", rapid.Uint32().Draw(rt, "code")), On: on.Draw(rt, "on"), Continues: rapid.Bool().Draw(rt, "continues"),
			Kind: rapid.SampledFrom([]unit.EventKind{unit.Rename, unit.Merge, unit.Split, unit.Abolish, unit.Move}).Draw(rt, "kind")}
		e.Subjects = []int64{organ.Draw(rt, "subject")}
		switch e.Kind {
		case unit.Rename:
			e.Name, e.Short = "云州市"+name.Draw(rt, "name"), "市"+name.Draw(rt, "short")
		case unit.Move:
			e.Parent = organ.Draw(rt, "parent")
		default:
			e.Successors = []int64{organ.Draw(rt, "successor")}
		}
		if _, err := s.ApplyEvent(ctx, tx, "test", e); err == nil {
			applied++
		} else if fault.KindOf(err) == fault.Internal {
			rt.Fatal(err)
		}
	}
	return applied
}

func checkNames(rt *rapid.T, tree *unit.Tree, names []string, first civil.Date) {
	for i := range 32 {
		on := first.AddDays(i - 1)
		full := map[string]int64{}
		for _, o := range tree.All(on) {
			at := fmt.Sprint(o.ParentOn(on), " ", o.NameOn(on))
			if other, twice := full[at]; twice && o.ParentOn(on) == 0 {
				rt.Fatalf("on %s organs %d and %d are both %s", on, o.ID, other, at)
			}
			full[at] = o.ID
			path := tree.Path(o.ID, on)
			if path[len(path)-1] != o.ID {
				rt.Fatalf("the path of %d on %s is %v", o.ID, on, path)
			}
			if top, _ := tree.Get(path[0]); top.ParentOn(on) != 0 {
				rt.Fatalf("organ %d stands above itself on %s: %v", o.ID, on, path)
			}
			if above := o.ParentOn(on); above != 0 {
				if p, ok := tree.Get(above); !ok || !p.Until.IsZero() && !on.Before(p.Until) {
					rt.Fatalf("on %s organ %d stands below %d, which has ended", on, o.ID, above)
				}
			}
		}
		for _, n := range names {
			o, err := tree.Resolve("云州市"+n, on)
			switch fault.KindOf(err) {
			case fault.Internal:
				if err != nil {
					rt.Fatal(err)
				}
				if !o.Holds(on) {
					rt.Fatalf("%s on %s is an organ that does not exist then", n, on)
				}
			case fault.NotFound, fault.Invalid:
			default:
				rt.Fatal(err)
			}
		}
	}
}

func checkLines(rt *rapid.T, tree *unit.Tree) {
	for _, o := range tree.All(civil.Date{}) {
		l, _ := tree.Lineage(o.ID)
		forward(rt, o.ID, l.Later, func(k unit.Link) (from, to int64) { return k.From, k.To }, 1)
		forward(rt, o.ID, l.Earlier, func(k unit.Link) (from, to int64) { return k.To, k.From }, -1)
	}
}

// forward follows the links from an organ and asks that each step goes the
// same way in time, so that none comes back.
func forward(rt *rapid.T, from int64, links []unit.Link, ends func(unit.Link) (from, to int64), way int) {
	reached := map[int64][]civil.Date{from: {{}}}
	for _, k := range links {
		a, b := ends(k)
		ok := slices.ContainsFunc(reached[a], func(d civil.Date) bool { return d.IsZero() || k.Event.On.Compare(d) == way })
		if !ok {
			rt.Fatalf("the link from %d to %d on %s goes back in time", a, b, k.Event.On)
		}
		reached[b] = append(reached[b], k.Event.On)
	}
}
