package desk

import (
	"encoding/json"
	"strconv"
	"strings"

	"gongkai/internal/drafting"
	"gongkai/internal/fault"
	"gongkai/internal/publication"
	"gongkai/internal/web/ui"
)

// draftVersionsPage lists the texts of a draft.
type draftVersionsPage struct {
	frame
	ID     int64
	Rows   []draftVersion
	Public int // version of the record; 0 where nothing is public
}

// View names the folder.
func (*draftVersionsPage) View() string { return "draft_versions" }

type draftVersion struct {
	No      int
	By, At  string
	Same    bool   // the text is that of the version before: files or settings changed
	Compare string // with the version before; "" for the first
	First   bool
	Second  bool
}

func showVersions(v *visit) (ui.Page, error) {
	id, err := v.id("id")
	if err != nil {
		return nil, err
	}
	d, err := v.Drafts.Draft(v.r.Context(), v.me, id)
	if err != nil {
		return nil, err
	}
	list, err := v.Drafts.Revisions(v.r.Context(), v.me, id)
	if err != nil {
		return nil, err
	}
	var actors []string
	for _, r := range list {
		actors = append(actors, r.By)
	}
	names, err := v.called(actors...)
	if err != nil {
		return nil, err
	}
	p := &draftVersionsPage{frame: v.frame("各版本：" + headline(d.Title)), ID: id}
	for i, r := range list {
		row := draftVersion{No: r.No, By: names[r.By], At: ui.Stamp(r.At), First: i == 0, Second: i == 1}
		if i+1 < len(list) {
			before := list[i+1]
			row.Same = before.Hash == r.Hash
			row.Compare = draftWay(id, "compare?from="+strconv.Itoa(before.No)+"&to="+strconv.Itoa(r.No))
		}
		p.Rows = append(p.Rows, row)
	}
	if d.RecordID != 0 {
		record, err := v.Publications.Get(v.r.Context(), d.RecordID)
		if err != nil {
			return nil, err
		}
		p.Public = record.Version
	}
	return p, nil
}

// publicSide names the published version in the address of a comparison.
const publicSide = "public"

// draftComparePage shows two texts side by side.
type draftComparePage struct {
	frame
	ID       int64
	From, To string // in words
	Diff     comparison
	Whole    string // address of the page with all that is the same too; "" there
}

// View names the folder.
func (*draftComparePage) View() string { return "draft_compare" }

func showComparison(v *visit) (ui.Page, error) {
	id, err := v.id("id")
	if err != nil {
		return nil, err
	}
	d, err := v.Drafts.Draft(v.r.Context(), v.me, id)
	if err != nil {
		return nil, err
	}
	p := &draftComparePage{frame: v.frame("对比：" + headline(d.Title)), ID: id}
	before, err := v.side(&d, v.query("from"), d.Revision-1)
	if err != nil {
		return nil, err
	}
	after, err := v.side(&d, v.query("to"), d.Revision)
	if err != nil {
		return nil, err
	}
	whole := v.query("all") != ""
	p.From, p.To, p.Diff = before.words, after.words, v.compared(before.line, after.line, !whole)
	if !whole && p.Diff.Skipped {
		p.Whole = v.with("all", "1")
	}
	return p, nil
}

// textSide is one of the texts that are compared.
type textSide struct {
	words string
	line  *publication.Line
}

// side reads a revision, or what the public reads.
func (v *visit) side(d *drafting.Draft, name string, otherwise int) (s textSide, err error) {
	if name == publicSide && d.RecordID != 0 {
		record, err := v.Publications.Get(v.r.Context(), d.RecordID)
		if err != nil {
			return s, err
		}
		text, err := v.Publications.VersionLine(v.r.Context(), d.RecordID, record.Version)
		if err != nil {
			return s, err
		}
		s.words, s.line = "公开的第"+strconv.Itoa(record.Version)+"版", new(publication.Line)
		dec := json.NewDecoder(strings.NewReader(string(text)))
		dec.UseNumber()
		if err := dec.Decode(s.line); err != nil {
			return s, err
		}
		s.line = withoutFiles(s.line)
		return s, nil
	}
	no := max(otherwise, 1)
	if name != "" {
		if no, err = strconv.Atoi(name); err != nil {
			return s, fault.New(fault.NotFound, "revision_unknown", "没有“%s”这一版，请从“各版本”里选。", fault.Clip(name, 20))
		}
	}
	s.words = "第" + strconv.Itoa(no) + "版"
	s.line, err = v.Drafts.RevisionLine(v.r.Context(), v.me, d.ID, no)
	return s, err
}

// comparison is two texts for the fragment "diff".
type comparison struct {
	Facts   []diffRow
	Rows    []diffRow
	Same    bool
	Skipped bool // something that is the same is not shown
}

type diffRow struct {
	Label    string // of a fact
	Old, New []diffCell
	Class    string // same, gone, came, changed
	Gap      int    // in place of so many lines that are the same
}

// diffCell is a paragraph, or a cell of a row.
type diffCell []diffPiece

type diffPiece struct {
	Text       string
	Gone, Came bool
}

// diffContext is how many lines that are the same stand around one that is not.
const diffContext = 2

// compared compares two texts; short leaves out what is far from any change.
func (v *visit) compared(before, after *publication.Line, short bool) comparison {
	found := drafting.Diff(before, after, v.kindOf(after.Kind))
	c := comparison{Same: !found.Changed()}
	for _, f := range found.Facts {
		if f.Changed() {
			c.Facts = append(c.Facts, diffRow{Label: f.Label, Old: []diffCell{pieces(f.Old)}, New: []diffCell{pieces(f.New)}, Class: "changed"})
		}
	}
	near := make([]bool, len(found.Body))
	for i, a := range found.Body {
		if a.Changed() || !short {
			for j := max(i-diffContext, 0); j <= min(i+diffContext, len(near)-1); j++ {
				near[j] = true
			}
		}
	}
	gap := 0
	flush := func() {
		if gap > 0 {
			c.Rows, c.Skipped = append(c.Rows, diffRow{Gap: gap}), true
		}
		gap = 0
	}
	for i, a := range found.Body {
		if !near[i] {
			gap++
			continue
		}
		flush()
		c.Rows = append(c.Rows, diffLine(a))
	}
	flush()
	return c
}

func diffLine(a drafting.Aligned) diffRow {
	row := diffRow{Class: "same"}
	switch {
	case a.OldNo == 0:
		row.Class = "came"
	case a.NewNo == 0:
		row.Class = "gone"
	case a.Changed():
		row.Class = "changed"
	}
	for _, p := range a.Cells {
		if a.OldNo != 0 {
			row.Old = append(row.Old, pieces(p.Old))
		}
		if a.NewNo != 0 {
			row.New = append(row.New, pieces(p.New))
		}
	}
	return row
}

func pieces(list []drafting.Piece) (cell diffCell) {
	for _, p := range list {
		cell = append(cell, diffPiece{p.Text, p.Mark == drafting.Deleted, p.Mark == drafting.Inserted})
	}
	return cell
}
