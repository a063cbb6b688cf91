package portal

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/document"
	"gongkai/internal/fault"
	"gongkai/internal/publication"
	"gongkai/internal/publication/kind"
	"gongkai/internal/search"
	"gongkai/internal/web/ui"
)

// documentPage is one publication, as of a day.
type documentPage struct {
	ui.Shell
	Heading         string
	Stone           *stone
	Archived        string // since when, in words
	Changed         string // what the last change of substance was, in one sentence
	Replaces        []ui.Link
	Standing        standing
	AsOf            string // the day shown, where it is not today
	Self            string // address of the page as of today
	On              string // value of the day's field
	Flags           []string
	Facts           [][]fact
	Table           []table
	Bars            []measure
	Body            template.HTML
	Structured      bool // has articles
	Closing         string
	Outline         []document.Entry
	Chapters        []document.Entry // of an outline too long to be shown at once, its highest headings
	Interpretations []ui.Link
	History         []moment
	Related         []relatedGroup
	Attachments     []attachmentLink
	Binding         bool
	Versions        []versionLink
	Citation        string
	VersionNo       int
	Hash            string
	API             string

	named map[string]ui.Link // tasks by the codes that the record names them by
}

// View names the folder.
func (*documentPage) View() string { return "document" }

// stone is what a withdrawn, replaced or moved record still shows.
type stone struct {
	Sentence, Note string
	Link           *ui.Link // to what stands in its place
}

// standing is the validity in plain words.
type standing struct {
	Sentence string
	Class    string
	Badge    badge
}

// fact is a row of the table of facts.
type fact struct {
	Label, Value, Path string
	Lines              []string // of a long list, behind Value
	Open               bool     // few enough to be shown at once
	Wide               bool
}

// table is a field of rows.
type table struct {
	Title string
	Head  []string
	Rows  [][]string
}

type attachmentLink struct{ Label, Path, Note string }

type versionLink struct {
	No               int
	Date, Note, Href string
	Shown            bool
}

type relatedGroup struct {
	Title string
	Links []ui.Link
}

// record reads the record that the address names, as of its day.
func (p *Portal) record(r *http.Request, on civil.Date) (*publication.Document, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id <= 0 {
		return nil, missing(r.URL.Path)
	}
	return p.Publications.GetOn(r.Context(), id, on)
}

func (p *Portal) document(v *visit) (ui.Page, error) {
	on, err := day(v.param("on"), "on")
	if err != nil {
		return nil, err
	}
	d, err := p.record(v.r, on)
	if err != nil {
		return nil, err
	}
	k, ok := p.Publications.Kinds.Get(d.Kind)
	if !ok {
		k = &kind.Kind{Code: d.Kind, Label: d.Kind}
	}
	page := &documentPage{Shell: v.shell, Heading: d.Title, Binding: d.Binding, Citation: d.Citation(""),
		VersionNo: d.ShownNo, API: "/api/v1/publications/" + strconv.FormatInt(d.ID, 10)}
	page.Self = page.URL(publication.Path(d.ID))
	if page.named, err = p.namedTasks(v, d); err != nil {
		return nil, err
	}
	page.describe(d, k)
	page.stand(v, d, on)
	page.relate(v, d)
	page.take(v, d)
	page.facts(v, d, k)
	page.end(d)
	if page.Stone != nil {
		return page, nil
	}
	if page.Bars, err = p.progressOf(v, d); err != nil {
		return nil, err
	}
	if len(page.Bars) > 0 {
		page.Table = nil // the bars tell the targets, and how far they are
	}
	if err := page.text(d); err != nil {
		return nil, err
	}
	if err := p.cite(page, v, d); err != nil {
		return nil, err
	}
	return page, p.tasks(page, v, d)
}

