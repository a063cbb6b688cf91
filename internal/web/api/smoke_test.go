package api_test

import (
	"fmt"
	"testing"
)

func TestSmoke(t *testing.T) {
	c := sqliteCity(t)
	for _, u := range []string{"/api/v1/search?q=地名", "/api/v1/clauses?q=谁主管地名工作", "/api/v1/suggest?q=jy", "/api/v1/publications?size=2", "/api/v1/publications/2", "/api/v1/publications/6", "/api/v1/publications/2/versions/1", "/api/v1/units", "/api/v1/units/4", "/api/v1/obligations", "/api/v1/duties?status=overdue", "/api/v1/duties/1", "/api/v1/tasks", "/api/v1/kinds", "/api/v1/plans", "/api/v1/plans/1", "/api/v1/commitments", "/api/v1/matrix", "/api/v1/sites", "/api/v1/ledger?size=3", "/api/v1/calendar/2021-06-14", "/api/v1/calendar/due?from=2021-06-11&days=3", "/api/v1/bulk", "/api/v1/search?from=2021-02-30&size=500", "/api/v1/publications/x", "/api/v1/nope", "/api/v1/units/丙县"} {
		r := c.get("GET", u)
		b := read(t, r)
		if len(b) > 1500 {
			b = b[:1500]
		}
		fmt.Println(u, r.StatusCode, r.Header.Get("Etag"), r.Header.Get("Content-Type"), b)
	}
}
