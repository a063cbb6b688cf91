package privacy

import (
	"context"
	_ "embed"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"gongkai/internal/civil"
)

// The corpus is 1,000 made-up documents from templates: half of them for
// building the detectors, half from other templates that nothing is tuned on.
// Regions, names and numbers are generated; the region of identity numbers
// does not exist.
var (
	//go:embed testdata/corpus/building.txt
	buildingTemplates string
	//go:embed testdata/corpus/heldout.txt
	heldoutTemplates string
)

// specimen is a made-up document and what is private in it.
type specimen struct {
	name, text string
	truth      []truth
}

type truth struct {
	kind Kind
	text string
}

// writer fills templates.
type writer struct {
	*rand.Rand
	truth []truth
	last  string
}

func specimens(seed uint64, templates string, n int) []specimen {
	var out []specimen
	all := strings.Split(templates, "=== ")[1:]
	for i := range n {
		name, text, _ := strings.Cut(all[i%len(all)], "\n")
		w := &writer{Rand: rand.New(rand.NewPCG(seed, uint64(i)))}
		out = append(out, specimen{name, w.fill(text), w.truth})
	}
	return out
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

func (w *writer) fill(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		times := 1
		if rest, ok := strings.CutPrefix(line, "* "); ok {
			line, times = rest, 2+w.IntN(5)
		}
		for range times {
			b.WriteString(placeholder.ReplaceAllStringFunc(strings.ReplaceAll(line, "|", "\t"), func(m string) string { return w.value(m[1 : len(m)-1]) }))
		}
	}
	return b.String()
}

func (w *writer) pick(words string) string {
	all := strings.Fields(words)
	return all[w.IntN(len(all))]
}

func (w *writer) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + w.IntN(10))
	}
	return string(b)
}

func (w *writer) is(k Kind, text string) string {
	w.truth = append(w.truth, truth{k, text})
	return text
}

// value makes the value of a placeholder.
func (w *writer) value(name string) string {
	switch name {
	case "id":
		return w.dress(w.is(Identity, testID(fmt.Sprintf("%d%02d%02d", 1940+w.IntN(60), 1+w.IntN(12), 1+w.IntN(28)), w.IntN(1000))), 6, 8)
	case "child_id":
		return w.is(Identity, testID(fmt.Sprintf("%d%02d%02d", 2012+w.IntN(6), 1+w.IntN(12), 1+w.IntN(28)), w.IntN(1000)))
	case "phone":
		return w.dress(w.is(Phone, "1"+w.pick("33 38 50 59 77 86 88 99 91 52")+"0000"+w.digits(4)), 3, 4)
	case "card":
		return w.dress(w.is(BankCard, testCard(w.pick("621700 622848 623090 621081 622188"), w.IntN(1_000_000_00))), 4, 4, 4, 4)
	case "plate":
		return w.is(Plate, w.pick("湘A 湘M 粤B 桂C")+w.pick("8K Q0 D12 F60 50")+w.digits(3))
	case "addr":
		return w.is(Address, w.home())
	case "name":
		w.last = w.is(SensitiveName, w.person())
		return w.last
	case "same":
		return w.is(SensitiveName, w.last)
	case "child":
		return w.is(Minor, w.person())
	case "birth":
		return w.is(Minor, fmt.Sprintf(w.pick("%d-%02d-%02d %d年%d月%d日 %d.%02d.%02d"), 2014+w.IntN(4), 1+w.IntN(12), 1+w.IntN(28)))
	case "guardian":
		return w.is(Minor, w.person()) // in a list of children every name leads to a child
	case "mail":
		return w.is(Email, w.pick("abc xyz lqm tian")+w.digits(5)+"@"+w.pick("qq.com 163.com 126.com"))
	case "passport":
		return w.is(Passport, w.pick("E EA EB G")+w.digits(8))
	}
	return w.public(name)
}

// dress writes a number in one of the ways people write it.
func (w *writer) dress(digits string, groups ...int) string {
	switch w.IntN(12) {
	case 0, 1:
		var b strings.Builder
		rest := digits
		for _, n := range groups {
			b.WriteString(rest[:n] + []string{" ", "-"}[w.IntN(2)])
			rest = rest[n:]
		}
		return b.String() + rest
	case 2:
		return strings.Map(func(r rune) rune { return r + 0xFEE0 }, digits)
	}
	return digits
}

