package document

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold brings text to the form in which it is searched and compared: NFKC
// (half width), lower case, simplified characters, one kind of bracket and of
// quotation mark, no invisible characters, and no white space except a single
// blank between words that are not Chinese. Fold(Fold(s)) == Fold(s).
//
// It is for comparing only, never for showing: 著作权 becomes 着作权.
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	var f folder
	f.out = make([]byte, 0, len(s))
	f.fold(s)
	return string(f.out)
}

// FoldRunes is Fold with the way back: the folded text as runes and, for each
// of them, the byte offset in s of the character it came from. at has one more
// element than runes, len(s), so that runes[i:j] came from s[at[i]:at[j]]
// (with the white space that was dropped behind them).
func FoldRunes(s string) (runes []rune, at []int) {
	f := folder{track: true}
	f.out = make([]byte, 0, len(s))
	f.fold(s)
	runes = []rune(string(f.out))
	return runes, append(f.at, len(s))
}

// isFolded tells whether s is ASCII that folding would leave as it is.
func isFolded(s string) bool {
	blank := true // the character before is white space, or there is none
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == ' ':
			if blank {
				return false
			}
			blank = true
			continue
		case c >= utf8.RuneSelf || c < ' ' || c == 0x7f || 'A' <= c && c <= 'Z' || strings.IndexByte("[]()", c) >= 0:
			return false
		}
		blank = false
	}
	return !blank || s == ""
}

// folder is one run of Fold.
type folder struct {
	out   []byte
	at    []int // source offset of each folded rune, where track is set
	track bool
	last  rune // the folded rune written last, 0 at the beginning
	space int  // offset of white space seen and not yet written, plus one
}

const (
	foldSlow   = 0      // not in the table: more than one rune, or rare
	foldDrop   = 0xFFFF // invisible
	foldSpace  = ' '
	hangulLo   = 0x1100
	vowelJamo  = 0x1160
	hangulHi   = 0x11FF
	markLo     = 0x0300
	markHi     = 0x036F
	kanaMarkLo = 0x3099
	kanaMarkHi = 0x309A
)

func (f *folder) fold(s string) {
	table := foldTable()
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if composes(s[i+n:]) {
			n += composedLen(s[i+n:])
			f.write(slowFold(s[i:i+n]), i)
			i += n
			continue
		}
		if r < 0x10000 {
			if t := table[r]; t != foldSlow {
				f.put(rune(t), i)
				i += n
				continue
			}
		}
		f.write(slowFold(string(r)), i)
		i += n
	}
}

// composes tells whether s begins with a mark that NFKC may join to the
// character before it.
func composes(s string) bool {
	if s == "" || s[0] < 0xCC {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s)
	return joins(r)
}

func joins(r rune) bool {
	switch {
	case markLo <= r && r <= markHi, kanaMarkLo <= r && r <= kanaMarkHi,
		hangulLo <= r && r <= hangulHi, r == 0xFF9E, r == 0xFF9F:
		return true
	case r < 0x0483 || 0x3100 <= r && r < 0xA66F:
		return false
	}
	return unicode.Is(unicode.Mn, r)
}

func composedLen(s string) int {
	n := 0
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		if !joins(r) {
			break
		}
		n += size
	}
	return n
}

func (f *folder) write(s string, at int) {
	for _, r := range s {
		f.put(r, at)
	}
}

// put writes one folded rune, and before it the white space that is due.
func (f *folder) put(r rune, at int) {
	switch r {
	case foldDrop:
		return
	case foldSpace:
		if f.space == 0 {
			f.space = at + 1
		}
		return
	}
	if f.space > 0 {
		if f.last != 0 && !cjk(f.last) && !cjk(r) {
			f.emit(' ', f.space-1)
		}
		f.space = 0
	}
	f.emit(r, at)
	f.last = r
}

func (f *folder) emit(r rune, at int) {
	f.out = utf8.AppendRune(f.out, r)
	if f.track {
		f.at = append(f.at, at)
	}
}

// cjk tells whether white space beside r has no meaning: Chinese characters
// and punctuation, kana, and brackets.
func cjk(r rune) bool {
	return r == '(' || r == ')' || 0x2E80 <= r && r <= 0xA4CF || 0xF900 <= r && r <= 0xFAFF || 0x20000 <= r && r <= 0x3FFFF
}

// foldTable maps each rune of the basic plane to its folded form, foldSlow
// where that is not one rune of the plane. 128 KB, made at first use.
var foldTable = sync.OnceValue(func() *[0x10000]uint16 {
	var t [0x10000]uint16
	simple := simplifier()
	for r := rune(1); r < 0x10000; r++ {
		if r >= 0xAC00 && r <= 0xD7A3 || r >= 0xE000 && r <= 0xF8FF { // Hangul syllables, private use
			t[r] = uint16(r)
			continue
		}
		if folded := []rune(foldOne(string(r), simple)); len(folded) == 1 && folded[0] < foldDrop {
			t[r] = uint16(folded[0])
		} else if len(folded) == 0 {
			t[r] = foldDrop
		}
	}
	return &t
})

// simplifier maps traditional characters to simplified ones, marks to one kind.
var simplifier = sync.OnceValue(func() map[rune]rune {
	m := map[rune]rune{
		'〔': '(', '〕': ')', '[': '(', ']': ')', '【': '(', '】': ')',
		'“': '"', '”': '"', '„': '"', '「': '"', '」': '"', '『': '"', '』': '"', '〝': '"', '〞': '"',
		'‘': '\'', '’': '\'', '–': '-', '—': '-', '−': '-', '‐': '-', '‑': '-', '〈': '<', '〉': '>',
	}
	to := []rune(simplified)
	for i, r := range []rune(traditional) {
		m[r] = to[i]
	}
	return m
})

func slowFold(s string) string {
	return strings.Map(func(r rune) rune {
		if r == foldDrop {
			return -1
		}
		return r
	}, foldOne(s, simplifier()))
}

// foldOne folds one character with its marks, until nothing changes.
func foldOne(s string, simple map[rune]rune) string {
	for range 4 {
		next := strings.Map(func(r rune) rune {
			r = unicode.ToLower(r)
			for range 2 {
				if to, ok := simple[r]; ok {
					r = to
				}
			}
			switch {
			case unicode.IsSpace(r), r < ' ', r == 0x7f:
				return foldSpace
			case unicode.In(r, unicode.Cf, unicode.Cc, unicode.Mn), vowelJamo <= r && r <= hangulHi:
				return -1 // invisible, or a mark that joined nothing
			}
			return r
		}, norm.NFKC.String(s))
		if next == s {
			break
		}
		s = next
	}
	return s
}
