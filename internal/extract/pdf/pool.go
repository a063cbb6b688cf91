package pdf

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"gongkai/internal/fault"
)

// Workers is how many files are read at the same time. Each worker may take
// memoryPages of memory.
const Workers = 2

// memoryPages is the memory of a worker in pages of 64 KB: 512 MB.
const memoryPages = 8192

// engine is the one engine of the process.
var engine struct {
	once sync.Once
	pool pdfium.Pool
	err  error
}

// Prepare starts the engine ahead of the first file and keeps its machine code
// in the folder cacheDir, so that the next start takes a moment instead of
// seconds. Without it the engine starts with the first file and keeps nothing.
// The folder must be writable for this program alone, since what lies in it is
// executed.
func Prepare(cacheDir string) error {
	start(cacheDir)
	return engine.err
}

// start starts the engine once. It mounts no folder and writes nowhere else.
func start(cacheDir string) {
	engine.once.Do(func() {
		runtime := wazero.NewRuntimeConfig().
			WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
			WithMemoryLimitPages(memoryPages).
			WithCloseOnContextDone(true)
		if cacheDir != "" {
			cache, err := wazero.NewCompilationCacheWithDir(cacheDir)
			if err != nil {
				engine.err = err
				return
			}
			runtime = runtime.WithCompilationCache(cache)
		}
		engine.pool, engine.err = webassembly.Init(webassembly.Config{
			MaxIdle: Workers, MaxTotal: Workers,
			FSConfig:      wazero.NewFSConfig(),
			RuntimeConfig: runtime,
			Stdout:        io.Discard, Stderr: io.Discard,
		})
	})
}

// Do gives work an engine of its own and takes everything it opened back
// afterwards. Where ctx ends first the engine is stopped and the error is a
// TooLarge fault; work must then touch nothing that the caller still reads.
func Do(ctx context.Context, work func(worker pdfium.Pdfium) error) error {
	start("")
	if engine.err != nil {
		return fault.New(fault.Unavailable, "pdf_engine", "读取 PDF 的部件启动失败，已记入日志。请告诉管理员。").Because(engine.err)
	}
	worker, err := engine.pool.GetInstanceWithContext(ctx)
	if err != nil {
		return fault.New(fault.Unavailable, "pdf_busy", "正在读取的 PDF 太多，没有排上。请过一会儿再交。").Because(err)
	}
	done := make(chan error, 1)
	go func() { done <- guarded(worker, work) }()
	select {
	case err = <-done:
		worker.Close()
		return err
	case <-ctx.Done():
		worker.Kill()
		<-done // the engine stops at its next step
		return fault.New(fault.TooLarge, "pdf_slow", "PDF 过于复杂，在限定时间内没有读完。请拆成几份，或交生成它的 DOCX 原件。").Because(ctx.Err())
	}
}

// guarded turns a panic of the engine's glue into an error: a file must never
// stop the program.
func guarded(worker pdfium.Pdfium, work func(pdfium.Pdfium) error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = broken(errors.New("panic of the engine"))
		}
	}()
	return work(worker)
}
