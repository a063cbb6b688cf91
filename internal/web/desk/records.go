package desk

import (
	"cmp"
	"context"
	"strconv"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/publication"
	"gongkai/internal/search"
	"gongkai/internal/web/ui"
)

// recordsPage lists what units have made public, and what has become of it.
type recordsPage struct {
	frame
	Tabs       []tab
	What       string
	Words      string
	Kinds      []option
	Units      []option
	Validities []option
	Total      int
	Rows       []publicRow
	More       string
	Flags      []flagRow
	Archive    bool // the rows can be archived together
	Empty      empty
}

// View names the folder.
func (*recordsPage) View() string { return "records" }

type publicRow struct {
	ID       int64
	Title    string
	Path     string
	Number   string
	Unit     string
	Kind     string
	On       string
	State    badge
	Validity string
	Note     string
}

// flagRow is a record that leans on something that was changed since.
type flagRow struct {
	ID     int64
	Title  string
	Path   string
	Unit   string
	On     string
	Reason string
	Form   string // address by which it is closed; "" for those who may not
	Done   string // who has looked, and what came of it
}

// recordBadges are the states of public records.
var recordBadges = map[publication.State]badge{
	publication.Published: {"ok", "✓", "已公开"},
	publication.Archived:  {"soft", "▣", "已归档"},
	publication.Withdrawn: {"late", "×", "已撤下"},
	publication.Replaced:  {"soft", "→", "已被代替"},
	publication.Moved:     {"soft", "→", "已移至别处"},
	publication.Pending:   {"warn", "◷", "待公布"},
}

// recordTabs are the lists of records in the address's "what".
var recordTabs = []struct {
	what, label string
	states      []publication.State
}{
	{"", "公开着的", []publication.State{publication.Published}},
	{"archived", "已归档", []publication.State{publication.Archived}},
	{"gone", "撤下、代替和移走的", []publication.State{publication.Withdrawn, publication.Replaced, publication.Moved}},
	{"pending", "待公布", []publication.State{publication.Pending}},
	{"due", "到归档时间的", nil},
	{"flags", "要核对的", nil},
}

func (k *Desk) recordRoutes() []*route {
	const section = At + "records"
	return []*route{
		{pattern: "GET /desk/records", act: access.RecordRead, show: showRecords, section: section, title: "已公开信息"},
		{pattern: "POST /desk/records/archive", act: access.RecordWithdraw, do: archiveRecords, section: section, title: "归档"},
		{pattern: "GET /desk/records/{id}", act: access.RecordRead, show: showRecord, section: section},
		{pattern: "POST /desk/records/{id}/do", act: access.RecordWithdraw, do: endRecord, section: section},
		{pattern: "POST /desk/records/{id}/flags/{flag}", act: access.RecordRead, do: closeFlag, section: section},
		{pattern: "GET /desk/withheld", act: access.RecordRead, show: showWithheld, section: At + "withheld", title: "不予公开登记"},
		{pattern: "POST /desk/withheld/{id}", act: access.RecordSecrecy, do: switchWithheld, section: At + "withheld", title: "不予公开登记"},
	}
}

func recordPages() []ui.Page { return []ui.Page{&recordsPage{}, &recordPage{}, &withheldPage{}} }

// shownFlags is how many flags and records due for archiving one page lists.
const shownFlags = 200

func showRecords(v *visit) (ui.Page, error) {
	p := &recordsPage{frame: v.frame(""), What: v.query("what"), Words: v.query("q")}
	units, some := v.unitsOf(access.RecordRead, v.query("unit"))
	var states []publication.State
	known := false
	for _, t := range recordTabs {
		p.Tabs = append(p.Tabs, tab{Label: t.label, Path: v.with("what", t.what, "after", ""), Here: t.what == p.What})
		if t.what == p.What {
			states, known = t.states, true
		}
	}
	if !known {
		return nil, fault.New(fault.NotFound, "address_unknown", "没有“%s”这个列表，请从页面上方选。", fault.Clip(p.What, 20))
	}
	p.options(v)
	p.Empty = empty{Why: "这里没有信息。", Way: "换一个条件，或者看别的列表。", Links: []ui.Link{{Label: "看公开着的", Path: At + "records"}}}
	if !some {
		return p, nil
	}
	switch p.What {
	case "due":
		return p, p.due(v, units)
	case "flags":
		return p, p.flags(v, units)
	}
	return p, p.list(v, units, states)
}

// unitsOf are the units that somebody reaches with an act, narrowed to one that
// is asked for; nil with true is all, false is none.
func (v *visit) unitsOf(act access.Act, asked string) (units []int64, some bool) {
	units, all := v.me.Reach(act)
	if id, err := strconv.ParseInt(asked, 10, 64); err == nil && id > 0 {
		return []int64{id}, v.me.Can(act, id)
	}
	return units, all || len(units) > 0
}

