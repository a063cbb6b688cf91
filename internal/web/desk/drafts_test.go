package desk

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/drafting"
	"gongkai/internal/publication"
)

// zipOf packs parts (name, content, …) into an archive.
func zipOf(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		check(t, err)
		_, err = f.Write([]byte(parts[i+1]))
		check(t, err)
	}
	check(t, w.Close())
	return b.Bytes()
}

// docxOf is a Word file of paragraphs.
func docxOf(t testing.TB, paragraphs ...string) []byte {
	t.Helper()
	body := ""
	for _, p := range paragraphs {
		body += `<w:p><w:r><w:t xml:space="preserve">` + p + `</w:t></w:r></w:p>`
	}
	return zipOf(t,
		"[Content_Types].xml", `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels", `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml", `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`+body+`</w:body></w:document>`)
}

// letter is a document in the form of official ones.
func letter(t testing.TB) []byte {
	return docxOf(t, "永州市教育局文件", "永教发〔2021〕31号", "永州市教育局关于做好2021年冬季学校供暖工作的通知", "各县市区教育局，局属各学校：",
		"为保障师生温暖过冬，现将有关事项通知如下。", "一、提前检修设备", "各学校应在11月底前完成供暖设备检修。", "二、落实责任", "校长为第一责任人。", "永州市教育局", "2021年11月10日")
}

// begun makes a draft of a person and gives its number.
func (b *browser) begun(line *publication.Line) drafting.Draft {
	b.t.Helper()
	var d drafting.Draft
	check(b.t, b.DB.Update(b.t.Context(), func(tx *db.Tx) (err error) {
		d, err = b.Drafts.Create(b.t.Context(), tx, b.person, b.person.UnitID, line)
		return err
	}))
	return d
}

// held is the draft as it is now.
func (b *browser) held(id int64) *drafting.Work {
	b.t.Helper()
	w, err := b.Drafts.Get(b.t.Context(), b.person, id)
	check(b.t, err)
	return w
}

// put sends what the editor's autosave sends.
func (b *browser) put(path string, v any) *seen {
	b.t.Helper()
	text, err := json.Marshal(v)
	check(b.t, err)
	req, err := http.NewRequest(http.MethodPut, b.url+path, bytes.NewReader(text))
	check(b.t, err)
	req.Header.Set("Content-Type", "application/json")
	return b.do(req)
}

func winter(title string) *publication.Line {
	return &publication.Line{Kind: "notice", Title: title, IssuedOn: civil.MustDate("2021-11-10"),
		Body: publication.Body{Format: document.HTML, Text: "<p>为保障师生温暖过冬，现将有关事项通知如下。</p>"}}
}

var draftNumber = regexp.MustCompile(`^/desk/drafts/(\d+)`)

func (s *seen) draftID() (id int64) {
	s.t.Helper()
	m := draftNumber.FindStringSubmatch(s.To)
	if m == nil {
		s.t.Fatalf("%s: leads to %q, which is no draft", s.what, s.To)
	}
	fmt.Sscan(m[1], &id)
	return id
}

// TestDraftFromFileToReview is the way of a Word file to the reviewer.
func TestDraftFromFileToReview(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Editor, r.edu)
	b.get("/desk/drafts/new").wants(http.StatusOK, "交一个文件", "政策文件", "市教育局")
	s := b.upload("/desk/drafts/file", "供暖通知.docx", letter(t)).wants(http.StatusSeeOther)
	id := s.draftID()
	if !strings.Contains(s.To, "/edit?read=") {
		t.Errorf("leads to %s, without what was read", s.To)
	}
	b.get(s.To).wants(http.StatusOK, "永教发〔2021〕31号", "关于做好2021年冬季学校供暖工作的通知", "从第2段读到：“永教发〔2021〕31号”（确定）", `value="2021-11-10"`, "提前检修设备", "供暖通知.docx")

	w := b.held(id)
	if len(w.Files) != 1 || w.Line.IssuedOn.String() != "2021-11-10" {
		t.Fatalf("got %d files, issued on %s", len(w.Files), w.Line.IssuedOn)
	}
	form := []string{"revision", decimal(int64(w.Revision)), "settings", "1", "title", "永州市教育局关于做好冬季学校供暖工作的通知", "unit", "市教育局", "kind", "notice", "body", w.Line.Body.Text}
	edit := draftWay(id, "edit")
	if to := b.post(edit, append(form, "do", "save")...).wants(http.StatusSeeOther).To; to != edit {
		t.Errorf("saving leads to %s", to)
	}
	b.get(edit).wants(http.StatusOK, "已保存为第", "冬季学校供暖工作的通知")
	w = b.held(id)
	form[1] = decimal(int64(w.Revision))
	to := b.post(edit, append(form, "do", "submit")...).wants(http.StatusSeeOther).To
	if to != drafting.Path(id) || b.held(id).State != drafting.InReview {
		t.Errorf("submitting leads to %s, and the state is %s", to, b.held(id).State)
	}
	b.get(edit).wants(http.StatusConflict, "不能改")
	b.put(draftWay(id, "autosave"), map[string]any{"revision": 1, "body": "<p>x</p>"}).wants(http.StatusConflict, "不能改")
}

