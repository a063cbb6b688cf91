package drafting

import (
	"context"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
)

// effects are what events do beside leading to another state. They change the
// draft in memory, which is written afterwards, and write rows of their own.
var effects map[Event]func(sit *situation, ctx context.Context) error

func init() { // in init, because publishing leads back here
	effects = map[Event]func(sit *situation, ctx context.Context) error{
		Submit:      (*situation).newRound,
		Return:      (*situation).newRound,
		Recall:      (*situation).newRound,
		Release:     (*situation).release,
		Keep:        (*situation).keep,
		Approve:     func(sit *situation, _ context.Context) error { sit.d.Reviewer = sit.who.Actor(); return nil },
		Clear:       (*situation).clear,
		Refer:       func(sit *situation, ctx context.Context) error { return sit.decide(ctx, Referred) },
		Withhold:    (*situation).withhold,
		Sign:        (*situation).sign,
		Schedule:    func(sit *situation, _ context.Context) error { sit.setTime(); return nil },
		Unschedule:  func(sit *situation, _ context.Context) error { sit.setTime(); return nil },
		Publish:     (*situation).publish,
		InEmergency: (*situation).publishUrgent,
		Countersign: (*situation).countersign,
	}
}

// newRound forgets who has agreed: every step is taken again.
func (sit *situation) newRound(context.Context) error {
	sit.d.Reviewer, sit.d.Secrecy, sit.d.Signer = "", "", ""
	sit.setTime()
	return nil
}

func (sit *situation) setTime() {
	sit.d.PublishAt, sit.d.Trouble = sit.in.PublishAt, ""
}

func (sit *situation) clear(ctx context.Context) error {
	sit.d.Secrecy = sit.who.Actor()
	sit.setTime()
	return sit.decide(ctx, sit.in.Outcome)
}

func (sit *situation) sign(context.Context) error {
	sit.d.Signer = sit.who.Actor()
	switch at := sit.in.PublishAt; {
	case at.IsZero():
	case !at.After(sit.tx.Now):
		return fault.New(fault.Invalid, "draft_needs_time", "发布时间要在现在以后。要马上公开，请不填时间。")
	default:
		sit.setTime()
	}
	return nil
}

func (sit *situation) publishUrgent(ctx context.Context) error {
	last, err := lastDecision(ctx, sit.tx, sit.d)
	if err != nil {
		return err
	}
	if last == nil || last.Revision != sit.d.Revision || last.Outcome != sit.in.Outcome {
		if err := sit.decide(ctx, sit.in.Outcome); err != nil {
			return err
		}
	}
	sit.d.Emergency = &Emergency{
		Reason: sit.in.Reason, By: sit.who.Actor(), At: sit.tx.Now,
		Due: sit.s.countersignDue(sit.tx.Today()),
	}
	return sit.publish(ctx)
}

func (s *Store) countersignDue(from civil.Date) civil.Date {
	return s.Calendar.AddWorkdays(from, s.Options.CountersignDays)
}

func (sit *situation) countersign(context.Context) error {
	sit.d.Emergency.CountersignedBy, sit.d.Emergency.CountersignedAt = sit.who.Actor(), sit.tx.Now
	return nil
}
