// Package search is the contract between what the program publishes and the
// engine that finds it: what goes into an index, what can be asked, what comes
// back. Engines live in the packages below this folder; package searchtest
// holds the suite that every one of them must pass.
//
// An index holds nothing of its own: it is made from the ledger and can be
// thrown away. It keeps the number of the last entry it has seen (the cursor)
// together with what it made of it.
package search

import (
	"context"
	"time"
)

// Engine is one index. It is safe for concurrent use: any number of readers
// beside one writer. What Apply has put is found by every call that begins
// after Apply has returned.
type Engine interface {
	Writer

	// Search finds documents. An empty text lists the newest first.
	Search(ctx context.Context, q Query) (Result, error)

	// Clauses finds articles (条) that answer a question or hold its words.
	Clauses(ctx context.Context, q ClauseQuery) ([]ClauseHit, error)

	// Suggest completes what somebody is typing, best first, n at most:
	// titles, names of units and tasks, document numbers. A name is also
	// found by the first letters of its pinyin (sfgw finds 市发改委).
	Suggest(ctx context.Context, prefix string, n int) ([]Suggestion, error)

	// SetNames replaces the names that Suggest and “did you mean” know beside
	// titles and numbers. They live in memory: set them again after opening.
	SetNames(ctx context.Context, names []Name) error

	// SetSynonyms replaces the groups of words that mean the same, which find
	// each other: 低保, 最低生活保障. They live in memory like the names.
	SetSynonyms(ctx context.Context, groups [][]string) error

	// Rebuild makes the index anew beside the one in use and then swaps.
	// Readers see the old one until the swap. fill brings the fresh index from
	// its cursor up to date; it is called once while the old one is still
	// written to, and once more with Apply held back, so that nothing is
	// missed. An error leaves the old index in use.
	Rebuild(ctx context.Context, fill func(ctx context.Context, fresh Writer) error) error

	// Close releases the index. Calls after Close return an Unavailable fault.
	Close() error
}

// Writer is the part of an engine that follows the ledger.
type Writer interface {
	// Apply puts and removes documents (by Doc.ID) and saves the cursor with
	// them. Putting a document replaces it with all its articles; removing an
	// unknown one is no error. An engine may write a large call in several
	// steps; the cursor comes with the last of them, so that after a crash the
	// call is made again, which changes nothing that was written already.
	Apply(ctx context.Context, cursor int64, put []Doc, remove []int64) error

	// Cursor is what the last Apply saved, 0 for a fresh index.
	Cursor() (int64, error)
}

// Name is an entity that can be suggested: a unit, a task, a column.
type Name struct {
	Text    string
	Kind    string // unit, task
	URL     string
	Aliases []string // other names it is found by: 市发改委, old names
}

// Suggestion is one completion.
type Suggestion struct {
	Text string `json:"text"`
	Kind string `json:"kind"` // title, unit, number or what Name.Kind says
	URL  string `json:"url"`
}

// What a text may be at most. Longer ones are cut, not refused: nobody types
// them, and what is pasted says in its beginning what it is about.
const (
	MaxQueryRunes = 400    // of a query, after folding
	MaxSize       = 100    // results on a page
	MaxDepth      = 10_000 // results that can be paged through; pages beyond are empty
)

// Kinds of Suggestion that engines make themselves.
const (
	SuggestTitle  = "title"
	SuggestNumber = "number"
)

// Count is one value of a facet and the number of results that have it.
type Count struct {
	Value string `json:"value"`
	Label string `json:"label,omitempty"` // filled for units; otherwise the caller knows the words
	Count int    `json:"count"`
}

// Names of the facets.
const (
	FacetKind     = "kind"
	FacetUnit     = "unit"
	FacetCategory = "category"
	FacetValidity = "validity"
	FacetYear     = "year"
)

// Result is one page of what Search found.
type Result struct {
	Total      int // results after collapsing
	Took       time.Duration
	Facets     map[string][]Count // most frequent first, years newest first
	Items      []Hit
	DidYouMean []string // other words to ask with, where little was found
}
