package publication

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/publication/kind"
)

const readColumns = `p.id, p.source_id, p.kind, p.unit_id, p.unit_name, p.title, p.number, p.issued_on, p.published_at, p.effective_on,
	p.expires_on, p.repealed_on, p.stated, p.category, p.keywords, p.statutory, p.fields, p.stands, p.withdrawn_reason, p.withdrawn_note,
	p.withdrawn_at, p.version, p.hash, p.listed_on, p.binding, p.starts_on, p.lapses_on, p.repealed_from, p.amended_from,
	p.successor_id, p.moved_to, p.archived_at, p.renewed_at`

// scanner is a row, or a row whose first columns go elsewhere.
type scanner interface{ Scan(into ...any) error }

// withFirst scans the first column of a row into first.
type withFirst struct {
	rows  *sql.Rows
	first any
}

// Scan reads the rest of the row.
func (w withFirst) Scan(into ...any) error {
	return w.rows.Scan(append([]any{w.first}, into...)...)
}

func scanRecord(rows scanner) (Record, error) {
	var r Record
	var keywords, fields string
	var published, withdrawn, archived, renewed db.Instant
	var successor sql.Null[int64]
	var stone Stone
	var binding int
	err := rows.Scan(&r.ID, &r.SourceID, &r.Kind, &r.UnitID, &r.Unit, &r.Title, &r.Number, &r.IssuedOn, &published, &r.EffectiveOn,
		&r.ExpiresOn, &r.RepealedOn, &r.Stated, &r.Category, &keywords, &r.Statutory, &fields, &r.State, &stone.Reason, &stone.Note,
		&withdrawn, &r.Version, &r.Hash, &r.ListedOn, &binding, &r.Spans.Starts, &r.Spans.Lapses, &r.Spans.Repealed, &r.Spans.Amended,
		&successor, &stone.Address, &archived, &renewed)
	if err != nil {
		return Record{}, err
	}
	r.PublishedAt, r.ArchivedAt, r.RenewedAt, r.Binding = published.Time, archived.Time, renewed.Time, binding != 0
	if r.State.Stone() {
		stone.At, stone.Successor = withdrawn.Time, successor.V
		r.Stone = &stone
	}
	if keywords != "[]" {
		if err := json.Unmarshal([]byte(keywords), &r.Keywords); err != nil {
			return Record{}, err
		}
	}
	if fields != "null" {
		r.Fields, err = kind.ParseValues(fields)
	}
	return r, err
}

// known leaves out the records of which nobody outside may learn yet.
const known = "p.stands <> 'pending'"

// records reads the records of a query whose FROM names publication_records p.
func records(ctx context.Context, tx *db.Tx, rest string, args ...any) (list []Record, err error) {
	err = tx.Each(ctx, "select "+readColumns+" from publication_records p "+rest, args, func(rows *sql.Rows) error {
		r, err := scanRecord(rows)
		list = append(list, r)
		return err
	})
	return list, err
}

// Get reads a record with everything its page shows, as it stands today.
func (s *Store) Get(ctx context.Context, id int64) (d *Document, err error) {
	return s.GetOn(ctx, id, civil.Date{})
}

// GetOn is Get as of a day: the version the public read on that day (the first
// one, for days before it) and the state of validity then. The zero day is
// today.
func (s *Store) GetOn(ctx context.Context, id int64, on civil.Date) (d *Document, err error) {
	defer fault.Wrap(&err, "publication.Get(%d)", id)
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		d, err = s.get(ctx, tx, id, on)
		return err
	})
	return d, err
}

