package main

import (
	"encoding/json"
	"io"
)

// output is where a verb writes: results to Stdout, messages to Stderr.
type output struct {
	Stdout, Stderr io.Writer
	JSON           bool
}

// Print writes a result: v as one JSON document where --json was given, else
// what text writes.
func (o *output) Print(v any, text func(w io.Writer)) error {
	if !o.JSON {
		text(o.Stdout)
		return nil
	}
	enc := json.NewEncoder(o.Stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