// options fills the choices of the filter.
func (p *recordsPage) options(v *visit) {
	for _, k := range v.Publications.Kinds.All() {
		p.Kinds = append(p.Kinds, option{k.Code, k.Label, k.Code == v.query("kind")})
	}
	p.Units = v.unitOptions(access.RecordRead, v.query("unit"))
	for _, c := range []search.Validity{search.InForce, search.Amended, search.NotYet, search.Expired, search.Repealed} {
		p.Validities = append(p.Validities, option{string(c), publication.ValidityLabel(c), string(c) == v.query("validity")})
	}
}

// unitOptions are the units that somebody reaches, where they are several.
func (v *visit) unitOptions(act access.Act, asked string) []option {
	if list := v.unitsToPick(act, asked); len(list) > 1 {
		return list
	}
	return nil
}

func (p *recordsPage) list(v *visit, units []int64, states []publication.State) error {
	f := publication.Filter{Units: units, States: states, Words: p.Words}
	if kind := v.query("kind"); kind != "" {
		f.Kinds = []string{kind}
	}
	if c := v.query("validity"); c != "" {
		f.Validities = []search.Validity{search.Validity(c)}
	}
	list, err := v.Publications.List(v.r.Context(), f, publication.Page{After: v.query("after"), Size: 50})
	if err != nil {
		return err
	}
	p.Total = list.Total
	for _, r := range list.Records {
		p.Rows = append(p.Rows, v.publicRow(&r))
	}
	if list.Next != "" {
		p.More = v.with("after", list.Next)
	}
	return nil
}

func (v *visit) publicRow(r *publication.Record) publicRow {
	return publicRow{ID: r.ID, Title: r.Title, Path: recordWay(r.ID), Number: r.Number, Unit: r.Unit, Kind: v.kindLabel(r.Kind),
		On: r.ListedOn.String(), State: recordBadges[r.State], Validity: publication.ValidityLabel(r.Validity(v.today))}
}

// due lists what is to be archived by the rules of its kind.
func (p *recordsPage) due(v *visit, units []int64) error {
	list, err := v.Publications.DueForArchive(v.r.Context(), units, shownFlags)
	if err != nil {
		return err
	}
	for _, r := range list {
		row := v.publicRow(&r.Record)
		row.Note = r.On.String() + " 起，" + cmp.Or(r.Rule.Basis, "按本种类的展示期")
		p.Rows = append(p.Rows, row)
		p.Archive = p.Archive || v.me.Can(access.RecordWithdraw, r.UnitID)
	}
	p.Total = len(list)
	p.Empty = empty{Why: "没有到归档时间的信息。", Way: "展示期满的信息会列在这里，可以一起归档。"}
	return nil
}

// flags lists records that somebody should look at again.
func (p *recordsPage) flags(v *visit, units []int64) error {
	list, err := v.Publications.OpenFlags(v.r.Context(), units, shownFlags)
	if err != nil {
		return err
	}
	for _, f := range list {
		p.Flags = append(p.Flags, flagRow{ID: f.ID, Title: f.Record.Title, Path: recordWay(f.Record.ID) + "#flags", Unit: f.Record.Unit, On: f.On.String(), Reason: f.Reason()})
	}
	p.Total = len(list)
	p.Empty = empty{Why: "没有要核对的信息。", Way: "文件修改或废止后，引用它的解读、指南会列在这里，请人看看还对不对。"}
	return nil
}

// archiveRecords archives what is ticked, each by itself.
func archiveRecords(v *visit) (answer, error) {
	const back = At + "records?what=due"
	if a, ok := v.confirmed(back); !ok {
		return a, nil
	}
	note := cmp.Or(v.field("note"), "展示期已满，归档保存。")
	done, refused := 0, ""
	for _, text := range v.fields("record") {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			continue
		}
		err = v.update(func(ctx context.Context, tx *db.Tx) error {
			return v.Drafts.Archive(ctx, tx, v.me, id, note, true)
		})
		switch {
		case err == nil:
			done++
		case fault.KindOf(err) == fault.Internal:
			return answer{}, err
		default:
			refused = fault.Public(err)
		}
	}
	switch {
	case refused != "":
		return goTo(back, "归档了"+strconv.Itoa(done)+"条，有的没有办成："+refused)
	case done == 0:
		return goTo(back, "请先选中要归档的信息。")
	}
	return goTo(back, "归档了"+strconv.Itoa(done)+"条。公众仍可查阅，不再列在最新信息里。")
}
