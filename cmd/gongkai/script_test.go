package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/sharedtest"
)

var update = flag.Bool("update", false, "write what the program prints into the scripts")

// TestMain makes the test binary the program itself where it is called by the
// program's name: scripts and tests start real processes of it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"gongkai": main})
}

// TestScripts runs the stories in testdata/script. Each has an empty folder of
// its own, in which the program keeps its data by default.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup: func(env *testscript.Env) error {
			env.Values[testKey{}] = env.T().(testing.TB)
			env.Values[rememberedKey{}] = new(string)
			env.Setenv("GONGKAI_METRICS_ADDR", "off")
			return nil
		},
		Condition: condition,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"fails":      cmdFails,
			"shared":     cmdShared,
			"postgres":   cmdPostgres,
			"remember":   cmdRemember,
			"unchanged":  cmdUnchanged,
			"sql":        cmdSQL,
			"occupy":     cmdOccupy,
			"ready":      cmdReady,
			"get":        cmdGet,
			"eventually": cmdEventually,
			"recode":     cmdRecode,
			"docx":       cmdDOCX,
			"workbook":   cmdWorkbook,
			"bomb":       cmdBomb,
			"lines":      cmdLines,
			"longline":   cmdLongLine,
			"edit":       cmdEdit,
			"cut":        cmdCut,
			"facts":      cmdFacts,
			"unzst":      cmdUnzst,
		},
	})
}

type testKey struct{}

func test(ts *testscript.TestScript) testing.TB { return ts.Value(testKey{}).(testing.TB) }

// condition knows what a machine may lack: [root] and [mounts], the right to
// mount file systems in a namespace of one's own.
func condition(cond string) (bool, error) {
	switch cond {
	case "root":
		return os.Geteuid() == 0, nil
	case "mounts":
		return exec.Command("unshare", "-rm", "true").Run() == nil, nil
	}
	return false, errors.New("unknown condition")
}

// cmdFails runs a program that must end with an exit code:
//
//	fails CODE PROGRAM ARG...
//
// What it says must be meant for people, never for us.
func cmdFails(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: fails CODE PROGRAM ARG...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok || exit.ExitCode() != want {
		ts.Fatalf("it ended with %v, want exit status %d", err, want)
	}
	said := ts.ReadFile("stderr")
	if said == "" {
		ts.Fatalf("it failed and did not say why")
	}
	for _, bad := range []string{"程序内部出错", "panic:", "goroutine "} {
		if strings.Contains(said, bad) {
			ts.Fatalf("it says %q", bad)
		}
	}
}

// cmdShared puts the path of real data into a variable, or skips the script:
//
//	shared NAME ELEM...
func cmdShared(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: shared NAME ELEM...")
	}
	ts.Setenv(args[0], sharedtest.Path(test(ts), args[1:]...))
}

// cmdPostgres puts the address of an empty PostgreSQL store into a variable,
// or skips the script where no server is given.
func cmdPostgres(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: postgres NAME")
	}
	ts.Setenv(args[0], dbtest.PostgresURL(test(ts)))
}

type rememberedKey struct{}

// cmdRemember keeps everything that the store in ./data holds, for unchanged.
func cmdRemember(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: remember")
	}
	*ts.Value(rememberedKey{}).(*string) = dump(ts)
}

// cmdUnchanged compares the store with what remember has kept: every row of
// every table, the ledger's among them.
func cmdUnchanged(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 0 {
		ts.Fatalf("usage: [!] unchanged")
	}
	before := *ts.Value(rememberedKey{}).(*string)
	if before == "" {
		ts.Fatalf("nothing was remembered")
	}
	after := dump(ts)
	switch {
	case neg && after == before:
		ts.Fatalf("the store is as it was")
	case !neg && after != before:
		ts.Fatalf("the store has changed:\n%s", firstDifference(before, after))
	}
}

func firstDifference(before, after string) string {
	was, is := strings.Split(before, "\n"), strings.Split(after, "\n")
	for i := range min(len(was), len(is)) {
		if was[i] != is[i] {
			return "- " + was[i] + "\n+ " + is[i]
		}
	}
	return fmt.Sprintf("%d rows were, %d are", len(was), len(is))
}

func dump(ts *testscript.TestScript) string {
	ctx := context.Background()
	store, err := db.Open(ctx, "sqlite:"+ts.MkAbs("data/gongkai.db"), civil.System)
	ts.Check(err)
	defer store.Close()
	var out bytes.Buffer
	ts.Check(store.Dump(ctx, &out))
	return withoutTurns(out.String())
}

// withoutTurns leaves out the tables in which writers only take turns.
func withoutTurns(dump string) string {
	var kept strings.Builder
	skip := false
	for line := range strings.Lines(dump) {
		if name, ok := strings.CutPrefix(line, `{"table":"`); ok {
			name, _, _ = strings.Cut(name, `"`)
			skip = strings.HasSuffix(name, "_turn")
		}
		if !skip {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// cmdSQL does a statement to a SQLite database behind the program's back:
//
//	sql FILE STATEMENT
func cmdSQL(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sql FILE STATEMENT")
	}
	file, err := sql.Open("sqlite", "file:"+ts.MkAbs(args[0]))
	ts.Check(err)
	defer file.Close()
	_, err = file.Exec(args[1])
	ts.Check(err)
}

// cmdOccupy listens on a free port until the script ends and puts its address
// into a variable.
func cmdOccupy(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: occupy NAME")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { l.Close() })
	ts.Setenv(args[0], l.Addr().String())
}
