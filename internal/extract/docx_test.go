package extract

import (
	"os"
	"strings"
	"testing"

	"gongkai/internal/fault"
	"gongkai/internal/sharedtest"
)

const numberingXML = `<w:numbering xmlns:w="w">
<w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2.%4"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="第%1条"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="9"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val=""/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="9"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="8"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="11"/></w:lvlOverride></w:num>
</w:numbering>`

func num(id, level string) string {
	return `<w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="` + id + `"/></w:numPr>`
}

func TestDOCXNumbering(t *testing.T) {
	body := para(num("1", "0"), "总体要求") + para(num("1", "1"), "目标") + para(num("1", "2"), "规划") + para(num("1", "2"), "统计") +
		para(num("1", "1"), "原则") + para(num("1", "3"), "细目") + para(num("1", "0"), "任务") + para(num("1", "1"), "公开") +
		para("", "正文") + para(num("2", "0"), "为了公开。") + para(num("2", "0"), "本办法适用于本市。") + para(num("3", "0"), "圆点") +
		para(num("4", "0"), "另起。") + para(num("0", "0"), "无号")
	doc := mustRead(t, "a.docx", docx(t, body, "word/numbering.xml", numberingXML))
	want := `一、总体要求
（一）目标
1.规划
2.统计
（二）原则
1.2.1细目
二、任务
（一）公开
正文
第一条　为了公开。
第二条　本办法适用于本市。
圆点
第十一条　另起。
无号`
	if got := lines(doc.Blocks); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if b := doc.Body(); len(b.Articles) != 3 || b.Articles[2].Label != "第十一条" {
		t.Errorf("articles = %+v", b.Articles)
	}
}

func TestDOCXStylesAndHeadings(t *testing.T) {
	styles := `<w:styles xmlns:w="w">
<w:style w:styleId="T"><w:name w:val="Title"/></w:style>
<w:style w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:styleId="Sub"><w:name w:val="own"/><w:basedOn w:val="H1"/></w:style>
<w:style w:styleId="Loop"><w:name w:val="loop"/><w:basedOn w:val="Loop"/></w:style>
<w:style w:styleId="Gone"><w:name w:val="gone"/><w:rPr><w:vanish/></w:rPr></w:style>
</w:styles>`
	body := para(`<w:pStyle w:val="T"/>`, "公开办法") + para(`<w:pStyle w:val="Sub"/>`, "第一章 总则") + para(`<w:outlineLvl w:val="1"/>`, "第一节 目的") +
		para(`<w:pStyle w:val="Loop"/>`, "正文") + para(`<w:pStyle w:val="Gone"/>`, "密")
	doc := mustRead(t, "a.docx", docx(t, body, "word/styles.xml", styles))
	if got, want := lines(doc.Blocks), "# 公开办法\n# 第一章 总则\n## 第一节 目的\n正文"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if doc.Title != "公开办法" || len(doc.Warnings) != 1 || !strings.Contains(doc.Warnings[0], "隐藏文字") {
		t.Errorf("title %q, warnings %q", doc.Title, doc.Warnings)
	}
}

func TestDOCXChangesAndHiddenText(t *testing.T) {
	body := `<w:p><w:r><w:t>保留</w:t></w:r><w:del><w:r><w:delText>删去</w:delText></w:r></w:del><w:ins><w:r><w:t>插入</w:t></w:r></w:ins>` +
		`<w:r><w:rPr><w:vanish/></w:rPr><w:t>秘密</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>可见</w:t><w:commentReference w:id="1"/></w:r>` +
		`<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>` +
		`<w:p><w:r><w:t>上</w:t><w:br/><w:t>下</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent>` + para("", "框") +
		`</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>` + para("", "框") + `</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>`
	doc := mustRead(t, "a.docx", docx(t, body))
	if got, want := lines(doc.Blocks), "保留插入可见链接\n上\n下\n框"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if all := strings.Join(doc.Warnings, ""); !strings.Contains(all, "1 处隐藏文字") || !strings.Contains(all, "修订删除") ||
		!strings.Contains(all, "修订插入") || !strings.Contains(all, "批注") {
		t.Errorf("warnings = %q", doc.Warnings)
	}
}

