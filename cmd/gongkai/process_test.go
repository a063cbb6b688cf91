package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// process is a process of this program with its data in a folder.
type process struct {
	*exec.Cmd
	stdout, stderr bytes.Buffer
}

// start begins gongkai with arguments; it is ended with the test at the latest.
func start(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command("gongkai", args...)}
	p.Env = append(os.Environ(), "GONGKAI_METRICS_ADDR=off")
	p.Stdout, p.Stderr = &p.stdout, &p.stderr
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if p.ProcessState == nil {
			p.kill()
		}
	})
	return p
}

// kill ends the process as a power cut would, and tells whether it still ran.
func (p *process) kill() bool {
	p.Process.Kill()
	p.Wait()
	return p.ProcessState.ExitCode() < 0
}

// do runs gongkai to its end, which must be good, and gives what it printed.
func do(t *testing.T, args ...string) string {
	t.Helper()
	p := start(t, args...)
	if err := p.Wait(); err != nil {
		t.Fatalf("gongkai %.200q: %v\n%s%s", args, err, p.stdout.String(), p.stderr.String())
	}
	return p.stdout.String()
}

// serve starts a server on a folder and gives its address when it answers.
func serve(t *testing.T, data string) (p *process, base string) {
	t.Helper()
	p = start(t, "serve", "--data", data, "--addr", "127.0.0.1:0", "--rate-limit", "0")
	base, ok := waitReady(data)
	if !ok {
		p.kill()
		t.Fatalf("no server answers:\n%s", p.stderr.String())
	}
	return p, base
}

// library writes publications into a file.
func library(t *testing.T, n, size int) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "many.jsonl")
	if err := os.WriteFile(file, publications(n, size), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}
