package access

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
)

// AuditFilter narrows the journal; zero fields do not.
type AuditFilter struct {
	Actor    string     // "user:4", "import"
	Kind     string     // what kinds begin with: "access.", "publication.withdrawn"
	Subject  string     // "user:4", "publication:17"
	From, To civil.Date // first and last day
	Text     string     // part of the particulars or of a person's name
	After    int64      // continue behind this entry: the next of the page before
	Limit    int        // 50 where it is 0
}

// AuditEntry is an entry with the names of those in it.
type AuditEntry struct {
	ledger.Entry
	Label       string // the kind in Chinese; the kind itself where it is not one of this package
	ActorName   string // empty for what is no account or key
	SubjectName string
}

// Audit reads the journal, newest first; next is where the following page
// begins, 0 at the end. Reading it is for those with AuditRead. A text is
// looked for in a bounded stretch of entries: a page may come short with more
// to follow.
func (s *Store) Audit(ctx context.Context, tx *db.Tx, f AuditFilter) (list []AuditEntry, next int64, err error) {
	defer fault.Wrap(&err, "access.Audit")
	if f.Limit <= 0 {
		f.Limit = 50
	}
	names, err := auditNames(ctx, tx)
	if err != nil {
		return nil, 0, err
	}
	where, args := f.where()
	text, stretch := strings.ToLower(strings.TrimSpace(f.Text)), auditStretch
	if text == "" {
		stretch = f.Limit // every entry is one of the page
	}
	scanned := 0
	err = tx.Each(ctx, "select seq, at, kind, subject, actor, data from ledger_entries"+where+" order by seq desc limit ?", append(args, stretch+1), func(rows *sql.Rows) error {
		if len(list) == f.Limit || scanned == stretch {
			return errMore
		}
		scanned++
		e, err := scanAudit(rows, names)
		if err != nil {
			return err
		}
		next = e.Seq
		if e.mentions(text) {
			list = append(list, e)
		}
		return nil
	})
	switch {
	case errors.Is(err, errMore):
		return list, next, nil
	case err != nil:
		return nil, 0, err
	}
	return list, 0, nil
}

// errMore ends the reading of a page that another one follows.
var errMore = errors.New("more")

// auditStretch is how many entries one page looks through at most.
const auditStretch = 20000

func (f AuditFilter) where() (where string, args []any) {
	var parts []string
	add := func(part string, values ...any) { parts, args = append(parts, part), append(args, values...) }
	if f.After > 0 {
		add("seq < ?", f.After)
	}
	if f.Actor != "" {
		add("actor = ?", f.Actor)
	}
	if f.Kind != "" {
		add("kind >= ? and kind < ?", f.Kind, f.Kind+"\U0010ffff")
	}
	if f.Subject != "" {
		add("subject = ?", f.Subject)
	}
	if !f.From.IsZero() {
		add("at >= ?", db.At(f.From.Start()))
	}
	if !f.To.IsZero() {
		add("at < ?", db.At(f.To.AddDays(1).Start()))
	}
	if parts == nil {
		return "", nil
	}
	return " where " + strings.Join(parts, " and "), args
}

func scanAudit(rows *sql.Rows, names map[string]string) (e AuditEntry, err error) {
	var data string
	err = rows.Scan(&e.Seq, instantInto{&e.At}, &e.Kind, &e.Subject, &e.Actor, &data)
	e.Data, e.Label = json.RawMessage(data), KindLabel(e.Kind)
	e.ActorName, e.SubjectName = names[e.Actor], names[e.Subject]
	return e, err
}

func (e AuditEntry) mentions(text string) bool {
	for _, s := range []string{string(e.Data), e.ActorName, e.SubjectName} {
		if strings.Contains(strings.ToLower(s), text) {
			return true
		}
	}
	return false
}

// auditNames are the names of accounts and keys, as the ledger refers to them.
func auditNames(ctx context.Context, tx *db.Tx) (map[string]string, error) {
	names := map[string]string{console: "命令行", "import": "导入", userSubject(0): "不明账号"}
	for _, q := range []struct{ mark, query string }{
		{"user:", "select id, name from access_accounts"},
		{"key:", "select id, name from access_keys"},
	} {
		err := tx.Each(ctx, q.query, nil, func(rows *sql.Rows) error {
			var id int64
			var name string
			err := rows.Scan(&id, &name)
			names[q.mark+strconv.FormatInt(id, 10)] = name
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return names, nil
}

// kindLabels are the kinds of this package's entries in Chinese.
var kindLabels = map[string]string{
	"access.signed_in":        "登录",
	"access.sign_in_failed":   "登录失败",
	"access.signed_out":       "退出",
	"access.session_ended":    "结束会话",
	"access.confirmed":        "再次确认身份",
	"access.invited":          "邀请",
	"access.created":          "自动建立账号",
	"access.link_made":        "发一次性链接",
	"access.link_used":        "使用一次性链接",
	"access.password_changed": "修改密码",
	"access.factor_enrolled":  "设置动态验证码",
	"access.factor_removed":   "取消动态验证码",
	"access.recovery_used":    "使用恢复码",
	"access.recovery_renewed": "换发恢复码",
	"access.sso_bound":        "与统一身份认证相连",
	"access.account_changed":  "修改账号",
	"access.disabled":         "停用账号",
	"access.enabled":          "恢复账号",
	"access.granted":          "授予角色",
	"access.revoked":          "收回角色",
	"access.lent":             "委托替班",
	"access.key_made":         "发放密钥",
	"access.key_used":         "使用密钥",
	"access.key_refused":      "使用失效的密钥",
	"access.key_ended":        "吊销密钥",
	"access.looked":           "查看个人信息",
}

// KindLabel is a kind of entry in Chinese, and the kind itself where it is not
// one of this package.
func KindLabel(kind string) string { return or(kindLabels[kind], kind) }
