package desk

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/unit"
	"gongkai/internal/web/ui"
)

// reformPage is the form of a reorganisation and, once it has been looked at,
// what it would move.
type reformPage struct {
	frame
	Typed typedReform
	Kinds []option
	Units []string
	Wrong string
	Plan  *reformPlan // nil before it is looked at
}

// View names the folder.
func (*reformPage) View() string { return "admin_reform" }

// typedReform is the form as the browser sends it. Units stand one to a line.
type typedReform struct {
	Kind, Subjects, Successors, On, Name, Short, Code, Parent, Basis, Note string
	Continues, Found                                                       bool
}

// reformPlan is what a reorganisation does.
type reformPlan struct {
	Was, Became string
	On          civil.Date
	Founded     []string
	Units       []reformUnit
	Later       bool // it begins on a day to come: duties are handed over then
	Kept        int  // unmet duties that stay, for want of a successor
}

// reformUnit is one unit that takes part, with what is attached to it.
type reformUnit struct {
	Name   string
	Holds  holdings
	Follow string // to whom accounts, grants and drafts go; "" where they stay
	handovers
}

// handovers are the obligations of a unit that go over, and who may take them.
type handovers struct {
	Lines     []handoverLine
	Rest      []option // who takes what is not chosen by itself; nil where all is
	RestField string
}

// handoverLine is one obligation that goes over.
type handoverLine struct {
	Field string // of the form
	Title string
	Role  string
	Open  int
	Done  int
	To    []option
}

// eventKinds are the kinds of events in the order of the form, each with what
// it wants to be told.
var eventKinds = []struct {
	kind  unit.EventKind
	about string
}{
	{unit.Rename, "更名：一个机关换名称、简称或代码"},
	{unit.Merge, "合并：几个机关终止，由一个机关承接"},
	{unit.Split, "分设：一个机关分给几个机关"},
	{unit.Abolish, "撤销：一个机关终止，职能可由别的机关承接"},
	{unit.Move, "划转：一个机关换上级"},
}

// errLooked takes back what was only tried.
var errLooked = errors.New("desk: looked at")

func (v *visit) reformPage(t typedReform) *reformPage {
	p := &reformPage{frame: v.frame(""), Typed: t, Units: v.unitChoices()}
	for _, k := range eventKinds {
		p.Kinds = append(p.Kinds, option{string(k.kind), k.about, t.Kind == string(k.kind)})
	}
	return p
}

func showReform(v *visit) (ui.Page, error) {
	t := typedReform{Kind: string(unit.Rename), On: v.today.String(), Found: true}
	if id, err := strconv.ParseInt(v.query("unit"), 10, 64); err == nil {
		t.Subjects = v.unitName(id)
	}
	return v.reformPage(t), nil
}

func (v *visit) typedReform() typedReform {
	return typedReform{Kind: v.field("kind"), Subjects: v.field("subjects"), Successors: v.field("successors"), On: v.field("on"),
		Name: v.field("name"), Short: v.field("short"), Code: v.field("code"), Parent: v.field("parent"), Basis: v.field("basis"), Note: v.field("note"),
		Continues: v.field("continues") != "", Found: v.field("found") != ""}
}

func previewReform(v *visit) (ui.Page, int, error) {
	p := v.reformPage(v.typedReform())
	plan, err := v.reorganise(p.Typed, false)
	if err == nil {
		p.Plan = &plan
		return p, http.StatusOK, nil
	}
	var ok bool
	if p.Wrong, ok = mendable(err); !ok {
		return nil, 0, err
	}
	return p, http.StatusUnprocessableEntity, nil
}

func reform(v *visit) (answer, error) {
	p := v.reformPage(v.typedReform())
	plan, err := v.reorganise(p.Typed, true)
	if err == nil {
		return goTo(unitsAt, "已登记："+plan.On.String()+"，"+plan.Was+" → "+plan.Became+"。")
	}
	var ok bool
	if p.Wrong, ok = mendable(err); !ok {
		return answer{}, err
	}
	if plan, err := v.reorganise(p.Typed, false); err == nil {
		p.Plan = &plan
	}
	return again(p)
}

