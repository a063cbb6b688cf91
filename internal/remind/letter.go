package remind

import (
	"context"
	"fmt"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/law"
	"gongkai/internal/mail"
)

// staleAfter is how many days a letter may wait for the mail server; what is
// still owed then has climbed on and is told anew.
const staleAfter = 7

// Deliver sends the letter of a notice. It is put together now, of what is
// still owed: where that is nothing, or the person is gone, no letter is sent.
// Where the mail server was away, the newest letter carries what the ones
// before it had to say, and those are not sent. It is safe to run twice.
func (r *Reminder) Deliver(ctx context.Context, args Notify) (err error) {
	defer fault.Wrap(&err, "remind.Deliver(%d)", args.NoticeID)
	if r.Mail == nil {
		return nil
	}
	var letter mail.Letter
	err = r.DB.View(ctx, func(tx *db.Tx) error {
		n, ok, err := unsaid(ctx, tx, args.NoticeID)
		if err != nil || !ok {
			return err
		}
		people, err := r.People.People(ctx, tx)
		if err != nil {
			return err
		}
		p := newRoster(people).people[n.PersonID]
		if p == nil || p.Email == "" {
			return nil
		}
		one := []Notice{n}
		if err := r.markOpen(ctx, tx, one); err != nil || one[0].Open == 0 {
			return err
		}
		letter = r.compose(*p, one[0], tx.Today())
		return nil
	})
	if err != nil || letter.ID == "" {
		return err
	}
	return r.Mail.Deliver(ctx, letter)
}

// unsaid is a notice with the lines of those before it whose letters did not go
// out. ok is false where there is no letter to send: the notice is too old, or
// a newer one carries its lines.
func unsaid(ctx context.Context, tx *db.Tx, id int64) (n Notice, ok bool, err error) {
	var newer int
	if err := tx.Row(ctx, "select count(*) from remind_notices where id > ? and person_id = (select o.person_id from remind_notices o where o.id = ?)", []any{id, id}, &newer); err != nil || newer > 0 {
		return Notice{}, false, err
	}
	list, err := readNotices(ctx, tx, `person_id = (select o.person_id from remind_notices o where o.id = ?) and day >= ? and not exists
		(select 1 from remind_letters l where l.id = 'remind-' || cast(remind_notices.id as text) and l.sent_at is not null) order by id desc`,
		[]any{id, tx.Today().AddDays(-staleAfter)})
	if err != nil || len(list) == 0 || list[0].ID != id {
		return Notice{}, false, err
	}
	n = list[0]
	said := map[string]bool{}
	for _, l := range n.Lines {
		said[l.Key] = true
	}
	for _, older := range list[1:] {
		for _, l := range older.Lines {
			if !said[l.Key] {
				said[l.Key] = true
				n.Lines = append(n.Lines, l)
			}
		}
	}
	return n, true, nil
}

// compose writes the letter of a notice in the words of the day today.
func (r *Reminder) compose(p Person, n Notice, today civil.Date) mail.Letter {
	w := writer{calendar: r.Calendar, today: today, address: strings.TrimRight(r.Address, "/"), most: r.Settings.Lines}
	w.printf("%s，您好：\n", p.Name)
	mine, below, oversight := n.open(Holders), n.open(UnitHeads), n.open(Offices)
	for _, part := range []struct {
		words string
		lines []Line
	}{
		{"", mine},
		{"下列事项还没有办，您是单位负责人，请督促：", below},
		{"下列事项单位逾期仍没有办，请主管部门督办：", oversight},
	} {
		if len(part.lines) > 0 && part.words != "" {
			w.printf("\n%s\n", part.words)
		}
		w.kinds(part.lines)
	}
	w.printf("\n登录后可以办理，也可以设置暂停提醒：%s/desk\n已办结的事项不会再提醒。本邮件由系统自动发出，请勿直接回复。\n", w.address)
	return mail.Letter{ID: fmt.Sprintf("remind-%d", n.ID), To: addressOf(p), Subject: subject(r.Calendar, append(append(mine, below...), oversight...), today), Text: w.text.String()}
}

// addressOf is a person's address with the name, where that can be written.
func addressOf(p Person) string {
	name := strings.Map(func(c rune) rune {
		if c < ' ' || strings.ContainsRune(`"<>\,;:@()[]`, c) {
			return -1
		}
		return c
	}, p.Name)
	if name == "" || strings.Contains(p.Email, "<") {
		return p.Email
	}
	return `"` + name + `" <` + p.Email + ">"
}

// open are the lines of a notice that are still owed and that the person hears
// of for one reason.
func (n Notice) open(as Audience) (lines []Line) {
	for _, l := range n.Lines {
		if l.Open && l.As == as {
			lines = append(lines, l.Line)
		}
	}
	return lines
}

// subject counts what the letter is about.
func subject(calendar *law.Calendar, lines []Line, today civil.Date) string {
	var late, now, soon, waiting int
	for _, l := range lines {
		switch n := away(calendar, Task{Due: l.Due, Since: l.Since}, today); {
		case l.Due.IsZero():
			waiting++
		case l.Due.Before(today):
			late++
		case n == 0:
			now++
		default:
			soon++
		}
	}
	var parts []string
	for _, part := range []struct {
		words string
		n     int
	}{{"逾期", late}, {"今天到期", now}, {"即将到期", soon}, {"待办", waiting}} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%s%d件", part.words, part.n))
		}
	}
	return "政务公开提醒：" + strings.Join(parts, "，")
}

// writer writes the text of a letter.
type writer struct {
	text     strings.Builder
	calendar *law.Calendar
	today    civil.Date
	address  string
	most     int
}

func (w *writer) printf(format string, args ...any) { fmt.Fprintf(&w.text, format, args...) }

// kinds writes lines kind by kind, each up to the limit.
func (w *writer) kinds(lines []Line) {
	for _, k := range kinds {
		var of []Line
		for _, l := range lines {
			if l.Kind == k.kind {
				of = append(of, l)
			}
		}
		if len(of) == 0 {
			continue
		}
		w.printf("\n%s（%d件）\n", k.label, len(of))
		for i, l := range of[:min(len(of), w.most)] {
			w.printf("%d. %s%s，%s\n   %s%s\n", i+1, prefix(l.Unit), l.Title, w.when(l), w.address, l.Path)
		}
		if rest := len(of) - w.most; rest > 0 {
			w.printf("还有%d件，请登录后查看。\n", rest)
		}
	}
}

func prefix(unit string) string {
	if unit == "" {
		return ""
	}
	return unit + "："
}

// when says how a line stands to its day.
func (w *writer) when(l Line) string {
	n := away(w.calendar, Task{Due: l.Due, Since: l.Since}, w.today)
	switch {
	case l.Due.IsZero() && n == 0:
		return "今天收到"
	case l.Due.IsZero():
		return fmt.Sprintf("%s收到，已等%d个工作日", l.Since.Chinese(), n)
	case l.Due.Before(w.today):
		return fmt.Sprintf("%s到期，已逾期%d个工作日", l.Due.Chinese(), n)
	case n == 0 && l.Due == w.today:
		return "今天到期"
	case n == 0:
		return l.Due.Chinese() + "到期（休息日），今天是最后一个工作日"
	}
	return fmt.Sprintf("%s到期，还有%d个工作日", l.Due.Chinese(), -n)
}
