package publication

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"io"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// ExportOptions say what is written. The zero value writes every published
// record and no files.
type ExportOptions struct {
	Filter Filter
	// File opens the place where an attachment goes, named by its path in the
	// lines (files/HASH.pdf). It is asked once for each; nil leaves files out.
	File func(path string) (io.WriteCloser, error)
}

// Export writes published records in the interchange format, in the order of
// their source_id: the newest version of each, as it was stored. What it
// writes, imported into an empty store and exported again, is the same to the
// byte. It sees one moment of the store.
func (s *Store) Export(ctx context.Context, w io.Writer, opts ExportOptions) (lines int, err error) {
	defer fault.Wrap(&err, "publication.Export")
	out := bufio.NewWriterSize(w, 256<<10)
	e := exporter{Store: s, opts: opts, out: out, done: map[string]bool{}}
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		where, args := opts.Filter.where(tx.Today())
		return e.all(ctx, tx, where, args)
	})
	if err != nil {
		return e.lines, err
	}
	return e.lines, out.Flush()
}

type exporter struct {
	*Store
	opts  ExportOptions
	out   *bufio.Writer
	lines int
	done  map[string]bool // paths of files written
}

const exportPage = 500

// all goes through the records page by page, because a cursor may not stay
// open on PostgreSQL while files are copied.
func (e *exporter) all(ctx context.Context, tx *db.Tx, where string, args []any) error {
	after := ""
	for {
		var page []string
		err := tx.Each(ctx, "select p.source_id, v.line from publication_records p join publication_versions v on v.record_id = p.id and v.no = p.version "+
			where+" and p.source_id > ? order by p.source_id limit ?", append(append([]any{}, args...), after, exportPage), func(rows *sql.Rows) error {
			var line string
			err := rows.Scan(&after, &line)
			page = append(page, line)
			return err
		})
		if err != nil {
			return err
		}
		for _, line := range page {
			if err := e.one(ctx, line); err != nil {
				return err
			}
		}
		if len(page) < exportPage {
			return nil
		}
	}
}

func (e *exporter) one(ctx context.Context, line string) error {
	e.out.WriteString(line) // a bufio.Writer keeps its error until Flush
	if err := e.out.WriteByte('\n'); err != nil {
		return err
	}
	e.lines++
	if e.opts.File == nil {
		return nil
	}
	var l struct{ Attachments []Attachment }
	if err := json.Unmarshal([]byte(line), &l); err != nil {
		return err
	}
	for _, a := range l.Attachments {
		if h, ok := a.Hash(); ok && !e.done[a.Path] {
			e.done[a.Path] = true
			r, err := e.Blobs.Open(ctx, h)
			if err != nil {
				return err
			}
			if err := e.copy(a.Path, r); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *exporter) copy(path string, r io.ReadCloser) error {
	defer r.Close()
	w, err := e.opts.File(path)
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, r); err != nil {
		w.Close()
		return err
	}
	return w.Close()
}
