package kind

import (
	"testing"

	"gongkai/internal/fault"
)

func FuzzKind(f *testing.F) {
	entries, err := builtIn.ReadDir("kinds")
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range entries {
		text, err := builtIn.ReadFile("kinds/" + e.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, []byte(`{"year": 2021}`))
	}
	f.Fuzz(func(t *testing.T, text, values []byte) {
		k, err := Parse("policy.json", text)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		if v, err := ParseValues(string(values)); err == nil {
			k.Validate(v)
		}
		k.Schema()
	})
}
