package obligation

import (
	"database/sql"
	"strings"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
)

// Every reading that pages and imports do by the thousand goes through an
// index made for it; without one it would pass all other tests and be slow in
// a real city.
func TestQueriesUseTheirIndex(t *testing.T) {
	store := dbtest.SQLite(t, civil.Fixed(dbtest.Noon))
	r := Reckoning{june, june}
	list := DutyFilter{Units: []int64{1}, States: []State{Overdue}}
	where, listArgs := list.where(r, "d.due_on")
	keys := keysOf(RecordFacts{})
	tests := []struct {
		name, query string
		args        []any
		want        string
	}{
		{"matching", matchingQuery(len(keys)), append(append([]any{1}, db.Args(keys)...), june, june), "obligation_duties_one (obligation_id=? AND unit_id=?)"},
		{"matrix", matrixQuery("obligation_duties d", 2), append(r.stateArgs(), 1, "2021", 1, 2), "COVERING INDEX obligation_duties_matrix (plan_id=? AND period=? AND unit_id=?)"},
		{"unit's list", "select d.id from obligation_duties d join obligation_items i on i.id = d.obligation_id" + where + " order by d.due_on, d.id limit 50", listArgs, "obligation_duties_unit (unit_id=? AND due_on<?)"},
	}
	for _, tt := range tests {
		var plan []string
		err := store.View(ctx, func(tx *db.Tx) error {
			return tx.Each(ctx, "explain query plan "+tt.query, tt.args, func(rows *sql.Rows) error {
				var id, parent, unused int
				var detail string
				err := rows.Scan(&id, &parent, &unused, &detail)
				plan = append(plan, detail)
				return err
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(plan, "\n"); !strings.Contains(got, tt.want) {
			t.Errorf("%s:\n%s\nwant %s", tt.name, got, tt.want)
		}
	}
}
