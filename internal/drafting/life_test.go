package drafting

import (
	"errors"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/law"
)

var write = flag.Bool("write", false, "write golden files anew")

// docs/drafting.md is what the table says.
func TestLifeIsDocumented(t *testing.T) {
	var b strings.Builder
	b.WriteString("# 信息发布的过程\n\n由 `internal/drafting` 的状态表生成；检查、按钮、经过记录都出自同一张表。改表以后用 `go test ./internal/drafting -run Documented -write` 重写本页。\n\n")
	b.WriteString("```mermaid\n" + Life().Mermaid() + "```\n\n")
	b.WriteString(Life().Markdown(func(act string) string { return access.Act(act).Label() }))
	b.WriteString("\n### 流程的写法\n\n| 审核 | 签发 | 步骤 |\n|---|---|---|\n")
	for _, f := range []Flow{{Review: true, Sign: true}, {Review: true}, {Sign: true}, {}} {
		b.WriteString("| " + yesNo(f.Review) + " | " + yesNo(f.Sign) + " | " + f.Label() + " |\n")
	}
	const path = "../../docs/drafting.md"
	if *write {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("%s is not what the table says; run this test with -write", path)
	}
}

func yesNo(b bool) string {
	if b {
		return "有"
	}
	return "无"
}

// Every guard, need and effect that the table names has code, and no other.
func TestLifeHasCode(t *testing.T) {
	names := map[string]bool{}
	for _, r := range Life().Rows() {
		for _, g := range r.Guards {
			names["guard "+g] = true
			if guards[g] == nil {
				t.Errorf("guard %s has no code", g)
			}
		}
		for _, n := range r.Needs {
			names["need "+n] = true
			if needs[n] == nil {
				t.Errorf("need %s has no code", n)
			}
		}
	}
	for g := range guards {
		if !names["guard "+g] {
			t.Errorf("nothing uses guard %s", g)
		}
	}
	for n := range needs {
		if !names["need "+n] {
			t.Errorf("nothing uses need %s", n)
		}
	}
	for e := range effects {
		if _, ok := Life().Event(e); !ok {
			t.Errorf("effect %s belongs to no event", e)
		}
	}
}

// No way leads to the public past a secrecy decision or by one person alone:
// of every way through the table, in every flow, the last step before has a
// guard for the decision or takes one itself, and somebody who is not the
// author has acted.
func TestEveryWayIsReviewed(t *testing.T) {
	for _, r := range Life().Rows() {
		if r.To != Published || r.From == Published {
			continue
		}
		decided := slices.Contains(r.Guards, guardDecided) || slices.Contains(r.Needs, needDecision)
		if !decided || !slices.Contains(r.Guards, guardFindings) {
			t.Errorf("%s --%s--> published asks for no decision or lets findings pass", r.From, r.Event)
		}
	}
	for _, f := range []Flow{{Review: true, Sign: true}, {Review: true}, {Sign: true}, {}} {
		var walk func(at State, other bool, seen []State)
		walk = func(at State, other bool, seen []State) {
			for _, r := range Life().From(at, f.holds) {
				now := other || slices.Contains(r.Guards, guardNotAuthor)
				if r.To == Published && !now {
					t.Errorf("%s: %v --%s--> published by the author alone", f.Label(), seen, r.Event)
				}
				if !slices.Contains(seen, r.To) {
					walk(r.To, now, append(slices.Clone(seen), r.To))
				}
			}
		}
		walk(Editing, false, []State{Editing})
	}
}

// full is an input that lacks nothing.
func full(now time.Time) Input {
	return Input{Reason: "测试用的理由", Confirmed: true, Outcome: Open, Ground: law.GroundInternal, ReexamineOn: law.Standard().AddWorkdays(civil.DateOf(now), 30), PublishAt: now.Add(time.Hour)}
}

// inState makes a draft of 编一 that stands in a state.
func (c *city) inState(t testing.TB, s State) Draft {
	t.Helper()
	d := c.create(t, "编一", notice("关于报名的通知"+string(s)))
	steps := map[State]func(){
		InReview:  func() { c.must(t, "编一", d.ID, Submit, Input{}) },
		InSecrecy: func() { c.inStateFrom(t, d.ID, Submit, Approve) },
		ToSign:    func() { c.inStateFrom(t, d.ID, Submit, Approve, Clear) },
		Scheduled: func() { c.inStateFrom(t, d.ID, Submit, Approve, Clear, Sign) },
		Published: func() { c.must(t, "局长", d.ID, InEmergency, full(c.now)) },
		Returned:  func() { c.inStateFrom(t, d.ID, Submit, Return) },
		Withheld:  func() { c.inStateFrom(t, d.ID, Submit, Approve, Withhold) },
		Abandoned: func() { c.must(t, "编一", d.ID, Abandon, Input{}) },
	}
	if make, ok := steps[s]; ok {
		make()
	}
	d = c.peek(t, d.ID)
	if d.State != s {
		t.Fatalf("the draft is %s, want %s", d.State, s)
	}
	return d
}

