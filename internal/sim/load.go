package sim

import (
	"context"
	"fmt"
	"io"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/obligation/workplan"
	"gongkai/internal/publication"
	"gongkai/internal/unit"
)

// Size is how much a load is.
type Size struct {
	Publications int
	Duties       int
}

// Load fills a store for measuring: so many duties of one catalogue, month by
// month of 2021, over all organs of the city's directory, and so many
// publications of several kinds, each of which fulfils one of the duties where
// there are any. Everything goes through the packages' own bulk ways: the
// directory is loaded, the catalogue is saved and expanded, the publications
// are imported. The same load again changes nothing. Deps.Clock, Channels,
// Blobs and Calendar are not used.
func Load(ctx context.Context, d Deps, size Size, seed uint64, progress Progress) (err error) {
	defer fault.Wrap(&err, "sim.Load(%d publications, %d duties)", size.Publications, size.Duties)
	files, ok := unit.Directory(cityName)
	if !ok {
		return fault.New(fault.Internal, "sim_data", "程序里缺少演示城市的名录。")
	}
	if _, err := unit.Load(ctx, d.Units, files, unit.ImportOptions{Actor: actor}); err != nil {
		return err
	}
	tree, err := d.Units.Snapshot(ctx)
	if err != nil {
		return err
	}
	l := newLoad(size, seed, tree)
	if size.Duties > 0 {
		err := d.DB.Update(ctx, func(tx *db.Tx) error {
			_, err := d.Obligations.SavePlan(ctx, tx, l.catalogue(), obligation.SaveOptions{Actor: actor})
			return err
		})
		if err != nil {
			return err
		}
	}
	return l.publish(ctx, d.Publications, progress)
}

// load is one load: the organs that share it, and the number of rows that
// gives each of them its duties.
type load struct {
	Size
	seed   uint64
	organs []unit.Organ
	rows   int
}

// loadMonths are the months that each row is owed in.
const loadMonths = 12

func newLoad(size Size, seed uint64, tree *unit.Tree) *load {
	l := &load{Size: size, seed: seed}
	for _, o := range tree.All(planStart) {
		if o.Kind != unit.External {
			l.organs = append(l.organs, o)
		}
	}
	each := loadMonths * len(l.organs)
	l.rows = (size.Duties + each - 1) / each
	return l
}

// loadFields are the fields of the catalogue, which are columns of a matrix.
const loadFields = 26

// catalogue is the draft with as many duties as asked for: the last row is
// owed by as few organs as are left. A rest smaller than a year of one organ
// is left out.
func (l *load) catalogue() obligation.Draft {
	since := civil.On(2021, time.January, 1)
	title := fmt.Sprintf("压力测试目录（%d项义务，种子%d）", l.Duties, l.seed)
	draft := obligation.Draft{Plan: obligation.Plan{
		Code: title, Kind: obligation.Catalogue, Title: title, Issuer: "永州市人民政府", IssuedOn: since, Year: 2021,
	}}
	left := l.Duties / loadMonths
	for i := range l.rows {
		o := obligation.Obligation{
			Code: fmt.Sprintf("%s/%d", title, i+1), Position: i + 1, Section: fmt.Sprintf("领域%02d", i%loadFields+1), Title: l.category(i),
			Text: "每月公开一次办理情况。", Basis: "《政府信息公开条例》第二十条", Lead: []string{}, Responsible: []string{"各级行政机关"}, Due: "按月",
			Rule: obligation.Rule{Every: workplan.Monthly, Until: planEnd}, Match: obligation.Match{Categories: []string{l.category(i)}}, StartsOn: since,
		}
		for _, organ := range l.organs[:min(left, len(l.organs))] {
			o.Units = append(o.Units, obligation.Assignment{UnitID: organ.ID, Role: obligation.Responds, Printed: "各级行政机关"})
		}
		left -= len(o.Units)
		if len(o.Units) > 0 {
			draft.Obligations = append(draft.Obligations, o)
		}
	}
	return draft
}

// category is what a row is called, and what records say that fulfil it.
func (l *load) category(row int) string { return fmt.Sprintf("公开事项%04d", row+1) }

// publish imports the publications as they are made.
func (l *load) publish(ctx context.Context, to *publication.Store, progress Progress) error {
	if l.Publications == 0 {
		return nil
	}
	r, w := io.Pipe()
	defer r.Close()
	go func() { w.CloseWithError(l.write(w)) }()
	report, err := to.Import(ctx, r, publication.ImportOptions{Actor: actor, Progress: func(p publication.Progress) { progress.tell(p.Lines, l.Publications) }})
	if err == nil && report.Rejected > 0 {
		err = fmt.Errorf("%d lines rejected, the first: %+v", report.Rejected, report.Rejections[0])
	}
	return err
}

func (l *load) write(w io.Writer) error {
	d := newDice(l.seed, "load")
	for i := range l.Publications {
		raw, err := l.line(i, d).Encode()
		if err != nil {
			return err
		}
		if _, err := w.Write(append(raw, '\n')); err != nil {
			return err
		}
	}
	return nil
}
