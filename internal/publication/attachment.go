package publication

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"gongkai/internal/blob"
	"gongkai/internal/fault"
	"gongkai/internal/publication/kind"
)

// maxAttachment is the size of one attachment in bytes.
const maxAttachment = 512 << 20

// storedForm is the path of an attachment that is in the store: the hash of
// its bytes and the ending of its name.
var storedForm = regexp.MustCompile(`^files/([0-9a-f]{64})((?:\.[a-z0-9]{1,8})?)$`)

// Hash is the blob of a stored attachment; ok is false for one elsewhere.
func (a Attachment) Hash() (h blob.Hash, ok bool) {
	m := storedForm.FindStringSubmatch(a.Path)
	if m == nil {
		return "", false
	}
	return blob.Hash(m[1]), true
}

var endingForm = regexp.MustCompile(`^\.[a-z0-9]{1,8}$`)

// storedPath names a blob in a line: files/HASH.ending.
func storedPath(h blob.Hash, name string) string {
	ending := strings.ToLower(path.Ext(name))
	if !endingForm.MatchString(ending) {
		ending = ""
	}
	return "files/" + string(h) + ending
}

// storeAttachments takes the files of a line into the store and lets the line
// name them by their content. What is in the store already needs no file.
func (s *Store) storeAttachments(ctx context.Context, l *Line, opts PutOptions, bad *kind.Problems) error {
	for i := range l.Attachments {
		a := &l.Attachments[i]
		if a.Path == "" {
			continue
		}
		if err := bad.AddFault(fmt.Sprintf("attachments[%d].path", i+1), s.storeAttachment(ctx, a, opts)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) storeAttachment(ctx context.Context, a *Attachment, opts PutOptions) error {
	if s.Blobs == nil {
		return fault.New(fault.Invalid, "attachment_refused", "这里不收附件文件，请改写 url。")
	}
	if h, ok := a.Hash(); ok {
		if ref, err := s.Blobs.Stat(ctx, h); err == nil {
			a.settle(ref)
			return nil
		} else if fault.KindOf(err) != fault.NotFound {
			return err
		}
	}
	f, err := openAttachment(opts.Files, a.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	if opts.dryRun {
		return nil
	}
	ref, err := s.Blobs.Put(ctx, f, maxAttachment)
	if err != nil {
		return err
	}
	if h, ok := a.Hash(); ok && h != ref.Hash {
		return fault.New(fault.Invalid, "attachment_damaged", "文件“%s”的内容与它的校验值不符，可能在传送中损坏，请重新导出。", fault.Clip(a.Path, 80))
	}
	a.settle(ref)
	return nil
}

// settle lets the line say what is stored.
func (a *Attachment) settle(ref blob.Ref) {
	a.Path, a.Size = storedPath(ref.Hash, a.Name), ref.Size
	if a.MediaType == "" {
		a.MediaType = ref.MediaType
	}
}

func openAttachment(files fs.FS, name string) (io.ReadCloser, error) {
	missing := fault.New(fault.Invalid, "attachment_missing", "找不到附件文件“%s”：路径应从导入文件所在的文件夹写起，不能用 .. 或绝对路径。", fault.Clip(name, 80))
	if files == nil || !fs.ValidPath(name) {
		return nil, missing
	}
	f, err := files.Open(name)
	if err != nil {
		if errors.Is(err, fs.ErrPermission) {
			return nil, fault.New(fault.Invalid, "attachment_unreadable", "附件文件“%s”没有读取权限。", fault.Clip(name, 80)).Because(err)
		}
		return nil, missing.Because(err)
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		f.Close()
		return nil, fault.New(fault.Invalid, "attachment_missing", "“%s”不是文件。", fault.Clip(name, 80))
	}
	return f, nil
}
