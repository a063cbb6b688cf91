package privacy

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"gongkai/internal/fault"
)

// clamdServer speaks the server's half of INSTREAM: it answers FOUND where the
// stream holds the word virus, and refuses streams over a limit.
func clamdServer(t *testing.T, network, addr string, limit int) string {
	t.Helper()
	l, err := net.Listen(network, addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				io.WriteString(c, clamdAnswer(c, limit)+"\x00")
			}()
		}
	}()
	return l.Addr().String()
}

func clamdAnswer(c io.Reader, limit int) string {
	command := make([]byte, len("zINSTREAM\x00"))
	if _, err := io.ReadFull(c, command); err != nil || string(command) != "zINSTREAM\x00" {
		return "UNKNOWN COMMAND"
	}
	var stream bytes.Buffer
	for {
		var size uint32
		if err := binary.Read(c, binary.BigEndian, &size); err != nil {
			return "INSTREAM: no size"
		}
		if size == 0 {
			break
		}
		if stream.Len()+int(size) > limit {
			return "INSTREAM size limit exceeded. ERROR"
		}
		if _, err := io.CopyN(&stream, c, int64(size)); err != nil {
			return "INSTREAM: short"
		}
	}
	if strings.Contains(stream.String(), "virus") {
		return "stream: Test-Signature FOUND"
	}
	return "stream: OK"
}

func TestClamd(t *testing.T) {
	tcp := clamdServer(t, "tcp", "127.0.0.1:0", 1<<20)
	socket := clamdServer(t, "unix", filepath.Join(t.TempDir(), "clamd"), 1<<20)
	dead := clamdServer(t, "tcp", "127.0.0.1:0", 1)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	large := strings.Repeat("clean ", 50_000)
	for _, c := range []struct {
		name, addr, text, code string
		kind                   fault.Kind
	}{
		{"clean", tcp, "clean", "", 0},
		{"clean, many chunks", "tcp://" + tcp, large, "", 0},
		{"found", tcp, large + "virus", "virus_found", fault.Invalid},
		{"found by socket", socket, "a virus", "virus_found", fault.Invalid},
		{"clean by socket", "unix:" + socket, "clean", "", 0},
		{"over the daemon's limit", dead, "clean", "virus_scan_size", fault.Unavailable},
		{"nobody there", closed.Addr().String(), "clean", "virus_scan_away", fault.Unavailable},
		{"not configured", "", "a virus", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Clamd{Addr: c.addr}.Scan(context.Background(), strings.NewReader(c.text))
			f, _ := fault.Of(err)
			if c.code == "" && err != nil || c.code != "" && (f == nil || f.Code != c.code || f.Kind != c.kind) {
				t.Errorf("got %v, want %q", err, c.code)
			}
		})
	}
}

func TestClamdLeavesTroubleOfTheFileAlone(t *testing.T) {
	addr := clamdServer(t, "tcp", "127.0.0.1:0", 1<<20)
	trouble := errors.New("disk gone")
	err := Clamd{Addr: addr}.Scan(context.Background(), iotest.ErrReader(trouble))
	if !errors.Is(err, trouble) || fault.KindOf(err) == fault.Unavailable {
		t.Errorf("got %v, want the reader's own error", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := (Clamd{Addr: addr}).Scan(ctx, strings.NewReader("x")); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got %v after the caller gave up, want unavailable", err)
	}
}
