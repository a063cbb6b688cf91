package law

import (
	"slices"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
)

const (
	// MaxFeeQuantity is the largest number of cases or pages that a fee is
	// computed for; every sum up to it fits an int64.
	MaxFeeQuantity = 1_000_000_000

	// maxFeeTiers bounds a fee's list of tiers. Ten-case tiers beyond it are
	// joined into one last line whose price runs from UnitPrice to LastPrice.
	maxFeeTiers = 100
)

// Fee is an information-processing fee with its steps. Money is whole yuan.
type Fee struct {
	Basis    string     `json:"basis"`
	Method   FeeMethod  `json:"method"`
	Quantity int64      `json:"quantity"`
	Tiers    []FeeTier  `json:"tiers"` // the tiers that the quantity reaches, in order
	Total    int64      `json:"total"`
	Doubts   []FeeDoubt `json:"doubts"` // what the text leaves open about this sum
}

// FeeTier is one band of a progressive tariff: only what lies in the band is
// charged at its price.
type FeeTier struct {
	From      int64  `json:"from"`
	To        *int64 `json:"to"` // nil for the open band
	UnitPrice int64  `json:"unit_price"`
	Count     int64  `json:"count"`
	Amount    int64  `json:"amount"`

	// LastPrice is set on the one line that joins many ten-case tiers: prices
	// rise from UnitPrice to LastPrice, and Amount is their exact sum.
	LastPrice *int64 `json:"unit_price_to,omitempty"`
}

// FeeMethod is one of the two ways of charging (article 3): a request is
// charged by one of them, never by both.
type FeeMethod string

// The two ways.
const (
	FeeByCase FeeMethod = "case" // 按件计收
	FeeByPage FeeMethod = "page" // 按量计收
)

// band is a fixed part of a tariff; to is 0 for the open end.
type band struct{ from, to, price int64 }

// FeeRules is a version of the tariff.
type FeeRules struct {
	Title       string
	Number      string
	Effective   civil.Date // first day on which the rules hold
	LastChecked civil.Date
	Confirmed   Confirmation // of the tiers
	caseBands   []band
	step        int64 // cases in each tier above caseBands
	stepPrice   int64 // by how much each such tier is dearer than the one before
	pageBands   []band
}

var feeRules = []FeeRules{{
	Title: "政府信息公开信息处理费管理办法", Number: "国办函〔2020〕109号",
	Effective: since2021fee, LastChecked: checked, Confirmed: Confirmed,
	caseBands: []band{{1, 10, 0}, {11, 30, 100}},
	step:      10, stepPrice: 100,
	pageBands: []band{{1, 30, 0}, {31, 100, 10}, {101, 200, 20}, {201, 0, 40}},
}}

// FeeRulesOn is the tariff in force on d; there is none before 2021.
func FeeRulesOn(d civil.Date) (FeeRules, error) {
	for _, r := range slices.Backward(feeRules) {
		if !d.Before(r.Effective) {
			return r, nil
		}
	}
	return FeeRules{}, fault.New(fault.Invalid, "fee_not_in_force",
		"%s 还没有信息处理费的规定：《%s》自%s起施行。", d, feeRules[0].Title, feeRules[0].Effective.Chinese())
}

// CurrentFeeRules is the newest tariff.
func CurrentFeeRules() FeeRules { return feeRules[len(feeRules)-1] }

// Cases is the fee for n cases of one applicant in one calendar month, under
// the given answers to the doubts; nil takes the default of each.
func (r FeeRules) Cases(n int64, answers FeeAnswers) (Fee, error) {
	if err := checkQuantity(n, "件"); err != nil {
		return Fee{}, err
	}
	base, err := answers.firstTierPrice()
	if err != nil {
		return Fee{}, err
	}
	f := r.begin(FeeByCase, n, "第三条、第四条")
	f.addBands(r.caseBands)
	fixed := r.caseBands[len(r.caseBands)-1].to
	f.addSteps(r, fixed, base)
	f.total()
	return f, nil
}

// Pages is the fee for n pages given on one request.
func (r FeeRules) Pages(n int64) (Fee, error) {
	if err := checkQuantity(n, "页"); err != nil {
		return Fee{}, err
	}
	f := r.begin(FeeByPage, n, "第三条、第五条")
	f.addBands(r.pageBands)
	f.total()
	return f, nil
}

func checkQuantity(n int64, unit string) error {
	if n < 0 || n > MaxFeeQuantity {
		return fault.New(fault.Invalid, "quantity_bad", "%d%s不能计费：数量应是 0 到 %d 的整数。", n, unit, int64(MaxFeeQuantity))
	}
	return nil
}

func (r FeeRules) begin(m FeeMethod, n int64, articles string) Fee {
	return Fee{
		Basis:  foi + "第四十二条；《" + r.Title + "》（" + r.Number + "）" + articles,
		Method: m, Quantity: n, Tiers: []FeeTier{}, Doubts: doubtsOf(m),
	}
}

func (f *Fee) addBands(bands []band) {
	for _, b := range bands {
		last := f.Quantity
		var to *int64
		if b.to != 0 {
			last, to = min(last, b.to), &b.to
		}
		if last < b.from {
			return
		}
		count := last - b.from + 1
		f.Tiers = append(f.Tiers, FeeTier{From: b.from, To: to, UnitPrice: b.price, Count: count, Amount: count * b.price})
	}
}

// addSteps adds the ten-case tiers above the fixed bands: the k-th, from 0,
// costs base + k×stepPrice each.
func (f *Fee) addSteps(r FeeRules, fixed, base int64) {
	beyond := f.Quantity - fixed
	if beyond <= 0 {
		return
	}
	tiers := (beyond + r.step - 1) / r.step
	shown := min(tiers, maxFeeTiers-int64(len(f.Tiers)))
	if shown < tiers {
		shown--
	}
	for k := range shown {
		f.addStep(r, fixed, base, k, k)
	}
	if shown < tiers {
		f.addStep(r, fixed, base, shown, tiers-1)
	}
}

// addStep adds the tiers first to last as one line.
func (f *Fee) addStep(r FeeRules, fixed, base, first, last int64) {
	from, to := fixed+first*r.step+1, fixed+(last+1)*r.step
	full := last - first // tiers before the last one, all of them full
	lastCount := min(f.Quantity, to) - (to - r.step)
	price, lastPrice := base+first*r.stepPrice, base+last*r.stepPrice
	tier := FeeTier{
		From: from, To: &to, UnitPrice: price, Count: full*r.step + lastCount,
		Amount: r.step*(full*price+r.stepPrice*(full*(full-1)/2)) + lastCount*lastPrice,
	}
	if full > 0 {
		tier.LastPrice = &lastPrice
	}
	f.Tiers = append(f.Tiers, tier)
}

func (f *Fee) total() {
	for _, t := range f.Tiers {
		f.Total += t.Amount
	}
}
