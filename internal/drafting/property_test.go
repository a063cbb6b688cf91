package drafting

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/law"
	"gongkai/internal/publication"
)

// Whatever people try, in whatever order: nothing becomes public that has an
// open finding, no decision about this very revision, nobody but its authors
// who has seen it, or a review missing that the flow asks for.
func TestNothingUnreviewedIsPublished(t *testing.T) {
	c := &city{now: dbtest.Noon}
	c.found(t, dbtest.SQLite(t, c.clock))
	reached := map[State]int{}
	rapid.Check(t, func(t *rapid.T) {
		m := &machine{city: c, line: notice("关于报名的通知")}
		m.setFlow(t)
		m.begin(t)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			m.step(t)
			m.check(t)
			if d := m.draft(t); d.State == Published || d.State == Withheld {
				break
			}
		}
		reached[m.draft(t).State]++
	})
	if reached[Published] == 0 || reached[Withheld] == 0 {
		t.Errorf("the walks ended in %v: some never came to an end", reached)
	}
}

// machine walks one draft about.
type machine struct {
	*city
	id   int64
	line *publication.Line
	flow Flow
}

// people who take part; several hold more than one role.
var players = []string{"编一", "编二", "审核", "保密", "签发", "局长", "多面"}

func (m *machine) who(t *rapid.T) person {
	name := rapid.SampledFrom(players).Draw(t, "who")
	return person{name: name, roles: staff[name], units: []int64{m.units[education]}}
}

func (m *machine) setFlow(t *rapid.T) {
	m.flow = Flow{UnitID: m.units[education], Review: rapid.Bool().Draw(t, "review"), Sign: rapid.Bool().Draw(t, "sign")}
	office := person{name: "主管", roles: staff["主管"], units: []int64{m.units[education]}}
	if err := m.DB.Update(ctx, func(tx *db.Tx) error { return m.SetFlow(ctx, tx, office, m.flow) }); err != nil {
		t.Fatal(err)
	}
}

