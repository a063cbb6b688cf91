package desk

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/web/ui"
	"gongkai/internal/wording"
)

const wordingAt = At + "wording"

func wordingRoutes() []*route {
	area := func(pattern, title string) *route {
		return &route{pattern: pattern, act: access.WordingManage, title: title, section: wordingAt}
	}
	list, add, one, try := area("GET /desk/wording", "用语"), area("GET /desk/wording/new", "增加用语"), area("GET /desk/wording/entry/{code}", ""), area("GET /desk/wording/try", "试一段文字")
	list.show, add.show, one.show, try.show = showWordings, showNewWording, showWording, showTry
	save, change, retire, tried := area("POST /desk/wording/new", "增加用语"), area("POST /desk/wording/entry/{code}", ""), area("POST /desk/wording/entry/{code}/retire", ""), area("POST /desk/wording/try", "试一段文字")
	save.do, change.do, retire.do, tried.raw = addWording, changeWording, retireWording, looked(tryWording)
	return []*route{list, add, one, try, save, change, retire, tried}
}

func wordingPages() []ui.Page {
	return []ui.Page{&wordingsPage{}, &wordingPage{}, &tryPage{}}
}

// wordingsPage is the list of expressions with the fixed rules of form.
type wordingsPage struct {
	frame
	Find    string
	Levels  []option
	Retired bool
	Rows    []wordingRow
	Total   int
	More    string
	Empty   empty
	Rules   []ruleRow
}

// View names the folder.
func (*wordingsPage) View() string { return "admin_wording" }

type wordingRow struct {
	Path       string
	Expression string
	Pattern    bool
	Suggestion string
	Reason     string
	Level      badge
	State      badge
	Own        bool // made by staff, not built in
}

type ruleRow struct {
	Label string
	Level badge
	Basis string
}

// wordingsShown is how many expressions a page lists.
const wordingsShown = 60

func levelBadge(l wording.Level) badge {
	if l == wording.Must {
		return badge{"late", "!", l.Label()}
	}
	return badge{"warn", "△", l.Label()}
}

// inForce says where an entry does not apply today, and why.
func inForce(d *wording.Draft, today civil.Date) badge {
	switch {
	case d.AppliesOn(today):
		return badge{"ok", "✓", "在用"}
	case today.Before(d.From):
		return badge{"soft", "·", d.From.String() + "起用"}
	}
	return badge{"soft", "–", "已停用"}
}

func levelOptions(on, all string) []option {
	var list []option
	if all != "" {
		list = append(list, option{"", all, on == ""})
	}
	for _, l := range []wording.Level{wording.Should, wording.Must} {
		list = append(list, option{string(l), l.Label(), on == string(l)})
	}
	return list
}

func wordingPath(code string) string { return wordingAt + "/entry/" + url.PathEscape(code) }

func showWordings(v *visit) (ui.Page, error) {
	p := &wordingsPage{frame: v.frame(""), Find: v.query("find"), Retired: v.query("retired") != ""}
	level := v.query("level")
	p.Levels = levelOptions(level, "全部级别")
	list, err := v.Wording.List(v.r.Context(), wording.Filter{Text: p.Find, Level: wording.Level(level), Retired: p.Retired})
	if err != nil {
		return nil, err
	}
	p.Total = len(list)
	if after := v.query("after"); after != "" {
		at := slices.IndexFunc(list, func(e wording.Entry) bool { return e.Code == after })
		list = list[at+1:]
	}
	if len(list) > wordingsShown {
		list = list[:wordingsShown]
		p.More = v.with("after", list[wordingsShown-1].Code)
	}
	for _, e := range list {
		p.Rows = append(p.Rows, wordingRow{Path: wordingPath(e.Code), Expression: e.Expression, Pattern: e.Form == wording.Pattern, Suggestion: e.Suggestion,
			Reason: e.Reason, Level: levelBadge(e.Level), State: inForce(&e.Draft, v.today), Own: e.Revision > 0})
	}
	if p.Total == 0 {
		p.Empty = empty{Why: "没有符合条件的用语。", Way: "换一个说法再找，或把它加进表里。",
			Links: []ui.Link{{Label: "看全部", Path: wordingAt}, {Label: "增加一条", Path: wordingAt + "/new"}}}
	}
	for _, r := range wording.Rules() {
		p.Rules = append(p.Rules, ruleRow{r.Label, levelBadge(r.Level), r.Basis})
	}
	return p, nil
}

// wordingPage is the form of one expression, with its history.
type wordingPage struct {
	frame
	Code     string // "" for a new one
	Action   string
	Revision int
	Typed    typedWording
	Forms    []option
	Levels   []option
	Kinds    []option
	Wrong    string
	State    badge
	Over     bool // out of force: changing its last day brings it back
	History  []wordingState
}

// View names the folder.
func (*wordingPage) View() string { return "admin_wording_entry" }

