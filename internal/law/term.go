package law

import (
	"gongkai/internal/civil"
	"gongkai/internal/fault"
)

// Unit is what a time limit is counted in.
type Unit uint8

const (
	Workdays     Unit = iota // 工作日
	CalendarDays             // 自然日
	Months                   // 月, to the same day of the month or its last
	Hours                    // 小时; an instant, which the calendar cannot count
)

var units = [...]struct{ name, label string }{
	Workdays:     {"workdays", "个工作日"},
	CalendarDays: {"days", "日"},
	Months:       {"months", "个月"},
	Hours:        {"hours", "小时"},
}

// String is the stable English name.
func (u Unit) String() string { return units[u].name }

// Label is the Chinese measure word.
func (u Unit) Label() string { return units[u].label }

// MarshalText writes String.
func (u Unit) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// TermCode names a statutory time limit.
type TermCode string

// Term is a time limit that a text fixes.
type Term struct {
	Code      TermCode     `json:"code"`
	Label     string       `json:"label"`
	N         int          `json:"n"`
	Unit      Unit         `json:"unit"`
	From      string       `json:"from"` // the event whose day it starts from
	Article   string       `json:"article"`
	Confirmed Confirmation `json:"confirmed"`
	Since     civil.Date   `json:"since"` // first day on which the rule holds
}

// Time limits of disclosure and of requests. Numbers live in terms only.
const (
	TermDisclose         TermCode = "t_disclose"
	TermCorrectNotice    TermCode = "t_correct_notice"
	TermReply            TermCode = "t_reply"
	TermExtendMax        TermCode = "t_extend_max"
	TermThirdParty       TermCode = "t_third_party"
	TermJointAgency      TermCode = "t_joint_agency"
	TermFeePay           TermCode = "t_fee_pay"
	TermReview           TermCode = "t_review"
	TermSuit             TermCode = "t_suit"
	TermBudget           TermCode = "t_budget"
	TermBudgetUnit       TermCode = "t_budget_unit"
	TermComment          TermCode = "t_comment"
	TermLegalReview      TermCode = "t_legal_review"
	TermNormReviewMin    TermCode = "t_norm_review_min"
	TermNormReviewMax    TermCode = "t_norm_review_max"
	TermLicence          TermCode = "t_licence"
	TermPenalty          TermCode = "t_penalty"
	TermEnforcement      TermCode = "t_enforcement"
	TermPenaltyWithdraw  TermCode = "t_penalty_withdraw"
	TermLandPreNotice    TermCode = "t_land_pre_notice"
	TermLandPlan         TermCode = "t_land_plan"
	TermLandNotice       TermCode = "t_land_notice"
	TermOpinionFirst     TermCode = "t_opinion_first"
	TermOpinionBriefing  TermCode = "t_opinion_briefing"
	TermOpinionResponse  TermCode = "t_opinion_response"
	TermPetitionRegister TermCode = "t_petition_register"
	TermPetitionClose    TermCode = "t_petition_close"
)

var (
	since2019foi  = civil.On(2019, 5, 15)
	since2021fee  = civil.On(2021, 1, 1)
	since2019dec  = civil.On(2019, 9, 1)
	since2024rev  = civil.On(2024, 1, 1)
	since2018enf  = civil.On(2018, 12, 5)
	since2021pen  = civil.On(2021, 7, 15)
	since2021land = civil.On(2021, 9, 1)
	since2022pet  = civil.On(2022, 5, 1)
)

