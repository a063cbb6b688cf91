package api

import (
	"context"
	"slices"
	"strconv"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/unit"
)

type unitsIn struct {
	On     Day      `query:"on" doc:"这一天存在的单位；不给则是今天"`
	Kind   []string `query:"kind,explode" doc:"单位类别：city department county zone township …；可给多个"`
	Parent string   `query:"parent" doc:"只看它直接下属的：编号、名称或代码"`
	Page   int      `query:"page" minimum:"1" maximum:"10000" default:"1" doc:"第几页"`
	Size   int      `query:"size" minimum:"1" maximum:"1000" default:"200" doc:"每页几条"`
}

// Units is a page of organs in their statutory order.
type Units struct {
	Total int    `json:"total"`
	Items []Unit `json:"items"`
}

// Unit is an organ as it is on a day.
type Unit struct {
	ID        int64  `json:"id"`
	Kind      string `json:"kind"`
	KindLabel string `json:"kind_label"`
	Code      string `json:"code"`
	Name      string `json:"name" doc:"全称"`
	Short     string `json:"short" doc:"简称"`
	Parent    int64  `json:"parent" doc:"上级的编号；0 为没有"`
	Since     Day    `json:"since" doc:"存在的第一天；null 为不详"`
	Until     Day    `json:"until" doc:"不再存在的第一天；null 为仍在"`
	URL       string `json:"url" doc:"网页的地址（本站内）"`
}

func (s *server) units(ctx context.Context, in *unitsIn) (out Units, err error) {
	tree, err := s.Units.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	day := in.On.Date
	if day.IsZero() {
		day = s.today()
	}
	kinds, err := unitKinds(in.Kind)
	if err != nil {
		return out, err
	}
	organs := tree.All(day, kinds...)
	if in.Parent != "" {
		parent, err := organParam(tree, in.Parent, day)
		if err != nil {
			return out, err
		}
		organs = slices.DeleteFunc(organs, func(o unit.Organ) bool { return o.ParentOn(day) != parent.ID })
	}
	from := min((in.Page-1)*in.Size, len(organs))
	to := min(from+in.Size, len(organs))
	return Units{len(organs), each(organs[from:to], func(o unit.Organ) Unit { return unitOn(o, day) })}, nil
}

func unitKinds(values []string) (kinds []unit.Kind, err error) {
	for _, v := range split(values) {
		if !slices.Contains(unit.Kinds(), unit.Kind(v)) {
			return nil, fault.New(fault.Invalid, "unit_kind_unknown", "没有“%s”这种单位类别，可用的有 %v。", fault.Clip(v, 40), unit.Kinds()).At("参数 kind")
		}
		kinds = append(kinds, unit.Kind(v))
	}
	return kinds, nil
}

func unitOn(o unit.Organ, day civil.Date) Unit {
	return Unit{ID: o.ID, Kind: string(o.Kind), KindLabel: o.Kind.Label(), Code: o.CodeOn(day), Name: o.NameOn(day), Short: o.ShortOn(day),
		Parent: o.ParentOn(day), Since: Day{o.Since}, Until: Day{o.Until}, URL: "/units/" + strconv.FormatInt(o.ID, 10)}
}

type unitIn struct {
	ID string `path:"id" doc:"编号、名称、简称或代码"`
}

// UnitDetail is an organ with its line of history and what it owes.
type UnitDetail struct {
	Unit
	Names    []UnitName    `json:"names" doc:"用过的全部名称"`
	Path     []UnitBrief   `json:"path" doc:"从最上级到它自己"`
	Children int           `json:"children" doc:"直接下属的单位数"`
	Now      []UnitBrief   `json:"now" doc:"现在由谁承接：仍在的是它自己，撤并的是继任者"`
	Earlier  []UnitBrief   `json:"earlier" doc:"前身"`
	Later    []UnitBrief   `json:"later" doc:"继任"`
	Events   []UnitEvent   `json:"events" doc:"机构改革的经过，早的在前"`
	Note     string        `json:"note"`
	Checked  bool          `json:"confirmed" doc:"是否与官方名单核对过"`
	Duties   Tally         `json:"duties" doc:"它应公开的事项"`
	Plans    []PlanOfOrgan `json:"plans" doc:"按计划分"`
}

// UnitBrief names an organ.
type UnitBrief struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// UnitName is a name and when it was borne.
type UnitName struct {
	Text  string `json:"text"`
	Role  string `json:"role" enum:"full,short,alias,code,prefix"`
	Since Day    `json:"since"`
	Until Day    `json:"until"`
}

// UnitEvent is a reorganisation.
type UnitEvent struct {
	Kind   string `json:"kind"`
	Label  string `json:"label"`
	On     Day    `json:"on" doc:"新状态的第一天"`
	Was    string `json:"was"`
	Became string `json:"became"`
	Basis  string `json:"basis" doc:"依据的文件"`
}

// PlanOfOrgan is what an organ owes by one plan.
type PlanOfOrgan struct {
	PlanID int64  `json:"plan_id"`
	Title  string `json:"title"`
	Duties Tally  `json:"duties"`
}

func (s *server) unit(ctx context.Context, in *unitIn) (out UnitDetail, err error) {
	tree, err := s.Units.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	today := s.today()
	o, err := organ(tree, in.ID, today)
	if err != nil {
		return out, err
	}
	summary, err := s.Obligations.Unit(ctx, o.ID, civil.Date{}, civil.Date{}, today)
	if err != nil {
		return out, err
	}
	line, _ := tree.Lineage(o.ID)
	name := func(id int64) UnitBrief { return UnitBrief{id, tree.NameOn(id, today)} }
	out = UnitDetail{Unit: unitOn(o, today), Path: each(tree.Path(o.ID, today), name), Children: len(tree.Children(o.ID, today)),
		Earlier: each(line.Earlier, func(l unit.Link) UnitBrief { return name(l.From) }),
		Later:   each(line.Later, func(l unit.Link) UnitBrief { return name(l.To) }),
		Now:     each(tree.Now(o.ID, today), func(o unit.Organ) UnitBrief { return name(o.ID) }),
		Note:    o.Note, Checked: o.Confirmed, Duties: tally(summary.Counts), Plans: []PlanOfOrgan{}}
	for _, n := range o.Names {
		out.Names = append(out.Names, UnitName{n.Text, string(n.Role), Day{n.Since}, Day{n.Until}})
	}
	out.Events = each(line.Events, func(e unit.Event) UnitEvent {
		return UnitEvent{string(e.Kind), e.Kind.Label(), Day{e.On}, e.Was, e.Became, e.Basis}
	})
	for _, p := range summary.Plans {
		out.Plans = append(out.Plans, PlanOfOrgan{p.PlanID, p.Title, tally(p.Counts)})
	}
	return out, nil
}
