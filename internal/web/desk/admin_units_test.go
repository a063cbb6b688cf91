package desk

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/obligation"
)

// dutiesOf are the obligations and unmet duties that a unit has now.
func (r *room) dutiesOf(id int64) (obligations, open int) {
	r.t.Helper()
	ctx := r.t.Context()
	check(r.t, r.DB.View(ctx, func(tx *db.Tx) error {
		tree, err := r.Units.Tree(ctx, tx)
		if err != nil {
			return err
		}
		p, err := r.Obligations.MovePreview(ctx, tx, tree, obligation.MoveRequest{From: id, On: tx.Today()})
		obligations, open = len(p.Lines), openOf(p)
		return err
	}))
	return obligations, open
}

func (r *room) unitCalled(name string) int64 {
	r.t.Helper()
	tree, err := r.Units.Snapshot(r.t.Context())
	check(r.t, err)
	o, err := tree.Resolve(name, civil.DateOf(autumn))
	check(r.t, err)
	return o.ID
}

func TestUnitsAreFoundAddedAndShown(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Office, r.root)
	b.get("/desk/units").wants(http.StatusOK, "永州市教育局", "个机构", "登记沿革")
	b.get("/desk/units?find=祁阳县").wants(http.StatusOK, "祁阳市")
	b.get("/desk/units?find=不存在的局").wants(http.StatusOK, "没有叫这个名字")
	r.as(access.Editor, r.edu).get(unitPath(r.edu)).wants(http.StatusForbidden)
	b.get(unitPath(r.edu)).wants(http.StatusOK, "永州市教育局", "应公开事项", "1 个，角色 1 个", "没有登记过")
	b.get(unitPath(99999)).wants(http.StatusNotFound)

	form := []string{"name", "永州市低空经济发展局", "short", "市低空局", "kind", "department", "parent", "永州市人民政府"}
	b.post("/desk/units/new", "name", "永州市教育局", "kind", "department", "parent", "永州市人民政府").wants(http.StatusUnprocessableEntity, "已经是", `value="永州市教育局"`)
	b.post("/desk/units/new", "name", "永州市低空经济发展局", "kind", "department", "parent", "某某政府").wants(http.StatusUnprocessableEntity, "上级：")
	at := b.post("/desk/units/new", form...).wants(http.StatusSeeOther).To
	b.get(at).wants(http.StatusOK, "名录里增加了", "市低空局")
	own := r.as(access.Office, r.edu) // of one unit only
	own.post("/desk/units/new", "name", "永州市某局", "kind", "department", "parent", "永州市人民政府").wants(http.StatusForbidden)
}

func TestMergerShowsAndMovesWhatHangsOnAUnit(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Office, r.root)
	r.as(access.Editor, r.edu)
	_, open := r.dutiesOf(r.edu)
	if open == 0 {
		t.Fatal("the unit owes nothing: there is nothing to move")
	}
	form := []string{"kind", "merge", "subjects", "市教育局", "successors", "永州市教育体育局", "found", "1", "on", "2021-11-15"}
	b.post("/desk/units/reform/preview", form...).wants(http.StatusUnprocessableEntity, "依据：")
	form = append(form, "basis", "永办〔2021〕9号")
	said := b.post("/desk/units/reform/preview", form...).wants(http.StatusOK, "随这次改革新设：永州市教育体育局", fmt.Sprintf("没有完成的 %d 件", open), "1 个，角色 1 个", "由永州市教育体育局接着办", "公开教育信息")
	if _, still := r.dutiesOf(r.edu); still != open {
		t.Errorf("looking moved duties: %d of %d are left", still, open)
	}
	b.get("/desk/units?find=永州市教育体育局").wants(http.StatusOK, "没有叫这个名字")
	if !strings.Contains(said.Body, `value="merge"`) {
		t.Error("the form to confirm does not carry the kind")
	}

	b.post("/desk/units/reform", form...).wants(http.StatusSeeOther)
	heir := r.unitCalled("永州市教育体育局")
	if _, got := r.dutiesOf(heir); got != open {
		t.Errorf("the successor owes %d duties, want %d", got, open)
	}
	if n, got := r.dutiesOf(r.edu); n != 0 || got != 0 {
		t.Errorf("the unit that has ended still has %d obligations, %d duties", n, got)
	}
	b.get(unitPath(r.edu)).wants(http.StatusOK, "终止", "现由", "永州市教育体育局", "永办〔2021〕9号")
	b.post("/desk/units/reform/preview", form...).wants(http.StatusUnprocessableEntity)
}

// chooser finds the fields by which the page lets choose who takes over.
var chooser = regexp.MustCompile(`<select name="(to-\d+-\d+)"`)

