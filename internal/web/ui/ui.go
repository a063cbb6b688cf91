// Package ui is what every web page of the program has in common: the shell
// around a page, the templates and how they are held to their data, styles and
// scripts under names that never change their content, the page cache, the
// reader's display choices, and the guards in front of all handlers (headers,
// limits, logging, faults as pages).
//
// A page is a struct that embeds Shell and names its folder:
//
//	type homePage struct {
//		ui.Shell
//		Newest []item
//	}
//
//	func (*homePage) View() string { return "home" }
//
// The folder holds page.html and, where the page needs it, page.css. An Engine
// does not start where a folder has no struct, a struct has no folder, or a
// fragment is used by nobody.
package ui

import (
	"net/http"
	"strings"
)

// Handler is an HTTP handler that may fail. What it returns is turned into a
// page, or into a problem document, by an adapter that its audience chooses.
// It must not return an error after it has begun to write.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Guard wraps a handler in a condition: a limit, a method check, a log.
type Guard func(http.Handler) http.Handler

// Chain puts guards in front of h; the first one is the outermost.
func Chain(h http.Handler, guards ...Guard) http.Handler {
	for i := len(guards) - 1; i >= 0; i-- {
		h = guards[i](h)
	}
	return h
}

// LocalPath returns p where it is a path on this host and "/" otherwise, so
// that a form field cannot send a reader elsewhere: "//host", "/\host" and
// addresses with a scheme are refused.
func LocalPath(p string) string {
	if len(p) == 0 || p[0] != '/' || len(p) > 2048 {
		return "/"
	}
	if len(p) > 1 && (p[1] == '/' || p[1] == '\\') {
		return "/"
	}
	if strings.ContainsFunc(p, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\\' }) {
		return "/"
	}
	return p
}
