package privacy

import (
	"slices"
	"strings"
)

// chain is digits in groups that a single space or hyphen divides: the ways in
// which one long number is written. x tells that the last group ends in the
// check letter X.
type chain struct {
	groups []cell
	x      bool
}

// numberKind recognises one kind of number. digits has no dividers and may end
// in X; groups are its lengths as written.
type numberKind struct {
	kind       Kind
	head, tail int
	is         func(s *scanner, digits string, groups []int, start, end int) bool
}

// numberKinds in the order in which they are asked: by how much they prove.
var numberKinds = []numberKind{
	{Identity, 6, 4, isIdentity},
	{Phone, 3, 4, isPhone},
	{BankCard, 0, 4, isBankCard},
	{Landline, 4, 2, isLandline},
}

// numbers finds identity numbers, telephones and bank cards.
func (s *scanner) numbers() {
	for i := 0; i < len(s.fold); {
		if !isDigit(s.fold[i]) {
			i++
			continue
		}
		c, next := s.chainAt(i)
		if s.standsAlone(i) {
			s.tryChain(c)
		}
		i = next
	}
}

// chainAt reads the groups of digits that begin at i.
func (s *scanner) chainAt(i int) (c chain, next int) {
	for {
		end := i
		for end < len(s.fold) && isDigit(s.fold[end]) {
			end++
		}
		c.groups = append(c.groups, cell{i, end})
		if x := s.peek(end); (x == 'X' || x == 'x') && !isAlnum(s.peek(end+1)) {
			c.groups[len(c.groups)-1].end++
			c.x = true
			return c, end + 1
		}
		next := end
		for next < end+3 && next < len(s.fold) && isSpacer(s.fold[next]) {
			next++
		}
		if next == end || !isDigit(s.peek(next)) {
			return c, end
		}
		i = next
	}
}

// standsAlone tells whether the digits at i begin a number of their own: no
// letter, digit or decimal point goes before, but the short words that
// announce a telephone.
func (s *scanner) standsAlone(i int) bool {
	p := s.peek(i - 1)
	switch {
	case p == '.' && isDigit(s.peek(i-2)):
		return false
	case !isAlnum(p):
		return p != '*'
	}
	before := strings.ToLower(s.before(i, 6))
	return slices.ContainsFunc([]string{"tel", "phone", "mobile", "id", "no"}, func(w string) bool { return strings.HasSuffix(before, w) })
}

// groupsMax is how many groups one number may be written in.
const groupsMax = 6

func (s *scanner) tryChain(c chain) {
	for i := 0; i < len(c.groups); {
		taken := 1
		for n := min(groupsMax, len(c.groups)-i); n > 0; n-- {
			if s.tryNumber(c, i, i+n) {
				taken = n
				break
			}
		}
		i += taken
	}
}

func (s *scanner) tryNumber(c chain, from, to int) bool {
	start, end := c.groups[from].start, c.groups[to-1].end
	if n := s.peek(end); isLetter(n) || n == '*' || n == '.' && isDigit(s.peek(end+1)) {
		return false
	}
	var digits strings.Builder
	groups := make([]int, 0, to-from)
	for _, g := range c.groups[from:to] {
		digits.WriteString(string(s.fold[g.start:g.end]))
		groups = append(groups, g.end-g.start)
	}
	written := strings.ToUpper(digits.String())
	for _, k := range numberKinds {
		if k.is(s, written, groups, start, end) {
			s.add(k.kind, start, end, maskMiddle(s.text[start:end], k.head, k.tail))
			return true
		}
	}
	return false
}

// provinces are the first two digits of identity numbers (GB/T 2260).
const provinces = " 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91 "

var (
	identityLabels = []string{"身份证", "身份号", "证件号", "公民身份", "ID", "id"}
	codeLabels     = []string{"信用代码", "机构代码", "统一代码", "信用编码"}
)

