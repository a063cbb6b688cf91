package drafting

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/document"
	"gongkai/internal/fault"
	"gongkai/internal/intake"
	"gongkai/internal/jobs"
	"gongkai/internal/law"
	"gongkai/internal/obligation"
	"gongkai/internal/obligation/workplan"
	"gongkai/internal/publication"
)

func titles(list []Draft) (out []string) {
	for _, d := range list {
		out = append(out, d.Title)
	}
	return out
}

func TestList(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		for _, s := range []State{Editing, InReview, InSecrecy, ToSign, Scheduled, Published, Returned, Withheld, Abandoned} {
			c.pass(time.Second)
			c.inState(t, s)
		}
		const base = "关于报名的通知"
		tests := []struct {
			name, who string
			filter    Filter
			want      []State // newest first
		}{
			{"all", "编一", Filter{}, []State{Abandoned, Withheld, Returned, Published, Scheduled, ToSign, InSecrecy, InReview, Editing}},
			{"open", "旁观", Filter{Open: true}, []State{Returned, Scheduled, ToSign, InSecrecy, InReview, Editing}},
			{"states", "编一", Filter{States: []State{Editing, ToSign}}, []State{ToSign, Editing}},
			{"text", "编一", Filter{Text: "通知 TO_sign"}, []State{ToSign}},
			{"waits for the reviewer", "审核", Filter{Waiting: true}, []State{InReview}},
			{"waits for the secrecy reviewer", "保密", Filter{Waiting: true}, []State{InSecrecy}},
			{"waits for the signer", "签发", Filter{Waiting: true}, []State{Scheduled, ToSign}},
			{"waits for the author", "编一", Filter{Waiting: true}, []State{Returned, Scheduled}},
			{"mine", "编二", Filter{Mine: true}, nil},
			{"owed", "签发", Filter{Owed: true}, []State{Published}},
			{"not owed yet", "签发", Filter{Owed: true, DueBy: civil.MustDate("2021-06-16")}, nil},
			{"kind", "编一", Filter{Kind: "policy"}, nil},
			{"another unit", "外局", Filter{}, nil},
		}
		for _, tt := range tests {
			page, err := c.List(ctx, c.person(t, tt.who), tt.filter)
			if err != nil {
				t.Fatal(tt.name, err)
			}
			var want []string
			for _, s := range tt.want {
				want = append(want, base+string(s))
			}
			if got := titles(page.Drafts); !slices.Equal(got, want) {
				t.Errorf("%s: got %v, want %v", tt.name, got, want)
			}
		}
		c.walkPages(t)
		c.checkCounts(t)
	})
}

// walkPages wants pages to give every draft once.
func (c *city) walkPages(t *testing.T) {
	t.Helper()
	var all []string
	for at := (Cursor{}); ; {
		page, err := c.List(ctx, c.person(t, "编一"), Filter{Size: 4, After: at})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, titles(page.Drafts)...)
		if page.Next.ID == 0 {
			break
		}
		if at, err = ParseCursor(page.Next.String()); err != nil {
			t.Fatal(err)
		}
	}
	if slices.Sort(all); len(all) != 9 || len(slices.Compact(all)) != 9 {
		t.Errorf("pages give %v", all)
	}
}

func (c *city) checkCounts(t *testing.T) {
	t.Helper()
	tests := []struct {
		who                       string
		states, mine, waits, owed int
	}{
		{"编一", 9, 6, 2, 0}, {"审核", 9, 0, 1, 0}, {"签发", 9, 0, 2, 1}, {"局长", 9, 0, 2, 0}, {"外局", 0, 0, 0, 0},
	}
	for _, tt := range tests {
		n, err := c.Counts(ctx, c.person(t, tt.who))
		if err != nil {
			t.Fatal(err)
		}
		sum := func(m map[State]int) (k int) {
			for _, v := range m {
				k += v
			}
			return k
		}
		if sum(n.States) != tt.states || n.Mine != tt.mine || sum(n.Waiting) != tt.waits || n.Owed != tt.owed {
			t.Errorf("%s: %+v, want %+v", tt.who, n, tt)
		}
	}
}

