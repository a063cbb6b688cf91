package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/blob/memblob"
	_ "gocloud.dev/blob/s3blob" // scheme s3
	"gocloud.dev/gcerrors"

	"gongkai/internal/fault"
)

// Open opens the store at an address: "file:DIR" (made where it is missing),
// "s3://bucket?endpoint=…&region=…&use_path_style=true" with the credentials
// of the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), or "mem:",
// which is empty and ends with the process.
func Open(ctx context.Context, address string) (*Store, error) {
	scheme, rest, _ := strings.Cut(address, ":")
	switch scheme {
	case "file":
		return openFolder(rest)
	case "mem":
		return &Store{bucket: memblob.OpenBucket(nil), where: "mem:"}, nil
	case "s3":
		return openS3(ctx, address)
	}
	return nil, fault.New(fault.Invalid, "blobs_url", "文件存放地址要以 file: 或 s3:// 开头，例如 file:./data/blobs。").At("--blobs %s", redact(address))
}

// spoolDir is the folder, inside of a blob folder, of files on their way in.
// Its name is no hash, so nothing in it is taken for a blob.
const spoolDir = "incoming"

// abandonedAfter is the age at which a file on its way in belongs to nobody:
// its process was killed.
const abandonedAfter = 24 * time.Hour

func openFolder(path string) (*Store, error) {
	path = filepath.FromSlash(strings.TrimPrefix(path, "//"))
	if path == "" {
		return nil, fault.New(fault.Invalid, "blobs_url", "file: 后面要写文件夹，例如 file:./data/blobs。").At("--blobs file:")
	}
	spool := filepath.Join(path, spoolDir)
	if err := os.MkdirAll(spool, 0o750); err != nil {
		return nil, fault.New(fault.Unavailable, "blobs_folder", "不能建立存放文件的文件夹，请检查路径和权限，或用 --blobs 另指一处。").At("%s", path).Because(err)
	}
	// Temporary names stand beside the final ones, so that a rename commits;
	// all attributes of a blob follow from its bytes.
	bucket, err := fileblob.OpenBucket(path, &fileblob.Options{NoTempDir: true, Metadata: fileblob.MetadataDontWrite, DirFileMode: 0o750})
	if err != nil {
		return nil, fmt.Errorf("blob.Open(%s): %w", path, err)
	}
	sweep(path, time.Now().Add(-abandonedAfter))
	return &Store{bucket: bucket, where: path, spool: spool}, nil
}

// sweep removes what killed processes left half-written before a moment. What
// cannot be removed stays; it is in nobody's way.
func sweep(root string, before time.Time) {
	for _, pattern := range []string{filepath.Join(root, spoolDir, "*"), filepath.Join(root, "??", "*.tmp"), filepath.Join(root, "derived", "??", "*.tmp")} {
		names, _ := filepath.Glob(pattern)
		for _, name := range names {
			if info, err := os.Lstat(name); err == nil && info.Mode().IsRegular() && info.ModTime().Before(before) {
				os.Remove(name)
			}
		}
	}
}

func openS3(ctx context.Context, address string) (*Store, error) {
	bucket, err := blob.OpenBucket(ctx, address)
	if err != nil {
		return nil, fault.New(fault.Invalid, "blobs_url", "S3 地址写法不对，应如 s3://桶名?region=cn-north-1&endpoint=https://主机&use_path_style=true，账号用环境变量给。").At("--blobs %s", redact(address)).Because(err)
	}
	return &Store{bucket: bucket, where: redact(address)}, nil
}

// redact leaves of an address what may stand in a log.
func redact(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		scheme, _, _ := strings.Cut(address, ":")
		return scheme + ":…"
	}
	if u.Scheme == "s3" {
		return "s3://" + u.Host
	}
	return u.Redacted()
}

// explain makes a fault of what the storage says; h may be empty.
func (s *Store) explain(err error, h Hash) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if _, ok := fault.Of(err); ok {
		return err
	}
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return fault.New(fault.Unavailable, "disk_full", "磁盘已满，这个文件没有存下，已有的文件没有改动。请腾出空间后重试。").At("%s", s.where).Because(err)
	case errors.Is(err, fs.ErrPermission):
		return fault.New(fault.Unavailable, "blobs_folder", "存放文件的文件夹不能读写，请检查权限。").At("%s", s.where).Because(err)
	case gcerrors.Code(err) == gcerrors.NotFound:
		return fault.New(fault.NotFound, "blob_missing", "没有这个文件（校验值 %.12s…）。它可能没有随备份恢复，请联系管理员。", string(h)).Because(err)
	}
	return s.unavailable(err)
}

func (s *Store) unavailable(cause error) error {
	return fault.New(fault.Unavailable, "blobs_unavailable", "存放文件的地方没有应答，请检查它是否在运行、账号是否正确，稍后重试。").At("%s", s.where).Because(cause)
}
