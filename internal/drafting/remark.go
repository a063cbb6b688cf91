package drafting

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/publication"
)

// What a remark may hold at most, in characters.
const (
	maxQuote   = 500
	maxRemark  = 2000
	maxRemarks = 500 // of one draft
)

// Remark is something that a reader of a draft has to say, about the whole or
// about a passage. It stays with its passage as long as the words stand.
type Remark struct {
	ID         int64
	Revision   int    // the text that it was made on
	Place      string // PlaceTitle, PlaceBody, PlaceField(…), PlaceFile(…); empty for the whole
	Anchor     string // of the passage's node on the page, as document names it; may be empty
	Quote      string // the words it is about; empty for all of the place
	Occurrence int    // which of equal words in the place is meant, from 0
	Words      string
	By         string // actor; of somebody outside "preview:ID"
	Guest      string // who somebody outside is; empty for staff
	At         time.Time
	ResolvedBy string
	ResolvedAt time.Time

	Stands bool // the quote is still there
	Start  int  // where it begins in the place's plain text, in characters
}

// Resolved tells whether the remark has been dealt with.
func (r Remark) Resolved() bool { return r.ResolvedBy != "" }

// Locate finds a quote in a text: the occurrence that is meant, or, where
// there are fewer of them now, the last. start counts characters.
func Locate(text, quote string, occurrence int) (start int, ok bool) {
	if quote == "" {
		return 0, false
	}
	at, from := -1, 0
	for n := 0; n <= occurrence; n++ {
		i := strings.Index(text[from:], quote)
		if i < 0 {
			break
		}
		at = from + i
		from = at + len(quote)
	}
	if at < 0 {
		return 0, false
	}
	return utf8.RuneCountInString(text[:at]), true
}

// locate says where the remark stands in a line.
func (r *Remark) locate(line *publication.Line) {
	if r.Quote == "" {
		r.Stands = true
		return
	}
	r.Start, r.Stands = Locate(placeText(line, r.Place), r.Quote, r.Occurrence)
}

// AddRemark adds a remark of who on the newest revision. Whoever may read the
// draft and do any step with it may say something.
func (s *Store) AddRemark(ctx context.Context, who Who, id int64, r Remark) (made Remark, err error) {
	defer fault.Wrap(&err, "drafting.AddRemark(%d)", id)
	err = s.update(ctx, id, func(tx *db.Tx, d *Draft) error {
		if err := mayTalk(who, d.UnitID); err != nil {
			return err
		}
		r.By, r.Guest = who.Actor(), ""
		made, err = s.addRemark(ctx, tx, d, r, 0)
		return err
	})
	return made, err
}

// mayTalk wants a right to work on drafts of a unit.
func mayTalk(who Who, unitID int64) error {
	for _, act := range []access.Act{access.RecordWrite, access.RecordReview, access.RecordSecrecy, access.RecordSign} {
		if who.Can(act, unitID) {
			return nil
		}
	}
	return access.Refusal(access.RecordReview)
}

