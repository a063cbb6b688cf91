package desk

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/drafting"
	"gongkai/internal/ledger"
	"gongkai/internal/publication"
)

// begin is a draft of somebody's unit, begun by them.
func (b *browser) begin(title string, body ...string) drafting.Draft {
	b.t.Helper()
	line := &publication.Line{Kind: "notice", Unit: b.unitNamed(), Title: title, IssuedOn: civil.MustDate("2021-11-12"),
		Body: publication.Body{Format: document.Text, Text: "现将有关事项通知如下。\n一、报名时间为11月20日。\n" + strings.Join(body, "\n")}}
	var d drafting.Draft
	check(b.t, b.DB.Update(b.t.Context(), func(tx *db.Tx) (err error) {
		d, err = b.Drafts.Create(b.t.Context(), tx, b.person, b.person.UnitID, line)
		return err
	}))
	return d
}

func (b *browser) unitNamed() string {
	tree, err := b.Units.Snapshot(b.t.Context())
	check(b.t, err)
	return tree.NameOn(b.person.UnitID, civil.DateOf(autumn))
}

// take has somebody take a step with the text as it is now.
func (b *browser) take(id int64, event drafting.Event, pairs ...string) *seen {
	b.t.Helper()
	var revision int
	check(b.t, b.DB.View(b.t.Context(), func(tx *db.Tx) error {
		return tx.Row(b.t.Context(), "select revision from drafting_drafts where id = ?", []any{id}, &revision)
	}))
	return b.post(drafting.Path(id)+"/do", append([]string{"event", string(event), "revision", fmt.Sprint(revision)}, pairs...)...)
}

// crew are the people of one unit.
type crew struct {
	*room
	editor, reviewer, secrecy, signer, outsider *browser
}

func (r *room) crew() *crew {
	return &crew{r, r.as(access.Editor, r.edu), r.as(access.Reviewer, r.edu), r.as(access.Secrecy, r.edu), r.as(access.Signer, r.edu), r.as(access.Signer, r.finance)}
}

// public brings a draft of the editor before the public.
func (c *crew) public(title string) drafting.Draft {
	c.t.Helper()
	d := c.editor.begin(title)
	c.editor.take(d.ID, drafting.Submit).wants(http.StatusSeeOther)
	c.reviewer.take(d.ID, drafting.Approve).wants(http.StatusSeeOther)
	c.secrecy.take(d.ID, drafting.Clear, "outcome", "open").wants(http.StatusSeeOther)
	c.signer.take(d.ID, drafting.Sign, "publish", "1").wants(http.StatusSeeOther)
	d, err := c.Drafts.Draft(c.t.Context(), c.editor.person, d.ID)
	check(c.t, err)
	if d.State != drafting.Published {
		c.t.Fatalf("%s is %s", title, d.State)
	}
	return d
}

// One publication goes through the hands that it must, and through no others.
func TestReviewSixPeople(t *testing.T) {
	c := newRoom(t).crew()
	d := c.editor.begin("关于报名时间的通知")
	page := drafting.Path(d.ID)
	c.editor.get(page).wants(http.StatusOK, "关于报名时间的通知", "现在在这一步", "现将有关事项通知如下", "公开期限：最迟2021年12月10日")
	wrong := []struct {
		who   *browser
		event drafting.Event
		says  string
	}{
		{c.reviewer, drafting.Submit, "起草信息"},
		{c.outsider, drafting.Sign, ""},
	}
	for _, w := range wrong {
		if s := w.who.take(d.ID, w.event); s.Status == http.StatusSeeOther || !strings.Contains(s.Body, w.says) {
			t.Errorf("%s is let through: %d", w.event, s.Status)
		}
	}
	steps := []struct {
		event  drafting.Event
		by     *browser
		not    []*browser
		fields []string
		state  drafting.State
	}{
		{drafting.Submit, c.editor, []*browser{c.reviewer, c.secrecy, c.signer, c.outsider}, nil, drafting.InReview},
		{drafting.Approve, c.reviewer, []*browser{c.editor, c.secrecy, c.signer, c.outsider}, nil, drafting.InSecrecy},
		{drafting.Clear, c.secrecy, []*browser{c.editor, c.reviewer, c.signer, c.outsider}, []string{"outcome", "open"}, drafting.ToSign},
		{drafting.Sign, c.signer, []*browser{c.editor, c.reviewer, c.secrecy, c.outsider}, []string{"publish", "1"}, drafting.Published},
	}
	for _, s := range steps {
		for _, other := range s.not {
			if got := other.take(d.ID, s.event, s.fields...); got.Status != http.StatusForbidden {
				t.Errorf("%s by %s: got %d, want %d", s.event, other.person.Name, got.Status, http.StatusForbidden)
			}
		}
		s.by.take(d.ID, s.event, s.fields...).wants(http.StatusSeeOther)
		now, err := c.Drafts.Draft(t.Context(), c.editor.person, d.ID)
		check(t, err)
		if now.State != s.state {
			t.Fatalf("after %s it is %s, want %s", s.event, now.State, s.state)
		}
	}
	c.editor.get(page).wants(http.StatusOK, "已发布", "已公开的信息", c.reviewer.person.Name, c.secrecy.person.Name, c.signer.person.Name)
	c.outsider.get(page).wants(http.StatusForbidden)
}

