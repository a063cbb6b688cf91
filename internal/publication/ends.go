package publication

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/publication/kind"
)

// Withdraw takes a record from the public; what stays is a stone with title,
// reason and day. note is for the public. Its relations no longer act, its
// evidence no longer counts, its files are no longer given out.
func (s *Store) Withdraw(ctx context.Context, tx *db.Tx, id int64, reason Reason, note, actor string) (err error) {
	defer fault.Wrap(&err, "publication.Withdraw(%d)", id)
	if reason.Label() == "" {
		return fault.New(fault.Invalid, "reason_unknown", "没有“%s”这种撤下理由，可用的有：%s。", fault.Clip(string(reason), 20), reasonNames())
	}
	return s.turn(ctx, tx, id, actor, aim{to: Withdrawn, reason: reason, note: note})
}

// Replace puts another record in the place of one: the old one becomes a stone
// that says by what it was replaced, the new one names it. by must be readable
// and may not itself have been replaced by id.
func (s *Store) Replace(ctx context.Context, tx *db.Tx, id, by int64, note, actor string) (err error) {
	defer fault.Wrap(&err, "publication.Replace(%d, %d)", id, by)
	if id == by {
		return fault.New(fault.Invalid, "successor_self", "不能用这份信息代替它自己，请另选一份。")
	}
	next, _, err := s.newest(ctx, tx, by)
	if err != nil {
		return err
	}
	if !next.State.Readable() {
		return fault.New(fault.Conflict, "successor_unreadable", "%s现在是“%s”，不能用来代替别的信息；请先公开它，或另选一份。", cite(next.Title, next.Number), next.State.Label())
	}
	return s.turn(ctx, tx, id, actor, aim{to: Replaced, note: note, successor: by})
}

// Redirect leaves a stone that leads to where the information stands now:
// http, https, or a path of our own site.
func (s *Store) Redirect(ctx context.Context, tx *db.Tx, id int64, address, note, actor string) (err error) {
	defer fault.Wrap(&err, "publication.Redirect(%d)", id)
	if !kind.WebAddress(address) {
		return fault.New(fault.Invalid, "address_bad", "新地址应是 http:// 或 https:// 开头的网址，或以 / 开头的本站地址。").At("新地址")
	}
	if address == Path(id) {
		return fault.New(fault.Invalid, "address_self", "新地址就是这份信息现在的地址，请核对。").At("新地址")
	}
	return s.turn(ctx, tx, id, actor, aim{to: Moved, note: note, address: address})
}

// Archive marks a record as kept for the record's sake: readable, out of the
// lists of what is new, below others in search.
func (s *Store) Archive(ctx context.Context, tx *db.Tx, id int64, note, actor string) (err error) {
	defer fault.Wrap(&err, "publication.Archive(%d)", id)
	return s.turn(ctx, tx, id, actor, aim{to: Archived, note: note})
}

// Restore brings back a record that was withdrawn, replaced, moved or
// archived, as it was.
func (s *Store) Restore(ctx context.Context, tx *db.Tx, id int64, actor string) (err error) {
	defer fault.Wrap(&err, "publication.Restore(%d)", id)
	return s.turn(ctx, tx, id, actor, aim{to: Published})
}

// Appear publishes the records whose moment has come and tells how many they
// were. Until it has run they cannot be read: call it often.
func (s *Store) Appear(ctx context.Context, tx *db.Tx) (n int, err error) {
	defer fault.Wrap(&err, "publication.Appear")
	var ids []int64
	err = tx.Each(ctx, "select id from publication_records where stands = 'pending' and published_at <= ? order by published_at, id",
		[]any{db.At(tx.Now)}, func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			ids = append(ids, id)
			return err
		})
	for _, id := range ids {
		if err == nil {
			err = s.turn(ctx, tx, id, "system", aim{to: Published, byClock: true})
		}
	}
	return len(ids), err
}

// PendingCount tells how many records wait for their moment, and how many of
// them could appear now.
func (s *Store) PendingCount(ctx context.Context) (waiting, due int, err error) {
	defer fault.Wrap(&err, "publication.PendingCount")
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		return tx.Row(ctx, "select count(*), count(case when published_at <= ? then 1 end) from publication_records where stands = 'pending'",
			[]any{db.At(tx.Now)}, &waiting, &due)
	})
	return waiting, due, err
}

// aim is where a record is to be brought, with what is said of it.
type aim struct {
	to        State
	reason    Reason
	note      string
	successor int64
	address   string
	byClock   bool // it is not a person who brings it there
}

