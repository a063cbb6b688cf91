package desk

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/web/ui"
)

const auditPath = At + "audit"

func auditRoutes() []*route {
	return []*route{
		{pattern: "GET /desk/audit", act: access.AuditRead, show: showAudit, section: auditPath, title: "审计"},
		{pattern: "GET /desk/audit.csv", act: access.AuditRead, raw: exportAudit, section: auditPath},
	}
}

// auditPage is the journal: who did what, to what, when.
type auditPage struct {
	frame
	Who, Kind, Subject, Words string
	From, To                  string
	Nouns                     []option
	Rows                      []auditRow
	More                      string
	CSV                       string
	Wrong                     string
	Empty                     empty
}

// View names the folder.
func (*auditPage) View() string { return "audit" }

type auditRow struct {
	Seq               int64
	At                string
	Who, Actor        string
	What, Kind        string
	To, Subject, Path string // Path lists all about the subject
	Facts             []auditFact
}

// auditFact is a particular of an entry; Before is what it was, where it has
// changed.
type auditFact struct{ Name, Before, Value string }

// auditNouns are what entries are about, by the beginning of their kind.
var auditNouns = []struct{ kind, label string }{
	{"access.", "账号、登录和授权"}, {"draft.", "信息的办理"}, {"publication.", "已公开信息"}, {"obligation.", "应公开事项"},
	{"unit.", "机构"}, {"channel.", "站点和栏目"}, {"wording.", "用语"}, {"flow.", "办理流程"}, {"remind.", "提醒"},
}

// auditFilter reads what is asked for from the address.
func (v *visit) auditFilter(tx *db.Tx) (f access.AuditFilter, err error) {
	f = access.AuditFilter{Kind: v.query("kind"), Subject: v.query("subject"), Text: v.query("q")}
	f.After, _ = strconv.ParseInt(v.query("after"), 10, 64)
	if f.From, err = v.day("from", "从哪天"); err != nil {
		return f, err
	}
	if f.To, err = v.day("to", "到哪天"); err != nil {
		return f, err
	}
	f.Actor, err = v.auditActor(tx, v.query("who"))
	return f, err
}

// auditActor finds who is meant: a login, or an actor as the journal writes it.
func (v *visit) auditActor(tx *db.Tx, who string) (string, error) {
	if who == "" || who == "import" || strings.Contains(who, ":") {
		return who, nil
	}
	a, err := v.Access.ByLogin(v.r.Context(), tx, who)
	if fault.KindOf(err) == fault.NotFound {
		return "", fault.New(fault.Invalid, "actor_unknown", "没有登录名是“%s”的账号；按姓名找，请填在“内容”里。", fault.Clip(who, 40)).At("谁")
	}
	return userActor(a.ID), err
}

func showAudit(v *visit) (ui.Page, error) {
	p := &auditPage{frame: v.frame(""), Who: v.query("who"), Kind: v.query("kind"), Subject: v.query("subject"), Words: v.query("q"),
		From: v.query("from"), To: v.query("to"), CSV: auditPath + ".csv"}
	if v.r.URL.RawQuery != "" {
		p.CSV += "?" + v.r.URL.RawQuery
	}
	for _, n := range auditNouns {
		p.Nouns = append(p.Nouns, option{n.kind, n.label, n.kind == p.Kind})
	}
	p.Empty = empty{Why: "没有符合条件的记录。", Way: "换一个条件再查。", Links: []ui.Link{{Label: "全部记录", Path: auditPath}}}
	return p, v.DB.View(v.r.Context(), func(tx *db.Tx) error {
		f, err := v.auditFilter(tx)
		if tellable(err) {
			p.Wrong = fault.Public(err)
			return nil
		}
		if err != nil {
			return err
		}
		list, next, err := v.Access.Audit(v.r.Context(), tx, f)
		for _, e := range list {
			p.Rows = append(p.Rows, v.auditRow(e))
		}
		if next > 0 {
			p.More = v.with("after", strconv.FormatInt(next, 10))
			p.Empty.Links = append(p.Empty.Links, ui.Link{Label: "再往前找", Path: p.More})
		}
		return err
	})
}

func (v *visit) auditRow(e access.AuditEntry) auditRow {
	shell := ui.Shell{}
	return auditRow{Seq: e.Seq, At: ui.Stamp(e.At), Who: cmp.Or(e.ActorName, e.Actor), Actor: e.Actor, What: auditKind(e), Kind: e.Kind,
		To: cmp.Or(e.SubjectName, e.Subject), Subject: e.Subject, Path: shell.URL(auditPath, "subject", e.Subject), Facts: v.auditFacts(e.Data)}
}

// auditKind is what was done, in words.
func auditKind(e access.AuditEntry) string {
	if e.Label != e.Kind {
		return e.Label
	}
	for _, n := range auditNouns {
		if strings.HasPrefix(e.Kind, n.kind) {
			return n.label
		}
	}
	return e.Kind
}

