package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/internal/app"
)

// configured parses a call of serve and gives the configuration it comes to.
func configured(args ...string) (app.Config, error) {
	var c cli
	parser, err := grammar(&c, io.Discard, io.Discard)
	if err != nil {
		return app.Config{}, err
	}
	if _, err := parser.Parse(append([]string{"serve"}, args...)); err != nil {
		return app.Config{}, err
	}
	return app.Config{Store: c.StoreConfig, Serve: c.Serve.ServeConfig}, nil
}

// route reads one of the three routes: a line is a flag, a variable or a key.
func route(t *testing.T, name string) (file string, lines []string) {
	t.Helper()
	file = filepath.Join("testdata", "config", name)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return file, strings.Split(strings.TrimSpace(string(text)), "\n")
}

// Flags, environment and file set the same things, and every one of them: what
// the golden file does not hold differently from the defaults cannot be set.
func TestConfigRoutes(t *testing.T) {
	_, flags := route(t, "flags.txt")
	_, environment := route(t, "environment.txt")
	file, _ := route(t, "file.json")
	golden, _ := route(t, "golden.json")

	defaults, err := configured()
	if err != nil {
		t.Fatal(err)
	}
	byFlags, err := configured(flags...)
	if err != nil {
		t.Fatal(err)
	}
	byFile, err := configured("--config", file)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range environment {
		key, value, _ := strings.Cut(line, "=")
		t.Setenv(key, value)
	}
	byEnvironment, err := configured()
	if err != nil {
		t.Fatal(err)
	}

	text, err := json.MarshalIndent(byFlags, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	if *update {
		if err := os.WriteFile(golden, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, want) {
		t.Errorf("the flags come to\n%s\nwant\n%s", text, want)
	}
	if byEnvironment != byFlags {
		t.Errorf("the environment comes to %+v, the flags to %+v", byEnvironment, byFlags)
	}
	if byFile != byFlags {
		t.Errorf("the file comes to %+v, the flags to %+v", byFile, byFlags)
	}
	set, left := values(t, byFlags), values(t, defaults)
	for key, value := range set {
		if value == left[key] {
			t.Errorf("the routes leave %s at its default %v", key, value)
		}
	}
}

// values are the settings by name.
func values(t *testing.T, c app.Config) map[string]any {
	t.Helper()
	all := map[string]any{}
	for _, part := range []any{c.Store, c.Store.SignIn, c.Serve} {
		text, err := json.Marshal(part)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &all); err != nil {
			t.Fatal(err)
		}
	}
	delete(all, "SignIn") // a part of its own
	return all
}

// A flag beats the environment, which beats the file, which beats the default.
func TestConfigPrecedence(t *testing.T) {
	file := filepath.Join(t.TempDir(), "gongkai.json")
	if err := os.WriteFile(file, []byte(`{"addr": "file:1", "data": "file", "rate-limit": 7}`), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GONGKAI_ADDR", "environment:1")
	t.Setenv("GONGKAI_DATA", "environment")
	got, err := configured("--config", file, "--addr", "flag:1")
	if err != nil {
		t.Fatal(err)
	}
	if got.Serve.Addr != "flag:1" || got.Store.Data != "environment" || got.Serve.RateLimit != 7 || got.Store.LogLevel != "info" {
		t.Errorf("got %+v", got)
	}
}

func TestConfigRefused(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"unknown key", `{"adress": "127.0.0.1:80"}`, `配置文件里的 "adress" 不是选项；可用的有 `},
		{"no JSON", `addr = 127.0.0.1:80`, `配置文件不是 JSON 对象`},
		{"no object", `["addr"]`, `配置文件不是 JSON 对象`},
		{"wrong type", `{"json": "maybe"}`, `json`},
		{"wrong choice", `{"log-level": "loud"}`, `log-level`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "gongkai.json")
			if err := os.WriteFile(file, []byte(tt.file), 0o600); err != nil {
				t.Fatal(err)
			}
			var stdout, stderr bytes.Buffer
			code := run(context.Background(), []string{"version", "--config", file}, &stdout, &stderr)
			if code != exitUsage || !strings.Contains(stderr.String(), tt.want) || stdout.Len() > 0 {
				t.Errorf("got %d and %q, want %d and %q", code, stderr.String(), exitUsage, tt.want)
			}
		})
	}
}
