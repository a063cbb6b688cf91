package desk

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/remind"
)

// remindable are people who can be reminded.
type remindable []remind.Person

// People are all of them.
func (k remindable) People(context.Context, *db.Tx) ([]remind.Person, error) { return k, nil }

// reminded gives the room a reminder that knows the people.
func (r *room) reminded(people ...remind.Person) {
	r.t.Helper()
	reminder, err := remind.New(remind.Deps{DB: r.DB, Units: r.Units, People: remindable(people), Sources: []remind.Source{remind.Duties{Obligations: r.Obligations}}})
	check(r.t, err)
	r.Reminder = reminder
}

func TestGrid(t *testing.T) {
	r := newRoom(t)
	office := r.as(access.Office, r.root)
	d := r.owed(r.edu, "教育")

	office.get("/desk/grid").wants(http.StatusOK, "工作要点", "市教育局", "unit="+number(r.edu), "task="+number(d.ObligationID))
	office.get("/desk/grid?by=section").wants(http.StatusOK, "section=")
	office.get("/desk/grid?state=nil_report").wants(http.StatusOK, "这里没有应公开事项")
	office.get("/desk/grid?asof=2021-06-30").wants(http.StatusOK, "这是截至2021-06-30的情况")
	office.get("/desk/grid?level=moon").wants(http.StatusBadRequest, "没有“moon”这组单位")
	office.get("/desk/grid?plan=999").wants(http.StatusNotFound, "没有这份工作要点或目录")

	own := r.as(access.Head, r.finance).get("/desk/grid").wants(http.StatusOK, "市财政局")
	if strings.Contains(own.Body, "市教育局") {
		t.Error("a unit's head sees the rows of another unit")
	}
	r.as(access.SystemAdmin, r.root).get("/desk/grid").wants(http.StatusForbidden)
}

func TestGridExport(t *testing.T) {
	r := newRoom(t)
	s := r.as(access.Office, r.root).get("/desk/grid.xlsx").wants(http.StatusOK)
	if got := s.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
		t.Errorf("sent as %q", got)
	}
	book, err := excelize.OpenReader(bytes.NewReader([]byte(s.Body)))
	check(t, err)
	defer book.Close()
	rows, err := book.GetRows("全部义务")
	check(t, err)
	found := false
	for _, row := range rows {
		found = found || len(row) > 1 && row[0] == "永州市教育局" && strings.Contains(row[1], "教育")
	}
	if !found {
		t.Errorf("the sheet of duties has %d rows, none of the department's", len(rows))
	}
}

func TestRemindFromGrid(t *testing.T) {
	r := newRoom(t)
	d := r.owed(r.edu, "教育")
	list := "/desk/duties?unit=" + number(r.edu) + "&task=" + number(d.ObligationID)
	office, editor := r.as(access.Office, r.root), r.as(access.Editor, r.edu)
	r.reminded(remind.Person{ID: editor.person.ID, Name: "信息员", Edits: []int64{r.edu}})

	office.get(list).wants(http.StatusOK, "提醒经办人和负责人")
	remindAt := strings.Replace(list, "duties?", "duties/remind?", 1)
	editor.post(remindAt).wants(http.StatusForbidden)
	office.post(remindAt).wants(http.StatusSeeOther)
	office.get(list).wants(http.StatusOK, "已提醒永州市教育局的1人")
	office.post(remindAt).wants(http.StatusSeeOther)
	office.get(list).wants(http.StatusOK, "已提醒永州市教育局的0人", "另有1人今天已经收到过提醒")
	office.post("/desk/duties/remind").wants(http.StatusBadRequest, "请先选一个单位")

	notices, err := r.Reminder.Notices(t.Context(), editor.person.ID, 0, 0)
	check(t, err)
	if len(notices) != 1 || len(notices[0].Lines) != 1 || notices[0].Lines[0].Path != dutyPath(d.ID) {
		t.Errorf("the editor was told %+v", notices)
	}
}
