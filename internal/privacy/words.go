package privacy

import (
	"slices"
	"strings"
)

// Surnames after which a name is looked for in running text, most frequent
// first; those that are chiefly common words (应 有 时 常 …) are only in
// rareSurnames, which columns of names allow as well.
const (
	surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单裴霍涂苗曲盛冉翁游骆靳辛管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤穆司卜蓝谷成" +
		"屠匡阳晏蔺佘卓桂娄冼仇芦鄢简仲屠沙瞿苟麦苑席封褚项邬萧欧付肖闫"
	rareSurnames = "应有时常计明和能平水路费廉岑郜支昝米贝臧伏戚茅宣贲郁杭洪诸吉钮嵇裘虞柏窦云潘奚郎昌凤花俞酆鲍岑滕皮卞乐元卜湛羊於惠甄家封芮羿储汲邴糜松井富巫乌焦巴弓牧隗山谷车宓蓬全郗班仰秋仲伊宫栾暴斜厉戎祖武刘景束幸韶郜黎蓟薄印宿怀蒲邰从鄂索咸籍赖卓蔺屠池乔阴郁胥苍双闻莘党翟谭贡劳逄姬扶堵冉宰郦雍璩桑桂濮扈燕冀郏浦农别晏充慕茹习宦鱼容古慎戈庾终暨居衡步都满弘国寇广禄阙东沃利蔚越夔隆师巩厍晁勾敖融冷訾辛阚那空毋沙乜养鞠须丰巢相查后荆红竺权逯盖益桓公区代商佴哈谯笪年佟仝由宗"
)

// doubleSurnames have two characters.
var doubleSurnames = func() map[[2]rune]bool {
	m := map[[2]rune]bool{}
	for _, n := range strings.Fields("欧阳 上官 司马 诸葛 夏侯 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 司空 端木 独孤 南宫 西门 百里 呼延 轩辕") {
		r := []rune(n)
		m[[2]rune{r[0], r[1]}] = true
	}
	return m
}()

var doubleFirst = runeSet("欧上司诸夏东皇尉公慕令端独南西百呼轩")

var (
	commonSurname = runeSet(surnames)
	anySurname    = runeSet(surnames + rareSurnames)
	// notGiven are characters that names do not hold but words do.
	notGiven = runeSet("的了在是不被和与或及等为因由对从向将把至按依经无未已可应须得者人员们个位名年月日时号条款项章节病症癌血压痛疾残障费额款贷险险" +
		"院校局部厅委办处所科室队站县市区镇乡村组街路省府法律规章办申请审核批准给予领取发放享受补贴救助低户籍家庭其他她它您我你这那此该某×·二三四五六七八九十百千万亿第" +
		"上下前后内外左右多少较更最很都也又还就才只但而且则虽即既既使让叫请求问答告诉说话看见听写读习工作活产务服务管监督检查验收集体组织机关构单位公司企厂店" +
		"或药品械物食饮料酒电气煤油车船机器具备材料件量衡率比数据值价格税收入支出资产债务约协议诉讼判决裁执行罚没")
	// neverGiven are those of them that no name ends in.
	neverGiven = runeSet("因系于在被的与和及为")
	// notInCell are characters that keep a cell beneath 姓名 from being a name.
	notInCell = runeSet("计名等无级号户某×单位局院部公司镇乡村街区县市省政府学校")
	// nameEnds may follow a name at once.
	nameEnds = runeSet("男女系因患为的于在等同与和及向被经申报提自从将以属享由已未入不有对曾现持驾是犯涉")
)

// runes is a set of characters of the basic plane.
type runes [1 << 16]bool

func runeSet(s string) *runes {
	var set runes
	for _, r := range s {
		set[r] = true
	}
	return &set
}

func (set *runes) has(r rune) bool { return 0 <= r && int(r) < len(set) && set[r] }

// wordIndex finds any of many words in one pass, by their first character.
type wordIndex map[rune][][]rune

