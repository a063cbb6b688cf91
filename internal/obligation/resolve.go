package obligation

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"gongkai/internal/civil"
	"gongkai/internal/document"
	"gongkai/internal/fault"
	"gongkai/internal/law"
	"gongkai/internal/obligation/workplan"
	"gongkai/internal/unit"
)

// Draft is a plan with its obligations, every name resolved, ready for
// SavePlan.
type Draft struct {
	Plan        Plan
	Obligations []Obligation
}

// Failure is a printed name that no organ bore on the day. Nothing is guessed:
// an import with failures stops and lists them.
type Failure struct {
	Name        string   `json:"name"`
	Where       string   `json:"where"`       // the task or row it stands in
	Message     string   `json:"message"`     // Chinese, with the way on
	Suggestions []string `json:"suggestions"` // full names that are like it
}

// resolver collects assignments and failures for one document.
type resolver struct {
	tree     *unit.Tree
	on       civil.Date
	failures []Failure
}

// ResolvePlan finds the organs that a plan names, as of the day on (the plan's
// own date). Sets are expanded as of that day too.
func ResolvePlan(tree *unit.Tree, plan workplan.Plan, on civil.Date) (Draft, []Failure) {
	r := &resolver{tree: tree, on: on}
	year := planYear(plan.Title, on)
	d := Draft{Plan: Plan{
		Code: planCode(plan), Kind: WorkPlan, Title: plan.Title, Issuer: plan.Issuer, Number: plan.Number,
		IssuedOn: on, Year: year, Standing: plan.Duties,
	}}
	for _, task := range plan.Tasks {
		d.Obligations = append(d.Obligations, r.task(d.Plan, task))
	}
	for _, standing := range plan.Duties {
		d.Obligations = append(d.Obligations, r.standing(d.Plan, standing)...)
	}
	for i := range d.Obligations {
		d.Obligations[i].Position = i + 1
	}
	return d, r.failures
}

// planCode is the plan's 文号 in its normal form, or its title where it has none.
func planCode(plan workplan.Plan) string {
	if n, err := document.ParseNumber(plan.Number); err == nil {
		return n.String()
	}
	return plan.Title
}

var yearInTitle = regexp.MustCompile(`(20\d\d)\s*年`)

// planYear is the year that the title names, or that of the plan's date.
func planYear(title string, on civil.Date) int {
	if m := yearInTitle.FindStringSubmatch(title); m != nil {
		y, _ := strconv.Atoi(m[1])
		return y
	}
	return on.Year()
}

func (r *resolver) task(plan Plan, task workplan.Task) Obligation {
	where := fmt.Sprintf("第%d项“%s”", task.No, task.Title)
	return Obligation{
		Code: plan.Code + "/" + strconv.Itoa(task.No), Section: task.Section, Title: task.Title, Text: task.Text,
		Assignment: task.Assignment, Basis: "《" + plan.Title + "》",
		Lead: task.Lead, Responsible: task.Responsible, Units: r.units(where, task.Lead, task.Responsible),
		Due: task.Due, Rule: taskRule(plan, task), Match: matchItems(task.Items),
		Targets: task.Targets, Items: task.Items, StartsOn: plan.IssuedOn,
	}
}

// taskRule is the task's own rhythm or day; what a yearly plan leaves open is
// owed by the end of its year.
func taskRule(plan Plan, task workplan.Task) Rule {
	end := civil.Year(plan.Year).End()
	switch {
	case !task.DueOn.IsZero():
		return Rule{DueOn: task.DueOn}
	case task.Every != workplan.Once && task.Every != workplan.Always:
		return Rule{Every: task.Every, Until: end}
	}
	return Rule{DueOn: end}
}

// matchItems recognises the fifteen categories of 条例第二十条 in the items of a
// task: records that bear one of them are evidence by themselves. Documents
// differ from the article by a word here and there, so most must agree.
func matchItems(items []workplan.Item) Match {
	categories := law.Categories().All()
	if len(items) != len(categories) {
		return Match{}
	}
	var codes []string
	same := 0
	for i, c := range categories {
		codes = append(codes, string(c.Code))
		if document.Fold(items[i].Text) == document.Fold(c.Label) {
			same++
		}
	}
	if same*4 < len(categories)*3 {
		return Match{}
	}
	return Match{Statutory: codes}
}

// reportKind is the kind of publication that a yearly report is.
const reportKind = "annual"

