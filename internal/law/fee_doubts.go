package law

import (
	"maps"
	"slices"
	"strings"

	"gongkai/internal/fault"
)

// FeeDoubt is a point on which the fee rules can be read in more than one
// way. A city settles it in its configuration; until then Default holds, and
// is shown as what it is.
type FeeDoubt struct {
	Code      string       `json:"code"` // A1 to A10
	Question  string       `json:"question"`
	Article   string       `json:"article"`
	Options   []FeeOption  `json:"options"`
	Default   string       `json:"default"` // the Value of an option
	Confirmed Confirmation `json:"confirmed"`
	methods   []FeeMethod  // the sums that it can change
}

// FeeOption is one reading.
type FeeOption struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// FeeAnswers settles doubts: code to option value. What is missing takes its
// default; nil is all defaults.
type FeeAnswers map[string]string

// FeeDoubts lists all doubts. Only A1 enters the sum; the others decide what
// is counted, or by whom, before a fee is computed.
func FeeDoubts() []FeeDoubt {
	out := slices.Clone(feeDoubts)
	for i := range out {
		out[i].Options = slices.Clone(out[i].Options)
	}
	return out
}

// Check tells whether every answer names a doubt and one of its options.
func (a FeeAnswers) Check() error {
	for _, code := range slices.Sorted(maps.Keys(a)) {
		i := slices.IndexFunc(feeDoubts, func(d FeeDoubt) bool { return d.Code == code })
		if i < 0 {
			return fault.New(fault.Invalid, "fee_doubt_unknown", "信息处理费没有配置项“%s”，可用的是 A1 到 A10。", fault.Clip(code, 40))
		}
		if !feeDoubts[i].has(a[code]) {
			return fault.New(fault.Invalid, "fee_answer_bad", "配置项 %s 的取值“%s”无效，可用的有：%s。", code, fault.Clip(a[code], 40), feeDoubts[i].values())
		}
	}
	return nil
}

// Answer is the option chosen for a doubt: the answer given, or the default.
func (a FeeAnswers) Answer(code string) string {
	if v, ok := a[code]; ok {
		return v
	}
	for _, d := range feeDoubts {
		if d.Code == code {
			return d.Default
		}
	}
	return ""
}

func (d FeeDoubt) has(value string) bool {
	return slices.ContainsFunc(d.Options, func(o FeeOption) bool { return o.Value == value })
}

// DefaultLabel says the default reading in words.
func (d FeeDoubt) DefaultLabel() string {
	i := slices.IndexFunc(d.Options, func(o FeeOption) bool { return o.Value == d.Default })
	return d.Options[i].Label
}

func (d FeeDoubt) values() string {
	var out []string
	for _, o := range d.Options {
		out = append(out, o.Value+"（"+o.Label+"）")
	}
	return strings.Join(out, "、")
}

var firstTierPrices = map[string]int64{"200": 200, "100": 100}

// firstTierPrice is the price of cases 31 to 40 (doubt A1).
func (a FeeAnswers) firstTierPrice() (int64, error) {
	if err := a.Check(); err != nil {
		return 0, err
	}
	return firstTierPrices[a.Answer("A1")], nil
}

func doubtsOf(m FeeMethod) []FeeDoubt {
	out := []FeeDoubt{}
	for _, d := range FeeDoubts() {
		if slices.Contains(d.methods, m) && d.Confirmed != Confirmed {
			out = append(out, d)
		}
	}
	return out
}

var feeDoubts = []FeeDoubt{
	{Code: "A1", Article: feeMeasure + "第四条", Default: "200", Confirmed: Unconfirmed, methods: []FeeMethod{FeeByCase},
		Question: "第31至40件这一档的单价没有写明：是在前一档100元上提高，还是从100元起算",
		Options:  []FeeOption{{"200", "第31至40件每件200元"}, {"100", "第31至40件每件100元"}}},
	{Code: "A2", Article: feeMeasure + "第四条", Default: "organ", Confirmed: Unconfirmed, methods: []FeeMethod{FeeByCase},
		Question: "累计件数是对同一行政机关，还是对同级政府的全部机关",
		Options:  []FeeOption{{"organ", "同一行政机关分别累计"}, {"government", "同级政府合并累计"}}},
	{Code: "A3", Article: foi + "第三十一条", Default: "received", Confirmed: Inferred, methods: []FeeMethod{FeeByCase},
		Question: "申请归入哪个自然月",
		Options:  []FeeOption{{"received", "收到申请之日所在月"}, {"submitted", "提交之日所在月"}}},
	{Code: "A4", Article: feeMeasure + "第三条", Default: "no", Confirmed: Confirmed, methods: []FeeMethod{FeeByCase},
		Question: "超出后，前10件是否补收",
		Options:  []FeeOption{{"no", "不补收，只对超出部分收取（超额累进）"}}},
	{Code: "A5", Article: feeMeasure + "第四条", Default: "decided", Confirmed: Inferred, methods: []FeeMethod{FeeByCase},
		Question: "补正逾期、撤回、重复的申请是否计件",
		Options:  []FeeOption{{"decided", "作出处理决定的计件，未作决定的不计"}, {"all", "收到即计件"}}},
	{Code: "A6", Article: feeMeasure + "第四条", Default: "reasoned", Confirmed: Confirmed,
		Question: "一份申请含多项内容时怎样拆分计件",
		Options:  []FeeOption{{"reasoned", "由机关按合理最小单位拆分，逐件写明理由"}}},
	{Code: "A7", Article: feeMeasure + "第三条", Default: "keeps", Confirmed: Unconfirmed, methods: []FeeMethod{FeeByCase},
		Question: "同月内有的申请按量计收时，它是否仍占按件的序号",
		Options:  []FeeOption{{"keeps", "仍占序号，但不按件收费"}, {"skips", "不占序号"}}},
	{Code: "A8", Article: foi + "第四十二条", Default: "may", Confirmed: Confirmed,
		Question: "符合情形时是否必须收费",
		Options:  []FeeOption{{"may", "由机关裁量，可以不收"}}},
	{Code: "A9", Article: foi + "第三十五条、第四十二条", Default: "organ", Confirmed: Unconfirmed,
		Question: "收费与“不予处理”能否并用、先后怎样",
		Options:  []FeeOption{{"organ", "由机关逐件选择"}, {"either", "只能择一"}}},
	{Code: "A10", Article: feeMeasure, Default: "separate", Confirmed: Unconfirmed, methods: []FeeMethod{FeeByCase},
		Question: "换名或者代理多人申请是否合并累计",
		Options:  []FeeOption{{"separate", "按申请人分别累计"}, {"joined", "有证据的合并累计"}}},
}
