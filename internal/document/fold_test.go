package document

import (
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"abc 12", "abc 12"},
		{"  A  B ", "a b"},
		{"２０２１ＡＢＣ", "2021abc"},
		{"永政辦發【２０２１】１２號", "永政办发(2021)12号"},
		{"永政办发〔2021〕12号", "永政办发(2021)12号"},
		{"永政办发 [2021] 12 号", "永政办发(2021)12号"},
		{"第一章　总 则", "第一章总则"},
		{"政务\u200b公开\ufeff", "政务公开"},
		{"“双随机、一公开”", "\"双随机、一公开\""},
		{"「雙隨機」", "\"双随机\""},
		{"㎡①…", "m21..."},
		{"é e\u0301", "é é"},
		{"ｶﾞ", "ガ"},
		{"\xff号", "\ufffd号"},
		{"Go 语言 Go", "go语言go"},
		{"a\tb\nc", "a b c"},
	}
	for _, tt := range tests {
		if got := Fold(tt.in); got != tt.want {
			t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestFoldIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Fatalf("Fold(%q) = %q, again %q", s, once, twice)
		}
	})
}

func TestFoldRunesLeadsBack(t *testing.T) {
	in := "见 永政辦發〔 ２０２１ 〕12號。"
	runes, at := FoldRunes(in)
	if got, want := string(runes), "见永政办发(2021)12号。"; got != want {
		t.Fatalf("FoldRunes = %q, want %q", got, want)
	}
	if got, want := in[at[1]:at[len(runes)-1]], "永政辦發〔 ２０２１ 〕12號"; got != want {
		t.Errorf("the way back gives %q, want %q", got, want)
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		runes, at := FoldRunes(s)
		if string(runes) != Fold(s) {
			t.Fatalf("FoldRunes gives %q, Fold %q", string(runes), Fold(s))
		}
		if len(at) != len(runes)+1 || at[len(runes)] != len(s) {
			t.Fatalf("%d offsets for %d runes", len(at), len(runes))
		}
		for i := range runes {
			if at[i] > at[i+1] || at[i] < len(s) && !utf8.RuneStart(s[at[i]]) && utf8.ValidString(s) {
				t.Fatalf("offset %d of %q is wrong: %v", i, s, at)
			}
		}
	})
}

func FuzzFold(f *testing.F) {
	f.Add("永政辦發【２０２１】１２號")
	f.Add("é e\u0301 ｶﾞ")
	f.Fuzz(func(t *testing.T, s string) {
		if once := Fold(s); Fold(once) != once {
			t.Errorf("Fold(%q) = %q is not stable", s, once)
		}
	})
}
