package workplan

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"gongkai/internal/document"
	"gongkai/internal/extract"
	"gongkai/internal/sharedtest"
)

var write = flag.Bool("write", false, "write the golden files")

func textDocument(s string) extract.Document {
	var d extract.Document
	for _, l := range newText(s).split("\n") {
		if l = l.trim(""); !l.empty() {
			d.Blocks = append(d.Blocks, document.Block{Text: l.String()})
		}
	}
	return d
}

func seed(t testing.TB) extract.Document {
	files, err := filepath.Glob(sharedtest.Path(t, "seeds") + "/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no seed", err)
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return textDocument(string(b))
}

func TestSeed(t *testing.T) {
	plan, warnings, err := Parse(seed(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, _ := json.MarshalIndent(plan, "", "  ")
	t.Log(string(b), warnings)
}
