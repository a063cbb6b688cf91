package desk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/drafting"
	"gongkai/internal/fault"
	"gongkai/internal/publication"
	"gongkai/internal/publication/kind"
)

// draftSheetPage shows what a filled table would become, before it does.
type draftSheetPage struct {
	frame
	Name, Sheet, Kind string
	Unit              int64
	Rows              []sheetRow
	Good, Bad         int
	Lines             string // the good rows, JSON Lines, as the form sends them on
	Results           []draftResult
}

// View names the folder.
func (*draftSheetPage) View() string { return "draft_sheet" }

type sheetRow struct {
	No       int
	Title    string
	Unit     string
	Problems []sheetProblem
}

// sheetProblem is something wrong with a cell.
type sheetProblem struct{ Cell, Words string }

// sendTemplate hands out the table of a kind to be filled in: CODE.xlsx.
func sendTemplate(v *visit) error {
	code, ok := strings.CutSuffix(v.r.PathValue("name"), ".xlsx")
	k, known := v.Publications.Kinds.Get(code)
	if !ok || !known {
		return fault.New(fault.NotFound, "kind_unknown", "没有这张表。请从“写一条信息”页上选种类下载。")
	}
	var out bytes.Buffer
	if err := k.WriteTemplate(&out); err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(k.Label+".xlsx"))
	_, err := v.w.Write(out.Bytes())
	return err
}

// sheetRows is how many rows one table may have.
const sheetRows = 2000

// checkSheet reads a filled table and shows row by row what is wrong.
func checkSheet(v *visit) error {
	if err := v.readForm(); err != nil {
		return err
	}
	p, err := v.readSheet()
	if err == nil {
		return v.engine.Write(v.w, v.r, http.StatusOK, p)
	}
	if !onForm(err) {
		return err
	}
	form, pageErr := v.newDraftPage()
	if pageErr != nil {
		return pageErr
	}
	form.SheetBad = fault.Public(err)
	return v.engine.Write(v.w, v.r, http.StatusUnprocessableEntity, form)
}

func (v *visit) readSheet() (*draftSheetPage, error) {
	up, err := v.uploaded("file")
	if err != nil {
		return nil, err
	}
	f, err := v.Publications.Kinds.ReadSheet(up.Name, up.Data, v.field("kind"), "source_id", "unit")
	if err != nil {
		return nil, err
	}
	switch {
	case len(f.Rows) == 0:
		return nil, fault.New(fault.Invalid, "sheet_empty", "表里除了表头没有内容。请填好再交。").At("%s", up.Name)
	case len(f.Rows) > sheetRows:
		return nil, fault.New(fault.TooLarge, "sheet_long", "表有 %d 行，一次最多 %d 行。请分几张表交。", len(f.Rows), sheetRows).At("%s", up.Name)
	}
	p := &draftSheetPage{frame: v.frame("核对：" + up.Name), Name: up.Name, Sheet: f.Sheet, Kind: f.Kind.Label, Unit: v.writeUnit()}
	var lines strings.Builder
	for _, row := range f.Rows {
		line, problems, err := v.sheetLine(row.Line, p.Unit)
		if err != nil {
			return nil, err
		}
		shown := sheetRow{No: row.No, Title: line.Title, Unit: line.Unit}
		for _, problem := range problems {
			shown.Problems = append(shown.Problems, sheetProblem{f.Cell(row.No, problem.Field), problem.Message})
		}
		if p.Rows = append(p.Rows, shown); len(problems) > 0 {
			p.Bad++
			continue
		}
		text, err := line.Encode()
		if err != nil {
			return nil, err
		}
		p.Good++
		lines.Write(text)
		lines.WriteByte('\n')
	}
	p.Lines = lines.String()
	return p, nil
}

// sheetLine reads a row and tells what is wrong with it. A row that names no
// unit is of the one that the form names.
func (v *visit) sheetLine(text []byte, unitID int64) (*publication.Line, []kind.Problem, error) {
	var bad kind.Problems
	line := new(publication.Line)
	var loose map[string]any
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&loose); err != nil {
		return line, nil, err
	}
	for _, key := range []string{"issued_on", "effective_on", "expires_on", "repealed_on", "published_at"} {
		value, given := loose[key].(string)
		if !given {
			continue
		}
		if err := json.Unmarshal(fmt.Appendf(nil, `{%q: %q}`, key, value), new(publication.Line)); err != nil {
			bad.Add(key, "“%s”不是日期，应写成 2021-06-11 的样子。", fault.Clip(value, 20))
			delete(loose, key)
		}
	}
	clean, err := json.Marshal(loose)
	if err != nil {
		return line, nil, err
	}
	dec = json.NewDecoder(bytes.NewReader(clean))
	dec.UseNumber()
	if err := dec.Decode(line); err != nil {
		bad.Add("", "这一行读不懂：%s。", kind.JSONProblem(err))
		return line, bad, nil
	}
	if strings.TrimSpace(line.Title) == "" {
		bad.Add("title", "缺少标题。")
	}
	bad = append(bad, v.kindOf(line.Kind).Validate(line.Fields)...)
	err = v.sheetUnit(line, unitID, &bad)
	return line, bad, err
}

// sheetUnit settles for which unit a row is.
func (v *visit) sheetUnit(line *publication.Line, unitID int64, bad *kind.Problems) error {
	if line.Unit == "" {
		line.Unit = v.unitName(unitID)
	}
	organ, err := v.tree.Resolve(line.Unit, line.IssuedOn)
	if err != nil {
		return bad.AddFault("unit", err)
	}
	if !v.me.Can(access.RecordWrite, organ.ID) {
		bad.Add("unit", "您不能为“%s”起草信息。", fault.Clip(line.Unit, 40))
	}
	return nil
}

// takeSheet makes drafts of the rows that were confirmed, each on its own.
func takeSheet(v *visit) (answer, error) {
	p := &draftSheetPage{frame: v.frame("按表批量建稿"), Name: v.field("name")}
	made := 0
	for text := range strings.Lines(v.r.PostFormValue("lines")) {
		if strings.TrimSpace(text) == "" {
			continue
		}
		d, line, err := v.draftOfRow([]byte(text))
		if err != nil && fault.KindOf(err) == fault.Internal {
			return answer{}, err
		}
		r := draftResult{Title: headline(line.Title), Path: drafting.Path(d.ID), Words: "已建稿", Good: err == nil}
		if err != nil {
			r.Path, r.Words = "", fault.Public(err)
		} else {
			made++
		}
		p.Results = append(p.Results, r)
	}
	if made == len(p.Results) {
		return goTo(At+"drafts?state=mine", fmt.Sprintf("按表建了%d份稿件。请逐份核对后提交，或在列表里成批提交。", made))
	}
	p.Good, p.Bad = made, len(p.Results)-made
	return again(p)
}

func (v *visit) draftOfRow(text []byte) (d drafting.Draft, line *publication.Line, err error) {
	line, problems, err := v.sheetLine(text, v.writeUnit())
	if err != nil {
		return d, line, err
	}
	if err := kind.Problems(problems).Refusal(); err != nil {
		return d, line, err
	}
	if line.SourceID != "" {
		d, err = v.Drafts.CreateFromLine(v.r.Context(), v.me, line, nil)
		return d, line, err
	}
	organ, err := v.tree.Resolve(line.Unit, line.IssuedOn)
	if err != nil {
		return d, line, err
	}
	err = v.DB.Update(v.r.Context(), func(tx *db.Tx) error {
		d, err = v.Drafts.Create(v.r.Context(), tx, v.me, organ.ID, line)
		return err
	})
	return d, line, err
}