func TestReviewSaysWhatIsMissing(t *testing.T) {
	c := newRoom(t).crew()
	d := c.editor.begin("通知")
	c.editor.take(d.ID, drafting.Submit).wants(http.StatusSeeOther)
	c.reviewer.take(d.ID, drafting.Return).wants(http.StatusUnprocessableEntity, "退回要让人知道改什么")
	c.reviewer.take(d.ID, drafting.Return, "reason", "报名地点没有写").wants(http.StatusSeeOther)
	c.editor.get(drafting.Path(d.ID)).wants(http.StatusOK, "<strong>退回修改：</strong>报名地点没有写（审核")
	c.editor.take(d.ID, drafting.Submit).wants(http.StatusSeeOther)
	c.reviewer.take(d.ID, drafting.Approve).wants(http.StatusSeeOther)
	c.secrecy.take(d.ID, drafting.Withhold, "reason", "内部流程", "reexamine_on", "2022-06-30").wants(http.StatusUnprocessableEntity, "要选明依据", "内部流程", `value="2022-06-30"`)
	c.secrecy.take(d.ID, drafting.Withhold, "reexamine_on", "明年").wants(http.StatusUnprocessableEntity, "不是日期")
	c.secrecy.take(d.ID, drafting.Clear, "outcome", "partly", "ground", "E15").wants(http.StatusUnprocessableEntity, "不公开那部分")
	c.secrecy.post(drafting.Path(d.ID)+"/do", "event", "clear", "revision", "99", "outcome", "open").wants(http.StatusUnprocessableEntity)
	c.secrecy.get(drafting.Path(d.ID)+"?do=clear&outcome=partly&reason="+"附表").wants(http.StatusOK, "<details class=\"act\" open>", ">附表</textarea>")
}

func TestReviewTypedComesBack(t *testing.T) {
	in := typed{Reason: "汛情&紧急", Outcome: "open", PublishAt: "2021-11-20T09:30", Publish: "1"}
	path := in.path(7, drafting.InEmergency)
	req := httptest.NewRequest(http.MethodGet, path, nil)
	if got := typedFrom(req.URL.Query().Get); got != in || req.URL.Path != "/desk/drafts/7" || req.URL.Query().Get("do") != "emergency" {
		t.Errorf("%s gives %+v", path, got)
	}
	if got, err := in.input(); err != nil || got.PublishAt.UTC().Format("15:04") != "01:30" {
		t.Errorf("got %v, %v", got.PublishAt, err)
	}
}

