package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// tokenBytes is the size of every secret that the program makes up: 256 bits,
// so that its plain SHA-256 gives nothing away.
const tokenBytes = 32

// newToken is a fresh secret as text of 43 letters, digits, - and _.
func newToken() string {
	var b [tokenBytes]byte
	rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// tokenHash is what is stored of a token; ok is false for a text that is no
// token, which then need not be looked for.
func tokenHash(token string) (hash string, ok bool) {
	if len(token) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return "", false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != tokenBytes {
		return "", false
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), true
}

// mustHash is tokenHash of a token that newToken made.
func mustHash(token string) string {
	hash, ok := tokenHash(token)
	if !ok {
		panic("access: not a token")
	}
	return hash
}

// Keys of other systems read gk_PREFIX_TOKEN: the prefix is shown in lists and
// finds the row, scanners for leaked secrets know it by gk_.
const (
	keyMark      = "gk"
	keyPrefixLen = 8
)

// newKeySecret makes up a key.
func newKeySecret() (prefix, secret string) {
	prefix = randomWord(keyPrefixLen)
	return prefix, keyMark + "_" + prefix + "_" + newToken()
}

// parseKey takes a key apart; ok is false for a text that is no key.
func parseKey(secret string) (prefix, hash string, ok bool) {
	rest, marked := strings.CutPrefix(secret, keyMark+"_")
	prefix, token, cut := strings.Cut(rest, "_")
	if !marked || !cut || len(prefix) != keyPrefixLen || strings.Trim(prefix, wordLetters) != "" {
		return "", "", false
	}
	hash, ok = tokenHash(token)
	return prefix, hash, ok
}

// wordLetters are the 32 of Crockford's base 32: no i, l, o and u, which are
// misread. Being 32, one random byte picks one without favour.
const wordLetters = "0123456789abcdefghjkmnpqrstvwxyz"

// randomWord is made of n random letters, five bits each.
func randomWord(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	for i := range b {
		b[i] = wordLetters[int(b[i])%len(wordLetters)]
	}
	return string(b)
}
