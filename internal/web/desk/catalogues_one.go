package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/lifecycle"
	"gongkai/internal/obligation"
	"gongkai/internal/obligation/workplan"
	"gongkai/internal/web/ui"
)

// cataloguePage is one edition of a catalogue.
type cataloguePage struct {
	frame
	ID       int64
	Path     string
	Rev      int
	Row      editionRow
	Rows     []catalogueLine
	Words    string // rows with these only
	Total    int    // rows that were found
	More     string
	Edits    bool
	Steps    []stepChoice
	History  []fact
	Failures []fact // names that nobody bears
	Typed    map[string]string
	Wrong    string
	Empty    empty
}

// View names the folder.
func (*cataloguePage) View() string { return "catalogue" }

type catalogueLine struct {
	No    int
	Path  string
	Title string
	workplan.Row
}

// stepChoice is a step that the reader can take now.
type stepChoice struct {
	Event, Label string
	Why, Day     bool // what it needs
	Danger       bool
}

const catalogueLines = 50

func showCatalogue(v *visit) (ui.Page, error) {
	e, err := v.edition("")
	if err != nil {
		return nil, err
	}
	p, err := v.cataloguePage(&e)
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (v *visit) cataloguePage(e *obligation.EditionView) (*cataloguePage, error) {
	p := &cataloguePage{frame: v.frame(e.Title), ID: e.ID, Path: editionPath(e.ID), Rev: e.Rev, Row: v.editionRow(&e.Edition), Words: v.query("q"), Typed: map[string]string{},
		Edits: e.State == obligation.EditionEditing && v.me.Can(access.CatalogueEdit, e.UnitID),
		Empty: empty{Why: "还没有事项。", Way: "逐条增加，或者导入按国家统一表头编的表格。"}}
	from, err := v.cursor("from")
	if err != nil {
		return nil, err
	}
	for _, r := range e.List {
		if p.Words != "" && !strings.Contains(rowWords(r.Row), p.Words) {
			continue
		}
		p.Total++
		switch {
		case int64(r.No) <= from:
		case len(p.Rows) < catalogueLines:
			p.Rows = append(p.Rows, catalogueLine{r.No, fmt.Sprintf("%s/rows/%d", p.Path, r.No), rowTitle(r.Row), r.Row})
		case p.More == "":
			p.More = v.with("from", strconv.Itoa(p.Rows[len(p.Rows)-1].No))
		}
	}
	if p.Words != "" {
		p.Empty = empty{Why: "没有含“" + p.Words + "”的事项。", Way: "换几个字再找。"}
	}
	p.steps(v, &e.Edition)
	if err := p.history(v, e); err != nil {
		return nil, err
	}
	if e.State == obligation.EditionEditing || e.State == obligation.EditionInReview {
		failures, _, err := v.Obligations.CheckEdition(v.r.Context(), v.tree, e.ID, v.today)
		if err != nil {
			return nil, err
		}
		for _, f := range failures[:min(len(failures), 20)] {
			p.Failures = append(p.Failures, fact{Label: f.Where, Value: f.Message})
		}
	}
	return p, nil
}

func (p *cataloguePage) history(v *visit, e *obligation.EditionView) error {
	var actors []string
	for _, s := range e.Steps {
		actors = append(actors, s.By)
	}
	names, err := v.doers(actors)
	if err != nil {
		return err
	}
	for _, s := range e.Steps {
		line := fact{Label: ui.Stamp(s.At), Value: names[s.By] + " " + stepWords(s.Event)}
		if s.Note != "" {
			line.Value += "：" + s.Note
		}
		p.History = append(p.History, line)
	}
	return nil
}

func stepWords(e lifecycle.Event) string {
	switch e {
	case obligation.EditionBegin:
		return "开始施行"
	case obligation.EditionEnd:
		return "被新版代替"
	}
	if w := eventWords[e]; w != "" {
		return w
	}
	return "建立"
}

var stepLabels = []stepChoice{
	{Event: string(obligation.EditionSubmit), Label: "送把关"},
	{Event: string(obligation.EditionApprove), Label: "通过", Day: true},
	{Event: string(obligation.EditionReturn), Label: "退回修改", Why: true},
	{Event: string(obligation.EditionReopen), Label: "收回修改", Why: true},
	{Event: string(obligation.EditionAbandon), Label: "作废", Why: true, Danger: true},
}

// steps lists what the reader can do with the edition now.
func (p *cataloguePage) steps(v *visit, e *obligation.Edition) {
	for _, s := range stepLabels {
		if row, ok := editionStepRow(e, lifecycle.Event(s.Event)); ok && v.me.Can(access.Act(row.Act), stepUnit(e, row)) {
			p.Steps = append(p.Steps, s)
		}
	}
}

func rowTitle(r workplan.Row) string {
	var parts []string
	for _, s := range []string{r.Level1, r.Level2, r.Level3} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "／")
}

