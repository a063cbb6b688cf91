package access_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
)

const comeBack = "http://127.0.0.1:1/desk/sso"

// office is a real provider of OpenID Connect on the loopback, with discovery,
// keys, a page to sign in and an exchange of codes that insists on PKCE.
type office struct {
	t      *testing.T
	issuer string
	users  map[string]*storage.User
	asked  atomic.Int64 // requests for the token
}

func (o *office) GetUserByID(id string) *storage.User { return o.users[id] }
func (o *office) ExampleClientID() string             { return storage.ServiceUserID }
func (o *office) GetUserByUsername(name string) *storage.User {
	for _, u := range o.users {
		if u.Username == name {
			return u
		}
	}
	return nil
}

func newOffice(t *testing.T) *office {
	former := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	t.Cleanup(func() { slog.SetDefault(former) })
	server := httptest.NewUnstartedServer(nil)
	o := &office{t: t, issuer: "http://" + server.Listener.Addr().String(), users: map[string]*storage.User{}}
	client := storage.WebClient("gongkai", "secret-of-gongkai", comeBack)
	provider := exampleop.SetupServer(o.issuer, storage.NewStorageWithClients(o, map[string]*storage.Client{"gongkai": client}), nil, false)
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/token") {
			o.asked.Add(1)
		}
		provider.ServeHTTP(w, r)
	})
	server.Start()
	t.Cleanup(server.Close)
	return o
}

func (o *office) employ(id, login, mail string, verified bool) {
	o.users[id] = &storage.User{ID: id, Username: login, Password: "p", FirstName: "某", LastName: login, Email: mail, EmailVerified: verified}
}

func (o *office) policy() access.SSO {
	return access.SSO{Issuer: o.issuer, ClientID: "gongkai", ClientSecret: "secret-of-gongkai", RedirectURL: comeBack}
}

// visit does what a browser does at the provider: follow the address, fill in
// the form, and stop at the address that leads back.
func (o *office) visit(redirect, login string) (back url.Values) {
	o.t.Helper()
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), comeBack) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	page, err := browser.Get(redirect)
	if err != nil {
		o.t.Fatal(err)
	}
	text, _ := io.ReadAll(page.Body)
	page.Body.Close()
	id := page.Request.URL.Query().Get("authRequestID")
	if id == "" {
		o.t.Fatalf("no page to sign in at %s: %s", page.Request.URL, text)
	}
	done, err := browser.PostForm(o.issuer+"/login/username", url.Values{"username": {login}, "password": {"p"}, "id": {id}})
	if err != nil {
		o.t.Fatal(err)
	}
	done.Body.Close()
	at, err := done.Location()
	if err != nil {
		o.t.Fatalf("it did not lead back: %v", err)
	}
	return at.Query()
}

// come signs in by the provider from beginning to end.
func (o *office) come(w *world, login string) (access.Result, error) {
	o.t.Helper()
	redirect, cookie, err := w.Begin(ctx)
	if err != nil {
		o.t.Fatal(err)
	}
	back := o.visit(redirect, login)
	return w.Finish(ctx, access.Return{Cookie: cookie, State: back.Get("state"), Code: back.Get("code"), Address: "10.0.0.1", Agent: "test"})
}

func eachOffice(t *testing.T, adapt func(p *access.Policy), body func(t *testing.T, o *office, w *world)) {
	o := newOffice(t)
	run := func(open func(testing.TB, civil.Clock) *db.DB) func(t *testing.T) {
		return func(t *testing.T) {
			o.t, o.users = t, map[string]*storage.User{}
			p := access.Policy{SSO: o.policy()}
			if adapt != nil {
				adapt(&p)
			}
			w := newWorld(t, p, open)
			w.now = civil.System() // the provider goes by the machine's clock
			body(t, o, w)
		}
	}
	t.Run("sqlite", run(dbtest.SQLite))
	t.Run("postgres", run(dbtest.Postgres))
}

