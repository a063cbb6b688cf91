package drafting

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/blob"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/document"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/privacy"
	"gongkai/internal/publication"
	"gongkai/internal/publication/kind"
	"gongkai/internal/unit"
)

var (
	ctx     = context.Background()
	_   Who = (*access.Person)(nil)
)

// city is a store with one government, two departments below it and a
// township below one of them, a clock that tests move, and a gate that knows
// mobile numbers.
type city struct {
	*Store
	units map[string]int64

	mu  sync.Mutex
	now time.Time
}

func (c *city) clock() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *city) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

const (
	government = "甲市人民政府"
	education  = "甲市教育局"
	finance    = "甲市财政局"
	school     = "甲市第一中学"
)

// each runs body on both engines.
func each(t *testing.T, body func(t *testing.T, c *city)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		c := &city{now: dbtest.Noon}
		body(t, c.found(t, dbtest.SQLite(t, c.clock)))
	})
	t.Run("postgres", func(t *testing.T) {
		c := &city{now: dbtest.Noon}
		body(t, c.found(t, dbtest.Postgres(t, c.clock)))
	})
}

// policyKind is a policy that wants its interpretation, whatever the city's
// own kinds say.
const policyKind = `{"code": "policy", "label": "政策文件", "order": 1, "description": "政策文件", "statutory": "20-1", "validity": true,
	"limit": {"days": 20, "unit": "workday", "basis": "《政府信息公开条例》第二十六条"}, "needs_interpretation": true, "steps": ["legal"],
	"fields": [{"key": "theme", "label": "主题分类", "type": "text"}]}`

// assemble makes the store over a database, with files in memory.
func (c *city) assemble(t testing.TB, store *db.DB) {
	t.Helper()
	kinds, err := kind.Load(fstest.MapFS{"policy.json": {Data: []byte(policyKind)}})
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open(ctx, "mem:")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { blobs.Close() })
	units := unit.NewStore(store)
	records := publication.NewStore(publication.Deps{DB: store, Kinds: kinds, Units: units, Duties: obligation.NewStore(store, obligation.Options{}), Blobs: blobs})
	c.Store = NewStore(Deps{DB: store, Records: records, Gate: phoneGate{}, Now: c.clock})
	c.units = map[string]int64{}
}

