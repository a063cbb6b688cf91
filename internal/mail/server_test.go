package mail

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// postOffice is a mail server that tests start: it takes letters, and refuses
// what it is told to.
type postOffice struct {
	mu      sync.Mutex
	letters []taken
	refuse  map[string]*smtp.SMTPError // by recipient
	fail    []*smtp.SMTPError          // for the next letters, at their end
	user    string                     // "" lets everybody send
	addr    string
	ca      string // file with its certificate
}

type taken struct {
	from, to  string
	data      []byte
	encrypted bool
	user      string
}

const password = "p@ss:字/1"

// open starts a server on loopback; tls is starttls, implicit or none.
func openOffice(t *testing.T, kind string) *postOffice {
	t.Helper()
	p := &postOffice{refuse: map[string]*smtp.SMTPError{}}
	srv := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &visit{office: p, conn: c}, nil }))
	srv.Domain, srv.ErrorLog, srv.AllowInsecureAuth = "localhost", log.New(io.Discard, "", 0), true
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.addr = listener.Addr().String()
	if kind != "none" {
		var config *tls.Config
		config, p.ca = certificate(t)
		srv.TLSConfig = config
		if kind == "implicit" {
			listener = tls.NewListener(listener, config)
		}
	}
	done := make(chan struct{})
	go func() { srv.Serve(listener); close(done) }()
	t.Cleanup(func() { srv.Close(); <-done })
	return p
}

// certificate is one for 127.0.0.1 that signs itself, and the file to trust.
func certificate(t *testing.T) (*tls.Config, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, file
}

func (p *postOffice) taken() []taken {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]taken(nil), p.letters...)
}

// visit is one connection.
type visit struct {
	office *postOffice
	conn   *smtp.Conn
	letter taken
}

func (v *visit) AuthMechanisms() []string { return []string{sasl.Plain} }

func (v *visit) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, pass string) error {
		if user != v.office.user || pass != password {
			return smtp.ErrAuthFailed
		}
		v.letter.user = user
		return nil
	}), nil
}

func (v *visit) Mail(from string, _ *smtp.MailOptions) error {
	if v.office.user != "" && v.letter.user == "" {
		return smtp.ErrAuthRequired
	}
	_, v.letter.encrypted = v.conn.TLSConnectionState()
	v.letter.from = from
	return nil
}

func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.office.mu.Lock()
	defer v.office.mu.Unlock()
	if err := v.office.refuse[to]; err != nil {
		return err
	}
	v.letter.to = to
	return nil
}

func (v *visit) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	v.office.mu.Lock()
	defer v.office.mu.Unlock()
	if len(v.office.fail) > 0 {
		err := v.office.fail[0]
		v.office.fail = v.office.fail[1:]
		if err == hangUp {
			v.conn.Close()
			return errors.New("hung up")
		}
		return err
	}
	v.letter.data = bytes.Clone(data)
	v.office.letters = append(v.office.letters, v.letter)
	return nil
}

// hangUp cuts the connection in the middle of a letter.
var hangUp = &smtp.SMTPError{}

func (v *visit) Reset()        {}
func (v *visit) Logout() error { return nil }
