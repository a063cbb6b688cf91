package publication

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"math/big"
	"slices"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/publication/kind"
)

// Commitment is a promise with numbers, and how far it is. It is read from a
// record of kind commitment and the newest progress report of each target.
type Commitment struct {
	Record  Record
	No      int // place in its list, 0 for none
	Year    int
	Due     civil.Date
	Lead    string
	Task    string // code of the task of a work plan; may be empty
	Targets []Goal
	AsOf    civil.Date // day of the newest report; zero where there is none
	Status  string     // as the newest report says it
	Reports []Brief    // newest first
}

// Goal is one number of a commitment.
type Goal struct {
	Text    string
	Target  json.Number // exact, as promised
	Done    json.Number // exact, as last reported; "" where nothing was
	Unit    string
	AsOf    civil.Date // day of that report
	Percent int        // of the target, rounded down, at most 999
	Late    bool       // the due day is past and the target was not reached
}

// Reached tells whether the target was reached.
func (g Goal) Reached() bool { return g.Percent >= 100 }

// Percent is the mean over the goals, each counted with 100 at most: how far
// the whole commitment is.
func (c *Commitment) Percent() int {
	if len(c.Targets) == 0 {
		return 0
	}
	sum := 0
	for _, g := range c.Targets {
		sum += min(g.Percent, 100)
	}
	return sum / len(c.Targets)
}

// Late tells whether one of the goals is late.
func (c *Commitment) Late() bool {
	return slices.ContainsFunc(c.Targets, func(g Goal) bool { return g.Late })
}

// Codes of the two kinds that commitments are read from.
const (
	KindCommitment = "commitment"
	KindProgress   = "progress"
)

// Commitments reads the commitments that the filter lets through, by year
// (newest first), number and title, with their progress as reported up to
// today.
func (s *Store) Commitments(ctx context.Context, f Filter) (list []Commitment, err error) {
	defer fault.Wrap(&err, "publication.Commitments")
	f.Kinds = []string{KindCommitment}
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		where, args := f.where(tx.Today())
		found, err := records(ctx, tx, where, args...)
		if err != nil {
			return err
		}
		reports, err := progressOf(ctx, tx, found)
		if err != nil {
			return err
		}
		for _, r := range found {
			c, err := commitment(r, reports[r.ID], tx.Today())
			if err != nil {
				return err
			}
			list = append(list, c)
		}
		return nil
	})
	slices.SortFunc(list, func(a, b Commitment) int {
		return cmp.Or(cmp.Compare(b.Year, a.Year), cmp.Compare(a.No, b.No), cmp.Compare(a.Record.Title, b.Record.Title))
	})
	return list, err
}

// Commitment reads one commitment.
func (s *Store) Commitment(ctx context.Context, id int64) (c Commitment, err error) {
	defer fault.Wrap(&err, "publication.Commitment(%d)", id)
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		found, err := records(ctx, tx, "where p.id = ? and p.kind = ? and p.state = 'published'", id, KindCommitment)
		if err == nil && len(found) == 0 {
			err = unknownRecord("没有这项承诺")
		}
		if err != nil {
			return err
		}
		reports, err := progressOf(ctx, tx, found)
		if err == nil {
			c, err = commitment(found[0], reports[id], tx.Today())
		}
		return err
	})
	return c, err
}

// progressOf reads the published reports of commitments.
func progressOf(ctx context.Context, tx *db.Tx, of []Record) (map[int64][]Record, error) {
	reports := map[int64][]Record{}
	ids := make([]int64, len(of))
	for i := range of {
		ids[i] = of[i].ID
	}
	for part := range slices.Chunk(ids, 500) {
		args := append(db.Args(part), string(ProgressOf), KindProgress)
		err := tx.Each(ctx, "select r.target_id, "+readColumns+" from publication_records p join publication_relations r on r.record_id = p.id where r.target_id in "+
			db.In(len(part))+" and r.type = ? and p.kind = ? and p.state = 'published'", args, func(rows *sql.Rows) error {
			var target int64
			r, err := scanRecord(withFirst{rows, &target})
			reports[target] = append(reports[target], r)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return reports, nil
}

// Forms of the fields that commitments are read from.
type (
	promiseFields struct {
		Year, No   int
		Due        civil.Date
		Lead, Task string
		Targets    []struct {
			Text, Unit string
			Quantity   json.Number
		}
	}
	reportFields struct {
		AsOf   civil.Date `json:"as_of"`
		Status string
		Values []struct {
			Text string
			Done json.Number
		}
	}
)

// commitment puts a promise and its reports together.
func commitment(r Record, reports []Record, today civil.Date) (Commitment, error) {
	var p promiseFields
	if err := r.Fields.Decode(&p); err != nil {
		return Commitment{}, err
	}
	c := Commitment{Record: r, No: p.No, Year: p.Year, Due: p.Due, Lead: p.Lead, Task: p.Task}
	for _, t := range p.Targets {
		c.Targets = append(c.Targets, Goal{Text: t.Text, Target: t.Quantity, Unit: t.Unit})
	}
	said := make([]reportFields, len(reports))
	order := make([]int, len(reports))
	var errs []error
	for i := range reports {
		order[i] = i
		errs = append(errs, reports[i].Fields.Decode(&said[i]))
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(said[b].AsOf.Compare(said[a].AsOf), cmp.Compare(reports[b].ID, reports[a].ID))
	})
	for _, i := range order {
		c.report(reports[i].Brief(), said[i])
	}
	for i := range c.Targets {
		g := &c.Targets[i]
		g.Percent = percent(g.Done, g.Target)
		g.Late = !g.Reached() && !c.Due.IsZero() && today.After(c.Due)
	}
	return c, errors.Join(errs...)
}

// report takes in a report that is older than those before it.
func (c *Commitment) report(b Brief, said reportFields) {
	if len(c.Reports) == 0 {
		c.AsOf, c.Status = said.AsOf, said.Status
	}
	c.Reports = append(c.Reports, b)
	for _, v := range said.Values {
		i := slices.IndexFunc(c.Targets, func(g Goal) bool { return g.Text == v.Text })
		if i < 0 && len(c.Targets) == 1 && len(said.Values) == 1 {
			i = 0 // one number can only mean the one target
		}
		if i >= 0 && c.Targets[i].Done == "" {
			c.Targets[i].Done, c.Targets[i].AsOf = v.Done, said.AsOf
		}
	}
}

// percent is done of target, rounded down, from 0 to 999.
func percent(done, target json.Number) int {
	d, ok1 := kind.Decimal(done)
	t, ok2 := kind.Decimal(target)
	if !ok1 || !ok2 || t.Sign() <= 0 || d.Sign() < 0 {
		return 0
	}
	p := new(big.Rat).Mul(d.Quo(d, t), big.NewRat(100, 1))
	whole := new(big.Int).Quo(p.Num(), p.Denom())
	if !whole.IsInt64() || whole.Int64() > 999 {
		return 999
	}
	return int(whole.Int64())
}
