package publication

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"os"

	"gongkai/internal/fault"
)

// heldLines are lines whose relations name what may stand later in the file.
// Their text waits in a temporary file; only their names stay in memory.
type heldLines struct {
	file  *os.File
	w     *bufio.Writer
	lines []heldLine
	names map[string]int // source_ids and numbers that held lines bring, counted
}

// heldLine is what decides whether a held line can be taken in.
type heldLine struct {
	brings []string // its source_id and the key of its number
	needs  []string // targets that must be here
	gone   bool     // it cannot be taken in
}

func (h *heldLines) empty() bool { return len(h.lines) == 0 }

func (h *heldLines) add(a *arrived) error {
	if h.file == nil {
		f, err := os.CreateTemp("", "gongkai-import-*")
		if err != nil {
			return fault.New(fault.Unavailable, "temp_unwritable", "不能建立临时文件，请检查临时文件夹的空间和权限。").Because(err)
		}
		h.file, h.w, h.names = f, bufio.NewWriterSize(f, 256<<10), map[string]int{}
	}
	line := heldLine{brings: []string{a.sourceID}, needs: a.p.wanted}
	if key := numberKey(a.p.line.Number); key != "" {
		line.brings = append(line.brings, key)
	}
	for _, name := range line.brings {
		h.names[name]++
	}
	h.lines = append(h.lines, line)
	var head [16]byte
	binary.BigEndian.PutUint64(head[:8], uint64(a.no))
	binary.BigEndian.PutUint64(head[8:], uint64(len(a.text)))
	_, err1 := h.w.Write(head[:])
	_, err2 := h.w.Write(a.text)
	return errors.Join(err1, err2)
}

// promised tells whether a held line brings what is named key.
func (h *heldLines) promised(key string) bool { return h.names[key] > 0 }

// settle drops from the promises all lines whose own targets nobody brings,
// until nothing changes, and gives the lines back in their order.
func (h *heldLines) settle() (next func() (rawLine, error), err error) {
	for changed := true; changed; {
		changed = false
		for i := range h.lines {
			l := &h.lines[i]
			if l.gone || h.allPromised(l.needs) {
				continue
			}
			l.gone, changed = true, true
			for _, name := range l.brings {
				h.names[name]--
			}
		}
	}
	if err := h.w.Flush(); err != nil {
		return nil, err
	}
	if _, err := h.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	r := bufio.NewReaderSize(h.file, 256<<10)
	return func() (rawLine, error) { return readHeld(r) }, nil
}

func (h *heldLines) allPromised(keys []string) bool {
	for _, k := range keys {
		if !h.promised(k) {
			return false
		}
	}
	return true
}

func readHeld(r io.Reader) (rawLine, error) {
	var head [16]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return rawLine{}, err
	}
	text := make([]byte, binary.BigEndian.Uint64(head[8:]))
	_, err := io.ReadFull(r, text)
	return rawLine{no: int(binary.BigEndian.Uint64(head[:8])), text: text}, err
}

func (h *heldLines) close() {
	if h.file != nil {
		h.file.Close()
		os.Remove(h.file.Name())
	}
}
