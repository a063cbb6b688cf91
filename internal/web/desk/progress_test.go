package desk

import (
	"net/http"
	"testing"

	"gongkai/internal/access"
	"gongkai/internal/obligation"
)

func TestProgress(t *testing.T) {
	r := newRoom(t)
	d := r.owed(r.edu, "教育")
	path := taskAt(d.ObligationID, 0)
	edu, unit := r.as(access.Editor, r.edu), number(r.edu)
	office := r.as(access.Office, r.root)

	edu.get("/desk/progress").wants(http.StatusOK, d.Title, "没有填报")
	edu.get(path).wants(http.StatusOK, "改造学校", "figure1")
	edu.post(path, "unit", unit, "on", "2021-11-10", "text", "").wants(http.StatusUnprocessableEntity, "请写明做了什么")
	edu.post(path, "unit", unit, "on", "2021-11-10", "text", "已改造8所。", "percent", "很多").wants(http.StatusUnprocessableEntity, "“很多”不是完成比例", "已改造8所。</textarea>")
	edu.post(path, "unit", unit, "on", "2021-11-10", "text", "已改造8所。", "records", "http://example.com/d/999").wants(http.StatusUnprocessableEntity, "没有找到")
	edu.post(path, "unit", number(r.finance), "on", "2021-11-10", "text", "替别人填").wants(http.StatusForbidden)
	edu.post(path, "unit", unit, "on", "2021-11-10", "text", "已改造8所。", "percent", "66", "figure1", "8").wants(http.StatusSeeOther)
	edu.get("/desk/progress").wants(http.StatusOK, "待确认", "66%")

	reports, err := r.Obligations.ProgressOf(t.Context(), obligation.ProgressFilter{ObligationID: d.ObligationID}, r.Clock.Today())
	check(t, err)
	id := number(reports[0].ID)
	office.get("/desk/progress").wants(http.StatusOK, "等我确认的", "已改造8所。")
	edu.post(path+"/answer", "report", id, "answer", "accept").wants(http.StatusForbidden)
	office.post(path+"/answer", "report", id, "answer", "return", "why", "请写明学校名称").wants(http.StatusSeeOther)
	edu.get(path).wants(http.StatusOK, "退回的理由：请写明学校名称", "已改造8所。</textarea>")
	edu.post(path, "unit", unit, "on", "2021-11-10", "version", "1", "text", "已改造一中等8所。", "figure1", "8").wants(http.StatusSeeOther)
	office.post(path+"/answer", "report", id, "answer", "accept").wants(http.StatusConflict, "已有新的一稿")
	reports, err = r.Obligations.ProgressOf(t.Context(), obligation.ProgressFilter{ObligationID: d.ObligationID}, r.Clock.Today())
	check(t, err)
	office.post(path+"/answer", "report", number(reports[0].ID), "answer", "accept").wants(http.StatusSeeOther)
	edu.get(path).wants(http.StatusOK, "已确认", "8所", "66%")
}
