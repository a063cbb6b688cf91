package privacy

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"gongkai/internal/extract"
	"gongkai/internal/fault"
)

// ScanFile looks at everything a file holds: what it shows, what it hides, and
// for archives every file within. What it is, its content says. A file that
// cannot be looked into is not an error but a finding (Unreadable): somebody
// has to look.
func ScanFile(ctx context.Context, name string, data []byte, o Options) (report FileReport, err error) {
	traces, media, warnings, err := scanFile(ctx, name, data, o, nil, newBudget(o.Limits))
	if err != nil {
		return FileReport{}, at(name, err)
	}
	report = FileReport{MediaType: media, Warnings: warnings, Findings: make([]Finding, len(traces))}
	for i, t := range traces {
		report.Findings[i] = t.Finding
	}
	return report, nil
}

// scanFile is ScanFile with the traces themselves.
func scanFile(ctx context.Context, name string, data []byte, o Options, marked []Finding, cost *budget) ([]trace, MediaType, []string, error) {
	media := detect(name, data)
	if err := ctx.Err(); err != nil {
		return nil, media, nil, err
	}
	n := namesOf(name, o.Place)
	switch media {
	case DOCX, XLSX, PPTX:
		d, err := openOffice(name, data, o.Place, cost)
		if err != nil {
			return nil, media, nil, err
		}
		err = d.look(o, marked)
		return d.traces, media, nil, err
	case PDF:
		d, err := readPDF(ctx, n, data, o, marked)
		if err != nil {
			return nil, media, nil, err
		}
		return d.traces, media, d.warnings, nil
	case HTML:
		text, _ := decode(data)
		return readPage(n, text, o, marked).traces, media, nil, nil
	case CSV, PlainText:
		text, _ := decode(data)
		return readPlain(n, text, media == CSV, o, marked).traces, media, nil, nil
	case JPEG, PNG, GIF:
		return readImage(n, data), media, []string{n.prefix + "图片里的文字和人像程序看不到，请人工核对。"}, nil
	case ZIP:
		traces, warnings, err := scanArchive(ctx, n, data, o, marked, cost)
		return traces, media, warnings, err
	}
	traces, warnings := readOther(n, name, data, o)
	return traces, media, warnings, nil
}

// readOther reads by way of extract what is only read and never changed: OFD
// and what else it knows.
func readOther(n names, name string, data []byte, o Options) (traces []trace, warnings []string) {
	doc, err := extract.Read(name, data, extract.Limits{})
	if err != nil {
		return []trace{unreadable(n, "全文", fault.Public(err), data)}, nil
	}
	f := newFlow(n.prefix + "正文")
	f.write(doc.Text())
	for _, l := range f.scan(n.home, o) {
		traces = append(traces, trace{l.Finding, nil})
	}
	return traces, []string{n.prefix + "只检查了文字；隐藏内容和文件属性看不到，遮盖须在原件上做。"}
}

// unreadable is a finding for what the program cannot see.
func unreadable(n names, place, why string, data []byte) trace {
	return trace{Finding{Kind: Unreadable, Place: n.prefix + place, Excerpt: why, Key: keyOf(Unreadable, place+"\x00"+string(data), n.home)}, nil}
}

// MaskFile masks and removes findings of a file. Of data it takes nothing for
// granted: the file is scanned anew, findings are known by their keys, what is
// written carries no metadata, and it is read again before it is handed out.
// Where a finding cannot be mended, or still shows afterwards, MaskFile gives
// an error and no file. Findings that the file does not have are passed over.
func MaskFile(ctx context.Context, name string, data []byte, findings []Finding) (out []byte, err error) {
	out, err = maskFile(ctx, name, data, findings, newBudget(Limits{}))
	return out, at(name, err)
}

func maskFile(ctx context.Context, name string, data []byte, findings []Finding, cost *budget) (out []byte, err error) {
	w := wanted(findings)
	switch media := detect(name, data); media {
	case DOCX, XLSX, PPTX:
		out, err = maskOffice(name, data, w, cost)
	case PDF:
		out, err = maskPDF(ctx, name, data, w)
	case HTML:
		text, _ := decode(data)
		var masked string
		masked, err = readPage(namesOf(name, ""), text, Options{}, w.marked()).mask(w)
		out = []byte(masked)
	case CSV, PlainText:
		text, _ := decode(data)
		var masked string
		masked, err = readPlain(namesOf(name, ""), text, media == CSV, Options{}, w.marked()).mask(w)
		out = []byte(masked)
	case JPEG, PNG, GIF:
		if err = w.mendable(readImage(namesOf(name, ""), data)); err == nil {
			out, _, err = Clean(ctx, name, data)
		}
	case ZIP:
		out, err = maskArchive(ctx, name, data, findings, cost)
	default:
		traces, _ := readOther(namesOf(name, ""), name, data, Options{})
		out, err = data, w.mendable(traces)
	}
	if err != nil {
		return nil, err
	}
	if err := prove(ctx, name, data, out, w); err != nil {
		return nil, err
	}
	return out, nil
}

