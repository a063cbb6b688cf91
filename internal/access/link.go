package access

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// LinkPath is where one-time links point to; the token follows.
const LinkPath = "/desk/link/"

// Purposes of links.
const (
	purposeInvite = "invite" // a new account sets its first password
	purposeReset  = "reset"  // a known one sets a new password
	purposeSetup  = "setup"  // the first start: the first account makes itself
)

// Link is a link that works once. Token is empty where the link went to its
// receiver by mail: then nobody else sees it.
type Link struct {
	Token   string
	Mailed  string // the address it was mailed to; empty for none
	Expires time.Time
}

// Path is the link without the public address of the program in front.
func (l Link) Path() string { return LinkPath + l.Token }

// link makes a link for an account; earlier ones end. With factor the receiver
// also loses his one-time codes when he uses it.
func (s *Store) link(ctx context.Context, tx *db.Tx, by *Person, a Account, purpose string, factor bool) (l Link, err error) {
	if _, err := tx.Exec(ctx, "update access_links set ended_at = ? where account_id = ? and used_at is null and ended_at is null", db.At(s.instant()), a.ID); err != nil {
		return l, err
	}
	if l, err = s.insertLink(ctx, tx, a.ID, purpose, factor); err != nil {
		return l, err
	}
	if by == nil || s.post == nil || s.policy.BaseURL == "" || a.Email == "" {
		return l, nil
	}
	if err := s.post.Send(ctx, tx, s.letter(a, l, purpose)); err != nil {
		return l, err
	}
	l.Token, l.Mailed = "", a.Email
	return l, nil
}

func (s *Store) insertLink(ctx context.Context, tx *db.Tx, accountID any, purpose string, factor bool) (l Link, err error) {
	now := s.instant()
	l = Link{Token: newToken(), Expires: now.Add(s.policy.Link)}
	_, err = tx.Exec(ctx, "insert into access_links (account_id, purpose, factor, hash, made_at, expires_at) values (?, ?, ?, ?, ?, ?)",
		accountID, purpose, flag(factor), mustHash(l.Token), db.At(now), db.At(l.Expires))
	return l, err
}

// letter is the mail that carries a link.
func (s *Store) letter(a Account, l Link, purpose string) Letter {
	subject, what := s.policy.Issuer+"：请启用您的账号", "已为您建立账号"
	if purpose == purposeReset {
		subject, what = s.policy.Issuer+"：请重设密码", "管理员请您重设密码，账号是"
	}
	return Letter{To: a.Email, Name: a.Name, Subject: subject, Text: fmt.Sprintf(
		"%s：\n\n%s“%s”。请打开下面的链接，自己设定密码：\n\n%s%s\n\n链接只能用一次，%s内有效。请不要转给别人；如果与您无关，请不要打开，并告诉管理员。\n",
		a.Name, what, a.Login, s.policy.BaseURL, l.Path(), span(s.policy.Link))}
}

// Reset says how an account comes back.
type Reset struct {
	Factor bool // its one-time codes end too: the telephone is lost
}

// ResetByLink makes a new one-time link by which the holder of an account sets
// a password; the old one goes on until then. It needs AccountManage, and
// RoleGrant over all that the account holds: whoever may not give a right must
// not come by it through a link.
func (s *Store) ResetByLink(ctx context.Context, tx *db.Tx, by *Person, id int64, r Reset) (l Link, err error) {
	defer fault.Wrap(&err, "access.ResetByLink(%d)", id)
	a, err := s.managed(ctx, tx, by, id)
	if err != nil {
		return l, err
	}
	if err := s.outranks(ctx, tx, by, a); err != nil {
		return l, err
	}
	if a.State == Disabled {
		return l, fault.New(fault.Conflict, "account_disabled", "账号“%s”已停用，请先恢复再发链接。", a.Login)
	}
	if by != nil && by.ID == id {
		return l, fault.New(fault.Conflict, "reset_self", "自己的密码请在“我的账号”里修改。")
	}
	purpose := purposeReset
	if a.State == Invited {
		purpose = purposeInvite
	}
	if l, err = s.link(ctx, tx, by, a, purpose, r.Factor); err != nil {
		return l, err
	}
	return l, enter(ctx, tx, "access.link_made", userSubject(id), actor(by), note{"purpose": purpose, "factor": r.Factor, "mailed": l.Mailed != ""}.from(by))
}