// A batch does what it can: one refusal does not stop the others.
func TestDoMany(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		a, b, odd := c.inState(t, InReview), c.inState(t, ToSign), c.create(t, "多面", notice("多面写的"))
		odd = c.must(t, "多面", odd.ID, Submit, Input{})
		done := c.DoMany(ctx, c.person(t, "多面"), []Item{{a.ID, a.Revision}, {b.ID, b.Revision}, {odd.ID, odd.Revision}, {a.ID, a.Revision + 7}, {999, 1}}, Approve, Input{})
		for i, want := range []string{"", "draft_state", "draft_not_author", "draft_changed", "draft_unknown"} {
			if codeOf(done[i].Err) != want {
				t.Errorf("item %d: %v, want %s", i, done[i].Err, want)
			}
		}
		if done[0].Draft.State != InSecrecy || done[0].Draft.Reviewer != "user:多面" {
			t.Errorf("got %+v", done[0].Draft)
		}
	})
}

// A remark stays with its words while they stand, and says when they are gone.
func TestRemarksFollowTheText(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		d := c.create(t, "编一", notice("关于报名的通知", body(document.HTML, "<p>报名时间为<b>7月</b>1日。</p><p>缴费时间为7月1日。</p>")))
		who := c.person(t, "审核")
		if _, err := c.AddRemark(ctx, who, d.ID, Remark{Place: PlaceBody, Quote: "7月1日", Occurrence: 1, Words: "缴费是几号？"}); err != nil {
			t.Fatal(err)
		}
		locate := func(text string) Remark {
			t.Helper()
			if _, err := c.Save(ctx, c.person(t, "编一"), d.ID, c.peek(t, d.ID).Revision, notice("关于报名的通知", body(document.HTML, text))); err != nil {
				t.Fatal(err)
			}
			w, err := c.Get(ctx, who, d.ID)
			if err != nil {
				t.Fatal(err)
			}
			return w.Remarks[0]
		}
		if r := locate("<p>新加的一段。</p><p>报名时间为7月1日。</p><p>缴费时间为7月1日。</p>"); !r.Stands || r.Start != 23 {
			t.Errorf("after a paragraph was put in: %+v", r)
		}
		if r := locate("<p>缴费时间为7月2日。</p>"); r.Stands {
			t.Errorf("after the words went: %+v", r)
		}
		w, err := c.Get(ctx, who, d.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.ResolveRemark(ctx, c.person(t, "编一"), d.ID, w.Remarks[0].ID, true); err != nil {
			t.Fatal(err)
		}
		if got := c.peek(t, d.ID).Remarks; got != 0 {
			t.Errorf("%d remarks are open", got)
		}
		_, err = c.AddRemark(ctx, c.person(t, "外局"), d.ID, Remark{Words: "不相干的人"})
		wantFault(t, err, "not_allowed", "")
	})
}

