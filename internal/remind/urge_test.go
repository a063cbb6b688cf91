package remind

import (
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
)

func TestUrge(t *testing.T) {
	eachOffice(t, func(t *testing.T, o *office) {
		o.set(civil.MustDate("2021-07-05")) // long before any day of the ladder
		page, err := o.duties.Duties(ctx, obligation.DutyFilter{States: []obligation.State{obligation.NotDue}}, civil.MustDate("2021-07-05"))
		if err != nil || len(page.Duties) == 0 {
			t.Fatalf("%d duties, %v", len(page.Duties), err)
		}
		duty := page.Duties[:1]
		var first, second Urged
		o.update(func(tx *db.Tx) (err error) {
			first, err = o.Urge(ctx, tx, duty, "user:3")
			return err
		})
		o.update(func(tx *db.Tx) (err error) {
			second, err = o.Urge(ctx, tx, duty, "user:3")
			return err
		})
		if first.Told == 0 || first.Had != 0 || second.Told != 0 || second.Had != first.Told {
			t.Errorf("first %+v, again %+v: nobody hears twice on one day", first, second)
		}
		err = o.DB.Update(ctx, func(tx *db.Tx) error {
			_, err := o.Urge(ctx, tx, nil, "user:3")
			return err
		})
		if fault.KindOf(err) != fault.Conflict {
			t.Errorf("urging nothing: %v", err)
		}
	})
}
