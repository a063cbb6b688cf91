package main

import (
	"context"
	"fmt"
	"io"
	"runtime"

	"gongkai/internal/app"
	"gongkai/internal/fault"
)

type reindexCmd struct{}

// Run rebuilds the index, or has the running server do it.
func (reindexCmd) Run(ctx context.Context, out *output, cfg app.StoreConfig) error {
	a, err := open(ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	report, err := a.Reindex(ctx)
	if err != nil {
		return err
	}
	return out.Print(report, func(w io.Writer) {
		if report.Server {
			fmt.Fprintln(w, "服务正在运行：已请它重建索引，重建期间照常检索。")
			return
		}
		fmt.Fprintf(w, "索引已重建：%d 件信息，账本到第 %d 号。\n", report.Documents, report.Cursor)
	})
}

type checkCmd struct{}

// Run looks for damage and reports each finding; any finding is a failure.
func (checkCmd) Run(ctx context.Context, out *output, cfg app.StoreConfig) error {
	a, err := open(ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	report, err := a.Check(ctx)
	if err != nil {
		return err
	}
	err = out.Print(report, func(w io.Writer) {
		for _, c := range report.Checks {
			fmt.Fprintf(w, "%s %s：%s\n", mark(c.OK), c.Name, c.Detail)
		}
	})
	if err == nil && !report.OK() {
		return fault.New(fault.Conflict, "check_failed", "检查发现问题，见上面打叉的各项。")
	}
	return err
}

func mark(ok bool) string {
	if ok {
		return "✓"
	}
	return "✗"
}

type migrateCmd struct{}

// Run opens the store, which migrates it, and says where it stands.
func (migrateCmd) Run(ctx context.Context, out *output, cfg app.StoreConfig) error {
	a, err := open(ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	at, err := a.DB.Version(ctx)
	if err != nil {
		return err
	}
	return out.Print(map[string]int{"schema_version": at}, func(w io.Writer) {
		fmt.Fprintf(w, "数据库结构版本：%d\n", at)
	})
}

type backupCmd struct {
	File string `arg:"" help:"写到哪个文件（.tar.zst）；已有的不会覆盖。"`
}

// Run writes one file with the store and the blobs.
func (v *backupCmd) Run(ctx context.Context, out *output, cfg app.StoreConfig) error {
	a, err := open(ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	report, err := a.Backup(ctx, v.File)
	if err != nil {
		return err
	}
	return out.Print(report, func(w io.Writer) {
		fmt.Fprintf(w, "已备份到 %s：%d 字节，附件 %d 个，账本到第 %d 号。\n", report.File, report.Bytes, report.Blobs, report.Head)
	})
}

type restoreCmd struct {
	File string `arg:"" help:"backup 写的文件。"`
}

// Run fills an empty store from a backup.
func (v *restoreCmd) Run(ctx context.Context, out *output, cfg app.StoreConfig) error {
	a, err := open(ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	report, err := a.Restore(ctx, v.File)
	if err != nil {
		return err
	}
	return out.Print(report, func(w io.Writer) {
		fmt.Fprintf(w, "已从 %s 恢复：附件 %d 个，账本到第 %d 号。检索索引会在启动时重建。\n", report.File, report.Blobs, report.Head)
	})
}

type versionCmd struct{}

// Run prints what this program is.
func (versionCmd) Run(out *output) error {
	v := map[string]string{"version": version, "go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH}
	return out.Print(v, func(w io.Writer) { fmt.Fprintf(w, "gongkai %s（%s，%s）\n", v["version"], v["go"], v["platform"]) })
}
