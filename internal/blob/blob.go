// Package blob keeps files under the checksum of what is in them: attachments,
// originals of imported documents, bulk downloads.
//
// A blob is written once, never changed, and known by its Hash; two equal
// files are one blob. The store is a folder by default, an S3 bucket by
// address, or memory in tests. It knows nothing but bytes: names, rights and
// meaning belong to the noun that holds the hash.
package blob

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"iter"
	"strings"
	"time"

	"gocloud.dev/blob"

	"gongkai/internal/fault"
)

// Hash is the SHA-256 of a blob in 64 lower-case hexadecimal digits, the check
// value (校验值) shown to readers. It is stored as text.
type Hash string

// ParseHash reads a hash that comes from outside.
func ParseHash(s string) (Hash, error) {
	if raw, err := hex.DecodeString(s); err != nil || len(raw) != 32 || strings.ToLower(s) != s {
		return "", fault.New(fault.Invalid, "blob_hash", "文件校验值应是 64 位小写十六进制数（SHA-256）。")
	}
	return Hash(s), nil
}

// key is where the blob lies: 256 folders keep listings of a folder short.
func (s *Store) key(h Hash) string { return s.prefix + string(h[:2]) + "/" + string(h) }

func (s *Store) hashOfKey(key string) (Hash, bool) {
	dir, name, _ := strings.Cut(strings.TrimPrefix(key, s.prefix), "/")
	h, err := ParseHash(name)
	return h, err == nil && dir == name[:2]
}

// Ref names a blob and says what it is.
type Ref struct {
	Hash      Hash
	Size      int64  // in bytes
	MediaType string // found from the content, never from a file name
}

// Info is a blob as List sees it.
type Info struct {
	Hash     Hash
	Size     int64
	StoredAt time.Time // on the storage's own clock; for housekeeping only
}

// Store is an open store of blobs. It is safe for concurrent use, also by
// several processes; Close ends it.
type Store struct {
	bucket *blob.Bucket
	prefix string // of keys
	where  string // for messages; without credentials
	spool  string // folder for files on their way in; "" is the system's
}

// Stat tells what is stored under h, without reading all of it.
func (s *Store) Stat(ctx context.Context, h Hash) (ref Ref, err error) {
	defer fault.Wrap(&err, "blob.Stat(%.12s)", string(h))
	size, err := s.size(ctx, h)
	if err != nil {
		return Ref{}, err
	}
	var head []byte
	if size > 0 { // S3 has no ranges of nothing
		r, err := s.bucket.NewRangeReader(ctx, s.key(h), 0, sniffLen, nil)
		if err != nil {
			return Ref{}, s.explain(err, h)
		}
		defer r.Close()
		if head, err = io.ReadAll(r); err != nil {
			return Ref{}, s.explain(err, h)
		}
	}
	return Ref{Hash: h, Size: size, MediaType: mediaType(head)}, nil
}

func (s *Store) size(ctx context.Context, h Hash) (int64, error) {
	if _, err := ParseHash(string(h)); err != nil {
		return 0, err
	}
	attrs, err := s.bucket.Attributes(ctx, s.key(h))
	if err != nil {
		return 0, s.explain(err, h)
	}
	return attrs.Size, nil
}

// Has tells whether h is stored.
func (s *Store) Has(ctx context.Context, h Hash) (ok bool, err error) {
	defer fault.Wrap(&err, "blob.Has(%.12s)", string(h))
	if _, err := ParseHash(string(h)); err != nil {
		return false, err
	}
	ok, err = s.bucket.Exists(ctx, s.key(h))
	return ok, s.explain(err, h)
}

// List goes through all blobs in the order of their hashes. It ends with the
// first error. What is stored or removed meanwhile may or may not be seen.
func (s *Store) List(ctx context.Context) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		for it := s.bucket.List(&blob.ListOptions{Prefix: s.prefix}); ; {
			obj, err := it.Next(ctx)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				err = s.explain(err, "")
				fault.Wrap(&err, "blob.List")
				yield(Info{}, err)
				return
			}
			h, ok := s.hashOfKey(obj.Key)
			if ok && !yield(Info{Hash: h, Size: obj.Size, StoredAt: obj.ModTime}, nil) {
				return
			}
		}
	}
}

// Remove forgets a blob. Only what no record names any more may be removed;
// the caller knows that. Removing what is not there is no error.
func (s *Store) Remove(ctx context.Context, h Hash) (err error) {
	defer fault.Wrap(&err, "blob.Remove(%.12s)", string(h))
	if _, err := ParseHash(string(h)); err != nil {
		return err
	}
	err = s.explain(s.bucket.Delete(ctx, s.key(h)), h)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	return err
}

// Ping asks the storage for a sign of life.
func (s *Store) Ping(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "blob.Ping")
	ok, err := s.bucket.IsAccessible(ctx)
	if err == nil && !ok {
		return s.unavailable(nil)
	}
	return s.explain(err, "")
}

// Derived is the part of the store for what can be made again from the rest of
// the data: a place of its own, which List and so backups leave out, and from
// which removing cannot take what a record names. It is closed with s.
func (s *Store) Derived() *Store {
	d := *s
	d.prefix = "derived/"
	return &d
}

// Close releases the store.
func (s *Store) Close() error { return s.bucket.Close() }
