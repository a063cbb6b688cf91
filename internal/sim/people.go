package sim

import (
	"context"
	"crypto/rand"
	_ "embed"
	"strings"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/unit"
)

//go:embed city/people.tsv
var peopleTable string

// Guest is somebody whom visitors of the demonstration can be: a post, not a
// person.
type Guest struct {
	Login, Name string
	About       string // what there is to do as this one
	unit        string
	grants      []string // role@unit, with + for all below
}

// Guests are the people of the demonstration, in the order in which a document
// passes through their hands.
func Guests() []Guest {
	var list []Guest
	for line := range strings.Lines(peopleTable) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) == 5 && !strings.HasPrefix(line, "#") {
			list = append(list, Guest{Login: f[0], Name: f[1], unit: f[2], grants: strings.Fields(f[3]), About: f[4]})
		}
	}
	return list
}

// People gives the guests their accounts, those that have none yet. Their
// passwords are known to nobody.
func People(ctx context.Context, store *db.DB, units *unit.Store, accounts *access.Store) (err error) {
	defer fault.Wrap(&err, "sim.People")
	var links []access.Link
	err = store.Update(ctx, func(tx *db.Tx) error {
		tree, err := units.Tree(ctx, tx)
		if err != nil {
			return err
		}
		for _, g := range Guests() {
			if _, err := accounts.ByLogin(ctx, tx, g.Login); err == nil {
				continue
			} else if fault.KindOf(err) != fault.NotFound {
				return err
			}
			n, err := g.account(tree, tx.Today())
			if err != nil {
				return err
			}
			_, link, err := accounts.Invite(ctx, tx, nil, n)
			if err != nil {
				return err
			}
			links = append(links, link)
		}
		return nil
	})
	for _, link := range links {
		if err != nil {
			break
		}
		_, err = accounts.Accept(ctx, access.Acceptance{Token: link.Token, Password: rand.Text()})
	}
	return err
}

func (g Guest) account(tree *unit.Tree, today civil.Date) (n access.NewAccount, err error) {
	home, err := tree.Resolve(g.unit, today)
	if err != nil {
		return n, err
	}
	n = access.NewAccount{Login: g.Login, Name: g.Name, UnitID: home.ID}
	for _, text := range g.grants {
		role, where, _ := strings.Cut(text, "@")
		seat, below := strings.CutSuffix(where, "+")
		o, err := tree.Resolve(seat, today)
		if err != nil {
			return n, err
		}
		n.Grants = append(n.Grants, access.Grant{Role: access.Role(role), UnitID: o.ID, Below: below})
	}
	return n, nil
}
