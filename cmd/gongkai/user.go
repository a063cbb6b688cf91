package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/app"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/unit"
)

type userCmd struct {
	Add     userAddCmd     `cmd:"" help:"建立账号，输出一次性链接，由本人打开设定密码。"`
	List    userListCmd    `cmd:"" help:"列出账号和角色。"`
	Link    userLinkCmd    `cmd:"" help:"给账号发新的一次性链接（忘了密码、换了手机）。"`
	Disable userDisableCmd `cmd:"" help:"停用账号：会话和链接立即作废，记录保留。"`
	Enable  userEnableCmd  `cmd:"" help:"恢复停用的账号。"`
}

// userLine is an account as the verbs print it.
type userLine struct {
	ID    int64      `json:"id"`
	Login string     `json:"login"`
	Name  string     `json:"name"`
	Unit  string     `json:"unit"`
	Email string     `json:"email,omitempty"`
	State string     `json:"state"`
	Roles []roleLine `json:"roles"`
}

type roleLine struct {
	Role  string `json:"role"`
	Label string `json:"label"`
	Unit  string `json:"unit"`
	Below bool   `json:"below"`
	Lent  bool   `json:"lent"`
}

// linkLine is a one-time link as the verbs print it.
type linkLine struct {
	Account userLine  `json:"account"`
	Link    string    `json:"link"`
	Expires time.Time `json:"expires"`
}

func lineOf(ctx context.Context, tx *db.Tx, a *app.App, account access.Account) (l userLine, err error) {
	tree, err := a.Units.Tree(ctx, tx)
	if err != nil {
		return l, err
	}
	grants, err := a.Access.Grants(ctx, tx, account.ID)
	if err != nil {
		return l, err
	}
	l = userLine{ID: account.ID, Login: account.Login, Name: account.Name, Unit: tree.NameOn(account.UnitID, tx.Today()), Email: account.Email, State: string(account.State), Roles: []roleLine{}}
	for _, g := range grants {
		l.Roles = append(l.Roles, roleLine{string(g.Role), g.Role.Label(), tree.NameOn(g.UnitID, tx.Today()), g.Below, g.Lent()})
	}
	return l, nil
}

// print writes the link on standard output and what it is on standard error.
func (l linkLine) print(out *output) error {
	fmt.Fprintf(out.Stderr, "账号 %s（%s）的一次性链接，%s前有效，请交给本人：\n", l.Account.Login, l.Account.Name, l.Expires.In(civil.China).Format("2006-01-02 15:04"))
	if strings.HasPrefix(l.Link, "/") {
		fmt.Fprintln(out.Stderr, "（没有设置 --public-url，请接在本站网址后面打开。）")
	}
	return out.Print(l, func(w io.Writer) { fmt.Fprintln(w, l.Link) })
}

func linkOf(ctx context.Context, tx *db.Tx, a *app.App, cfg app.StoreConfig, account access.Account, l access.Link) (linkLine, error) {
	line, err := lineOf(ctx, tx, a, account)
	return linkLine{line, strings.TrimSuffix(cfg.PublicURL, "/") + l.Path(), l.Expires}, err
}

type userAddCmd struct {
	Login string   `arg:"" help:"登录名。"`
	Name  string   `required:"" help:"姓名。"`
	Unit  string   `required:"" help:"单位：全称、简称或代码。"`
	Role  []string `placeholder:"ROLE" help:"角色，可写多个，用逗号隔开：代码或名称，如 editor、信息员。"`
	Email string   `help:"邮箱。"`
	Below bool     `help:"角色也管下级单位；市政府的主管部门写上它即管全市。"`
}

// Run makes an account and prints the link by which its holder begins.
func (v *userAddCmd) Run(ctx context.Context, out *output, cfg app.StoreConfig) error {
	l, err := withUsers(ctx, cfg, func(a *app.App, tx *db.Tx) (l linkLine, err error) {
		home, err := v.home(ctx, a, tx)
		if err != nil {
			return l, err
		}
		n := access.NewAccount{Login: v.Login, Name: v.Name, Email: v.Email, UnitID: home.ID}
		for _, text := range v.Role {
			role, err := access.ParseRole(strings.TrimSpace(text))
			if err != nil {
				return l, err
			}
			n.Grants = append(n.Grants, access.Grant{Role: role, UnitID: home.ID, Below: v.Below})
		}
		account, link, err := a.Access.Invite(ctx, tx, nil, n)
		if err != nil {
			return l, err
		}
		return linkOf(ctx, tx, a, cfg, account, link)
	})
	if err != nil {
		return err
	}
	return l.print(out)
}

