package extract

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"gongkai/internal/document"
	"gongkai/internal/fault"
	"gongkai/internal/sharedtest"
)

const articleText = `<p style="text-align:center">关于印发工作要点的通知</p><p>各县市区人民政府，市直有关单位：</p><p>&nbsp;&nbsp;现将工作要点印发给你们，请按要求认真贯彻执行，全面推进决策、执行、管理、服务、结果公开。</p>
<p><strong>一、紧扣开局</strong></p><p>（一）做好规划公开。在市政府门户网站开设专栏，集中发布各类规划。<span style="display:none">草稿</span></p>
<table><tr><td>任务</td><td colspan="2">单位</td></tr></table><p>附件：<a href="P020210611.docx">任务分解表</a></p>`

// pages are furnished as the publishing systems of governments do it; %s is
// where the article stands.
var pages = map[string]string{
	"TRS": `<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="ArticleTitle" content="永州市2021年政务公开工作要点"><title>要点_永州市人民政府</title><script>var a="<p>脚本</p>";</script></head><body>
<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/zw">政务公开导航</a></li></ul></div>
<div class="crumb">当前位置：<a href="/">首页</a> &gt; 文件</div><div class="bdsharebuttonbox"><a>微博分享</a></div>
<div class="detail"><h1>永州市2021年政务公开工作要点</h1><div class="TRS_Editor">%s</div><div class="print">【打印本页】【关闭窗口】</div></div>
<div class="right"><ul><li><a>相关链接一二三四五六七</a></li></ul></div>
<div id="footer">主办：某某市人民政府 网站标识码：4300000000 湘ICP备00000000号</div></body></html>`,
	"zoom": `<html><head><title>永州市2021年政务公开工作要点-永州市人民政府</title></head><body><div><a href=1>首页</a><a href=2>政务公开导航</a></div><div>字体：大 中 小</div>
<div id="zoom"><div>%s</div></div><div>版权所有 某某市人民政府</div></body></html>`,
	"layout table": `<html><head><title>永州市2021年政务公开工作要点 | 永州市</title></head><body><table><tr><td><a>首页</a> <a>政务公开导航</a></td></tr><tr><td><table><tr><td>%s</td></tr></table></td></tr></table><center>湘公网安备 000号</center></body></html>`,
	"no names":     `<html><body><h1>永州市2021年政务公开工作要点</h1><div><div><a href=1>首页</a> <a href=2>政务公开导航</a> <a href=3>互动</a></div><div class="x1"><div class="x2">%s</div></div><div><a>上一篇：某某文件</a> <a>下一篇：某某文件</a></div></div></body></html>`,
}

func TestPages(t *testing.T) {
	for name, frame := range pages {
		t.Run(name, func(t *testing.T) {
			doc := mustRead(t, "page.html", []byte(strings.Replace(frame, "%s", articleText, 1)))
			if want := "永州市2021年政务公开工作要点"; doc.Title != want {
				t.Errorf("title = %q, want %q", doc.Title, want)
			}
			got := lines(doc.Blocks)
			got = strings.TrimPrefix(got, "# 永州市2021年政务公开工作要点\n")
			want := `关于印发工作要点的通知
各县市区人民政府，市直有关单位：
现将工作要点印发给你们，请按要求认真贯彻执行，全面推进决策、执行、管理、服务、结果公开。
一、紧扣开局
（一）做好规划公开。在市政府门户网站开设专栏，集中发布各类规划。
|任务|单位(1x2)
附件：任务分解表`
			if got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if len(doc.Warnings) != 1 || !strings.Contains(doc.Warnings[0], "隐藏") {
				t.Errorf("warnings = %q", doc.Warnings)
			}
		})
	}
}

func TestPageEncodings(t *testing.T) {
	const page = `<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>公告</title></head><body><p>永州市政务公开工作要点，请贯彻执行。</p></body></html>`
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(page)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"GBK": gb, "UTF-8 that calls itself GBK": page} {
		if doc := mustRead(t, "a.html", []byte(data)); lines(doc.Blocks) != "永州市政务公开工作要点，请贯彻执行。" || doc.Title != "公告" {
			t.Errorf("%s: %q %q", name, doc.Title, lines(doc.Blocks))
		}
	}
}

func TestPagesRefused(t *testing.T) {
	_, err := Read("a.html", []byte(`<html><body><script>document.write("x")</script><div class="nav"><a>首页</a></div></body></html>`), Limits{})
	wantFault(t, err, fault.Invalid, "找不到正文")
	_, err = Read("a.html", []byte("<html>"+strings.Repeat("<div>", 5000)+"甲"), Limits{})
	wantFault(t, err, fault.Invalid, "套叠")
}

func TestTextEncodings(t *testing.T) {
	const text = "永州市人民政府办公室\r\n关于印发要点的通知\r\n\r\n　　一、公开为常态，不公开为例外。\r\n"
	want := "永州市人民政府办公室\n关于印发要点的通知\n一、公开为常态，不公开为例外。"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	little, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	big, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"UTF-8": text, "mark": "\ufeff" + text, "GB18030": gb, "UTF-16LE": little, "UTF-16BE": big, "UTF-16 without mark": little[2:]} {
		doc := mustRead(t, "a.txt", []byte(data))
		if got := lines(doc.Blocks); got != want {
			t.Errorf("%s: %q", name, got)
		}
		if doc.Title != "永州市人民政府办公室关于印发要点的通知" {
			t.Errorf("%s: title %q", name, doc.Title)
		}
	}
}

// TestLongLine reads a line of 50 MB.
func TestLongLine(t *testing.T) {
	data := []byte(strings.Repeat("公开", 50<<20/6))
	doc := mustRead(t, "a.txt", data)
	if len(doc.Blocks) != 1 || len(doc.Blocks[0].Text) != len(data) {
		t.Errorf("%d blocks", len(doc.Blocks))
	}
}

// TestSeed reads the real work plan.
func TestSeed(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sharedtest.Path(t, "seeds"), "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no seed: %v", err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	doc := mustRead(t, "要点.txt", data)
	if want := "永州市政务公开政务服务领导小组办公室关于印发《永州市2021年政务公开工作要点》的通知"; doc.Title != want {
		t.Errorf("title = %q, want %q", doc.Title, want)
	}
	sections, tasks := 0, 0
	for _, n := range doc.Body().Nodes {
		if n.Kind == document.NodeNumbered && n.Level == 1 {
			sections++
		} else if n.Kind == document.NodeNumbered && n.Level == 2 {
			tasks++
		}
	}
	if sections != 5 || tasks != 18 {
		t.Errorf("%d sections and %d tasks, want 5 and 18", sections, tasks)
	}
}

func FuzzPage(f *testing.F) {
	for _, p := range pages {
		f.Add([]byte(strings.Replace(p, "%s", articleText, 1)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, err := Read("f.html", data, Limits{Unpacked: 1 << 20})
		if err != nil {
			if k := fault.KindOf(err); k != fault.Invalid && k != fault.TooLarge {
				t.Fatal(err)
			}
			return
		}
		if out := strings.ToLower(doc.Body().HTML()); strings.Contains(out, "<script") {
			t.Errorf("a script survives: %s", out)
		}
	})
}
