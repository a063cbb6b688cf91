package publication

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/publication/kind"
)

// DueRecord is a record whose time among the current ones is over.
type DueRecord struct {
	Record
	On   civil.Date     // the day from which it is due
	Rule kind.Retention // with its basis
}

// ArchiveOn is the day from which a record is due for archiving by the rule of
// its kind and category; ok is false where it never is.
func (s *Store) ArchiveOn(r *Record) (day civil.Date, ok bool) {
	k, known := s.Kinds.Get(r.Kind)
	if !known {
		return civil.Date{}, false
	}
	return k.Retention.Of(r.Category).DueOn(r.ListedOn, r.overSince())
}

// overSince is the day on which the record ceased to be in force; zero where
// it has not, or where nobody knows the day.
func (r *Record) overSince() civil.Date {
	end := earlier(r.Spans.Lapses, r.Spans.Repealed)
	if !r.Binding || end == never || end == always {
		return civil.Date{}
	}
	return end
}

// DueForArchive lists the public records of the units, or of all where none is
// given, that are due for archiving today, the oldest first, up to limit.
func (s *Store) DueForArchive(ctx context.Context, units []int64, limit int) (list []DueRecord, err error) {
	defer fault.Wrap(&err, "publication.DueForArchive")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		for _, k := range s.Kinds.All() {
			some, err := dueOfKind(ctx, tx, k, units, limit)
			if err != nil {
				return err
			}
			list = append(list, some...)
		}
		return nil
	})
	slices.SortFunc(list, func(a, b DueRecord) int { return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.ID, b.ID)) })
	return list[:min(limit, len(list))], err
}

// dueOfKind asks for each rule of a kind: that of each category, and the one
// for all others.
func dueOfKind(ctx context.Context, tx *db.Tx, k *kind.Kind, units []int64, limit int) (list []DueRecord, err error) {
	special := slices.Sorted(maps.Keys(k.Retention.Categories))
	for _, category := range special {
		w := clause{}
		w.add("p.category = ?", category)
		some, err := dueByRule(ctx, tx, k, k.Retention.Categories[category], w, units, limit)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	w := clause{}
	if len(special) > 0 {
		w.add("p.category not in "+db.In(len(special)), db.Args(special)...)
	}
	some, err := dueByRule(ctx, tx, k, k.Retention.Of(""), w, units, limit)
	return append(list, some...), err
}

// firstEnd is the first of the days on which a record ceases to be in force.
const firstEnd = "case when p.lapses_on < p.repealed_from then p.lapses_on else p.repealed_from end"

func dueByRule(ctx context.Context, tx *db.Tx, k *kind.Kind, rule kind.Retention, w clause, units []int64, limit int) ([]DueRecord, error) {
	if rule.Years == 0 {
		return nil, nil
	}
	w.add("p.kind = ?", k.Code)
	w.add("p.state = 'published'")
	w.add("p.stands = 'published'")
	w.in("p.unit_id", db.Args(units))
	column := "p.listed_on"
	if rule.Since == kind.SinceOver {
		column = firstEnd
		w.add("p.binding = 1")
		w.add(firstEnd+" > ?", always)
	}
	w.add(column+" <= ?", lastDue(tx.Today(), rule.Years))
	found, err := records(ctx, tx, w.where()+" order by "+column+", p.id limit ?", append(w.args, limit)...)
	if err != nil {
		return nil, err
	}
	list := make([]DueRecord, len(found))
	for i, r := range found {
		on, _ := rule.DueOn(r.ListedOn, r.overSince())
		list[i] = DueRecord{r, on, rule}
	}
	return list, nil
}

// lastDue is the last day whose record is due on a day, after so many years:
// 28 February of 2021 for one year after and 28 February of 2022, but also
// 29 February of 2020 for 28 February of 2021.
func lastDue(today civil.Date, years int) civil.Date {
	day := today.AddMonths(-12 * years)
	for next := day.AddDays(1); !next.AddMonths(12 * years).After(today); next = next.AddDays(1) {
		day = next
	}
	return day
}
