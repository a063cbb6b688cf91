package access

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Need says what is still missing before a session counts. While anything is,
// its Person may do nothing.
type Need string

// Needs.
const (
	NeedNothing Need = ""
	NeedCode    Need = "code"  // a one-time or recovery code: Complete
	NeedEnrol   Need = "enrol" // a role asks for one-time codes: Enrol, ConfirmFactor
)

// Ways of signing in.
const (
	ByPassword = "password"
	BySSO      = "sso"
	ByLink     = "link"
)

// Session is one sign-in, as of when it was read.
type Session struct {
	ID          int64
	AccountID   int64
	Needs       Need
	How         string // ByPassword, BySSO or ByLink
	Address     string // where it was opened, and by which program
	Agent       string
	MadeAt      time.Time
	SeenAt      time.Time // the last request, to within Policy.Touch
	ConfirmedAt time.Time // the last time its holder proved who he is

	device int64
	now    time.Time
}

// ConfirmedWithin tells whether the holder has proved who he is within d
// before the session was read.
func (s Session) ConfirmedWithin(d time.Duration) bool {
	return s.Needs == NeedNothing && !s.ConfirmedAt.IsZero() && s.now.Sub(s.ConfirmedAt) <= d
}

// pendingLife bounds a session that still needs something.
const pendingLife = 10 * time.Minute

// live tells whether the session still holds at its instant of reading.
func (s Session) live(p Policy) bool {
	longest := p.Absolute
	if s.Needs != NeedNothing {
		longest = min(longest, pendingLife)
	}
	return s.now.Sub(s.MadeAt) < longest && s.now.Sub(s.SeenAt) < p.Idle
}

// CodeSignIn is the code of the fault for a request without a session that
// holds: the way on is to sign in.
const CodeSignIn = "sign_in_needed"

func notSignedIn() *fault.Error {
	return fault.New(fault.Forbidden, CodeSignIn, "您还没有登录，或登录已经过期，请重新登录；没有保存的内容请先留好。")
}

const sessionColumns = "s.id, s.account_id, s.needs, s.how, s.device_id, s.address, s.agent, s.made_at, s.seen_at, s.confirmed_at"

func (s *Session) fields() []any {
	return []any{&s.ID, &s.AccountID, &s.Needs, &s.How, &s.device, &s.Address, &s.Agent,
		instantInto{&s.MadeAt}, instantInto{&s.SeenAt}, instantInto{&s.ConfirmedAt}}
}

// instantInto scans an instant into a time.
type instantInto struct{ t *time.Time }

// Scan reads what db.Instant stores.
func (i instantInto) Scan(v any) error {
	var at db.Instant
	err := at.Scan(v)
	*i.t = at.Time
	return err
}

// Session is the session of a token and its holder. A token that names none,
// or one that has ended or timed out, is a fault with CodeSignIn. It reads one
// indexed query and the directory in memory; the request is written down at
// most once in Policy.Touch, and not at all while another writer takes long.
func (s *Store) Session(ctx context.Context, token string) (session Session, p *Person, err error) {
	hash, ok := tokenHash(token)
	if !ok {
		return Session{}, nil, notSignedIn()
	}
	err = s.db.View(ctx, func(tx *db.Tx) error {
		session, p, err = s.readSession(ctx, tx, hash)
		return err
	})
	if err != nil {
		return Session{}, nil, err
	}
	if session.now.Sub(session.SeenAt) >= s.policy.Touch {
		s.touch(ctx, session)
	}
	return session, p, nil
}

// touchWait is how long a request waits for its turn to write down that it
// came; the next one tries again.
const touchWait = 50 * time.Millisecond

func (s *Store) touch(ctx context.Context, session Session) {
	ctx, cancel := context.WithTimeout(ctx, touchWait)
	defer cancel()
	_ = s.db.Update(ctx, func(tx *db.Tx) error { // nothing is lost where it fails
		_, err := tx.Exec(ctx, "update access_sessions set seen_at = ? where id = ? and seen_at < ?", db.At(session.now), session.ID, db.At(session.now))
		return err
	})
}

// readSession reads session, account and grants of a token's hash at once.
func (s *Store) readSession(ctx context.Context, tx *db.Tx, hash string) (session Session, p *Person, err error) {
	var a Account
	var grants []Grant
	err = tx.Each(ctx, "select "+sessionColumns+`,
		a.id, a.login, a.name, a.email, a.unit_id, a.state, a.password <> '', a.factor <> '', a.made_at, a.seen_at,
		g.id, g.role, g.unit_id, g.below, g.lent_by, g.since, g.until
		from access_sessions s join access_accounts a on a.id = s.account_id
		left join access_grants g on g.account_id = a.id and g.ended_at is null
		where s.hash = ? and s.ended_at is null order by g.id`, []any{hash}, func(rows *sql.Rows) error {
		var g grantOrNull
		fields := append(session.fields(), a.fields()...)
		if err := rows.Scan(append(fields, g.fields()...)...); err != nil {
			return err
		}
		if g.id.Valid {
			grants = append(grants, g.grant())
		}
		return nil
	})
	if err != nil {
		return session, nil, err
	}
	session.now = s.instant()
	if session.ID == 0 || a.State == Disabled || !session.live(s.policy) {
		return session, nil, notSignedIn()
	}
	if p, err = s.person(ctx, tx, a, grants); err != nil {
		return session, nil, err
	}
	if session.Needs == NeedNothing && !a.Factor && s.needsEnrolment(session.How, p.Grants) {
		session.Needs = NeedEnrol // a role that asks for it was granted meanwhile
	}
	p.Address, p.needs = session.Address, session.Needs
	return session, p, nil
}

