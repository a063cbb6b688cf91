package extract

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

// readDOCX reads the main text of a DOCX file: paragraphs with their automatic
// numbers, headings by style or outline level, tables with spans. Tracked
// deletions are left out, insertions kept; hidden text is left out and warned
// of.
func readDOCX(data []byte, limits Limits) (Document, error) {
	a, err := openArchive(data, limits)
	if err != nil {
		return Document{}, err
	}
	r := docxReader{styles: make(map[string]style)}
	if err := r.readStyles(a); err != nil {
		return Document{}, err
	}
	if err := r.readNumbering(a); err != nil {
		return Document{}, err
	}
	main, _, err := a.open("word/document.xml")
	if err != nil {
		return Document{}, err
	}
	r.x = newXMLReader(main)
	if _, err := r.x.root(); err != nil {
		return Document{}, err
	}
	if err := r.flow(); err != nil {
		return Document{}, err
	}
	if r.title == "" {
		r.title = guessTitle(r.blocks)
	}
	return Document{Title: r.title, Blocks: r.blocks, Warnings: r.warnings()}, nil
}

// docxReader is the state of reading one file.
type docxReader struct {
	x         *xmlReader
	styles    map[string]style
	numbering numbering
	blocks    []Block
	title     string
	inTable   int // depth of tables
	hidden    int // hidden runs of text
	inserted  int
	deleted   int
	comments  int
	notes     int
}

// style is what a paragraph style says, with what it inherits.
type style struct {
	basedOn string
	title   bool
	level   int // heading level from 1, 0 for none
	num     numRef
	hidden  bool
}

// numRef points a paragraph to its automatic numbering.
type numRef struct {
	id    string // "" for none, "0" for none on purpose
	level int
}

func (r *docxReader) warnings() []string {
	var out []string
	for _, w := range []struct {
		n      int
		format string
	}{
		{r.hidden, "有 %d 处隐藏文字，没有取出；公开前请在原件中删除。"},
		{r.inserted, "有 %d 处修订插入，已按接受处理。"},
		{r.deleted, "有 %d 处修订删除，已略去；公开前请在原件中接受修订。"},
		{r.comments, "有 %d 处批注，没有取出；公开前请在原件中删除。"},
		{r.notes, "有 %d 处脚注或尾注，没有取出，请核对。"},
	} {
		if w.n > 0 {
			out = append(out, fmt.Sprintf(w.format, w.n))
		}
	}
	return out
}

// maxStyleChain is how many styles may inherit from each other.
const maxStyleChain = 20

func (r *docxReader) readStyles(a *archive) error {
	data, ok, err := a.open("word/styles.xml")
	if !ok || err != nil {
		return err
	}
	x := newXMLReader(data)
	if _, err := x.root(); err != nil {
		return err
	}
	return x.each(map[string]func(xml.StartElement) error{"style": func(s xml.StartElement) error {
		id := xmlAttr(s, "styleId")
		var st style
		err := x.each(map[string]func(xml.StartElement) error{
			"name": func(s xml.StartElement) error {
				st.level, st.title = styleName(xmlAttr(s, "val"))
				return x.skip()
			},
			"basedOn": func(s xml.StartElement) error { st.basedOn = xmlAttr(s, "val"); return x.skip() },
			"pPr": func(xml.StartElement) error {
				p, err := readParaProps(x)
				if p.level > 0 {
					st.level = p.level
				}
				st.num = p.num
				return err
			},
			"rPr": func(xml.StartElement) (err error) { st.hidden, err = readRunProps(x); return err },
		})
		r.styles[id] = st
		return err
	}})
}

// styleName reads heading 1, 标题 1 and Title.
func styleName(name string) (level int, title bool) {
	name = strings.ToLower(name)
	if name == "title" || name == "标题" {
		return 0, true
	}
	for _, prefix := range []string{"heading ", "标题 ", "标题"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			if n, err := strconv.Atoi(rest); err == nil && 1 <= n && n <= 9 {
				return min(n, 6), false
			}
		}
	}
	return 0, false
}

// resolve gives a style with what it inherits.
func (r *docxReader) resolve(id string) style {
	st := r.styles[id]
	for range maxStyleChain {
		if st.basedOn == "" {
			break
		}
		base := r.styles[st.basedOn]
		if st.level == 0 && !st.title {
			st.level = base.level
		}
		if st.num.id == "" {
			st.num = base.num
		}
		st.hidden = st.hidden || base.hidden
		st.basedOn = base.basedOn
	}
	return st
}

// paraProps are the properties of a paragraph that matter here.
type paraProps struct {
	style string
	level int
	num   numRef
}