func TestBadUploadsAreAnsweredOnTheForm(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Editor, r.edu)
	bomb := zipOf(t, "[Content_Types].xml", "<Types/>", "word/document.xml", strings.Repeat("0", 300<<20))
	cipher := append([]byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}, bytes.Repeat([]byte("EncryptedPackage"), 400)...)
	for _, c := range []struct {
		what, name string
		data       []byte
	}{
		{"a bomb", "通知.docx", bomb},
		{"a broken PDF under another name", "通知.docx", []byte("%PDF-1.7\nnothing else")},
		{"an encrypted file", "通知.docx", cipher},
		{"a program", "通知.docx", []byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00")},
		{"nothing", "通知.docx", nil},
		{"a picture", "通知.docx", pngOf(t)},
	} {
		t.Run(c.what, func(t *testing.T) {
			b.upload("/desk/drafts/file", c.name, c.data, "kind", "notice").wants(http.StatusUnprocessableEntity, `role="alert"`, "交一个文件", `<option value="notice" selected>`)
		})
	}
	b.post("/desk/drafts/file", "kind", "notice").wants(http.StatusUnprocessableEntity, "没有选文件")
	if page, err := b.Drafts.List(t.Context(), b.person, drafting.Filter{}); err != nil || len(page.Drafts) != 0 {
		t.Errorf("a refused file left %d drafts, %v", len(page.Drafts), err)
	}
}

func pngOf(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	check(t, png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))))
	return b.Bytes()
}

func TestScansBecomeAttachments(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Editor, r.edu)
	id := b.upload("/desk/drafts/file", "扫描件.png", pngOf(t), "kind", "notice", "anyway", "1").wants(http.StatusSeeOther).draftID()
	if w := b.held(id); len(w.Files) != 1 || w.Line.Body.Text != "" {
		t.Errorf("got %d files and the text %q", len(w.Files), w.Line.Body.Text)
	}
}