func TestSingleSignOn(t *testing.T) {
	eachOffice(t, nil, func(t *testing.T, o *office, w *world) {
		o.employ("id-7", "Keeper", "keeper@example.cn", true)
		o.employ("id-8", "stranger", "stranger@example.cn", true)
		a, _ := w.invite("keeper", w.plan, access.Grant{Role: access.Editor, UnitID: w.plan})
		r, err := o.come(w, "Keeper")
		if err != nil {
			t.Fatal(err)
		}
		session, p, err := w.Session(ctx, r.Token)
		if err != nil || p.ID != a.ID || p.State != access.Active || session.How != access.BySSO || !p.Can(access.RecordWrite, w.plan) {
			t.Errorf("got %+v of %+v, %v", session, p, err)
		}
		_, err = o.come(w, "stranger")
		wantCode(t, err, "sso_unknown")
		// the subject stays the same person whatever the login becomes
		o.users["id-7"].Username = "renamed"
		if r, err := o.come(w, "renamed"); err != nil || r.Person.ID != a.ID {
			t.Errorf("after a change of name: %+v, %v", r.Person, err)
		}
		// and whoever inherits the login there is not that person here
		o.employ("id-9", "keeper", "other@example.cn", true)
		_, err = o.come(w, "keeper")
		wantCode(t, err, "sso_other")
		w.update(func(tx *db.Tx) error { return w.Disable(ctx, tx, nil, a.ID, "调离") })
		_, err = o.come(w, "renamed")
		wantCode(t, err, "account_disabled")
		if n := len(w.acts("access.sso_bound", "user:"+itoa(a.ID))); n != 1 {
			t.Errorf("bound %d times", n)
		}
	})
}

// What comes back must belong to what this browser began, and works once.
func TestSingleSignOnRefusesOthersReturns(t *testing.T) {
	eachOffice(t, nil, func(t *testing.T, o *office, w *world) {
		o.employ("id-7", "keeper", "keeper@example.cn", true)
		w.invite("keeper", w.plan)
		redirect, cookie, err := w.Begin(ctx)
		if err != nil {
			t.Fatal(err)
		}
		q := mustQuery(t, redirect)
		for _, name := range []string{"state", "nonce", "code_challenge"} {
			if len(q.Get(name)) < 43 {
				t.Errorf("%s is %q", name, q.Get(name))
			}
		}
		if q.Get("code_challenge_method") != "S256" || strings.Contains(redirect, strings.Split(cookie, ".")[2]) {
			t.Errorf("the verifier is not proven by PKCE: %s", redirect)
		}
		back := o.visit(redirect, "keeper")
		_, other, err := w.Begin(ctx)
		if err != nil {
			t.Fatal(err)
		}
		parts, otherParts := strings.Split(cookie, "."), strings.Split(other, ".")
		state, code := back.Get("state"), back.Get("code")
		finish := func(cookie, state, code string) error {
			_, err := w.Finish(ctx, access.Return{Cookie: cookie, State: state, Code: code})
			return err
		}
		before := o.asked.Load()
		for name, r := range map[string][2]string{"no cookie": {"", state}, "another browser's": {other, state}, "another state": {cookie, otherParts[0]}, "no state": {cookie, ""}, "cut off": {cookie[:80], state}} {
			t.Run(name, func(t *testing.T) { wantCode(t, finish(r[0], r[1], code), "sso_state") })
		}
		if o.asked.Load() != before {
			t.Error("the provider was asked for a return that is not ours")
		}
		wantCode(t, finish(parts[0]+"."+parts[1]+"."+otherParts[2], state, code), "sso_refused") // another verifier
		wantCode(t, finish(cookie, state, "made-up"), "sso_refused")

		redirect, cookie, _ = w.Begin(ctx)
		back = o.visit(redirect, "keeper")
		parts = strings.Split(cookie, ".")
		wantCode(t, finish(parts[0]+"."+otherParts[1]+"."+parts[2], back.Get("state"), back.Get("code")), "sso_refused") // another nonce

		redirect, cookie, _ = w.Begin(ctx)
		back = o.visit(redirect, "keeper")
		wantCode(t, finish(cookie, back.Get("state"), back.Get("code")), "")
		wantCode(t, finish(cookie, back.Get("state"), back.Get("code")), "sso_refused") // again
	})
}

