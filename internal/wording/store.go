package wording

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
)

// Kinds of ledger entries. The subject of each is "wording:CODE".
const (
	ActAdded   = "wording.added"
	ActChanged = "wording.changed"
	ActRetired = "wording.retired"
)

// Store keeps the list of expressions: the built-in one and what staff have
// made of it. It is safe for concurrent use.
type Store struct {
	DB *db.DB
}

// NewStore makes the store over an open, migrated database.
func NewStore(d *db.DB) *Store { return &Store{d} }

// Filter narrows the list. The zero value lists all that is in force today or
// will be.
type Filter struct {
	Text    string // somewhere in expression, suggestion or reason
	Level   Level
	Kind    string // entries that are applied to this kind
	Retired bool   // those out of force too
}

func (f Filter) admits(e *Entry, today civil.Date) bool {
	return (f.Text == "" || strings.Contains(e.Expression+"\n"+e.Suggestion+"\n"+e.Reason, f.Text)) &&
		(f.Level == "" || e.Level == f.Level) && (f.Kind == "" || e.appliesTo(f.Kind)) &&
		(f.Retired || e.Until.IsZero() || e.Until.After(today))
}

// List reads the entries that the filter lets through, by their expression.
func (s *Store) List(ctx context.Context, f Filter) (list []Entry, err error) {
	defer fault.Wrap(&err, "wording.List")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		all, err := entries(ctx, tx)
		list = slices.DeleteFunc(all, func(e Entry) bool { return !f.admits(&e, tx.Today()) })
		return err
	})
	slices.SortFunc(list, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Expression, b.Expression), cmp.Compare(a.Code, b.Code))
	})
	return list, err
}

// Get reads an entry by its code.
func (s *Store) Get(ctx context.Context, code string) (e Entry, err error) {
	defer fault.Wrap(&err, "wording.Get(%q)", code)
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		e, err = get(ctx, tx, code)
		return err
	})
	return e, err
}

// Checker makes the checker of the entries as they are now, in the caller's
// transaction. names may be nil.
func (s *Store) Checker(ctx context.Context, tx *db.Tx, names Names) (c *Checker, err error) {
	defer fault.Wrap(&err, "wording.Checker")
	all, err := entries(ctx, tx)
	if err != nil {
		return nil, err
	}
	return NewChecker(all, names), nil
}

// Add takes a new entry into the list. why is for the history.
func (s *Store) Add(ctx context.Context, tx *db.Tx, d Draft, actor, why string) (e Entry, err error) {
	defer fault.Wrap(&err, "wording.Add(%q)", d.Expression)
	if err := mayWrite(&d, why); err != nil {
		return Entry{}, err
	}
	if err := wantNew(ctx, tx, &d, ""); err != nil {
		return Entry{}, err
	}
	e = Entry{Revision: 1, Draft: d, AddedAt: tx.Now, AddedBy: actor, ChangedAt: tx.Now, ChangedBy: actor, Why: why}
	return e, write(ctx, tx, &e, ActAdded)
}

// Change gives an entry another content. revision is the one that the actor
// has seen: where somebody else was quicker it is a Conflict.
func (s *Store) Change(ctx context.Context, tx *db.Tx, code string, revision int, d Draft, actor, why string) (e Entry, err error) {
	defer fault.Wrap(&err, "wording.Change(%q)", code)
	if err := mayWrite(&d, why); err != nil {
		return Entry{}, err
	}
	if err := wantNew(ctx, tx, &d, code); err != nil {
		return Entry{}, err
	}
	return s.put(ctx, tx, code, revision, func(e *Entry) { e.Draft = d }, actor, why, ActChanged)
}

// Retire ends an entry: from the day on, today where it is zero, it is no
// longer applied. It stays in the history, and Change brings it back.
func (s *Store) Retire(ctx context.Context, tx *db.Tx, code string, revision int, from civil.Date, actor, why string) (e Entry, err error) {
	defer fault.Wrap(&err, "wording.Retire(%q)", code)
	if strings.TrimSpace(why) == "" {
		return Entry{}, noWhy()
	}
	if from.IsZero() {
		from = tx.Today()
	}
	return s.put(ctx, tx, code, revision, func(e *Entry) {
		e.Until = from
		if !e.From.Before(from) { // it never applies
			e.From = civil.Date{}
		}
	}, actor, why, ActRetired)
}

func (s *Store) put(ctx context.Context, tx *db.Tx, code string, revision int, change func(*Entry), actor, why, act string) (Entry, error) {
	e, err := get(ctx, tx, code)
	if err != nil {
		return Entry{}, err
	}
	if e.Revision != revision {
		return Entry{}, fault.New(fault.Conflict, "wording_changed", "这一条刚被%s改过，请重新打开，看过现在的内容再改。", orSomebody(e.ChangedBy))
	}
	change(&e)
	e.Revision, e.ChangedAt, e.ChangedBy, e.Why = revision+1, tx.Now, actor, strings.TrimSpace(why)
	return e, write(ctx, tx, &e, act)
}

func orSomebody(actor string) string {
	if actor == "" {
		return "别人"
	}
	return "（" + actor + "）"
}

func mayWrite(d *Draft, why string) error {
	if err := d.settle(); err != nil {
		return err
	}
	if strings.TrimSpace(why) == "" {
		return noWhy()
	}
	return nil
}

func noWhy() error {
	return fault.New(fault.Invalid, "wording_why", "请写明为什么增加、修改或停用：以后的人要看得懂。").At("说明")
}

