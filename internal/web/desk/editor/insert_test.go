package editor

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestPicture(t *testing.T) {
	b := edit(t, newDesk(t, "<p>见图：</p>"))
	b.cursor("见图：")
	b.tool("图片", "")
	b.press("dialog", "插入")
	b.says("dialog [role=alert]", "请选择一张图片。")
	b.fill("已有的图片附件", "/chart.png")
	b.press("dialog", "插入")
	b.says("dialog [role=alert]", "请写明图片的内容")
	b.fill("图片说明（替代文字）", "  ")
	b.press("dialog", "插入")
	b.says("dialog [role=alert]", "请写明图片的内容")
	b.fill("图片说明（替代文字）", "1月至6月优良天数165天")
	b.press("dialog", "插入")
	b.await("the picture", `document.querySelector(".ed-text img")`)
	b.wantHTML("the text", `<p>见图：<img src="/chart.png" alt="1月至6月优良天数165天"></p>`)

	b.do(chromedp.Click(`.ed-text img`))
	b.tool("图片", "")
	b.fill("装饰图片（不含任何信息，无须说明）", "true")
	b.press("dialog", "修改")
	b.await("the description gone", `document.querySelector(".ed-text img").alt === ""`)
	b.wantHTML("the text", `<p>见图：<img src="/chart.png" alt=""></p>`)
}

func TestPictureUploaded(t *testing.T) {
	d := newDesk(t, "<p>见图：</p>")
	b := edit(t, d)
	file := filepath.Join(t.TempDir(), "示意图.png")
	if err := os.WriteFile(file, []byte("\x89PNG\r\n\x1a\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.cursor("见图：")
	b.tool("图片", "")
	b.await("the dialog", `document.querySelector("dialog input[type=file]")`)
	b.do(chromedp.SetUploadFiles(`dialog input[type=file]`, []string{file}))
	b.fill("图片说明（替代文字）", "示意图.png")
	b.press("dialog", "插入")
	b.says("dialog [role=alert]", "文件名说明不了图片的内容")
	b.fill("图片说明（替代文字）", "办理流程")
	b.press("dialog", "插入")
	b.await("the picture", `document.querySelector(".ed-text img")`)
	b.wantHTML("the text", `<p>见图：<img src="/chart.png?2" alt="办理流程"></p>`)
	if got := look(d, func(d *desk) []string { return d.uploads }); !slices.Equal(got, []string{"示意图.png"}) {
		t.Errorf("the desk was sent %q, want the picture", got)
	}
}

func TestAttachment(t *testing.T) {
	b := edit(t, newDesk(t, "<p>附件：</p>"))
	b.cursor("附件：")
	b.tool("附件", "")
	b.fill("附件", "/files/7/tasks.xlsx")
	b.press("dialog", "插入")
	b.await("the link", `document.querySelector(".ed-text a")`)
	b.keys("。")
	b.wantHTML("the text", `<p>附件：<a href="/files/7/tasks.xlsx">任务分工表.xlsx</a>。</p>`)
}

func TestArticle(t *testing.T) {
	d := newDesk(t, "<p>依据</p>")
	b := edit(t, d)
	b.cursor("依据")
	b.tool("条文", "")
	b.fill("法规名称和条号，或者条文里的话", "没有的")
	b.says("dialog [role=status]", "没有找到")
	b.fill("法规名称和条号，或者条文里的话", "信息公开条例第五条")
	b.says("dialog [role=status]", "找到 2 条") // that of another site is none
	b.says("dialog .ed-found", "《某旧条例》第一条（废止）")
	b.keys(kb.Tab + kb.Tab)
	b.keys("\r")
	b.await("the link", `document.querySelector(".ed-text a")`)
	b.wantHTML("the text", `<p>依据<a href="/d/4#art-5">《中华人民共和国政府信息公开条例》第五条</a></p>`)
	if got := look(d, func(d *desk) []string { return d.asked }); !slices.Contains(got, "信息公开条例第五条") {
		t.Errorf("the desk was asked %q", got)
	}
}

func TestLink(t *testing.T) {
	b := edit(t, newDesk(t, "<p>见市政府网站和邮箱</p>"))
	b.selects("市政府网站")
	b.keys("k", kb.ModifierCtrl)
	b.fill("网址", "javascript:alert(1)")
	b.press("dialog", "插入")
	b.says("dialog [role=alert]", "网址要以")
	b.fill("网址", "www.yzcity.gov.cn/zfxxgk")
	b.press("dialog", "插入")
	b.await("the link", `document.querySelector(".ed-text a")`)
	b.wantHTML("the text", `<p>见<a href="https://www.yzcity.gov.cn/zfxxgk">市政府网站</a>和邮箱</p>`)
	b.cursor("市政府")
	b.await("the tool pressed", `[...document.querySelectorAll(".ed-bar button")].some(e => e.textContent === "链接" && e.ariaPressed === "true")`)
	b.tool("链接", "")
	b.press("dialog", "去掉链接")
	b.await("the link gone", `!document.querySelector(".ed-text a")`)
	b.wantHTML("the text", `<p>见市政府网站和邮箱</p>`)
}
