package desk

import (
	"net/http"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/fault"
	"gongkai/internal/web/ui"
)

// linkPage lets the receiver of a one-time link set a password.
type linkPage struct {
	frame
	access.Invitation
	Token string
	Typed struct{ Login, Name string } // of the very first account
	Runes int                          // shortest password
	Wrong string
}

// View names the folder.
func (*linkPage) View() string { return "link" }

// confirmPage asks once more who somebody is.
type confirmPage struct {
	frame
	Next   string
	Factor bool
	Guest  bool // of the demonstration, who has no password to type
	Wrong  string
}

// View names the folder.
func (*confirmPage) View() string { return "confirm" }

func (k *Desk) linkRoutes() []*route {
	return []*route{
		{pattern: "GET /desk/link/{token}", open: true, show: showLink, title: "设定密码"},
		{pattern: "POST /desk/link/{token}", open: true, do: useLink, title: "设定密码"},
		{pattern: "GET /desk/confirm", show: showConfirm, title: "再次确认身份"},
		{pattern: "POST /desk/confirm", do: confirm, title: "再次确认身份"},
		{pattern: "GET /desk/sso", open: true, raw: beginSSO},
		{pattern: "GET /desk/sso/back", open: true, raw: finishSSO},
	}
}

func (v *visit) linkPage() (*linkPage, error) {
	p := &linkPage{frame: v.frame(""), Token: v.r.PathValue("token"), Runes: v.Access.Policy().PasswordRunes}
	var err error
	p.Invitation, err = v.Access.Invitation(v.r.Context(), p.Token)
	return p, err
}

func showLink(v *visit) (ui.Page, error) {
	p, err := v.linkPage()
	if err != nil {
		return nil, err
	}
	return p, nil
}

func useLink(v *visit) (answer, error) {
	p, err := v.linkPage()
	if err != nil {
		return answer{}, err
	}
	p.Typed.Login, p.Typed.Name = v.field("login"), v.field("name")
	password := v.r.PostFormValue("password")
	if password != v.r.PostFormValue("again") {
		p.Wrong = "两次输入的密码不一样，请重新输入。"
		return again(p)
	}
	at := v.attempt()
	r, err := v.Access.Accept(v.r.Context(), access.Acceptance{
		Token: p.Token, Password: password, Login: p.Typed.Login, Name: p.Typed.Name, Address: at.Address, Agent: at.Agent})
	if err != nil && fault.KindOf(err) != fault.Internal {
		p.Wrong = fault.Public(err)
		return again(p)
	}
	if err != nil {
		return answer{}, err
	}
	return v.arrive(r, At)
}

// confirmLife is how long a confirmation counts for signing off.
const confirmLife = 5 * time.Minute

// confirmed tells whether somebody has shown who he is a moment ago. Where
// not, the answer leads there and back to path.
func (v *visit) confirmed(path string) (answer, bool) {
	if v.session.ConfirmedWithin(confirmLife) {
		return answer{}, true
	}
	shell := ui.Shell{}
	a, _ := goTo(shell.URL(At+"confirm", "next", path), "签发等重要事项要先确认是您本人；确认后请再按一次刚才的按钮。")
	return a, false
}

func (v *visit) confirmPage(next string) *confirmPage {
	return &confirmPage{frame: v.frame(""), Next: v.next(next), Factor: v.me.Factor, Guest: v.isGuest(v.me.Login)}
}

func showConfirm(v *visit) (ui.Page, error) { return v.confirmPage(v.query("next")), nil }

func confirm(v *visit) (answer, error) {
	proof := access.Proof{Password: v.r.PostFormValue("password"), Code: v.field("code")}
	var err error
	if v.isGuest(v.me.Login) {
		if proof.Password, err = v.Password(v.r.Context(), v.me.Login); err != nil {
			return answer{}, err
		}
	}
	_, err = v.Access.Confirm(v.r.Context(), v.session, proof)
	if err != nil && fault.KindOf(err) != fault.Internal {
		p := v.confirmPage(v.field("next"))
		p.Wrong = fault.Public(err)
		return again(p)
	}
	if err != nil {
		return answer{}, err
	}
	return goTo(v.next(v.field("next")), "已确认是您本人，5分钟内有效。请继续。")
}

// ssoCookie holds what single sign-on must find again when it comes back.
const ssoCookie = "gk_sso"

func beginSSO(v *visit) error {
	redirect, cookie, err := v.Access.Begin(v.r.Context())
	if err != nil {
		return err
	}
	http.SetCookie(v.w, v.cookie(ssoCookie, cookie, 10*time.Minute))
	http.Redirect(v.w, v.r, redirect, http.StatusSeeOther)
	return nil
}

func finishSSO(v *visit) error {
	back := access.Return{State: v.query("state"), Code: v.query("code")}
	if c, err := v.r.Cookie(ssoCookie); err == nil {
		back.Cookie = c.Value
	}
	at := v.attempt()
	back.Device, back.Address, back.Agent = at.Device, at.Address, at.Agent
	http.SetCookie(v.w, v.cookie(ssoCookie, "", -1))
	r, err := v.Access.Finish(v.r.Context(), back)
	if err != nil {
		return err
	}
	a, err := v.arrive(r, At)
	if err != nil {
		return err
	}
	v.leaveNote(a.note)
	http.Redirect(v.w, v.r, a.to, http.StatusSeeOther)
	return nil
}
