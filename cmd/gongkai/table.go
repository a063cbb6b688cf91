package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"gongkai/internal/app"
	"gongkai/internal/fault"
	"gongkai/internal/publication"
)

type importTableCmd struct {
	File        string `arg:"" help:"按模板填好的 XLSX 或 CSV。"`
	Kind        string `help:"信息种类（模板里已写明，可不填）。"`
	CreateUnits bool   `help:"目录里没有的发布机构按外部机构新建。"`
	DryRun      bool   `help:"只检查，不写入。"`
}

// Run takes in a filled template; refusals point at rows and columns.
func (v *importTableCmd) Run(ctx context.Context, out *output, cfg app.StoreConfig) error {
	opt := publication.ImportOptions{CreateUnits: v.CreateUnits, DryRun: v.DryRun}
	report, err := importRecords(ctx, out, cfg, opt, func(a *app.App, opt publication.ImportOptions) (publication.Report, error) {
		data, err := readFile(v.File, tableLimit)
		if err != nil {
			return publication.Report{}, err
		}
		return a.Publications.ImportSheet(ctx, v.File, data, v.Kind, opt)
	})
	if err == nil && report.Rejected > 0 {
		return fault.New(fault.Invalid, "rows_rejected", "有 %d 行没有导入，原因见上；改好后再导入一次，已导入的不会重复。", report.Rejected).At("%s", v.File)
	}
	return err
}

type exportTemplateCmd struct {
	Kind string `arg:"" help:"信息种类，如 policy、service；写 list 列出全部。"`
	File string `arg:"" optional:"" help:"FILE.xlsx 或 FILE.csv（默认 种类.xlsx）。"`
}

// Run writes the table to fill in for a kind.
func (v *exportTemplateCmd) Run(ctx context.Context, out *output, cfg app.StoreConfig) error {
	a, err := open(ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	if v.Kind == "list" {
		return out.Print(a.Publications.Kinds.All(), func(w io.Writer) {
			for _, k := range a.Publications.Kinds.All() {
				fmt.Fprintf(w, "%-16s %s：%s\n", k.Code, k.Label, k.Description)
			}
		})
	}
	kind, ok := a.Publications.Kinds.Get(v.Kind)
	if !ok {
		return fault.New(fault.NotFound, "kind_unknown", "没有“%s”这个种类；用 gongkai export template list 看全部。", v.Kind)
	}
	if v.File == "" {
		v.File = v.Kind + ".xlsx"
	}
	f, err := os.OpenFile(v.File, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return fault.New(fault.Conflict, "file_exists", "不能新建这个文件：已存在的不会覆盖，也请检查文件夹的权限。").At("%s", v.File).Because(err)
	}
	defer f.Close()
	write := kind.WriteTemplate
	if strings.HasSuffix(v.File, ".csv") {
		write = kind.WriteTemplateCSV
	}
	if err := write(f); err != nil {
		return err
	}
	return out.Print(map[string]string{"file": v.File}, func(w io.Writer) { fmt.Fprintf(w, "模板已写到 %s\n", v.File) })
}
