package privacy

import (
	"cmp"
	"slices"
	"strings"
)

// ScanText finds personal data in text. A line whose cells are divided by tabs
// or by the bars of Markdown is a row of a table; the row that names the
// columns says what stands beneath.
func ScanText(place, text string, o Options) []Finding {
	f := newFlow(place)
	f.write(text)
	return bare(f.scan(place, o))
}

// MaskText masks findings in the text they were found in. A finding that no
// longer stands where it stood is looked for by its key; one that is gone is
// passed over.
func MaskText(text string, findings []Finding) string {
	runes := []rune(text)
	var spans []span
	var moved []Finding
	for _, f := range findings {
		if f.Kind.inText() && stands(runes, f) {
			spans = append(spans, span{f.Start, f.End, f.Masked})
		} else if f.Kind.inText() {
			moved = append(moved, f)
		}
	}
	for _, f := range moved {
		for _, again := range ScanText(f.Place, text, Options{}) {
			if again.Key == f.Key {
				spans = append(spans, span{again.Start, again.End, again.Masked})
			}
		}
	}
	return string(replaceSpans(runes, spans))
}

// Mark makes a finding of a passage that a person wants masked. MaskFile masks
// it wherever it stands in the file, so it should say more than a word or two.
func Mark(place, text string, start, end int) Finding {
	runes := []rune(text)
	start = max(0, min(start, len(runes)))
	end = max(start, min(end, len(runes)))
	f := newFlow(place)
	f.write(text)
	h := hit{Marked, start, end, strings.Repeat("*", end-start)}
	return f.findings([]hit{h}, place)[0].Finding
}

// stands tells whether a finding is still where it was found.
func stands(runes []rune, f Finding) bool {
	if f.Start < 0 || f.End > len(runes) || f.Start >= f.End {
		return false
	}
	return keyOf(f.Kind, string(runes[f.Start:f.End]), f.Place) == f.Key
}

// span is a passage and what to put in its place.
type span struct {
	start, end int
	with       string
}

// replaceSpans replaces passages; of two that overlap the first stands.
func replaceSpans(runes []rune, spans []span) []rune {
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	out := make([]rune, 0, len(runes))
	at := 0
	for _, s := range spans {
		if s.start < at {
			continue
		}
		out = append(append(out, runes[at:s.start]...), []rune(s.with)...)
		at = s.end
	}
	return append(out, runes[at:]...)
}

// flow is text on its way through the detectors: a whole text, a part of a
// document or a sheet. Cells are divided by tabs, lines by newlines.
type flow struct {
	text  []rune
	fold  []rune // text, folded rune by rune
	spots []spot // in order of start; the first starts at 0
}

// spot says which place the runes from start on belong to.
type spot struct {
	start int
	place string
}

func newFlow(place string) *flow { return &flow{spots: []spot{{0, place}}} }

func (f *flow) write(s string) {
	for _, r := range s {
		f.text = append(f.text, r)
		f.fold = append(f.fold, foldRune(r))
	}
}

// at begins a new place here.
func (f *flow) at(place string) { f.spots = append(f.spots, spot{len(f.text), place}) }

// spotOf is the place that rune i belongs to.
func (f *flow) spotOf(i int) spot {
	n, _ := slices.BinarySearchFunc(f.spots, i+1, func(s spot, i int) int { return cmp.Compare(s.start, i) })
	return f.spots[max(n-1, 0)]
}

// hit is what a detector reports: runes of the flow.
type hit struct {
	kind       Kind
	start, end int
	masked     string
}

// located is a finding with its runes in the flow.
type located struct {
	Finding
	start, end int
}

// scan runs all detectors and settles overlaps. home is what keys are made
// with.
func (f *flow) scan(home string, o Options) []located {
	return f.detect(o).settled(home, o)
}

func (f *flow) detect(o Options) *scanner {
	s := &scanner{flow: f, rows: tableRows(f.fold), facts: sensitiveIndex.find(f.fold), items: map[int]bool{}}
	s.numbers()
	s.letters()
	s.addresses()
	s.people(o.Today)
	s.repeats(s.known())
	return s
}

func (s *scanner) settled(home string, o Options) []located {
	return s.findings(without(s.flow, settle(s.hits), o.Public), home)
}

// rank orders kinds where two claim the same runes: the surer first.
var rank = func() map[Kind]int {
	m := map[Kind]int{}
	for i, k := range []Kind{Marked, Identity, BankCard, Email, Phone, Passport, Plate, Address, Landline, Minor, SensitiveName} {
		m[k] = i
	}
	return m
}()

// settle keeps of hits that overlap the highest in rank, and gives the rest in
// order of place.
func settle(hits []hit) []hit {
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(rank[a.kind], rank[b.kind]), cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end))
	})
	kept := make([]hit, 0, len(hits))
	for _, h := range hits {
		i, _ := slices.BinarySearchFunc(kept, h.start, func(k hit, at int) int { return cmp.Compare(k.start, at) })
		if i > 0 && kept[i-1].end > h.start || i < len(kept) && kept[i].start < h.end {
			continue
		}
		kept = slices.Insert(kept, i, h)
	}
	return kept
}

// without drops what the organ itself publishes.
func without(f *flow, hits []hit, public []string) []hit {
	if len(public) == 0 {
		return hits
	}
	known := make(map[string]bool, len(public))
	for _, p := range public {
		known[normal(p)] = true
	}
	return slices.DeleteFunc(hits, func(h hit) bool { return known[normal(string(f.text[h.start:h.end]))] })
}

// findings turns hits, in order of place, into findings.
func (f *flow) findings(hits []hit, home string) []located {
	out := make([]located, 0, len(hits))
	for i, h := range hits {
		at := f.spotOf(h.start)
		match := string(f.text[h.start:h.end])
		out = append(out, located{start: h.start, end: h.end, Finding: Finding{
			Kind: h.kind, Place: at.place, Start: h.start - at.start, End: h.end - at.start,
			Excerpt: f.excerpt(hits, i), Match: match, Masked: h.masked, Key: keyOf(h.kind, match, home),
		}})
	}
	return out
}

// around is how many runes an excerpt shows before and after.
const around = 14

// excerpt shows hit i in its line, with every hit in sight masked.
func (f *flow) excerpt(hits []hit, i int) string {
	from, to := max(0, hits[i].start-around), min(len(f.text), hits[i].end+around)
	for j := hits[i].start; j > from; j-- {
		if f.text[j-1] == '\n' {
			from = j
		}
	}
	if n := slices.Index(f.text[hits[i].end:to], '\n'); n >= 0 {
		to = hits[i].end + n
	}
	var b strings.Builder
	if from > 0 && f.text[from-1] != '\n' {
		b.WriteString("…")
	}
	first := i
	for first > 0 && hits[first-1].end > from {
		first--
	}
	at := from
	for _, h := range hits[first:] {
		if h.start >= to {
			break
		}
		if h.start > at {
			b.WriteString(string(f.text[at:h.start]))
		}
		b.WriteString(h.masked)
		at = h.end
	}
	if at < to {
		b.WriteString(string(f.text[at:to]))
	}
	if to < len(f.text) && f.text[to] != '\n' {
		b.WriteString("…")
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func bare(all []located) []Finding {
	out := make([]Finding, len(all))
	for i, l := range all {
		out[i] = l.Finding
	}
	return out
}