// Files: the public copy is the cleaned one, the original is for those who
// write or clear, a name is told apart, and what is published is what is there.
func TestFiles(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		d := c.create(t, "编一", notice("关于报名的通知"))
		who := c.person(t, "编一")
		f, d, err := c.Attach(ctx, who, d.ID, `C:\桌面\名单.txt`, strings.NewReader("AUTHOR王某\n甲乙丙"))
		if err != nil || f.Name != "名单.txt" || !slices.Equal(f.Removed, []string{"作者"}) || d.Revision != 2 {
			t.Fatalf("%+v, revision %d, %v", f, d.Revision, err)
		}
		second, _, err := c.Attach(ctx, who, d.ID, "名单.txt", strings.NewReader("丁"))
		if err != nil || second.Name != "名单（2）.txt" {
			t.Fatalf("%+v, %v", second, err)
		}
		read := func(name string, original bool) (string, error) {
			_, r, err := c.OpenFile(ctx, c.person(t, name), d.ID, f.ID, original)
			if err != nil {
				return "", err
			}
			defer r.Close()
			text, err := io.ReadAll(r)
			return string(text), err
		}
		if got, err := read("旁观", false); got != "甲乙丙" || err != nil {
			t.Errorf("the copy is %q, %v", got, err)
		}
		if got, err := read("保密", true); got != "AUTHOR王某\n甲乙丙" || err != nil {
			t.Errorf("the original is %q, %v", got, err)
		}
		for _, tt := range []struct {
			who      string
			original bool
		}{{"旁观", true}, {"审核", true}, {"外局", false}} {
			if _, err := read(tt.who, tt.original); codeOf(err) != "not_allowed" {
				t.Errorf("%s, original %v: %v", tt.who, tt.original, err)
			}
		}
		if _, err := c.RenameFile(ctx, who, d.ID, second.ID, "补充.exe"); codeOf(err) != "file_ending" {
			t.Errorf("renaming: %v", err)
		}
		if _, err := c.RenameFile(ctx, who, d.ID, second.ID, "补充.txt"); err != nil {
			t.Error(err)
		}
		for name, data := range map[string]string{"": "甲", "空\n格.txt": "甲"} {
			if _, _, err := c.Attach(ctx, who, d.ID, name, strings.NewReader(data)); codeOf(err) != "file_name" {
				t.Errorf("%q: %v", name, err)
			}
		}
		c.pushThrough(t, d.ID)
		_, _, err = c.Attach(ctx, who, d.ID, "迟到.txt", strings.NewReader("甲"))
		wantFault(t, err, "draft_fixed", "待发布")
		d = c.must(t, "签发", d.ID, Publish, Input{})
		doc, err := c.Records.Get(ctx, d.RecordID)
		if err != nil || len(doc.Attachments) != 2 || doc.Attachments[1].Name != "补充.txt" {
			t.Fatalf("%+v, %v", doc.Attachments, err)
		}
		if hash, _ := doc.Attachments[0].Hash(); hash != f.Hash || hash == f.OriginalHash {
			t.Errorf("public is %s of %+v", hash, f)
		}
		c.checkRevised(t, d)
	})
}

