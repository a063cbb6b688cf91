package privacy

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// page is text with what lies between: HTML, CSV or plain text.
type page struct {
	names
	src    string
	flow   *partFlow
	traces []trace
	cuts   []edit
}

// look scans the flow.
func (p *page) look(o Options, marked []Finding) *page {
	s := p.flow.detect(o)
	s.marked(marked)
	for _, l := range s.settled(p.home, o) {
		p.traces = append(p.traces, trace{l.Finding, func() error {
			p.flow.spans = append(p.flow.spans, span{l.start, l.end, l.Masked})
			return nil
		}})
	}
	return p
}

func (p *page) mask(w wants) (string, error) {
	if err := w.mend(p.traces); err != nil {
		return "", err
	}
	edits := map[string][]edit{"": p.cuts}
	p.flow.edits(edits)
	return string(applyEdits([]byte(p.src), edits[""])), nil
}

func asIs(s string) string { return s }

// readPlain reads text line by line; of CSV cell by cell.
func readPlain(n names, src string, csv bool, o Options, marked []Finding) *page {
	p := &page{names: n, src: src, flow: &partFlow{}}
	at, line := 0, 0
	for text := range strings.Lines(src) {
		line++
		body := strings.TrimRight(text, "\r\n")
		if csv {
			p.csvLine(body, at, line)
		} else {
			p.flow.at(n.prefix + "第" + strconv.Itoa(line) + "行")
			p.flow.say(body, "", at, at+len(body), asIs)
		}
		p.flow.write("\n")
		at += len(text)
	}
	if len(p.flow.spots) == 0 {
		p.flow.at(strings.TrimSpace(n.prefix))
	}
	return p.look(o, marked)
}

// csvLine divides a line at commas and tabs outside of quotes. A quoted cell
// that goes on in the next line is read as two.
func (p *page) csvLine(body string, at, line int) {
	start, column, quoted := 0, 1, false
	for i := 0; i <= len(body); i++ {
		if i < len(body) && body[i] == '"' {
			quoted = !quoted
		}
		if i < len(body) && (quoted || body[i] != ',' && body[i] != '\t' && body[i] != ';') {
			continue
		}
		p.flow.at(p.prefix + "第" + strconv.Itoa(line) + "行 " + columnName(column) + "列")
		from, to := start, i
		for from < to && (body[from] == '"' || body[from] == '=' || body[from] == '\'') {
			from++
		}
		for to > from && body[to-1] == '"' {
			to--
		}
		p.flow.say(body[from:to], "", at+from, at+to, asIs)
		p.flow.write("\t")
		start, column = i+1, column+1
	}
}

// ScanHTML is ScanText for HTML: for its visible text and its attributes, with
// what the page hides and its comments. Start and End of a finding count runes
// of the visible text; those of attributes lie beyond its end.
func ScanHTML(place, src string, o Options) []Finding {
	p := readPage(names{home: place, prefix: place}, src, o, nil)
	out := make([]Finding, len(p.traces))
	for i, t := range p.traces {
		out[i] = t.Finding
	}
	return out
}

// MaskHTML masks and removes findings in the HTML they were found in, by their
// keys; those that it does not have are passed over.
func MaskHTML(src string, findings []Finding) string {
	byPlace := map[string]wants{}
	for _, f := range findings {
		if byPlace[f.Place] == nil {
			byPlace[f.Place] = wants{}
		}
		byPlace[f.Place][f.Key] = f
	}
	for place, w := range byPlace {
		masked, err := readPage(names{home: place, prefix: place}, src, Options{}, w.marked()).mask(w)
		if err == nil { // everything HTML shows can be mended
			src = masked
		}
	}
	return src
}

// blockTags begin a new line.
var blockTags = strings.Fields("p div br tr table h1 h2 h3 h4 h5 h6 li ul ol dl dt dd section article header footer blockquote pre hr caption thead tbody tfoot title option body form fieldset figure figcaption details summary main nav aside")

// silentTags hold nothing that is read.
var silentTags = []string{"script", "style", "template", "noscript"}

// readPage reads HTML token by token; nothing is parsed into a tree, so that
// what nobody touches stays as it was.
func readPage(n names, src string, o Options, marked []Finding) *page {
	p := &page{names: n, src: src, flow: &partFlow{}}
	p.flow.at(strings.TrimSpace(n.prefix))
	r := &pageReader{page: p, z: html.NewTokenizer(strings.NewReader(src))}
	for r.next() {
	}
	p.flow.write("\n")
	for _, a := range r.attributes {
		p.flow.say(a.with, "", a.start, a.end, html.EscapeString)
		p.flow.write("\n")
	}
	return p.look(o, marked)
}

type pageReader struct {
	*page
	z          *html.Tokenizer
	at         int // bytes read
	silent     string
	hidden     []openTag // open elements that hide what they hold, and all within them
	attributes []edit    // with is the value
}

type openTag struct {
	name  string
	start int
	hides bool
	words int
}

