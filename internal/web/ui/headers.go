package ui

import "net/http"

// Policy is the content security policy of every page: everything from this
// host, nothing inline, nothing framed.
const Policy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

var safetyHeaders = []field{
	{"Content-Security-Policy", []string{Policy}},
	{"X-Content-Type-Options", []string{"nosniff"}},
	{"X-Frame-Options", []string{"DENY"}},
	{"Referrer-Policy", []string{"same-origin"}},
	{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
	{"Permissions-Policy", []string{"camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"}},
}

// Safe puts the safety headers on every answer.
func Safe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for i := range safetyHeaders {
			h[safetyHeaders[i].name] = safetyHeaders[i].values
		}
		next.ServeHTTP(w, r)
	})
}
