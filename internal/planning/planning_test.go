package planning

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/document"
	"gongkai/internal/ledger"
	"gongkai/internal/obligation"
	"gongkai/internal/publication"
	"gongkai/internal/publication/kind"
	"gongkai/internal/sharedtest"
	"gongkai/internal/unit"
)

var ctx = context.Background()

func newPlanner(t *testing.T, store *db.DB) *Planner {
	t.Helper()
	kinds, err := kind.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	units := unit.NewStore(store)
	files, _ := unit.Directory("yongzhou")
	if _, err := unit.Load(ctx, units, files, unit.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	obligations := obligation.NewStore(store, obligation.Options{})
	return &Planner{Deps{DB: store, Units: units, Obligations: obligations,
		Publications: publication.NewStore(publication.Deps{DB: store, Kinds: kinds, Units: units, Duties: obligations})}}
}

func seed(t *testing.T) []byte {
	t.Helper()
	list, err := filepath.Glob(sharedtest.Path(t, "seeds") + "/*.txt")
	if err != nil || len(list) == 0 {
		t.Fatal("no seed", err)
	}
	data, err := os.ReadFile(list[0])
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func head(t *testing.T, p *Planner) (seq int64) {
	t.Helper()
	err := p.DB.View(ctx, func(tx *db.Tx) (err error) {
		seq, err = ledger.Head(ctx, tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

// The seed becomes a document, eighteen tasks with duties and ten commitments,
// once; an edited seed is a difference until it is confirmed.
func TestImportSeed(t *testing.T) {
	data := seed(t)
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		p := newPlanner(t, store)
		report, err := p.Import(ctx, "seed.txt", data, Options{Actor: "test"})
		if err != nil {
			t.Fatal(err)
		}
		if len(report.Plan.Tasks) != 18 || report.Records != 10 || report.Change.Outcome != obligation.Added || report.Document == 0 {
			t.Errorf("tasks %d, commitments %d, outcome %s", len(report.Plan.Tasks), report.Records, report.Change.Outcome)
		}
		view, err := p.Obligations.Plan(ctx, report.Change.PlanID, "", civil.MustDate("2021-06-11"))
		if err != nil || view.Counts.Total() == 0 {
			t.Errorf("duties: %+v, %v", view.Counts, err)
		}
		commitments, err := p.Publications.Commitments(ctx, publication.Filter{})
		if err != nil || len(commitments) != 10 {
			t.Errorf("%d commitments, %v", len(commitments), err)
		}

		before := head(t, p)
		again, err := p.Import(ctx, "seed.txt", data, Options{Actor: "test"})
		if err != nil || again.Change.Outcome != obligation.Same || head(t, p) != before {
			t.Errorf("again: %s, %v, ledger %d → %d", again.Change.Outcome, err, before, head(t, p))
		}

		edited := []byte(strings.Replace(string(data), "348个", "350个", 1))
		differs, err := p.Import(ctx, "seed.txt", edited, Options{Actor: "test"})
		if err != nil || differs.Change.Outcome != obligation.Differs || len(differs.Change.Changed) != 1 || head(t, p) != before {
			t.Errorf("edited: %+v, %v", differs.Change, err)
		}
		confirmed, err := p.Import(ctx, "seed.txt", edited, Options{Actor: "test", Confirm: true})
		if err != nil || confirmed.Change.Outcome != obligation.Changed || head(t, p) == before {
			t.Errorf("confirmed: %+v, %v", confirmed.Change.Outcome, err)
		}
	})
}

func TestUnknownUnitsStopTheImport(t *testing.T) {
	data := []byte(strings.ReplaceAll(string(seed(t)), "市卫健委牵头", "市卫健局牵头"))
	p := newPlanner(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	before := head(t, p)
	report, err := p.Import(ctx, "seed.txt", data, Options{})
	var refused *Refused
	if !errors.As(err, &refused) || len(report.Failures) != 1 || report.Failures[0].Name != "市卫健局" {
		t.Fatalf("got %+v, %v", report.Failures, err)
	}
	if !strings.Contains(err.Error(), "市卫健局") || head(t, p) != before {
		t.Errorf("the message names nothing, or something was written: %v", err)
	}
}

// A record that was published before its catalogue was saved counts for it.
func TestEarlierRecordsCount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		p := newPlanner(t, store)
		line := &publication.Line{SourceID: "early", Kind: "notice", Unit: "市财政局", Title: "2021年预算", IssuedOn: civil.MustDate("2021-06-10"),
			PublishedAt: publication.At(dbtest.Noon), Statutory: "20-7", Body: publication.Body{Format: document.Text, Text: "正文。"}}
		err := store.Update(ctx, func(tx *db.Tx) error {
			_, err := p.Publications.Put(ctx, tx, line, publication.PutOptions{Actor: "test"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		since := civil.MustDate("2021-01-01")
		change, err := p.SaveFloor(ctx, since, "test")
		if err != nil {
			t.Fatal(err)
		}
		tree, err := p.Units.Snapshot(ctx)
		if err != nil {
			t.Fatal(err)
		}
		finance, err := tree.Resolve("市财政局", since)
		if err != nil {
			t.Fatal(err)
		}
		page, err := p.Obligations.Duties(ctx, obligation.DutyFilter{PlanID: change.PlanID, Units: []int64{finance.ID}, Size: 200}, civil.MustDate("2021-06-11"))
		if err != nil {
			t.Fatal(err)
		}
		met := 0
		for _, d := range page.Duties {
			if d.State == obligation.Fulfilled {
				met++
			}
		}
		if met != 1 {
			t.Errorf("%d of %d duties are met, want the budget's", met, len(page.Duties))
		}
		before := head(t, p)
		if change, err = p.SaveFloor(ctx, since, "test"); err != nil || change.Outcome != obligation.Same || head(t, p) != before {
			t.Errorf("again: %s, %v", change.Outcome, err)
		}
	})
}
