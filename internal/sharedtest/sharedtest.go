// Package sharedtest finds the real data that tests read but the project does
// not hold: a folder named shared beside the checkout. Tests only.
package sharedtest

import (
	"os"
	"path/filepath"
	"testing"
)

// Path is the file or folder elem below the shared folder. Where that folder
// is missing the test is skipped with a message; with CI=true it fails.
func Path(t testing.TB, elem ...string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		p := filepath.Join(append([]string{dir, "shared"}, elem...)...)
		if _, err := os.Stat(p); err == nil {
			return p
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	name := filepath.Join(append([]string{"shared"}, elem...)...)
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing beside the checkout", name)
	}
	t.Skipf("%s is missing beside the checkout", name)
	return ""
}
