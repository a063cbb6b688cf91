package desk

import (
	"net/http"
	"strings"

	"gongkai/internal/access"
	"gongkai/internal/web/ui"
)

// frame is what stands around every page of the desk.
type frame struct {
	ui.Shell
	Me   *self // nil where nobody is signed in
	Menu []menuGroup
	Note string // what the last form did
	Demo bool
}

// self is who is signed in, as the masthead says it.
type self struct {
	Name  string
	Unit  string
	Roles string
	New   int // notices that were not looked at
}

type menuGroup struct {
	Label string
	Items []menuItem
}

type menuItem struct {
	Label string
	Path  string
	Here  bool
	act   access.Act // "" for all
}

// menu is the whole menu. Each item is shown to those who can do its act.
var menu = []menuGroup{
	{"办理", []menuItem{
		{Label: "今天要办", Path: At},
		{Label: "信息", Path: At + "drafts", act: access.RecordRead},
		{Label: "应公开事项", Path: At + "duties", act: access.DutyRead},
		{Label: "要点进展", Path: At + "progress", act: access.DutyRead},
		{Label: "事项目录", Path: At + "catalogues", act: access.DutyRead},
	}},
	{"统筹", []menuItem{
		{Label: "台账", Path: At + "grid", act: access.GridRead},
		{Label: "异议与申请", Path: At + "claims", act: access.DutyRead},
		{Label: "已公开信息", Path: At + "records", act: access.RecordRead},
		{Label: "不予公开登记", Path: At + "withheld", act: access.RecordRead},
	}},
	{"管理", []menuItem{
		{Label: "机构", Path: At + "units", act: access.UnitManage},
		{Label: "用语", Path: At + "wording", act: access.WordingManage},
		{Label: "办理流程", Path: At + "flows", act: access.FlowManage},
		{Label: "账号", Path: At + "accounts", act: access.AccountManage},
		{Label: "授权", Path: At + "accounts", act: access.RoleGrant},
		{Label: "审计", Path: At + "audit", act: access.AuditRead},
		{Label: "运行", Path: At + "system", act: access.SystemRead},
	}},
}

// menuOf is the menu of a person; section is the path of the entry that is
// open. Of entries with one path the first is shown.
func menuOf(p *access.Person, section string) []menuGroup {
	var groups []menuGroup
	for _, g := range menu {
		shown := menuGroup{Label: g.Label}
		seen := map[string]bool{}
		for _, item := range g.Items {
			if seen[item.Path] || item.act != "" && !p.CanAnywhere(item.act) {
				continue
			}
			seen[item.Path] = true
			item.Here = item.Path == section
			shown.Items = append(shown.Items, item)
		}
		if len(shown.Items) > 0 {
			groups = append(groups, shown)
		}
	}
	return groups
}

// frame is the frame of a page; "" takes the route's title.
func (v *visit) frame(title string) frame {
	f := frame{Shell: v.bareShell(v.r), Demo: len(v.Demo) > 0, Note: v.takeNote()}
	f.Today, f.Section = v.today, v.rt.section
	if f.Title = title; title == "" {
		f.Title = v.rt.title
	}
	if v.me != nil {
		f.Me = &self{Name: v.me.Name, Unit: v.unitName(v.me.UnitID), Roles: roleNames(v.me), New: v.unread()}
		f.Menu = menuOf(v.me, v.rt.section)
	}
	return f
}

// roleNames are the roles that somebody has today, each once.
func roleNames(p *access.Person) string {
	var names []string
	seen := map[access.Role]bool{}
	for _, g := range p.Grants {
		if !seen[g.Role] {
			seen[g.Role] = true
			names = append(names, g.Role.Label())
		}
	}
	return strings.Join(names, "、")
}

// bareShell is a shell without anybody.
func (k *Desk) bareShell(r *http.Request) ui.Shell {
	return ui.Shell{Site: &ui.Site{Name: k.City + "政务公开工作台", Place: k.City, Origin: k.Origin}, Prefs: ui.PrefsOf(r),
		Here: r.URL.RequestURI(), Canon: r.URL.Path, Hidden: true, Today: k.Clock.Today()}
}

// faultPage is a page that says what went wrong and the way on.
type faultPage struct {
	frame
	Status  int
	Heading string
	Message string
	Lost    string
	ID      string
	Back    string // the page that the reader came from, where it is one of the desk
}

// View names the folder.
func (*faultPage) View() string { return "fault" }

func (k *Desk) faultPage(r *http.Request, p *ui.FaultPage) ui.Page {
	page := &faultPage{frame: frame{Shell: p.Shell}, Status: p.Status, Heading: p.Heading, Message: p.Message, Lost: p.Lost, ID: p.ID}
	if s, err := k.signedIn(r); err == nil && s != nil {
		page.Me = &self{Name: s.person.Name}
		page.Menu = menuOf(s.person, "")
	}
	if from, ok := strings.CutPrefix(r.Referer(), "http://"+r.Host); ok && strings.HasPrefix(from, At) {
		page.Back = ui.LocalPath(from)
	} else if from, ok := strings.CutPrefix(r.Referer(), "https://"+r.Host); ok && strings.HasPrefix(from, At) {
		page.Back = ui.LocalPath(from)
	}
	return page
}
