package intake

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/document"
)

// truth is what a made document says.
type truth struct {
	title, number, issuer string
	date                  civil.Date
}

// sample is a made document: a template filled by chance, in one format.
type sample struct {
	name  string
	file  string
	data  []byte
	parts []part
	truth truth
}

// maker fills templates; the same seed gives the same documents.
type maker struct{ *rand.Rand }

func pick[T any](m maker, list ...T) T { return list[m.IntN(len(list))] }

// template makes the parts of one document.
type template func(m maker) ([]part, truth)

var formats = []string{"docx", "pdf", "ofd", "html", "txt"}

// samples makes n documents of templates, every template in every format.
func samples(t testing.TB, seed uint64, n int, templates map[string]template, names []string) []sample {
	t.Helper()
	m := maker{rand.New(rand.NewPCG(seed, 20210611))}
	var out []sample
	for i := range n {
		name, format := names[i%len(names)], formats[i/len(names)%len(formats)]
		parts, want := templates[name](m)
		s := sample{name: fmt.Sprintf("%03d-%s-%s", i, name, format), file: fmt.Sprintf("文件%d.%s", i, format), parts: parts, truth: want}
		switch format {
		case "docx":
			s.data = asDOCX(t, parts)
		case "pdf":
			s.data = asPDF(parts)
		case "ofd":
			s.data = asOFD(t, parts)
		case "html":
			s.data = asHTML(parts, want.title)
		default:
			s.data = asText(parts)
		}
		out = append(out, s)
	}
	return out
}

var (
	cities = []string{"永州市", "邵阳市", "零陵区", "祁阳县", "海东市", "黔南州", "延庆区"}
	bodies = []string{"人民政府", "人民政府办公室", "发展和改革委员会", "财政局", "教育局", "人力资源和社会保障局", "市场监督管理局",
		"自然资源和规划局", "住房和城乡建设局", "卫生健康委员会", "应急管理局", "农业农村局", "行政审批服务局", "医疗保障局"}
	wordOf = map[string]string{"人民政府": "政发", "人民政府办公室": "政办发", "发展和改革委员会": "发改价费", "财政局": "财综", "教育局": "教通",
		"人力资源和社会保障局": "人社发", "市场监督管理局": "市监发", "自然资源和规划局": "自然资规", "住房和城乡建设局": "建发",
		"卫生健康委员会": "卫健发", "应急管理局": "应急", "农业农村局": "农发", "行政审批服务局": "行审发", "医疗保障局": "医保发"}
	subjects = []string{"2021年政务公开工作要点", "城镇老旧小区改造实施方案", "重大行政决策程序规定", "“十四五”教育发展规划", "政府投资项目管理办法",
		"防汛抗旱应急预案", "进一步优化营商环境若干措施", "城乡居民基本医疗保险实施细则", "国有土地上房屋征收与补偿办法", "农村人居环境整治提升五年行动方案",
		"行政规范性文件管理办法", "公共资源交易目录", "学前教育发展提升行动计划", "“一件事一次办”改革工作方案"}
)

// organ gives a city, the organ's name behind it and its number's word.
func (m maker) organ() (city, body, word string) {
	city, body = pick(m, cities...), pick(m, bodies...)
	return city, body, string([]rune(city)[:1]) + wordOf[body]
}

func (m maker) date() civil.Date { return civil.On(2016+m.IntN(6), 1, 1).AddDays(m.IntN(365)) }

// dateText prints a date as documents do.
func (m maker) dateText(d civil.Date) string {
	switch m.IntN(5) {
	case 0:
		return chineseDate(d, "〇")
	case 1:
		return chineseDate(d, "○")
	case 2:
		return fmt.Sprintf("%d 年 %d 月 %d 日", d.Year(), d.Month(), d.Day())
	}
	return fmt.Sprintf("%d年%d月%d日", d.Year(), d.Month(), d.Day())
}

