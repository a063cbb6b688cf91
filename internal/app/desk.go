package app

import (
	"context"
	"crypto/rand"
	"strings"
	"sync"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/sim"
	"gongkai/internal/web/desk"
	"gongkai/internal/web/ui"
)

// signInsPerMinute bounds attempts from one address beside the delays that
// package access keeps by account: a whole unit may sit behind one address.
const signInsPerMinute = 120

// desk is the handler of the officials' side.
func (a *App) desk(ctx context.Context) (*desk.Desk, error) {
	d := desk.Deps{
		DB: a.DB, Access: a.Access, Drafts: a.Drafts, Publications: a.Publications, Obligations: a.Obligations,
		Units: a.Units, Channels: a.Channels, Wording: a.Wording, Reminder: a.Reminder, Calendar: a.Calendar, Blobs: a.Blobs, Clock: a.Clock, Search: a.engine,
		Words:  a.words.get,
		System: a.system,
		Origin: a.cfg.PublicURL, Secure: strings.HasPrefix(a.cfg.PublicURL, "https://"),
		Signing: ui.Limit{Name: "signin", Label: "登录", PerMin: signInsPerMinute},
		Hooks:   []func(ui.Record){a.metrics.observe("desk")},
	}
	tree, err := a.Units.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	if root, ok := tree.Root(a.Clock.Today()); ok {
		d.City = strings.TrimSuffix(root.NameOn(a.Clock.Today()), "人民政府")
	}
	if a.demo {
		guests := &guests{app: a, passwords: map[string]string{}}
		d.Password = guests.password
		for _, g := range sim.Guests() {
			d.Demo = append(d.Demo, desk.Guest{Login: g.Login, Label: g.Name, About: g.About})
		}
	}
	return desk.New(d)
}

// FirstLink is the address of the page on which the first account is made;
// "" where there are accounts. origin is where the program can be reached.
func (a *App) FirstLink(ctx context.Context, origin string) (string, error) {
	link, ok, err := a.Access.FirstLink(ctx)
	if err != nil || !ok {
		return "", err
	}
	return strings.TrimSuffix(or(a.cfg.PublicURL, origin), "/") + link.Path(), nil
}

// guests gives the people of the demonstration passwords that last as long as
// this process and that nobody is told.
type guests struct {
	app *App

	mu        sync.Mutex
	passwords map[string]string
}

func (g *guests) password(ctx context.Context, login string) (_ string, err error) {
	defer fault.Wrap(&err, "app.guests.password(%q)", login)
	g.mu.Lock()
	defer g.mu.Unlock()
	if p, ok := g.passwords[login]; ok {
		return p, nil
	}
	var link access.Link
	err = g.app.DB.Update(ctx, func(tx *db.Tx) error {
		account, err := g.app.Access.ByLogin(ctx, tx, login)
		if err != nil {
			return err
		}
		link, err = g.app.Access.ResetByLink(ctx, tx, nil, account.ID, access.Reset{})
		return err
	})
	if err != nil {
		return "", err
	}
	password := rand.Text()
	if _, err := g.app.Access.Accept(ctx, access.Acceptance{Token: link.Token, Password: password}); err != nil {
		return "", err
	}
	g.passwords[login] = password
	return password, nil
}
