package privacy

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
)

// chunk is a piece of a picture: what it says of the picture, "" for what
// makes the pixels.
type chunk struct {
	data  []byte
	label string
	with  []byte // stands in its place
}

// chunks divides a picture; what stands after its end is a chunk as well.
func chunks(data []byte) ([]chunk, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8")):
		return jpegChunks(data)
	case bytes.HasPrefix(data, []byte("\x89PNG")):
		return pngChunks(data)
	}
	return gifChunks(data)
}

func readImage(n names, data []byte) []trace {
	all, err := chunks(data)
	if err != nil {
		return []trace{unreadable(n, "全图", "图片的结构读不懂。", data)}
	}
	var labels []string
	var said []byte
	for _, c := range all {
		if c.label != "" && !bytes.Equal(c.data, c.with) {
			labels = append(labels, c.label)
			said = append(said, c.data...)
		}
	}
	if len(labels) == 0 {
		return nil
	}
	text := strings.Join(labels, "、")
	return []trace{{Finding{Kind: Metadata, Place: n.prefix + "图片属性", Excerpt: "带有：" + text, Match: text, Key: keyOf(Metadata, string(said), n.home)}, func() error { return nil }}}
}

// cleanImage takes away what describes the picture. Pixels are not touched;
// how a camera was held is kept, since the picture would lie on its side.
func cleanImage(data []byte) (out []byte, removed []string, err error) {
	all, err := chunks(data)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range all {
		if c.label == "" {
			out = append(out, c.data...)
			continue
		}
		if !bytes.Equal(c.data, c.with) {
			removed = append(removed, c.label)
		}
		out = append(out, c.with...)
	}
	return out, removed, nil
}

// jpegLabels are segments that describe (APP1 Exif and XMP, APP13 IPTC, …).
// JFIF, colour profiles and Adobe's transform belong to the pixels.
func jpegLabel(marker byte, body []byte) string {
	switch {
	case marker == 0xE1 && bytes.HasPrefix(body, []byte("Exif\x00")):
		if exifTag(body[6:], 0x8825) >= 0 {
			return "Exif（含拍摄地点）"
		}
		return "Exif"
	case marker == 0xE1:
		return "XMP"
	case marker == 0xED:
		return "IPTC"
	case marker == 0xFE:
		return "注释"
	case marker == 0xE0 && bytes.HasPrefix(body, []byte("JFIF\x00")), marker == 0xE2 && bytes.HasPrefix(body, []byte("ICC_PROFILE\x00")), marker == 0xEE:
		return ""
	case 0xE0 <= marker && marker <= 0xEF:
		return "应用数据"
	}
	return ""
}

func jpegChunks(data []byte) ([]chunk, error) {
	out := []chunk{{data: data[:2]}}
	for at := 2; ; {
		if at+2 > len(data) || data[at] != 0xFF {
			return nil, broken("图片", io.ErrUnexpectedEOF)
		}
		marker := data[at+1]
		switch {
		case marker == 0xFF: // padding
			at++
			continue
		case marker == 0xD9:
			out = append(out, chunk{data: data[at : at+2]})
			return tail(out, data[at+2:]), nil
		case at+4 > len(data):
			return nil, broken("图片", io.ErrUnexpectedEOF)
		}
		end := at + 2 + int(binary.BigEndian.Uint16(data[at+2:]))
		if end > len(data) || end < at+4 {
			return nil, broken("图片", io.ErrUnexpectedEOF)
		}
		body := data[at+4 : end]
		label := jpegLabel(marker, body)
		if marker == 0xDA {
			end = entropyEnd(data, end)
		}
		c := chunk{data: data[at:end], label: label}
		if strings.HasPrefix(label, "Exif") {
			c.with = orientationOnly(body[6:])
		}
		out = append(out, c)
		at = end
	}
}

// tail keeps what stands after the end of a picture in sight.
func tail(out []chunk, rest []byte) []chunk {
	if len(rest) > 0 {
		out = append(out, chunk{data: rest, label: "图片末尾附加的数据"})
	}
	return out
}

