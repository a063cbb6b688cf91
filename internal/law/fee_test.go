package law

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"gongkai/internal/fault"
)

// The table of the fact sheet, and the first tiers under both readings of A1.
func TestCases(t *testing.T) {
	tests := []struct {
		n       int64
		answers FeeAnswers
		want    int64
	}{
		{0, nil, 0}, {10, nil, 0}, {11, nil, 100}, {30, nil, 2000}, {31, nil, 2200},
		{40, nil, 4000}, {41, nil, 4300}, {55, nil, 9000}, {120, nil, 56000},
		{31, FeeAnswers{"A1": "200"}, 2200}, {31, FeeAnswers{"A1": "100"}, 2100},
		{55, FeeAnswers{"A1": "100"}, 6500},
	}
	for _, tt := range tests {
		if got, err := CurrentFeeRules().Cases(tt.n, tt.answers); err != nil || got.Total != tt.want {
			t.Errorf("Cases(%d, %v) = %d (%v), want %d", tt.n, tt.answers, got.Total, err, tt.want)
		}
	}
}

// The table of the fact sheet, and three sums reported from real cases.
func TestPages(t *testing.T) {
	tests := []struct{ n, want int64 }{
		{0, 0}, {30, 0}, {31, 10}, {100, 700}, {101, 720}, {200, 2700}, {201, 2740}, {350, 8700},
		{68, 380}, {800, 26700}, {1500, 54700},
	}
	for _, tt := range tests {
		if got, err := CurrentFeeRules().Pages(tt.n); err != nil || got.Total != tt.want {
			t.Errorf("Pages(%d) = %d (%v), want %d", tt.n, got.Total, err, tt.want)
		}
	}
}

func TestFeeSteps(t *testing.T) {
	got, err := CurrentFeeRules().Cases(55, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(got.Tiers)
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"from":1,"to":10,"unit_price":0,"count":10,"amount":0},` +
		`{"from":11,"to":30,"unit_price":100,"count":20,"amount":2000},` +
		`{"from":31,"to":40,"unit_price":200,"count":10,"amount":2000},` +
		`{"from":41,"to":50,"unit_price":300,"count":10,"amount":3000},` +
		`{"from":51,"to":60,"unit_price":400,"count":5,"amount":2000}]`
	if string(b) != want {
		t.Errorf("tiers:\n got %s\nwant %s", b, want)
	}
	if len(got.Doubts) == 0 || got.Doubts[0].Code != "A1" || got.Doubts[0].Confirmed != Unconfirmed {
		t.Errorf("the doubt A1 is not shown: %+v", got.Doubts)
	}
	pages, err := CurrentFeeRules().Pages(350)
	if err != nil {
		t.Fatal(err)
	}
	if open := pages.Tiers[3]; open.To != nil || open.From != 201 || open.Amount != 6000 || len(pages.Doubts) != 0 {
		t.Errorf("the open tier is %+v, doubts %v", open, pages.Doubts)
	}
}

// The sum to a thousand million, against the price list added up one by one as
// far as that is bearable, and against the closed form beyond.
func TestFeeOfManyCases(t *testing.T) {
	rules := CurrentFeeRules()
	want, n := int64(0), int64(0)
	for n < 20_000 {
		n++
		switch {
		case n <= 10:
		case n <= 30:
			want += 100
		default:
			want += 200 + 100*((n-31)/10)
		}
		if n%997 != 0 && n > 1200 {
			continue
		}
		if got, err := rules.Cases(n, nil); err != nil || got.Total != want {
			t.Fatalf("Cases(%d) = %d (%v), want %d", n, got.Total, err, want)
		}
	}
	got, err := rules.Cases(MaxFeeQuantity, nil)
	if err != nil {
		t.Fatal(err)
	}
	tiers := float64(MaxFeeQuantity-30) / 10
	if near := 2000 + 10*(tiers*200+50*tiers*(tiers-1)); math.Abs(float64(got.Total)/near-1) > 1e-9 {
		t.Errorf("the fee for %d is %d, about %g expected", MaxFeeQuantity, got.Total, near)
	}
	if last := got.Tiers[len(got.Tiers)-1]; len(got.Tiers) != maxFeeTiers || last.LastPrice == nil || *last.To != MaxFeeQuantity {
		t.Errorf("%d lines, the last %+v", len(got.Tiers), last)
	}
}

func TestFeeRefuses(t *testing.T) {
	r := CurrentFeeRules()
	tests := map[string]func() (Fee, error){
		"negative cases": func() (Fee, error) { return r.Cases(-1, nil) },
		"huge cases":     func() (Fee, error) { return r.Cases(math.MaxInt64, nil) },
		"negative pages": func() (Fee, error) { return r.Pages(math.MinInt64) },
		"huge pages":     func() (Fee, error) { return r.Pages(MaxFeeQuantity + 1) },
		"unknown doubt":  func() (Fee, error) { return r.Cases(1, FeeAnswers{"B1": "200"}) },
		"unknown answer": func() (Fee, error) { return r.Cases(1, FeeAnswers{"A1": "300"}) },
	}
	for name, f := range tests {
		if _, err := f(); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: got %v, want an invalid fault", name, err)
		}
	}
}

func TestFeeRulesOn(t *testing.T) {
	if _, err := FeeRulesOn(date("2020-12-31")); fault.KindOf(err) != fault.Invalid || !strings.Contains(fault.Public(err), "2021年1月1日") {
		t.Errorf("before the rules: %v", err)
	}
	if r, err := FeeRulesOn(date("2021-01-01")); err != nil || r.Number != "国办函〔2020〕109号" {
		t.Errorf("on the first day: %v, %v", r.Number, err)
	}
}

func TestFeeDoubtsAreComplete(t *testing.T) {
	ds := FeeDoubts()
	for i, d := range ds {
		if (FeeAnswers{d.Code: d.Default}).Check() != nil || d.Question == "" || d.Article == "" || d.DefaultLabel() == "" {
			t.Errorf("doubt %d: %+v", i, d)
		}
		if want := FeeAnswers(nil).Answer(d.Code); want != d.Default {
			t.Errorf("%s: the default is %q and %q", d.Code, d.Default, want)
		}
	}
	if len(ds) != 10 || ds[0].Code != "A1" || ds[9].Code != "A10" {
		t.Errorf("%d doubts", len(ds))
	}
	for value := range firstTierPrices {
		if !ds[0].has(value) {
			t.Errorf("A1 has no option %q", value)
		}
	}
	if len(firstTierPrices) != len(ds[0].Options) {
		t.Error("A1 has an option without a price")
	}
}
