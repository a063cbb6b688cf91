package extract

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/richardlehane/mscfb"
	"golang.org/x/text/encoding/charmap"

	"gongkai/internal/fault"
)

// readOldOffice reads DOC files of Word 97 to 2003 (MS-DOC). Other files of
// that age — workbooks, Word 6 — are refused.
func readOldOffice(data []byte, limits Limits) (doc Document, err error) {
	defer func() { // the container's reader is not ours
		if recover() != nil {
			err = broken("DOC 文件", errors.New("panic while reading"))
		}
	}()
	streams, embedded, err := openStreams(data, limits)
	if err != nil {
		return Document{}, err
	}
	main := streams["WordDocument"]
	if main == nil {
		return Document{}, refuse(OldOffice)
	}
	r := docReader{main: main, data: streams["Data"]}
	if err := r.header(streams); err != nil {
		return Document{}, err
	}
	r.readStyles()
	r.readLists()
	r.readRuns()
	r.text()
	doc = Document{Title: r.title, Blocks: r.blocks, Warnings: r.warnings()}
	if doc.Title == "" {
		doc.Title = guessTitle(doc.Blocks)
	}
	if embedded > 0 {
		doc.Warnings = append(doc.Warnings, fmt.Sprintf("文件里嵌有 %d 个对象（如表格、公式），没有取出，请核对。", embedded))
	}
	if len(doc.Blocks) == 0 {
		return Document{}, fault.New(fault.Invalid, "doc_empty", "DOC 文件里没有文字。请检查是否交错了文件。")
	}
	return doc, nil
}

// openStreams reads the streams that hold a document's text, and counts the
// objects embedded in it.
func openStreams(data []byte, limits Limits) (streams map[string]bin, embedded int, err error) {
	c, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		return nil, 0, broken("文件", err)
	}
	if len(c.File) > limits.Entries {
		return nil, 0, tooLarge("文件里有 %d 个部件，超过上限 %d 个，不像正常的文档。请用办公软件另存一份再交。", len(c.File), limits.Entries)
	}
	streams = make(map[string]bin)
	for _, f := range c.File {
		switch {
		case len(f.Path) == 2 && f.Path[0] == "ObjectPool" || len(f.Path) == 1 && f.Path[0] == "ObjectPool" && f.FileInfo().IsDir():
			embedded++
		case len(f.Path) == 0 && (f.Name == "WordDocument" || f.Name == "0Table" || f.Name == "1Table" || f.Name == "Data"):
			b, err := io.ReadAll(io.LimitReader(f, min(int64(len(data)), limits.Unpacked)))
			if err != nil {
				return nil, 0, broken("文件", err)
			}
			streams[f.Name] = b
		}
	}
	return streams, embedded, nil
}

// bin is bytes read in little endian; what lies outside is zero.
type bin []byte

func (b bin) u8(at int) int {
	if at < 0 || at >= len(b) {
		return 0
	}
	return int(b[at])
}

func (b bin) u16(at int) int { return b.u8(at) | b.u8(at+1)<<8 }

func (b bin) i16(at int) int { return int(int16(b.u16(at))) }

// u32 is kept within what is an offset; greater numbers are none.
func (b bin) u32(at int) int { return b.u16(at) | b.u16(at+2)<<16 }

// part is b[at : at+n], shorter where b ends.
func (b bin) part(at, n int) bin {
	if at < 0 || n < 0 || at >= len(b) {
		return nil
	}
	return b[at:min(len(b), at+n)]
}

// docReader is the state of reading one file.
type docReader struct {
	main, table, data bin
	length            int // characters of the main text
	pieces            []docPiece
	chars             []charRun
	paras             []paraRun
	styles            []docStyle
	numbering         numbering
	out               docText
	blocks            []Block
	title             string
	count             docCount
}

// docPiece is a stretch of text: characters from to to stand at at.
type docPiece struct {
	from, to, at int
	narrow       bool // one byte each, in CP1252
}

// Positions in the header (FIB), and the numbers of its pairs of place and
// length in the table stream.
const (
	fibFlags  = 0x0A
	fibLength = 0x4C
	fibPairs  = 0x9A

	pairStyles = 1
	pairChars  = 12
	pairParas  = 13
	pairPieces = 33
	pairLists  = 73
	pairUses   = 74

	flagEncrypted = 0x0100
	flagTable1    = 0x0200
)

