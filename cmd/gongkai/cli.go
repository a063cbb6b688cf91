package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/alecthomas/kong"

	"gongkai/internal/app"
	"gongkai/internal/fault"
)

// version is set by the build.
var version = "dev"

// cli is the grammar of the command line: one field a verb, each with a file
// of its own.
type cli struct {
	app.StoreConfig
	Config kong.ConfigFlag `placeholder:"FILE" help:"配置文件（JSON，键名同长选项）。"`
	JSON   bool            `help:"结果以一个 JSON 文档输出到标准输出，消息输出到标准错误。"`

	Serve   serveCmd   `cmd:"" help:"运行网站、接口和后台工作。"`
	Import  importCmd  `cmd:"" help:"导入工作要点、信息、机构、目录或站点。"`
	Export  exportCmd  `cmd:"" help:"导出。"`
	Search  searchCmd  `cmd:"" help:"检索。"`
	Law     lawCmd     `cmd:"" help:"工作日、期限和信息处理费，每个结果都有依据。"`
	User    userCmd    `cmd:"" help:"账号：建立、列出、发一次性链接、停用。"`
	Reindex reindexCmd `cmd:"" help:"重建检索索引；服务在运行时也可以。"`
	Check   checkCmd   `cmd:"" help:"检查数据是否完好。"`
	Migrate migrateCmd `cmd:"" help:"把数据库升级到本程序的结构（serve 会自动做）。"`
	Backup  backupCmd  `cmd:"" help:"备份数据库和附件到一个文件；服务在运行时也可以。"`
	Restore restoreCmd `cmd:"" help:"从备份恢复到空的数据文件夹或空库，SQLite 与 PostgreSQL 可互换。"`
	Version versionCmd `cmd:"" help:"版本。"`
}

// Exit codes: done, could not be done, wrong usage.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// errUsage marks what a verb finds wrong with its own arguments.
var errUsage = errors.New("用法不对")

// helped is what kong's exit hook throws when --help was answered.
type helped struct{}

// run is the whole program as a function of its arguments, for tests as for
// main. It returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (code int) {
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(helped); !ok {
				panic(p)
			}
			code = exitDone
		}
	}()
	var c cli
	parser, err := grammar(&c, stdout, stderr)
	if err != nil {
		return fail(stderr, err)
	}
	call, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(stderr, "gongkai: %v\n用法见 gongkai --help。\n", err)
		return exitUsage
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: c.Level()})))
	slog.SetLogLoggerLevel(slog.LevelDebug) // what libraries say to themselves
	call.BindTo(ctx, (*context.Context)(nil))
	if err := call.Run(&output{Stdout: stdout, Stderr: stderr, JSON: c.JSON}, c.StoreConfig); err != nil {
		return fail(stderr, err)
	}
	return exitDone
}

func grammar(c *cli, stdout, stderr io.Writer) (*kong.Kong, error) {
	return kong.New(c,
		kong.Name("gongkai"),
		kong.Description("一座城市的政务公开。"),
		kong.DefaultEnvars("GONGKAI"),
		kong.Configuration(fileConfig),
		kong.Writers(stdout, stderr),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Exit(func(int) { panic(helped{}) }),
	)
}

// fail prints what went wrong and says with which code to leave.
func fail(stderr io.Writer, err error) int {
	if errors.Is(err, errUsage) {
		fmt.Fprintf(stderr, "gongkai: %v\n", err)
		return exitUsage
	}
	fmt.Fprintf(stderr, "gongkai: %s\n", fault.Public(err))
	if fault.KindOf(err) == fault.Internal {
		fmt.Fprintln(stderr, err)
	}
	return exitFailed
}

// open opens everything a verb works on; the caller closes it.
func open(ctx context.Context, cfg app.StoreConfig) (*app.App, error) {
	return app.Open(ctx, cfg, app.Options{})
}

// readFile reads an argument that names a file, "-" for standard input.
func readFile(name string, limit int64) ([]byte, error) {
	f, err := openFile(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fault.New(fault.Unavailable, "file_read", "读不了这个文件。").At("%s", name).Because(err)
	}
	if int64(len(b)) > limit {
		return nil, fault.New(fault.TooLarge, "file_large", "文件超过 %d MB，请拆成几个再导入。", limit>>20).At("%s", name)
	}
	return b, nil
}

func openFile(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(os.Stdin), nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fault.New(fault.NotFound, "file_missing", "打不开这个文件，请检查名称、路径和权限。").At("%s", name).Because(err)
	}
	return f, nil
}
