package api_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/drafting"
	"gongkai/internal/law"
	"gongkai/internal/web/api"
)

func TestWithheld(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		var asked []int64
		c := newCity(t, store, func(d *api.Deps) {
			d.Withheld = func(_ context.Context, units []int64, limit int) ([]drafting.Entry, error) {
				asked = units
				return slices.Repeat([]drafting.Entry{{Title: "讨论记录", UnitID: 2, Kind: "notice", Ground: law.GroundProcess, On: civil.MustDate("2021-06-08")}}, min(limit, 3)), nil
			}
		})
		get := func(path string) (int, string) {
			w := httptest.NewRecorder()
			c.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/v1"+path, nil))
			return w.Code, w.Body.String()
		}
		status, body := get("/withheld?size=2")
		if status != http.StatusOK || strings.Count(body, `"title":"讨论记录"`) != 2 || !strings.Contains(body, `"ground":"E16-2"`) || !strings.Contains(body, "第十六条第二款") || asked != nil {
			t.Errorf("got %d %s, asked %v", status, body, asked)
		}
		if status, _ := get("/withheld?unit=市发改委"); status != http.StatusOK || !slices.Equal(asked, []int64{2}) {
			t.Errorf("got %d, asked %v", status, asked)
		}
		if status, body := get("/withheld?unit=丙县"); status != http.StatusBadRequest || !strings.Contains(body, "unit_unknown") {
			t.Errorf("got %d %s", status, body)
		}
	})
}
