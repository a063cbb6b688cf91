package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// Whatever stands in a query, the answer is JSON, and the blame is never ours.
func FuzzQuery(f *testing.F) {
	c := sqliteCity(f)
	paths := []string{"search", "clauses", "suggest", "publications", "publications/1", "units", "units/1", "obligations", "duties", "tasks",
		"plans/1", "matrix", "commitments", "ledger", "calendar/due", "bulk"}
	for i, r := range rows {
		if _, query, ok := strings.Cut(r.target, "?"); ok && len(query) < 500 {
			f.Add(i%len(paths), query)
		}
	}
	f.Add(0, "q=%ff%00&page=9223372036854775808&from=&to=0000-00-00&unit=&unit=-1")
	f.Add(3, "after=2021-01-01.9999999999999999999&validity=%2c%2c&size=-0")
	f.Add(8, "after=%00.1&status=%E3%80%81&due_from=9999-12-31&due_to=0001-01-01")
	f.Add(14, "from=9999-12-31&days=3000")
	f.Fuzz(func(t *testing.T, path int, query string) {
		req := httptest.NewRequest("GET", "/api/v1/"+paths[uint(path)%uint(len(paths))], nil)
		req.URL = &url.URL{Path: req.URL.Path, RawQuery: query}
		rec := httptest.NewRecorder()
		c.handler.ServeHTTP(rec, req)
		if rec.Code >= http.StatusInternalServerError || !json.Valid(rec.Body.Bytes()) {
			t.Errorf("%s?%q: status %d, %.300s", req.URL.Path, query, rec.Code, rec.Body)
		}
	})
}
