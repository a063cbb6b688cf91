package mail

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"gongkai/internal/fault"
)

var ctx = context.Background()

func at() time.Time { return time.Date(2022, 1, 19, 1, 2, 3, 0, time.UTC) }

func letter() Message {
	return Message{ID: "remind-7-2022-01-19", To: "张三 <zhangsan@example.org>", Subject: "今天到期2件、本周到期5件公开义务，请及时办理并核对完成依据",
		Text: "您好：\r\n.一行以点开头\n" + strings.Repeat("很长的一行，", 300) + "\n", HTML: "<p>您好</p>", ReplyTo: "office@example.org",
		Headers: map[string]string{"X-Gongkai-Kind": "提醒"}}
}

// way is the address of a server's sender.
func (p *postOffice) way(scheme, user, params string) string {
	q := "?from=" + url.QueryEscape("政务公开 <gongkai@example.org>")
	if p.ca != "" {
		q += "&ca=" + url.QueryEscape(p.ca)
	}
	who := ""
	if user != "" {
		who = url.UserPassword(user, password).String() + "@"
	}
	return scheme + "://" + who + p.addr + q + params
}

func open(t *testing.T, address string) Sender {
	t.Helper()
	s, err := Open(address, Options{Now: at})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLetterArrivesAsWritten(t *testing.T) {
	for _, tt := range []struct {
		kind, scheme, user, params string
		encrypted                  bool
	}{
		{"starttls", "smtp", "", "", true},
		{"starttls", "smtp", "gongkai", "", true},
		{"starttls", "smtp", "", "&tls=try", true},
		{"none", "smtp", "", "&tls=try", false},
		{"none", "smtp", "", "&tls=none", false},
		{"none", "smtp", "gongkai", "&tls=none", false},
		{"implicit", "smtps", "gongkai", "", true},
	} {
		t.Run(tt.kind+tt.scheme+tt.user+tt.params, func(t *testing.T) {
			p := openOffice(t, tt.kind)
			p.user = tt.user
			s := open(t, p.way(tt.scheme, tt.user, tt.params))
			if err := s.Check(ctx); err != nil {
				t.Fatal(err)
			}
			if err := s.Send(ctx, letter()); err != nil {
				t.Fatal(err)
			}
			got := p.taken()
			if len(got) != 1 || got[0].encrypted != tt.encrypted || got[0].user != tt.user || got[0].from != "gongkai@example.org" || got[0].to != "zhangsan@example.org" {
				t.Fatalf("%d letters, %+v", len(got), got)
			}
			checkLetter(t, got[0].data)
			if strings.Contains(s.String(), password) || strings.Contains(s.String(), "p%40") {
				t.Errorf("String shows the password: %s", s)
			}
		})
	}
}

// checkLetter reads a letter with the standard library and compares it with
// what letter says.
func checkLetter(t *testing.T, data []byte) {
	t.Helper()
	if i := bytes.IndexFunc(data, func(r rune) bool { return r > 126 }); i >= 0 {
		t.Errorf("byte %d of the letter is not ASCII", i)
	}
	msg, err := netmail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	want := letter()
	for name, value := range map[string]string{"Subject": want.Subject, "From": "政务公开 <gongkai@example.org>", "To": want.To, "Reply-To": "<office@example.org>",
		"Message-Id": "<remind-7-2022-01-19@example.org>", "Date": "Wed, 19 Jan 2022 01:02:03 +0000", "Auto-Submitted": "auto-generated", "X-Gongkai-Kind": "提醒"} {
		got, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get(name))
		if err != nil || strings.ReplaceAll(got, `"`, "") != value {
			t.Errorf("%s: %q, want %q (%v)", name, got, value, err)
		}
	}
	_, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(msg.Body, params["boundary"])
	for _, body := range []string{want.Text, want.HTML} {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if got := strings.ReplaceAll(string(text), "\r\n", "\n"); err != nil || got != strings.ReplaceAll(body, "\r\n", "\n") {
			t.Errorf("body %q, want %q (%v)", got, body, err)
		}
	}
}

