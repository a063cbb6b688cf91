package editor

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

const grid = "<table><tr><td>甲</td><td>乙</td></tr><tr><td>丙</td><td>丁</td></tr></table>"

func TestTables(t *testing.T) {
	tests := map[string]struct {
		body string
		act  func(*tab)
		want string
	}{
		"inserted by the dialog": {"<p>下表</p>", func(b *tab) {
			b.cursor("下表")
			b.tool("表格", "插入表格…")
			b.fill("行数", "2")
			b.fill("列数", "2")
			b.press("dialog", "插入")
			b.await("the table", `document.querySelector(".ed-text table") && document.activeElement.matches(".ed-text")`)
			b.keys("项目\t数量\t学校\t3")
		}, "<p>下表</p><table><tr><th>项目</th><th>数量</th></tr><tr><td>学校</td><td>3</td></tr></table>"},
		"the tab key makes a row": {grid, func(b *tab) { b.cursor("丁"); b.keys("\t戊\t己") },
			"<table><tr><td>甲</td><td>乙</td></tr><tr><td>丙</td><td>丁</td></tr><tr><td>戊</td><td>己</td></tr></table>"},
		"enter goes down and out": {grid, func(b *tab) { b.cursor("甲"); b.keys("\r之\r后文") },
			"<table><tr><td>甲</td><td>乙</td></tr><tr><td>之丙</td><td>丁</td></tr></table><p>后文</p>"},
		"merged across": {grid, func(b *tab) { b.drag("甲", "乙"); b.tool("表格", "合并单元格") },
			`<table><tr><td colspan="2">甲 乙</td></tr><tr><td>丙</td><td>丁</td></tr></table>`},
		"merged all, by keys": {grid, func(b *tab) {
			b.cursor("甲")
			b.keys(kb.ArrowRight, kb.ModifierShift)
			b.keys(kb.ArrowDown, kb.ModifierShift)
			b.tool("表格", "合并单元格")
		}, `<table><tr><td colspan="2" rowspan="2">甲 乙 丙 丁</td></tr><tr></tr></table>`},
		"split": {`<table><tr><td colspan="2">甲</td></tr><tr><td>丙</td><td>丁</td></tr></table>`, func(b *tab) { b.cursor("甲"); b.tool("表格", "拆分单元格") },
			"<table><tr><td>甲</td><td></td></tr><tr><td>丙</td><td>丁</td></tr></table>"},
		"row above": {grid, func(b *tab) { b.cursor("丙"); b.tool("表格", "在上方插入行") },
			"<table><tr><td>甲</td><td>乙</td></tr><tr><td></td><td></td></tr><tr><td>丙</td><td>丁</td></tr></table>"},
		"column to the right": {grid, func(b *tab) { b.cursor("甲"); b.tool("表格", "在右侧插入列") },
			"<table><tr><td>甲</td><td></td><td>乙</td></tr><tr><td>丙</td><td></td><td>丁</td></tr></table>"},
		"row deleted":    {grid, func(b *tab) { b.cursor("丁"); b.tool("表格", "删除行") }, "<table><tr><td>甲</td><td>乙</td></tr></table>"},
		"column deleted": {grid, func(b *tab) { b.cursor("乙"); b.tool("表格", "删除列") }, "<table><tr><td>甲</td></tr><tr><td>丙</td></tr></table>"},
		"table deleted":  {"<p>前</p>" + grid, func(b *tab) { b.cursor("乙"); b.tool("表格", "删除表格") }, "<p>前</p>"},
		"heading row":    {grid, func(b *tab) { b.cursor("丙"); b.tool("表格", "首行作表头") }, "<table><tr><th>甲</th><th>乙</th></tr><tr><td>丙</td><td>丁</td></tr></table>"},
		"heading column": {grid, func(b *tab) { b.cursor("丙"); b.tool("表格", "首列作表头") }, "<table><tr><th>甲</th><td>乙</td></tr><tr><th>丙</th><td>丁</td></tr></table>"},
		"emptied, not lost": {grid, func(b *tab) { b.drag("甲", "乙"); b.keys(kb.Delete) },
			"<table><tr><td></td><td></td></tr><tr><td>丙</td><td>丁</td></tr></table>"},
	}
	shared := sheet(t)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := shared.on(t, test.body)
			test.act(b)
			b.wantHTML("the text", test.want)
		})
	}
}

func TestTableDialogSaysWhatIsWrong(t *testing.T) {
	b := edit(t, newDesk(t, "<p>下表</p>"))
	b.cursor("下表")
	b.tool("表格", "插入表格…")
	b.fill("行数", "0")
	b.press("dialog", "插入")
	b.says("dialog [role=alert]", "行数要填 1 到 200 的整数。")
	b.await("the focus on the field", `document.activeElement.getAttribute("aria-invalid") === "true"`)
	b.keys(kb.Escape)
	b.await("the text again", `document.activeElement.matches(".ed-text")`)
	b.wantHTML("the text", "<p>下表</p>")
}