// FirstLink makes the link by which the first security administrator makes an
// account; ok is false where there is any account already. Every call ends the
// link of the one before.
func (s *Store) FirstLink(ctx context.Context) (l Link, ok bool, err error) {
	defer fault.Wrap(&err, "access.FirstLink")
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		if taken, err := anyAccount(ctx, tx); err != nil || taken {
			return err
		}
		if _, err := tx.Exec(ctx, "update access_links set ended_at = ? where purpose = ? and used_at is null and ended_at is null", db.At(s.instant()), purposeSetup); err != nil {
			return err
		}
		l, err = s.insertLink(ctx, tx, nil, purposeSetup, false)
		ok = err == nil
		return err
	})
	return l, ok, err
}

func anyAccount(ctx context.Context, tx *db.Tx) (taken bool, err error) {
	var n int
	err = tx.Row(ctx, "select count(*) from access_accounts", nil, &n)
	return n > 0, err
}

// Invitation is what the page of a link shows before it is used.
type Invitation struct {
	Login, Name string // empty for Setup
	Setup       bool   // the receiver also chooses login and name
	Reset       bool   // the account had a password before
	Expires     time.Time
}

// openLink is a link that can still be used.
type openLink struct {
	id        int64
	accountID int64 // 0 for setup
	purpose   string
	factor    bool
	expires   time.Time
}

func (s *Store) readLink(ctx context.Context, tx *db.Tx, token string) (l openLink, err error) {
	hash, ok := tokenHash(token)
	if !ok {
		return l, linkSpent()
	}
	err = tx.Row(ctx, `select id, coalesce(account_id, 0), purpose, factor, expires_at from access_links
		where hash = ? and used_at is null and ended_at is null and expires_at > ?`, []any{hash, db.At(s.instant())},
		&l.id, &l.accountID, &l.purpose, &l.factor, instantInto{&l.expires})
	if errors.Is(err, sql.ErrNoRows) {
		return l, linkSpent()
	}
	if err != nil || l.purpose != purposeSetup {
		return l, err
	}
	taken, err := anyAccount(ctx, tx)
	if err == nil && taken {
		err = linkSpent()
	}
	return l, err
}

func linkSpent() error {
	return fault.New(fault.NotFound, "link_spent", "这个链接已经用过、过期或被新的代替；请让管理员再发一个。")
}

// Invitation tells what a link is for, without using it.
func (s *Store) Invitation(ctx context.Context, token string) (i Invitation, err error) {
	defer fault.Wrap(&err, "access.Invitation")
	err = s.db.View(ctx, func(tx *db.Tx) error {
		l, err := s.readLink(ctx, tx, token)
		if err != nil {
			return err
		}
		i = Invitation{Setup: l.purpose == purposeSetup, Reset: l.purpose == purposeReset, Expires: l.expires}
		if i.Setup {
			return nil
		}
		a, err := s.Get(ctx, tx, l.accountID)
		i.Login, i.Name = a.Login, a.Name
		return err
	})
	return i, err
}

// Acceptance is the use of a link.
type Acceptance struct {
	Token, Password string
	Login, Name     string // for Invitation.Setup only
	Address, Agent  string
}

// Accept uses a link up: it sets the password, ends all sessions and delays of
// the account, and opens a session. One-time codes that are set up are still
// asked for. Of two that use one link at once, one succeeds.
func (s *Store) Accept(ctx context.Context, a Acceptance) (r Result, err error) {
	defer fault.Wrap(&err, "access.Accept")
	n := NewAccount{Login: foldLogin(a.Login), Name: strings.TrimSpace(a.Name)}
	var names, earlier []string
	err = s.db.View(ctx, func(tx *db.Tx) error {
		names, earlier, err = s.forPassword(ctx, tx, a.Token, n)
		return err
	})
	if err != nil {
		return Result{}, err
	}
	hash, err := s.newPassword(ctx, a.Password, names, earlier)
	if err != nil {
		return Result{}, err
	}
	err = s.db.Update(ctx, func(tx *db.Tx) error {
		r, err = s.accept(ctx, tx, a, n, hash)
		return err
	})
	if err != nil {
		return Result{}, err
	}
	return r, nil
}

