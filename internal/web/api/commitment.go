package api

import (
	"context"

	"gongkai/internal/publication"
)

type commitmentsIn struct {
	Year int      `query:"year" minimum:"1900" maximum:"2200" doc:"承诺的年份"`
	Unit []string `query:"unit,explode" doc:"发布机关：编号、名称、简称或代码；可给多个"`
}

// Commitments are promises with numbers, and how far they are.
type Commitments struct {
	Items []Commitment `json:"items" doc:"新的年份在前，同一年的按序号"`
}

// Commitment is one promise.
type Commitment struct {
	Publication Brief   `json:"publication" doc:"承诺本身"`
	Year        int     `json:"year"`
	No          int     `json:"no" doc:"序号；0 为没有"`
	Due         Day     `json:"due" doc:"完成期限"`
	Lead        string  `json:"lead" doc:"牵头单位"`
	Task        string  `json:"task" doc:"对应的工作任务代码；可能为空"`
	Targets     []Goal  `json:"targets"`
	Percent     int     `json:"percent" doc:"完成的百分比：各目标最多按 100 计的平均"`
	Late        bool    `json:"late" doc:"有目标到期未完成"`
	AsOf        Day     `json:"as_of" doc:"最近一次报告的截至日；null 为还没有报告"`
	Status      string  `json:"status" doc:"最近一次报告自述的状态"`
	Reports     []Brief `json:"reports" doc:"进展报告，新的在前"`
}

// Goal is one number of a commitment.
type Goal struct {
	Text    string  `json:"text"`
	Target  Decimal `json:"quantity" doc:"承诺的数量，照原文的小数"`
	Unit    string  `json:"unit"`
	Done    Decimal `json:"done" doc:"已完成的数量；null 为还没有报告"`
	AsOf    Day     `json:"as_of"`
	Percent int     `json:"percent" doc:"完成的百分比，最多 999"`
	Late    bool    `json:"late"`
}

func (s *server) commitments(ctx context.Context, in *commitmentsIn) (out Commitments, err error) {
	f := publication.Filter{Year: in.Year}
	if f.Units, err = s.organs(ctx, in.Unit, false); err != nil {
		return out, err
	}
	list, err := s.Publications.Commitments(ctx, f)
	return Commitments{each(list, commitment)}, err
}

func commitment(c publication.Commitment) Commitment {
	return Commitment{Publication: brief(c.Record.Brief()), Year: c.Year, No: c.No, Due: Day{c.Due}, Lead: c.Lead, Task: c.Task,
		Targets: each(c.Targets, goal), Percent: c.Percent(), Late: c.Late(), AsOf: Day{c.AsOf}, Status: c.Status,
		Reports: each(c.Reports, brief)}
}

func goal(g publication.Goal) Goal {
	return Goal{Text: g.Text, Target: Decimal(g.Target), Unit: g.Unit, Done: Decimal(g.Done), AsOf: Day{g.AsOf}, Percent: g.Percent, Late: g.Late}
}
