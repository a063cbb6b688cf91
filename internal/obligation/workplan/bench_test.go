package workplan

import "testing"

func BenchmarkParseSeed(b *testing.B) {
	doc := read(b, seedPath(b))
	for b.Loop() {
		if _, _, err := Parse(doc, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
