package desk

import (
	"strconv"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/web/ui"
)

const mePath = At + "me"

// mePage is one's own account.
type mePage struct {
	frame
	Account  access.Account
	UnitName string
	Guest    bool // of the demonstration: what all guests share cannot be changed
	Runes    int
	Factor   access.Factor
	Since    string // of the one-time codes
	Roles    []roleRow
	Lendable []option
	Mates    []option // who may stand in
	Lent     []lentRow
	Sessions []sessionRow
	Others   bool   // there are sessions beside this one
	SSO      string // label of single sign-on
	Reminds  bool
	Pause    string // last day of the pause
	MaxPause int
	Typed    struct{ Grant, To, From, Until string }
	Wrong    map[string]string // by form: password, lend, pause
}

// View names the folder.
func (*mePage) View() string { return "me" }

// lentRow is a role that is with somebody else.
type lentRow struct {
	ID   int64
	Role string
	To   string
	Days string
}

func meRoutes() []*route {
	return []*route{
		{pattern: "GET /desk/me", show: showMe, title: "我的账号"},
		{pattern: "POST /desk/me/password", do: changePassword, title: "我的账号"},
		{pattern: "POST /desk/me/sessions", do: endSessions, title: "我的账号"},
		{pattern: "POST /desk/me/lend", act: access.RoleLend, do: lendRole, title: "我的账号"},
		{pattern: "POST /desk/me/lend/end", do: endLending, title: "我的账号"},
		{pattern: "POST /desk/me/pause", do: pauseReminders, title: "我的账号"},
		{pattern: "GET /desk/me/codes", early: true, show: showCodes, title: "一次性验证码"},
		{pattern: "POST /desk/me/codes/begin", early: true, raw: beginCodes, title: "一次性验证码"},
		{pattern: "POST /desk/me/codes", early: true, raw: endEnrolment, title: "一次性验证码"},
		{pattern: "POST /desk/me/codes/recovery", raw: renewRecovery, title: "恢复码"},
		{pattern: "POST /desk/me/codes/remove", do: removeCodes, title: "一次性验证码"},
	}
}

func showMe(v *visit) (ui.Page, error) { return v.mePage() }

func (v *visit) mePage() (*mePage, error) {
	p := &mePage{frame: v.frame(""), Account: v.me.Account, UnitName: v.unitName(v.me.UnitID), Guest: v.isGuest(v.me.Login),
		Runes: v.Access.Policy().PasswordRunes, Wrong: map[string]string{}}
	p.SSO, _ = v.Access.HasSSO()
	if err := p.pause(v); err != nil {
		return nil, err
	}
	return p, v.DB.View(v.r.Context(), func(tx *db.Tx) (err error) {
		if p.Factor, err = v.Access.Factor(v.r.Context(), tx, v.me.ID); err != nil {
			return err
		}
		p.Since = ui.Stamp(p.Factor.Since)
		if p.Sessions, err = v.sessionRows(tx, v.me.ID); err != nil {
			return err
		}
		p.Others = len(p.Sessions) > 1
		return p.roles(v, tx)
	})
}

// roles lists what the person holds, has lent, and may lend to whom.
func (p *mePage) roles(v *visit, tx *db.Tx) error {
	ctx := v.r.Context()
	grants, err := v.Access.Grants(ctx, tx, v.me.ID)
	if err != nil {
		return err
	}
	names, err := v.lenders(tx, grants)
	if err != nil {
		return err
	}
	for _, g := range grants {
		row := v.roleRow(g, names)
		if p.Roles = append(p.Roles, row); row.Lend {
			p.Lendable = append(p.Lendable, option{Value: strconv.FormatInt(g.ID, 10), Label: row.Role + "（" + row.Where + "）"})
		}
	}
	if len(p.Lendable) == 0 {
		return nil
	}
	mates, err := v.Access.List(ctx, tx, access.Filter{Units: []int64{v.me.UnitID}, State: access.Active})
	if err != nil {
		return err
	}
	called := map[int64]string{}
	for _, a := range mates {
		if called[a.ID] = a.Name; a.ID != v.me.ID {
			p.Mates = append(p.Mates, option{Value: strconv.FormatInt(a.ID, 10), Label: a.Name + "（" + a.Login + "）"})
		}
	}
	lendings, err := v.Access.Lendings(ctx, tx, v.me.ID)
	for _, l := range lendings {
		p.Lent = append(p.Lent, lentRow{l.Lent.ID, l.Lent.Role.Label(), called[l.To], grantDays(l.Lent)})
	}
	return err
}

