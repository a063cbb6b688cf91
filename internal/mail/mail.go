// Package mail hands letters to a mail server, or to a folder where a closed
// network has none.
//
// A letter goes to one person and has an identity of its own. Sending happens
// at least once: after a crash, or where the server did not answer in time, the
// same letter goes out again under the same Message-ID, which mail programs
// show once. An Outbox with a Log keeps it to once in all other cases.
//
// The package queues nothing itself: Letter is the arguments of a job, and
// Outbox.Deliver the function that works on it.
package mail

import (
	"net/mail"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"gongkai/internal/fault"
)

// Message is one letter to one person.
type Message struct {
	ID      string            `json:"id"` // stable and unique: letters, digits and . _ -
	To      string            `json:"to"` // 张三 <zhangsan@example.gov.cn>, or the address alone
	Subject string            `json:"subject"`
	Text    string            `json:"text"`
	HTML    string            `json:"html,omitempty"` // the same in HTML; "" for none
	ReplyTo string            `json:"reply_to,omitempty"`
	Headers map[string]string `json:"headers,omitempty"` // names beginning with X-, List- or Auto-
}

// Letter is a Message as the arguments of a job.
type Letter Message

// Kind is the stable name of the job.
func (Letter) Kind() string { return "mail.send" }

// Limits of a letter.
const (
	maxSubject = 200     // characters
	maxBody    = 1 << 20 // bytes, of each body
)

var (
	letterID   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$`)
	headerName = regexp.MustCompile(`^(X|List|Auto)-[A-Za-z0-9-]{1,60}$`)
)

// Check refuses what cannot be sent: an address that is none, a subject or
// header that would break into the lines of another, bodies that are empty or
// too long. Faults are Invalid or TooLarge, so a job with such a letter fails
// at once.
func (m Message) Check() error {
	if !letterID.MatchString(m.ID) {
		return bad("id", "邮件编号“%s”只能由字母、数字和 . _ - 组成。", fault.Clip(m.ID, 40))
	}
	if _, err := ParseAddress(m.To); err != nil {
		return bad("to", "“%s”不是邮箱地址，请在账号里更正。", fault.Clip(m.To, 80))
	}
	if m.ReplyTo != "" {
		if _, err := ParseAddress(m.ReplyTo); err != nil {
			return bad("reply_to", "回复地址“%s”不是邮箱地址。", fault.Clip(m.ReplyTo, 80))
		}
	}
	switch {
	case strings.TrimSpace(m.Subject) == "" || !oneLine(m.Subject):
		return bad("subject", "邮件标题要写在一行里，不能有换行等控制字符。")
	case utf8.RuneCountInString(m.Subject) > maxSubject:
		return fault.New(fault.TooLarge, "mail_subject", "邮件标题最多%d字。", maxSubject).At("subject")
	case m.Text == "":
		return bad("text", "邮件没有正文。")
	case len(m.Text) > maxBody || len(m.HTML) > maxBody:
		return fault.New(fault.TooLarge, "mail_body", "邮件正文最多%d字节。", maxBody).At("text")
	case !utf8.ValidString(m.Text) || !utf8.ValidString(m.HTML):
		return bad("text", "邮件正文不是有效的UTF-8文字。")
	}
	for name, value := range m.Headers {
		if !headerName.MatchString(name) || !oneLine(value) || len(value) > 500 {
			return bad("headers", "邮件头“%s”不能这样写：名称以 X-、List- 或 Auto- 开头，内容写在一行里。", fault.Clip(name, 40))
		}
	}
	return nil
}

func bad(place, format string, args ...any) error {
	return fault.New(fault.Invalid, "mail_"+place, format, args...).At("%s", place)
}

// oneLine tells whether a text is valid and has no control characters.
func oneLine(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// ParseAddress reads one address with or without a name.
func ParseAddress(s string) (*mail.Address, error) {
	wrong := fault.New(fault.Invalid, "mail_address", "“%s”不是邮箱地址，应如 zhangsan@example.gov.cn。", fault.Clip(s, 80))
	if !oneLine(s) || len(s) > 320 {
		return nil, wrong
	}
	a, err := mail.ParseAddress(s)
	if err != nil {
		return nil, wrong.Because(err)
	}
	// What a server would not take, or take for a command, is refused here.
	if local, host, _ := strings.Cut(a.Address, "@"); local == "" || host == "" || strings.ContainsAny(a.Address, " <>\"\\,;:()[]") || !oneLine(a.Name) {
		return nil, wrong
	}
	return a, nil
}