func (c *city) inStateFrom(t testing.TB, id int64, events ...Event) {
	t.Helper()
	by := map[Event]string{Submit: "编一", Approve: "审核", Return: "审核", Clear: "保密", Withhold: "保密", Sign: "签发"}
	for _, e := range events {
		in := full(c.now)
		in.PublishAt = time.Time{}
		c.must(t, by[e], id, e, in)
	}
}

// errUndo takes a trial back.
var errUndo = errors.New("undo")

// trial tells what an event would come to.
func (c *city) trial(t testing.TB, who Who, d Draft, e Event) (after Draft, err error) {
	t.Helper()
	undo := c.DB.Update(ctx, func(tx *db.Tx) error {
		after, err = c.Do(ctx, tx, who, d.ID, d.Revision, e, full(c.now))
		return errUndo
	})
	if !errors.Is(undo, errUndo) {
		t.Fatal(undo)
	}
	return after, err
}

// Every state × event × role: an event that the table does not have is refused
// for the state, a person without the right for the right, and whoever is left
// comes where the table says. The author, with all rights, is stopped wherever
// the table wants somebody else. Buttons say the same.
func TestEveryStateEventAndRole(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		for _, info := range Life().States() {
			d := c.inState(t, info.State)
			for _, role := range access.Roles() {
				who := person{name: "某" + role.Label, roles: []access.Role{role.Role}, units: []int64{d.UnitID}}
				choices, err := c.May(ctx, who, d.ID)
				if reads := who.Can(access.RecordRead, d.UnitID); reads != (err == nil) {
					t.Fatalf("May by %s: %v, reads: %v", who.name, err, reads)
				}
				for _, event := range Life().Events() {
					c.judge(t, who, d, event.Event, choices)
				}
			}
			for _, event := range Life().Events() {
				row, known := Life().Find(d.State, event.Event, d.Flow.holds)
				author := person{name: "编一", roles: []access.Role{access.Editor, access.Reviewer, access.Secrecy, access.Signer, access.Head}, units: []int64{d.UnitID}}
				_, err := c.trial(t, author, d, event.Event)
				if known && slices.Contains(row.Guards, guardNotAuthor) && codeOf(err) != "draft_not_author" {
					t.Errorf("%s %s by the author: %v", d.State, event.Event, err)
				}
			}
		}
	})
}

// judge compares what came of an event with the table and with the buttons.
func (c *city) judge(t *testing.T, who person, d Draft, e Event, choices []Choice) {
	t.Helper()
	after, err := c.trial(t, who, d, e)
	row, known := Life().Find(d.State, e, d.Flow.holds)
	right := known && slices.ContainsFunc(who.roles, func(r access.Role) bool { return r.May(access.Act(row.Act)) })
	exempt := map[Event]bool{Unschedule: true} // nothing was timed
	switch {
	case !known:
		if codeOf(err) != "draft_state" {
			t.Errorf("%s %s by %s: %v, want the state to refuse", d.State, e, who.name, err)
		}
	case !right:
		if codeOf(err) != "not_allowed" {
			t.Errorf("%s %s by %s: %v, want no right", d.State, e, who.name, err)
		}
	case exempt[e]:
		if codeOf(err) != "draft_timed" {
			t.Errorf("%s %s by %s: %v", d.State, e, who.name, err)
		}
	case err != nil || after.State != row.To:
		t.Errorf("%s %s by %s comes to %s (%v), want %s", d.State, e, who.name, after.State, err, row.To)
	}
	if !who.Can(access.RecordRead, d.UnitID) {
		return
	}
	i := slices.IndexFunc(choices, func(ch Choice) bool { return ch.Event == e })
	switch {
	case (i >= 0) != known:
		t.Errorf("%s: a button for %s is there: %v", d.State, e, i >= 0)
	case i >= 0 && choices[i].Allowed != (err == nil):
		t.Errorf("%s %s by %s: the button says %+v, doing it %v", d.State, e, who.name, choices[i], err)
	case i >= 0 && !choices[i].Allowed && choices[i].Why == "":
		t.Errorf("%s %s by %s: no reason given", d.State, e, who.name)
	}
}

func codeOf(err error) string {
	if f, ok := fault.Of(err); ok {
		return f.Code
	}
	return ""
}
