package access

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Grant is a role in a unit. From and Until are its first and last day in the
// city; zero is no bound. UnitID 0 with Below is everything, for the first
// administrators of a city without a directory.
type Grant struct {
	ID     int64
	Role   Role
	UnitID int64
	Below  bool  // also in all that stands below the unit
	LentBy int64 // the account that lent it; 0 where it is the holder's own
	From   civil.Date
	Until  civil.Date
}

// Holds tells whether the grant is in force on a day.
func (g Grant) Holds(day civil.Date) bool {
	return (g.From.IsZero() || !day.Before(g.From)) && !g.past(day)
}

func (g Grant) past(day civil.Date) bool { return !g.Until.IsZero() && day.After(g.Until) }

// Lent tells whether it is somebody else's (替班).
func (g Grant) Lent() bool { return g.LentBy != 0 }

// inForce is Grant.Holds in SQL, for two arguments: the day, twice.
const inForce = "ended_at is null and (since is null or since <= ?) and (until is null or until >= ?)"

const grantColumns = "id, role, unit_id, below, lent_by, since, until"

func (g *Grant) scan(r row) error {
	return r.Scan(&g.ID, &g.Role, &g.UnitID, &g.Below, &g.LentBy, &g.From, &g.Until)
}

// Grants lists what an account holds, what begins later included; past and
// revoked ones stand in the ledger.
func (s *Store) Grants(ctx context.Context, tx *db.Tx, accountID int64) (list []Grant, err error) {
	defer fault.Wrap(&err, "access.Grants(%d)", accountID)
	list, err = grantsOf(ctx, tx, accountID)
	return slices.DeleteFunc(list, func(g Grant) bool { return g.past(tx.Today()) }), err
}

func grantsOf(ctx context.Context, tx *db.Tx, accountID int64) (list []Grant, err error) {
	err = tx.Each(ctx, "select "+grantColumns+" from access_grants where account_id = ? and ended_at is null order by id", []any{accountID}, func(rows *sql.Rows) error {
		var g Grant
		err := g.scan(rows)
		list = append(list, g)
		return err
	})
	return list, err
}

// Lendings lists what an account has lent to others and is not over.
func (s *Store) Lendings(ctx context.Context, tx *db.Tx, accountID int64) (list []Lending, err error) {
	defer fault.Wrap(&err, "access.Lendings(%d)", accountID)
	err = tx.Each(ctx, "select lent_of, account_id, "+grantColumns+" from access_grants where lent_by = ? and ended_at is null and (until is null or until >= ?) order by id",
		[]any{accountID, tx.Today()}, func(rows *sql.Rows) error {
			var l Lending
			g := &l.Lent
			err := rows.Scan(&l.GrantID, &l.To, &g.ID, &g.Role, &g.UnitID, &g.Below, &g.LentBy, &g.From, &g.Until)
			l.From, l.Until = g.From, g.Until
			list = append(list, l)
			return err
		})
	return list, err
}

// Grant gives an account a role and returns the grant's id. It needs RoleGrant
// over all that the grant reaches; nobody grants himself anything; roles that
// must be kept apart are a Conflict.
func (s *Store) Grant(ctx context.Context, tx *db.Tx, by *Person, accountID int64, g Grant) (id int64, err error) {
	defer fault.Wrap(&err, "access.Grant(%d, %s)", accountID, g.Role)
	if err := s.grantable(ctx, tx, by, accountID, g); err != nil {
		return 0, err
	}
	g.LentBy = 0
	if id, err = s.insertGrant(ctx, tx, accountID, g, 0); err != nil {
		return 0, err
	}
	return id, enter(ctx, tx, "access.granted", userSubject(accountID), actor(by), note{"after": g.facts()}.from(by))
}

