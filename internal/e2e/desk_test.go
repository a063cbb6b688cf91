package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// be signs in as a guest of the demonstration.
func (b *tab) be(login string) {
	b.Helper()
	b.open("/desk/signin", 200)
	b.follow(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.querySelector('input[name=login][value=%q]').form.requestSubmit()`, login)))
	b.wants("first screen", b.text("h1"), "今天要办")
}

// leave signs out.
func (b *tab) leave() {
	b.Helper()
	b.follow(chromedp.Evaluate[chromedp.Void](`document.querySelector('form[action="/desk/signout"]').requestSubmit()`))
}

// take does an event of a draft, as its button does.
func (b *tab) take(draft, event string) {
	b.Helper()
	b.open(draft, 200)
	b.follow(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.querySelector('form[action$="/do"] input[name=event][value=%q]').form.requestSubmit()`, event)))
}

// handedIn is a document as an editor gets it: our own words, in plain text.
const handedIn = `永州市科学技术局
关于公布2022年度科技特派员选派计划的通知
永科发〔2022〕4号

各县市区科技主管部门：

为推进乡村振兴，现将2022年度科技特派员选派计划通知如下。

一、选派名额

全市共选派科技特派员120名，其中市级40名、县级80名。

二、服务期限

服务期限为一年。

永州市科学技术局
2022年1月18日
`

// TestOneDocumentThroughSixHands plays everybody through whose hands a
// document passes, from the file to the page that residents read.
func TestOneDocumentThroughSixHands(t *testing.T) {
	b := newTab(t, 1280)
	file := filepath.Join(t.TempDir(), "通知.txt")
	if err := os.WriteFile(file, []byte(handedIn), 0o600); err != nil {
		t.Fatal(err)
	}
	b.be("editor")
	b.open("/desk/drafts/new", 200)
	b.do(chromedp.SetUploadFiles("#file input[type=file]", []string{file}))
	b.follow(chromedp.Evaluate[chromedp.Void](`document.querySelector("#file form").requestSubmit()`))
	draft := strings.TrimSuffix(strings.SplitN(b.path(), "?", 2)[0], "/edit")
	if !strings.HasPrefix(draft, "/desk/drafts/") {
		t.Fatalf("the file led to %s", b.path())
	}
	for field, want := range map[string]string{
		"title": "关于公布2022年度科技特派员选派计划的通知", "number": "永科发〔2022〕4号", "issued_on": "2022-01-18",
	} {
		if got := eval[string](b, fmt.Sprintf(`document.querySelector('[name=%q]').value`, field)); !strings.HasSuffix(got, want) {
			t.Errorf("%s is read as %q, want %q", field, got, want)
		}
	}
	b.take(draft, "submit")
	b.wants("state", b.text(".review .sec"), "待审核")
	b.leave()

	for _, step := range []struct{ login, event, then string }{
		{"reviewer", "approve", "待保密审查"},
		{"secrecy", "clear", "待签发"},
		{"signer", "sign", ""},
	} {
		b.be(step.login)
		b.take(draft, step.event)
		b.wants("state after "+step.event, b.text(".review .sec"), step.then)
		if step.login == "signer" {
			if b.count(`form[action$="/do"] input[name=event][value=publish]`) > 0 {
				b.take(draft, "publish")
			}
			b.wants("state", b.text(".review .sec"), "已发布")
		}
		b.leave()
	}

	b.until(`fetch("/api/v1/search?q=" + encodeURIComponent("科技特派员选派计划")).then(r => r.json()).then(r => r.items.some(i => i.title.includes("科技特派员选派计划")))`)
	b.open(query("/search", "q", "永科发〔2022〕4号"), 200)
	b.follow(b.click("main a.t", "科技特派员选派计划"))
	b.wants("page of the document", b.text("main"), "全市共选派科技特派员120名")
}

// deskPages are pages of the desk by who looks at them.
var deskPages = map[string][]string{
	"editor":    {"/desk/", "/desk/drafts", "/desk/drafts/new", "/desk/drafts/1", "/desk/drafts/1/edit", "/desk/drafts/1/gate", "/desk/duties", "/desk/records", "/desk/me"},
	"reviewer":  {"/desk/", "/desk/drafts/2"},
	"office":    {"/desk/", "/desk/grid", "/desk/claims", "/desk/wording", "/desk/flows", "/desk/units", "/desk/withheld"},
	"secadmin":  {"/desk/accounts", "/desk/keys"},
	"auditor":   {"/desk/audit"},
	"inspector": {"/desk/grid"},
}

// TestDeskIsAccessible looks at the desk's pages on a desk and on a phone.
func TestDeskIsAccessible(t *testing.T) {
	axe := needAxe(t)
	for login, pages := range deskPages {
		t.Run(login, func(t *testing.T) {
			b := newTab(t, 1280)
			b.be(login)
			for _, width := range []int{1280, 390} {
				b.size(width, 800, 1)
				for _, page := range pages {
					b.open(page, 200)
					b.checkAxe(axe, axeAll)
					if over := eval[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
						t.Errorf("%s at %d px is %d px too wide", page, width, over)
					}
				}
			}
		})
	}
}
