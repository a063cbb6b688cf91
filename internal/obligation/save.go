package obligation

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/law"
	"gongkai/internal/ledger"
)

// Store holds obligations and duties. It is safe for concurrent use.
type Store struct {
	db           *db.DB
	calendar     *law.Calendar
	soonDays     int
	openProgress bool
}

// Options of a store; the zero value gives the standard calendar and
// DefaultSoonDays.
type Options struct {
	Calendar *law.Calendar
	SoonDays int // working days before the due day in which a duty is due soon
	// OpenProgress makes units' reports on tasks public at once; otherwise the
	// office accepts them first.
	OpenProgress bool
}

// NewStore makes the store over an open, migrated database.
func NewStore(store *db.DB, o Options) *Store {
	if o.Calendar == nil {
		o.Calendar = law.Standard()
	}
	if o.SoonDays == 0 {
		o.SoonDays = DefaultSoonDays
	}
	return &Store{store, o.Calendar, o.SoonDays, o.OpenProgress}
}

// Reckoning is the reckoning of a day by the store's calendar.
func (s *Store) Reckoning(today civil.Date) Reckoning {
	return Reckon(s.calendar, today, s.soonDays)
}

// SaveOptions say how a plan is saved.
type SaveOptions struct {
	Confirm bool   // write the differences of an edited plan
	Actor   string // for the ledger
}

// SavePlan writes a plan, its obligations and their duties up to the end of
// the plan's year. The same plan again changes nothing and leaves no trace. An
// edited plan is not written but told as a difference, unless it is confirmed.
func (s *Store) SavePlan(ctx context.Context, tx *db.Tx, d Draft, o SaveOptions) (c Change, err error) {
	defer fault.Wrap(&err, "obligation.SavePlan(%q)", d.Plan.Code)
	if err := d.check(); err != nil {
		return Change{}, err
	}
	hash := hashOf(d)
	var id int64
	var stored string
	err = tx.Row(ctx, "select id, hash from obligation_plans where code = ?", []any{d.Plan.Code}, &id, &stored)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return s.addPlan(ctx, tx, d, hash, o)
	case err != nil:
		return Change{}, err
	case stored == hash:
		return Change{PlanID: id, Outcome: Same}, nil
	}
	old, err := readDraft(ctx, tx, id)
	if err != nil {
		return Change{}, err
	}
	if d, err = d.followed(ctx, tx, id); err != nil {
		return Change{}, err
	}
	c = compare(old, d)
	c.PlanID = id
	if !o.Confirm {
		c.Outcome = Differs
		return c, nil
	}
	return c, s.changePlan(ctx, tx, old, d, c, hash, o)
}

// check refuses drafts that would break the store's own rules.
func (d Draft) check() error {
	if d.Plan.Code == "" || len(d.Obligations) == 0 {
		return fault.New(fault.Invalid, "plan_empty", "计划没有名称或没有任务，没有可保存的内容。")
	}
	seen := map[string]bool{}
	for _, o := range d.Obligations {
		if seen[o.Code] {
			return fault.New(fault.Invalid, "obligation_twice", "编码“%s”出现了两次，请给每项不同的编号。", o.Code)
		}
		seen[o.Code] = true
	}
	return nil
}

// hashOf is the digest of everything that a draft says.
func hashOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // drafts hold only strings, numbers and dates
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func (s *Store) addPlan(ctx context.Context, tx *db.Tx, d Draft, hash string, o SaveOptions) (Change, error) {
	p := d.Plan
	err := tx.Row(ctx, `insert into obligation_plans (code, kind, title, issuer, number, issued_on, year, standing, hash, saved_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id`,
		[]any{p.Code, string(p.Kind), p.Title, p.Issuer, p.Number, p.IssuedOn, p.Year, jsonText(p.Standing), hash, db.At(tx.Now)}, &p.ID)
	if err != nil {
		return Change{}, err
	}
	c := Change{PlanID: p.ID, Outcome: Added}
	for _, ob := range d.Obligations {
		if err := insertObligation(ctx, tx, p.ID, ob); err != nil {
			return Change{}, fmt.Errorf("%s: %w", ob.Code, err)
		}
		c.Added = append(c.Added, ItemChange{Code: ob.Code, Title: ob.Title})
	}
	return c, s.savedPlan(ctx, tx, p, c, o)
}

// savedPlan does what every change of a plan ends with: duties and ledger.
func (s *Store) savedPlan(ctx context.Context, tx *db.Tx, p Plan, c Change, o SaveOptions) error {
	through := civil.Year(max(p.Year, tx.Today().Year())).End()
	if err := s.expandPlan(ctx, tx, p.ID, through); err != nil {
		return err
	}
	_, err := ledger.Append(ctx, tx, ledger.Act{
		Kind: "obligation.plan_saved", Subject: fmt.Sprintf("obligation_plan:%d", p.ID), Actor: o.Actor,
		Data: map[string]any{"code": p.Code, "title": p.Title, "added": len(c.Added), "changed": len(c.Changed), "removed": len(c.Removed)},
	})
	return err
}

const obligationColumns = `code, position, section, title, content, assignment, basis, lead, responsible, due, rule, match, items, detail, starts_on, hash`

