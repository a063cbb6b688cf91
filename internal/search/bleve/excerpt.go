package bleve

import (
	"html"
	"strings"
	"unicode/utf8"

	"gongkai/internal/document"
)

const (
	excerptRunes = 110
	excerptLead  = 24 // how far back a sentence may begin
)

// spot is where a term stands in folded text, in runes.
type spot struct {
	from, to int
	text     string
	weight   float32
}

// excerpt cuts the passage of text that has most of the words and marks them.
// The result is HTML: text escaped, words in <mark>. hit is false where no word
// was found; then it is the beginning of the text.
func excerpt(text string, words map[string]float32) (out string, hit bool) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", false
	}
	runes, at := document.FoldRunes(text)
	spots := findWords(string(runes), words)
	from := sentenceStart(runes, heaviest(spots))
	to := min(len(runes), from+excerptRunes)
	var b strings.Builder
	if from > 0 {
		b.WriteString("…")
	}
	write := func(i, j int) {
		b.WriteString(html.EscapeString(oneLine.Replace(text[at[i]:at[j]])))
	}
	done := from
	for _, m := range marks(spots, from, to) {
		write(done, m.from)
		b.WriteString("<mark>")
		write(m.from, m.to)
		b.WriteString("</mark>")
		done = m.to
	}
	write(done, to)
	if to < len(runes) {
		b.WriteString("…")
	}
	return b.String(), len(spots) > 0
}

// oneLine writes paragraphs side by side.
var oneLine = strings.NewReplacer("\r\n", " ", "\n", " ", "\t", " ")

// marks joins the spots between from and to that touch each other.
func marks(spots []spot, from, to int) []spot {
	var out []spot
	for _, s := range spots {
		if s.from < from || s.to > to {
			continue
		}
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// findWords finds the words in folded text, in order.
func findWords(folded string, words map[string]float32) []spot {
	var out []spot
	g := pairs
	for w := range words {
		if utf8.RuneCountInString(w) == 1 {
			g |= singles
			break
		}
	}
	bytes, runes := 0, 0 // the same place, counted both ways
	eachTerm(folded, g, func(from, to int) {
		weight, ok := words[folded[from:to]]
		if !ok {
			return
		}
		runes += utf8.RuneCountInString(folded[bytes:from])
		bytes = from
		out = append(out, spot{runes, runes + utf8.RuneCountInString(folded[from:to]), folded[from:to], weight})
	})
	return out
}

// heaviest is where the passage begins whose distinct words weigh most.
func heaviest(spots []spot) int {
	best, start := float32(0), 0
	sum, in := float32(0), map[string]int{}
	first := 0
	for _, s := range spots {
		if in[s.text]++; in[s.text] == 1 {
			sum += s.weight
		}
		for s.to-spots[first].from > excerptRunes-excerptLead {
			out := spots[first]
			if in[out.text]--; in[out.text] == 0 {
				sum -= out.weight
			}
			first++
		}
		if sum > best+1e-6 {
			best, start = sum, spots[first].from
		}
	}
	return start
}

// sentenceStart moves back to the beginning of the sentence where it is near,
// else a little, so that what was found does not stand at the very edge.
func sentenceStart(runes []rune, at int) int {
	for i := at; i > 0 && i > at-excerptLead; i-- {
		if strings.ContainsRune("。;!?", runes[i-1]) {
			return i
		}
	}
	if at < excerptLead {
		return 0
	}
	return at - excerptLead/3
}
