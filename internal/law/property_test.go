package law

import (
	"testing"

	"pgregory.net/rapid"

	"gongkai/internal/civil"
)

// calendars under test: with notices, and with local days in the way.
func someCalendar(t *rapid.T) *Calendar {
	var local []Override
	base := civil.On(2020, 1, 1)
	for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(0, 4000), 0, 5, rapid.ID[int]).Draw(t, "local") {
		local = append(local, Override{base.AddDays(n), n%2 == 0, "节", "规定"})
	}
	c, err := Standard().WithLocal(local)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func someDate(t *rapid.T, name string) civil.Date {
	return civil.On(1993, 1, 1).AddDays(rapid.IntRange(0, 60*366).Draw(t, name))
}

func TestWorkdayArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := someCalendar(t)
		d, a, b := someDate(t, "d"), rapid.IntRange(0, 300).Draw(t, "a"), rapid.IntRange(0, 300).Draw(t, "b")
		if got, want := c.AddWorkdays(c.AddWorkdays(d, a), b), c.AddWorkdays(d, a+b); got != want {
			t.Fatalf("not additive: %s +%d +%d is %s, in one go %s", d, a, b, got, want)
		}
		if got, want := c.AddWorkdays(c.AddWorkdays(d, -a), -b), c.AddWorkdays(d, -a-b); got != want {
			t.Fatalf("not additive backwards: %s -%d -%d is %s, in one go %s", d, a, b, got, want)
		}
		if end := c.AddWorkdays(d, a); a > 0 && !c.IsWorkday(end) {
			t.Fatalf("%s +%d ends on %s, a day of rest", d, a, end)
		}
		if got := c.WorkdaysBetween(d, c.AddWorkdays(d, a)); got != a {
			t.Fatalf("between %s and its +%d lie %d", d, a, got)
		}
		if c.IsWorkday(d) {
			if back := c.AddWorkdays(c.AddWorkdays(d, a), -a); back != d {
				t.Fatalf("%s +%d -%d is %s", d, a, a, back)
			}
			if got, want := c.AddWorkdays(c.AddWorkdays(d, a), -b), c.AddWorkdays(d, a-b); got != want {
				t.Fatalf("%s +%d -%d is %s, in one go %s", d, a, b, got, want)
			}
		}
	})
}

func TestDueIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := someCalendar(t)
		d, n := someDate(t, "d"), rapid.IntRange(0, 120).Draw(t, "n")
		later, more := d.AddDays(rapid.IntRange(0, 40).Draw(t, "later")), n+rapid.IntRange(0, 40).Draw(t, "more")
		due := func(from civil.Date, n int) civil.Date {
			out, err := c.Due(from, n)
			if err != nil {
				t.Fatal(err)
			}
			if want := c.AddWorkdays(from, n); out.Due != want {
				t.Fatalf("Due(%s, %d) is %s, AddWorkdays %s", from, n, out.Due, want)
			}
			return out.Due
		}
		if due(later, n).Before(due(d, n)) {
			t.Fatalf("a later start (%s) ends before %s with %d days", later, d, n)
		}
		if due(d, more).Before(due(d, n)) || n > 0 && more > n && !due(d, more).After(due(d, n)) {
			t.Fatalf("%d days from %s do not end after %d days", more, d, n)
		}
	})
}

// The steps are consecutive days, begin and end where the limit does, and
// count exactly its days.
func TestStepsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := someCalendar(t)
		from, n := someDate(t, "from"), rapid.IntRange(-60, 60).Draw(t, "n")
		due, err := c.Due(from, n)
		if err != nil {
			t.Fatal(err)
		}
		counted, dir := 0, 1
		if n < 0 {
			dir = -1
		}
		for i, s := range due.Steps {
			if want := from.AddDays(dir * i); s.Date != want {
				t.Fatalf("step %d is %s, want %s", i, s.Date, want)
			}
			if s.Why == "" || s.Counted != (i > 0 && s.Kind.Worked()) || (i == 0) != (s.Kind == Start) {
				t.Fatalf("step %d: %+v", i, s)
			}
			if s.Counted {
				counted++
			}
		}
		if counted != n*dir || due.Steps[len(due.Steps)-1].Date != due.Due {
			t.Fatalf("%d counted of %d, last step %s, due %s", counted, n, due.Steps[len(due.Steps)-1].Date, due.Due)
		}
	})
}

func TestFeeProperties(t *testing.T) {
	rules := CurrentFeeRules()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.Int64Range(0, 400), rapid.Int64Range(0, MaxFeeQuantity-1)).Draw(t, "n")
		answers := FeeAnswers{"A1": rapid.SampledFrom([]string{"100", "200"}).Draw(t, "A1")}
		byCase := func(n int64) (Fee, error) { return rules.Cases(n, answers) }
		for _, compute := range []func(int64) (Fee, error){byCase, rules.Pages} {
			a, err := compute(n)
			if err != nil {
				t.Fatal(err)
			}
			b, err := compute(n + 1)
			if err != nil {
				t.Fatal(err)
			}
			checkFee(t, a)
			last := b.Tiers[len(b.Tiers)-1]
			price := last.UnitPrice
			if last.LastPrice != nil {
				price = *last.LastPrice
			}
			if b.Total-a.Total != price {
				t.Fatalf("%s: the %d-th costs %d, its tier says %d", a.Method, n+1, b.Total-a.Total, price)
			}
		}
	})
}

// checkFee proves that the tiers cover the quantity without gap and add up.
func checkFee(t *rapid.T, f Fee) {
	var count, amount, next int64 = 0, 0, 1
	for i, tier := range f.Tiers {
		if tier.From != next || tier.Count <= 0 || tier.Amount < 0 {
			t.Fatalf("%d: tier %d is %+v, expected to begin at %d", f.Quantity, i, tier, next)
		}
		if tier.LastPrice == nil && tier.Amount != tier.Count*tier.UnitPrice {
			t.Fatalf("%d: tier %d: %+v does not multiply", f.Quantity, i, tier)
		}
		count += tier.Count
		amount += tier.Amount
		if tier.To != nil {
			next = *tier.To + 1
		}
	}
	if count != f.Quantity || amount != f.Total || f.Total < 0 || len(f.Tiers) > maxFeeTiers {
		t.Fatalf("%d: tiers count %d, sum %d of %d, %d lines", f.Quantity, count, amount, f.Total, len(f.Tiers))
	}
}
