package publication

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"sync"

	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/publication/kind"
	"gongkai/internal/unit"
)

// ImportOptions say how a file of lines is taken in. The zero value takes it
// in as the actor "import", with no attachments.
type ImportOptions struct {
	Actor       string
	CreateUnits bool
	DryRun      bool           // all is checked, nothing stays
	Files       fs.FS          // where the paths of attachments lead
	Rejected    io.Writer      // gets one Rejection as JSON a line; may be nil
	Progress    func(Progress) // hears of every batch; may be nil
}

// Progress is how far an import is.
type Progress struct {
	Lines    int `json:"lines"` // read so far, empty ones left out
	Added    int `json:"added"`
	Changed  int `json:"changed"`
	Same     int `json:"same"`
	Rejected int `json:"rejected"`
}

// Report tells what became of a file.
type Report struct {
	Progress
	Warned     int           `json:"warned"`     // lines taken in that somebody should look at
	Rejections []Rejection   `json:"rejections"` // the first hundred
	Warnings   []LineProblem `json:"warnings"`   // the first hundred
}

const reportMost = 100

// Rejection is a line that was not taken in, and why.
type Rejection struct {
	Line     int       `json:"line"` // number of the line, from 1
	SourceID string    `json:"source_id,omitempty"`
	Errors   []Problem `json:"errors"`
	Raw      string    `json:"raw,omitempty"` // the line, or its beginning
}

// LineProblem is a warning about a line that was taken in.
type LineProblem struct {
	Line     int    `json:"line"`
	SourceID string `json:"source_id"`
	Problem
}

// Import takes in publications in the interchange format, one a line, plain or
// Zstandard. It works in transactions of a few hundred lines: killed at any
// moment it has taken whole batches, and the same call again goes on from
// there, because a line that is already there is recognised by its hash before
// it is even parsed.
//
// A line that is wrong is left out and reported with all that is wrong; the
// others go on. A relation may name a record that stands later in the file:
// such lines are put aside and taken in at the end. One whose target is
// neither in the library nor in the file is refused, except where the target
// is a document number and the record makes sense without it (amends,
// repeals, replaces, implements): documents outside of the library are real,
// so that relation is kept, reported as a warning, and bound when its target
// comes.
func (s *Store) Import(ctx context.Context, r io.Reader, opts ImportOptions) (report Report, err error) {
	defer fault.Wrap(&err, "publication.Import")
	if opts.Actor == "" {
		opts.Actor = "import"
	}
	in, err := newLineReader(r)
	if err != nil {
		return Report{}, err
	}
	defer in.closer()
	m := &importer{Store: s, opts: opts, seen: map[string]int{}}
	defer m.held.close()
	if !opts.DryRun {
		m.transact = s.DB.Update
		err = m.run(ctx, in)
		return m.report, err
	}
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		m.transact = func(_ context.Context, f func(*db.Tx) error) error { return f(tx) }
		if err := m.run(ctx, in); err != nil {
			return err
		}
		return errDryRun
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	return m.report, err
}

var errDryRun = errors.New("dry run")

// importer is one run of Import.
type importer struct {
	*Store
	opts     ImportOptions
	transact func(context.Context, func(*db.Tx) error) error
	report   Report
	seen     map[string]int // source_id → line
	held     heldLines
	last     bool // the second pass: nothing more is to come
}

// batch is some lines on their way: read, then prepared on any goroutine, then
// written in order.
type batch struct {
	raw   []rawLine
	lines []arrived
	err   error
	ready chan struct{}
}

// arrived is a line as the worker leaves it: known already, refused, or
// prepared.
type arrived struct {
	rawLine
	sourceID string
	same     bool
	problems []Problem
	p        *prepared
}

func (m *importer) run(ctx context.Context, in *lineReader) error {
	if err := m.pass(ctx, in.next); err != nil {
		return err
	}
	if m.held.empty() {
		return nil
	}
	m.last = true
	next, err := m.held.settle()
	if err != nil {
		return err
	}
	return m.pass(ctx, next)
}

