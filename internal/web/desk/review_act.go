package desk

import (
	"context"
	"net/url"
	"strings"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/drafting"
	"gongkai/internal/fault"
	"gongkai/internal/law"
)

// reviewChoice is an event as a form: the fields that it needs and takes.
type reviewChoice struct {
	Event   string
	Label   string
	Why     string // where it is not allowed
	About   string
	Open    bool
	Wrong   string
	Danger  bool
	Primary bool
	Typed   typed

	Reason    string // label of the field; "" for none
	Must      bool   // the reason is asked for
	Decision  bool   // disclose all or part
	Grounds   []option
	Reexamine bool
	Listed    bool
	At        bool
	AtMust    bool
	Publish   string // label of the box that goes on to publish
	Confirm   bool
}

// typed is what was filled in, as text.
type typed struct {
	Reason, Outcome, Ground, ReexamineOn, Listed, PublishAt, Publish string
}

// typedNames are the names of the fields.
var typedNames = []struct {
	name string
	of   func(*typed) *string
}{
	{"reason", func(t *typed) *string { return &t.Reason }},
	{"outcome", func(t *typed) *string { return &t.Outcome }},
	{"ground", func(t *typed) *string { return &t.Ground }},
	{"reexamine_on", func(t *typed) *string { return &t.ReexamineOn }},
	{"listed", func(t *typed) *string { return &t.Listed }},
	{"publish_at", func(t *typed) *string { return &t.PublishAt }},
	{"publish", func(t *typed) *string { return &t.Publish }},
}

func typedFrom(get func(name string) string) (t typed) {
	for _, n := range typedNames {
		*n.of(&t) = strings.TrimSpace(get(n.name))
	}
	return t
}

// path is the draft's page with an event's form open and filled in, for those
// who come back to it.
func (t typed) path(id int64, event drafting.Event) string {
	q := url.Values{"do": {string(event)}}
	for _, n := range typedNames {
		if s := *n.of(&t); s != "" {
			q.Set(n.name, s)
		}
	}
	return drafting.Path(id) + "?" + q.Encode()
}

// moment is how a form writes an instant of the city.
const moment = "2006-01-02T15:04"

// input is what was filled in as the draft takes it.
func (t typed) input() (in drafting.Input, err error) {
	in = drafting.Input{Reason: t.Reason, Outcome: drafting.Outcome(t.Outcome), Listed: t.Listed == "1", Publish: t.Publish == "1"}
	if in.Outcome == drafting.Partly || t.Outcome == "" {
		in.Ground = law.Ground(t.Ground)
	}
	if t.ReexamineOn != "" {
		if in.ReexamineOn, err = civil.ParseDate(t.ReexamineOn); err != nil {
			return in, fault.New(fault.Invalid, "date_bad", "“%s”不是日期，应写成 2021-06-11 的样子。", fault.Clip(t.ReexamineOn, 20)).At("复审日期")
		}
	}
	if t.PublishAt != "" {
		if in.PublishAt, err = time.ParseInLocation(moment, strings.Replace(t.PublishAt, " ", "T", 1), civil.China); err != nil {
			return in, fault.New(fault.Invalid, "time_bad", "“%s”不是时间，应写成 2021-06-11 09:30 的样子。", fault.Clip(t.PublishAt, 20)).At("发布时间")
		}
	}
	return in, nil
}

// eventForm is what a form says beside what the table of the life tells.
type eventForm struct {
	reason  string // label of the reason
	about   string
	publish string
	danger  bool
	at      bool
}

var eventForms = map[drafting.Event]eventForm{
	drafting.Submit:      {reason: "附言（可以不写）", about: "交出去以后不能再改；要改时先撤回。"},
	drafting.Approve:     {reason: "审核意见（可以不写）", about: "内容属实、表述得当、格式合规，交保密审查。"},
	drafting.Return:      {reason: "退回的理由", about: "退给起草的人修改。写了意见的，理由可以不写。"},
	drafting.Clear:       {reason: "说明（部分公开时写明不公开哪些、为什么）", about: "逐项看过，没有依法不能公开的内容。", at: true},
	drafting.Refer:       {reason: "拿不准的是什么", about: "不能确定能不能公开的，报主管部门或保密行政管理部门确定（条例第十七条）。"},
	drafting.Withhold:    {reason: "为什么属于这种情形", about: "登记在册，到期再看（条例第十八条）。", danger: true},
	drafting.Sign:        {reason: "签发意见（可以不写）", about: "签发后可以马上发布，也可以定好时间。", publish: "签发后马上发布", at: true},
	drafting.Publish:     {about: "马上公开。"},
	drafting.Schedule:    {about: "到时间由程序发布。"},
	drafting.InEmergency: {reason: "为什么等不及各道手续", about: "先发布，另一位有签发权限的人在3个工作日内补签。隐私和保密检查不能省。", danger: true},
	drafting.Countersign: {reason: "补签意见（可以不写）", about: "核对已经发布的内容，补上签发。内容有问题的，到已公开的信息里撤下。"},
	drafting.Recall:      {reason: "撤回的原因（可以不写）", about: "拿回来改；已办的各步要重新走。"},
	drafting.Abandon:     {reason: "作废的原因（可以不写）", about: "不再办理；以后可以找回。", danger: true},
	drafting.Release:     {reason: "情况有什么变化", about: "重新起稿，按流程公开。"},
	drafting.Keep:        {reason: "为什么仍不公开"},
}