func (s *Store) grantable(ctx context.Context, tx *db.Tx, by *Person, accountID int64, g Grant) error {
	if _, err := ParseRole(string(g.Role)); err != nil {
		return err
	}
	if !g.From.IsZero() && !g.Until.IsZero() && g.Until.Before(g.From) {
		return fault.New(fault.Invalid, "grant_days", "角色的截止日%s早于起始日%s，请更正。", g.Until, g.From).At("until")
	}
	if by != nil && by.ID == accountID {
		return fault.New(fault.Forbidden, "grant_self", "不能给自己授予角色，请由另一位安全管理员办理。")
	}
	if g.UnitID != 0 || !g.Below {
		first := tx.Today()
		if g.From.After(first) {
			first = g.From
		}
		if err := s.unitStands(ctx, tx, g.UnitID, first); err != nil {
			return err
		}
	}
	if by != nil && !by.canGive(g) {
		return Refusal(RoleGrant)
	}
	return s.compatible(ctx, tx, accountID, g)
}

// compatible refuses a grant that the account holds already or that clashes
// with what it holds or will hold.
func (s *Store) compatible(ctx context.Context, tx *db.Tx, accountID int64, g Grant) error {
	if err := hold(ctx, tx, accountID); err != nil {
		return err
	}
	a, err := s.Get(ctx, tx, accountID)
	if err != nil {
		return err
	}
	held, err := s.Grants(ctx, tx, accountID)
	if err != nil {
		return err
	}
	for _, h := range held {
		if why := clash(h.Role, g.Role); why != "" {
			return fault.New(fault.Conflict, "roles_clash", "“%s”已是%s，不能再任%s：%s。请另选一人，或先收回原来的角色。", a.Name, h.Role.Label(), g.Role.Label(), why).At("role")
		}
		if h.Role == g.Role && h.UnitID == g.UnitID && h.Below == g.Below && h.LentBy == g.LentBy && overlap(h, g) {
			return fault.New(fault.Conflict, "grant_held", "“%s”在这个单位已有%s角色，日期重叠；要改日期请先收回再授予。", a.Name, g.Role.Label()).At("role")
		}
	}
	return nil
}

// overlap tells whether both are in force on a common day.
func overlap(a, b Grant) bool {
	return (a.Until.IsZero() || b.From.IsZero() || !b.From.After(a.Until)) && (b.Until.IsZero() || a.From.IsZero() || !a.From.After(b.Until))
}

