package access

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Attempt is one try to sign in.
type Attempt struct {
	Login, Password string
	Code            string // one-time or recovery code; may be left for Complete
	Device          string // Result.Device of an earlier sign-in with this browser; may be empty
	Address         string // of the client, without port
	Agent           string // its User-Agent
}

// Result is a session that was opened.
type Result struct {
	Token   string // for the session cookie: a secret
	Device  string // for a cookie of Policy.Device: this browser is known, others' failures do not slow it
	Session Session
	Person  *Person
}

// Needs says what is still missing before the session counts.
func (r Result) Needs() Need { return r.Session.Needs }

// credentials are what sign-in needs to know of an account.
type credentials struct {
	id          int64
	login, name string
	unitID      int64
	state       State
	password    string
	factor      string
	subject     string
}

func readCredentials(ctx context.Context, tx *db.Tx, where string, arg any) (c credentials, err error) {
	err = tx.Row(ctx, "select id, login, name, unit_id, state, password, factor, sso_subject from access_accounts where "+where, []any{arg},
		&c.id, &c.login, &c.name, &c.unitID, &c.state, &c.password, &c.factor, &c.subject)
	if errors.Is(err, sql.ErrNoRows) {
		return credentials{}, nil
	}
	return c, err
}

// try is an attempt on its way: whose account it is at, and what counts it.
type try struct {
	Attempt
	how       string
	account   credentials
	device    int64 // the known browser; 0 for none
	throttles []throttle
	rehash    string // the password hashed by today's parameters; may be empty
}

// SignIn opens a session by login and password. Wrong password, unknown login
// and account without a password are one fault and one amount of work. Where
// one-time codes are set up and none is given the session has NeedCode.
func (s *Store) SignIn(ctx context.Context, a Attempt) (r Result, err error) {
	defer fault.Wrap(&err, "access.SignIn")
	t := try{Attempt: a, how: ByPassword}
	if err := s.begin(ctx, &t); err != nil {
		return Result{}, err
	}
	match, stale, err := s.hasher.check(ctx, clipPassword(a.Password), t.account.password)
	if err != nil {
		return Result{}, err
	}
	if !match {
		return Result{}, s.fail(ctx, t, "password", fault.New(fault.Forbidden, "sign_in_failed", "登录名或密码不对，请再试；忘了密码请安全管理员发一次性链接。"))
	}
	if stale {
		if t.rehash, err = s.hasher.make(ctx, a.Password); err != nil {
			return Result{}, err
		}
	}
	return s.admit(ctx, t)
}

// clipPassword bounds the work; a longer text is no password of ours.
func clipPassword(p string) string { return p[:min(len(p), passwordMax+1)] }

// begin finds the account and reserves the try.
func (s *Store) begin(ctx context.Context, t *try) error {
	login := foldLogin(t.Login)
	return s.db.Update(ctx, func(tx *db.Tx) (err error) {
		if t.account, err = readCredentials(ctx, tx, "login = ?", login); err != nil {
			return err
		}
		if t.device, err = s.knownDevice(ctx, tx, t.account.id, t.Device); err != nil {
			return err
		}
		t.throttles = s.throttlesOf("account", login, t.device, t.Address)
		return s.reserve(ctx, tx, t.throttles)
	})
}

// throttlesOf are what a try is counted by: from a known browser only that
// browser, else what is tried at and the address it comes from.
func (s *Store) throttlesOf(kind, name string, device int64, address string) []throttle {
	if device != 0 {
		return []throttle{throttleOf("device", userSubject(device), 0)}
	}
	return []throttle{throttleOf(kind, name, 0), s.addressThrottle(address)}
}

// fail enters a failed try and returns its fault. Of unknown logins nothing is
// kept: it may be a password that was typed into the wrong field.
func (s *Store) fail(ctx context.Context, t try, what string, refusal *fault.Error) error {
	err := s.db.Update(ctx, func(tx *db.Tx) error {
		wait, err := s.waiting(ctx, tx, t.throttles)
		if err != nil {
			return err
		}
		data := note{"what": what, "address": t.Address}
		if wait > 0 {
			data["wait_seconds"] = int(wait / time.Second)
		}
		return enter(ctx, tx, "access.sign_in_failed", userSubject(t.account.id), userSubject(t.account.id), data)
	})
	if err != nil {
		return err
	}
	return refusal
}

