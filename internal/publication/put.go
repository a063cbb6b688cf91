package publication

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/obligation"
	"gongkai/internal/publication/kind"
)

// Outcome is what became of a line.
type Outcome string

// Outcomes of Put.
const (
	Added   Outcome = "added"
	Changed Outcome = "changed"
	Same    Outcome = "same" // word for word what is there; nothing was written
)

// PutOptions say how a line is taken in.
type PutOptions struct {
	Actor       string // of the ledger: "import", "user:4"
	Note        string // why this version, for the public
	Minor       bool   // this version mends a slip: it is not news to those who follow the record
	CreateUnits bool   // a unit nobody knows is added as an external one
	Files       fs.FS  // where the paths of attachments lead; nil: only files already stored
	dryRun      bool
	strict      bool                  // of import: a source_id as target must lead somewhere
	hold        bool                  // of import: a line whose target is not here waits (errHold)
	known       func(key string) bool // of import: what waiting lines will bring
}

// Result tells of one Put.
type Result struct {
	Outcome  Outcome
	ID       int64
	Warnings []Problem // nothing is wrong, but somebody should look
}

// Put takes one publication in, in the caller's transaction: a new record, a
// new version of the record with the same source_id, or nothing where nothing
// has changed. With it come relations, flags, evidence of duties and ledger
// entries. A relation whose target is not here waits until it comes. What is wrong with the line is a *Refused with all of it, and
// nothing has been written then. Put changes line to what it has stored.
func (s *Store) Put(ctx context.Context, tx *db.Tx, line *Line, opts PutOptions) (r Result, err error) {
	defer fault.Wrap(&err, "publication.Put(%q)", line.SourceID)
	tree, err := s.Units.Tree(ctx, tx)
	if err != nil {
		return Result{}, err
	}
	p, err := s.prepare(ctx, tree, line, opts)
	if err != nil {
		return Result{}, err
	}
	w, err := s.newWriter(ctx, tx, opts)
	if err != nil {
		return Result{}, err
	}
	if r, err = w.put(ctx, p); err != nil {
		return Result{}, err
	}
	return r, w.finish(ctx)
}

// writer writes records in one transaction and gathers what has to be said of
// them at its end.
type writer struct {
	*Store
	tx      *db.Tx
	opts    PutOptions
	acts    []ledger.Act
	touched map[int64]bool // records whose state or relations others changed
	written map[int64]bool
}

// newWriter waits for the turn to write publications.
func (s *Store) newWriter(ctx context.Context, tx *db.Tx, opts PutOptions) (*writer, error) {
	_, err := tx.Exec(ctx, "update publication_turn set turns = turns + 1 where one = 1")
	return &writer{Store: s, tx: tx, opts: opts, touched: map[int64]bool{}, written: map[int64]bool{}}, err
}