// TestEditorWithoutScripts goes through every button of the form.
func TestEditorWithoutScripts(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Editor, r.edu)
	id := b.post("/desk/drafts/new", "kind", "plan", "unit", decimal(r.edu)).wants(http.StatusSeeOther).draftID()
	edit := draftWay(id, "edit")
	b.get(edit).wants(http.StatusOK, "主要指标", `name="t.indicators.0.name"`, "还缺什么", "缺少标题")
	typed := func(more ...string) []string {
		return append([]string{"revision", decimal(int64(b.held(id).Revision)), "settings", "1", "title", "十四五教育规划", "unit", "市教育局", "issued_on", "2021-11-01",
			"body", "第一段\n第二段 < 三", "keywords", "教育、规划", "f.level", "专项规划", "r.0.type", "implements", "r.0.target", "永政发〔2021〕9号", "r.0.articles", "第三条",
			"t.indicators.0.name", "入学率", "t.indicators.0.target", "99.5", "t.indicators.0.base", "98", "t.indicators.0.unit", "%", "t.indicators.0.nature", "",
			"t.indicators.1.name", "多余的", "t.indicators.1.target", "", "t.indicators.1.base", "", "t.indicators.1.unit", "", "t.indicators.1.nature", ""}, more...)
	}
	if to := b.post(edit, typed("do", "row.indicators")...).wants(http.StatusSeeOther).To; to != edit+"#f.indicators" {
		t.Errorf("a row more leads to %s", to)
	}
	b.get(edit).wants(http.StatusOK, "还没有保存的文字", `value="入学率"`, `name="t.indicators.2.name"`, `value="永政发〔2021〕9号"`)
	if b.held(id).Revision != 1 {
		t.Error("a row more makes a revision")
	}
	b.post(edit, typed("do", "drop.indicators.1")...).wants(http.StatusSeeOther)
	page := b.get(edit).wants(http.StatusOK, `value="入学率"`)
	if strings.Contains(page.Body, "多余的") {
		t.Error("the dropped row is still there")
	}

	bad := typed("do", "save")
	for i := range bad {
		if bad[i] == "2021-11-01" {
			bad[i] = "去年冬天"
		}
	}
	b.post(edit, bad...).wants(http.StatusUnprocessableEntity, "不是日期", `value="去年冬天"`, `value="十四五教育规划"`, "入学率")
	good := typed("do", "save")
	good = append(good[:len(good)-12], "do", "save") // without the second row
	b.post(edit, good...).wants(http.StatusSeeOther)
	w := b.held(id)
	line := w.Line
	if line.Body.Text != "<p>第一段</p>\n<p>第二段 &lt; 三</p>\n" {
		t.Errorf("the text is %q", line.Body.Text)
	}
	rows, _ := line.Fields["indicators"].([]any)
	if len(rows) != 1 || rows[0].(map[string]any)["target"] != json.Number("99.5") || line.Fields["level"] != "专项规划" || strings.Join(line.Keywords, "+") != "教育+规划" {
		t.Errorf("the fields are %v, the keywords %v", line.Fields, line.Keywords)
	}
	if len(line.Relations) != 1 || line.Relations[0].Type != publication.Implements || line.Relations[0].Articles[0] != "第三条" {
		t.Errorf("the relations are %+v", line.Relations)
	}
	if b.post(edit, typed("do", "unrelate.0")...).wants(http.StatusSeeOther).To != edit+"#relations" {
		t.Error("dropping a relation leads elsewhere")
	}
	if mine := ownUnsaved(b.held(id), b.person.Actor()); mine == nil || len(mine.Line.Relations) != 0 {
		t.Errorf("the relation is still there: %+v", mine)
	}
	b.post(draftWay(id, "discard")).wants(http.StatusSeeOther)
	if ownUnsaved(b.held(id), b.person.Actor()) != nil {
		t.Error("what was discarded is still there")
	}
}

func TestFilesOfDrafts(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Editor, r.edu)
	d := b.begun(winter("供暖通知"))
	edit := draftWay(d.ID, "edit")
	form := func(do string) []string {
		return []string{"revision", decimal(int64(b.held(d.ID).Revision)), "title", "供暖通知（二稿）", "body", "<p>正文</p>", "do", do}
	}
	b.upload(edit, "清单.txt", []byte("一、锅炉\n"), form("attach")...).wants(http.StatusSeeOther)
	b.upload(edit, "图.png", pngOf(t), form("attach")...).wants(http.StatusSeeOther)
	b.post(edit, form("attach")...).wants(http.StatusUnprocessableEntity, "没有选附件", "供暖通知（二稿）")
	b.upload(edit, "坏.exe", []byte("MZ\x90\x00"), form("attach")...).wants(http.StatusUnprocessableEntity, `role="alert"`, "供暖通知（二稿）")
	w := b.held(d.ID)
	if len(w.Files) != 2 || w.Title != "供暖通知" || ownUnsaved(w, b.person.Actor()).Line.Title != "供暖通知（二稿）" {
		t.Fatalf("got %d files, the title %q", len(w.Files), w.Title)
	}
	second := decimal(w.Files[1].ID)
	b.post(edit, form("up."+second)...).wants(http.StatusSeeOther)
	if w = b.held(d.ID); w.Files[0].Name != "图.png" {
		t.Errorf("the first file is %s", w.Files[0].Name)
	}
	b.get(edit).wants(http.StatusOK, "清单.txt", "还没有保存的文字")
	b.get(draftWay(d.ID, "files")).wants(http.StatusOK, `"name":"图.png"`, `"url":"`+filePath(d.ID, w.Files[0].ID)+`"`, `"media_type":"image/png"`)
	b.post(edit, form("detach."+decimal(w.Files[1].ID))...).wants(http.StatusSeeOther)
	if w = b.held(d.ID); len(w.Files) != 1 {
		t.Errorf("%d files are left", len(w.Files))
	}
}

