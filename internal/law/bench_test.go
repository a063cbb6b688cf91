package law

import (
	"maps"
	"testing"
)

func BenchmarkDay(b *testing.B) {
	c, d := Standard(), date("2026-02-16")
	for b.Loop() {
		c.Day(d)
	}
}

func BenchmarkAddWorkdays20(b *testing.B) {
	c, d := Standard(), date("2026-02-10")
	for b.Loop() {
		c.AddWorkdays(d, 20)
	}
}

func BenchmarkDue20(b *testing.B) {
	c, d := Standard(), date("2026-02-10")
	for b.Loop() {
		if _, err := c.Due(d, 20); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBuild is what With and WithLocal cost.
func BenchmarkBuild(b *testing.B) {
	notices := maps.Clone(Standard().notices)
	for b.Loop() {
		build(notices, nil)
	}
}
