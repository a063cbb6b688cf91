// Package privacy is the eyes and hands of the privacy gate: it finds personal
// data and hidden content in text and files, masks or removes what a person
// decides to mask or remove, and proves that nothing lies beneath.
//
// It decides nothing: every finding is confirmed or cleared by somebody, and
// the caller keeps that decision by Finding.Key. Nothing is stored, nothing is
// logged, nothing leaves the machine (but for Clamd, to the address given).
// Input is not trusted: sizes, counts and nesting are limited, and every error
// that a file can cause is a fault. All functions may be called from many
// goroutines at once.
package privacy

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"gongkai/internal/civil"
)

// Finding is one place where something should perhaps not be published.
//
// Start and End count runes of the place's text: of ScanText's and ScanHTML's
// argument (for HTML its visible text), of the cell or paragraph of a file.
// Both are 0 for what has no text, such as a hidden sheet. Match is the thing
// itself: it is never marshalled and must never be logged. Excerpt and Masked
// are safe to show in lists.
type Finding struct {
	Kind    Kind   `json:"kind"`
	Place   string `json:"place"` // 正文, 字段：联系人, 附件2《名单.xlsx》 工作表“Sheet1” B7
	Start   int    `json:"start"`
	End     int    `json:"end"`
	Excerpt string `json:"excerpt"`
	Match   string `json:"-"`
	Masked  string `json:"masked"` // what MaskText and MaskFile put in its place; "" where it is removed
	Key     string `json:"key"`    // stable over edits elsewhere, so that a decision carries to the next revision
}

// Options say what is known about what is scanned. They only take findings
// away: what is found with any options is found with none. The zero value is
// ready for use.
type Options struct {
	// Place stands before the places of a file's findings: 附件2《名单.xlsx》.
	// Empty means the file's name in brackets.
	Place string
	// Today is the day on which ages are reckoned. Zero is the cautious
	// choice: every birth from 2000 on may be a minor's.
	Today civil.Date
	// Public are telephone numbers, addresses and mailboxes that the organ
	// itself publishes; written in any width and spacing they are no findings.
	Public []string
	// Limits bound what a file may cost.
	Limits Limits
}

// FileReport is what a file shows.
type FileReport struct {
	MediaType MediaType
	Findings  []Finding
	Warnings  []string // what could not be looked at, and why
}

// Limits bound files. A zero field takes the default.
type Limits struct {
	Bytes    int64 // of the file as handed in; 100 MB
	Unpacked int64 // of everything an archive holds, nested ones included; 512 MB
	Entries  int   // files in an archive, nested ones included; 5,000
	Ratio    int64 // unpacked to packed, of entries over 1 MB; 200
	Nesting  int   // archives within archives; 3
	Pages    int   // of a PDF; 2,000
}

func (l Limits) withDefaults() Limits {
	def := func(v *int64, d int64) {
		if *v <= 0 {
			*v = d
		}
	}
	defInt := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	def(&l.Bytes, 100<<20)
	def(&l.Unpacked, 512<<20)
	def(&l.Ratio, 200)
	defInt(&l.Entries, 5000)
	defInt(&l.Nesting, 3)
	defInt(&l.Pages, 2000)
	return l
}

// keyOf makes the key of a finding. home is the kind of place: the place of a
// text, the bare name of a file, so that moving a thing within its home or
// renumbering attachments changes no key. A key can be turned back into a
// short number by trying; it belongs where the draft is and nowhere public.
func keyOf(kind Kind, match, home string) string {
	if kind == Marked {
		home = "" // what a person marks is masked wherever it stands
	}
	h := sha256.Sum256([]byte(string(kind) + "\x00" + normal(match) + "\x00" + home))
	return hex.EncodeToString(h[:12])
}

// normal is a match without what writing it differently changes: width,
// spaces, hyphens and case.
func normal(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if r = foldRune(r); !isSpacer(r) {
			b.WriteRune(r)
		}
	}
	return strings.ToUpper(b.String())
}

// foldRune gives the narrow form of a full-width character and one form of
// each separator; it never changes how many runes there are.
func foldRune(r rune) rune {
	switch {
	case 0xFF01 <= r && r <= 0xFF5E:
		return r - 0xFEE0
	case r == '\u3000' || r == '\u00a0' || r == '\u2003' || r == '\u2002' || r == '\u2009' || r == '\u200b' || r == '\ufeff':
		return ' '
	case 0x2010 <= r && r <= 0x2015 || r == '\u2212':
		return '-'
	}
	return r
}

// isSpacer tells whether a folded rune may stand between the digits of one
// number. A soft break is where a cell or a line of a page goes on below.
func isSpacer(r rune) bool { return r == ' ' || r == '-' || r == softBreak || r == '\u00ad' }

// softBreak divides lines that may be one thing; \n and \t divide for good.
const softBreak = '\v'