// entropyEnd finds the marker that ends a scan: the first that is neither a
// stuffed zero nor a restart.
func entropyEnd(data []byte, at int) int {
	for ; at+1 < len(data); at++ {
		if m := data[at+1]; data[at] == 0xFF && m != 0 && (m < 0xD0 || m > 0xD7) && m != 0xFF {
			return at
		}
	}
	return len(data)
}

// exifTag finds the entry of a tag in the first directory of a TIFF header;
// -1 where it has none.
func exifTag(tiff []byte, tag uint16) int {
	order := tiffOrder(tiff)
	if order == nil {
		return -1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return -1
	}
	n := int(order.Uint16(tiff[at:]))
	for i := range n {
		entry := at + 2 + int64(i)*12
		if entry+12 > int64(len(tiff)) {
			return -1
		}
		if order.Uint16(tiff[entry:]) == tag {
			return int(entry)
		}
	}
	return -1
}

func tiffOrder(tiff []byte) binary.ByteOrder {
	switch {
	case len(tiff) < 8:
		return nil
	case bytes.HasPrefix(tiff, []byte("II")):
		return binary.LittleEndian
	case bytes.HasPrefix(tiff, []byte("MM")):
		return binary.BigEndian
	}
	return nil
}

// orientationOnly is an Exif segment that says how the camera was held and
// nothing else; nil where it was held upright.
func orientationOnly(tiff []byte) []byte {
	entry := exifTag(tiff, 0x0112)
	if entry < 0 {
		return nil
	}
	o := tiffOrder(tiff).Uint16(tiff[entry+8:])
	if o < 2 || o > 8 {
		return nil
	}
	return append([]byte("\xff\xe1\x00\x22Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01"), 0, byte(o), 0, 0, 0, 0, 0, 0)
}

var pngLabels = map[string]string{"tEXt": "文字说明", "zTXt": "文字说明", "iTXt": "文字说明或 XMP", "eXIf": "Exif", "tIME": "修改时间"}

func pngChunks(data []byte) ([]chunk, error) {
	out := []chunk{{data: data[:8]}}
	for at := 8; ; {
		if at+12 > len(data) {
			return nil, broken("图片", io.ErrUnexpectedEOF)
		}
		end := int64(at) + 12 + int64(binary.BigEndian.Uint32(data[at:]))
		if end > int64(len(data)) {
			return nil, broken("图片", io.ErrUnexpectedEOF)
		}
		kind := string(data[at+4 : at+8])
		out = append(out, chunk{data: data[at:end], label: pngLabels[kind]})
		if at = int(end); kind == "IEND" {
			return tail(out, data[at:]), nil
		}
	}
}

func gifChunks(data []byte) ([]chunk, error) {
	cut := errors.New("the picture ends early")
	if len(data) < 13 {
		return nil, broken("图片", cut)
	}
	at := 13 + colours(data[10])
	out := []chunk{{data: data[:min(at, len(data))]}}
	for at < len(data) {
		start, label := at, ""
		switch data[at] {
		case 0x3B:
			out = append(out, chunk{data: data[at : at+1]})
			return tail(out, data[at+1:]), nil
		case 0x21:
			if at+2 >= len(data) {
				return nil, broken("图片", cut)
			}
			name := string(data[at+2 : min(len(data), at+14)])
			if data[at+1] == 0xFE {
				label = "注释"
			} else if data[at+1] == 0xFF && !strings.Contains(name, "NETSCAPE2.0") && !strings.Contains(name, "ANIMEXTS1.0") {
				label = "应用数据"
			}
			at += 2
		case 0x2C:
			if at+10 > len(data) {
				return nil, broken("图片", cut)
			}
			at += 11 + colours(data[at+9])
		default:
			return nil, broken("图片", cut)
		}
		for at < len(data) && data[at] != 0 { // blocks, each led by its length
			at += 1 + int(data[at])
		}
		if at++; at > len(data) {
			return nil, broken("图片", cut)
		}
		out = append(out, chunk{data: data[start:at], label: label})
	}
	return nil, broken("图片", cut)
}

// colours is the size of a table of colours by the flags before it.
func colours(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}