func (m *machine) begin(t *rapid.T) {
	author := person{name: "编一", roles: staff["编一"], units: []int64{m.units[education]}}
	err := m.DB.Update(ctx, func(tx *db.Tx) error {
		d, err := m.Create(ctx, tx, author, m.units[education], m.line)
		m.id = d.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (m *machine) draft(t *rapid.T) (d Draft) {
	err := m.DB.View(ctx, func(tx *db.Tx) (err error) {
		d, err = m.load(ctx, tx, m.id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// step lets somebody try something; what is refused has to be a fault.
func (m *machine) step(t *rapid.T) {
	d, who := m.draft(t), m.who(t)
	var err error
	switch rapid.IntRange(0, 12).Draw(t, "what") {
	case 0:
		m.line.Title = "关于报名的通知" + rapid.SampledFrom([]string{"", "一", "二"}).Draw(t, "title")
		m.line.Body.Text = "咨询电话" + rapid.SampledFrom([]string{"见官网。", "13800000000。", "13900000000。"}).Draw(t, "body")
		_, err = m.Save(ctx, who, m.id, d.Revision, m.line)
	case 1:
		_, _, err = m.Attach(ctx, who, m.id, "名单.txt", strings.NewReader(rapid.SampledFrom([]string{"甲乙", "甲13700000000"}).Draw(t, "file")))
	case 2:
		err = m.resolveSome(t, who, d)
	case 3:
		_, err = m.PublishDue(ctx)
	case 4, 5, 6, 7:
		err = m.event(t, who, d)
	default:
		err = m.onward(t, d)
	}
	if f, ok := fault.Of(err); err != nil && (!ok || f.Kind == fault.Internal) {
		t.Fatalf("%s: %v", who.name, err)
	}
}

func (m *machine) event(t *rapid.T, who person, d Draft) error {
	var events []Event
	for _, r := range Life().From(d.State, d.Flow.holds) {
		events = append(events, r.Event)
	}
	events = append(events, Submit, Publish, Sign) // also what does not belong here
	e := rapid.SampledFrom(events).Draw(t, "event")
	in := Input{Reason: rapid.SampledFrom([]string{"", "测试的理由"}).Draw(t, "reason"), Confirmed: rapid.IntRange(0, 4).Draw(t, "confirmed") > 0,
		Outcome: rapid.SampledFrom([]Outcome{Open, Partly, "", Referred}).Draw(t, "outcome"), Ground: law.GroundInternal, Publish: rapid.Bool().Draw(t, "publish")}
	if rapid.Bool().Draw(t, "dated") {
		in.ReexamineOn = civil.DateOf(m.now).AddMonths(12)
		in.PublishAt = m.now.Add(time.Hour)
	}
	revision := d.Revision - rapid.IntRange(0, 1).Draw(t, "behind")
	return m.DB.Update(ctx, func(tx *db.Tx) error {
		_, err := m.Do(ctx, tx, who, m.id, revision, e, in)
		return err
	})
}

// onward lets those whose turn it is go on, as mostly happens.
func (m *machine) onward(t *rapid.T, d Draft) error {
	next := map[State]struct {
		who   string
		event Event
	}{
		Editing: {"编一", Submit}, Returned: {"编二", Submit}, InReview: {"审核", Approve}, InSecrecy: {"保密", Clear},
		ToSign: {"签发", Sign}, Scheduled: {"签发", Publish}, Abandoned: {"编一", Revive},
	}[d.State]
	if d.State == InSecrecy && rapid.IntRange(0, 3).Draw(t, "withhold") == 0 {
		next.event = Withhold
	}
	in := full(m.now)
	in.PublishAt = time.Time{}
	who := person{name: next.who, roles: staff[next.who], units: []int64{d.UnitID}}
	return m.DB.Update(ctx, func(tx *db.Tx) error {
		_, err := m.Do(ctx, tx, who, m.id, d.Revision, next.event, in)
		return err
	})
}

func (m *machine) resolveSome(t *rapid.T, who person, d Draft) error {
	w, err := m.Get(ctx, who, m.id)
	if err != nil || len(w.Findings) == 0 {
		return err
	}
	f := rapid.SampledFrom(w.Findings).Draw(t, "finding")
	how := rapid.SampledFrom([]Resolution{Mask, Remove, Pass}).Draw(t, "how")
	_, err = m.Resolve(ctx, who, m.id, d.Revision, f.ID, how, "机关公开电话")
	return err
}

// check holds what has become public against what is asked of it.
func (m *machine) check(t *rapid.T) {
	d := m.draft(t)
	if d.State != Published {
		if d.RecordID != 0 {
			t.Fatalf("a draft in %s has a record", d.State)
		}
		return
	}
	reader := person{name: "旁观", roles: []access.Role{access.Inspector}, units: []int64{d.UnitID}}
	w, err := m.Get(ctx, reader, m.id)
	if err != nil {
		t.Fatal(err)
	}
	if d.Findings > 0 {
		t.Fatalf("%d findings are open", d.Findings)
	}
	if len(w.Decisions) == 0 || w.Decisions[0].Revision != d.Revision || !w.Decisions[0].Outcome.discloses() || w.Decisions[0].RecordID != d.RecordID {
		t.Fatalf("decisions %+v do not cover revision %d", w.Decisions, d.Revision)
	}
	if slices.Contains(d.Editors, w.Decisions[0].By) {
		t.Fatalf("%s has decided on a text of their own", w.Decisions[0].By)
	}
	m.checkSteps(t, d, w.History)
	m.checkPublic(t, d, w.Findings)
}

// checkSteps wants the steps of the flow since the last submission, each by
// somebody who may take it.
func (m *machine) checkSteps(t *rapid.T, d Draft, history []Step) {
	by := map[Event]string{}
	for _, st := range history {
		switch st.Event {
		case Submit, Recall, Return:
			clear(by)
		}
		by[st.Event] = st.By
	}
	if d.Emergency != nil {
		if by[InEmergency] == "" || slices.Contains(d.Editors, by[InEmergency]) || d.Emergency.Reason == "" || d.Emergency.Due.IsZero() {
			t.Fatalf("emergency %+v by %v", d.Emergency, by)
		}
		return
	}
	want := map[Event]bool{Submit: true, Clear: true, Approve: m.flow.Review, Sign: m.flow.Sign}
	for _, e := range slices.Sorted(maps.Keys(want)) {
		if want[e] && by[e] == "" {
			t.Fatalf("flow %s: no %s in %+v", m.flow.Label(), e, history)
		}
		if e != Submit && slices.Contains(d.Editors, by[e]) {
			t.Fatalf("%s did %s with a text of their own", by[e], e)
		}
	}
	if by[Approve] != "" && by[Approve] == by[Clear] {
		t.Fatalf("%s has reviewed and cleared", by[Approve])
	}
}

// checkPublic wants the record to be the newest revision, and no number in it
// that nobody has let pass.
func (m *machine) checkPublic(t *rapid.T, d Draft, findings []Finding) {
	doc, err := m.Records.Get(ctx, d.RecordID)
	if err != nil {
		t.Fatal(err)
	}
	if doc.Title != d.Title {
		t.Fatalf("the record is “%s”, the draft “%s”", doc.Title, d.Title)
	}
	passed := map[string]bool{}
	for _, f := range findings {
		passed[f.Key] = passed[f.Key] || f.Resolution == Pass
	}
	line := &publication.Line{Title: doc.Title, Body: doc.Body}
	for _, f := range (phoneGate{}).ScanLine(line, nil, civil.Date{}) {
		if !passed[f.Key] {
			t.Fatalf("%s is public", f.Excerpt)
		}
	}
}
