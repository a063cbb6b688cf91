package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"gongkai/internal/app"
	"gongkai/internal/search"
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
	text := strings.Join(v.Query, " ")
	if v.Clauses {
		hits, err := a.SearchClauses(ctx, search.ClauseQuery{Text: text, Size: v.Size})
		if err != nil {
			return err
		}
		return out.Print(hits, func(w io.Writer) {
			for _, h := range hits.Items {
				fmt.Fprintf(w, "%s %s\n  %s\n  %s\n", h.Title, h.Clause, clip(h.Text, 80), h.URL)
			}
		})
	}
	found, err := a.SearchDocuments(ctx, search.Query{Text: text, Size: v.Size, Collapse: true})
	if err != nil {
		return err
	}
	return out.Print(found, func(w io.Writer) {
		fmt.Fprintf(w, "共 %d 件\n", found.Total)
		for _, h := range found.Items {
			fmt.Fprintln(w, strings.Join(strings.Fields(strings.Join([]string{h.Title, h.Number, h.Unit, h.IssuedOn, h.URL}, " ")), "  "))
		}
	})
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
