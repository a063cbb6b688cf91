package publication

import "strings"

// Reason is why a record was withdrawn. The codes are stable.
type Reason string

// Reasons for withdrawing.
const (
	ReasonError     Reason = "error"     // published with a mistake of substance
	ReasonSecret    Reason = "secret"    // must not be public (条例14)
	ReasonPrivacy   Reason = "privacy"   // harms a third party (条例15)
	ReasonDuplicate Reason = "duplicate" // the same thing stands elsewhere
	ReasonOutdated  Reason = "outdated"  // a notice whose display has ended
	ReasonOrder     Reason = "order"     // by decision of a court or a higher organ
)

var reasonLabels = []struct {
	reason Reason
	label  string
}{
	{ReasonError, "内容有误"},
	{ReasonSecret, "依法不予公开"},
	{ReasonPrivacy, "涉及第三方合法权益"},
	{ReasonDuplicate, "重复发布"},
	{ReasonOutdated, "公示期已满"},
	{ReasonOrder, "依裁判或上级决定撤下"},
}

// Label is the reason in words, "" for an unknown one.
func (r Reason) Label() string {
	for _, l := range reasonLabels {
		if l.reason == r {
			return l.label
		}
	}
	return ""
}

func reasonNames() string {
	names := make([]string, len(reasonLabels))
	for i, l := range reasonLabels {
		names[i] = string(l.reason) + "（" + l.label + "）"
	}
	return strings.Join(names, "、")
}

func joinLabels(labels []string) string { return strings.Join(labels, "、") }