// TestPicturesInTheText goes from the editor's upload to the text that the
// public reads.
func TestPicturesInTheText(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Editor, r.edu)
	d := b.begun(winter("带图的通知"))
	var got listedFile
	s := b.upload(draftWay(d.ID, "images"), "气温.png", pngOf(t)).wants(http.StatusOK)
	check(t, json.Unmarshal([]byte(s.Body), &got))
	b.upload(draftWay(d.ID, "images"), "坏.exe", []byte("MZ\x90\x00")).wants(http.StatusBadRequest, `"detail"`)
	saved := b.put(draftWay(d.ID, "autosave"), map[string]any{"revision": d.Revision, "title": "带图的通知", "body": `<p>见图</p><p><img src="` + got.URL + `" alt="近五年气温"></p>`,
		"fields": map[string]any{"number": "永教发〔2021〕32号"}}).wants(http.StatusOK, `"revision":1`)
	if strings.Contains(saved.Body, "detail") {
		t.Error(saved.Body)
	}
	page := b.get(draftWay(d.ID, "edit")).wants(http.StatusOK, "没有保存", "近五年气温", "永教发〔2021〕32号")
	if !strings.Contains(page.Body, strings.ReplaceAll(`src="`+got.URL+`"`, `"`, "&#34;")) {
		t.Error("the editor is not shown the picture under the draft's address")
	}
	b.get(draftWay(d.ID, "preview")).wants(http.StatusOK, "预览", `src="`+got.URL+`"`, "还没有保存的文字")
	w := b.held(d.ID)
	mine := ownUnsaved(w, b.person.Actor())
	if want := `src="` + w.Files[0].PathOf() + `"`; !strings.Contains(mine.Line.Body.Text, want) {
		t.Errorf("the text keeps %s, want %s in it", mine.Line.Body.Text, want)
	}
}

func TestTwoEditors(t *testing.T) {
	r := newRoom(t)
	a, b := r.as(access.Editor, r.edu), r.as(access.Editor, r.edu)
	d := a.begun(winter("供暖通知"))
	edit := draftWay(d.ID, "edit")
	b.post(edit, "revision", "1", "title", "供暖通知", "body", "<p>乙写的开头。</p>", "do", "save").wants(http.StatusSeeOther)
	a.put(draftWay(d.ID, "autosave"), map[string]any{"revision": 1, "title": "供暖通知", "body": "<p>甲写的开头。</p>"}).
		wants(http.StatusConflict, `"revision":2`, `"by":"`+b.person.Name, draftWay(d.ID, "conflict"))
	a.get(edit).wants(http.StatusOK, "甲写的开头", "别人保存了新的一版")
	to := a.post(edit, "revision", "1", "title", "供暖通知", "body", "<p>甲写的开头，又加一句。</p>", "do", "save").wants(http.StatusSeeOther).To
	if to != draftWay(d.ID, "conflict") {
		t.Fatalf("a conflict leads to %s", to)
	}
	page := a.get(to).wants(http.StatusOK, b.person.Name, "用我的", "<del>", "<ins>")
	if strings.Contains(page.Body, "一字不差") {
		t.Error("two texts are said to be the same")
	}
	if w := a.held(d.ID); w.Revision != 2 || !strings.Contains(w.Line.Body.Text, "乙写的") {
		t.Errorf("revision %d says %s", w.Revision, w.Line.Body.Text)
	}
	a.post(draftWay(d.ID, "keep"), "revision", "1").wants(http.StatusSeeOther)
	if w := a.held(d.ID); w.Revision != 2 {
		t.Error("mine goes over a version that was not seen")
	}
	a.post(draftWay(d.ID, "keep"), "revision", "2").wants(http.StatusSeeOther)
	if w := a.held(d.ID); w.Revision != 3 || !strings.Contains(w.Line.Body.Text, "又加一句") {
		t.Errorf("revision %d says %s", w.Revision, w.Line.Body.Text)
	}
	a.get(draftWay(d.ID, "versions")).wants(http.StatusOK, "第3版", "第1版", b.person.Name)
	a.get(draftWay(d.ID, "compare?from=2&to=3")).wants(http.StatusOK, "<del>", "<ins>", "前：第2版")
	a.get(draftWay(d.ID, "compare?from=9&to=x")).wants(http.StatusNotFound)
	a.get(to).wants(http.StatusOK, "没有还没保存的文字")
}

