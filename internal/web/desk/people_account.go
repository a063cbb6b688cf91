package desk

import (
	"context"
	"slices"
	"strconv"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/web/ui"
)

// accountPage is the account of somebody else.
type accountPage struct {
	frame
	Account  access.Account
	Path     string
	State    badge
	UnitName string
	Made     string
	Seen     string
	Mine     bool // one's own: what is done to it is done at /desk/me
	Disabled bool
	Typed    struct{ Name, Email string }
	Units    []option
	Grants   []roleRow
	Give     bool // roles can be given and taken here
	Roles    []option
	Places   []option // units in which a role can be given
	Sessions []sessionRow
	Wrong    map[string]string // by form: change, grant, state, link
}

// View names the folder.
func (*accountPage) View() string { return "account" }

// account is the account of the address, where the person may manage it.
func (v *visit) account() (a access.Account, err error) {
	id, err := v.id("id")
	if err != nil {
		return a, err
	}
	err = v.DB.View(v.r.Context(), func(tx *db.Tx) error {
		a, err = v.Access.Get(v.r.Context(), tx, id)
		return err
	})
	if err == nil && !v.me.Can(access.AccountManage, a.UnitID) {
		err = access.Refusal(access.AccountManage)
	}
	return a, err
}

func showAccount(v *visit) (ui.Page, error) {
	a, err := v.account()
	if err != nil {
		return nil, err
	}
	return v.accountPage(a)
}

func (v *visit) accountPage(a access.Account) (*accountPage, error) {
	p := &accountPage{frame: v.frame(a.Name), Account: a, Path: accountPath(a.ID), State: accountBadges[a.State], UnitName: v.unitName(a.UnitID),
		Made: ui.Stamp(a.MadeAt), Seen: ui.Stamp(a.SeenAt), Mine: a.ID == v.me.ID, Disabled: a.State == access.Disabled, Give: v.me.CanAnywhere(access.RoleGrant) && a.ID != v.me.ID,
		Units: v.unitsToPick(access.AccountManage, strconv.FormatInt(a.UnitID, 10)), Roles: roleChoices(v.r.PostFormValue("role")), Wrong: map[string]string{}}
	p.Typed.Name, p.Typed.Email = a.Name, a.Email
	if p.Give {
		place := v.r.PostFormValue("unit")
		if place == "" {
			place = strconv.FormatInt(a.UnitID, 10)
		}
		p.Places = v.unitsToPick(access.RoleGrant, place)
	}
	return p, v.DB.View(v.r.Context(), func(tx *db.Tx) error {
		grants, err := v.Access.Grants(v.r.Context(), tx, a.ID)
		if err != nil {
			return err
		}
		names, err := v.lenders(tx, grants)
		if err != nil {
			return err
		}
		for _, g := range grants {
			p.Grants = append(p.Grants, v.roleRow(g, names))
		}
		p.Sessions, err = v.sessionRows(tx, a.ID)
		return err
	})
}

// onAccount does something to the account of the address. What the person can
// mend stands beside the form of that name.
func (v *visit) onAccount(form, note string, do func(ctx context.Context, tx *db.Tx, id int64) error) (answer, error) {
	a, err := v.account()
	if err != nil {
		return answer{}, err
	}
	err = v.DB.Update(v.r.Context(), func(tx *db.Tx) error { return do(v.r.Context(), tx, a.ID) })
	switch {
	case tellable(err):
		p, failed := v.accountPage(a)
		if failed != nil {
			return answer{}, failed
		}
		p.Wrong[form] = fault.Public(err)
		if form == "change" {
			p.Typed.Name, p.Typed.Email = v.field("name"), v.field("email")
		}
		return again(p)
	case err != nil:
		return answer{}, err
	}
	return goTo(accountPath(a.ID), note)
}

func changeAccount(v *visit) (answer, error) {
	name, email, unit := v.field("name"), v.field("email"), v.number("unit")
	return v.onAccount("change", "账号已经修改。", func(ctx context.Context, tx *db.Tx, id int64) error {
		return v.Access.Change(ctx, tx, v.me, id, access.Change{Name: &name, Email: &email, UnitID: &unit})
	})
}

func grantRole(v *visit) (answer, error) {
	g := access.Grant{Role: access.Role(v.field("role")), UnitID: v.number("unit"), Below: v.field("below") != ""}
	var wrong [2]error
	g.From, wrong[0] = v.date("from", "第一天")
	g.Until, wrong[1] = v.date("until", "最后一天")
	return v.onAccount("grant", "角色已经授予，马上有效。", func(ctx context.Context, tx *db.Tx, id int64) error {
		if i := slices.IndexFunc(wrong[:], func(err error) bool { return err != nil }); i >= 0 {
			return wrong[i]
		}
		_, err := v.Access.Grant(ctx, tx, v.me, id, g)
		return err
	})
}

// revokeRole takes back a role that the account of the address holds.
func revokeRole(v *visit) (answer, error) {
	return v.onAccount("grant", "角色已经收回，马上有效。", func(ctx context.Context, tx *db.Tx, id int64) error {
		grants, err := v.Access.Grants(ctx, tx, id)
		if err != nil {
			return err
		}
		grant := v.number("grant")
		if !slices.ContainsFunc(grants, func(g access.Grant) bool { return g.ID == grant }) {
			return fault.New(fault.NotFound, "grant_unknown", "这个账号没有这项角色，可能刚刚已经收回。")
		}
		return v.Access.Revoke(ctx, tx, v.me, grant)
	})
}

// switchAccount bars an account, or lets it in again.
func switchAccount(v *visit) (answer, error) {
	if v.field("enable") != "" {
		return v.onAccount("state", "账号已经恢复。", func(ctx context.Context, tx *db.Tx, id int64) error {
			return v.Access.Enable(ctx, tx, v.me, id)
		})
	}
	return v.onAccount("state", "账号已经停用，登录着的地方都已退出。", func(ctx context.Context, tx *db.Tx, id int64) error {
		return v.Access.Disable(ctx, tx, v.me, id, v.field("reason"))
	})
}

func endAccountSessions(v *visit) (answer, error) {
	return v.onAccount("sessions", "登录着的地方都已退出。", func(ctx context.Context, tx *db.Tx, id int64) error {
		return v.Access.RevokeSessions(ctx, tx, v.me, id, 0)
	})
}

// sendLink makes a link by which the holder sets a password.
func sendLink(v *visit) error {
	if err := v.readForm(); err != nil {
		return err
	}
	a, err := v.account()
	if err != nil {
		return err
	}
	var l access.Link
	err = v.DB.Update(v.r.Context(), func(tx *db.Tx) (err error) {
		l, err = v.Access.ResetByLink(v.r.Context(), tx, v.me, a.ID, access.Reset{Factor: v.field("factor") != ""})
		return err
	})
	switch {
	case tellable(err):
		p, failed := v.accountPage(a)
		if failed != nil {
			return failed
		}
		p.Wrong["link"] = fault.Public(err)
		return v.mend(p)
	case err != nil:
		return err
	}
	return v.present(v.onceLink("一次性链接", a, l))
}
