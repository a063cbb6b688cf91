package api

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/unit"
)

type noneIn struct{}

// Plans are the documents that set obligations.
type Plans struct {
	Items []Plan `json:"items" doc:"新的在前"`
}

// Plan is a work plan, a catalogue, or the law itself.
type Plan struct {
	ID       int64  `json:"id"`
	Code     string `json:"code" doc:"文号；没有文号的是标题"`
	Kind     string `json:"kind" enum:"plan,catalogue,statutory" doc:"工作要点、标准目录、法定"`
	Title    string `json:"title"`
	Issuer   string `json:"issuer" doc:"发文机关，照原文"`
	Number   string `json:"number"`
	IssuedOn Day    `json:"issued_on"`
	Year     int    `json:"year" doc:"哪一年的；标准目录为 0"`
	URL      string `json:"url" doc:"网页的地址（本站内）"`
}

func (s *server) plans(ctx context.Context, _ *noneIn) (out Plans, err error) {
	plans, err := s.Obligations.Plans(ctx)
	return Plans{each(plans, planOf)}, err
}

func planOf(p obligation.Plan) Plan {
	return Plan{ID: p.ID, Code: p.Code, Kind: string(p.Kind), Title: p.Title, Issuer: p.Issuer, Number: p.Number,
		IssuedOn: Day{p.IssuedOn}, Year: p.Year, URL: "/plans/" + strconv.FormatInt(p.ID, 10)}
}

type planIn struct {
	ID     int64  `path:"id" doc:"编号"`
	Period string `query:"period" doc:"只数这一期的：2021、2021Q3 或 2021-06"`
}

// PlanDetail is a plan with its obligations.
type PlanDetail struct {
	Plan
	Duties      Tally        `json:"duties"`
	Periods     []string     `json:"periods" doc:"有应公开事项的各期，早的在前"`
	Obligations []Obligation `json:"obligations"`
}

func (s *server) plan(ctx context.Context, in *planIn) (out PlanDetail, err error) {
	if err := period(in.Period); err != nil {
		return out, err
	}
	tree, err := s.Units.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	v, err := s.Obligations.Plan(ctx, in.ID, in.Period, s.today())
	if err != nil {
		return out, err
	}
	return PlanDetail{Plan: planOf(v.Plan), Duties: tally(v.Counts), Periods: list(v.Periods),
		Obligations: each(v.Obligations, func(o obligation.ObligationView) Obligation { return counted(tree, o) })}, nil
}

// period checks a parameter.
func period(s string) error {
	if s == "" {
		return nil
	}
	_, err := civil.ParsePeriod(s)
	if f, ok := fault.Of(err); ok {
		return f.At("参数 period")
	}
	return err
}

type obligationsIn struct {
	Plan    int64  `query:"plan" doc:"哪个计划或目录的，见 /plans"`
	Unit    string `query:"unit" doc:"由谁负责：编号、名称、简称或代码"`
	Section string `query:"section" doc:"计划的部分，或目录的领域"`
	Retired bool   `query:"retired" doc:"连同后来取消的"`
	After   int64  `query:"after" doc:"上一页的 next"`
	Size    int    `query:"size" minimum:"1" maximum:"500" default:"50" doc:"每页几条"`
}

// Obligations is a page of what must be disclosed.
type Obligations struct {
	Next  int64        `json:"next" doc:"下一页用作 after；0 则没有了"`
	Items []Obligation `json:"items"`
}

// Obligation is one task of a plan or one row of a catalogue.
type Obligation struct {
	ID          int64             `json:"id"`
	PlanID      int64             `json:"plan_id"`
	Code        string            `json:"code" doc:"稳定的代码"`
	No          int               `json:"no" doc:"在计划里的次序"`
	Section     string            `json:"section"`
	Title       string            `json:"title"`
	Text        string            `json:"text" doc:"照原文"`
	Basis       string            `json:"basis" doc:"依据"`
	Lead        []string          `json:"lead" doc:"牵头单位，照原文"`
	Responsible []string          `json:"responsible" doc:"责任单位，照原文"`
	Units       []ObligationUnit  `json:"units" doc:"解析后的单位"`
	Due         string            `json:"due" doc:"时限，照原文"`
	Targets     []Target          `json:"targets" doc:"承诺的数量"`
	Row         map[string]string `json:"row,omitempty" doc:"标准目录的各栏"`
	StartsOn    Day               `json:"starts_on"`
	RetiredOn   Day               `json:"retired_on"`
	Duties      *Tally            `json:"duties,omitempty" doc:"展开后的应公开事项；列表里不数"`
	URL         string            `json:"url" doc:"网页的地址（本站内）"`
}

// ObligationUnit is a unit that owes an obligation.
type ObligationUnit struct {
	ID      int64  `json:"id"`
	Name    string `json:"name" doc:"现在的名称"`
	Role    string `json:"role" enum:"lead,responsible,concerned"`
	Printed string `json:"printed" doc:"文件里的写法"`
}

