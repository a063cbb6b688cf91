package extract

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"gongkai/internal/fault"
)

// boms are the byte order marks and what they announce.
var boms = []struct {
	mark     string
	encoding encoding.Encoding
}{
	{"\xef\xbb\xbf", encoding.Nop},
	{"\xff\xfe", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
	{"\xfe\xff", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
}

// sampleSize is how much of a file is looked at to tell what it is.
const sampleSize = 64 << 10

// looksLikeText tells text in any of the encodings from binary files, by the
// share of control characters.
func looksLikeText(data []byte) bool {
	for _, b := range boms {
		if bytes.HasPrefix(data, []byte(b.mark)) {
			return true
		}
	}
	sample := data[:min(len(data), sampleSize)]
	if wideEncoding(sample) != nil {
		return true
	}
	control := 0
	for _, c := range sample {
		if c == 0 {
			return false
		}
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' {
			control++
		}
	}
	return control*100 <= len(sample)
}

// wideEncoding recognises UTF-16 without a mark: there are zero bytes, and in
// one order of bytes nearly everything is a character of Chinese text.
func wideEncoding(sample []byte) encoding.Encoding {
	if bytes.IndexByte(sample, 0) < 0 {
		return nil
	}
	var little, big int
	units := len(sample) / 2
	for i := range units {
		first, second := rune(sample[2*i]), rune(sample[2*i+1])
		if usual(second<<8 | first) {
			little++
		}
		if usual(first<<8 | second) {
			big++
		}
	}
	switch {
	case max(little, big)*20 < units*19 || units < 4:
		return nil
	case little >= big:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	}
	return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
}

// usual tells whether r is common in Chinese text.
func usual(r rune) bool {
	return ' ' <= r && r < 0x7f || r == '\n' || r == '\r' || r == '\t' || 0x2010 <= r && r <= 0x2027 ||
		0x3000 <= r && r <= 0x301F || 0x4E00 <= r && r <= 0x9FFF || 0xFF00 <= r && r <= 0xFF5F
}

// decodeText gives the text of data as UTF-8. declared is the encoding that
// the file names itself, "" for none; it is believed where the bytes allow it.
func decodeText(data []byte, declared string) (s string, warnings []string, err error) {
	for _, b := range boms {
		if rest, ok := bytes.CutPrefix(data, []byte(b.mark)); ok {
			return convert(rest, b.encoding)
		}
	}
	if e := wideEncoding(data[:min(len(data), sampleSize)]); e != nil {
		return convert(data, e)
	}
	if utf8.Valid(data) {
		return string(data), nil, nil
	}
	if e, name := charset.Lookup(declared); e != nil && !strings.HasPrefix(name, "windows-125") {
		if s, w, err := convert(data, e); err == nil {
			return s, w, nil
		}
	}
	if s, w, err := convert(data, simplifiedchinese.GB18030); err == nil {
		return s, w, nil
	}
	return convert(data, encoding.Nop)
}

// convert decodes data. A few bytes that mean nothing are replaced and warned
// of; more than one in a hundred is an error.
func convert(data []byte, e encoding.Encoding) (s string, warnings []string, err error) {
	out := data
	if e != encoding.Nop {
		if out, err = e.NewDecoder().Bytes(data); err != nil {
			return "", nil, badEncoding(err)
		}
	}
	s = strings.ToValidUTF8(string(out), "\ufffd")
	bad := strings.Count(s, "\ufffd")
	if bad*100 > utf8.RuneCountInString(s) {
		return "", nil, badEncoding(nil)
	}
	if bad > 0 {
		warnings = []string{"有个别字符的编码无法识别，已换成“\ufffd”，请核对原文。"}
	}
	return s, warnings, nil
}

func badEncoding(cause error) error {
	return fault.New(fault.Invalid, "encoding_unknown", "文字编码无法识别（试过 UTF-8、GB18030、UTF-16）。请另存为 UTF-8 后再交。").Because(cause)
}
