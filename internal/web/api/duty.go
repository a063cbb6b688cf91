package api

import (
	"context"
	"slices"
	"strconv"

	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/unit"
)

type dutiesIn struct {
	Unit       []string `query:"unit,explode" doc:"由谁公开：编号、名称、简称或代码；可给多个"`
	Below      bool     `query:"below" doc:"连同下属的单位"`
	Plan       int64    `query:"plan" doc:"哪个计划或目录的，见 /plans"`
	Obligation int64    `query:"obligation" doc:"哪个事项的，见 /obligations"`
	Section    string   `query:"section" doc:"计划的部分，或目录的领域"`
	Period     string   `query:"period" doc:"哪一期：2021、2021Q3 或 2021-06"`
	Status     []string `query:"status,explode" doc:"状态代码或中文，如 overdue（逾期未公开）；可给多个"`
	DueFrom    Day      `query:"due_from" doc:"到期日不早于"`
	DueTo      Day      `query:"due_to" doc:"到期日不晚于"`
	Retired    bool     `query:"retired" doc:"连同后来取消的"`
	After      string   `query:"after" doc:"上一页的 next"`
	Size       int      `query:"size" minimum:"1" maximum:"500" default:"50" doc:"每页几条"`
}

// Duties is a page of duties by due day.
type Duties struct {
	Next  string `json:"next" doc:"下一页用作 after；空则没有了"`
	Items []Duty `json:"items" doc:"到期日早的在前"`
}

// Duty is an obligation for one unit and one period, with its state today.
type Duty struct {
	ID           int64  `json:"id"`
	ObligationID int64  `json:"obligation_id"`
	PlanID       int64  `json:"plan_id"`
	Code         string `json:"code"`
	Title        string `json:"title"`
	UnitID       int64  `json:"unit_id"`
	Unit         string `json:"unit" doc:"到期那天的名称"`
	Role         string `json:"role" enum:"lead,responsible,concerned"`
	Period       string `json:"period"`
	OpensOn      Day    `json:"opens_on" doc:"从哪天起公开的算数"`
	DueOn        Day    `json:"due_on" doc:"最后一天"`
	MetOn        Day    `json:"met_on" doc:"哪天做到的"`
	MetHow       string `json:"met_how" enum:"record,nil_report," doc:"怎样做到的：公开信息、零报告；空则还没有"`
	Status       string `json:"status"`
	StatusLabel  string `json:"status_label"`
	URL          string `json:"url" doc:"网页的地址（本站内）"`
}

func (s *server) duties(ctx context.Context, in *dutiesIn) (out Duties, err error) {
	f := obligation.DutyFilter{PlanID: in.Plan, ObligationID: in.Obligation, Section: in.Section, Period: in.Period,
		DueFrom: in.DueFrom.Date, DueTo: in.DueTo.Date, Retired: in.Retired, Size: in.Size}
	if err := period(in.Period); err != nil {
		return out, err
	}
	if f.Units, err = s.organs(ctx, in.Unit, in.Below); err != nil {
		return out, err
	}
	if f.States, err = states(in.Status); err != nil {
		return out, err
	}
	if f.After, err = obligation.ParseCursor(in.After); err != nil {
		return out, err
	}
	tree, err := s.Units.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	page, err := s.Obligations.Duties(ctx, f, s.today())
	return Duties{page.Next.String(), each(page.Duties, func(v obligation.DutyView) Duty { return dutyOf(tree, v) })}, err
}

func dutyOf(tree *unit.Tree, v obligation.DutyView) Duty {
	return Duty{ID: v.ID, ObligationID: v.ObligationID, PlanID: v.PlanID, Code: v.Code, Title: v.Title, UnitID: v.UnitID,
		Unit: tree.NameOn(v.UnitID, v.DueOn), Role: string(v.Role), Period: v.Period, OpensOn: Day{v.OpensOn}, DueOn: Day{v.DueOn},
		MetOn: Day{v.Met.On}, MetHow: string(v.How), Status: v.State.String(), StatusLabel: v.State.Label(),
		URL: "/duties/" + strconv.FormatInt(v.ID, 10)}
}

type dutyIn struct {
	ID int64 `path:"id" doc:"编号"`
}

// DutyDetail is a duty with its evidence.
type DutyDetail struct {
	Duty
	Evidence   []Evidence  `json:"evidence" doc:"凭什么算做到"`
	Exceptions []Exception `json:"exceptions" doc:"不适用、有异议的决定"`
}

// Evidence is what fulfils a duty.
type Evidence struct {
	Publication int64  `json:"publication" doc:"公开的信息；零报告为 0"`
	How         string `json:"how" enum:"record,nil_report"`
	Title       string `json:"title"`
	URL         string `json:"url"`
	On          Day    `json:"on"`
	Late        bool   `json:"late" doc:"这条信息本身超过了公开时限"`
	Signer      string `json:"signer" doc:"零报告的签署处"`
	Note        string `json:"note"`
}

// Exception is a decision about a duty.
type Exception struct {
	Kind     string `json:"kind" enum:"not_applicable,disputed,retired"`
	Reason   string `json:"reason"`
	On       Day    `json:"on"`
	LiftedOn Day    `json:"lifted_on" doc:"撤回的日子；null 为仍然有效"`
}

