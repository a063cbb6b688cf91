package desk

import (
	"strconv"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/web/ui"
)

const keysPath = At + "keys"

func keyRoutes() []*route {
	return []*route{
		{pattern: "GET /desk/keys", act: access.KeyManage, show: showKeys, section: keysPath, title: "接口密钥"},
		{pattern: "POST /desk/keys", act: access.KeyManage, raw: newKey, section: keysPath, title: "接口密钥"},
		{pattern: "GET /desk/keys/{id}", act: access.KeyManage, show: showKey, section: keysPath},
		{pattern: "POST /desk/keys/{id}/end", act: access.KeyManage, do: endKey, section: keysPath},
	}
}

// keysPage lists the keys of other systems and makes new ones.
type keysPage struct {
	frame
	Rows   []keyRow
	Units  []option
	Lives  []option
	Name   string
	Wrong  string
	Secret string // of the new key, shown this once
	New    string // its name
	Empty  empty
}

// View names the folder.
func (*keysPage) View() string { return "keys" }

type keyRow struct {
	ID                 int64
	Name, Unit, Prefix string
	Path               string
	Made, Used, Ends   string
	State              badge
	Live               bool
}

// keyPage is one key with what was done with it.
type keyPage struct {
	frame
	Key keyRow
	Log []auditRow
}

// View names the folder.
func (*keyPage) View() string { return "key" }

const dayHours = 24 * time.Hour

// keyLives are the lives to choose from, in days.
var keyLives = []struct {
	days  int
	label string
}{{365, "一年"}, {90, "三个月"}, {730, "两年"}}

// keyRowOf tells how a key stands. Keys end by the machine's clock, as sessions
// do, so the request's own session says what time it is.
func keyRowOf(v *visit, k access.Key) keyRow {
	now := v.session.SeenAt
	r := keyRow{ID: k.ID, Name: k.Name, Unit: v.unitName(k.UnitID), Prefix: "gk_" + k.Prefix + "…", Path: keysPath + "/" + strconv.FormatInt(k.ID, 10),
		Made: ui.Stamp(k.MadeAt), Used: ui.Stamp(k.UsedAt), Ends: ui.Stamp(k.ExpiresAt)}
	switch {
	case !k.EndedAt.IsZero():
		r.State = badge{"late", "×", "已吊销"}
	case !now.Before(k.ExpiresAt):
		r.State = badge{"late", "×", "已过期"}
	case k.ExpiresAt.Sub(now) < 30*dayHours:
		r.State, r.Live = badge{"warn", "△", "快到期"}, true
	default:
		r.State, r.Live = badge{"ok", "✓", "有效"}, true
	}
	return r
}

// keysOf are the keys of the units that the person answers for.
func (v *visit) keysOf() (keys []access.Key, err error) {
	units, all := v.me.Reach(access.KeyManage)
	if all {
		units = nil
	}
	err = v.DB.View(v.r.Context(), func(tx *db.Tx) error {
		keys, err = v.Access.Keys(v.r.Context(), tx, units)
		return err
	})
	return keys, err
}

func (v *visit) keysPage() (*keysPage, error) {
	p := &keysPage{frame: v.frame(""), Units: v.unitsToPick(access.KeyManage, v.r.PostFormValue("unit")), Name: v.r.PostFormValue("name"),
		Empty: empty{Why: "还没有发过密钥。", Way: "办公系统要自动交来草稿，先在下面给它发一个。"}}
	for _, l := range keyLives {
		days := strconv.Itoa(l.days)
		p.Lives = append(p.Lives, option{days, l.label, days == v.r.PostFormValue("days")})
	}
	keys, err := v.keysOf()
	for _, k := range keys {
		p.Rows = append(p.Rows, keyRowOf(v, k))
	}
	return p, err
}

func showKeys(v *visit) (ui.Page, error) { return v.keysPage() }

// newKey makes a key and shows its secret, this once.
func newKey(v *visit) error {
	if err := v.readForm(); err != nil {
		return err
	}
	var secret string
	err := v.DB.Update(v.r.Context(), func(tx *db.Tx) (err error) {
		_, secret, err = v.Access.NewKey(v.r.Context(), tx, v.me, v.field("name"), v.number("unit"), time.Duration(v.number("days"))*dayHours)
		return err
	})
	if err != nil && !tellable(err) {
		return err
	}
	p, failed := v.keysPage()
	if failed != nil {
		return failed
	}
	if err != nil {
		p.Wrong = fault.Public(err)
		return v.mend(p)
	}
	p.Secret, p.New, p.Name = secret, v.field("name"), ""
	return v.present(p)
}

// key is the key of the address, where the person answers for its unit.
func (v *visit) key() (k access.Key, err error) {
	id, err := v.id("id")
	if err != nil {
		return k, err
	}
	keys, err := v.keysOf()
	if err != nil {
		return k, err
	}
	for _, k := range keys {
		if k.ID == id {
			return k, nil
		}
	}
	return k, fault.New(fault.NotFound, "key_unknown", "没有这个密钥，请从列表里打开。")
}

// keyLog is how many acts the page of a key shows.
const keyLog = 50

func showKey(v *visit) (ui.Page, error) {
	k, err := v.key()
	if err != nil {
		return nil, err
	}
	p := &keyPage{frame: v.frame(k.Name), Key: keyRowOf(v, k)}
	return p, v.DB.View(v.r.Context(), func(tx *db.Tx) error {
		list, _, err := v.Access.Audit(v.r.Context(), tx, access.AuditFilter{Subject: k.Actor(), Limit: keyLog})
		for _, e := range list {
			p.Log = append(p.Log, v.auditRow(e))
		}
		return err
	})
}

func endKey(v *visit) (answer, error) {
	k, err := v.key()
	if err != nil {
		return answer{}, err
	}
	err = v.DB.Update(v.r.Context(), func(tx *db.Tx) error { return v.Access.RevokeKey(v.r.Context(), tx, v.me, k.ID) })
	if err != nil {
		return answer{}, err
	}
	return goTo(keysPath, "密钥“"+k.Name+"”已经吊销，马上失效。")
}