// typedWording is the form as the browser sends it.
type typedWording struct {
	Form, Expression, Except, Suggestion, Reason, Basis, Level, From, Until, Why string
	Kinds                                                                        []string
	Unsure                                                                       bool
}

// wordingState is one line of the history.
type wordingState struct {
	When, Who, Why string
	Expression     string
	Suggestion     string
	Level          badge
	Span           string
}

func (v *visit) wordingPage(code string, t typedWording) *wordingPage {
	p := &wordingPage{frame: v.frame(""), Code: code, Action: wordingAt + "/new", Typed: t, Levels: levelOptions(t.Level, "")}
	if code != "" {
		p.Action = wordingPath(code)
	}
	p.Forms = []option{{string(wording.Literal), "原样：出现这几个字就提示", t.Form != string(wording.Pattern)}, {string(wording.Pattern), "规则式（RE2 正则）", t.Form == string(wording.Pattern)}}
	for _, k := range v.Publications.Kinds.All() {
		p.Kinds = append(p.Kinds, option{k.Code, k.Label, slices.Contains(t.Kinds, k.Code)})
	}
	return p
}

func showNewWording(v *visit) (ui.Page, error) {
	return v.wordingPage("", typedWording{Expression: v.query("find"), Level: string(wording.Should)}), nil
}

func showWording(v *visit) (ui.Page, error) {
	e, err := v.Wording.Get(v.r.Context(), v.r.PathValue("code"))
	if err != nil {
		return nil, err
	}
	p := v.wordingPage(e.Code, typedOf(&e.Draft))
	p.Revision = e.Revision
	return p, p.tell(v)
}

// tell fills in what is known of an entry besides its content.
func (p *wordingPage) tell(v *visit) error {
	list, err := v.Wording.History(v.r.Context(), p.Code)
	if err != nil {
		return err
	}
	now := list[0]
	p.Title, p.State, p.Over = "用语：“"+now.Expression+"”", inForce(&now.Draft, v.today), !now.AppliesOn(v.today)
	var actors []string
	for _, r := range list {
		actors = append(actors, r.By)
	}
	names, err := v.doers(actors)
	for _, r := range list {
		s := wordingState{When: ui.Stamp(r.At), Who: names[r.By], Why: r.Why, Expression: r.Expression, Suggestion: r.Suggestion, Level: levelBadge(r.Level), Span: spanWords(r.From, r.Until)}
		if r.At.IsZero() {
			s.When, s.Who, s.Why = "随程序带来", "", ""
		}
		p.History = append(p.History, s)
	}
	return err
}

// spanWords says from when to when something holds; until is the first day on
// which it no longer does.
func spanWords(from, until civil.Date) string {
	switch {
	case from.IsZero() && until.IsZero():
		return "一直"
	case until.IsZero():
		return from.String() + "起"
	case from.IsZero():
		return until.String() + "停用"
	}
	return from.String() + "起，" + until.String() + "停用"
}

// typedWording reads the form. Its dates are checked by draft.
func (v *visit) typedWording() typedWording {
	return typedWording{Form: v.field("form"), Expression: v.field("expression"), Except: v.field("except"), Suggestion: v.field("suggestion"),
		Reason: v.field("reason"), Basis: v.field("basis"), Level: v.field("level"), From: v.field("from"), Until: v.field("until"), Why: v.field("why"),
		Kinds: v.fields("kind"), Unsure: v.field("unsure") != ""}
}

// typedOf is the form of what is stored.
func typedOf(d *wording.Draft) typedWording {
	return typedWording{Form: string(d.Form), Expression: d.Expression, Except: strings.Join(d.Except, "、"), Suggestion: d.Suggestion, Reason: d.Reason,
		Basis: d.Basis, Level: string(d.Level), From: d.From.String(), Until: d.Until.String(), Kinds: d.Kinds, Unsure: d.Unsure}
}

func (t typedWording) draft(v *visit) (d wording.Draft, err error) {
	d = wording.Draft{Form: wording.Form(t.Form), Expression: t.Expression, Suggestion: t.Suggestion, Reason: t.Reason, Basis: t.Basis,
		Unsure: t.Unsure, Level: wording.Level(t.Level), Kinds: t.Kinds}
	d.Except = strings.FieldsFunc(t.Except, func(r rune) bool { return strings.ContainsRune("、，,\r\n", r) })
	for i := range d.Except {
		d.Except[i] = strings.TrimSpace(d.Except[i])
	}
	for _, code := range t.Kinds {
		if _, ok := v.Publications.Kinds.Get(code); !ok {
			return d, fault.New(fault.Invalid, "kind_unknown", "没有“%s”这个种类，请从列出的里面选。", fault.Clip(code, 40)).At("适用种类")
		}
	}
	if d.From, err = v.date("from", "启用日期"); err != nil {
		return d, err
	}
	d.Until, err = v.date("until", "停用日期")
	return d, err
}