// checkRevised wants a correction to begin with the record's files.
func (c *city) checkRevised(t *testing.T, d Draft) {
	t.Helper()
	r, err := c.Revise(ctx, c.person(t, "编一"), d.RecordID)
	if err != nil {
		t.Fatal(err)
	}
	w, err := c.Get(ctx, c.person(t, "编一"), r.ID)
	if err != nil || len(w.Files) != 2 || len(w.Line.Attachments) != 2 || !w.Correction() {
		t.Fatalf("%+v, %v", w, err)
	}
	if _, err := c.Detach(ctx, c.person(t, "编一"), r.ID, w.Files[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Settle(ctx, c.person(t, "编一"), r.ID, c.peek(t, r.ID).Revision, Settings{Change: Minor, Note: "拿掉多余的附件"}); err != nil {
		t.Fatal(err)
	}
	c.pushThrough(t, r.ID)
	r = c.must(t, "签发", r.ID, Publish, Input{})
	doc, err := c.Records.Get(ctx, r.RecordID)
	if err != nil || len(doc.Attachments) != 1 || doc.Version != 2 || !doc.Versions[0].Minor {
		t.Errorf("%+v, %v", doc, err)
	}
}

// plan saves one obligation of the department and gives its duty.
func (c *city) plan(t *testing.T, o obligation.Obligation) int64 {
	t.Helper()
	o.Code, o.Position, o.StartsOn = "甲发〔2021〕1号/1", 1, civil.MustDate("2021-01-01")
	o.Units = []obligation.Assignment{{UnitID: c.units[education], Role: obligation.Leads, Printed: "市教育局"}}
	var dutyID int64
	err := c.DB.Update(ctx, func(tx *db.Tx) error {
		_, err := c.Records.Duties.SavePlan(ctx, tx, obligation.Draft{
			Plan:        obligation.Plan{Code: "甲发〔2021〕1号", Kind: obligation.WorkPlan, Title: "要点", IssuedOn: o.StartsOn, Year: 2021},
			Obligations: []obligation.Obligation{o},
		}, obligation.SaveOptions{Actor: "test"})
		if err != nil {
			return err
		}
		return tx.Row(ctx, "select id from obligation_duties where period = '2021Q2'", nil, &dutyID)
	})
	if err != nil {
		t.Fatal(err)
	}
	return dutyID
}

// From a duty straight to a draft that fulfils it, however its text is changed
// on the way.
func TestFromDutyToFulfilled(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		duty := c.plan(t, obligation.Obligation{Title: "公开招生政策", Rule: obligation.Rule{Every: workplan.Quarterly}, Match: obligation.Match{Kinds: []string{"progress"}, Categories: []string{"教育"}}})
		who := c.person(t, "编一")
		d, err := c.CreateForDuty(ctx, who, duty)
		if err != nil {
			t.Fatal(err)
		}
		w, err := c.Get(ctx, who, d.ID)
		if err != nil || d.Kind != "progress" || w.Line.Category != "教育" || d.Title != "甲市教育局2021年第二季度“公开招生政策”落实情况" || w.Line.Fields["as_of"] != "2021-06-11" {
			t.Fatalf("%+v, %v", w.Line, err)
		}
		if again, err := c.CreateForDuty(ctx, who, duty); err != nil || again.ID != d.ID {
			t.Errorf("again: draft %d, %v, want %d", again.ID, err, d.ID)
		}
		_, err = c.CreateForDuty(ctx, c.person(t, "外局"), duty)
		wantFault(t, err, "not_allowed", "")
		if _, err := c.Save(ctx, who, d.ID, d.Revision, notice("招生政策一览")); err != nil { // another kind, no relation
			t.Fatal(err)
		}
		c.pushThrough(t, d.ID)
		c.must(t, "签发", d.ID, Publish, Input{})
		state := func() obligation.State {
			v, err := c.Records.Duties.Duty(ctx, duty, civil.DateOf(c.now))
			if err != nil {
				t.Fatal(err)
			}
			return v.State
		}
		if state() != obligation.Fulfilled {
			t.Errorf("the duty is %v", state())
		}
		err = c.DB.Update(ctx, func(tx *db.Tx) error {
			return c.Withdraw(ctx, tx, c.person(t, "签发"), c.peek(t, d.ID).RecordID, publication.ReasonError, "有误", true)
		})
		if err != nil || state() == obligation.Fulfilled {
			t.Errorf("after withdrawal the duty is %v, %v", state(), err)
		}
	})
}

// Other systems hand texts in by their own names; what comes again goes on
// with what is there.
func TestCreateFromLine(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		key := person{name: "办公系统", roles: []access.Role{}, units: []int64{c.units[education]}}
		in := importKey{key}
		line := notice("交来的通知", func(l *publication.Line) {
			l.SourceID = "oa-17"
			l.Attachments = []publication.Attachment{{Name: "附表.txt", Path: "a/附表.txt"}, {Name: "外网", URL: "https://www.gov.cn/"}}
		})
		files := fstest.MapFS{"a/附表.txt": {Data: []byte("AUTHOR王\n甲乙")}}
		d, err := c.CreateFromLine(ctx, in, line, files)
		if err != nil || d.SourceID != "oa-17" || d.State != Editing {
			t.Fatalf("%+v, %v", d, err)
		}
		same, err := c.CreateFromLine(ctx, in, line, files)
		if err != nil || same.ID != d.ID || same.Revision != d.Revision {
			t.Errorf("again: %+v, %v", same, err)
		}
		line.Title = "交来的新通知"
		next, err := c.CreateFromLine(ctx, in, line, files)
		if err != nil || next.ID != d.ID || next.Revision != d.Revision+1 || next.Title != line.Title {
			t.Errorf("changed: %+v, %v", next, err)
		}
		w, err := c.Get(ctx, c.person(t, "编一"), d.ID)
		if err != nil || len(w.Files) != 1 || len(w.Line.Attachments) != 2 {
			t.Errorf("%+v, %v", w.Files, err)
		}
		_, err = c.CreateFromLine(ctx, in, line, nil)
		wantFault(t, err, "attachment_missing", "附表.txt")
		_, err = c.CreateFromLine(ctx, c.person(t, "审核"), line, files)
		wantFault(t, err, "not_allowed", "")
		c.must(t, "编一", d.ID, Submit, Input{})
		_, err = c.CreateFromLine(ctx, in, line, files)
		wantFault(t, err, "draft_fixed", "待审核")
		c.must(t, "审核", d.ID, Approve, Input{})
		c.must(t, "保密", d.ID, Clear, Input{Outcome: Open})
		d = c.must(t, "签发", d.ID, Sign, Input{Confirmed: true, Publish: true})
		line.Title = "更正过的通知"
		fix, err := c.CreateFromLine(ctx, in, line, files)
		if err != nil || fix.ID == d.ID || fix.RecordID != d.RecordID || !fix.Correction() {
			t.Errorf("after publishing: %+v, %v", fix, err)
		}
	})
}

