package access

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// SSO is single sign-on by OpenID Connect.
type SSO struct {
	Issuer       string // its address; discovery is below it
	ClientID     string
	ClientSecret string
	RedirectURL  string   // where it sends people back to: the desk's address for Finish
	Scopes       []string // beside openid; profile and email where nil
	// Claim finds the account at the first sign-in: "email" by mail address,
	// where the provider has verified it; any other claim by login, as
	// "preferred_username" does, the default. After that the provider's own
	// subject does.
	Claim       string
	Label       string // on the button: 统一身份认证
	TrustFactor bool   // the provider asks for a second factor, we do not
	Create      bool   // an unknown person gets an account, without any role
	CreateIn    int64  // in this unit
	Client      *http.Client
}

// provider is the connection to the issuer; discovery happens at first use and
// is tried again until it succeeds.
type provider struct {
	settings SSO
	now      func() time.Time
	mu       sync.Mutex
	found    *oidc.Provider
}

func (p *provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	// the provider keeps its context to fetch keys later
	found, err := oidc.NewProvider(p.with(context.WithoutCancel(ctx)), p.settings.Issuer)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "sso_unreachable", "统一身份认证连不上，请稍后再试，或用密码登录。").Because(err)
	}
	p.found = found
	return found, nil
}

// with makes the libraries use the settings' client.
func (p *provider) with(ctx context.Context) context.Context {
	if p.settings.Client != nil {
		return oidc.ClientContext(ctx, p.settings.Client)
	}
	return oidc.ClientContext(ctx, &http.Client{Timeout: 15 * time.Second})
}

func (p *provider) config(found *oidc.Provider) *oauth2.Config {
	scopes := p.settings.Scopes
	if scopes == nil {
		scopes = []string{"profile", "email"}
	}
	return &oauth2.Config{
		ClientID: p.settings.ClientID, ClientSecret: p.settings.ClientSecret, RedirectURL: p.settings.RedirectURL,
		Endpoint: found.Endpoint(), Scopes: append([]string{oidc.ScopeOpenID}, scopes...),
	}
}

// flight is what a browser carries while it is at the provider: three secrets
// of one sign-in.
type flight struct{ state, nonce, verifier string }

func (f flight) String() string { return f.state + "." + f.nonce + "." + f.verifier }

// parseFlight reads the cookie that Begin made; ok is false for any other text.
func parseFlight(cookie string) (f flight, ok bool) {
	parts := strings.Split(cookie, ".")
	if len(parts) != 3 {
		return flight{}, false
	}
	for _, part := range parts {
		if _, ok := tokenHash(part); !ok {
			return flight{}, false
		}
	}
	return flight{parts[0], parts[1], parts[2]}, true
}

// HasSSO tells whether single sign-on is set up, and what its button says.
func (s *Store) HasSSO() (label string, ok bool) {
	if s.sso == nil {
		return "", false
	}
	return or(s.sso.settings.Label, "统一身份认证登录"), true
}

// Begin starts a single sign-on: where to send the browser, and the value of a
// cookie (HttpOnly, SameSite=Lax, ten minutes) that Finish needs back.
func (s *Store) Begin(ctx context.Context) (redirect, cookie string, err error) {
	defer fault.Wrap(&err, "access.Begin")
	return s.depart(ctx)
}

// BeginConfirm is Begin for FinishConfirm: the provider asks its user to sign
// in again.
func (s *Store) BeginConfirm(ctx context.Context) (redirect, cookie string, err error) {
	defer fault.Wrap(&err, "access.BeginConfirm")
	return s.depart(ctx, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
}

func (s *Store) depart(ctx context.Context, options ...oauth2.AuthCodeOption) (redirect, cookie string, err error) {
	if s.sso == nil {
		return "", "", ssoOff()
	}
	found, err := s.sso.discover(ctx)
	if err != nil {
		return "", "", err
	}
	f := flight{newToken(), newToken(), newToken()}
	options = append(options, oidc.Nonce(f.nonce), oauth2.S256ChallengeOption(f.verifier))
	return s.sso.config(found).AuthCodeURL(f.state, options...), f.String(), nil
}

func ssoOff() error {
	return fault.New(fault.NotFound, "sso_off", "没有启用统一身份认证，请用密码登录。")
}

// Return is what a browser brings back from the provider.
type Return struct {
	Cookie         string // as Begin made it
	State, Code    string // of the query
	Device         string // as in Attempt
	Address, Agent string
}

// Finish ends a single sign-on with a session for the account that the
// provider's claims name.
func (s *Store) Finish(ctx context.Context, back Return) (r Result, err error) {
	defer fault.Wrap(&err, "access.Finish")
	claims, err := s.arrive(ctx, back)
	if err != nil {
		return Result{}, err
	}
	t := try{Attempt: Attempt{Address: back.Address, Agent: back.Agent, Device: back.Device}, how: BySSO}
	var refusal *fault.Error
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		if t.account, refusal, err = s.accountOf(ctx, tx, claims, back.Address); err != nil || refusal != nil {
			return err
		}
		t.device, err = s.knownDevice(ctx, tx, t.account.id, back.Device)
		return err
	})
	if err == nil && refusal != nil {
		err = s.fail(ctx, t, refusal.Code, refusal)
	}
	if err != nil {
		return Result{}, err
	}
	return s.admit(ctx, t)
}

