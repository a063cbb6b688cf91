package publication

import (
	"html"
	"regexp"
	"slices"
)

// ownForm finds what names a stored file in the markup that package document
// writes.
var ownForm = regexp.MustCompile(`(src|href)="(files/[0-9a-f]{64}(?:\.[a-z0-9]{1,8})?)"`)

// AddressFiles lets the markup of a body lead to files of its own record.
// Pictures and links in a body name an attachment by the path under which it is
// stored (files/HASH.png), so that the text is the same wherever it is read; at
// gives the address that readers of this page have for the attachment with an
// index. What names no attachment stays as it is.
func AddressFiles(markup string, list []Attachment, at func(i int) string) string {
	return ownForm.ReplaceAllStringFunc(markup, func(found string) string {
		m := ownForm.FindStringSubmatch(found)
		i := slices.IndexFunc(list, func(a Attachment) bool { return a.Path == m[2] })
		if i < 0 {
			return found
		}
		return m[1] + `="` + html.EscapeString(at(i)) + `"`
	})
}
