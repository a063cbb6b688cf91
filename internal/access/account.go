package access

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/unit"
)

// Account is somebody who may sign in. Logins are kept in lower case.
type Account struct {
	ID          int64
	Login, Name string
	Email       string // empty where none is known
	UnitID      int64  // the unit it belongs to; 0 only before there is a directory
	State       State
	HasPassword bool
	Factor      bool      // one-time codes are set up
	MadeAt      time.Time // by the machine's clock, as is
	SeenAt      time.Time // the last sign-in; zero for never
}

// NewAccount describes an account to be made.
type NewAccount struct {
	Login, Name, Email string
	UnitID             int64
	Grants             []Grant
}

const accountColumns = "id, login, name, email, unit_id, state, password <> '', factor <> '', made_at, seen_at"

// row is what both sql.Row and sql.Rows do.
type row interface{ Scan(dest ...any) error }

func (a *Account) scan(r row) error {
	return r.Scan(a.fields()...)
}

// Get is the account of an id.
func (s *Store) Get(ctx context.Context, tx *db.Tx, id int64) (a Account, err error) {
	return one(ctx, tx, "id = ?", id)
}

// ByLogin is the account of a login, however it is spelled.
func (s *Store) ByLogin(ctx context.Context, tx *db.Tx, login string) (a Account, err error) {
	return one(ctx, tx, "login = ?", foldLogin(login))
}

func one(ctx context.Context, tx *db.Tx, where string, arg any) (a Account, err error) {
	found := false
	err = tx.Each(ctx, "select "+accountColumns+" from access_accounts where "+where, []any{arg}, func(rows *sql.Rows) error {
		found = true
		return a.scan(rows)
	})
	if err == nil && !found {
		err = fault.New(fault.NotFound, "account_unknown", "没有这个账号；可在账号列表里按姓名、登录名查找。")
	}
	return a, err
}

// Filter narrows a list of accounts; zero fields do not.
type Filter struct {
	Units []int64 // those of these units
	State State
	Role  Role   // those that hold it today
	Text  string // part of login, name or mail address
	After int64  // continue behind this id
	Limit int    // 100 where it is 0
}

// List reads accounts in the order of their ids.
func (s *Store) List(ctx context.Context, tx *db.Tx, f Filter) (list []Account, err error) {
	defer fault.Wrap(&err, "access.List")
	where, args := []string{"id > ?"}, []any{f.After}
	if f.Units != nil {
		where, args = append(where, "unit_id in "+db.In(len(f.Units))), append(args, db.Args(f.Units)...)
	}
	if f.State != "" {
		where, args = append(where, "state = ?"), append(args, string(f.State))
	}
	if f.Role != "" {
		where = append(where, "id in (select account_id from access_grants where role = ? and "+inForce+")")
		args = append(args, string(f.Role), tx.Today(), tx.Today())
	}
	limit, text := f.Limit, strings.ToLower(strings.TrimSpace(f.Text))
	if limit == 0 {
		limit = 100
	}
	err = tx.Each(ctx, "select "+accountColumns+" from access_accounts where "+strings.Join(where, " and ")+" order by id", args, func(rows *sql.Rows) error {
		var a Account
		if err := a.scan(rows); err != nil {
			return err
		}
		if len(list) < limit && a.matches(text) {
			list = append(list, a)
		}
		return nil
	})
	return list, err
}

func (a Account) matches(text string) bool {
	return strings.Contains(a.Login, text) || strings.Contains(strings.ToLower(a.Name), text) || strings.Contains(strings.ToLower(a.Email), text)
}

