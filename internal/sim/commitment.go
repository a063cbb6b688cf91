package sim

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/obligation/workplan"
	"gongkai/internal/publication"
)

// livelihoodTask is the task of the plan that holds the ten commitments.
const livelihoodTask = 3

// promise is one of the ten commitments.
type promise struct {
	No       int    `json:"no"`
	Title    string `json:"title"`
	Lead     string `json:"lead"`
	Curve    string `json:"curve"` // a key of curves
	Problems string `json:"problems"`
	Next     string `json:"next"`
	Targets  []workplan.Target
}

// curves tell how far a commitment is at the end of each month from March to
// December, in thousandths.
var curves = map[string][10]int{
	"steady": {120, 210, 310, 430, 540, 640, 745, 850, 940, 1000},
	"early":  {150, 280, 420, 560, 700, 820, 930, 1000, 1000, 1000},
	"batch":  {0, 0, 200, 200, 400, 400, 650, 850, 1000, 1000},
	"slow":   {60, 110, 180, 260, 350, 450, 550, 680, 810, 930},
	"stuck":  {30, 60, 100, 150, 220, 300, 380, 410, 540, 680},
}

// writeCommitments adds the ten commitments with the plan's own numbers, and
// their monthly reports.
func (p *player) writeCommitments() error {
	data, err := city.ReadFile("city/commitments.json")
	if err != nil {
		return err
	}
	var promises []*promise
	if err := json.Unmarshal(data, &promises); err != nil {
		return err
	}
	for _, c := range promises {
		for _, t := range p.plan.task(livelihoodTask).Targets {
			if t.Item == c.No {
				c.Targets = append(c.Targets, t)
			}
		}
		if err := p.commit(c); err != nil {
			return err
		}
		for i, thousandths := range curves[c.Curve] {
			if err := p.progress(c, time.March+time.Month(i), thousandths); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *promise) source() string { return "mssx:2021:" + strconv.Itoa(c.No) }

func (p *player) commit(c *promise) error {
	text, err := p.series.render("commitment", c)
	if err != nil {
		return err
	}
	at := p.on(civil.On(2021, time.February, 1), "commitment")
	p.publish(at, &publication.Line{
		SourceID: c.source(), Kind: publication.KindCommitment, Unit: c.Lead, Title: c.Title, IssuedOn: civil.DateOf(at),
		Category: "民生实事", Keywords: []string{"民生实事", "十件民生实事"}, Body: text,
		Fields: publication.Fields{
			"year": 2021, "no": c.No, "due": planEnd, "lead": c.Lead, "source": "2021年市政府工作报告", "task": p.plan.code(livelihoodTask),
			"responsible": p.plan.task(livelihoodTask).Responsible, "targets": targetRows(c.Targets),
		},
	}, nil)
	return nil
}

func targetRows(targets []workplan.Target) (rows []map[string]any) {
	for _, t := range targets {
		rows = append(rows, map[string]any{"text": t.Text, "quantity": t.Quantity, "unit": t.Unit})
	}
	return rows
}

// goal is a target and how much of it is done.
type goal struct {
	workplan.Target
	Done    json.Number
	Percent int
}

// goals are the targets at so many thousandths. Numbers are exact: tens of
// thousands to two places, pieces whole.
func (c *promise) goals(thousandths int) (goals []goal) {
	for _, t := range c.Targets {
		whole, _ := new(big.Rat).SetString(string(t.Quantity))
		done := new(big.Rat).Mul(whole, big.NewRat(int64(thousandths), 1000))
		places := 0
		if strings.HasPrefix(t.Unit, "万") {
			places = 2
		}
		text := done.FloatString(places)
		if places > 0 {
			text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
		}
		done.SetString(text)
		percent := new(big.Rat).Quo(done.Mul(done, big.NewRat(100, 1)), whole)
		goals = append(goals, goal{t, json.Number(text), int(new(big.Int).Quo(percent.Num(), percent.Denom()).Int64())})
	}
	return goals
}

// progress adds the report of a month; it comes in the first days of the next.
func (p *player) progress(c *promise, month time.Month, thousandths int) error {
	d := newDice(p.seed, "progress", c.Title, month.String())
	if thousandths > 0 && thousandths < 1000 {
		thousandths += d.between(-15, 15)
	}
	asOf := civil.Month(2021, month).End()
	status := c.status(month, thousandths)
	goals := c.goals(thousandths)
	text, err := p.series.render("progress", map[string]any{
		"AsOf": asOf.Chinese(), "Title": c.Title, "Status": status, "Goals": goals,
	})
	if err != nil {
		return err
	}
	values := []map[string]any{}
	for _, g := range goals {
		values = append(values, map[string]any{"text": g.Text, "done": g.Done})
	}
	at := p.on(asOf.AddDays(d.between(4, 8)), "progress", c.Title)
	line := &publication.Line{
		SourceID: fmt.Sprintf("%s:%02d", c.source(), month), Kind: publication.KindProgress, Unit: c.Lead,
		Title: fmt.Sprintf("%s：截至%s的进展", c.Title, asOf.Chinese()), IssuedOn: civil.DateOf(at), Category: "民生实事", Keywords: []string{"民生实事", "进展"}, Body: text,
		Fields:    publication.Fields{"as_of": asOf, "values": values, "status": status, "problems": c.Problems, "next": c.Next},
		Relations: []publication.RelationLine{{Type: publication.ProgressOf, Target: c.source()}},
	}
	if !civil.DateOf(at).Before(planStart) {
		fulfil(line, p.plan.code(livelihoodTask))
	}
	p.publish(at, line, nil)
	return nil
}

// status is how the lead judges the month.
func (c *promise) status(month time.Month, thousandths int) string {
	switch {
	case thousandths >= 1000:
		return "已完成"
	case month == time.December:
		return "无法按期完成"
	case thousandths < 90*(int(month)-2):
		return "慢于序时"
	}
	return "按序时推进"
}