// importKey may hand texts in and nothing else.
type importKey struct{ person }

func (k importKey) Can(act access.Act, unitID int64) bool {
	return act == access.RecordImport && slices.Contains(k.units, unitID)
}

func TestCreateFromFile(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		number, err := document.ParseNumber("甲教发〔2021〕3号")
		if err != nil {
			t.Fatal(err)
		}
		old, err := document.ParseNumber("甲教发〔2015〕8号")
		if err != nil {
			t.Fatal(err)
		}
		p := intake.Proposal{
			Title: intake.Field[string]{Value: "关于办学的办法", Sure: intake.Certain}, Number: intake.Field[document.Number]{Value: number, Sure: intake.Certain},
			IssuedOn: intake.Field[civil.Date]{Value: civil.MustDate("2021-06-01"), Sure: intake.Likely}, Kind: intake.Field[string]{Value: "policy", Sure: intake.Likely},
			EffectiveOn: intake.Field[civil.Date]{Value: civil.MustDate("2021-07-01"), Sure: intake.Likely},
			Abolishes:   []intake.Field[document.Number]{{Value: old, Sure: intake.Certain}}, Body: "<p>第一条 为了方便群众。</p>",
		}
		d, err := c.CreateFrom(ctx, c.person(t, "编一"), Dropped{UnitID: c.units[education], Name: "办法.txt", Data: []byte("第一条 为了方便群众。"), Proposal: p})
		if err != nil {
			t.Fatal(err)
		}
		w, err := c.Get(ctx, c.person(t, "编一"), d.ID)
		if err != nil || d.Kind != "policy" || d.Number != "甲教发〔2021〕3号" || w.Line.EffectiveOn != p.EffectiveOn.Value || len(w.Files) != 1 ||
			len(w.Line.Relations) != 1 || w.Line.Relations[0].Type != publication.Repeals || w.Line.Unit != education {
			t.Errorf("%+v, %v", w.Line, err)
		}
	})
}

// Steps come from the unit, the nearest above it, or the kind's own setting.
func TestFlowsAreInherited(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		office := c.person(t, "主管")
		set := func(f Flow) {
			t.Helper()
			if err := c.DB.Update(ctx, func(tx *db.Tx) error { return c.SetFlow(ctx, tx, office, f) }); err != nil {
				t.Fatal(err)
			}
		}
		of := func(name, kind string) string {
			t.Helper()
			f, err := c.FlowOf(ctx, c.units[name], kind)
			if err != nil {
				t.Fatal(err)
			}
			return f.Label()
		}
		full, short, bare := FullFlow.Label(), Flow{Sign: true}.Label(), Flow{}.Label()
		if of(school, "notice") != full {
			t.Error("without settings the flow is not the full one")
		}
		set(Flow{UnitID: c.units[education], Sign: true})
		set(Flow{UnitID: c.units[education], Kind: "notice"})
		set(Flow{UnitID: c.units[government], Kind: "policy", Review: true})
		for _, tt := range []struct{ unit, kind, want string }{
			{education, "plan", short}, {school, "plan", short}, {school, "notice", bare}, {finance, "plan", full}, {finance, "policy", Flow{Review: true}.Label()}, {school, "policy", short},
		} {
			if got := of(tt.unit, tt.kind); got != tt.want {
				t.Errorf("%s %s: %s, want %s", tt.unit, tt.kind, got, tt.want)
			}
		}
		err := c.DB.Update(ctx, func(tx *db.Tx) error { return c.SetFlow(ctx, tx, office, Flow{UnitID: c.units[education], Kind: "no"}) })
		wantFault(t, err, "kind_unknown", "policy")
		if err := c.DB.Update(ctx, func(tx *db.Tx) error { return c.ClearFlow(ctx, tx, office, c.units[education], "") }); err != nil {
			t.Fatal(err)
		}
		if got := of(school, "plan"); got != full {
			t.Errorf("after clearing: %s", got)
		}
	})
}

