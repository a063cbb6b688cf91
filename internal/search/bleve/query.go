package bleve

import (
	"slices"
	"strings"

	"gongkai/internal/search"
)

// question is a query text made ready.
type question struct {
	folded string   // all of it that counts, without white space at its ends
	pairs  []weight // distinct terms of grain pairs, in their order
	single []weight // distinct Chinese characters
	number struct{ whole, bare []string }
}

// weight is a term of a question and how often it stands in it.
type weight struct {
	text string
	n    float32
}

// ask makes a query text ready. It is total: whatever comes in, something
// bounded comes out; text without any word gives no terms.
func ask(text string) question {
	var q question
	text = clipRunes(strings.TrimSpace(strings.ToValidUTF8(text, " ")), 4*search.MaxQueryRunes)
	q.number.whole, q.number.bare = numbersAsked(text)
	// White space that somebody typed divides words.
	words := strings.Fields(text)
	for i, w := range words {
		words[i] = fold(w)
	}
	folded := clipRunes(strings.TrimSpace(strings.Join(words, "\n")), search.MaxQueryRunes)
	q.folded = strings.ReplaceAll(folded, "\n", " ")
	q.pairs = count(folded, pairs)
	q.single = slices.DeleteFunc(count(folded, singles), func(w weight) bool {
		return scriptOf(firstRune(w.text)) != chinese
	})
	return q
}

// empty tells whether the question has no words.
func (q question) empty() bool { return len(q.pairs) == 0 }

// count gives the distinct terms of folded text in the order of their coming.
func count(folded string, g grain) []weight {
	var out []weight
	seen := map[string]int{}
	eachTerm(folded, g, func(from, to int) {
		t := folded[from:to]
		if i, ok := seen[t]; ok {
			out[i].n++
			return
		}
		seen[t] = len(out)
		out = append(out, weight{t, 1})
	})
	return out
}

// clipRunes is the first n runes of s.
func clipRunes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}
