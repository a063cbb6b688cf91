package law

// Validity is the state of a document's force on a day. Its codes are the
// Chinese words of the interchange format.
type Validity string

// The states of force.
const (
	InForce     Validity = "有效"
	Expired     Validity = "失效"
	Repealed    Validity = "废止"
	Amended     Validity = "已修改"
	NotYetValid Validity = "尚未生效"
)

// Validities is the list of states of force. No statute fixes it: the words
// are those of document libraries in use.
func Validities() List[Validity] { return validities }

// Binding tells whether a document in this state can be relied on: it is in
// force, as first made or as amended.
func (v Validity) Binding() bool { return v == InForce || v == Amended }

var validities = List[Validity]{
	Name: "效力状态", Basis: "政策文件库通行用语", Since: since2019foi, LastChecked: checked,
	items: []Item[Validity]{
		{Code: InForce, Label: "有效", Short: "有效", Note: "已施行，未到期，未被废止或修改", Confirmed: Convention},
		{Code: Amended, Label: "已修改", Short: "已修改", Note: "仍有效，部分内容已被后来的文件修改", Confirmed: Convention},
		{Code: NotYetValid, Label: "尚未生效", Short: "未生效", Note: "已公布，施行日期未到", Confirmed: Convention},
		{Code: Expired, Label: "失效", Short: "失效", Note: "有效期届满或者调整对象已消失", Confirmed: Convention},
		{Code: Repealed, Label: "废止", Short: "废止", Note: "被后来的文件明令废止", Confirmed: Convention},
	},
}
