package intake

import (
	"os"
	"strings"
	"testing"

	"gongkai/internal/extract"
	"gongkai/internal/sharedtest"
)

// recognise reads text as a file of that name.
func recognise(t testing.TB, name, text string) Proposal {
	t.Helper()
	doc, err := extract.Read(name, []byte(text), extract.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return Recognise(name, doc, nil)
}

const letter = `永州市人民政府办公室文件
永政办发〔2021〕12号　　　　签发人：张三　李四
永州市人民政府办公室
关于印发《永州市政务公开
工作要点》的通知
各县市区人民政府，市直各单位：
现将《永州市政务公开工作要点》印发给你们，请认真贯彻执行。
本要点自2021年7月1日起施行，有效期五年。《永州市政务公开工作办法》（永政办发〔2016〕3号）、永政办函[2017]第8号同时废止。
附件：1.任务分工表
　　　2.责任单位名单
永州市人民政府办公室
2021年6月11日
（此件主动公开）
永州市政务公开工作要点
一、总体要求
坚持公开为常态。
抄送：市委各部门。
永州市人民政府办公室　　2021年6月15日印发`

func TestFactsOfALetter(t *testing.T) {
	p := recognise(t, "a.txt", letter)
	check := func(what, got, want string) {
		if got != want {
			t.Errorf("%s: got %q, want %q", what, got, want)
		}
	}
	check("title", p.Title.Value, "永州市人民政府办公室关于印发《永州市政务公开工作要点》的通知")
	check("number", p.Number.Value.String(), "永政办发〔2021〕12号")
	check("issuer", p.Issuer.Value+p.Issuer.Sure.String(), "永州市人民政府办公室certain")
	check("date", p.IssuedOn.Value.String(), "2021-06-11")
	check("addressee", p.Addressee.Value, "各县市区人民政府，市直各单位")
	check("kind", p.Kind.Value, "plan")
	check("effective", p.EffectiveOn.Value.String(), "2021-07-01")
	check("expires", p.ExpiresOn.Value.String(), "2026-06-30")
	check("category", p.Category.Value, "政务公开")
	check("date's words", p.IssuedOn.Where.Quote, "2021年6月11日")
	var signers, attached, ended []string
	for _, s := range p.Signers {
		signers = append(signers, s.Value)
	}
	for _, a := range p.Attachments {
		attached = append(attached, a.Value.Name)
	}
	for _, n := range p.Abolishes {
		ended = append(ended, n.Value.String())
	}
	check("signers", strings.Join(signers, " "), "张三 李四")
	check("attachments", strings.Join(attached, " "), "任务分工表 责任单位名单")
	check("abolished", strings.Join(ended, " "), "永政办发〔2016〕3号 永政办函〔2017〕8号")
	if len(p.Warnings) > 0 {
		t.Errorf("warnings %q", p.Warnings)
	}
}

func TestBodyIsTheTextAlone(t *testing.T) {
	body := recognise(t, "a.txt", letter).Body
	if !strings.HasPrefix(body, "<p>各县市区人民政府，市直各单位：</p>\n<p>现将") || !strings.HasSuffix(body, "<p>坚持公开为常态。</p>\n") {
		t.Errorf("body:\n%s", body)
	}
	for _, part := range []string{"<p>永州市人民政府办公室</p>\n<p>2021年6月11日</p>", "<h2>一、总体要求</h2>", "附件：1.任务分工表"} {
		if !strings.Contains(body, part) {
			t.Errorf("%q is missing in\n%s", part, body)
		}
	}
	for _, part := range []string{"文件", "签发人", "抄送", "印发</p>"} {
		if strings.Contains(body, part) {
			t.Errorf("%q is left in\n%s", part, body)
		}
	}
}

func TestTablesKeepTheirSpans(t *testing.T) {
	p := recognise(t, "a.html", `<html><body><h1>行政事业性收费目录清单</h1><table><tr><th colspan="2">项目<b>名</b></th><th>标准</th></tr><tr><td rowspan="2">甲</td><td>乙&lt;</td><td>1</td></tr><tr><td>丙</td><td>2</td></tr></table></body></html>`)
	want := "<table>\n<tr><th colspan=\"2\">项目<b>名</b></th><th>标准</th></tr>\n<tr><td rowspan=\"2\">甲</td><td>乙&lt;</td><td>1</td></tr>\n<tr><td>丙</td><td>2</td></tr>\n</table>\n"
	if p.Body != want || p.Title.Value != "行政事业性收费目录清单" {
		t.Errorf("title %q, body\n%s\nwant\n%s", p.Title.Value, p.Body, want)
	}
}

func TestKinds(t *testing.T) {
	for title, want := range map[string]string{
		"零陵区2020年政府信息公开工作年度报告": "annual", "《永州市停车场管理办法》政策解读": "interpretation", "永州市人民政府公报2021年第3期目录": "gazette",
		"永州市教育局政府信息公开指南": "guide", "食品经营许可办事指南": "service", "永州市财政局机构职能": "organ", "市政府第80次常务会议纪要": "decision",
		"永州市“十四五”教育发展规划": "plan", "关于2021年拟录用公务员的公示": "notice", "2021年重点民生实事项目": "commitment", "老旧小区改造进展情况": "progress",
	} {
		if got := recognise(t, "a.txt", title+"\n\n正文第一句话在这里。\n").Kind.Value; got != want {
			t.Errorf("%s: got %q, want %q", title, got, want)
		}
	}
}

type names map[string]bool

func (n names) Organ(s string) bool { return n[s] }

func TestKnownNamesAreCertain(t *testing.T) {
	text := "关于开展检查的通知\n各乡镇：\n请认真执行。\n永州经开区管委\n2021年6月11日"
	doc, err := extract.Read("a.txt", []byte(text), extract.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if p := Recognise("a.txt", doc, nil); p.Issuer.Found() {
		t.Errorf("issuer %q found without names", p.Issuer.Value)
	}
	if p := Recognise("a.txt", doc, names{"永州经开区管委": true}); p.Issuer.Value != "永州经开区管委" || p.Issuer.Sure != Certain {
		t.Errorf("issuer %+v", p.Issuer)
	}
}

func TestFileNameIsTheLastResort(t *testing.T) {
	p := recognise(t, "C:\\公文\\永政办发〔2021〕12号 关于放假的通知.txt", "请各单位遵照执行。\n")
	if p.Number.Value.String() != "永政办发〔2021〕12号" || p.Number.Sure != Guess || p.Number.Where.Block != OutsideText {
		t.Errorf("number %+v", p.Number)
	}
}

func TestRealFiles(t *testing.T) {
	for _, c := range []struct {
		path  []string
		title string
		kind  string
	}{
		{[]string{"data", "annual-reports", "洪泽区2023.pdf"}, "洪泽区人民政府2023年政府信息公开工作年度报告", "annual"},
		{[]string{"seeds", "000_00a2f79f16c9d14e.txt"}, "永州市政务公开政务服务领导小组办公室关于印发《永州市2021年政务公开工作要点》的通知", "plan"},
	} {
		b, err := os.ReadFile(sharedtest.Path(t, c.path...))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := extract.Read(c.path[len(c.path)-1], b, extract.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if p := Recognise("x", doc, nil); p.Title.Value != c.title || p.Kind.Value != c.kind {
			t.Errorf("%v: title %q, kind %q; want %q, %q", c.path, p.Title.Value, p.Kind.Value, c.title, c.kind)
		}
	}
}

// FuzzRecognise holds Recognise to what it promises of any text: the same
// answer twice, and words that the document really has.
func FuzzRecognise(f *testing.F) {
	f.Add(letter)
	f.Add("永州市人民政府令\n第12号\n《办法》已经通过，现予公布。\n市长　张三\n2021年6月1日")
	f.Fuzz(func(t *testing.T, text string) {
		doc, err := extract.Read("f.txt", []byte(text), extract.Limits{Bytes: 1 << 16})
		if err != nil {
			return
		}
		p, again := Recognise("f.txt", doc, nil), Recognise("f.txt", doc, nil)
		if p.Body != again.Body || p.Title != again.Title || p.IssuedOn != again.IssuedOn {
			t.Error("two answers for one document")
		}
		if p.Title.Where.Block >= len(doc.Blocks) || p.IssuedOn.Where.Block >= len(doc.Blocks) {
			t.Error("a place outside the document")
		}
		if p.IssuedOn.Found() && p.IssuedOn.Value.IsZero() {
			t.Error("a date that is none")
		}
	})
}
