package privacy

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"gongkai/internal/fault"
)

// budget is what a file and everything within it may still cost.
type budget struct {
	unpacked int64
	entries  int
	ratio    int64
	nesting  int
}

func newBudget(l Limits) *budget {
	l = l.withDefaults()
	return &budget{l.Unpacked, l.Entries, l.Ratio, l.Nesting}
}

// pack is a zipped file whose parts can be read and replaced. Parts that
// nobody touches are written back as the bytes they were, in their order.
type pack struct {
	parts  []*part
	byName map[string]*part
	cost   *budget
}

// part is one file of a pack.
type part struct {
	name    string
	file    *zip.File
	data    []byte // once read or replaced
	read    bool
	changed bool
	dropped bool
}

func openPack(data []byte, cost *budget) (*pack, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, broken("压缩的文件", err)
	}
	if cost.entries -= len(z.File); cost.entries < 0 {
		return nil, bomb("里面的文件太多")
	}
	p := &pack{byName: make(map[string]*part, len(z.File)), cost: cost}
	for _, f := range z.File {
		if f.Flags&1 != 0 {
			return nil, encrypted()
		}
		name := strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/")
		if p.byName[strings.ToLower(name)] != nil {
			return nil, broken("压缩的文件", errors.New("two parts of one name"))
		}
		e := &part{name: name, file: f}
		p.parts = append(p.parts, e)
		p.byName[strings.ToLower(name)] = e
	}
	return p, nil
}

// get reads a part; nil where there is none.
func (p *pack) get(name string) ([]byte, error) {
	e := p.byName[strings.ToLower(strings.TrimPrefix(name, "/"))]
	if e == nil || e.dropped {
		return nil, nil
	}
	return p.load(e)
}

// ratioFree is the size up to which no ratio is asked.
const ratioFree = 1 << 20

func (p *pack) load(e *part) ([]byte, error) {
	if e.read {
		return e.data, nil
	}
	bound := min(p.cost.unpacked, max(ratioFree, int64(e.file.CompressedSize64)*p.cost.ratio))
	r, err := e.file.Open()
	if err != nil {
		return nil, broken("压缩的文件", err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, bound+1)) // sizes written in the archive may lie
	if int64(len(data)) > bound {
		return nil, bomb("解压后过大")
	}
	if err != nil {
		return nil, broken("压缩的文件", err)
	}
	p.cost.unpacked -= int64(len(data))
	e.data, e.read = data, true
	return data, nil
}

// put replaces a part that there is.
func (p *pack) put(name string, data []byte) {
	e := p.byName[strings.ToLower(name)]
	if e == nil || bytes.Equal(e.data, data) && e.read {
		return
	}
	e.data, e.read, e.changed = data, true, true
}

func (p *pack) drop(name string) bool {
	e := p.byName[strings.ToLower(strings.TrimPrefix(name, "/"))]
	if e == nil || e.dropped {
		return false
	}
	e.dropped = true
	return true
}

func (p *pack) touched() bool {
	return slices.ContainsFunc(p.parts, func(e *part) bool { return e.changed || e.dropped })
}

// bytes writes the pack.
func (p *pack) bytes() ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range p.parts {
		switch {
		case e.dropped:
		case !e.changed:
			if err := w.Copy(e.file); err != nil {
				return nil, err
			}
		default:
			to, err := w.CreateHeader(&zip.FileHeader{Name: e.file.Name, Method: zip.Deflate, NonUTF8: e.file.NonUTF8})
			if err != nil {
				return nil, err
			}
			if _, err := to.Write(e.data); err != nil {
				return nil, err
			}
		}
	}
	err := w.Close()
	return b.Bytes(), err
}

func broken(what string, cause error) error {
	return fault.New(fault.Invalid, "file_broken", "%s已损坏，读不下去。请用办公软件打开确认，另存一份再交。", what).Because(cause)
}

func bomb(what string) error {
	return fault.New(fault.TooLarge, "archive_bomb", "压缩的文件%s，不像正常的文件（像“压缩炸弹”），已停止读取。请解压后逐个交。", what)
}

func encrypted() error {
	return fault.New(fault.Invalid, "file_encrypted", "文件设了密码，程序看不到里面的内容，不能检查。请去掉密码另存一份再交。")
}
