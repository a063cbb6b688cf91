package privacy

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// readParts reads every part that may hold text.
func (d *office) readParts() error {
	var w *workbook
	sheets := map[string]sheetInfo{}
	if d.byName[workbookPart] != nil {
		var err error
		if w, err = d.readWorkbook(); err != nil {
			return err
		}
		for _, s := range w.sheets {
			sheets[strings.ToLower(s.part)] = s
			if err := d.readSheet(w, s); err != nil {
				return err
			}
		}
	}
	for _, name := range d.xmlParts() {
		_, isSheet := sheets[strings.ToLower(name)]
		if isSheet || w != nil && (name == stringsPart || name == workbookPart) || strings.HasPrefix(name, "docProps/") || strings.HasPrefix(name, "customXml/") {
			continue
		}
		if err := d.readPart(name); err != nil {
			return err
		}
	}
	return nil
}

// findParts notes what stands in parts of its own: embedded files, links,
// caches, macros, properties.
func (d *office) findParts() {
	for _, e := range d.parts {
		owner, ok := ownerOf(e.name)
		if !ok || e.dropped {
			continue
		}
		rels, err := d.relations(owner)
		if err != nil {
			continue // it was read before, or is no XML and names nothing
		}
		for _, r := range rels {
			d.noteRelation(owner, r)
		}
	}
	if removed := d.properties(); len(removed) > 0 {
		d.note(Metadata, "文件属性", strings.Join(removed, "\x00"), "带有："+strings.Join(removed, "、"), func() error { return nil }) // MaskFile cleans whatever it writes
	}
}

// ownerOf gives the part whose relations a .rels part keeps.
func ownerOf(rels string) (owner string, ok bool) {
	dir, base := path.Split(rels)
	if !strings.HasSuffix(base, ".rels") || !strings.HasSuffix(dir, "_rels/") {
		return "", false
	}
	return strings.TrimSuffix(dir, "_rels/") + strings.TrimSuffix(base, ".rels"), true
}

// embeddedKinds are relations to files within the file.
var embeddedKinds = []string{"oleObject", "package", "powerPivotData", "control", "activeXControlBinary", "aFChunk", "customData"}

func (d *office) noteRelation(owner string, r relation) {
	drop := func() error { return d.dropReference(owner, r) }
	switch {
	case r.external && r.kind == "hyperlink":
		d.noteHyperlink(owner, r)
	case r.external:
		d.note(ExternalLink, "外部链接", r.target, "指向 "+shorten(r.target), drop)
	case slices.Contains(embeddedKinds, r.kind):
		data, _ := d.get(r.target)
		d.note(EmbeddedFile, "嵌入文件“"+path.Base(r.target)+"”", string(data), count("嵌入的文件，%d KB", (len(data)+1023)>>10), drop)
	case r.kind == "externalLink":
		d.note(ExternalLink, "外部工作簿“"+path.Base(r.target)+"”", r.target, "带有别的工作簿的数据", drop)
	case r.kind == "pivotCacheDefinition" && owner == workbookPart:
		d.note(HiddenSheet, "数据透视表缓存", r.target, "数据透视表背后的底稿", d.dropPivots)
	case r.kind == "revisionHeaders":
		d.note(TrackedChange, "共享工作簿的修订记录", r.target, "谁在何时改了哪个单元格", drop)
	case r.kind == "vbaProject", r.kind == "xlMacrosheet":
		d.note(Macro, "宏", r.target, "文件带有宏", nil)
	}
}

// innerAddress knows links into the house: to drives, shares and machines.
var innerAddress = regexp.MustCompile(`(?i)^(file:|\\\\|[a-z]:\\|(https?://)?(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|127\.|localhost))`)

func (d *office) noteHyperlink(owner string, r relation) {
	if innerAddress.MatchString(r.target) {
		d.note(ExternalLink, "超链接", r.target, "指向内部地址 "+shorten(r.target), func() error { return d.blankTarget(owner, r) })
		return
	}
	for _, f := range ScanText("", strings.NewReplacer("mailto:", "", "tel:", "手机").Replace(r.target), Options{}) {
		d.traces = append(d.traces, trace{Finding{Kind: f.Kind, Place: d.prefix + "超链接", Excerpt: f.Excerpt, Match: f.Match, Masked: f.Masked, Key: keyOf(f.Kind, f.Match, d.home)},
			func() error { return d.blankTarget(owner, r) }})
	}
}

// blankTarget makes a link lead nowhere and leaves its text.
func (d *office) blankTarget(owner string, r relation) error {
	data, err := d.get(relsName(owner))
	if err != nil {
		return err
	}
	if e, ok := attrEdit(data, r.node, "Target", "#"); ok && !slices.Contains(d.edits[relsName(owner)], e) {
		d.edits[relsName(owner)] = append(d.edits[relsName(owner)], e)
	}
	return nil
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 24 {
		return string(r[:24]) + "…"
	}
	return s
}

// linkHolders are elements that exist only to hold a relation: they go with it.
var linkHolders = []string{"OLEObject", "oleObject", "externalData", "externalReference", "attachedTemplate", "control", "altChunk", "fileVersion", "linkedStyle"}