func obligationValues(o Obligation) []any {
	return []any{
		o.Code, o.Position, o.Section, o.Title, o.Text, o.Assignment, o.Basis, jsonText(o.Lead), jsonText(o.Responsible),
		o.Due, jsonText(o.Rule), jsonText(o.Match), jsonText(o.Items), jsonText(o.Row), o.StartsOn, o.digest(),
	}
}

// digest is what tells whether an obligation was edited.
func (o Obligation) digest() string {
	if o.hash != "" {
		return o.hash
	}
	return hashOf(o)
}

func insertObligation(ctx context.Context, tx *db.Tx, planID int64, o Obligation) error {
	var id int64
	err := tx.Row(ctx, "insert into obligation_items (plan_id, added_on, "+obligationColumns+") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id",
		append([]any{planID, earlier(o.StartsOn, tx.Today())}, obligationValues(o)...), &id)
	if err != nil {
		return err
	}
	return insertParts(ctx, tx, id, o)
}

// insertParts writes what belongs to an obligation in tables of its own.
func insertParts(ctx context.Context, tx *db.Tx, id int64, o Obligation) error {
	if err := insertAssignments(ctx, tx, id, o.Units); err != nil {
		return err
	}
	for i, t := range o.Targets {
		if _, err := tx.Exec(ctx, "insert into obligation_targets (obligation_id, position, item, content, quantity, measure) values (?, ?, ?, ?, ?, ?)",
			id, i+1, t.Item, t.Text, string(t.Quantity), t.Unit); err != nil {
			return err
		}
	}
	for _, key := range o.Match.keys() {
		if _, err := tx.Exec(ctx, "insert into obligation_keys (key, obligation_id) values (?, ?)", key, id); err != nil {
			return err
		}
	}
	return nil
}

func insertAssignments(ctx context.Context, tx *db.Tx, id int64, units []Assignment) error {
	for _, a := range units {
		if _, err := tx.Exec(ctx, "insert into obligation_assignments (obligation_id, unit_id, role, printed) values (?, ?, ?, ?)",
			id, a.UnitID, string(a.Role), a.Printed); err != nil {
			return err
		}
	}
	return nil
}

// changePlan writes the differences between two editions. Obligations that are
// gone are retired, and what was owed and not met for what changed is taken
// back; expanding afterwards lays it on again where it still stands.
func (s *Store) changePlan(ctx context.Context, tx *db.Tx, old, d Draft, c Change, hash string, o SaveOptions) error {
	p := d.Plan
	if _, err := tx.Exec(ctx, `update obligation_plans set kind = ?, title = ?, issuer = ?, number = ?, issued_on = ?, year = ?, standing = ?, hash = ?, saved_at = ? where id = ?`,
		string(p.Kind), p.Title, p.Issuer, p.Number, p.IssuedOn, p.Year, jsonText(p.Standing), hash, db.At(tx.Now), c.PlanID); err != nil {
		return err
	}
	before := map[string]Obligation{}
	for _, ob := range old.Obligations {
		before[ob.Code] = ob
	}
	for _, ob := range d.Obligations {
		was, known := before[ob.Code]
		delete(before, ob.Code)
		var err error
		if known {
			err = updateObligation(ctx, tx, was.ID, ob)
		} else {
			err = insertObligation(ctx, tx, c.PlanID, ob)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", ob.Code, err)
		}
	}
	for _, gone := range before {
		if err := retireObligation(ctx, tx, gone.ID); err != nil {
			return err
		}
	}
	p.ID = c.PlanID
	return s.savedPlan(ctx, tx, p, c, o)
}

func updateObligation(ctx context.Context, tx *db.Tx, id int64, o Obligation) error {
	n, err := tx.Exec(ctx, `update obligation_items set (`+obligationColumns+`) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?), retired_on = null
		where id = ? and (hash <> ? or retired_on is not null)`, append(obligationValues(o), id, o.digest())...)
	if err != nil || n == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, "update obligation_retirements set revived_on = ? where obligation_id = ? and revived_on is null", tx.Today(), id); err != nil {
		return err
	}
	for _, table := range []string{"obligation_assignments", "obligation_targets", "obligation_keys"} {
		if _, err := tx.Exec(ctx, "delete from "+table+" where obligation_id = ?", id); err != nil {
			return err
		}
	}
	if err := insertParts(ctx, tx, id, o); err != nil {
		return err
	}
	return retireDuties(ctx, tx, id)
}

// retireObligation drops an obligation from its plan, if it is not dropped yet.
func retireObligation(ctx context.Context, tx *db.Tx, id int64) error {
	n, err := tx.Exec(ctx, "update obligation_items set retired_on = ? where id = ? and retired_on is null", tx.Today(), id)
	if err != nil || n == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, "insert into obligation_retirements (obligation_id, retired_on) values (?, ?)", id, tx.Today()); err != nil {
		return err
	}
	return retireDuties(ctx, tx, id)
}

// retireDuties takes back what was owed and neither met nor excepted.
func retireDuties(ctx context.Context, tx *db.Tx, obligationID int64) error {
	_, err := tx.Exec(ctx, `insert into obligation_exceptions (duty_id, kind, reason, given_by, given_on)
		select d.id, 'retired', '', '', cast(? as text) from obligation_duties d
		where d.obligation_id = ? and d.met_on is null and d.exempt is null order by d.id`, tx.Today(), obligationID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "update obligation_duties set exempt = ?, changed_on = ? where obligation_id = ? and met_on is null and exempt is null",
		string(Retired), tx.Today(), obligationID)
	return err
}
