package obligation

import (
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/lifecycle"
	"gongkai/internal/obligation/workplan"
)

// The states of an edition of a catalogue.
const (
	EditionEditing   lifecycle.State = "editing"
	EditionInReview  lifecycle.State = "in_review"
	EditionApproved  lifecycle.State = "approved"
	EditionInForce   lifecycle.State = "in_force"
	EditionReplaced  lifecycle.State = "replaced"
	EditionAbandoned lifecycle.State = "abandoned"
)

// The events of an edition. The last two come with the day that it takes
// effect; no person causes them.
const (
	EditionSubmit  lifecycle.Event = "submit"
	EditionReturn  lifecycle.Event = "return"
	EditionApprove lifecycle.Event = "approve"
	EditionReopen  lifecycle.Event = "reopen"
	EditionAbandon lifecycle.Event = "abandon"
	EditionBegin   lifecycle.Event = "begin"
	EditionEnd     lifecycle.Event = "end"
)

// The names that rows of Editions use.
const (
	actEdit, actReview, actNone = "catalogue.edit", "catalogue.review", ""
	guardRows, guardNames       = "has_rows", "names_known"
	needWhy, needDay            = "why", "effective_on"
)

var editionStates = []lifecycle.StateInfo{
	{State: EditionEditing, Label: "编制中", About: "可以改事项、导入表格，还没有送审。"},
	{State: EditionInReview, Label: "待把关", About: "由市级业务主管部门按本领域的标准把关，内容不能再改。"},
	{State: EditionApproved, Label: "待生效", About: "已通过把关，到生效日自动施行。"},
	{State: EditionInForce, Label: "施行中", About: "各单位的公开义务按它产生。"},
	{State: EditionReplaced, Label: "已被新版代替", About: "留作历史版本，可以查看和比较。", Final: true},
	{State: EditionAbandoned, Label: "已作废", About: "没有施行过，留作记录。", Final: true},
}

// Editions is the life of an edition of a catalogue: it is made by the unit
// whose catalogue it is, looked at by the city's department for its field
// (把关), and takes effect on a day.
var Editions = lifecycle.Must(lifecycle.Life{
	Name:   "目录版本",
	Start:  EditionEditing,
	States: editionStates,
	Events: []lifecycle.EventInfo{
		{Event: EditionSubmit, Label: "送把关", Done: "送业务主管部门把关"},
		{Event: EditionReturn, Label: "退回", Done: "退回修改"},
		{Event: EditionApprove, Label: "通过", Done: "通过把关"},
		{Event: EditionReopen, Label: "重新修改", Done: "在生效前收回修改"},
		{Event: EditionAbandon, Label: "作废", Done: "作废"},
		{Event: EditionBegin, Label: "施行", Done: "开始施行"},
		{Event: EditionEnd, Label: "被代替", Done: "被新版代替"},
	},
	Guards: []lifecycle.Condition{
		{Name: guardRows, Says: "目录里至少有一条事项"},
		{Name: guardNames, Says: "每条事项的公开主体都能在机构名录里找到"},
	},
	Needs: []lifecycle.Condition{
		{Name: needWhy, Says: "写明理由"},
		{Name: needDay, Says: "定生效日期，不早于今天"},
	},
	Rows: []lifecycle.Row{
		{From: EditionEditing, Event: EditionSubmit, To: EditionInReview, Act: actEdit, Guards: []string{guardRows}},
		{From: EditionEditing, Event: EditionAbandon, To: EditionAbandoned, Act: actEdit, Needs: []string{needWhy}},
		{From: EditionInReview, Event: EditionReturn, To: EditionEditing, Act: actReview, Needs: []string{needWhy}},
		{From: EditionInReview, Event: EditionApprove, To: EditionApproved, Act: actReview, Guards: []string{guardNames}, Needs: []string{needDay}},
		{From: EditionApproved, Event: EditionReopen, To: EditionEditing, Act: actReview, Needs: []string{needWhy}},
		{From: EditionApproved, Event: EditionBegin, To: EditionInForce, Act: actNone, Guards: []string{guardNames}},
		{From: EditionInForce, Event: EditionEnd, To: EditionReplaced, Act: actNone},
	},
})

// Edition is one edition of a catalogue, from its first draft on.
type Edition struct {
	ID          int64           `json:"id"`
	PlanID      int64           `json:"plan_id,omitempty"`  // the catalogue; 0 before the first edition is in force
	AboveID     int64           `json:"above_id,omitempty"` // the catalogue of the level above, to compare with
	Title       string          `json:"title"`
	Issuer      string          `json:"issuer"`
	UnitID      int64           `json:"unit_id"`     // whose catalogue it is
	ReviewerID  int64           `json:"reviewer_id"` // the city's department for its field
	State       lifecycle.State `json:"state"`
	Rev         int             `json:"rev"` // counts up with every change: edits name the one they began from
	EffectiveOn civil.Date      `json:"effective_on,omitzero"`
	Rows        int             `json:"rows"`
	CreatedBy   string          `json:"created_by"`
	CreatedAt   time.Time       `json:"created_at"`
	ChangedAt   time.Time       `json:"changed_at"`
}

// EditionRow is a row with its number, which it keeps as long as the edition
// is edited. Rows stand in the order of their numbers.
type EditionRow struct {
	No  int          `json:"no"`
	Row workplan.Row `json:"row"`
}

// EditionStep is something that happened to an edition.
type EditionStep struct {
	Event lifecycle.Event `json:"event"`
	By    string          `json:"by"`
	At    time.Time       `json:"at"`
	Note  string          `json:"note,omitempty"`
}

// EditionView is an edition with all that belongs to it.
type EditionView struct {
	Edition
	List  []EditionRow  `json:"list"`
	Steps []EditionStep `json:"steps"` // oldest first
}

// rows are the rows without their numbers.
func (v *EditionView) rows() []workplan.Row {
	list := make([]workplan.Row, len(v.List))
	for i, r := range v.List {
		list[i] = r.Row
	}
	return list
}
