package law

// Ground is a reason not to disclose (条例第十四条 to 第十六条), or to refer
// elsewhere (第三十六条第七项).
type Ground string

// The grounds.
const (
	GroundSecret     Ground = "E14-1"
	GroundForbidden  Ground = "E14-2"
	GroundSecurity   Ground = "E14-3"
	GroundThirdParty Ground = "E15"
	GroundInternal   Ground = "E16-1"
	GroundProcess    Ground = "E16-2"
	GroundCaseFile   Ground = "E16-3"
	GroundRegistry   Ground = "Q36-7"
)

// Grounds is the list of exemption grounds.
func Grounds() List[Ground] { return grounds }

const (
	mustNot = "不予公开"
	mayNot  = "可以不予公开"
)

var grounds = List[Ground]{
	Name: "不予公开情形", Basis: foi + "第十四条至第十六条、第三十六条", Since: since2019foi, LastChecked: checked,
	items: []Item[Ground]{
		{Code: GroundSecret, Label: "依法确定为国家秘密的政府信息", Short: "国家秘密", Article: foi + "第十四条",
			Strength: mustNot, Note: "须已依法确定密级", ReportRow: "r3.3.1", Confirmed: Confirmed},
		{Code: GroundForbidden, Label: "法律、行政法规禁止公开的政府信息", Short: "法律禁止", Article: foi + "第十四条",
			Strength: mustNot, Note: "只限法律和行政法规，须写明条款", ReportRow: "r3.3.2", Confirmed: Confirmed},
		{Code: GroundSecurity, Label: "公开后可能危及国家安全、公共安全、经济安全、社会稳定的政府信息", Short: "三安全一稳定", Article: foi + "第十四条",
			Strength: mustNot, Note: "须说明可能危及什么", ReportRow: "r3.3.3", Confirmed: Confirmed},
		{Code: GroundThirdParty, Label: "涉及商业秘密、个人隐私等公开会对第三方合法权益造成损害的政府信息", Short: "第三方权益", Article: foi + "第十五条",
			Strength: mustNot, Note: "第三方同意，或者不公开会对公共利益造成重大影响的，予以公开；征求意见按第三十二条", ReportRow: "r3.3.4", Confirmed: Confirmed},
		{Code: GroundInternal, Label: "人事管理、后勤管理、内部工作流程等内部事务信息", Short: "内部事务", Article: foi + "第十六条第一款",
			Strength: mayNot, ReportRow: "r3.3.5", Confirmed: Confirmed},
		{Code: GroundProcess, Label: "讨论记录、过程稿、磋商信函、请示报告等过程性信息", Short: "过程性信息", Article: foi + "第十六条第二款",
			Strength: mayNot, Note: "法律、法规、规章规定应当公开的，从其规定", ReportRow: "r3.3.6", Confirmed: Confirmed},
		{Code: GroundCaseFile, Label: "行政执法案卷信息", Short: "执法案卷", Article: foi + "第十六条第二款",
			Strength: mayNot, Note: "法律、法规、规章规定应当公开的，从其规定", ReportRow: "r3.3.7", Confirmed: Confirmed},
		{Code: GroundRegistry, Label: "工商、不动产登记资料等另有查询规定的信息", Short: "行政查询", Article: foi + "第三十六条第（七）项",
			Strength: "依专门规定办理", Note: "有关法律、行政法规对获取有特别规定的，告知依其办理", ReportRow: "r3.3.8", Confirmed: Confirmed},
	},
}