func chineseDate(d civil.Date, zero string) string {
	year := strings.NewReplacer("0", zero, "1", "一", "2", "二", "3", "三", "4", "四", "5", "五", "6", "六", "7", "七", "8", "八", "9", "九").Replace(strconv.Itoa(d.Year()))
	return year + "年" + document.FormatNumeral(int(d.Month())) + "月" + document.FormatNumeral(d.Day()) + "日"
}

// numberText prints a number in one of the brackets and widths in use; norm is
// its normal form.
func (m maker) numberText(word string, year int) (printed, norm string) {
	no := 1 + m.IntN(120)
	open := pick(m, "〔", "〔", "〔", "[", "［", "（", "(")
	shut := map[string]string{"〔": "〕", "[": "]", "［": "］", "（": "）", "(": ")"}[open]
	y, n := strconv.Itoa(year), strconv.Itoa(no)
	if m.IntN(6) == 0 {
		y, n = wide.Replace(y), wide.Replace(n)
	}
	gap := pick(m, "", "", "", " ")
	return word + open + y + shut + gap + n + gap + "号", fmt.Sprintf("%s〔%d〕%d号", word, year, no)
}

var wide = strings.NewReplacer("0", "０", "1", "１", "2", "２", "3", "３", "4", "４", "5", "５", "6", "６", "7", "７", "8", "８", "9", "９")

// spaced sets the characters of a line apart, sometimes.
func (m maker) spaced(s string) string {
	if m.IntN(5) > 0 {
		return s
	}
	return strings.Join(strings.Split(s, ""), " ")
}

// broken divides a title into lines of at most 20 characters.
func (m maker) broken(title string) []string {
	runes := []rune(title)
	most := 16 + m.IntN(6)
	var lines []string
	for len(runes) > most {
		lines = append(lines, string(runes[:most]))
		runes = runes[most:]
	}
	return append(lines, string(runes))
}

func centre(size float64, lines ...string) part {
	return part{lines: lines, size: size, align: "center"}
}
func rightLine(s string) part { return part{lines: []string{s}, size: 16, align: "right"} }
func plain(s string) part     { return part{lines: []string{s}, size: 16, align: "left"} }

// paras are indented paragraphs.
func paras(texts ...string) []part {
	var out []part
	for _, t := range texts {
		out = append(out, part{lines: []string{t}, size: 16, align: "indent"})
	}
	return out
}

// titled sets a title as one paragraph with breaks, as one for each line, or
// unbroken.
func (m maker) titled(title string) []part {
	lines := m.broken(title)
	switch m.IntN(3) {
	case 0:
		var out []part
		for _, l := range lines {
			out = append(out, centre(22, l))
		}
		return out
	case 1:
		return []part{{lines: []string{title}, size: 22, align: "center", style: "Title"}}
	}
	return []part{centre(22, lines...)}
}

var sentences = []string{
	"为贯彻落实党中央、国务院决策部署和省委、省政府工作要求，结合我市实际，制定本文件，请认真组织实施。",
	"各级各部门要提高政治站位，压实工作责任，确保各项任务在2021年底前落到实处，取得实效。",
	"根据《中华人民共和国政府信息公开条例》（国务院令第711号）和《国务院办公厅关于印发2021年政务公开工作要点的通知》（国办发〔2021〕12号）精神，现就有关事项通知如下。",
	"本文件自2021年9月1日起施行，有效期五年。《关于规范有关工作的通知》（永政办发〔2016〕23号）同时废止。",
	"自2020年1月1日至2020年12月31日，全市共受理申请1136件，办结率100%，群众满意度达到98.6%。",
	"对工作不力、敷衍塞责、弄虚作假的，依规依纪依法严肃追究有关单位和人员的责任。",
}

// text is a stretch of paragraphs.
func (m maker) text() []part {
	heads := []string{"一、总体要求", "二、主要任务", "三、工作措施", "四、保障机制"}
	var out []part
	for _, h := range heads[:1+m.IntN(4)] {
		out = append(out, paras(h)...)
		for range 1 + m.IntN(3) {
			out = append(out, paras(pick(m, sentences...))...)
		}
	}
	return out
}
