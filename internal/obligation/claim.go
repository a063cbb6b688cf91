package obligation

import (
	"cmp"
	"context"
	"database/sql"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// ClaimKind says what a unit asks the office for.
type ClaimKind string

// The kinds. A dispute shows as the duty's state while it is open; a request
// for exemption leaves the state as it is.
const (
	ForExemption ClaimKind = "exemption" // 申请核定不适用
	ForDispute   ClaimKind = "dispute"   // 提出异议
)

// Label is the kind in Chinese.
func (k ClaimKind) Label() string {
	return map[ClaimKind]string{ForExemption: "申请核定不适用", ForDispute: "提出异议"}[k]
}

// Ground is why a unit disputes a duty.
type Ground string

// The grounds of disputes.
const (
	WrongUnit        Ground = "wrong_unit"
	WrongPeriod      Ground = "wrong_period"
	AlreadyPublished Ground = "already_published"
	OtherGround      Ground = "other"
)

var grounds = []struct {
	ground Ground
	label  string
}{
	{WrongUnit, "不属于本单位职责"}, {WrongPeriod, "时段或期限不对"}, {AlreadyPublished, "已在别处公开"}, {OtherGround, "其他"},
}

// Grounds lists the grounds in the order in which forms show them.
func Grounds() []Ground {
	list := make([]Ground, len(grounds))
	for i, g := range grounds {
		list[i] = g.ground
	}
	return list
}

// Label is the ground in Chinese, "" where there is none.
func (g Ground) Label() string {
	for _, e := range grounds {
		if e.ground == g {
			return e.label
		}
	}
	return ""
}

// ClaimState says where a claim stands.
type ClaimState string

// The states.
const (
	Asked     ClaimState = "asked"     // 待主管部门答复
	Granted   ClaimState = "granted"   // 同意
	Refused   ClaimState = "refused"   // 不同意
	Withdrawn ClaimState = "withdrawn" // the unit took it back
	Overtaken ClaimState = "overtaken" // the duty went to another unit meanwhile
)

// Label is the state in Chinese.
func (s ClaimState) Label() string {
	return map[ClaimState]string{Asked: "待答复", Granted: "已同意", Refused: "未同意", Withdrawn: "已撤回", Overtaken: "已随机构调整终止"}[s]
}

// Claim is what a unit asks the office to decide about a duty. A duty has at
// most one that is open.
type Claim struct {
	ID        int64      `json:"id"`
	DutyID    int64      `json:"duty_id"`
	Kind      ClaimKind  `json:"kind"`
	Ground    Ground     `json:"ground,omitempty"`
	Reason    string     `json:"reason"`
	By        string     `json:"by"`
	On        civil.Date `json:"on"`
	State     ClaimState `json:"state"`
	Remedy    Remedy     `json:"remedy,omitempty"`
	Answer    string     `json:"answer,omitempty"`
	DecidedBy string     `json:"decided_by,omitempty"`
	DecidedOn civil.Date `json:"decided_on,omitzero"`
	ToUnit    int64      `json:"to_unit,omitempty"`
	ToDue     civil.Date `json:"to_due,omitzero"`
}

// ClaimRequest is a claim to be made.
type ClaimRequest struct {
	DutyID int64
	Kind   ClaimKind
	Ground Ground // of disputes
	Reason string
	Actor  string
}

// Ask opens a claim. The duty must be the unit's and unmet; a second open claim
// is a Conflict.
func (s *Store) Ask(ctx context.Context, tx *db.Tx, r ClaimRequest) (c Claim, err error) {
	defer fault.Wrap(&err, "obligation.Ask(%d)", r.DutyID)
	if err := r.check(); err != nil {
		return Claim{}, err
	}
	d, err := readDuty(ctx, tx, r.DutyID)
	if err != nil {
		return Claim{}, err
	}
	if err := d.claimable(); err != nil {
		return Claim{}, err
	}
	c = Claim{DutyID: r.DutyID, Kind: r.Kind, Ground: r.Ground, Reason: r.Reason, By: r.Actor, On: tx.Today(), State: Asked}
	err = tx.Row(ctx, `insert into obligation_claims (duty_id, kind, ground, reason, asked_by, asked_on, state, remedy, answer, decided_by)
		values (?, ?, ?, ?, ?, ?, ?, '', '', '') returning id`,
		[]any{c.DutyID, string(c.Kind), string(c.Ground), c.Reason, c.By, c.On, string(c.State)}, &c.ID)
	if err != nil {
		return Claim{}, err
	}
	if r.Kind == ForDispute {
		if err := except(ctx, tx, d, Disputed, r.Reason, r.Actor); err != nil {
			return Claim{}, err
		}
	}
	if err := setAsked(ctx, tx, r.DutyID, r.Kind); err != nil {
		return Claim{}, err
	}
	return c, appendDuty(ctx, tx, "obligation.claim_asked", d, r.Actor, map[string]any{"claim": c.ID, "kind": string(r.Kind), "ground": string(r.Ground), "reason": r.Reason})
}

func (r ClaimRequest) check() error {
	switch {
	case r.Kind != ForExemption && r.Kind != ForDispute:
		return fault.New(fault.Invalid, "claim_kind", "只能申请核定不适用（exemption）或提出异议（dispute），不能是“%s”。", fault.Clip(string(r.Kind), 40))
	case r.Kind == ForDispute && r.Ground.Label() == "":
		return fault.New(fault.Invalid, "claim_ground", "请选异议的类型：不属于本单位职责、时段或期限不对、已在别处公开或其他。").At("ground")
	case r.Kind == ForExemption && r.Ground != "":
		return fault.New(fault.Invalid, "claim_ground", "申请核定不适用只写理由，不选异议类型。").At("ground")
	case strings.TrimSpace(r.Reason) == "":
		return fault.New(fault.Invalid, "claim_reason", "请写明理由，主管部门按它来决定。").At("reason")
	}
	return nil
}

// claimable refuses claims about duties that need none.
func (d Duty) claimable() error {
	if err := d.open(); err != nil {
		return err
	}
	switch {
	case d.Asked != "":
		return fault.New(fault.Conflict, "claim_open", "这项义务已有一件待主管部门答复的请求，请等答复，或先撤回它。")
	case d.Exempt == NotApplicable:
		return fault.New(fault.Conflict, "claim_needless", "这项义务已核定为不适用，不用再提。")
	case !d.Met.On.IsZero():
		return fault.New(fault.Conflict, "duty_met", "这项义务已于%s完成，不用再提。", d.Met.On.Chinese())
	}
	return nil
}

func setAsked(ctx context.Context, tx *db.Tx, dutyID int64, kind ClaimKind) error {
	_, err := tx.Exec(ctx, "update obligation_duties set asked = ?, changed_on = ? where id = ?", nullable(string(kind)), tx.Today(), dutyID)
	return err
}

// WithdrawClaim takes back an open claim; the duty is as it was before.
func (s *Store) WithdrawClaim(ctx context.Context, tx *db.Tx, claimID int64, actor string) (err error) {
	defer fault.Wrap(&err, "obligation.WithdrawClaim(%d)", claimID)
	c, d, err := openClaim(ctx, tx, claimID)
	if err != nil {
		return err
	}
	c.State, c.DecidedBy = Withdrawn, actor
	if err := closeClaim(ctx, tx, c, d); err != nil {
		return err
	}
	return appendDuty(ctx, tx, "obligation.claim_withdrawn", d, actor, map[string]any{"claim": c.ID})
}

// openClaim reads a claim that waits for an answer, with its duty.
func openClaim(ctx context.Context, tx *db.Tx, id int64) (Claim, Duty, error) {
	list, err := readClaims(ctx, tx, "c.id = ?", id)
	if err != nil {
		return Claim{}, Duty{}, err
	}
	if len(list) == 0 {
		return Claim{}, Duty{}, fault.New(fault.NotFound, "claim_unknown", "没有编号为%d的请求，请从列表里重新打开。", id)
	}
	if c := list[0]; c.State != Asked {
		return Claim{}, Duty{}, fault.New(fault.Conflict, "claim_closed", "这件请求已于%s办结（%s），不能再改。", c.DecidedOn.Chinese(), c.State.Label())
	}
	d, err := readDuty(ctx, tx, list[0].DutyID)
	return list[0], d, err
}

// closeClaim writes what became of a claim. A dispute that is over shows in the
// duty's state no more.
func closeClaim(ctx context.Context, tx *db.Tx, c Claim, d Duty) error {
	c.DecidedOn = tx.Today()
	var toUnit any
	if c.ToUnit != 0 {
		toUnit = c.ToUnit
	}
	_, err := tx.Exec(ctx, "update obligation_claims set state = ?, remedy = ?, answer = ?, decided_by = ?, decided_on = ?, to_unit = ?, to_due = ? where id = ?",
		string(c.State), string(c.Remedy), c.Answer, c.DecidedBy, c.DecidedOn, toUnit, c.ToDue, c.ID)
	if err != nil {
		return err
	}
	if c.Kind == ForDispute && d.Exempt == Disputed {
		if err := except(ctx, tx, d, "", "", ""); err != nil {
			return err
		}
	}
	return setAsked(ctx, tx, d.ID, "")
}

const claimColumns = `c.id, c.duty_id, c.kind, c.ground, c.reason, c.asked_by, c.asked_on, c.state, c.remedy, c.answer, c.decided_by, c.decided_on,
	coalesce(c.to_unit, 0), c.to_due`

func claimInto(c *Claim) []any {
	return []any{&c.ID, &c.DutyID, &c.Kind, &c.Ground, &c.Reason, &c.By, &c.On, &c.State, &c.Remedy, &c.Answer, &c.DecidedBy, &c.DecidedOn, &c.ToUnit, &c.ToDue}
}

func readClaims(ctx context.Context, tx *db.Tx, where string, args ...any) (list []Claim, err error) {
	err = tx.Each(ctx, "select "+claimColumns+" from obligation_claims c where "+where+" order by c.id desc", args, func(rows *sql.Rows) error {
		var c Claim
		err := rows.Scan(claimInto(&c)...)
		list = append(list, c)
		return err
	})
	return list, err
}

// claimsOf are the claims about a duty as they stood at the end of the day,
// newest first.
func claimsOf(ctx context.Context, tx *db.Tx, dutyID int64, asOf civil.Date) ([]Claim, error) {
	list, err := readClaims(ctx, tx, "c.duty_id = ? and c.asked_on <= ?", dutyID, asOf)
	for i, c := range list {
		if c.DecidedOn.After(asOf) {
			list[i] = Claim{ID: c.ID, DutyID: c.DutyID, Kind: c.Kind, Ground: c.Ground, Reason: c.Reason, By: c.By, On: c.On, State: Asked}
		}
	}
	return list, err
}

// ClaimFilter narrows a list of claims. Zero fields do not.
type ClaimFilter struct {
	Units  []int64
	Kind   ClaimKind
	States []ClaimState
	Before int64 // the id that the last page ended with
	Size   int   // up to MaxPage; 0 is 50
}

// ClaimView is a claim with the duty that it is about.
type ClaimView struct {
	Claim
	UnitID int64      `json:"unit_id"`
	Code   string     `json:"code"`
	Title  string     `json:"title"`
	Period string     `json:"period"`
	DueOn  civil.Date `json:"due_on"`
}

// Claims lists claims, the newest first.
func (s *Store) Claims(ctx context.Context, f ClaimFilter) (list []ClaimView, err error) {
	defer fault.Wrap(&err, "obligation.Claims")
	var conditions []string
	var args []any
	add := func(on bool, condition string, values ...any) {
		if on {
			conditions, args = append(conditions, condition), append(args, values...)
		}
	}
	add(len(f.Units) > 0, "d.unit_id in "+db.In(len(f.Units)), db.Args(f.Units)...)
	add(f.Kind != "", "c.kind = ?", string(f.Kind))
	states := make([]string, len(f.States))
	for i, st := range f.States {
		states[i] = string(st)
	}
	add(len(states) > 0, "c.state in "+db.In(len(states)), db.Args(states)...)
	add(f.Before != 0, "c.id < ?", f.Before)
	args = append(args, min(cmp.Or(max(f.Size, 0), 50), MaxPage))
	err = s.db.View(ctx, func(tx *db.Tx) error {
		list, err = readClaimViews(ctx, tx, clauses(conditions)+" order by c.id desc limit ?", args)
		return err
	})
	return list, err
}

// ClaimByID reads one claim with the duty that it is about.
func (s *Store) ClaimByID(ctx context.Context, id int64) (v ClaimView, err error) {
	defer fault.Wrap(&err, "obligation.ClaimByID(%d)", id)
	err = s.db.View(ctx, func(tx *db.Tx) error {
		list, err := readClaimViews(ctx, tx, " where c.id = ?", []any{id})
		if err == nil && len(list) == 0 {
			err = fault.New(fault.NotFound, "claim_unknown", "没有编号为%d的请求，请从列表里重新打开。", id)
		}
		if err == nil {
			v = list[0]
		}
		return err
	})
	return v, err
}

func readClaimViews(ctx context.Context, tx *db.Tx, rest string, args []any) (list []ClaimView, err error) {
	query := "select " + claimColumns + `, d.unit_id, i.code, i.title, d.period, d.due_on from obligation_claims c
		join obligation_duties d on d.id = c.duty_id join obligation_items i on i.id = d.obligation_id`
	err = tx.Each(ctx, query+rest, args, func(rows *sql.Rows) error {
		var v ClaimView
		err := rows.Scan(append(claimInto(&v.Claim), &v.UnitID, &v.Code, &v.Title, &v.Period, &v.DueOn)...)
		list = append(list, v)
		return err
	})
	return list, err
}
