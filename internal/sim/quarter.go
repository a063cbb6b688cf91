package sim

import (
	"cmp"
	"fmt"
	"slices"

	"gongkai/internal/civil"
	"gongkai/internal/publication"
)

// facts are what a unit published in a span of days.
type facts struct {
	total  int
	kinds  map[string]int
	listed []listedRecord // documents written out, not series; the newest first, at most eight
}

type listedRecord struct {
	Title, Number string
	Day           civil.Date
}

// factsOf counts in the script what an office publishes from one day up to and
// not including another.
func (p *player) factsOf(o *office, from, to civil.Date) facts {
	f := facts{kinds: map[string]int{}}
	for _, s := range p.scenes {
		day := civil.DateOf(s.at)
		if day.Before(from) || !day.Before(to) || !p.by(s, o) {
			continue
		}
		f.total++
		f.kinds[s.line.Kind]++
		if slices.Contains([]string{"policy", "plan", "service", "decision", "guide", "interpretation"}, s.line.Kind) {
			f.listed = append(f.listed, listedRecord{s.line.Title, s.line.Number, day})
		}
	}
	slices.SortStableFunc(f.listed, func(a, b listedRecord) int { return cmp.Or(b.Day.Compare(a.Day), cmp.Compare(a.Title, b.Title)) })
	f.listed = f.listed[:min(8, len(f.listed))]
	return f
}

// by tells whether a scene is an office's.
func (p *player) by(s *scene, o *office) bool {
	if s.unit == 0 {
		organ, err := p.tree.Resolve(s.line.Unit, s.line.IssuedOn)
		if err != nil {
			return false // Put refuses it, with the reason
		}
		s.unit = organ.ID
	}
	return s.unit == o.ID
}

// quarterTask is the task that asks for a report each quarter.
const quarterTask = 17

// writeQuarters adds each unit's report of each quarter that the plan reaches.
func (p *player) writeQuarters() error {
	for q := 2; q <= 4; q++ {
		for _, o := range p.offices {
			period := civil.Quarter(2021, q)
			late, missed := p.fate(period.String(), o)
			if missed || isNil(quarterTask, period.String(), o) {
				continue
			}
			d := newDice(p.seed, "quarter", period.String(), o.Name)
			// The last days of these quarters are working days: nobody slips past them.
			day := period.End().AddDays(-d.between(1, 7))
			if late {
				day = period.End().AddDays(d.between(8, 16))
			}
			if err := p.quarter(o, period, q, day, d); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *player) quarter(o *office, period civil.Period, q int, day civil.Date, d dice) error {
	at := p.on(day, "quarter", o.Name)
	now := p.factsOf(o, period.Start(), civil.DateOf(at))
	year := p.factsOf(o, civil.On(2021, 1, 1), civil.DateOf(at))
	type row struct {
		Kind      string
		Now, Year int
	}
	var rows []row
	for _, kind := range p.Publications.Kinds.All() {
		if year.kinds[kind.Code] > 0 {
			rows = append(rows, row{kind.Label, now.kinds[kind.Code], year.kinds[kind.Code]})
		}
	}
	newest := ""
	if len(now.listed) > 0 {
		newest = now.listed[0].Title
	}
	found := d.between(0, 5)
	fixed := found - d.between(0, min(found, 1))
	title, remark := o.Name+period.Chinese()+"政务公开自查情况", quarterRemarks[d.IntN(len(quarterRemarks))]
	if o.Short == watcher {
		title, remark = period.Chinese()+"全市政务公开工作情况通报", "对没有按期公开的单位已经下发问题清单，整改情况纳入年终考核。"
	}
	text, err := p.series.render("quarter", map[string]any{
		"Office": o, "Period": period.Chinese(), "Rows": rows, "Total": now.total, "YearTotal": year.total,
		"Newest": newest, "Found": found, "Fixed": fixed, "Open": found - fixed, "Remark": remark,
	})
	if err != nil {
		return err
	}
	line := &publication.Line{
		SourceID: id("zc", o, period.String()), Kind: "notice", Unit: o.Name, Title: title, IssuedOn: civil.DateOf(at),
		Category: "政务公开", Keywords: []string{"政务公开", fmt.Sprintf("第%s季度", []string{"一", "二", "三", "四"}[q-1])}, Body: text,
		Fields: publication.Fields{"theme": "政务公开"},
	}
	fulfil(line, p.plan.code(quarterTask)+"@"+period.String())
	p.publish(at, line, nil)
	return nil
}

var quarterRemarks = []string{
	"下季度重点核对办事指南与窗口是否一致。",
	"下季度重点检查解读是否与文件同时发布。",
	"下季度重点更新机构职能和联系方式。",
	"下季度重点清理过期的公示。",
}
