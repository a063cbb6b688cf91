package extract

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
)

// detectZip tells the zipped kinds apart by the files they must hold.
func detectZip(data []byte) Kind {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return Archive
	}
	for _, f := range z.File {
		switch name := strings.TrimPrefix(f.Name, "/"); {
		case name == "word/document.xml":
			return DOCX
		case name == "xl/workbook.xml":
			return XLSX
		case strings.EqualFold(name, "OFD.xml"):
			return OFD
		}
	}
	return Archive
}

// archive is a zipped file within limits. Files inside it are never opened as
// archives themselves.
type archive struct {
	all   []*zip.File
	files map[string]*zip.File
	left  int64 // bytes that may still be unpacked
	ratio int64
}

func openArchive(data []byte, limits Limits) (*archive, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, broken("文件", err)
	}
	if len(z.File) > limits.Entries {
		return nil, tooLarge("压缩的文件里有 %d 个部件，超过上限 %d 个，不像正常的文档。请用办公软件另存一份再交。", len(z.File), limits.Entries)
	}
	a := &archive{all: z.File, files: make(map[string]*zip.File, len(z.File)), left: limits.Unpacked, ratio: limits.Ratio}
	for _, f := range z.File {
		name := strings.TrimPrefix(f.Name, "/")
		if _, twice := a.files[name]; !twice {
			a.files[name] = f
		}
	}
	return a, nil
}

// open unpacks one part; ok is false where the archive does not hold it.
func (a *archive) open(name string) (data []byte, ok bool, err error) {
	f := a.files[name]
	if f == nil {
		return nil, false, nil
	}
	var b bytes.Buffer
	err = a.unpack(f, &b)
	return b.Bytes(), true, err
}

// ratioFree is the size up to which no ratio is asked.
const ratioFree = 1 << 20

// unpack counts what really comes out; sizes written in the archive may lie.
func (a *archive) unpack(f *zip.File, w io.Writer) error {
	bound := min(a.left, max(ratioFree, int64(f.CompressedSize64)*a.ratio))
	r, err := f.Open()
	if err != nil {
		return broken("文件", err)
	}
	defer r.Close()
	n, err := io.Copy(w, io.LimitReader(r, bound+1))
	if n > bound {
		return tooLarge("文件解压后过大或压缩比异常（像“压缩炸弹”），已停止读取。请用办公软件另存一份再交。")
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return broken("文件", err)
	}
	a.left -= n
	return nil
}

// checkAll unpacks everything to nowhere, to prove that a library that reads
// the same archive stays within the limits.
func (a *archive) checkAll() error {
	left := a.left
	defer func() { a.left = left }()
	for _, f := range a.all {
		if err := a.unpack(f, io.Discard); err != nil {
			return err
		}
	}
	return nil
}
