package app

import (
	"context"
	"fmt"

	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/ledger"
)

// CheckReport lists what was looked at.
type CheckReport struct {
	Checks []Check `json:"checks"`
}

// Check is one thing that was looked at: in order or not, and what was seen.
type Check struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

// OK tells whether every check passed.
func (r CheckReport) OK() bool {
	for _, c := range r.Checks {
		if !c.OK {
			return false
		}
	}
	return true
}

// Check looks for damage and for what does not agree. It changes nothing.
func (a *App) Check(ctx context.Context) (report CheckReport, err error) {
	defer fault.Wrap(&err, "app.Check")
	checks := []struct {
		name string
		look func(ctx context.Context) (string, error)
	}{
		{"数据库", a.checkDatabase},
		{"账本", a.checkLedger},
		{"附件", a.checkBlobs},
		{"检索索引", a.checkIndex},
	}
	for _, c := range checks {
		detail, err := c.look(ctx)
		if err != nil {
			detail = fault.Public(err)
		}
		report.Checks = append(report.Checks, Check{c.name, err == nil, detail})
	}
	return report, ctx.Err()
}

func (a *App) checkDatabase(ctx context.Context) (string, error) {
	if err := a.DB.Verify(ctx); err != nil {
		return "", err
	}
	version, err := a.DB.Version(ctx)
	return fmt.Sprintf("%s，结构版本 %d", a.DB.Engine(), version), err
}

// checkLedger walks the journal: numbers without gaps, times that do not run
// backwards by more than clocks differ.
func (a *App) checkLedger(ctx context.Context) (string, error) {
	var seen, head int64
	err := a.DB.View(ctx, func(tx *db.Tx) (err error) {
		if head, err = ledger.Head(ctx, tx); err != nil {
			return err
		}
		for seen < head {
			entries, err := ledger.After(ctx, tx, seen, 10_000)
			if err != nil {
				return err
			}
			for _, e := range entries {
				if e.Seq != seen+1 {
					return fault.New(fault.Conflict, "ledger_gap", "账本在第 %d 号之后缺号（下一条是 %d）：请从备份恢复。", seen, e.Seq)
				}
				seen = e.Seq
			}
			if len(entries) == 0 {
				return fault.New(fault.Conflict, "ledger_short", "账本应到第 %d 号，只有 %d 号：请从备份恢复。", head, seen)
			}
		}
		return nil
	})
	return fmt.Sprintf("连续到第 %d 号", head), err
}

// checkBlobs reads every blob; a damaged one does not match its name.
func (a *App) checkBlobs(ctx context.Context) (string, error) {
	n := 0
	err := a.eachBlob(ctx, func(blob.Info, *blob.Reader) error { n++; return nil })
	return fmt.Sprintf("%d 个，内容与校验值相符", n), err
}

func (a *App) checkIndex(ctx context.Context) (string, error) {
	err := a.openIndex()
	if hasCode(err, "search_locked") {
		return "由正在运行的服务维护", nil
	}
	if err != nil {
		return "", err
	}
	cursor, err := a.engine.Cursor()
	if err != nil {
		return "", err
	}
	head, err := a.head(ctx)
	if err != nil {
		return "", err
	}
	n, err := a.countIndexed(ctx)
	return fmt.Sprintf("%d 件，到账本第 %d 号（共 %d 号，余下的启动后自动补上）", n, cursor, head), err
}
