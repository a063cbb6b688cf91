package mail

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gongkai/internal/fault"
)

// folder writes each letter to a file: for closed networks, whose own tools
// carry letters on, and for trying the program out.
type folder struct {
	dir, from string
	now       func() time.Time
}

func openFolder(rest string, o Options) (Sender, error) {
	dir, query, _ := strings.Cut(rest, "?")
	q, err := url.ParseQuery(query)
	if err != nil || dir == "" {
		return nil, badURL("写法不对，应如 file:./mail?from=地址。")
	}
	from, err := takeFrom(q)
	if err != nil {
		return nil, err
	}
	f := &folder{dir: dir, from: from, now: o.Now}
	return f, f.Check(context.Background())
}

// String is the folder.
func (f *folder) String() string { return "文件夹 " + f.dir + "（发件人" + f.from + "）" }

// Check makes the folder where it is missing.
func (f *folder) Check(context.Context) error {
	if err := os.MkdirAll(f.dir, 0o750); err != nil {
		return fault.New(fault.Unavailable, "mail_folder", "邮件文件夹 %s 不能建立，请检查路径和权限。", f.dir).Because(err)
	}
	return nil
}

// Send writes ID.eml, whole or not at all; the same letter again replaces it.
func (f *folder) Send(_ context.Context, m Message) (err error) {
	defer fault.Wrap(&err, "mail.Send(%s)", m.ID)
	if err := m.Check(); err != nil {
		return err
	}
	msg, err := compose(m, f.from, f.now())
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(f.dir, ".letter-*")
	if err != nil {
		return f.unwritable(err)
	}
	defer os.Remove(file.Name()) // gone already where all went well
	_, err = msg.WriteTo(file)
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(file.Name(), filepath.Join(f.dir, m.ID+".eml"))
	}
	if err != nil {
		return f.unwritable(err)
	}
	return nil
}

func (f *folder) unwritable(err error) error {
	return fault.New(fault.Unavailable, "mail_folder", "邮件文件夹 %s 写不进去，请检查权限和空间。", f.dir).Because(err)
}
