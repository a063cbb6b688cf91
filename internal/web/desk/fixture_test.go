package desk

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/blob"
	"gongkai/internal/channel"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/drafting"
	"gongkai/internal/obligation"
	"gongkai/internal/planning"
	"gongkai/internal/publication"
	"gongkai/internal/publication/kind"
	"gongkai/internal/unit"
	"gongkai/internal/web/ui"
	"gongkai/internal/wording"
)

// autumn is the instant at which the test city stands.
var autumn = time.Date(2021, 11, 15, 10, 0, 0, 0, civil.China)

// good is a password that nothing stands against.
const good = "七里香-榕树下-Kettle9"

// room is a desk over real stores in a small city, served on loopback.
type room struct {
	*Desk
	t       testing.TB
	url     string
	edu     int64 // 市教育局
	finance int64 // 市财政局
	county  int64 // 零陵区人民政府
	root    int64 // 永州市人民政府
}

// planText is a work plan in the form that cities issue, in our own words.
const planText = `永州市政务公开政务服务领导小组办公室
关于印发《永州市2021年政务公开工作要点》的通知
各县(区、市)人民政府,市直有关单位:
现将要点印发给你们,请认真落实。
永州市政务公开政务服务领导小组办公室
2021年6月11日
永州市2021年政务公开工作要点
为做好今年的政务公开,制定本要点。
一、抓好重点信息公开
(一)公开各类规划。在门户网站集中发布各类规划并作解读。(市发改委牵头,市教育局、市财政局、各县市区人民政府按职责分工负责)
(二)公开教育信息。公开今年改造学校12所的进展。(市教育局牵头,市财政局按职责分工负责)
各部门要将本要点落实情况纳入政府信息公开工作年度报告予以公开。`

