package obligation

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/extract"
	"gongkai/internal/obligation/workplan"
	"gongkai/internal/sharedtest"
	"gongkai/internal/unit"
)

// yongzhou is the directory that comes with the program.
func yongzhou(t testing.TB, store *db.DB) *unit.Tree {
	t.Helper()
	files, ok := unit.Directory("yongzhou")
	if !ok {
		t.Fatal("no directory")
	}
	units := unit.NewStore(store)
	if _, err := unit.Load(ctx, units, files, unit.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	tree, err := units.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func seedPlan(t testing.TB) workplan.Plan {
	t.Helper()
	files, err := filepath.Glob(sharedtest.Path(t, "seeds") + "/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no seed", err)
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	doc, err := extract.Read(files[0], b, extract.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	plan, _, err := workplan.Parse(doc, workplan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// The real plan against the real directory: every name resolves, and saving it
// twice changes nothing.
func TestSeedBecomesDuties(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		plan := seedPlan(t)
		tree := yongzhou(t, store)
		d, failures := ResolvePlan(tree, plan, plan.IssuedOn)
		for _, f := range failures {
			t.Errorf("%s: %s (%s)", f.Name, f.Message, f.Where)
		}
		if len(d.Obligations) != 18+2 {
			t.Fatalf("%d obligations, want 18 tasks and the yearly report of governments and of departments", len(d.Obligations))
		}
		if got := d.Obligations[3].Units[0]; got.Role != Leads || tree.NameOn(got.UnitID, plan.IssuedOn) != "永州市发展和改革委员会" {
			t.Errorf("(四) is led by %+v", got)
		}
		if got := d.Obligations[12].Match.Statutory; len(got) != 15 || got[14] != "20-15" {
			t.Errorf("(十三) matches %v", got)
		}
		s := NewStore(store, Options{})
		first := save(t, store, s, d, owner)
		head := ledgerHead(t, store)
		if c := save(t, store, s, d, owner); c.Outcome != Same || ledgerHead(t, store) != head {
			t.Errorf("second time: %+v", c)
		}
		v, err := s.Plan(ctx, first.PlanID, "", plan.IssuedOn)
		if err != nil {
			t.Fatal(err)
		}
		owed := 0
		for _, o := range v.Obligations {
			times := 1
			if o.Rule.Every == workplan.Quarterly {
				times = 3 // the second quarter is still open
			}
			if o.Counts.Total() != times*len(o.Units) {
				t.Errorf("%s: %d duties for %d units", o.Code, o.Counts.Total(), len(o.Units))
			}
			owed += o.Counts.Total()
		}
		t.Logf("%d duties", owed)
	})
}

// A name that nobody bears is listed with suggestions, not guessed; a second
// name in brackets helps.
func TestUnknownNamesAreListed(t *testing.T) {
	tree := yongzhou(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	plan := workplan.Plan{Title: "甲市2021年工作要点", Tasks: []workplan.Task{
		{No: 1, Title: "一", Lead: []string{"市发展改革和物价局"}, Responsible: []string{"市财政局"}},
		{No: 2, Title: "二", Lead: []string{"国家税务总局永州市税务局（市税务局）"}, Responsible: []string{"市发展改革和物价局", "市财政局"}},
	}}
	d, failures := ResolvePlan(tree, plan, june)
	if len(failures) != 1 || failures[0].Name != "市发展改革和物价局" || len(failures[0].Suggestions) == 0 || !strings.Contains(failures[0].Where, "第2项") {
		t.Errorf("failures: %+v", failures)
	}
	if len(d.Obligations[1].Units) != 2 {
		t.Errorf("second task: %+v", d.Obligations[1].Units)
	}
}

func TestFloor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		tree := yongzhou(t, store)
		d, err := Floor(tree, civil.MustDate("2021-01-01"))
		if err != nil || len(d.Obligations) != 17 {
			t.Fatal(len(d.Obligations), err)
		}
		s := NewStore(store, Options{})
		c := save(t, store, s, d, owner)
		if again := save(t, store, s, d, owner); again.Outcome != Same {
			t.Errorf("again: %+v", again)
		}
		bureau, err := tree.Resolve("市财政局", june)
		if err != nil {
			t.Fatal(err)
		}
		city, ok := tree.Root(june)
		if !ok {
			t.Fatal("no city")
		}
		for _, tt := range []struct {
			unit int64
			due  string
		}{{bureau.ID, "2022-01-31"}, {city.ID, "2022-03-31"}} {
			page, err := s.Duties(ctx, DutyFilter{PlanID: c.PlanID, Units: []int64{tt.unit}, Section: reportField}, june)
			if err != nil || len(page.Duties) != 1 || page.Duties[0].DueOn.String() != tt.due {
				t.Errorf("report of %s: %+v, %v", tree.NameOn(tt.unit, june), page.Duties, err)
			}
			u, err := s.Unit(ctx, tt.unit, civil.Date{}, civil.Date{}, june)
			if err != nil || u.Counts.Total() != 16 {
				t.Errorf("%s owes %d: %v", tree.NameOn(tt.unit, june), u.Counts.Total(), err)
			}
		}
		// A document of category 20-1, published 30 working days after it was made.
		update(t, store, func(tx *db.Tx) error {
			_, err := s.MatchEvidence(ctx, tx, RecordFacts{ID: 1, Title: "某办法", Kind: "policy", UnitID: bureau.ID, Statutory: "20-1",
				IssuedOn: civil.MustDate("2021-03-01"), PublishedOn: civil.MustDate("2021-04-15")})
			return err
		})
		page, err := s.Duties(ctx, DutyFilter{Units: []int64{bureau.ID}, States: []State{Fulfilled}}, june)
		if err != nil || len(page.Duties) != 1 {
			t.Fatal(len(page.Duties), err)
		}
		v, err := s.Duty(ctx, page.Duties[0].ID, june)
		if err != nil || len(v.Evidence) != 1 || v.Evidence[0].LimitOn.String() != "2021-03-29" || !v.Evidence[0].Late() {
			t.Errorf("evidence: %+v, %v", v.Evidence, err)
		}
	})
}

func TestResolveRows(t *testing.T) {
	tree := yongzhou(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	rows := []workplan.Row{
		{Line: 3, Field: "养老服务", Level1: "业务办理", Level2: "老年人补贴", Limit: "制定或获取文件之日起10个工作日内", By: "市民政局"},
		{Line: 4, Field: "养老服务", Level1: "业务办理", Level2: "老年人补贴", Limit: "视情况", By: "市民政局、县老龄办"},
		{Line: 5, Field: "财政预决算", Level1: "政府预算", Limit: "每季度公开", By: "市财政局"},
	}
	d, failures, warnings := ResolveRows(tree, CatalogueInfo{Title: "永州市公开目录", Since: june}, rows)
	if len(failures) != 1 || failures[0].Name != "县老龄办" {
		t.Errorf("failures: %+v", failures)
	}
	if len(warnings) != 1 || warnings[0].Task != 4 || !strings.Contains(warnings[0].Message, "视情况") {
		t.Errorf("warnings: %+v", warnings)
	}
	if d.Obligations[0].Code == d.Obligations[1].Code || d.Obligations[0].Code != "永州市公开目录/养老服务/业务办理/老年人补贴" {
		t.Errorf("codes: %s, %s", d.Obligations[0].Code, d.Obligations[1].Code)
	}
	if d.Obligations[2].Rule.Every != workplan.Quarterly {
		t.Errorf("budget: %+v", d.Obligations[2].Rule)
	}
}
