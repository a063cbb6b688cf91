package main

import (
	"context"
	"fmt"

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
	})
}
