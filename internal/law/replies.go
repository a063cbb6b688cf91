package law

// Reply is the way in which a request for information ends.
type Reply string

// The reply types. ReplyPartly stands between ReplyGrant and ReplyRefuse in
// the statute (第三十七条) and has no number of its own.
const (
	ReplyPublic        Reply = "R1"
	ReplyGrant         Reply = "R2"
	ReplyPartly        Reply = "R2P"
	ReplyRefuse        Reply = "R3"
	ReplyAbsent        Reply = "R4"
	ReplyNotOurs       Reply = "R5"
	ReplyRepeated      Reply = "R6"
	ReplyRegistry      Reply = "R7"
	ReplyNotMade       Reply = "R8"
	ReplyPetition      Reply = "R9"
	ReplyPublished     Reply = "R10"
	ReplyExcessive     Reply = "R11"
	ReplyReconfirm     Reply = "R12"
	ReplyNotCorrected  Reply = "R13"
	ReplyNotPaid       Reply = "R14"
	ReplyStillUnclear  Reply = "R15"
	ReplyOtherwiseDone Reply = "R16"
)

// Replies is the list of reply types with their rows in the yearly report. A
// refusal (R3) has the row of its ground.
func Replies() List[Reply] { return replies }

const reportForm = "政府信息公开工作年度报告格式"

var replies = List[Reply]{
	Name: "答复类型", Basis: foi + "第三十条至第三十九条、" + reportForm, Since: since2019foi, LastChecked: checked,
	items: []Item[Reply]{
		reply(ReplyPublic, "所申请公开信息已经主动公开", "已主动公开", foi+"第三十六条第（一）项", "告知获取该信息的方式、途径", "r3.1", Confirmed),
		reply(ReplyGrant, "所申请公开信息可以公开", "予以公开", foi+"第三十六条第（二）项", "提供该信息，或者告知获取的方式、途径和时间", "r3.1", Confirmed),
		reply(ReplyPartly, "区分处理，部分公开", "部分公开", foi+"第三十七条", "提供可以公开的内容，对不予公开的内容说明理由", "r3.2", Confirmed),
		reply(ReplyRefuse, "决定不予公开", "不予公开", foi+"第三十六条第（三）项", "告知不予公开并说明理由，理由落到第十四条至第十六条", "", Confirmed),
		reply(ReplyAbsent, "经检索没有所申请公开信息", "信息不存在", foi+"第三十六条第（四）项", "告知该信息不存在", "r3.4.1", Inferred),
		reply(ReplyNotOurs, "不属于本行政机关负责公开", "非本机关负责", foi+"第三十六条第（五）项", "告知并说明理由；能确定负责机关的，告知其名称、联系方式", "r3.4.1", Inferred),
		reply(ReplyRepeated, "就已答复的相同信息重复申请", "重复申请", foi+"第三十六条第（六）项", "告知不予重复处理", "r3.5.2", Confirmed),
		reply(ReplyRegistry, "工商、不动产登记资料等另有规定的信息", "行政查询", foi+"第三十六条第（七）项", "告知依照有关法律、行政法规办理", "r3.3.8", Confirmed),
		reply(ReplyNotMade, "需要对现有信息加工、分析", "需另行制作", foi+"第三十八条", "可以不予提供", "r3.4.2", Confirmed),
		reply(ReplyPetition, "以申请形式进行信访、投诉、举报", "信访举报投诉", foi+"第三十九条第一款", "告知不作为申请处理，可以告知相应渠道", "r3.5.1", Confirmed),
		reply(ReplyPublished, "要求提供政府公报、报刊、书籍等公开出版物", "公开出版物", foi+"第三十九条第二款", "可以告知获取的途径", "r3.5.3", Confirmed),
		reply(ReplyExcessive, "数量、频次明显超过合理范围且理由不合理", "大量反复申请", foi+"第三十五条", "告知不予处理", "r3.5.4", Confirmed),
		reply(ReplyReconfirm, "要求确认或者重新出具已获取信息", "重新出具", reportForm, "条例没有明文，只见于年度报告格式", "r3.5.5", Inferred),
		reply(ReplyNotCorrected, "无正当理由逾期不补正", "逾期不补正", foi+"第三十条", "不再处理该申请", "r3.6.1", Confirmed),
		reply(ReplyNotPaid, "逾期未按收费通知缴纳费用", "逾期不缴费", feeMeasure+"第六条", "不再处理该申请", "r3.6.2", Unconfirmed),
		reply(ReplyStillUnclear, "补正后申请内容仍不明确", "仍不明确", foi+"第三十条、"+reportForm, "告知无法提供", "r3.4.3", Inferred),
		reply(ReplyOtherwiseDone, "其他处理（如申请人撤回）", "其他", reportForm, "", "r3.6.3", Inferred),
	},
}

func reply(code Reply, label, short, article, note, row string, c Confirmation) Item[Reply] {
	return Item[Reply]{Code: code, Label: label, Short: short, Article: article, Note: note, ReportRow: row, Confirmed: c}
}
