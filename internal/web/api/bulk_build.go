package api

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/klauspost/compress/zstd"

	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/jobs"
	"gongkai/internal/ledger"
	"gongkai/internal/obligation"
	"gongkai/internal/publication"
	"gongkai/internal/unit"
)

// bulkSort is one sort of bulk file.
type bulkSort struct {
	name  string
	file  string
	about string
	daily bool // it holds states that change with the day
	write func(s *server, ctx context.Context, w io.Writer) (lines int, err error)
}

var bulkSorts = []bulkSort{
	{"publications", "publications.jsonl.zst", "全部公开信息，交换格式，可原样导入", false, (*server).writePublications},
	{"units", "units.jsonl.zst", "今天的全部单位", true, (*server).writeUnits},
	{"obligations", "obligations.jsonl.zst", "全部应公开的事项", false, (*server).writeObligations},
	{"duties", "duties.jsonl.zst", "事项按单位和期间展开后的今日状态", true, (*server).writeDuties},
}

// bulkEvery is how often the files are made anew, where something has changed.
const bulkEvery = 3 * time.Minute

// buildBulk is the job that makes the bulk files.
type buildBulk struct{}

// Kind names the job.
func (buildBulk) Kind() string { return "bulk.build" }

// RegisterJobs adds what the API does in the background: making the bulk files
// anew after changes.
func RegisterJobs(reg *jobs.Registry, d Deps) {
	s := &server{Deps: d}
	jobs.Handle(reg, func(ctx context.Context, _ buildBulk) error { return s.buildBulk(ctx) })
	reg.Every(bulkEvery, buildBulk{})
}

// BuildBulk makes the bulk files that are not up to date, now.
func BuildBulk(ctx context.Context, d Deps) error {
	return (&server{Deps: d}).buildBulk(ctx)
}

func (s *server) buildBulk(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "api.BuildBulk")
	for _, sort := range bulkSorts {
		want, stale, err := s.stale(ctx, sort)
		if err != nil {
			return err
		}
		if !stale {
			continue
		}
		if err := s.buildOne(ctx, sort, want); err != nil {
			return err
		}
	}
	return nil
}

// stale compares what a file was made of with what there is. The ledger is
// read before the data, so a file holds at least what its note says. A file
// that is named but gone, as after restoring a backup, is stale too.
func (s *server) stale(ctx context.Context, sort bulkSort) (want bulkNote, stale bool, err error) {
	want = bulkNote{Format: SpecVersion}
	if sort.daily {
		want.Day = s.today().String()
	}
	var named blob.Named
	err = s.view(ctx, func(tx *db.Tx) error {
		if want.Ledger, err = ledger.LastOf(ctx, tx, Public); err != nil {
			return err
		}
		named, err = blob.ByName(ctx, tx, bulkName(sort.file))
		return err
	})
	if fault.KindOf(err) == fault.NotFound {
		return want, true, nil
	}
	if err != nil {
		return want, false, err
	}
	var have bulkNote
	if err := json.Unmarshal([]byte(named.Note), &have); err != nil {
		return want, false, err
	}
	if have.Lines = want.Lines; have != want {
		return want, true, nil
	}
	there, err := s.Blobs.Derived().Has(ctx, named.Hash)
	return want, !there, err
}

// buildOne makes one file and gives it the name.
func (s *server) buildOne(ctx context.Context, sort bulkSort, note bulkNote) error {
	ref, lines, err := s.packed(ctx, sort)
	if err != nil {
		return err
	}
	note.Lines = lines
	text, err := json.Marshal(note)
	if err != nil {
		return err
	}
	var nameless blob.Hash
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		nameless, err = rename(ctx, tx, bulkName(sort.file), ref, string(text))
		return err
	})
	if err != nil || nameless == "" {
		return err
	}
	return s.Blobs.Derived().Remove(ctx, nameless)
}

