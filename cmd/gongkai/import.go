package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"gongkai/internal/app"
	"gongkai/internal/channel"
	"gongkai/internal/fault"
	"gongkai/internal/publication"
	"gongkai/internal/unit"
)

type importCmd struct {
	Workplan     importWorkplanCmd     `cmd:"" help:"工作要点或任务分解表（文本、DOCX、网页、XLSX）。"`
	Publications importPublicationsCmd `cmd:"" help:"信息，交换格式 FILE.jsonl 或 FILE.jsonl.zst；中断后再运行一次即可续传。"`
	Table        importTableCmd        `cmd:"" help:"按种类填好的表格（模板用 export template 取得）。"`
	Units        importUnitsCmd        `cmd:"" help:"机构目录（CSV、XLSX）；随带的示例城市写 yongzhou。"`
	UnitEvents   importEventsCmd       `cmd:"" help:"机构改革：更名、合并、分设、撤销、调整隶属（CSV、XLSX）。"`
	Catalog      importCatalogCmd      `cmd:"" help:"公开事项标准目录（CSV、XLSX，国家统一表头）。"`
	Calendar     importCalendarCmd     `cmd:"" help:"放假调休通知，或地方日历 local.json。"`
	Sites        importSitesCmd        `cmd:"" help:"站点和栏目（JSON）；随带的示例写 yongzhou。"`
}

// tableLimit bounds files that are read whole.
const tableLimit = 256 << 20

type importPublicationsCmd struct {
	File        string `arg:"" help:"一行一件的 JSON 文件。"`
	CreateUnits bool   `help:"目录里没有的发布机构按外部机构新建。"`
	DryRun      bool   `help:"只检查，不写入。"`
}

// Run imports the file and brings the index up to date.
func (v *importPublicationsCmd) Run(ctx context.Context, out *output, cfg app.StoreConfig) error {
	opt := publication.ImportOptions{CreateUnits: v.CreateUnits, DryRun: v.DryRun}
	report, err := importRecords(ctx, out, cfg, opt, func(a *app.App, opt publication.ImportOptions) (publication.Report, error) {
		return a.Publications.ImportFile(ctx, v.File, opt)
	})
	if err == nil && report.Rejected > 0 {
		return fault.New(fault.Invalid, "lines_rejected", "有 %d 行没有导入，原因写在 %s；改好后再导入一次，已导入的不会重复。",
			report.Rejected, publication.RejectedPath(v.File))
	}
	return err
}

// importRecords takes in records with its progress shown, brings the index up
// to date and prints the report. Rejected lines are no error here: each verb
// says where they are told.
func importRecords(ctx context.Context, out *output, cfg app.StoreConfig, opt publication.ImportOptions,
	load func(*app.App, publication.ImportOptions) (publication.Report, error)) (report publication.Report, err error) {
	a, err := open(ctx, cfg)
	if err != nil {
		return report, err
	}
	defer a.Close()
	bar := newProgress(out.Stderr, "导入")
	opt.Progress = func(p publication.Progress) {
		bar.at(int64(p.Lines), 0, fmt.Sprintf("新增 %d，更新 %d，未变 %d，拒绝 %d", p.Added, p.Changed, p.Same, p.Rejected))
	}
	report, err = load(a, opt)
	bar.done()
	if err != nil {
		return report, err
	}
	if !opt.DryRun {
		if err := index(ctx, a, out.Stderr); err != nil {
			return report, err
		}
	}
	return report, out.Print(report, func(w io.Writer) { printImport(w, report) })
}

func printImport(w io.Writer, r publication.Report) {
	fmt.Fprintf(w, "共 %d 行：新增 %d，更新 %d，未变 %d，拒绝 %d，提醒 %d\n", r.Lines, r.Added, r.Changed, r.Same, r.Rejected, r.Warned)
	for i, rejection := range r.Rejections {
		if i == 10 {
			fmt.Fprintf(w, "…… 其余见拒绝文件\n")
			break
		}
		for _, p := range rejection.Errors {
			fmt.Fprintf(w, "%s：%s\n", strings.TrimSpace(fmt.Sprintf("第 %d 行 %s", rejection.Line, rejection.SourceID)), p)
		}
	}
}

