package privacy

import (
	"path"
	"regexp"
	"strconv"
	"strings"
)

// partText reads the text of one part other than a sheet: paragraphs, cells of
// tables, boxes, notes, comments, charts. It knows nothing of the part's
// vocabulary but the names that all office files share.
type partText struct {
	*office
	part  string
	data  []byte
	main  *partFlow
	side  *partFlow // boxes, deleted text, codes of fields, alternative text
	label string    // what places begin with

	paragraphs, tables, rows, cells int
	hide                            hideState
	changes                         changes
	notes                           map[int]*remark // comments by the byte they begin at
}

// partLabels name parts to people.
var partLabels = []struct{ pattern, label string }{
	{`word/document.xml`, ""}, {`word/header*.xml`, "页眉"}, {`word/footer*.xml`, "页脚"}, {`word/footnotes.xml`, "脚注"}, {`word/endnotes.xml`, "尾注"},
	{`word/comments*.xml`, "批注"}, {`word/charts/*`, "图表"}, {`xl/charts/*`, "图表"}, {`xl/drawings/*`, "图形"}, {`word/diagrams/*`, "图示"}, {`xl/diagrams/*`, "图示"},
	{`xl/comments*.xml`, "批注"}, {`xl/threadedComments/*`, "批注"}, {`xl/pivotCache/*`, "数据透视表缓存"}, {`xl/externalLinks/*`, "外部链接的缓存"},
	{`xl/tables/*`, "表格定义"}, {`xl/workbook.xml`, "工作簿"}, {`docProps/*`, "文件属性"}, {`customXml/*`, "自定义数据"}, {`ppt/slides/*`, "幻灯片"}, {`ppt/notesSlides/*`, "备注"},
	{`ppt/comments/*`, "批注"}, {`xl/persons/*`, "批注人"}, {`word/people.xml`, "批注人"},
}

func partLabel(name string) string {
	for _, p := range partLabels {
		if ok, _ := path.Match(p.pattern, name); ok {
			return p.label
		}
	}
	return "部件“" + name + "”"
}

// readPart reads the text of one part.
func (d *office) readPart(name string) error {
	data, err := d.get(name)
	if err != nil || len(data) == 0 {
		return err
	}
	t := &partText{office: d, part: name, data: data, main: &partFlow{}, side: &partFlow{}, label: partLabel(name), notes: map[int]*remark{}}
	t.main.at(d.prefix + strings.TrimSpace(t.label))
	t.side.at(d.prefix + t.label + "图形、域或修订")
	if err := walkXML(data, xmlVisitor{open: t.open, close: t.close, text: t.text}); err != nil {
		return err
	}
	t.finish()
	d.flows = append(d.flows, t.main, t.side)
	return nil
}

// place names where the text is now.
func (t *partText) place() string {
	at := t.label
	switch {
	case t.tables > 0 && t.cells > 0:
		at += "表" + strconv.Itoa(t.tables) + "第" + strconv.Itoa(t.rows) + "行第" + strconv.Itoa(t.cells) + "格"
	case t.paragraphs > 0:
		at += "第" + strconv.Itoa(t.paragraphs) + "段"
	}
	return t.prefix + at
}

func (t *partText) open(p []node) {
	n := p[len(p)-1]
	depth := tableDepth(p)
	switch n.name {
	case "tbl":
		if depth == 1 {
			t.tables++
			t.rows, t.cells = 0, 0
			t.newline()
			t.main.write("\n") // tables that touch are two
		}
	case "tr":
		if depth == 1 {
			t.rows++
			t.cells = 0
		}
	case "tc":
		if depth == 1 {
			t.cells++
			t.main.at(t.place())
		}
	case "p":
		if depth == 0 && !within(p[:len(p)-1], "p") {
			t.cells = 0
			t.paragraphs++
			t.main.at(t.place())
		}
	case "tab", "br", "cr", "noBreakHyphen":
		if within(p, "r") && !within(p, "tabs") {
			t.flowOf(p).write(map[string]string{"tab": " ", "br": "\v", "cr": "\v", "noBreakHyphen": "-"}[n.name])
		}
	}
	t.attributes(n)
	t.hide.open(p)
	t.openRemark(p)
}

func tableDepth(p []node) int {
	depth := 0
	for _, n := range p {
		if n.name == "tbl" {
			depth++
		}
	}
	return depth
}

func (t *partText) newline() {
	if n := len(t.main.text); n > 0 && t.main.text[n-1] != '\n' {
		t.main.write("\n")
	}
}

// aside are elements whose text stands beside the running text.
var aside = []string{"txbxContent", "delText", "instrText", "delInstrText", "Fallback"}

func (t *partText) flowOf(p []node) *partFlow {
	for _, n := range p {
		for _, a := range aside {
			if n.name == a {
				return t.side
			}
		}
	}
	return t.main
}

func (t *partText) close(p []node, tail int) {
	n := p[len(p)-1]
	depth := tableDepth(p)
	f := t.flowOf(p)
	switch {
	case f == t.side:
		if n.name == "p" || n.name == "delText" || n.name == "instrText" || n.name == "delInstrText" {
			f.write("\n")
		}
	case n.name == "p" && depth > 0:
		f.write("\v")
	case n.name == "tc" && depth == 1:
		f.write("\t")
	case n.name == "tc":
		f.write(" ")
	case n.name == "tr" && depth == 1, n.name == "p", n.name == "v", n.name == "si":
		f.write("\n")
	case n.name == "tbl" && depth == 1:
		t.newline()
		t.cells = 0
	}
	t.changes.tail = tail
	t.changes.close(p)
	t.closeHidden(p)
	t.closeRemark(p)
}

func (t *partText) text(p []node, s string, b, e int) {
	if strings.TrimSpace(s) == "" && p[len(p)-1].name != "t" {
		return
	}
	f := t.flowOf(p)
	f.say(s, t.part, b, e, escapeXML)
	if name := p[len(p)-1].name; name != "t" && name != "delText" && name != "instrText" && name != "delInstrText" {
		f.write("\n")
	}
	t.hide.text(s)
	t.remarkText(p, s)
	t.changes.text(p, s)
}

// spokenAttributes are attributes that say something to a reader, or hold what
// a code shows.
var spokenAttributes = regexp.MustCompile(`\s(?:[\w.-]+:)?(descr|title|instr|alt|tooltip|prompt|error|name|v|author|initials|displayName|userId)="([^"<]*)"`)

// attributes reads the text of attributes: alternative text, codes of fields,
// items of caches.
func (t *partText) attributes(n node) {
	tag := t.data[n.start:n.head]
	if n.name == "style" || len(tag) < 8 {
		return
	}
	for _, m := range spokenAttributes.FindAllSubmatchIndex(tag, -1) {
		for _, a := range n.attrs {
			if a.Name.Local == string(tag[m[2]:m[3]]) && strings.TrimSpace(a.Value) != "" {
				t.side.say(a.Value, t.part, n.start+m[4], n.start+m[5], escapeXML)
				t.side.write("\n")
				break
			}
		}
	}
}