// needsEnrolment tells whether the grants ask for one-time codes of somebody
// who signed in so.
func (s *Store) needsEnrolment(how string, grants []Grant) bool {
	return s.policy.asksFactor(grants) && !(how == BySSO && s.policy.SSO.TrustFactor)
}

// grantOrNull is a grant from an outer join.
type grantOrNull struct {
	id, unit, below, lentBy sql.NullInt64
	role                    sql.NullString
	from, until             civil.Date
}

func (g *grantOrNull) fields() []any {
	return []any{&g.id, &g.role, &g.unit, &g.below, &g.lentBy, &g.from, &g.until}
}

func (g *grantOrNull) grant() Grant {
	return Grant{ID: g.id.Int64, Role: Role(g.role.String), UnitID: g.unit.Int64, Below: g.below.Int64 != 0, LentBy: g.lentBy.Int64, From: g.from, Until: g.until}
}

// open makes a session and returns its token.
func (s *Store) open(ctx context.Context, tx *db.Tx, session *Session) (token string, err error) {
	token = newToken()
	now := s.instant()
	session.MadeAt, session.SeenAt, session.now = now, now, now
	if session.Needs == NeedNothing {
		session.ConfirmedAt = now
	}
	if _, err := tx.Exec(ctx, "delete from access_sessions where account_id = ? and made_at < ?", session.AccountID, db.At(now.Add(-sessionsKept))); err != nil {
		return "", err
	}
	err = tx.Row(ctx, `insert into access_sessions (account_id, hash, how, needs, device_id, address, agent, made_at, seen_at, confirmed_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id`,
		[]any{session.AccountID, mustHash(token), session.How, string(session.Needs), session.device, session.Address, fault.Clip(session.Agent, agentMax),
			db.At(now), db.At(now), db.At(session.ConfirmedAt)}, &session.ID)
	return token, err
}

const (
	sessionsKept = 90 * 24 * time.Hour // rows of sessions; what they did stays in the ledger
	agentMax     = 200
)

// Sessions lists the sessions of an account that hold, newest first.
func (s *Store) Sessions(ctx context.Context, tx *db.Tx, accountID int64) (list []Session, err error) {
	defer fault.Wrap(&err, "access.Sessions(%d)", accountID)
	now := s.instant()
	err = tx.Each(ctx, "select "+sessionColumns+" from access_sessions s where s.account_id = ? and s.ended_at is null and s.made_at > ? order by s.id desc",
		[]any{accountID, db.At(now.Add(-s.policy.Absolute))}, func(rows *sql.Rows) error {
			session := Session{now: now}
			if err := rows.Scan(session.fields()...); err != nil {
				return err
			}
			if session.live(s.policy) {
				list = append(list, session)
			}
			return nil
		})
	return list, err
}

// RevokeSession ends one session: of by's own account, or of one that by may
// manage.
func (s *Store) RevokeSession(ctx context.Context, tx *db.Tx, by *Person, sessionID int64) (err error) {
	defer fault.Wrap(&err, "access.RevokeSession(%d)", sessionID)
	var accountID int64
	err = tx.Row(ctx, "select account_id from access_sessions where id = ? and ended_at is null", []any{sessionID}, &accountID)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, "session_unknown", "这个会话已经结束。")
	}
	if err != nil {
		return err
	}
	if err := s.mayEnd(ctx, tx, by, accountID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "update access_sessions set ended_at = ? where id = ?", db.At(s.instant()), sessionID); err != nil {
		return err
	}
	return enter(ctx, tx, "access.session_ended", userSubject(accountID), actor(by), note{"session": sessionID}.from(by))
}

// RevokeSessions ends all sessions of an account but one; 0 spares none.
func (s *Store) RevokeSessions(ctx context.Context, tx *db.Tx, by *Person, accountID, except int64) (err error) {
	defer fault.Wrap(&err, "access.RevokeSessions(%d)", accountID)
	if err := s.mayEnd(ctx, tx, by, accountID); err != nil {
		return err
	}
	if err := s.endSessions(ctx, tx, accountID, except); err != nil {
		return err
	}
	return enter(ctx, tx, "access.session_ended", userSubject(accountID), actor(by), note{"session": "all"}.from(by))
}

func (s *Store) mayEnd(ctx context.Context, tx *db.Tx, by *Person, accountID int64) error {
	if by != nil && by.ID == accountID {
		return nil
	}
	_, err := s.managed(ctx, tx, by, accountID)
	return err
}

func (s *Store) endSessions(ctx context.Context, tx *db.Tx, accountID, except int64) error {
	_, err := tx.Exec(ctx, "update access_sessions set ended_at = ? where account_id = ? and id <> ? and ended_at is null", db.At(s.instant()), accountID, except)
	return err
}

// SignOut ends the session of a token; one that has ended already stays so.
func (s *Store) SignOut(ctx context.Context, token string) (err error) {
	defer fault.Wrap(&err, "access.SignOut")
	hash, ok := tokenHash(token)
	if !ok {
		return nil
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		var id, accountID int64
		var address string
		err := tx.Row(ctx, "update access_sessions set ended_at = ? where hash = ? and ended_at is null returning id, account_id, address", []any{db.At(s.instant()), hash}, &id, &accountID, &address)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return enter(ctx, tx, "access.signed_out", userSubject(accountID), userSubject(accountID), note{"session": id, "address": address})
	})
}
