package access

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
	"golang.org/x/text/unicode/norm"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// One-time codes after RFC 6238 as every authenticator program makes them: six
// digits, SHA-1, a step of 30 seconds, one step of tolerance either way.
const (
	factorPeriod = 30 * time.Second
	factorSkew   = 1
)

// step is the number of the time step that a code belongs to, close to now; ok
// is false where the code is of none.
func step(secret, code string, now time.Time) (counter int64, ok bool) {
	middle := now.Unix() / int64(factorPeriod/time.Second)
	for counter := middle - factorSkew; counter <= middle+factorSkew; counter++ {
		want, err := hotp.GenerateCodeCustom(secret, uint64(counter), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return counter, true
		}
	}
	return 0, false
}

// foldCode takes a code as people type it: full width, with spaces or hyphens,
// letters for the digits that they look like.
func foldCode(code string) string {
	code = strings.ToLower(norm.NFKC.String(code))
	return strings.NewReplacer(" ", "", "-", "", "o", "0", "i", "1", "l", "1").Replace(code)
}

// factorDigits is the length of a one-time code; what is longer is a recovery
// code.
const factorDigits = 6

// useCode tries a one-time or recovery code of an account and uses it up: the
// row decides, so that of two that use one at the same time one succeeds.
func (s *Store) useCode(ctx context.Context, tx *db.Tx, c credentials, code, address string) (right bool, err error) {
	code = foldCode(code)
	if c.factor == "" {
		return false, nil
	}
	if len(code) != factorDigits {
		return s.useRecovery(ctx, tx, c.id, code, address)
	}
	counter, ok := step(c.factor, code, s.now())
	if !ok {
		return false, nil
	}
	n, err := tx.Exec(ctx, "update access_accounts set factor_step = ? where id = ? and factor_step < ?", counter, c.id, counter)
	return n == 1, err
}

func (s *Store) useRecovery(ctx context.Context, tx *db.Tx, accountID int64, code, address string) (right bool, err error) {
	if len(code) != recoveryLen {
		return false, nil
	}
	n, err := tx.Exec(ctx, "update access_recovery set used_at = ? where account_id = ? and hash = ? and used_at is null",
		db.At(s.instant()), accountID, recoveryHash(accountID, code))
	if err != nil || n != 1 {
		return false, err
	}
	left, err := s.recoveryLeft(ctx, tx, accountID)
	if err != nil {
		return false, err
	}
	return true, enter(ctx, tx, "access.recovery_used", userSubject(accountID), userSubject(accountID), note{"left": left, "address": address})
}

func (s *Store) recoveryLeft(ctx context.Context, tx *db.Tx, accountID int64) (n int, err error) {
	err = tx.Row(ctx, "select count(*) from access_recovery where account_id = ? and used_at is null", []any{accountID}, &n)
	return n, err
}

func wrongCode() *fault.Error {
	return fault.New(fault.Forbidden, "code_wrong", "验证码不对，或已经用过；请等验证器显示下一个再输入，并核对手机时间。手机不在身边可用恢复码。").At("code")
}

// Recovery codes: 80 random bits each, so that a plain hash keeps them.
const (
	recoveryCodes = 10
	recoveryLen   = 16
)

func recoveryHash(accountID int64, code string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\x00%s", accountID, code))
	return hex.EncodeToString(sum[:])
}

// newRecovery replaces the recovery codes of an account and returns them as
// printed, in groups of four.
func (s *Store) newRecovery(ctx context.Context, tx *db.Tx, accountID int64) (printed []string, err error) {
	if _, err := tx.Exec(ctx, "delete from access_recovery where account_id = ?", accountID); err != nil {
		return nil, err
	}
	for range recoveryCodes {
		code := randomWord(recoveryLen)
		if _, err := tx.Exec(ctx, "insert into access_recovery (account_id, hash) values (?, ?)", accountID, recoveryHash(accountID, code)); err != nil {
			return nil, err
		}
		printed = append(printed, code[:4]+"-"+code[4:8]+"-"+code[8:12]+"-"+code[12:])
	}
	return printed, nil
}

// Enrolment is what an authenticator program needs: the secret to type, or the
// address (otpauth://…) to show as a QR code.
type Enrolment struct{ Secret, URL string }

