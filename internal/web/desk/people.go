package desk

import (
	"net/http"
	"slices"
	"strconv"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/web/ui"
)

// peopleRoutes are the addresses about people: one's own account, everybody's,
// keys of other systems, and who has done what.
func (k *Desk) peopleRoutes() []*route {
	return slices.Concat(meRoutes(), accountRoutes(), auditRoutes(), keyRoutes())
}

func peoplePages() []ui.Page {
	return []ui.Page{&mePage{}, &codesPage{}, &recoveryPage{}, &rolesPage{}, &accountsPage{}, &accountPage{}, &invitePage{}, &onceLinkPage{},
		&auditPage{}, &keysPage{}, &keyPage{}}
}

// present answers a form with a page that is shown this once, as secrets are.
func (v *visit) present(p ui.Page) error { return v.engine.Write(v.w, v.r, http.StatusOK, p) }

// mend answers a form with its page once more.
func (v *visit) mend(p ui.Page) error {
	return v.engine.Write(v.w, v.r, http.StatusUnprocessableEntity, p)
}

// leave answers a form by leading to another page.
func (v *visit) leave(to, note string) error {
	v.leaveNote(note)
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
	return nil
}

// confirmFirst leads to the page that asks who somebody is, and from there to
// next.
func confirmFirst(next string) (to, note string) {
	shell := ui.Shell{}
	return shell.URL(At+"confirm", "next", next), "这一步要先确认是您本人；确认后请再做一次。"
}

// tellable tells whether an error has something to say to the person on the form.
func tellable(err error) bool { return err != nil && fault.KindOf(err) != fault.Internal }

// roleRow is a role that somebody holds, in words.
type roleRow struct {
	ID    int64
	Role  string
	Where string
	Days  string
	From  string // who lent it; "" for one's own
	Now   bool   // in force today
	Lend  bool   // can be lent
}

// roleRow puts a grant into words; names are those of accounts.
func (v *visit) roleRow(g access.Grant, names map[string]string) roleRow {
	r := roleRow{ID: g.ID, Role: g.Role.Label(), Where: v.grantWhere(g), Days: grantDays(g), Now: g.Holds(v.today)}
	if g.Lent() {
		r.From = names[userActor(g.LentBy)]
	}
	r.Lend = !g.Lent() && r.Now && g.Role.May(access.RoleLend)
	return r
}

func (v *visit) grantWhere(g access.Grant) string {
	switch {
	case g.UnitID == 0:
		return "全部单位"
	case g.Below:
		return v.unitName(g.UnitID) + "及下级单位"
	}
	return v.unitName(g.UnitID)
}

func grantDays(g access.Grant) string {
	switch {
	case g.From.IsZero() && g.Until.IsZero():
		return "长期"
	case g.Until.IsZero():
		return g.From.String() + " 起"
	case g.From.IsZero():
		return "到 " + g.Until.String()
	}
	return g.From.String() + " 至 " + g.Until.String()
}

// userActor is how the ledger names an account.
func userActor(id int64) string { return "user:" + strconv.FormatInt(id, 10) }

// lenders are the names of those who lent the grants.
func (v *visit) lenders(tx *db.Tx, grants []access.Grant) (map[string]string, error) {
	var actors []string
	for _, g := range grants {
		if g.Lent() {
			actors = append(actors, userActor(g.LentBy))
		}
	}
	if actors == nil {
		return nil, nil
	}
	return v.Access.Names(v.r.Context(), tx, actors)
}

// sessionRow is a place where somebody is signed in.
type sessionRow struct {
	ID      int64
	Since   string
	Seen    string
	Address string
	Agent   string
	How     string
	Here    bool
}

var signInWays = map[string]string{access.ByPassword: "密码", access.BySSO: "统一身份认证", access.ByLink: "一次性链接"}

func (v *visit) sessionRows(tx *db.Tx, accountID int64) (rows []sessionRow, err error) {
	list, err := v.Access.Sessions(v.r.Context(), tx, accountID)
	for _, s := range list {
		rows = append(rows, sessionRow{s.ID, ui.Stamp(s.MadeAt), ui.Stamp(s.SeenAt), s.Address, s.Agent, signInWays[s.How], s.ID == v.session.ID})
	}
	return rows, err
}
