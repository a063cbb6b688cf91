package obligation

import "gongkai/internal/civil"

// Duty is an obligation for one unit and one period.
type Duty struct {
	ID           int64      `json:"id"`
	ObligationID int64      `json:"obligation_id"`
	PlanID       int64      `json:"plan_id"`
	UnitID       int64      `json:"unit_id"`
	Period       string     `json:"period"` // 2021, 2021Q3 or 2021-06, see civil.Period
	Role         Role       `json:"role"`
	OpensOn      civil.Date `json:"opens_on"`           // the first day on which a record counts
	ClosesOn     civil.Date `json:"closes_on,omitzero"` // the last day on which a record counts by itself; zero: none
	DueOn        civil.Date `json:"due_on"`
	Met
	Exempt Exemption `json:"exempt,omitempty"`
	Asked  ClaimKind `json:"asked,omitempty"` // a claim waits for the office; the state stays as it is
}

// Met says when and how a duty was first fulfilled. The zero value is not yet.
type Met struct {
	On  civil.Date `json:"met_on,omitzero"`
	How How        `json:"met_how,omitempty"`
}

// How is the way in which a duty is fulfilled.
type How string

// The ways.
const (
	ByRecord    How = "record"     // a publication
	ByNilReport How = "nil_report" // 零报告: signed, nothing to report in this period
)

// Evidence is what fulfils a duty.
type Evidence struct {
	ID       int64      `json:"id"`
	DutyID   int64      `json:"duty_id"`
	RecordID int64      `json:"record_id,omitempty"` // 0 for nil reports
	How      How        `json:"how"`
	Title    string     `json:"title"`
	URL      string     `json:"url,omitempty"`
	On       civil.Date `json:"on"`                // day of publication, or of the signature
	LimitOn  civil.Date `json:"limit_on,omitzero"` // last day for this very record by the obligation's time limit
	Signer   string     `json:"signer,omitempty"`  // office that signed, for nil reports
	SignerID int64      `json:"signer_id,omitempty"`
	Note     string     `json:"note,omitempty"`
	KnownOn  civil.Date `json:"known_on"`            // history counts it from this day
	LinkedBy string     `json:"linked_by,omitempty"` // of links made by hand, else ""
	Why      string     `json:"why,omitempty"`       // it was linked by hand
	Removal
}

// Removal says when, by whom and why something was taken back. The zero value
// is not at all.
type Removal struct {
	RemovedOn  civil.Date `json:"removed_on,omitzero"`
	RemovedBy  string     `json:"removed_by,omitempty"`
	RemovedWhy string     `json:"removed_why,omitempty"`
}

// ByHand tells whether a person linked the record.
func (e Evidence) ByHand() bool { return e.LinkedBy != "" }

// Late tells whether the record itself came after its time limit
// (条例第二十六条: 20 working days, unless the row says otherwise).
func (e Evidence) Late() bool { return !e.LimitOn.IsZero() && e.On.After(e.LimitOn) }

// Exemption is why a duty is not counted as owed.
type Exemption string

// The exemptions. The zero value is none.
const (
	NotApplicable Exemption = "not_applicable" // 不适用
	Disputed      Exemption = "disputed"       // 有异议: the unit says it is not its duty; open
	Retired       Exemption = "retired"        // a later edition of the plan dropped it
	Moved         Exemption = "moved"          // another unit took it over
)

// Exception is one decision about a duty; a lifted one is kept.
type Exception struct {
	ID       int64      `json:"id"`
	DutyID   int64      `json:"duty_id"`
	Kind     Exemption  `json:"kind"`
	Reason   string     `json:"reason"`
	By       string     `json:"by"`
	On       civil.Date `json:"on"`
	LiftedOn civil.Date `json:"lifted_on,omitzero"`
}

// RecordFacts is what publication tells of a record when it is published or
// changed.
type RecordFacts struct {
	ID          int64
	Title       string
	URL         string
	Kind        string
	UnitID      int64
	Category    string
	Statutory   string     // 20-1 … 20-15; "" for none
	IssuedOn    civil.Date // 成文日期: the day the information was formed; may be zero
	PublishedOn civil.Date
	Explicit    []string // codes of obligations, or CODE@PERIOD, that the record says it fulfils
}