func (s *server) duty(ctx context.Context, in *dutyIn) (out DutyDetail, err error) {
	tree, err := s.Units.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	d, err := s.Obligations.Duty(ctx, in.ID, s.today())
	if err != nil {
		return out, err
	}
	out.Duty = dutyOf(tree, d.DutyView)
	out.Evidence = each(d.Evidence, func(e obligation.Evidence) Evidence {
		return Evidence{e.RecordID, string(e.How), e.Title, e.URL, Day{e.On}, e.Late(), e.Signer, e.Note}
	})
	out.Exceptions = each(d.Exceptions, func(e obligation.Exception) Exception {
		return Exception{string(e.Kind), e.Reason, Day{e.On}, Day{e.LiftedOn}}
	})
	return out, nil
}

type matrixIn struct {
	Plan    int64    `query:"plan" doc:"哪个计划或目录的，见 /plans；不给则是最新的工作要点"`
	Period  string   `query:"period" doc:"哪一期；不给则是最新的"`
	Columns string   `query:"columns" enum:"obligation,section" default:"obligation" doc:"一列一个事项，或一列一个部分"`
	Unit    string   `query:"unit" doc:"只看它和它下属的"`
	Kind    []string `query:"kind,explode" doc:"单位类别：city department county zone …；可给多个"`
}

// Matrix is units by obligations.
type Matrix struct {
	PlanID  int64          `json:"plan_id"`
	Period  string         `json:"period"`
	Columns []MatrixColumn `json:"columns"`
	Rows    []MatrixRow    `json:"rows" doc:"没有事项的单位不列"`
	Total   Tally          `json:"total"`
}

// MatrixColumn is an obligation or a section.
type MatrixColumn struct {
	Obligation int64  `json:"obligation_id" doc:"一列一个部分时为 0"`
	Code       string `json:"code"`
	Title      string `json:"title"`
	Total      Tally  `json:"total"`
}

// MatrixRow is a unit.
type MatrixRow struct {
	UnitID int64        `json:"unit_id"`
	Unit   string       `json:"unit"`
	Cells  []MatrixCell `json:"cells" doc:"与 columns 一一对应"`
	Total  Tally        `json:"total"`
}

// MatrixCell is where a unit stands with a column.
type MatrixCell struct {
	Status string         `json:"status" doc:"最需要注意的状态；空则没有事项"`
	States map[string]int `json:"states"`
}

func (s *server) matrix(ctx context.Context, in *matrixIn) (out Matrix, err error) {
	if err := period(in.Period); err != nil {
		return out, err
	}
	f := obligation.MatrixFilter{Period: in.Period, Columns: obligation.Columns(in.Columns)}
	if f.PlanID, err = s.planOrNewest(ctx, in.Plan); err != nil || f.PlanID == 0 {
		return Matrix{Columns: []MatrixColumn{}, Rows: []MatrixRow{}, Total: tally(obligation.Counts{})}, err
	}
	tree, err := s.Units.Snapshot(ctx)
	if err != nil {
		return out, err
	}
	if f.Units, err = s.rows(tree, in); err != nil {
		return out, err
	}
	m, err := s.Obligations.Matrix(ctx, f, s.today())
	if err != nil {
		return out, err
	}
	out = Matrix{PlanID: m.PlanID, Period: m.Period, Total: tally(m.Total)}
	out.Columns = each(m.Columns, func(c obligation.MatrixColumn) MatrixColumn {
		return MatrixColumn{c.ObligationID, c.Code, c.Title, tally(c.Total)}
	})
	out.Rows = each(m.Rows, func(r obligation.MatrixRow) MatrixRow {
		return MatrixRow{r.UnitID, tree.NameOn(r.UnitID, s.today()), each(r.Cells, cell), tally(r.Total)}
	})
	return out, nil
}

func cell(c obligation.Counts) MatrixCell {
	out := MatrixCell{States: tally(c).States}
	if worst, ok := c.Worst(); ok {
		out.Status = worst.String()
	}
	return out
}

// rows are the units of a matrix in their order of listing.
func (s *server) rows(tree *unit.Tree, in *matrixIn) (ids []int64, err error) {
	kinds, err := unitKinds(in.Kind)
	if err != nil {
		return nil, err
	}
	top := int64(0)
	if in.Unit != "" {
		o, err := organParam(tree, in.Unit, s.today())
		if err != nil {
			return nil, err
		}
		top = o.ID
	}
	for _, o := range tree.All(s.today(), kinds...) {
		if top == 0 || tree.Within(o.ID, top, s.today()) {
			ids = append(ids, o.ID)
		}
	}
	if len(ids) > obligation.MaxMatrixRows {
		return nil, fault.New(fault.Invalid, "matrix_too_large", "符合条件的单位有 %d 个，一张矩阵最多 %d 个。请用 kind 或 unit 缩小范围，例如 kind=department,county。",
			len(ids), obligation.MaxMatrixRows).At("参数 kind")
	}
	return slices.Clip(ids), nil
}
