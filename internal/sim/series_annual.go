package sim

import (
	"fmt"
	"strconv"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/publication"
)

// writeAnnual adds the yearly reports of 2020, departments by the end of
// January and governments by the end of March (条例第四十九条), and those of
// 2021 of the departments that are early.
func (p *player) writeAnnual() error {
	for _, o := range p.offices {
		day := civil.On(2021, time.January, 11+o.No%14)
		if o.County {
			day = civil.On(2021, time.March, 1+o.No%25)
		}
		if err := p.annual(o, 2020, day, ""); err != nil {
			return err
		}
		if !o.County && o.No%4 == 3 {
			if err := p.annual(o, 2021, civil.On(2022, time.January, 7+o.No%9), p.plan.draft.Plan.Title); err != nil {
				return err
			}
		}
	}
	return nil
}

// requestRow is a row of table three of the yearly report.
type requestRow struct {
	Label             string
	Natural, Business int
}

// Total is the last column.
func (r requestRow) Total() int { return r.Natural + r.Business }

// carriedOver is what a unit takes from one year into the next.
func (p *player) carriedOver(o *office, year int) requestRow {
	d := newDice(p.seed, "carried", o.Name, strconv.Itoa(year))
	return requestRow{Natural: d.between(0, 2)}
}

// requests are the rows of a year. New and carried in make up what was handled
// and what is carried out.
func (p *player) requests(o *office, year int) (rows []requestRow, handled int) {
	d := newDice(p.seed, "requests", o.Name, strconv.Itoa(year))
	in, out := p.carriedOver(o, year-1), p.carriedOver(o, year)
	fresh := requestRow{"本年新收政府信息公开申请数量", d.between(8, 40), d.between(0, 6)}
	natural, business := d.split(fresh.Natural+in.Natural-out.Natural, 5), fresh.Business
	rows = []requestRow{fresh, {"上年结转政府信息公开申请数量", in.Natural, 0}}
	all := requestRow{Label: "本年度办理结果总计"}
	for i, label := range []string{"予以公开", "部分公开", "不予公开", "无法提供", "不予处理和其他处理"} {
		row := requestRow{Label: "本年度办理结果：" + label, Natural: natural[i]}
		if i == 0 {
			row.Business = business
		}
		rows = append(rows, row)
		all.Natural, all.Business = all.Natural+row.Natural, all.Business+row.Business
	}
	return append(rows, all, requestRow{"结转下年度继续办理", out.Natural, 0}), all.Total()
}

var annualProblems = []string{
	"个别科室主动公开意识不强，信息报送不及时。下一步把公开要求嵌入办文流程，按季度自查。",
	"政策解读形式比较单一，图表和问答较少。下一步重要文件全部配发两种以上形式的解读。",
	"基层公示栏内容更新慢。下一步统一样式、明确更新时限，逐村核对。",
	"依申请公开答复文书说理不够充分。下一步组织培训，统一格式，逐件审核。",
}

func (p *player) annual(o *office, year int, day civil.Date, plan string) error {
	d := newDice(p.seed, "annual", o.Name, strconv.Itoa(year))
	rows, handled := p.requests(o, year)
	scale := 1
	if o.County {
		scale = 9
	}
	media, rules := d.between(60, 400)*scale, d.between(0, 3)*scale
	web := d.between(120, 600) * scale
	at := p.on(day, "annual", o.Name, strconv.Itoa(year))
	issued := civil.DateOf(at)
	text, err := p.series.render("annual", map[string]any{
		"Office": o, "Year": year, "Plan": plan, "Web": web, "Media": media, "Published": web + media,
		"Rules": rules, "Repealed": d.between(0, 1) * scale, "InForce": rules + d.between(2, 9)*scale,
		"Permits": d.between(0, 900) * scale, "Penalties": d.between(0, 120) * scale, "Forced": d.between(0, 9) * scale, "Fees": d.between(0, 60) * scale,
		"New": rows[0].Total(), "Carried": rows[1].Total(), "Handled": handled, "Rows": rows,
		"Reviews": d.between(0, 1), "Problem": annualProblems[d.IntN(len(annualProblems))],
	})
	if err != nil {
		return err
	}
	name := p.tree.NameOn(o.ID, issued)
	p.publish(at, &publication.Line{
		SourceID: id("nb", o, strconv.Itoa(year)), Kind: "annual", Unit: name, Title: fmt.Sprintf("%s%d年政府信息公开工作年度报告", name, year),
		IssuedOn: issued, Category: "政务公开", Keywords: []string{"信息公开年报"}, Body: text, Fields: publication.Fields{"year": year},
	}, nil)
	return nil
}
