package app

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"

	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
)

// BackupReport says what a backup or a restore carried.
type BackupReport struct {
	File  string `json:"file"`
	Bytes int64  `json:"bytes"`
	Blobs int    `json:"blobs"`
	Head  int64  `json:"ledger_head"`
}

// Names inside the archive. The dump comes first: blobs are only ever added,
// so every blob that the dump names is found after it.
const (
	backupDump  = "store.jsonl"
	backupBlobs = "blobs/"
)

// maxBlob is larger than any blob that could have been taken in.
const maxBlob = 1 << 40

// Backup writes the store and the blobs to one new file, while others work.
// The index is left out: it is made again from the ledger.
func (a *App) Backup(ctx context.Context, file string) (report BackupReport, err error) {
	defer fault.Wrap(&err, "app.Backup(%s)", file)
	part := file + ".part"
	if _, err := os.Stat(file); err == nil {
		return report, fault.New(fault.Conflict, "backup_exists", "文件已存在，不会覆盖；请换一个名字。").At("%s", file)
	}
	out, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return report, fault.New(fault.Unavailable, "backup_write", "不能在这里写文件，请检查路径和权限。").At("%s", file).Because(err)
	}
	defer os.Remove(part)
	report.File = file
	if err := errors.Join(a.writeBackup(ctx, out, &report), out.Sync(), out.Close()); err != nil {
		return report, err
	}
	info, err := os.Stat(part)
	if err != nil {
		return report, err
	}
	report.Bytes = info.Size()
	return report, os.Rename(part, file)
}

func (a *App) writeBackup(ctx context.Context, out io.Writer, report *BackupReport) (err error) {
	z, err := zstd.NewWriter(out)
	if err != nil {
		return err
	}
	t := tar.NewWriter(z)
	if err := a.addDump(ctx, t); err != nil {
		return err
	}
	if report.Head, err = a.head(ctx); err != nil {
		return err
	}
	err = a.eachBlob(ctx, func(info blob.Info, r *blob.Reader) error {
		report.Blobs++
		return addEntry(t, backupBlobs+string(info.Hash), info.Size, r)
	})
	return errors.Join(err, t.Close(), z.Close())
}

// addDump spools the dump to a temporary file, since an archive wants sizes
// before contents.
func (a *App) addDump(ctx context.Context, t *tar.Writer) error {
	spool, err := os.CreateTemp("", "gongkai-dump-*")
	if err != nil {
		return err
	}
	defer os.Remove(spool.Name())
	defer spool.Close()
	if err := a.DB.Dump(ctx, spool); err != nil {
		return err
	}
	size, err := spool.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return addEntry(t, backupDump, size, spool)
}

// eachBlob opens every blob and reads what use has left of it to the end,
// where its content is checked against its name.
func (a *App) eachBlob(ctx context.Context, use func(info blob.Info, r *blob.Reader) error) error {
	for info, err := range a.Blobs.List(ctx) {
		if err != nil {
			return err
		}
		r, err := a.Blobs.Open(ctx, info.Hash)
		if err != nil {
			return err
		}
		err = use(info, r)
		if err == nil {
			_, err = io.Copy(io.Discard, r)
		}
		if err := errors.Join(err, r.Close()); err != nil {
			return err
		}
	}
	return nil
}

func addEntry(t *tar.Writer, name string, size int64, r io.Reader) error {
	if err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size}); err != nil {
		return err
	}
	_, err := io.Copy(t, r)
	return err
}

func (a *App) head(ctx context.Context) (head int64, err error) {
	err = a.DB.View(ctx, func(tx *db.Tx) error {
		head, err = ledger.Head(ctx, tx)
		return err
	})
	return head, err
}

// Restore fills an empty store from a backup: the store in one transaction,
// then the blobs, each checked against its name.
func (a *App) Restore(ctx context.Context, file string) (report BackupReport, err error) {
	defer fault.Wrap(&err, "app.Restore(%s)", file)
	if head, err := a.head(ctx); err != nil {
		return report, err
	} else if head > 0 {
		return report, fault.New(fault.Conflict, "restore_not_empty", "这里已有数据（账本到第 %d 号），不会覆盖；请用 --data 或 --database 另指一个空的地方。", head)
	}
	in, err := os.Open(file)
	if err != nil {
		return report, fault.New(fault.NotFound, "backup_missing", "打不开备份文件。").At("%s", file).Because(err)
	}
	defer in.Close()
	z, err := zstd.NewReader(in)
	if err != nil {
		return report, err
	}
	defer z.Close()
	report.File = file
	t := tar.NewReader(z)
	for {
		h, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return report, fault.New(fault.Invalid, "backup_bad", "不是本程序的备份，或文件已损坏；请换一份备份，恢复到另一个空的地方。").At("%s", file).Because(err)
		}
		if err := a.restoreEntry(ctx, h.Name, t, &report); err != nil {
			return report, err
		}
	}
	report.Head, err = a.head(ctx)
	return report, err
}

func (a *App) restoreEntry(ctx context.Context, name string, r io.Reader, report *BackupReport) error {
	if name == backupDump {
		return a.DB.Restore(ctx, r)
	}
	hash, ok := strings.CutPrefix(name, backupBlobs)
	if !ok {
		return fault.New(fault.Invalid, "backup_bad", "备份里有不认识的内容 %s。", name)
	}
	ref, err := a.Blobs.Put(ctx, r, maxBlob)
	if err != nil {
		return err
	}
	if string(ref.Hash) != hash {
		return fault.New(fault.Invalid, "backup_blob", "附件 %s 的内容与校验值不符，备份已损坏。", hash)
	}
	report.Blobs++
	return nil
}

// serverFile is where a running server says that it is there.
func (a *App) serverFile() string { return filepath.Join(a.cfg.Data, "server.json") }

// serverNote is what stands in it.
type serverNote struct {
	Addr string `json:"addr"`
	PID  int    `json:"pid"`
}

func (a *App) readServerNote() (n serverNote, ok bool) {
	b, err := os.ReadFile(a.serverFile())
	return n, err == nil && json.Unmarshal(b, &n) == nil
}
