package desk

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"gongkai/internal/access"
	"gongkai/internal/fault"
	"gongkai/internal/web/ui"
)

// Cookies of sign-in. The device tells a browser that has signed in before
// from one that guesses, so that guessing does not slow its owner down.
const (
	sessionCookie = "gk_desk"
	deviceCookie  = "gk_device"
)

// holder is a session that holds with its person.
type holder struct {
	session access.Session
	person  *access.Person
}

// signedIn is the session of a request: nil where it shows none, a fault with
// access.CodeSignIn where it shows one that is over.
func (k *Desk) signedIn(r *http.Request) (*holder, error) {
	c, err := r.Cookie(sessionCookie)
	if errors.Is(err, http.ErrNoCookie) {
		return nil, nil
	}
	s, p, err := k.Access.Session(r.Context(), c.Value)
	if err != nil {
		return nil, err
	}
	return &holder{s, p}, nil
}

// toSignIn leads to the sign-in page and from there back. What a form wanted
// cannot be repeated, so the reader is told.
func (k *Desk) toSignIn(w http.ResponseWriter, r *http.Request) error {
	if wantsJSON(r) {
		return answerJSON(w, http.StatusUnauthorized, map[string]string{"error": "登录已经过期。请在另一个窗口重新登录，再回来保存；这里的内容没有丢。", "url": signInPath})
	}
	v := &visit{Desk: k, w: w, r: r}
	next := At
	if r.Method == http.MethodGet {
		next = r.URL.RequestURI()
	} else {
		v.leaveNote("登录已经过期，刚才提交的内容没有保存。请重新登录，返回上一页再提交一次。")
	}
	shell := ui.Shell{}
	http.Redirect(w, r, shell.URL(signInPath, "next", next), http.StatusSeeOther)
	return nil
}

const signInPath = At + "signin"

// signInPage asks who somebody is.
type signInPage struct {
	frame
	Login  string
	Next   string
	Wrong  string
	Guests []Guest
	SSO    string // label of single sign-on; "" for none
}

// View names the folder.
func (*signInPage) View() string { return "signin" }

// codePage asks for a one-time code.
type codePage struct {
	frame
	Next  string
	Wrong string
}

// View names the folder.
func (*codePage) View() string { return "signin_code" }

func (k *Desk) signInRoutes() []*route {
	return []*route{
		{pattern: "GET /desk/signin", open: true, show: showSignIn, title: "登录工作台"},
		{pattern: "POST /desk/signin", open: true, do: signIn, title: "登录工作台"},
		{pattern: "POST /desk/guest", open: true, do: guestSignIn, title: "登录工作台"},
		{pattern: "GET /desk/signin/code", open: true, show: showCode, title: "一次性验证码"},
		{pattern: "POST /desk/signin/code", open: true, do: signInCode, title: "一次性验证码"},
		{pattern: "POST /desk/signout", open: true, do: signOut},
	}
}

// next is where sign-in leads: a page of the desk.
func (v *visit) next(text string) string {
	if p := ui.LocalPath(text); strings.HasPrefix(p, At) && !strings.HasPrefix(p, signInPath) {
		return p
	}
	return At
}

func (v *visit) signInPage() *signInPage {
	p := &signInPage{frame: v.frame(""), Next: v.next(v.query("next")), Guests: v.Demo}
	p.SSO, _ = v.Access.HasSSO()
	return p
}

func showSignIn(v *visit) (ui.Page, error) { return v.signInPage(), nil }

// attempt is what every try to sign in says of where it comes from.
func (v *visit) attempt() access.Attempt {
	a := access.Attempt{Address: ui.ClientAddr(v.Trusted...)(v.r).String(), Agent: v.r.UserAgent()}
	if c, err := v.r.Cookie(deviceCookie); err == nil {
		a.Device = c.Value
	}
	return a
}

func signIn(v *visit) (answer, error) {
	a := v.attempt()
	a.Login, a.Password = v.field("login"), v.r.PostFormValue("password")
	r, err := v.Access.SignIn(v.r.Context(), a)
	if fault.KindOf(err) != fault.Internal {
		p := v.signInPage()
		p.Login, p.Next, p.Wrong = a.Login, v.next(v.field("next")), fault.Public(err)
		return again(p)
	}
	if err != nil {
		return answer{}, err
	}
	return v.arrive(r, v.next(v.field("next")))
}

// arrive gives the browser its session and leads on.
func (v *visit) arrive(r access.Result, next string) (answer, error) {
	http.SetCookie(v.w, v.cookie(sessionCookie, r.Token, 0))
	if r.Device != "" {
		http.SetCookie(v.w, v.cookie(deviceCookie, r.Device, v.Access.Policy().Device))
	}
	shell := ui.Shell{}
	switch r.Needs() {
	case access.NeedCode:
		return goTo(shell.URL(signInPath+"/code", "next", next), "")
	case access.NeedEnrol:
		return goTo(At+"me/codes", "您的角色要求一次性验证码，请先在这里设置。")
	}
	return goTo(next, "")
}

func showCode(v *visit) (ui.Page, error) {
	return &codePage{frame: v.frame(""), Next: v.next(v.query("next"))}, nil
}

func signInCode(v *visit) (answer, error) {
	c, err := v.r.Cookie(sessionCookie)
	if err != nil {
		return goTo(signInPath, "请从头登录一次。")
	}
	r, err := v.Access.Complete(v.r.Context(), c.Value, v.field("code"))
	switch {
	case hasCode(err, access.CodeSignIn):
		return goTo(signInPath, "等得太久了，请从头登录一次。")
	case err != nil && fault.KindOf(err) != fault.Internal:
		return again(&codePage{frame: v.frame(""), Next: v.next(v.field("next")), Wrong: fault.Public(err)})
	case err != nil:
		return answer{}, err
	}
	return v.arrive(r, v.next(v.field("next")))
}

func hasCode(err error, code string) bool {
	f, ok := fault.Of(err)
	return ok && f.Code == code
}

// isGuest tells whether a login is of the demonstration.
func (k *Desk) isGuest(login string) bool {
	return slices.ContainsFunc(k.Demo, func(g Guest) bool { return g.Login == login })
}

// guestSignIn is the way in of the demonstration.
func guestSignIn(v *visit) (answer, error) {
	a := v.attempt()
	if a.Login = v.field("login"); !v.isGuest(a.Login) {
		return answer{}, fault.New(fault.NotFound, "guest_unknown", "演示里没有这个人，请从登录页选一个。")
	}
	var err error
	if a.Password, err = v.Password(v.r.Context(), a.Login); err != nil {
		return answer{}, err
	}
	r, err := v.Access.SignIn(v.r.Context(), a)
	if err != nil {
		return answer{}, err
	}
	return v.arrive(r, v.next(v.field("next")))
}

func signOut(v *visit) (answer, error) {
	if c, err := v.r.Cookie(sessionCookie); err == nil {
		if err := v.Access.SignOut(v.r.Context(), c.Value); err != nil {
			return answer{}, err
		}
	}
	http.SetCookie(v.w, v.cookie(sessionCookie, "", -1))
	v.w.Header().Set("Clear-Site-Data", `"storage"`) // the editor's copies in this browser
	return goTo(signInPath, "您已退出。")
}