// index applies the ledger to the index, unless a running server does.
func index(ctx context.Context, a *app.App, stderr io.Writer) error {
	bar := newProgress(stderr, "索引")
	defer bar.done()
	byServer, err := a.CatchUpIndex(ctx, func(cursor, head int64) { bar.at(cursor, head, "") })
	if byServer {
		fmt.Fprintln(stderr, "服务正在运行，索引由它随后更新。")
	}
	return err
}

type importUnitsCmd struct {
	File   string `arg:"" help:"表格文件，或 yongzhou。"`
	DryRun bool   `help:"只检查，不写入。"`
}

// Run imports the directory of organs.
func (v *importUnitsCmd) Run(ctx context.Context, out *output, cfg app.StoreConfig) error {
	return importUnits(ctx, out, cfg, v.File, func(a *app.App) (unit.Report, error) {
		if files, ok := unit.Directory(v.File); ok {
			return unit.Load(ctx, a.Units, files, unit.ImportOptions{DryRun: v.DryRun})
		}
		data, err := readFile(v.File, tableLimit)
		if err != nil {
			return unit.Report{}, err
		}
		return a.Units.Import(ctx, v.File, data, unit.ImportOptions{DryRun: v.DryRun})
	})
}

type importEventsCmd struct {
	File   string `arg:"" help:"表格文件。"`
	DryRun bool   `help:"只检查，不写入。"`
}

// Run imports reorganisations.
func (v *importEventsCmd) Run(ctx context.Context, out *output, cfg app.StoreConfig) error {
	return importUnits(ctx, out, cfg, v.File, func(a *app.App) (unit.Report, error) {
		data, err := readFile(v.File, tableLimit)
		if err != nil {
			return unit.Report{}, err
		}
		return a.Units.ImportEvents(ctx, v.File, data, unit.ImportOptions{DryRun: v.DryRun})
	})
}

func importUnits(ctx context.Context, out *output, cfg app.StoreConfig, file string, load func(*app.App) (unit.Report, error)) error {
	a, err := open(ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	report, err := load(a)
	if err != nil {
		return err
	}
	err = out.Print(report, func(w io.Writer) {
		fmt.Fprintf(w, "新增 %d，更新 %d，未变 %d，拒绝 %d\n", report.Added, report.Changed, report.Same, len(report.Refused))
		for _, r := range report.Refused {
			fmt.Fprintf(w, "%v\n", r)
		}
	})
	if err == nil && len(report.Refused) > 0 {
		return fault.New(fault.Invalid, "rows_refused", "有 %d 行没有导入，原因见上；改好后再导入一次，已导入的不会重复。", len(report.Refused)).At("%s", file)
	}
	return err
}

type importSitesCmd struct {
	File   string `arg:"" help:"JSON 文件，或 yongzhou。"`
	DryRun bool   `help:"只检查，不写入。"`
}

// Run imports sites and their columns.
func (v *importSitesCmd) Run(ctx context.Context, out *output, cfg app.StoreConfig) error {
	a, err := open(ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	data, ok := channel.Example(v.File)
	if !ok {
		if data, err = readFile(v.File, tableLimit); err != nil {
			return err
		}
	}
	report, err := a.Channels.Load(ctx, data, channel.Options{DryRun: v.DryRun})
	if f, ok := fault.Of(err); ok && f.Place == "" {
		return f.At("%s", v.File)
	}
	if err != nil {
		return err
	}
	return out.Print(report, func(w io.Writer) {
		fmt.Fprintf(w, "新增 %d，更新 %d，未变 %d，关闭栏目 %d\n", report.Added, report.Changed, report.Same, report.Closed)
	})
}

// progress shows how far long work is, on one line of a terminal and not at
// all elsewhere.
type progress struct {
	w     io.Writer
	what  string
	shown bool
}

func newProgress(w io.Writer, what string) *progress {
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return &progress{w: w, what: what}
		}
	}
	return &progress{}
}

// at shows n of all (0 where that is not known) and a remark.
func (p *progress) at(n, all int64, remark string) {
	if p.w == nil {
		return
	}
	p.shown = true
	if all > 0 {
		remark = fmt.Sprintf("/%d %3d%% %s", all, n*100/all, remark)
	}
	fmt.Fprintf(p.w, "\r\033[K%s %d%s", p.what, n, " "+remark)
}

func (p *progress) done() {
	if p.shown {
		fmt.Fprintln(p.w)
	}
}