// wants are the findings to mend, by key.
type wants map[string]Finding

func wanted(findings []Finding) wants {
	w := make(wants, len(findings))
	for _, f := range findings {
		w[f.Key] = f
	}
	return w
}

func (w wants) has(key string) bool { _, ok := w[key]; return ok }

func (w wants) marked() []Finding {
	var out []Finding
	for _, f := range w {
		if f.Kind == Marked {
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b Finding) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// mendable tells of the first wanted finding that cannot be mended.
func (w wants) mendable(traces []trace) error {
	for _, t := range traces {
		if w.has(t.Key) && t.mend == nil {
			return cannotMend(t.Place)
		}
	}
	return nil
}

func cannotMend(place string) error {
	f := fault.New(fault.Invalid, "mask_impossible", "这种内容程序不能遮盖或清除。请在原件上改好，或另存为 DOCX、XLSX、PDF 后重新上传。")
	if place == "" {
		return f
	}
	return f.At("%s", place)
}

// mend mends what is wanted.
func (w wants) mend(traces []trace) error {
	if err := w.mendable(traces); err != nil {
		return err
	}
	for _, t := range traces {
		if w.has(t.Key) {
			if err := t.mend(); err != nil {
				return err
			}
		}
	}
	return nil
}

func maskOffice(name string, data []byte, w wants, cost *budget) ([]byte, error) {
	d, err := openOffice(name, data, "", cost)
	if err != nil {
		return nil, err
	}
	if err := d.look(Options{}, w.marked()); err != nil {
		return nil, err
	}
	if err := w.mend(d.traces); err != nil {
		return nil, err
	}
	if d.byName[workbookPart] != nil { // a masked cell may have held a formula
		if err := d.dropCalcChain(); err != nil {
			return nil, err
		}
	}
	return d.mended()
}

// prove reads what was written again: no finding that was to be mended may
// show, and none of the numbers that were masked may lie anywhere beneath.
func prove(ctx context.Context, name string, before, out []byte, w wants) error {
	if len(w) == 0 {
		return nil
	}
	after, _, _, err := scanFile(ctx, name, out, Options{}, w.marked(), newBudget(Limits{}))
	if err != nil {
		return err
	}
	for _, t := range after {
		if w.has(t.Key) && !(t.Kind == Metadata) {
			return stillShows(t.Place, t.Kind)
		}
	}
	was, _, _, err := scanFile(ctx, name, before, Options{}, w.marked(), newBudget(Limits{}))
	if err != nil {
		return err
	}
	for _, t := range was {
		if w.has(t.Key) && beneath(out, t.Kind, t.Match, newBudget(Limits{})) {
			return stillShows(t.Place, t.Kind)
		}
	}
	return nil
}

func stillShows(place string, k Kind) error {
	return fault.New(fault.Invalid, "mask_incomplete", "遮盖后再读一遍，文件里仍能找到这处“%s”（可能在嵌入的文件、图表或缓存里），所以没有采用。请把嵌入的内容一并清除，或在原件上改好后重新上传。", Info(k).Label).At("%s", place)
}

// wordKinds are kinds whose matches are words of the language as well: they
// may rightly stand elsewhere.
var wordKinds = []Kind{SensitiveName, Minor, Address}

// beneath tells whether a match can still be found in the bytes of a file, or
// in those of any part of it.
func beneath(data []byte, k Kind, match string, cost *budget) bool {
	if !k.inText() || slices.Contains(wordKinds, k) || len([]rune(normal(match))) < 5 {
		return false
	}
	for _, form := range [][]byte{[]byte(match), []byte(normal(match)), wide(match), wide(normal(match))} {
		if bytes.Contains(data, form) {
			return true
		}
	}
	if !bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return false
	}
	p, err := openPack(data, cost)
	if err != nil {
		return false // it opened when it was scanned
	}
	for _, e := range p.parts {
		if inner, err := p.load(e); err == nil && beneath(inner, k, match, cost) {
			return true
		}
	}
	return false
}
