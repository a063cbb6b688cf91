package mail

import (
	"context"
	"log/slog"
	"time"

	"gongkai/internal/fault"
)

// Attempt is one try to send a letter.
type Attempt struct {
	ID      string
	To      string
	Subject string
	At      time.Time
	Err     error // nil: the server has it
	Final   bool  // trying again will not help
}

// Log remembers attempts. Implementations are safe for concurrent use.
type Log interface {
	// Sent tells whether the letter has gone out.
	Sent(ctx context.Context, id string) (bool, error)
	// Record keeps an attempt.
	Record(ctx context.Context, a Attempt) error
}

// Outbox sends letters that jobs bring. It is safe for concurrent use.
type Outbox struct {
	Sender Sender
	Log    Log              // nil remembers nothing
	Now    func() time.Time // nil is the machine's clock
}

// Deliver sends a letter once: where the log knows it as sent it does nothing.
// Its error is for the queue, which tries again what may help.
func (o *Outbox) Deliver(ctx context.Context, l Letter) (err error) {
	defer fault.Wrap(&err, "mail.Deliver(%s)", l.ID)
	if o.Log != nil {
		if sent, err := o.Log.Sent(ctx, l.ID); err != nil || sent {
			return err
		}
	}
	failed := o.Sender.Send(ctx, Message(l))
	if o.Log == nil {
		return failed
	}
	now := time.Now
	if o.Now != nil {
		now = o.Now
	}
	a := Attempt{ID: l.ID, To: l.To, Subject: l.Subject, At: now(), Err: failed, Final: failed == nil || fault.KindOf(failed) == fault.Invalid || fault.KindOf(failed) == fault.TooLarge}
	if err := o.Log.Record(context.WithoutCancel(ctx), a); err != nil {
		// The letter is out: another attempt would only send it twice.
		slog.Error("an attempt to send a letter was not recorded", "letter", l.ID, "err", err)
	}
	return failed
}