func addWording(v *visit) (answer, error) {
	return v.putWording("", func(ctx context.Context, tx *db.Tx, d wording.Draft, why string) (wording.Entry, error) {
		return v.Wording.Add(ctx, tx, d, v.me.Actor(), why)
	})
}

func changeWording(v *visit) (answer, error) {
	code := v.r.PathValue("code")
	return v.putWording(code, func(ctx context.Context, tx *db.Tx, d wording.Draft, why string) (wording.Entry, error) {
		return v.Wording.Change(ctx, tx, code, int(v.number("revision")), d, v.me.Actor(), why)
	})
}

// putWording saves the form and comes back to it where something is wrong.
func (v *visit) putWording(code string, put func(context.Context, *db.Tx, wording.Draft, string) (wording.Entry, error)) (answer, error) {
	t := v.typedWording()
	var e wording.Entry
	d, err := t.draft(v)
	if err == nil {
		err = v.change(func(ctx context.Context, tx *db.Tx) (err error) {
			e, err = put(ctx, tx, d, t.Why)
			return err
		})
	}
	if err == nil {
		return goTo(wordingPath(e.Code), "“"+e.Expression+"”已经保存，以后的检查照此提示。")
	}
	return v.wrongWording(code, t, err)
}

func (v *visit) wrongWording(code string, t typedWording, err error) (answer, error) {
	message, ok := mendable(err)
	if !ok {
		return answer{}, err
	}
	p := v.wordingPage(code, t)
	p.Wrong, p.Revision = message, int(v.number("revision"))
	if code != "" {
		if err := p.tell(v); err != nil {
			return answer{}, err
		}
	}
	return again(p)
}

func retireWording(v *visit) (answer, error) {
	code := v.r.PathValue("code")
	from, err := v.date("from", "停用日期")
	if err == nil {
		err = v.change(func(ctx context.Context, tx *db.Tx) error {
			_, err := v.Wording.Retire(ctx, tx, code, int(v.number("revision")), from, v.me.Actor(), v.field("why"))
			return err
		})
	}
	if err == nil {
		return goTo(wordingPath(code), "已经停用，记录保留。改“停用日期”可以重新启用。")
	}
	e, got := v.Wording.Get(v.r.Context(), code)
	if got != nil {
		return answer{}, got
	}
	t := typedOf(&e.Draft)
	t.Why = v.field("why")
	return v.wrongWording(code, t, err)
}

// tryPage checks a pasted text as drafts are checked.
type tryPage struct {
	frame
	Text  string
	Kinds []option
	Done  bool
	Hits  []hitRow
}

// View names the folder.
func (*tryPage) View() string { return "admin_wording_try" }

type hitRow struct {
	Level      badge
	Excerpt    string
	Why        string
	Suggestion string
	Path       string // of the entry; "" for rules of form
	At         string
}

func showTry(v *visit) (ui.Page, error) { return v.tryPage(), nil }

func (v *visit) tryPage() *tryPage {
	p := &tryPage{frame: v.frame(""), Text: v.r.PostFormValue("text")}
	p.Kinds = []option{{"", "不分种类", v.field("kind") == ""}}
	for _, k := range v.Publications.Kinds.All() {
		p.Kinds = append(p.Kinds, option{k.Code, k.Label, v.field("kind") == k.Code})
	}
	return p
}

func tryWording(v *visit) (ui.Page, int, error) {
	p := v.tryPage()
	p.Done = strings.TrimSpace(p.Text) != ""
	if !p.Done {
		return p, http.StatusOK, nil
	}
	ctx := v.r.Context()
	var checker *wording.Checker
	err := v.DB.View(ctx, func(tx *db.Tx) (err error) {
		checker, err = v.checker(ctx, tx)
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	rules := map[string]bool{}
	for _, r := range wording.Rules() {
		rules[r.Code] = true
	}
	for _, h := range checker.Check(wording.About{Kind: v.field("kind"), Today: v.today}, wording.Piece{Place: "正文", Text: p.Text}) {
		row := hitRow{Level: levelBadge(h.Level), Excerpt: h.Excerpt, Why: h.Why, Suggestion: h.Suggestion, At: "第" + strconv.Itoa(h.Start+1) + "字"}
		if !rules[h.Rule] {
			row.Path = wordingPath(h.Rule)
		}
		p.Hits = append(p.Hits, row)
	}
	return p, http.StatusOK, nil
}

// checker is the check of wording as drafts have it; in a desk that stands
// alone, of the list without the names that organs no longer bear.
func (v *visit) checker(ctx context.Context, tx *db.Tx) (*wording.Checker, error) {
	if v.Words != nil {
		return v.Words(ctx, tx)
	}
	return v.Wording.Checker(ctx, tx, nil)
}
