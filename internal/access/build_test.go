package access_test

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
	"gongkai/internal/unit"
)

var ctx = context.Background()

func day(s string) civil.Date { return civil.MustDate(s) }

// world is a small city with people in it, two clocks that tests move, and a
// letter box.
type world struct {
	*access.Store
	t     testing.TB
	db    *db.DB
	units *unit.Store

	mu      sync.Mutex
	now     time.Time // the machine's
	today   civil.Date
	letters []access.Letter

	city, east, town, plan, health int64
}

// good is a password that nothing stands against.
const good = "七里香-榕树下-Kettle9"

// easy makes hashing cheap; what it costs is measured elsewhere.
var easy = access.Hash{Memory: 64, Iterations: 1, Parallelism: 1}

// each runs body on a new world for each engine.
func each(t *testing.T, p access.Policy, body func(t *testing.T, w *world)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { body(t, newWorld(t, p, dbtest.SQLite)) })
	t.Run("postgres", func(t *testing.T) { body(t, newWorld(t, p, dbtest.Postgres)) })
}

func newWorld(t testing.TB, p access.Policy, open func(testing.TB, civil.Clock) *db.DB) *world {
	w := &world{t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), today: day("2021-06-11")}
	w.db = open(t, func() time.Time {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.today.Start().Add(12 * time.Hour)
	})
	w.units = unit.NewStore(w.db)
	if p.Hash == (access.Hash{}) {
		p.Hash = easy
	}
	if p.SecondFactor == nil {
		p.SecondFactor = []access.Role{}
	}
	w.Store = access.NewStore(access.Deps{DB: w.db, Units: w.units, Policy: p, Now: w.clock, Post: w})
	w.build()
	return w
}

func (w *world) build() {
	w.city = w.organ(unit.Draft{Kind: unit.City, Name: "云州市人民政府", Short: "市政府", Prefixes: []string{"云州市", "市"}})
	w.east = w.organ(unit.Draft{Kind: unit.County, Name: "东山县人民政府", Short: "东山县", Parent: w.city})
	w.town = w.organ(unit.Draft{Kind: unit.Township, Name: "新圩镇人民政府", Short: "新圩镇", Parent: w.east})
	w.plan = w.organ(unit.Draft{Kind: unit.Department, Name: "云州市发展和改革委员会", Short: "市发改委", Parent: w.city})
	w.health = w.organ(unit.Draft{Kind: unit.Department, Name: "云州市卫生局", Short: "市卫生局", Parent: w.city})
}

func (w *world) organ(d unit.Draft) (id int64) {
	w.t.Helper()
	w.update(func(tx *db.Tx) error {
		o, err := w.units.Add(ctx, tx, "test", d)
		id = o.ID
		return err
	})
	return id
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) setDay(d string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.today = day(d)
}

// Send puts a letter into the box.
func (w *world) Send(_ context.Context, _ *db.Tx, l access.Letter) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.letters = append(w.letters, l)
	return nil
}

// try runs f in a transaction and returns what it returns.
func (w *world) try(f func(tx *db.Tx) error) error { return w.db.Update(ctx, f) }

func (w *world) update(f func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.try(f); err != nil {
		w.t.Fatal(err)
	}
}

// invite makes an account by the console that has not been accepted.
func (w *world) invite(login string, unitID int64, grants ...access.Grant) (a access.Account, l access.Link) {
	w.t.Helper()
	w.update(func(tx *db.Tx) (err error) {
		a, l, err = w.Invite(ctx, tx, nil, access.NewAccount{Login: login, Name: "某" + login, UnitID: unitID, Grants: grants})
		return err
	})
	return a, l
}

// hire makes an account that works, with the password good.
func (w *world) hire(login string, unitID int64, grants ...access.Grant) int64 {
	w.t.Helper()
	a, l := w.invite(login, unitID, grants...)
	if _, err := w.Accept(ctx, access.Acceptance{Token: l.Token, Password: good}); err != nil {
		w.t.Fatal(err)
	}
	return a.ID
}

