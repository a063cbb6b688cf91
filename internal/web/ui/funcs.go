package ui

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
)

// funcs are what templates may call. Everything else is a method of the page.
var funcs = template.FuncMap{
	"num":   Thousands,
	"bytes": Bytes,
	"stamp": Stamp,
	"first": func(n int, s string) string { return fault.Clip(s, n) },
	"join":  func(list []string, sep string) string { return strings.Join(list, sep) },
	"add":   func(a, b int) int { return a + b },
}

// Thousands is n with commas: 12,345.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	start := 0
	if n < 0 {
		start = 1
	}
	for i := len(s) - 3; i > start; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Bytes is a size for people: 38 KB.
func Bytes(n int64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d 字节", n)
	case n < 1<<20:
		return fmt.Sprintf("%d KB", (n+512)>>10)
	}
	if n < 1<<30 {
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%.1f GB", float64(n)/(1<<30))
}

// Stamp is an instant as the guideline for government sites wants it,
// YYYY-MM-DD HH:MM in China; "" for the zero instant.
func Stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(civil.China).Format("2006-01-02 15:04")
}
