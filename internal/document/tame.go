package document

import "strings"

// maxMarks is how many marks of emphasis and links one paragraph may have. The
// time that Markdown takes grows with the square of their number, and a real
// paragraph has a few; those beyond are text.
const maxMarks = 500

// marks are the characters that the Markdown parser looks back from.
var marks = [256]bool{'*': true, '_': true, '[': true, ']': true, '!': true, '`': true}

// tame bounds what a hostile text may cost the Markdown parser: marks beyond
// maxMarks in a paragraph are escaped, and quotes nested beyond maxNesting are
// an Invalid fault.
func tame(s string) (string, error) {
	if strings.Count(s, ">") <= maxNesting && countMarks(s) <= maxMarks {
		return s, nil
	}
	var b strings.Builder
	b.Grow(len(s))
	seen := 0
	for line := range strings.Lines(s) {
		if strings.Trim(line, " \t\r\n>") == "" {
			seen = 0
		}
		if quoteDepth(line) > maxNesting {
			return "", tooDeep()
		}
		n := countMarks(line)
		if seen+n <= maxMarks {
			seen += n
			b.WriteString(line)
			continue
		}
		seen = escapeMarks(&b, line, seen)
	}
	return b.String(), nil
}

// escapeMarks writes line with its marks escaped once more than maxMarks were
// seen, and gives how many were seen now.
func escapeMarks(b *strings.Builder, line string, seen int) int {
	escaped := false // by a backslash that is not itself escaped
	for i := range len(line) {
		c := line[i]
		if marks[c] && !escaped {
			if seen++; seen > maxMarks {
				b.WriteByte('\\')
			}
		}
		escaped = c == '\\' && !escaped
		b.WriteByte(c)
	}
	return seen
}

func countMarks(s string) int {
	n := 0
	for i := range len(s) {
		if marks[s[i]] {
			n++
		}
	}
	return n
}

// quoteDepth counts the signs of quoting at the beginning of a line.
func quoteDepth(line string) int {
	n := 0
	for i := range len(line) {
		switch line[i] {
		case '>':
			n++
		case ' ', '\t':
		default:
			return n
		}
	}
	return n
}
