package sim

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/ledger"
	"gongkai/internal/obligation"
	"gongkai/internal/publication"
	"gongkai/internal/search"
)

// lines are the published records as they are exported.
func lines(t testing.TB, d Deps) (list []*publication.Line) {
	t.Helper()
	for raw := range bytes.Lines(export(t, d)) {
		line := new(publication.Line)
		if err := json.Unmarshal(raw, line); err != nil {
			t.Fatal(err)
		}
		list = append(list, line)
	}
	return list
}

// allDuties are the duties of the city with their obligations.
func allDuties(t testing.TB, d Deps) (list []obligation.DutyView) {
	t.Helper()
	f := obligation.DutyFilter{Size: obligation.MaxPage}
	for {
		page, err := d.Obligations.Duties(ctx, f, d.Clock.today())
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, page.Duties...)
		if page.Next.ID == 0 {
			return list
		}
		f.After = page.Next
	}
}

// said is what the ledger says of one duty.
type said struct {
	nilOn  civil.Date
	exempt obligation.Exemption
}

type dutyKey struct {
	unit, obligation int64
	period           string
}

// saidOf reads nil reports and exemptions from the ledger alone.
func saidOf(t testing.TB, entries []ledger.Entry) map[dutyKey]said {
	t.Helper()
	all := map[dutyKey]said{}
	for _, e := range entries {
		var data struct {
			Unit, Obligation int64
			Period           string
			Kind             obligation.Exemption
		}
		if !strings.HasPrefix(e.Subject, "duty:") {
			continue
		}
		if err := json.Unmarshal(e.Data, &data); err != nil {
			t.Fatal(err)
		}
		k := dutyKey{data.Unit, data.Obligation, data.Period}
		s := all[k]
		switch e.Kind {
		case "obligation.nil_reported":
			s.nilOn = civil.DateOf(e.At)
		case "obligation.duty_exempted":
			s.exempt = data.Kind
		}
		all[k] = s
	}
	return all
}

// expected tells a duty's state from what was published and said, by rules of
// its own: no evidence is read.
func expected(v obligation.DutyView, match obligation.Match, published []fact, s said, today, soon civil.Date) obligation.State {
	var met civil.Date
	for _, f := range published {
		named := f.names[v.Code] || f.names[v.Code+"@"+v.Period]
		inTime := !f.day.Before(v.OpensOn) && (v.ClosesOn.IsZero() || !f.day.After(v.ClosesOn))
		fits := named && !f.day.Before(v.OpensOn) || inTime && match.Matches(f.facts)
		if fits && (met.IsZero() || f.day.Before(met)) {
			met = f.day
		}
	}
	switch {
	case s.exempt == obligation.NotApplicable:
		return obligation.NotApplicableState
	case met.IsZero() && !s.nilOn.IsZero():
		return obligation.NilReport
	case !met.IsZero() && met.After(v.DueOn):
		return obligation.FulfilledLate
	case !met.IsZero():
		return obligation.Fulfilled
	case s.exempt == obligation.Disputed:
		return obligation.DisputedState
	case v.DueOn.Before(today):
		return obligation.Overdue
	case !v.DueOn.After(soon):
		return obligation.DueSoon
	}
	return obligation.NotDue
}

// fact is a published record as far as duties are concerned.
type fact struct {
	day   civil.Date // first published
	facts obligation.RecordFacts
	names map[string]bool // obligations that it says it fulfils
}

// factsByUnit reads what each unit published.
func factsByUnit(t testing.TB, d Deps) map[int64][]fact {
	t.Helper()
	tree, err := d.Units.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	by := map[int64][]fact{}
	for _, l := range lines(t, d) {
		organ, err := tree.Resolve(l.Unit, l.IssuedOn)
		if err != nil {
			t.Fatal(err)
		}
		kind, _ := d.Publications.Kinds.Get(l.Kind)
		f := fact{civil.DateOf(l.PublishedAt.Time), obligation.RecordFacts{Kind: l.Kind, Category: l.Category, Statutory: kind.Statutory}, map[string]bool{}}
		if l.Statutory != "" {
			f.facts.Statutory = l.Statutory
		}
		for _, r := range l.Relations {
			if r.Type == publication.Fulfils {
				f.names[r.Target] = true
			}
		}
		by[organ.ID] = append(by[organ.ID], f)
	}
	return by
}

