package app

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/drafting"
	"gongkai/internal/jobs"
	"gongkai/internal/mail"
	"gongkai/internal/remind"
)

// openMail opens the way of letters and what reminds people of what they owe.
func (a *App) openMail() (err error) {
	if a.mail, err = mail.Open(a.cfg.Mail, mail.Options{}); err != nil {
		return err
	}
	a.Letters = remind.Letters{DB: a.DB}
	outbox := &mail.Outbox{Sender: a.mail, Log: a.Letters}
	deps := remind.Deps{
		DB: a.DB, Units: a.Units, People: people{a}, Calendar: a.Calendar, Address: strings.TrimSuffix(a.cfg.PublicURL, "/"),
		Sources: []remind.Source{remind.Duties{Obligations: a.Obligations}, remind.Requests{Obligations: a.Obligations}, pendings{a}},
	}
	if mail.Enabled(a.mail) {
		deps.Post, deps.Mail = remind.Queue, outbox
	}
	a.outbox = outbox
	a.Reminder, err = remind.New(deps)
	return err
}

// registerMail lets jobs send letters and make the rounds of reminders.
func (a *App) registerMail(r *jobs.Registry) {
	jobs.Handle(r, func(ctx context.Context, l mail.Letter) error { return a.outbox.Deliver(ctx, l) })
	a.Reminder.Register(r, time.Now)
}

// post sends the letters of package access through the queue.
type post struct{ app *App }

// Send enqueues a letter in the transaction that gives rise to it.
func (p post) Send(ctx context.Context, tx *db.Tx, l access.Letter) error {
	return jobs.Enqueue(ctx, tx, mail.Letter{ID: "access-" + strings.ToLower(rand.Text()), To: l.To, Subject: l.Subject, Text: l.Text})
}

// people are the accounts that can be reminded.
type people struct{ app *App }

// People lists them with what their roles of today reach.
func (p people) People(ctx context.Context, tx *db.Tx) ([]remind.Person, error) {
	all, err := p.app.Access.Everybody(ctx, tx)
	if err != nil {
		return nil, err
	}
	list := make([]remind.Person, 0, len(all))
	for _, who := range all {
		one := remind.Person{ID: who.ID, Name: who.Name, Email: who.Email}
		one.Edits, _ = who.Reach(access.RecordWrite)
		one.Heads, _ = who.Reach(access.DutyNil)
		one.Oversees, one.OverseesAll = who.Reach(access.DutyDecide)
		list = append(list, one)
	}
	return list, nil
}

// pendings is the source of drafts that wait for somebody.
type pendings struct{ app *App }

var pendingKinds = map[drafting.PendingKind]remind.Kind{
	drafting.PendingStep: remind.Step, drafting.PendingCountersign: remind.Countersign, drafting.PendingReexamine: remind.Reexamine,
}

// Tasks lists them with who can take them on.
func (s pendings) Tasks(ctx context.Context, tx *db.Tx, through civil.Date) (list []remind.Task, err error) {
	waiting, err := s.app.Drafts.Pendings(ctx, tx)
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	all, err := s.app.Access.Everybody(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, p := range waiting {
		if !p.Due.IsZero() && p.Due.After(through) {
			continue
		}
		t := remind.Task{Key: p.Key(), Kind: pendingKinds[p.Kind], UnitID: p.UnitID, Title: p.Title, Path: drafting.Path(p.DraftID), Due: p.Due, Since: p.Since, People: []int64{}}
		for _, who := range all {
			if who.Can(p.Act, p.UnitID) && !slices.Contains(p.But, who.Actor()) {
				t.People = append(t.People, who.ID)
			}
		}
		list = append(list, t)
	}
	return list, nil
}

// Open tells which still wait.
func (s pendings) Open(ctx context.Context, tx *db.Tx, keys []string) (map[string]bool, error) {
	open := map[string]bool{}
	waiting, err := s.app.Drafts.Pendings(ctx, tx)
	for _, p := range waiting {
		if key := p.Key(); slices.Contains(keys, key) {
			open[key] = true
		}
	}
	return open, err
}