func (w *world) person(id int64) (p *access.Person) {
	w.t.Helper()
	err := w.db.View(ctx, func(tx *db.Tx) (err error) {
		p, err = w.Person(ctx, tx, id)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// enter signs in and must succeed.
func (w *world) enter(login string) access.Result {
	w.t.Helper()
	r, err := w.SignIn(ctx, access.Attempt{Login: login, Password: good, Address: "10.0.0.1", Agent: "test"})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// enrol sets up one-time codes for the holder of a session.
func (w *world) enrol(r access.Result) (secret string, recovery []string) {
	w.t.Helper()
	session, _, err := w.Session(ctx, r.Token)
	if err != nil {
		w.t.Fatal(err)
	}
	e, err := w.Enrol(ctx, session)
	if err != nil {
		w.t.Fatal(err)
	}
	if u, err := url.Parse(e.URL); err != nil || u.Query().Get("secret") != e.Secret {
		w.t.Fatalf("address %q does not carry the secret (%v)", e.URL, err)
	}
	if recovery, err = w.ConfirmFactor(ctx, session, w.code(e.Secret)); err != nil {
		w.t.Fatal(err)
	}
	w.pass(time.Minute) // its code is used up
	return e.Secret, recovery
}

// code is what an authenticator program shows now.
func (w *world) code(secret string) string {
	w.t.Helper()
	code, err := totp.GenerateCode(secret, w.clock())
	if err != nil {
		w.t.Fatal(err)
	}
	return code
}

// acts are the ledger's entries of a kind about a subject, oldest first.
func (w *world) acts(kind, subject string) (list []ledger.Entry) {
	w.t.Helper()
	w.update(func(tx *db.Tx) error {
		all, err := ledger.Of(ctx, tx, subject)
		for _, e := range all {
			if e.Kind == kind {
				list = append(list, e)
			}
		}
		return err
	})
	return list
}

// journal is everything in the ledger as one text.
func (w *world) journal() string {
	w.t.Helper()
	var b strings.Builder
	w.update(func(tx *db.Tx) error {
		all, err := ledger.After(ctx, tx, 0, 100000)
		for _, e := range all {
			b.WriteString(e.Kind + " " + e.Subject + " " + e.Actor + " " + string(e.Data) + "\n")
		}
		return err
	})
	return b.String()
}

// wantCode checks that err is the fault of a code; "" is no error.
func wantCode(t testing.TB, err error, want string) {
	t.Helper()
	got := ""
	if f, ok := fault.Of(err); ok {
		got = f.Code
		if f.Message == "" {
			t.Errorf("%s has no message", f.Code)
		}
	} else if err != nil {
		got = err.Error()
	}
	if got != want {
		t.Errorf("got fault %q, want %q (%v)", got, want, err)
	}
}

// atOnce runs f n times side by side and tells how many succeeded; other
// faults than the wanted one are errors.
func atOnce(t *testing.T, n int, otherwise string, f func() error) (succeeded int) {
	t.Helper()
	results := make(chan error, n)
	for range n {
		go func() { results <- f() }()
	}
	for range n {
		switch err := <-results; {
		case err == nil:
			succeeded++
		default:
			var fa *fault.Error
			if !errors.As(err, &fa) || fa.Code != otherwise {
				t.Errorf("got %v, want fault %q", err, otherwise)
			}
		}
	}
	return succeeded
}

var errBack = errors.New("back")

// rollback runs f in a transaction that leaves nothing, and returns what f
// returns.
func (w *world) rollback(f func(tx *db.Tx) error) (err error) {
	w.t.Helper()
	back := w.db.Update(ctx, func(tx *db.Tx) error {
		err = f(tx)
		return errBack
	})
	if !errors.Is(back, errBack) {
		w.t.Fatal(back)
	}
	return err
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func equal(a, b []int64) bool { return slices.Equal(a, b) }
