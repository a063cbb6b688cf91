package desk

import (
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/remind"
)

// pause reads until when the person wants to hear of nothing.
func (p *mePage) pause(v *visit) error {
	if p.MaxPause = remind.MaxPause; v.Reminder == nil {
		return nil
	}
	p.Reminds = true
	until, err := v.Reminder.PausedUntil(v.r.Context(), v.me.ID)
	if err == nil && !until.IsZero() && !until.Before(v.today) {
		p.Pause = until.String()
	}
	return err
}

// pauseReminders pauses through a day; with "end" the pause ends.
func pauseReminders(v *visit) (answer, error) {
	if v.Reminder == nil {
		return answer{}, fault.New(fault.Conflict, "reminders_off", "这里没有开通提醒，不必暂停。")
	}
	until, err := v.date("until", "最后一天")
	end := v.field("end") != ""
	switch {
	case end:
		until = v.today.AddDays(-1)
	case err != nil:
		return v.wrongMe("pause", err)
	case until == civil.Date{}:
		return v.wrongMe("pause", fault.New(fault.Invalid, "pause_days", "请写暂停到哪一天。"))
	}
	err = v.DB.Update(v.r.Context(), func(tx *db.Tx) error {
		return v.Reminder.Pause(v.r.Context(), tx, v.me.ID, until, v.me.Actor())
	})
	switch {
	case err != nil:
		return v.wrongMe("pause", err)
	case end:
		return goTo(mePath+"#pause", "提醒已经恢复。")
	}
	return goTo(mePath+"#pause", "到 "+until.String()+" 为止不再提醒您；仍然要办的事，之后会告诉您。")
}
