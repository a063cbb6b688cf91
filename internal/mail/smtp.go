package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"gongkai/internal/fault"
)

const defaultTimeout = 30 * time.Second

// server sends over SMTP, with a connection for each letter.
type server struct {
	host    string
	options []gomail.Option
	from    string
	words   string
	now     func() time.Time
}

// policies are the values of the parameter tls.
var policies = map[string]gomail.TLSPolicy{"starttls": gomail.TLSMandatory, "try": gomail.TLSOpportunistic, "none": gomail.NoTLS}

func openSMTP(u *url.URL, o Options) (Sender, error) {
	q := u.Query()
	from, err := takeFrom(q)
	if err != nil {
		return nil, err
	}
	if u.Hostname() == "" {
		return nil, badURL("缺少主机名，应如 smtp://mail.example.gov.cn:587?from=地址。")
	}
	s := &server{host: u.Hostname(), from: from, now: o.Now, words: u.Scheme + "://" + u.Host}
	secure, err := s.security(u, q)
	if err != nil {
		return nil, err
	}
	if err := s.signIn(u, secure); err != nil {
		return nil, err
	}
	timeout := defaultTimeout
	if t := q.Get("timeout"); t != "" {
		if timeout, err = time.ParseDuration(t); err != nil || timeout <= 0 || timeout > 10*time.Minute {
			return nil, badURL("里的 timeout“%s”不对，应如 30s。", fault.Clip(t, 20))
		}
	}
	s.options = append(s.options, gomail.WithTimeout(timeout))
	_, err = gomail.NewClient(s.host, s.options...)
	if err != nil {
		return nil, badURL("不能用：主机名或端口不对。")
	}
	return s, nil
}

// security sets port and encryption; secure tells whether a password may go
// over the connection.
func (s *server) security(u *url.URL, q url.Values) (secure bool, err error) {
	config := &tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12}
	if file := q.Get("ca"); file != "" {
		if config.RootCAs, err = trust(file); err != nil {
			return false, err
		}
	}
	s.options = append(s.options, gomail.WithTLSConfig(config))
	port := 465
	if u.Scheme == "smtps" {
		s.options = append(s.options, gomail.WithSSL())
		secure = true
	} else {
		kind := q.Get("tls")
		if kind == "" {
			kind = "starttls"
		}
		policy, ok := policies[kind]
		if !ok {
			return false, badURL("里的 tls“%s”不对，可用 starttls、try、none；从一开始就加密的用 smtps://。", fault.Clip(kind, 20))
		}
		s.options = append(s.options, gomail.WithTLSPolicy(policy))
		port, secure = 587, policy == gomail.TLSMandatory
		if policy == gomail.NoTLS {
			port = 25
		}
	}
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil {
			return false, badURL("里的端口“%s”不对。", fault.Clip(p, 20))
		}
	}
	s.options = append(s.options, gomail.WithPort(port))
	return secure || local(s.host), nil
}

// local tells whether a host is this machine.
func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// trust reads certificates to trust besides the machine's own.
func trust(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, badURL("里的证书文件 %s 读不到。", file)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, badURL("里的证书文件 %s 不是 PEM 格式的证书。", file)
	}
	return pool, nil
}

func (s *server) signIn(u *url.URL, secure bool) error {
	password, ok := u.User.Password()
	if u.User.Username() == "" {
		return nil
	}
	if !ok {
		return badURL("里有用户名而没有密码。")
	}
	if !secure {
		return badURL("会把密码不加密地送出去。请用 smtps://，或不写 tls=try、tls=none。")
	}
	auth := gomail.SMTPAuthAutoDiscover
	if local(s.host) {
		auth = gomail.SMTPAuthPlain // may go unencrypted on the same machine
	}
	s.options = append(s.options, gomail.WithSMTPAuth(auth), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	return nil
}

// String is the server without user and password.
func (s *server) String() string { return s.words + "（发件人" + s.from + "）" }

// Check connects, encrypts and signs in.
func (s *server) Check(ctx context.Context) error {
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return s.unreachable(err)
	}
	return s.translate(client.Close())
}

// Send sends one letter.
func (s *server) Send(ctx context.Context, m Message) (err error) {
	defer fault.Wrap(&err, "mail.Send(%s)", m.ID)
	if err := m.Check(); err != nil {
		return err
	}
	msg, err := compose(m, s.from, s.now())
	if err != nil {
		return err
	}
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return err
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if msg.IsDelivered() {
		return nil // the server has it, whatever it said to the farewell
	}
	return s.translate(err)
}

// translate tells what trying again can cure from what it cannot.
func (s *server) translate(err error) error {
	var refused *gomail.SendError
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &refused):
		return s.unreachable(err)
	case refused.IsTemp() || !permanent(refused.ErrorCode()):
		return fault.New(fault.Unavailable, "mail_deferred", "发信服务器暂时没有收下邮件，过一会儿再发。").Because(err)
	case refused.Reason == gomail.ErrSMTPRcptTo:
		return fault.New(fault.Invalid, "mail_refused", "发信服务器不认这个收件地址，请核对账号里的邮箱。").Because(err)
	}
	return fault.New(fault.Invalid, "mail_rejected", "发信服务器拒收这封邮件，请管理员看日志里的原因。").Because(err)
}

// permanent tells whether a reply code means never (RFC 5321, 4.2.1).
func permanent(code int) bool { return code >= 500 && code < 600 }

func (s *server) unreachable(err error) error {
	hint := "请检查地址、端口、证书和账号"
	if strings.Contains(err.Error(), "certificate") {
		hint = "它的证书没有被信任，请用 ca= 指明证书文件"
	}
	return fault.New(fault.Unavailable, "mail_unreachable", "连不上发信服务器 %s，%s。", s.words, hint).Because(err)
}
