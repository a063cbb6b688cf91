package privacy

import (
	"encoding/json"
	"strings"
	"testing"

	"gongkai/internal/civil"
)

func TestScanText(t *testing.T) {
	id, other := testID("19800101", 12), testID("19751231", 5)
	card := testCard("622848", 42)
	code := creditCode("91431100000012345")
	wide := strings.Map(func(r rune) rune { return r + 0xFEE0 }, id)
	for _, c := range []struct {
		name, text string
		want       []string // kind and what stands in its place
	}{
		{"identity number", "身份证号：" + id, []string{"identity_number 990000********0127"}},
		{"in full width", "身份证号：" + wide, []string{"identity_number ９９００００********０１２７"}},
		{"in groups", "身份证号 " + id[:6] + " " + id[6:14] + " " + id[14:], []string{"identity_number 990000 ******** 0127"}},
		{"one slip away", "身份证号：430102198001010000", []string{"identity_number 430102********0000"}},
		{"old, labelled", "身份证号：430102800101001", []string{"identity_number 430102*****1001"}},
		{"old, without label", "流水430102800101001", nil},
		{"wrong check digit, without label", "编号430102198001010000", nil},
		{"a credit code by its label", "统一社会信用代码：" + id, nil},
		{"a credit code with a letter", "统一社会信用代码" + code, nil},
		{"part of a longer number", "7" + id + "3", nil},
		{"two in a line", "甲" + id + "、乙" + other, []string{"identity_number 990000********0127", "identity_number 990000********0055"}},
		{"mobile", "联系电话13800000000。", []string{"phone 138****0000"}},
		{"mobile in groups", "手机：138-0000-0000", []string{"phone 138-****-0000"}},
		{"mobile abroad", "+86 138 0000 0000", []string{"phone 138 **** 0000"}},
		{"hotline", "监督举报电话：13800000000", nil},
		{"part of a longer number", "订单号：2021138000000001", nil},
		{"amount", "共计13800000000元", nil},
		{"decimal", "系数0.13800000000", nil},
		{"office", "联系电话：0000-1234567", nil},
		{"home", "住宅电话：0000-1234567", []string{"landline 0000-*****67"}},
		{"card", "银行卡号 " + card, []string{"bank_card ***************" + card[15:]}},
		{"card of an organ", "保证金缴至户名某局，账号" + card, nil},
		{"project", "项目代码：" + card, nil},
		{"plate", "车牌号为湘A·12D45的小车", []string{"plate 湘A·***45"}},
		{"plate of new energy", "湘AD12345号牌", []string{"plate 湘A****45"}},
		{"no plate", "湘B类企业12345家，京A2级", nil},
		{"flat", "住云川市东湖区桃花路12号3栋2单元501室。", []string{"address 云川市东湖区桃花路***"}},
		{"village", "住河西县桃花镇石桥村三组12号", []string{"address 河西县桃花镇石桥村***"}},
		{"group only", "桃花镇石桥村3组", nil},
		{"office by label", "办公地址：云川市东湖区桃花路12号3栋501室", nil},
		{"office by name", "云川市东湖区桃花路12号商务大厦12楼1203室", nil},
		{"document number", "桃花镇政发〔2021〕12号", nil},
		{"patient", "患者赵志远，男，因糖尿病住院。", []string{"sensitive_name 赵某某"}},
		{"name alone", "由赵志远同志负责该项目。", nil},
		{"masked already", "患者赵某某因糖尿病住院", nil},
		{"double surname", "残疾人欧阳志远（女）", []string{"sensitive_name 欧阳某某"}},
		{"everywhere else too", "患者赵志远，男，因糖尿病住院。\n后赵志远出院。", []string{"sensitive_name 赵某某", "sensitive_name 赵某某"}},
		{"patients in general", "患者应当凭诊断证明申请", nil},
		{"pupil", "学生：李明芳，8岁", []string{"minor 李某某"}},
		{"birth of a child", "出生日期：2015-03-02", []string{"minor 2015-**-**"}},
		{"birth of an adult", "出生日期：1985-03-02", nil},
		{"born after", "2015年1月1日以后出生的", nil},
		{"passport", "护照号码E12345678", []string{"passport E*****678"}},
		{"no passport", "型号E12345678", nil},
		{"mailbox", "本人邮箱abc@qq.com", []string{"email_personal a***@qq.com"}},
		{"mailbox of an organ", "征求意见邮箱：abc@qq.com", nil},
		{"mailbox at work", "abc@hexi.gov.cn", nil},
		{"column of names", "残疾人名单\n姓名\t等级\n赵志远\t一级", []string{"sensitive_name 赵某某"}},
		{"column of markdown", "残疾人名单\n|姓名|等级|\n|---|---|\n|赵志远|一级|", []string{"sensitive_name 赵某某"}},
		{"column of codes", "信用代码\t名称\n" + id + "\t某厂", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := ScanText("正文", c.text, Options{Today: civil.MustDate("2022-01-19")})
			var got []string
			for _, f := range found {
				got = append(got, string(f.Kind)+" "+f.Masked)
				if runes := []rune(c.text); string(runes[f.Start:f.End]) != f.Match || strings.Contains(f.Excerpt, f.Match) || f.Place != "正文" {
					t.Errorf("%+v does not fit its text", f)
				}
			}
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got %q, want %q", got, c.want)
			}
			masked := MaskText(c.text, found)
			if again := ScanText("正文", masked, Options{Today: civil.MustDate("2022-01-19")}); len(again) > 0 {
				t.Errorf("masked text %q still shows %q", masked, again[0].Match)
			}
		})
	}
}

