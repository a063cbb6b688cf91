package bleve

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	variantsTried = 4   // ways of saying a query, the original among them
	synonymWeight = 0.5 // of words that were not asked but mean the same, in articles
)

// synonymList is the groups that were set. It is not changed once made.
type synonymList struct {
	words []synonym // longest first
}

// synonym is a folded word and the others of its group.
type synonym struct {
	word   string
	others []string
}

// SetSynonyms implements search.Engine.
func (e *Engine) SetSynonyms(ctx context.Context, groups [][]string) error {
	if _, release, err := e.use(); err != nil {
		return err
	} else {
		release()
	}
	list := &synonymList{}
	for _, group := range groups {
		var words []string
		for _, w := range group {
			if w = fold(w); utf8.RuneCountInString(w) > 1 && !slices.Contains(words, w) {
				words = append(words, w)
			}
		}
		for i, w := range words {
			if others := slices.Delete(slices.Clone(words), i, i+1); len(others) > 0 {
				list.words = append(list.words, synonym{w, others})
			}
		}
	}
	slices.SortStableFunc(list.words, func(a, b synonym) int { return cmp.Compare(len(b.word), len(a.word)) })
	e.synonyms.Store(list)
	return ctx.Err()
}

// variants gives the question as asked and with words put in the place of
// others that mean the same.
func (l *synonymList) variants(q question) []question {
	out := []question{q}
	done := ""
	for _, s := range l.words {
		if !strings.Contains(q.folded, s.word) || strings.Contains(done, s.word) {
			continue
		}
		done += s.word + "\n" // what a longer word holds is not replaced again
		for _, other := range s.others {
			if len(out) == variantsTried {
				return out
			}
			out = append(out, ask(strings.ReplaceAll(q.folded, s.word, other)))
		}
	}
	return out
}

// together is the first of several questions with what the others add, which
// weighs less.
func together(qs []question, less float32) question {
	all := qs[0]
	all.pairs, all.single = slices.Clone(all.pairs), slices.Clone(all.single)
	for _, q := range qs[1:] {
		all.pairs = addNew(all.pairs, q.pairs, less)
		all.single = addNew(all.single, q.single, less)
	}
	return all
}

func addNew(to, words []weight, factor float32) []weight {
	for _, w := range words {
		if !slices.ContainsFunc(to, func(x weight) bool { return x.text == w.text }) {
			to = append(to, weight{w.text, w.n * factor})
		}
	}
	return to
}

// matchAny gives the documents that match any of the questions, each as it
// matches best.
func (v *view) matchAny(text *lookup, qs []question, visit func(match)) error {
	if len(qs) == 1 {
		return v.match(text, qs[0], visit)
	}
	best := map[uint32]match{}
	for _, q := range qs {
		err := v.match(text, q, func(m match) {
			if old, ok := best[m.n]; !ok || byRelevance(m, old) < 0 {
				best[m.n] = m
			}
		})
		if err != nil {
			return err
		}
	}
	for _, m := range best {
		visit(m)
	}
	return nil
}
