package document

import (
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"gongkai/internal/fault"
)

// Blocks reads a text in one of the three formats into blocks, undivided.
func Blocks(text string, format Format) ([]Block, error) {
	switch format {
	case Markdown:
		return markdownBlocks(text)
	case HTML:
		return htmlBlocks(text)
	case Text:
		return textBlocks(text), nil
	}
	return nil, fault.New(fault.Invalid, "format_unknown", "正文格式“%s”不认识，应为 markdown、html 或 text。", fault.Clip(string(format), 40))
}

func textBlocks(s string) []Block {
	var blocks []Block
	for line := range strings.Lines(s) {
		if t := cleanLine(line); t != "" {
			blocks = append(blocks, Block{Text: t})
		}
	}
	return blocks
}

// newMarkdown is CommonMark with tables, without indented code (documents
// indent paragraphs) and underlined headings (they draw rules).
func newMarkdown() parser.Parser {
	p := parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewHTMLBlockParser(), 900),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(parser.DefaultInlineParsers()...),
		parser.WithParagraphTransformers(
			util.Prioritized(parser.LinkReferenceParagraphTransformer, 100),
			util.Prioritized(extension.NewTableParagraphTransformer(), 200),
		),
	)
	p.AddOptions(parser.WithASTTransformers(util.Prioritized(extension.NewTableASTTransformer(), 0)))
	return p
}

var markdownParser = newMarkdown()

// maxNesting is how deep lists, quotes and markup may stand in each other.
const maxNesting = 100

func markdownBlocks(s string) ([]Block, error) {
	s, err := tame(s)
	if err != nil {
		return nil, err
	}
	r := markdownReader{source: []byte(s)}
	root := markdownParser.Parse(text.NewReader(r.source))
	if err := r.children(root, 0); err != nil {
		return nil, err
	}
	return r.w.blocks, nil
}

// markdownReader walks the tree of one text.
type markdownReader struct {
	source []byte
	w      lineWriter
}

func (r *markdownReader) children(n ast.Node, depth int) error {
	if depth > maxNesting {
		return tooDeep()
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if err := r.block(c, depth); err != nil {
			return err
		}
	}
	return nil
}

func tooDeep() error {
	return fault.New(fault.Invalid, "body_too_deep", "正文的层次套叠超过 %d 层，无法整理。请去掉多余的套叠后再试。", maxNesting)
}

func (r *markdownReader) block(n ast.Node, depth int) error {
	switch n := n.(type) {
	case *ast.Heading:
		r.w.proto = Block{Kind: Heading, Level: n.Level}
		err := r.inline(n, depth)
		r.w.flush()
		r.w.proto = Block{}
		return err
	case *ast.Paragraph, *ast.TextBlock:
		err := r.inline(n, depth)
		r.w.flush()
		return err
	case *ast.List:
		return r.list(n, depth)
	case *ast.FencedCodeBlock:
		r.w.blocks = append(r.w.blocks, textBlocks(string(n.Lines().Value(r.source)))...)
		return nil
	case *ast.HTMLBlock:
		return r.htmlBlock(n)
	case *extast.Table:
		return r.table(n, depth)
	}
	return r.children(n, depth+1)
}

func (r *markdownReader) htmlBlock(n *ast.HTMLBlock) error {
	s := string(n.Lines().Value(r.source))
	if n.HasClosure() {
		s += string(n.ClosureLine.Value(r.source))
	}
	blocks, err := htmlBlocks(s)
	r.w.blocks = append(r.w.blocks, blocks...)
	return err
}

func (r *markdownReader) list(n *ast.List, depth int) error {
	no := n.Start
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		r.w.proto = Block{Level: depth + 1}
		if n.IsOrdered() {
			r.w.proto.Number = strconv.Itoa(no) + string(n.Marker) + " "
		}
		no++
		if err := r.children(c, depth+1); err != nil {
			return err
		}
	}
	r.w.proto = Block{}
	return nil
}

func (r *markdownReader) table(n *extast.Table, depth int) error {
	var rows [][]Cell
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		_, head := row.(*extast.TableHeader)
		var cells []Cell
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			w := r.w
			r.w = lineWriter{}
			err := r.inline(c, depth)
			t, markup := r.w.take()
			r.w = w
			if err != nil {
				return err
			}
			cells = append(cells, Cell{Text: t, HTML: markup, Head: head})
		}
		rows = append(rows, cells)
	}
	r.w.blocks = append(r.w.blocks, Block{Kind: Table, Rows: rows})
	return nil
}

// inline writes the inline children of n; a line end of the source ends the
// line, since documents are written one paragraph to the line.
func (r *markdownReader) inline(n ast.Node, depth int) error {
	if depth > maxNesting {
		return tooDeep()
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		tag := ""
		switch c := c.(type) {
		case *ast.Text:
			r.w.writeText(r.plain(c.Segment.Value(r.source), c.IsRaw()))
			if c.SoftLineBreak() || c.HardLineBreak() {
				r.lineEnd()
			}
			continue
		case *ast.String:
			r.w.writeText(string(c.Value))
			continue
		case *ast.RawHTML:
			if strings.HasPrefix(strings.ToLower(string(c.Segments.Value(r.source))), "<br") {
				r.lineEnd()
			}
			continue
		case *ast.Image:
			r.w.image(string(c.Destination), r.textOf(c, 0))
			continue
		case *ast.AutoLink:
			r.w.begin(linkTag(string(c.URL(r.source))))
			r.w.writeText(string(c.Label(r.source)))
			r.w.end()
			continue
		case *ast.Link:
			tag = linkTag(string(c.Destination))
		case *ast.Emphasis:
			tag = [...]string{"em", "strong"}[min(c.Level, 2)-1]
		case *ast.CodeSpan:
			tag = "code"
		default:
			tag = "span"
		}
		r.w.begin(tag)
		if err := r.inline(c, depth+1); err != nil {
			return err
		}
		r.w.end()
	}
	return nil
}

// lineEnd ends a line within a paragraph; within a heading or a cell it is a
// blank.
func (r *markdownReader) lineEnd() {
	if r.w.proto.Kind == Heading {
		r.w.writeText(" ")
		return
	}
	r.w.flush()
}

// plain resolves the escapes and entities of a piece of source.
func (r *markdownReader) plain(b []byte, raw bool) string {
	if !raw && strings.ContainsAny(string(b), `\&`) {
		b = util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(b)))
	}
	return string(b)
}

// textOf is the text of a picture's description.
func (r *markdownReader) textOf(n ast.Node, depth int) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil && depth < maxNesting; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.WriteString(r.plain(t.Segment.Value(r.source), t.IsRaw()))
		} else {
			b.WriteString(r.textOf(c, depth+1))
		}
	}
	return b.String()
}
