package desk

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"gongkai/internal/access"
)

func TestAuditTellsWhoDidWhat(t *testing.T) {
	r := newRoom(t)
	boss, reader := r.as(access.SecurityAdmin, r.root), r.as(access.AuditAdmin, r.root)
	at := accountWay.FindString(boss.post("/desk/accounts", "name", "=周明", "login", "zhouming", "unit", num(r.edu)).wants(http.StatusOK).Body)
	boss.post(at+"/change", "name", "周小明", "email", "", "unit", num(r.finance)).wants(http.StatusSeeOther)
	boss.get("/desk/audit").wants(http.StatusForbidden)

	for _, row := range []struct{ query, says, not string }{
		{"", "修改账号", ""},
		{"?kind=access.", "登录", ""},
		{"?kind=access.signed_in", "方式：密码", "password"},
		{"?kind=access.link_used", "用途：启用账号", "invite"},
		{"?kind=draft.", "没有符合条件", "修改账号"},
		{"?who=" + boss.person.Login, "邀请", reader.person.Name},
		{"?subject=user:" + strings.TrimPrefix(at, "/desk/accounts/"), "周小明", ""},
		{"?q=%E5%91%A8%E5%B0%8F%E6%98%8E", "<del>永州市教育局</del>", "没有符合条件"},
		{"?from=2021-11-15&to=2021-11-15", "修改账号", ""},
		{"?to=2021-11-14", "", "修改账号"},
		{"?from=11", "不是日期", "修改账号"},
		{"?who=nobody-here", "没有登录名是", "修改账号"},
	} {
		page := reader.get("/desk/audit"+row.query).wants(http.StatusOK, row.says)
		if row.not != "" && strings.Contains(mainOf(page.Body), row.not) {
			t.Errorf("%s: says %q", row.query, row.not)
		}
	}
}

// mainOf is a page without its masthead and menu.
func mainOf(page string) string {
	_, body, _ := strings.Cut(page, "<main")
	return body
}

func TestAuditIsExportedAsATable(t *testing.T) {
	r := newRoom(t)
	boss, reader := r.as(access.SecurityAdmin, r.root), r.as(access.AuditAdmin, r.root)
	boss.post("/desk/accounts", "name", "=周明", "login", "zhouming", "unit", num(r.edu)).wants(http.StatusOK)
	s := reader.get("/desk/audit.csv?kind=access.").wants(http.StatusOK)
	if got := s.Header.Get("Content-Type"); got != "text/csv; charset=utf-8" {
		t.Errorf("content type %q", got)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(s.Body, "\ufeff"))).ReadAll()
	check(t, err)
	if len(rows) < 5 || rows[0][0] != "序号" {
		t.Fatalf("%d rows, the first is %v", len(rows), rows[0])
	}
	found := false
	for _, row := range rows[1:] {
		if !strings.HasPrefix(row[5], "access.") {
			t.Errorf("holds %v", row)
		}
		found = found || row[6] == "'=周明"
	}
	if !found {
		t.Error("a name that begins as a formula is not made plain")
	}
}

func TestKeyIsShownOnce(t *testing.T) {
	r := newRoom(t)
	boss := r.as(access.SecurityAdmin, r.edu)
	boss.get("/desk/keys").wants(http.StatusOK, "还没有发过密钥")
	boss.post("/desk/keys", "name", "", "unit", num(r.edu), "days", "365").wants(http.StatusUnprocessableEntity, "哪个系统")
	boss.post("/desk/keys", "name", "协同办公", "unit", num(r.finance), "days", "365").wants(http.StatusUnprocessableEntity)
	page := boss.post("/desk/keys", "name", "协同办公", "unit", num(r.edu), "days", "90").wants(http.StatusOK, "只在这里显示这一次", "协同办公")
	_, rest, _ := strings.Cut(page.Body, `<p class="secret">`)
	secret, _, _ := strings.Cut(rest, "<")
	if !strings.HasPrefix(secret, "gk_") {
		t.Fatalf("shows %q", secret)
	}
	if again := boss.get("/desk/keys").wants(http.StatusOK, "协同办公", "没有用过"); strings.Contains(again.Body, secret) {
		t.Error("the secret is shown again")
	}
	_, err := r.Access.KeyOf(t.Context(), secret, "192.0.2.7")
	check(t, err)
	boss.get("/desk/keys/1").wants(http.StatusOK, "使用密钥", "192.0.2.7")
	r.as(access.SecurityAdmin, r.finance).get("/desk/keys/1").wants(http.StatusNotFound)
	boss.post("/desk/keys/1/end").wants(http.StatusSeeOther)
	boss.get("/desk/keys").wants(http.StatusOK, "已吊销")
	if _, err := r.Access.KeyOf(t.Context(), secret, "192.0.2.7"); err == nil {
		t.Error("the key still opens")
	}
}