func readParaProps(x *xmlReader) (p paraProps, err error) {
	err = x.each(map[string]func(xml.StartElement) error{
		"pStyle": func(s xml.StartElement) error { p.style = xmlAttr(s, "val"); return x.skip() },
		"outlineLvl": func(s xml.StartElement) error {
			if n, err := strconv.Atoi(xmlAttr(s, "val")); err == nil && 0 <= n && n < 9 {
				p.level = min(n+1, 6)
			}
			return x.skip()
		},
		"numPr": func(xml.StartElement) error {
			return x.each(map[string]func(xml.StartElement) error{
				"ilvl": func(s xml.StartElement) error {
					p.num.level, _ = strconv.Atoi(xmlAttr(s, "val"))
					return x.skip()
				},
				"numId": func(s xml.StartElement) error { p.num.id = xmlAttr(s, "val"); return x.skip() },
			})
		},
	})
	return p, err
}

// readRunProps tells whether a run is hidden.
func readRunProps(x *xmlReader) (hidden bool, err error) {
	on := func(s xml.StartElement) error { hidden = hidden || !isOff(s); return x.skip() }
	err = x.each(map[string]func(xml.StartElement) error{"vanish": on, "webHidden": on})
	return hidden, err
}

// flow reads paragraphs and tables, in whatever containers they stand.
func (r *docxReader) flow() error {
	return r.x.children(func(s xml.StartElement) error {
		switch s.Name.Local {
		case "p":
			return r.paragraph()
		case "tbl":
			return r.table()
		case "body", "sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "AlternateContent", "Choice":
			return r.flow()
		}
		return r.x.skip()
	}, nil)
}

// paragraph reads one paragraph; the boxes of text in it follow it.
func (r *docxReader) paragraph() error {
	p := docxPara{r: r}
	if err := p.content(); err != nil {
		return err
	}
	st := r.resolve(p.props.style)
	if st.hidden {
		r.hidden++
		p.text.Reset()
	}
	text := cleanText(p.text.String())
	block := Block{Text: text, Level: max(p.props.level, st.level)}
	if num := p.props.num; text != "" {
		if num.id == "" {
			num = st.num
		}
		block.Number = r.numbering.next(num)
	}
	switch {
	case st.title && text != "" && r.title == "" && r.inTable == 0:
		r.title = text
		block.Kind, block.Level = Heading, 1
	case block.Level > 0 && r.inTable == 0:
		block.Kind = Heading
	default:
		block.Level = 0
	}
	for _, line := range strings.Split(block.Text, "\n") {
		if line = strings.Trim(line, blanks); line != "" {
			one := block
			one.Text = line
			r.blocks = append(r.blocks, one)
			block.Number = ""
		}
	}
	r.blocks = append(r.blocks, p.boxes...)
	return nil
}

const blanks = " \t\r\n　\u00a0\u200b\ufeff"

var invisible = strings.NewReplacer("\u200b", "", "\ufeff", "", "\u00ad", "", "\x00", "", "\u00a0", " ")

func cleanText(s string) string {
	return strings.Trim(invisible.Replace(s), blanks)
}

// docxPara collects one paragraph.
type docxPara struct {
	r     *docxReader
	props paraProps
	text  strings.Builder
	boxes []Block
}

// content reads runs, in whatever containers they stand.
func (p *docxPara) content() error {
	x := p.r.x
	return x.children(func(s xml.StartElement) (err error) {
		switch s.Name.Local {
		case "pPr":
			p.props, err = readParaProps(x)
			return err
		case "r":
			return p.run()
		case "del", "moveFrom":
			p.r.deleted++
			return x.skip()
		case "ins", "moveTo":
			p.r.inserted++
			return p.content()
		case "commentRangeStart", "Fallback", "instrText", "rPr", "sdtPr", "bookmarkStart", "bookmarkEnd", "proofErr":
			return x.skip()
		}
		return p.content()
	}, nil)
}

// run reads one run of text.
func (p *docxPara) run() error {
	x := p.r.x
	hidden := false
	var text strings.Builder
	err := x.children(func(s xml.StartElement) (err error) {
		switch s.Name.Local {
		case "rPr":
			hidden, err = readRunProps(x)
			return err
		case "t":
			return x.children(func(xml.StartElement) error { return x.skip() }, func(s string) { text.WriteString(s) })
		case "tab":
			text.WriteByte('\t')
		case "br", "cr":
			text.WriteByte('\n')
		case "noBreakHyphen":
			text.WriteByte('-')
		case "commentReference":
			p.r.comments++
		case "footnoteReference", "endnoteReference":
			p.r.notes++
		case "drawing", "pict", "AlternateContent", "Choice", "object":
			return p.drawing()
		}
		return x.skip()
	}, nil)
	if hidden && strings.TrimSpace(text.String()) != "" {
		p.r.hidden++
	} else if !hidden {
		p.text.WriteString(text.String())
	}
	return err
}

// drawing looks for boxes of text; their paragraphs follow the paragraph that
// holds the drawing.
func (p *docxPara) drawing() error {
	x := p.r.x
	return x.children(func(s xml.StartElement) error {
		switch s.Name.Local {
		case "Fallback":
			return x.skip()
		case "txbxContent":
			before := p.r.blocks
			p.r.blocks = nil
			err := p.r.flow()
			p.boxes = append(p.boxes, p.r.blocks...)
			p.r.blocks = before
			return err
		}
		return p.drawing()
	}, nil)
}
