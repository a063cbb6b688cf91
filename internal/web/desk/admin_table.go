package desk

import (
	"encoding/base64"
	"encoding/csv"
	"io"
	"net/http"
	"strings"

	"gongkai/internal/access"
	"gongkai/internal/fault"
	"gongkai/internal/unit"
	"gongkai/internal/web/ui"
)

// tablePage takes a table of units or of reorganisations: first it is checked,
// then taken.
type tablePage struct {
	frame
	What    []option
	Kind    string
	Checked bool
	Report  unit.Report
	Name    string
	File    string // the checked file, on its way to being taken
	Wrong   string
}

// View names the folder.
func (*tablePage) View() string { return "admin_table" }

// tableBytes bounds a table that a form carries.
const tableBytes = 2 << 20

func (v *visit) tablePage(kind string) *tablePage {
	return &tablePage{frame: v.frame(""), Kind: kind, What: []option{{"units", "机构表", kind != "events"}, {"events", "沿革表", kind == "events"}}}
}

// mayTakeTables asks for the right over the whole directory, since a table may
// name any unit.
func (v *visit) mayTakeTables() error {
	if root, ok := v.tree.Root(v.today); ok && !v.me.Can(access.UnitManage, root.ID) {
		return access.Refusal(access.UnitManage)
	}
	return nil
}

func showTable(v *visit) (ui.Page, error) { return v.tablePage("units"), v.mayTakeTables() }

func (v *visit) importTable(name string, data []byte, dry bool) (unit.Report, error) {
	if err := v.mayTakeTables(); err != nil {
		return unit.Report{}, err
	}
	opts := unit.ImportOptions{Actor: v.me.Actor(), DryRun: dry}
	if v.field("kind") == "events" {
		return v.Units.ImportEvents(v.r.Context(), name, data, opts)
	}
	return v.Units.Import(v.r.Context(), name, data, opts)
}

func checkTable(v *visit) (ui.Page, int, error) {
	p := v.tablePage(v.field("kind"))
	name, data, err := v.tableFile()
	if err == nil {
		p.Report, err = v.importTable(name, data, true)
	}
	if err == nil {
		p.Checked, p.Name, p.File = true, name, base64.StdEncoding.EncodeToString(data)
		return p, http.StatusOK, nil
	}
	var ok bool
	if p.Wrong, ok = mendable(err); !ok {
		return nil, 0, err
	}
	return p, http.StatusUnprocessableEntity, nil
}

// tableFile is the file that the form sends.
func (v *visit) tableFile() (name string, data []byte, err error) {
	f, head, err := v.r.FormFile("file")
	if err != nil {
		return "", nil, fault.New(fault.Invalid, "file_missing", "请选一个 CSV 或 XLSX 文件。").At("文件").Because(err)
	}
	defer f.Close()
	if data, err = io.ReadAll(io.LimitReader(f, tableBytes+1)); err != nil {
		return "", nil, err
	}
	if len(data) > tableBytes {
		return "", nil, fault.New(fault.TooLarge, "table_large", "表格超过 %d MB，请分成几份，或由管理员用命令行导入。", tableBytes>>20).At("文件")
	}
	return head.Filename, data, nil
}

func takeTable(v *visit) (answer, error) {
	data, err := base64.StdEncoding.DecodeString(v.field("file"))
	if err != nil {
		return answer{}, fault.New(fault.Invalid, "form_broken", "提交的表格读不出来，请重新选文件检查一次。").Because(err)
	}
	r, err := v.importTable(v.field("name"), data, false)
	if err == nil {
		return goTo(unitsAt, "表格已导入：增加 "+ui.Thousands(r.Added)+"，更改 "+ui.Thousands(r.Changed)+"，不变 "+ui.Thousands(r.Same)+"，没有收 "+ui.Thousands(len(r.Refused))+"。")
	}
	p := v.tablePage(v.field("kind"))
	var ok bool
	if p.Wrong, ok = mendable(err); !ok {
		return answer{}, err
	}
	return again(p)
}

// sendTable gives the directory of today, or a form to fill in, as CSV with the
// mark by which spreadsheets know UTF-8.
func sendTable(v *visit) error {
	name := v.r.PathValue("name")
	tables := map[string]func() [][]string{
		"units.csv":           func() [][]string { return v.tree.Table(v.today) },
		"units-template.csv":  unit.Template,
		"events-template.csv": unit.EventTemplate,
	}
	rows, ok := tables[name]
	if !ok {
		return fault.New(fault.NotFound, "address_unknown", "没有“%s”这个表格，请从导入页下载。", fault.Clip(name, 40))
	}
	var b strings.Builder
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.WriteAll(rows()); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	v.w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, err := io.WriteString(v.w, b.String())
	return err
}
