package privacy

// Kind is what a finding is about. The values are stable: they are stored with
// decisions.
type Kind string

// Personal data in text.
const (
	Identity      Kind = "identity_number"
	Phone         Kind = "phone"
	Landline      Kind = "landline"
	BankCard      Kind = "bank_card"
	Plate         Kind = "plate"
	Address       Kind = "address"
	SensitiveName Kind = "sensitive_name"
	Minor         Kind = "minor"
	Passport      Kind = "passport"
	Email         Kind = "email_personal"
	Marked        Kind = "marked" // by a person, with Mark
)

// What a file carries besides what it shows.
const (
	HiddenRow     Kind = "hidden_row"
	HiddenColumn  Kind = "hidden_column"
	HiddenSheet   Kind = "hidden_sheet"
	Comment       Kind = "comment"
	TrackedChange Kind = "tracked_change"
	EmbeddedFile  Kind = "embedded_file"
	HiddenText    Kind = "hidden_text"
	Metadata      Kind = "metadata"
	LayeredText   Kind = "layered_text"
	Macro         Kind = "macro"
	ExternalLink  Kind = "external_link"
	Unreadable    Kind = "unreadable"
)

// KindInfo explains a kind to those who decide.
type KindInfo struct {
	Kind    Kind
	Label   string // 身份证号码
	Why     string // one sentence: what publishing it would do
	Article string // the law it rests on
	Mask    string // what masking leaves; "" where nothing is masked
	Mends   bool   // MaskFile can mask or remove it
	Certain bool   // by checksum or structure; else probable, by context
}

const (
	articleSensitive = "《个人信息保护法》第二十八条"
	articleNeeded    = "《个人信息保护法》第二十五条、第三十四条"
	articlePrivacy   = "《政府信息公开条例》第十五条"
	articleReview    = "《政府信息公开条例》第十七条"
	articleMinor     = "《个人信息保护法》第二十八条、第三十一条"
)

var kinds = []KindInfo{
	{Identity, "身份证号码", "可据以冒用身份、关联其他信息。", articlePrivacy, "保留前6位和后4位", true, true},
	{Phone, "手机号码", "可据以骚扰、诈骗。", articleNeeded, "保留前3位和后4位", true, true},
	{Landline, "个人固定电话", "属于个人联系方式；机关公开的电话不在此列。", articleNeeded, "保留区号和后2位", true, false},
	{BankCard, "银行账号", "属于金融账户信息，是敏感个人信息。", articleSensitive, "只留后4位", true, true},
	{Plate, "车牌号码", "可据以查到车主和行踪。", articlePrivacy, "保留前2位和后2位", true, true},
	{Address, "详细住址", "公开到门牌使人可以上门；公示一般到村、社区或道路为止。", articlePrivacy, "保留到村、社区或道路", true, false},
	{SensitiveName, "与敏感事实连在一起的姓名", "把真名和疾病、残疾、救助、处罚、信仰等连在一起；依法须公示真名的可以写明理由放行。", articleSensitive, "只留姓", true, false},
	{Minor, "未成年人信息", "不满十四周岁者的个人信息都是敏感个人信息。", articleMinor, "姓名只留姓，出生日期只留年份", true, false},
	{Passport, "护照或通行证号码", "可据以冒用身份。", articlePrivacy, "保留前1位和后3位", true, false},
	{Email, "个人邮箱", "属于个人联系方式；机关的公务邮箱不在此列。", articleNeeded, "只留首字和域名", true, false},
	{Marked, "人工标出的内容", "经办人标出，不宜公开。", articlePrivacy, "全部遮盖", true, true},

	{HiddenRow, "隐藏的行", "屏幕上看不见，取消隐藏就能读到。", articleReview, "", true, true},
	{HiddenColumn, "隐藏的列", "屏幕上看不见，取消隐藏就能读到。", articleReview, "", true, true},
	{HiddenSheet, "隐藏的工作表或缓存", "屏幕上看不见，取消隐藏就能读到。", articleReview, "", true, true},
	{Comment, "批注", "内部意见和批注人姓名会一同公开。", articleReview, "", true, true},
	{TrackedChange, "修订痕迹", "删改前的文字和修改人姓名会一同公开。", articleReview, "", true, true},
	{EmbeddedFile, "嵌入的文件", "正文里只见一个图标或图表，里面可能是整份底稿。", articleReview, "", true, true},
	{HiddenText, "看不见的文字", "白色、极小或设为隐藏的文字，选中或复制就能读到。", articleReview, "", true, true},
	{Metadata, "文件属性", "作者、单位、路径、拍摄地点等会一同公开。", articleReview, "", true, true},
	{LayeredText, "图片或色块下的文字", "看上去已经遮住，复制或搜索就能读到。", articleReview, "", true, false},
	{Macro, "宏或脚本", "打开文件就可能运行程序。", articleReview, "", false, true},
	{ExternalLink, "指向外部的链接", "会暴露内部路径，或带有别的文件的数据。", articleReview, "", true, true},
	{Unreadable, "程序读不了的内容", "扫描件、加密或旧格式的内容，程序看不见里面有什么，须由人核对。", articleReview, "", false, true},
}

var kindIndex = func() map[Kind]KindInfo {
	m := make(map[Kind]KindInfo, len(kinds))
	for _, k := range kinds {
		m[k.Kind] = k
	}
	return m
}()

// Info explains a kind. The zero KindInfo stands for a kind nobody knows.
func Info(k Kind) KindInfo { return kindIndex[k] }

// Kinds lists every kind, personal data first.
func Kinds() []KindInfo { return append([]KindInfo(nil), kinds...) }

// inText tells whether findings of k are masked in place rather than removed.
func (k Kind) inText() bool { return kindIndex[k].Mask != "" }
