package editor

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"gongkai/internal/document"
)

var rewrite = flag.Bool("write", false, "write what pasting gives as what it should")

// TestPaste pastes what programs put on the clipboard, one file of
// testdata/paste each: html, text, the notice that should appear, and what
// should then stand in the editor. Reading that by internal/document must
// change nothing more.
func TestPaste(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "paste", "*.txt"))
	if err != nil || len(files) < 8 {
		t.Fatalf("%d files of clipboards (%v), want 8 or more", len(files), err)
	}
	shared := sheet(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			part := map[string]string{}
			for _, f := range archive.Files {
				part[f.Name] = string(f.Data)
			}
			b := shared.on(t, "")
			b.paste(part["html"], strings.TrimSuffix(part["text"], "\n"))
			got := strings.ReplaceAll(b.html(), "\u00a0", " ")
			if *rewrite {
				archive.Files[len(archive.Files)-1].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want := part["want"]; got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if notice := strings.TrimSpace(part["notice"]); notice != "" {
				b.says(".ed-notice", notice)
			}
			wantKept(t, b)
		})
	}
}

// wantKept checks that internal/document keeps everything that the editor
// saves: its words, its tables and its markup.
func wantKept(t *testing.T, b *tab) {
	t.Helper()
	shown := eval[string](b, `[...document.querySelectorAll(".ed-text p, .ed-text :is(h1, h2, h3, h4, h5, h6)")].map(e => e.textContent.trim()).filter(Boolean).join("")`)
	saved := b.html()
	body, err := document.Parse(saved, document.HTML)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := bare(body.Plain()), bare(shown); got != want {
		t.Errorf("the page shows\n%s\nand internal/document keeps\n%s", want, got)
	}
	again, err := document.Parse(body.HTML(), document.HTML)
	if err != nil {
		t.Fatal(err)
	}
	if again.HTML() != body.HTML() {
		t.Errorf("the saved text is not stable: %s", saved)
	}
}

// bare is a text without white space.
func bare(s string) string { return strings.Join(strings.Fields(s), "") }

func TestPasteInPlaces(t *testing.T) {
	tests := map[string]struct {
		body       string
		act        func(*tab)
		html, text string
		want       string
	}{
		"words into a sentence": {"<p>公开信息</p>", func(b *tab) { b.cursor("公开") }, "<p style='color:red'><b>政府</b></p>", "政府", "<p>公开<strong>政府</strong>信息</p>"},
		"paragraphs into a cell": {grid, func(b *tab) { b.cursor("甲") }, "<p>一</p><p>二</p>", "一\n二",
			"<table><tr><td>甲一 二</td><td>乙</td></tr><tr><td>丙</td><td>丁</td></tr></table>"},
		"lines of text into a cell": {grid, func(b *tab) { b.cursor("丁") }, "", "一\n二",
			"<table><tr><td>甲</td><td>乙</td></tr><tr><td>丙</td><td>丁一 二</td></tr></table>"},
		"cells over cells": {grid, func(b *tab) { b.cursor("甲") }, "<table><tr><td>子</td><td>丑</td></tr></table>", "子\t丑",
			"<table><tr><td>子</td><td>丑</td></tr><tr><td>丙</td><td>丁</td></tr></table>"},
		"one text over chosen cells": {grid, func(b *tab) { b.drag("甲", "乙") }, "<p>一</p><p>二</p>", "一\n二",
			"<table><tr><td>一 二</td><td>一 二</td></tr><tr><td>丙</td><td>丁</td></tr></table>"},
		"a link to this site": {"<p>见</p>", func(b *tab) { b.cursor("见") }, `<a href="BASE/d/4#art-5">第五条</a>`, "第五条", `<p>见<a href="/d/4#art-5">第五条</a></p>`},
		"a page that poses as the editor": {"<p>见</p>", func(b *tab) { b.cursor("见") },
			`<p data-pm-slice="1 1 []"><a href="javascript:alert(1)">点</a><img src="javascript:alert(2)"><script>alert(3)</script></p>`, "点", "<p>见点</p>"},
	}
	shared := sheet(t)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := shared.on(t, test.body)
			test.act(b)
			b.paste(strings.ReplaceAll(test.html, "BASE", b.desk.base), test.text)
			b.wantHTML("the text", test.want)
		})
	}
}

// TestPastedPicture asks what a picture shows before it takes it.
func TestPastedPicture(t *testing.T) {
	b := edit(t, newDesk(t, "<p>见图：</p>"))
	b.cursor("见图：")
	eval[bool](b, `(() => {
    const data = new DataTransfer()
    data.items.add(new File(["\x89PNG"], "image.png", {type: "image/png"}))
    return !document.querySelector(".ed-text").dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}))
  })()`)
	b.says("dialog", "图片文件：image.png")
	b.press("dialog", "插入")
	b.says("dialog [role=alert]", "请写明图片的内容")
	b.fill("图片说明（替代文字）", "流程图")
	b.press("dialog", "插入")
	b.await("the picture", `document.querySelector(".ed-text img")`)
	b.wantHTML("the text", `<p>见图：<img src="/chart.png?2" alt="流程图"></p>`)
}
