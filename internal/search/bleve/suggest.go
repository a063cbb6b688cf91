package bleve

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"gongkai/internal/document"
	"gongkai/internal/fault"
	"gongkai/internal/search"
)

const (
	maxPrefix       = 40   // runes of what is typed that count
	titlesTried     = 2000 // that have the words
	numbersTried    = 200
	defaultSuggests = 10
)

// completion is a suggestion with its place in the order.
type completion struct {
	search.Suggestion
	fit    int
	length int
	card   *card // of titles and numbers
}

// Suggest implements search.Engine.
func (e *Engine) Suggest(ctx context.Context, prefix string, n int) (out []search.Suggestion, err error) {
	defer fault.Wrap(&err, "bleve.Suggest(%q)", clipRunes(prefix, 100))
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	v, release, err := e.read()
	if err != nil {
		return nil, err
	}
	defer release()
	folded := strings.TrimSpace(document.Fold(clipRunes(strings.ToValidUTF8(prefix, ""), maxPrefix)))
	if folded == "" {
		return nil, nil
	}
	list := e.names.Load().complete(folded)
	titles, err := v.completeTitles(folded)
	if err != nil {
		return nil, err
	}
	numbers, err := v.completeNumbers(folded)
	if err != nil {
		return nil, err
	}
	list = append(append(list, titles...), numbers...)
	slices.SortStableFunc(list, byFit)
	if n <= 0 {
		n = defaultSuggests
	}
	seen := map[string]bool{}
	for _, c := range list {
		if len(out) == n {
			break
		}
		if !seen[c.Text] {
			seen[c.Text] = true
			out = append(out, c.Suggestion)
		}
	}
	return out, nil
}

func byFit(a, b completion) int {
	return cmp.Or(
		cmp.Compare(a.fit, b.fit),
		compareBool(a.card != nil && a.card.validity.Over(), b.card != nil && b.card.validity.Over()),
		cmp.Compare(a.length, b.length),
		strings.Compare(a.Text, b.Text),
	)
}

// complete finds names that fit.
func (l *nameList) complete(folded string) []completion {
	var out []completion
	for i := range l.names {
		k := &l.names[i]
		if fit := k.fit(folded); fit < fitNot {
			out = append(out, completion{
				Suggestion: search.Suggestion{Text: k.Text, Kind: k.Kind, URL: k.URL},
				fit:        fit, length: utf8.RuneCountInString(k.Text),
			})
		}
	}
	return out
}

// completeTitles finds titles that contain what is typed.
func (v *view) completeTitles(folded string) ([]completion, error) {
	l, err := v.lookup(fieldTitle)
	if err != nil {
		return nil, err
	}
	words, err := l.findAll(count(folded, pairs))
	if err != nil || len(words) == 0 {
		return nil, err
	}
	// The rarest pair leads to the titles; the rest is compared there.
	var out []completion
	tried := 0
	err = l.each(words[0].term, bare, func(p posting) {
		if tried++; tried > titlesTried {
			return
		}
		c := v.segments[p.seg].owner[p.n]
		fit := titleFit(document.Fold(c.title), folded)
		if fit == fitNot {
			return
		}
		out = append(out, completion{
			Suggestion: search.Suggestion{Text: c.title, Kind: search.SuggestTitle, URL: c.url},
			fit:        fit, length: len(c.title), card: c,
		})
	})
	return out, err
}

// titleFit tells how well a folded title fits; the name of the state before
// it does not count.
func titleFit(title, folded string) int {
	short := strings.TrimPrefix(title, "中华人民共和国")
	switch {
	case title == folded || short == folded:
		return fitExact
	case strings.HasPrefix(title, folded) || strings.HasPrefix(short, folded):
		return fitPrefix
	case strings.Contains(title, folded):
		return fitInside
	}
	return fitNot
}

// completeNumbers finds document numbers that begin with what is typed.
func (v *view) completeNumbers(folded string) ([]completion, error) {
	l, err := v.lookup(fieldNumber)
	if err != nil {
		return nil, err
	}
	var terms []string
	err = l.prefixed(numberPrefix(folded), func(_ int, text string) bool {
		terms = append(terms, text)
		return len(terms) < numbersTried
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(terms)
	var out []completion
	for _, text := range slices.Compact(terms) {
		t, err := l.find(text)
		if err != nil {
			return nil, err
		}
		err = l.each(t, bare, func(p posting) {
			c := v.segments[p.seg].owner[p.n]
			out = append(out, completion{
				Suggestion: search.Suggestion{Text: c.number, Kind: search.SuggestNumber, URL: c.url},
				fit:        fitPrefix, length: utf8.RuneCountInString(c.number), card: c,
			})
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// numberPrefix brings the beginning of a number to the form of its key, which
// is issuer(year)number.
func numberPrefix(folded string) string {
	p := strings.TrimSuffix(folded, "号")
	for _, old := range []string{"年第", "第"} {
		p = strings.Replace(p, old, ")", 1)
	}
	if i := strings.IndexAny(p, "0123456789"); i > 0 && p[i-1] != '(' && !strings.Contains(p, "(") {
		p = p[:i] + "(" + p[i:]
	}
	return p
}
