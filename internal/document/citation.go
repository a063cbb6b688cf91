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
// front and without what marks an edition behind, like （2020年修订） or （试行）.
func TitleKey(title string) string {
	title = titleBrackets.Replace(strings.TrimSpace(title))
	for {
		head, mark, ok := cutBracket(title)
		if !ok || mark == "" || !editionMark.MatchString(mark) {
			return strings.TrimPrefix(Fold(title), "中华人民共和国")
		}
		title = head
	}
}

// cutBracket splits a title that ends in a bracket.
func cutBracket(title string) (head, mark string, ok bool) {
	if !strings.HasSuffix(title, ")") {
		return "", "", false
	}
	i := strings.LastIndexByte(title, '(')
	if i <= 0 {
		return "", "", false
	}
	return strings.TrimSpace(title[:i]), strings.TrimSpace(title[i+1 : len(title)-1]), true
}

// Titles hold no further brackets of their kind, or one pair inside
// (《关于印发〈…〉的通知》), which official texts also print as < >.
var (
	citation = regexp.MustCompile(`《([^《》<>\n]{2,100}|[^《》\n]{0,40}[〈《<][^《》\n]{2,80}[〉》>][^《》\n]{0,20})》(?:[（(]([^（）()<>\n]{4,40})[）)])?(第[一二三四五六七八九十百千零〇两]{1,9}条(?:之[一二三四五六七八九十]{1,3})?)?`)

	// editionMark is a day, a year or a word of revision; a span of years
	// (2021-2025年) tells two plans apart and is none.
	editionMark   = regexp.MustCompile(`^(?:\d{4}(?:年(?:\d{1,2}月(?:\d{1,2}日)?)?|-\d{1,2}-\d{1,2})?)?(?:第.{1,3}次)?(?:修订|修正|修改|公布|施行|试行|暂行)?[版本]?$`)
	titleBrackets = strings.NewReplacer("（", "(", "）", ")", "〔", "(", "〕", ")", "［", "(", "］", ")", "[", "(", "]", ")")
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
