package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"gongkai/internal/app"
	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/obligation/workplan"
	"gongkai/internal/planning"
)

type importWorkplanCmd struct {
	File    string `arg:"" help:"文本、DOCX、保存的网页或任务表 XLSX。"`
	DryRun  bool   `help:"只解析并输出，不写入。"`
	Issued  string `placeholder:"YYYY-MM-DD" help:"成文日期，文件里没有或写错时用；单位名称按这一天解析。"`
	Issuer  string `help:"印发单位，文件里没有（如任务分解表）或写错时用。"`
	Confirm bool   `help:"要点改过再导入时，确认写入列出的差异。"`
}

// Run reads the plan and, unless it is a dry run, writes all that stands on it.
func (v *importWorkplanCmd) Run(ctx context.Context, out *output, cfg app.StoreConfig) error {
	var issued civil.Date
	if v.Issued != "" {
		var err error
		if issued, err = civil.ParseDate(v.Issued); err != nil {
			return fmt.Errorf("%w: --issued %s", errUsage, fault.Public(err))
		}
	}
	data, err := readFile(v.File, tableLimit)
	if err != nil {
		return err
	}
	opts := planning.Options{Issued: issued, Issuer: v.Issuer, Confirm: v.Confirm, Actor: "import"}
	if v.DryRun {
		plan, _, warnings, err := planning.Read(v.File, data, opts)
		if err != nil {
			return err
		}
		warn(out.Stderr, warnings)
		return out.Print(plan, func(w io.Writer) { printPlan(w, plan) })
	}
	a, err := open(ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	report, err := a.Planner.Import(ctx, v.File, data, opts)
	warn(out.Stderr, report.Warnings)
	if err != nil {
		return err
	}
	if err := index(ctx, a, out.Stderr); err != nil {
		return err
	}
	err = out.Print(report, func(w io.Writer) { printPlanning(w, report) })
	if err == nil && report.Change.Outcome == obligation.Differs {
		return errDiffers
	}
	return err
}

// errDiffers ends an import that would change what is there.
var errDiffers = fault.New(fault.Conflict, "plan_differs", "这份文件导入过，内容有改动，还没有写入；核对上面的差异后，加 --confirm 再导入一次。")

func warn(w io.Writer, warnings []workplan.Warning) {
	for _, x := range warnings {
		if x.Task > 0 {
			fmt.Fprintf(w, "提醒（任务 %d）：%s\n", x.Task, x.Message)
		} else {
			fmt.Fprintf(w, "提醒：%s\n", x.Message)
		}
	}
}

func printPlan(w io.Writer, p workplan.Plan) {
	fmt.Fprintf(w, "%s\n%s  %s  %s\n", p.Title, p.Issuer, p.Number, p.IssuedOn.Chinese())
	section := ""
	for _, t := range p.Tasks {
		if t.Section != section {
			section = t.Section
			fmt.Fprintf(w, "\n%s\n", section)
		}
		fmt.Fprintf(w, "%3d  %s\n", t.No, t.Title)
		printNames(w, "牵头", t.Lead)
		printNames(w, "责任", t.Responsible)
		if t.Due != "" {
			fmt.Fprintf(w, "     时限：%s\n", t.Due)
		}
		for _, target := range t.Targets {
			fmt.Fprintf(w, "     目标：%s %s%s\n", target.Text, target.Quantity, target.Unit)
		}
	}
}

func printNames(w io.Writer, role string, names []string) {
	if len(names) > 0 {
		fmt.Fprintf(w, "     %s：%s\n", role, strings.Join(names, "、"))
	}
}

func printPlanning(w io.Writer, r planning.Report) {
	fmt.Fprintf(w, "%s：任务 %d 项，承诺 %d 件。\n", r.Plan.Title, len(r.Plan.Tasks), r.Records)
	printChange(w, r.Change)
}

// outcomes say what became of a plan.
var outcomes = map[obligation.Outcome]string{
	obligation.Same:    "与已导入的相同，没有改动。",
	obligation.Differs: "与已导入的不同：",
}

func printChange(w io.Writer, c obligation.Change) {
	if said, ok := outcomes[c.Outcome]; ok {
		fmt.Fprintln(w, said)
	}
	printFields(w, "  ", c.Fields)
	lists := []struct {
		mark string
		list []obligation.ItemChange
	}{{"增加", c.Added}, {"修改", c.Changed}, {"删去", c.Removed}}
	for _, l := range lists {
		for _, item := range l.list {
			fmt.Fprintf(w, "  %s %s %s\n", l.mark, item.Code, item.Title)
			printFields(w, "      ", item.Fields)
		}
	}
}

// printFields shows what has changed of each value: short ones as they are, of
// long ones the part around the change, of structured ones that they did.
func printFields(w io.Writer, indent string, fields []obligation.Field) {
	for _, f := range fields {
		if structured(f.Old) && structured(f.New) {
			fmt.Fprintf(w, "%s%s：有改动（全文见 --json）\n", indent, f.Name)
			continue
		}
		was, is := difference([]rune(f.Old), []rune(f.New))
		fmt.Fprintf(w, "%s%s：%s → %s\n", indent, f.Name, was, is)
	}
}

func structured(value string) bool {
	return strings.HasPrefix(value, "[") || strings.HasPrefix(value, "{") || value == "null"
}

// difference leaves out what two long texts have in common at both ends, save
// for some characters around the change.
func difference(was, is []rune) (string, string) {
	const short, around = 40, 12
	if len(was) <= short && len(is) <= short {
		return string(was), string(is)
	}
	head := 0
	for head < min(len(was), len(is)) && was[head] == is[head] {
		head++
	}
	tail := 0
	for tail < min(len(was), len(is))-head && was[len(was)-1-tail] == is[len(is)-1-tail] {
		tail++
	}
	return part(was, head-around, len(was)-tail+around), part(is, head-around, len(is)-tail+around)
}

// part is text from one character to another, marked where it is cut.
func part(text []rune, from, to int) string {
	const most = 200
	from, to = max(from, 0), min(to, len(text))
	to = min(to, from+most)
	s := string(text[from:to])
	if from > 0 {
		s = "…" + s
	}
	if to < len(text) {
		s += "…"
	}
	return s
}
