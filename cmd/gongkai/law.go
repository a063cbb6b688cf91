package main

import (
	"fmt"
	"io"
	"strconv"

	"gongkai/internal/app"
	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/law"
)

// lawCmd answers questions of law from the program's own data and the city's
// calendar files: it opens no store and reads no clock.
type lawCmd struct {
	Workday lawWorkdayCmd `cmd:"" help:"某一天是不是工作日，为什么。"`
	Due     lawDueCmd     `cmd:"" help:"从某一天起若干个工作日的期限到哪天。"`
	Fee     lawFeeCmd     `cmd:"" help:"信息处理费，按件或按页。"`
}

type lawWorkdayCmd struct {
	Date string `arg:"" help:"日期，如 2026-02-14。"`
}

// Run prints what sort of day it is.
func (v *lawWorkdayCmd) Run(out *output, cfg app.StoreConfig) error {
	d, err := civil.ParseDate(v.Date)
	if err != nil {
		return err
	}
	calendar, err := app.LoadCalendar(cfg)
	if err != nil {
		return err
	}
	day := calendar.Day(d)
	return out.Print(day, func(w io.Writer) {
		answer := "不是工作日"
		if day.Workday {
			answer = "是工作日"
		}
		fmt.Fprintf(w, "%s（%s）%s：%s。\n依据：%s\n", d.Chinese(), law.WeekdayName(d), answer, day.Why, day.Basis)
	})
}

type lawDueCmd struct {
	From    string `required:"" placeholder:"DATE" help:"起算日（收到、形成或作出的那天），当天不计入。"`
	Days    string `required:"" placeholder:"N" help:"多少个工作日；负数向前推。"`
	Explain bool   `help:"逐日列出怎样算出来的。"`
}

// Run prints the last day of the limit. The JSON always holds the steps.
func (v *lawDueCmd) Run(out *output, cfg app.StoreConfig) error {
	from, err := civil.ParseDate(v.From)
	if err != nil {
		return err
	}
	days, err := wholeNumber("--days", v.Days)
	if err != nil {
		return err
	}
	calendar, err := app.LoadCalendar(cfg)
	if err != nil {
		return err
	}
	due, err := calendar.Due(from, days)
	if err != nil {
		return err
	}
	return out.Print(due, func(w io.Writer) { v.print(w, due) })
}

func (v *lawDueCmd) print(w io.Writer, due law.Due) {
	direction := "后"
	if due.Days < 0 {
		direction = "前"
	}
	fmt.Fprintf(w, "%s%s第%d%s：%s（%s）\n", due.From.Chinese(), direction, max(due.Days, -due.Days), due.Unit.Label(), due.Due.Chinese(), law.WeekdayName(due.Due))
	if due.Provisional {
		fmt.Fprintln(w, "暂估：经过的日子里有的年份没有收录放假安排通知，通知发布后可能变动。")
	}
	fmt.Fprintf(w, "依据：%s\n", due.Basis)
	if !v.Explain {
		return
	}
	n := 0
	for _, s := range due.Steps {
		count := "不计"
		if s.Counted {
			n++
			count = fmt.Sprintf("第%d日", n)
		}
		fmt.Fprintf(w, "  %s %s  %s\n", s.Date, count, s.Why)
	}
}

type lawFeeCmd struct {
	Cases string `xor:"quantity" required:"" placeholder:"N" help:"同一申请人一个自然月内的件数（按件计收）。"`
	Pages string `xor:"quantity" required:"" placeholder:"N" help:"一件申请提供的页数（按量计收）。"`
}

// Run prints the fee under the defaults of the doubts.
func (v *lawFeeCmd) Run(out *output) error {
	fee, err := v.compute(law.CurrentFeeRules())
	if err != nil {
		return err
	}
	return out.Print(fee, func(w io.Writer) { printFee(w, fee) })
}

func (v *lawFeeCmd) compute(rules law.FeeRules) (law.Fee, error) {
	if v.Cases != "" {
		n, err := wholeNumber("--cases", v.Cases)
		if err != nil {
			return law.Fee{}, err
		}
		return rules.Cases(int64(n), nil)
	}
	n, err := wholeNumber("--pages", v.Pages)
	if err != nil {
		return law.Fee{}, err
	}
	return rules.Pages(int64(n))
}

func printFee(w io.Writer, fee law.Fee) {
	unit := map[law.FeeMethod]string{law.FeeByCase: "件", law.FeeByPage: "页"}[fee.Method]
	fmt.Fprintf(w, "%d%s，合计%d元\n", fee.Quantity, unit, fee.Total)
	for _, t := range fee.Tiers {
		until := unit + "以上"
		if t.To != nil {
			until = "至" + strconv.FormatInt(*t.To, 10) + unit
		}
		price := strconv.FormatInt(t.UnitPrice, 10)
		if t.LastPrice != nil {
			price += "至" + strconv.FormatInt(*t.LastPrice, 10)
		}
		fmt.Fprintf(w, "  第%d%s：%d%s × %s元 = %d元\n", t.From, until, t.Count, unit, price, t.Amount)
	}
	fmt.Fprintf(w, "依据：%s\n", fee.Basis)
	for _, d := range fee.Doubts {
		fmt.Fprintf(w, "%s %s：%s。现按“%s”计算。\n", d.Confirmed, d.Code, d.Question, d.DefaultLabel())
	}
}

// wholeNumber reads the value of a flag; anything else is an Invalid fault.
func wholeNumber(flag, s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, fault.New(fault.Invalid, "number_bad", "“%s”不是可用的整数，应写成 20 的样子。", fault.Clip(s, 40)).At("%s", flag)
	}
	return n, nil
}