func TestPublicNumbersAreNoFindings(t *testing.T) {
	o := Options{Public: []string{"138 0000 0000", "abc@qq.com"}}
	if got := ScanText("正文", "联系电话：１３８００００００００，邮箱abc@qq.com，备用13900000000", o); len(got) != 1 || got[0].Match != "13900000000" {
		t.Errorf("got %v, want the one number that is not the organ's own", got)
	}
}

func TestKeysCarry(t *testing.T) {
	before := find(t, ScanText("正文", "联系电话：13800000000", Options{}), Phone)
	text := "加一段话，联系人李某，手机 138-0000-0000。"
	after := find(t, ScanText("正文", text, Options{}), Phone)
	if before.Key != after.Key {
		t.Error("the key changed though the number did not")
	}
	if f := find(t, ScanText("字段：联系人", "手机13800000000", Options{}), Phone); f.Key == before.Key {
		t.Error("a decision for the body must not clear a field")
	}
	if got, want := MaskText(text, []Finding{before}), "加一段话，联系人李某，手机 138-****-0000。"; got != want {
		t.Errorf("MaskText of a moved finding = %q, want %q", got, want)
	}
	if got := MaskText("没有号码", []Finding{before}); got != "没有号码" {
		t.Errorf("MaskText of a finding that is gone = %q", got)
	}
}

func TestFindingsKeepTheirMatchToThemselves(t *testing.T) {
	f := find(t, ScanText("正文", "患者赵志远，男，手机13800000000", Options{}), Phone)
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	if s := string(b); strings.Contains(s, "13800000000") || strings.Contains(s, "赵志远") {
		t.Errorf("the finding tells what it hides: %s", s)
	}
}

func TestMark(t *testing.T) {
	text := "会议室门禁密码是桃花源记。"
	f := Mark("正文", text, 8, 12)
	if got, want := MaskText(text, []Finding{f}), "会议室门禁密码是****。"; got != want || f.Excerpt == text {
		t.Errorf("got %q, want %q (excerpt %q)", got, want, f.Excerpt)
	}
}

func TestEveryKindIsExplained(t *testing.T) {
	for _, k := range Kinds() {
		if k.Label == "" || k.Why == "" || k.Article == "" || Info(k.Kind) != k {
			t.Errorf("%s is not explained", k.Kind)
		}
	}
	if (Info("nobody") != KindInfo{}) {
		t.Error("a kind nobody knows is explained")
	}
}

func TestHTML(t *testing.T) {
	src := `<!DOCTYPE html><p title="电话13900000000">手机：138<b>0000</b>0000 &amp; 其他</p><!-- 草稿 --><div style="display: none">内部<p>意见</p></div><p>完</p>`
	found := ScanHTML("正文", src, Options{})
	want := map[Kind]int{Phone: 2, Comment: 1, HiddenText: 1}
	if got := byKind(found); len(got) != len(want) || got[Phone] != 2 || got[Comment] != 1 || got[HiddenText] != 1 {
		t.Errorf("found %v, want %v", got, want)
	}
	got := MaskHTML(src, found)
	if want := `<!DOCTYPE html><p title="电话139****0000">手机：138<b>****</b>0000 &amp; 其他</p><p>完</p>`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestTablesOfHTMLHaveColumns(t *testing.T) {
	src := "<h2>残疾人名单</h2><table><tr><th>姓名</th><th>等级</th></tr>\n<tr><td><p>赵志远</p></td><td>一级</td></tr></table>"
	if f := find(t, ScanHTML("正文", src, Options{}), SensitiveName); f.Match != "赵志远" {
		t.Errorf("found %q", f.Match)
	}
}

func BenchmarkScanText(b *testing.B) {
	var text strings.Builder
	for _, d := range specimens(3, buildingTemplates, 200) {
		text.WriteString(d.text)
	}
	s := text.String()
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		ScanText("正文", s, Options{})
	}
}
