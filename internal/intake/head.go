package intake

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"gongkai/internal/civil"
	"gongkai/internal/document"
)

// class is what a line of the head is.
type class uint8

const (
	candidate class = iota // may belong to the title
	redHead                // 永州市人民政府办公室文件, or the organ's name alone above the number
	numberLine
	serialLine // 第12号, 2021年第3号, 〔2021〕5号, which go with the line above
	dateLine
	signLine    // an organ and a day: 永州市人民政府办公室　2021年6月11日
	captionLine // （2021年6月11日…通过）
	markLine    // 000001, 机密★1年, 特急, 签发人：…
	labelLine   // 来源：…, 发布时间：…
	attachLine  // 附件1, 目录
)

var (
	opening    = regexp.MustCompile(`^(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}[章条编]|[（(][一二三四五六七八九十]{1,3}[）)]|1[.．、])`)
	copyNumber = regexp.MustCompile(`^(?:№|No\.?)?[0-9０-９]{5,8}$`)
	secrecy    = regexp.MustCompile(`^(?:绝密|机密|秘密|内部)(?:★.{0,8})?$|^(?:特急|加急|平急|特提|急件)$`)
	signerLine = regexp.MustCompile(`签发人?[:：]`)
	attachHead = regexp.MustCompile(`^附(?:件|表|录)[0-9一二三四五六七八九十]{0,3}[:：]?$`)
	serialOnly = regexp.MustCompile(`^(?:[〔\[（(【](?:19|20)[0-9]{2}[〕\])）】]第?[0-9]{1,5}号|(?:19|20)[0-9]{2}年第?[0-9]{1,5}号|第[0-9]{1,5}号|第[一二三四五六七八九十百〇零]{1,7}号)$`)
	printing   = regexp.MustCompile(`(?:印发|印制|翻印)$|^(?:共印|印数)[0-9]+份`)
	copies     = regexp.MustCompile(`^(?:抄送|抄报|主送|分送|送)[:：]|^主题词[:：]`)
	labelStart = regexp.MustCompile(`^【?(?:索引号|信息来源|来源|稿源|发布时间|发布日期|发文日期|时间|日期|浏览|浏览次数|点击|访问量|字体|字号|作者|编辑|责任编辑|信息公开|公开方式|公开范围|公开形式|有效性|发文机关|发布机构|责任部门|生成日期|成文日期|文号|发文字号|标题|名称|主题分类|统一登记号|当前位置|打印|分享|公开类别|体裁|主题词|公开属性|填报单位|填报日期|编制单位|制表单位|制表日期|编制日期|填表单位|公开单位)】?[:：\]】]`)
	numberMark = regexp.MustCompile(`^(?:发文字号|发文号|文号|编号)[:：]?`)
	addressed  = regexp.MustCompile(`(?:政府|局|委|办|办公室|单位|部门|机构|公司|厅|会|院|中心|企业|同志|学校|处|站|所|团体|组织|街道|乡|镇|有关方面|代表|市民|朋友们?|群众|委员|家长|用户|你[们]?[县市区])[)）]?[:：]$`)
)

// isAddressee tells the line 各县区人民政府，市直各单位：.
func isAddressee(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 3 && n <= 220 && addressed.MatchString(s) && !strings.ContainsRune(s, '。') && !labelStart.MatchString(s) && !strings.HasPrefix(s, "抄送")
}

// isCaption tells the bracket below a title that says who passed it and when.
func isCaption(s string) bool {
	if !strings.HasPrefix(s, "（") && !strings.HasPrefix(s, "(") || !strings.HasSuffix(s, "）") && !strings.HasSuffix(s, ")") {
		return false
	}
	return len(document.FindDates(s, civil.Date{})) > 0 && utf8.RuneCountInString(s) > 10 || strings.Contains(s, "通过")
}

func isPrinting(s string) bool {
	return printing.MatchString(s) && utf8.RuneCountInString(s) < 50 && len(document.FindDates(s, civil.Date{})) > 0
}

func isCopies(s string) bool { return copies.MatchString(s) || printing.MatchString(s) }

// classify tells the lines of the head apart.
func (r *reading) classify() {
	for i := range r.head {
		r.lines[i].class = r.classOf(r.lines[i])
	}
	for i := range r.head { // a name above a day, as on covers
		l := &r.lines[i]
		if l.class == candidate && i+1 < r.head && r.lines[i+1].class == dateLine && r.organs(l.raw) != nil {
			l.class = signLine
		}
	}
	for i := range r.head { // a name that stands right above its number is a head
		l := &r.lines[i]
		if l.class == candidate && i+1 < r.head && r.organs(l.raw) != nil && (r.lines[i+1].class == numberLine || r.lines[i+1].text == "文件" || r.lines[i+1].class == redHead) {
			l.class = redHead
		}
	}
}

func (r *reading) classOf(l textLine) class {
	t := l.text
	switch {
	case l.table || r.stated.blocks[l.block] || labelStart.MatchString(t):
		if numberMark.MatchString(t) && len(document.FindNumbers(t)) == 1 {
			return numberLine
		}
		return labelLine
	case copyNumber.MatchString(t) || secrecy.MatchString(t):
		return markLine
	case attachHead.MatchString(t):
		return attachLine
	case serialOnly.MatchString(t):
		return serialLine
	case isNumberLine(l):
		return numberLine
	case signerLine.MatchString(t):
		return markLine
	case isCaption(t):
		return captionLine
	case isDateLine(t):
		return dateLine
	case r.isSignLine(l):
		return signLine
	case t == "文件" || strings.HasSuffix(t, "文件") && r.organs(strings.TrimSuffix(t, "文件")) != nil:
		return redHead
	case strings.ContainsAny(t, "：:") && !hasGenre(t) && !strings.Contains(t, "关于") && !telling.MatchString(t):
		return labelLine
	case t == "目录":
		return attachLine
	}
	return candidate
}

// telling is how titles with a colon begin.
var telling = regexp.MustCompile(`^(?:一图|图解|图文|解读|视频|问答|政策)`)

// numberOf reads a line that is a document number, perhaps in brackets, or set
// apart from a mark or from the one who signs.
func numberOf(l textLine) (n document.Number, quote string, ok bool) {
	for _, part := range append(apart.Split(l.raw, -1), l.raw) {
		if t := squeeze(part); isNumber(t) {
			f := document.FindNumbers(t)[0]
			return f.Number, t[f.Start:f.End], true
		}
	}
	return n, "", false
}

func isNumberLine(l textLine) bool {
	_, _, ok := numberOf(l)
	return ok
}

func isNumber(t string) bool {
	found := document.FindNumbers(t)
	if len(found) != 1 {
		return false
	}
	f := found[0]
	before := strings.Trim(numberMark.ReplaceAllString(t[:f.Start], ""), "（(【[〔:：")
	after := strings.Trim(t[f.End:], "）)】]〕")
	return before == "" && (after == "" || signerLine.MatchString(after))
}

// isSignLine tells a line that names organs and one day.
func (r *reading) isSignLine(l textLine) bool {
	before := beforeDate(l)
	return before != "" && isDateLine(strings.TrimPrefix(l.text, squeeze(before))) && r.organs(before) != nil
}

// isDateLine tells a line that is nothing but a day.
func isDateLine(t string) bool {
	d, err := document.ParseDateText(t, civil.Date{})
	if err != nil {
		return false
	}
	_, ok := d.Day()
	return ok
}
