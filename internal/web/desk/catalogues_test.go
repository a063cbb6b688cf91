package desk

import (
	"net/http"
	"strings"
	"testing"

	"gongkai/internal/access"
	"gongkai/internal/obligation"
)

// cells are a complete row of a catalogue, as its form sends it.
func cells(rev, title string) []string {
	return []string{"rev", rev, "field", "教育领域", "level1", title, "content", "文件名称和全文", "basis", "政府信息公开条例", "limit", "自信息形成之日起20个工作日内",
		"by", "市教育局", "channels", "政府网站、公示栏", "audience", "全社会", "mode", "主动", "level", "市级"}
}

func TestCatalogue(t *testing.T) {
	r := newRoom(t)
	county, reviewer := r.as(access.Editor, r.county), r.as(access.Reviewer, r.edu)
	outsider := r.as(access.Editor, r.finance)

	start := []string{"title", "教育领域基层政务公开标准目录", "unit", number(r.county), "reviewer", number(r.edu)}
	outsider.post("/desk/catalogues", start...).wants(http.StatusForbidden)
	county.post("/desk/catalogues", "unit", number(r.county), "reviewer", number(r.edu)).wants(http.StatusUnprocessableEntity, "请填目录的名称")
	path := county.post("/desk/catalogues", start...).wants(http.StatusSeeOther).To
	outsider.get(path).wants(http.StatusForbidden)
	county.get(path).wants(http.StatusOK, "还没有事项", "编制中")
	county.post(path+"/step", "event", string(obligation.EditionSubmit)).wants(http.StatusUnprocessableEntity, "还没有事项，请先填写或导入")

	county.post(path+"/rows/new", cells("1", "政策文件")...).wants(http.StatusSeeOther)
	county.post(path+"/rows/new", cells("1", "招生简章")...).wants(http.StatusUnprocessableEntity, "招生简章")
	county.post(path+"/rows/new", cells("2", "招生简章")...).wants(http.StatusSeeOther)
	county.get(path).wants(http.StatusOK, "政策文件", "招生简章", "2条")
	county.get(path+"?q=招生").wants(http.StatusOK, "招生简章", "1条")
	county.get(path+"/rows/99").wants(http.StatusNotFound, "没有第99条")
	county.get(path+"/rows/2").wants(http.StatusOK, "招生简章", "政府网站、公示栏")

	// What is exported can be imported again.
	book := county.get(path + "/rows.xlsx").wants(http.StatusOK)
	county.upload(path+"/import", "目录.xlsx", []byte(book.Body), "rev", "3", "replace", "1").wants(http.StatusSeeOther)
	page := county.get(path).wants(http.StatusOK, "政策文件", "招生简章", "2条")
	if strings.Contains(page.Body, "没有读懂") {
		t.Error("its own export is not read back whole")
	}
	county.upload(path+"/import", "目录.xlsx", []byte("not a table"), "rev", "4").wants(http.StatusUnprocessableEntity)
	county.get(path+"/compare").wants(http.StatusOK, "比较")

	county.post(path+"/step", "event", string(obligation.EditionSubmit)).wants(http.StatusSeeOther)
	county.post(path+"/step", "event", string(obligation.EditionApprove), "effective_on", "2021-12-01").wants(http.StatusForbidden)
	reviewer.post(path+"/step", "event", string(obligation.EditionReturn)).wants(http.StatusUnprocessableEntity, "请写明理由")
	reviewer.post(path+"/step", "event", string(obligation.EditionApprove), "effective_on", "2020-12-01").wants(http.StatusUnprocessableEntity, "请定生效日期")
	reviewer.post(path+"/step", "event", string(obligation.EditionApprove), "effective_on", "2021-12-01").wants(http.StatusSeeOther)
	county.get("/desk/catalogues").wants(http.StatusOK, "待生效", "2021-12-01")
	if s := outsider.get("/desk/catalogues").wants(http.StatusOK); strings.Contains(s.Body, path) {
		t.Error("a unit that has no part in it sees a catalogue before it is in force")
	}
}
