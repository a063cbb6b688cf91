package main

import (
	"context"
	"fmt"
	"log/slog"

	"gongkai/internal/app"
)

type serveCmd struct {
	app.ServeConfig
}

// Run serves until it is told to stop.
func (v *serveCmd) Run(ctx context.Context, out *output, cfg app.StoreConfig) error {
	a, err := app.Open(ctx, cfg, app.Options{Demo: v.Demo, Serve: true, Progress: out.Stderr})
	if err != nil {
		return err
	}
	defer a.Close()
	return a.Run(ctx, v.ServeConfig, func(addr string) {
		fmt.Fprintf(out.Stderr, "已就绪：http://%s/\n", addr)
		v.invite(ctx, out, a, "http://"+addr)
	})
}

// invite tells whoever starts the program how the first account is made.
func (v *serveCmd) invite(ctx context.Context, out *output, a *app.App, origin string) {
	link, err := a.FirstLink(ctx, origin)
	switch {
	case err != nil:
		slog.Error("the link for the first account could not be made", "err", err)
	case link != "":
		fmt.Fprintf(out.Stderr, "还没有任何账号。请打开这个只能用一次的链接，建立安全管理员账号：%s\n", link)
	default:
		fmt.Fprintf(out.Stderr, "工作台：%s/desk/\n", origin)
	}
}
