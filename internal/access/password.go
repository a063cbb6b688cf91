package access

import (
	"context"
	"database/sql"
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/unicode/norm"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// passwordMax bounds the work that one request can ask for, in bytes.
const passwordMax = 256

//go:embed common.txt
var commonText string

// common holds the words of the list, folded.
var common = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for line := range strings.Lines(commonText) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			words[line] = true
		}
	}
	return words
})

// checkPassword tells what stands against a new password; names are the words
// that it may not contain: login, person, unit.
func (p Policy) checkPassword(password string, names []string) error {
	refuse := func(code, format string, args ...any) error {
		return fault.New(fault.Invalid, code, format, args...).At("password")
	}
	text := fold(password)
	switch {
	case utf8.RuneCountInString(password) < p.PasswordRunes:
		return refuse("password_short", "密码太短，至少%d个字符；可以用一句只有自己知道的话。", p.PasswordRunes)
	case len(password) > passwordMax || !utf8.ValidString(password):
		return refuse("password_long", "密码太长，最多%d个字节。", passwordMax)
	case strings.IndexFunc(text, unicode.IsLetter) < 0:
		return refuse("password_digits", "密码不能只有数字和符号，它们常是日期、电话或证件号码；请加上字母或汉字。")
	case distinct(text) < 5 || breaks(text) < 5:
		return refuse("password_walk", "密码是重复的字符、顺序的数字或键盘上相邻的键，很容易被猜到，请换一个。")
	case isCommon(text):
		return refuse("password_common", "这个密码（或它去掉头尾数字、符号之后）在常见密码表里，请换一个，例如几个不相干的词连起来。")
	}
	for _, name := range names {
		if contains(text, name) {
			return refuse("password_name", "密码里不要有登录名、姓名或单位名称（拼音也不行），请换一个。")
		}
	}
	return nil
}

// fold is how passwords are compared with words: half width, lower case.
func fold(s string) string { return strings.ToLower(norm.NFKC.String(s)) }

// looks are the letters that people write with other signs.
var looks = strings.NewReplacer("@", "a", "4", "a", "3", "e", "1", "i", "!", "i", "0", "o", "$", "s", "5", "s", "7", "t")

// isCommon tells whether a folded password, or what is left of it without
// digits and signs at its ends, stands in the list, also where letters are
// written by signs that look like them, and also twice in a row.
func isCommon(text string) bool {
	notLetter := func(r rune) bool { return !unicode.IsLetter(r) }
	core := strings.TrimFunc(text, notLetter)
	for _, form := range []string{text, core, looks.Replace(core), strings.TrimFunc(looks.Replace(text), notLetter)} {
		half := form[:len(form)/2]
		if common()[form] || half != "" && form == half+half && common()[half] {
			return true
		}
	}
	return false
}

func distinct(text string) int {
	seen := map[rune]bool{}
	for _, r := range text {
		seen[r] = true
	}
	return len(seen)
}

// keyRows are the keys of a keyboard as they lie, so that a column goes down
// to the right.
var keyRows = []string{"1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"}

// breaks counts the places where a text goes on to a sign that does not follow
// from the one before: not the same, not its neighbour in the alphabet or on
// the keyboard. The first sign is one.
func breaks(text string) (n int) {
	var last rune
	for i, r := range text {
		if i == 0 || !follows(last, r) {
			n++
		}
		last = r
	}
	return n
}

func follows(a, b rune) bool {
	if d := b - a; d >= -1 && d <= 1 {
		return true
	}
	ar, ac := keyPlace(a)
	br, bc := keyPlace(b)
	dr, dc := br-ar, bc-ac
	return ar >= 0 && br >= 0 && dr >= -1 && dr <= 1 && dc >= -1 && dc <= 1
}

func keyPlace(r rune) (row, column int) {
	for row, keys := range keyRows {
		if column := strings.IndexRune(keys, r); column >= 0 {
			return row, column
		}
	}
	return -1, -1
}

// nameMin is the shortest word that a password may not contain; shorter ones
// occur by chance.
const nameMin = 4