// reorganise does what the form says in one transaction, and takes it back
// where it is only looked at.
func (v *visit) reorganise(t typedReform, keep bool) (plan reformPlan, err error) {
	err = v.change(func(ctx context.Context, tx *db.Tx) error {
		e, founded, err := v.event(ctx, tx, t)
		if err != nil {
			return err
		}
		before, err := v.Units.Tree(ctx, tx)
		if err != nil {
			return err
		}
		if e, err = v.Units.ApplyEvent(ctx, tx, v.me.Actor(), e); err != nil {
			return err
		}
		plan = reformPlan{Was: e.Was, Became: e.Became, On: e.On, Founded: founded, Later: e.On.After(tx.Today())}
		for _, id := range e.Subjects {
			holds, err := v.holdings(ctx, tx, before, id)
			if err != nil {
				return err
			}
			plan.Units = append(plan.Units, reformUnit{Name: before.NameOn(id, e.On), Holds: holds})
		}
		if err := v.moves(ctx, tx, e, &plan, keep); err != nil || keep {
			return err
		}
		return errLooked
	})
	if errors.Is(err, errLooked) {
		err = nil
	}
	return plan, err
}

// moves hands over the duties of the units that end or are divided, or tells
// how they would go.
func (v *visit) moves(ctx context.Context, tx *db.Tx, e unit.Event, plan *reformPlan, keep bool) error {
	tree, err := v.Units.Tree(ctx, tx)
	if err != nil {
		return err
	}
	for i, r := range obligation.EventMoves(e) {
		r.Actor, r.ByObligation = v.me.Actor(), v.chosen(r.From)
		r.To = cmp.Or(v.number(restField(r.From)), r.To)
		mp, err := v.Obligations.MovePreview(ctx, tx, tree, r)
		if err != nil {
			return err
		}
		u := &plan.Units[i]
		for _, next := range tree.Now(r.From, e.On) {
			if next.ID != r.From {
				u.Follow = strings.TrimPrefix(u.Follow+"、"+next.NameOn(e.On), "、")
			}
		}
		if len(mp.Successors) == 0 {
			plan.Kept += openOf(mp)
			continue
		}
		u.handovers = v.handovers(tree, mp)
		if keep && !plan.Later && len(mp.Lines) > 0 {
			if _, err := v.Obligations.Move(ctx, tx, tree, r); err != nil {
				return err
			}
		}
	}
	return nil
}

func openOf(p obligation.MovePlan) (n int) {
	for _, l := range p.Lines {
		n += l.Open
	}
	return n
}

// moveField is the field of a form that says who takes over an obligation.
func moveField(from, obligationID int64) string {
	return "to-" + strconv.FormatInt(from, 10) + "-" + strconv.FormatInt(obligationID, 10)
}

// chosen reads who takes over which obligation of a unit.
func (v *visit) chosen(from int64) map[int64]int64 {
	chosen := map[int64]int64{}
	for name := range v.r.PostForm {
		number, ok := strings.CutPrefix(name, "to-"+strconv.FormatInt(from, 10)+"-")
		id, err := strconv.ParseInt(number, 10, 64)
		if to := v.number(name); ok && err == nil && to > 0 {
			chosen[id] = to
		}
	}
	return chosen
}

// restField is the field that says who takes over what is not chosen by itself.
func restField(from int64) string { return "rest-" + strconv.FormatInt(from, 10) }

