package extract

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"gongkai/internal/fault"
	"gongkai/internal/sharedtest"
)

// ofd makes a file of pages; each is the XML of its content.
func ofd(t testing.TB, document string, pages ...string) []byte {
	t.Helper()
	parts := []string{"OFD.xml", `<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:DocBody><ofd:DocInfo><ofd:Title>属性标题</ofd:Title><ofd:CreationDate>2021-06-11</ofd:CreationDate></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`}
	var list strings.Builder
	for i, p := range pages {
		fmt.Fprintf(&list, `<ofd:Page ID="%d" BaseLoc="Pages/P%d.xml"/>`, i, i)
		parts = append(parts, fmt.Sprintf("Doc_0/Pages/P%d.xml", i), `<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016">`+p+`</ofd:Page>`)
	}
	parts = append(parts, "Doc_0/Document.xml", `<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>`+document+`</ofd:CommonData><ofd:Pages>`+list.String()+`</ofd:Pages></ofd:Document>`,
		"Doc_0/Tpl.xml", `<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer>`+ofdText(30, 40, "模板文字")+`</ofd:Layer></ofd:Content></ofd:Page>`)
	return zipped(t, parts...)
}

func ofdText(x, y float64, text string) string {
	return fmt.Sprintf(`<ofd:TextObject Boundary="%g %g 100 10" Size="5"><ofd:TextCode X="0" Y="5" DeltaX="g %d 5">%s</ofd:TextCode></ofd:TextObject>`, x, y, len([]rune(text))-1, text)
}

func TestOFD(t *testing.T) {
	layer := func(s string) string { return `<ofd:Content><ofd:Layer>` + s + `</ofd:Layer></ofd:Content>` }
	for _, c := range []struct {
		name, document, page, want string
	}{
		{"steps and scale", "", layer(`<ofd:TextObject Boundary="10 20 100 10" Size="10" CTM="0.5 0 0 0.5 0 0"><ofd:TextCode X="0" Y="10" DeltaX="g 2 10 30">甲乙丙丁</ofd:TextCode></ofd:TextObject>`), "甲乙丙 丁"},
		{"two codes", "", layer(`<ofd:TextObject Boundary="10 20 100 20" Size="5"><ofd:TextCode X="0" Y="5" DeltaX="5">上行</ofd:TextCode><ofd:TextCode Y="15" DeltaX="5">下行长些不同</ofd:TextCode></ofd:TextObject>`), "上行\n下行长些不同"},
		{"drawn out of order", "", layer(ofdText(60, 20, "后面") + ofdText(20, 20, "前面")), "前面 后面"},
		{"template below", `<ofd:TemplatePage ID="7" BaseLoc="Tpl.xml"/>`, `<ofd:Template TemplateID="7"/>` + layer(ofdText(30, 60, "页面文字")), "模板文字\n页面文字"},
		{"hidden layer", "", `<ofd:Content><ofd:Layer Visible="false">` + ofdText(20, 20, "看不见") + `</ofd:Layer><ofd:Layer>` + ofdText(20, 60, "看得见") + `</ofd:Layer></ofd:Content>`, "看得见"},
		{"block in block", "", layer(`<ofd:PageBlock><ofd:PageBlock>` + ofdText(20, 20, "深处") + `</ofd:PageBlock></ofd:PageBlock>`), "深处"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := mustRead(t, "a.ofd", ofd(t, c.document, c.page))
			if got := lines(d.Blocks); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if d.Pages != 1 || d.Meta.Title != "属性标题" || d.Meta.Created != "2021-06-11" {
				t.Errorf("pages %d, meta %+v", d.Pages, d.Meta)
			}
		})
	}
}

func TestBrokenOFD(t *testing.T) {
	page := `<ofd:Content><ofd:Layer>` + ofdText(20, 20, "文字") + `</ofd:Layer></ofd:Content>`
	good := ofd(t, "", page)
	_, err := Read("a.ofd", good, Limits{Pages: 1})
	if err != nil {
		t.Error(err)
	}
	_, err = Read("a.ofd", ofd(t, "", page, page), Limits{Pages: 1})
	wantFault(t, err, fault.TooLarge, "超过上限 1 页")
	_, err = Read("a.ofd", zipped(t, "OFD.xml", "<x/>"), Limits{})
	wantFault(t, err, fault.Invalid, "损坏")
	_, err = Read("a.ofd", ofd(t, "", `<ofd:Content><ofd:Layer><ofd:ImageObject/></ofd:Layer></ofd:Content>`), Limits{})
	wantFault(t, err, fault.Invalid, "扫描件")
	_, err = Read("a.ofd", ofd(t, "", page+strings.Repeat("0", 64<<20)), Limits{})
	wantFault(t, err, fault.TooLarge, "压缩炸弹")
}

func TestRealOFD(t *testing.T) {
	for name, want := range map[string]struct {
		pages int
		texts []string
		warns string
	}{
		"helloworld.ofd":        {1, []string{"你好呀，OFD Reader&Writer！"}, ""},
		"namespace_no_std.ofd":  {1, []string{"你好呀，OFD Reader&Writer！"}, ""},
		"AddAttachment.ofd":     {1, []string{"这是一个带有附件的OFD文件"}, "1 个附件（Gao）"},
		"SplitParagraph.ofd":    {2, []string{"“超长文档“裁切测试", "第四段："}, ""},
		"keyword.ofd":           {1, []string{"鲁（2020）泰安市不动产证明第0014777号", "担保债权数额：35万元"}, "电子签章"},
		"signedFile.ofd":        {1, []string{"江苏增值税电子普通发票", "发票号码：31471858", "价税合计（大写）"}, "电子签章"},
		"path_unstd.ofd":        {2, []string{"立案决定书", "根据《中华人民共和国刑事诉讼法》第"}, ""},
		"testImageNotFound.ofd": {2, []string{"矿产资源勘查许可证", "探矿权人在勘查许可证有效期内探明可供开采的矿体后"}, "电子签章"},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := os.ReadFile(sharedtest.Path(t, "data", "documents", "ofd", name))
			if err != nil {
				t.Fatal(err)
			}
			d := mustRead(t, name, b)
			text := lines(d.Blocks)
			for _, w := range want.texts {
				if !strings.Contains(text, w) {
					t.Errorf("%q is missing in\n%s", w, text)
				}
			}
			if d.Pages != want.pages || !strings.Contains(strings.Join(d.Warnings, ""), want.warns) {
				t.Errorf("pages %d, warnings %q", d.Pages, d.Warnings)
			}
		})
	}
}

func FuzzOFD(f *testing.F) {
	f.Add(`<ofd:Content><ofd:Layer><ofd:TextObject Boundary="1 1 9 9" Size="3" CTM="1 0 0 1 0 0"><ofd:TextCode X="0" Y="1" DeltaX="g 2 3" DeltaY="1 g">abc</ofd:TextCode></ofd:TextObject><ofd:PathObject Boundary="0 0 9 9"><ofd:AbbreviatedData>M 0 0 L 9 0 L 9 9 C</ofd:AbbreviatedData></ofd:PathObject></ofd:Layer></ofd:Content>`)
	f.Fuzz(func(t *testing.T, page string) {
		_, err := Read("f.ofd", ofd(t, `<ofd:TemplatePage ID="7" BaseLoc="Tpl.xml"/>`, page), Limits{})
		onlyFaults(t, err)
	})
}

// onlyFaults holds readers to errors that a person can act on.
func onlyFaults(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if k := fault.KindOf(err); k != fault.Invalid && k != fault.TooLarge {
		t.Fatal(err)
	}
}
