// Package access knows who may do what: accounts that belong to units, roles
// granted in a unit or in all below it, sign-in and sessions, keys of other
// systems, and the audit of it all.
//
// Two clocks run here. What concerns security (sessions, delays, links, codes)
// goes by the machine's clock, injected as Deps.Now; the days of a grant are
// days of the city, those of the transaction. In a real city both agree; in
// the demonstration the city stands still and people still have to sign in.
//
// Nobody ever sees or sets the password of somebody else: accounts begin, and
// come back, by a link that works once. What is checked with effort (argon2id)
// is checked outside of transactions.
package access

import (
	"context"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/unit"
)

// Letter is a mail to one person.
type Letter struct {
	To, Name string // address and name of who gets it
	Subject  string
	Text     string // plain text
}

// Post sends letters. Send is called in the transaction that gives rise to the
// letter: it leaves if and only if that commits.
type Post interface {
	Send(ctx context.Context, tx *db.Tx, l Letter) error
}

// Deps are what the store works with. DB and Units are required.
type Deps struct {
	DB     *db.DB
	Units  *unit.Store
	Policy Policy           // fields left at zero take DefaultPolicy's values
	Now    func() time.Time // the machine's clock; nil is time.Now
	Post   Post             // nil: links are handed over by hand
}

// Store holds accounts, grants, sessions and keys. It is safe for concurrent
// use.
type Store struct {
	db     *db.DB
	units  *unit.Store
	now    func() time.Time
	post   Post
	policy Policy
	hasher *hasher
	sso    *provider // nil without single sign-on
}

// NewStore makes the store over an open, migrated database.
func NewStore(d Deps) *Store {
	s := &Store{db: d.DB, units: d.Units, now: d.Now, post: d.Post, policy: d.Policy.filled()}
	if s.now == nil {
		s.now = time.Now
	}
	s.hasher = newHasher(s.policy.Hash)
	if s.policy.SSO.Issuer != "" {
		s.sso = &provider{settings: s.policy.SSO, now: s.now}
	}
	return s
}

// Policy is what the store goes by, for pages that show it.
func (s *Store) Policy() Policy { return s.policy }

// instant is the machine's time as it is stored.
func (s *Store) instant() time.Time { return s.now().UTC().Truncate(time.Microsecond) }

// console stands for whoever can run the program on its machine.
const console = "console"

// actor names who acts in the ledger; nil is the console.
func actor(by *Person) string {
	if by == nil {
		return console
	}
	return by.Actor()
}

// note is what every entry of this package says beside its own particulars.
type note map[string]any

// from adds where the actor sits.
func (n note) from(by *Person) note {
	if by != nil && by.Address != "" {
		n["address"] = by.Address
	}
	return n
}

// enter appends one act to the ledger.
func enter(ctx context.Context, tx *db.Tx, kind, subject, actor string, data note) error {
	_, err := ledger.Append(ctx, tx, ledger.Act{Kind: kind, Subject: subject, Actor: actor, Data: data})
	return err
}

// Look journals that somebody has looked at personal data: what it was about
// ("case:12") and what was shown (“申请人联系方式”), never the data.
func (s *Store) Look(ctx context.Context, tx *db.Tx, by *Person, subject, what string) error {
	return enter(ctx, tx, "access.looked", subject, actor(by), note{"what": what}.from(by))
}

// allowed is a Forbidden fault where by may not do act for the unit. The
// console may do all.
func allowed(by *Person, act Act, unitID int64) error {
	if by == nil || by.Can(act, unitID) {
		return nil
	}
	return Refusal(act)
}

// Refusal is the fault for somebody who lacks the right to an act.
func Refusal(act Act) *fault.Error {
	return fault.New(fault.Forbidden, "not_allowed", "您没有“%s”的权限，这一步没有做；需要时请向安全管理员申请相应角色（可以办理的角色：%s）。", act.Label(), roleWords(act))
}
