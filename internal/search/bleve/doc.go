// Package bleve is the embedded search engine: search.Engine in a folder of
// the data directory.
//
// Bleve's index (scorch) keeps terms, postings and stored text, crash-safe and
// mapped into memory; what is found and in which order is decided here. Terms
// are pairs of neighbouring characters, so that no dictionary of words is
// needed. Documents are indexed twice: whole (the head) and by article.
//
// The folder holds one folder for each generation of the index and a file
// CURRENT that names the one in use; a rebuild makes the next generation beside
// it. See docs/decisions/0003-search.md for what was measured.
package bleve
