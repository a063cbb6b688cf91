package planning

import (
	"context"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/extract"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/obligation/workplan"
)

// CatalogueOptions say how a catalogue is imported.
type CatalogueOptions struct {
	Title   string     // of the catalogue; empty: the file's name without its ending
	Issuer  string     // who made it
	Since   civil.Date // the day it takes effect; zero: today
	Confirm bool       // an edited catalogue: write the differences
	DryRun  bool       // read and resolve only
	Actor   string
}

// CatalogueReport is what an import of a catalogue found and did.
type CatalogueReport struct {
	Title    string               `json:"title"`
	Rows     int                  `json:"rows"`
	Warnings []workplan.Warning   `json:"warnings,omitempty"` // limits kept as text, sheets left out
	Failures []obligation.Failure `json:"failures,omitempty"`
	Change   obligation.Change    `json:"change"`
}

// ImportCatalogue reads a disclosure catalogue with the national headings
// (CSV or XLSX) and writes its rows as obligations with their duties. The same
// catalogue again changes nothing; an edited one is reported as differences
// until it is confirmed.
func (p *Planner) ImportCatalogue(ctx context.Context, name string, data []byte, opts CatalogueOptions) (report CatalogueReport, err error) {
	defer fault.Wrap(&err, "planning.ImportCatalogue(%s)", name)
	sheets, err := extract.ReadSheets(name, data, extract.Limits{})
	if err != nil {
		return report, err
	}
	rows, warnings, err := workplan.ReadRows(sheets)
	if err != nil {
		return report, err
	}
	report = CatalogueReport{Title: opts.Title, Rows: len(rows), Warnings: warnings}
	if report.Title == "" {
		report.Title = stem(name)
	}
	err = p.DB.Update(ctx, func(tx *db.Tx) error { return p.writeCatalogue(ctx, tx, &report, rows, opts) })
	return report, err
}

func (p *Planner) writeCatalogue(ctx context.Context, tx *db.Tx, report *CatalogueReport, rows []workplan.Row, opts CatalogueOptions) error {
	tree, err := p.Units.Tree(ctx, tx)
	if err != nil {
		return err
	}
	if opts.Since.IsZero() {
		opts.Since = tx.Today()
	}
	draft, failures, warnings := obligation.ResolveRows(tree, obligation.CatalogueInfo{Title: report.Title, Issuer: opts.Issuer, Since: opts.Since}, rows)
	report.Warnings = append(report.Warnings, warnings...)
	if len(failures) > 0 {
		report.Failures = failures
		return &Refused{failures}
	}
	if opts.DryRun {
		return nil
	}
	report.Change, err = p.Obligations.SavePlan(ctx, tx, draft, obligation.SaveOptions{Confirm: opts.Confirm, Actor: opts.Actor})
	if err != nil || report.Change.Outcome == obligation.Same || report.Change.Outcome == obligation.Differs {
		return err
	}
	return p.rematch(ctx, tx, draft)
}

// SaveFloor writes what the law itself demands of every organ of the
// directory (条例第二十条、第四十九条). Saved again on a later day it takes in
// organs that have been added since.
func (p *Planner) SaveFloor(ctx context.Context, since civil.Date, actor string) (change obligation.Change, err error) {
	defer fault.Wrap(&err, "planning.SaveFloor")
	err = p.DB.Update(ctx, func(tx *db.Tx) error {
		tree, err := p.Units.Tree(ctx, tx)
		if err != nil {
			return err
		}
		draft, err := obligation.Floor(tree, since)
		if err != nil {
			return err
		}
		change, err = p.Obligations.SavePlan(ctx, tx, draft, obligation.SaveOptions{Confirm: true, Actor: actor})
		if err != nil || change.Outcome == obligation.Same {
			return err
		}
		return p.rematch(ctx, tx, draft)
	})
	return change, err
}
