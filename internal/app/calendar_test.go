package app

import (
	"os"
	"path/filepath"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
)

// A notice of a year that was provisional, and days of an autonomous county,
// change exactly the days they name; a bad file changes nothing.
func TestImportCalendar(t *testing.T) {
	cfg := StoreConfig{Data: t.TempDir()}
	notice := []byte(`{"year": 2027, "papers": [{"title": "国务院办公厅关于2027年部分节假日安排的通知"}], "holidays": [
		{"name": "元旦", "off": ["2027-01-01..2027-01-03"], "work": ["2027-01-09"]},
		{"name": "春节", "off": ["2027-02-05..2027-02-11"]}, {"name": "清明节", "off": ["2027-04-03..2027-04-05"]},
		{"name": "劳动节", "off": ["2027-05-01..2027-05-03"]}, {"name": "端午节", "off": ["2027-06-09"]},
		{"name": "中秋节", "off": ["2027-09-15"]}, {"name": "国庆节", "off": ["2027-10-01..2027-10-07"]}]}`)
	day := civil.MustDate("2027-01-09")
	dry, err := ImportCalendar(cfg, "tongzhi.json", notice, true)
	if err != nil || dry.File != "" || len(dry.Changes) == 0 {
		t.Fatalf("dry run: %+v, %v", dry, err)
	}
	if c, err := LoadCalendar(cfg); err != nil || c.IsWorkday(day) {
		t.Fatalf("the dry run kept something: %v", err)
	}
	kept, err := ImportCalendar(cfg, "tongzhi.json", notice, false)
	if err != nil || filepath.Base(kept.File) != "2027.json" {
		t.Fatalf("got %+v, %v", kept, err)
	}
	c, err := LoadCalendar(cfg)
	if err != nil || !c.IsWorkday(day) || c.Day(day).Provisional {
		t.Errorf("2027-01-09 is %+v, %v", c.Day(day), err)
	}
	local := []byte(`[{"date": "2021-11-19", "off": true, "name": "盘王节", "basis": "示例县人民政府通知"}]`)
	if _, err := ImportCalendar(cfg, "x/local.json", local, false); err != nil {
		t.Fatal(err)
	}
	if c, err = LoadCalendar(cfg); err != nil || c.IsWorkday(civil.MustDate("2021-11-19")) || !c.IsWorkday(day) {
		t.Errorf("local days: %v", err)
	}
	for _, bad := range []string{"", "{}", `{"year": 2027, "days": "x"}`, "PK"} {
		if _, err := ImportCalendar(cfg, "bad.json", []byte(bad), false); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %v, want an invalid fault", bad, err)
		}
	}
	if err := os.WriteFile(filepath.Join(cfg.Data, "calendar", "2028.json"), []byte("oops"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadCalendar(cfg); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a broken file in the folder is not named: %v", err)
	}
}