func (w *writer) person() string {
	all := []rune("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛雷龙段欧")
	given := []rune("志远明芳秀兰建国桂英玉梅海燕小红晓东文静丽华春生德福伟强勇军杰娟敏霞平辉涛磊洋艳超斌鑫浩宇轩梓涵欣怡雨桐子墨思琪嘉豪")
	name := string(all[w.IntN(len(all))]) + string(given[w.IntN(len(given))])
	if w.IntN(4) > 0 {
		name += string(given[w.IntN(len(given))])
	}
	return name
}

func (w *writer) home() string {
	n := func(m int) string { return fmt.Sprint(1 + w.IntN(m)) }
	area := w.pick("云川市南山区 云川市河西县 松江市东湖区 河西县") + w.pick("桃花镇 青石乡 城关镇 和平街道")
	switch w.IntN(5) {
	case 0:
		return area + w.pick("石桥村 枫树村 大塘村") + n(12) + "组" + n(80) + "号"
	case 1:
		return area + w.pick("石桥村 枫树村 杨家村") + w.pick("一 三 五 十二") + "组" + n(80) + "号"
	case 2:
		return area + w.pick("桃花路 建设街 解放大道") + n(200) + "号" + n(30) + "栋" + n(4) + "单元" + n(30) + "0" + n(9) + "室"
	case 3:
		return area + w.pick("幸福里小区 金桂花园 滨江苑") + n(30) + "栋" + n(4) + "单元" + n(30) + "0" + n(4) + w.pick("室 房 号")
	}
	return area + w.pick("人民路 东风路") + n(200) + "号" + w.pick("锦绣家园 县供销社宿舍") + n(9) + "幢" + n(30) + "0" + n(4) + "室"
}

// public makes what anybody may read.
func (w *writer) public(name string) string {
	switch name {
	case "n":
		return fmt.Sprint(1 + w.IntN(28))
	case "level":
		return w.pick("一 二 三 四")
	case "year":
		return fmt.Sprint(2018 + w.IntN(5))
	case "date":
		return fmt.Sprintf("%d年%d月%d日", 2018+w.IntN(5), 1+w.IntN(12), 1+w.IntN(28))
	case "docno":
		return w.pick("河政办发 河市监罚 河公行罚决字") + fmt.Sprintf("〔%d〕%d号", 2018+w.IntN(5), 1+w.IntN(900))
	case "amount":
		return w.pick("1200 860.50 15000 3,600 129800 55.00 1360000")
	case "area":
		return fmt.Sprintf("%d.%d", 1+w.IntN(90), w.IntN(10))
	case "score":
		return fmt.Sprintf("%d.%02d", 60+w.IntN(39), w.IntN(100))
	case "adult":
		return fmt.Sprint(20 + w.IntN(60))
	case "county":
		return w.pick("河西县 东湖区 云川市")
	case "town":
		return w.pick("桃花镇 青石乡 城关镇")
	case "village":
		return w.pick("石桥 枫树 大塘")
	case "road":
		return w.pick("桃花路 省道219线 环城大道")
	case "plain", "official":
		return w.person()
	case "company":
		return w.pick("河西县桃花建材有限公司 云川市青石商贸有限责任公司 松江科技股份有限公司")
	case "code":
		return creditCode(w.pick("91431100 92431123 12431100") + w.digits(9))
	case "ticket":
		return fmt.Sprint(2018+w.IntN(5)) + w.digits(8)
	case "project":
		return w.pick("HXCG- 2104- ZB 2020-4311- 4311232105") + w.digits(6+w.IntN(4))
	case "officephone":
		return w.pick("0000-1234567 0000-7654321 (0000)8300000 400-000-1234 0000-12345678")
	case "officeaddr":
		return w.pick("云川市东湖区人民路1号 河西县政务服务中心3楼12号窗口 河西县解放大道218号市政府二办公楼305室 东湖区建设街56号商务大厦12楼1203室 河西县桃花镇工业大道8号")
	case "officemail":
		return w.pick("hxxzfb@hexi.gov.cn hxxyjj@163.com dhqcz@126.com")
	case "office_account":
		return testCard("621700", w.IntN(1_000_000))
	}
	panic("no placeholder {" + name + "}")
}