func (v *visit) handovers(tree *unit.Tree, p obligation.MovePlan) (h handovers) {
	var takers []option
	for _, id := range p.Successors {
		takers = append(takers, option{strconv.FormatInt(id, 10), tree.NameOn(id, p.On), false})
	}
	if p.Continues {
		takers = append(takers, option{strconv.FormatInt(p.From, 10), tree.NameOn(p.From, p.On) + "（留下）", false})
	}
	for _, l := range p.Lines {
		line := handoverLine{Field: moveField(p.From, l.ObligationID), Title: l.Title, Role: dutyRoleWords[l.Role], Open: l.Open, Done: l.Done}
		if l.To == 0 {
			line.To = append(line.To, option{"", "请选承接单位", true})
		}
		for _, t := range takers {
			t.On = t.Value == strconv.FormatInt(l.To, 10)
			line.To = append(line.To, t)
		}
		h.Lines = append(h.Lines, line)
	}
	if p.Undecided > 1 {
		h.RestField = restField(p.From)
		h.Rest = append([]option{{"", "逐项选", true}}, takers...)
	}
	return h
}

// event makes the event that the form describes. Successors that do not exist
// are founded first where the form says so.
func (v *visit) event(ctx context.Context, tx *db.Tx, t typedReform) (e unit.Event, founded []string, err error) {
	e = unit.Event{Kind: unit.EventKind(t.Kind), Name: t.Name, Short: t.Short, NewCode: t.Code, Basis: t.Basis, Note: t.Note, Continues: t.Continues && t.Kind == string(unit.Split), Confirmed: true}
	if e.On, err = v.date("on", "生效日期"); err != nil {
		return e, nil, err
	}
	switch {
	case e.On.IsZero():
		return e, nil, fault.New(fault.Invalid, "event_date_missing", "请填新状态的第一天。").At("生效日期")
	case e.Basis == "":
		return e, nil, fault.New(fault.Invalid, "event_basis_missing", "请写明依据的文件，例如机构改革方案的名称和文号。").At("依据")
	}
	tree, err := v.Units.Tree(ctx, tx)
	if err != nil {
		return e, nil, err
	}
	for _, name := range lines(t.Subjects) {
		id, err := v.partOf(tree, name, e.On, "机构")
		if err != nil {
			return e, nil, err
		}
		e.Subjects = append(e.Subjects, id)
	}
	if len(e.Subjects) == 0 {
		return e, nil, fault.New(fault.Invalid, "event_subjects", "请写明是哪个机构。").At("机构")
	}
	switch e.Kind {
	case unit.Move:
		e.Parent, err = v.partOf(tree, t.Parent, e.On, "新的上级")
		return e, nil, err
	case unit.Rename:
		return e, nil, nil
	}
	e.Name, e.Short, e.NewCode = "", "", ""
	founded, err = v.successors(ctx, tx, tree, t, &e)
	return e, founded, err
}

// successors finds or founds who takes over.
func (v *visit) successors(ctx context.Context, tx *db.Tx, tree *unit.Tree, t typedReform, e *unit.Event) (founded []string, err error) {
	like, _ := tree.Get(e.Subjects[0])
	for _, name := range lines(t.Successors) {
		id, err := v.partOf(tree, name, e.On, "承接机构")
		if t.Found && fault.KindOf(err) == fault.NotFound {
			var o unit.Organ
			if o, err = v.Units.Add(ctx, tx, v.me.Actor(), unit.Draft{Kind: like.Kind, Name: name, Parent: like.ParentOn(e.On), Span: unit.Span{Since: e.On}}); err == nil {
				id, founded = o.ID, append(founded, name)
			}
		}
		if err != nil {
			return nil, err
		}
		e.Successors = append(e.Successors, id)
	}
	return founded, nil
}

// partOf finds a unit that takes part and asks for the right to change it.
func (v *visit) partOf(tree *unit.Tree, name string, on civil.Date, label string) (int64, error) {
	o, err := tree.Resolve(name, on)
	if e, ok := fault.Of(err); ok {
		return 0, e.At("%s", label)
	}
	if err == nil && !v.me.Can(access.UnitManage, o.ID) {
		err = access.Refusal(access.UnitManage)
	}
	return o.ID, err
}

