package extract

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"golang.org/x/net/html/charset"

	"gongkai/internal/fault"
)

// maxXMLDepth is how deep elements may nest.
const maxXMLDepth = 256

// xmlReader reads a part of an office file element by element. It knows no
// document type declarations: they are where entity attacks live, and office
// files have none.
type xmlReader struct {
	dec   *xml.Decoder
	depth int
}

func newXMLReader(data []byte) *xmlReader {
	dec := xml.NewDecoder(bytes.NewReader(data))
	dec.CharsetReader = charset.NewReaderLabel
	return &xmlReader{dec: dec}
}

// root gives the outermost element.
func (x *xmlReader) root() (xml.StartElement, error) {
	for {
		t, err := x.token()
		if err != nil {
			return xml.StartElement{}, err
		}
		if s, ok := t.(xml.StartElement); ok {
			return s, nil
		}
	}
}

func (x *xmlReader) token() (xml.Token, error) {
	t, err := x.dec.Token()
	if errors.Is(err, io.EOF) {
		return nil, broken("文件", io.ErrUnexpectedEOF)
	}
	if err != nil {
		return nil, broken("文件", err)
	}
	if d, ok := t.(xml.Directive); ok && strings.HasPrefix(strings.ToUpper(string(d)), "DOCTYPE") {
		return nil, fault.New(fault.Invalid, "xml_doctype", "文件里有文档类型声明，正常的办公文件不会有，已拒绝读取。请用办公软件另存一份再交。")
	}
	return t, nil
}

// children calls element for every child of the element just opened, until it
// closes; element must consume the child. text, where not nil, gets the text
// between.
func (x *xmlReader) children(element func(xml.StartElement) error, text func(string)) error {
	if x.depth++; x.depth > maxXMLDepth {
		return fault.New(fault.Invalid, "xml_too_deep", "文件的层次套叠超过 %d 层，已停止读取。请用办公软件另存一份再交。", maxXMLDepth)
	}
	defer func() { x.depth-- }()
	for {
		t, err := x.token()
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if err := element(t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		case xml.CharData:
			if text != nil {
				text(string(t))
			}
		}
	}
}

// skip consumes the element just opened.
func (x *xmlReader) skip() error {
	if err := x.dec.Skip(); err != nil {
		return broken("文件", err)
	}
	return nil
}

// each is children for elements that differ by name: handlers consume those
// they are given for, every other child is skipped.
func (x *xmlReader) each(handlers map[string]func(xml.StartElement) error) error {
	return x.children(func(s xml.StartElement) error {
		if h := handlers[s.Name.Local]; h != nil {
			return h(s)
		}
		return x.skip()
	}, nil)
}

// attr gives an attribute by its local name, "" where there is none.
func xmlAttr(s xml.StartElement, name string) string {
	for _, a := range s.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// isOff tells whether an on-off property is switched off: <w:vanish w:val="0"/>.
func isOff(s xml.StartElement) bool {
	switch xmlAttr(s, "val") {
	case "0", "false", "off":
		return true
	}
	return false
}
