package app

import (
	"context"
	"slices"
	"strings"
	"sync"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/drafting"
	"gongkai/internal/privacy"
	"gongkai/internal/publication"
	"gongkai/internal/unit"
	"gongkai/internal/wording"
)

// openWorking opens what officials work with.
func (a *App) openWorking() {
	people := access.Deps{DB: a.DB, Units: a.Units, Policy: a.policy()}
	if a.cfg.Mail != "" && a.cfg.Mail != "off" {
		people.Post = post{a}
	}
	a.Access = access.NewStore(people)
	a.Wording = wording.NewStore(a.DB)
	a.words = &words{store: a.Wording, units: a.Units}
	a.contacts = &contacts{app: a}
	deps := drafting.Deps{
		DB: a.DB, Records: a.Publications, Channels: a.Channels, Calendar: a.Calendar,
		Gate: drafting.PrivacyGate{Public: a.contacts.all}, Words: a.words,
	}
	if a.cfg.Clamd != "" {
		deps.Virus = privacy.Clamd{Addr: a.cfg.Clamd}
	}
	a.Drafts = drafting.NewStore(deps)
}

// policy is how officials sign in.
func (a *App) policy() access.Policy {
	c := a.cfg.SignIn
	p := access.Policy{BaseURL: strings.TrimSuffix(a.cfg.PublicURL, "/"), SecondFactor: []access.Role{}}
	for name := range strings.SplitSeq(c.SecondFactor, ",") {
		if name != "none" {
			p.SecondFactor = append(p.SecondFactor, access.Role(strings.TrimSpace(name)))
		}
	}
	if a.demo {
		p.SecondFactor = []access.Role{} // nobody carries a telephone for a demonstration
	}
	if c.SSOIssuer != "" {
		p.SSO = access.SSO{Issuer: c.SSOIssuer, ClientID: c.SSOClient, ClientSecret: c.SSOSecret,
			RedirectURL: p.BaseURL + "/desk/sso/back", Claim: c.SSOClaim, Label: c.SSOLabel}
	}
	return p
}

// words is the check of wording as drafts use it: the list that staff maintain
// and the names that organs no longer bear. The checker is kept until the
// ledger tells of a change to either.
type words struct {
	store *wording.Store
	units *unit.Store

	mu      sync.Mutex
	checker *wording.Checker
	day     civil.Date
}

// forget makes the next check read the list again.
func (w *words) forget() {
	w.mu.Lock()
	w.checker = nil
	w.mu.Unlock()
}

// Check looks over title, fields and body of a line.
func (w *words) Check(ctx context.Context, tx *db.Tx, line *publication.Line) ([]drafting.Check, error) {
	checker, err := w.get(ctx, tx)
	if err != nil {
		return nil, err
	}
	pieces := []wording.Piece{{Place: "标题", Text: line.Title}}
	body, err := document.Parse(line.Body.Text, line.Body.Format)
	if err == nil { // what cannot be read is another check's finding
		pieces = append(pieces, wording.Piece{Place: "正文", Text: body.Plain()})
	}
	about := wording.About{Kind: line.Kind, Number: line.Number, IssuedOn: line.IssuedOn, Today: tx.Today()}
	var checks []drafting.Check
	for _, h := range checker.Check(about, pieces...) {
		c := drafting.Check{Code: "wording." + h.Rule, Level: drafting.Should, Message: "“" + h.Excerpt + "”：" + h.Why, Place: h.Place}
		if h.Level == wording.Must {
			c.Level = drafting.Must
		}
		if h.Suggestion != "" {
			c.Way = "建议写作“" + h.Suggestion + "”。"
		}
		checks = append(checks, c)
	}
	return checks, nil
}

func (w *words) get(ctx context.Context, tx *db.Tx) (*wording.Checker, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.checker != nil && w.day == tx.Today() {
		return w.checker, nil
	}
	tree, err := w.units.Tree(ctx, tx)
	if err != nil {
		return nil, err
	}
	c, err := w.store.Checker(ctx, tx, formerNames{tree, tx.Today()})
	if err != nil {
		return nil, err
	}
	w.checker, w.day = c, tx.Today()
	return c, nil
}

// formerNames are the names that organs no longer bear.
type formerNames struct {
	tree  *unit.Tree
	today civil.Date
}

// Former lists them.
func (f formerNames) Former() []wording.Former {
	var list []wording.Former
	for _, o := range f.tree.Ever() {
		for _, n := range o.Names {
			if n.Until.IsZero() || n.Until.After(f.today) || n.Role != unit.Full || f.borne(n.Text) {
				continue
			}
			list = append(list, wording.Former{Name: n.Text, Now: f.now(o.ID), Until: n.Until})
		}
	}
	return list
}

// borne tells whether an organ bears a name today.
func (f formerNames) borne(name string) bool {
	o, err := f.tree.Resolve(name, f.today)
	return err == nil && slices.ContainsFunc(o.Names, func(n unit.Name) bool { return n.Text == name && n.Holds(f.today) })
}

// now is what answers for an organ today.
func (f formerNames) now(id int64) string {
	var names []string
	for _, o := range f.tree.Now(id, f.today) {
		names = append(names, o.NameOn(f.today))
	}
	return strings.Join(names, "、")
}
