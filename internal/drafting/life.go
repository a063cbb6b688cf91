package drafting

import "gongkai/internal/lifecycle"

// State and Event of a draft.
type (
	State = lifecycle.State
	Event = lifecycle.Event
)

// The states.
const (
	Editing   State = "editing"
	InReview  State = "in_review"
	InSecrecy State = "in_secrecy"
	ToSign    State = "to_sign"
	Scheduled State = "scheduled"
	Published State = "published"
	Returned  State = "returned"
	Withheld  State = "withheld"
	Abandoned State = "abandoned"
)

// The events.
const (
	Submit      Event = "submit"
	Approve     Event = "approve"
	Return      Event = "return"
	Clear       Event = "clear"
	Refer       Event = "refer"
	Withhold    Event = "withhold"
	Sign        Event = "sign"
	Schedule    Event = "schedule"
	Unschedule  Event = "unschedule"
	Publish     Event = "publish"
	InEmergency Event = "emergency"
	Countersign Event = "countersign"
	Recall      Event = "recall"
	Abandon     Event = "abandon"
	Revive      Event = "revive"
	Release     Event = "release"
	Keep        Event = "keep"
)

// Names of conditions; see life for what they say.
const (
	whenReview = "review"
	whenSign   = "sign"

	guardSaved       = "saved"
	guardChecks      = "checks"
	guardUrgent      = "urgent"
	guardFindings    = "findings"
	guardNotAuthor   = "not_author"
	guardNotReviewer = "not_reviewer"
	guardDecided     = "decided"
	guardTimed       = "timed"
	guardOwed        = "owed"
	guardNotFirst    = "not_first"
	guardAlone       = "alone"

	needReason      = "reason"
	needRemark      = "remark"
	needConfirmed   = "confirmed"
	needDecision    = "decision"
	needGround      = "ground"
	needReexamineOn = "reexamine_on"
	needTime        = "time"
)

// Life is the life-cycle of drafts.
func Life() *lifecycle.Table { return life }

var life = lifecycle.Must(lifecycle.Life{
	Name:   "信息发布",
	Start:  Editing,
	States: lifeStates,
	Events: lifeEvents,
	Whens: []lifecycle.Condition{
		{Name: whenReview, Says: "本单位的流程有内容审核"},
		{Name: whenSign, Says: "本单位的流程有签发"},
	},
	Guards: lifeGuards,
	Needs:  lifeNeeds,
	Rows:   lifeRows,
})

var lifeStates = []lifecycle.StateInfo{
	{State: Editing, Label: "草稿", About: "正在写"},
	{State: Returned, Label: "退回", About: "审核中发现问题，等修改后重新提交"},
	{State: InReview, Label: "待审核", About: "等内容审核"},
	{State: InSecrecy, Label: "待保密审查", About: "等保密审查（条例第十七条）"},
	{State: ToSign, Label: "待签发", About: "等签发"},
	{State: Scheduled, Label: "待发布", About: "各步都已完成，等发布或者等设定的时间"},
	{State: Published, Label: "已发布", About: "已公开；以后的修改另起一稿", Final: true},
	{State: Withheld, Label: "不予公开", About: "登记在册，到期复审（条例第十八条）", Final: true},
	{State: Abandoned, Label: "已作废", About: "不再需要；可以找回", Final: true},
}

var lifeEvents = []lifecycle.EventInfo{
	{Event: Submit, Label: "提交", Done: "提交了稿件"},
	{Event: Approve, Label: "审核通过", Done: "审核通过"},
	{Event: Return, Label: "退回修改", Done: "退回修改"},
	{Event: Clear, Label: "可以公开", Done: "保密审查：可以公开"},
	{Event: Refer, Label: "报上级确定", Done: "保密审查：报上级确定"},
	{Event: Withhold, Label: "不予公开", Done: "保密审查：不予公开"},
	{Event: Sign, Label: "签发", Done: "签发"},
	{Event: Schedule, Label: "定时发布", Done: "设定了发布时间"},
	{Event: Unschedule, Label: "取消定时", Done: "取消了发布时间"},
	{Event: Publish, Label: "发布", Done: "发布"},
	{Event: InEmergency, Label: "紧急发布", Done: "紧急发布"},
	{Event: Countersign, Label: "补签", Done: "补签"},
	{Event: Recall, Label: "撤回修改", Done: "撤回修改"},
	{Event: Abandon, Label: "作废", Done: "作废"},
	{Event: Revive, Label: "找回", Done: "找回"},
	{Event: Release, Label: "复审后拟公开", Done: "复审：拟予公开，重新起稿"},
	{Event: Keep, Label: "复审后仍不公开", Done: "复审：仍不予公开"},
}

var lifeGuards = []lifecycle.Condition{
	{Name: guardSaved, Says: "自己没有未保存的修改"},
	{Name: guardChecks, Says: "必须改正的检查项都已通过"},
	{Name: guardUrgent, Says: "再急也不能缺的检查项都已通过"},
	{Name: guardFindings, Says: "隐私检查发现的每一处都已处理"},
	{Name: guardNotAuthor, Says: "不是写过这份稿件的人"},
	{Name: guardNotReviewer, Says: "不是这份稿件的内容审核人"},
	{Name: guardDecided, Says: "这一版有可以公开的保密审查决定"},
	{Name: guardTimed, Says: "设定过发布时间"},
	{Name: guardOwed, Says: "是紧急发布且还没有补签"},
	{Name: guardNotFirst, Says: "不是作出紧急发布决定的人"},
	{Name: guardAlone, Says: "同一条信息没有别的稿件在办"},
}

