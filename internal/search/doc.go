package search

import (
	"time"

	"gongkai/internal/civil"
)

// Doc is a published document as an index sees it: its newest public version.
type Doc struct {
	ID          int64  // of the publication
	SourceID    string // stable name from where it came
	Kind        string // code of the kind: policy, notice
	Title       string
	Number      string // document number as printed: 永政发〔2021〕9号
	Unit        string // name of the issuing organ as of the document's date
	UnitID      int64
	UnitNames   []string // other names that organ is known by: aliases, old and new names
	Category    string
	Statutory   string     // 20-1 … 20-15
	Validity    Validity   // state on the day of indexing
	IssuedOn    civil.Date // 成文日期
	EffectiveOn civil.Date // 施行日期
	PublishedAt time.Time  // when the public could first read it
	Keywords    []string   // 主题词
	Body        string     // plain text that stands in none of the Articles; all of it where there are none
	Edition     string     // the same for all editions of one document; empty where it has only one
	URL         string     // address of its page
	Sites       []string   // where it appears
	Articles    []Article  // 条, in their order
}

// Article is one clause of a document.
type Article struct {
	Label  string // as printed: 第一百二十条之一
	Anchor string // of the page: Doc.URL + "#" + Anchor
	Path   string // headings above it, outermost first, separated by " / "
	Text   string // plain text without the label
}

// Validity is the state of a document or article in the law (有效 废止 …).
// The empty value says that the kind has none.
type Validity string

// States of validity.
const (
	InForce  Validity = "in_force"
	Amended  Validity = "amended"
	NotYet   Validity = "not_yet"
	Expired  Validity = "expired"
	Repealed Validity = "repealed"
	Archived Validity = "archived" // kept for the record's sake, whatever it was
)

// Over tells whether the state means that the document binds nobody any more,
// or matters to few. Such documents stand below the others in results.
func (v Validity) Over() bool { return v == Expired || v == Repealed || v == Archived }
