package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// patience is how long a test waits for what should take a moment; it bounds a
// hanging test and measures nothing.
const patience = time.Minute

// waitReady waits until the server that keeps its data in a folder answers and
// gives its address.
func waitReady(data string) (base string, ok bool) {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var note struct{ Addr string }
		text, err := os.ReadFile(filepath.Join(data, "server.json"))
		if err != nil || json.Unmarshal(text, &note) != nil {
			continue
		}
		if status, _, err := fetch("http://" + note.Addr + "/healthz"); err == nil && status == http.StatusOK {
			return "http://" + note.Addr, true
		}
	}
	return "", false
}

// fetch gets an address whose query may be written as people write it.
func fetch(address string) (status int, body []byte, err error) {
	u, err := url.Parse(address)
	if err != nil {
		return 0, nil, err
	}
	u.RawQuery = u.Query().Encode()
	resp, err := http.Get(u.String())
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(resp.Body)
	return resp.StatusCode, body, err
}

// eventually asks an address until its answer pleases, and gives the last one.
func eventually(address string, pleases func(body []byte) bool) (body []byte, ok bool) {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		var status int
		var err error
		if status, body, err = fetch(address); err == nil && status == http.StatusOK && pleases(body) {
			return body, true
		}
	}
	return body, false
}

// cmdReady waits for the server on ./data and puts its address into $URL.
func cmdReady(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: ready")
	}
	base, ok := waitReady(ts.MkAbs("data"))
	if !ok {
		ts.Fatalf("no server answers")
	}
	ts.Setenv("URL", base)
}

// cmdGet gets a page of the server, which must answer with a status:
//
//	get STATUS PATH FILE
func cmdGet(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: get STATUS PATH FILE")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	status, body, err := fetch(ts.Getenv("URL") + args[1])
	ts.Check(err)
	if status != want {
		ts.Fatalf("%s answers %d, want %d:\n%s", args[1], status, want, body)
	}
	writeFile(ts, args[2], body)
}

// cmdEventually asks the server until its answer matches:
//
//	eventually PATH PATTERN
func cmdEventually(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: eventually PATH PATTERN")
	}
	pattern, err := regexp.Compile(args[1])
	ts.Check(err)
	if body, ok := eventually(ts.Getenv("URL")+args[0], pattern.Match); !ok {
		ts.Fatalf("%s never matches %s:\n%s", args[0], args[1], body)
	}
}