func (s *Store) addRemark(ctx context.Context, tx *db.Tx, d *Draft, r Remark, previewID int64) (Remark, error) {
	r.Words, r.Quote = strings.TrimSpace(r.Words), strings.TrimSpace(r.Quote)
	switch {
	case r.Words == "":
		return Remark{}, fault.New(fault.Invalid, "remark_empty", "请写下意见的内容。")
	case utf8.RuneCountInString(r.Words) > maxRemark:
		return Remark{}, fault.New(fault.TooLarge, "remark_long", "一条意见最多 %d 字，请分成几条。", maxRemark)
	case utf8.RuneCountInString(r.Quote) > maxQuote:
		return Remark{}, fault.New(fault.TooLarge, "quote_long", "选中的文字最多 %d 字，请选短一些的一段。", maxQuote)
	case !open(d.State):
		return Remark{}, fault.New(fault.Conflict, "draft_closed", "稿件已经办结，不再收意见。对已发布的信息有意见，请另起更正稿。")
	}
	var have int
	if err := tx.Row(ctx, "select count(*) from drafting_remarks where draft_id = ?", []any{d.ID}, &have); err != nil {
		return Remark{}, err
	}
	if have >= maxRemarks {
		return Remark{}, fault.New(fault.TooLarge, "remarks_many", "这份稿件的意见已有 %d 条，请先商量好再写。", have)
	}
	line, err := revisionLine(ctx, tx, d.ID, d.Revision)
	if err != nil {
		return Remark{}, err
	}
	r.Occurrence = max(r.Occurrence, 0)
	r.Revision, r.At = d.Revision, tx.Now
	if r.locate(line); !r.Stands {
		return Remark{}, fault.New(fault.Invalid, "quote_missing", "在这一处找不到选中的文字“%s”，稿件可能刚被改过。请刷新后重新选。", fault.Clip(r.Quote, 40))
	}
	err = tx.Row(ctx, `insert into drafting_remarks (draft_id, revision, place, anchor, quote, occurrence, words, by_actor, preview_id, at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id`,
		[]any{d.ID, r.Revision, r.Place, fault.Clip(r.Anchor, 100), r.Quote, r.Occurrence, r.Words, r.By, nullID(previewID), db.At(tx.Now)}, &r.ID)
	if err != nil {
		return Remark{}, err
	}
	_, err = ledger.Append(ctx, tx, ledger.Act{Kind: "draft.remarked", Subject: Subject(d.ID), Actor: r.By, Data: map[string]any{"remark": r.ID, "revision": r.Revision}})
	return r, err
}

// ResolveRemark marks a remark as dealt with, or opens it again.
func (s *Store) ResolveRemark(ctx context.Context, who Who, id, remarkID int64, resolved bool) (err error) {
	defer fault.Wrap(&err, "drafting.ResolveRemark(%d)", remarkID)
	return s.update(ctx, id, func(tx *db.Tx, d *Draft) error {
		if err := mayTalk(who, d.UnitID); err != nil {
			return err
		}
		by, at, verb := "", db.Instant{}, "draft.remark_opened"
		if resolved {
			by, at, verb = who.Actor(), db.At(tx.Now), "draft.remark_resolved"
		}
		n, err := tx.Exec(ctx, "update drafting_remarks set resolved_by = ?, resolved_at = ? where id = ? and draft_id = ?", by, at, remarkID, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "remark_unknown", "这份稿件没有编号为 %d 的意见，请刷新页面。", remarkID)
		}
		_, err = ledger.Append(ctx, tx, ledger.Act{Kind: verb, Subject: Subject(id), Actor: who.Actor(), Data: map[string]any{"remark": remarkID}})
		return err
	})
}

func remarksOf(ctx context.Context, tx *db.Tx, id int64, line *publication.Line) (list []Remark, err error) {
	err = tx.Each(ctx, `select r.id, r.revision, r.place, r.anchor, r.quote, r.occurrence, r.words, r.by_actor, coalesce(p.guest, ''), r.at, r.resolved_by, r.resolved_at
		from drafting_remarks r left join drafting_previews p on p.id = r.preview_id where r.draft_id = ? order by r.id`, []any{id}, func(rows *sql.Rows) error {
		var r Remark
		var at, resolved db.Instant
		err := rows.Scan(&r.ID, &r.Revision, &r.Place, &r.Anchor, &r.Quote, &r.Occurrence, &r.Words, &r.By, &r.Guest, &at, &r.ResolvedBy, &resolved)
		r.At, r.ResolvedAt = at.Time, resolved.Time
		list = append(list, r)
		return err
	})
	for i := range list {
		list[i].locate(line)
	}
	return list, err
}

// isNone tells whether a query found no row.
func isNone(err error) bool { return errors.Is(err, sql.ErrNoRows) }
