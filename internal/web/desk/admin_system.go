package desk

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/fault"
	"gongkai/internal/jobs"
	"gongkai/internal/remind"
	"gongkai/internal/web/ui"
)

const systemAt = At + "system"

// System is how the program stands, as what runs it tells.
type System struct {
	Checks   []Check
	Version  string // of the program
	Schema   int    // of the database
	Engine   string // of the database
	Started  time.Time
	Head     int64 // number of the newest ledger entry
	Indexed  int64 // number of the last entry that the search index has taken
	Database int64 // bytes
	Free     int64 // bytes left where the data folder is; -1 where that is not known
	Mail     bool  // letters are sent at all
	Counts   []jobs.Count
	Failed   []jobs.Job // those that failed, for good or for now, newest first
	Settings []Setting
}

// Check is one thing that the program cannot do without.
type Check struct {
	Label string
	Wrong string // "" where it gives a sign of life
}

// Setting is one parameter of the program. Secrets are not in Value.
type Setting struct {
	Name   string // of the flag
	Value  string
	About  string
	Source string // 默认, 环境变量, 命令行或配置文件
}

func systemRoutes() []*route {
	return []*route{{pattern: "GET /desk/system", act: access.SystemRead, show: showSystem, title: "运行", section: systemAt}}
}

func systemPages() []ui.Page { return []ui.Page{&systemPage{}} }

// systemPage is the state of the program. Nothing is changed here.
type systemPage struct {
	frame
	Checks   []checkRow
	Facts    []factRow
	Jobs     []tab
	Failed   []jobRow
	Letters  []letterRow
	Mail     bool
	Settings []Setting
}

// View names the folder.
func (*systemPage) View() string { return "admin_system" }

type checkRow struct {
	Label string
	State badge
	Wrong string
}

type factRow struct {
	Label string
	Value string
	State badge
}

type jobRow struct {
	ID      int64
	Kind    string
	State   badge
	Attempt int
	When    string
	Wrong   string
}

type letterRow struct {
	To, Subject, When, Wrong string
	Attempts                 int
	State                    badge
}

// jobStates are the states of jobs in words.
var jobStates = map[jobs.State]badge{
	jobs.Waiting:   {"soft", "◷", "排队"},
	jobs.Scheduled: {"soft", "▷", "定时"},
	jobs.Retryable: {"warn", "↻", "待重试"},
	jobs.Running:   {"ok", "▶", "进行中"},
	jobs.Done:      {"ok", "✓", "完成"},
	jobs.Cancelled: {"late", "×", "已停止"},
	jobs.Discarded: {"late", "!", "多次失败"},
}

const (
	lettersShown = 30
	behind       = 200     // ledger entries; more is worth a word
	littleRoom   = 2 << 30 // bytes
	clipWrong    = 200     // characters of an error
)

func showSystem(v *visit) (ui.Page, error) {
	ctx := v.r.Context()
	var s System
	if v.System != nil {
		var err error
		if s, err = v.System(ctx); err != nil {
			return nil, err
		}
	}
	p := &systemPage{frame: v.frame(""), Settings: s.Settings, Mail: s.Mail}
	for _, c := range s.Checks {
		row := checkRow{c.Label, badge{"ok", "✓", "正常"}, c.Wrong}
		if c.Wrong != "" {
			row.State = badge{"late", "!", "不正常"}
		}
		p.Checks = append(p.Checks, row)
	}
	p.Facts = systemFacts(s)
	totals := map[jobs.State]int{}
	for _, c := range s.Counts {
		totals[c.State] += int(c.Count)
	}
	for _, state := range []jobs.State{jobs.Running, jobs.Waiting, jobs.Scheduled, jobs.Retryable, jobs.Discarded, jobs.Cancelled, jobs.Done} {
		p.Jobs = append(p.Jobs, tab{Label: jobStates[state].Word, Count: totals[state]})
	}
	for _, j := range s.Failed {
		p.Failed = append(p.Failed, jobRow{j.ID, j.Kind, jobStates[j.State], j.Attempt, ui.Stamp(j.ScheduledAt), fault.Clip(j.LastError, clipWrong)})
	}
	return p, p.letters(ctx, v)
}

// letters lists what has not gone out.
func (p *systemPage) letters(ctx context.Context, v *visit) error {
	list, err := remind.Letters{DB: v.DB}.List(ctx, true, lettersShown)
	for _, l := range list {
		row := letterRow{To: l.To, Subject: l.Subject, When: ui.Stamp(l.LastAt), Wrong: fault.Clip(l.Error, clipWrong), Attempts: l.Attempts, State: badge{"warn", "↻", "待重试"}}
		if l.Failed {
			row.State = badge{"late", "!", "没有寄出"}
		}
		p.Letters = append(p.Letters, row)
	}
	return err
}

func systemFacts(s System) []factRow {
	facts := []factRow{
		{"程序版本", cmp.Or(s.Version, "未知"), badge{}},
		{"数据库", s.Engine + "，结构第 " + strconv.Itoa(s.Schema) + " 版，" + ui.Bytes(s.Database), badge{}},
		{"启动于", ui.Stamp(s.Started), badge{}},
		{"记录账", "到第 " + ui.Thousands(int(s.Head)) + " 条", badge{}},
	}
	index := factRow{"检索索引", "到第 " + ui.Thousands(int(s.Indexed)) + " 条", badge{"ok", "✓", "跟上了"}}
	if lag := s.Head - s.Indexed; lag > behind {
		index.State = badge{"warn", "△", "落后 " + ui.Thousands(int(lag)) + " 条"}
	}
	facts = append(facts, index)
	if s.Free >= 0 {
		disk := factRow{"数据盘剩余", ui.Bytes(s.Free), badge{"ok", "✓", "够用"}}
		if s.Free < littleRoom {
			disk.State = badge{"late", "!", "快满了"}
		}
		facts = append(facts, disk)
	}
	return facts
}