func (s *Store) get(ctx context.Context, tx *db.Tx, id int64, on civil.Date) (*Document, error) {
	found, err := records(ctx, tx, "where p.id = ? and "+known, id)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, unknownRecord("编号不存在")
	}
	if on.IsZero() {
		on = tx.Today()
	}
	d := &Document{Record: found[0]}
	if d.Versions, err = s.versions(ctx, tx, d); err != nil {
		return nil, err
	}
	d.ShownNo = shownOn(d.Versions, on)
	line, err := versionLine(ctx, tx, id, d.ShownNo)
	if err != nil {
		return nil, err
	}
	if d.State.Readable() {
		d.Body, d.Attachments = line.Body, line.Attachments
		if d.ShownNo != d.Version { // dates and validity are what is known now
			d.Title, d.Number, d.Category, d.Keywords, d.Fields = line.Title, line.Number, line.Category, line.Keywords, line.Fields
		}
	} else {
		d.Fields, d.Keywords = nil, nil // a stone shows its title only
	}
	if d.Relations, err = relationsFrom(ctx, tx, id); err != nil {
		return nil, err
	}
	if d.Incoming, err = relationsTo(ctx, tx, id); err != nil {
		return nil, err
	}
	if d.Touches, err = touchesOf(ctx, tx, id); err != nil {
		return nil, err
	}
	if d.Flags, err = flags(ctx, tx, "where f.record_id = ? order by f.reviewed_at is not null, f.on_date desc, f.id", id); err != nil {
		return nil, err
	}
	d.Standing = Validity(d.Facts(), d.Touches, on)
	if d.Stone != nil && d.Stone.Successor != 0 {
		if d.Stone.By, err = readBrief(ctx, tx, d.Stone.Successor); err != nil {
			return nil, err
		}
	}
	d.Replaces, err = predecessors(ctx, tx, id)
	return d, err
}

// shownOn is the version that the public read on a day.
func shownOn(versions []Version, on civil.Date) int {
	for _, v := range versions {
		if !v.From.After(on) {
			return v.No
		}
	}
	return versions[len(versions)-1].No
}

func (s *Store) versions(ctx context.Context, tx *db.Tx, d *Document) (list []Version, err error) {
	err = tx.Each(ctx, "select no, hash, created_at, actor, note, minor from publication_versions where record_id = ? order by no desc", []any{d.ID}, func(rows *sql.Rows) error {
		var v Version
		var at db.Instant
		var minor int
		err := rows.Scan(&v.No, &v.Hash, &at, &v.By, &v.Note, &minor)
		v.At, v.From, v.Minor = at.Time, civil.DateOf(at.Time), minor != 0
		if v.No == 1 && d.PublishedAt.Before(at.Time) || d.PublishedAt.After(at.Time) {
			v.From = civil.DateOf(d.PublishedAt)
		}
		list = append(list, v)
		return err
	})
	return list, err
}

// versionText is the canonical line of a version, what its hash is of.
func versionText(ctx context.Context, tx *db.Tx, id int64, no int) (text string, err error) {
	err = tx.Row(ctx, "select line from publication_versions where record_id = ? and no = ?", []any{id, no}, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fault.New(fault.NotFound, "version_unknown", "这份信息没有第 %d 版。", no)
	}
	return text, err
}

func versionLine(ctx context.Context, tx *db.Tx, id int64, no int) (*Line, error) {
	text, err := versionText(ctx, tx, id, no)
	if err != nil {
		return nil, err
	}
	l := new(Line)
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	return l, dec.Decode(l)
}

// newest reads a record and the line of its newest version.
func (s *Store) newest(ctx context.Context, tx *db.Tx, id int64) (*Record, *Line, error) {
	found, err := records(ctx, tx, "where p.id = ?", id)
	if err != nil {
		return nil, nil, err
	}
	if len(found) == 0 {
		return nil, nil, unknownRecord("编号不存在")
	}
	l, err := versionLine(ctx, tx, id, found[0].Version)
	return &found[0], l, err
}

// VersionLine is the canonical interchange line of a version; its SHA-256 is
// the version's hash. Versions of withdrawn records are not given out.
func (s *Store) VersionLine(ctx context.Context, id int64, no int) (line []byte, err error) {
	defer fault.Wrap(&err, "publication.VersionLine(%d, %d)", id, no)
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		found, err := records(ctx, tx, "where p.id = ?", id)
		if err != nil {
			return err
		}
		if len(found) == 0 || !found[0].State.Readable() {
			return unknownRecord("编号不存在，或者已经撤下")
		}
		text, err := versionText(ctx, tx, id, no)
		line = []byte(text)
		return err
	})
	return line, err
}