// wantNew refuses a second entry of one expression for the same kinds.
func wantNew(ctx context.Context, tx *db.Tx, d *Draft, own string) error {
	all, err := entries(ctx, tx)
	if err != nil {
		return err
	}
	for _, e := range all {
		if e.Code != own && e.Expression == d.Expression && e.Form == d.Form && slices.Equal(e.Kinds, d.Kinds) && e.AppliesOn(tx.Today()) {
			return fault.New(fault.Conflict, "wording_taken", "“%s”已经在表里（%s），请改那一条。", fault.Clip(d.Expression, 40), e.Code).At("表述")
		}
	}
	return nil
}

// entries reads the whole list: the built-in entries and, in their place or
// beside them, those of the table.
func entries(ctx context.Context, tx *db.Tx) (list []Entry, err error) {
	list = BuiltIn()
	place := map[string]int{}
	for i, e := range list {
		place[e.Code] = i
	}
	err = tx.Each(ctx, "select code, revision, content, added_at, added_by, changed_at, changed_by, why from wording_entries order by id", nil, func(rows *sql.Rows) error {
		e, err := scanEntry(rows)
		if i, ok := place[e.Code]; ok {
			list[i] = e
		} else {
			list = append(list, e)
		}
		return err
	})
	return list, err
}

func scanEntry(rows *sql.Rows) (e Entry, err error) {
	var content string
	var added, changed db.Instant
	if err := rows.Scan(&e.Code, &e.Revision, &content, &added, &e.AddedBy, &changed, &e.ChangedBy, &e.Why); err != nil {
		return e, err
	}
	e.AddedAt, e.ChangedAt = added.Time, changed.Time
	return e, json.Unmarshal([]byte(content), &e.Draft)
}

func get(ctx context.Context, tx *db.Tx, code string) (Entry, error) {
	all, err := entries(ctx, tx)
	if err != nil {
		return Entry{}, err
	}
	i := slices.IndexFunc(all, func(e Entry) bool { return e.Code == code })
	if i < 0 {
		return Entry{}, fault.New(fault.NotFound, "wording_unknown", "表里没有“%s”这一条，请从列表里选。", fault.Clip(code, 40))
	}
	return all[i], nil
}

// write stores a new revision of an entry, its history and its ledger entry.
// The code of a new entry is made of its row.
func write(ctx context.Context, tx *db.Tx, e *Entry, act string) error {
	text, err := json.Marshal(e.Draft)
	if err != nil {
		return err
	}
	if e.AddedAt.IsZero() { // built in, touched for the first time
		e.AddedAt, e.AddedBy = e.ChangedAt, e.ChangedBy
	}
	if e.Code == "" {
		var id int64
		if err := tx.Row(ctx, "insert into wording_entries (code, revision, content, added_at, added_by, changed_at, changed_by, why) values ('', 0, '', ?, '', ?, '', '') returning id",
			[]any{db.At(e.AddedAt), db.At(e.ChangedAt)}, &id); err != nil {
			return err
		}
		e.Code = "e" + strconv.FormatInt(id, 10)
		if _, err := tx.Exec(ctx, "update wording_entries set code = ? where id = ?", e.Code, id); err != nil {
			return err
		}
	}
	if err := upsert(ctx, tx, e, string(text)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "insert into wording_history (code, revision, content, changed_at, changed_by, why) values (?, ?, ?, ?, ?, ?)",
		e.Code, e.Revision, string(text), db.At(e.ChangedAt), e.ChangedBy, e.Why); err != nil {
		return err
	}
	_, err = ledger.Append(ctx, tx, ledger.Act{Kind: act, Subject: "wording:" + e.Code, Actor: e.ChangedBy,
		Data: map[string]any{"revision": e.Revision, "expression": e.Expression, "level": e.Level}})
	return err
}

// upsert writes the entry where its row has the revision before, or none.
func upsert(ctx context.Context, tx *db.Tx, e *Entry, content string) error {
	var id int64
	err := tx.Row(ctx, `insert into wording_entries (code, revision, content, added_at, added_by, changed_at, changed_by, why) values (?,?,?,?,?,?,?,?)
		on conflict (code) where code <> '' do update set revision = excluded.revision, content = excluded.content, added_by = excluded.added_by,
		changed_at = excluded.changed_at, changed_by = excluded.changed_by, why = excluded.why
		where wording_entries.revision = excluded.revision - 1 returning id`,
		[]any{e.Code, e.Revision, content, db.At(e.AddedAt), e.AddedBy, db.At(e.ChangedAt), e.ChangedBy, e.Why}, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.Conflict, "wording_changed", "这一条刚被别人改过，请重新打开，看过现在的内容再改。")
	}
	return err
}

// Revision is one state of an entry.
type Revision struct {
	No int
	Draft
	At  time.Time // zero for the content that came with the program
	By  string
	Why string
}

// History lists all states of an entry, the newest first; that of the built-in
// list is the last, as number 0.
func (s *Store) History(ctx context.Context, code string) (list []Revision, err error) {
	defer fault.Wrap(&err, "wording.History(%q)", code)
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		if _, err := get(ctx, tx, code); err != nil {
			return err
		}
		return tx.Each(ctx, "select revision, content, changed_at, changed_by, why from wording_history where code = ? order by revision desc", []any{code}, func(rows *sql.Rows) error {
			var r Revision
			var content string
			var at db.Instant
			if err := rows.Scan(&r.No, &content, &at, &r.By, &r.Why); err != nil {
				return err
			}
			r.At = at.Time
			list = append(list, r)
			return json.Unmarshal([]byte(content), &list[len(list)-1].Draft)
		})
	})
	if err != nil {
		return nil, err
	}
	for _, e := range BuiltIn() {
		if e.Code == code {
			list = append(list, Revision{Draft: e.Draft, Why: "随程序提供"})
		}
	}
	return list, nil
}