// reportGroups are whom the yearly report is demanded of, by which day
// (条例第四十九条).
var reportGroups = []struct {
	code, date string
	kinds      []unit.Kind
}{
	{"政府", "government_report", []unit.Kind{unit.City, unit.County, unit.Zone}},
	{"部门", "department_report", nil}, // all others
}

// standing makes the obligations of a closing paragraph. What is to stand in
// the yearly report is due with that report, governments and departments on
// different days; other rhythms are due within their period.
func (r *resolver) standing(plan Plan, s workplan.Standing) []Obligation {
	base := Obligation{
		Section: "年度报告", Title: "落实情况纳入政府信息公开工作年度报告", Text: s.Text, Basis: "《" + plan.Title + "》；《政府信息公开条例》第四十九条",
		Lead: []string{}, Responsible: s.Responsible, Match: Match{Kinds: []string{reportKind}}, StartsOn: plan.IssuedOn,
	}
	units := r.units("结尾“"+fault.Clip(s.Text, 40)+"”", nil, s.Responsible)
	var list []Obligation
	for _, g := range reportGroups {
		o := base
		o.Code = plan.Code + "/年报/" + g.code
		o.Rule = Rule{Every: workplan.Yearly, Until: civil.Year(plan.Year).End()}
		for _, d := range law.AnnualDates() {
			if d.Code == g.date {
				o.Due = fmt.Sprintf("次年%d月%d日前", d.Month, d.Day)
				o.Rule.Month, o.Rule.Day, o.Rule.After = d.Month, d.Day, true
			}
		}
		for _, a := range units {
			if r.inGroup(a.UnitID, g.kinds) {
				o.Units = append(o.Units, a)
			}
		}
		if len(o.Units) > 0 {
			list = append(list, o)
		}
	}
	return list
}

// inGroup tells whether the organ is of one of the kinds; nil kinds are those
// that no other group has.
func (r *resolver) inGroup(id int64, kinds []unit.Kind) bool {
	o, _ := r.tree.Get(id)
	if kinds == nil {
		return !slices.Contains(reportGroups[0].kinds, o.Kind)
	}
	return slices.Contains(kinds, o.Kind)
}

// units resolves the names of a task; each organ once, in its strongest role.
func (r *resolver) units(where string, lead, responsible []string) []Assignment {
	at := map[int64]int{}
	var list []Assignment
	add := func(name string, role Role) {
		organs, partial, ok := r.resolve(where, name)
		if !ok {
			return
		}
		if partial {
			role = Concerned
		}
		for _, o := range organs {
			i, seen := at[o.ID]
			if !seen {
				at[o.ID] = len(list)
				list = append(list, Assignment{o.ID, role, name})
			} else if roleOrder[role] < roleOrder[list[i].Role] {
				list[i].Role, list[i].Printed = role, name
			}
		}
	}
	for _, name := range lead {
		add(name, Leads)
	}
	for _, name := range responsible {
		add(name, Responds)
	}
	return list
}

// resolve finds the organs of one printed name or set.
func (r *resolver) resolve(where, name string) (organs []unit.Organ, partial, ok bool) {
	var first error
	for _, form := range spellings(name) {
		organs, set, err := r.tree.ResolveSet(form, r.on)
		if err == nil && len(organs) > 0 {
			return organs, set.Partial, true
		}
		if first == nil {
			first = err
		}
	}
	message := "“" + fault.Clip(name, 40) + "”在这一天没有成员，请检查名录里的集合。"
	if first != nil {
		message = fault.Public(first)
	}
	i := slices.IndexFunc(r.failures, func(f Failure) bool { return f.Name == name })
	if i < 0 {
		r.failures = append(r.failures, Failure{name, where, message, r.tree.Suggest(name, r.on, 3)})
	} else if len(r.failures[i].Where) < 300 {
		r.failures[i].Where += "、" + where
	}
	return nil, false, false
}

var bracketed = regexp.MustCompile(`^(.{2,}?)[（(]([^（）()]{2,})[）)]$`)

// spellings are the ways to read a printed name: as it stands, and where a
// second name stands in brackets (国家税务总局甲市税务局（市税务局）), each of them.
func spellings(name string) []string {
	if m := bracketed.FindStringSubmatch(name); m != nil {
		return []string{name, m[1], m[2]}
	}
	return []string{name}
}
