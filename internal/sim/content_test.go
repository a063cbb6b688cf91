package sim

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/document"
	"gongkai/internal/extract"
	"gongkai/internal/obligation/workplan"
	"gongkai/internal/publication"
	"gongkai/internal/sharedtest"
)

// Every relation leads somewhere, and every article that it names stands in
// the text that it leads to.
func TestRelationsHold(t *testing.T) {
	d := standingCity(t)
	n := 0
	for _, l := range lines(t, d) {
		r, err := d.Publications.BySource(ctx, l.SourceID)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := d.Publications.Get(ctx, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		own := body(t, doc)
		for _, rel := range doc.Relations {
			if rel.Type == publication.Fulfils {
				continue
			}
			n++
			if rel.Other == nil {
				t.Errorf("%s %s %s, which is not here", l.SourceID, rel.Type, rel.Target)
				continue
			}
			other, err := d.Publications.Get(ctx, rel.Other.ID)
			if err != nil {
				t.Fatal(err)
			}
			there := body(t, other)
			for _, label := range rel.Articles {
				if _, ok := there.Article(label); !ok {
					t.Errorf("%s names %s of %s, which has no such article", l.SourceID, label, other.SourceID)
				}
			}
			for _, label := range rel.Own {
				if _, ok := own.Article(label); !ok {
					t.Errorf("%s names its own %s, which it does not have", l.SourceID, label)
				}
			}
		}
	}
	if n < 150 {
		t.Errorf("only %d relations", n)
	}
}

func body(t testing.TB, d *publication.Document) *document.Body {
	t.Helper()
	b, err := document.Parse(d.Body.Text, d.Body.Format)
	if err != nil {
		t.Fatalf("%s: %v", d.SourceID, err)
	}
	return b
}

func TestTextsAreDocuments(t *testing.T) {
	d := standingCity(t)
	numbers := map[string]string{}
	policies, articles, tables := 0, 0, 0
	for _, l := range lines(t, d) {
		if other, taken := numbers[l.Number]; taken && l.Number != "" {
			t.Errorf("%s and %s have the number %s", l.SourceID, other, l.Number)
		}
		numbers[l.Number] = l.SourceID
		b, err := document.Parse(l.Body.Text, l.Body.Format)
		if err != nil {
			t.Fatal(err)
		}
		if said := b.Plain() + text(t, l.Fields); len([]rune(said)) < 80 {
			t.Errorf("%s says next to nothing: %q", l.SourceID, said)
		}
		if strings.Contains(l.Body.Text, "<no value>") || strings.Contains(l.Body.Text, "{{") {
			t.Errorf("%s shows its template", l.SourceID)
		}
		for i, a := range b.Articles {
			if a.N != i+1 {
				t.Errorf("%s: article %d is printed %s", l.SourceID, i+1, a.Label)
			}
		}
		tables += strings.Count(l.Body.Text, "|---")
		if l.Kind == "policy" {
			policies++
			articles += len(b.Articles)
		}
	}
	if policies < 30 || articles < 300 || tables < 200 {
		t.Errorf("%d policies with %d articles, %d tables", policies, articles, tables)
	}
}

// Offices work on working days, and nothing is published before it is issued.
func TestDaysAreWorkingDays(t *testing.T) {
	d := standingCity(t)
	for _, l := range lines(t, d) {
		published := civil.DateOf(l.PublishedAt.Time)
		for _, day := range []civil.Date{l.IssuedOn, published} {
			if !d.Calendar.IsWorkday(day) {
				t.Errorf("%s: %s is no working day", l.SourceID, day)
			}
		}
		if published.Before(l.IssuedOn) || published.After(d.Clock.today()) {
			t.Errorf("%s is issued on %s and published on %s", l.SourceID, l.IssuedOn, published)
		}
	}
}

// What must not stand in a demonstration: numbers and names of people.
var private = []struct {
	what    string
	pattern *regexp.Regexp
}{
	{"an identity number", regexp.MustCompile(`[1-9]\d{16}[\dXx]`)},
	{"a bank card", regexp.MustCompile(`\d{16,19}`)},
	{"a mobile telephone", regexp.MustCompile(`(?:^|\D)1[3-9]\d{9}(?:\D|$)`)},
	{"a telephone that may be somebody's", regexp.MustCompile(`0746-(?:[1-9]|0[1-9]|00[1-9])\d*|0746-\d{7}(?:[^（\d]|$)`)},
	{"an address for mail that may be somebody's", regexp.MustCompile(`@(?:[a-z0-9-]+\.)+[a-z]+`)},
	{"a person", regexp.MustCompile(`先生|女士|同志|某某|(?:市长|县长|区长|局长|主任|书记)[:：][\p{Han}]{2,3}`)},
	{"a person's name field", regexp.MustCompile(`"leaders"`)},
}

func TestNothingPrivate(t *testing.T) {
	for _, l := range lines(t, standingCity(t)) {
		raw := text(t, l)
		raw = strings.ReplaceAll(raw, "@example.gov.cn", "")
		for _, a := range l.Attachments {
			raw = strings.ReplaceAll(raw, a.Path, "") // a check value is no card
		}
		for _, p := range private {
			if found := p.pattern.FindString(raw); found != "" {
				t.Errorf("%s holds %s: %q", l.SourceID, p.what, found)
			}
		}
	}
}

// The city's plan is in its own words, and has the facts of the real one.
func TestPlanHasTheFactsOfTheRealOne(t *testing.T) {
	entries, err := os.ReadDir(sharedtest.Path(t, "seeds"))
	if err != nil || len(entries) == 0 {
		t.Fatal("no seed", err)
	}
	data, err := os.ReadFile(sharedtest.Path(t, "seeds", entries[0].Name()))
	if err != nil {
		t.Fatal(err)
	}
	ours, err := city.ReadFile("city/workplan.txt")
	if err != nil {
		t.Fatal(err)
	}
	want, got := parsePlan(t, data), parsePlan(t, ours)
	if got.Title != want.Title || got.IssuedOn != want.IssuedOn || got.Issuer != want.Issuer || len(got.Tasks) != len(want.Tasks) || len(got.Duties) != len(want.Duties) {
		t.Fatalf("%s, %s, %s: %d tasks, %d duties", got.Title, got.IssuedOn, got.Issuer, len(got.Tasks), len(got.Duties))
	}
	for i, w := range want.Tasks {
		g := got.Tasks[i]
		if !slices.Equal(g.Lead, w.Lead) || !slices.Equal(g.Responsible, w.Responsible) || len(g.Items) != len(w.Items) || g.Due != w.Due {
			t.Errorf("task %d: %v %v, %d items, due %q; want %v %v, %d items, due %q", i+1, g.Lead, g.Responsible, len(g.Items), g.Due, w.Lead, w.Responsible, len(w.Items), w.Due)
		}
		if amounts(g) != amounts(w) {
			t.Errorf("task %d promises %s, want %s", i+1, amounts(g), amounts(w))
		}
	}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); len([]rune(line)) > 200 && strings.Contains(string(ours), line) {
			t.Errorf("a whole paragraph is the real plan's: %.60s…", line)
		}
	}
}

func parsePlan(t testing.TB, data []byte) workplan.Plan {
	t.Helper()
	doc, err := extract.Read("plan.txt", data, extract.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	plan, _, err := workplan.Parse(doc, workplan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// amounts are the numbers that a task promises.
func amounts(task workplan.Task) string {
	var list []json.RawMessage
	for _, target := range task.Targets {
		list = append(list, json.RawMessage(`"`+string(target.Quantity)+target.Unit+`"`))
	}
	b, _ := json.Marshal(list)
	return string(b)
}