func indexWords(words []string) wordIndex {
	x := wordIndex{}
	for _, w := range words {
		r := []rune(w)
		x[r[0]] = append(x[r[0]], r)
	}
	return x
}

// find gives where words begin in text, in order.
func (x wordIndex) find(text []rune) []int {
	var at []int
	for i, r := range text {
		if r < 0x80 && r != 'H' {
			continue
		}
		if slices.ContainsFunc(x[r], func(w []rune) bool { return len(w) <= len(text)-i && slices.Equal(text[i:i+len(w)], w) }) {
			at = append(at, i)
		}
	}
	return at
}

var sensitiveIndex = indexWords(sensitiveWords)

// sensitiveWords are facts that must not stand beside a name.
var sensitiveWords = []string{
	"残疾", "残障", "肢体", "视力", "听力", "言语", "智力", "精神", "低保", "最低生活保障", "特困", "五保", "困难群众", "临时救助", "医疗救助", "大病", "重病", "患病", "确诊",
	"艾滋", "HIV", "梅毒", "性病", "乙肝", "结核", "传染", "癌", "肿瘤", "白血病", "尿毒症", "透析", "糖尿病", "抑郁", "病历", "病情", "住院", "诊断", "患者", "病人",
	"吸毒", "戒毒", "判刑", "有期徒刑", "拘役", "缓刑", "刑满", "服刑", "罪犯", "社区矫正", "前科", "拘留", "卖淫", "嫖娼", "赌博", "醉酒", "家庭暴力", "家暴", "性侵", "强奸", "猥亵",
	"宗教", "信教", "教徒", "信徒", "基督", "天主", "伊斯兰", "佛教", "道教", "邪教", "孤儿", "弃婴", "困境儿童", "无人抚养", "失独", "离异", "流产", "计划生育", "上访", "信访", "自杀",
}

// nameMarkers stand right before somebody's name.
var nameMarkers = []string{
	"姓名", "当事人", "被处罚人", "被决定人", "被处分人", "被执行人", "被处罚对象", "违法行为人", "申请人", "被申请人", "患者", "病人", "病例", "残疾人", "救助对象", "低保对象", "特困人员", "保障对象", "户主", "罪犯",
	"矫正对象", "社区矫正对象", "戒毒人员", "吸毒人员", "服刑人员", "死者", "伤者", "受害人", "被害人", "原告", "被告", "被告人", "上诉人", "居民", "村民", "市民", "群众", "其妻", "其夫", "其父", "其母",
	"配偶", "信访人", "上访人", "信徒", "教徒", "困难职工", "困难群众", "职工", "业主", "驾驶人", "驾驶员", "嫌疑人", "参保人", "受益人", "监护人", "对象", "我县", "我镇", "同志", "本人",
}

// officialMarkers begin lines that name people in office.
var officialMarkers = []string{"出席", "参会", "参加", "主持", "列席", "记录", "抄送", "签发", "承办", "经办", "联系人", "评委", "专家", "评审", "审核人", "负责人"}

// minorMarkers stand right before a child's name.
var minorMarkers = []string{"学生", "小学生", "初中生", "幼儿", "儿童", "婴儿", "未成年人", "女童", "男童", "孩子", "其子", "其女", "其孙", "其孙女", "之子", "之女", "孤儿", "困境儿童", "留守儿童", "儿子", "女儿",
	"学生姓名", "儿童姓名", "幼儿姓名", "新生儿", "被监护人"}

var (
	// personColumns name columns of names.
	personColumns = []string{"姓名", "户主", "当事人", "申请人", "患者", "被处罚人", "相对人", "对象", "学生", "儿童", "幼儿", "监护人", "残疾人", "受益人", "领取人", "承租人"}
	// childColumns name columns that only children's lists have.
	childColumns = []string{"班级", "年级", "就读", "学籍", "幼儿园", "小学", "入学", "监护人"}
	// childCaptions are words above lists of children.
	childCaptions = []string{"学生", "儿童", "幼儿", "未成年", "孤儿", "小学", "招生", "入学", "新生", "中考", "少年"}
	// notPersonColumns name columns that hold other things than names.
	notPersonColumns = []string{"类别", "类型", "人数", "金额", "数量", "代码", "证件", "地址", "住址", "电话", "号码", "单位", "日期", "项目", "标准", "等级", "编号"}
)

