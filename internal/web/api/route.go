package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// keeping says for how long an answer may be given again.
type keeping uint8

// The ways of keeping. All answers have an entity tag, also those never kept.
const (
	whileUnchanged keeping = iota // until the public data or the day changes
	whileIndexed                  // until the index has moved, too
	never                         // see ui.Fresh
)

// route is one address of the API.
type route struct {
	path    string // below base
	tag     string // heading of the reference
	id      string // of the operation
	summary string
	detail  string
	keep    keeping
	add     func(s *server, api huma.API, op huma.Operation)
}

// base is what all addresses of this version begin with.
const base = "/api/v1"

func (rt route) operation() huma.Operation {
	return huma.Operation{Method: http.MethodGet, Path: base + rt.path, OperationID: rt.id, Summary: rt.summary,
		Description: rt.detail, Tags: []string{rt.tag},
		Errors: []int{http.StatusBadRequest, http.StatusNotFound, http.StatusTooManyRequests, http.StatusServiceUnavailable}}
}

// reply is what huma writes: the body and how it may be kept.
type reply[O any] struct {
	CacheControl string `header:"Cache-Control"`
	Body         O
}

// revalidate is honest for data that may change at any moment and tells so by
// its entity tag: keep it, but ask before using it again.
const revalidate = "public, no-cache"

// get makes a route's handler of a method of server: errors become problems.
func get[I, O any](h func(s *server, ctx context.Context, in *I) (O, error)) func(*server, huma.API, huma.Operation) {
	return func(s *server, api huma.API, op huma.Operation) {
		huma.Register(api, op, func(ctx context.Context, in *I) (*reply[O], error) {
			out, err := h(s, ctx, in)
			if err != nil {
				return nil, s.fail(ctx, op.OperationID, err)
			}
			return &reply[O]{CacheControl: revalidate, Body: out}, nil
		})
	}
}

// fail makes the problem of an error and logs what is our own fault.
func (s *server) fail(ctx context.Context, operation string, err error) *Problem {
	p := problemOf(err)
	if p.Status >= http.StatusInternalServerError && ctx.Err() == nil {
		s.Log.Error("api call failed", "operation", operation, "err", err)
	}
	return p
}

// queryNames are the query parameters that an operation declares: what its
// answer depends on.
func queryNames(doc *huma.OpenAPI, path string) (names []string) {
	for _, p := range doc.Paths[path].Get.Parameters {
		if p.In == "query" {
			names = append(names, p.Name)
		}
	}
	slices.Sort(names)
	return names
}
