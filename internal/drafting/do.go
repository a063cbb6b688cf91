package drafting

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/law"
	"gongkai/internal/ledger"
	"gongkai/internal/lifecycle"
	"gongkai/internal/publication"
)

// Input is what a person gives with an act. Which parts an event needs, the
// table says (Choice.Needs).
type Input struct {
	Reason      string
	Confirmed   bool       // the person has shown again who they are, just now
	Outcome     Outcome    // of clearing: Open or Partly
	Ground      law.Ground // of withholding, and of disclosing partly
	ReexamineOn civil.Date // of what is withheld
	Listed      bool       // the public inventory may show title and ground
	PublishAt   time.Time  // with signing, clearing or scheduling; by the city's clock
	Publish     bool       // go on to publish where the act makes the draft ready for it
}

// Choice is an event as a button.
type Choice struct {
	Event   Event
	Label   string
	Allowed bool
	Why     string                // where it is not allowed: the reason and the way on
	Needs   []lifecycle.Condition // what has to be given with it
	To      State
}

// Item names a draft of a batch.
type Item struct {
	ID       int64
	Revision int
}

// Done is what became of one item of a batch.
type Done struct {
	Item
	Draft Draft
	Err   error // nil where it was done
}

// situation is a draft with what guards, needs and effects look at.
type situation struct {
	s     *Store
	tx    *db.Tx
	who   Who
	d     *Draft
	line  *publication.Line // with the draft's files as attachments
	files []File
	in    *Input // nil while only buttons are asked for

	checks  []Check
	checked bool
}

func (s *Store) situation(ctx context.Context, tx *db.Tx, who Who, d *Draft) (*situation, error) {
	line, err := revisionLine(ctx, tx, d.ID, d.Revision)
	if err != nil {
		return nil, err
	}
	files, err := filesOf(ctx, tx, d.ID)
	if err != nil {
		return nil, err
	}
	compose(line, files)
	return &situation{s: s, tx: tx, who: who, d: d, line: line, files: files}, nil
}

// Do lets who do something with a draft, in the caller's transaction. revision
// is the text that the person has seen. A person without the right, a state
// that does not know the event, a guard that does not hold and something
// missing are faults that say why and how to go on; nothing is written then.
func (s *Store) Do(ctx context.Context, tx *db.Tx, who Who, id int64, revision int, event Event, in Input) (d Draft, err error) {
	defer fault.Wrap(&err, "drafting.Do(%d, %s)", id, event)
	d, err = s.claim(ctx, tx, id)
	if err != nil {
		return Draft{}, err
	}
	if d.Revision != revision {
		return Draft{}, conflicted(&d)
	}
	sit, err := s.situation(ctx, tx, who, &d)
	if err != nil {
		return Draft{}, err
	}
	sit.in = &in
	if err := sit.do(ctx, event); err != nil {
		return Draft{}, err
	}
	if in.Publish && event != Publish && d.State == Scheduled && d.PublishAt.IsZero() {
		return s.Do(ctx, tx, who, id, revision, Publish, Input{})
	}
	return s.load(ctx, tx, id)
}

func (sit *situation) do(ctx context.Context, event Event) error {
	d := sit.d
	row, ok := life.Find(d.State, event, d.Flow.holds)
	if !ok {
		return wrongState(d, event)
	}
	if err := allowed(sit.who, access.Act(row.Act), d.UnitID); err != nil {
		return err
	}
	if slices.Contains(row.Guards, guardFindings) {
		if err := sit.rescan(ctx); err != nil {
			return err
		}
	}
	for _, name := range row.Guards {
		why, err := guards[name](sit, ctx)
		if err != nil {
			return err
		}
		if why != "" {
			return fault.New(fault.Forbidden, "draft_"+name, "%s", why)
		}
	}
	for _, name := range row.Needs {
		if why := needs[name](sit); why != "" {
			return fault.New(fault.Invalid, "draft_needs_"+name, "%s", why)
		}
	}
	if slices.Contains(row.Guards, guardChecks) && row.To != Published {
		if err := sit.rehearse(ctx); err != nil {
			return err
		}
	}
	from := d.State
	d.State = row.To
	if effect, ok := effects[event]; ok {
		if err := effect(sit, ctx); err != nil {
			return err
		}
	}
	return sit.write(ctx, event, from)
}

