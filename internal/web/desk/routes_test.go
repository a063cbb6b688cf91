package desk

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/ledger"
)

// parts of an address that a test fills in: nothing has this number.
var hole = regexp.MustCompile(`\{[a-z]+\}`)

// addressOf is a method and a path that a pattern answers for.
func addressOf(pattern string) (method, path string) {
	method, path, _ = strings.Cut(pattern, " ")
	path = strings.TrimSuffix(path, "{$}")
	return method, hole.ReplaceAllString(path, "999999")
}

// ask sends a request without a body.
func (b *browser) ask(method, path string) *seen {
	b.t.Helper()
	req, err := http.NewRequest(method, b.url+path, nil)
	check(b.t, err)
	return b.do(req)
}

// everyRole makes a person of each role in the whole city.
func everyRole(r *room) map[access.Role]*browser {
	people := map[access.Role]*browser{}
	for _, info := range access.Roles() {
		people[info.Role] = r.as(info.Role, r.root)
	}
	return people
}

// Whoever lacks the right to the act of an address is refused before anything
// else is looked at; whoever has it is not refused for it.
func TestEveryRouteLetsInWhoMay(t *testing.T) {
	r := newRoom(t)
	people := everyRole(r)
	kept, let := 0, 0
	for _, rt := range r.routeList() {
		if rt.open {
			continue
		}
		method, path := addressOf(rt.pattern)
		if to := r.nobody().ask(method, path); to.Status != http.StatusSeeOther || !strings.HasPrefix(to.To, signInPath) {
			t.Errorf("%s: nobody gets %d %s", rt.pattern, to.Status, to.To)
		}
		for role, b := range people {
			if rt.act != "" && !role.May(rt.act) {
				if s := b.ask(method, path); s.Status != http.StatusForbidden {
					t.Errorf("%s: %s gets %d, want 403", rt.pattern, role, s.Status)
				}
				kept++
				continue
			}
			if method != http.MethodGet {
				continue // a form of nothing is answered in many ways; the areas' tests have them
			}
			switch s := b.ask(method, path); {
			case s.Status >= http.StatusInternalServerError:
				t.Errorf("%s: %s gets %d", rt.pattern, role, s.Status)
			case s.Status == http.StatusForbidden && strings.Contains(s.Body, access.Refusal(rt.act).Public()):
				t.Errorf("%s: %s is refused what the matrix gives", rt.pattern, role)
			}
			let++
		}
	}
	t.Logf("%d routes; %d pairs refused, %d let in", len(r.routeList()), kept, let)
}

// ownForms are what everybody may send for themselves.
var ownForms = regexp.MustCompile(`^POST /desk/(me/|notices/read$|confirm$)`)

// The auditor reads everything and changes nothing: no form of the desk is
// theirs but those of their own sign-in.
func TestAuditorChangesNothing(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.AuditAdmin, r.root)
	forms, before := 0, r.journal()
	for _, rt := range r.routeList() {
		method, path := addressOf(rt.pattern)
		if method == http.MethodGet || rt.open || ownForms.MatchString(rt.pattern) {
			continue
		}
		forms++
		switch s := b.ask(method, path); s.Status {
		case http.StatusForbidden, http.StatusNotFound, http.StatusBadRequest:
		default:
			t.Errorf("%s: the auditor gets %d", rt.pattern, s.Status)
		}
	}
	if after := r.journal(); after != before {
		t.Errorf("the journal has grown from %d to %d", before, after)
	}
	if forms < 10 {
		t.Errorf("only %d forms were tried", forms)
	}
}

// journal is how many acts have been done.
func (r *room) journal() (head int64) {
	r.t.Helper()
	check(r.t, r.DB.View(r.t.Context(), func(tx *db.Tx) (err error) {
		head, err = ledger.Head(r.t.Context(), tx)
		return err
	}))
	return head
}

// openAddresses are all that answer without a sign-in: a new one shall be
// seen in review.
var openAddresses = map[string]bool{
	"GET /desk": true, "GET /desk/assets/{name}": true, "GET /desk/signin": true, "POST /desk/signin": true, "POST /desk/guest": true,
	"GET /desk/signin/code": true, "POST /desk/signin/code": true, "POST /desk/signout": true, "GET /desk/link/{token}": true,
	"POST /desk/link/{token}": true, "GET /desk/sso": true, "GET /desk/sso/back": true, "GET /desk/preview/{token}": true,
	"GET /desk/preview/{token}/files/{file}": true,
}

func TestFewAddressesAreOpen(t *testing.T) {
	for _, rt := range newRoom(t).routeList() {
		if rt.open && !openAddresses[rt.pattern] {
			t.Errorf("%s answers without a sign-in", rt.pattern)
		}
	}
}

// No form of another site is taken, whoever is signed in.
func TestNoFormOfAnotherSiteIsTaken(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.SecurityAdmin, r.root)
	for _, rt := range r.routeList() {
		method, path := addressOf(rt.pattern)
		if method == http.MethodGet {
			continue
		}
		for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://example.com"} {
			req, err := http.NewRequest(method, r.url+path, nil)
			check(t, err)
			req.Header.Set(name, value)
			if s := b.do(req); s.Status != http.StatusForbidden || !strings.Contains(s.Body, "来自别的网站") {
				t.Errorf("%s with %s: %d", rt.pattern, name, s.Status)
			}
		}
	}
}

// A session that somebody else has put into the browser is not the one that a
// sign-in opens.
func TestSignInOpensASessionOfItsOwn(t *testing.T) {
	r := newRoom(t)
	p := r.as(access.Editor, r.edu)
	at, err := url.Parse(r.url + At)
	check(t, err)
	jar, err := cookiejar.New(nil)
	check(t, err)
	planted := "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	jar.SetCookies(at, []*http.Cookie{{Name: sessionCookie, Value: planted, Path: At}})
	b := r.nobody()
	b.client.Jar = jar
	b.post("/desk/signin", "login", p.person.Login, "password", good).wants(http.StatusSeeOther)
	for _, c := range jar.Cookies(at) {
		if c.Name == sessionCookie && c.Value == planted {
			t.Error("the sign-in took over the session of before")
		}
	}
	b.get("/desk/me").wants(http.StatusOK, p.person.Name)
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Editor, r.edu)
	for _, path := range []string{"/desk/", "/desk/me", "/desk/no-such-page", "/desk/accounts"} {
		h := b.get(path).Header
		for name, want := range map[string]string{
			"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "frame-ancestors 'none'", "Referrer-Policy": "",
		} {
			if got := h.Get(name); got == "" || !strings.Contains(got, want) {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
}
