package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"gongkai/internal/web/api"
)

// oddQueries are what people paste, mistype and try.
var oddQueries = []struct {
	name, text string
	finds      bool // it holds nothing beside the library's own words
}{
	{"100,000 letters", strings.Repeat("gongkai ", 12_500), false},
	{"100,000 characters", strings.Repeat("惠民惠农补贴发放公告", 10_000), true},
	{"100,000 punctuation marks", strings.Repeat("，。！？", 25_000), false},
	{"only punctuation", "，。！？《》“”()[]{}…—·", false},
	{"only spaces", " \t　 ", false},
	{"control characters", "\x07惠民惠农\x01补贴\x1b\r\n\x7f", true},
	{"direction marks", "\u202e惠民惠农\u200b\ufeff补贴\u2066", true},
	{"operators", `+惠民 -"惠农" title:* AND (OR ^~2 \ /a/ [1 TO 2]`, false},
	{"SQL", `'; drop table publication_records; --`, false},
	{"markup", `<script>alert(1)</script>&lt;惠民惠农`, false},
	{"many quotes", strings.Repeat(`"`, 1000), false},
	{"a single letter", "惠", true},
	{"emoji and rare characters", "👪\U00020000𠮷惠民惠农", false},
}

// Every query is answered, with what its words find or with nothing: on the
// command line, by the API and on the page.
func TestOddQueries(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	do(t, "import", "units", "yongzhou", "--data", data)
	do(t, "import", "publications", library(t, 20, 100), "--data", data)
	t.Run("command", func(t *testing.T) {
		const argumentLimit = 128 << 10 // of the operating system
		for _, q := range oddQueries {
			if len(q.text) >= argumentLimit {
				continue
			}
			text := do(t, "search", "--data", data, "--json", "--", q.text)
			checkFound(t, q.name, []byte(text), q.finds)
		}
	})
	_, base := serve(t, data)
	for _, path := range []string{"/api/v1/search", "/api/v1/clauses", "/search"} {
		t.Run(path, func(t *testing.T) {
			for _, q := range oddQueries {
				status, body, err := fetch(base + path + "?q=" + url.QueryEscape(q.text))
				if err != nil || status != http.StatusOK {
					t.Errorf("%s: got %d and %v: %.300s", q.name, status, err, body)
					continue
				}
				if path == "/api/v1/search" {
					checkFound(t, q.name, body, q.finds)
				}
				checkClean(t, q.name, body)
			}
		})
	}
	t.Run("no UTF-8", func(t *testing.T) {
		resp, err := http.Get(base + "/api/v1/search?q=%ff%fe%00%e6%b0")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("got %s", resp.Status)
		}
	})
}

// checkFound reads an answer and compares whether it has anything with finds.
// Nothing asked lists everything.
func checkFound(t *testing.T, name string, body []byte, finds bool) {
	t.Helper()
	var found api.Found
	if err := json.Unmarshal(body, &found); err != nil {
		t.Errorf("%s: %v in %.300s", name, err, body)
		return
	}
	if finds && found.Total == 0 {
		t.Errorf("%s: finds nothing", name)
	}
}

// checkClean refuses characters that no page and no JSON may hold, and markup
// that somebody has sent.
func checkClean(t *testing.T, name string, body []byte) {
	t.Helper()
	for _, r := range string(body) {
		if r != '\n' && r != '\t' && r != '\r' && unicode.IsControl(r) {
			t.Errorf("%s: the answer holds the control character %U", name, r)
			return
		}
	}
	if strings.Contains(string(body), "<script>alert") {
		t.Errorf("%s: the answer holds the script that was sent", name)
	}
}