func (r *docReader) header(streams map[string]bin) error {
	const word97 = 0xC1
	if r.main.u16(0) != 0xA5EC || r.main.u16(2) < word97 {
		return refuse(OldOffice)
	}
	flags := r.main.u16(fibFlags)
	if flags&flagEncrypted != 0 {
		return fault.New(fault.Invalid, "doc_password", "DOC 文件设了打开密码，读不出内容。请用办公软件去掉密码后再交。")
	}
	r.table = streams["0Table"]
	if flags&flagTable1 != 0 {
		r.table = streams["1Table"]
	}
	r.length = min(r.main.u32(fibLength), len(r.main))
	r.readPieces(r.pair(pairPieces))
	if len(r.pieces) == 0 {
		return broken("DOC 文件", errors.New("no pieces"))
	}
	return nil
}

// pair gives the part of the table stream that the header's i-th pair names.
func (r *docReader) pair(i int) bin {
	at := fibPairs + 8*i
	return r.table.part(r.main.u32(at), r.main.u32(at+4))
}

// readPieces reads the piece table, which stands behind lists of properties.
func (r *docReader) readPieces(clx bin) {
	at := 0
	for at < len(clx) && clx.u8(at) == 1 {
		at += 3 + clx.u16(at+1)
	}
	if clx.u8(at) != 2 {
		return
	}
	plc := clx.part(at+5, clx.u32(at+1))
	n := (len(plc) - 4) / 12
	const narrow = 1 << 30
	for i := range n {
		p := docPiece{from: plc.u32(4 * i), to: min(plc.u32(4*i+4), r.length)}
		fc := plc.u32(4*(n+1) + 8*i + 2)
		p.at, p.narrow = fc&^narrow, fc&narrow != 0
		if p.narrow {
			p.at /= 2
		}
		if p.from < p.to {
			r.pieces = append(r.pieces, p)
		}
	}
}

// text walks the main text character by character.
func (r *docReader) text() {
	seen := 0
	for _, p := range r.pieces {
		var high rune
		for cp := p.from; cp < p.to && seen < r.length; cp++ {
			seen++
			var c rune
			at := p.at + cp - p.from
			if p.narrow {
				c = charmap.Windows1252.DecodeByte(byte(r.main.u8(at)))
			} else {
				at = p.at + 2*(cp-p.from)
				c = rune(r.main.u16(at))
			}
			if utf16.IsSurrogate(c) {
				if c < 0xDC00 {
					high = c
					continue
				}
				c = utf16.DecodeRune(high, c)
			}
			r.char(c, at)
		}
	}
	r.endParagraph(paraProp{})
	r.endTable()
}

// docCount counts what is left out or should be looked at.
type docCount struct {
	hidden, deleted, inserted, notes, comments, pictures int
}

func (r *docReader) warnings() []string {
	var out []string
	for _, w := range []struct {
		n      int
		format string
	}{
		{r.count.hidden, "有 %d 处隐藏文字，没有取出；公开前请在原件中删除。"},
		{r.count.inserted, "有 %d 处修订插入，已按接受处理。"},
		{r.count.deleted, "有 %d 处修订删除，已略去；公开前请在原件中接受修订。"},
		{r.count.comments, "有 %d 处批注，没有取出；公开前请在原件中删除。"},
		{r.count.notes, "有 %d 处脚注或尾注，没有取出，请核对。"},
		{r.count.pictures, "有 %d 幅图片或图形，没有取出。"},
	} {
		if w.n > 0 {
			out = append(out, fmt.Sprintf(w.format, w.n))
		}
	}
	return out
}

// docText is the paragraph, cell and row being read.
type docText struct {
	para   strings.Builder
	fields []bool // open fields; true while their code is read
	last   charRun
	cell   []string
	row    []string
	rows   []docRow
}

// docRow is a row with the edges of its cells, in twentieths of a point.
type docRow struct {
	cells []string
	edges []int
	down  []int // vertical merging: 1 goes on with the cell above, 3 begins
}
