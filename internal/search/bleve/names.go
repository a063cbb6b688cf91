package bleve

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"

	"gongkai/internal/document"
	"gongkai/internal/search"
)

// nameList is the names that were set, ready for completion. It is not changed
// once made.
type nameList struct {
	names []knownName
}

// knownName is one name with all that it is found by.
type knownName struct {
	search.Name
	folded   []string // text, then aliases
	initials []string // first letters of the pinyin of each, where it is Chinese
}

// SetNames implements search.Engine.
func (e *Engine) SetNames(ctx context.Context, names []search.Name) error {
	if _, release, err := e.use(); err != nil {
		return err
	} else {
		release()
	}
	list := &nameList{names: make([]knownName, 0, len(names))}
	for _, n := range names {
		k := knownName{Name: n}
		for _, text := range append([]string{n.Text}, n.Aliases...) {
			folded := document.Fold(text)
			if folded == "" {
				continue
			}
			k.folded = append(k.folded, folded)
			if short := initials(folded); utf8.RuneCountInString(short) > 1 {
				k.initials = append(k.initials, short)
			}
		}
		if len(k.folded) > 0 {
			list.names = append(list.names, k)
		}
	}
	e.names.Store(list)
	return ctx.Err()
}

// initials gives the first letters of the pinyin of folded text; other letters
// and digits stand for themselves.
func initials(folded string) string {
	args := pinyin.NewArgs()
	args.Style = pinyin.FirstLetter
	var b strings.Builder
	for _, r := range folded {
		switch scriptOf(r) {
		case letter:
			b.WriteRune(r)
		case chinese:
			if p := pinyin.SinglePinyin(r, args); len(p) > 0 {
				b.WriteString(p[0])
			}
		}
	}
	return b.String()
}

// How well a name fits what is typed; smaller is better.
const (
	fitExact = iota
	fitPrefix
	fitInitials
	fitInside
	fitInsideInitials
	fitNot
)

// fit tells how well a name fits folded text.
func (k *knownName) fit(folded string) int {
	best := fitNot
	for _, t := range k.folded {
		switch {
		case t == folded:
			return fitExact
		case strings.HasPrefix(t, folded):
			best = min(best, fitPrefix)
		case strings.Contains(t, folded):
			best = min(best, fitInside)
		}
	}
	for _, t := range k.initials {
		switch {
		case strings.HasPrefix(t, folded):
			best = min(best, fitInitials)
		case len(folded) > 1 && strings.Contains(t, folded):
			best = min(best, fitInsideInitials)
		}
	}
	return best
}
