package e2e

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"

	"gongkai/internal/app"
)

var (
	siteURL  = flag.String("site", "", "look at this running server instead of an own demo city")
	shotsDir = flag.String("shots", "", "write pictures of every type of page into this folder")
)

func TestMain(m *testing.M) {
	flag.Parse()
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	code := m.Run()
	if err := errors.Join(theBrowser.close(), theCity.close()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// lazy is something that all tests share: made by the first that asks.
type lazy[T any] struct {
	once  sync.Once
	value T
	err   error
	end   func() error
	open  func() (T, func() error, error)
}

func (l *lazy[T]) get(t testing.TB) T {
	t.Helper()
	l.once.Do(func() { l.value, l.end, l.err = l.open() })
	if l.err != nil {
		t.Fatal(l.err)
	}
	return l.value
}

func (l *lazy[T]) close() error {
	if l.end == nil {
		return nil
	}
	return l.end()
}

// theCity is the address of the served city, without a slash at its end.
var theCity = lazy[string]{open: func() (string, func() error, error) {
	if *siteURL != "" {
		return strings.TrimSuffix(*siteURL, "/"), nil, nil
	}
	return serveCity()
}}

// serveCity opens the program as `serve --demo` does and waits until it
// answers and its index holds everything.
func serveCity() (base string, end func() error, err error) {
	dir, err := os.MkdirTemp("", "gongkai-e2e-")
	if err != nil {
		return "", nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	end = func() error { cancel(); return os.RemoveAll(dir) }
	program, err := app.Open(ctx, app.StoreConfig{Data: dir}, app.Options{Demo: true, Serve: true})
	if err != nil {
		return "", end, err
	}
	if _, err := program.CatchUpIndex(ctx, nil); err != nil {
		return "", end, errors.Join(err, program.Close())
	}
	ready, done := make(chan string, 1), make(chan error, 1)
	go func() {
		done <- program.Run(ctx, app.ServeConfig{Addr: "127.0.0.1:0", MetricsAddr: "off"}, func(addr string) { ready <- addr })
	}()
	end = func() error {
		cancel()
		return errors.Join(<-done, program.Close(), os.RemoveAll(dir))
	}
	select {
	case addr := <-ready:
		return "http://" + addr, end, nil
	case err := <-done:
		cancel()
		return "", nil, errors.Join(err, program.Close(), os.RemoveAll(dir))
	}
}
