package privacy

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// trace is a finding in a file and how to mend it; mend is nil where it cannot
// be mended.
type trace struct {
	Finding
	mend func() error
}

// office is an office file (ECMA-376) that is being looked at.
type office struct {
	*pack
	names
	flows       []*partFlow
	traces      []trace
	edits       map[string][]edit // to be made, by part
	orphan      bool              // relations went, so parts may have to
	freeStrings bool              // cells went, so shared strings may have to
}

// names are what places and keys of a file begin with.
type names struct {
	home   string // the bare name, of which keys are made
	prefix string // 附件2《名单.xlsx》, with a space after it
}

func namesOf(name, place string) names {
	home := path.Base(strings.ReplaceAll(name, `\`, "/"))
	if place == "" {
		place = "《" + home + "》"
	}
	return names{home, place + " "}
}

// partFlow is text of parts, and where each piece of it lies.
type partFlow struct {
	flow
	segs  []seg
	spans []span // to be masked
}

// seg is runes of a flow that lie in one piece in bytes of a part.
type seg struct {
	at, to     int // runes
	part       string
	start, end int                      // bytes
	write      func(text string) string // the bytes that say text
}

// say adds text that lies in bytes start to end of a part.
func (f *partFlow) say(text, part string, start, end int, write func(string) string) {
	at := len(f.text)
	f.write(text)
	f.segs = append(f.segs, seg{at, len(f.text), part, start, end, write})
}

// edits turns the spans into edits of the parts. What is as long as what it
// replaces is replaced rune by rune; else it stands where the span begins.
func (f *partFlow) edits(to map[string][]edit) {
	if len(f.spans) == 0 {
		return
	}
	for _, g := range f.segs {
		text, changed := f.masked(g)
		if changed {
			e := edit{g.start, g.end, g.write(text)}
			if !slices.Contains(to[g.part], e) { // cells may share one string
				to[g.part] = append(to[g.part], e)
			}
		}
	}
}

func (f *partFlow) masked(g seg) (text string, changed bool) {
	var b strings.Builder
	for i := g.at; i < g.to; i++ {
		k := slices.IndexFunc(f.spans, func(s span) bool { return s.start <= i && i < s.end })
		if k < 0 {
			b.WriteRune(f.text[i])
			continue
		}
		changed = true
		s := f.spans[k]
		if with := []rune(s.with); len(with) == s.end-s.start {
			b.WriteRune(with[i-s.start])
		} else if i == s.start {
			b.WriteString(s.with)
		}
	}
	return b.String(), changed
}

func openOffice(name string, data []byte, place string, cost *budget) (*office, error) {
	p, err := openPack(data, cost)
	if err != nil {
		return nil, err
	}
	return &office{pack: p, names: namesOf(name, place), edits: map[string][]edit{}}, nil
}

// look reads everything and notes what it finds. marked are passages that
// somebody wants masked wherever they stand.
func (d *office) look(o Options, marked []Finding) error {
	if err := d.readParts(); err != nil {
		return err
	}
	scanners := make([]*scanner, len(d.flows))
	all := map[string]hit{}
	for i, f := range d.flows {
		scanners[i] = f.detect(o)
		maps.Copy(all, scanners[i].known())
	}
	for i, f := range d.flows {
		s := scanners[i]
		s.repeats(all)
		s.marked(marked)
		for _, l := range s.settled(d.home, o) {
			d.traces = append(d.traces, trace{l.Finding, func() error {
				f.spans = append(f.spans, span{l.start, l.end, l.Masked})
				return nil
			}})
		}
	}
	d.findParts()
	return nil
}

// marked finds passages that a person marked.
func (s *scanner) marked(findings []Finding) {
	for _, f := range findings {
		word := []rune(f.Match)
		for from := 0; f.Kind == Marked && len(word) > 0; {
			n := indexRunes(s.text[from:], word)
			if n < 0 {
				break
			}
			s.add(Marked, from+n, from+n+len(word), strings.Repeat("*", len(word)))
			from += n + len(word)
		}
	}
}

// note adds a finding about structure. text is what it is about: it makes the
// key and, where it may be shown, nothing.
func (d *office) note(k Kind, place, text, excerpt string, mend func() error) {
	d.traces = append(d.traces, trace{Finding{Kind: k, Place: d.prefix + place, Excerpt: excerpt, Match: text, Key: keyOf(k, place+"\x00"+text, d.home)}, mend})
}

// count is an excerpt for what must not be shown itself.
func count(format string, n int) string { return fmt.Sprintf(format, n) }

// cut takes bytes of a part away.
func (d *office) cut(part string, start, end int) {
	d.edits[part] = append(d.edits[part], edit{start, end, ""})
}

// mended makes the edits and writes the file.
func (d *office) mended() ([]byte, error) {
	for _, f := range d.flows {
		f.edits(d.edits)
	}
	for name, edits := range d.edits {
		data, err := d.get(name)
		if err != nil {
			return nil, err
		}
		if data != nil {
			d.put(name, applyEdits(data, edits))
		}
	}
	if d.orphan {
		if err := d.sweep(); err != nil {
			return nil, err
		}
	}
	if err := d.freeUnused(); err != nil {
		return nil, err
	}
	if err := d.clean(); err != nil {
		return nil, err
	}
	return d.bytes()
}
