package drafting

import (
	"context"
	"database/sql"
	"strconv"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// PendingKind says what is waited for.
type PendingKind string

// The kinds.
const (
	PendingStep        PendingKind = "step"        // the next step of a draft
	PendingCountersign PendingKind = "countersign" // the second sign-off of an emergency
	PendingReexamine   PendingKind = "reexamine"   // another look at what is withheld (条例第十八条)
)

// Pending is one thing that somebody has to do about a draft.
type Pending struct {
	Kind    PendingKind
	DraftID int64
	UnitID  int64
	Title   string
	Act     access.Act // who can do it: whoever has this right in the unit …
	But     []string   // … except these actors
	Since   civil.Date // it waits since this day
	Due     civil.Date // zero where there is no last day
}

// Key names the thing among all: draft:12:step:record.sign.
func (p Pending) Key() string {
	return "draft:" + strconv.FormatInt(p.DraftID, 10) + ":" + string(p.Kind) + ":" + string(p.Act)
}

// Pendings lists everything that waits, of all units, for reminders. What has a
// set time of publishing waits for nobody.
func (s *Store) Pendings(ctx context.Context, tx *db.Tx) (list []Pending, err error) {
	defer fault.Wrap(&err, "drafting.Pendings")
	hands, err := openHands(ctx, tx)
	if err != nil {
		return nil, err
	}
	err = tx.Each(ctx, `select id, unit_id, title, state, reviewer, emergency_by, entered_at, countersign_due, countersigned_by from drafting_drafts
		where state in ('in_review', 'in_secrecy', 'to_sign') or state = 'scheduled' and publish_at is null
		or countersign_due is not null and countersigned_by = '' order by id`, nil, func(rows *sql.Rows) error {
		var p Pending
		var state State
		var reviewer, urgentBy, countersigned string
		var since db.Instant
		if err := rows.Scan(&p.DraftID, &p.UnitID, &p.Title, &state, &reviewer, &urgentBy, &since, &p.Due, &countersigned); err != nil {
			return err
		}
		p.Since = civil.DateOf(since.Time)
		if state == Published {
			p.Kind, p.Act, p.But = PendingCountersign, access.RecordSign, append(hands[p.DraftID], urgentBy)
		} else {
			p.Kind, p.Act, p.Due = PendingStep, actOf(state), civil.Date{}
			if p.Act != access.RecordPublish {
				p.But = hands[p.DraftID]
			}
			if p.Act == access.RecordSecrecy && reviewer != "" {
				p.But = append(p.But, reviewer)
			}
		}
		list = append(list, p)
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = tx.Each(ctx, "select draft_id, unit_id, title, decided_on, reexamine_on from drafting_withheld where released_on is null order by id", nil, func(rows *sql.Rows) error {
		p := Pending{Kind: PendingReexamine, Act: access.RecordSecrecy}
		if err := rows.Scan(&p.DraftID, &p.UnitID, &p.Title, &p.Since, &p.Due); err != nil {
			return err
		}
		list = append(list, p)
		return nil
	})
	return list, err
}

// actOf is the right that the next step of a state asks for.
func actOf(s State) access.Act {
	for _, step := range stepOf {
		if step.state == s {
			return step.act
		}
	}
	return ""
}

// openHands are the actors who have written at drafts that wait.
func openHands(ctx context.Context, tx *db.Tx) (map[int64][]string, error) {
	hands := map[int64][]string{}
	err := tx.Each(ctx, `select h.draft_id, h.actor from drafting_hands h join drafting_drafts d on d.id = h.draft_id
		where d.state in ('in_review', 'in_secrecy', 'to_sign', 'scheduled') or d.countersign_due is not null and d.countersigned_by = '' order by h.draft_id, h.actor`,
		nil, func(rows *sql.Rows) error {
			var id int64
			var actor string
			if err := rows.Scan(&id, &actor); err != nil {
				return err
			}
			hands[id] = append(hands[id], actor)
			return nil
		})
	return hands, err
}