// newRoom makes the city and its desk.
func newRoom(t testing.TB) *room {
	t.Helper()
	ctx := t.Context()
	store := dbtest.SQLite(t, civil.Fixed(autumn))
	units := unit.NewStore(store)
	files, _ := unit.Directory("yongzhou")
	_, err := unit.Load(ctx, units, files, unit.ImportOptions{})
	check(t, err)
	sites, _ := channel.Example("yongzhou")
	channels := channel.NewStore(store, units)
	_, err = channels.Load(ctx, sites, channel.Options{})
	check(t, err)
	kinds, err := kind.Load(nil)
	check(t, err)
	blobs, err := blob.Open(ctx, "mem:")
	check(t, err)
	t.Cleanup(func() { blobs.Close() })
	duties := obligation.NewStore(store, obligation.Options{})
	records := publication.NewStore(publication.Deps{DB: store, Kinds: kinds, Units: units, Duties: duties, Blobs: blobs})
	planner := &planning.Planner{Deps: planning.Deps{DB: store, Units: units, Obligations: duties, Publications: records}}
	_, err = planner.Import(ctx, "plan.txt", []byte(planText), planning.Options{Actor: "test"})
	check(t, err)
	people := access.NewStore(access.Deps{DB: store, Units: units, Policy: access.Policy{
		SecondFactor: []access.Role{}, Hash: access.Hash{Memory: 64, Iterations: 1, Parallelism: 1}}})
	drafts := drafting.NewStore(drafting.Deps{DB: store, Records: records, Channels: channels, Gate: drafting.PrivacyGate{}})
	k, err := New(Deps{DB: store, Access: people, Drafts: drafts, Publications: records, Obligations: duties, Units: units, Channels: channels,
		Wording: wording.NewStore(store), Blobs: blobs, Clock: civil.Fixed(autumn), City: "永州市", Signing: ui.Limit{Name: "signin"},
		Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	check(t, err)
	server := httptest.NewServer(k)
	t.Cleanup(server.Close)
	r := &room{Desk: k, t: t, url: server.URL}
	for name, to := range map[string]*int64{"市教育局": &r.edu, "市财政局": &r.finance, "零陵区人民政府": &r.county, "永州市人民政府": &r.root} {
		tree, err := units.Snapshot(ctx)
		check(t, err)
		o, err := tree.Resolve(name, civil.DateOf(autumn))
		check(t, err)
		*to = o.ID
	}
	return r
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// browser is somebody at the desk.
type browser struct {
	*room
	client http.Client
	person *access.Person
}

// nobody is a browser that has not signed in.
func (r *room) nobody() *browser {
	jar, _ := cookiejar.New(nil)
	b := &browser{room: r, client: http.Client{Jar: jar, Timeout: time.Minute}}
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return b
}

// as signs somebody in who has one role in a unit, with Below for the city's
// own roles. Each call is another person.
func (r *room) as(role access.Role, unitID int64) *browser {
	r.t.Helper()
	ctx := context.Background()
	var link access.Link
	var account access.Account
	login := fmt.Sprintf("p%d", time.Now().UnixNano())
	check(r.t, r.DB.Update(ctx, func(tx *db.Tx) (err error) {
		account, link, err = r.Access.Invite(ctx, tx, nil, access.NewAccount{Login: login, Name: role.Label() + login[len(login)-3:], UnitID: unitID,
			Grants: []access.Grant{{Role: role, UnitID: unitID, Below: unitID == r.root}}})
		return err
	}))
	b := r.nobody()
	_, err := r.Access.Accept(ctx, access.Acceptance{Token: link.Token, Password: good})
	check(r.t, err)
	b.post("/desk/signin", "login", login, "password", good).wants(http.StatusSeeOther)
	check(r.t, r.DB.View(ctx, func(tx *db.Tx) (err error) {
		b.person, err = r.Access.Person(ctx, tx, account.ID)
		return err
	}))
	return b
}

// seen is an answer as somebody sees it.
type seen struct {
	t      testing.TB
	what   string
	Status int
	To     string // where it leads, for redirects
	Body   string
	Header http.Header
}

func (b *browser) get(path string) *seen {
	b.t.Helper()
	req, err := http.NewRequest(http.MethodGet, b.url+path, nil)
	check(b.t, err)
	return b.do(req)
}

// post sends a form of names and values.
func (b *browser) post(path string, pairs ...string) *seen {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	req, err := http.NewRequest(http.MethodPost, b.url+path, strings.NewReader(form.Encode()))
	check(b.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(req)
}

// upload sends a form with one file under the name "file".
func (b *browser) upload(path, name string, data []byte, pairs ...string) *seen {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		check(b.t, w.WriteField(pairs[i], pairs[i+1]))
	}
	f, err := w.CreateFormFile("file", name)
	check(b.t, err)
	_, err = f.Write(data)
	check(b.t, err)
	check(b.t, w.Close())
	req, err := http.NewRequest(http.MethodPost, b.url+path, &body)
	check(b.t, err)
	req.Header.Set("Content-Type", w.FormDataContentType())
	return b.do(req)
}

func (b *browser) do(req *http.Request) *seen {
	b.t.Helper()
	resp, err := b.client.Do(req)
	check(b.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	check(b.t, err)
	return &seen{t: b.t, what: req.Method + " " + req.URL.Path, Status: resp.StatusCode, To: resp.Header.Get("Location"), Body: string(body), Header: resp.Header}
}

// wants holds the answer to a status and to what its page says.
func (s *seen) wants(status int, says ...string) *seen {
	s.t.Helper()
	if s.Status != status {
		s.t.Fatalf("%s: got %d, want %d; it says: %s", s.what, s.Status, status, words(s.Body))
	}
	for _, text := range says {
		if !strings.Contains(s.Body, text) {
			s.t.Errorf("%s: does not say %q; it says: %s", s.what, text, words(s.Body))
		}
	}
	return s
}

// words is a page without its markup, for messages.
func words(page string) string {
	_, page, _ = strings.Cut(page, "<main")
	var b strings.Builder
	depth := 0
	for _, r := range page {
		switch {
		case r == '<':
			depth++
		case r == '>':
			depth--
		case depth <= 0:
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
