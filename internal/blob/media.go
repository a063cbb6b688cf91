package blob

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// sniffLen is how many bytes of a blob decide its media type.
const sniffLen = 3072

// OFD is the media type of the national fixed-layout format (GB/T 33190).
const OFD = "application/ofd"

func init() {
	mimetype.SetLimit(sniffLen)
	mimetype.Lookup("application/zip").Extend(isOFD, OFD, ".ofd")
}

// isOFD tells whether a zip archive holds OFD.xml as one of its first entries.
func isOFD(head []byte, _ uint32) bool {
	const localHeader, nameAt = "PK\x03\x04", 30
	for at := 0; ; {
		i := bytes.Index(head[at:], []byte(localHeader))
		if i < 0 {
			return false
		}
		at += i + len(localHeader)
		if name := at - len(localHeader) + nameAt; name < len(head) && bytes.HasPrefix(head[name:], []byte("OFD.xml")) {
			return true
		}
	}
}

// mediaType finds the type of a blob from its first bytes; it depends on
// nothing else. Only UTF-8 is named as a character set: other guesses are too
// often wrong for Chinese text.
func mediaType(head []byte) string {
	found := mimetype.Detect(head[:min(len(head), sniffLen)]).String()
	if bare, params, _ := strings.Cut(found, ";"); !strings.HasSuffix(params, "charset=utf-8") {
		return bare
	}
	return found
}

// formatSize writes a limit the way people say it: 50 MB.
func formatSize(n int64) string {
	for _, unit := range []struct {
		size int64
		name string
	}{{1 << 30, " GB"}, {1 << 20, " MB"}, {1 << 10, " kB"}} {
		if n >= unit.size && n%unit.size == 0 {
			return strconv.FormatInt(n/unit.size, 10) + unit.name
		}
	}
	return strconv.FormatInt(n, 10) + " 字节"
}