func TestReviewRemarks(t *testing.T) {
	c := newRoom(t).crew()
	d := c.editor.begin("通知", "二、报名时间以公告为准。")
	at := drafting.Path(d.ID) + "/remarks"
	c.reviewer.post(at, "place", "body", "quote", "报名时间", "occurrence", "2", "words", "与第一条不一致").wants(http.StatusSeeOther)
	page := c.editor.get(drafting.Path(d.ID)).wants(http.StatusOK, "与第一条不一致", "<blockquote>报名时间</blockquote>").Body
	first, second, ok := strings.Cut(page, "二、<mark>报名时间</mark><sup")
	if !ok || strings.Contains(first, "<mark>") || strings.Contains(second, "<mark>") {
		t.Errorf("the second occurrence is not the one that is marked: %s", words(page))
	}
	c.reviewer.post(at, "place", "body", "quote", "没有的话", "words", "改一下").wants(http.StatusUnprocessableEntity, "找不到选中的文字", "没有的话", "改一下")
	c.outsider.post(at, "words", "看看").wants(http.StatusForbidden)
	id := regexp.MustCompile(`id="remark(\d+)"`).FindStringSubmatch(page)[1]
	c.editor.post(at+"/"+id, "resolved", "1").wants(http.StatusSeeOther)
	c.editor.get(drafting.Path(d.ID)).wants(http.StatusOK, "重新打开", "已处理")
}

func TestMarkRemarks(t *testing.T) {
	r := func(quote string, n int) reviewRemark {
		return reviewRemark{ID: 5, No: 1, Quote: quote, onBody: true, occurrence: n}
	}
	no := r("", 0).mark()
	tests := []struct{ name, in, want string }{
		{"across elements", "<p>甲<b>乙</b>丙</p>", "<p>甲<b><mark>乙</mark></b><mark>丙</mark>" + no + "</p>"},
		{"escapes stay", "<p>a&lt;乙丙</p>", "<p>a&lt;<mark>乙丙</mark>" + no + "</p>"},
		{"not there", "<p>甲</p>", "<p>甲</p>"},
	}
	for _, tt := range tests {
		if got := markRemarks(tt.in, []reviewRemark{r("乙丙", 0)}); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
	if got := markRemarks("<p>一一一</p>", []reviewRemark{r("一", 7)}); got != "<p>一一<mark>一</mark>"+no+"</p>" {
		t.Errorf("the last of fewer: %s", got)
	}
}

func FuzzMarkRemarks(f *testing.F) {
	f.Add("<p>甲<b>乙</b>&amp;丙</p>", "乙&", 0)
	f.Fuzz(func(t *testing.T, text, quote string, n int) {
		body, err := document.Parse(text, document.HTML)
		if err != nil {
			return
		}
		markup := body.HTML()
		got := markRemarks(markup, []reviewRemark{{ID: 1, No: 1, Quote: quote, onBody: true, occurrence: n % 8}})
		got = regexp.MustCompile(`</?mark>|<sup class="rm">.*?</sup>`).ReplaceAllString(got, "")
		_, before := textOf(markup)
		if _, after := textOf(got); after != before {
			t.Errorf("the words change: %q, want %q", after, before)
		}
	})
}

// Nothing goes on while something found is undecided; what was decided is told,
// and who looked at the thing itself is journalled.
func TestGate(t *testing.T) {
	c := newRoom(t).crew()
	d := c.editor.begin("公示", "联系人手机13912345678。", "另一位13887654321，身份证110101199003077475。")
	gate := drafting.Path(d.ID) + "/gate"
	page := c.editor.get(gate).wants(http.StatusOK, "还有3处未处理", "全部遮盖")
	if strings.Contains(page.Body, "13912345678") {
		t.Error("the gate shows the number without being asked")
	}
	one := regexp.MustCompile(`name="finding" value="(\d+)"`).FindStringSubmatch(page.Body)[1]
	c.editor.post(gate+"/look", "finding", one).wants(http.StatusOK, "13912345678", "记入日志")
	check(t, c.DB.View(t.Context(), func(tx *db.Tx) error {
		entries, err := ledger.After(t.Context(), tx, 0, 1000)
		last := entries[len(entries)-1]
		if last.Kind != "access.looked" || last.Actor != c.editor.person.Actor() || strings.Contains(string(last.Data), "139") {
			t.Errorf("the journal ends with %s by %s: %s", last.Kind, last.Actor, last.Data)
		}
		return err
	}))
	c.outsider.post(gate+"/look", "finding", one).wants(http.StatusForbidden)
	rev := fmt.Sprint(d.Revision)
	c.editor.post(gate, "revision", rev, "finding", one, "how", "clear", "reason", "是").wants(http.StatusUnprocessableEntity, "放行要写明理由", `value="是"`)
	c.editor.post(gate, "revision", rev, "kind", "phone", "how", "mask").wants(http.StatusSeeOther)
	c.editor.get(gate).wants(http.StatusOK, "还有1处未处理", "已经遮盖或删去的", "遮盖")

	// With one still open nobody can clear or sign.
	c.editor.take(d.ID, drafting.Submit).wants(http.StatusSeeOther)
	c.reviewer.take(d.ID, drafting.Approve).wants(http.StatusSeeOther)
	c.secrecy.take(d.ID, drafting.Clear, "outcome", "open").wants(http.StatusUnprocessableEntity, "隐私检查发现的 1 处还没有处理")
	page = c.secrecy.get(gate).wants(http.StatusOK, "审查的人不改稿件")
	last := regexp.MustCompile(`name="finding" value="(\d+)"`).FindStringSubmatch(page.Body)[1]
	now, err := c.Drafts.Draft(t.Context(), c.secrecy.person, d.ID)
	check(t, err)
	c.secrecy.post(gate, "revision", fmt.Sprint(now.Revision), "finding", last, "how", "clear", "reason", "示例号码，不是真人的").wants(http.StatusSeeOther)
	c.secrecy.take(d.ID, drafting.Clear, "outcome", "open").wants(http.StatusSeeOther)
}

// A file of a draft is for those who read drafts of its unit, and has no other
// address.
func TestFilesFollowTheirDraft(t *testing.T) {
	c := newRoom(t).crew()
	d := c.editor.begin("通知")
	f, _, err := c.Drafts.Attach(t.Context(), c.editor.person, d.ID, "名单.txt", strings.NewReader("报名名单见窗口"))
	check(t, err)
	at := filePath(d.ID, f.ID)
	s := c.reviewer.get(at).wants(http.StatusOK, "报名名单见窗口")
	if got := s.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
		t.Errorf("a text is shown in place: %s", got)
	}
	c.editor.get(at + "?original=1").wants(http.StatusOK)
	c.reviewer.get(at + "?original=1").wants(http.StatusForbidden)
	c.outsider.get(at).wants(http.StatusForbidden)
	if s := c.nobody().get(at); s.Status != http.StatusSeeOther || strings.Contains(s.Body, "名单") {
		t.Errorf("nobody gets %d", s.Status)
	}
	other := c.editor.begin("另一份")
	c.editor.get(filePath(other.ID, f.ID)).wants(http.StatusNotFound)
	for _, direct := range []string{"/desk/files/" + string(f.Hash), "/desk/blobs/" + string(f.Hash), "/desk/assets/" + string(f.Hash)} {
		c.editor.get(direct).wants(http.StatusNotFound)
	}
}

