package desk

import (
	"net/http"
	"strings"
	"testing"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/obligation"
)

// owed finds a duty of a unit by words of its title.
func (r *room) owed(unitID int64, title string) obligation.DutyView {
	r.t.Helper()
	list, err := r.Obligations.Duties(r.t.Context(), obligation.DutyFilter{Units: []int64{unitID}}, civil.DateOf(autumn))
	check(r.t, err)
	for _, d := range list.Duties {
		if strings.Contains(d.Title, title) {
			return d
		}
	}
	r.t.Fatalf("unit %d owes nothing that says %q", unitID, title)
	return obligation.DutyView{}
}

func TestDutyLists(t *testing.T) {
	r := newRoom(t)
	editor := r.as(access.Editor, r.edu)
	d := r.owed(r.edu, "教育")
	path := dutyPath(d.ID)

	editor.get("/desk/duties").wants(http.StatusOK, d.Title, path)
	editor.get("/desk/duties?state=unmet&period=2021").wants(http.StatusOK, d.Title)
	editor.get("/desk/duties?state=nil_report").wants(http.StatusOK, "没有符合这些条件的应公开事项。")
	editor.get("/desk/duties?state=none").wants(http.StatusBadRequest, "没有“none”这种状态")
	editor.get("/desk/duties?asof=2030-01-01").wants(http.StatusBadRequest, "只能看今天")
	editor.get("/desk/duties?asof=2021-11-01").wants(http.StatusOK, "这是截至2021-11-01的情况")
	editor.get("/desk/duties?unit=" + number(r.finance)).wants(http.StatusForbidden)
	editor.get("/desk/duties/year?unit=" + number(r.finance)).wants(http.StatusForbidden)
	editor.get("/desk/duties/year").wants(http.StatusOK, "市教育局2021年公开计划", d.Title, "2021-12")
	editor.get("/desk/duties/year?year=1850").wants(http.StatusBadRequest, "“1850”不是年份")
	editor.get(path).wants(http.StatusOK, d.Title, "期限怎么来的", "/desk/drafts/new?duty="+number(d.ID))

	other := r.as(access.Editor, r.finance)
	other.get(path).wants(http.StatusForbidden)
	r.as(access.Office, r.root).get("/desk/duties?unit="+number(r.edu)).wants(http.StatusOK, d.Title)
}

func TestNilReport(t *testing.T) {
	r := newRoom(t)
	path := dutyPath(r.owed(r.edu, "教育").ID)
	r.as(access.Editor, r.edu).post(path+"/nil", "note", "没有").wants(http.StatusForbidden)

	head := r.as(access.Head, r.edu)
	// Whoever has to confirm who he is comes back with what was typed.
	head.get(path+"?note=今年没有改造任务。").wants(http.StatusOK, "今年没有改造任务。</textarea>")
	head.post(path+"/nil", "note", "").wants(http.StatusUnprocessableEntity, "请写明为什么本期没有可公开的内容")
	head.post(path+"/nil", "note", "今年没有改造任务。").wants(http.StatusSeeOther)
	head.get(path).wants(http.StatusOK, "零报告，由永州市教育局负责人签发", "今年没有改造任务。")
	head.post(path+"/nil/withdraw", "why", "有了新任务").wants(http.StatusSeeOther)
	head.get(path).wants(http.StatusOK, "还没有公开。", "有了新任务")
}

func TestClaims(t *testing.T) {
	r := newRoom(t)
	d := r.owed(r.edu, "教育")
	path := dutyPath(d.ID)
	editor, office := r.as(access.Editor, r.edu), r.as(access.Office, r.root)

	editor.post(path+"/ask", "kind", "dispute", "ground", "wrong_unit").wants(http.StatusUnprocessableEntity, "请写明理由")
	editor.post(path+"/ask", "kind", "dispute", "ground", "wrong_unit", "reason", "由财政局负责。").wants(http.StatusSeeOther)
	editor.get(path).wants(http.StatusOK, "有异议", "由财政局负责。", "待答复", "撤回请求")
	editor.post(path+"/ask", "kind", "exemption", "reason", "再提一次").wants(http.StatusUnprocessableEntity, "已有一件待主管部门答复的请求")
	editor.post(path + "/unask").wants(http.StatusSeeOther)
	editor.post(path+"/unask").wants(http.StatusUnprocessableEntity, "没有待答复的请求")
	editor.post(path+"/ask", "kind", "dispute", "ground", "wrong_unit", "reason", "由财政局负责。").wants(http.StatusSeeOther)

	list, err := r.Obligations.Claims(t.Context(), obligation.ClaimFilter{States: []obligation.ClaimState{obligation.Asked}})
	check(t, err)
	claim := claimPath(list[0].ID)
	editor.get("/desk/claims").wants(http.StatusOK, claim, "不属于本单位职责")
	r.as(access.Editor, r.finance).get(claim).wants(http.StatusForbidden)
	editor.post(claim, "grant", "yes", "reason", "同意").wants(http.StatusForbidden)
	office.get(claim).wants(http.StatusOK, "改由别的单位负责", "由财政局负责。")
	office.post(claim, "reason", "同意").wants(http.StatusUnprocessableEntity, "请选同意或不同意", "同意</textarea>")
	office.post(claim, "grant", "yes", "reason", "同意").wants(http.StatusUnprocessableEntity, "同意时请选怎样处理")
	office.post(claim, "grant", "yes", "remedy", "redate", "due", "2021-12-20", "reason", "可以晚一些").wants(http.StatusSeeOther)
	office.get("/desk/claims?state=done").wants(http.StatusOK, claim, "期限调整为2021年12月20日")
	editor.get(path).wants(http.StatusOK, "主管部门把期限调整为2021年12月20日")

	office.post(path+"/exempt", "reason", "今年没有这项工作").wants(http.StatusSeeOther)
	editor.get(path).wants(http.StatusOK, "不适用", "今年没有这项工作")
	office.post(path + "/lift").wants(http.StatusSeeOther)
	if got := r.owed(r.edu, "教育").Exempt; got != "" {
		t.Errorf("after lifting the duty is still %s", got)
	}
}

func TestDutyLinks(t *testing.T) {
	c := newRoom(t).crew()
	record := c.public("关于学校改造进展的通知")
	path := dutyPath(c.owed(c.edu, "教育").ID)
	id := number(record.RecordID)
	c.outsider.get(path + "/link").wants(http.StatusForbidden)
	c.editor.get(path+"/link?q=改造").wants(http.StatusOK, "关于学校改造进展的通知")
	c.editor.get(path+"/link?q=停水").wants(http.StatusOK, "没有题名或文号里有“停水”")
	c.editor.post(path+"/link", "why", "写了进展").wants(http.StatusUnprocessableEntity, "请选一条已经公开的信息", "写了进展")
	c.editor.post(path+"/link", "record", id).wants(http.StatusUnprocessableEntity, "请写明这条信息怎样完成了这项义务")
	c.editor.post(path+"/link", "record", id, "why", "写了进展").wants(http.StatusSeeOther)
	page := c.editor.get(path).wants(http.StatusOK, "人工关联", "写了进展", "已公开").Body
	_, evidence, _ := strings.Cut(page, `name="evidence" value="`)
	evidence, _, _ = strings.Cut(evidence, `"`)
	c.editor.post(path+"/unlink", "evidence", evidence).wants(http.StatusUnprocessableEntity)
	c.editor.post(path+"/unlink", "evidence", evidence, "why", "关联错了").wants(http.StatusSeeOther)
	c.editor.get(path).wants(http.StatusOK, "还没有公开", "关联错了")
}