// Enrol begins to set up one-time codes for the holder of a session; the
// former ones, if any, hold until ConfirmFactor. It needs a session that asks
// for it or that was confirmed of late.
func (s *Store) Enrol(ctx context.Context, session Session) (e Enrolment, err error) {
	defer fault.Wrap(&err, "access.Enrol(%d)", session.AccountID)
	if err := s.mayChange(session); err != nil {
		return e, err
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		c, err := readCredentials(ctx, tx, "id = ?", session.AccountID)
		if err != nil {
			return err
		}
		key, err := totp.Generate(totp.GenerateOpts{Issuer: s.policy.Issuer, AccountName: c.login, Period: uint(factorPeriod / time.Second)})
		if err != nil {
			return err
		}
		e = Enrolment{key.Secret(), key.URL()}
		_, err = tx.Exec(ctx, "update access_accounts set factor_pending = ? where id = ?", key.Secret(), c.id)
		return err
	})
	return e, err
}

// mayChange asks for a session whose holder may change how he signs in.
func (s *Store) mayChange(session Session) error {
	switch {
	case session.Needs == NeedCode || session.ID == 0:
		return notSignedIn()
	case session.Needs == NeedNothing && !session.ConfirmedWithin(s.policy.Confirm):
		return confirmFirst()
	}
	return nil
}

// CodeConfirm is the code of the fault for an act that asks for Confirm first.
const CodeConfirm = "confirm_needed"

func confirmFirst() *fault.Error {
	return fault.New(fault.Forbidden, CodeConfirm, "这一步要先再次确认身份：请输入密码或动态验证码。")
}

// ConfirmFactor ends an enrolment with a code of the new secret and returns
// ten recovery codes, which are shown this once. Other sessions end.
func (s *Store) ConfirmFactor(ctx context.Context, session Session, code string) (recovery []string, err error) {
	defer fault.Wrap(&err, "access.ConfirmFactor(%d)", session.AccountID)
	if err := s.mayChange(session); err != nil {
		return nil, err
	}
	id := session.AccountID
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		var pending string
		if err := tx.Row(ctx, "update access_accounts set state = state where id = ? returning factor_pending", []any{id}, &pending); err != nil {
			return err
		}
		if pending == "" {
			return fault.New(fault.Conflict, "enrol_first", "请先扫描二维码或输入密钥，再填验证码。")
		}
		counter, ok := step(pending, foldCode(code), s.now())
		if !ok {
			return wrongCode()
		}
		now := db.At(s.instant())
		if _, err := tx.Exec(ctx, "update access_accounts set factor = factor_pending, factor_pending = '', factor_at = ?, factor_step = ? where id = ?", now, counter, id); err != nil {
			return err
		}
		if recovery, err = s.newRecovery(ctx, tx, id); err != nil {
			return err
		}
		if err := s.endSessions(ctx, tx, id, session.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "update access_sessions set needs = '', confirmed_at = ? where id = ?", now, session.ID); err != nil {
			return err
		}
		return enter(ctx, tx, "access.factor_enrolled", userSubject(id), userSubject(id), note{"address": session.Address})
	})
	if err != nil {
		return nil, err
	}
	return recovery, nil
}

// RenewRecovery makes ten new recovery codes; the old ones end.
func (s *Store) RenewRecovery(ctx context.Context, session Session) (recovery []string, err error) {
	defer fault.Wrap(&err, "access.RenewRecovery(%d)", session.AccountID)
	if err := s.mayChange(session); err != nil {
		return nil, err
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		c, err := readCredentials(ctx, tx, "id = ?", session.AccountID)
		if err != nil {
			return err
		}
		if c.factor == "" {
			return fault.New(fault.Conflict, "factor_missing", "还没有设置动态验证码，请先设置。")
		}
		if recovery, err = s.newRecovery(ctx, tx, c.id); err != nil {
			return err
		}
		return enter(ctx, tx, "access.recovery_renewed", userSubject(c.id), userSubject(c.id), note{"address": session.Address})
	})
	return recovery, err
}

