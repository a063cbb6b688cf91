package wording

import (
	_ "embed"
	"encoding/json"
	"slices"
	"sync"
)

//go:embed builtin.json
var builtInText []byte

// builtIn reads the list once; a test holds that it can be read.
var builtIn = sync.OnceValue(func() []Entry {
	var list []struct {
		Code string
		Draft
	}
	if err := json.Unmarshal(builtInText, &list); err != nil {
		panic("wording: the built-in list: " + err.Error())
	}
	entries := make([]Entry, len(list))
	for i, x := range list {
		entries[i] = Entry{Code: x.Code, Draft: x.Draft}
		if err := entries[i].settle(); err != nil {
			panic("wording: the built-in entry " + x.Code + ": " + err.Error())
		}
	}
	return entries
})

// BuiltIn is the list that comes with the program. Staff change and retire its
// entries like their own; theirs then take the place of these.
func BuiltIn() []Entry { return slices.Clone(builtIn()) }
