package drafting

import (
	"maps"
	"slices"
	"strings"

	"github.com/sergi/go-diff/diffmatchpatch"

	"gongkai/internal/document"
	"gongkai/internal/publication"
	"gongkai/internal/publication/kind"
)

// Mark says what became of a piece of text.
type Mark uint8

// The marks.
const (
	Kept Mark = iota
	Deleted
	Inserted
)

// Piece is a run of text with one mark.
type Piece struct {
	Text string
	Mark Mark
}

// Pair is one text before and after. Old holds kept and deleted pieces, New
// kept and inserted ones; a side that is missing is empty.
type Pair struct {
	Old, New []Piece
}

// Changed tells whether the sides differ.
func (p Pair) Changed() bool {
	changed := func(piece Piece) bool { return piece.Mark != Kept }
	return slices.ContainsFunc(p.Old, changed) || slices.ContainsFunc(p.New, changed)
}

// Aligned is a line of the body beside the one it has become: one pair, or for
// rows of tables one pair a cell. A number of 0 says that the side has no such
// line.
type Aligned struct {
	OldNo, NewNo int // from 1
	Heading      int // level; 0 for paragraphs and rows
	Row          bool
	Cells        []Pair
}

// Changed tells whether the line differs, was added or was taken out.
func (a Aligned) Changed() bool {
	return a.OldNo == 0 || a.NewNo == 0 || slices.ContainsFunc(a.Cells, Pair.Changed)
}

// FieldPair is a fact of the line besides its body, before and after.
type FieldPair struct {
	Place string // title, number, fields.KEY …
	Label string
	Pair
}

// Comparison is two texts side by side.
type Comparison struct {
	Facts []FieldPair // those that either side has
	Body  []Aligned
}

// Changed tells whether anything differs.
func (c Comparison) Changed() bool {
	return slices.ContainsFunc(c.Facts, func(f FieldPair) bool { return f.Changed() }) || slices.ContainsFunc(c.Body, Aligned.Changed)
}

// Diff compares two texts: facts one by one, paragraphs aligned and then by
// characters, tables by rows and cells. k gives labels and may be nil.
func Diff(before, after *publication.Line, k *kind.Kind) Comparison {
	return Comparison{Facts: diffFacts(before, after, k), Body: diffBody(before.Body, after.Body)}
}

// facts are the parts of a line besides its body and fields, as text.
var facts = []struct {
	place, label string
	text         func(l *publication.Line) string
}{
	{"title", "标题", func(l *publication.Line) string { return l.Title }},
	{"kind", "种类", func(l *publication.Line) string { return l.Kind }},
	{"unit", "公开单位", func(l *publication.Line) string { return l.Unit }},
	{"number", "文号", func(l *publication.Line) string { return l.Number }},
	{"issued_on", "成文日期", func(l *publication.Line) string { return l.IssuedOn.String() }},
	{"effective_on", "施行日期", func(l *publication.Line) string { return l.EffectiveOn.String() }},
	{"expires_on", "有效期届满日", func(l *publication.Line) string { return l.ExpiresOn.String() }},
	{"repealed_on", "废止日期", func(l *publication.Line) string { return l.RepealedOn.String() }},
	{"validity", "有效性", func(l *publication.Line) string { return l.Validity }},
	{"category", "分类", func(l *publication.Line) string { return l.Category }},
	{"keywords", "关键词", func(l *publication.Line) string { return strings.Join(l.Keywords, "\n") }},
	{"statutory", "法定公开类别", func(l *publication.Line) string { return l.Statutory }},
	{"relations", "关系", relationText},
	{"attachments", "附件", attachmentText},
}

func relationText(l *publication.Line) string {
	var lines []string
	for _, r := range l.Relations {
		lines = append(lines, r.Type.Label()+" "+r.Target)
	}
	return strings.Join(lines, "\n")
}

func attachmentText(l *publication.Line) string {
	var lines []string
	for _, a := range l.Attachments {
		lines = append(lines, a.Name+" "+a.Path+a.URL)
	}
	return strings.Join(lines, "\n")
}