// pass reads, prepares and writes all lines of a source. An error of one stage
// ends the others.
func (m *importer) pass(ctx context.Context, next func() (rawLine, error)) error {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	work, order := make(chan *batch), make(chan *batch, 2)
	var readErr error
	wg.Go(func() {
		defer close(order)
		defer close(work)
		readErr = readBatches(ctx, next, work, order)
	})
	for range min(2, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for b := range work {
				b.lines, b.err = m.prepareBatch(ctx, b.raw)
				close(b.ready)
			}
		})
	}
	for b := range order {
		select {
		case <-b.ready:
		case <-ctx.Done():
			return ctx.Err()
		}
		if b.err != nil {
			return b.err
		}
		if err := m.writeBatch(ctx, b.lines); err != nil {
			return err
		}
	}
	if readErr != nil {
		return readErr
	}
	return ctx.Err()
}

// readBatches cuts the source into batches until it ends.
func readBatches(ctx context.Context, next func() (rawLine, error), work, order chan<- *batch) error {
	for {
		b := &batch{ready: make(chan struct{})}
		var err error
		for size := 0; len(b.raw) < batchLines && size < batchBytes; {
			var line rawLine
			if line, err = next(); err != nil {
				break
			}
			b.raw = append(b.raw, line)
			size += len(line.text)
		}
		if len(b.raw) > 0 {
			for _, c := range []chan<- *batch{order, work} {
				select {
				case c <- b:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// prepareBatch looks which lines are known and prepares the others. It reads
// only, and runs beside the writer.
func (m *importer) prepareBatch(ctx context.Context, raw []rawLine) (lines []arrived, err error) {
	hashes := make([]string, len(raw))
	for i, line := range raw {
		sum := sha256.Sum256(line.text)
		hashes[i] = hex.EncodeToString(sum[:])
	}
	var known map[string]string
	var tree *unit.Tree
	err = m.DB.View(ctx, func(tx *db.Tx) error {
		if known, err = knownRaw(ctx, tx, hashes); err != nil {
			return err
		}
		tree, err = m.Units.Tree(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, line := range raw {
		a := arrived{rawLine: line}
		if source, ok := known[hashes[i]]; ok {
			a.sourceID, a.same = source, true
		} else if err := m.prepareLine(ctx, tree, &a, hashes[i]); err != nil {
			return nil, err
		}
		lines = append(lines, a)
	}
	return lines, nil
}

// knownRaw gives the source_id of every hash that an import has left.
func knownRaw(ctx context.Context, tx *db.Tx, hashes []string) (map[string]string, error) {
	known := map[string]string{}
	err := tx.Each(ctx, "select raw_hash, source_id from publication_records where raw_hash <> '' and raw_hash in "+db.In(len(hashes)), db.Args(hashes), func(rows *sql.Rows) error {
		var hash, source string
		err := rows.Scan(&hash, &source)
		known[hash] = source
		return err
	})
	return known, err
}

func (m *importer) prepareLine(ctx context.Context, tree *unit.Tree, a *arrived, hash string) error {
	if a.problem != "" {
		a.problems = []Problem{{Message: a.problem}}
		return nil
	}
	line, err := decodeLine(a.text)
	if line != nil {
		a.sourceID = line.SourceID
	}
	var local bool
	if err == nil {
		local = slices.ContainsFunc(line.Attachments, func(f Attachment) bool { return f.Path != "" })
		a.p, err = m.prepare(ctx, tree, line, m.putOptions())
	}
	if refused, ok := errors.AsType[*Refused](err); ok {
		a.problems = refused.Problems
		return nil
	}
	if err != nil {
		return fmt.Errorf("line %d: %w", a.no, err)
	}
	if a.sourceID = line.SourceID; !local { // the hash of the line says nothing about its files
		a.p.raw = hash
	}
	return nil
}

func (m *importer) putOptions() PutOptions {
	return PutOptions{Actor: m.opts.Actor, CreateUnits: m.opts.CreateUnits, Files: m.opts.Files, dryRun: m.opts.DryRun, strict: true, hold: !m.last, known: m.held.promised}
}

// writeBatch writes a batch in one transaction and then counts it: a batch
// that fails leaves neither rows nor numbers.
func (m *importer) writeBatch(ctx context.Context, lines []arrived) error {
	var done []outcome
	err := m.transact(ctx, func(tx *db.Tx) error {
		w, err := m.newWriter(ctx, tx, m.putOptions())
		if err != nil {
			return err
		}
		for i := range lines {
			o, err := m.take(ctx, w, &lines[i])
			if err != nil {
				return fmt.Errorf("line %d: %w", lines[i].no, err)
			}
			done = append(done, o)
		}
		return w.finish(ctx)
	})
	if err != nil {
		return err
	}
	for i := range lines {
		if err := m.count(&lines[i], done[i]); err != nil {
			return err
		}
	}
	if m.opts.Progress != nil {
		m.opts.Progress(m.report.Progress)
	}
	return nil
}

// outcome is what became of one line.
type outcome struct {
	Result
	problems []Problem
	held     bool
}

// take writes one line, or says why not.
func (m *importer) take(ctx context.Context, w *writer, a *arrived) (outcome, error) {
	if a.problems != nil {
		return outcome{problems: a.problems}, nil
	}
	if first, ok := m.seen[a.sourceID]; ok && first != a.no {
		return outcome{problems: []Problem{{Field: "source_id", Message: fmt.Sprintf("与第 %d 行相同。同一份信息在一个文件里只能出现一次，请删去一行。", first)}}}, nil
	}
	m.seen[a.sourceID] = a.no
	if a.same {
		return outcome{Result: Result{Outcome: Same}}, nil
	}
	r, err := w.attempt(ctx, a.p)
	if errors.Is(err, errHold) {
		return outcome{held: true}, nil
	}
	if refused, ok := errors.AsType[*Refused](err); ok {
		return outcome{problems: refused.Problems}, nil
	}
	return outcome{Result: r}, err
}

// errHold says that a line names something that may come later.
var errHold = errors.New("target may come later")

// attempt is put for a line among others: what other packages refuse after the
// first write is undone, so that the batch can go on.
func (w *writer) attempt(ctx context.Context, p *prepared) (r Result, err error) {
	late := p.newUnit != "" || slices.ContainsFunc(p.line.Relations, func(r RelationLine) bool { return r.Type == Fulfils })
	if !late {
		return w.put(ctx, p)
	}
	if _, err := w.tx.Exec(ctx, "savepoint line"); err != nil {
		return Result{}, err
	}
	acts := len(w.acts)
	if r, err = w.put(ctx, p); err == nil {
		_, err = w.tx.Exec(ctx, "release savepoint line")
		return r, err
	}
	w.acts = w.acts[:acts]
	if _, undo := w.tx.Exec(ctx, "rollback to savepoint line"); undo != nil {
		return Result{}, undo
	}
	var bad kind.Problems
	if _, ok := errors.AsType[*Refused](err); ok || errors.Is(err, errHold) {
		return Result{}, err
	}
	if err := bad.AddFault("", err); err != nil {
		return Result{}, err
	}
	return Result{}, bad.Refusal()
}

// count adds a line to the report.
func (m *importer) count(a *arrived, o outcome) error {
	r := &m.report
	if o.held {
		return m.held.add(a)
	}
	r.Lines++
	switch {
	case o.problems != nil:
		return m.reject(a, o.problems)
	case o.Outcome == Added:
		r.Added++
	case o.Outcome == Changed:
		r.Changed++
	default:
		r.Same++
	}
	if len(o.Warnings) > 0 {
		r.Warned++
	}
	for _, w := range o.Warnings {
		if len(r.Warnings) < reportMost {
			r.Warnings = append(r.Warnings, LineProblem{a.no, a.sourceID, w})
		}
	}
	return nil
}

func (m *importer) reject(a *arrived, problems []Problem) error {
	m.report.Rejected++
	raw := string(a.text)
	if a.problem != "" {
		raw = fault.Clip(string(bytes.ToValidUTF8(a.text[:min(len(a.text), 4*clipRaw)], nil)), clipRaw)
	}
	x := Rejection{a.no, a.sourceID, problems, raw}
	if m.opts.Rejected != nil {
		enc := json.NewEncoder(m.opts.Rejected)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(x); err != nil {
			return fault.New(fault.Unavailable, "rejected_unwritable", "写不了退回行的文件，请检查磁盘空间和权限。").Because(err)
		}
	}
	if len(m.report.Rejections) < reportMost {
		x.Raw = fault.Clip(x.Raw, clipRaw)
		m.report.Rejections = append(m.report.Rejections, x)
	}
	return nil
}

func megabytes(n int) string { return fmt.Sprintf("%d MB", (n+1<<20-1)>>20) }
