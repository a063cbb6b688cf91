package desk

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/unit"
	"gongkai/internal/web/ui"
)

const unitsAt = At + "units"

func unitRoutes() []*route {
	area := func(pattern, title string, r route) *route {
		r.pattern, r.title, r.act, r.section = pattern, title, access.UnitManage, unitsAt
		return &r
	}
	return []*route{
		area("GET /desk/units", "机构", route{show: showUnits}),
		area("GET /desk/units/{id}", "", route{show: showUnit}),
		area("GET /desk/units/new", "增加机构", route{show: showNewUnit}),
		area("POST /desk/units/new", "增加机构", route{do: addUnit}),
		area("GET /desk/units/reform", "登记沿革", route{show: showReform}),
		area("POST /desk/units/reform/preview", "登记沿革", route{raw: looked(previewReform)}),
		area("POST /desk/units/reform", "登记沿革", route{do: reform}),
		area("GET /desk/units/{id}/handover", "移交应公开事项", route{show: showHandover}),
		area("POST /desk/units/{id}/handover", "移交应公开事项", route{do: handOver}),
		area("GET /desk/units/table", "成批导入", route{show: showTable}),
		area("POST /desk/units/table/check", "成批导入", route{raw: looked(checkTable)}),
		area("POST /desk/units/table", "成批导入", route{do: takeTable}),
		area("GET /desk/unit-tables/{name}", "", route{raw: sendTable}),
	}
}

func unitPages() []ui.Page {
	return []ui.Page{&unitsPage{}, &unitPage{}, &newUnitPage{}, &reformPage{}, &handoverPage{}, &tablePage{}}
}

func unitPath(id int64) string { return unitsAt + "/" + strconv.FormatInt(id, 10) }

// unitsPage is the directory: what stands below the government by kind, or
// what a search finds.
type unitsPage struct {
	frame
	Find   string
	Found  []unitLine
	Groups []unitGroup
	Total  int
	Empty  empty
}

// View names the folder.
func (*unitsPage) View() string { return "admin_units" }

type unitGroup struct {
	Label string
	Units []unitLine
}

type unitLine struct {
	Name  string
	Short string
	Path  string
	Code  string
	Kind  string
	Above string
	Below int
	State badge
}

// unitsFound is how many units a search lists.
const unitsFound = 50

func (v *visit) unitLine(o unit.Organ) unitLine {
	l := unitLine{Name: o.NameOn(v.today), Short: o.ShortOn(v.today), Path: unitPath(o.ID), Code: o.CodeOn(v.today), Kind: o.Kind.Label(),
		Above: v.unitName(o.ParentOn(v.today)), Below: len(v.tree.Children(o.ID, v.today))}
	switch {
	case !o.Since.IsZero() && v.today.Before(o.Since):
		l.State = badge{"soft", "·", o.Since.String() + "设立"}
	case !o.Holds(v.today):
		l.State = badge{"soft", "–", o.Until.String() + "终止"}
	case !o.Confirmed:
		l.State = badge{"warn", "?", "未核对"}
	}
	if l.Short == l.Name {
		l.Short = ""
	}
	return l
}

func showUnits(v *visit) (ui.Page, error) {
	p := &unitsPage{frame: v.frame(""), Find: v.query("find"), Total: len(v.tree.All(v.today))}
	if p.Find != "" {
		for _, o := range v.tree.Search(p.Find, v.today, unitsFound) {
			p.Found = append(p.Found, v.unitLine(o))
		}
		if len(p.Found) == 0 {
			p.Empty = empty{Why: "没有叫这个名字或用这个代码的机构。", Way: "旧名、简称和代码都可以找；确实没有的，可以增加。",
				Links: []ui.Link{{Label: "看全部", Path: unitsAt}, {Label: "增加机构", Path: unitsAt + "/new"}}}
		}
		return p, nil
	}
	for _, root := range v.tree.Children(0, v.today) {
		if root.Kind != unit.External {
			p.Groups = append(p.Groups, v.unitGroups(root)...)
		}
	}
	outside := unitGroup{Label: unit.External.Label()}
	for _, o := range v.tree.All(v.today, unit.External) {
		outside.Units = append(outside.Units, v.unitLine(o))
	}
	if len(outside.Units) > 0 {
		p.Groups = append(p.Groups, outside)
	}
	return p, nil
}

