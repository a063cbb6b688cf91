// Package internal holds the rules of the house as tests: which package may
// import which, who may write and read which tables, and how large a thing may
// grow before somebody should look at it.
package internal

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floors lists every package by its path below internal. Imports go strictly
// down. Packages for tests only stand below what uses them.
var floors = map[string]float64{
	"fault": 0, "civil": 0.5, // a date that does not exist is a fault
	"law": 1, "document": 1, "lifecycle": 1,
	"db": 2, "db/dbtest": 2.5, "sharedtest": 0,
	"extract/pdf": 2.5,
	"ledger":      3, "blob": 3, "blob/blobtest": 3.5, "jobs": 3, "mail": 3, "search": 3, "extract": 3,
	"search/searchtest": 3.5, "privacy": 3.5,
	"search/bleve": 4, "intake": 4, "wording": 4,
	"unit": 5, "access": 6, "channel": 7,
	"obligation/workplan": 7.5, "obligation": 8,
	"publication/kind": 8.5, "publication": 9, "planning": 10, "drafting": 10, "remind": 11,
	"web/ui": 12, "sim": 12,
	"web/portal": 13, "web/api": 13, "web/desk": 13,
	"app": 14, "e2e": 15,
}

// goFile is one parsed file that is not a test.
type goFile struct {
	path, pkg string // pkg is the folder below internal
	lines     int
	ast       *ast.File
}

var fset = token.NewFileSet()

func load(t *testing.T) []goFile {
	t.Helper()
	var files []goFile
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(fset, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		files = append(files, goFile{path, filepath.ToSlash(filepath.Dir(path)), fset.File(f.Pos()).LineCount(), f})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestImportsGoDown(t *testing.T) {
	used := map[string]bool{}
	for _, f := range load(t) {
		used[f.pkg] = true
		floor, ok := floors[f.pkg]
		if !ok {
			t.Errorf("%s: package %s has no floor; add it to the list in floors_test.go", f.path, f.pkg)
			continue
		}
		for _, spec := range f.ast.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			below, ours := strings.CutPrefix(path, "gongkai/internal/")
			if ours && floors[below] >= floor {
				t.Errorf("%s (floor %g) imports %s (floor %g): imports go strictly down", f.path, floor, below, floors[below])
			}
		}
	}
	for pkg := range floors {
		if !used[pkg] && pkg != "e2e" { // e2e is tests alone
			t.Errorf("the list of floors names %s, which does not exist", pkg)
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	said := map[string]bool{}
	for _, f := range load(t) {
		said[f.pkg] = said[f.pkg] || f.ast.Doc != nil
	}
	for pkg, ok := range said {
		if !ok {
			t.Errorf("package %s has no package comment", pkg)
		}
	}
}

var (
	tableWord  = regexp.MustCompile(`(?i)\b(?:from|join|into|update|table|exists)\s+([a-z]+)_([a-z_]+)\b`)
	writeWord  = regexp.MustCompile(`(?i)\b(?:insert\s+into|update|delete\s+from|replace\s+into)\s+([a-z]+)_([a-z_]+)\b`)
	tableOwner = map[string]string{ // prefix of a table → package
		"ledger": "ledger", "unit": "unit", "channel": "channel", "obligation": "obligation",
		"publication": "publication", "db": "db", "river": "jobs", "blob": "blob", "search": "search", "app": "app",
		"access": "access", "wording": "wording", "drafting": "drafting", "remind": "remind",
	}
)

// A package writes only its own tables and reads only tables of packages below.
func TestTablesHaveOneWriter(t *testing.T) {
	for _, f := range load(t) {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err != nil {
				return true
			}
			checkTables(t, f, lit, text)
			return true
		})
	}
}

func checkTables(t *testing.T, f goFile, lit *ast.BasicLit, text string) {
	t.Helper()
	for _, m := range writeWord.FindAllStringSubmatch(text, -1) {
		if owner, ok := tableOwner[m[1]]; ok && owner != f.pkg {
			t.Errorf("%s: %s writes %s_%s, which belongs to %s", fset.Position(lit.Pos()), f.pkg, m[1], m[2], owner)
		}
	}
	for _, m := range tableWord.FindAllStringSubmatch(text, -1) {
		if owner, ok := tableOwner[m[1]]; ok && owner != f.pkg && floors[owner] >= floors[f.pkg] {
			t.Errorf("%s: %s reads %s_%s of %s, which is not below it", fset.Position(lit.Pos()), f.pkg, m[1], m[2], owner)
		}
	}
}

// Tables of a migration begin with the noun that the file is named for.
func TestMigrationsMakeTheirOwnTables(t *testing.T) {
	entries, err := filepath.Glob("db/schema/*.sql")
	if err != nil || len(entries) == 0 {
		t.Fatal("no migrations found", err)
	}
	made := regexp.MustCompile(`(?i)create\s+(?:unique\s+)?(?:table|index)\s+(?:if not exists\s+)?(\w+)`)
	for _, path := range entries {
		noun := strings.Split(filepath.Base(path), "_")[1]
		noun = strings.TrimSuffix(noun, ".sql")
		for _, m := range made.FindAllSubmatch(mustRead(t, path), -1) {
			if !bytes.HasPrefix(m[1], []byte(noun+"_")) {
				t.Errorf("%s makes %s; its tables and indexes begin with %s_", path, m[1], noun)
			}
		}
	}
}

const (
	fileMax, fileP90 = 800, 450
	funcMax, funcP90 = 100, 45
	pkgMax           = 4000
	methodsMax       = 5
	depsMax          = 25
)

// Sizes are budgets: the medians are warnings in the log, the outer bounds
// fail.
func TestSizes(t *testing.T) {
	var fileSizes, funcSizes []int
	pkgs := map[string]int{}
	for _, f := range load(t) {
		fileSizes = append(fileSizes, f.lines)
		pkgs[f.pkg] += f.lines
		if f.lines > fileMax {
			t.Errorf("%s has %d lines, over %d", f.path, f.lines, fileMax)
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				lines := fset.Position(n.End()).Line - fset.Position(n.Pos()).Line + 1
				funcSizes = append(funcSizes, lines)
				if lines > funcMax && !conformance(f.pkg) {
					t.Errorf("%s: %s has %d lines, over %d", f.path, n.Name.Name, lines, funcMax)
				}
			case *ast.InterfaceType:
				if n.Methods.NumFields() > methodsMax {
					t.Logf("warning: %s has an interface of %d methods, over %d", fset.Position(n.Pos()), n.Methods.NumFields(), methodsMax)
				}
			}
			return true
		})
	}
	warnP90(t, "file", fileSizes, fileP90)
	warnP90(t, "function", funcSizes, funcP90)
	for pkg, lines := range pkgs {
		if lines > pkgMax {
			t.Logf("warning: package %s has %d lines, over %d", pkg, lines, pkgMax)
		}
	}
}

func conformance(pkg string) bool { return strings.HasSuffix(pkg, "test") }

func warnP90(t *testing.T, what string, sizes []int, budget int) {
	t.Helper()
	slices.Sort(sizes)
	if p90 := sizes[len(sizes)*9/10]; p90 > budget {
		t.Logf("warning: nine of ten %ss have up to %d lines, over %d", what, p90, budget)
	}
}

func TestDirectDependencies(t *testing.T) {
	n := 0
	for line := range strings.Lines(string(mustRead(t, "../go.mod"))) {
		if strings.HasPrefix(line, "\t") && !strings.Contains(line, "// indirect") {
			n++
		}
	}
	if n > depsMax {
		t.Logf("warning: %d direct dependencies, over %d", n, depsMax)
	}
}
func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
