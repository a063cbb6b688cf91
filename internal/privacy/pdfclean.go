package privacy

import (
	"bytes"
	"compress/zlib"
	"context"
	"io"
	"regexp"
	"strconv"
	"time"

	"github.com/klippa-app/go-pdfium"

	"gongkai/internal/extract/pdf"
)

// Properties of a PDF are overwritten where they stand and nothing moves:
// tables of offsets, bookmarks, forms and tags stay right because no byte
// changes its place. A dictionary of properties within a compressed stream of
// objects is blanked there, and the stream, which only gets shorter, is filled
// up to its old length.

// pdfTime bounds what one file may take, by the machine's clock.
const pdfTime = 5 * time.Minute

// withPDF gives work an engine for a while.
func withPDF(ctx context.Context, work func(pdfium.Pdfium) error) error {
	ctx, cancel := context.WithTimeout(ctx, pdfTime)
	defer cancel()
	return pdf.Do(ctx, work)
}

// cleanPDF overwrites the properties of a PDF: the Info dictionary and XMP.
// Where the file is built so that they cannot be reached in place, it is built
// anew from its pages.
func cleanPDF(ctx context.Context, data []byte) (out []byte, removed []string, err error) {
	removed, err = pdfLabels(ctx, data)
	if err != nil {
		return nil, nil, err
	}
	out = blankPDF(data)
	if bytes.Equal(out, data) && len(removed) == 0 {
		return data, nil, nil
	}
	if len(removed) == 0 {
		return out, []string{"XMP"}, nil
	}
	left, err := pdfLabels(ctx, out)
	if err != nil || len(left) == 0 {
		return out, removed, err
	}
	out, err = assemblePDF(ctx, data, pdfPlan{})
	return blankPDF(out), removed, err
}

func pdfLabels(ctx context.Context, data []byte) (labels []string, err error) {
	err = withPDF(ctx, func(worker pdfium.Pdfium) error {
		doc, err := openPDF(worker, data)
		if err == nil {
			labels = pdfMeta(worker, doc)
		}
		return err
	})
	return labels, err
}

var (
	infoReference = regexp.MustCompile(`/Info[\s]+(\d+)[\s]+\d+[\s]+R`)
	objectHead    = regexp.MustCompile(`(\d+)[\s]+\d+[\s]+obj\b`)
	streamLength  = regexp.MustCompile(`/Length[\s]+(\d+)([\s]+\d+[\s]+R)?`)
	objectCount   = regexp.MustCompile(`/N[\s]+(\d+)`)
	objectFirst   = regexp.MustCompile(`/First[\s]+(\d+)`)
	flateOnly     = regexp.MustCompile(`/Filter[\s]*\[?[\s]*/FlateDecode[\s]*\]?`)
	metadataType  = regexp.MustCompile(`/Type[\s]*/Metadata\b`)
	objectStream  = regexp.MustCompile(`/Type[\s]*/ObjStm\b`)
	archivalMark  = regexp.MustCompile(`pdfaid:(part|conformance)(?:="|>)([0-9A-Za-z]{1,2})`)
)

// blankPDF gives the file with blank properties; data is left as it is.
func blankPDF(data []byte) []byte {
	out := bytes.Clone(data)
	info := map[string]bool{}
	for _, m := range infoReference.FindAllSubmatch(out, -1) {
		info[string(m[1])] = true
	}
	for _, m := range objectHead.FindAllSubmatchIndex(out, -1) {
		end := m[1] + endOf(out[m[1]:])
		if info[string(out[m[2]:m[3]])] {
			blankStrings(out[m[1]:end])
		}
		if i := bytes.Index(out[m[1]:end], []byte("stream")); i >= 0 {
			blankStream(out, m[1], m[1]+i, info)
		}
	}
	return out
}

// endOf is where an object ends, as far as it can be told without its length.
func endOf(rest []byte) int {
	if i := bytes.Index(rest, []byte("endobj")); i >= 0 {
		return i
	}
	return len(rest)
}

// blankStrings overwrites the keys of a dictionary whose values are strings,
// with those values.
func blankStrings(dict []byte) {
	depth := 0
	for i := 0; i < len(dict); i++ {
		switch {
		case bytes.HasPrefix(dict[i:], []byte("<<")):
			depth++
			i++
		case bytes.HasPrefix(dict[i:], []byte(">>")):
			if depth--; depth <= 0 {
				return
			}
			i++
		case dict[i] == '/' && depth == 1:
			end := blankEntry(dict, i)
			i = end - 1
		}
	}
}