func (r *pageReader) next() bool {
	kind := r.z.Next()
	raw := len(r.z.Raw())
	start, end := r.at, r.at+raw
	r.at = end
	switch kind {
	case html.ErrorToken:
		return false
	case html.CommentToken:
		if text := strings.TrimSpace(string(r.z.Text())); text != "" && !strings.HasPrefix(r.src[start:], "<!DOCTYPE") {
			r.remove(Comment, text, count("网页代码里的注释，%d 字", len([]rune(text))), start, end)
		}
	case html.TextToken:
		r.textAt(start, end)
	case html.StartTagToken, html.SelfClosingTagToken:
		r.open(kind == html.SelfClosingTagToken, start, end)
	case html.EndTagToken:
		name, _ := r.z.TagName()
		r.close(string(name), end)
	}
	return true
}

func (r *pageReader) remove(k Kind, text, excerpt string, start, end int) {
	p := r.page
	p.traces = append(p.traces, trace{Finding{Kind: k, Place: strings.TrimSpace(p.prefix), Excerpt: excerpt, Match: text, Key: keyOf(k, text, p.home)}, func() error {
		p.cuts = append(p.cuts, edit{start, end, ""})
		return nil
	}})
}

func (r *pageReader) textAt(start, end int) {
	if r.silent != "" {
		return
	}
	text := html.UnescapeString(r.src[start:end])
	if strings.TrimSpace(text) == "" {
		if text != "" && len(r.flow.text) > 0 && r.flow.text[len(r.flow.text)-1] > ' ' && !strings.Contains(text, "\n") {
			r.flow.write(" ")
		}
		return
	}
	r.flow.say(strings.NewReplacer("\n", "\v", "\r", "\v", "\t", " ").Replace(text), "", start, end, html.EscapeString)
	for i := range r.hidden {
		r.hidden[i].words += len([]rune(strings.TrimSpace(text)))
	}
}

func (r *pageReader) open(selfClosing bool, start, end int) {
	tag, more := r.z.TagName()
	name := string(tag)
	hides := false
	for more {
		var key, value []byte
		key, value, more = r.z.TagAttr()
		hides = hides || hidesText(string(key), string(value))
		r.attribute(string(key), string(value), start, end)
	}
	if slices.Contains(blockTags, name) {
		r.breakLine(name)
	}
	if slices.Contains(silentTags, name) && !selfClosing {
		r.silent = name
	}
	if (hides || len(r.hidden) > 0) && !selfClosing && !slices.Contains(voidTags, name) {
		r.hidden = append(r.hidden, openTag{name: name, start: start, hides: hides})
	}
}

var voidTags = strings.Fields("area base br col embed hr img input link meta source track wbr")

func (r *pageReader) breakLine(name string) {
	f := r.flow
	if n := len(f.text); n > 0 && f.text[n-1] == '\t' && name != "tr" { // a paragraph within a cell
		return
	}
	if n := len(f.text); n > 0 && f.text[n-1] != '\n' {
		f.write("\n")
	}
}

func (r *pageReader) close(name string, end int) {
	switch {
	case name == r.silent:
		r.silent = ""
	case name == "td" || name == "th":
		f := r.flow
		for n := len(f.text); n > 0 && f.text[n-1] == '\n' && n > 1 && len(f.segs) > 0 && f.segs[len(f.segs)-1].to < n; n = len(f.text) {
			f.text, f.fold = f.text[:n-1], f.fold[:n-1]
		}
		f.write("\t")
	case slices.Contains(blockTags, name) && !slices.ContainsFunc([]string{"p", "div"}, func(s string) bool { return s == name }):
		r.breakLine(name)
	}
	for i := len(r.hidden) - 1; i >= 0; i-- {
		if h := r.hidden[i]; h.name == name {
			r.hidden = r.hidden[:i]
			if h.hides && h.words > 0 {
				r.remove(HiddenText, r.src[h.start:end], count("网页里看不见的文字 %d 字", h.words), h.start, end)
			}
			break
		}
	}
}

// hidesText tells whether an attribute makes an element invisible.
func hidesText(key, value string) bool {
	if key == "hidden" {
		return true
	}
	style := strings.ToLower(strings.NewReplacer(" ", "", "\n", "").Replace(value))
	return key == "style" && containsAny(";"+style+";", []string{"display:none", "visibility:hidden", "font-size:0;", "font-size:0p", "font-size:1px", "opacity:0;", ";color:#fff;", ";color:#ffffff;", ";color:white;"}) &&
		!(strings.Contains(style, ";color:") && strings.Contains(style, "background"))
}

// attribute keeps what attributes say: alternative text, links, data.
func (r *pageReader) attribute(key, value string, start, end int) {
	if key == "style" || key == "class" || key == "id" || len(value) < 2 || strings.HasPrefix(value, "data:") {
		return
	}
	raw := r.src[start:end]
	for from := 0; ; {
		i := strings.Index(asciiLower(raw[from:]), key+"=")
		if i < 0 {
			return
		}
		i += from + len(key) + 1
		from = i
		if i < len(raw) && (raw[i] == '"' || raw[i] == '\'') {
			if j := strings.IndexByte(raw[i+1:], raw[i]); j >= 0 && html.UnescapeString(raw[i+1:i+1+j]) == value {
				r.attributes = append(r.attributes, edit{start + i + 1, start + i + 1 + j, strings.NewReplacer("\n", "\v", "\t", " ").Replace(value)})
				return
			}
		} else if value != "" && strings.HasPrefix(raw[i:], value) {
			r.attributes = append(r.attributes, edit{start + i, start + i + len(value), value})
			return
		}
	}
}

// asciiLower folds letters and changes no length, as strings.ToLower may.
func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