// unitGroups lists what stands directly below a unit by kind, the unit first.
func (v *visit) unitGroups(top unit.Organ) []unitGroup {
	groups := []unitGroup{{top.Kind.Label(), []unitLine{v.unitLine(top)}}}
	children := v.tree.Children(top.ID, v.today)
	for _, kind := range unit.Kinds() {
		g := unitGroup{Label: kind.Label()}
		for _, o := range children {
			if o.Kind == kind {
				g.Units = append(g.Units, v.unitLine(o))
			}
		}
		if len(g.Units) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// unitPage is one unit with its history and what is attached to it.
type unitPage struct {
	frame
	Unit     unitLine
	Path     []ui.Link // from the root
	Names    []nameRow
	About    string
	Children []unitLine
	Events   []eventRow
	Now      []ui.Link // who answers for it where it has ended
	Holds    holdings
	Acts     []ui.Link
}

// View names the folder.
func (*unitPage) View() string { return "admin_unit" }

type nameRow struct{ Text, Role, Span string }

type eventRow struct {
	On, Kind, Was, Became, Basis string
	Open                         bool // not checked against a document
}

// holdings is what is attached to a unit.
type holdings struct {
	Accounts, Grants, Drafts, Obligations, Duties int
	Columns                                       []string // of sites, that name it
	Children                                      int
}

// roleOrder is the order in which a page lists names.
var roleOrder = []unit.Role{unit.Full, unit.Short, unit.Alias, unit.Code, unit.Prefix}

var nameRoles = map[unit.Role]string{unit.Full: "全称", unit.Short: "简称", unit.Alias: "其他名称", unit.Code: "代码", unit.Prefix: "名称前缀"}

func showUnit(v *visit) (ui.Page, error) {
	id, err := v.id("id")
	if err != nil {
		return nil, err
	}
	profile, ok := v.tree.Profile(id, v.today)
	if !ok {
		return nil, fault.New(fault.NotFound, "unit_unknown", "名录里没有编号为 %d 的机构，请从列表里打开。", id)
	}
	o := profile.Organ
	p := &unitPage{frame: v.frame(profile.Name), Unit: v.unitLine(o), About: o.Note}
	for _, above := range profile.Path {
		p.Path = append(p.Path, ui.Link{Label: above.NameOn(v.today), Path: unitPath(above.ID)})
	}
	names := slices.Clone(o.Names)
	slices.SortStableFunc(names, func(a, b unit.Name) int {
		return cmp.Compare(slices.Index(roleOrder, a.Role), slices.Index(roleOrder, b.Role))
	})
	for _, n := range names {
		p.Names = append(p.Names, nameRow{n.Text, nameRoles[n.Role], spanWords(n.Since, n.Until)})
	}
	for _, c := range profile.Children {
		p.Children = append(p.Children, v.unitLine(c))
	}
	for _, e := range profile.Events {
		p.Events = append(p.Events, eventRow{e.On.String(), e.Kind.Label(), e.Was, e.Became, e.Basis, !e.Confirmed})
	}
	for _, n := range profile.Now {
		if n.ID == id {
			continue
		}
		p.Now = append(p.Now, ui.Link{Label: n.NameOn(v.today), Path: unitPath(n.ID)})
	}
	err = v.DB.View(v.r.Context(), func(tx *db.Tx) error {
		p.Holds, err = v.holdings(v.r.Context(), tx, v.tree, id)
		return err
	})
	number := strconv.FormatInt(id, 10)
	if o.Until.IsZero() {
		p.Acts = append(p.Acts, ui.Link{Label: "登记沿革", Path: unitsAt + "/reform?unit=" + number}, ui.Link{Label: "在下面增加", Path: unitsAt + "/new?parent=" + number})
	}
	if p.Holds.Duties > 0 && (len(p.Now) > 0 || v.wasSplit(id)) {
		p.Acts = append(p.Acts, ui.Link{Label: "移交应公开事项", Path: unitPath(id) + "/handover"})
	}
	return p, err
}

// wasSplit tells whether parts of a unit have gone to others by today.
func (v *visit) wasSplit(id int64) bool {
	return slices.ContainsFunc(v.tree.Events(id), func(e unit.Event) bool {
		return e.Kind == unit.Split && slices.Contains(e.Subjects, id) && !e.On.After(v.today)
	})
}

// newUnitPage is the form of a new unit.
type newUnitPage struct {
	frame
	Typed typedUnit
	Kinds []option
	Units []string
	Wrong string
}

// View names the folder.
func (*newUnitPage) View() string { return "admin_unit_new" }

type typedUnit struct {
	Name, Short, Code, Aliases, Parent, Since, Note, Kind string
	Confirmed                                             bool
}

func (v *visit) newUnitPage(t typedUnit) *newUnitPage {
	p := &newUnitPage{frame: v.frame(""), Typed: t, Units: v.unitChoices()}
	for _, k := range unit.Kinds() {
		p.Kinds = append(p.Kinds, option{string(k), k.Label(), t.Kind == string(k)})
	}
	return p
}

func showNewUnit(v *visit) (ui.Page, error) {
	t := typedUnit{Kind: string(unit.Department)}
	if id, err := strconv.ParseInt(v.query("parent"), 10, 64); err == nil {
		t.Parent = v.unitName(id)
	} else if root, ok := v.tree.Root(v.today); ok {
		t.Parent = root.NameOn(v.today)
	}
	return v.newUnitPage(t), nil
}

func (t typedUnit) draft(v *visit) (d unit.Draft, err error) {
	d = unit.Draft{Kind: unit.Kind(t.Kind), Name: t.Name, Short: t.Short, Code: t.Code, Note: t.Note, Confirmed: t.Confirmed}
	for _, a := range strings.FieldsFunc(t.Aliases, func(r rune) bool { return strings.ContainsRune("、，,\r\n", r) }) {
		d.Aliases = append(d.Aliases, unit.Name{Text: strings.TrimSpace(a)})
	}
	if d.Since, err = v.date("since", "设立日期"); err != nil {
		return d, err
	}
	above, err := v.unitTyped(t.Parent, "上级")
	if err != nil {
		return d, err
	}
	d.Parent = above.ID
	if !v.me.Can(access.UnitManage, above.ID) {
		return d, access.Refusal(access.UnitManage)
	}
	return d, nil
}

func addUnit(v *visit) (answer, error) {
	t := typedUnit{Name: v.field("name"), Short: v.field("short"), Code: v.field("code"), Aliases: v.field("aliases"), Parent: v.field("parent"),
		Since: v.field("since"), Note: v.field("note"), Kind: v.field("kind"), Confirmed: v.field("confirmed") != ""}
	var o unit.Organ
	d, err := t.draft(v)
	if err == nil {
		err = v.change(func(ctx context.Context, tx *db.Tx) (err error) {
			o, err = v.Units.Add(ctx, tx, v.me.Actor(), d)
			return err
		})
	}
	if err == nil {
		return goTo(unitPath(o.ID), "名录里增加了“"+o.Name()+"”。")
	}
	message, ok := mendable(err)
	if !ok {
		return answer{}, err
	}
	p := v.newUnitPage(t)
	p.Wrong = message
	return again(p)
}
