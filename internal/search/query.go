package search

import (
	"time"

	"gongkai/internal/civil"
)

// Sort is the order of results.
type Sort string

// Orders of results. Without a text ByRelevance is Newest.
const (
	ByRelevance Sort = ""
	Newest      Sort = "newest" // by date of issue, or of publishing where it has none
	Oldest      Sort = "oldest"
)

// Query asks for documents. Within one list any value will do; the lists, the
// text and the dates must all agree. The zero value lists the newest.
type Query struct {
	Text       string // any input; see MaxQueryRunes
	Kinds      []string
	Units      []int64
	Categories []string
	Validities []Validity
	Statutory  []string
	Site       string     // empty: all sites
	From, To   civil.Date // of issue, or of publishing where it has none; both days belong to it
	Page       int        // from 1; 0 is 1
	Size       int        // 0 is 20; at most MaxSize
	Sort       Sort
	Collapse   bool // show only the best of the editions of one document
}

// Hit is one document that was found.
type Hit struct {
	ID          int64
	SourceID    string
	Kind        string
	Title       string
	URL         string
	Unit        string
	Number      string
	IssuedOn    civil.Date
	PublishedAt time.Time
	Validity    Validity
	Highlights  []string // HTML: text escaped, what was found in <mark>
	Score       float64  // comparable within one result only
	Editions    int      // others of the same document that Collapse hid
}

// ClauseQuery asks for articles, with a question in everyday words or with
// words of the law.
type ClauseQuery struct {
	Text string
	Size int    // 0 is 20; at most MaxSize
	Site string // empty: all sites
}

// ClauseHit is one article that was found.
type ClauseHit struct {
	Publication int64
	SourceID    string
	Title       string // of the document
	Clause      string // the label as printed
	Path        string // headings above it
	Text        string
	Highlight   string // HTML: the passage that fits best, what was found in <mark>
	URL         string // of the document, with the article's anchor
	Anchor      string
	Validity    Validity
	Score       float64 // comparable within one result only
}