// dropReference takes a relation away, and with it the elements that hold it.
// A picture that stands for an embedded file stays.
func (d *office) dropReference(owner string, r relation) error {
	d.orphan = true
	if r.kind == "externalLink" {
		if err := d.dropOutside(); err != nil {
			return err
		}
	}
	data, err := d.get(owner)
	if err != nil {
		return err
	}
	held := false
	if data != nil {
		err = walkXML(data, xmlVisitor{close: func(p []node, _ int) {
			n := p[len(p)-1]
			if n.attr("id") != r.id && n.attr("embed") != r.id && n.attr("link") != r.id {
				return
			}
			if slices.Contains(linkHolders, n.name) {
				d.cut(owner, n.start, n.end)
			} else {
				held = true
			}
		}})
		if err != nil {
			return err
		}
	}
	if held && r.external {
		return d.blankTarget(owner, r)
	}
	rels, err := d.get(relsName(owner))
	if rels != nil {
		d.cut(relsName(owner), r.node.start, r.node.end)
	}
	return err
}

// dropOutside takes formulas away that point into other workbooks.
func (d *office) dropOutside() error {
	for _, e := range d.parts {
		if strings.HasPrefix(e.name, "xl/worksheets/") && strings.HasSuffix(e.name, ".xml") {
			data, err := d.load(e)
			if err != nil {
				return err
			}
			gone := map[int]bool{}
			err = walkXML(data, xmlVisitor{
				text: func(p []node, s string, _, _ int) {
					if n := p[len(p)-1]; n.name == "f" && strings.Contains(s, "[") {
						gone[n.start] = true
					}
				},
				close: func(p []node, _ int) {
					if n := p[len(p)-1]; gone[n.start] && n.name == "f" {
						d.cut(e.name, n.start, n.end)
					}
				},
			})
			if err != nil {
				return err
			}
		}
	}
	return d.dropCalcChain()
}

// dropPivots takes pivot tables away with their caches; the cells they filled
// keep their values.
func (d *office) dropPivots() error {
	d.orphan = true
	for _, e := range d.parts {
		if owner, ok := ownerOf(e.name); ok {
			rels, err := d.relations(owner)
			if err != nil {
				return err
			}
			for _, r := range rels {
				if strings.HasPrefix(r.kind, "pivotTable") || strings.HasPrefix(r.kind, "pivotCacheDefinition") {
					d.cut(e.name, r.node.start, r.node.end)
				}
			}
		}
	}
	data, err := d.get(workbookPart)
	if err != nil {
		return err
	}
	return walkXML(data, xmlVisitor{close: func(p []node, _ int) {
		if n := p[len(p)-1]; n.name == "pivotCaches" {
			d.cut(workbookPart, n.start, n.end)
		}
	}})
}

// remarkKin are parts that only serve comments.
var remarkKin = []string{"commentsExtended", "commentsIds", "commentsExtensible", "people"}

// dropRemark takes away what points to a comment of a part.
func (d *office) dropRemark(part, id string) error {
	if strings.HasPrefix(part, "xl/") {
		return d.dropNoteShape(part, id)
	}
	d.orphan = true
	main := "word/document.xml"
	rels, err := d.relations(main)
	if err != nil {
		return err
	}
	for _, r := range rels {
		if slices.Contains(remarkKin, r.kind) {
			d.cut(relsName(main), r.node.start, r.node.end)
		}
	}
	for _, e := range d.parts {
		if !strings.HasPrefix(e.name, "word/") || path.Ext(e.name) != ".xml" || slices.Contains(plainParts, path.Base(e.name)) {
			continue
		}
		data, err := d.load(e)
		if err != nil {
			return err
		}
		err = walkXML(data, xmlVisitor{close: func(p []node, _ int) {
			if n := p[len(p)-1]; (n.name == "commentRangeStart" || n.name == "commentRangeEnd" || n.name == "commentReference") && n.attr("id") == id {
				d.cut(e.name, n.start, n.end)
			}
		}})
		if err != nil {
			return err
		}
	}
	return nil
}

// noteShape is one shape of a legacy drawing. Excel writes them as XML with
// unclosed breaks, so they are not read as XML.
var noteShape = regexp.MustCompile(`(?s)<v:shape .*?</v:shape>`)

// dropNoteShape takes away the box of a comment of a cell.
func (d *office) dropNoteShape(part, ref string) error {
	column, row := cellAt(ref)
	for _, e := range d.parts {
		owner, ok := ownerOf(e.name)
		if !ok {
			continue
		}
		rels, err := d.relations(owner)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(rels, func(r relation) bool { return r.target == part }) {
			continue
		}
		for _, r := range rels {
			data, err := d.get(r.target)
			if err != nil || r.kind != "vmlDrawing" {
				continue
			}
			for _, m := range noteShape.FindAllIndex(data, -1) {
				shape := string(data[m[0]:m[1]])
				if strings.Contains(shape, "<x:Row>"+strconv.Itoa(row-1)+"</x:Row>") && strings.Contains(shape, "<x:Column>"+strconv.Itoa(column-1)+"</x:Column>") {
					d.cut(r.target, m[0], m[1])
				}
			}
		}
	}
	return nil
}