func (s *Store) insertGrant(ctx context.Context, tx *db.Tx, accountID int64, g Grant, lentOf int64) (id int64, err error) {
	err = tx.Row(ctx, "insert into access_grants (account_id, role, unit_id, below, lent_by, lent_of, since, until, given_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?) returning id",
		[]any{accountID, string(g.Role), g.UnitID, flag(g.Below), g.LentBy, lentOf, g.From, g.Until, db.At(s.instant())}, &id)
	return id, err
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Revoke takes a grant back, with all that was lent of it. A lent one may also
// be given back by its holder and taken back by its lender.
func (s *Store) Revoke(ctx context.Context, tx *db.Tx, by *Person, grantID int64) (err error) {
	defer fault.Wrap(&err, "access.Revoke(%d)", grantID)
	var holder int64
	var g Grant
	found := false
	err = tx.Each(ctx, "select account_id, "+grantColumns+" from access_grants where id = ? and ended_at is null", []any{grantID}, func(rows *sql.Rows) error {
		found = true
		return rows.Scan(&holder, &g.ID, &g.Role, &g.UnitID, &g.Below, &g.LentBy, &g.From, &g.Until)
	})
	if err != nil {
		return err
	}
	if !found {
		return fault.New(fault.NotFound, "grant_unknown", "这项角色已经收回或不存在，请刷新页面。")
	}
	involved := by != nil && g.Lent() && (by.ID == g.LentBy || by.ID == holder)
	if by != nil && !involved && !by.canGive(g) {
		return Refusal(RoleGrant)
	}
	if _, err := tx.Exec(ctx, "update access_grants set ended_at = ? where (id = ? or lent_of = ?) and ended_at is null", db.At(s.instant()), grantID, grantID); err != nil {
		return err
	}
	return enter(ctx, tx, "access.revoked", userSubject(holder), actor(by), note{"before": g.facts()}.from(by))
}

// Lending is a grant lent to another account for some days.
type Lending struct {
	GrantID     int64 // the lender's own grant
	To          int64 // who stands in
	From, Until civil.Date
	Lent        Grant // as the other holds it; set by Lendings
}

// lendMost is the longest time for which a role may be lent, in days. A longer
// absence is for the security administrator to arrange.
const lendMost = 92

// Lend lends a grant of by's own to another account of the same unit (替班).
// It ends by itself, and with the grant it comes from. What is lent cannot be
// lent on, and administrators' roles cannot be lent.
func (s *Store) Lend(ctx context.Context, tx *db.Tx, by *Person, l Lending) (id int64, err error) {
	defer fault.Wrap(&err, "access.Lend(%d to %d)", l.GrantID, l.To)
	own, err := s.lendable(ctx, tx, by, l)
	if err != nil {
		return 0, err
	}
	lent := Grant{Role: own.Role, UnitID: own.UnitID, Below: own.Below, LentBy: by.ID, From: l.From, Until: l.Until}
	if err := s.compatible(ctx, tx, l.To, lent); err != nil {
		return 0, err
	}
	if id, err = s.insertGrant(ctx, tx, l.To, lent, own.ID); err != nil {
		return 0, err
	}
	return id, enter(ctx, tx, "access.lent", userSubject(l.To), by.Actor(), note{"after": lent.facts()}.from(by))
}

func (s *Store) lendable(ctx context.Context, tx *db.Tx, by *Person, l Lending) (own Grant, err error) {
	at := slices.IndexFunc(by.Grants, func(g Grant) bool { return g.ID == l.GrantID && !g.Lent() })
	if at < 0 {
		return own, fault.New(fault.Invalid, "lend_not_own", "只能委托自己现有的角色；别人委托给您的不能再委托。")
	}
	own = by.Grants[at]
	if err := l.soundFor(own, tx.Today()); err != nil {
		return own, err
	}
	to, err := s.Get(ctx, tx, l.To)
	switch {
	case err != nil:
		return own, err
	case !own.Role.May(RoleLend) || by.needs != NeedNothing:
		return own, fault.New(fault.Forbidden, "lend_role", "%s的角色不能委托他人，请由安全管理员另行授权。", own.Role.Label())
	case to.ID == by.ID || to.State != Active || !by.in(to.UnitID):
		return own, fault.New(fault.Invalid, "lend_to", "替班的人要是本单位另一个已启用的账号。").At("to")
	}
	return own, nil
}

// soundFor checks the days of a lending of own.
func (l Lending) soundFor(own Grant, today civil.Date) error {
	switch {
	case l.From.IsZero() || l.Until.IsZero() || l.Until.Before(l.From) || l.From.Before(today):
		return fault.New(fault.Invalid, "lend_days", "请写明替班从哪天到哪天（含当天），不早于今天%s。", today.Chinese()).At("from")
	case l.Until.Sub(l.From) >= lendMost:
		return fault.New(fault.Invalid, "lend_long", "替班最长%d天；时间更长请由安全管理员授予角色。", lendMost).At("until")
	case !own.Until.IsZero() && l.Until.After(own.Until):
		return fault.New(fault.Invalid, "lend_beyond", "您自己的角色到%s为止，替班不能更长。", own.Until.Chinese()).At("until")
	}
	return nil
}

// facts are the particulars of a grant for the ledger.
func (g Grant) facts() note {
	n := note{"role": string(g.Role), "unit": g.UnitID, "below": g.Below}
	if g.Lent() {
		n["lent_by"] = userSubject(g.LentBy)
	}
	if !g.From.IsZero() {
		n["from"] = g.From
	}
	if !g.Until.IsZero() {
		n["until"] = g.Until
	}
	return n
}

func roleUnknown(text string) error {
	var known []string
	for _, r := range roles {
		known = append(known, string(r.Role)+"（"+r.Label+"）")
	}
	return fault.New(fault.Invalid, "role_unknown", "没有“%s”这个角色，可用的有：%s。", fault.Clip(text, 40), strings.Join(known, "、")).At("role")
}