var lifeNeeds = []lifecycle.Condition{
	{Name: needReason, Says: "理由"},
	{Name: needRemark, Says: "至少一条意见，或者理由"},
	{Name: needConfirmed, Says: "再次验证身份"},
	{Name: needDecision, Says: "公开还是部分公开；部分公开写明依据"},
	{Name: needGround, Says: "不予公开的依据（条例第十四条至第十六条）和理由"},
	{Name: needReexamineOn, Says: "复审日期"},
	{Name: needTime, Says: "将来的发布时间"},
}

var (
	onlyOthers = []string{guardNotAuthor}
	onlyThirds = []string{guardNotAuthor, guardNotReviewer}
	fit        = []string{guardNotAuthor, guardDecided, guardChecks, guardFindings}
	cleared    = []string{guardNotAuthor, guardNotReviewer, guardFindings}
)

var lifeRows = []lifecycle.Row{
	{From: Editing, Event: Submit, When: whenReview, To: InReview, Act: actWrite, Guards: []string{guardSaved, guardChecks}},
	{From: Editing, Event: Submit, To: InSecrecy, Act: actWrite, Guards: []string{guardSaved, guardChecks}},
	{From: Returned, Event: Submit, When: whenReview, To: InReview, Act: actWrite, Guards: []string{guardSaved, guardChecks}},
	{From: Returned, Event: Submit, To: InSecrecy, Act: actWrite, Guards: []string{guardSaved, guardChecks}},

	{From: InReview, Event: Approve, To: InSecrecy, Act: actReview, Guards: onlyOthers},
	{From: InReview, Event: Return, To: Returned, Act: actReview, Needs: []string{needRemark}},

	{From: InSecrecy, Event: Clear, When: whenSign, To: ToSign, Act: actSecrecy, Guards: cleared, Needs: []string{needDecision}},
	{From: InSecrecy, Event: Clear, To: Scheduled, Act: actSecrecy, Guards: cleared, Needs: []string{needDecision, needConfirmed}},
	{From: InSecrecy, Event: Refer, To: InSecrecy, Act: actSecrecy, Guards: onlyThirds, Needs: []string{needReason}},
	{From: InSecrecy, Event: Withhold, To: Withheld, Act: actSecrecy, Guards: onlyThirds, Needs: []string{needGround, needReexamineOn}},
	{From: InSecrecy, Event: Return, To: Returned, Act: actSecrecy, Needs: []string{needRemark}},

	{From: ToSign, Event: Sign, To: Scheduled, Act: actSign, Guards: fit, Needs: []string{needConfirmed}},
	{From: ToSign, Event: Return, To: Returned, Act: actSign, Needs: []string{needRemark}},

	{From: Scheduled, Event: Publish, To: Published, Act: actPublish, Guards: []string{guardDecided, guardChecks, guardFindings}},
	{From: Scheduled, Event: Schedule, To: Scheduled, Act: actPublish, Needs: []string{needTime}},
	{From: Scheduled, Event: Unschedule, To: Scheduled, Act: actPublish, Guards: []string{guardTimed}},
	{From: Scheduled, Event: Return, To: Returned, Act: actPublish, Needs: []string{needRemark}},

	urgent(Editing), urgent(Returned), urgent(InReview), urgent(InSecrecy), urgent(ToSign),
	{From: Published, Event: Countersign, To: Published, Act: actSign, Guards: []string{guardOwed, guardNotAuthor, guardNotFirst}, Needs: []string{needConfirmed}},

	{From: InReview, Event: Recall, To: Editing, Act: actWrite},
	{From: InSecrecy, Event: Recall, To: Editing, Act: actWrite},
	{From: ToSign, Event: Recall, To: Editing, Act: actWrite},

	{From: Editing, Event: Abandon, To: Abandoned, Act: actWrite},
	{From: Returned, Event: Abandon, To: Abandoned, Act: actWrite},
	{From: Abandoned, Event: Revive, To: Editing, Act: actWrite, Guards: []string{guardAlone}},

	{From: Withheld, Event: Release, To: Editing, Act: actSecrecy, Guards: []string{guardAlone}, Needs: []string{needReason}},
	{From: Withheld, Event: Keep, To: Withheld, Act: actSecrecy, Needs: []string{needReason, needReexamineOn}},
}

// urgent is the way past the steps: somebody other than the author decides at
// once, and a third person signs later.
func urgent(from State) lifecycle.Row {
	return lifecycle.Row{From: from, Event: InEmergency, To: Published, Act: actEmergency,
		Guards: []string{guardNotAuthor, guardUrgent, guardFindings}, Needs: []string{needReason, needConfirmed, needDecision}}
}

// writable tells whether the text may be changed in a state.
func writable(s State) bool { return s == Editing || s == Returned }

// open tells whether a draft in a state is still on its way.
func open(s State) bool { return s != Published && s != Withheld && s != Abandoned }
