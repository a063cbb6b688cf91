package mail

import (
	"context"
	"net/url"
	"strings"
	"time"

	"gongkai/internal/fault"
)

// Sender hands letters over. Implementations are safe for concurrent use.
type Sender interface {
	// Send hands over one letter. Faults say whether trying again can help:
	// Unavailable can, Invalid cannot (the address was refused, the letter was
	// rejected).
	Send(ctx context.Context, m Message) error
	// Check tells whether the way is open, without sending anything.
	Check(ctx context.Context) error
	// String says where letters go, without passwords.
	String() string
}

// Options of senders; the zero value is usable.
type Options struct {
	Now func() time.Time // for the Date of letters; nil is the machine's clock
}

// Open makes the sender of an address:
//
//	smtp://user:password@host:587?from=…   a server, encrypted by STARTTLS
//	smtps://user:password@host:465?from=…  a server, encrypted from the start
//	file:FOLDER?from=…                     a folder that gets one .eml for each letter
//	off, or ""                             nothing is sent
//
// Parameters: from, the sender's address with or without a name (required but
// for off); tls, of smtp: starttls (default), try (encrypted where the server
// can), none (a server on the same machine or network); ca, a file with the
// certificates to trust besides the machine's; timeout, 30s by default. A
// password is never sent over a connection that is not encrypted, except to
// the same machine.
func Open(address string, o Options) (Sender, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	scheme, rest, _ := strings.Cut(address, ":")
	switch scheme {
	case "", "off":
		return off{}, nil
	case "file":
		return openFolder(rest, o)
	case "smtp", "smtps":
		u, err := url.Parse(address)
		if err != nil { // its text would show the password
			return nil, badURL("写法不对，应如 smtp://用户:密码@主机:587?from=地址；密码里的特殊字符要写成 %%40 这样的形式。")
		}
		return openSMTP(u, o)
	}
	return nil, badURL("要以 smtp://、smtps:// 或 file: 开头，不发邮件时写 off。")
}

func badURL(format string, args ...any) error {
	return fault.New(fault.Invalid, "mail_url", "发信地址"+format, args...).At("--mail")
}

// takeFrom reads the sender's own address.
func takeFrom(q url.Values) (string, error) {
	from := q.Get("from")
	if from == "" {
		return "", badURL("缺少 from=发件人地址。")
	}
	if _, err := ParseAddress(from); err != nil {
		return "", badURL("里的 from“%s”不是邮箱地址。", fault.Clip(from, 80))
	}
	return from, nil
}

// off refuses everything.
type off struct{}

// Send always fails, for good.
func (off) Send(context.Context, Message) error { return errOff() }

// Check always fails.
func (off) Check(context.Context) error { return errOff() }

// String is 不发邮件.
func (off) String() string { return "不发邮件" }

func errOff() error {
	return fault.New(fault.Invalid, "mail_off", "没有设置发信服务器，邮件没有发出。请管理员用 --mail 设置；提醒仍在程序里显示。")
}

// Enabled tells whether a sender sends anything at all.
func Enabled(s Sender) bool {
	_, isOff := s.(off)
	return s != nil && !isOff
}
