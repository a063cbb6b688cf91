package wording

// Checker applies the list of expressions and the rules of form to texts. It
// does not change once made and may be shared.
type Checker struct {
	entries []Entry
	former  []Former
}

// NewChecker makes a checker of entries and names; names may be nil.
func NewChecker(entries []Entry, names Names) *Checker {
	c := &Checker{entries: entries}
	if names != nil {
		c.former = names.Former()
	}
	return c
}

// Check lists the hits in the pieces of one document, in the order of pieces
// and places.
func (c *Checker) Check(about About, pieces ...Piece) []Hit { return nil }

// BuiltIn is the list that comes with the program, by code.
func BuiltIn() []Entry { return nil }
