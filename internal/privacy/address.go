package privacy

import (
	"slices"
	"strings"
)

var (
	// roadEnds end the name of a road or village, just before a house number.
	roadEnds = []string{"路", "街", "大道", "道", "巷", "弄", "里", "胡同", "村", "组", "队", "社", "坊", "社区", "小区", "寨", "屯", "湾", "冲", "垅", "塘", "庄",
		"新村", "段", "园", "苑", "城", "院", "区", "镇", "乡", "坪", "岭", "桥", "支路", "横街", "正街"}
	// estateEnds end the name of an estate, just before the number of a block.
	estateEnds = []string{"小区", "花园", "家园", "公寓", "宿舍", "苑", "园", "城", "新村", "府", "庭", "湾", "里", "院", "名邸", "社区", "安置房", "廉租房", "公租房",
		"家属楼", "宿舍楼", "家属区", "居", "阁", "轩", "郡", "邸", "墅", "山庄", "号", "区", "期", "村", "广场", "天下", "国际"}
	// unitWords follow the numbers of blocks, entrances, floors and flats.
	unitWords = []string{"单元", "号楼", "号房", "栋", "幢", "座", "楼", "层", "室", "户", "房", "号", "门"}
	// doorWords lead to somebody's door.
	doorWords = []string{"单元", "室", "户", "房", "号房", "门"}

	homeLabels = []string{"住址", "家庭", "户籍", "居住", "现住", "家住", "住所", "住在", "常住", "户口", "身份证地址", "租住"}
	workLabels = []string{"办公", "联系地址", "受理", "邮寄", "地点", "开标", "报名", "注册地", "经营", "营业", "采购人地址", "项目", "单位地址", "机构地址", "代理",
		"服务大厅", "窗口", "咨询", "现场", "寄送", "位于", "坐落", "门店", "公司", "来信", "会议", "领取", "递交", "建设", "企业", "展示"}
	// workPlaces after or in an address make it an office's.
	workPlaces = []string{"大厦", "写字楼", "办公", "政务", "中心", "政府", "大楼", "商务", "公司", "银行", "学校", "医院", "法院", "检察", "支队", "大队", "派出所",
		"局", "委员会", "大厅", "服务站", "门面", "商铺", "铺面", "酒店", "宾馆", "饭店", "商场", "市场", "厂", "会议室", "仓库", "店", "超市", "药房", "诊所"}
)

// addresses finds addresses that lead to a door.
func (s *scanner) addresses() {
	for i := 0; i < len(s.fold); i++ {
		if !isHan(s.fold[i]) || !houseNumber(s.peek(i+1)) && s.peek(i+1) != ' ' {
			continue
		}
		if end := s.addressAt(i + 1); end > 0 {
			i = end - 1
		}
	}
}

// houseNumber tells whether r may begin the number of a house or block.
func houseNumber(r rune) bool {
	return isAlnum(r) || r != 0 && strings.ContainsRune("一二三四五六七八九十百〇零第附", r)
}

// step is one number with its word: 3栋.
type step struct {
	word       string
	start, end int
	digits     int
}

// addressAt reads the numbers of house, block, entrance and flat from i on and
// decides whether they lead to a door; it gives their end, 0 where not.
func (s *scanner) addressAt(i int) int {
	road := s.before(i, 8)
	isRoad, isEstate := endsWithAny(road, roadEnds), endsWithAny(road, estateEnds)
	if !isRoad && !isEstate {
		return 0
	}
	steps := s.steps(i)
	if len(steps) == 0 {
		return 0
	}
	end := steps[len(steps)-1].end
	start := s.addressStart(i)
	village := endsWithAny(road, []string{"村", "组", "队", "屯", "寨", "湾", "冲", "垅", "社"})
	switch s.door(steps, village) {
	case doorNone:
		return 0
	case doorMaybe:
		if !s.homeAddress(start) {
			return 0
		}
	case doorSure:
		if s.workAddress(start, end) {
			return 0
		}
	}
	keep := s.addressKeep(start, i)
	s.add(Address, start, end, string(s.text[start:keep])+"***")
	return end
}