// lines are the lines of a field that are not empty.
func lines(text string) (list []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// holdings counts what is attached to a unit.
func (v *visit) holdings(ctx context.Context, tx *db.Tx, tree *unit.Tree, id int64) (h holdings, err error) {
	if h.Accounts, h.Grants, err = v.Access.Seats(ctx, tx, id); err != nil {
		return h, err
	}
	if h.Drafts, err = v.Drafts.Unfinished(ctx, tx, id); err != nil {
		return h, err
	}
	p, err := v.Obligations.MovePreview(ctx, tx, tree, obligation.MoveRequest{From: id, On: tx.Today()})
	if err != nil {
		return h, err
	}
	h.Obligations, h.Duties, h.Children = len(p.Lines), openOf(p), len(tree.Children(id, tx.Today()))
	m, err := v.Channels.Map(ctx, tx)
	if err != nil {
		return h, err
	}
	for _, s := range m.Sites() {
		if s.RootUnit == id {
			h.Columns = append(h.Columns, s.Name+"（整个站点）")
		}
		for _, c := range m.Columns(s.ID) {
			if slices.Contains(c.Rule.Units, id) {
				h.Columns = append(h.Columns, s.Name+"›"+c.Name)
			}
		}
	}
	return h, nil
}

// handoverPage hands over the duties of a unit that has ended or was divided.
type handoverPage struct {
	frame
	Unit string
	Back string
	handovers
	Basis string
	Empty empty
	Wrong string
}

// View names the folder.
func (*handoverPage) View() string { return "admin_handover" }

func (v *visit) handoverPage(id int64) (*handoverPage, error) {
	p := &handoverPage{frame: v.frame(""), Unit: v.unitName(id), Back: unitPath(id), Basis: v.field("basis")}
	if p.Unit == "" {
		return nil, fault.New(fault.NotFound, "unit_unknown", "名录里没有编号为 %d 的机构，请从列表里打开。", id)
	}
	if p.Basis == "" {
		for _, e := range v.tree.Events(id) {
			p.Basis = e.Basis
		}
	}
	err := v.DB.View(v.r.Context(), func(tx *db.Tx) error {
		mp, err := v.Obligations.MovePreview(v.r.Context(), tx, v.tree, obligation.MoveRequest{From: id, On: v.today, ByObligation: v.chosen(id)})
		if err == nil && len(mp.Successors) > 0 {
			p.handovers = v.handovers(v.tree, mp)
		}
		return err
	})
	if len(p.Lines) == 0 {
		p.Empty = empty{Why: "没有可以移交的事项。", Way: "这个机构没有事项，或者沿革里没有写明由谁承接。", Links: []ui.Link{{Label: "回到机构", Path: p.Back}}}
	}
	return p, err
}

func showHandover(v *visit) (ui.Page, error) {
	id, err := v.id("id")
	if err != nil {
		return nil, err
	}
	return v.handoverPage(id)
}

func handOver(v *visit) (answer, error) {
	id, err := v.id("id")
	if err != nil {
		return answer{}, err
	}
	if !v.me.Can(access.UnitManage, id) {
		return answer{}, access.Refusal(access.UnitManage)
	}
	var done obligation.MovePlan
	err = v.change(func(ctx context.Context, tx *db.Tx) (err error) {
		done, err = v.Obligations.Move(ctx, tx, v.tree, obligation.MoveRequest{From: id, On: v.today, To: v.number(restField(id)), ByObligation: v.chosen(id), Reason: v.field("basis"), Actor: v.me.Actor()})
		return err
	})
	if err == nil {
		return goTo(unitPath(id), "移交了"+strconv.Itoa(done.Open)+"件没有完成的应公开事项，已完成的留在原处。")
	}
	message, ok := mendable(err)
	if !ok {
		return answer{}, err
	}
	p, err := v.handoverPage(id)
	if err != nil {
		return answer{}, err
	}
	p.Wrong = message
	return again(p)
}