func mustQuery(t *testing.T, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

func TestSingleSignOnByMail(t *testing.T) {
	eachOffice(t, func(p *access.Policy) { p.SSO.Claim = "email" }, func(t *testing.T, o *office, w *world) {
		o.employ("id-1", "x1", "one@example.cn", true)
		o.employ("id-2", "x2", "one@example.cn", false)
		o.employ("id-3", "x3", "shared@example.cn", true)
		mail := func(login, address string) (a access.Account) {
			w.update(func(tx *db.Tx) (err error) {
				a, _, err = w.Invite(ctx, tx, nil, access.NewAccount{Login: login, Name: "某", Email: address, UnitID: w.plan})
				return err
			})
			return a
		}
		one := mail("one", "one@example.cn")
		mail("two", "shared@example.cn")
		mail("three", "shared@example.cn")
		_, err := o.come(w, "x2")
		wantCode(t, err, "sso_unknown") // nobody has verified it
		if r, err := o.come(w, "x1"); err != nil || r.Person.ID != one.ID {
			t.Errorf("got %+v, %v", r.Person, err)
		}
		_, err = o.come(w, "x3")
		wantCode(t, err, "sso_unknown") // it names two
	})
}

func TestSingleSignOnMakesAccounts(t *testing.T) {
	eachOffice(t, func(p *access.Policy) { p.SSO.Create, p.SSO.CreateIn = true, 1 }, func(t *testing.T, o *office, w *world) {
		o.employ("id-1", "fresh", "fresh@example.cn", true)
		r, err := o.come(w, "fresh")
		if err != nil || r.Person.Login != "fresh" || r.Person.UnitID != w.city || len(r.Person.Grants) != 0 || r.Person.State != access.Active {
			t.Fatalf("got %+v, %v", r.Person, err)
		}
		again, err := o.come(w, "fresh")
		if err != nil || again.Person.ID != r.Person.ID {
			t.Errorf("got %+v, %v", again.Person, err)
		}
	})
}

// A role that asks for one-time codes asks for them here too, unless the
// provider is trusted with it.
func TestSingleSignOnAndCodes(t *testing.T) {
	for name, trusted := range map[string]bool{"trusted": true, "not trusted": false} {
		t.Run(name, func(t *testing.T) { checkTrust(t, trusted) })
	}
}

func checkTrust(t *testing.T, trusted bool) {
	eachOffice(t, func(p *access.Policy) {
		p.SecondFactor, p.SSO.TrustFactor = []access.Role{access.Signer}, trusted
	}, func(t *testing.T, o *office, w *world) {
		o.employ("id-1", "signer", "s@example.cn", true)
		w.invite("signer", w.plan, access.Grant{Role: access.Signer, UnitID: w.plan})
		r, err := o.come(w, "signer")
		if err != nil || r.Person.CanAnywhere(access.RecordSign) != trusted {
			t.Errorf("needs %q, %v", r.Needs(), err)
		}
		session, _, err := w.Session(ctx, r.Token)
		if err != nil || (session.Needs == access.NeedEnrol) == trusted {
			t.Errorf("later it needs %q, %v", session.Needs, err)
		}
	})
}

// Who has no password here confirms himself at the provider; somebody else who
// signs in there does not confirm him.
func TestSingleSignOnConfirms(t *testing.T) {
	eachOffice(t, nil, func(t *testing.T, o *office, w *world) {
		o.employ("id-1", "keeper", "k@example.cn", true)
		o.employ("id-2", "other", "o@example.cn", true)
		w.invite("keeper", w.plan)
		w.invite("other", w.plan)
		r, err := o.come(w, "keeper")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.come(w, "other"); err != nil {
			t.Fatal(err)
		}
		_, err = w.Confirm(ctx, r.Session, access.Proof{Password: good})
		wantCode(t, err, "confirm_failed")
		again := func(login string) (access.Session, error) {
			redirect, cookie, err := w.BeginConfirm(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if q := mustQuery(t, redirect); q.Get("prompt") != "login" || q.Get("max_age") != "0" {
				t.Errorf("the provider is not told to ask: %s", redirect)
			}
			back := o.visit(redirect, login)
			return w.FinishConfirm(ctx, r.Session, access.Return{Cookie: cookie, State: back.Get("state"), Code: back.Get("code")})
		}
		_, err = again("other")
		wantCode(t, err, "confirm_failed")
		before := len(w.acts("access.confirmed", "user:"+itoa(r.Person.ID)))
		session, err := again("keeper")
		if err != nil || !session.ConfirmedWithin(0) {
			t.Errorf("got %+v, %v", session, err)
		}
		if n := len(w.acts("access.confirmed", "user:"+itoa(r.Person.ID))); n != before+1 {
			t.Errorf("entered %d times", n-before)
		}
		w.pass(6 * time.Minute) // for us the provider's answer is of long ago
		_, err = again("keeper")
		wantCode(t, err, "confirm_failed")
	})
}

func TestSingleSignOnUnreachable(t *testing.T) {
	off := newWorld(t, access.Policy{}, dbtest.SQLite)
	if _, ok := off.HasSSO(); ok {
		t.Error("it is there without being set")
	}
	_, _, err := off.Begin(ctx)
	wantCode(t, err, "sso_off")
	_, err = off.Finish(ctx, access.Return{})
	wantCode(t, err, "sso_off")

	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	t.Run("gone", func(t *testing.T) {
		w := newWorld(t, access.Policy{SSO: access.SSO{Issuer: gone.URL, ClientID: "x", RedirectURL: comeBack}}, dbtest.SQLite)
		if label, ok := w.HasSSO(); !ok || label == "" {
			t.Error("it is not shown")
		}
		_, _, err := w.Begin(ctx)
		wantCode(t, err, "sso_unreachable")
	})
}
