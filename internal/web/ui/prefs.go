package ui

import (
	"net/http"
	"strings"
	"time"
)

// Theme is the colours a reader asked for.
type Theme byte

// Themes. Auto follows the reader's system.
const (
	Auto Theme = iota
	Light
	Dark
)

// Prefs is how a reader wants pages to look. It holds nothing that tells one
// reader from another. The zero value is the normal look.
type Prefs struct {
	Large    bool // 大字版
	Contrast bool // 高对比
	Theme    Theme
}

// PrefsCookie is the name of the cookie that keeps Prefs.
const PrefsCookie = "gk_prefs"

// String is the cookie's value: the letters l, c and w or d.
func (p Prefs) String() string {
	s := ""
	if p.Large {
		s += "l"
	}
	if p.Contrast {
		s += "c"
	}
	switch p.Theme {
	case Light:
		s += "w"
	case Dark:
		s += "d"
	}
	return s
}

// Class is the value of the html element's class attribute.
func (p Prefs) Class() string {
	var names []string
	if p.Large {
		names = append(names, "large")
	}
	if p.Contrast {
		names = append(names, "contrast")
	}
	switch p.Theme {
	case Light:
		names = append(names, "light")
	case Dark:
		names = append(names, "dark")
	}
	return strings.Join(names, " ")
}

// IsDark and IsLight tell which theme is fixed.
func (p Prefs) IsDark() bool { return p.Theme == Dark }

// IsLight tells whether the light theme is fixed.
func (p Prefs) IsLight() bool { return p.Theme == Light }

// code is a small number for each combination, for cache keys.
func (p Prefs) code() byte {
	c := byte(p.Theme) << 2
	if p.Large {
		c |= 1
	}
	if p.Contrast {
		c |= 2
	}
	return c
}

// ParsePrefs reads what String writes; unknown letters are ignored.
func ParsePrefs(s string) Prefs {
	var p Prefs
	for i := 0; i < len(s) && i < 8; i++ {
		switch s[i] {
		case 'l':
			p.Large = true
		case 'c':
			p.Contrast = true
		case 'w':
			p.Theme = Light
		case 'd':
			p.Theme = Dark
		}
	}
	return p
}

// PrefsOf reads the reader's choices from the request's cookie.
func PrefsOf(r *http.Request) Prefs {
	for _, line := range r.Header["Cookie"] {
		for line != "" {
			var part string
			part, line, _ = strings.Cut(line, ";")
			if v, ok := strings.CutPrefix(strings.TrimSpace(part), PrefsCookie+"="); ok {
				return ParsePrefs(v)
			}
		}
	}
	return Prefs{}
}

// prefsLife is how long a choice is kept without a visit.
const prefsLife = 365 * 24 * time.Hour

// SetPrefs answers the display form. The field "set" names one change, as the
// masthead's buttons send it (large, normal, contrast, plain, dark, light,
// auto); without it the form's fields size, contrast and theme are all taken.
// It then leads back to the path in "back", which must be on this host.
func SetPrefs(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, 8<<10)
	p := PrefsOf(r)
	if set := r.PostFormValue("set"); set != "" {
		p = p.change(set)
	} else {
		p = Prefs{}.change(r.PostFormValue("size")).change(r.PostFormValue("contrast")).change(r.PostFormValue("theme"))
	}
	http.SetCookie(w, &http.Cookie{
		Name: PrefsCookie, Value: p.String(), Path: "/", MaxAge: int(prefsLife / time.Second),
		HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteLaxMode,
	})
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, LocalPath(r.PostFormValue("back")), http.StatusSeeOther)
	return nil
}

// change applies one named change; an unknown name changes nothing.
func (p Prefs) change(name string) Prefs {
	switch name {
	case "large", "normal":
		p.Large = name == "large"
	case "contrast", "plain":
		p.Contrast = name == "contrast"
	case "dark":
		p.Theme = Dark
	case "light":
		p.Theme = Light
	case "auto":
		p.Theme = Auto
	}
	return p
}