// Person is an account with what it may do today. A disabled one may nothing.
func (s *Store) Person(ctx context.Context, tx *db.Tx, id int64) (p *Person, err error) {
	defer fault.Wrap(&err, "access.Person(%d)", id)
	a, err := s.Get(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	grants, err := grantsOf(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	return s.person(ctx, tx, a, grants)
}

// Everybody lists all people whose accounts are in use, by account, as Person
// gives each: one query for the whole city.
func (s *Store) Everybody(ctx context.Context, tx *db.Tx) (list []*Person, err error) {
	defer fault.Wrap(&err, "access.Everybody")
	tree, err := s.units.Tree(ctx, tx)
	if err != nil {
		return nil, err
	}
	err = tx.Each(ctx, `select a.id, a.login, a.name, a.email, a.unit_id, a.state, a.password <> '', a.factor <> '', a.made_at, a.seen_at,
		g.id, g.role, g.unit_id, g.below, g.lent_by, g.since, g.until
		from access_accounts a left join access_grants g on g.account_id = a.id and g.ended_at is null
		where a.state = ? order by a.id, g.id`, []any{string(Active)}, func(rows *sql.Rows) error {
		var a Account
		var g grantOrNull
		if err := rows.Scan(append(a.fields(), g.fields()...)...); err != nil {
			return err
		}
		if n := len(list); n == 0 || list[n-1].ID != a.ID {
			list = append(list, newPerson(tree, tx.Today(), a, nil))
		}
		if last := list[len(list)-1]; g.id.Valid && g.grant().Holds(last.day) {
			last.Grants = append(last.Grants, g.grant())
		}
		return nil
	})
	return list, err
}

// fields are where the columns of accountColumns go.
func (a *Account) fields() []any {
	return []any{&a.ID, &a.Login, &a.Name, &a.Email, &a.UnitID, &a.State, &a.HasPassword, &a.Factor, instantInto{&a.MadeAt}, instantInto{&a.SeenAt}}
}

// person puts a person together; of the grants it takes those in force today.
func (s *Store) person(ctx context.Context, tx *db.Tx, a Account, grants []Grant) (*Person, error) {
	tree, err := s.units.Tree(ctx, tx)
	if err != nil {
		return nil, err
	}
	return newPerson(tree, tx.Today(), a, grants), nil
}

func newPerson(tree *unit.Tree, day civil.Date, a Account, grants []Grant) *Person {
	p := &Person{Account: a, tree: tree, day: day}
	if a.State != Disabled {
		p.Grants = slices.DeleteFunc(grants, func(g Grant) bool { return !g.Holds(day) })
	}
	return p
}

// Invite makes an account with its grants and a link by which its holder sets
// a password. It needs AccountManage in the unit, and RoleGrant for grants; by
// nil is the console, which may do all.
func (s *Store) Invite(ctx context.Context, tx *db.Tx, by *Person, n NewAccount) (a Account, l Link, err error) {
	defer fault.Wrap(&err, "access.Invite(%q)", n.Login)
	n.Login, n.Name, n.Email = foldLogin(n.Login), strings.TrimSpace(n.Name), strings.TrimSpace(n.Email)
	if err := s.admissible(ctx, tx, by, n); err != nil {
		return a, l, err
	}
	id, err := s.insert(ctx, tx, n, Invited)
	if err != nil {
		return a, l, err
	}
	for _, g := range n.Grants {
		if _, err := s.Grant(ctx, tx, by, id, g); err != nil {
			return a, l, err
		}
	}
	if a, err = s.Get(ctx, tx, id); err != nil {
		return a, l, err
	}
	if err := enter(ctx, tx, "access.invited", userSubject(id), actor(by), note{"after": a.facts()}.from(by)); err != nil {
		return a, l, err
	}
	l, err = s.link(ctx, tx, by, a, purposeInvite, false)
	return a, l, err
}

func (s *Store) admissible(ctx context.Context, tx *db.Tx, by *Person, n NewAccount) error {
	if err := n.sound(); err != nil {
		return err
	}
	if err := s.unitStands(ctx, tx, n.UnitID, tx.Today()); err != nil {
		return err
	}
	return allowed(by, AccountManage, n.UnitID)
}

// unitStands refuses a unit that is not in the directory on a day. 0 passes
// only while the directory is empty.
func (s *Store) unitStands(ctx context.Context, tx *db.Tx, id int64, on civil.Date) error {
	tree, err := s.units.Tree(ctx, tx)
	if err != nil {
		return err
	}
	if o, ok := tree.Get(id); ok && o.Holds(on) || id == 0 && tree.Len() == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "account_unit", "所选单位不在机构名录里，或已经撤销；请选现有的单位。").At("unit")
}

func (s *Store) insert(ctx context.Context, tx *db.Tx, n NewAccount, state State) (id int64, err error) {
	err = tx.Row(ctx, `insert into access_accounts (login, name, email, unit_id, state, password, factor, factor_step, factor_pending, sso_subject, made_at)
		values (?, ?, ?, ?, ?, '', '', 0, '', '', ?) on conflict (login) do nothing returning id`,
		[]any{n.Login, n.Name, n.Email, n.UnitID, string(state), db.At(s.instant())}, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.New(fault.Conflict, "login_taken", "登录名“%s”已有人用，请换一个，例如加上单位简写。", n.Login).At("login")
	}
	return id, err
}

// Limits of what an account may be called.
const (
	nameMax  = 40
	emailMax = 120
	loginMax = 40
)

var (
	loginForm = regexp.MustCompile(`^[\p{Han}a-z0-9](?:[\p{Han}a-z0-9._@-]*[\p{Han}a-z0-9])?$`)
	emailForm = regexp.MustCompile(`^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;"]+$`)
)

// foldLogin is the one spelling of a login: half width, lower case.
func foldLogin(login string) string {
	return strings.ToLower(norm.NFKC.String(strings.TrimSpace(login)))
}

// sound checks what can be told from the fields alone.
func (n NewAccount) sound() error {
	switch length := utf8.RuneCountInString(n.Login); {
	case length < 2 || length > loginMax || !loginForm.MatchString(n.Login):
		return fault.New(fault.Invalid, "login_form", "登录名要有2到%d个字符，用字母、数字、汉字和 . _ - @，头尾不用符号。", loginMax).At("login")
	case n.Name == "" || utf8.RuneCountInString(n.Name) > nameMax:
		return fault.New(fault.Invalid, "name_form", "请填姓名，最多%d个字。", nameMax).At("name")
	case n.Email != "" && (len(n.Email) > emailMax || !emailForm.MatchString(n.Email)):
		return fault.New(fault.Invalid, "email_form", "邮箱地址写法不对，应如 name@example.gov.cn；没有可以不填。").At("email")
	}
	return nil
}

// facts are the particulars of an account for the ledger.
func (a Account) facts() note {
	return note{"login": a.Login, "name": a.Name, "email": a.Email, "unit": a.UnitID, "state": string(a.State)}
}

// Change is what may be altered of an account; nil leaves a field.
type Change struct {
	Name, Email *string
	UnitID      *int64
}

// Change alters an account. It needs AccountManage in its unit, and in the
// other one where it moves. Grants stay where they are; a new mail address asks
// for RoleGrant over them.
func (s *Store) Change(ctx context.Context, tx *db.Tx, by *Person, id int64, c Change) (err error) {
	defer fault.Wrap(&err, "access.Change(%d)", id)
	was, err := s.managed(ctx, tx, by, id)
	if err != nil {
		return err
	}
	is := was
	if c.Name != nil {
		is.Name = strings.TrimSpace(*c.Name)
	}
	if c.Email != nil {
		is.Email = strings.TrimSpace(*c.Email)
	}
	if c.UnitID != nil && *c.UnitID != was.UnitID {
		is.UnitID = *c.UnitID
		if err := s.unitStands(ctx, tx, is.UnitID, tx.Today()); err != nil {
			return err
		}
		if err := allowed(by, AccountManage, is.UnitID); err != nil {
			return err
		}
	}
	if is == was {
		return nil
	}
	if is.Email != was.Email { // mail and single sign-on lead to the account
		if err := s.outranks(ctx, tx, by, was); err != nil {
			return err
		}
	}
	if err := (NewAccount{Login: is.Login, Name: is.Name, Email: is.Email}).sound(); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "update access_accounts set name = ?, email = ?, unit_id = ? where id = ?", is.Name, is.Email, is.UnitID, id); err != nil {
		return err
	}
	return enter(ctx, tx, "access.account_changed", userSubject(id), actor(by), note{"before": was.facts(), "after": is.facts()}.from(by))
}

