package privacy

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// traits are edits that take metadata out of an office file, and what people
// call what goes. The file still opens and shows the same: nothing a reader
// sees is touched.
type traits struct {
	*pack
	edits  map[string][]edit
	labels []string
}

func (c *traits) cut(part, label string, e edit) {
	if !slices.Contains(c.edits[part], e) {
		c.edits[part] = append(c.edits[part], e)
	}
	if !slices.Contains(c.labels, label) {
		c.labels = append(c.labels, label)
	}
}

// properties names the metadata that clean would take out.
func (p *pack) properties() []string {
	c, err := p.traits()
	if err != nil {
		return nil // a part that cannot be read is met where its text is
	}
	return c.labels
}

// clean takes metadata out of the parts.
func (p *pack) clean() error {
	c, err := p.traits()
	if err != nil || len(c.edits) == 0 {
		return err
	}
	for name, edits := range c.edits {
		data, err := p.get(name)
		if err != nil {
			return err
		}
		p.put(name, applyEdits(data, edits))
	}
	return p.sweep()
}

func (p *pack) traits() (*traits, error) {
	c := &traits{pack: p, edits: map[string][]edit{}}
	if err := c.relationsAway(); err != nil {
		return nil, err
	}
	for _, e := range p.parts {
		if e.dropped || path.Ext(e.name) != ".xml" {
			continue
		}
		data, err := p.load(e)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(e.name, "docProps/") && len(data) > 0 {
			if err := c.documentProperties(e.name, data); err != nil {
				return nil, err
			}
		}
		c.marks(e.name, data)
	}
	return c, nil
}

// propertyLabels are the properties of docProps that people know.
var propertyLabels = map[string]string{
	"creator": "作者", "lastModifiedBy": "最后修改人", "title": "标题属性", "subject": "主题", "description": "备注", "keywords": "关键词", "category": "类别",
	"created": "创建时间", "modified": "修改时间", "lastPrinted": "打印时间", "revision": "修订次数", "Company": "单位", "Manager": "主管", "Template": "模板",
	"TotalTime": "编辑时长", "Application": "生成软件", "AppVersion": "生成软件", "TitlesOfParts": "各部分名称", "HyperlinkBase": "超链接基础",
}

// documentProperties cuts every property out of docProps.
func (c *traits) documentProperties(part string, data []byte) error {
	return walkXML(data, xmlVisitor{close: func(p []node, _ int) {
		if len(p) != 2 {
			return
		}
		n := p[1]
		label := propertyLabels[n.name]
		if label == "" {
			label = "其他属性"
		}
		c.cut(part, label, edit{n.start, n.end, ""})
	}})
}

// relationsGone are relations to parts that describe and show nothing.
var relationsGone = map[string]string{
	"custom-properties": "自定义属性", "customXml": "自定义数据", "thumbnail": "缩略图", "printerSettings": "打印机设置", "people": "批注人",
}

// relationsAway cuts relations to parts that describe, wherever they are.
func (c *traits) relationsAway() error {
	for _, e := range c.parts {
		owner, ok := ownerOf(e.name)
		if !ok || e.dropped {
			continue
		}
		rels, err := c.relations(owner)
		if err != nil {
			return err
		}
		for _, r := range rels {
			label, gone := relationsGone[r.kind]
			if !gone {
				continue
			}
			c.cut(e.name, label, edit{r.node.start, r.node.end, ""})
			if r.kind == "printerSettings" {
				if err := c.printerAway(owner, r.id); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// printerAway takes the reference to settings of a printer out of a sheet.
func (c *traits) printerAway(owner, id string) error {
	data, err := c.get(owner)
	if err != nil {
		return err
	}
	mark := ` r:id="` + id + `"`
	return walkXML(data, xmlVisitor{open: func(p []node) {
		n := p[len(p)-1]
		if i := strings.Index(string(data[n.start:n.head]), mark); n.name == "pageSetup" && i >= 0 {
			c.cut(owner, "打印机设置", edit{n.start + i, n.start + i + len(mark), ""})
		}
	}})
}

// someone stands where the name of an author did.
const someone = "作者"

// traitMarks are passages of parts that tell who wrote, when and where. Group
// 1, where there is one, is what goes; else the whole match.
var traitMarks = []struct {
	parts, label string
	mark         *regexp.Regexp
	with         string
}{
	{"word/*", "编辑会话编号", regexp.MustCompile(` w:rsid[A-Za-z]*="[0-9A-Fa-f]*"`), ""},
	{"word/*", "编辑会话编号", regexp.MustCompile(`(?s)<w:rsids>.*?</w:rsids>|<w:rsids/>`), ""},
	{"word/*", "文档变量", regexp.MustCompile(`(?s)<w:docVars>.*?</w:docVars>`), ""},
	{"word/*", "邮件合并的数据源", regexp.MustCompile(`(?s)<w:mailMerge>.*?</w:mailMerge>`), ""},
	{"word/*", "批注和修订的作者", regexp.MustCompile(`<w:[A-Za-z]+ [^>]*?w:author="([^"]+)"`), someone},
	{"word/*", "批注和修订的作者", regexp.MustCompile(`<w:comment [^>]*?w:initials="([^"]+)"`), ""},
	{"word/*", "批注和修订的时间", regexp.MustCompile(`<w:[A-Za-z]+ [^>]*?( w:date="[^"]*")`), ""},
	{"xl/comments*", "批注的作者", regexp.MustCompile(`<author>([^<]+)</author>`), someone},
	{"xl/persons/*", "批注的作者", regexp.MustCompile(`displayName="([^"]+)"`), someone},
	{"xl/persons/*", "批注的作者", regexp.MustCompile(`userId="([^"]+)"`), someone},
	{"xl/workbook.xml", "文件原来的位置", regexp.MustCompile(`<x15ac:absPath [^>]*?url="([^"]+)"`), ""},
	{"xl/workbook.xml", "共享人", regexp.MustCompile(`<fileSharing [^>]*?userName="([^"]+)"`), someone},
}

// marks cuts what regular expressions find: attributes on any element.
func (c *traits) marks(part string, data []byte) {
	for _, m := range traitMarks {
		if ok, _ := path.Match(m.parts, part); !ok {
			continue
		}
		for _, at := range m.mark.FindAllSubmatchIndex(data, -1) {
			start, end := at[0], at[1]
			if len(at) > 2 {
				start, end = at[2], at[3]
			}
			if string(data[start:end]) != m.with {
				c.cut(part, m.label, edit{start, end, m.with})
			}
		}
	}
}