func TestDOCXTables(t *testing.T) {
	tc := func(props, text string) string {
		return "<w:tc><w:tcPr>" + props + "</w:tcPr>" + para("", text) + "</w:tc>"
	}
	body := "<w:tbl><w:tr>" + tc(`<w:vMerge w:val="restart"/>`, "任务") + tc(`<w:gridSpan w:val="2"/>`, "责任") + "</w:tr><w:tr>" +
		tc(`<w:vMerge/>`, "") + tc("", "牵头") + tc("", "配合") + "</w:tr><w:sdt><w:sdtContent><w:tr>" +
		tc("", "公开") + tc("", "市发改委") + "<w:tc><w:tbl><w:tr>" + tc("", "甲") + tc("", "乙") + "</w:tr></w:tbl></w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>"
	doc := mustRead(t, "a.docx", docx(t, body))
	if got, want := lines(doc.Blocks), "|任务(2x1)|责任(1x2)\n|牵头|配合\n|公开|市发改委|甲 乙"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestDOCXRefuses(t *testing.T) {
	deep := strings.Repeat("<w:sdt><w:sdtContent>", 400) + para("", "甲") + strings.Repeat("</w:sdtContent></w:sdt>", 400)
	entities := `<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w:document xmlns:w="w"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>`
	tests := []struct {
		name string
		data []byte
		kind fault.Kind
		part string
	}{
		{"a renamed PDF", []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"), fault.Invalid, "PDF 已损坏"},
		{"an old DOC", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)), fault.Invalid, "损坏"},
		{"empty", nil, fault.Invalid, "空的"},
		{"blank", []byte(" \n"), fault.Invalid, "空的"},
		{"not an office file", zipped(t, "a.txt", "x"), fault.Invalid, "压缩包"},
		{"an OFD", zipped(t, "OFD.xml", "<x/>"), fault.Invalid, "OFD"},
		{"cut off", docx(t, para("", "甲"))[:200], fault.Invalid, ""},
		{"broken XML", zipped(t, "word/document.xml", wordHead+"<w:p>"), fault.Invalid, "已损坏"},
		{"deep", docx(t, deep), fault.Invalid, "套叠"},
		{"entities", zipped(t, "word/document.xml", entities), fault.Invalid, "类型声明"},
		{"binary", []byte("\x00\x01\x02\x03"), fault.Invalid, "读不出"},
		{"a bomb", zipped(t, "word/document.xml", wordHead+strings.Repeat(" ", 16<<20)), fault.TooLarge, "压缩炸弹"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read("要点.docx", tt.data, Limits{})
			wantFault(t, err, tt.kind, tt.part)
			if f, ok := fault.Of(err); ok && f.Place != "要点.docx" {
				t.Errorf("place = %q", f.Place)
			}
		})
	}
	many := make([]string, 0, 40)
	for i := range 20 {
		many = append(many, strings.Repeat("x", i+1), "")
	}
	_, err := Read("a", docx(t, para("", "甲"), many...), Limits{Entries: 10})
	wantFault(t, err, fault.TooLarge, "部件")
	_, err = Read("a", docx(t, para("", strings.Repeat("公开", 10000))), Limits{Unpacked: 10000})
	wantFault(t, err, fault.TooLarge, "压缩炸弹")
	_, err = Read("a", []byte("政务公开"), Limits{Bytes: 4})
	wantFault(t, err, fault.TooLarge, "超过上限")
}

// TestDOCXTemplate reads the real template of the yearly report.
func TestDOCXTemplate(t *testing.T) {
	data, err := os.ReadFile(sharedtest.Path(t, "data", "annual-reports", "年报模版.docx"))
	if err != nil {
		t.Fatal(err)
	}
	doc := mustRead(t, "年报模版.docx", data)
	tables := 0
	for _, b := range doc.Blocks {
		if b.Kind == Table {
			tables++
			for _, row := range b.Rows {
				if len(row) > 60 {
					t.Errorf("a row of %d cells", len(row))
				}
			}
		}
	}
	text := doc.Text()
	for _, want := range []string{"主动公开政府信息情况", "行政规范性文件", "本年新收政府信息公开申请数量", "法律服务机构", "结果维持"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing from\n%s", want, text)
		}
	}
	if tables < 3 {
		t.Errorf("%d tables, want 3 or more", tables)
	}
}

func FuzzDOCX(f *testing.F) {
	f.Add(para("", "甲") + "<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>" + para(num("1", "0"), "乙") + "</w:tc></w:tr></w:tbl>")
	f.Add(`<w:p><w:del><w:r/></w:del><w:ins><w:r><w:t>x</w:t></w:r></w:ins></w:p>`)
	f.Fuzz(func(t *testing.T, body string) {
		doc, err := Read("f.docx", docx(t, body, "word/numbering.xml", numberingXML), Limits{})
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Fatal(err)
		}
		doc.Body()
	})
}
