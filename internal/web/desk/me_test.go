package desk

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"gongkai/internal/access"
	"gongkai/internal/db"
)

var secretField = regexp.MustCompile(`name="secret" value="([A-Z2-7 ]+)"`)

// enrol sets one-time codes up and returns the secret.
func (b *browser) enrol() string {
	b.t.Helper()
	page := b.post("/desk/me/codes/begin").wants(http.StatusOK, "data:image/png;base64,", "otpauth://totp/")
	found := secretField.FindStringSubmatch(page.Body)
	if found == nil {
		b.t.Fatal("the page shows no secret")
	}
	secret := strings.ReplaceAll(found[1], " ", "")
	b.post("/desk/me/codes", "secret", found[1], "url", "otpauth://totp/x?secret="+secret, "code", "000000").
		wants(http.StatusUnprocessableEntity, "验证码不对", `value="`+found[1]+`"`)
	code, err := totp.GenerateCode(secret, time.Now())
	check(b.t, err)
	b.post("/desk/me/codes", "code", code).wants(http.StatusOK, "只在这里显示这一次")
	return secret
}

func TestOneTimeCodesAreSetUpAndAskedFor(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Editor, r.edu)
	b.get("/desk/me").wants(http.StatusOK, "信息员", "市教育局", "没有设置")
	b.enrol()
	b.get("/desk/me/codes").wants(http.StatusOK, "10 个恢复码", "换发恢复码")
	b.post("/desk/me/codes/recovery").wants(http.StatusOK, "恢复码")

	// Half a sign-in opens nothing, the own account included.
	half := r.nobody()
	if to := half.post("/desk/signin", "login", b.person.Login, "password", good).wants(http.StatusSeeOther).To; !strings.HasPrefix(to, "/desk/signin/code") {
		t.Errorf("leads to %s", to)
	}
	for _, path := range []string{"/desk/", "/desk/me", "/desk/me/codes", "/desk/roles"} {
		if to := half.get(path).wants(http.StatusSeeOther).To; to != "/desk/signin/code" {
			t.Errorf("%s: leads to %s", path, to)
		}
	}
	half.post("/desk/me/sessions").wants(http.StatusSeeOther)
	b.get("/desk/me").wants(http.StatusOK, "这里")
	b.post("/desk/me/codes/remove").wants(http.StatusSeeOther)
	b.get("/desk/me/codes").wants(http.StatusOK, "还没有设置")
}

func TestPasswordIsChangedWithTheOldOne(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Editor, r.edu)
	other := r.nobody()
	other.post("/desk/signin", "login", b.person.Login, "password", good).wants(http.StatusSeeOther)
	const fresh = "木芙蓉-江边石-Lantern4"
	for _, row := range []struct{ old, fresh, again, says string }{
		{good, fresh, fresh + "x", "两次输入的新密码不一样"},
		{"not the old one", fresh, fresh, "密码"},
		{good, "short", "short", "密码"},
	} {
		b.post("/desk/me/password", "old", row.old, "password", row.fresh, "again", row.again).wants(http.StatusUnprocessableEntity, row.says)
	}
	other.get("/desk/me").wants(http.StatusOK)
	b.post("/desk/me/password", "old", good, "password", fresh, "again", fresh).wants(http.StatusSeeOther)
	b.get("/desk/me").wants(http.StatusOK, "密码已经改好")
	other.get("/desk/me").wants(http.StatusSeeOther)
	r.nobody().post("/desk/signin", "login", b.person.Login, "password", fresh).wants(http.StatusSeeOther)
}

func TestRoleIsLentForDays(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Reviewer, r.edu)
	mate, stranger := r.as(access.Editor, r.edu), r.as(access.Editor, r.finance)
	grant := num(b.person.Grants[0].ID)
	lend := func(to *browser, from, until string) *seen {
		return b.post("/desk/me/lend", "grant", grant, "to", num(to.person.ID), "from", from, "until", until)
	}
	b.get("/desk/me").wants(http.StatusOK, mate.person.Name)
	lend(stranger, "2021-11-15", "2021-11-16").wants(http.StatusUnprocessableEntity, "本单位")
	lend(mate, "2021-11-16", "2021-11-15").wants(http.StatusUnprocessableEntity, `value="2021-11-16"`)
	lend(mate, "11月", "2021-11-15").wants(http.StatusUnprocessableEntity, "不是日期")
	lend(mate, "2021-11-15", "2021-11-19").wants(http.StatusSeeOther)
	b.get("/desk/me").wants(http.StatusOK, mate.person.Name, "2021-11-15 至 2021-11-19")
	mate.get("/desk/me").wants(http.StatusOK, "替"+b.person.Name)

	var lent int64
	check(t, r.DB.View(t.Context(), func(tx *db.Tx) error {
		list, err := r.Access.Lendings(t.Context(), tx, b.person.ID)
		if len(list) == 1 {
			lent = list[0].Lent.ID
		}
		return err
	}))
	stranger.post("/desk/me/lend/end", "grant", num(lent)).wants(http.StatusUnprocessableEntity)
	b.post("/desk/me/lend/end", "grant", num(lent)).wants(http.StatusSeeOther)
	if page := mate.get("/desk/me").wants(http.StatusOK); strings.Contains(page.Body, "替"+b.person.Name) {
		t.Error("what was lent is still held")
	}
}

func TestSessionsEndFromElsewhere(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Editor, r.edu)
	other := r.nobody()
	other.post("/desk/signin", "login", b.person.Login, "password", good).wants(http.StatusSeeOther)
	b.get("/desk/me").wants(http.StatusOK, "退出其他所有地方")
	r.as(access.Editor, r.finance).post("/desk/me/sessions", "session", "1").wants(http.StatusForbidden)
	b.post("/desk/me/sessions").wants(http.StatusSeeOther)
	other.get("/desk/me").wants(http.StatusSeeOther)
	b.get("/desk/me").wants(http.StatusOK)
}
