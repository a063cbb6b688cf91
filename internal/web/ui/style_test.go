package ui

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestContrast(t *testing.T) {
	css, err := ownAssets.ReadFile("assets/base.css")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile(`(:root[^{]*)\{([^}]*--ink:[^}]*)\}`).FindAllStringSubmatch(string(css), -1)
	blocks = slices.DeleteFunc(blocks, func(b []string) bool { return strings.Contains(b[1], ":root:root") }) // paper
	if len(blocks) != 6 {
		t.Fatalf("%d themes, want 6", len(blocks))
	}
	token := regexp.MustCompile(`--([a-z-]+):(#[0-9a-f]{3,6})`)
	pairs := map[string][]string{
		"ink": {"paper", "sheet", "mark", "na-bg"}, "soft": {"paper", "sheet", "nil-bg", "na-bg"}, "link": {"paper", "sheet", "na-bg", "mark"},
		"red": {"paper", "sheet"}, "ok": {"paper", "sheet", "ok-bg", "warn-bg"}, "warn": {"paper", "sheet", "warn-bg"}, "late": {"paper", "sheet", "late-bg"}, "on-act": {"act"},
	}
	for _, b := range blocks {
		colour := map[string]string{}
		for _, m := range token.FindAllStringSubmatch(b[2], -1) {
			colour[m[1]] = m[2]
		}
		for text, grounds := range pairs {
			for _, ground := range grounds {
				if got := contrast(t, colour[text], colour[ground]); got < 4.5 {
					t.Errorf("%s: %s on %s is %.2f:1", strings.TrimSpace(b[1]), text, ground, got)
				}
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	h := strings.TrimPrefix(hex, "#")
	if len(h) == 3 {
		h = string([]byte{h[0], h[0], h[1], h[1], h[2], h[2]})
	}
	n, err := strconv.ParseUint(h, 16, 32)
	if err != nil || len(h) != 6 {
		t.Fatalf("colour %q", hex)
	}
	lin := func(c uint64) float64 {
		v := float64(c&255) / 255
		if v <= .04045 {
			return v / 12.92
		}
		return math.Pow((v+.055)/1.055, 2.4)
	}
	return .2126*lin(n>>16) + .7152*lin(n>>8) + .0722*lin(n)
}