// A link to outside opens for whoever has it, as long as it lasts, shows no
// files, and takes remarks; afterwards it opens nothing.
func TestPreviewLink(t *testing.T) {
	c := newRoom(t).crew()
	d := c.editor.begin("征求意见稿")
	outside := httptest.NewServer(c.Preview())
	t.Cleanup(outside.Close)
	made := c.editor.post(drafting.Path(d.ID)+"/previews", "guest", "市统计局 王老师", "days", "3").wants(http.StatusOK, "只在这里显示一次", "王老师")
	token := regexp.MustCompile(PreviewAt + `([\w-]+)`).FindStringSubmatch(made.Body)[1]
	elsewhere := *c.room
	elsewhere.url = outside.URL
	b := elsewhere.nobody()
	page := b.get(PreviewAt+token).wants(http.StatusOK, "还没有公开的稿件", "征求意见稿", "noindex", "王老师")
	if got := page.Header.Get("Referrer-Policy") + page.Header.Get("Cache-Control"); got != "no-referrerprivate, no-store" {
		t.Errorf("headers are %s", got)
	}
	b.post(PreviewAt+token, "quote", "不在文中", "words", "不对").wants(http.StatusUnprocessableEntity, "找不到", "不对")
	if to := b.post(PreviewAt+token, "quote", "报名时间", "words", "应为11月21日").wants(http.StatusSeeOther).To; to != PreviewAt+token+"?said=1" {
		t.Errorf("leads to %s", to)
	}
	b.get(PreviewAt+token+"?said=1").wants(http.StatusOK, "意见已收到", "应为11月21日")
	row := c.editor.get(drafting.Path(d.ID)).wants(http.StatusOK, "应为11月21日", "王老师（外部核对）")
	revoke := regexp.MustCompile(`/previews/\d+`).FindString(row.Body)
	c.outsider.post(drafting.Path(d.ID) + revoke).wants(http.StatusForbidden)
	c.editor.post(drafting.Path(d.ID) + revoke).wants(http.StatusSeeOther)
	b.get(PreviewAt+token).wants(http.StatusNotFound, "已经过期或者已被收回")
	b.post(PreviewAt+token, "words", "还有").wants(http.StatusNotFound)
	b.get(PreviewAt + "x" + token).wants(http.StatusNotFound)
	b.get(PreviewAt).wants(http.StatusNotFound, "不是完整的核对链接")
}