// Target is a promised number.
type Target struct {
	Text     string  `json:"text"`
	Quantity Decimal `json:"quantity" doc:"数量，照原文的小数"`
	Unit     string  `json:"unit"`
}

func (s *server) obligations(ctx context.Context, in *obligationsIn) (out Obligations, err error) {
	tree, err := s.Units.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	f := obligation.Filter{PlanID: in.Plan, Section: in.Section, Retired: in.Retired, After: in.After, Size: in.Size}
	if in.Unit != "" {
		o, err := organParam(tree, in.Unit, s.today())
		if err != nil {
			return out, err
		}
		f.UnitID = o.ID
	}
	found, err := s.Obligations.Obligations(ctx, f)
	if err != nil {
		return out, err
	}
	if len(found) == in.Size {
		out.Next = found[len(found)-1].ID
	}
	out.Items = each(found, func(o obligation.Obligation) Obligation { return obligationOf(tree, o) })
	return out, nil
}

func obligationOf(tree *unit.Tree, o obligation.Obligation) Obligation {
	out := Obligation{ID: o.ID, PlanID: o.PlanID, Code: o.Code, No: o.Position, Section: o.Section, Title: o.Title, Text: o.Text,
		Basis: o.Basis, Lead: list(o.Lead), Responsible: list(o.Responsible), Due: o.Due, StartsOn: Day{o.StartsOn},
		RetiredOn: Day{o.RetiredOn}, URL: taskURL(o.Code)}
	out.Units = each(o.Units, func(a obligation.Assignment) ObligationUnit {
		return ObligationUnit{a.UnitID, tree.NameOn(a.UnitID, civil.Date{}), string(a.Role), a.Printed}
	})
	out.Targets = each(o.Targets, func(t obligation.Target) Target { return Target{t.Text, Decimal(t.Quantity), t.Unit} })
	if r := o.Row; r != nil {
		out.Row = map[string]string{"field": r.Field, "level1": r.Level1, "level2": r.Level2, "level3": r.Level3, "content": r.Content,
			"limit": r.Limit, "by": r.By, "audience": r.Audience, "mode": r.Mode, "level": r.Level}
	}
	return out
}

func counted(tree *unit.Tree, v obligation.ObligationView) Obligation {
	out := obligationOf(tree, v.Obligation)
	t := tally(v.Counts)
	out.Duties = &t
	return out
}

type obligationIn struct {
	ID int64 `path:"id" doc:"编号"`
}

func (s *server) obligation(ctx context.Context, in *obligationIn) (out Obligation, err error) {
	tree, err := s.Units.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	v, err := s.Obligations.Obligation(ctx, in.ID, s.today())
	if err != nil {
		return out, err
	}
	return counted(tree, v), nil
}

type tasksIn struct {
	Plan int64  `query:"plan" doc:"哪个工作要点的，见 /plans；不给则是最新的"`
	Unit string `query:"unit" doc:"只看由它牵头或负责的：编号、名称、简称或代码"`
	Code string `query:"code" doc:"只看这个代码的"`
}

// Tasks are the tasks of one work plan with where they stand.
type Tasks struct {
	Plan  *Plan        `json:"plan,omitempty" doc:"哪个工作要点；一个也没有则没有这一项"`
	Items []Obligation `json:"items" doc:"照文件的次序"`
}

func (s *server) tasks(ctx context.Context, in *tasksIn) (out Tasks, err error) {
	out.Items = []Obligation{}
	id, err := s.planOrNewest(ctx, in.Plan)
	if err != nil || id == 0 {
		return out, err
	}
	tree, err := s.Units.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	var bearer int64
	if in.Unit != "" {
		o, err := organParam(tree, in.Unit, s.today())
		if err != nil {
			return out, err
		}
		bearer = o.ID
	}
	v, err := s.Obligations.Plan(ctx, id, "", s.today())
	if err != nil {
		return out, err
	}
	p := planOf(v.Plan)
	out.Plan = &p
	for _, o := range v.Obligations {
		if in.Code != "" && o.Code != in.Code || bearer != 0 && !bears(o.Obligation, bearer) {
			continue
		}
		out.Items = append(out.Items, counted(tree, o))
	}
	return out, nil
}

func bears(o obligation.Obligation, id int64) bool {
	return slices.ContainsFunc(o.Units, func(a obligation.Assignment) bool { return a.UnitID == id })
}

// planOrNewest is id, or the newest work plan where id is 0; 0 where there is
// none.
func (s *server) planOrNewest(ctx context.Context, id int64) (int64, error) {
	if id != 0 {
		return id, nil
	}
	plans, err := s.Obligations.Plans(ctx)
	for _, p := range plans {
		if p.Kind == obligation.WorkPlan {
			return p.ID, nil
		}
	}
	return 0, err
}

// taskURL is the page of a task.
func taskURL(code string) string { return "/tasks/" + (&url.URL{Path: code}).EscapedPath() }