// forPassword reads what the new password is checked against.
func (s *Store) forPassword(ctx context.Context, tx *db.Tx, token string, n NewAccount) (names, earlier []string, err error) {
	l, err := s.readLink(ctx, tx, token)
	if err != nil {
		return nil, nil, err
	}
	if l.purpose == purposeSetup {
		return []string{n.Login, n.Name}, nil, n.sound()
	}
	c, err := readCredentials(ctx, tx, "id = ?", l.accountID)
	if err != nil {
		return nil, nil, err
	}
	if names, err = s.names(ctx, tx, c.login, c.name, c.unitID); err != nil {
		return nil, nil, err
	}
	earlier, err = s.earlier(ctx, tx, c.id)
	return names, earlier, err
}

func (s *Store) accept(ctx context.Context, tx *db.Tx, a Acceptance, n NewAccount, hash string) (r Result, err error) {
	l, err := s.useLink(ctx, tx, a.Token)
	if err != nil {
		return r, err
	}
	if l.purpose == purposeSetup {
		if l.accountID, err = s.foundation(ctx, tx, n); err != nil {
			return r, err
		}
	}
	if err := s.takeOver(ctx, tx, l, hash); err != nil {
		return r, err
	}
	who := userSubject(l.accountID)
	if err := enter(ctx, tx, "access.link_used", who, who, note{"purpose": l.purpose, "address": a.Address}); err != nil {
		return r, err
	}
	c, err := readCredentials(ctx, tx, "id = ?", l.accountID)
	if err != nil {
		return r, err
	}
	p, err := s.Person(ctx, tx, l.accountID)
	if err != nil {
		return r, err
	}
	t := try{Attempt: Attempt{Address: a.Address, Agent: a.Agent}, how: ByLink, account: c, throttles: []throttle{throttleOf("account", c.login, 0)}}
	return s.openFor(ctx, tx, t, p, s.missing(c, ByLink, p.Grants))
}

// useLink marks a link as used; the row decides between two at once. Its
// account is held first, as by everybody who ends links.
func (s *Store) useLink(ctx context.Context, tx *db.Tx, token string) (l openLink, err error) {
	if l, err = s.readLink(ctx, tx, token); err != nil {
		return l, err
	}
	if err := hold(ctx, tx, l.accountID); err != nil {
		return l, err
	}
	n, err := tx.Exec(ctx, "update access_links set used_at = ? where id = ? and used_at is null and ended_at is null", db.At(s.instant()), l.id)
	if err == nil && n == 0 {
		err = linkSpent()
	}
	return l, err
}

// takeOver gives an account to the receiver of its link.
func (s *Store) takeOver(ctx context.Context, tx *db.Tx, l openLink, hash string) error {
	if _, err := tx.Exec(ctx, "update access_accounts set state = ? where id = ?", string(Active), l.accountID); err != nil {
		return err
	}
	if l.factor {
		if err := s.dropFactor(ctx, tx, l.accountID); err != nil {
			return err
		}
	}
	if err := s.setPassword(ctx, tx, l.accountID, hash); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "delete from access_devices where account_id = ?", l.accountID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "delete from access_throttles where subject = ?", throttleOf("code", userSubject(l.accountID), 0).subject); err != nil {
		return err
	}
	return s.endSessions(ctx, tx, l.accountID, 0)
}

// foundation makes the first account: the security administrator of the whole
// city.
func (s *Store) foundation(ctx context.Context, tx *db.Tx, n NewAccount) (id int64, err error) {
	tree, err := s.units.Tree(ctx, tx)
	if err != nil {
		return 0, err
	}
	root, _ := tree.Root(tx.Today())
	n.UnitID = root.ID
	if id, err = s.insert(ctx, tx, n, Invited); err != nil {
		return 0, err
	}
	g := Grant{Role: SecurityAdmin, UnitID: root.ID, Below: true}
	if _, err := s.insertGrant(ctx, tx, id, g, 0); err != nil {
		return 0, err
	}
	return id, enter(ctx, tx, "access.granted", userSubject(id), console, note{"after": g.facts()})
}