// found fills an empty city.
func (c *city) found(t testing.TB, store *db.DB) *city {
	t.Helper()
	c.assemble(t, store)
	err := store.Update(ctx, func(tx *db.Tx) error {
		for _, u := range []unit.Draft{
			{Kind: unit.City, Name: government},
			{Kind: unit.Department, Name: education},
			{Kind: unit.Department, Name: finance},
			{Kind: unit.Institution, Name: school},
		} {
			u.Parent = map[string]int64{education: c.units[government], finance: c.units[government], school: c.units[education]}[u.Name]
			organ, err := c.Records.Units.Add(ctx, tx, "test", u)
			if err != nil {
				return err
			}
			c.units[u.Name] = organ.ID
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// person is somebody with roles in units, by the real table of rights.
type person struct {
	name  string
	roles []access.Role
	units []int64
}

func (p person) Actor() string { return "user:" + p.name }

func (p person) Can(act access.Act, unitID int64) bool {
	return slices.Contains(p.units, unitID) && slices.ContainsFunc(p.roles, func(r access.Role) bool { return r.May(act) })
}

func (p person) Reach(act access.Act) ([]int64, bool) {
	var units []int64
	for _, id := range p.units {
		if p.Can(act, id) {
			units = append(units, id)
		}
	}
	return units, false
}

// staff are the people of the tests, all of the department of education but
// for the last.
var staff = map[string][]access.Role{
	"编一": {access.Editor},
	"编二": {access.Editor},
	"审核": {access.Reviewer},
	"保密": {access.Secrecy},
	"签发": {access.Signer},
	"局长": {access.Head},
	"多面": {access.Editor, access.Reviewer, access.Secrecy, access.Signer},
	"旁观": {access.Inspector},
	"主管": {access.Office},
	"外局": {access.Editor, access.Reviewer, access.Secrecy, access.Signer},
}

func (c *city) person(t testing.TB, name string) person {
	t.Helper()
	roles, ok := staff[name]
	if !ok {
		t.Fatalf("nobody is called %s", name)
	}
	p := person{name: name, roles: roles, units: []int64{c.units[education], c.units[school]}}
	switch name {
	case "外局":
		p.units = []int64{c.units[finance]}
	case "主管":
		p.units = []int64{c.units[government], c.units[education], c.units[finance], c.units[school]}
	}
	return p
}

// do runs an event on the newest revision.
func (c *city) do(t testing.TB, who string, id int64, event Event, in Input) (d Draft, err error) {
	t.Helper()
	return c.doAt(t, who, id, c.peek(t, id).Revision, event, in)
}

func (c *city) doAt(t testing.TB, who string, id int64, revision int, event Event, in Input) (d Draft, err error) {
	t.Helper()
	err = c.DB.Update(ctx, func(tx *db.Tx) error {
		d, err = c.Do(ctx, tx, c.person(t, who), id, revision, event, in)
		return err
	})
	return d, err
}

// must is do for what has to go well.
func (c *city) must(t testing.TB, who string, id int64, event Event, in Input) Draft {
	t.Helper()
	d, err := c.do(t, who, id, event, in)
	if err != nil {
		t.Fatalf("%s %s: %v", who, event, err)
	}
	return d
}

// peek reads a draft past all rights.
func (c *city) peek(t testing.TB, id int64) (d Draft) {
	t.Helper()
	err := c.DB.View(ctx, func(tx *db.Tx) (err error) {
		d, err = c.load(ctx, tx, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// notice is a line that nothing is wrong with.
func notice(title string, change ...func(*publication.Line)) *publication.Line {
	l := &publication.Line{Kind: "notice", Unit: education, Title: title, IssuedOn: civil.MustDate("2021-06-10"),
		Body: publication.Body{Format: document.Text, Text: "现将有关事项通知如下。\n一、报名时间为7月1日。\n二、报名地点见附件。"}}
	for _, f := range change {
		f(l)
	}
	return l
}

func (c *city) create(t testing.TB, who string, line *publication.Line) Draft {
	t.Helper()
	var d Draft
	err := c.DB.Update(ctx, func(tx *db.Tx) (err error) {
		d, err = c.Create(ctx, tx, c.person(t, who), c.units[education], line)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// signed brings a draft of 编一 through all steps but publishing.
func (c *city) signed(t testing.TB, line *publication.Line) Draft {
	t.Helper()
	d := c.create(t, "编一", line)
	return c.pushThrough(t, d.ID)
}

func (c *city) pushThrough(t testing.TB, id int64) Draft {
	t.Helper()
	c.must(t, "编一", id, Submit, Input{})
	c.must(t, "审核", id, Approve, Input{})
	c.must(t, "保密", id, Clear, Input{Outcome: Open})
	return c.must(t, "签发", id, Sign, Input{Confirmed: true})
}

// wantFault fails unless err is a fault of a code with words in its message.
func wantFault(t testing.TB, err error, code, words string) {
	t.Helper()
	f, ok := fault.Of(err)
	if !ok || f.Code != code || !strings.Contains(f.Public(), words) {
		t.Errorf("got %v, want the fault %s with “%s”", err, code, words)
	}
}

// phoneGate is a privacy gate that knows mobile numbers in plain text. A file
// that begins with MZ is a program; a line AUTHOR of a file is its metadata.
type phoneGate struct{}

var (
	phoneForm  = regexp.MustCompile(`1[3-9]\d{9}`)
	authorForm = regexp.MustCompile(`(?m)^AUTHOR.*\n`)
)

func findPhones(place, text string) (list []privacy.Finding) {
	for _, m := range phoneForm.FindAllString(text, -1) {
		sum := sha256.Sum256([]byte(m))
		list = append(list, privacy.Finding{Kind: privacy.Phone, Place: place, Excerpt: m[:3] + "****" + m[7:], Match: m, Masked: m[:3] + "****" + m[7:], Key: hex.EncodeToString(sum[:8])})
	}
	return list
}

func maskPhones(text string, keys map[string]bool, remove bool) string {
	for _, f := range findPhones("", text) {
		switch {
		case keys[f.Key] && remove:
			text = strings.ReplaceAll(text, f.Match, "")
		case keys[f.Key]:
			text = strings.ReplaceAll(text, f.Match, f.Masked)
		}
	}
	return text
}

func (phoneGate) ScanLine(line *publication.Line, k *kind.Kind, _ civil.Date) (found []privacy.Finding) {
	passages(line, k, func(place, text string, _ document.Format) string {
		found = append(found, findPhones(place, text)...)
		return text
	})
	return found
}

func (phoneGate) MaskLine(line *publication.Line, k *kind.Kind, _ civil.Date, keys map[string]bool, remove bool) {
	passages(line, k, func(_, text string, _ document.Format) string { return maskPhones(text, keys, remove) })
}

func (g phoneGate) TakeFile(_ context.Context, name string, data []byte, _ civil.Date) (Taken, error) {
	if strings.HasPrefix(string(data), "MZ") {
		return Taken{}, fault.New(fault.Invalid, "file_program", "这是程序，不能作附件。").At("%s", name)
	}
	t := Taken{Data: authorForm.ReplaceAll(data, nil), MediaType: "text/plain"}
	if len(t.Data) < len(data) {
		t.Removed = []string{"作者"}
	}
	t.Findings = findPhones("附件《"+name+"》", string(t.Data))
	return t, nil
}

func (g phoneGate) MaskFile(ctx context.Context, name string, data []byte, today civil.Date, keys map[string]bool, remove bool) (Taken, error) {
	return g.TakeFile(ctx, name, []byte(maskPhones(string(data), keys, remove)), today)
}

// count asks the database for a number.
func (c *city) count(t testing.TB, query string, args ...any) (n int) {
	t.Helper()
	err := c.DB.View(ctx, func(tx *db.Tx) error { return tx.Row(ctx, query, args, &n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func itoa(n int) string { return strconv.Itoa(n) }
