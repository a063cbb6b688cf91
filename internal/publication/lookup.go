package publication

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/fault"
)

// NumberTaken finds another record of the unit that bears a document number,
// in any brackets and width; except is the record that is being written, 0 for
// a new one. Records that wait for their moment count: it is for those who
// write.
func (s *Store) NumberTaken(ctx context.Context, tx *db.Tx, unitID int64, number string, except int64) (b Brief, taken bool, err error) {
	defer fault.Wrap(&err, "publication.NumberTaken(%q)", number)
	return numberTaken(ctx, tx, unitID, numberKey(number), except, "")
}

// numberTaken looks among records of one kind, or of all where kind is empty.
func numberTaken(ctx context.Context, tx *db.Tx, unitID int64, key string, except int64, kind string) (b Brief, taken bool, err error) {
	if key == "" {
		return Brief{}, false, nil
	}
	w := clause{}
	w.add("p.number_key <> ''")
	w.add("p.number_key = ?", key)
	w.add("p.unit_id = ?", unitID)
	w.add("p.id <> ?", except)
	if kind != "" {
		w.add("p.kind = ?", kind)
	}
	err = tx.Row(ctx, "select "+briefColumns+" from publication_records p "+w.where()+" order by p.id limit 1", w.args,
		&b.ID, &b.SourceID, &b.Kind, &b.Title, &b.Number, &b.Unit, &b.IssuedOn, &b.State)
	if errors.Is(err, sql.ErrNoRows) {
		return Brief{}, false, nil
	}
	return b, err == nil, err
}

// InterpretationsOf lists the published records that interpret a record,
// newest first.
func (s *Store) InterpretationsOf(ctx context.Context, tx *db.Tx, id int64) (list []Brief, err error) {
	defer fault.Wrap(&err, "publication.InterpretationsOf(%d)", id)
	found, err := incoming(ctx, tx, []int64{id}, Interprets)
	return found[id], err
}

// Alike is a record whose title is like another.
type Alike struct {
	Brief
	Percent int // of pairs of characters that both titles share; 100 for editions of one title
}

// What SimilarTitles looks at, and from where on titles are alike.
const (
	titlesSeen  = 2000
	alikeEnough = 70
)

// SimilarTitles lists records whose titles are like one that is being written:
// editions of the same title wherever they come from, and similar ones among
// the newest of the unit. The most alike come first; except is the record
// being written.
func (s *Store) SimilarTitles(ctx context.Context, tx *db.Tx, unitID int64, title string, except int64, limit int) (list []Alike, err error) {
	defer fault.Wrap(&err, "publication.SimilarTitles(%q)", fault.Clip(title, 40))
	key := document.TitleKey(title)
	if key == "" {
		return nil, nil
	}
	want := pairsOf(key)
	seen := map[int64]bool{except: true}
	for _, q := range []struct {
		where string
		args  []any
	}{
		{"where p.title_key = ? and p.state = 'published' order by p.listed_on desc, p.id desc limit ?", []any{key, titlesSeen}},
		{"where p.unit_id = ? and p.state = 'published' order by p.listed_on desc, p.id desc limit ?", []any{unitID, titlesSeen}},
	} {
		err := tx.Each(ctx, "select p.title_key, "+briefColumns+" from publication_records p "+q.where, q.args, func(rows *sql.Rows) error {
			var other string
			b, err := scanBrief(withFirst{rows, &other})
			if percent := shared(want, pairsOf(other)); percent >= alikeEnough && !seen[b.ID] {
				seen[b.ID] = true
				list = append(list, Alike{b, percent})
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(list, func(a, b Alike) int { return cmp.Compare(b.Percent, a.Percent) })
	return list[:min(limit, len(list))], nil
}

// pairs counts the pairs of neighbouring characters of a text.
type pairs map[[2]rune]int

func pairsOf(s string) pairs {
	p := pairs{}
	var last rune
	for _, r := range s {
		if last != 0 {
			p[[2]rune{last, r}]++
		}
		last = r
	}
	return p
}

// shared is twice the pairs that both have, of all pairs of both, in percent.
func shared(a, b pairs) int {
	both, all := 0, 0
	for k, n := range a {
		both += min(n, b[k])
		all += n
	}
	for _, n := range b {
		all += n
	}
	if all == 0 {
		return 0
	}
	return 200 * both / all
}