// admit opens the session of a try whose first proof was right.
func (s *Store) admit(ctx context.Context, t try) (r Result, err error) {
	var refusal *fault.Error
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		r, refusal, err = s.enterBy(ctx, tx, t)
		return err
	})
	if err == nil && refusal != nil {
		err = s.fail(ctx, t, refusal.Code, refusal)
	}
	if err != nil {
		return Result{}, err
	}
	return r, nil
}

// enterBy is admit inside of its transaction. A refusal leaves the reservation
// as a failure; codes that were tried stay used.
func (s *Store) enterBy(ctx context.Context, tx *db.Tx, t try) (r Result, refusal *fault.Error, err error) {
	if err := hold(ctx, tx, t.account.id); err != nil {
		return r, nil, err
	}
	now, err := readCredentials(ctx, tx, "id = ?", t.account.id)
	switch {
	case err != nil:
		return r, nil, err
	case now.state == Disabled:
		return r, fault.New(fault.Forbidden, "account_disabled", "这个账号已停用；需要恢复请找安全管理员。"), nil
	case t.how == ByPassword && now.password != t.account.password:
		return r, fault.New(fault.Forbidden, "sign_in_failed", "密码刚刚改过，请用新密码登录。"), nil
	}
	p, err := s.Person(ctx, tx, t.account.id)
	if err != nil {
		return r, nil, err
	}
	needs := s.missing(now, t.how, p.Grants)
	if needs == NeedCode && t.Code != "" {
		right, err := s.useCode(ctx, tx, now, t.Code, t.Address)
		if err != nil {
			return r, nil, err
		}
		if !right {
			return r, wrongCode(), nil
		}
		needs = NeedNothing
	}
	r, err = s.openFor(ctx, tx, t, p, needs)
	return r, nil, err
}

// missing says what an account has to give beside its first proof.
func (s *Store) missing(c credentials, how string, grants []Grant) Need {
	trusted := how == BySSO && s.policy.SSO.TrustFactor
	switch {
	case c.factor != "" && !trusted:
		return NeedCode
	case c.factor == "" && s.needsEnrolment(how, grants):
		return NeedEnrol
	}
	return NeedNothing
}

// openFor opens the session of a try and puts its books in order.
func (s *Store) openFor(ctx context.Context, tx *db.Tx, t try, p *Person, needs Need) (r Result, err error) {
	if t.rehash != "" {
		if _, err := tx.Exec(ctx, "update access_accounts set password = ? where id = ?", t.rehash, p.ID); err != nil {
			return r, err
		}
	}
	if err := s.settle(ctx, tx, t.throttles, needs != NeedCode); err != nil {
		return r, err
	}
	r.Session = Session{AccountID: p.ID, Needs: needs, How: t.how, Address: t.Address, Agent: t.Agent, device: t.device}
	if needs != NeedCode {
		if r.Device, r.Session.device, err = s.rememberDevice(ctx, tx, p.ID, t.device, t.Device); err != nil {
			return r, err
		}
	}
	if r.Token, err = s.open(ctx, tx, &r.Session); err != nil {
		return r, err
	}
	p.needs, p.Address = needs, t.Address
	r.Person = p
	if needs == NeedCode {
		return r, nil // entered when it is complete
	}
	return r, s.arrived(ctx, tx, r.Session)
}

// arrived enters a complete sign-in.
func (s *Store) arrived(ctx context.Context, tx *db.Tx, session Session) error {
	if err := s.forget(ctx, tx); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "update access_accounts set seen_at = ? where id = ?", db.At(s.instant()), session.AccountID); err != nil {
		return err
	}
	who := userSubject(session.AccountID)
	return enter(ctx, tx, "access.signed_in", who, who, note{"how": session.How, "session": session.ID, "address": session.Address, "agent": fault.Clip(session.Agent, agentMax)})
}

