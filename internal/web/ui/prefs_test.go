package ui

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestPrefs(t *testing.T) {
	for _, p := range []Prefs{{}, {Large: true}, {Contrast: true, Theme: Dark}, {true, true, Light}} {
		if got := ParsePrefs(p.String()); got != p {
			t.Errorf("%q: got %+v, want %+v", p.String(), got, p)
		}
	}
	post := func(form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", "/prefs", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(&http.Cookie{Name: "other", Value: "1"})
		r.AddCookie(&http.Cookie{Name: PrefsCookie, Value: "d"})
		w := httptest.NewRecorder()
		if err := SetPrefs(w, r); err != nil {
			t.Fatal(err)
		}
		return w
	}
	w := post(url.Values{"set": {"large"}, "back": {"/d/1?on=2021-01-01"}})
	if w.Code != 303 || w.Header().Get("Location") != "/d/1?on=2021-01-01" || !strings.Contains(w.Header().Get("Set-Cookie"), PrefsCookie+"=ld;") {
		t.Errorf("got %d %v", w.Code, w.Header())
	}
	w = post(url.Values{"size": {"normal"}, "contrast": {"contrast"}, "theme": {"auto"}})
	if !strings.Contains(w.Header().Get("Set-Cookie"), PrefsCookie+"=c;") {
		t.Errorf("whole form: got %v", w.Header())
	}
}

func TestLocalPath(t *testing.T) {
	tests := []struct{ in, want string }{
		{"/d/1?on=2021-01-01", "/d/1?on=2021-01-01"}, {"//evil.example/", "/"}, {`/\evil.example`, "/"}, {"https://evil.example", "/"},
		{"", "/"}, {"/a\r\nSet-Cookie: x", "/"}, {"/" + strings.Repeat("a", 3000), "/"}, {"javascript:alert(1)", "/"}, {`/a\b`, "/"},
	}
	for _, tt := range tests {
		if got := LocalPath(tt.in); got != tt.want {
			t.Errorf("LocalPath(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func FuzzLocalPath(f *testing.F) {
	f.Add("/d/1")
	f.Add("//x")
	f.Fuzz(func(t *testing.T, s string) {
		got := LocalPath(s)
		u, err := url.Parse("https://here.example/")
		if err != nil {
			t.Fatal(err)
		}
		to, err := u.Parse(got)
		if err == nil && to.Host != "here.example" {
			t.Errorf("%q leads to %s", s, to)
		}
	})
}
