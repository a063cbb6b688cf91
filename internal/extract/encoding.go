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

// wideEncoding recognises UTF-16 without a mark by its line ends and blanks.
func wideEncoding(sample []byte) encoding.Encoding {
	var odd, even int
	for i := 0; i+1 < len(sample); i += 2 {
		switch {
		case sample[i] == 0 && sample[i+1] < 0x80 && sample[i+1] != 0:
			even++
		case sample[i+1] == 0 && sample[i] < 0x80 && sample[i] != 0:
			odd++
		case sample[i] == 0 || sample[i+1] == 0 && sample[i] != 0:
			return nil
		}
	}
	units := len(sample) / 2
	switch {
	case odd*20 > units && even == 0:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case even*20 > units && odd == 0:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return nil
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
