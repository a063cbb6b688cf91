package main

import (
	"fmt"
	"io"

	"gongkai/internal/app"
)

type importCalendarCmd struct {
	File   string `arg:"" help:"国务院办公厅一年的放假通知（JSON），或名为 local.json 的地方日历。"`
	DryRun bool   `help:"只看哪些日子会变，不保存。"`
}

// Run shows which days change and keeps the file.
func (v *importCalendarCmd) Run(out *output, cfg app.StoreConfig) error {
	data, err := readFile(v.File, tableLimit)
	if err != nil {
		return err
	}
	report, err := app.ImportCalendar(cfg, v.File, data, v.DryRun)
	if err != nil {
		return err
	}
	return out.Print(report, func(w io.Writer) {
		fmt.Fprintf(w, "%d 天有变化。\n", len(report.Changes))
		for _, c := range report.Changes {
			fmt.Fprintf(w, "%s  %s → %s\n", c.Date, c.Old.Why, c.New.Why)
		}
		if report.File != "" {
			fmt.Fprintf(w, "已保存到 %s；运行中的服务重启后采用。\n", report.File)
		}
	})
}
