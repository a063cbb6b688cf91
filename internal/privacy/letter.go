package privacy

import (
	"slices"
	"strings"
)

// letters finds what begins with letters or a province's short name: plates,
// passports and mailboxes.
func (s *scanner) letters() {
	for i := 0; i < len(s.fold); i++ {
		switch r := s.fold[i]; {
		case r == '@':
			s.mailbox(i)
		case isHan(r) && strings.ContainsRune(plateProvinces, r):
			if end := s.plateEnd(i); end > 0 {
				s.add(Plate, i, end, maskMiddle(s.text[i:end], 2, 2))
				i = end - 1
			}
		case isLetter(r) && !isAlnum(s.peek(i-1)):
			if end := s.passportEnd(i); end > 0 {
				s.add(Passport, i, end, maskMiddle(s.text[i:end], 1, 3))
				i = end - 1
			}
		}
	}
}

const (
	plateProvinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
	plateLast      = "挂学警港澳领试超"
)

// plateEnd reads a plate (GA 36) at i: the province, the city's letter, five
// signs, or six of a car of new energy; 0 where there is none.
func (s *scanner) plateEnd(i int) int {
	city := s.peek(i + 1)
	if !isLetter(city) || city == 'I' || city == 'O' {
		return 0
	}
	at := i + 2
	for k := 0; k < 2 && (s.peek(at) == ' ' || s.peek(at) == '·' || s.peek(at) == '.' || s.peek(at) == '•' || s.peek(at) == '-'); k++ {
		at++
	}
	end, digits := at, 0
	for isAlnum(s.peek(end)) && !strings.ContainsRune("IOio", s.peek(end)) && end-at < 7 {
		if isDigit(s.fold[end]) {
			digits++
		}
		end++
	}
	if strings.ContainsRune(plateLast, max(s.peek(end), 1)) && end-at == 4 {
		end++
	}
	signs := strings.ToUpper(string(s.fold[at:end]))
	n := end - at
	ok := n == 5 && digits >= 2 || n == 6 && newEnergy(signs)
	if !ok || isAlnum(s.peek(end)) || s.peek(end) == '-' && isDigit(s.peek(end+1)) || s.serial(i) {
		return 0
	}
	return end
}

// newEnergy knows the six signs of GA 36-2018: a letter first or last, digits
// for the rest but perhaps the second.
func newEnergy(signs string) bool {
	const types = "ABCDEFGHJK"
	first := strings.IndexByte(types, signs[0]) >= 0 && allDigits(signs[2:])
	return first || strings.IndexByte(types, signs[5]) >= 0 && allDigits(signs[:5])
}

func allDigits(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !isDigit(r) }) < 0
}

// serial tells whether the label says that what follows numbers a thing.
func (s *scanner) serial(start int) bool {
	label := s.label(start)
	return containsAny(label, serialLabels) && !containsAny(label, []string{"车牌", "号牌", "车辆"})
}

var passportLabels = []string{"护照", "通行证", "回乡证", "台胞证", "居留证"}

// passportEnd reads a passport's or permit's number beside its label.
func (s *scanner) passportEnd(i int) int {
	end := i
	for isAlnum(s.peek(end)) && end-i < 12 {
		end++
	}
	n := end - i
	if n < 8 || n > 11 || isAlnum(s.peek(end)) || !allDigits(string(s.fold[i+2:end])) {
		return 0
	}
	if !containsAny(s.label(i), passportLabels) && !containsAny(s.before(i, labelReach), passportLabels) {
		return 0
	}
	return end
}

// freeMail are providers of mailboxes for anybody. A mailbox elsewhere belongs
// to an organisation.
var freeMail = []string{"qq.com", "vip.qq.com", "foxmail.com", "163.com", "vip.163.com", "126.com", "yeah.net", "139.com", "189.cn", "sina.com", "sina.cn",
	"sohu.com", "tom.com", "21cn.com", "aliyun.com", "gmail.com", "hotmail.com", "outlook.com", "live.com", "icloud.com", "yahoo.com", "yahoo.cn", "yahoo.com.cn", "wo.cn", "msn.com"}

// officeMail are words in the line of a mailbox that an organ publishes.
var officeMail = []string{"征求意见", "反馈", "受理", "投诉", "举报", "办公", "监督", "单位", "公开", "意见", "来信", "咨询", "报名", "机构", "提交",
	"邮寄", "发送", "发至", "地址", "电话：", "电话:", "局", "委", "中心", "政府", "公司", "代理", "采购"}

// mailbox reads the mailbox around the @ at i.
func (s *scanner) mailbox(i int) {
	start, end := i, i+1
	for start > 0 && mailRune(s.fold[start-1]) {
		start--
	}
	for end < len(s.fold) && mailRune(s.fold[end]) {
		end++
	}
	for end > i && s.fold[end-1] == '.' {
		end--
	}
	for start < i && s.fold[start] == '.' {
		start++
	}
	if start == i || !slices.Contains(freeMail, strings.ToLower(string(s.fold[i+1:end]))) {
		return
	}
	if s.officeMailbox(start, end) {
		return
	}
	s.add(Email, start, end, string(s.text[start])+"***"+string(s.text[i:end]))
}

// officeMailbox tells whether the line says that the mailbox is an organ's.
func (s *scanner) officeMailbox(start, end int) bool {
	r, _, _ := s.where(start)
	if r.table.ofPersons() || containsAny(s.label(start), []string{"个人", "本人", "私人"}) {
		return false
	}
	return containsAny(s.before(start, 60)+s.after(end, 30), officeMail)
}

func mailRune(r rune) bool { return isAlnum(r) || r == '.' || r == '_' || r == '-' || r == '+' }