// write stores what a step has made of the draft, and tells of it.
func (sit *situation) write(ctx context.Context, event Event, from State) error {
	d, e := sit.d, sit.d.Emergency
	if e == nil {
		e = new(Emergency)
	}
	entered := d.Since
	if from != d.State {
		entered = sit.tx.Now
	}
	_, err := sit.tx.Exec(ctx, `update drafting_drafts set state = ?, entered_at = ?, record_id = ?, reviewer = ?, secrecy_by = ?, signer = ?, publish_at = ?, trouble = ?,
		emergency_reason = ?, emergency_by = ?, emergency_at = ?, countersign_due = ?, countersigned_by = ?, countersigned_at = ?, updated_at = ? where id = ?`,
		string(d.State), db.At(entered), nullID(d.RecordID), d.Reviewer, d.Secrecy, d.Signer, db.At(d.PublishAt), d.Trouble,
		e.Reason, e.By, db.At(e.At), e.Due, e.CountersignedBy, db.At(e.CountersignedAt), db.At(sit.tx.Now), d.ID)
	if db.IsUnique(err) {
		return otherDraft()
	}
	if err != nil {
		return err
	}
	if err := record(ctx, sit.tx, d, sit.who.Actor(), event, from, sit.in.Reason); err != nil {
		return err
	}
	_, err = ledger.Append(ctx, sit.tx, ledger.Act{Kind: "draft." + string(event), Subject: Subject(d.ID), Actor: sit.who.Actor(),
		Data: map[string]any{"from": from, "to": d.State, "revision": d.Revision}})
	return err
}

func nullID(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

func wrongState(d *Draft, event Event) error {
	state, _ := life.State(d.State)
	info, ok := life.Event(event)
	if !ok {
		return fault.New(fault.Invalid, "event_unknown", "没有“%s”这个动作，请刷新页面后用页面上的按钮。", fault.Clip(string(event), 40))
	}
	var words []string
	for _, r := range life.From(d.State, d.Flow.holds) {
		e, _ := life.Event(r.Event)
		words = append(words, e.Label)
	}
	next := "现在没有可以做的事"
	if len(words) > 0 {
		next = "现在可以做的有：" + strings.Join(words, "、")
	}
	return fault.New(fault.Conflict, "draft_state", "稿件现在是“%s”，不能“%s”；它可能刚被别人办过。%s。", state.Label, info.Label, next)
}

// May lists what can be done with a draft now, and for what who may not do why
// not.
func (s *Store) May(ctx context.Context, who Who, id int64) (list []Choice, err error) {
	defer fault.Wrap(&err, "drafting.May(%d)", id)
	err = s.view(ctx, who, id, func(tx *db.Tx, d *Draft) error {
		sit, err := s.situation(ctx, tx, who, d)
		if err != nil {
			return err
		}
		for _, row := range life.From(d.State, d.Flow.holds) {
			c, err := sit.choice(ctx, row)
			if err != nil {
				return err
			}
			list = append(list, c)
		}
		return nil
	})
	return list, err
}

func (sit *situation) choice(ctx context.Context, row lifecycle.Row) (Choice, error) {
	info, _ := life.Event(row.Event)
	c := Choice{Event: row.Event, Label: info.Label, To: row.To}
	for _, name := range row.Needs {
		need, _ := life.Need(name)
		c.Needs = append(c.Needs, need)
	}
	if err := allowed(sit.who, access.Act(row.Act), sit.d.UnitID); err != nil {
		c.Why = fault.Public(err)
		return c, nil
	}
	for _, name := range row.Guards {
		why, err := guards[name](sit, ctx)
		if err != nil || why != "" {
			c.Why = why
			return c, err
		}
	}
	c.Allowed = true
	return c, nil
}

// DoMany does the same with several drafts, each in a transaction of its own:
// what one is refused does not stop the others.
func (s *Store) DoMany(ctx context.Context, who Who, items []Item, event Event, in Input) []Done {
	list := make([]Done, len(items))
	for i, item := range items {
		list[i] = Done{Item: item}
		list[i].Err = s.DB.Update(ctx, func(tx *db.Tx) (err error) {
			list[i].Draft, err = s.Do(ctx, tx, who, item.ID, item.Revision, event, in)
			return err
		})
		if ctx.Err() != nil {
			for j := i + 1; j < len(items); j++ {
				list[j] = Done{Item: items[j], Err: fmt.Errorf("drafting.DoMany: %w", ctx.Err())}
			}
			break
		}
	}
	return list
}