// isIdentity knows GB 11643 numbers of 18 characters with their checksum, the
// older ones of 15 digits beside their label, and numbers beside their label
// that are one slip away from right. A unified social credit code (GB 32100)
// is none: its label is asked first.
func isIdentity(s *scanner, digits string, groups []int, start, _ int) bool {
	if len(digits) != 18 && len(digits) != 15 || len(groups) > 5 {
		return false
	}
	label := s.label(start)
	if containsAny(label, codeLabels) {
		return false
	}
	labelled := containsAny(label, identityLabels)
	province := strings.Contains(provinces, " "+digits[:2]+" ")
	if len(digits) == 15 {
		return labelled && province && plausibleDate("19"+digits[6:12]) && !strings.HasSuffix(digits, "X")
	}
	if digits[0] == '0' || !plausibleDate(digits[6:14]) {
		return false
	}
	switch {
	case !identityChecksum(digits):
		return labelled && province
	case labelled:
		return true
	}
	return province || !creditCodeChecksum(digits)
}

// plausibleDate tells whether yyyymmdd can be somebody's birth.
func plausibleDate(d string) bool {
	y, m, day := d[:4], d[4:6], d[6:8]
	if y < "1900" || y > "2099" || m < "01" || m > "12" || day < "01" || day > "31" {
		return false
	}
	return !(day > "30" && strings.Contains("04 06 09 11", m) || m == "02" && day > "29")
}

// identityChecksum is GB 11643: weighted sum modulo 11.
func identityChecksum(id string) bool {
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		if !isDigit(rune(id[i])) {
			return false
		}
		sum += int(id[i]-'0') * w
	}
	return "10X98765432"[sum%11] == id[17]
}

// creditCodeChecksum is GB 32100: weights are powers of 3 modulo 31 over an
// alphabet without I, O, S, V and Z.
func creditCodeChecksum(code string) bool {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	if len(code) != 18 {
		return false
	}
	sum, weight := 0, 1
	for i := range 17 {
		v := strings.IndexByte(alphabet, code[i])
		if v < 0 {
			return false
		}
		sum += v * weight
		weight = weight * 3 % 31
	}
	return alphabet[(31-sum%31)%31] == code[17]
}

var (
	phonePatterns = [][]int{{11}, {3, 4, 4}, {4, 4, 3}, {3, 3, 5}, {3, 8}, {7, 4}, {3, 5, 3}, {13}, {12}}
	// callLabels announce a telephone whatever else the label says.
	callLabels = []string{"电话", "手机", "联系", "微信", "致电", "来电", "短信", "tel", "Tel", "TEL", "手机号", "号码"}
	// hotlineLabels announce a telephone that the organ publishes to be called.
	hotlineLabels = []string{"监督", "举报", "投诉", "咨询", "服务热线", "热线", "值班", "办公", "报名电话", "受理", "客服", "业务电话", "救援", "对公", "前台", "窗口"}
	// serialLabels announce numbers of things, not of people.
	serialLabels = []string{"编号", "文号", "代码", "编码", "订单", "流水", "合同", "项目号", "许可证", "发票", "批号", "备案", "注册号", "登记号", "执照",
		"学号", "档案号", "条码", "凭证", "案号", "单号", "序列号", "标准", "宗地", "地号", "证书号", "面积", "金额", "价款", "合计"}
	amountUnits = []string{"元", "万", "亿", "亩", "吨", "公顷", "平方", "立方", "千瓦", "人次", "号令", "%", "号文"}
)

func isPhone(s *scanner, digits string, groups []int, start, end int) bool {
	if !slices.ContainsFunc(phonePatterns, func(p []int) bool { return slices.Equal(p, groups) }) {
		return false
	}
	switch {
	case len(digits) == 13 && digits[:2] == "86", len(digits) == 12 && digits[0] == '0':
		digits = digits[len(digits)-11:]
	}
	if len(digits) != 11 || digits[0] != '1' || digits[1] < '3' || strings.HasSuffix(digits, "X") {
		return false
	}
	label := s.label(start)
	if containsAny(label, callLabels) {
		return !containsAny(label, hotlineLabels)
	}
	return !containsAny(label, serialLabels) && !containsAny(label, hotlineLabels) &&
		!startsWithAny(s.after(end, 3), amountUnits) && !endsWithAny(s.before(start, 3), []string{"¥", "￥", "$", "No.", "№"})
}

func startsWithAny(text string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(text, w) })
}