// arrive checks that what a browser brings back belongs to what it set out
// with, and asks the provider who it is.
func (s *Store) arrive(ctx context.Context, back Return) (claims, error) {
	if s.sso == nil {
		return nil, ssoOff()
	}
	f, ok := parseFlight(back.Cookie)
	if !ok || subtle.ConstantTimeCompare([]byte(f.state), []byte(back.State)) != 1 {
		return nil, fault.New(fault.Forbidden, "sso_state", "登录的来回对不上，可能是页面开得太久或同时开了几个；请从登录页重新开始。")
	}
	return s.sso.claims(ctx, f, back.Code)
}

// freshWithin is how long ago the provider may have asked for the password
// when it was told to ask again.
const freshWithin = 5 * time.Minute

// FinishConfirm re-authenticates the holder of a session by the provider, like
// Confirm: for accounts that have neither password nor one-time codes here.
func (s *Store) FinishConfirm(ctx context.Context, session Session, back Return) (_ Session, err error) {
	defer fault.Wrap(&err, "access.FinishConfirm(%d)", session.AccountID)
	if session.Needs != NeedNothing || session.ID == 0 {
		return session, notSignedIn()
	}
	c, err := s.arrive(ctx, back)
	if err != nil {
		return session, err
	}
	t := try{Attempt: Attempt{Address: session.Address}}
	same := false
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		if t.account, err = readCredentials(ctx, tx, "sso_subject = ?", s.subjectOf(c)); err != nil {
			return err
		}
		same = t.account.id == session.AccountID && s.now().Sub(c.authenticated()) < freshWithin
		if !same {
			t.account = credentials{id: session.AccountID}
			return nil
		}
		return s.confirmed(ctx, tx, &session, t)
	})
	if err == nil && !same {
		err = s.fail(ctx, t, "confirm", fault.New(fault.Forbidden, "confirm_failed", "统一身份认证没有重新核对身份，或者是另一个人；请再试一次，并重新输入那里的密码。"))
	}
	return session, err
}

// claims are what the provider says of a person.
type claims map[string]any

func (c claims) text(name string) string {
	text, _ := c[name].(string)
	return strings.TrimSpace(text)
}

// authenticated is when the provider last asked for the password.
func (c claims) authenticated() time.Time {
	seconds, _ := c["auth_time"].(float64)
	return time.Unix(int64(seconds), 0)
}

// subjectOf is what an account is bound to.
func (s *Store) subjectOf(c claims) string { return s.policy.SSO.Issuer + " " + c.text("sub") }

// verified tells whether the provider vouches for the mail address; some write
// the flag as text.
func (c claims) verified() bool { return c["email_verified"] == true || c["email_verified"] == "true" }

const (
	claimLogin = "preferred_username"
	claimEmail = "email"
)

// key is the value by which the account is found the first time, and the
// column that has it.
func (c claims) key(claim string) (key, column string) {
	switch {
	case claim == claimEmail && c.verified():
		return c.text(claimEmail), "email"
	case claim == claimEmail:
		return "", "email"
	}
	return foldLogin(c.text(or(claim, claimLogin))), "login"
}