func rowWords(r workplan.Row) string {
	return strings.Join([]string{r.Field, r.Level1, r.Level2, r.Level3, r.Content, r.Basis, r.By}, "\n")
}

// catalogueRowPage is the form of one row; number 0 is a new one.
type catalogueRowPage struct {
	frame
	Path    string // of the edition
	Catalog string
	No      int
	Rev     int
	Fields  []rowField
	Wrong   string
}

// View names the folder.
func (*catalogueRowPage) View() string { return "catalogue_row" }

type rowField struct {
	Name, Label, Value, Hint string
	Long, Need               bool
}

// rowFields are the cells of a row under the national headings.
var rowFields = []struct {
	name, label, hint string
	long, need        bool
	cell              func(*workplan.Row) *string
}{
	{"field", "领域", "", false, true, func(r *workplan.Row) *string { return &r.Field }},
	{"level1", "一级事项", "", false, true, func(r *workplan.Row) *string { return &r.Level1 }},
	{"level2", "二级事项", "", false, false, func(r *workplan.Row) *string { return &r.Level2 }},
	{"level3", "三级事项", "", false, false, func(r *workplan.Row) *string { return &r.Level3 }},
	{"content", "公开内容（要素）", "", true, true, func(r *workplan.Row) *string { return &r.Content }},
	{"basis", "公开依据", "", true, false, func(r *workplan.Row) *string { return &r.Basis }},
	{"limit", "公开时限", "例如：自信息形成之日起20个工作日内", false, true, func(r *workplan.Row) *string { return &r.Limit }},
	{"by", "公开主体", "机构名录里的名称，几个单位用顿号分开", false, true, func(r *workplan.Row) *string { return &r.By }},
	{"channels", "公开渠道和载体", "几个渠道用顿号分开", false, false, nil},
	{"audience", "公开对象", "全社会，或者写明特定群体", false, false, func(r *workplan.Row) *string { return &r.Audience }},
	{"mode", "公开方式", "主动，或者依申请公开", false, false, func(r *workplan.Row) *string { return &r.Mode }},
	{"level", "公开层级", "例如：县级、乡级", false, false, func(r *workplan.Row) *string { return &r.Level }},
}

// rowNo reads the number of the row of the address; "new" is 0.
func (v *visit) rowNo(e *obligation.EditionView) (no int, row workplan.Row, err error) {
	if v.r.PathValue("no") == "new" {
		return 0, workplan.Row{Mode: "主动", Audience: "全社会"}, nil
	}
	no, err = strconv.Atoi(v.r.PathValue("no"))
	for _, r := range e.List {
		if err == nil && r.No == no {
			return no, r.Row, nil
		}
	}
	return 0, row, fault.New(fault.NotFound, "row_unknown", "这份目录里没有第%s条，可能已经删去。请从目录里重新打开。", fault.Clip(v.r.PathValue("no"), 10))
}

func showRow(v *visit) (ui.Page, error) {
	e, err := v.edition(access.CatalogueEdit)
	if err != nil {
		return nil, err
	}
	no, row, err := v.rowNo(&e)
	if err != nil {
		return nil, err
	}
	return v.rowPage(&e, no, row), nil
}

func (v *visit) rowPage(e *obligation.EditionView, no int, row workplan.Row) *catalogueRowPage {
	title := "增加一条"
	if no != 0 {
		title = rowTitle(row)
	}
	p := &catalogueRowPage{frame: v.frame(title), Path: editionPath(e.ID), Catalog: e.Title, No: no, Rev: e.Rev}
	for _, f := range rowFields {
		value := strings.Join(row.Channels, "、")
		if f.cell != nil {
			value = *f.cell(&row)
		}
		p.Fields = append(p.Fields, rowField{f.name, f.label, value, f.hint, f.long, f.need})
	}
	return p
}

