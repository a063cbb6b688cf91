// Package intake reads an official document for the editor who is about to
// publish it: title, number, issuer, date, kind, validity, attachments and a
// clean body, each with the words it was read from and how sure that is.
//
// It is pure: no clock, no files, no state, and the same answer for the same
// document. It proposes and never decides; what it does not find stays empty.
package intake

import (
	"gongkai/internal/civil"
	"gongkai/internal/document"
	"gongkai/internal/extract"
)

// Sure is how well a proposal is founded. The zero value is nothing found.
type Sure uint8

// From nothing to certain: Guess should be looked at, Likely confirmed at a
// glance, Certain was printed in the place where the form of official
// documents (GB/T 9704) puts it.
const (
	Nothing Sure = iota
	Guess
	Likely
	Certain
)

// String is the stable name of s, as programs see it.
func (s Sure) String() string {
	return [...]string{"nothing", "guess", "likely", "certain"}[min(s, Certain)]
}

// Label is s in words for the form.
func (s Sure) Label() string {
	return [...]string{"没有找到", "请核对", "很可能", "确定"}[min(s, Certain)]
}

// Where is the place that something was read from.
type Where struct {
	Block int    // index into Document.Blocks; OutsideText where it was not in the text
	Quote string // the words as printed
}

// OutsideText marks what was read from the file's name or its properties.
const OutsideText = -1

// Field is a proposed value. Its zero value is nothing found.
type Field[T any] struct {
	Value T
	Sure  Sure
	Where Where
}

// Found tells whether there is a proposal at all.
func (f Field[T]) Found() bool { return f.Sure > Nothing }

// Attachment is a line of the list of attachments (附件：1.…) or the head of one
// that follows in the same file.
type Attachment struct {
	No   int    // from 1; 0 where it is the only one and has no number
	Name string // without quotation marks; may be empty
}

// Proposal is what a document seems to be. Fields that were not found are
// zero, lists are in the order of the document.
type Proposal struct {
	Title       Field[string]
	Number      Field[document.Number]
	Issuer      Field[string] // as printed; of several the one that leads
	Joint       []Field[string]
	IssuedOn    Field[civil.Date] // 成文日期, never the day of printing 印发
	Signers     []Field[string]   // 签发人, of orders the one who signs
	Addressee   Field[string]     // 主送机关 as printed, without the colon
	Kind        Field[string]     // code of a publication kind: policy, notice, plan…
	EffectiveOn Field[civil.Date]
	ExpiresOn   Field[civil.Date] // last day on which it is in force
	Abolishes   []Field[document.Number]
	Category    Field[string] // hint of a subject
	Keywords    []string
	Attachments []Field[Attachment]
	Body        string   // HTML of h2–h6, p, table and plain inline markup, without red head, number and title
	Warnings    []string // what the editor should look at, in Chinese
}

// Names is what the caller knows of organs' names. nil knows none.
type Names interface {
	// Organ tells whether name is the name, or a usual short one, of an organ.
	Organ(name string) bool
}

// Recognise reads the facts of a document. name is the file's name, used only
// where the text says nothing. It may be called from many goroutines.
func Recognise(name string, doc extract.Document, known Names) Proposal {
	r := newReading(doc, known)
	return r.propose(name)
}
