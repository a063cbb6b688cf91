package bleve

import (
	"strings"

	blevedoc "github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"
)

// Fields of the index. A document is one head and one piece per article, all
// written in one batch, so that they always lie in one segment. No text is
// indexed twice: what the whole document says is what its pieces say.
const (
	fieldID   = "_id"
	fieldText = "a" // pairs: of an article with its headings; of a head, all that stands in no article
	fieldBody = "x" // stored only: the text of the piece

	// of heads
	fieldKey    = "k" // identity and hash of the card: see cardKey
	fieldCard   = "c" // stored only: the card
	fieldTitle  = "t" // pairs and singles of the title
	fieldNumber = "n" // keys of the document number: see numberTerms

	// of articles
	fieldOwner = "p" // identity of the document
	fieldLabel = "l" // stored only: label, anchor and headings
)

// piece is one entry of the index, in the form Bleve takes it. It is analysed
// by the index's own workers.
type piece struct {
	id     string
	fields []index.Field
	size   int
}

func newPiece(id string) *piece { return &piece{id: id} }

// store keeps text for showing.
func (p *piece) store(name, text string) {
	p.size += len(text)
	p.fields = append(p.fields, &field{name: name, value: []byte(text), options: index.StoreField})
}

// terms makes the piece findable by exact terms.
func (p *piece) terms(name string, terms ...string) {
	if len(terms) > 0 {
		p.fields = append(p.fields, &field{name: name, terms: terms, options: index.IndexField | index.SkipFreqNorm})
	}
}

// text makes the piece findable by the words of folded text.
func (p *piece) text(name, folded string, g grain) {
	p.size += 2 * len(folded)
	p.fields = append(p.fields, &field{name: name, folded: folded, grain: g, options: index.IndexField})
}

func (p *piece) ID() string                { return p.id }
func (p *piece) Size() int                 { return p.size }
func (p *piece) NumPlainTextBytes() uint64 { return uint64(p.size) }
func (p *piece) StoredFieldsBytes() uint64 { return uint64(p.size) }
func (p *piece) HasComposite() bool        { return false }
func (p *piece) Indexed() bool             { return true }

func (p *piece) VisitComposite(index.CompositeFieldVisitor) {}

func (p *piece) VisitFields(visit index.FieldVisitor) {
	for _, f := range p.fields {
		visit(f)
	}
}

// AddIDField is called by the index before it analyses the piece.
func (p *piece) AddIDField() {
	p.fields = append(p.fields, blevedoc.NewTextFieldCustom(fieldID, nil, []byte(p.id), index.IndexField|index.StoreField, nil))
}

// field is one field of a piece: exact terms, or folded text that becomes
// terms when it is analysed.
type field struct {
	name    string
	value   []byte
	terms   []string
	folded  string
	grain   grain
	options index.FieldIndexingOptions
	freqs   index.TokenFrequencies
	length  int
}

func (f *field) Name() string                                     { return f.name }
func (f *field) Value() []byte                                    { return f.value }
func (f *field) ArrayPositions() []uint64                         { return nil }
func (f *field) EncodedFieldType() byte                           { return 't' }
func (f *field) Options() index.FieldIndexingOptions              { return f.options }
func (f *field) AnalyzedLength() int                              { return f.length }
func (f *field) AnalyzedTokenFrequencies() index.TokenFrequencies { return f.freqs }
func (f *field) NumPlainTextBytes() uint64                        { return uint64(len(f.value)) }

// Analyze counts the terms.
func (f *field) Analyze() {
	f.freqs = make(index.TokenFrequencies, max(len(f.terms), min(len(f.folded)/4, 4096)))
	for _, t := range f.terms {
		f.add(t, []byte(t))
	}
	if f.folded == "" {
		return
	}
	text, bytes := f.folded, []byte(f.folded)
	eachTerm(text, f.grain, func(from, to int) { f.add(text[from:to], bytes[from:to]) })
}

func (f *field) add(term string, bytes []byte) {
	f.length++
	t := f.freqs[term]
	if t == nil {
		t = &index.TokenFreq{Term: bytes}
		f.freqs[term] = t
	}
	if !f.options.SkipFreqNorm() {
		t.SetFrequency(t.Frequency() + 1)
	}
}

// joinLines joins the parts that are not empty, one on each line.
func joinLines(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		if p == "" {
			continue
		}
		b.WriteString(p)
		b.WriteByte('\n')
	}
	return b.String()
}