func diffFacts(before, after *publication.Line, k *kind.Kind) (list []FieldPair) {
	add := func(place, label, a, b string) {
		if a != "" || b != "" {
			list = append(list, FieldPair{place, label, diffText(a, b)})
		}
	}
	for _, f := range facts {
		add(f.place, f.label, f.text(before), f.text(after))
	}
	var fields []kind.Field
	if k != nil {
		fields = k.Fields
	}
	seen := map[string]bool{}
	for _, f := range fields {
		seen[f.Key] = true
		add(PlaceField(f.Key), f.Label, f.Plain(before.Fields[f.Key]), f.Plain(after.Fields[f.Key]))
	}
	rest := map[string]bool{}
	for _, values := range []publication.Fields{before.Fields, after.Fields} {
		for key := range values {
			rest[key] = !seen[key]
		}
	}
	for _, key := range slices.Sorted(maps.Keys(rest)) {
		if rest[key] {
			add(PlaceField(key), key, kind.Field{}.Plain(before.Fields[key]), kind.Field{}.Plain(after.Fields[key]))
		}
	}
	return list
}

// strip is one line of a body: a paragraph, or a row of a table.
type strip struct {
	heading int
	row     bool
	cells   []string
	key     string // equal strips have equal keys
}

func strips(b publication.Body) (list []strip) {
	blocks, err := document.Blocks(b.Text, b.Format)
	if err != nil { // a format nobody knows is shown as it is
		blocks, _ = document.Blocks(b.Text, document.Text)
	}
	for _, block := range blocks {
		if block.Kind == document.Table {
			for _, row := range block.Rows {
				st := strip{row: true, key: "|" + rowText(row)}
				for _, c := range row {
					st.cells = append(st.cells, c.Text)
				}
				list = append(list, st)
			}
			continue
		}
		st := strip{cells: []string{block.Line()}, key: block.Line()}
		if block.Kind == document.Heading {
			st.heading = block.Level
		}
		list = append(list, st)
	}
	return list
}

func diffBody(before, after publication.Body) (list []Aligned) {
	a, b := strips(before), strips(after)
	for _, p := range align(a, b) {
		var out Aligned
		var x, y strip
		if p.i >= 0 {
			x, out.OldNo = a[p.i], p.i+1
			out.Heading, out.Row = x.heading, x.row
		}
		if p.j >= 0 {
			y, out.NewNo = b[p.j], p.j+1
			out.Heading, out.Row = y.heading, y.row
		}
		out.Cells = diffCells(x.cells, y.cells)
		list = append(list, out)
	}
	return list
}

// diffCells pairs the cells of two rows by their place.
func diffCells(a, b []string) []Pair {
	cells := make([]Pair, max(len(a), len(b)))
	for i := range cells {
		var x, y string
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		cells[i] = diffText(x, y)
	}
	return cells
}

// maxDiff bounds the work of comparing two texts by characters: the product of
// their lengths. Beyond it one stands for the other as a whole.
const maxDiff = 25_000_000

func diffText(a, b string) (p Pair) {
	if a == b {
		if a != "" {
			p.Old, p.New = []Piece{{a, Kept}}, []Piece{{b, Kept}}
		}
		return p
	}
	x, y := []rune(a), []rune(b)
	if a == "" || b == "" || len(x)*len(y) > maxDiff {
		if a != "" {
			p.Old = []Piece{{a, Deleted}}
		}
		if b != "" {
			p.New = []Piece{{b, Inserted}}
		}
		return p
	}
	dmp := diffmatchpatch.New()
	dmp.DiffTimeout = 0 // the same answer on every machine
	for _, d := range dmp.DiffCleanupSemantic(dmp.DiffMainRunes(x, y, false)) {
		switch d.Type {
		case diffmatchpatch.DiffEqual:
			p.Old, p.New = append(p.Old, Piece{d.Text, Kept}), append(p.New, Piece{d.Text, Kept})
		case diffmatchpatch.DiffDelete:
			p.Old = append(p.Old, Piece{d.Text, Deleted})
		case diffmatchpatch.DiffInsert:
			p.New = append(p.New, Piece{d.Text, Inserted})
		}
	}
	return p
}
