package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"

	"gocloud.dev/blob"

	"gongkai/internal/fault"
)

// Reader reads one blob. It is not safe for concurrent use.
//
// Who reads from the beginning to the end is told of damage: where the bytes
// are not those that the hash names, the last Read withholds them and returns
// a fault. Reading anything but the whole in order gives that check up.
type Reader struct {
	store  *Store
	from   *blob.Reader
	want   Hash
	pos    int64     // of the next Read
	whole  bool      // everything so far was read in order
	sum    hash.Hash // of the first summed bytes
	summed int64
}

// Open opens a blob for reading; the caller closes it. A hash that is not
// stored is a NotFound fault.
func (s *Store) Open(ctx context.Context, h Hash) (_ *Reader, err error) {
	defer fault.Wrap(&err, "blob.Open(%.12s)", string(h))
	if _, err := ParseHash(string(h)); err != nil {
		return nil, err
	}
	from, err := s.bucket.NewReader(ctx, s.key(h), nil)
	if err != nil {
		return nil, s.explain(err, h)
	}
	return &Reader{store: s, from: from, want: h, whole: true, sum: sha256.New()}, nil
}

// Size is the length of the blob in bytes.
func (r *Reader) Size() int64 { return r.from.Size() }

// Read implements io.Reader.
func (r *Reader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	if r.whole = r.whole && r.pos == r.summed; r.whole {
		r.sum.Write(p[:n])
		r.summed += int64(n)
	}
	r.pos += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		return n, r.store.explain(err, r.want)
	}
	if (err != nil || r.pos == r.Size()) && r.damaged() {
		return 0, fault.New(fault.Internal, "blob_damaged", "文件内容与校验值 %.12s… 不符，存放处已损坏。请用备份恢复这个文件。", string(r.want)).At("%s", r.store.where)
	}
	if err != nil {
		return n, io.EOF
	}
	return n, nil
}

// damaged compares the checksum, where all bytes went into it.
func (r *Reader) damaged() bool {
	return r.whole && hex.EncodeToString(r.sum.Sum(nil)) != string(r.want)
}

// Seek implements io.Seeker. Seeking to the end for the length and back, as
// http.ServeContent does, costs nothing and keeps the check.
func (r *Reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.pos
	case io.SeekEnd:
		offset += r.Size()
	}
	if offset < 0 {
		return 0, fault.New(fault.Invalid, "blob_seek", "读取位置不能在文件开头之前。")
	}
	at, err := r.from.Seek(min(offset, r.Size()), io.SeekStart)
	r.pos = at
	return at, err
}

// Close releases the reader.
func (r *Reader) Close() error { return r.from.Close() }
