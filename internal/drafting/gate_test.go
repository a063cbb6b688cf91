package drafting

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/db/dbtest"
	"gongkai/internal/document"
	"gongkai/internal/publication"
)

// gated is a city with the real privacy gate.
func gated(t *testing.T) *city {
	t.Helper()
	c := &city{now: dbtest.Noon}
	c.found(t, dbtest.SQLite(t, c.clock))
	c.Gate = PrivacyGate{Public: func() []string { return []string{"0746-1234567"} }}
	return c
}

// Through the real gate: numbers in title, HTML and fields are found, masked
// where they stand, and gone when looked at again.
func TestPrivacyGateMasksTexts(t *testing.T) {
	c := gated(t)
	d := c.create(t, "编一", notice("关于公示的通知", func(l *publication.Line) {
		l.Body = publication.Body{Format: document.HTML, Text: "<p>联系人张某，手机<b>138</b>00138000，机关电话0746-1234567。</p><table><tr><td>手机</td><td>13900139000</td></tr></table>"}
		l.Fields = publication.Fields{"contact": "13700137000"}
	}))
	if d.Findings != 3 {
		w, err := c.Get(ctx, c.person(t, "编一"), d.ID)
		t.Fatalf("%d findings, want 3: %+v, %v", d.Findings, w.Findings, err)
	}
	for d.Findings > 0 {
		w, err := c.Get(ctx, c.person(t, "编一"), d.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range w.Findings {
			if f.Open() {
				if d, err = c.Resolve(ctx, c.person(t, "编一"), d.ID, d.Revision, f.ID, Mask, ""); err != nil {
					t.Fatalf("%+v: %v", f, err)
				}
				break
			}
		}
	}
	w, err := c.Get(ctx, c.person(t, "编一"), d.ID)
	if err != nil {
		t.Fatal(err)
	}
	text := plainBody(w.Line.Body) + placeText(w.Line, PlaceField("contact"))
	for _, number := range []string{"13800138000", "13900139000", "13700137000"} {
		if strings.Contains(text, number) {
			t.Errorf("%s is still there: %s", number, text)
		}
	}
	if !strings.Contains(text, "0746-1234567") {
		t.Errorf("the office's own number is gone: %s", text)
	}
	for _, f := range w.Findings {
		if strings.Contains(f.Excerpt, "13800138000") {
			t.Errorf("a finding shows what it is about: %+v", f)
		}
	}
}

// Through the real gate: a workbook's hidden sheet and the numbers in it keep
// the draft back until they are dealt with, and what is published has neither.
func TestPrivacyGateMendsFiles(t *testing.T) {
	c := gated(t)
	book := excelize.NewFile()
	for cell, v := range map[string]string{"A1": "姓名", "B1": "手机", "A2": "张某", "B2": "13800138000"} {
		if err := book.SetCellStr("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := book.NewSheet("底稿"); err != nil {
		t.Fatal(err)
	}
	if err := book.SetCellStr("底稿", "A1", "13900139000"); err != nil {
		t.Fatal(err)
	}
	if err := book.SetSheetVisible("底稿", false); err != nil {
		t.Fatal(err)
	}
	var data bytes.Buffer
	if err := book.Write(&data); err != nil {
		t.Fatal(err)
	}
	d := c.create(t, "编一", notice("关于公示的通知"))
	_, d, err := c.Attach(ctx, c.person(t, "编一"), d.ID, "名单.xlsx", &data)
	if err != nil || d.Findings < 2 {
		t.Fatalf("%d findings, %v", d.Findings, err)
	}
	for range 10 {
		w, err := c.Get(ctx, c.person(t, "编一"), d.ID)
		if err != nil {
			t.Fatal(err)
		}
		i := 0
		for i < len(w.Findings) && !w.Findings[i].Open() {
			i++
		}
		if i == len(w.Findings) {
			break
		}
		how := Mask
		if w.Findings[i].Masked == "" {
			how = Remove
		}
		if d, err = c.Resolve(ctx, c.person(t, "编一"), d.ID, d.Revision, w.Findings[i].ID, how, ""); err != nil {
			t.Fatalf("%+v: %v", w.Findings[i], err)
		}
	}
	c.pushThrough(t, d.ID)
	d = c.must(t, "签发", d.ID, Publish, Input{})
	doc, err := c.Records.Get(ctx, d.RecordID)
	if err != nil {
		t.Fatal(err)
	}
	hash, _ := doc.Attachments[0].Hash()
	r, err := c.Records.Blobs.Open(ctx, hash)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	public, err := excelize.OpenReader(r)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := public.GetCellValue("Sheet1", "B2"); err != nil || got != "138****8000" {
		t.Errorf("B2 is %q, %v", got, err)
	}
	if sheets := public.GetSheetList(); len(sheets) != 1 {
		t.Errorf("sheets %v are public", sheets)
	}
}
