package sim

import (
	"fmt"
	"strconv"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/publication"
)

// writeFinance adds the accounts of 2020 of every unit, which the plan asks
// for, and the budgets of 2021 of the larger ones.
func (p *player) writeFinance() error {
	for _, o := range p.offices {
		if o.No%3 == 1 {
			if err := p.finance(o, 2021, "预算", civil.On(2021, time.February, 18+o.No/8)); err != nil {
				return err
			}
		}
		day, published := p.plannedDay("finance", o, civil.On(2021, time.September, 13), civil.On(2021, time.September, 28))
		if !published {
			continue
		}
		if err := p.finance(o, 2020, "决算", day); err != nil {
			return err
		}
	}
	return nil
}

// accounts are the figures of one unit and year, in 万元. All sums add up.
type accounts struct {
	Office                                  *office
	Year                                    int
	What                                    string
	Posts, Staff                            int
	General, Fund, Other, Total             int
	Basic, Project, Left                    int
	Lines                                   []accountLine
	Reception, Cars, Three                  int
	ReceptionBefore, CarsBefore             int
	ThreeBefore, Less, Purchase, SmallShare int
}

type accountLine struct {
	Name   string
	Amount int
	Share  string
}

func newAccounts(seed uint64, o *office, year int, what string) *accounts {
	d := newDice(seed, "accounts", o.Name, strconv.Itoa(year))
	scale := 1
	if o.County {
		scale = 40
	}
	a := &accounts{Office: o, Year: year, What: what, Posts: d.between(45, 160) * scale, General: d.between(900, 6400) * scale, Other: d.between(20, 400) * scale}
	a.Staff = a.Posts - d.between(1, 6)*scale
	if d.oneIn(3) {
		a.Fund = d.between(80, 900) * scale
	}
	a.Total = a.General + a.Fund + a.Other
	a.Left = a.Total * d.between(1, 5) / 100
	a.Basic = (a.Total - a.Left) * d.between(45, 75) / 100
	a.Project = a.Total - a.Left - a.Basic
	names := append([]string{"一般公共服务支出"}, o.Fields...)
	names = append(names, "社会保障和就业支出", "卫生健康支出", "住房保障支出")
	for i, amount := range d.split(a.General, len(names)) {
		share := strconv.FormatFloat(float64(amount)*100/float64(a.General), 'f', 1, 64)
		a.Lines = append(a.Lines, accountLine{names[i], amount, share})
	}
	a.Reception, a.Cars = d.between(3, 18)*scale, d.between(5, 26)*scale
	a.ReceptionBefore, a.CarsBefore = a.Reception+d.between(0, 4)*scale, a.Cars+d.between(-2, 4)*scale
	a.Three, a.ThreeBefore = a.Reception+a.Cars, a.ReceptionBefore+a.CarsBefore
	a.Less = max(a.Three-a.ThreeBefore, a.ThreeBefore-a.Three)
	a.Purchase, a.SmallShare = a.Project*d.between(20, 60)/100, d.between(42, 88)
	return a
}

// table is the expenditure as a file.
func (a *accounts) table() [][]string {
	rows := [][]string{{"单位", "年度", "科目", "金额（万元）"}}
	for _, l := range a.Lines {
		rows = append(rows, []string{a.Office.Name, strconv.Itoa(a.Year), l.Name, strconv.Itoa(l.Amount)})
	}
	return append(rows, []string{a.Office.Name, strconv.Itoa(a.Year), "合计", strconv.Itoa(a.General)})
}

func (p *player) finance(o *office, year int, what string, day civil.Date) error {
	a := newAccounts(p.seed, o, year, what)
	text, err := p.series.render("budget", a)
	if err != nil {
		return err
	}
	at := p.on(day, what, o.Name)
	attached, err := accountFiles(a)
	if err != nil {
		return err
	}
	issued := civil.DateOf(at)
	line := &publication.Line{
		SourceID: id("cw", o, strconv.Itoa(year), what), Kind: "notice", Unit: p.tree.NameOn(o.ID, issued),
		Title: fmt.Sprintf("%s%d年度部门%s", p.tree.NameOn(o.ID, issued), year, what), IssuedOn: issued,
		Category: "财政资金", Keywords: []string{"预决算公开", "部门" + what}, Statutory: "20-7", Body: text, Fields: publication.Fields{"theme": "财政资金"},
	}
	if what == "决算" {
		fulfil(line, p.plan.code(5))
	}
	p.publish(at, line, attached)
	return nil
}

// accountFiles gives accounts as a workbook, budgets as CSV.
func accountFiles(a *accounts) (files, error) {
	name := fmt.Sprintf("%s%d年%s表", a.Office.Short, a.Year, a.What)
	if a.What == "决算" {
		data, err := xlsxFile("支出", a.table())
		return files{name + ".xlsx": data}, err
	}
	data, err := csvFile(a.table())
	return files{name + ".csv": data}, err
}
