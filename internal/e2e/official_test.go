package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// TestOfficial asks what a task of the plan still wants, down to the document
// that fulfils it, and who owes what, down to the duty.
func TestOfficial(t *testing.T) {
	b := newTab(t, 1280)
	b.open("/", 200)
	b.follow(b.click("nav[aria-label=主导航] a", "公开进度"))
	b.follow(b.click("a.t", "2021年政务公开工作要点"))
	for no := 1; no <= 18; no++ {
		if who := b.text(fmt.Sprintf("#task-%d .who", no)); !strings.Contains(who, "牵头") && !strings.Contains(who, "负责") {
			t.Errorf("task %d names nobody: %q", no, who)
		}
	}
	b.wants("lead", b.text("#task-2 .who"), "牵头 市发改委")
	b.wants("target", b.text("#task-3"), "348 个")
	b.wants("duty of the last paragraph", b.text("main"), "纳入政府信息公开工作年度报告")
	b.follow(b.click("#task-2 h3 a", ""))
	b.wants("task", b.text("main"), "怎样算公开")
	b.follow(b.click("table.data a[href^='/duties/']", ""))
	b.wants("duty", b.text("h2"), "证据")

	b.open(query("/duties", "status", "fulfilled"), 200)
	b.follow(b.click("table.data a[href^='/duties/']", ""))
	b.wants("state", b.text(".st"), "已公开")
	b.follow(b.click("table.data a[href^='/d/']", ""))
	b.wants("facts of the evidence", b.text(".facts"), "发布机构")
}

// TestMatrix follows cells of each state to the duties that they stand for.
func TestMatrix(t *testing.T) {
	b := newTab(t, 1280)
	for _, state := range []struct{ class, word string }{{"f", "已公开"}, {"ov", "逾期未公开"}} {
		b.open("/matrix", 200)
		cell := fmt.Sprintf("table.matrix td.%s a", state.class)
		b.wants("words of a cell", b.text(cell), state.word)
		unit := eval[string](b, fmt.Sprintf(`document.querySelector(%q).closest("tr").querySelector("th").innerText.trim()`, cell))
		b.follow(b.click(cell, ""))
		rows := b.count("table.data tbody tr")
		if rows == 0 {
			t.Fatalf("%s lists no duty", b.path())
		}
		found := 0
		for i := range rows {
			row := b.text(fmt.Sprintf("table.data tbody tr:nth-child(%d)", i+1))
			if !strings.Contains(row, unit) {
				t.Errorf("%s: row %q is not of %s", b.path(), row, unit)
			}
			if strings.Contains(row, state.word) {
				found++
			}
		}
		if found == 0 {
			t.Errorf("%s: none of %d duties is %s, as the cell said", b.path(), rows, state.word)
		}
	}
}
