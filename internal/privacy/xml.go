package privacy

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"

	"gongkai/internal/fault"
)

// XML parts are changed by replacing bytes and never written anew, so that
// what nobody touches stays as it was, to the byte.

// edit replaces bytes of a part.
type edit struct {
	start, end int
	with       string
}

// applyEdits makes the edits. What lies within a longer edit goes with it.
func applyEdits(data []byte, edits []edit) []byte {
	if len(edits) == 0 {
		return data
	}
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end)) })
	out := make([]byte, 0, len(data))
	at := 0
	for _, e := range edits {
		if e.start < at {
			continue
		}
		out = append(append(out, data[at:e.start]...), e.with...)
		at = e.end
	}
	return append(out, data[at:]...)
}

// node is an XML element that is open, or has just been closed.
type node struct {
	name       string // without prefix
	attrs      []xml.Attr
	start, end int // bytes; end is 0 while it is open
	head       int // where its start tag ends
}

// attr gives an attribute by its name without prefix, "" where there is none.
func (n node) attr(name string) string {
	for _, a := range n.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// isOff tells whether an on-off property is switched off.
func (n node) isOff() bool {
	switch n.attr("val") {
	case "0", "false", "off", "none":
		return true
	}
	return false
}

// xmlVisitor is told of the elements and the text of a part, in order.
type xmlVisitor struct {
	open  func(path []node)                     // path ends in the element
	close func(path []node, tail int)           // its end is set; its end tag begins at tail
	text  func(path []node, s string, b, e int) // bytes b to e say s
}

// maxXMLDepth is how deep elements may nest.
const maxXMLDepth = 512

// walkXML reads a part. Document type declarations are refused: they are where
// entity attacks live, and office files have none.
func walkXML(data []byte, v xmlVisitor) error {
	dec := xml.NewDecoder(bytes.NewReader(data))
	dec.CharsetReader = func(label string, r io.Reader) (io.Reader, error) {
		return nil, errors.New("encoding " + label)
	}
	var path []node
	for {
		start := int(dec.InputOffset())
		t, err := dec.RawToken()
		if errors.Is(err, io.EOF) {
			return closedAll(path)
		}
		if err != nil {
			return broken("文件", err)
		}
		end := int(dec.InputOffset())
		switch t := t.(type) {
		case xml.Directive:
			return fault.New(fault.Invalid, "xml_doctype", "文件里有文档类型声明，正常的办公文件不会有，已拒绝读取。请用办公软件另存一份再交。")
		case xml.StartElement:
			if len(path) >= maxXMLDepth {
				return fault.New(fault.Invalid, "xml_too_deep", "文件的层次套叠超过 %d 层，已停止读取。请用办公软件另存一份再交。", maxXMLDepth)
			}
			path = append(path, node{name: t.Name.Local, attrs: slices.Clone(t.Attr), start: start, head: end})
			if v.open != nil {
				v.open(path)
			}
		case xml.EndElement:
			if len(path) == 0 || path[len(path)-1].name != t.Name.Local {
				return broken("文件", errors.New("elements cross"))
			}
			path[len(path)-1].end = end
			if v.close != nil {
				v.close(path, start)
			}
			path = path[:len(path)-1]
		case xml.CharData:
			if v.text != nil && len(path) > 0 {
				v.text(path, string(t), start, end)
			}
		}
	}
}

func closedAll(path []node) error {
	if len(path) > 0 {
		return broken("文件", io.ErrUnexpectedEOF)
	}
	return nil
}

func within(path []node, name string) bool {
	return slices.ContainsFunc(path, func(n node) bool { return n.name == name })
}

func escapeXML(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s))
	return b.String()
}

// attrEdit replaces the value of an attribute, named with its prefix, of the
// start tag at n; ok is false where it has none.
func attrEdit(data []byte, n node, name, value string) (e edit, ok bool) {
	tag := data[n.start:n.head]
	for from := 0; ; {
		i := bytes.Index(tag[from:], []byte(name+"="))
		if i < 0 {
			return e, false
		}
		i += from
		from = i + 1
		at := i + len(name) + 1
		if at >= len(tag) || i > 0 && !bytes.ContainsRune([]byte(" \t\r\n"), rune(tag[i-1])) {
			continue
		}
		j := bytes.IndexByte(tag[at+1:], tag[at])
		if j < 0 {
			return e, false
		}
		return edit{n.start + at + 1, n.start + at + 1 + j, escapeXML(value)}, true
	}
}
