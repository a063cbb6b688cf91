package desk

import (
	"encoding/base64"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/unit"
	"gongkai/internal/web/ui"
)

// visit is one request with what every handler needs.
type visit struct {
	*Desk
	w       http.ResponseWriter
	r       *http.Request
	rt      *route
	me      *access.Person // nil for nobody
	session access.Session
	tree    *unit.Tree
	today   civil.Date // of the city
}

func (k *Desk) visit(w http.ResponseWriter, r *http.Request, rt *route) (*visit, error) {
	v := &visit{Desk: k, w: w, r: r, rt: rt, today: k.Clock.Today()}
	var err error
	if v.tree, err = k.Units.Snapshot(r.Context()); err != nil {
		return nil, err
	}
	s, err := k.signedIn(r)
	switch fault.KindOf(err) {
	case fault.Internal:
		if err != nil {
			return nil, err
		}
	default: // a session that is over is no session
		return v, nil
	}
	if s != nil {
		v.me, v.session = s.person, s.session
	}
	return v, nil
}

// whole tells whether nothing is missing that the route asks of a session. One
// that still lacks its code is not a sign-in.
func (v *visit) whole() bool {
	return v.session.Needs == access.NeedNothing || v.session.Needs == access.NeedEnrol && v.rt.early
}

// complete leads to where what a session lacks is given.
func (v *visit) complete() error {
	switch {
	case wantsJSON(v.r):
		return answerJSON(v.w, http.StatusUnauthorized, map[string]string{"error": "登录还没有完成。请在另一个窗口登录完，再回来保存；这里的内容没有丢。", "url": signInPath})
	case v.session.Needs == access.NeedEnrol:
		http.Redirect(v.w, v.r, codesPath, http.StatusSeeOther)
	default:
		http.Redirect(v.w, v.r, signInPath+"/code", http.StatusSeeOther)
	}
	return nil
}

// id reads a number of the address.
func (v *visit) id(name string) (int64, error) {
	n, err := strconv.ParseInt(v.r.PathValue(name), 10, 64)
	if err != nil || n <= 0 {
		return 0, fault.New(fault.NotFound, "address_unknown", "没有编号为“%s”的内容，请从列表里打开。", fault.Clip(v.r.PathValue(name), 20))
	}
	return n, nil
}

// query is a parameter of the address, trimmed.
func (v *visit) query(name string) string { return strings.TrimSpace(v.r.URL.Query().Get(name)) }

// readForm reads what a form sends, with its files.
func (v *visit) readForm() error {
	kind, _, _ := mime.ParseMediaType(v.r.Header.Get("Content-Type"))
	var err error
	if kind == "multipart/form-data" {
		err = v.r.ParseMultipartForm(8 << 20)
	} else {
		err = v.r.ParseForm()
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return fault.New(fault.TooLarge, "form_large", "提交的内容超过 %d MB，没有收下。请把大文件作为附件分开上传。", large.Limit>>20)
	case err != nil:
		return fault.New(fault.Invalid, "form_broken", "提交的内容读不出来，可能中途断了网。请返回上一页再提交一次。").Because(err)
	}
	return nil
}

// field is what a form sends under a name, trimmed.
func (v *visit) field(name string) string { return strings.TrimSpace(v.r.PostFormValue(name)) }

// fields are all values under a name.
func (v *visit) fields(name string) []string { return v.r.PostForm[name] }

// number is a whole number of a form, 0 where there is none.
func (v *visit) number(name string) int64 {
	n, _ := strconv.ParseInt(v.field(name), 10, 64)
	return n
}

// date is a day of a form; empty is the zero date.
func (v *visit) date(name, label string) (civil.Date, error) {
	text := v.field(name)
	if text == "" {
		return civil.Date{}, nil
	}
	d, err := civil.ParseDate(text)
	if err != nil {
		return d, fault.New(fault.Invalid, "date_bad", "“%s”不是日期，应写成 2021-06-11 的样子。", fault.Clip(text, 20)).At("%s", label)
	}
	return d, nil
}

// unitName is what a unit is called today.
func (v *visit) unitName(id int64) string { return v.tree.NameOn(id, v.today) }

// noteCookie carries one sentence to the next page.
const noteCookie = "gk_note"

// leaveNote says something on the next page.
func (v *visit) leaveNote(text string) {
	if text != "" {
		http.SetCookie(v.w, v.cookie(noteCookie, base64.RawURLEncoding.EncodeToString([]byte(fault.Clip(text, 600))), time.Minute))
	}
}

// takeNote reads what the last page left, once.
func (v *visit) takeNote() string {
	c, err := v.r.Cookie(noteCookie)
	if err != nil {
		return ""
	}
	http.SetCookie(v.w, v.cookie(noteCookie, "", -1))
	text, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return ""
	}
	return string(text)
}

// cookie is one for the desk alone. A negative life ends it.
func (v *visit) cookie(name, value string, life time.Duration) *http.Cookie {
	c := &http.Cookie{Name: name, Value: value, Path: At, HttpOnly: true, Secure: v.Secure, SameSite: http.SameSiteLaxMode}
	switch {
	case life < 0:
		c.MaxAge = -1
	case life > 0:
		c.MaxAge = int(life / time.Second)
	}
	return c
}

// back is where a form leads when it is done: the page named in its field
// "back", which must be one of the desk.
func (v *visit) back(otherwise string) string {
	if p := ui.LocalPath(v.field("back")); strings.HasPrefix(p, At) {
		return p
	}
	return otherwise
}

// here is the address of this page with its query.
func (v *visit) here() string { return v.r.URL.RequestURI() }

// with is the address of this page with some of its query changed; "" takes a
// parameter away.
func (v *visit) with(pairs ...string) string {
	q := url.Values{}
	for name, values := range v.r.URL.Query() {
		q[name] = values
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if q.Del(pairs[i]); pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return v.r.URL.Path
	}
	return v.r.URL.Path + "?" + q.Encode()
}
