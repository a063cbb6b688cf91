package publication

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/simplifiedchinese"

	"gongkai/internal/fault"
)

// What an import reads at most, and at once.
const (
	maxLine    = 16 << 20 // bytes of a line
	batchLines = 200      // lines of a transaction
	batchBytes = 8 << 20  // or as many bytes
	clipRaw    = 400      // characters of a refused line that are repeated
)

// rawLine is a line of the file.
type rawLine struct {
	no      int // from 1
	text    []byte
	problem string // why it cannot be read; text is its beginning then
}

// lineReader cuts a stream into lines. A line that is too long is named and
// skipped, never held.
type lineReader struct {
	r      *bufio.Reader
	no     int
	closer func()
}

// newLineReader reads plain text or Zstandard, whichever the bytes are, and
// refuses what is no JSON Lines at all.
func newLineReader(r io.Reader) (*lineReader, error) {
	in := &lineReader{r: bufio.NewReaderSize(r, 256<<10), closer: func() {}}
	if head, _ := in.r.Peek(4); bytes.Equal(head, []byte{0x28, 0xb5, 0x2f, 0xfd}) {
		z, err := zstd.NewReader(in.r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(128<<20))
		if err != nil {
			return nil, err
		}
		in.r, in.closer = bufio.NewReaderSize(z, 256<<10), z.Close
	}
	if err := in.checkHead(); err != nil {
		in.closer()
		return nil, err
	}
	return in, nil
}

var bom = []byte("\ufeff")

// checkHead looks at the beginning: a wrong encoding or another kind of file
// is said once, not for every line.
func (in *lineReader) checkHead() error {
	head, err := in.r.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return in.broken(err)
	}
	if bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff}) {
		return fault.New(fault.Invalid, "import_encoding", "文件是 UTF-16 编码，请另存为 UTF-8 再导入。")
	}
	head = bytes.TrimLeft(bytes.TrimPrefix(head, bom), " \t\r\n")
	if len(head) == 0 {
		return nil
	}
	first, _, _ := bytes.Cut(head, []byte("\n"))
	if head[0] != '{' {
		return fault.New(fault.Invalid, "import_form", "这不是 JSON Lines 文件：每行应是一个以 { 开头的对象，现在开头是“%s”。格式见 gongkai export publications 的输出。", fault.Clip(string(bytes.ToValidUTF8(bytes.TrimSpace(first), nil)), 20))
	}
	if !validPrefix(first) {
		return fault.New(fault.Invalid, "import_encoding", "文件不是 UTF-8 编码%s，请另存为 UTF-8 再导入。", guessEncoding(first))
	}
	return nil
}

// validPrefix tells whether text is UTF-8, save for a character cut at its end.
func validPrefix(text []byte) bool {
	for i := 0; i < utf8.UTFMax; i++ {
		if utf8.Valid(text) {
			return true
		}
		if len(text) > 0 {
			text = text[:len(text)-1]
		}
	}
	return false
}

// guessEncoding tells GB18030 from noise.
func guessEncoding(text []byte) string {
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(text[:min(len(text), 4096)])
	if err == nil && bytes.Count(out, []byte("\ufffd")) <= 1 { // the last character may be cut
		return "（像是 GB18030/GBK）"
	}
	return ""
}

// next gives the next line that is not empty; io.EOF at the end.
func (in *lineReader) next() (rawLine, error) {
	for {
		line, err := in.line()
		if err != nil {
			return rawLine{}, err
		}
		if line.problem != "" || len(line.text) > 0 {
			return line, nil
		}
	}
}

func (in *lineReader) line() (rawLine, error) {
	in.no++
	var text []byte
	size := 0
	for {
		part, err := in.r.ReadSlice('\n')
		size += len(part)
		if size <= maxLine {
			text = append(text, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && size == 0:
			return rawLine{}, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return rawLine{}, in.broken(err)
		}
		return in.judge(text, size), nil
	}
}

func (in *lineReader) judge(text []byte, size int) rawLine {
	line := rawLine{no: in.no, text: bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(text), bom))}
	switch {
	case size > maxLine:
		line.problem = "这一行有 " + megabytes(size) + "，超过一行最多 " + megabytes(maxLine) + "。请把大的内容放进附件，或拆成几份。"
	case !utf8.Valid(line.text):
		line.problem = "这一行不是 UTF-8 编码" + guessEncoding(line.text) + "，请转成 UTF-8。"
	}
	return line
}

func (in *lineReader) broken(err error) error {
	return fault.New(fault.Invalid, "import_broken", "读到第 %d 行后读不下去：文件不完整或已损坏。前面的行已经导入，换一份完好的文件再导入一次即可。", in.no).Because(err)
}
