package main

import (
	"context"
	"fmt"
	"io"

	"gongkai/internal/app"
	"gongkai/internal/publication"
)

type exportCmd struct {
	Publications exportPublicationsCmd `cmd:"" help:"全部已公开的信息，交换格式；不写文件名则输出到标准输出（不含附件）。"`
	Template     exportTemplateCmd     `cmd:"" help:"某一种类的填报模板（XLSX、CSV）。"`
}

type exportPublicationsCmd struct {
	File string `arg:"" optional:"" help:"FILE.jsonl 或 FILE.jsonl.zst；附件放在旁边的 files 文件夹。"`
}

// Run writes every published record, one a line.
func (v *exportPublicationsCmd) Run(ctx context.Context, out *output, cfg app.StoreConfig) error {
	a, err := open(ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	if v.File == "" {
		_, err := a.Publications.Export(ctx, out.Stdout, publication.ExportOptions{})
		return err
	}
	lines, err := a.Publications.ExportFile(ctx, v.File, publication.Filter{})
	if err != nil {
		return err
	}
	return out.Print(map[string]any{"file": v.File, "lines": lines}, func(w io.Writer) {
		fmt.Fprintf(w, "已导出 %d 件到 %s\n", lines, v.File)
	})
}