func endsWithAny(text string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasSuffix(text, w) })
}

var (
	// cardPrefixes are first digits of cards issued here, and their lengths.
	cardPrefixes = []struct {
		prefix  string
		lengths string
	}{
		{"62", " 16 17 18 19 "}, {"4", " 16 "}, {"51", " 16 "}, {"52", " 16 "}, {"53", " 16 "}, {"54", " 16 "}, {"55", " 16 "}, {"35", " 16 "},
		{"9558", " 16 19 "}, {"9559", " 16 19 "}, {"103", " 19 "}, {"601382", " 19 "}, {"6058", " 18 "}, {"60", " 16 19 "}, {"68", " 16 19 "}, {"69", " 16 "},
		{"84", " 18 19 "}, {"87", " 18 "}, {"90", " 16 "}, {"94", " 16 "}, {"95", " 17 18 19 "}, {"98", " 17 18 "},
	}
	accountLabels = []string{"账号", "帐号", "卡号", "存折", "一卡通", "银行卡", "账户号", "社保卡", "账户", "帐户"}
	// officeAccounts announce accounts that are published to be paid into.
	officeAccounts = []string{"保证金", "对公", "收款", "缴款", "缴纳", "汇入", "汇款", "户名", "开户名", "单位名称", "专户", "国库", "非税", "公司", "捐款", "捐赠"}
)

func isBankCard(s *scanner, digits string, groups []int, start, _ int) bool {
	if len(digits) < 15 || len(digits) > 21 || strings.HasSuffix(digits, "X") || !cardGroups(groups) {
		return false
	}
	label := s.label(start)
	labelled := containsAny(label, accountLabels)
	if containsAny(label, codeLabels) || !labelled && containsAny(label, serialLabels) || s.officeAccount(start) {
		return false
	}
	return labelled || luhn(digits) && knownCard(digits) && !(len(digits) == 18 && containsAny(label, identityLabels))
}

// officeAccount tells whether the line says that somebody is to pay into the
// account.
func (s *scanner) officeAccount(start int) bool {
	at := s.rowAt(start)
	if t := s.rows[at].table; t != nil && t.header != nil {
		return false
	}
	line := s.before(start, 60)
	if at > 0 { // the name of the account often stands on the line above
		line = string(s.fold[s.rows[at-1].start:s.rows[at-1].end]) + line
	}
	return containsAny(line, officeAccounts)
}

func cardGroups(groups []int) bool {
	if len(groups) == 1 {
		return true
	}
	for i, n := range groups {
		if last := i == len(groups)-1; !last && n != 4 && !(i == 0 && n == 6) || last && n > 13 {
			return false
		}
	}
	return true
}

func knownCard(digits string) bool {
	for _, c := range cardPrefixes {
		if strings.HasPrefix(digits, c.prefix) && strings.Contains(c.lengths, " "+itoa(len(digits))+" ") {
			return true
		}
	}
	return false
}

func itoa(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) } // of two digits

func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

var homePhones = []string{"家庭电话", "住宅电话", "宅电", "家庭固话", "家中电话", "家庭联系", "住宅"}

// isLandline knows a fixed telephone only where it is somebody's own: beside
// such a label, or in the telephone column of a table of persons.
func isLandline(s *scanner, digits string, groups []int, start, _ int) bool {
	if len(groups) > 2 || len(digits) < 10 || len(digits) > 12 || digits[0] != '0' || strings.HasSuffix(digits, "X") {
		return false
	}
	if len(groups) == 2 && groups[0] != 3 && groups[0] != 4 {
		return false
	}
	r, _, _ := s.where(start)
	label := s.label(start)
	return containsAny(label, homePhones) || r.table.ofPersons() && containsAny(label, callLabels) && !containsAny(label, hotlineLabels)
}

// ofPersons tells whether the rows are people who hold no office: there is a
// column of names, and none of posts or units.
func (t *table) ofPersons() bool {
	if t == nil {
		return false
	}
	all := strings.Join(t.header, " ")
	return containsAny(all, personColumns) && !containsAny(all, []string{"单位", "科室", "职务", "机构", "部门", "联系人", "企业", "公司"})
}
