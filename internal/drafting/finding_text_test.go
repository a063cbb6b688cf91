package drafting

import (
	"strings"
	"testing"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/law"
	"gongkai/internal/publication"
)

// Whoever has to decide may see the thing itself, in the text and in a file;
// nobody else may, and what is no longer there is not shown.
func TestFindingText(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		d := c.create(t, "编一", notice("公示", func(l *publication.Line) { l.Body.Text += "\n联系13912345678。" }))
		if _, _, err := c.Attach(ctx, c.person(t, "编一"), d.ID, "名单.txt", strings.NewReader("电话13887654321")); err != nil {
			t.Fatal(err)
		}
		w, err := c.Get(ctx, c.person(t, "保密"), d.ID)
		if err != nil || len(w.Findings) != 2 {
			t.Fatalf("%d findings, %v", len(w.Findings), err)
		}
		for i, want := range []string{"13912345678", "13887654321"} {
			got, err := c.FindingText(ctx, c.person(t, "保密"), d.ID, w.Findings[i].ID)
			if err != nil || got != want {
				t.Errorf("finding %d: got %q, %v; want %q", i, got, err, want)
			}
			for _, who := range []string{"旁观", "外局"} {
				_, err = c.FindingText(ctx, c.person(t, who), d.ID, w.Findings[i].ID)
				wantFault(t, err, "not_allowed", "权限")
			}
		}
		if _, err := c.Resolve(ctx, c.person(t, "编一"), d.ID, w.Revision, w.Findings[0].ID, Mask, ""); err != nil {
			t.Fatal(err)
		}
		_, err = c.FindingText(ctx, c.person(t, "保密"), d.ID, w.Findings[0].ID)
		wantFault(t, err, "finding_unknown", "不在稿件里")
	})
}

func TestInventoryIsSwitched(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		withhold := func(title string, ground law.Ground) int64 {
			d := c.create(t, "编一", notice(title))
			c.inStateFrom(t, d.ID, Submit, Approve)
			in := full(c.now)
			in.Ground, in.ReexamineOn, in.Listed = ground, civil.MustDate("2021-12-31"), false
			c.must(t, "保密", d.ID, Withhold, in)
			return d.ID
		}
		open, secret := withhold("内部流程", law.GroundInternal), withhold("某项秘密", law.GroundSecret)
		set := func(who string, id int64, on bool) error {
			return c.DB.Update(ctx, func(tx *db.Tx) error { return c.Disclose(ctx, tx, c.person(t, who), id, on) })
		}
		shown := func() int {
			list, err := c.Inventory(ctx, nil, 10)
			if err != nil {
				t.Fatal(err)
			}
			return len(list)
		}
		wantFault(t, set("编一", open, true), "not_allowed", "保密审查")
		wantFault(t, set("保密", secret, true), "withheld_secret", "国家秘密")
		wantFault(t, set("保密", secret+99, true), "withheld_unknown", "没有这一条")
		for _, on := range []bool{true, false} {
			if err := set("保密", open, on); err != nil || (shown() == 1) != on {
				t.Errorf("listed %t: %v, %d shown", on, err, shown())
			}
		}
		c.pass(time.Hour)
		in := full(c.now)
		c.must(t, "保密", open, Release, in)
		wantFault(t, set("保密", open, true), "withheld_unknown", "决定公开")
	})
}