// end tells how the record ended, and what ended in its favour.
func (page *documentPage) end(d *publication.Document) {
	for _, b := range d.Replaces {
		page.Replaces = append(page.Replaces, ui.Link{Label: b.Title, Path: page.URL(publication.Path(b.ID))})
	}
	if d.State == publication.Archived {
		page.Archived = civil.DateOf(d.ArchivedAt).Chinese()
	}
	if last := d.Versions[0]; last.No > 1 && last.Note != "" && !last.Minor {
		page.Changed = last.From.Chinese() + "作了修改：" + last.Note
	}
	if d.Stone == nil {
		return
	}
	page.Stone = &stone{Note: d.Stone.Note}
	day := civil.DateOf(d.Stone.At).Chinese()
	switch d.State {
	case publication.Replaced:
		page.Stone.Sentence = "这份信息已于" + day + "被代替。"
		if by := d.Stone.By; by != nil {
			page.Stone.Link = &ui.Link{Label: by.Title, Path: page.URL(publication.Path(by.ID))}
		}
	case publication.Moved:
		page.Stone.Sentence = "这份信息已于" + day + "移至别处。"
		page.Stone.Link = &ui.Link{Label: d.Stone.Address, Path: d.Stone.Address}
	default:
		page.Stone.Sentence = "这份信息已于" + day + "撤下：" + d.Stone.Reason.Label() + "。"
	}
}

// describe fills what the shell says of the document.
func (page *documentPage) describe(d *publication.Document, k *kind.Kind) {
	page.Title, page.Canon = d.Title, publication.Path(d.ID)
	page.Trail = []ui.Link{{Label: "文件库", Path: "/library"}}
	if !d.Binding {
		page.Trail = []ui.Link{{Label: k.Label, Path: "/search?kind=" + k.Code}}
	}
	page.Shell.Column = &ui.Column{Name: k.Label, Description: k.Description, Keywords: k.Label, Type: k.ColumnType}
	page.Content = &ui.Content{Title: d.Title, PubDate: ui.Stamp(d.PublishedAt), Source: d.Unit, Keywords: strings.Join(d.Keywords, ",")}
	page.LD = schemaOf(&page.Shell, d, k)
}

// stand tells the validity on the day asked for.
func (page *documentPage) stand(v *visit, d *publication.Document, on civil.Date) {
	page.On = v.today.String()
	if !on.IsZero() && on != v.today {
		page.AsOf, page.On, page.Hidden = on.Chinese(), on.String(), true
	}
	b := validityBadges[d.Standing.Code]
	page.Standing = standing{d.Standing.Sentence(v.today), b.Class, b}
	for _, f := range d.Flags {
		if f.Reviewed.IsZero() {
			page.Flags = append(page.Flags, f.Reason())
		}
	}
}

// text divides and renders the body.
func (page *documentPage) text(d *publication.Document) error {
	if d.Body.Text == "" {
		return nil
	}
	body, err := document.Parse(d.Body.Text, d.Body.Format)
	if err != nil {
		return err
	}
	page.Structured = len(body.Articles) > 0
	page.Outline = outline(body)
	page.Chapters = chapters(page.Outline)
	html := strings.ReplaceAll(body.HTML(), plainTable, keyboardTable)
	html = publication.AddressFiles(html, d.Attachments, func(i int) string { return page.file(d, i) })
	page.Body = template.HTML(markArticles(html, body, d)) // safe by the contract of document.Body.HTML
	return nil
}

// A table that is wider than a phone scrolls in a box of its own, which the
// keyboard must reach.
const (
	plainTable    = `<div class="table">`
	keyboardTable = `<div class="table" tabindex="0" role="group" aria-label="表格">`
)

// listedArticles is the number of articles up to which the outline names each.
const listedArticles = 80

// outline is the body's outline, with the articles among the headings where
// they are few enough to find one's way by.
func outline(body *document.Body) []document.Entry {
	if n := len(body.Articles); n == 0 || n > listedArticles {
		return body.Outline
	}
	heading := map[string]document.Entry{}
	for _, e := range body.Outline {
		heading[e.Anchor] = e
	}
	var list []document.Entry
	level := 0
	for _, n := range body.Nodes {
		if e, ok := heading[n.Anchor]; ok && n.Anchor != "" {
			list, level = append(list, e), e.Level
		} else if n.Kind == document.NodeArticle {
			list = append(list, document.Entry{Level: min(level+1, 4), Text: n.Label, Anchor: n.Anchor})
		}
	}
	return list
}

// shownEntries is the length up to which an outline is shown open.
const shownEntries = 20