func putRow(v *visit) (answer, error) {
	e, err := v.edition(access.CatalogueEdit)
	if err != nil {
		return answer{}, err
	}
	no, row, err := v.rowNo(&e)
	if err != nil {
		return answer{}, err
	}
	remove := v.field("do") == "delete"
	for _, f := range rowFields {
		if f.cell != nil {
			*f.cell(&row) = v.field(f.name)
		}
	}
	row.Channels = workplan.SplitNames(v.field("channels"))
	rev := int(v.number("rev"))
	err = v.change(func(ctx context.Context, tx *db.Tx) error {
		var err error
		if remove {
			_, err = v.Obligations.DeleteRow(ctx, tx, e.ID, rev, no, v.me.Actor())
		} else {
			_, err = v.Obligations.PutRow(ctx, tx, e.ID, rev, obligation.EditionRow{No: no, Row: row}, v.me.Actor())
		}
		return err
	})
	if message, ok := mendable(err); ok {
		p := v.rowPage(&e, no, row)
		p.Wrong = message
		return again(p)
	}
	if err != nil {
		return answer{}, err
	}
	if remove {
		return goTo(editionPath(e.ID), "已删去一条。")
	}
	return goTo(editionPath(e.ID), "已保存“"+fault.Clip(rowTitle(row), 40)+"”。")
}

// sheetFile reads the table that a form sends.
func (v *visit) sheetFile() (name string, data []byte, err error) {
	f, head, err := v.r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) {
		return "", nil, fault.New(fault.Invalid, "file_missing", "请选一个 XLSX 或 CSV 表格再导入。").At("表格")
	}
	if err != nil {
		return "", nil, err
	}
	defer f.Close()
	data, err = io.ReadAll(f)
	return head.Filename, data, err
}

// exportRows sends an edition as a table under the national headings.
func exportRows(v *visit) error {
	e, err := v.edition("")
	if err != nil {
		return err
	}
	book := excelize.NewFile()
	defer book.Close()
	w, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	cells := make([]any, len(rowFields))
	for i, f := range rowFields {
		cells[i] = f.label
	}
	if err := w.SetRow("A1", cells); err != nil {
		return err
	}
	for n, r := range e.List {
		for i, f := range rowFields {
			cells[i] = strings.Join(r.Row.Channels, "、")
			if f.cell != nil {
				cells[i] = *f.cell(&r.Row)
			}
		}
		if err := w.SetRow(fmt.Sprintf("A%d", n+2), cells); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		return err
	}
	v.sendBook(fault.Clip(e.Title, 60)+".xlsx", out.Bytes())
	return nil
}

// comparePage is what an edition has otherwise than another catalogue.
type comparePage struct {
	frame
	Path    string
	Catalog string
	Tabs    []tab
	Missing []compareRow
	Extra   []compareRow
	Changed []compareRow
	Same    int
	None    string // why there is nothing to compare with
}

// View names the folder.
func (*comparePage) View() string { return "catalogue_compare" }

type compareRow struct {
	Title string
	Field string
	Cells []workplan.Cell
}

func showCatalogueComparison(v *visit) (ui.Page, error) {
	e, err := v.edition("")
	if err != nil {
		return nil, err
	}
	p := &comparePage{frame: v.frame("比较：" + e.Title), Path: editionPath(e.ID), Catalog: e.Title}
	with := obligation.Against(v.query("with"))
	if with != obligation.AgainstAbove {
		with = obligation.AgainstInForce
	}
	at := p.Path + "/compare?with="
	p.Tabs = []tab{{Label: "和现行的比", Path: at + string(obligation.AgainstInForce), Here: with == obligation.AgainstInForce},
		{Label: "和上一级的比", Path: at + string(obligation.AgainstAbove), Here: with == obligation.AgainstAbove}}
	d, err := v.Obligations.CompareEdition(v.r.Context(), e.ID, with)
	if fault.KindOf(err) == fault.NotFound && err != nil {
		p.None = fault.Public(err)
		return p, nil
	}
	if err != nil {
		return nil, err
	}
	p.Same = d.Same
	for _, r := range d.Missing {
		p.Missing = append(p.Missing, compareRow{Title: rowTitle(r), Field: r.Field})
	}
	for _, r := range d.Extra {
		p.Extra = append(p.Extra, compareRow{Title: rowTitle(r), Field: r.Field})
	}
	for _, c := range d.Changed {
		p.Changed = append(p.Changed, compareRow{rowTitle(c.Row), c.Row.Field, c.Cells})
	}
	return p, nil
}