var terms = []Term{
	{TermDisclose, "主动公开", 20, Workdays, "信息形成或者变更之日", foi + "第二十六条", Confirmed, since2019foi},
	{TermCorrectNotice, "一次性补正告知", 7, Workdays, "收到申请之日", foi + "第三十条", Confirmed, since2019foi},
	{TermReply, "答复申请", 20, Workdays, "收到申请之日", foi + "第三十三条", Confirmed, since2019foi},
	{TermExtendMax, "延长答复（至多，一次）", 20, Workdays, "原期限届满", foi + "第三十三条", Confirmed, since2019foi},
	{TermThirdParty, "第三方提出意见", 15, Workdays, "第三方收到征求意见书", foi + "第三十二条", Confirmed, since2019foi},
	{TermJointAgency, "共同制作机关提出意见", 15, Workdays, "收到征求意见书", foi + "第三十四条", Confirmed, since2019foi},
	{TermFeePay, "缴纳信息处理费", 20, Workdays, "收到收费通知", feeMeasure + "第六条", Unconfirmed, since2021fee},
	{TermReview, "申请行政复议", 60, CalendarDays, "知道行政行为之日", "《行政复议法》第二十条", Confirmed, since2024rev},
	{TermSuit, "提起行政诉讼", 6, Months, "知道行政行为之日", "《行政诉讼法》第四十六条", Confirmed, civil.On(2015, 5, 1)},
	{TermBudget, "公开政府预算、决算", 20, CalendarDays, "本级人大或其常委会批准之日", "《预算法》第十四条第一款", Confirmed, civil.On(2015, 1, 1)},
	{TermBudgetUnit, "公开部门预算、决算", 20, CalendarDays, "财政部门批复之日", "《预算法》第十四条第二款", Confirmed, civil.On(2015, 1, 1)},
	{TermComment, "公开征求意见（至少，一般）", 30, CalendarDays, "公布决策草案之日", "《重大行政决策程序暂行条例》第十五条", Confirmed, since2019dec},
	{TermLegalReview, "决策草案合法性审查（至少，一般）", 7, Workdays, "收到送审材料", "《重大行政决策程序暂行条例》第二十六条", Confirmed, since2019dec},
	{TermNormReviewMin, "规范性文件合法性审核（至少，一般）", 5, Workdays, "收到送审材料", "国办发〔2018〕115号", Confirmed, civil.On(2018, 12, 4)},
	{TermNormReviewMax, "规范性文件合法性审核（至多，一般）", 15, Workdays, "收到送审材料", "国办发〔2018〕115号", Confirmed, civil.On(2018, 12, 4)},
	{TermLicence, "公开行政许可决定", 7, Workdays, "决定作出之日", "国办发〔2018〕118号", Confirmed, since2018enf},
	{TermPenalty, "公开行政处罚决定", 7, Workdays, "决定作出之日", "国办发〔2018〕118号", Confirmed, since2018enf},
	{TermEnforcement, "公开其他行政执法决定", 20, Workdays, "决定作出之日", "国办发〔2018〕118号", Confirmed, since2018enf},
	{TermPenaltyWithdraw, "撤回已变更的行政处罚决定信息", 3, Workdays, "决定被变更、撤销、确认违法或者无效", "《行政处罚法》第四十八条第二款、第八十五条", Confirmed, since2021pen},
	{TermLandPreNotice, "征收土地预公告（至少）", 10, Workdays, "发布预公告", "《土地管理法实施条例》第二十六条", Confirmed, since2021land},
	{TermLandPlan, "征地补偿安置方案公告（至少）", 30, CalendarDays, "发布公告", "《土地管理法实施条例》第二十八条", Confirmed, since2021land},
	{TermLandNotice, "征收土地公告", 15, Workdays, "收到批准文件", "《土地管理法实施条例》第三十一条", Confirmed, since2021land},
	{TermOpinionFirst, "特别重大、重大突发事件发布权威信息", 5, Hours, "事件发生", "国办发〔2016〕80号", Confirmed, civil.On(2016, 11, 10)},
	{TermOpinionBriefing, "特别重大、重大突发事件举行新闻发布会", 24, Hours, "事件发生", "国办发〔2016〕61号", Confirmed, civil.On(2016, 7, 30)},
	{TermOpinionResponse, "回应其他政务舆情", 48, Hours, "舆情发生", "国办发〔2016〕61号", Confirmed, civil.On(2016, 7, 30)},
	{TermPetitionRegister, "信访登记与转送", 15, CalendarDays, "收到信访事项", "《信访工作条例》第二十二条", Confirmed, since2022pet},
	{TermPetitionClose, "信访求决事项办结", 60, CalendarDays, "受理之日", "《信访工作条例》第三十四条", Confirmed, since2022pet},
}

// Terms lists all time limits.
func Terms() []Term { return append([]Term(nil), terms...) }

// TermOf is the time limit of that code; ok is false where there is none.
func TermOf(code TermCode) (t Term, ok bool) {
	for _, t := range terms {
		if t.Code == code {
			return t, true
		}
	}
	return Term{}, false
}

// DueOf counts the limit t from the day of its event. Limits in hours are an
// Invalid fault: they run from an instant.
func (c *Calendar) DueOf(t Term, from civil.Date) (due Due, err error) {
	switch t.Unit {
	case Workdays:
		due, err = c.Due(from, t.N)
	case CalendarDays:
		due, err = c.DueCalendarDays(from, t.N, RollForward)
	case Months:
		due, err = c.DueCalendarDays(from, from.AddMonths(t.N).Sub(from), RollForward)
		due.Days, due.Unit = t.N, Months
	default:
		return Due{}, fault.New(fault.Invalid, "unit_hours", "“%s”以小时计，不能按日期推算，请用事件发生的时刻加%d小时。", t.Label, t.N)
	}
	if err != nil {
		return Due{}, err
	}
	due.Basis = t.Article + "；" + due.Basis
	return due, nil
}

// AnnualDate is a day by which something is owed every year.
type AnnualDate struct {
	Code      string       `json:"code"`
	Label     string       `json:"label"`
	Month     int          `json:"month"`
	Day       int          `json:"day"`
	Article   string       `json:"article"`
	Confirmed Confirmation `json:"confirmed"`
}

// AnnualDates lists the fixed dates of the year. They are dates and not
// limits: a day of rest does not move them.
func AnnualDates() []AnnualDate {
	return []AnnualDate{
		{"department_report", "政府部门公布上一年度政府信息公开工作年度报告", 1, 31, foi + "第四十九条", Confirmed},
		{"enforcement_report", "公开上一年度行政执法总体情况", 1, 31, "国办发〔2018〕118号", Confirmed},
		{"government_report", "县级以上地方人民政府公布本级政府年度报告", 3, 31, foi + "第四十九条", Confirmed},
	}
}
