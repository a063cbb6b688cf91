package desk

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"gongkai/internal/access"
)

var onceLink = regexp.MustCompile(`http://[^/]+(/desk/link/[A-Za-z0-9_-]+)`)

// linkOf is the link that a page shows once.
func (s *seen) linkOf() string {
	s.t.Helper()
	found := onceLink.FindStringSubmatch(s.Body)
	if found == nil {
		s.t.Fatalf("%s: shows no link: %s", s.what, words(s.Body))
	}
	return found[1]
}

var accountWay = regexp.MustCompile(`/desk/accounts/\d+`)

func TestAccountLivesFromInvitationToEnd(t *testing.T) {
	r := newRoom(t)
	boss := r.as(access.SecurityAdmin, r.root)
	boss.post("/desk/accounts", "name", "周明", "login", "zhou ming!", "unit", num(r.edu)).wants(http.StatusUnprocessableEntity, `value="周明"`)
	page := boss.post("/desk/accounts", "name", "周明", "login", "zhouming", "unit", num(r.edu), "role", "editor").wants(http.StatusOK, "只在这里显示这一次")
	link, at := page.linkOf(), accountWay.FindString(page.Body)
	holder := r.nobody()
	holder.get(link).wants(http.StatusOK, "周明", "zhouming")
	holder.post(link, "password", good, "again", good).wants(http.StatusSeeOther)
	holder.get("/desk/me").wants(http.StatusOK, "信息员", "市教育局")
	holder.nobody().get(link).wants(http.StatusNotFound, "已经用过")

	boss.get("/desk/accounts?q=zhou&role=editor&state=active&unit="+num(r.edu)).wants(http.StatusOK, "周明", at)
	boss.get("/desk/accounts?q=zhou&role=signer").wants(http.StatusOK, "没有符合条件")
	boss.get(at).wants(http.StatusOK, "信息员", "市教育局")

	boss.post(at+"/grant", "role", "audit_admin", "unit", num(r.root)).wants(http.StatusUnprocessableEntity, "审计员")
	boss.post(at+"/grant", "role", "reviewer", "unit", num(r.edu), "until", "2021-12-31").wants(http.StatusSeeOther)
	holder.get("/desk/me").wants(http.StatusOK, "审核", "到 2021-12-31")
	grant := regexp.MustCompile(`name="grant" value="(\d+)"`).FindStringSubmatch(boss.get(at).wants(http.StatusOK).Body)[1]
	boss.post(at+"/revoke", "grant", grant).wants(http.StatusSeeOther)
	if page := holder.get("/desk/me").wants(http.StatusOK); strings.Contains(page.Body, "信息员") {
		t.Error("a role that was taken back is still held")
	}

	boss.post(at+"/change", "name", "周小明", "email", "not an address", "unit", num(r.edu)).wants(http.StatusUnprocessableEntity, `value="周小明"`)
	boss.post(at+"/change", "name", "周小明", "email", "", "unit", num(r.finance)).wants(http.StatusSeeOther)
	boss.post(at + "/sessions").wants(http.StatusSeeOther)
	holder.get("/desk/me").wants(http.StatusSeeOther)

	reset := boss.post(at+"/link").wants(http.StatusOK, "只在这里显示这一次").linkOf()
	holder.get(reset).wants(http.StatusOK, "重设密码")
	boss.post(at+"/state", "reason", "调离").wants(http.StatusSeeOther)
	boss.get(at).wants(http.StatusOK, "恢复账号")
	holder.post("/desk/signin", "login", "zhouming", "password", good).wants(http.StatusUnprocessableEntity)
	boss.post(at+"/state", "enable", "1").wants(http.StatusSeeOther)
	holder.post("/desk/signin", "login", "zhouming", "password", good).wants(http.StatusSeeOther)
}

func TestAccountsAreManagedWithinReach(t *testing.T) {
	r := newRoom(t)
	far := r.as(access.Editor, r.finance)
	near := r.as(access.SecurityAdmin, r.edu)
	at := "/desk/accounts/" + num(far.person.ID)
	near.get(at).wants(http.StatusForbidden)
	for _, what := range []string{"/change", "/grant", "/revoke", "/state", "/link", "/sessions"} {
		near.post(at+what, "role", "editor", "unit", num(r.edu), "name", "x", "reason", "x").wants(http.StatusForbidden)
	}
	if page := near.get("/desk/accounts").wants(http.StatusOK); strings.Contains(page.Body, far.person.Login) {
		t.Error("lists somebody out of reach")
	}
	near.get("/desk/accounts?unit=" + num(r.finance)).wants(http.StatusForbidden)
	near.post("/desk/accounts/"+num(near.person.ID)+"/grant", "role", "signer", "unit", num(r.edu)).wants(http.StatusUnprocessableEntity, "不能给自己")

	// Who makes accounts gives no rights, nor takes them by a link.
	maker := r.as(access.SystemAdmin, r.root)
	maker.post(at+"/grant", "role", "signer", "unit", num(r.finance)).wants(http.StatusForbidden)
	maker.post(at + "/link").wants(http.StatusUnprocessableEntity)
	maker.post("/desk/accounts", "name", "李四", "login", "lisi", "unit", num(r.edu), "role", "signer").wants(http.StatusUnprocessableEntity)
	maker.post("/desk/accounts", "name", "李四", "login", "lisi", "unit", num(r.edu)).wants(http.StatusOK)
}
