package bleve

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"gongkai/internal/document"
)

// maxWord is the longest word that is told apart from others, in bytes.
const maxWord = 64

// fold brings text to the form it is indexed and searched in, line by line, so
// that the end of one paragraph does not run into the next.
func fold(s string) string {
	if strings.IndexByte(s, '\n') < 0 {
		return document.Fold(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for line := range strings.Lines(s) {
		b.WriteString(document.Fold(line))
		b.WriteByte('\n')
	}
	return b.String()
}

// foldedRunes is fold for single characters: those that fold to something
// else than one character of the basic plane are left as they are. It saves
// folding texts of which only a few characters are counted.
var foldedRunes = sync.OnceValue(func() *[1 << 16]uint16 {
	var t [1 << 16]uint16
	for r := range rune(len(t)) {
		t[r] = uint16(r)
		if f := []rune(document.Fold(string(r))); len(f) == 1 && int(f[0]) < len(t) {
			t[r] = uint16(f[0])
		}
	}
	return &t
})

// grain says which pieces of Chinese text make terms.
type grain uint8

const (
	pairs   grain = 1 << iota // two characters side by side; one that stands alone
	singles                   // each character
)

// script is what a folded rune does to the text around it.
type script uint8

const (
	gap     script = iota // between words
	letter                // of a word: Latin, Greek, digits
	chinese               // a word by itself
)

func scriptOf(r rune) script {
	switch {
	case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
		return letter
	case r < utf8.RuneSelf:
		return gap
	case 0x3400 <= r && r <= 0x9FFF, r == 0x3007, 0x20000 <= r && r <= 0x3FFFF, 0x3040 <= r && r <= 0x30FF, 0xAC00 <= r && r <= 0xD7A3, 0xF900 <= r && r <= 0xFAFF:
		return chinese
	case unicode.IsLetter(r), unicode.IsDigit(r):
		return letter
	}
	return gap
}

// eachTerm calls yield with the place of every term of folded text:
// text[from:to]. Words of letters and digits are terms in both grains.
func eachTerm(text string, g grain, yield func(from, to int)) {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch scriptOf(r) {
		case gap:
			i += n
		case letter:
			end := runEnd(text, i+n, letter)
			yield(i, min(end, i+maxWord))
			i = end
		case chinese:
			i = chineseTerms(text, i, n, g, yield)
		}
	}
}

// chineseTerms yields the terms of the run of Chinese that begins at text[i:]
// with a rune of n bytes, and returns its end.
func chineseTerms(text string, i, n int, g grain, yield func(from, to int)) int {
	start := i
	for {
		if g&singles != 0 {
			yield(i, i+n)
		}
		next := i + n
		r, m := utf8.DecodeRuneInString(text[next:])
		if m == 0 || scriptOf(r) != chinese {
			if i == start && g&singles == 0 {
				yield(i, next)
			}
			return next
		}
		if g&pairs != 0 {
			yield(i, next+m)
		}
		i, n = next, m
	}
}

// runEnd is the end of the run of one script that goes on at text[i:].
func runEnd(text string, i int, s script) int {
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if scriptOf(r) != s {
			break
		}
		i += n
	}
	return i
}
