package drafting

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/publication"
)

// maxPreviewDays bounds how long a link to outside works.
const maxPreviewDays = 30

// Preview is a link by which one person outside checks the facts of a draft.
// It goes by the machine's clock.
type Preview struct {
	ID        int64
	DraftID   int64
	Guest     string // who it is for
	MadeBy    string // actor
	MadeAt    time.Time
	ExpiresAt time.Time
	RevokedAt time.Time // zero: not revoked
	Opens     int
	OpenedAt  time.Time // last
}

// Works tells whether the link opens at an instant.
func (p Preview) Works(now time.Time) bool {
	return p.RevokedAt.IsZero() && now.Before(p.ExpiresAt)
}

func (p Preview) actor() string { return "preview:" + strconv.FormatInt(p.ID, 10) }

// Checking is what somebody outside sees: the newest text and their own
// remarks on it.
type Checking struct {
	Preview Preview
	Title   string
	Line    *publication.Line // with the names of files; the files themselves are not shown
	Remarks []Remark          // made through this link
}

// MakePreview makes a link for somebody outside, for days calendar days (0:
// the city's setting). The token is told this once and is kept as its hash.
// A draft with open findings of the privacy gate is not shown to anybody
// outside.
func (s *Store) MakePreview(ctx context.Context, who Who, id int64, guest string, days int) (p Preview, token string, err error) {
	defer fault.Wrap(&err, "drafting.MakePreview(%d)", id)
	guest = strings.TrimSpace(guest)
	if guest == "" || utf8.RuneCountInString(guest) > 100 {
		return Preview{}, "", fault.New(fault.Invalid, "preview_guest", "请写明请谁核对（单位和姓名，最多 100 字）。")
	}
	if days == 0 {
		days = s.Options.PreviewDays
	}
	if days < 1 || days > maxPreviewDays {
		return Preview{}, "", fault.New(fault.Invalid, "preview_days", "核对链接的有效期应是 1 到 %d 天。", maxPreviewDays)
	}
	now := s.Now().UTC().Truncate(time.Microsecond)
	p = Preview{DraftID: id, Guest: guest, MadeBy: who.Actor(), MadeAt: now, ExpiresAt: now.AddDate(0, 0, days)}
	token = newToken()
	err = s.update(ctx, id, func(tx *db.Tx, d *Draft) error {
		if err := allowed(who, access.RecordWrite, d.UnitID); err != nil {
			return err
		}
		if err := showable(d); err != nil {
			return err
		}
		err := tx.Row(ctx, "insert into drafting_previews (draft_id, token_hash, guest, made_by, made_at, expires_at, opens) values (?, ?, ?, ?, ?, ?, 0) returning id",
			[]any{id, hashToken(token), guest, p.MadeBy, db.At(p.MadeAt), db.At(p.ExpiresAt)}, &p.ID)
		if err != nil {
			return err
		}
		if err := record(ctx, tx, d, who.Actor(), "previewed", d.State, guest); err != nil {
			return err
		}
		_, err = ledger.Append(ctx, tx, ledger.Act{Kind: "draft.preview_made", Subject: Subject(id), Actor: who.Actor(), Data: map[string]any{"preview": p.ID, "days": days}})
		return err
	})
	return p, token, err
}

// showable refuses to show outside what is over, or what has open findings.
func showable(d *Draft) error {
	if !open(d.State) {
		return fault.New(fault.Conflict, "draft_closed", "稿件已经办结，不再请人核对。")
	}
	if d.Findings > 0 {
		return fault.New(fault.Conflict, "preview_findings", "稿件里有 %d 处隐私检查的发现还没有处理，暂时不能给外面的人看。处理完后链接就能打开。", d.Findings)
	}
	return nil
}

// RevokePreview ends a link at once.
func (s *Store) RevokePreview(ctx context.Context, who Who, id, previewID int64) (err error) {
	defer fault.Wrap(&err, "drafting.RevokePreview(%d)", previewID)
	return s.update(ctx, id, func(tx *db.Tx, d *Draft) error {
		if err := allowed(who, access.RecordWrite, d.UnitID); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, "update drafting_previews set revoked_at = ? where id = ? and draft_id = ? and revoked_at is null", db.At(s.Now()), previewID, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "preview_unknown", "没有这条核对链接，或者它已经收回。")
		}
		_, err = ledger.Append(ctx, tx, ledger.Act{Kind: "draft.preview_revoked", Subject: Subject(id), Actor: who.Actor(), Data: map[string]any{"preview": previewID}})
		return err
	})
}

