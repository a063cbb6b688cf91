package access

import (
	"strings"
	"testing"
)

func FuzzTokenHash(f *testing.F) {
	f.Add(newToken())
	f.Add("")
	f.Add(strings.Repeat("A", 43))
	f.Add(strings.Repeat("_", 43))
	f.Add("\xff" + strings.Repeat("A", 42))
	f.Fuzz(func(t *testing.T, token string) {
		hash, ok := tokenHash(token)
		if ok != (hash != "") || ok && (len(hash) != 64 || len(token) != 43 || strings.Trim(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "") {
			t.Errorf("tokenHash(%q) = %q, %v", token, hash, ok)
		}
		// no two spellings of one token
		for i := range token {
			if other := token[:i] + string(token[i]^1) + token[i+1:]; ok {
				if h, fine := tokenHash(other); fine && h == hash {
					t.Errorf("%q and %q are one token", token, other)
				}
			}
		}
	})
}

func FuzzParseKey(f *testing.F) {
	_, secret := newKeySecret()
	f.Add(secret)
	f.Add("gk__")
	f.Add("gk_00000000_" + newToken())
	f.Add("GK_abcdefgh_" + newToken())
	f.Fuzz(func(t *testing.T, secret string) {
		prefix, hash, ok := parseKey(secret)
		if !ok {
			return
		}
		rest, found := strings.CutPrefix(secret, "gk_"+prefix+"_")
		if want, token := tokenHash(rest); !found || !token || want != hash || len(prefix) != keyPrefixLen {
			t.Errorf("parseKey(%q) = %q, %q", secret, prefix, hash)
		}
	})
}

func FuzzParseFlight(f *testing.F) {
	f.Add(flight{newToken(), newToken(), newToken()}.String())
	f.Add("..")
	f.Add(newToken() + "." + newToken())
	f.Fuzz(func(t *testing.T, cookie string) {
		if got, ok := parseFlight(cookie); ok && got.String() != cookie {
			t.Errorf("parseFlight(%q) = %+v", cookie, got)
		}
	})
}

func FuzzFoldCode(f *testing.F) {
	f.Add("１２３ ４５６")
	f.Add("O1il-0000")
	f.Fuzz(func(t *testing.T, code string) {
		once := foldCode(code)
		if twice := foldCode(once); twice != once {
			t.Errorf("%q folds to %q, then to %q", code, once, twice)
		}
	})
}

func TestTokensDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		token := newToken()
		if _, ok := tokenHash(token); !ok || seen[token] {
			t.Fatalf("%q is no token, or came twice", token)
		}
		seen[token] = true
	}
	for _, n := range []int{keyPrefixLen, recoveryLen} {
		if w := randomWord(n); len(w) != n || strings.Trim(w, wordLetters) != "" || w == randomWord(n) {
			t.Errorf("randomWord(%d) = %q", n, w)
		}
	}
}

// A code that people misread is still that code.
func TestFoldCode(t *testing.T) {
	tests := []struct{ typed, want string }{
		{"123456", "123456"}, {" 123 456 ", "123456"}, {"１２３４５６", "123456"}, {"I2O-4S6", "1204s6"},
		{"ABCD-efgh-0IlO-jkmn", "abcdefgh0110jkmn"},
	}
	for _, tt := range tests {
		if got := foldCode(tt.typed); got != tt.want {
			t.Errorf("foldCode(%q) = %q, want %q", tt.typed, got, tt.want)
		}
	}
}

// The list is written as it is compared, and each of its words is caught.
func TestCommonWordsAreFolded(t *testing.T) {
	if n := len(common()); n < 300 {
		t.Errorf("%d words, want some hundreds", n)
	}
	for word := range common() {
		if fold(word) != word || strings.ContainsAny(word, " \t#") {
			t.Errorf("%q is not in the form in which passwords are compared", word)
		}
		if !isCommon(word + "2021") {
			t.Errorf("%q with a year passes", word)
		}
	}
}