func TestPreviewIsLimited(t *testing.T) {
	c := newRoom(t)
	outside := httptest.NewServer(c.Preview())
	t.Cleanup(outside.Close)
	last := 0
	for range previewsPerMinute + 20 {
		resp, err := http.Get(outside.URL + PreviewAt + "guess")
		check(t, err)
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		last = resp.StatusCode
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("guessing is answered with %d", last)
	}
}

// A batch tells of each what became of it; what one is refused does not stop
// the others.
func TestBatch(t *testing.T) {
	c := newRoom(t).crew()
	var boxes []string
	for i := range 3 {
		d := c.editor.begin(fmt.Sprintf("通知%d", i+1))
		c.editor.take(d.ID, drafting.Submit).wants(http.StatusSeeOther)
		boxes = append(boxes, "draft", fmt.Sprintf("%d.%d", d.ID, d.Revision))
	}
	c.reviewer.get("/desk/review").wants(http.StatusOK, "通知1", "通知3", "审核通过")
	boxes[5] = strings.Replace(boxes[5], ".", ".9", 1) // somebody saved meanwhile
	s := c.reviewer.post("/desk/review?what=review", boxes...).wants(http.StatusOK, "选了3条，办成2条")
	if strings.Count(s.Body, "✓ 办成") != 2 || strings.Count(s.Body, "× 没有办成") != 1 {
		t.Errorf("it says: %s", words(s.Body))
	}
	c.reviewer.post("/desk/review?what=review").wants(http.StatusBadRequest, "请先选中")
	c.editor.get("/desk/review?what=sign").wants(http.StatusNotFound)
}

// What is published in an emergency waits for another person's signature.
func TestEmergencyIsOwed(t *testing.T) {
	c := newRoom(t).crew()
	head := c.as(access.Head, c.edu)
	d := c.editor.begin("停课通知")
	c.editor.take(d.ID, drafting.InEmergency, "reason", "暴雨", "outcome", "open").wants(http.StatusForbidden)
	c.signer.take(d.ID, drafting.InEmergency, "outcome", "open").wants(http.StatusUnprocessableEntity, "请写明理由")
	c.signer.take(d.ID, drafting.InEmergency, "reason", "暴雨红色预警", "outcome", "open").wants(http.StatusSeeOther)
	c.editor.get(drafting.Path(d.ID)).wants(http.StatusOK, "紧急发布", "还欠着")
	c.signer.take(d.ID, drafting.Countersign).wants(http.StatusUnprocessableEntity, "另一位")
	box := fmt.Sprintf("%d.%d", d.ID, d.Revision)
	head.get("/desk/review?what=owed").wants(http.StatusOK, "停课通知", `value="`+box)
	head.post("/desk/review?what=owed", "draft", box).wants(http.StatusOK, "办成1条")
	head.get("/desk/review?what=owed").wants(http.StatusOK, "现在没有")
}
