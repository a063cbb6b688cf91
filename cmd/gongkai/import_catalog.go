package main

import (
	"context"
	"fmt"
	"io"

	"gongkai/internal/app"
	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/planning"
)

type importCatalogCmd struct {
	File    string `arg:"" help:"表格文件；写 statutory 则为条例第二十条、第四十九条对每个机关的要求。"`
	Title   string `help:"目录名称（默认文件名）。"`
	Issuer  string `help:"编制单位。"`
	Since   string `placeholder:"YYYY-MM-DD" help:"生效日期（默认今天）。"`
	Confirm bool   `help:"目录改过再导入时，确认写入列出的差异。"`
	DryRun  bool   `help:"只检查，不写入。"`
}

// Run imports a catalogue, or the floor that the law lays.
func (v *importCatalogCmd) Run(ctx context.Context, out *output, cfg app.StoreConfig) error {
	a, err := open(ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	since := a.Clock.Today()
	if v.Since != "" {
		if since, err = civil.ParseDate(v.Since); err != nil {
			return fmt.Errorf("%w: --since %s", errUsage, fault.Public(err))
		}
	}
	var report planning.CatalogueReport
	if v.File == "statutory" {
		report.Title = "法定公开事项"
		report.Change, err = a.Planner.SaveFloor(ctx, since, "import")
	} else {
		data, readErr := readFile(v.File, tableLimit)
		if readErr != nil {
			return readErr
		}
		report, err = a.Planner.ImportCatalogue(ctx, v.File, data, planning.CatalogueOptions{
			Title: v.Title, Issuer: v.Issuer, Since: since, Confirm: v.Confirm, DryRun: v.DryRun, Actor: "import",
		})
	}
	for _, w := range report.Warnings {
		place := ""
		if w.Task > 0 {
			place = fmt.Sprintf("（第 %d 行）", w.Task)
		}
		fmt.Fprintf(out.Stderr, "提醒%s：%s\n", place, w.Message)
	}
	if err != nil {
		return err
	}
	err = out.Print(report, func(w io.Writer) {
		fmt.Fprintf(w, "%s：%d 行\n", report.Title, report.Rows)
		printChange(w, report.Change)
	})
	if err == nil && report.Change.Outcome == obligation.Differs {
		return errDiffers
	}
	return err
}