// BySource finds a record by its source_id.
func (s *Store) BySource(ctx context.Context, sourceID string) (r *Record, err error) {
	defer fault.Wrap(&err, "publication.BySource(%q)", sourceID)
	return s.one(ctx, sourceID, "where p.source_id = ? and "+known, sourceID)
}

func (s *Store) one(ctx context.Context, name, where string, args ...any) (r *Record, err error) {
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		found, err := records(ctx, tx, where, args...)
		if err == nil && len(found) == 0 {
			err = unknownRecord(name)
		}
		if err == nil {
			r = &found[0]
		}
		return err
	})
	return r, err
}

// ByNumber finds the published records with a document number, in any brackets
// and width; those that can be in force first.
func (s *Store) ByNumber(ctx context.Context, number string) (list []Record, err error) {
	defer fault.Wrap(&err, "publication.ByNumber(%q)", number)
	key := numberKey(number)
	if key == "" {
		return nil, nil
	}
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		list, err = records(ctx, tx, "where p.number_key = ? and p.number_key <> '' and p.state = 'published' order by p.binding desc, p.id", key)
		return err
	})
	return list, err
}

// Records reads records by id, in the order of ids; unknown ones are left out.
func (s *Store) Records(ctx context.Context, tx *db.Tx, ids []int64) (list []Record, err error) {
	defer fault.Wrap(&err, "publication.Records(%d)", len(ids))
	place := make(map[int64]int, len(ids))
	for i, id := range ids {
		place[id] = i
	}
	for part := range slices.Chunk(ids, 500) {
		some, err := records(ctx, tx, "where p.id in "+db.In(len(part))+" and "+known, db.Args(part)...)
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	slices.SortFunc(list, func(a, b Record) int { return place[a.ID] - place[b.ID] })
	return list, nil
}

const briefColumns = "p.id, p.source_id, p.kind, p.title, p.number, p.unit_name, p.issued_on, p.stands"

// relationsFrom lists what a record does to others, in its own order. Others
// that were withdrawn are named by what is printed.
func relationsFrom(ctx context.Context, tx *db.Tx, id int64) ([]Relation, error) {
	return readRelations(ctx, tx, `from publication_relations r left join publication_records p on p.id = r.target_id and p.state = 'published'
		where r.record_id = ? order by r.ordinal`, id)
}

// relationsTo lists what published records do to a record: by type, then the
// newest first.
func relationsTo(ctx context.Context, tx *db.Tx, id int64) ([]Relation, error) {
	list, err := readRelations(ctx, tx, `from publication_relations r join publication_records p on p.id = r.record_id
		where r.target_id = ? and p.state = 'published' order by p.listed_on desc, p.id desc, r.ordinal`, id)
	slices.SortStableFunc(list, func(a, b Relation) int { return rank(a.Type) - rank(b.Type) })
	return list, err
}

func rank(t RelationType) int {
	return slices.IndexFunc(relationRules, func(r relationRule) bool { return r.Type == t })
}

func readRelations(ctx context.Context, tx *db.Tx, rest string, args ...any) (list []Relation, err error) {
	err = tx.Each(ctx, "select r.type, r.here, r.there, r.acts_on, r.note, r.target, p.id, p.source_id, p.kind, p.title, p.number, p.unit_name, p.issued_on, p.stands "+rest, args, func(rows *sql.Rows) error {
		var r Relation
		var own, articles string
		var id sql.Null[int64]
		var source, kind, title, number, unit, state sql.Null[string]
		var issued civil.Date
		if err := rows.Scan(&r.Type, &own, &articles, &r.ActsOn, &r.Note, &r.Target, &id, &source, &kind, &title, &number, &unit, &issued, &state); err != nil {
			return err
		}
		if id.Valid {
			r.Other = &Brief{id.V, source.V, kind.V, title.V, number.V, unit.V, issued, State(state.V)}
		}
		var err1, err2 error
		r.Own, err1 = unpackLabels(own)
		r.Articles, err2 = unpackLabels(articles)
		list = append(list, r)
		return errors.Join(err1, err2)
	})
	return list, err
}