// Complete gives the code that a session with NeedCode lacks; its token stays.
func (s *Store) Complete(ctx context.Context, token, code string) (r Result, err error) {
	defer fault.Wrap(&err, "access.Complete")
	session, p, err := s.Session(ctx, token)
	if err != nil {
		return Result{}, err
	}
	r = Result{Token: token, Session: session, Person: p}
	if session.Needs != NeedCode {
		return r, nil
	}
	t := try{Attempt: Attempt{Address: session.Address}, account: credentials{id: session.AccountID}}
	t.throttles = s.throttlesOf("code", userSubject(session.AccountID), session.device, session.Address)
	if err := s.db.Update(ctx, func(tx *db.Tx) error { return s.reserve(ctx, tx, t.throttles) }); err != nil {
		return Result{}, err
	}
	right := false
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		right, err = s.complete(ctx, tx, &r, t, code)
		return err
	})
	if err == nil && !right {
		err = s.fail(ctx, t, "code", wrongCode())
	}
	if err != nil {
		return Result{}, err
	}
	return r, nil
}

func (s *Store) complete(ctx context.Context, tx *db.Tx, r *Result, t try, code string) (right bool, err error) {
	if err := hold(ctx, tx, t.account.id); err != nil {
		return false, err
	}
	c, err := readCredentials(ctx, tx, "id = ?", t.account.id)
	if err != nil {
		return false, err
	}
	if right, err = s.useCode(ctx, tx, c, code, t.Address); err != nil || !right {
		return false, err
	}
	known := throttleOf("account", c.login, 0)
	if err := s.settle(ctx, tx, append(t.throttles, known), true); err != nil {
		return false, err
	}
	if r.Device, r.Session.device, err = s.rememberDevice(ctx, tx, c.id, r.Session.device, ""); err != nil {
		return false, err
	}
	r.Session.Needs, r.Session.ConfirmedAt = NeedNothing, s.instant()
	n, err := tx.Exec(ctx, "update access_sessions set needs = '', confirmed_at = ?, device_id = ? where id = ? and ended_at is null and needs = ?",
		db.At(r.Session.ConfirmedAt), r.Session.device, r.Session.ID, string(NeedCode))
	if err != nil {
		return false, err
	}
	if n == 0 {
		return false, notSignedIn()
	}
	if r.Person, err = s.Person(ctx, tx, c.id); err != nil {
		return false, err
	}
	r.Person.Address = r.Session.Address
	return true, s.arrived(ctx, tx, r.Session)
}

// knownDevice is the id of the browser that shows a device token of the
// account; 0 where it is none, or has not been used for too long.
func (s *Store) knownDevice(ctx context.Context, tx *db.Tx, accountID int64, device string) (id int64, err error) {
	hash, ok := tokenHash(device)
	if !ok || accountID == 0 {
		return 0, nil
	}
	err = tx.Row(ctx, "select coalesce(max(id), 0) from access_devices where hash = ? and account_id = ? and seen_at > ?",
		[]any{hash, accountID, db.At(s.instant().Add(-s.policy.Device))}, &id)
	return id, err
}

// devicesMost is how many browsers of one account are known.
const devicesMost = 20

// rememberDevice notes the use of a known browser, or makes a new one known.
// The token is "" where the browser keeps the one it has.
func (s *Store) rememberDevice(ctx context.Context, tx *db.Tx, accountID, known int64, shown string) (token string, id int64, err error) {
	at := db.At(s.instant())
	if known != 0 {
		_, err := tx.Exec(ctx, "update access_devices set seen_at = ? where id = ?", at, known)
		return shown, known, err
	}
	token = newToken()
	if err := tx.Row(ctx, "insert into access_devices (account_id, hash, made_at, seen_at) values (?, ?, ?, ?) returning id", []any{accountID, mustHash(token), at, at}, &id); err != nil {
		return "", 0, err
	}
	_, err = tx.Exec(ctx, `delete from access_devices where account_id = ? and id not in
		(select id from access_devices where account_id = ? order by seen_at desc, id desc limit ?)`, accountID, accountID, devicesMost)
	return token, id, err
}
