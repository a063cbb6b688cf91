package access

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Key lets another system hand in drafts for a unit, and nothing else.
type Key struct {
	ID        int64
	Name      string // the system that holds it: OA系统
	UnitID    int64
	Prefix    string // the visible beginning, behind gk_
	MadeAt    time.Time
	ExpiresAt time.Time
	UsedAt    time.Time // zero: never
	EndedAt   time.Time // zero: not revoked
}

// Actor is how the ledger names the system.
func (k Key) Actor() string { return "key:" + strconv.FormatInt(k.ID, 10) }

// Can tells whether the key may do act for a unit: RecordImport, for its own.
func (k Key) Can(act Act, unitID int64) bool { return act == RecordImport && unitID == k.UnitID }

const keyColumns = "id, name, unit_id, prefix, made_at, expires_at, used_at, ended_at"

func (k *Key) fields() []any {
	return []any{&k.ID, &k.Name, &k.UnitID, &k.Prefix, instantInto{&k.MadeAt}, instantInto{&k.ExpiresAt}, instantInto{&k.UsedAt}, instantInto{&k.EndedAt}}
}

// keyLife is how long a key lives where nothing else is said, keyLongest at
// most: a key that nobody renews is one that nobody remembers.
const (
	keyLife    = 365 * 24 * time.Hour
	keyLongest = 2 * keyLife
)

// NewKey makes a key for a unit and returns its secret, which is shown this
// once. life 0 is a year. It needs KeyManage.
func (s *Store) NewKey(ctx context.Context, tx *db.Tx, by *Person, name string, unitID int64, life time.Duration) (k Key, secret string, err error) {
	defer fault.Wrap(&err, "access.NewKey(%q)", name)
	if life == 0 {
		life = keyLife
	}
	k = Key{Name: strings.TrimSpace(name), UnitID: unitID, MadeAt: s.instant()}
	k.ExpiresAt = k.MadeAt.Add(life)
	switch {
	case k.Name == "" || utf8.RuneCountInString(k.Name) > nameMax:
		return k, "", fault.New(fault.Invalid, "key_name", "请写明哪个系统使用这个密钥，最多%d个字。", nameMax).At("name")
	case life < 0 || life > keyLongest:
		return k, "", fault.New(fault.Invalid, "key_life", "密钥的有效期要在1天到%s之间。", span(keyLongest)).At("life")
	}
	if err := s.unitStands(ctx, tx, unitID, tx.Today()); err != nil {
		return k, "", err
	}
	if err := allowed(by, KeyManage, unitID); err != nil {
		return k, "", err
	}
	k.Prefix, secret = newKeySecret()
	_, hash, _ := parseKey(secret)
	var maker int64
	if by != nil {
		maker = by.ID
	}
	err = tx.Row(ctx, "insert into access_keys (name, unit_id, prefix, hash, made_by, made_at, expires_at) values (?, ?, ?, ?, ?, ?, ?) returning id",
		[]any{k.Name, k.UnitID, k.Prefix, hash, maker, db.At(k.MadeAt), db.At(k.ExpiresAt)}, &k.ID)
	if err != nil {
		return k, "", err
	}
	return k, secret, enter(ctx, tx, "access.key_made", k.Actor(), actor(by), note{"name": k.Name, "unit": k.UnitID, "prefix": k.Prefix, "expires": k.ExpiresAt}.from(by))
}

// Keys lists the keys of the units, or of all where units is nil, newest
// first, ended ones among them.
func (s *Store) Keys(ctx context.Context, tx *db.Tx, units []int64) (list []Key, err error) {
	defer fault.Wrap(&err, "access.Keys")
	where, args := "", []any(nil)
	if units != nil {
		where, args = " where unit_id in "+db.In(len(units)), db.Args(units)
	}
	err = tx.Each(ctx, "select "+keyColumns+" from access_keys"+where+" order by id desc", args, func(rows *sql.Rows) error {
		var k Key
		err := rows.Scan(k.fields()...)
		list = append(list, k)
		return err
	})
	return list, err
}

// RevokeKey ends a key at once. It needs KeyManage.
func (s *Store) RevokeKey(ctx context.Context, tx *db.Tx, by *Person, id int64) (err error) {
	defer fault.Wrap(&err, "access.RevokeKey(%d)", id)
	var k Key
	err = tx.Row(ctx, "select "+keyColumns+" from access_keys where id = ?", []any{id}, k.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, "key_unknown", "没有这个密钥。")
	}
	if err != nil {
		return err
	}
	if err := allowed(by, KeyManage, k.UnitID); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, "update access_keys set ended_at = ? where id = ? and ended_at is null", db.At(s.instant()), id)
	if err != nil || n == 0 {
		return err
	}
	return enter(ctx, tx, "access.key_ended", k.Actor(), actor(by), note{"name": k.Name}.from(by))
}

// KeyOf is the key of a secret that a system shows, with the address it comes
// from. Every use is entered in the ledger, and so is the use of a key that
// has ended.
func (s *Store) KeyOf(ctx context.Context, secret, address string) (k Key, err error) {
	defer fault.Wrap(&err, "access.KeyOf")
	refused := fault.New(fault.Forbidden, "key_refused", "接口密钥无效、过期或已吊销；请向安全管理员申请新的。")
	prefix, hash, ok := parseKey(secret)
	if !ok {
		return Key{}, refused
	}
	good := false
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		var stored string
		err := tx.Row(ctx, "select "+keyColumns+", hash from access_keys where prefix = ?", []any{prefix}, append(k.fields(), &stored)...)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil || subtle.ConstantTimeCompare([]byte(hash), []byte(stored)) != 1 {
			return err
		}
		now := s.instant()
		good = k.EndedAt.IsZero() && now.Before(k.ExpiresAt)
		if !good {
			return enter(ctx, tx, "access.key_refused", k.Actor(), k.Actor(), note{"address": address})
		}
		k.UsedAt = now
		if _, err := tx.Exec(ctx, "update access_keys set used_at = ? where id = ?", db.At(now), k.ID); err != nil {
			return err
		}
		return enter(ctx, tx, "access.key_used", k.Actor(), k.Actor(), note{"address": address})
	})
	if err != nil {
		return Key{}, err
	}
	if !good {
		return Key{}, refused
	}
	return k, nil
}
