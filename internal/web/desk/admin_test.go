package desk

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"gongkai/internal/access"
	"gongkai/internal/jobs"
	"gongkai/internal/mail"
	"gongkai/internal/remind"
)

func TestWordingIsAddedChangedRetired(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Office, r.root)
	b.get("/desk/wording").wants(http.StatusOK, "一如继往", "一如既往", "更多", "写法检查")
	b.get("/desk/wording?find=按装").wants(http.StatusOK, "按装")
	b.get("/desk/wording?find=没有这种话").wants(http.StatusOK, "没有符合条件的用语")

	form := []string{"expression", "阳光政务网", "form", "literal", "level", "must", "suggestion", "政务服务网", "reason", "名称不规范。", "why", "栏目更名"}
	b.post("/desk/wording/new", "expression", "阳光政务网", "reason", "名称不规范。", "suggestion", "政务服务网").wants(http.StatusUnprocessableEntity, "请写明为什么", `value="阳光政务网"`, `value="政务服务网"`)
	b.post("/desk/wording/new", append([]string{"from", "明天"}, form...)...).wants(http.StatusUnprocessableEntity, "不是日期", `value="阳光政务网"`)
	at := b.post("/desk/wording/new", form...).wants(http.StatusSeeOther).To
	b.get(at).wants(http.StatusOK, "已经保存", "栏目更名", b.person.Name, "在用")
	b.post("/desk/wording/new", form...).wants(http.StatusUnprocessableEntity, "已经在表里")
	b.post("/desk/wording/try", "text", "请登录阳光政务网办理。").wants(http.StatusOK, "提示 1 处", "名称不规范", "第4字", at)

	b.post(at, append([]string{"revision", "7"}, form...)...).wants(http.StatusUnprocessableEntity, "刚被")
	b.post(at+"/retire", "revision", "1").wants(http.StatusUnprocessableEntity, "请写明为什么")
	b.post(at+"/retire", "revision", "1", "why", "网站已关闭").wants(http.StatusSeeOther)
	b.get(at).wants(http.StatusOK, "已停用", "网站已关闭")
	b.post("/desk/wording/try", "text", "请登录阳光政务网办理。").wants(http.StatusOK, "没有提示")
	if body := b.get("/desk/wording?find=阳光政务网").Body; strings.Contains(body, at) {
		t.Error("lists what is out of force without being asked for it")
	}
	b.get("/desk/wording?find=阳光政务网&retired=1").wants(http.StatusOK, at)
	r.as(access.Editor, r.edu).get("/desk/wording").wants(http.StatusForbidden)
}

func TestFlowIsSetAndTakenBack(t *testing.T) {
	r := newRoom(t)
	b := r.as(access.Office, r.root)
	b.get("/desk/flows").wants(http.StatusOK, "没有单位单独设定流程", "起草→审核→保密审查→签发→发布", "保密审查：不能省")
	b.post("/desk/flows", "unit", "市教育厅").wants(http.StatusUnprocessableEntity, "机构：", `value="市教育厅"`)
	b.post("/desk/flows", "unit", "市教育局", "kind", "no-such").wants(http.StatusUnprocessableEntity, "no-such")
	b.post("/desk/flows", "unit", "市教育局", "sign", "1").wants(http.StatusSeeOther)
	b.get("/desk/flows").wants(http.StatusOK, "的流程改为起草→保密审查→签发→发布", "所有种类", "取消设定")
	b.get("/desk/flows?unit=市教育局").wants(http.StatusOK, "起草→保密审查→签发→发布</strong>（本单位的设定）")
	b.get("/desk/flows?unit=市财政局").wants(http.StatusOK, "没有单独设定，用默认流程")
	id := strconv.FormatInt(r.edu, 10)
	b.post("/desk/flows/clear", "unit", id, "kind", "").wants(http.StatusSeeOther)
	b.get("/desk/flows").wants(http.StatusOK, "没有单位单独设定流程")

	own := r.as(access.Office, r.edu) // of one unit only
	own.post("/desk/flows", "unit", "市财政局").wants(http.StatusForbidden)
	r.as(access.Signer, r.edu).get("/desk/flows").wants(http.StatusForbidden)
}

func TestSystemTellsWhatIsWrong(t *testing.T) {
	r := newRoom(t)
	r.System = func(context.Context) (System, error) {
		return System{Checks: []Check{{"检索", ""}, {"附件存储", "连不上附件存储"}}, Head: 5000, Indexed: 4000, Free: 1 << 30, Schema: 12,
			Counts:   []jobs.Count{{Kind: "letter.send", State: jobs.Discarded, Count: 3}},
			Failed:   []jobs.Job{{ID: 7, Kind: "letter.send", State: jobs.Discarded, Attempt: 10, LastError: "connection refused"}},
			Settings: []Setting{{Name: "mail", Value: "smtp://mail", About: "寄信", Source: "环境变量"}}}, nil
	}
	check(t, remind.Letters{DB: r.DB}.Record(t.Context(), mail.Attempt{ID: "m1", To: "li@example.gov.cn", Subject: "有3件事到期", At: autumn, Err: errors.New("550 no such user"), Final: true}))
	b := r.as(access.SystemAdmin, r.root)
	b.get("/desk/system").wants(http.StatusOK, "连不上附件存储", "不正常", "落后 1,000 条", "快满了", "多次失败", "connection refused",
		"--mail", "环境变量", "li@example.gov.cn", "没有寄出", "gongkai backup")
	r.as(access.Office, r.root).get("/desk/system").wants(http.StatusForbidden)
}