// claims exchanges the code and verifies what comes back: signature, issuer,
// audience, expiry, nonce.
func (p *provider) claims(ctx context.Context, f flight, code string) (c claims, err error) {
	refused := fault.New(fault.Forbidden, "sso_refused", "统一身份认证没有确认您的身份，请从登录页重新开始。")
	found, err := p.discover(ctx)
	if err != nil {
		return c, err
	}
	ctx = p.with(ctx)
	token, err := p.config(found).Exchange(ctx, code, oauth2.VerifierOption(f.verifier))
	if err != nil {
		return c, refused.Because(err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return c, refused.Because(errors.New("no id_token"))
	}
	id, err := found.Verifier(&oidc.Config{ClientID: p.settings.ClientID, Now: p.now}).Verify(ctx, raw)
	if err != nil {
		return c, refused.Because(err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(f.nonce)) != 1 {
		return c, refused.Because(errors.New("nonce differs"))
	}
	if err := id.Claims(&c); err != nil {
		return c, refused.Because(err)
	}
	if key, _ := c.key(p.settings.Claim); key == "" { // many tell it only when asked
		info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(token))
		if err != nil || info.Subject != id.Subject {
			return c, refused.Because(errors.Join(err, errors.New("no user info")))
		}
		if err := info.Claims(&c); err != nil { // beside those of the token
			return c, refused.Because(err)
		}
	}
	return c, nil
}

// accountOf finds the account of somebody, by subject or, the first time, by
// the claim; it is bound to the subject from then on.
func (s *Store) accountOf(ctx context.Context, tx *db.Tx, c claims, address string) (a credentials, refusal *fault.Error, err error) {
	subject := s.subjectOf(c)
	if a, err = readCredentials(ctx, tx, "sso_subject = ?", subject); err != nil || a.id != 0 {
		return a, nil, err
	}
	unknown := fault.New(fault.Forbidden, "sso_unknown", "统一身份认证认得您，但这里没有您的账号；请安全管理员为您建立，登录名要与统一身份认证的一致。")
	key, column := c.key(s.policy.SSO.Claim)
	if key == "" {
		return a, unknown, nil
	}
	var n int
	if err := tx.Row(ctx, "select count(*) from access_accounts where "+column+" = ?", []any{key}, &n); err != nil {
		return a, nil, err
	}
	if n == 0 && s.policy.SSO.Create {
		return s.createOf(ctx, tx, c, subject, address)
	}
	if n != 1 { // a mail address that several share names nobody
		return a, unknown, nil
	}
	if a, err = readCredentials(ctx, tx, column+" = ?", key); err != nil {
		return a, nil, err
	}
	if a.subject != "" {
		return a, fault.New(fault.Forbidden, "sso_other", "这个账号已与统一身份认证里的另一个人相连；请安全管理员核对。"), nil
	}
	return a, nil, s.bind(ctx, tx, a, subject, address)
}

// bind ties an account to the provider's subject; an invited one thereby
// begins.
func (s *Store) bind(ctx context.Context, tx *db.Tx, a credentials, subject, address string) error {
	_, err := tx.Exec(ctx, "update access_accounts set sso_subject = ?, state = case when state = ? then ? else state end where id = ? and sso_subject = ''",
		subject, string(Invited), string(Active), a.id)
	if err != nil {
		return err
	}
	return enter(ctx, tx, "access.sso_bound", userSubject(a.id), userSubject(a.id), note{"issuer": s.policy.SSO.Issuer, "address": address})
}

// createOf makes an account without any role for somebody whom the provider
// knows.
func (s *Store) createOf(ctx context.Context, tx *db.Tx, c claims, subject, address string) (a credentials, refusal *fault.Error, err error) {
	login := foldLogin(or(c.text(or(s.policy.SSO.Claim, claimLogin)), c.text(claimEmail)))
	n := NewAccount{Login: login, Name: or(c.text("name"), login), UnitID: s.policy.SSO.CreateIn}
	if c.verified() {
		n.Email = c.text(claimEmail)
	}
	if err := n.sound(); err != nil {
		f, _ := fault.Of(err)
		return a, f, nil
	}
	if err := s.unitStands(ctx, tx, n.UnitID, tx.Today()); err != nil {
		f, ours := fault.Of(err)
		if !ours {
			return a, nil, err
		}
		return a, f, nil
	}
	id, err := s.insert(ctx, tx, n, Active)
	if err != nil {
		return a, nil, err
	}
	if a, err = readCredentials(ctx, tx, "id = ?", id); err != nil {
		return a, nil, err
	}
	if err := s.bind(ctx, tx, a, subject, address); err != nil {
		return a, nil, err
	}
	return a, nil, enter(ctx, tx, "access.created", userSubject(id), userSubject(id), note{"after": note{"login": n.Login, "name": n.Name, "email": n.Email, "unit": n.UnitID}})
}
