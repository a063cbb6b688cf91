package document

// Format is how the text of a document is written down.
type Format string

// The formats of the interchange.
const (
	Markdown Format = "markdown"
	HTML     Format = "html"
	Text     Format = "text"
)

// BlockKind tells the blocks of a text apart.
type BlockKind uint8

// The kinds of blocks.
const (
	Paragraph BlockKind = iota
	Heading
	Table
)

// Block is a piece of text between two line ends, as the source has it, before
// any division into articles. Readers of files make blocks; FromBlocks divides
// them.
type Block struct {
	Kind   BlockKind
	Level  int      // of a heading, 1 to 6; of a list's paragraph, its depth; else 0
	Text   string   // plain, one line, trimmed; for tables empty
	Number string   // automatic numbering as printed (一、 or 1.), not part of Text; may be empty
	HTML   string   // inline markup, already safe; "" where Text says it all
	Rows   [][]Cell // of tables
}

// Line is the block as printed: its automatic number and its text.
func (b Block) Line() string { return b.Number + b.Text }

// Cell is one cell of a table, standing where it begins. Cells that another
// cell spans are absent.
type Cell struct {
	Text    string
	HTML    string // as Block.HTML
	ColSpan int    // columns covered; 0 and 1 are one
	RowSpan int    // rows covered; 0 and 1 are one
	Head    bool   // a heading cell
}
