package privacy

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"github.com/klauspost/compress/zstd"

	"gongkai/internal/sharedtest"
)

// lawHits is how many findings in a thousand laws the test bears. Every one is
// false: laws name nobody.
const lawHits = 12

func TestLawsNameNobody(t *testing.T) {
	f, err := os.Open(sharedtest.Path(t, "data", "laws", "all-2025-04.jsonl.zst"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 64<<20)
	docs, bytes, hits := 0, 0, map[Kind]int{}
	for lines.Scan() {
		var p struct {
			Title string
			Body  struct{ Text string }
		}
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		docs++
		bytes += len(p.Body.Text)
		for _, f := range ScanText("正文", p.Body.Text, Options{}) {
			hits[f.Kind]++
			if hits[f.Kind] < 60 {
				t.Logf("%s: %s %q in %q", p.Title, f.Kind, f.Match, f.Excerpt)
			}
		}
	}
	all := 0
	for _, n := range hits {
		all += n
	}
	t.Logf("%d documents, %d MB: %v, %.1f in 1,000 documents", docs, bytes>>20, hits, float64(all)*1000/float64(docs))
	if docs < 3000 || all*1000 > lawHits*docs {
		t.Errorf("%d findings in %d laws, want at most %d in 1,000", all, docs, lawHits)
	}
}