func TestSheetsPointAtCells(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Editor, r.edu)
	sheet := b.get("/desk/sheets/notice.xlsx").wants(http.StatusOK)
	b.get("/desk/sheets/nothing.xlsx").wants(http.StatusNotFound)
	f, err := excelize.OpenReader(strings.NewReader(sheet.Body))
	check(t, err)
	defer f.Close()
	name := f.GetSheetName(0)
	k, _ := r.Publications.Kinds.Get("notice")
	at := map[string]int{}
	for i, in := range k.Inputs() {
		at[in.Path] = i + 1
	}
	set := func(row int, path, text string) string {
		cell, err := excelize.CoordinatesToCellName(at[path], row)
		check(t, err)
		check(t, f.SetCellStr(name, cell, text))
		return cell
	}
	set(2, "title", "第一条通知")
	set(2, "body", "正文一")
	set(2, "issued_on", "2021年11月1日")
	set(3, "title", "第二条通知")
	badDay := set(3, "issued_on", "冬天")
	badUnit := set(4, "unit", "市财政局")
	set(4, "title", "别人的通知")
	var out bytes.Buffer
	check(t, f.Write(&out))
	page := b.upload("/desk/sheets", "通知.xlsx", out.Bytes(), "kind", "notice").wants(http.StatusOK, "1行可以建稿", "2行有问题", "! "+badDay, "! "+badUnit, "不是日期", "不能为“市财政局”", "还没有建稿")
	m := regexp.MustCompile(`name="lines" value="([^"]*)"`).FindStringSubmatch(page.Body)
	if m == nil {
		t.Fatal("the page does not send the rows on")
	}
	lines := strings.NewReplacer("&#34;", `"`, "&lt;", "<", "&gt;", ">", "&amp;", "&", "&#39;", "'", "&#43;", "+").Replace(m[1])
	b.post("/desk/sheets/drafts", "name", "通知.xlsx", "unit", decimal(r.edu), "lines", lines).wants(http.StatusSeeOther)
	b.get("/desk/drafts?state=mine").wants(http.StatusOK, "第一条通知", "按表建了1份稿件")
	b.post("/desk/sheets/drafts", "unit", decimal(r.edu), "lines", `{"kind":"notice","unit":"市财政局","title":"别人的"}`).wants(http.StatusUnprocessableEntity, "没有办", "不能为")
	b.upload("/desk/sheets", "通知.xlsx", []byte("这不是表"), "kind", "notice").wants(http.StatusUnprocessableEntity, `role="alert"`, "按表批量建稿")
}

