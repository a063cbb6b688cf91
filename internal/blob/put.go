package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"gocloud.dev/blob"

	"gongkai/internal/fault"
)

// inMemory is how many bytes of a blob on its way in are held in memory before
// a file takes them.
const inMemory = 1 << 20

// Put stores what r holds and tells under which hash. Content that is there
// already is not written again. More than limit bytes are a TooLarge fault; a
// limit of 0 is none. An error of r itself is returned as it is. When Put has
// returned without error the blob survives a crash; with an error, or a crash
// midway, nothing of it can be seen.
func (s *Store) Put(ctx context.Context, r io.Reader, limit int64) (ref Ref, err error) {
	defer fault.Wrap(&err, "blob.Put")
	in := &incoming{dir: s.spool}
	defer in.discard()
	ref, err = in.take(ctx, r, limit)
	var reading *readError
	switch {
	case errors.As(err, &reading):
		return Ref{}, reading.cause
	case err != nil:
		return Ref{}, s.explain(err, "")
	}
	switch size, err := s.size(ctx, ref.Hash); {
	case err == nil && size == ref.Size:
		return ref, nil
	case err != nil && fault.KindOf(err) != fault.NotFound:
		return Ref{}, err
	}
	if err := s.commit(ctx, ref, in); err != nil {
		return Ref{}, s.explain(err, ref.Hash)
	}
	return ref, nil
}

// commit copies the incoming bytes to their place, where they appear at once
// and whole.
func (s *Store) commit(ctx context.Context, ref Ref, in *incoming) error {
	src, err := in.open()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var file *os.File // of a folder; nil elsewhere
	w, err := s.bucket.NewWriter(ctx, s.key(ref.Hash), &blob.WriterOptions{
		ContentType: ref.MediaType,
		BeforeWrite: func(as func(any) bool) error { as(&file); return nil },
	})
	if err != nil {
		return err
	}
	_, err = io.Copy(w, src)
	if err == nil && file != nil {
		err = file.Sync() // before the rename, or a power cut could leave an empty blob
	}
	if err != nil {
		cancel() // makes Close give up instead of commit
		w.Close()
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	if file != nil {
		return syncFolder(filepath.Dir(file.Name()))
	}
	return nil
}

// syncFolder makes a rename in a folder durable.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be opened there; renames are journalled
	}
	for _, dir := range []string{path, filepath.Dir(path)} { // the second: path itself may be new
		d, err := os.Open(dir)
		if err != nil {
			return err
		}
		err = d.Sync()
		d.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// incoming holds a blob until its hash is known: small ones in memory, others
// in a temporary file.
type incoming struct {
	dir  string
	mem  bytes.Buffer
	file *os.File
}

// readError is an error of the source, not of the store.
type readError struct{ cause error }

func (e *readError) Error() string { return e.cause.Error() }

// take reads all of r.
func (in *incoming) take(ctx context.Context, r io.Reader, limit int64) (Ref, error) {
	var size int64
	var head []byte
	sum, buf := sha256.New(), make([]byte, 64<<10)
	for {
		if err := ctx.Err(); err != nil {
			return Ref{}, err
		}
		n, err := r.Read(buf)
		if size += int64(n); limit > 0 && size > limit {
			return Ref{}, fault.New(fault.TooLarge, "blob_too_large", "文件超过上限 %s，没有存。请压缩、拆分后再传，或请管理员调高上限。", formatSize(limit))
		}
		head = append(head, buf[:min(n, sniffLen-len(head))]...)
		sum.Write(buf[:n])
		if werr := in.write(buf[:n]); werr != nil {
			return Ref{}, werr
		}
		if errors.Is(err, io.EOF) {
			return Ref{Hash: Hash(hex.EncodeToString(sum.Sum(nil))), Size: size, MediaType: mediaType(head)}, nil
		}
		if err != nil {
			return Ref{}, &readError{err}
		}
	}
}

func (in *incoming) write(p []byte) (err error) {
	if in.file == nil && in.mem.Len()+len(p) <= inMemory {
		in.mem.Write(p)
		return nil
	}
	if in.file == nil {
		if in.file, err = os.CreateTemp(in.dir, "put-*"); err != nil {
			return err
		}
		if _, err := in.mem.WriteTo(in.file); err != nil {
			return err
		}
	}
	_, err = in.file.Write(p)
	return err
}

// open gives what was taken, from its beginning.
func (in *incoming) open() (io.Reader, error) {
	if in.file == nil {
		return bytes.NewReader(in.mem.Bytes()), nil
	}
	_, err := in.file.Seek(0, io.SeekStart)
	return in.file, err
}

func (in *incoming) discard() {
	if in.file != nil {
		in.file.Close()
		os.Remove(in.file.Name())
	}
}