// reviewForm makes the form of a choice.
func reviewForm(c drafting.Choice) reviewChoice {
	f := eventForms[c.Event]
	r := reviewChoice{Event: string(c.Event), Label: c.Label, Why: c.Why, About: f.about, Danger: f.danger, Reason: f.reason}
	r.At = f.at && c.To != drafting.ToSign
	for _, n := range c.Needs {
		switch n.Name {
		case "reason":
			r.Must = true
		case "confirmed":
			r.Confirm = true
		case "decision":
			r.Decision, r.Grounds = true, grounds()
		case "ground":
			r.Grounds, r.Must, r.Listed = grounds(), true, true
		case "reexamine_on":
			r.Reexamine = true
		case "time":
			r.At, r.AtMust = true, true
		}
	}
	if c.To == drafting.Scheduled && c.Event != drafting.Schedule {
		r.Publish = f.publish
	}
	return r
}

// grounds are the reasons not to disclose, by article.
func grounds() (list []option) {
	for _, g := range law.Grounds().All() {
		list = append(list, option{Value: string(g.Code), Label: g.Short + "（" + g.Article + "）"})
	}
	return list
}

// groundWords is a ground in words with its article; "" for none.
func groundWords(code law.Ground) string {
	g, ok := law.Grounds().Get(code)
	if !ok {
		return ""
	}
	return g.Label + "（" + g.Article + "）"
}

// onward are the events that bring a draft forward, which its page puts first.
var onward = map[drafting.Event]bool{drafting.Submit: true, drafting.Approve: true, drafting.Clear: true, drafting.Sign: true, drafting.Publish: true, drafting.Countersign: true}

func (p *reviewPage) choose(choices []drafting.Choice) {
	for _, c := range choices {
		form := reviewForm(c)
		if !c.Allowed {
			p.Refused = append(p.Refused, form)
			continue
		}
		form.Primary = onward[c.Event]
		p.Choices = append(p.Choices, form)
	}
}

// open opens the form of an event with what was filled in. Where the event is
// no longer possible the words stand over the page.
func (p *reviewPage) open(event drafting.Event, t typed, wrong string) {
	for i := range p.Choices {
		c := &p.Choices[i]
		if c.Event != string(event) {
			continue
		}
		c.Open, c.Wrong, c.Typed = true, wrong, t
		for j := range c.Grounds {
			c.Grounds[j].On = c.Grounds[j].Value == t.Ground
		}
		return
	}
	p.Wrong = wrong
}

// doReview takes a step with a draft.
func doReview(v *visit) (answer, error) {
	id, err := v.id("id")
	if err != nil {
		return answer{}, err
	}
	event, t := drafting.Event(v.field("event")), typedFrom(v.field)
	d, err := v.step(id, event, t)
	if hasCode(err, "draft_needs_confirmed") {
		a, _ := v.confirmed(t.path(id, event))
		return a, nil
	}
	if canMend(err) {
		p, pageErr := v.reviewPage(id)
		if pageErr != nil {
			return answer{}, pageErr
		}
		p.open(event, t, fault.Public(err))
		return again(p)
	}
	if err != nil {
		return answer{}, err
	}
	return goTo(drafting.Path(id), stepNote(event, d))
}

// step has the draft do it.
func (v *visit) step(id int64, event drafting.Event, t typed) (d drafting.Draft, err error) {
	in, err := t.input()
	if err != nil {
		return d, err
	}
	in.Confirmed = v.session.ConfirmedWithin(confirmLife)
	err = v.update(func(ctx context.Context, tx *db.Tx) error {
		d, err = v.Drafts.Do(ctx, tx, v.me, id, int(v.number("revision")), event, in)
		return err
	})
	return d, err
}

// stepNote says what was done and where the draft is now.
func stepNote(event drafting.Event, d drafting.Draft) string {
	info, _ := drafting.Life().Event(event)
	state, _ := drafting.Life().State(d.State)
	note := "已办：" + info.Label + "。"
	switch {
	case d.State == drafting.Published && event != drafting.Countersign:
		note += "现在公众可以在 " + publicPath(d.RecordID) + " 看到。"
	case !d.PublishAt.IsZero() && d.State == drafting.Scheduled:
		note += "将在 " + d.PublishAt.In(civil.China).Format("2006-01-02 15:04") + " 发布。"
	default:
		note += "稿件现在是“" + state.Label + "”。"
	}
	return note
}
