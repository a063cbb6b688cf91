package law

// Confirmation tells how well an entry has been compared with its source.
// The zero value is Unconfirmed, so that nothing passes as certain by
// omission.
type Confirmation uint8

const (
	Unconfirmed  Confirmation = iota // the text has not been seen
	Inferred                         // follows from other texts, not written itself
	Convention                       // no text says so; a choice of this program
	SingleSource                     // one copy of the text was read
	Confirmed                        // the full text, or two independent copies
)

var confirmations = [...]string{"未确认", "推定", "约定", "单一来源", "已核对"}

// String is the tag shown beside an entry.
func (c Confirmation) String() string { return confirmations[c] }

// MarshalText writes String.
func (c Confirmation) MarshalText() ([]byte, error) { return []byte(c.String()), nil }
