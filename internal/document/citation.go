package document

import (
	"html"
	"regexp"
	"strings"
)

// Citation is a place in a text that names another document: 《…》, with its
// number and one article where they are given.
type Citation struct {
	Title   string // between the outer brackets
	Number  Number // zero where none follows
	Article string // label of the article that is meant: 第二十条; "" for the whole
}

// Keys are what the document may be known by: its number and its title, each
// in the form in which it is compared. The better one comes first.
func (c Citation) Keys() []string {
	var keys []string
	if !c.Number.IsZero() {
		keys = append(keys, c.Number.Key())
	}
	return append(keys, TitleKey(c.Title))
}

// TitleKey is a title as it is compared: folded, without the country's name in
// front and without what editions add behind (（试行）, （2019年修订）).
func TitleKey(title string) string {
	key := strings.TrimPrefix(Fold(title), "中华人民共和国")
	if i := strings.LastIndexByte(key, '('); i > 0 && strings.HasSuffix(key, ")") && editionMark.MatchString(key[i:]) {
		key = key[:i]
	}
	return key
}

// Titles hold no further brackets of their kind, or one pair inside
// (《关于印发〈…〉的通知》), which official texts also print as < >.
var (
	citation    = regexp.MustCompile(`《([^《》<>\n]{2,100}|[^《》\n]{0,40}[〈《<][^《》\n]{2,80}[〉》>][^《》\n]{0,20})》(?:[（(]([^（）()<>\n]{4,40})[）)])?(第[一二三四五六七八九十百千零〇两]{1,9}条(?:之[一二三四五六七八九十]{1,3})?)?`)
	editionMark = regexp.MustCompile(`^\((?:试行|暂行|修订|修正|修正案|\d{4}.*(?:年|修订|修正|日|\d))\)$`)
)

// FindCitations lists the citations of a text in their order.
func FindCitations(text string) []Citation {
	var list []Citation
	for _, m := range citation.FindAllStringSubmatch(text, -1) {
		list = append(list, citationOf(m))
	}
	return list
}

func citationOf(m []string) Citation {
	c := Citation{Title: strings.TrimSpace(m[1]), Article: m[3]}
	if n, err := ParseNumber(m[2]); err == nil {
		c.Number = n
	}
	return c
}

var anchors = regexp.MustCompile(`(?s)<a\b.*?</a>`)

// LinkCitations puts links around the citations in markup that Body.HTML made.
// address says where a citation leads; "" leaves it as it is. What is a link
// already stays one.
func LinkCitations(markup string, address func(Citation) string) string {
	var out strings.Builder
	at := 0
	for _, span := range anchors.FindAllStringIndex(markup, -1) {
		out.WriteString(linkText(markup[at:span[0]], address))
		out.WriteString(markup[span[0]:span[1]])
		at = span[1]
	}
	out.WriteString(linkText(markup[at:], address))
	return out.String()
}

// shownMarks are what brackets inside titles look like in markup; they are
// shown to the pattern as themselves and written as they were.
var shownMarks = strings.NewReplacer("&lt;", "\x01", "&gt;", "\x02")

var markupCitation = regexp.MustCompile(strings.NewReplacer(
	`[〈《<]`, "[〈《\x01]", `[〉》>]`, "[〉》\x02]").Replace(citation.String()))

func linkText(markup string, address func(Citation) string) string {
	shown := shownMarks.Replace(markup)
	linked := markupCitation.ReplaceAllStringFunc(shown, func(found string) string {
		m := citation.FindStringSubmatch(html.UnescapeString(bareMarks.Replace(found)))
		if m == nil {
			return found
		}
		to := address(citationOf(m))
		if to == "" {
			return found
		}
		return `<a href="` + escape(to) + `">` + found + `</a>`
	})
	return hideMarks.Replace(linked)
}

var (
	bareMarks = strings.NewReplacer("\x01", "<", "\x02", ">")
	hideMarks = strings.NewReplacer("\x01", "&lt;", "\x02", "&gt;")
)
