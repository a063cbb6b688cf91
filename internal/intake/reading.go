package intake

import "gongkai/internal/extract"

// reading is a document on its way to a proposal.
type reading struct {
	doc   extract.Document
	known Names
}

func newReading(doc extract.Document, known Names) *reading {
	return &reading{doc: doc, known: known}
}

func (r *reading) propose(name string) Proposal {
	return Proposal{Title: Field[string]{Value: r.doc.Title, Sure: Guess, Where: Where{OutsideText, name}}}
}