func TestSplitWantsEveryObligationDecided(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Office, r.root)
	form := []string{"kind", "split", "subjects", "市教育局", "successors", "永州市学前教育局\n永州市高等教育局", "found", "1", "on", "2021-11-15", "basis", "永办〔2021〕9号"}
	page := b.post("/desk/units/reform/preview", form...).wants(http.StatusOK, "请选承接单位", "永州市学前教育局", "永州市高等教育局").Body
	b.post("/desk/units/reform", form...).wants(http.StatusUnprocessableEntity, "没有定由谁承接", "请选承接单位")
	fields := chooser.FindAllStringSubmatch(page, -1)
	if len(fields) == 0 {
		t.Fatal("nothing to choose")
	}
	value := regexp.MustCompile(`<option value="(\d+)">永州市高等教育局`).FindStringSubmatch(html.UnescapeString(page))
	form = append(form, fields[0][1], value[1], strings.Replace(fields[0][1][:strings.LastIndex(fields[0][1], "-")], "to-", "rest-", 1), value[1])
	b.post("/desk/units/reform", form...).wants(http.StatusSeeOther)
	if n, _ := r.dutiesOf(r.unitCalled("永州市高等教育局")); n != len(fields) {
		t.Errorf("got %d obligations, want %d", n, len(fields))
	}
}

func TestReformOfAComingDayKeepsDutiesUntilThen(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Office, r.root)
	_, open := r.dutiesOf(r.edu)
	form := []string{"kind", "merge", "subjects", "市教育局", "successors", "市财政局", "on", "2022-01-01", "basis", "永办〔2021〕9号"}
	b.post("/desk/units/reform/preview", form...).wants(http.StatusOK, "这一天还没有到")
	b.post("/desk/units/reform", form...).wants(http.StatusSeeOther)
	if _, got := r.dutiesOf(r.edu); got != open {
		t.Errorf("got %d duties before the day, want %d", got, open)
	}
}

func TestHandoverAfterAnEventByTable(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Office, r.root)
	_, open := r.dutiesOf(r.edu)
	table := "编号,日期,类型,机关,承接机关,依据\na-1,2021-11-01,合并,永州市教育局,永州市财政局,永办〔2021〕9号\na-2,2021-11-01,合并,没有的局,永州市财政局,永办〔2021〕9号\n"
	page := b.upload("/desk/units/table/check", "events.csv", []byte(table), "kind", "events").wants(http.StatusOK, "检查结果", "没有的局").Body
	file := regexp.MustCompile(`name="file" value="([^"]+)"`).FindStringSubmatch(page)
	if file == nil {
		t.Fatalf("the page has no file to take: %s", words(page))
	}
	b.get(unitPath(r.edu)).wants(http.StatusOK, "没有登记过")
	b.post("/desk/units/table", "kind", "events", "name", "events.csv", "file", html.UnescapeString(file[1])).wants(http.StatusSeeOther)
	b.get(unitPath(r.edu)).wants(http.StatusOK, "终止", unitPath(r.edu)+"/handover")
	page = b.get(unitPath(r.edu)+"/handover").wants(http.StatusOK, "公开教育信息", "永办〔2021〕9号").Body
	_, before := r.dutiesOf(r.finance)
	form := []string{"basis", "永办〔2021〕9号"}
	for _, f := range chooser.FindAllStringSubmatch(page, -1) {
		form = append(form, f[1], strconv.FormatInt(r.finance, 10))
	}
	b.post(unitPath(r.edu)+"/handover", "basis", "").wants(http.StatusUnprocessableEntity, "依据")
	b.post(unitPath(r.edu)+"/handover", form...).wants(http.StatusSeeOther)
	if _, left := r.dutiesOf(r.edu); left != 0 {
		t.Errorf("%d of %d duties are left", left, open)
	}
	if _, got := r.dutiesOf(r.finance); got < before {
		t.Errorf("the successor owes %d, less than the %d before", got, before)
	}
}

func TestTablesOfUnits(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Office, r.root)
	got := b.get("/desk/unit-tables/units.csv").wants(http.StatusOK, "永州市教育局")
	if !strings.HasPrefix(got.Body, "\ufeff名称,") || got.Header.Get("Content-Disposition") == "" {
		t.Errorf("got %q", got.Body[:20])
	}
	b.upload("/desk/units/table/check", "units.csv", []byte(got.Body), "kind", "units").wants(http.StatusOK, "增加 <b>0</b>，更改 <b>0</b>", "不收 <b>0</b>")
	b.upload("/desk/units/table/check", "units.csv", []byte("第一行\n第二行\n"), "kind", "units").wants(http.StatusUnprocessableEntity)
	b.get("/desk/unit-tables/units-template.csv").wants(http.StatusOK, "名称")
	b.get("/desk/unit-tables/other.csv").wants(http.StatusNotFound)
	r.as(access.Office, r.edu).get("/desk/units/table").wants(http.StatusForbidden)
}