// auditWords are the names of particulars.
var auditWords = map[string]string{
	"login": "登录名", "name": "名称", "email": "邮箱", "unit": "单位", "state": "状态", "role": "角色", "below": "连同下级", "lent_by": "委托人",
	"from": "从", "until": "到", "address": "地址", "reason": "原因", "purpose": "用途", "factor": "连同验证码", "mailed": "已寄出", "session": "会话",
	"prefix": "密钥开头", "expires": "有效期至", "left": "剩余", "what": "看了什么", "title": "标题", "note": "说明", "kind": "种类", "on": "日期",
	"how": "方式", "agent": "浏览器",
}

// auditValues are words of the journal in Chinese, by the particular they are of.
var auditValues = map[string]map[string]string{
	"how":     signInWays,
	"purpose": {"invite": "启用账号", "reset": "重设密码", "setup": "建立第一个账号"},
}

// auditFacts puts the particulars of an entry in order: what has changed as
// before and after, then the rest.
func (v *visit) auditFacts(data json.RawMessage) (facts []auditFact) {
	var all map[string]any
	if json.Unmarshal(data, &all) != nil {
		return []auditFact{{Name: "内容", Value: string(data)}}
	}
	before, after := asFacts(all["before"]), asFacts(all["after"])
	delete(all, "before")
	delete(all, "after")
	for _, key := range sortedKeys(before, after) {
		was, is := v.auditValue(key, before[key]), v.auditValue(key, after[key])
		switch _, had := before[key]; {
		case !had && is == "": // nothing was given
		case !had:
			facts = append(facts, auditFact{Name: cmp.Or(auditWords[key], key), Value: is})
		case was != is:
			facts = append(facts, auditFact{cmp.Or(auditWords[key], key), cmp.Or(was, "（空）"), cmp.Or(is, "（空）")})
		}
	}
	for _, key := range sortedKeys(all) {
		if all[key] == "" {
			continue
		}
		facts = append(facts, auditFact{Name: cmp.Or(auditWords[key], key), Value: v.auditValue(key, all[key])})
	}
	return facts
}

// asFacts takes a value that is one word for the state.
func asFacts(value any) map[string]any {
	switch value := value.(type) {
	case map[string]any:
		return value
	case nil:
		return nil
	default:
		return map[string]any{"state": value}
	}
}

func sortedKeys(maps ...map[string]any) (keys []string) {
	for _, m := range maps {
		for key := range m {
			if !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	slices.Sort(keys)
	return keys
}

func (v *visit) auditValue(key string, value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case bool:
		if value {
			return "是"
		}
		return "否"
	case float64:
		if key == "unit" {
			return cmp.Or(v.unitName(int64(value)), fmt.Sprint(int64(value)))
		}
		return strconv.FormatFloat(value, 'f', -1, 64)
	case string:
		switch key {
		case "role":
			return access.Role(value).Label()
		case "state":
			return access.State(value).Label()
		}
		if at, err := time.Parse(time.RFC3339, value); err == nil {
			return ui.Stamp(at)
		}
		return cmp.Or(auditValues[key][value], value)
	}
	text, err := json.Marshal(value)
	if err != nil { // it was read from JSON
		return ""
	}
	return string(text)
}

// Exports: at most so many lines, read in pages.
const (
	auditExport = 50000
	auditPaged  = 1000
)

// exportAudit writes what the filter finds as a table for spreadsheets.
func exportAudit(v *visit) error {
	return v.DB.View(v.r.Context(), func(tx *db.Tx) error {
		f, err := v.auditFilter(tx)
		if err != nil {
			return err
		}
		v.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		v.w.Header().Set("Content-Disposition", `attachment; filename="audit.csv"`)
		if _, err := io.WriteString(v.w, "\ufeff"); err != nil { // spreadsheets know UTF-8 by it
			return nil
		}
		w := csv.NewWriter(v.w)
		defer w.Flush()
		w.Write([]string{"序号", "时间", "谁", "谁（代号）", "做了什么", "种类", "对象", "对象（代号）", "内容"})
		f.Limit, f.After = auditPaged, 0
		for written := 0; written < auditExport; {
			list, next, err := v.Access.Audit(v.r.Context(), tx, f)
			if err != nil {
				return err
			}
			for _, e := range list {
				row := v.auditRow(e)
				w.Write(plainCells(strconv.FormatInt(row.Seq, 10), row.At, row.Who, row.Actor, row.What, row.Kind, row.To, row.Subject, string(e.Data)))
			}
			if written += len(list); next == 0 {
				return nil
			}
			f.After = next
		}
		return nil
	})
}

// plainCells keeps spreadsheets from taking text for formulas.
func plainCells(cells ...string) []string {
	for i, c := range cells {
		if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
			cells[i] = "'" + c
		}
	}
	return cells
}
