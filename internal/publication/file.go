package publication

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"

	"gongkai/internal/fault"
)

// RejectedPath is where ImportFile writes what it refuses: FILE.jsonl and
// FILE.jsonl.zst have FILE.rejected.jsonl beside them.
func RejectedPath(path string) string {
	return strings.TrimSuffix(strings.TrimSuffix(path, ".zst"), ".jsonl") + ".rejected.jsonl"
}

// ImportFile is Import of a file: attachments are found from its folder on,
// and refused lines are written beside it. Where no line is refused there is
// no such file afterwards.
func (s *Store) ImportFile(ctx context.Context, path string, opts ImportOptions) (report Report, err error) {
	f, err := os.Open(path)
	if err != nil {
		return Report{}, fault.New(fault.Invalid, "import_unreadable", "打不开这个文件，请检查路径和读取权限。").At("%s", path).Because(err)
	}
	defer f.Close()
	if opts.Files == nil {
		root, err := os.OpenRoot(filepath.Dir(path))
		if err != nil {
			return Report{}, err
		}
		defer root.Close()
		opts.Files = root.FS()
	}
	rejected := &lateFile{path: RejectedPath(path)}
	if opts.Rejected == nil {
		opts.Rejected = rejected
	}
	report, err = s.Import(ctx, f, opts)
	if f, ok := fault.Of(err); ok && f.Place == "" {
		err = f.At("%s", path)
	}
	return report, errors.Join(err, rejected.close(err == nil && report.Rejected == 0))
}

// lateFile is a file that comes to be with its first byte.
type lateFile struct {
	path string
	f    *os.File
}

func (l *lateFile) Write(p []byte) (n int, err error) {
	if l.f == nil {
		if l.f, err = os.Create(l.path); err != nil {
			return 0, err
		}
	}
	return l.f.Write(p)
}

// close ends the file; clean removes what an earlier run has left.
func (l *lateFile) close(clean bool) error {
	if l.f != nil {
		return l.f.Close()
	}
	if clean {
		if err := os.Remove(l.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// ExportFile is Export to a file, compressed where its name ends in .zst, with
// the attachments in the folder files beside it. The file appears whole or not
// at all.
func (s *Store) ExportFile(ctx context.Context, path string, filter Filter) (lines int, err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".export-*")
	if err != nil {
		return 0, fault.New(fault.Invalid, "export_unwritable", "不能在这里写文件，请检查文件夹和权限。").At("%s", path).Because(err)
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	var w io.WriteCloser = nopCloser{tmp}
	if strings.HasSuffix(path, ".zst") {
		if w, err = zstd.NewWriter(tmp); err != nil {
			return 0, err
		}
	}
	lines, err = s.Export(ctx, w, ExportOptions{Filter: filter, File: func(name string) (io.WriteCloser, error) {
		place := filepath.Join(filepath.Dir(path), filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(place), 0o755); err != nil {
			return nil, err
		}
		return os.Create(place)
	}})
	if err := errors.Join(err, w.Close(), tmp.Sync(), tmp.Chmod(0o644), tmp.Close()); err != nil {
		return lines, err
	}
	return lines, os.Rename(tmp.Name(), path)
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }
