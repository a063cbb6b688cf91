package publication

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/fault"
	"gongkai/internal/search"
)

// Filter narrows a list. Within one list of values any will do; all that is
// given must agree. The zero value lists everything that is published.
type Filter struct {
	Kinds      []string
	Units      []int64 // the organ and all below it: the caller gives the ids
	Categories []string
	Statutory  []string
	Keywords   []string
	Validities []search.Validity // on the day of the question
	Year       int               // of issue, or of publishing where there is none
	From, To   civil.Date        // of the same day; both belong to it
	States     []State           // for staff: those that stand so, instead of all that the public can read
	Words      string            // for staff: in title or number, however printed; blanks divide words that must all be there
}

// Page says which part of a list is wanted: Size records after the place that
// After names. The zero value is the first 20.
type Page struct {
	After string // Listing.Next of the page before
	Page  int    // instead of After: number of the page from 1
	Size  int    // at most 200
}

// Listing is one page of a list, newest first.
type Listing struct {
	Records []Record
	Total   int
	Next    string // for Page.After; empty on the last page
}

const maxPage = 200

// List reads a page of the published records, newest first, and counts all
// that the filter lets through.
func (s *Store) List(ctx context.Context, f Filter, p Page) (l Listing, err error) {
	defer fault.Wrap(&err, "publication.List")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		l, err = s.list(ctx, tx, f, p)
		return err
	})
	return l, err
}

func (s *Store) list(ctx context.Context, tx *db.Tx, f Filter, p Page) (l Listing, err error) {
	where, args := f.where(tx.Today())
	if err := tx.Row(ctx, "select count(*) from publication_records p "+where, args, &l.Total); err != nil {
		return l, err
	}
	size := p.Size
	if size <= 0 {
		size = 20
	}
	size = min(size, maxPage)
	day, id, err := parseAfter(p.After)
	if err != nil {
		return l, err
	}
	offset := 0
	switch {
	case id != 0:
		where += " and (p.listed_on, p.id) < (?, ?)"
		args = append(args, day, id)
	case p.Page > 1:
		offset = (p.Page - 1) * size
	}
	if offset >= l.Total {
		return l, nil
	}
	ids, err := pageIDs(ctx, tx, where, "p.listed_on desc, p.id desc", append(args, size+1, offset))
	if err != nil {
		return l, err
	}
	if l.Records, err = s.Records(ctx, tx, ids[:min(size, len(ids))]); err != nil {
		return l, err
	}
	if len(ids) > size {
		last := l.Records[size-1]
		l.Next = last.ListedOn.String() + "." + strconv.FormatInt(last.ID, 10)
	}
	return l, nil
}

// pageIDs reads the ids alone, from an index that covers the filter. The last
// two of args are limit and offset.
func pageIDs(ctx context.Context, tx *db.Tx, where, order string, args []any) (ids []int64, err error) {
	err = tx.Each(ctx, "select p.id from publication_records p "+where+" order by "+order+" limit ? offset ?", args, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

func parseAfter(after string) (civil.Date, int64, error) {
	if after == "" {
		return civil.Date{}, 0, nil
	}
	day, number, _ := strings.Cut(after, ".")
	on, err := civil.ParseDate(day)
	id, err2 := strconv.ParseInt(number, 10, 64)
	if err != nil || err2 != nil || id <= 0 {
		return civil.Date{}, 0, fault.New(fault.Invalid, "page_after", "翻页的位置“%s”不对，请从第一页重新开始。", fault.Clip(after, 40))
	}
	return on, id, nil
}

// where spells the filter as SQL over publication_records p.
func (f *Filter) where(today civil.Date) (string, []any) {
	w := clause{}
	if len(f.States) == 0 {
		w.add("p.state = 'published'")
	}
	w.in("p.stands", stateArgs(f.States))
	for _, word := range strings.Fields(document.Fold(f.Words)) {
		w.add("(replace(p.title_key, ?, '') <> p.title_key or replace(p.number_key, ?, '') <> p.number_key)", word, numberKey(word)) // both engines compare by code point here
	}
	w.in("p.kind", db.Args(f.Kinds))
	w.in("p.unit_id", db.Args(f.Units))
	w.in("p.category", db.Args(f.Categories))
	w.in("p.statutory", db.Args(f.Statutory))
	if len(f.Keywords) > 0 {
		w.add("p.id in (select k.record_id from publication_keywords k where k.keyword in "+db.In(len(f.Keywords))+")", db.Args(f.Keywords)...)
	}
	if f.Year != 0 {
		w.add("p.listed_on between ? and ?", civil.Year(f.Year).Start(), civil.Year(f.Year).End())
	}
	if !f.From.IsZero() {
		w.add("p.listed_on >= ?", f.From)
	}
	if !f.To.IsZero() {
		w.add("p.listed_on <= ?", f.To)
	}
	f.validity(&w, today)
	return w.where(), w.args
}

func stateArgs(states []State) []any {
	args := make([]any, len(states))
	for i, st := range states {
		args[i] = string(st)
	}
	return args
}

// validity adds the condition on states of validity.
func (f *Filter) validity(w *clause, today civil.Date) {
	var ors, other []string
	for _, v := range f.Validities {
		if v == search.Archived {
			other = append(other, "p.stands = 'archived'")
			continue
		}
		ors = append(ors, validitySQL[v])
		w.args = append(w.args, slices.Repeat([]any{today}, strings.Count(validitySQL[v], "?"))...)
	}
	if len(ors) > 0 {
		other = append(other, "p.binding = 1 and ("+strings.Join(ors, " or ")+")")
	}
	if len(other) > 0 {
		w.text = append(w.text, "("+strings.Join(other, " or ")+")")
	}
}

// validitySQL spells Spans.On: each ? is the day.
var validitySQL = map[search.Validity]string{
	search.Repealed: "p.repealed_from <= ?",
	search.Expired:  "(p.repealed_from > ? and p.lapses_on <= ?)",
	search.NotYet:   "(p.repealed_from > ? and p.lapses_on > ? and p.starts_on > ?)",
	search.Amended:  "(p.repealed_from > ? and p.lapses_on > ? and p.starts_on <= ? and p.amended_from <= ?)",
	search.InForce:  "(p.repealed_from > ? and p.lapses_on > ? and p.starts_on <= ? and p.amended_from > ?)",
}

// clause gathers conditions.
type clause struct {
	text []string
	args []any
}

func (c *clause) add(text string, args ...any) {
	c.text = append(c.text, text)
	c.args = append(c.args, args...)
}

// where spells the conditions, of which there must be one.
func (c *clause) where() string { return "where " + strings.Join(c.text, " and ") }

func (c *clause) in(column string, values []any) {
	switch len(values) {
	case 0:
	case 1:
		c.add(column+" = ?", values[0])
	default:
		c.add(column+" in "+db.In(len(values)), values...)
	}
}
