package desk

import (
	"net/http"
	"strings"
	"testing"

	"gongkai/internal/access"
)

func TestSignInLeadsBack(t *testing.T) {
	r := newRoom(t)
	b := r.nobody()
	to := b.get("/desk/me?x=1").wants(http.StatusSeeOther).To
	if to != "/desk/signin?next=%2Fdesk%2Fme%3Fx%3D1" {
		t.Errorf("leads to %s", to)
	}
	b.get(to).wants(http.StatusOK, `name="next" value="/desk/me?x=1"`)
	b.post("/desk/signin", "login", "no-one", "password", "guess").wants(http.StatusUnprocessableEntity, "登录名或密码不对", `value="no-one"`)
	b.get("/desk/").wants(http.StatusSeeOther)
}

func TestSignInLeadsNowhereElse(t *testing.T) {
	r := newRoom(t)
	for _, next := range []string{"https://example.com/", "//example.com/desk/", "/search", "/desk/signin/code"} {
		r.nobody().get("/desk/signin?next="+strings.ReplaceAll(next, "/", "%2F")).wants(http.StatusOK, `name="next" value="/desk/"`)
	}
}

func TestSignOutEndsTheSession(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Editor, r.edu)
	b.get("/desk/no-such-page").wants(http.StatusNotFound, "工作台没有")
	b.post("/desk/signout").wants(http.StatusSeeOther)
	if to := b.get("/desk/no-such-page").wants(http.StatusSeeOther).To; !strings.HasPrefix(to, "/desk/signin") {
		t.Errorf("leads to %s", to)
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Editor, r.edu)
	req, err := http.NewRequest(http.MethodPost, r.url+"/desk/signout", nil)
	check(t, err)
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	b.do(req).wants(http.StatusForbidden, "来自别的网站")
	b.get("/desk/no-such-page").wants(http.StatusNotFound)
}

func TestCookiesAreTheDesksAlone(t *testing.T) {
	r := newRoom(t)
	p := r.as(access.Editor, r.edu)
	s := r.nobody().post("/desk/signin", "login", p.person.Login, "password", good).wants(http.StatusSeeOther)
	for _, c := range s.Header.Values("Set-Cookie") {
		for _, want := range []string{"Path=/desk/", "HttpOnly", "SameSite=Lax"} {
			if !strings.Contains(c, want) {
				t.Errorf("cookie without %s: %s", want, strings.SplitN(c, "=", 2)[0])
			}
		}
	}
}
