package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"gongkai/internal/app"
	"gongkai/internal/fault"
	"gongkai/internal/web/api"
)

type searchCmd struct {
	Query   []string `arg:"" help:"要找的话、文号或名称。"`
	Clauses bool     `help:"找到条文，不是文件。"`
	Size    int      `short:"k" default:"10" help:"最多几条。"`
}

// Run searches the index, or asks the running server that holds it.
func (v *searchCmd) Run(ctx context.Context, out *output, cfg app.StoreConfig) error {
	a, err := open(ctx, cfg)
	if err != nil {
		return err
	}
	defer a.Close()
	query := url.Values{"q": {strings.Join(v.Query, " ")}, "size": {strconv.Itoa(v.Size)}}
	if v.Clauses {
		hits, err := app.Ask[api.Clauses](ctx, a, "/api/v1/clauses", query)
		if err != nil {
			return err
		}
		return out.Print(hits, func(w io.Writer) {
			for _, h := range hits.Items {
				fmt.Fprintf(w, "%s %s\n  %s\n  %s\n", h.Title, h.Clause, fault.Clip(h.Text, 80), h.URL)
			}
		})
	}
	found, err := app.Ask[api.Found](ctx, a, "/api/v1/search", query)
	if err != nil {
		return err
	}
	return out.Print(found, func(w io.Writer) {
		fmt.Fprintf(w, "共 %d 件\n", found.Total)
		for _, h := range found.Items {
			fmt.Fprintf(w, "%s  %s  %s  %v  %s\n", h.Title, h.Number, h.Unit, h.IssuedOn, h.URL)
		}
	})
}