func TestRegisterOfTheWithheld(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		withhold := func(title string, ground law.Ground, listed bool) {
			t.Helper()
			d := c.create(t, "编一", notice(title))
			c.inStateFrom(t, d.ID, Submit, Approve)
			in := full(c.now)
			in.Ground, in.Listed, in.ReexamineOn = ground, listed, civil.MustDate("2021-12-31")
			c.must(t, "保密", d.ID, Withhold, in)
		}
		withhold("内部流程", law.GroundInternal, true)
		withhold("某项秘密", law.GroundSecret, true) // a secret's title is never shown
		withhold("讨论记录", law.GroundProcess, false)
		list, err := c.Inventory(ctx, []int64{c.units[education]}, 10)
		if err != nil || len(list) != 1 || list[0].Title != "内部流程" || list[0].Ground != law.GroundInternal || list[0].Reason != "" || list[0].By != "" {
			t.Errorf("the inventory is %+v, %v", list, err)
		}
		due := func(day string) int {
			list, err := c.WithheldList(ctx, c.person(t, "保密"), WithheldFilter{DueBy: civil.MustDate(day)})
			if err != nil {
				t.Fatal(err)
			}
			return len(list)
		}
		if due("2021-12-30") != 0 || due("2021-12-31") != 3 {
			t.Errorf("due: %d and %d", due("2021-12-30"), due("2021-12-31"))
		}
		c.pass(24 * 365 * time.Hour)
		n, err := c.Counts(ctx, c.person(t, "保密"))
		if err != nil || n.Due != 3 {
			t.Errorf("%d are due for the reviewer, %v", n.Due, err)
		}
		if list, err := c.WithheldList(ctx, c.person(t, "外局"), WithheldFilter{}); err != nil || len(list) != 0 {
			t.Errorf("another unit reads %v, %v", list, err)
		}
	})
}

// What cannot be published at its time keeps its place, says why, and is not
// tried again by itself.
func TestScheduledButRefused(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		d := c.inState(t, ToSign)
		c.must(t, "签发", d.ID, Sign, Input{Confirmed: true, PublishAt: c.now.Add(time.Hour)})
		c.breakText(t, d.ID)
		c.pass(2 * time.Hour)
		for range 2 {
			if n, err := c.PublishDue(ctx); n != 0 || err != nil {
				t.Fatalf("%d published, %v", n, err)
			}
		}
		d = c.peek(t, d.ID)
		if d.State != Scheduled || !d.PublishAt.IsZero() || d.Trouble == "" {
			t.Errorf("%+v", d)
		}
		if n := c.count(t, "select count(*) from drafting_history where draft_id = ? and event = 'failed'", d.ID); n != 1 {
			t.Errorf("failed %d times, want once", n)
		}
	})
}

