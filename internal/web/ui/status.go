package ui

import (
	"net/http"

	"gongkai/internal/fault"
)

var statusOf = [...]int{
	fault.Internal:    http.StatusInternalServerError,
	fault.Invalid:     http.StatusBadRequest,
	fault.NotFound:    http.StatusNotFound,
	fault.Conflict:    http.StatusConflict,
	fault.Forbidden:   http.StatusForbidden,
	fault.TooLarge:    http.StatusRequestEntityTooLarge,
	fault.Gone:        http.StatusGone,
	fault.Unavailable: http.StatusServiceUnavailable,
}

// Status is the HTTP status of an error: the one table for pages and the API.
func Status(err error) int {
	if k := int(fault.KindOf(err)); k < len(statusOf) {
		return statusOf[k]
	}
	return http.StatusInternalServerError
}