// managed is an account that by may manage, held against other writers until
// the transaction ends.
func (s *Store) managed(ctx context.Context, tx *db.Tx, by *Person, id int64) (a Account, err error) {
	if err := hold(ctx, tx, id); err != nil {
		return a, err
	}
	if a, err = s.Get(ctx, tx, id); err != nil {
		return a, err
	}
	return a, allowed(by, AccountManage, a.UnitID)
}

// outranks asks that by may grant all that an account holds.
func (s *Store) outranks(ctx context.Context, tx *db.Tx, by *Person, a Account) error {
	if by == nil {
		return nil
	}
	grants, err := s.Grants(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	for _, g := range grants {
		if !by.canGive(g) {
			return fault.New(fault.Forbidden, "outranked", "“%s”担任%s，只有能授予这个角色的安全管理员才能办理。", a.Name, g.Role.Label())
		}
	}
	return nil
}

// hold makes writers of one account wait for each other, so that what one has
// checked stays true.
func hold(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, "update access_accounts set state = state where id = ?", id)
	return err
}

// Disable bars an account: its sessions end, its links die, what it has lent
// comes back. Nobody disables himself.
func (s *Store) Disable(ctx context.Context, tx *db.Tx, by *Person, id int64, reason string) (err error) {
	defer fault.Wrap(&err, "access.Disable(%d)", id)
	a, err := s.managed(ctx, tx, by, id)
	switch {
	case err != nil:
		return err
	case by != nil && by.ID == id:
		return fault.New(fault.Conflict, "disable_self", "不能停用自己的账号，请由另一位管理员办理。")
	case strings.TrimSpace(reason) == "":
		return fault.New(fault.Invalid, "disable_reason", "请写明停用的原因，如调离、退休、借调期满。").At("reason")
	case a.State == Disabled:
		return nil
	}
	if _, err := tx.Exec(ctx, "update access_accounts set state = ? where id = ?", string(Disabled), id); err != nil {
		return err
	}
	at := db.At(s.instant())
	for _, statement := range []string{
		"update access_sessions set ended_at = ? where account_id = ? and ended_at is null",
		"update access_links set ended_at = ? where account_id = ? and used_at is null and ended_at is null",
		"update access_grants set ended_at = ? where lent_by = ? and ended_at is null",
	} {
		if _, err := tx.Exec(ctx, statement, at, id); err != nil {
			return err
		}
	}
	return enter(ctx, tx, "access.disabled", userSubject(id), actor(by),
		note{"before": string(a.State), "after": string(Disabled), "reason": reason}.from(by))
}

// Enable lets a disabled account sign in again, with the password it had; one
// that never had any is invited again by ResetByLink.
func (s *Store) Enable(ctx context.Context, tx *db.Tx, by *Person, id int64) (err error) {
	defer fault.Wrap(&err, "access.Enable(%d)", id)
	a, err := s.managed(ctx, tx, by, id)
	if err != nil || a.State != Disabled {
		return err
	}
	state := Active
	if !a.HasPassword {
		state = Invited
	}
	if _, err := tx.Exec(ctx, "update access_accounts set state = ? where id = ?", string(state), id); err != nil {
		return err
	}
	return enter(ctx, tx, "access.enabled", userSubject(id), actor(by), note{"before": string(Disabled), "after": string(state)}.from(by))
}
