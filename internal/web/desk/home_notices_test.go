package desk

import (
	"net/http"
	"strings"
	"testing"

	"gongkai/internal/access"
	"gongkai/internal/remind"
)

func TestNotices(t *testing.T) {
	r := newRoom(t)
	d := r.owed(r.edu, "教育")
	office, editor := r.as(access.Office, r.root), r.as(access.Editor, r.edu)
	editor.get("/desk/notices").wants(http.StatusOK, "还没有收到过提醒")
	r.reminded(remind.Person{ID: editor.person.ID, Name: "信息员", Edits: []int64{r.edu}})
	office.post("/desk/duties/remind?unit=" + number(r.edu) + "&task=" + number(d.ObligationID)).wants(http.StatusSeeOther)

	editor.get("/desk/duties").wants(http.StatusOK, "提醒 <b>1</b>")
	page := editor.get("/desk/notices").wants(http.StatusOK, d.Title, "新", "都看过了")
	_, id, _ := strings.Cut(page.Body, `name="up_to" value="`)
	id, _, _ = strings.Cut(id, `"`)
	office.post("/desk/notices/read", "up_to", id).wants(http.StatusSeeOther) // touches nobody else's
	editor.get("/desk/duties").wants(http.StatusOK, "提醒 <b>1</b>")
	editor.post("/desk/notices/read", "up_to", id).wants(http.StatusSeeOther)
	if s := editor.get("/desk/notices").wants(http.StatusOK, d.Title); strings.Contains(s.Body, "都看过了") {
		t.Error("a notice that was read is still new")
	}
}
