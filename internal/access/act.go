package access

import "slices"

// Act is something that a role may do. The values are stable.
type Act string

// Acts.
const (
	DeskUse         Act = "desk.use"
	RecordRead      Act = "record.read"
	RecordWrite     Act = "record.write"
	RecordReview    Act = "record.review"
	RecordSecrecy   Act = "record.secrecy"
	RecordSign      Act = "record.sign"
	RecordPublish   Act = "record.publish"
	RecordEmergency Act = "record.emergency"
	RecordWithdraw  Act = "record.withdraw"
	RecordImport    Act = "record.import"
	DutyRead        Act = "duty.read"
	DutyLink        Act = "duty.link"
	DutyNil         Act = "duty.nil"
	DutyDispute     Act = "duty.dispute"
	DutyDecide      Act = "duty.decide"
	ProgressWrite   Act = "progress.write"
	GridRead        Act = "grid.read"
	CatalogueEdit   Act = "catalogue.edit"
	CatalogueReview Act = "catalogue.review"
	PlanEdit        Act = "plan.edit"
	UnitManage      Act = "unit.manage"
	SiteManage      Act = "site.manage"
	KindManage      Act = "kind.manage"
	CalendarManage  Act = "calendar.manage"
	TemplateManage  Act = "template.manage"
	WordingManage   Act = "wording.manage"
	FlowManage      Act = "flow.manage"
	AccountManage   Act = "account.manage"
	RoleGrant       Act = "role.grant"
	KeyManage       Act = "key.manage"
	RoleLend        Act = "role.lend"
	AuditRead       Act = "audit.read"
	SystemRead      Act = "system.read"
)

// ActInfo is one row of the matrix: an act and the roles that carry it.
type ActInfo struct {
	Act   Act
	Label string // for buttons and refusals
	About string // one sentence
	Reads bool   // it changes nothing
	Roles []Role // in the order of Roles
}

// everybody are all roles; business those that work on content rather than on
// the program.
var (
	everybody = []Role{Editor, Reviewer, Secrecy, Signer, RequestOfficer, Head, Office, Inspector, SystemAdmin, SecurityAdmin, AuditAdmin}
	business  = []Role{Editor, Reviewer, Secrecy, Signer, RequestOfficer, Head, Office}
	watchers  = []Role{Editor, Reviewer, Secrecy, Signer, RequestOfficer, Head, Office, Inspector, AuditAdmin}
)

// matrix is the one table of rights. Checks, buttons and docs/access.md come
// from it.
var matrix = []ActInfo{
	{DeskUse, "进入工作台", "登录后使用工作台。", true, everybody},
	{RecordRead, "查看信息", "查看本单位未公开的信息、各版本和办理经过。", true, watchers},
	{RecordWrite, "起草信息", "起草、修改、更正信息，提交审核。", false, []Role{Editor}},
	{RecordReview, "审核信息", "审核内容，通过或退回；不能审核自己起草的。", false, []Role{Reviewer}},
	{RecordSecrecy, "保密审查", "作保密审查，写明公开、部分公开或不公开及依据。", false, []Role{Secrecy}},
	{RecordSign, "签发信息", "签发审查完毕的信息，签发前再次确认身份。", false, []Role{Signer, Head}},
	{RecordPublish, "发布信息", "把签发的信息立即或定时发布。", false, []Role{Editor, Signer, Head}},
	{RecordEmergency, "应急发布", "情况紧急时先发布、后补签，写明理由。", false, []Role{Signer, Head, Office}},
	{RecordWithdraw, "撤回信息", "撤回、替换、转向或归档已公开的信息，写明原因。", false, []Role{Signer, Head, Office}},
	{RecordImport, "批量导入", "按表格或接口批量交来信息，成为草稿。", false, []Role{Editor}},
	{DutyRead, "查看任务", "查看本单位应公开的事项、期限和完成情况。", true, watchers},
	{DutyLink, "关联信息", "把已公开的信息关联到任务，作为完成的佐证。", false, []Role{Editor}},
	{DutyNil, "签零报告", "签署本期没有应公开内容的零报告。", false, []Role{Head}},
	{DutyDispute, "提出异议", "对任务提出不适用或有异议，写明理由。", false, []Role{Editor, Head}},
	{DutyDecide, "裁定任务", "决定任务是否适用、异议是否成立。", false, []Role{Office}},
	{ProgressWrite, "填报进展", "填报工作要点、民生实事的进展和佐证。", false, []Role{Editor, Head}},
	{GridRead, "查看台账", "查看任务总表、历史时点和导出。", true, []Role{Editor, Reviewer, Signer, Head, Office, Inspector, AuditAdmin}},
	{CatalogueEdit, "编制目录", "编制、修订公开事项目录。", false, []Role{Editor, Office}},
	{CatalogueReview, "目录把关", "对下级报来的目录把关，通过或退回。", false, []Role{Reviewer, Office}},
	{PlanEdit, "编制要点", "导入、修改工作要点和任务分解。", false, []Role{Office}},
	{UnitManage, "管理机构", "增加机构，登记更名、合并、分设、撤销和划转。", false, []Role{Office, SystemAdmin}},
	{SiteManage, "管理站点", "管理站点和栏目。", false, []Role{Office, SystemAdmin}},
	{KindManage, "管理种类", "管理信息种类和字段。", false, []Role{Office, SystemAdmin}},
	{CalendarManage, "管理日历", "登记节假日安排和临时调休。", false, []Role{Office, SystemAdmin}},
	{TemplateManage, "管理模板", "管理文书和表格模板。", false, []Role{Office}},
	{WordingManage, "管理用语", "管理错敏词表和用语规则。", false, []Role{Office}},
	{FlowManage, "管理流程", "设定各单位的办理环节。", false, []Role{Office}},
	{AccountManage, "管理账号", "建立、停用、恢复账号，发一次性链接，结束会话。", false, []Role{SystemAdmin, SecurityAdmin}},
	{RoleGrant, "授予角色", "授予和收回角色；不能给自己授权。", false, []Role{SecurityAdmin}},
	{KeyManage, "管理密钥", "发放和吊销办公系统的接口密钥。", false, []Role{SecurityAdmin}},
	{RoleLend, "委托替班", "把自己的角色在一段日期内借给本单位同事。", false, business},
	{AuditRead, "查看审计", "查看登录、授权、改动和查阅个人信息的记录。", true, []Role{AuditAdmin}},
	{SystemRead, "查看运行", "查看运行状况、参数和后台任务。", true, []Role{SystemAdmin, SecurityAdmin, AuditAdmin}},
}

// Matrix is the table of rights, one row for each act, in the order in which
// pages show them.
func Matrix() []ActInfo {
	rows := slices.Clone(matrix)
	for i := range rows {
		rows[i].Roles = slices.Clone(rows[i].Roles)
	}
	return rows
}

// Label is what the act is called on buttons, and the value itself where it is
// not one of the constants.
func (a Act) Label() string {
	if info := a.info(); info.Label != "" {
		return info.Label
	}
	return string(a)
}

// About says in a sentence what the act is.
func (a Act) About() string { return a.info().About }

// info is the row of the act; an unknown one is carried by nobody.
func (a Act) info() ActInfo {
	for _, row := range matrix {
		if row.Act == a {
			return row
		}
	}
	return ActInfo{Act: a}
}