// turn changes where a record stands, and with it what its relations and its
// evidence do.
func (s *Store) turn(ctx context.Context, tx *db.Tx, id int64, actor string, to aim) error {
	w, err := s.newWriter(ctx, tx, PutOptions{Actor: actor})
	if err != nil {
		return err
	}
	rec, line, err := s.newest(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := to.allowed(rec.State); err != nil {
		return err
	}
	if err := w.stand(ctx, rec, to); err != nil {
		return err
	}
	if err := w.follow(ctx, rec, line, to.to.Readable()); err != nil {
		return err
	}
	w.written[id] = true
	for _, other := range []int64{to.successor, successorOf(rec)} {
		if other != 0 {
			w.touched[other] = true // its page names this record, or did
		}
	}
	act := to.to.rule().act
	if rec.State == Archived && to.to == Published {
		act = ActUnarchived
	}
	w.act(act, id, to.data(rec))
	return w.finish(ctx)
}

func (t aim) allowed(from State) error {
	rule := t.to.rule()
	if t.byClock && from == Pending || slices.Contains(rule.from, from) {
		return nil
	}
	if from == Pending {
		rule = Pending.rule()
	}
	return fault.New(fault.Conflict, "publication_state", "%s", rule.already)
}

func successorOf(r *Record) int64 {
	if r.Stone == nil {
		return 0
	}
	return r.Stone.Successor
}

// data is what the ledger keeps of the turn.
func (t aim) data(r *Record) any {
	switch t.to {
	case Withdrawn:
		return map[string]string{"reason": string(t.reason)}
	case Replaced:
		return map[string]int64{"by": t.successor}
	case Moved:
		return map[string]string{"to": t.address}
	case Archived:
		return nil
	}
	return actData{r.SourceID, r.Kind, r.Version, r.Hash}
}

// stand writes the columns that say where the record stands.
func (w *writer) stand(ctx context.Context, r *Record, to aim) error {
	var at, archived db.Instant
	if to.to.Stone() {
		at = db.At(w.tx.Now)
	}
	if to.to == Archived {
		archived = db.At(w.tx.Now)
	}
	var successor *int64
	if to.successor != 0 {
		successor = &to.successor
	}
	_, err := w.tx.Exec(ctx, `update publication_records set state = ?, stands = ?, withdrawn_reason = ?, withdrawn_note = ?, withdrawn_at = ?,
		successor_id = ?, moved_to = ?, archived_at = ? where id = ?`,
		to.to.coarse(), string(to.to), string(to.reason), to.note, at, successor, to.address, archived, r.ID)
	return err
}

// follow carries to duties and other records that a record can be read now, or
// no longer.
func (w *writer) follow(ctx context.Context, r *Record, line *Line, readable bool) error {
	if readable == r.State.Readable() {
		return nil
	}
	if readable {
		if k, ok := w.Kinds.Get(r.Kind); ok {
			if err := w.evidence(ctx, r.ID, line, k, r.UnitID); err != nil {
				return err
			}
		}
	} else if w.Duties != nil {
		if err := w.Duties.RemoveEvidence(ctx, w.tx, r.ID); err != nil {
			return err
		}
	}
	targets, err := w.targetsOf(ctx, r.ID)
	if err != nil {
		return err
	}
	return w.respanAll(ctx, targets)
}

func unknownRecord(name string) error {
	return fault.New(fault.NotFound, "publication_unknown", "没有这份信息：%s。它可能换了地址，请用搜索或文件库查找。", fault.Clip(name, 80))
}

// predecessors lists the records that a record has replaced, the last first.
func predecessors(ctx context.Context, tx *db.Tx, id int64) (list []Brief, err error) {
	err = tx.Each(ctx, "select "+briefColumns+" from publication_records p where p.successor_id = ? order by p.withdrawn_at desc, p.id desc", []any{id}, func(rows *sql.Rows) error {
		b, err := scanBrief(rows)
		list = append(list, b)
		return err
	})
	return list, err
}

// readBrief reads the name of a record that can be read; nil where there is
// none.
func readBrief(ctx context.Context, tx *db.Tx, id int64) (*Brief, error) {
	var b Brief
	err := tx.Row(ctx, "select "+briefColumns+" from publication_records p where p.id = ? and p.stands <> 'pending'", []any{id},
		&b.ID, &b.SourceID, &b.Kind, &b.Title, &b.Number, &b.Unit, &b.IssuedOn, &b.State)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &b, err
}

func scanBrief(rows scanner) (b Brief, err error) {
	err = rows.Scan(&b.ID, &b.SourceID, &b.Kind, &b.Title, &b.Number, &b.Unit, &b.IssuedOn, &b.State)
	return b, err
}
