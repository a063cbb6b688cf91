package intake

import (
	"path"
	"regexp"
	"strings"
	"unicode/utf8"
)

// group is lines of the head that stand together and may be the title.
type group struct {
	from, to int
	text     string
	score    int
}

// title proposes the title: the group of lines that looks most like one. What
// a page or the file's properties state is believed where it says more.
func (r *reading) title(name string) {
	best := r.bestGroup()
	stated := squeeze(r.doc.Title)
	for _, l := range r.lines[:r.head] {
		if l.class == redHead && strings.Contains(l.text, stated) {
			stated = ""
		}
	}
	switch {
	case r.stated.title.Found() && best.score < 6:
		r.p.Title = r.stated.title
	case best.text != "" && best.score >= 4:
		sure := Likely
		if best.score >= 7 {
			sure = Certain
		}
		r.p.Title = Field[string]{Value: best.text, Sure: sure, Where: r.where(r.lines[best.from], best.text)}
	case stated != "" && utf8.RuneCountInString(stated) >= 4 && !looksLikeOrgan(stated):
		r.p.Title = Field[string]{Value: stated, Sure: Guess, Where: Where{r.blockOf(stated), clip(stated)}}
	case best.text != "":
		r.p.Title = Field[string]{Value: best.text, Sure: Guess, Where: r.where(r.lines[best.from], best.text)}
	}
	if hasGenre(stated) && strings.Contains(stated, r.p.Title.Value) && !strings.HasSuffix(stated, "文件") && utf8.RuneCountInString(stated) < 120 && stated != r.p.Title.Value && r.allInHead(stated) {
		r.p.Title.Value = stated
	}
	if !r.p.Title.Found() || r.p.Title.Sure == Guess && !hasGenre(r.p.Title.Value) {
		r.lastTitle(baseName(name))
	}
}

// promulgated is the rule that an order puts into force.
var promulgated = regexp.MustCompile(`《([^《》]{4,80})》(?:[（(][^（）()]{1,30}[）)])?[^《》。]{0,120}(?:现予公布|予以公布|现予发布|予以发布|现公布施行)|现(?:予)?(?:公布|发布|颁布)《([^《》]{4,80})》`)

// lastTitle looks where titles are when the head has none: in the sentence of
// an order, in the head of a numbered announcement, in the file's name.
func (r *reading) lastTitle(base string) {
	for _, l := range r.lines[r.head:min(len(r.lines), r.head+3)] {
		if m := promulgated.FindStringSubmatch(l.text); m != nil {
			r.p.Title = Field[string]{Value: m[1] + m[2], Sure: Likely, Where: r.where(l, m[0])}
			return
		}
	}
	for _, l := range r.lines[:r.head] {
		if l.class == redHead && kindWords.MatchString(l.text) && !squeezedKind(l.text) {
			r.p.Title = Field[string]{Value: l.text, Sure: Likely, Where: r.where(l, "")}
			return
		}
	}
	if !r.p.Title.Found() && hanShare(base) > 0.5 {
		r.p.Title = Field[string]{Value: squeeze(base), Sure: Guess, Where: Where{OutsideText, base}}
	}
}

// baseName is a file's name without folder and ending.
func baseName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	return strings.TrimSuffix(name, path.Ext(name))
}

// addressee proposes whom the document is sent to: the line that the text
// begins with.
func (r *reading) addressee() {
	if r.head < len(r.lines) && isAddressee(r.lines[r.head].text) {
		l := r.lines[r.head]
		r.p.Addressee = Field[string]{strings.TrimRight(l.text, ":："), Certain, r.where(l, "")}
	}
}

// blockOf finds the block that holds a text, OutsideText where none does.
func (r *reading) blockOf(s string) int {
	for _, l := range r.lines[:min(len(r.lines), maxHead)] {
		if strings.Contains(l.text, s) {
			return l.block
		}
	}
	return OutsideText
}

// allInHead tells whether a stated title is not printed at all, or printed in
// full: half of it printed means that the rest is a site's name.
func (r *reading) allInHead(s string) bool {
	var b strings.Builder
	for _, l := range r.lines[:r.head] {
		b.WriteString(l.text)
	}
	return strings.Contains(b.String(), s)
}

func (r *reading) bestGroup() group {
	var best group
	for i := 0; i < r.head; {
		if r.lines[i].class != candidate {
			i++
			continue
		}
		j := i
		for j < r.head && r.lines[j].class == candidate && (j == i || r.joins(r.lines[j-1], r.lines[j])) {
			j++
		}
		g := r.trim(group{from: i, to: j})
		r.rate(&g)
		if best.text == "" || g.score > best.score {
			best = g
		}
		i = j
	}
	return best
}

// joins tells whether two lines may be one title: they are set alike.
func (r *reading) joins(a, b textLine) bool {
	return a.level == b.level || a.level > 0 && b.level == 0 && !hasGenre(a.text)
}

// trim drops what follows the last line that ends as titles do, and joins the
// rest. Names of organs that lead keep a blank between them.
func (r *reading) trim(g group) group {
	for to := g.to; to > g.from; to-- {
		if t := r.lines[to-1].text; hasGenre(t) || to == g.to && suffix(t) && to-1 > g.from && hasGenre(r.lines[to-2].text) {
			g.to = to
			break
		}
	}
	var b strings.Builder
	names := true
	for i := g.from; i < g.to; i++ {
		l := r.lines[i]
		list := r.organs(l.raw)
		if i > g.from && names && list != nil {
			b.WriteByte(' ')
		}
		names = names && list != nil
		if names {
			b.WriteString(strings.Join(list, " "))
		} else {
			b.WriteString(l.text)
		}
	}
	g.text = r.namesApart(b.String())
	return g
}

// namesApart sets a blank between the organs that lead a title.
func (r *reading) namesApart(title string) string {
	before, after, ok := strings.Cut(title, "关于")
	if list := r.organs(before); ok && len(list) > 1 {
		return strings.Join(list, " ") + "关于" + after
	}
	return title
}

// suffix tells a line that ends a title: （试行）, （征求意见稿）.
func suffix(s string) bool {
	return strings.HasPrefix(s, "（") && strings.HasSuffix(s, "）") && utf8.RuneCountInString(s) <= 20
}

func (r *reading) rate(g *group) {
	runes := utf8.RuneCountInString(g.text)
	add := func(when bool, points int) {
		if when {
			g.score += points
		}
	}
	add(hasGenre(g.text), 4)
	add(strings.Contains(g.text, "关于"), 3)
	add(r.lines[g.from].level > 0, 2)
	add(g.to == r.head, 1)
	add(g.from > 0 && (r.lines[g.from-1].class == numberLine || r.lines[g.from-1].class == serialLine), 2)
	add(runes >= 8, 1)
	add(runes < 4 || runes > 120, -4)
	add(r.organs(g.text) != nil, -6)
	add(strings.ContainsAny(g.text, "。；：:！"), -3)
	add(strings.Contains(squeeze(r.doc.Title), g.text), 1)
}
