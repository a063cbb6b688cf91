package privacy

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"gongkai/internal/fault"
)

// Clamd asks a ClamAV daemon. The zero value asks nobody and finds nothing.
type Clamd struct {
	Addr    string        // host:port, tcp://host:port, unix:/path or /path
	Timeout time.Duration // of the whole exchange; 0 means two minutes
}

// clamdChunk is how much is sent at a time.
const clamdChunk = 64 << 10

// Scan sends what r holds through INSTREAM. A virus is a fault of kind Invalid
// (virus_found); a daemon that cannot be reached, or answers that it could not
// look, is one of kind Unavailable, and the caller decides whether to hold the
// file. Without an address Scan returns nil at once and does not read r.
func (c Clamd) Scan(ctx context.Context, r io.Reader) (err error) {
	if c.Addr == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout())
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, c.network(), c.address())
	if err != nil {
		return clamdAway(err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })()
	sent := clamdSend(conn, r)
	var source readError
	if errors.As(sent, &source) {
		return source.error
	}
	answer, err := io.ReadAll(io.LimitReader(conn, 4<<10)) // read even where sending failed: it says why
	if len(answer) == 0 {
		return clamdAway(errors.Join(sent, err))
	}
	return clamdVerdict(strings.TrimRight(string(answer), "\x00\r\n"), sent)
}

func (c Clamd) timeout() time.Duration {
	if c.Timeout > 0 {
		return c.Timeout
	}
	return 2 * time.Minute
}

func (c Clamd) network() string {
	if strings.HasPrefix(c.Addr, "/") || strings.HasPrefix(c.Addr, "unix:") {
		return "unix"
	}
	return "tcp"
}

func (c Clamd) address() string {
	addr := strings.TrimPrefix(strings.TrimPrefix(c.Addr, "tcp://"), "unix:")
	if c.network() == "unix" {
		return "/" + strings.TrimLeft(addr, "/")
	}
	return addr
}

// readError is trouble with what is to be scanned, not with the daemon.
type readError struct{ error }

// clamdSend speaks the client's half: the command, chunks led by their length,
// and an empty one.
func clamdSend(w io.Writer, r io.Reader) error {
	if _, err := io.WriteString(w, "zINSTREAM\x00"); err != nil {
		return err
	}
	buf := make([]byte, 4+clamdChunk)
	for {
		n, err := io.ReadFull(r, buf[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(buf, uint32(n))
			if _, err := w.Write(buf[:4+n]); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			_, err := w.Write(bytes.Repeat([]byte{0}, 4))
			return err
		case err != nil:
			return readError{err}
		}
	}
}

func clamdVerdict(answer string, sent error) error {
	text := strings.TrimPrefix(answer, "stream: ")
	switch {
	case text == "OK" && sent == nil:
		return nil
	case strings.HasSuffix(text, " FOUND"):
		return fault.New(fault.Invalid, "virus_found", "查毒发现这个文件带有病毒（%s），没有收下。请在原来的电脑上杀毒后重新生成文件再交。", strings.TrimSuffix(text, " FOUND"))
	case strings.Contains(text, "size limit exceeded"):
		return fault.New(fault.Unavailable, "virus_scan_size", "文件超过查毒服务允许的大小，没有查完。请联系管理员调高 clamd 的 StreamMaxLength。").Because(errors.New(answer))
	}
	return clamdAway(errors.Join(errors.New(answer), sent))
}

func clamdAway(cause error) error {
	return fault.New(fault.Unavailable, "virus_scan_away", "查毒服务暂时连不上，文件还没有查毒。请稍后再试，仍不行时请联系管理员。").Because(cause)
}
