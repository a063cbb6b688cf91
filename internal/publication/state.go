package publication

import "time"

// State is where a record stands with the public.
type State string

// States of a record. What is withdrawn, replaced or moved is a stone: title,
// reason and day, without text and files. Nobody outside learns of a pending
// record.
const (
	Published State = "published"
	Archived  State = "archived" // readable and marked as such; not among the newest, below others in search
	Withdrawn State = "withdrawn"
	Replaced  State = "replaced" // another record says it now
	Moved     State = "moved"    // it stands elsewhere
	Pending   State = "pending"  // its day has not come
)

// stateRule is what the program knows of a state.
type stateRule struct {
	state    State
	label    string
	readable bool
	act      string  // ledger entry of entering it by an act of a person
	from     []State // from which a person can bring it there
	already  string  // what to say to somebody who tries from elsewhere
}

var stateRules = []stateRule{
	{Published, "已公开", true, ActPublished, []State{Archived, Withdrawn, Replaced, Moved}, "这份信息没有撤下或归档，不用恢复。"},
	{Archived, "已归档", true, ActArchived, []State{Published}, "只有公开着的信息能归档。"},
	{Withdrawn, "已撤下", false, ActWithdrawn, []State{Published, Archived}, "这份信息已经撤下了。"},
	{Replaced, "已被代替", false, ActReplaced, []State{Published, Archived, Withdrawn}, "这份信息已经不在原处公开，不能再指定代替它的信息。"},
	{Moved, "已移至别处", false, ActMoved, []State{Published, Archived, Withdrawn}, "这份信息已经不在原处公开，不能再指定新的地址。"},
	{Pending, "待公布", false, ActScheduled, nil, "这份信息还没有公开；要改公布的时间，请换一个时间再交一次。"},
}

func (s State) rule() stateRule {
	for _, r := range stateRules {
		if r.state == s {
			return r
		}
	}
	return stateRule{}
}

// Label is the state in words, "" for an unknown one.
func (s State) Label() string { return s.rule().label }

// Readable tells whether the public may read the text and the files.
func (s State) Readable() bool { return s.rule().readable }

// Stone tells whether only title, reason and day are left.
func (s State) Stone() bool { return s == Withdrawn || s == Replaced || s == Moved }

// coarse is the column state, which lists and their indexes go by.
func (s State) coarse() string {
	if s.Readable() {
		return "published"
	}
	return "withdrawn"
}

// Stone is what stays of a record that is withdrawn, replaced or moved.
type Stone struct {
	Reason    Reason // of a withdrawn one, else ""
	Note      string // for the public
	At        time.Time
	Successor int64  // the record that replaced it; 0 for none
	By        *Brief // the same; read by Get, nil while it cannot be read itself
	Address   string // where it moved to
}
