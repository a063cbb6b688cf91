package editor

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

func TestTyping(t *testing.T) {
	tests := map[string]struct {
		body string
		act  func(*tab)
		want string
	}{
		"paragraphs": {"", func(b *tab) { b.write("各县区人民政府：\r现通知如下。") }, "<p>各县区人民政府：</p><p>现通知如下。</p>"},
		"bold by key": {"", func(b *tab) {
			b.write("要")
			b.keys("b", kb.ModifierCtrl)
			b.keys("求")
			b.keys("b", kb.ModifierCtrl)
			b.keys("如下")
		}, "<p>要<strong>求</strong>如下</p>"},
		"bold by button":    {"<p>一句话</p>", func(b *tab) { b.selects("一句"); b.tool("加粗", "") }, "<p><strong>一句</strong>话</p>"},
		"heading by button": {"<p>总体要求</p>", func(b *tab) { b.cursor("总体要求"); b.tool("标题一", ""); b.keys("\r正文在此") }, "<h2>总体要求</h2><p>正文在此</p>"},
		"heading by key": {"<p>组织领导</p>", func(b *tab) {
			b.cursor("组织")
			b.keys("2", kb.ModifierCtrl, kb.ModifierAlt)
		}, "<h3>组织领导</h3>"},
		"undo and redo": {"<p>原文</p>", func(b *tab) {
			b.cursor("原文")
			b.keys("添上")
			b.keys("z", kb.ModifierCtrl)
			b.wantHTML("after undo", "<p>原文</p>")
			b.keys("y", kb.ModifierCtrl)
		}, "<p>原文添上</p>"},
		"superscript and subscript": {"<p>PM2.5，m3</p>", func(b *tab) {
			b.selects("2.5")
			b.tool("下标", "")
			b.selects("3")
			b.tool("上标", "")
		}, "<p>PM<sub>2.5</sub>，m<sup>3</sup></p>"},
		"formats cleared": {"<h2><u>标题</u></h2><p><strong>重</strong>点</p>", func(b *tab) {
			b.mark("标题", "点", true)
			b.tool("清除格式", "")
		}, "<p>标题</p><p>重点</p>"},
		"blanks stay":     {"<p>湖南省</p>", func(b *tab) { b.cursor("湖南省"); b.keys("   永州市") }, "<p>湖南省\u00a0\u00a0 永州市</p>"},
		"a slash is text": {"<p>每年</p>", func(b *tab) { b.cursor("每年"); b.keys("5/6?jkex") }, "<p>每年5/6?jkex</p>"},
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

func TestNumbers(t *testing.T) {
	tests := map[string]struct {
		body string
		act  func(*tab)
		want string
	}{
		"typed numbers stay text": {"", func(b *tab) { b.write("1. 甲\r一、乙\r* 丙\r- 丁") }, "<p>1. 甲</p><p>一、乙</p><p>* 丙</p><p>- 丁</p>"},
		"given by the menu": {"<p>甲</p><p>乙</p><p>丙</p>", func(b *tab) {
			b.mark("甲", "丙", true)
			b.tool("编号", "（一）　（二）　（三）")
		}, "<p>（一）甲</p><p>（二）乙</p><p>（三）丙</p>"},
		"another style": {"<p>一、甲</p><p>二、乙</p>", func(b *tab) {
			b.mark("甲", "乙", true)
			b.tool("编号", "1.　2.　3.")
		}, "<p>1. 甲</p><p>2. 乙</p>"},
		"continued from above": {"<p>一、甲</p><p>（一）子</p><p>文字</p><p>乙</p>", func(b *tab) {
			b.cursor("乙")
			b.tool("编号", "一、　二、　三、")
		}, "<p>一、甲</p><p>（一）子</p><p>文字</p><p>二、乙</p>"},
		"begun anew under an outer one": {"<p>（二）甲</p><p>二、乙</p><p>丙</p>", func(b *tab) {
			b.cursor("丙")
			b.tool("编号", "（一）　（二）　（三）")
		}, "<p>（二）甲</p><p>二、乙</p><p>（一）丙</p>"},
		"taken away": {"<p>1. 甲</p><p>2. 乙</p>", func(b *tab) {
			b.mark("甲", "乙", true)
			b.tool("编号", "1.　2.　3.")
		}, "<p>甲</p><p>乙</p>"},
		"bullets go on": {"<p>甲</p>", func(b *tab) {
			b.cursor("甲")
			b.tool("项目符号", "")
			b.keys("\r乙\r\r丙")
		}, "<p>• 甲</p><p>• 乙</p><p>丙</p>"},
		"a begun list goes on": {"<p>（一）甲</p><p>（二）乙</p><p>（三）丁</p>", func(b *tab) {
			b.cursor("乙")
			b.keys("\r丙")
		}, "<p>（一）甲</p><p>（二）乙</p><p>（三）丙</p><p>（四）丁</p>"},
		"one number is no list": {"<p>一、总体要求</p>", func(b *tab) { b.cursor("要求"); b.keys("\r以") }, "<p>一、总体要求</p><p>以</p>"},
		"counted anew": {"<p>1. 甲</p><p>3. 乙</p><p>（1）子</p><p>9. 丙</p>", func(b *tab) {
			b.cursor("甲")
			b.tool("编号", "从这里起重新编号")
		}, "<p>1. 甲</p><p>2. 乙</p><p>（1）子</p><p>3. 丙</p>"},
		"a number goes as a whole": {"<p>（二十一）甲</p>", func(b *tab) { b.cursor("（二十一）"); b.keys(kb.Backspace) }, "<p>甲</p>"},
		"figures are no numbers":   {"<p>3.5万户</p><p>乙</p>", func(b *tab) { b.cursor("乙"); b.tool("编号", "1.　2.　3.") }, "<p>3.5万户</p><p>1. 乙</p>"},
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
