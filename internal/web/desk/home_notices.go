package desk

import (
	"context"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/remind"
	"gongkai/internal/web/ui"
)

// noticesPage lists what somebody was reminded of, day by day.
type noticesPage struct {
	frame
	Days  []noticeDay
	UpTo  int64 // the newest notice that is unread; 0 where all are read
	More  string
	Empty empty
}

// View names the folder.
func (*noticesPage) View() string { return "notices" }

type noticeDay struct {
	Day  string
	New  bool
	Open int
	Rows []noticeRow
}

type noticeRow struct {
	Kind  string
	Title string
	Path  string
	Unit  string
	Left  left
	Open  bool
}

const noticesSize = 20

func (k *Desk) noticeRoutes() []*route {
	return []*route{
		{pattern: "GET /desk/notices", act: access.DeskUse, show: showNotices, title: "提醒", section: At},
		{pattern: "POST /desk/notices/read", act: access.DeskUse, do: readNotices, section: At},
	}
}

func noticePages() []ui.Page { return []ui.Page{&noticesPage{}} }

func showNotices(v *visit) (ui.Page, error) {
	p := &noticesPage{frame: v.frame(""), Empty: empty{Why: "还没有收到过提醒。", Way: "事项快到期、到期和逾期时，工作日每天最多提醒一次。", Links: []ui.Link{{Label: "今天要办", Path: At}}}}
	if v.Reminder == nil {
		return p, nil
	}
	before, err := v.cursor("before")
	if err != nil {
		return nil, err
	}
	list, err := v.Reminder.Notices(v.r.Context(), v.me.ID, before, noticesSize)
	if err != nil {
		return nil, err
	}
	for i := range list {
		n := &list[i]
		if !n.Read && p.UpTo == 0 {
			p.UpTo = n.ID
		}
		p.Days = append(p.Days, v.noticeDay(n))
	}
	if len(list) == noticesSize {
		p.More = v.with("before", number(list[len(list)-1].ID))
	}
	return p, nil
}

func (v *visit) noticeDay(n *remind.Notice) noticeDay {
	day := noticeDay{Day: n.Day.String(), New: !n.Read, Open: n.Open}
	for _, l := range n.Lines {
		row := noticeRow{Kind: l.Kind.Label(), Title: l.Title, Path: l.Path, Unit: l.Unit, Open: l.Open}
		if l.Open && !l.Due.IsZero() {
			row.Left = v.left(l.Due)
		} else if l.Open {
			row.Left = v.waited(l.Since)
		}
		day.Rows = append(day.Rows, row)
	}
	return day
}

func readNotices(v *visit) (answer, error) {
	upTo := v.number("up_to")
	if v.Reminder == nil || upTo <= 0 {
		return goTo(At+"notices", "")
	}
	err := v.change(func(ctx context.Context, tx *db.Tx) error {
		return v.Reminder.MarkRead(ctx, tx, v.me.ID, upTo)
	})
	if err != nil {
		return answer{}, err
	}
	return goTo(v.back(At+"notices"), "已标为看过。")
}

// unread counts the notices that the reader has not looked at. A page does not
// fail for want of that number.
func (v *visit) unread() int {
	if v.Reminder == nil || v.me == nil {
		return 0
	}
	n, err := v.Reminder.Unread(v.r.Context(), v.me.ID)
	if err != nil {
		v.Log.Warn("unread notices are not counted", "error", err)
	}
	return n
}
