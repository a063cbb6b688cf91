package desk

import (
	"strconv"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/web/ui"
)

const accountsPath = At + "accounts"

// accountRoutes are the addresses about accounts of others.
func accountRoutes() []*route {
	const section = accountsPath
	return []*route{
		{pattern: "GET /desk/accounts", act: access.AccountManage, show: showAccounts, section: section, title: "账号"},
		{pattern: "GET /desk/accounts/new", act: access.AccountManage, show: newAccount, section: section, title: "新账号"},
		{pattern: "POST /desk/accounts", act: access.AccountManage, raw: invite, section: section, title: "新账号"},
		{pattern: "GET /desk/accounts/{id}", act: access.AccountManage, show: showAccount, section: section},
		{pattern: "POST /desk/accounts/{id}/change", act: access.AccountManage, do: changeAccount, section: section},
		{pattern: "POST /desk/accounts/{id}/grant", act: access.RoleGrant, do: grantRole, section: section},
		{pattern: "POST /desk/accounts/{id}/revoke", act: access.RoleGrant, do: revokeRole, section: section},
		{pattern: "POST /desk/accounts/{id}/state", act: access.AccountManage, do: switchAccount, section: section},
		{pattern: "POST /desk/accounts/{id}/link", act: access.AccountManage, raw: sendLink, section: section},
		{pattern: "POST /desk/accounts/{id}/sessions", act: access.AccountManage, do: endAccountSessions, section: section},
		{pattern: "GET /desk/roles", show: showRoles, title: "角色和权限"},
	}
}

// accountsPage lists accounts.
type accountsPage struct {
	frame
	Words  string
	Units  []option
	States []option
	Roles  []option
	Rows   []accountRow
	More   string
	Empty  empty
}

// View names the folder.
func (*accountsPage) View() string { return "accounts" }

type accountRow struct {
	Login, Name, Unit, Path string
	State                   badge
	Codes                   bool
	Seen                    string
}

// accountBadges are the states of accounts.
var accountBadges = map[access.State]badge{
	access.Invited:  {"warn", "◷", access.Invited.Label()},
	access.Active:   {"ok", "✓", access.Active.Label()},
	access.Disabled: {"late", "×", access.Disabled.Label()},
}

const accountsShown = 50

func showAccounts(v *visit) (ui.Page, error) {
	p := &accountsPage{frame: v.frame(""), Words: v.query("q"), Units: v.unitsToPick(access.AccountManage, v.query("unit")), Roles: roleChoices(v.query("role")),
		Empty: empty{Why: "没有符合条件的账号。", Way: "换一个条件，或者发一份邀请。", Links: []ui.Link{{Label: "全部账号", Path: accountsPath}, {Label: "邀请", Path: accountsPath + "/new"}}}}
	for _, s := range []access.State{access.Invited, access.Active, access.Disabled} {
		p.States = append(p.States, option{string(s), s.Label(), string(s) == v.query("state")})
	}
	units, all := v.me.Reach(access.AccountManage)
	if id, err := strconv.ParseInt(v.query("unit"), 10, 64); err == nil {
		if !v.me.Can(access.AccountManage, id) {
			return nil, access.Refusal(access.AccountManage)
		}
		units, all = []int64{id}, false
	}
	if all {
		units = nil
	}
	after, _ := strconv.ParseInt(v.query("after"), 10, 64)
	f := access.Filter{Units: units, State: access.State(v.query("state")), Role: access.Role(v.query("role")), Text: p.Words, After: after, Limit: accountsShown + 1}
	return p, v.DB.View(v.r.Context(), func(tx *db.Tx) error {
		list, err := v.Access.List(v.r.Context(), tx, f)
		if len(list) > accountsShown {
			list = list[:accountsShown]
			p.More = v.with("after", strconv.FormatInt(list[accountsShown-1].ID, 10))
		}
		for _, a := range list {
			p.Rows = append(p.Rows, accountRow{a.Login, a.Name, v.unitName(a.UnitID), accountPath(a.ID), accountBadges[a.State], a.Factor, ui.Stamp(a.SeenAt)})
		}
		return err
	})
}

func accountPath(id int64) string { return accountsPath + "/" + strconv.FormatInt(id, 10) }

// unitsToPick are the units of today for which somebody can do act.
func (v *visit) unitsToPick(act access.Act, chosen string) (list []option) {
	for _, o := range v.tree.All(v.today) {
		if v.me.Can(act, o.ID) {
			id := strconv.FormatInt(o.ID, 10)
			list = append(list, option{id, o.NameOn(v.today), id == chosen})
		}
	}
	return list
}

func roleChoices(chosen string) (list []option) {
	for _, r := range access.Roles() {
		list = append(list, option{string(r.Role), r.Label, string(r.Role) == chosen})
	}
	return list
}

// invitePage asks for a new account.
type invitePage struct {
	frame
	Typed  struct{ Login, Name, Email string }
	Grants bool // the person can also give a role
	Units  []option
	Roles  []option
	Below  bool
	Wrong  string
}

// View names the folder.
func (*invitePage) View() string { return "account_new" }

// onceLinkPage shows a link that works once, this once.
type onceLinkPage struct {
	frame
	Account access.Account
	Address string // of the link; "" where it was mailed
	Mailed  string
	Expires string
	Back    string
}

// View names the folder.
func (*onceLinkPage) View() string { return "account_link" }

func (v *visit) invitePage() *invitePage {
	p := &invitePage{frame: v.frame(""), Grants: v.me.CanAnywhere(access.RoleGrant), Units: v.unitsToPick(access.AccountManage, v.field("unit")),
		Roles: roleChoices(v.field("role")), Below: v.field("below") != ""}
	p.Typed.Login, p.Typed.Name, p.Typed.Email = v.field("login"), v.field("name"), v.field("email")
	return p
}

func newAccount(v *visit) (ui.Page, error) {
	if err := v.readForm(); err != nil {
		return nil, err
	}
	return v.invitePage(), nil
}

// invite makes an account. The link is shown where it could not be mailed.
func invite(v *visit) error {
	if err := v.readForm(); err != nil {
		return err
	}
	n := access.NewAccount{Login: v.field("login"), Name: v.field("name"), Email: v.field("email"), UnitID: v.number("unit")}
	if role := v.field("role"); role != "" {
		n.Grants = []access.Grant{{Role: access.Role(role), UnitID: n.UnitID, Below: v.field("below") != ""}}
	}
	var a access.Account
	var l access.Link
	err := v.DB.Update(v.r.Context(), func(tx *db.Tx) (err error) {
		a, l, err = v.Access.Invite(v.r.Context(), tx, v.me, n)
		return err
	})
	switch {
	case tellable(err):
		p := v.invitePage()
		p.Wrong = fault.Public(err)
		return v.mend(p)
	case err != nil:
		return err
	}
	return v.present(v.onceLink("邀请", a, l))
}

func (v *visit) onceLink(title string, a access.Account, l access.Link) *onceLinkPage {
	p := &onceLinkPage{frame: v.frame(title), Account: a, Mailed: l.Mailed, Expires: ui.Stamp(l.Expires), Back: accountPath(a.ID)}
	if l.Token != "" {
		p.Address = v.publicBase() + l.Path()
	}
	return p
}

// publicBase is what addresses of the program begin with for others.
func (v *visit) publicBase() string {
	switch {
	case v.Access.Policy().BaseURL != "":
		return v.Access.Policy().BaseURL
	case v.Origin != "":
		return v.Origin
	case v.Secure:
		return "https://" + v.r.Host
	}
	return "http://" + v.r.Host
}
