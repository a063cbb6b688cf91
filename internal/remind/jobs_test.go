package remind

import (
	"context"
	"testing"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/jobs"
	"gongkai/internal/mail"
)

// By itself, through the program's own queue: the round, its letters, and
// nothing at night.
func TestJobsMakeTheRound(t *testing.T) {
	for name, hour := range map[string]int{"at ten": 10, "at night": 3} {
		t.Run(name, func(t *testing.T) {
			eachOffice(t, func(t *testing.T, o *office) {
				o.set(civil.MustDate("2021-09-16"))
				if err := jobs.Migrate(ctx, o.store); err != nil {
					t.Fatal(err)
				}
				arrived := make(chan string, 10)
				o.Reminder.Post = Queue
				o.Reminder.Mail = &mail.Outbox{Sender: sender(arrived), Log: Letters{o.store}}
				reg := jobs.NewRegistry()
				rounds := make(chan struct{}, 1)
				o.Register(reg, func() time.Time {
					select {
					case rounds <- struct{}{}:
					default:
					}
					return time.Date(2021, 9, 16, hour, 0, 0, 0, civil.China)
				})
				q, err := jobs.Open(ctx, o.store, reg, jobs.Settings{Instance: "test"})
				if err != nil {
					t.Fatal(err)
				}
				defer q.Close()
				running, stop := context.WithCancel(ctx)
				done := make(chan error, 1)
				go func() { done <- q.Run(running) }()
				<-rounds
				if hour == 10 {
					for range 3 {
						<-arrived
					}
				}
				stop()
				if err := <-done; err != nil {
					t.Error(err)
				}
				if n, err := o.Unread(ctx, 1); err != nil || n != map[int]int{10: 1, 3: 0}[hour] {
					t.Errorf("%d notices, %v", n, err)
				}
			})
		})
	}
}

// sender tells of letters as they come.
type sender chan string

func (s sender) Send(_ context.Context, m mail.Message) error { s <- m.To; return nil }
func (s sender) Check(context.Context) error                  { return nil }
func (s sender) String() string                               { return "test" }
