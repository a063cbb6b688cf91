package portal

import (
	"context"
	"strings"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/drafting"
	"gongkai/internal/law"
)

func TestWithheldInventory(t *testing.T) {
	c := newCity(t)
	if page := c.get(t, "/withheld").Body.String(); !strings.Contains(page, "清单里现在没有信息") {
		t.Error("an empty inventory does not say so")
	}
	tree, err := c.units.Snapshot(t.Context())
	check(t, err)
	o, err := tree.Resolve("市教育局", civil.DateOf(autumn))
	check(t, err)
	c.Withheld = func(_ context.Context, _ []int64, limit int) ([]drafting.Entry, error) {
		list := make([]drafting.Entry, min(limit, withheldShown+7))
		for i := range list {
			list[i] = drafting.Entry{Title: "讨论记录", UnitID: o.ID, Kind: "notice", Ground: law.GroundProcess, On: civil.MustDate("2021-10-08")}
		}
		return list, nil
	}
	c.acts++
	page := c.get(t, "/withheld").Body.String()
	for _, want := range []string{"讨论记录", "永州市教育局", "《政府信息公开条例》第十六条第二款", "2021-10-08", "只列出最近的 500 条"} {
		if !strings.Contains(page, want) {
			t.Errorf("the inventory lacks %q", want)
		}
	}
	if page := c.get(t, "/zfxxgk/guide/").Body.String(); !strings.Contains(page, `href="/withheld"`) {
		t.Error("nothing of 政府信息公开 leads to the inventory")
	}
}