// breakText makes the newest revision one of a kind that is gone.
func (c *city) breakText(t *testing.T, id int64) {
	t.Helper()
	err := c.DB.Update(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `update drafting_revisions set line = replace(line, '"kind":"notice"', '"kind":"gone"') where draft_id = ?`, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The ends of records want the right, the person and words.
func TestEndsOfRecords(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		d := c.signed(t, notice("关于报名的通知"))
		d = c.must(t, "签发", d.ID, Publish, Input{})
		end := func(who string, f func(tx *db.Tx, who Who) error) error {
			return c.DB.Update(ctx, func(tx *db.Tx) error { return f(tx, c.person(t, who)) })
		}
		archive := func(note string, confirmed bool) func(tx *db.Tx, who Who) error {
			return func(tx *db.Tx, who Who) error { return c.Archive(ctx, tx, who, d.RecordID, note, confirmed) }
		}
		wantFault(t, end("编一", archive("存档", true)), "not_allowed", "撤回信息")
		wantFault(t, end("签发", archive("", true)), "note_missing", "")
		wantFault(t, end("签发", archive("存档", false)), "draft_needs_confirmed", "")
		if err := end("签发", archive("存档", true)); err != nil {
			t.Fatal(err)
		}
		if err := end("签发", func(tx *db.Tx, who Who) error { return c.Restore(ctx, tx, who, d.RecordID, "又要用", true) }); err != nil {
			t.Fatal(err)
		}
		if err := end("签发", func(tx *db.Tx, who Who) error {
			return c.Redirect(ctx, tx, who, d.RecordID, "https://www.gov.cn/x", "移到国务院网站", true)
		}); err != nil {
			t.Fatal(err)
		}
		other := c.signed(t, notice("关于新报名的通知"))
		other = c.must(t, "签发", other.ID, Publish, Input{})
		last := c.signed(t, notice("关于最后报名的通知"))
		last = c.must(t, "签发", last.ID, Publish, Input{})
		if err := end("签发", func(tx *db.Tx, who Who) error {
			return c.Replace(ctx, tx, who, other.RecordID, last.RecordID, "以新的为准", true)
		}); err != nil {
			t.Fatal(err)
		}
		wantFault(t, end("签发", func(tx *db.Tx, who Who) error { return c.Archive(ctx, tx, who, 99999, "存档", true) }), "publication_unknown", "")
	})
}

// A scanner that finds a virus or does not answer keeps the file out.
func TestVirusKeepsFilesOut(t *testing.T) {
	c := &city{now: dbtest.Noon}
	c.found(t, dbtest.SQLite(t, c.clock))
	d := c.create(t, "编一", notice("关于报名的通知"))
	for _, want := range []error{fault.New(fault.Invalid, "virus_found", "发现病毒。"), fault.New(fault.Unavailable, "virus_silent", "病毒扫描没有应答。")} {
		c.Virus = scanner{want}
		if _, _, err := c.Attach(ctx, c.person(t, "编一"), d.ID, "名单.txt", strings.NewReader("甲")); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	if n := c.count(t, "select count(*) from drafting_files"); n != 0 {
		t.Errorf("%d files are in", n)
	}
}

type scanner struct{ err error }

func (s scanner) Scan(_ context.Context, r io.Reader) error {
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	return s.err
}

// The job of the queue publishes what is due.
func TestJob(t *testing.T) {
	c := &city{now: dbtest.Noon}
	c.found(t, dbtest.SQLite(t, c.clock))
	if err := jobs.Migrate(ctx, c.DB); err != nil {
		t.Fatal(err)
	}
	d := c.inState(t, ToSign)
	c.must(t, "签发", d.ID, Sign, Input{Confirmed: true, PublishAt: c.now.Add(time.Hour)})
	c.pass(2 * time.Hour)
	registry := jobs.NewRegistry()
	c.RegisterJobs(registry)
	q, err := jobs.Open(ctx, c.DB, registry, jobs.Settings{Instance: "test", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	running, stop := context.WithTimeout(ctx, time.Minute)
	ended := make(chan error, 1)
	go func() { ended <- q.Run(running) }()
	for c.peek(t, d.ID).State != Published && running.Err() == nil {
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if got := c.peek(t, d.ID).State; got != Published {
		t.Errorf("the draft is %s", got)
	}
}