func TestStatesAgreeWithWhatWasPublished(t *testing.T) {
	d := standingCity(t)
	by, spoken := factsByUnit(t, d), saidOf(t, journal(t, d))
	today := d.Clock.today()
	soon := d.Calendar.AddWorkdays(today, obligation.DefaultSoonDays)
	matches := map[string]obligation.Match{}
	seen := map[obligation.State]int{}
	duties := allDuties(t, d)
	for _, v := range duties {
		if _, ok := matches[v.Code]; !ok {
			o, err := d.Obligations.ByCode(ctx, v.Code)
			if err != nil {
				t.Fatal(err)
			}
			matches[v.Code] = o.Match
		}
		want := expected(v, matches[v.Code], by[v.UnitID], spoken[dutyKey{v.UnitID, v.ObligationID, v.Period}], today, soon)
		if v.State != want {
			t.Errorf("unit %d, %s, %s is %v, want %v", v.UnitID, v.Code, v.Period, v.State, want)
		}
		seen[v.State]++
	}
	for _, s := range obligation.States() {
		if seen[s] == 0 {
			t.Errorf("no duty is %v", s)
		}
	}
	if seen[obligation.Overdue]*20 > len(duties) {
		t.Errorf("%d of %d duties are overdue: that is not a city at work", seen[obligation.Overdue], len(duties))
	}
	if seen[obligation.Fulfilled]*2 < len(duties) {
		t.Errorf("%d of %d duties are fulfilled, want most", seen[obligation.Fulfilled], len(duties))
	}
	t.Logf("%d duties: %v", len(duties), seen)
}

// Replaying the ledger gives every record its state, version and check value.
func TestLedgerReplaysRecords(t *testing.T) {
	d := standingCity(t)
	type now struct {
		SourceID string `json:"source_id"`
		Version  int    `json:"version"`
		Hash     string `json:"hash"`
		state    publication.State
	}
	records := map[string]now{}
	last := time.Time{}
	for _, e := range journal(t, d) {
		if e.At.Before(last) {
			t.Errorf("entry %d goes back in time", e.Seq)
		}
		last = e.At
		switch e.Kind {
		case publication.ActPublished, publication.ActChanged:
			r := now{state: publication.Published}
			if err := json.Unmarshal(e.Data, &r); err != nil {
				t.Fatal(err)
			}
			records[e.Subject] = r
		case publication.ActWithdrawn:
			r := records[e.Subject]
			r.state = publication.Withdrawn
			records[e.Subject] = r
		}
	}
	withdrawn, edited := 0, 0
	for subject, want := range records {
		r, err := d.Publications.BySource(ctx, want.SourceID)
		if err != nil {
			t.Fatal(err)
		}
		if got := (now{r.SourceID, r.Version, r.Hash, r.State}); got != want || publication.Subject(r.ID) != subject {
			t.Errorf("%s is %+v, the ledger says %+v", subject, got, want)
		}
		if r.State == publication.Withdrawn {
			withdrawn++
		}
		if r.Version > 1 {
			edited++
		}
	}
	if withdrawn == 0 || edited == 0 {
		t.Errorf("%d records withdrawn, %d changed; want some of each", withdrawn, edited)
	}
	if got, want := len(lines(t, d)), len(records)-withdrawn; got != want {
		t.Errorf("%d published records, the ledger says %d", got, want)
	}
}

// playedKinds are the kinds of record that the city's year is made of.
var playedKinds = []string{"policy", "interpretation", "notice", "plan", "decision", "commitment", "progress", "organ", "guide", "annual", "service", "gazette"}

func TestEverySortOfThingOccurs(t *testing.T) {
	d := standingCity(t)
	kinds, err := d.Publications.Counts(ctx, publication.Filter{}, publication.ByKind)
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range playedKinds {
		if kinds[code] == 0 {
			t.Errorf("no record of kind %s", code)
		}
	}
	categories, err := d.Publications.Counts(ctx, publication.Filter{}, publication.ByStatutory)
	if err != nil {
		t.Fatal(err)
	}
	if len(categories) != 15 {
		t.Errorf("records in %d categories, want 15: %v", len(categories), categories)
	}
	for _, v := range []search.Validity{search.InForce, search.Amended, search.NotYet, search.Expired, search.Repealed} {
		l, err := d.Publications.List(ctx, publication.Filter{Kinds: []string{"policy"}, Validities: []search.Validity{v}}, publication.Page{})
		if err != nil || l.Total == 0 {
			t.Errorf("no policy is %v today (%v)", v, err)
		}
	}
	flags, err := d.Publications.OpenFlags(ctx, nil, 10)
	if err != nil || len(flags) != 1 {
		t.Errorf("%d open flags, want one: %v", len(flags), err)
	}
}

func TestTenCommitments(t *testing.T) {
	d := standingCity(t)
	list, err := d.Publications.Commitments(ctx, publication.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 10 {
		t.Fatalf("%d commitments, want 10", len(list))
	}
	late := 0
	for i, c := range list {
		if c.No != i+1 || len(c.Reports) != 10 || c.AsOf != planEnd || len(c.Targets) == 0 {
			t.Errorf("commitment %d: no %d, %d reports up to %v, %d targets", i+1, c.No, len(c.Reports), c.AsOf, len(c.Targets))
		}
		if c.Late() {
			late++
		} else if c.Percent() != 100 {
			t.Errorf("commitment %d is at %d%% and not late", c.No, c.Percent())
		}
	}
	if late != 2 {
		t.Errorf("%d commitments are late, want 2", late)
	}
}