// RemoveFactor ends one-time codes, unless a role of the holder asks for them.
func (s *Store) RemoveFactor(ctx context.Context, session Session) (err error) {
	defer fault.Wrap(&err, "access.RemoveFactor(%d)", session.AccountID)
	if err := s.mayChange(session); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		p, err := s.Person(ctx, tx, session.AccountID)
		if err != nil {
			return err
		}
		if s.needsEnrolment(session.How, p.Grants) {
			return fault.New(fault.Conflict, "factor_required", "您的角色必须使用动态验证码，不能取消；换手机请重新设置。")
		}
		if err := s.dropFactor(ctx, tx, p.ID); err != nil {
			return err
		}
		return enter(ctx, tx, "access.factor_removed", userSubject(p.ID), userSubject(p.ID), note{"address": session.Address})
	})
}

func (s *Store) dropFactor(ctx context.Context, tx *db.Tx, accountID int64) error {
	if _, err := tx.Exec(ctx, "update access_accounts set factor = '', factor_pending = '', factor_at = null where id = ?", accountID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "delete from access_recovery where account_id = ?", accountID)
	return err
}

// Factor is where an account stands with one-time codes.
type Factor struct {
	Since        time.Time // zero: not set up
	RecoveryLeft int
	Required     bool // a role asks for them
}

// Factor tells where an account stands with one-time codes.
func (s *Store) Factor(ctx context.Context, tx *db.Tx, accountID int64) (f Factor, err error) {
	defer fault.Wrap(&err, "access.Factor(%d)", accountID)
	p, err := s.Person(ctx, tx, accountID)
	if err != nil {
		return f, err
	}
	f.Required = s.policy.asksFactor(p.Grants)
	if err := tx.Row(ctx, "select factor_at from access_accounts where id = ?", []any{accountID}, instantInto{&f.Since}); err != nil {
		return f, err
	}
	f.RecoveryLeft, err = s.recoveryLeft(ctx, tx, accountID)
	return f, err
}

// Proof is what a holder gives to show that it is still him: one of the two.
type Proof struct{ Password, Code string }

// Confirm re-authenticates the holder of a session (签发前确认身份) and returns
// the session as confirmed now. Failures count like those of sign-in.
func (s *Store) Confirm(ctx context.Context, session Session, proof Proof) (_ Session, err error) {
	defer fault.Wrap(&err, "access.Confirm(%d)", session.AccountID)
	if session.Needs != NeedNothing || session.ID == 0 {
		return session, notSignedIn()
	}
	t := try{Attempt: Attempt{Address: session.Address}, throttles: []throttle{throttleOf("confirm", userSubject(session.AccountID), 0)}}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		if t.account, err = readCredentials(ctx, tx, "id = ?", session.AccountID); err != nil {
			return err
		}
		return s.reserve(ctx, tx, t.throttles)
	})
	if err != nil {
		return session, err
	}
	match, _, err := s.matchProof(ctx, t.account, proof)
	if err != nil {
		return session, err
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		if proof.Password == "" {
			if match, err = s.useCode(ctx, tx, t.account, proof.Code, session.Address); err != nil {
				return err
			}
		}
		if !match {
			return nil
		}
		return s.confirmed(ctx, tx, &session, t)
	})
	if err == nil && !match {
		err = s.fail(ctx, t, "confirm", fault.New(fault.Forbidden, "confirm_failed", "密码或验证码不对，身份没有确认，请再试。").At("proof"))
	}
	return session, err
}

// matchProof checks the password of a proof, outside of any transaction.
func (s *Store) matchProof(ctx context.Context, c credentials, proof Proof) (match, stale bool, err error) {
	if proof.Password == "" {
		return false, false, nil
	}
	return s.hasher.check(ctx, clipPassword(proof.Password), c.password)
}

func (s *Store) confirmed(ctx context.Context, tx *db.Tx, session *Session, t try) error {
	if err := s.settle(ctx, tx, t.throttles, true); err != nil {
		return err
	}
	at := s.instant()
	var id int64
	err := tx.Row(ctx, "update access_sessions set confirmed_at = ? where id = ? and ended_at is null returning id", []any{db.At(at), session.ID}, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return notSignedIn()
	}
	if err != nil {
		return err
	}
	session.ConfirmedAt, session.now = at, at
	return enter(ctx, tx, "access.confirmed", userSubject(t.account.id), userSubject(t.account.id), note{"session": session.ID, "address": session.Address})
}
