package kind

import (
	"maps"
	"slices"
	"strings"

	"gongkai/internal/civil"
)

// Steps are the steps of review that a kind can ask for, by name.
var Steps = map[string]string{
	"legal":   "合法性审查",
	"fact":    "事实核对",
	"leader":  "负责人审定",
	"consult": "征求公众意见",
}

func (k *Kind) checkSteps(file string) error {
	for _, step := range k.Steps {
		if Steps[step] == "" {
			return kindFault(file, "steps", "没有“%s”这个步骤，可用的有：%s。", step, strings.Join(slices.Sorted(maps.Keys(Steps)), "、"))
		}
	}
	return nil
}

// Since is the day from which years of retention count.
type Since string

// The days that retention can count from.
const (
	SinceListed Since = "listed" // the day under which lists put the record; the default
	SinceOver   Since = "over"   // the day on which it ceased to be in force; one in force is never due
)

// Retention says for how many years records stand among the current ones, and
// that they are archived then. The zero value keeps them for good.
type Retention struct {
	Years      int                  `json:"years,omitempty"`
	Since      Since                `json:"since,omitempty"`
	Basis      string               `json:"basis,omitempty"`
	Confirmed  *bool                `json:"confirmed,omitempty"`  // false where the years are custom, not law; nil is true
	Categories map[string]Retention `json:"categories,omitempty"` // other rules for categories of the kind
}

func (r Retention) check(file, at string) error {
	switch {
	case r.Years < 0 || r.Years > 200:
		return kindFault(file, at+".years", "年数应在 0（一直保留）到 200 之间。")
	case r.Since != "" && r.Since != SinceListed && r.Since != SinceOver:
		return kindFault(file, at+".since", "应是 listed（从成文或公开之日起算）或 over（从失效、废止之日起算）。")
	case r.Years > 0 && r.Basis == "":
		return kindFault(file, at+".basis", "保留年限要写明依据；没有法定依据的写明出自哪里，并加上 \"confirmed\": false。")
	}
	for _, name := range slices.Sorted(maps.Keys(r.Categories)) {
		sub := r.Categories[name]
		if len(sub.Categories) > 0 {
			return kindFault(file, at+".categories."+name, "分类的规则里不能再分类。")
		}
		if err := sub.check(file, at+".categories."+name); err != nil {
			return err
		}
	}
	return nil
}

// Of is the rule for a category of the kind.
func (r Retention) Of(category string) Retention {
	if sub, ok := r.Categories[category]; ok {
		return sub
	}
	r.Categories = nil
	return r
}

// DueOn is the day from which a record is due for archiving, from the day
// lists put it under and the day it ceased to be in force, which is zero while
// it is or where the kind has no validity. ok is false where it never is.
func (r Retention) DueOn(listed, over civil.Date) (day civil.Date, ok bool) {
	from := listed
	if r.Since == SinceOver {
		from = over
	}
	if r.Years == 0 || from.IsZero() {
		return civil.Date{}, false
	}
	return from.AddMonths(12 * r.Years), true
}