// OpenPreview shows a draft to whoever has a token that works. address is
// where they sit, for the journal, which keeps every opening.
func (s *Store) OpenPreview(ctx context.Context, token, address string) (c Checking, err error) {
	defer fault.Wrap(&err, "drafting.OpenPreview")
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		p, d, err := s.previewOf(ctx, tx, token)
		if err != nil {
			return err
		}
		now := s.Now().UTC().Truncate(time.Microsecond)
		if _, err := tx.Exec(ctx, "update drafting_previews set opens = opens + 1, opened_at = ? where id = ?", db.At(now), p.ID); err != nil {
			return err
		}
		if c, err = checking(ctx, tx, p, d); err != nil {
			return err
		}
		_, err = ledger.Append(ctx, tx, ledger.Act{Kind: "draft.preview_opened", Subject: Subject(d.ID), Actor: p.actor(), Data: map[string]any{"address": address, "revision": d.Revision}})
		return err
	})
	return c, err
}

func checking(ctx context.Context, tx *db.Tx, p Preview, d *Draft) (Checking, error) {
	line, err := revisionLine(ctx, tx, d.ID, d.Revision)
	if err != nil {
		return Checking{}, err
	}
	files, err := filesOf(ctx, tx, d.ID)
	if err != nil {
		return Checking{}, err
	}
	for _, f := range files {
		line.Attachments = append(line.Attachments, publication.Attachment{Name: f.Name, MediaType: f.MediaType, Size: f.Size})
	}
	remarks, err := remarksOf(ctx, tx, d.ID, line)
	c := Checking{Preview: p, Title: d.Title, Line: line}
	for _, r := range remarks {
		if r.By == p.actor() {
			c.Remarks = append(c.Remarks, r)
		}
	}
	return c, err
}

// CommentPreview keeps a remark of somebody outside (外部核对).
func (s *Store) CommentPreview(ctx context.Context, token string, r Remark) (made Remark, err error) {
	defer fault.Wrap(&err, "drafting.CommentPreview")
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		p, d, err := s.previewOf(ctx, tx, token)
		if err != nil {
			return err
		}
		r.By, r.Guest = p.actor(), p.Guest
		made, err = s.addRemark(ctx, tx, d, r, p.ID)
		return err
	})
	return made, err
}

// previewOf finds the draft that a token shows, and keeps it to tx.
func (s *Store) previewOf(ctx context.Context, tx *db.Tx, token string) (Preview, *Draft, error) {
	found, err := previews(ctx, tx, "token_hash = ?", hashToken(token))
	if err != nil {
		return Preview{}, nil, err
	}
	if len(found) == 0 || !found[0].Works(s.Now()) {
		return Preview{}, nil, fault.New(fault.NotFound, "preview_over", "这条核对链接不存在、已经过期或者已被收回。请向发给您链接的单位要一条新的。")
	}
	d, err := s.claim(ctx, tx, found[0].DraftID)
	if err != nil {
		return Preview{}, nil, err
	}
	return found[0], &d, showable(&d)
}

func previewsOf(ctx context.Context, tx *db.Tx, id int64) ([]Preview, error) {
	return previews(ctx, tx, "draft_id = ?", id)
}

func previews(ctx context.Context, tx *db.Tx, where string, args ...any) (list []Preview, err error) {
	err = tx.Each(ctx, "select id, draft_id, guest, made_by, made_at, expires_at, revoked_at, opens, opened_at from drafting_previews where "+where+" order by id desc", args, func(rows *sql.Rows) error {
		var p Preview
		var made, expires, revoked, opened db.Instant
		err := rows.Scan(&p.ID, &p.DraftID, &p.Guest, &p.MadeBy, &made, &expires, &revoked, &p.Opens, &opened)
		p.MadeAt, p.ExpiresAt, p.RevokedAt, p.OpenedAt = made.Time, expires.Time, revoked.Time, opened.Time
		list = append(list, p)
		return err
	})
	return list, err
}

// newToken is a secret of 256 random bits for an address.
func newToken() string {
	raw := make([]byte, 32)
	rand.Read(raw) // never fails
	return base64.RawURLEncoding.EncodeToString(raw)
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