// steps reads numbers with their words: 12号 3栋 2单元 501室, 三组 12号, and a
// bare number of three digits or more at the end (3栋501, 2-501).
func (s *scanner) steps(i int) []step {
	var out []step
	for len(out) < 8 {
		at := i
		for s.peek(at) == ' ' && at < i+2 {
			at++
		}
		start := at
		for houseNumber(s.peek(at)) || (s.peek(at) == '-' || s.peek(at) == '之' || s.peek(at) == '#') && at > start {
			at++
		}
		if at == start || at-start > 12 {
			break
		}
		number := strings.TrimLeft(string(s.fold[start:at]), "第附")
		word := firstOf(s.after(at, 4), append([]string{"组", "队"}, unitWords...))
		if number == "" || word == "" && (len(out) == 0 || len(number) < 3 || !isDigit(rune(number[0]))) {
			break
		}
		end := at + len([]rune(word))
		out = append(out, step{word, start, end, len(number)})
		i = end
		if word == "" {
			break
		}
	}
	return out
}

// firstOf is the first of words that text begins with.
func firstOf(text string, words []string) string {
	for _, w := range words {
		if strings.HasPrefix(text, w) {
			return w
		}
	}
	return ""
}

type doorness uint8

const (
	doorNone  doorness = iota
	doorMaybe          // a house, without a flat: a home only where the text says so
	doorSure           // a flat, or a house of a village
)

func (s *scanner) door(steps []step, village bool) doorness {
	last := steps[len(steps)-1]
	flats := slices.ContainsFunc(steps, func(st step) bool { return slices.Contains(doorWords, st.word) })
	if flats && len(steps) > 1 || last.word == "" {
		return doorSure
	}
	for _, st := range steps {
		if st.word == "组" || st.word == "队" {
			village = true
		}
	}
	switch last.word {
	case "号":
		if village && isDigit(s.fold[steps[len(steps)-1].start]) {
			return doorSure
		}
		return doorMaybe
	case "组", "队":
		return doorNone
	}
	return doorMaybe
}

// addressReach is how far back an address may begin, in runes.
const addressReach = 36

// addressStart goes back from the first number to where the address begins.
func (s *scanner) addressStart(i int) int {
	start := i
	for start > 0 && i-start < addressReach && (isHan(s.fold[start-1]) || isAlnum(s.fold[start-1])) {
		start--
	}
	for k := i - 2; k > start; k-- { // 现住…, 位于…, 户籍地为…
		switch s.fold[k-1] {
		case '住', '于', '址', '在', '籍', '为', '到', '往', '至', '系', '是':
			switch s.peek(k) {
			case '宅':
				continue
			case '地', '址', '所':
				return k + 1
			}
			return k
		}
	}
	return start
}

// addressKeep is how much of an address may stay: as far as the village, the
// community or the road.
func (s *scanner) addressKeep(start, i int) int {
	for k := i; k > start; k-- {
		if s.fold[k-1] == '村' || s.fold[k-1] == '区' && k > 1 && s.fold[k-2] == '社' {
			return k
		}
	}
	return i
}

// homeAddress tells whether the text says that somebody lives there.
func (s *scanner) homeAddress(start int) bool {
	label := s.label(start)
	lives := containsAny(label, homeLabels) || strings.HasSuffix(label, "住") || label == "地址" && s.inPersonRow(start)
	if !lives || containsAny(label, workLabels) {
		return false
	}
	return containsAny(label, plainHomes) || !s.ofFirm(start)
}

// plainHomes are labels that no firm's address has.
var plainHomes = []string{"住址", "家庭", "户籍", "居住", "现住", "家住"}

// inPersonRow tells whether rune i lies in a table of people.
func (s *scanner) inPersonRow(i int) bool {
	r, _, _ := s.where(i)
	return r.table.ofPersons()
}

// firmReach is how far around an address a firm is looked for, in runes: the
// head of a decision names the party in several lines.
const firmReach = 120

func (s *scanner) ofFirm(start int) bool {
	around := string(s.fold[max(0, start-firmReach):min(len(s.fold), start+firmReach)])
	return containsAny(around, []string{"公司", "信用代码", "法定代表人", "合作社", "经营部", "营业执照", "注册资本"})
}

// workAddress tells whether an address that leads to a door is an office's or
// a firm's.
func (s *scanner) workAddress(start, end int) bool {
	label := s.label(start)
	switch {
	case containsAny(label, plainHomes):
		return false
	case containsAny(string(s.fold[start:end])+s.after(end, 8), workPlaces), containsAny(label, workLabels):
		return true
	}
	return strings.Contains(label, "住所") && s.ofFirm(start)
}