// chapters are the highest headings of a long outline; nil for a short one and
// where nearly all of it stands on one level.
func chapters(list []document.Entry) (top []document.Entry) {
	if len(list) <= shownEntries {
		return nil
	}
	highest := slices.MinFunc(list, func(a, b document.Entry) int { return cmp.Compare(a.Level, b.Level) }).Level
	for _, e := range list {
		if e.Level == highest {
			top = append(top, e)
		}
	}
	if len(top) > shownEntries {
		return nil
	}
	return top
}

// markArticles makes the label of every article a link to itself and says at
// those that were changed since by what.
func markArticles(html string, body *document.Body, d *publication.Document) string {
	var out strings.Builder
	out.Grow(len(html) + 64*len(body.Articles))
	for _, a := range body.Articles {
		open := `<p id="` + a.Anchor + `" class="art"><strong>` + template.HTMLEscapeString(a.Label) + `</strong>`
		before, after, ok := strings.Cut(html, open)
		if !ok {
			continue
		}
		out.WriteString(before)
		out.WriteString(`<p id="` + a.Anchor + `" class="art"><a class="no" href="#` + a.Anchor + `">` + template.HTMLEscapeString(a.Label) + `</a>`)
		if code, by := publication.ArticleState(d.Touches, a.Label, d.Standing.On); code != "" {
			word := map[bool]string{true: "废止", false: "修改"}[code == search.Repealed]
			out.WriteString(`<a class="tag ` + validityBadges[code].Class + `" href="#h-his">` + by[len(by)-1].On.String() + " " + word + `</a>`)
		}
		html = after
	}
	out.WriteString(html)
	return out.String()
}

// take fills what the reader can take along: files, versions, citation.
func (page *documentPage) take(v *visit, d *publication.Document) {
	for i, a := range d.Attachments {
		link := attachmentLink{Label: a.Name, Path: a.URL, Note: "外部网站"}
		if _, ok := a.Hash(); ok {
			link.Path, link.Note = page.file(d, i), ui.Bytes(a.Size)
		}
		page.Attachments = append(page.Attachments, link)
	}
	for _, ver := range d.Versions {
		if ver.No == d.ShownNo {
			page.Hash = ver.Hash
		}
		page.Versions = append(page.Versions, versionLink{ver.No, ver.From.String(), versionNote(ver),
			page.URL(publication.Path(d.ID), "on", ver.From.String()), ver.No == d.ShownNo})
	}
}

// file is the address of the attachment with an index.
func (page *documentPage) file(d *publication.Document, i int) string {
	return page.URL(publication.Path(d.ID) + "/files/" + strconv.Itoa(i+1))
}

// versionNote says why a version is there.
func versionNote(v publication.Version) string {
	if v.Minor {
		return strings.Join(nonEmpty("文字订正", v.Note), "：")
	}
	return v.Note
}

// attachment hands out a file of a published record. Those of a stone are
// gone, not missing: whoever has kept the address learns why on its page.
func (p *Portal) attachment(w http.ResponseWriter, r *http.Request) error {
	d, err := p.record(r, civil.Date{})
	if err != nil {
		return err
	}
	if d.Stone != nil {
		return fault.New(fault.Gone, "attachment_gone", "%s%s，附件不再提供。原因和去处见它的页面 %s。", d.Citation(""), d.State.Label(), publication.Path(d.ID))
	}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 1 || n > len(d.Attachments) || p.Blobs == nil {
		return fault.New(fault.NotFound, "attachment_unknown", "这份文件没有这个附件。请回文件页查看现有的附件。")
	}
	a := d.Attachments[n-1]
	hash, ok := a.Hash()
	if !ok {
		return missing(r.URL.Path)
	}
	file, err := p.Blobs.Open(r.Context(), hash)
	if err != nil {
		return err
	}
	defer file.Close()
	h := w.Header()
	h.Set("Content-Type", safeType(a.MediaType))
	h.Set("Content-Disposition", `attachment; filename*=UTF-8''`+template.URLQueryEscaper(a.Name))
	h.Set("Etag", `"`+string(hash)+`"`)
	h.Set("Cache-Control", "public, no-cache")
	http.ServeContent(w, r, "", d.PublishedAt, file)
	return nil
}

// safeType keeps types that a browser might run from being named.
func safeType(media string) string {
	kind, _, _ := strings.Cut(media, ";")
	if slices.Contains([]string{"", "text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml"}, strings.TrimSpace(strings.ToLower(kind))) {
		return "application/octet-stream"
	}
	return media
}