// finish appends the acts to the ledger.
func (w *writer) finish(ctx context.Context) error {
	var ids []int64
	for id := range w.touched {
		if !w.written[id] {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		w.act(ActTouched, id, nil)
	}
	_, err := ledger.Append(ctx, w.tx, w.acts...)
	return err
}

func (w *writer) act(kind string, id int64, data any) {
	w.acts = append(w.acts, ledger.Act{Kind: kind, Subject: Subject(id), Actor: w.opts.Actor, Data: data})
}

// actData is what the ledger keeps of a version.
type actData struct {
	SourceID string `json:"source_id"`
	Kind     string `json:"kind"`
	Version  int    `json:"version"`
	Hash     string `json:"hash"`
}

// current is what the store has of a source_id.
type current struct {
	id        int64
	version   int
	hash, raw string
	published db.Instant
	renewed   db.Instant
	state     State
}

// seen tells whether the public has ever been able to read it.
func (c current) seen() bool { return c.id != 0 && c.state != Pending }

func (w *writer) current(ctx context.Context, sourceID string) (c current, err error) {
	err = w.tx.Row(ctx, "select id, version, hash, raw_hash, published_at, renewed_at, stands from publication_records where source_id = ?",
		[]any{sourceID}, &c.id, &c.version, &c.hash, &c.raw, &c.published, &c.renewed, &c.state)
	if errors.Is(err, sql.ErrNoRows) {
		return current{}, nil
	}
	return c, err
}

// put writes a prepared line. Everything that can be refused is refused before
// the first statement that writes.
func (w *writer) put(ctx context.Context, p *prepared) (Result, error) {
	old, err := w.current(ctx, p.line.SourceID)
	if err != nil {
		return Result{}, err
	}
	w.settlePublishedAt(p.line, old)
	if err := w.mayWrite(p.line, old); err != nil {
		return Result{}, err
	}
	text, err := p.line.Encode()
	if err != nil {
		return Result{}, err
	}
	hash := Hash(text)
	if hash == old.hash {
		return Result{Same, old.id, p.warnings}, w.keepRaw(ctx, old, p.raw)
	}
	links, err := w.resolve(ctx, p, old.id)
	if err != nil {
		return Result{}, err
	}
	if err := w.ensureUnit(ctx, p); err != nil {
		return Result{}, err
	}
	if err := w.warnNumber(ctx, p, old.id); err != nil {
		return Result{}, err
	}
	id, err := w.write(ctx, p, old, hash, string(text))
	if err != nil {
		return Result{}, err
	}
	if err := w.link(ctx, id, p, old, links); err != nil {
		return Result{}, err
	}
	return w.announce(ctx, p, id, old, hash)
}

// settlePublishedAt fixes the moment of publishing: a line that names none
// keeps the record's.
func (w *writer) settlePublishedAt(l *Line, old current) {
	switch {
	case !l.PublishedAt.IsZero():
	case old.id != 0:
		l.PublishedAt = At(old.published.Time)
	default:
		l.PublishedAt = At(w.tx.Now)
	}
}

// mayWrite refuses a new version of a stone, and one that would hide again
// what the public has read.
func (w *writer) mayWrite(l *Line, old current) error {
	var bad kind.Problems
	if old.state.Stone() {
		bad.Add("source_id", "这份信息%s，不能用导入覆盖。确要重新公开，请先恢复它。", old.state.Label())
	} else if old.seen() && w.standsOf(l, old) == Pending {
		bad.Add("published_at", "这份信息已经公开，发布时间不能改到以后（%s）。要撤下它，请用撤下。", l.PublishedAt.Format("2006-01-02 15:04"))
	}
	return bad.Refusal()
}

// standsOf is where the record stands with the line as its newest version.
func (w *writer) standsOf(l *Line, old current) State {
	switch {
	case l.PublishedAt.After(w.tx.Now):
		return Pending
	case old.seen():
		return old.state
	}
	return Published
}

// renewedAt is when the substance of the new version is public.
func (w *writer) renewedAt(l *Line, old current) db.Instant {
	switch {
	case !old.seen():
		return db.At(l.PublishedAt.Time)
	case w.opts.Minor:
		return old.renewed
	}
	return db.At(w.tx.Now)
}

func (w *writer) keepRaw(ctx context.Context, old current, raw string) error {
	if raw == "" || raw == old.raw {
		return nil
	}
	_, err := w.tx.Exec(ctx, "update publication_records set raw_hash = ? where id = ?", raw, old.id)
	return err
}

func (w *writer) ensureUnit(ctx context.Context, p *prepared) (err error) {
	if p.newUnit != "" {
		p.unit, err = w.Units.EnsureExternal(ctx, w.tx, p.newUnit)
	}
	return err
}

// warnNumber tells of another record of the same unit with the same number.
func (w *writer) warnNumber(ctx context.Context, p *prepared, id int64) error {
	other, taken, err := numberTaken(ctx, w.tx, p.unit.ID, numberKey(p.line.Number), id, p.kind.Code)
	if taken {
		p.warnings.Add("number", "同一单位的%s也用这个文号%s，请核对。", cite(other.Title, ""), p.line.Number)
	}
	return err
}

const recordColumns = `source_id, kind, unit_id, unit_name, title, title_key, number, number_key, issued_on, published_at, effective_on,
	expires_on, repealed_on, stated, category, keywords, statutory, fields, state, version, hash, raw_hash, listed_on,
	binding, starts_on, lapses_on, repealed_from, amended_from, stands, renewed_at`

const upsertRecord = "insert into publication_records (" + recordColumns + `)
	values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
	on conflict (source_id) do update set kind = excluded.kind, unit_id = excluded.unit_id, unit_name = excluded.unit_name,
	title = excluded.title, title_key = excluded.title_key, number = excluded.number, number_key = excluded.number_key, issued_on = excluded.issued_on,
	published_at = excluded.published_at, effective_on = excluded.effective_on, expires_on = excluded.expires_on,
	repealed_on = excluded.repealed_on, stated = excluded.stated, category = excluded.category, keywords = excluded.keywords,
	statutory = excluded.statutory, fields = excluded.fields, version = excluded.version, hash = excluded.hash,
	raw_hash = excluded.raw_hash, listed_on = excluded.listed_on, binding = excluded.binding, starts_on = excluded.starts_on,
	lapses_on = excluded.lapses_on, repealed_from = excluded.repealed_from, amended_from = excluded.amended_from,
	state = excluded.state, stands = excluded.stands, renewed_at = excluded.renewed_at
	returning id`

// write stores the read model, the version and the keywords.
func (w *writer) write(ctx context.Context, p *prepared, old current, hash, text string) (id int64, err error) {
	l := p.line
	keywords, err := json.Marshal(append([]string{}, l.Keywords...))
	if err != nil {
		return 0, err
	}
	fields, err := json.Marshal(l.Fields)
	if err != nil {
		return 0, err
	}
	unitName := p.unit.NameOn(l.namedOn())
	spans := SpansOf(l.facts(p.kind), nil)
	stands := w.standsOf(l, old)
	err = w.tx.Row(ctx, upsertRecord, []any{l.SourceID, l.Kind, p.unit.ID, unitName, l.Title, document.TitleKey(l.Title), l.Number, numberKey(l.Number), l.IssuedOn,
		db.At(l.PublishedAt.Time), l.EffectiveOn, l.ExpiresOn, l.RepealedOn, l.Validity, l.Category, string(keywords), statutoryOf(l, p.kind),
		string(fields), stands.coarse(), old.version + 1, hash, p.raw, l.listedOn(), flag(p.kind.Validity), spans.Starts, spans.Lapses, spans.Repealed, spans.Amended,
		string(stands), w.renewedAt(l, old)}, &id)
	if err != nil {
		return 0, err
	}
	if _, err := w.tx.Exec(ctx, "insert into publication_versions (record_id, no, hash, line, created_at, actor, note, minor) values (?,?,?,?,?,?,?,?)",
		id, old.version+1, hash, text, db.At(w.tx.Now), w.opts.Actor, w.opts.Note, flag(w.opts.Minor && old.seen())); err != nil {
		return 0, err
	}
	if err := w.writeCitations(ctx, id, old, l.Body); err != nil {
		return 0, err
	}
	return id, w.writeKeywords(ctx, id, old, l.Keywords)
}

func (w *writer) writeKeywords(ctx context.Context, id int64, old current, keywords []string) error {
	if old.id != 0 {
		if _, err := w.tx.Exec(ctx, "delete from publication_keywords where record_id = ?", id); err != nil {
			return err
		}
	}
	for _, word := range keywords {
		if _, err := w.tx.Exec(ctx, "insert into publication_keywords (keyword, record_id) values (?, ?)", word, id); err != nil {
			return err
		}
	}
	return nil
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// statutoryOf is the category of article 20: the line's, else the kind's.
func statutoryOf(l *Line, k *kind.Kind) string {
	if l.Statutory != "" {
		return l.Statutory
	}
	return k.Statutory
}

// announce tells duties and ledger of a version.
func (w *writer) announce(ctx context.Context, p *prepared, id int64, old current, hash string) (Result, error) {
	w.written[id] = true
	outcome := Added
	if old.id != 0 {
		outcome = Changed
	}
	if w.standsOf(p.line, old) == Pending { // it counts for nothing yet, and the ledger says no more of it
		w.act(ActScheduled, id, nil)
		return Result{outcome, id, p.warnings}, nil
	}
	if err := w.evidence(ctx, id, p.line, p.kind, p.unit.ID); err != nil {
		return Result{}, err
	}
	act := ActChanged
	if !old.seen() {
		act = ActPublished
	}
	w.act(act, id, actData{p.line.SourceID, p.line.Kind, old.version + 1, hash})
	return Result{outcome, id, p.warnings}, nil
}

func (w *writer) evidence(ctx context.Context, id int64, l *Line, k *kind.Kind, unitID int64) error {
	if w.Duties == nil {
		return nil
	}
	facts := obligation.RecordFacts{
		ID: id, Title: l.Title, URL: Path(id), Kind: l.Kind, UnitID: unitID, Category: l.Category, Statutory: statutoryOf(l, k),
		IssuedOn: l.IssuedOn, PublishedOn: civil.DateOf(l.PublishedAt.Time),
	}
	for _, r := range l.Relations {
		if r.Type == Fulfils {
			facts.Explicit = append(facts.Explicit, r.Target)
		}
	}
	_, err := w.Duties.MatchEvidence(ctx, w.tx, facts)
	return err
}
