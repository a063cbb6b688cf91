package desk

import (
	"context"
	"slices"
	"strconv"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/drafting"
	"gongkai/internal/fault"
	"gongkai/internal/unit"
	"gongkai/internal/web/ui"
)

const flowsAt = At + "flows"

func flowRoutes() []*route {
	return []*route{
		{pattern: "GET /desk/flows", act: access.FlowManage, show: showFlows, title: "办理流程", section: flowsAt},
		{pattern: "POST /desk/flows", act: access.FlowManage, do: setFlow, title: "办理流程", section: flowsAt},
		{pattern: "POST /desk/flows/clear", act: access.FlowManage, do: clearFlow, title: "办理流程", section: flowsAt},
	}
}

func flowPages() []ui.Page { return []ui.Page{&flowsPage{}} }

// flowsPage lists the settings of steps, tells which one holds for a unit, and
// sets it.
type flowsPage struct {
	frame
	Rows    []flowRow
	Default string // what holds without a setting
	Unit    string // as typed
	Units   []string
	Kinds   []option
	Asked   *flowAnswer // nil where nobody has asked
	Review  bool
	Sign    bool
	Wrong   string
}

// View names the folder.
func (*flowsPage) View() string { return "admin_flows" }

type flowRow struct {
	Unit   string
	UnitID int64
	Kind   string
	Code   string
	Steps  string
	Below  int    // units below that take it over unless they have their own
	Path   string // to change it
	Signed bool
}

// flowAnswer is the flow that holds for a unit and kind, and whose setting it is.
type flowAnswer struct {
	Unit  string
	Kind  string
	Steps string
	From  string
}

// allKinds is what a setting is for that names no kind.
const allKinds = "所有种类"

func (v *visit) kindLabel(code string) string {
	if k, ok := v.Publications.Kinds.Get(code); ok {
		return k.Label
	}
	return code
}

func (v *visit) kindOptions(on, all string) []option {
	list := []option{{"", all, on == ""}}
	for _, k := range v.Publications.Kinds.All() {
		list = append(list, option{k.Code, k.Label, on == k.Code})
	}
	return list
}

// unitChoices are the names from which a form lets choose: the city's own units
// of today. A name that several bear is told apart by what stands above them
// when it is sent.
func (v *visit) unitChoices() []string {
	var names []string
	for _, o := range v.tree.All(v.today) {
		if o.Kind != unit.External {
			names = append(names, o.NameOn(v.today))
		}
	}
	return slices.Compact(names)
}

func (v *visit) flowsPage(name, kind string) (*flowsPage, error) {
	list, err := v.Drafts.Flows(v.r.Context())
	if err != nil {
		return nil, err
	}
	p := &flowsPage{frame: v.frame(""), Default: drafting.FullFlow.Label(), Unit: name, Units: v.unitChoices(), Kinds: v.kindOptions(kind, allKinds),
		Review: true, Sign: true}
	for _, f := range list {
		row := flowRow{Unit: v.unitName(f.UnitID), UnitID: f.UnitID, Kind: allKinds, Code: f.Kind, Steps: f.Label(), Signed: f.Sign,
			Below: len(v.tree.Subtree(f.UnitID, v.today)) - 1}
		if f.Kind != "" {
			row.Kind = v.kindLabel(f.Kind)
		}
		row.Path = flowsAt + "?unit=" + strconv.FormatInt(f.UnitID, 10) + "&kind=" + f.Kind + "#set"
		p.Rows = append(p.Rows, row)
	}
	return p, nil
}

// unitTyped finds the unit that somebody means by a name or a number.
func (v *visit) unitTyped(text, label string) (unit.Organ, error) {
	if id, err := strconv.ParseInt(text, 10, 64); err == nil {
		if o, ok := v.tree.Get(id); ok {
			return o, nil
		}
	}
	if text == "" {
		return unit.Organ{}, fault.New(fault.Invalid, "unit_missing", "请选一个机构。").At("%s", label)
	}
	o, err := v.tree.Resolve(text, v.today)
	if e, ok := fault.Of(err); ok {
		return o, e.At("%s", label)
	}
	return o, err
}

func showFlows(v *visit) (ui.Page, error) {
	name, kind := v.query("unit"), v.query("kind")
	p, err := v.flowsPage(name, kind)
	if err != nil || name == "" {
		return p, err
	}
	o, err := v.unitTyped(name, "机构")
	if err != nil {
		var ok bool
		if p.Wrong, ok = mendable(err); !ok {
			return nil, err
		}
		return p, nil
	}
	f, err := v.Drafts.FlowOf(v.r.Context(), o.ID, kind)
	if err != nil {
		return nil, err
	}
	p.Unit, p.Review, p.Sign = o.NameOn(v.today), f.Review, f.Sign
	p.Asked = &flowAnswer{Unit: p.Unit, Kind: allKinds, Steps: f.Label(), From: "没有单独设定，用默认流程"}
	if kind != "" {
		p.Asked.Kind = v.kindLabel(kind)
	}
	switch f.UnitID {
	case 0:
	case o.ID:
		p.Asked.From = "本单位的设定"
	default:
		p.Asked.From = "随上级“" + v.unitName(f.UnitID) + "”的设定"
	}
	return p, nil
}

func setFlow(v *visit) (answer, error) {
	f := drafting.Flow{Kind: v.field("kind"), Review: v.field("review") != "", Sign: v.field("sign") != ""}
	o, err := v.unitTyped(v.field("unit"), "机构")
	if err == nil {
		f.UnitID = o.ID
		err = v.change(func(ctx context.Context, tx *db.Tx) error { return v.Drafts.SetFlow(ctx, tx, v.me, f) })
	}
	if err == nil {
		return goTo(flowsAt, o.NameOn(v.today)+"的流程改为"+f.Label()+"。")
	}
	message, ok := mendable(err)
	if !ok {
		return answer{}, err
	}
	p, err := v.flowsPage(v.field("unit"), f.Kind)
	if err != nil {
		return answer{}, err
	}
	p.Wrong, p.Review, p.Sign = message, f.Review, f.Sign
	return again(p)
}

func clearFlow(v *visit) (answer, error) {
	id := v.number("unit")
	err := v.change(func(ctx context.Context, tx *db.Tx) error {
		return v.Drafts.ClearFlow(ctx, tx, v.me, id, v.field("kind"))
	})
	if err != nil {
		return answer{}, err
	}
	return goTo(flowsAt, v.unitName(id)+"不再单独设定，随上级或默认流程办理。")
}