func TestListsAndBatches(t *testing.T) {
	r := newRoom(t)
	editor, reviewer, other := r.as(access.Editor, r.edu), r.as(access.Reviewer, r.edu), r.as(access.Editor, r.finance)
	one, two := editor.begun(winter("供暖通知一")), editor.begun(winter("供暖通知二"))
	bare := editor.begun(&publication.Line{Kind: "notice"})
	editor.get("/desk/drafts").wants(http.StatusOK, "供暖通知一", "供暖通知二", "（还没有标题）", "我起草的", "个工作日", "提交选中的")
	if page := editor.get("/desk/drafts?q=通知一").wants(http.StatusOK, "供暖通知一"); strings.Contains(page.Body, "供暖通知二") {
		t.Error("the words do not narrow the list")
	}
	editor.get("/desk/drafts?kind=policy&state=mine").wants(http.StatusOK, "没有符合这些条件")
	if page := other.get("/desk/drafts?state=all").wants(http.StatusOK, "还没有在办的稿件"); strings.Contains(page.Body, "供暖通知一") {
		t.Error("another unit's draft is listed")
	}
	pick := func(list ...drafting.Draft) (pairs []string) {
		for _, d := range list {
			pairs = append(pairs, "draft", fmt.Sprintf("%d.%d", d.ID, d.Revision))
		}
		return pairs
	}
	editor.post("/desk/drafts/batch", append(pick(one, bare), "event", "submit", "back", "/desk/drafts?state=mine")...).
		wants(http.StatusUnprocessableEntity, "没有全部办好", "供暖通知一", "✓ 办好", "! 没有办", "（还没有标题）")
	if to := editor.post("/desk/drafts/batch", append(pick(two), "event", "submit", "back", "/desk/drafts?state=mine")...).wants(http.StatusSeeOther).To; to != "/desk/drafts?state=mine" {
		t.Errorf("leads to %s", to)
	}
	editor.post("/desk/drafts/batch", append(pick(two), "event", "sign")...).wants(http.StatusBadRequest, "不能成批办理")
	reviewer.get("/desk/drafts").wants(http.StatusOK, "待我审核", "供暖通知一", "供暖通知二", "审核通过选中的")
	reviewer.post("/desk/drafts/batch", append(pick(one, two), "event", "approve")...).wants(http.StatusSeeOther)
	if got := editor.held(one.ID).State; got != drafting.InSecrecy {
		t.Errorf("the state is %s", got)
	}
	reviewer.get("/desk/drafts/new").wants(http.StatusForbidden)
}

func TestCorrections(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Editor, r.edu)
	var put publication.Result
	line := winter("供暖通知")
	line.SourceID, line.Unit = "t-1", "市教育局"
	line.Body = publication.Body{Format: document.Markdown, Text: "# 供暖\n\n第一段**重点**。\n\n第二段。"}
	check(t, r.DB.Update(t.Context(), func(tx *db.Tx) (err error) {
		put, err = r.Publications.Put(t.Context(), tx, line, publication.PutOptions{Actor: "test"})
		return err
	}))
	revise := fmt.Sprintf("/desk/records/%d/revise", put.ID)
	s := b.post(revise).wants(http.StatusSeeOther)
	id := s.draftID()
	b.get(s.To).wants(http.StatusOK, "更正说明", "没有写改了什么", "重点")
	if again := b.post(revise).wants(http.StatusSeeOther).draftID(); again != id {
		t.Errorf("a second correction %d beside %d", again, id)
	}
	edit := draftWay(id, "edit")
	b.post(edit, "revision", "1", "settings", "1", "title", "供暖通知", "body", b.editorText(id), "change", "minor", "note", "更正错别字。", "do", "save").wants(http.StatusSeeOther)
	w := b.held(id)
	if w.Change != drafting.Minor || w.Note != "更正错别字。" || w.Line.Body != line.Body {
		t.Errorf("got %s, %q, and the text %+v, which nobody has changed", w.Change, w.Note, w.Line.Body)
	}
	b.post(edit, "revision", decimal(int64(w.Revision)), "title", "供暖通知", "body", "<p>第一段。</p>", "do", "save").wants(http.StatusSeeOther)
	b.get(draftWay(id, "compare?from=public")).wants(http.StatusOK, "公开的第1版", "<del>")
	r.as(access.Editor, r.finance).post(revise).wants(http.StatusForbidden)
}

// editorText is the text as the editor's page shows it.
func (b *browser) editorText(id int64) string {
	b.t.Helper()
	w := b.held(id)
	text, err := bodyForEditor(w.Line, w)
	check(b.t, err)
	return text
}