func isSurname(r rune, strict bool) bool {
	if strict {
		return commonSurname.has(r)
	}
	return anySurname.has(r)
}

// notNames are words that begin like a name.
var notNames = func() map[string]bool {
	const words = "陈述 成立 成绩 成员 成年 成果 成本 高中 高级 高校 高等 高度 高温 高危 高龄 高新 高层 高速 方式 方面 方法 方案 方便 安全 安置 安排 安装 江西 江苏 江南 江北 金融 金钱 白内 " +
		"黄疸 黄金 马上 万元 施行 施工 施救 施教 包括 包含 包装 包办 管理 管辖 管制 任何 任务 任职 任意 任免 任命 程序 程度 于是 严重 严格 严禁 康复 温度 龙头 关于 关系 关注 关联 关心 " +
		"单独 单位 单方 单身 文化 文书 文件 文明 文艺 文字 舒适 章程 曾经 连续 项目 解除 解决 解释 解读 符合 车辆 查询 家长 家属 司法 司机 毛发 宁夏 柴油 游客 游戏 蓝天 左右 房屋 房产 房间 " +
		"余额 席位 童年 华侨 华人 封闭 甘肃 屠宰 祝贺 沙漠 史料 危害 危险 简易 简单 简称 简介 苗族 石油 田间 邮件 边境 陶瓷 汤药 宋体 鲁班 徐州 郑州 温州 常德 孔庙 武装 武术 武器 温泉 温暖 " +
		"林业 林木 林地 林权 林区 牛羊 牛奶 马匹 马路 雷电 雷达 叶片 花卉 梅毒 孟加 古籍 古迹 古树 宫颈 胡同 庄稼 易燃 易爆 易地 易制 易腐 乔木 伍德 莫须 祁阳 戴帽 戴罪 戴上 邢台 邵阳 向导 向往 " +
		"何种 何时 何地 何人 何处 汪洋 邓州 程控 夏季 夏令 夏天 秦皇 尹氏 侯补 钟表 金属 金库 金银 金矿 金沙 白酒 白色 白天 黑色 贾汪 常住 常驻 全体 全面 全国 全部 家用 农户 农民 国籍 公民 公共 " +
		"祝愿 柳州 梅州 席间 包裹 包庇 包干 包抄 汤逊 洪水 许可 许诺 许昌 顾客 顾问 顾虑 邹城 谢绝 谢谢 段落 段位 习惯 习俗 尚未 尚且 毕业 毕竟 毕节 申诉 申辩 单项 阎良 丁香 丁烷 吴忠 吕梁 孙女 孙子 " +
		"杨梅 杨树 杜绝 杜鹃 沈阳 唐山 唐代 宋代 韩国 冯氏 曹氏 袁州 董事 潘多 余下 余地 余热 蒋氏 苏州 苏维 魏晋 卢氏 姚安 姜黄 廖氏 汪清 金昌 贺州 贺信 龚滩 武汉 武警 武力 武断 钱币 钱财 严厉 严密 严肃 " +
		"康养 康乐 施肥 施加 施用 施放 牛皮 安徽 安抚 安定 安检 安静 安心 安宁 安葬 安康 齐全 齐备 易于 易货 乔迁 聂荣 章节 鲁迅 柳江 甘蔗 甘油 包头 包容 包揽 宁波 宁静 尚可 符号 舒缓 柯城 纪律 纪检 纪念 纪要 纪委 " +
		"梅花 童装 童工 毕氏 单向 单证 单元 单据 单价 单纯 单列 裴氏 霍乱 曲线 曲艺 盛产 盛会 游泳 游览 游行 游牧 骆驼 管控 管护 管线 管道 管网 管教 管委 管束 房地 房改 房源 屈服 饶平 解放 解散 解聘 解答 解体 解救 " +
		"解约 解雇 解冻 解码 解剖 艾灸 艾叶 尤其 尤为 穆斯 司长 司局 司乘 蓝色 谷物 谷类 成都 成品 成长 成功 成熟 成套 成因 成交 成效 成份 成分 成就 匡算 阳光 阳台 阳性 卓越 桂林 简化 简历 简便 简报 沙石 沙化 瞿氏 席卷 封锁 封存 封堵 封山 " +
		"封面 封条 封装 项下 周边 周期 周围 周岁 周年 周知 徐工 朱砂 何况 林草 罗列 罗马 许愿 彭州 曾孙 田径 田野 叶子 程式 苏打 丁类 任期 任教 任用 任选 任课 卢布 沈河 钟点 谭氏 陆地 陆路 陆上 陆续 陆生 范围 范本 范畴 范例 石材 石化 石刻 石膏 石料 石窟 " +
		"白云 白银 白领 江河 江海 江段 江豚 雷击 雷雨 龙门 黎族 黎明 史实 史志 贺卡 毛重 毛利 毛坯 顾及 万一 万众 孔径 向前 向上 向阳 汤圆 文物 文本 文号 文案 文凭 文稿 文献 文旅 文体 文职 文娱 文盲 安居 安家 安防 易耗 关键 关闭 关停 关税 关押 关头 关怀 关口 关爱 " +
		"左侧 左边 柳条 祝福 包机 包车 包销 包租 包含 宁愿 宁可 童话 凌晨 凌驾 单一 单科 单双 单边 苗木 苗圃 盛行 习近 华东 华南 华北 华中 满意 满足 牛肉 高原 高压 高考 高效 高空 高发 高额 高于 高低 高价 高值 高质 高科 高炉 高水 高层 高端 高频 高标 高强 高血 高山 高峰 高楼 " +
		"方向 方针 方位 方言 方圆 方可 方能 方才 成人 马拉 马来 马尾 朱红 何以 何等 何为 林场 林带 林下 林火 林农 林龄 余热 余缺 余款 潘氏 田地 田埂 苏醒 程某 白糖 白蚁 白鳍 白条 白癜 黄河 黄土 黄色 黄牛 黄牌 黄标 黄赌 钱物 严惩 严控 严查 严守 严防 武夷 戴口 温室 温和 温差 康健 " +
		"陈列 陈旧 陈设 张贴 张挂 张家 张掖 李子 刘海 王国 王府 赵州 周转 周日 周一 周末 胡乱 胡萝 郭氏 罗汉 罗定 罗湖 于此 于前 连带 连接 连片 连锁 郑重 丁字 石墨 石英 石灰 石棉 石头 江湖 纪录 向下 向外 符咒 庞大 庞杂 " +
		"平均 平等 平台 平安 时间 时限 时效 常规 常见 常务 常年 常用 常委 明确 明显 明知 明示 计划 计算 计量 计入 计提 水平 水利 水源 路线 路段 国家 国务 公安 公告 公示 全程 车主 通知 农业 农村 家庭 广告 广播 景区 居民 居住 党员 党委 " +
		"都应 步行 师生 那些 相关 相应 相邻 益处 利益 利用 利率 沃土 强制 强化 充分 充足 从事 从业 惠民 惠农 惠及 荣誉 经营 经济 别墅 支付 支持 支出 井下 松散 伏击 卫生 和解 和谐 能力 能够 能源 元旦 元件 应当 应急 应该 时候 有关 有效 有限 有权 有机 有毒 " +
		"曲靖 海关 祖父 祖母 宗教 宗旨 宗地 仲裁 班级 班主 班车 班子 车牌 白马 乐器 和睦 家教 席位 冷藏 冷链 冷冻 养老 养殖 养护 养育 养生 查处 查验 查封 查阅 查实 查明 后勤 空气 空白 空间 那曲 巴士 钮扣 储备 储蓄 储存 松木 焦炭 焦点 池塘 温控"
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}()