// wrongMe shows the account once more with a message at one of its forms.
func (v *visit) wrongMe(form string, wrong error) (answer, error) {
	if fault.KindOf(wrong) == fault.Internal {
		return answer{}, wrong
	}
	p, err := v.mePage()
	if err != nil {
		return answer{}, err
	}
	p.Wrong[form] = fault.Public(wrong)
	p.Typed.Grant, p.Typed.To, p.Typed.From, p.Typed.Until = v.field("grant"), v.field("to"), v.field("from"), v.field("until")
	for _, list := range []struct {
		options []option
		value   string
	}{{p.Lendable, p.Typed.Grant}, {p.Mates, p.Typed.To}} {
		for i := range list.options {
			list.options[i].On = list.options[i].Value == list.value
		}
	}
	return again(p)
}

func changePassword(v *visit) (answer, error) {
	old, fresh := v.r.PostFormValue("old"), v.r.PostFormValue("password")
	if fresh != v.r.PostFormValue("again") {
		return v.wrongMe("password", fault.New(fault.Invalid, "password_again", "两次输入的新密码不一样，请重新输入。"))
	}
	switch err := v.Access.ChangePassword(v.r.Context(), v.session, old, fresh); {
	case hasCode(err, access.CodeConfirm):
		return goTo(confirmFirst(mePath))
	case err != nil:
		return v.wrongMe("password", err)
	}
	return goTo(mePath, "密码已经改好；其他地方的登录都已退出。")
}

// endSessions ends one session, or all but this one where none is named.
func endSessions(v *visit) (answer, error) {
	id := v.number("session")
	err := v.DB.Update(v.r.Context(), func(tx *db.Tx) error {
		if id == 0 {
			return v.Access.RevokeSessions(v.r.Context(), tx, v.me, v.me.ID, v.session.ID)
		}
		return v.Access.RevokeSession(v.r.Context(), tx, v.me, id)
	})
	switch {
	case err != nil:
		return answer{}, err
	case id == v.session.ID:
		return goTo(signInPath, "这里的登录已经结束。")
	case id == 0:
		return goTo(mePath+"#sessions", "其他地方的登录都已退出。")
	}
	return goTo(mePath+"#sessions", "那一处的登录已经退出。")
}

func lendRole(v *visit) (answer, error) {
	l := access.Lending{GrantID: v.number("grant"), To: v.number("to")}
	var err error
	if l.From, err = v.date("from", "第一天"); err != nil {
		return v.wrongMe("lend", err)
	}
	if l.Until, err = v.date("until", "最后一天"); err != nil {
		return v.wrongMe("lend", err)
	}
	if l.To == 0 {
		return v.wrongMe("lend", fault.New(fault.Invalid, "lend_to", "请选谁来替班。"))
	}
	err = v.DB.Update(v.r.Context(), func(tx *db.Tx) error {
		_, err := v.Access.Lend(v.r.Context(), tx, v.me, l)
		return err
	})
	if err != nil {
		return v.wrongMe("lend", err)
	}
	return goTo(mePath+"#lend", "已经委托。到期自动收回，您也可以随时收回。")
}

func endLending(v *visit) (answer, error) {
	err := v.DB.Update(v.r.Context(), func(tx *db.Tx) error {
		return v.Access.Revoke(v.r.Context(), tx, v.me, v.number("grant"))
	})
	if err != nil {
		return v.wrongMe("lend", err)
	}
	return goTo(mePath+"#lend", "这项委托已经结束。")
}