// rename gives a name to a new file. The one that had it is named “before”,
// for those who are reading it; the one that was that may have no name left.
func rename(ctx context.Context, tx *db.Tx, name string, ref blob.Ref, note string) (nameless blob.Hash, err error) {
	last, err := blob.ByName(ctx, tx, name)
	if fault.KindOf(err) == fault.NotFound || err == nil && last.Hash == ref.Hash {
		return "", blob.SetName(ctx, tx, name, ref, note)
	}
	if err != nil {
		return "", err
	}
	older, err := blob.ByName(ctx, tx, name+".before")
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return "", err
	}
	if err := blob.SetName(ctx, tx, name+".before", last.Ref, last.Note); err != nil {
		return "", err
	}
	if err := blob.SetName(ctx, tx, name, ref, note); err != nil || older.Hash == "" {
		return "", err
	}
	if named, err := blob.HasName(ctx, tx, older.Hash); named || err != nil {
		return "", err
	}
	return older.Hash, nil
}

// packed writes a file through the compressor into the blobs.
func (s *server) packed(ctx context.Context, sort bulkSort) (ref blob.Ref, lines int, err error) {
	from, to := io.Pipe()
	done := make(chan error, 1)
	go func() {
		z, err := zstd.NewWriter(to, zstd.WithEncoderConcurrency(1))
		if err == nil {
			lines, err = sort.write(s, ctx, z)
			if closed := z.Close(); err == nil {
				err = closed
			}
		}
		to.CloseWithError(err)
		done <- err
	}()
	ref, err = s.Blobs.Derived().Put(ctx, from, 0)
	from.CloseWithError(err)
	if wrote := <-done; err == nil {
		err = wrote
	}
	return ref, lines, err
}

func (s *server) writePublications(ctx context.Context, w io.Writer) (int, error) {
	return s.Publications.Export(ctx, w, publication.ExportOptions{})
}

// rows writes one line for each row of a list. It asks for page after page
// until next says that there are no more.
func rows[T, L any](w io.Writer, line func(T) L, next func() (page []T, more bool, err error)) (lines int, err error) {
	out := json.NewEncoder(w)
	for more := true; more; {
		var page []T
		if page, more, err = next(); err != nil {
			return lines, err
		}
		for _, row := range page {
			if err := out.Encode(line(row)); err != nil {
				return lines, err
			}
			lines++
		}
	}
	return lines, nil
}

func (s *server) writeUnits(ctx context.Context, w io.Writer) (lines int, err error) {
	tree, err := s.Units.Snapshot(ctx)
	if err != nil {
		return 0, err
	}
	today := s.today()
	return rows(w, func(o unit.Organ) Unit { return unitOn(o, today) }, func() ([]unit.Organ, bool, error) {
		return tree.All(today), false, nil
	})
}

func (s *server) writeObligations(ctx context.Context, w io.Writer) (lines int, err error) {
	tree, err := s.Units.Snapshot(ctx)
	if err != nil {
		return 0, err
	}
	f := obligation.Filter{Size: obligation.MaxPage}
	return rows(w, func(o obligation.Obligation) Obligation { return obligationOf(tree, o) }, func() ([]obligation.Obligation, bool, error) {
		page, err := s.Obligations.Obligations(ctx, f)
		if len(page) > 0 {
			f.After = page[len(page)-1].ID
		}
		return page, len(page) == obligation.MaxPage, err
	})
}

func (s *server) writeDuties(ctx context.Context, w io.Writer) (lines int, err error) {
	tree, err := s.Units.Snapshot(ctx)
	if err != nil {
		return 0, err
	}
	f, today := obligation.DutyFilter{Size: obligation.MaxPage}, s.today()
	return rows(w, func(d obligation.DutyView) Duty { return dutyOf(tree, d) }, func() ([]obligation.DutyView, bool, error) {
		page, err := s.Obligations.Duties(ctx, f, today)
		f.After = page.Next
		return page.Duties, page.Next != (obligation.Cursor{}), err
	})
}
