package extract

import (
	"encoding/xml"
	"fmt"
	"path"
	"strings"

	"gongkai/internal/fault"
)

// readOFD reads a file of GB/T 33190: the pages of its documents with what
// their templates print, laid out as pages of PDF are.
func readOFD(data []byte, limits Limits) (Document, error) {
	a, err := openArchive(data, limits)
	if err != nil {
		return Document{}, err
	}
	r := ofdReader{a: a, limits: limits}
	if err := r.file(); err != nil {
		return Document{}, err
	}
	c := countPages(r.pages)
	if c.glyphs == 0 {
		return Document{}, noText(c, len(r.pages))
	}
	doc := Document{Blocks: layOut(r.pages), Pages: len(r.pages), Meta: r.meta, Warnings: append(c.warnings(), r.warnings()...)}
	doc.Title = guessTitle(doc.Blocks)
	return doc, nil
}

// ofdReader is the state of reading one file.
type ofdReader struct {
	a      *archive
	limits Limits
	meta   Meta
	pages  []leaf
	signed bool // there are electronic signatures or seals
	noted  bool // there are annotations
	glyphs int
}

func (r *ofdReader) warnings() []string {
	var out []string
	if n := len(r.meta.Embedded); n > 0 {
		out = append(out, fmt.Sprintf("文件里另外带有 %d 个附件（%s），没有取出；公开前请核对。", n, strings.Join(r.meta.Embedded[:min(n, 5)], "、")))
	}
	if r.signed {
		out = append(out, "文件有电子签章，签章上的文字没有取出。")
	}
	if r.noted {
		out = append(out, "文件有注释或图章，上面的文字没有取出；公开前请核对。")
	}
	return out
}

// ofdDocument is what Document.xml says.
type ofdDocument struct {
	dir       string
	box       string            // size of pages that state none
	templates map[string]string // place of a template by its ID
	pages     []string
	attached  string
	drawn     map[string]*leaf // templates already read
}

func (r *ofdReader) file() error {
	var roots []string
	err := r.part("OFD.xml", func(x *xmlReader) error {
		return x.each(map[string]func(xml.StartElement) error{"DocBody": func(xml.StartElement) error {
			return x.each(map[string]func(xml.StartElement) error{
				"DocInfo":    func(xml.StartElement) error { return r.info(x) },
				"DocRoot":    x.text(func(s string) { roots = append(roots, s) }),
				"Signatures": func(xml.StartElement) error { r.signed = true; return x.skip() },
			})
		}})
	})
	if err != nil {
		return err
	}
	if len(roots) == 0 {
		return broken("OFD 文件", nil)
	}
	for _, root := range roots {
		if err := r.document(root); err != nil {
			return err
		}
	}
	return nil
}

// info reads the properties of the first document.
func (r *ofdReader) info(x *xmlReader) error {
	set := func(to *string) func(xml.StartElement) error {
		return x.text(func(s string) {
			if *to == "" {
				*to = s
			}
		})
	}
	return x.each(map[string]func(xml.StartElement) error{
		"Title": set(&r.meta.Title), "Author": set(&r.meta.Author),
		"CreationDate": set(&r.meta.Created), "ModDate": set(&r.meta.Modified),
	})
}

// text reads the text of an element.
func (x *xmlReader) text(take func(string)) func(xml.StartElement) error {
	return func(xml.StartElement) error {
		var b strings.Builder
		err := x.children(func(xml.StartElement) error { return x.skip() }, func(s string) { b.WriteString(s) })
		take(strings.TrimSpace(b.String()))
		return err
	}
}

// part opens a part of the file and reads its outermost element.
func (r *ofdReader) part(name string, read func(x *xmlReader) error) error {
	data, ok, err := r.a.open(name)
	if err != nil {
		return err
	}
	if !ok {
		for other := range r.a.files {
			if strings.EqualFold(strings.ReplaceAll(other, `\`, "/"), name) {
				data, ok, err = r.a.open(other)
				break
			}
		}
	}
	if !ok || err != nil {
		return broken("OFD 文件", err)
	}
	x := newXMLReader(data)
	if _, err := x.root(); err != nil {
		return err
	}
	return read(x)
}

// resolve gives the place of loc as written in a part of the folder dir.
func resolve(dir, loc string) string {
	loc = strings.ReplaceAll(strings.TrimSpace(loc), `\`, "/")
	if strings.HasPrefix(loc, "/") {
		return path.Clean(loc)[1:]
	}
	return strings.TrimPrefix(path.Join("/", dir, loc), "/")
}

func (r *ofdReader) document(root string) error {
	root = resolve("", root)
	d := ofdDocument{dir: path.Dir(root), templates: make(map[string]string), drawn: make(map[string]*leaf)}
	err := r.part(root, func(x *xmlReader) error {
		return x.each(map[string]func(xml.StartElement) error{
			"CommonData": func(xml.StartElement) error { return d.common(x) },
			"Pages": func(xml.StartElement) error {
				return x.each(map[string]func(xml.StartElement) error{"Page": func(s xml.StartElement) error {
					d.pages = append(d.pages, resolve(d.dir, xmlAttr(s, "BaseLoc")))
					return x.skip()
				}})
			},
			"Attachments": x.text(func(s string) { d.attached = s }),
			"Annotations": func(xml.StartElement) error { r.noted = true; return x.skip() },
		})
	})
	if err != nil {
		return err
	}
	if len(r.pages)+len(d.pages) > r.limits.Pages {
		return tooLarge("文件有 %d 页，超过上限 %d 页。请拆成几份再交。", len(r.pages)+len(d.pages), r.limits.Pages)
	}
	for _, at := range d.pages {
		p, err := r.page(&d, at, 0)
		if err != nil {
			return err
		}
		r.pages = append(r.pages, *p)
	}
	if d.attached != "" {
		return r.attachments(resolve(d.dir, d.attached))
	}
	return nil
}

func (d *ofdDocument) common(x *xmlReader) error {
	return x.each(map[string]func(xml.StartElement) error{
		"PageArea": func(xml.StartElement) error { return readArea(x, &d.box) },
		"TemplatePage": func(s xml.StartElement) error {
			d.templates[xmlAttr(s, "ID")] = resolve(d.dir, xmlAttr(s, "BaseLoc"))
			return x.skip()
		},
	})
}

func readArea(x *xmlReader, box *string) error {
	return x.each(map[string]func(xml.StartElement) error{
		"PhysicalBox": x.text(func(s string) { *box = s }),
	})
}

// maxAttached is how many attachments are named.
const maxAttached = 100

// attachments names the files that the document carries; a list that cannot be
// read is passed over, since the text does not depend on it.
func (r *ofdReader) attachments(at string) error {
	err := r.part(at, func(x *xmlReader) error {
		return x.each(map[string]func(xml.StartElement) error{"Attachment": func(s xml.StartElement) error {
			if name := xmlAttr(s, "Name"); len(r.meta.Embedded) < maxAttached {
				r.meta.Embedded = append(r.meta.Embedded, name)
			}
			return x.skip()
		}})
	})
	if fault.KindOf(err) == fault.Invalid {
		return nil
	}
	return err
}
