package jobs_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/jobs"
)

// Names of what the killed process is told.
const (
	crashURL = "JOBS_TEST_CRASH_URL"
	crashAs  = "test" // the instance of open, so the same as after the restart
)

// A process is killed while it works on a job; the next one of the same name
// works on it again, without waiting.
func TestKilledJobRunsAgain(t *testing.T) {
	if url := os.Getenv(crashURL); url != "" {
		workForever(url)
		return
	}
	for name, url := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "jobs.db") },
		"postgres": func(t *testing.T) string { return dbtest.PostgresURL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			url := url(t)
			store := openStore(t, url)
			enqueue(t, store, note{"twice"})
			killWorker(t, url)

			q := open(t, store, ignore())
			until(t, q, "test.note", jobs.Running)
			run(t, q)
			if job := until(t, q, "test.note", jobs.Done); job.Attempt != 2 || job.LastError == "" {
				t.Errorf("after the crash the job is %+v, want a second attempt that names the first", job)
			}
		})
	}
}

func openStore(t *testing.T, url string) *db.DB {
	t.Helper()
	store, err := db.Open(ctx, url, civil.System)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if err := jobs.Migrate(ctx, store); err != nil {
		t.Fatal(err)
	}
	return store
}

// killWorker starts this test again as a process and kills it once it works.
func killWorker(t *testing.T, url string) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestKilledJobRunsAgain$")
	child.Env = append(os.Environ(), crashURL+"="+url)
	working, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := working.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	child.Process.Kill()
	child.Wait()
}

// workForever is the process that is killed.
func workForever(url string) {
	store, err := db.Open(ctx, url, civil.System)
	if err != nil {
		panic(err)
	}
	reg := jobs.NewRegistry()
	jobs.Handle(reg, func(context.Context, note) error {
		os.Stdout.WriteString("!")
		select {}
	})
	q, err := jobs.Open(ctx, store, reg, jobs.Settings{Instance: crashAs})
	if err != nil {
		panic(err)
	}
	panic(q.Run(ctx))
}
