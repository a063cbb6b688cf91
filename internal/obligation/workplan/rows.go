package workplan

import (
	"fmt"
	"regexp"
	"strings"

	"gongkai/internal/extract"
	"gongkai/internal/fault"
)

// rowHeadings are the national headings of disclosure catalogues with their
// variants. Those of two rows are merged above their sub-headings.
var rowHeadings = map[string][]string{
	"field":    {"领域", "试点领域", "公开领域", "所属领域"},
	"level1":   {"一级事项", "公开事项一级事项", "公开事项", "公开事项名称", "事项名称", "主题"},
	"level2":   {"二级事项", "公开事项二级事项"},
	"level3":   {"三级事项", "公开事项三级事项"},
	"content":  {"公开内容", "公开内容要素", "公开内容(要素)", "内容要素", "公开要素"},
	"basis":    {"公开依据", "依据"},
	"limit":    {"公开时限", "时限", "公开时限要求"},
	"by":       {"公开主体", "责任主体", "公开责任主体", "责任单位"},
	"channels": {"公开渠道和载体", "公开渠道", "公开载体", "渠道和载体", "公开渠道载体"},
	"all":      {"全社会", "公开对象全社会"},
	"some":     {"特定群体", "特定群众", "特定对象", "公开对象特定群体", "公开对象特定群众"},
	"audience": {"公开对象"},
	"active":   {"主动", "主动公开", "公开方式主动"},
	"onask":    {"依申请公开", "依申请", "公开方式依申请公开"},
	"mode":     {"公开方式"},
	"level":    {"公开层级"},
}

// levelHeadings are the sub-headings of 公开层级.
var levelHeadings = []string{"市级", "县级", "区级", "县、区级", "镇级", "乡级", "乡镇级", "乡、村级", "乡镇、村级", "村级"}

// neededHeadings must be there for a sheet to be a catalogue.
var neededHeadings = []struct{ key, label string }{
	{"level1", "公开事项（一级事项）"}, {"content", "公开内容（要素）"}, {"limit", "公开时限"}, {"by", "公开主体"},
}

// ReadRows reads the rows of a disclosure catalogue from the sheets of a file.
// A sheet that has not all national headings is left out with a warning; a file
// with no such sheet is an Invalid fault that names the headings missing. What
// is hidden in the file is left out with a warning, too.
// Warning.Task is the row's line in its sheet.
func ReadRows(sheets []extract.Sheet) (rows []Row, warnings []Warning, err error) {
	var missing []string
	for i := range sheets {
		s := &sheets[i]
		for _, w := range s.Warnings {
			warnings = append(warnings, Warning{0, s.Name + "：" + w})
		}
		if s.Hidden {
			warnings = append(warnings, Warning{0, "工作表“" + fault.Clip(s.Name, 40) + "”是隐藏的，没有读。"})
			continue
		}
		h := extract.HeaderIndex(s.Rows, allHeadings())
		if lost := missingHeadings(h); len(lost) > 0 {
			missing = append(missing, fmt.Sprintf("工作表“%s”缺少%s", fault.Clip(s.Name, 40), strings.Join(lost, "、")))
			continue
		}
		r := rowReader{sheet: s, columns: h.Columns, field: sheetField(s, h.Row)}
		for j := h.Data; j < len(s.Rows); j++ {
			if line := s.RowNumbers[j]; s.HiddenRows[line] {
				warnings = append(warnings, Warning{line, "这一行在表格里是隐藏的，没有导入。要导入，请取消隐藏；不要，请删去。"})
				continue
			}
			if row, ok := r.row(j); ok {
				rows = append(rows, row)
			}
		}
	}
	if len(rows) == 0 {
		found := strings.Join(missing, "；")
		if found == "" {
			found = "表头下面没有内容"
		}
		return nil, nil, fault.New(fault.Invalid, "not_a_catalogue",
			"这份表格不是公开事项目录：要有“一级事项”“公开内容（要素）”“公开时限”“公开主体”等表头和至少一行内容；%s。请对照国家标准目录的表头改正后再导入。", found)
	}
	for _, m := range missing {
		warnings = append(warnings, Warning{0, m + "，没有读。"})
	}
	return rows, warnings, nil
}

func allHeadings() map[string][]string {
	want := make(map[string][]string, len(rowHeadings)+len(levelHeadings))
	for k, v := range rowHeadings {
		want[k] = v
	}
	for _, l := range levelHeadings {
		want["@"+l] = []string{l, "公开层级" + l}
	}
	return want
}

func missingHeadings(h extract.Header) (lost []string) {
	for _, n := range neededHeadings {
		if _, ok := h.Columns[n.key]; !ok {
			lost = append(lost, n.label)
		}
	}
	return lost
}

