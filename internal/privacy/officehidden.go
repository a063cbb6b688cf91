package privacy

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// hideState follows what makes a run invisible: set as hidden, white on
// nothing, or smaller than anybody reads.
type hideState struct {
	run                     int // depth of the open run, 0 for none
	vanish, white, tiny, bg bool
	said                    int // runes of the run
	paragraphBg             bool
	cellBg                  bool
}

// tinySize is the size of letters nobody reads, in half points.
const tinySize = 6

func (h *hideState) open(p []node) {
	n := p[len(p)-1]
	switch n.name {
	case "tc":
		h.cellBg = false
	case "p":
		h.paragraphBg = false
	case "r":
		*h = hideState{run: len(p), paragraphBg: h.paragraphBg, cellBg: h.cellBg}
	case "shd":
		if fill := strings.ToUpper(n.attr("fill")); fill != "" && fill != "AUTO" && fill != "FFFFFF" {
			h.bg = h.bg || within(p, "r")
			h.paragraphBg = h.paragraphBg || within(p, "pPr")
			h.cellBg = h.cellBg || within(p, "tcPr")
		}
	}
	if h.run == 0 || len(p) < 2 || p[len(p)-2].name != "rPr" {
		return
	}
	switch n.name {
	case "vanish", "webHidden":
		h.vanish = !n.isOff() && n.name == "vanish"
	case "highlight":
		h.bg = !n.isOff()
	case "color":
		h.white = strings.EqualFold(n.attr("val"), "FFFFFF")
	case "sz":
		size, err := strconv.Atoi(n.attr("val"))
		h.tiny = err == nil && size <= tinySize
	}
}

func (h *hideState) text(s string) { h.said += len([]rune(strings.TrimSpace(s))) }

// why says what hides the run, "" where nothing does.
func (h *hideState) why() string {
	switch {
	case h.vanish:
		return "设为隐藏"
	case h.white && !h.bg && !h.paragraphBg && !h.cellBg:
		return "白色"
	case h.tiny:
		return "字号极小"
	}
	return ""
}

// closeHidden notes a run that had text and is hidden.
func (t *partText) closeHidden(p []node) {
	h, n := &t.hide, p[len(p)-1]
	if n.name != "r" || h.run != len(p) {
		return
	}
	why, said := h.why(), h.said
	h.run = 0
	if why == "" || said == 0 || !strings.HasPrefix(t.part, "word/") {
		return
	}
	start, end := n.start, n.end
	t.note(HiddenText, strings.TrimPrefix(t.place(), t.prefix), string(t.data[start:end]), why+"的文字 "+strconv.Itoa(said)+" 字", func() error {
		t.cut(t.part, start, end)
		return nil
	})
}

// changes are the tracked changes of a part, and how to accept them.
type changes struct {
	edits             []edit
	inserted, deleted int
	old               strings.Builder
	tail              int // where the tag just read begins
}

// changeMarks say what accepting does with an element: whether it goes whole
// or only its tags.
var changeMarks = map[string]struct{ whole bool }{
	"ins": {false}, "moveTo": {false}, "del": {true}, "moveFrom": {true},
	"rPrChange": {true}, "pPrChange": {true}, "tblPrChange": {true}, "trPrChange": {true}, "tcPrChange": {true}, "sectPrChange": {true}, "tblGridChange": {true},
	"tblPrExChange": {true}, "numberingChange": {true}, "cellIns": {true}, "cellDel": {true}, "cellMerge": {true},
	"moveFromRangeStart": {true}, "moveFromRangeEnd": {true}, "moveToRangeStart": {true}, "moveToRangeEnd": {true},
}

func (c *changes) text(p []node, s string) {
	if within(p, "del") || within(p, "moveFrom") {
		c.old.WriteString(s)
	}
}

func (c *changes) close(p []node) {
	n := p[len(p)-1]
	mark, ok := changeMarks[n.name]
	if !ok {
		return
	}
	parent := ""
	if len(p) > 1 {
		parent = p[len(p)-2].name
	}
	if n.name == "del" && parent == "trPr" && len(p) > 2 { // the whole row was deleted
		c.edits = append(c.edits, edit{p[len(p)-3].start, -1, ""})
	}
	if mark.whole || parent == "rPr" || parent == "trPr" || n.head == n.end {
		c.edits = append(c.edits, edit{n.start, n.end, ""})
	} else {
		c.edits = append(c.edits, edit{n.start, n.head, ""}, edit{c.tail, n.end, ""})
	}
	if mark.whole && n.name == "del" || n.name == "moveFrom" {
		c.deleted++
	} else if n.name == "ins" || n.name == "moveTo" {
		c.inserted++
	}
}

// remark is a comment.
type remark struct {
	id, author string
	text       strings.Builder
	start, end int
}

func (t *partText) isRemark(n node) bool {
	return n.name == "comment" && strings.HasPrefix(path.Base(t.part), "comments") || n.name == "threadedComment" || n.name == "cm" && strings.HasPrefix(t.part, "ppt/comments/")
}

func (t *partText) openRemark(p []node) {
	if n := p[len(p)-1]; t.isRemark(n) {
		id := n.attr("id")
		if ref := n.attr("ref"); ref != "" {
			id = ref
		}
		t.notes[n.start] = &remark{id: id, author: n.attr("author"), start: n.start}
	}
}

func (t *partText) remarkText(p []node, s string) {
	for _, n := range p {
		if r := t.notes[n.start]; r != nil && t.isRemark(n) {
			r.text.WriteString(s)
		}
	}
}

func (t *partText) closeRemark(p []node) {
	if n := p[len(p)-1]; t.isRemark(n) && t.notes[n.start] != nil {
		t.notes[n.start].end = n.end
	}
}

// finish notes what the part as a whole shows.
func (t *partText) finish() {
	t.finishChanges()
	starts := make([]int, 0, len(t.notes))
	for at := range t.notes {
		starts = append(starts, at)
	}
	slices.Sort(starts)
	for _, at := range starts {
		r := t.notes[at]
		place := "批注"
		if !strings.HasPrefix(t.part, "word/") {
			place = "批注 " + r.id
		}
		t.note(Comment, place, r.author+"\x00"+r.text.String(), count("一条批注，%d 字", len([]rune(strings.TrimSpace(r.text.String())))), func() error {
			t.cut(t.part, r.start, r.end)
			return t.dropRemark(t.part, r.id)
		})
	}
}

func (t *partText) finishChanges() {
	c := &t.changes
	if len(c.edits) == 0 || !strings.HasPrefix(t.part, "word/") {
		return
	}
	for i, e := range c.edits {
		if e.end < 0 {
			c.edits[i].end = t.elementEnd(e.start)
		}
	}
	place := strings.TrimSpace(t.label + "修订")
	t.note(TrackedChange, place, c.old.String(), "插入 "+strconv.Itoa(c.inserted)+" 处，删除 "+strconv.Itoa(c.deleted)+" 处；清除时按接受修订处理", func() error {
		t.edits[t.part] = append(t.edits[t.part], c.edits...)
		return nil
	})
}

// elementEnd finds the end of the element that begins at start.
func (t *partText) elementEnd(start int) int {
	end := start
	_ = walkXML(t.data, xmlVisitor{close: func(p []node, _ int) { // it was read once without error
		if n := p[len(p)-1]; n.start == start {
			end = n.end
		}
	}})
	return end
}