func TestWhatTheServerRefuses(t *testing.T) {
	code := func(n int) *smtp.SMTPError { return &smtp.SMTPError{Code: n, Message: "no"} }
	for _, tt := range []struct {
		name string
		set  func(p *postOffice)
		want fault.Kind
		code string
	}{
		{"unknown recipient", func(p *postOffice) { p.refuse["zhangsan@example.org"] = code(550) }, fault.Invalid, "mail_refused"},
		{"recipient's box is busy", func(p *postOffice) { p.refuse["zhangsan@example.org"] = code(450) }, fault.Unavailable, "mail_deferred"},
		{"letter is rejected", func(p *postOffice) { p.fail = []*smtp.SMTPError{code(554)} }, fault.Invalid, "mail_rejected"},
		{"server is full", func(p *postOffice) { p.fail = []*smtp.SMTPError{code(452)} }, fault.Unavailable, "mail_deferred"},
		{"server hangs up", func(p *postOffice) { p.fail = []*smtp.SMTPError{hangUp} }, fault.Unavailable, "mail_deferred"},
		{"sign-in is missing", func(p *postOffice) { p.user = "somebody" }, fault.Invalid, "mail_rejected"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := openOffice(t, "none")
			tt.set(p)
			err := open(t, p.way("smtp", "", "&tls=none")).Send(ctx, letter())
			e, _ := fault.Of(err)
			if e == nil || e.Kind != tt.want || e.Code != tt.code {
				t.Errorf("got %v, want %v %s", err, tt.want, tt.code)
			}
			if n := len(p.taken()); n != 0 {
				t.Errorf("%d letters were taken", n)
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	p := openOffice(t, "starttls")
	wrongUser := open(t, p.way("smtp", "nobody", ""))
	distrusted := &postOffice{addr: p.addr}
	for name, s := range map[string]Sender{
		"no server":              open(t, "smtp://127.0.0.1:1?tls=none&from=a@example.org"),
		"wrong password":         wrongUser,
		"untrusted certificate":  open(t, distrusted.way("smtp", "", "")),
		"server without TLS":     open(t, openOffice(t, "none").way("smtp", "", "")),
		"plain talk to TLS only": open(t, openOffice(t, "implicit").way("smtp", "", "&tls=none&timeout=300ms")),
	} {
		for what, err := range map[string]error{"Check": s.Check(ctx), "Send": s.Send(ctx, letter())} {
			if fault.KindOf(err) != fault.Unavailable {
				t.Errorf("%s: %s gives %v, want Unavailable", name, what, err)
			}
			if err != nil && strings.Contains(err.Error(), password) {
				t.Errorf("%s: %s shows the password", name, what)
			}
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, address := range []string{
		"http://mail.example.org", "smtp://?from=a@b.org", "smtp://mail.example.org", "smtp://mail.example.org?from=nobody", "smtp://h?from=a@b.org&tls=maybe",
		"smtp://h:0x?from=a@b.org", "smtp://h:99999?from=a@b.org", "smtp://u:secret-word@mail.example.org?from=a@b.org&tls=none", "smtp://u:secret-word@mail.example.org?from=a@b.org&tls=try",
		"smtp://u@h?from=a@b.org", "smtp://h?from=a@b.org&timeout=never", "smtp://h?from=a@b.org&ca=/no/such/file", "file:?from=a@b.org", "file:./x", "smtp://u:secret-word%zz@h?from=a@b.org",
	} {
		s, err := Open(address, Options{})
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("Open(%q) = %v, %v, want Invalid", address, s, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret-word") {
			t.Errorf("Open(%q) shows the password", address)
		}
	}
}

func TestOff(t *testing.T) {
	for _, address := range []string{"", "off"} {
		s := open(t, address)
		if Enabled(s) || fault.KindOf(s.Send(ctx, letter())) != fault.Invalid {
			t.Errorf("%q sends", address)
		}
	}
	if Enabled(nil) {
		t.Error("nil sends")
	}
}

func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mail")
	s := open(t, "file:"+dir+"?from="+url.QueryEscape("政务公开 <gongkai@example.org>"))
	for range 2 {
		if err := s.Send(ctx, letter()); err != nil {
			t.Fatal(err)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 || files[0].Name() != "remind-7-2022-01-19.eml" {
		t.Fatalf("%v, %v", files, err)
	}
	data, err := os.ReadFile(filepath.Join(dir, files[0].Name()))
	if err != nil {
		t.Fatal(err)
	}
	checkLetter(t, data)
}

func TestCheck(t *testing.T) {
	good := letter()
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(m *Message){
		"subject breaks":     func(m *Message) { m.Subject = "提醒\r\nBcc: x@example.org" },
		"subject empty":      func(m *Message) { m.Subject = " " },
		"recipient breaks":   func(m *Message) { m.To = "a@example.org\nBcc: x@example.org" },
		"name breaks":        func(m *Message) { m.To = "=?utf-8?q?a=0D=0ABcc:_x?= <a@example.org>" },
		"two recipients":     func(m *Message) { m.To = "a@example.org, b@example.org" },
		"no recipient":       func(m *Message) { m.To = "张三" },
		"odd recipient":      func(m *Message) { m.To = `"a b"@example.org` },
		"reply breaks":       func(m *Message) { m.ReplyTo = "a@example.org\r\nX: y" },
		"header value":       func(m *Message) { m.Headers = map[string]string{"X-A": "b\nBcc: x"} },
		"header name":        func(m *Message) { m.Headers = map[string]string{"X-A: b\r\nBcc": "x"} },
		"header of envelope": func(m *Message) { m.Headers = map[string]string{"Bcc": "x@example.org"} },
		"id":                 func(m *Message) { m.ID = "../../etc/passwd" },
		"text empty":         func(m *Message) { m.Text = "" },
		"text bytes":         func(m *Message) { m.Text = "\xff" },
	} {
		m := letter()
		spoil(&m)
		if err := m.Check(); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v, want Invalid", name, err)
		}
	}
	long := letter()
	long.Subject = strings.Repeat("长", maxSubject+1)
	if err := long.Check(); fault.KindOf(err) != fault.TooLarge {
		t.Errorf("long subject: %v", err)
	}
}

// memory is a Log for tests.
type memory struct {
	attempts []Attempt
	broken   bool
}

func (l *memory) Sent(_ context.Context, id string) (bool, error) {
	for _, a := range l.attempts {
		if a.ID == id && a.Err == nil {
			return true, nil
		}
	}
	return false, nil
}

func (l *memory) Record(_ context.Context, a Attempt) error {
	if l.broken {
		return errors.New("disk is full")
	}
	l.attempts = append(l.attempts, a)
	return nil
}

func TestOutboxSendsOnce(t *testing.T) {
	p := openOffice(t, "none")
	p.fail = []*smtp.SMTPError{{Code: 451, Message: "later"}, hangUp}
	log := &memory{}
	box := Outbox{Sender: open(t, p.way("smtp", "", "&tls=none")), Log: log, Now: at}
	for i, want := range []fault.Kind{fault.Unavailable, fault.Unavailable} {
		if err := box.Deliver(ctx, Letter(letter())); fault.KindOf(err) != want {
			t.Fatalf("attempt %d: %v", i+1, err)
		}
	}
	for range 3 {
		if err := box.Deliver(ctx, Letter(letter())); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.taken()) != 1 || len(log.attempts) != 3 || log.attempts[0].Final || !log.attempts[2].Final || log.attempts[2].At != at() {
		t.Errorf("%d letters, attempts %+v", len(p.taken()), log.attempts)
	}
	log.broken = true
	other := letter()
	other.ID = "other"
	if err := box.Deliver(ctx, Letter(other)); err != nil || len(p.taken()) != 2 {
		t.Errorf("a letter that is out failed for want of a note: %v", err)
	}
	if got := (Letter{}).Kind(); got != "mail.send" {
		t.Errorf("kind %q is stored in queues and must stay", got)
	}
}

// Whatever a check passes goes out as one letter to one person, with its
// headers whole.
func FuzzCheckedLetterStaysOne(f *testing.F) {
	f.Add("张三 <zhangsan@example.org>", "题目", "正文\r\n.\r\nMAIL FROM:<x@y>", "值")
	f.Add("a@example.org", "=?utf-8?b?DQo=?=", "\r\n\r\n", "v\tw")
	f.Fuzz(func(t *testing.T, to, subject, text, value string) {
		m := Message{ID: "f", To: to, Subject: subject, Text: text, Headers: map[string]string{"X-F": value}}
		if m.Check() != nil {
			return
		}
		msg, err := compose(m, "gongkai@example.org", at())
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if _, err := msg.WriteTo(&out); err != nil {
			t.Fatal(err)
		}
		got, err := netmail.ReadMessage(bytes.NewReader(out.Bytes()))
		if err != nil {
			t.Fatalf("%v\n%s", err, out.Bytes())
		}
		for name, values := range got.Header {
			switch name {
			case "From", "To", "Subject", "Date", "Message-Id", "Mime-Version", "Content-Type", "Content-Transfer-Encoding", "Auto-Submitted", "X-F":
			default:
				t.Errorf("header %s: %q", name, values)
			}
			if len(values) != 1 {
				t.Errorf("%d headers %s", len(values), name)
			}
		}
		if list, err := got.Header.AddressList("To"); err != nil || len(list) != 1 {
			t.Errorf("To %q reads as %v, %v", got.Header.Get("To"), list, err)
		}
	})
}