// creditCode adds the check character of GB 32100.
func creditCode(body string) string {
	for _, c := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
		if creditCodeChecksum(body + string(c)) {
			return body + string(c)
		}
	}
	return body
}

// score counts what was found.
type score struct{ found, truth, right, all int }

func (s score) recall() float64    { return ratio(s.found, s.truth) }
func (s score) precision() float64 { return ratio(s.right, s.all) }

func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

// judge compares findings with the truth of a document, by what they are about:
// a name that stands twice counts once.
func judge(t *testing.T, d specimen, got []Finding, scores map[Kind]score) (falseAlarms int) {
	t.Helper()
	want, have := map[truth]bool{}, map[truth]bool{}
	for _, x := range d.truth {
		want[truth{x.kind, normal(x.text)}] = true
	}
	for _, f := range got {
		have[truth{f.Kind, normal(f.Match)}] = true
	}
	for x := range want {
		s := scores[x.kind]
		s.truth++
		if have[x] {
			s.found++
		} else {
			t.Logf("%s: missed %s %q", d.name, x.kind, x.text)
		}
		scores[x.kind] = s
	}
	for x := range have {
		s := scores[x.kind]
		s.all++
		if want[x] {
			s.right++
		} else {
			falseAlarms++
			t.Logf("%s: false %s %q", d.name, x.kind, x.text)
		}
		scores[x.kind] = s
	}
	return falseAlarms
}

// recallHeld is what the held-out half must reach.
var recallHeld = map[Kind]float64{Identity: .98, BankCard: .98, Phone: .95, Address: .95, SensitiveName: .9, Minor: .9, Plate: .95, Passport: .9, Email: .9}

// falseHeld is how many false alarms the held-out half may have in a document.
const falseHeld = 1.0 / 20

func measure(t *testing.T, docs []specimen) {
	t.Helper()
	scores := map[Kind]score{}
	alarms := 0
	for i, d := range docs {
		o := Options{Today: civil.MustDate("2022-01-19")}
		if strings.Contains(d.name, "附件") && i%3 == 0 { // through a real file
			alarms += judge(t, d, scanSheet(t, d, o), scores)
			continue
		}
		alarms += judge(t, d, ScanText("正文", d.text, o), scores)
	}
	for _, k := range Kinds() {
		if s, ok := scores[k.Kind]; ok {
			t.Logf("%-16s recall %.4f (%d of %d)  precision %.4f (%d of %d)", k.Kind, s.recall(), s.found, s.truth, s.precision(), s.right, s.all)
			if want := recallHeld[k.Kind]; s.recall() < want {
				t.Errorf("%s: recall %.4f, want %.2f", k.Kind, s.recall(), want)
			}
		}
	}
	t.Logf("%d documents, %d false alarms", len(docs), alarms)
	if got := float64(alarms) / float64(len(docs)); got > falseHeld {
		t.Errorf("%.3f false alarms a document, want at most %.3f", got, falseHeld)
	}
}

// scanSheet writes the document as a sheet and scans the file.
func scanSheet(t *testing.T, d specimen, o Options) []Finding {
	t.Helper()
	var rows [][]any
	for line := range strings.Lines(d.text) {
		var row []any
		for c := range strings.SplitSeq(strings.TrimRight(line, "\n"), "\t") {
			row = append(row, c)
		}
		rows = append(rows, row)
	}
	r, err := ScanFile(context.Background(), "附件.xlsx", xlsx(t, rows, nil), o)
	if err != nil {
		t.Fatal(err)
	}
	var out []Finding
	for _, f := range r.Findings {
		if f.Kind.inText() {
			out = append(out, f)
		}
	}
	return out
}

func TestRecallOnBuildingHalf(t *testing.T) { measure(t, specimens(1, buildingTemplates, 500)) }

func TestRecallOnHeldOutHalf(t *testing.T) { measure(t, specimens(2, heldoutTemplates, 500)) }