// contains tells whether a folded password has a name in it, as written or in
// pinyin. Chinese names count from two characters on.
func contains(text, name string) bool {
	name = fold(strings.TrimSpace(name))
	if chinese := strings.IndexFunc(name, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0; chinese {
		spelled := strings.Join(pinyin.LazyPinyin(name, pinyin.NewArgs()), "")
		return strings.Contains(text, name) || len(spelled) >= nameMin && strings.Contains(text, spelled)
	}
	return len(name) >= nameMin && strings.Contains(text, name)
}

// names are the words that the password of an account may not contain.
func (s *Store) names(ctx context.Context, tx *db.Tx, login, name string, unitID int64) ([]string, error) {
	tree, err := s.units.Tree(ctx, tx)
	if err != nil {
		return nil, err
	}
	list := []string{login, name}
	if short := tree.ShortOn(unitID, tx.Today()); utf8.RuneCountInString(short) > 1 {
		list = append(list, short, tree.NameOn(unitID, tx.Today()))
	}
	return list, nil
}

// newPassword checks a password for an account and hashes it; it works outside
// of any transaction. earlier are the hashes that may not come back.
func (s *Store) newPassword(ctx context.Context, password string, names, earlier []string) (hash string, err error) {
	if err := s.policy.checkPassword(password, names); err != nil {
		return "", err
	}
	for _, old := range earlier {
		match, _, err := s.hasher.check(ctx, password, old)
		if err != nil {
			return "", err
		}
		if match {
			return "", fault.New(fault.Invalid, "password_again", "这是最近%d个密码之一，请换一个新的。", s.policy.History).At("password")
		}
	}
	return s.hasher.make(ctx, password)
}

// earlier lists the hashes of the last passwords of an account.
func (s *Store) earlier(ctx context.Context, tx *db.Tx, accountID int64) (hashes []string, err error) {
	err = tx.Each(ctx, "select hash from access_passwords where account_id = ? order by id desc limit ?", []any{accountID, s.policy.History}, func(rows *sql.Rows) error {
		var hash string
		err := rows.Scan(&hash)
		hashes = append(hashes, hash)
		return err
	})
	return hashes, err
}

// setPassword stores a new hash and remembers it.
func (s *Store) setPassword(ctx context.Context, tx *db.Tx, accountID int64, hash string) error {
	at := db.At(s.instant())
	if _, err := tx.Exec(ctx, "update access_accounts set password = ?, password_at = ? where id = ?", hash, at, accountID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "insert into access_passwords (account_id, hash, made_at) values (?, ?, ?)", accountID, hash, at)
	return err
}

// ChangePassword sets a new password for the holder of a session, who gives
// the old one; all other sessions of the account end. An account that has none
// yet, from single sign-on, needs a session confirmed of late.
func (s *Store) ChangePassword(ctx context.Context, session Session, old, fresh string) (err error) {
	defer fault.Wrap(&err, "access.ChangePassword(%d)", session.AccountID)
	if session.Needs != NeedNothing {
		return notSignedIn()
	}
	var c credentials
	var names, earlier []string
	err = s.db.View(ctx, func(tx *db.Tx) (err error) {
		if c, err = readCredentials(ctx, tx, "id = ?", session.AccountID); err != nil {
			return err
		}
		if names, err = s.names(ctx, tx, c.login, c.name, c.unitID); err != nil {
			return err
		}
		earlier, err = s.earlier(ctx, tx, c.id)
		return err
	})
	if err != nil {
		return err
	}
	switch {
	case c.password != "":
		if _, err := s.Confirm(ctx, session, Proof{Password: old}); err != nil {
			return err
		}
	case !session.ConfirmedWithin(s.policy.Confirm):
		return confirmFirst()
	}
	hash, err := s.newPassword(ctx, fresh, names, earlier)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *db.Tx) error {
		if err := s.setPassword(ctx, tx, c.id, hash); err != nil {
			return err
		}
		if err := s.endSessions(ctx, tx, c.id, session.ID); err != nil {
			return err
		}
		return enter(ctx, tx, "access.password_changed", userSubject(c.id), userSubject(c.id), note{"address": session.Address})
	})
}
