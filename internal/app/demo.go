package app

import (
	"context"
	"io"

	"gongkai/internal/civil"
)

func demoClock() civil.Clock { return civil.System }

func (a *App) fillDemo(ctx context.Context, progress io.Writer) error { return nil }
