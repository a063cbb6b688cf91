package drafting

import (
	"context"
	"fmt"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/publication/kind"
)

// Level says how much a check weighs.
type Level string

// The levels.
const (
	Must   Level = "must"   // stands against handing on and publishing
	Should Level = "should" // somebody should look
	Info   Level = "info"   // good to know
)

// Label is the level in words.
func (l Level) Label() string {
	return map[Level]string{Must: "必须改正", Should: "请核对", Info: "提示"}[l]
}

// Check is one thing that a rule has to say about a draft.
type Check struct {
	Code    string
	Level   Level
	Message string
	Place   string // in words or a path of the line; empty for the whole
	Way     string // what to do; may be empty
	Always  bool   // of level Must: stands even in an emergency
	Waived  string // reason by which a Must has become an Info
}

// Public is the check in one line.
func (c Check) Public() string {
	words := c.Message + c.Way
	if c.Place != "" {
		words = c.Place + "：" + words
	}
	return words
}

// Codes of checks.
const (
	codeField          = "field"
	codeEmpty          = "empty"
	codeStale          = "stale"
	codeNote           = "note"
	codeInterpretation = "interpretation"
	codeLimit          = "limit"
	codeNumber         = "number"
	codeLink           = "link"
	codeColumn         = "column"
	codeFile           = "file"
	codePicture        = "picture"
	codeStep           = "step"
	codeWording        = "wording"
	codeFinding        = "finding"
)

// waivable are the rules that know exceptions: a reason lets a draft pass.
var waivable = map[string]bool{codeInterpretation: true, codeNumber: true, codeLink: true}

// Waivable tells whether a reason lets a draft pass in spite of the check
// (Settings.Waivers).
func (c Check) Waivable() bool { return waivable[c.Code] }

// rules are asked in this order.
var rules = []func(sit *situation, ctx context.Context) ([]Check, error){
	(*situation).checkFields,
	(*situation).checkCorrection,
	(*situation).checkInterpretation,
	(*situation).checkLimit,
	(*situation).checkNumber,
	(*situation).checkLinks,
	(*situation).checkPictures,
	(*situation).checkColumns,
	(*situation).checkFiles,
	(*situation).checkSteps,
	(*situation).checkWording,
	(*situation).checkFindings,
}

// allChecks asks every rule once.
func (sit *situation) allChecks(ctx context.Context) ([]Check, error) {
	if sit.checked || sit.d.State == Published {
		return sit.checks, nil
	}
	for _, rule := range rules {
		found, err := rule(sit, ctx)
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			sit.checks = append(sit.checks, sit.waive(c))
		}
	}
	sit.checked = true
	return sit.checks, nil
}

// waive lets a reason stand for a rule that knows exceptions.
func (sit *situation) waive(c Check) Check {
	if reason := sit.d.Waivers[c.Code]; c.Level == Must && waivable[c.Code] && reason != "" {
		c.Level, c.Waived = Info, reason
	}
	return c
}

// kind is the draft's kind; nil for one that is gone.
func (sit *situation) kind() *kind.Kind {
	k, _ := sit.s.Records.Kinds.Get(sit.line.Kind)
	return k
}

// checkFields asks what the record's own rules ask: the kind's fields, a title,
// a unit, something to read.
func (sit *situation) checkFields(ctx context.Context) ([]Check, error) {
	l := sit.line
	var bad kind.Problems
	k := sit.kind()
	if k == nil {
		bad.Add("kind", "没有“%s”这个种类，可用的有：%s。", fault.Clip(l.Kind, 40), sit.s.Records.Kinds.Codes())
	} else {
		bad = append(bad, k.Validate(l.Fields)...)
	}
	if strings.TrimSpace(l.Title) == "" {
		bad.Add("title", "缺少标题，这一项必填。")
	}
	tree, err := sit.s.Records.Units.Tree(ctx, sit.tx)
	if err != nil {
		return nil, err
	}
	if _, err := tree.Resolve(l.Unit, l.IssuedOn); err != nil {
		if err := bad.AddFault("unit", err); err != nil {
			return nil, err
		}
	}
	if l.IssuedOn.After(sit.tx.Today()) {
		bad.Add("issued_on", "成文日期 %s 在今天以后，请核对。", l.IssuedOn)
	}
	list := make([]Check, 0, len(bad))
	for _, p := range bad {
		list = append(list, Check{Code: codeField, Level: Must, Message: p.Message, Place: p.Field, Always: true})
	}
	if strings.TrimSpace(l.Body.Text) == "" && len(l.Attachments) == 0 && len(l.Fields) == 0 {
		list = append(list, Check{Code: codeEmpty, Level: Must, Message: "正文、字段和附件都是空的，", Way: "请至少填一样。", Place: "正文", Always: true})
	}
	return list, nil
}