var (
	titleField = regexp.MustCompile(`^(.{2,20}?)(?:领域)?(?:基层)?(?:政务|政府信息)?公开(?:事项)?(?:标准)?目录`)
	placeWord  = regexp.MustCompile(`^.{1,12}?(?:省|市|县|区|旗|镇|乡|街道)(?:(?:\d{4}年)|人民政府|本级)*`)
)

// sheetField finds the field (领域) of a sheet without such a column: in a
// title row above the headings, or in the sheet's name.
func sheetField(s *extract.Sheet, head int) string {
	candidates := []string{}
	for i := range head {
		if len(s.Rows[i]) > 0 {
			candidates = append(candidates, s.Rows[i][0])
		}
	}
	for _, c := range append(candidates, s.Name) {
		key := strings.ReplaceAll(string(newText(c).key), " ", "")
		if m := titleField.FindStringSubmatch(key); m != nil {
			if rest := placeWord.ReplaceAllString(m[1], ""); rest != "" {
				return strings.TrimPrefix(rest, "(")
			}
		}
	}
	return strings.TrimSpace(s.Name)
}

// rowReader reads the rows of one sheet in order; 同上 refers to the row before.
type rowReader struct {
	sheet   *extract.Sheet
	columns map[string]int
	field   string
	before  map[string]string
}

var (
	sameAs = regexp.MustCompile(`^[“"(]?同上[”")]?$`)
	ticks  = regexp.MustCompile(`^[√✓✔☑■●是1yY★◆VvＶ]+$`)
)

// cell is the text of a column, with 同上 resolved.
func (r *rowReader) cell(row int, key string) string {
	j, ok := r.columns[key]
	if !ok || j >= len(r.sheet.Rows[row]) {
		return ""
	}
	s := strings.TrimSpace(r.sheet.Rows[row][j])
	if sameAs.MatchString(string(newText(s).key)) {
		s = r.before[key]
	}
	return s
}

// row reads one row; ok is false for notes and rows without an item.
func (r *rowReader) row(i int) (Row, bool) {
	now := map[string]string{}
	for key := range r.columns {
		now[key] = r.cell(i, key)
	}
	if now["content"] == "" && now["level2"] == "" && now["limit"] == "" || now["content"] != "" && now["content"] == now["level1"] && now["by"] == now["level1"] {
		return Row{}, false // a note, or a banner merged across
	}
	if now["level1"] == "" { // blank below what it belongs to
		now["level1"] = r.before["level1"]
	}
	if now["field"] == "" {
		now["field"] = r.before["field"]
	}
	r.before = now
	field := now["field"]
	if field == "" {
		field = r.field
	}
	row := Row{
		Line: r.sheet.RowNumbers[i], Field: oneLine(field), Level1: oneLine(now["level1"]), Level2: oneLine(now["level2"]), Level3: oneLine(now["level3"]),
		Content: now["content"], Basis: now["basis"], Limit: oneLine(now["limit"]), By: oneLine(now["by"]), Channels: splitChannels(now["channels"]),
		Audience: audience(now), Mode: mode(now), Level: r.level(now),
	}
	return row, row.Level1 != "" || row.Level2 != ""
}

// audience is whom a row is disclosed to: everybody, or the group named.
func audience(c map[string]string) string {
	switch {
	case c["some"] != "" && !ticks.MatchString(c["some"]):
		return oneLine(c["some"])
	case c["all"] != "":
		return "全社会"
	case c["some"] != "":
		return "特定群体"
	}
	return oneLine(c["audience"])
}

func mode(c map[string]string) string {
	switch {
	case c["active"] != "":
		return "主动"
	case c["onask"] != "":
		return "依申请公开"
	}
	return oneLine(c["mode"])
}

func (r *rowReader) level(c map[string]string) string {
	var levels []string
	for _, l := range levelHeadings {
		if c["@"+l] != "" {
			levels = append(levels, l)
		}
	}
	if len(levels) == 0 {
		return oneLine(c["level"])
	}
	return strings.Join(levels, "、")
}

// oneLine puts text that was broken for a narrow column on one line.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }), "")
}

var boxes = regexp.MustCompile(`[■□☑☐√●○]`)

// splitChannels lists the channels of a cell. Where boxes are printed only the
// filled ones count.
func splitChannels(s string) (list []string) {
	if !boxes.MatchString(s) {
		return append(list, strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("、，,;；\n\r ", r) })...)
	}
	at := boxes.FindAllStringIndex(s, -1)
	for i, m := range at {
		end := len(s)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		name := strings.Trim(strings.Join(strings.Fields(s[m[1]:end]), ""), "、，,;；_")
		if strings.Contains("■☑√●", s[m[0]:m[1]]) && name != "" {
			list = append(list, name)
		}
	}
	return list
}