// home is the unit that is named, as of today.
func (v *userAddCmd) home(ctx context.Context, a *app.App, tx *db.Tx) (unit.Organ, error) {
	o, err := a.Units.Resolve(ctx, tx, v.Unit, tx.Today())
	if f, ok := fault.Of(err); ok {
		return o, f.At("--unit")
	}
	return o, err
}

type userListCmd struct {
	Text string `arg:"" optional:"" help:"只列登录名、姓名或邮箱里有这段文字的。"`
}

// usersMost is how many accounts the list prints.
const usersMost = 10000

// Run lists accounts with their roles.
func (v *userListCmd) Run(ctx context.Context, out *output, cfg app.StoreConfig) error {
	lines, err := withUsers(ctx, cfg, func(a *app.App, tx *db.Tx) ([]userLine, error) {
		lines := []userLine{}
		list, err := a.Access.List(ctx, tx, access.Filter{Text: v.Text, Limit: usersMost})
		for _, account := range list {
			l, err := lineOf(ctx, tx, a, account)
			if err != nil {
				return nil, err
			}
			lines = append(lines, l)
		}
		return lines, err
	})
	if err != nil {
		return err
	}
	return out.Print(lines, func(w io.Writer) {
		for _, l := range lines {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", l.Login, l.Name, l.Unit, access.State(l.State).Label(), l.roles())
		}
	})
}

func (l userLine) roles() string {
	var words []string
	for _, r := range l.Roles {
		word := r.Label
		if r.Unit != l.Unit {
			word += "（" + r.Unit + "）"
		}
		if r.Below {
			word += "及下级"
		}
		if r.Lent {
			word += "，替班"
		}
		words = append(words, word)
	}
	return strings.Join(words, "；")
}

type userLinkCmd struct {
	Login string `arg:"" help:"登录名。"`
	Lost  bool   `help:"动态验证码一并作废（手机丢了）。"`
}

// Run prints a new link for an account; earlier ones end.
func (v *userLinkCmd) Run(ctx context.Context, out *output, cfg app.StoreConfig) error {
	l, err := withUsers(ctx, cfg, func(a *app.App, tx *db.Tx) (l linkLine, err error) {
		account, err := a.Access.ByLogin(ctx, tx, v.Login)
		if err != nil {
			return l, err
		}
		link, err := a.Access.ResetByLink(ctx, tx, nil, account.ID, access.Reset{Factor: v.Lost})
		if err != nil {
			return l, err
		}
		return linkOf(ctx, tx, a, cfg, account, link)
	})
	if err != nil {
		return err
	}
	return l.print(out)
}

type userDisableCmd struct {
	Login  string `arg:"" help:"登录名。"`
	Reason string `default:"命令行停用" help:"原因，如调离、退休；记入账本。"`
}

// Run bars an account.
func (v *userDisableCmd) Run(ctx context.Context, out *output, cfg app.StoreConfig) error {
	return changeUser(ctx, out, cfg, v.Login, "已停用", func(a *app.App, tx *db.Tx, id int64) error {
		return a.Access.Disable(ctx, tx, nil, id, v.Reason)
	})
}

type userEnableCmd struct {
	Login string `arg:"" help:"登录名。"`
}

// Run lets a disabled account in again.
func (v *userEnableCmd) Run(ctx context.Context, out *output, cfg app.StoreConfig) error {
	return changeUser(ctx, out, cfg, v.Login, "已恢复", func(a *app.App, tx *db.Tx, id int64) error {
		return a.Access.Enable(ctx, tx, nil, id)
	})
}

// changeUser does something to an account and prints what it is now.
func changeUser(ctx context.Context, out *output, cfg app.StoreConfig, login, done string, f func(a *app.App, tx *db.Tx, id int64) error) error {
	l, err := withUsers(ctx, cfg, func(a *app.App, tx *db.Tx) (l userLine, err error) {
		account, err := a.Access.ByLogin(ctx, tx, login)
		if err != nil {
			return l, err
		}
		if err := f(a, tx, account.ID); err != nil {
			return l, err
		}
		if account, err = a.Access.Get(ctx, tx, account.ID); err != nil {
			return l, err
		}
		return lineOf(ctx, tx, a, account)
	})
	if err != nil {
		return err
	}
	return out.Print(l, func(w io.Writer) { fmt.Fprintf(w, "账号 %s（%s）%s。\n", l.Login, l.Name, done) })
}

// withUsers opens the program and runs f in one transaction; what f makes is
// printed when it is saved.
func withUsers[T any](ctx context.Context, cfg app.StoreConfig, f func(a *app.App, tx *db.Tx) (T, error)) (made T, err error) {
	a, err := open(ctx, cfg)
	if err != nil {
		return made, err
	}
	defer a.Close()
	err = a.DB.Update(ctx, func(tx *db.Tx) error {
		made, err = f(a, tx)
		return err
	})
	return made, err
}