// checkCorrection asks of a correction that the record has not gone on since,
// and that readers are told what was changed.
func (sit *situation) checkCorrection(ctx context.Context) (list []Check, err error) {
	if !sit.d.Correction() {
		return nil, nil
	}
	var version, base int
	err = sit.tx.Row(ctx, "select p.version, d.base_version from drafting_drafts d join publication_records p on p.id = d.record_id where d.id = ?", []any{sit.d.ID}, &version, &base)
	if err != nil {
		return nil, err
	}
	if version != base {
		list = append(list, Check{Code: codeStale, Level: Must, Always: true,
			Message: fmt.Sprintf("起稿时这份信息是第 %d 版，现在已是第 %d 版，照发会盖掉中间的修改。", base, version), Way: "请对照新版另起更正稿，这份作废。"})
	}
	if strings.TrimSpace(sit.d.Note) == "" {
		list = append(list, Check{Code: codeNote, Level: Must, Place: "更正说明", Message: "没有写改了什么、为什么改。", Way: "请写一句给读者看的说明。"})
	}
	return list, nil
}

// checkLimit shows until when the information must be public (条例第二十六条,
// or the kind's own limit), and whether that day is over.
func (sit *situation) checkLimit(context.Context) ([]Check, error) {
	k, from := sit.kind(), sit.line.IssuedOn
	if k == nil || sit.d.Correction() {
		return nil, nil
	}
	if k.Limit.Days == 0 {
		return nil, nil
	}
	if from.IsZero() {
		return []Check{{Code: codeLimit, Level: Info, Place: "成文日期", Message: "没有成文日期，算不出公开期限。", Way: "有的话请填上。"}}, nil
	}
	last, err := sit.lastDay(k.Limit, from)
	if err != nil {
		return nil, err
	}
	c := Check{Code: codeLimit, Level: Info, Place: "公开期限", Message: fmt.Sprintf("最迟%s公开（%s）。", last.Chinese(), k.Limit.Basis)}
	if sit.tx.Today().After(last) {
		c.Level, c.Way = Should, "期限已过，发布后按迟公开计，请尽快办。"
	}
	return []Check{c}, nil
}

// lastDay is the last day of a limit that counts from the day the information
// was formed.
func (sit *situation) lastDay(l kind.Limit, from civil.Date) (civil.Date, error) {
	if l.Unit == "day" {
		due, err := sit.s.Calendar.DueCalendarDays(from, l.Days, 0)
		return due.Due, err
	}
	due, err := sit.s.Calendar.Due(from, l.Days)
	return due.Due, err
}

// checkSteps names the steps that drafts of the kind take outside of the
// program.
func (sit *situation) checkSteps(context.Context) ([]Check, error) {
	k := sit.kind()
	if k == nil || len(k.Steps) == 0 || sit.d.Correction() {
		return nil, nil
	}
	words := make([]string, len(k.Steps))
	for i, step := range k.Steps {
		words[i] = kind.Steps[step]
	}
	return []Check{{Code: codeStep, Level: Info, Message: "“" + k.Label + "”公开前一般还要经过：" + strings.Join(words, "、") + "。", Way: "请确认已经做过。"}}, nil
}

func (sit *situation) checkWording(ctx context.Context) ([]Check, error) {
	if sit.s.Words == nil {
		return nil, nil
	}
	return sit.s.Words.Check(ctx, sit.tx, sit.line)
}

func (sit *situation) checkFindings(context.Context) ([]Check, error) {
	if sit.d.Findings == 0 {
		return nil, nil
	}
	return []Check{{Code: codeFinding, Level: Must, Always: true, Place: "隐私检查", Message: sit.resolved()}}, nil
}