// blankEntry overwrites one entry where its value is a string, and gives where
// its key or its string ends.
func blankEntry(dict []byte, key int) int {
	at := key + 1
	for at < len(dict) && !bytes.ContainsRune([]byte(" \t\r\n\f\x00()<>[]{}/%"), rune(dict[at])) {
		at++
	}
	value := at
	for value < len(dict) && bytes.ContainsRune([]byte(" \t\r\n\f\x00"), rune(dict[value])) {
		value++
	}
	end := stringEnd(dict, value)
	if end < 0 {
		return at
	}
	for i := key; i < end; i++ {
		dict[i] = ' '
	}
	return end
}

// stringEnd is where the string that begins at i ends; -1 where none does.
func stringEnd(b []byte, i int) int {
	if i >= len(b) || b[i] != '(' && b[i] != '<' || bytes.HasPrefix(b[i:], []byte("<<")) {
		return -1
	}
	if b[i] == '<' {
		if n := bytes.IndexByte(b[i:], '>'); n >= 0 {
			return i + n + 1
		}
		return -1
	}
	depth := 0
	for ; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// blankStream blanks a stream of XMP, and dictionaries of properties within a
// stream of objects. The stream's dictionary is out[dict:word].
func blankStream(out []byte, dict, word int, info map[string]bool) {
	head := out[dict:word]
	isMetadata, isObjects := metadataType.Match(head), objectStream.Match(head)
	length := streamLength.FindSubmatch(head)
	if !isMetadata && !isObjects || length == nil {
		return
	}
	start := word + len("stream")
	if bytes.HasPrefix(out[start:], []byte("\r\n")) {
		start += 2
	} else {
		start++
	}
	size, _ := strconv.Atoi(string(length[1]))
	if len(length[2]) > 0 { // the length stands elsewhere
		size = bytes.Index(out[min(start, len(out)):], []byte("endstream"))
	}
	if size <= 0 || size > len(out)-start {
		return
	}
	body := out[start : start+size]
	packed := bytes.Contains(head, []byte("/Filter"))
	if packed && (!flateOnly.Match(head) || bytes.Contains(head, []byte("/DecodeParms"))) {
		return
	}
	plain := body
	if packed {
		plain = inflate(body)
	}
	if isMetadata {
		plain = emptyXMP(plain)
	} else {
		plain = bytes.Clone(plain)
		blankObjects(plain, head, info)
	}
	refill(body, plain, packed)
}

// unpackedMax bounds what a compressed stream of a PDF may unpack to here.
const unpackedMax = 64 << 20

func inflate(data []byte) []byte {
	r, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	out, _ := io.ReadAll(io.LimitReader(r, unpackedMax)) // what is cut off stays as it was
	return out
}

// refill puts plain into body, filled up to its length; what does not fit, or
// is what stood there, changes nothing.
func refill(body, plain []byte, packed bool) {
	if plain == nil || packed && bytes.Equal(inflate(body), plain) {
		return
	}
	if packed {
		var b bytes.Buffer
		w, _ := zlib.NewWriterLevel(&b, zlib.BestCompression)
		w.Write(plain)
		w.Close()
		plain = b.Bytes()
	}
	if len(plain) > len(body) {
		return
	}
	n := copy(body, plain)
	for i := n; i < len(body); i++ {
		body[i] = ' '
	}
}

// emptyXMP is a packet that says nothing but, where the old one did, that the
// file keeps to PDF/A; nil where the old one says no more than that.
func emptyXMP(old []byte) []byte {
	var marks []byte
	for _, m := range archivalMark.FindAllSubmatch(old, -1) {
		if mark := []byte(` pdfaid:` + string(m[1]) + `="` + string(m[2]) + `"`); !bytes.Contains(marks, mark) {
			marks = append(marks, mark...)
		}
	}
	packet := `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">`
	if len(marks) > 0 {
		packet += `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"` + string(marks) + `/></rdf:RDF>`
	}
	packet += `</x:xmpmeta><?xpacket end="r"?>`
	if string(bytes.TrimSpace(old)) == packet || len(bytes.TrimSpace(old)) == 0 {
		return nil
	}
	if len(packet) > len(old) {
		return []byte{' '}
	}
	return []byte(packet)
}

// blankObjects blanks the dictionaries of properties among the objects of a
// stream, which begins with pairs of number and offset.
func blankObjects(plain, head []byte, info map[string]bool) {
	count, first := objectCount.FindSubmatch(head), objectFirst.FindSubmatch(head)
	if count == nil || first == nil {
		return
	}
	n, _ := strconv.Atoi(string(count[1]))
	base, _ := strconv.Atoi(string(first[1]))
	if base > len(plain) {
		return
	}
	pairs := bytes.Fields(plain[:base])
	for i := 0; i+1 < len(pairs) && i < 2*n; i += 2 {
		offset, err := strconv.Atoi(string(pairs[i+1]))
		if err == nil && info[string(pairs[i])] && offset >= 0 && base+offset < len(plain) {
			blankStrings(plain[base+offset:])
		}
	}
}
