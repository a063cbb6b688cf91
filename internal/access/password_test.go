package access_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongkai/internal/access"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
)

// accept uses a fresh link for an account of 市发改委 with a password.
func (w *world) accept(login, password string) error {
	_, l := w.invite(login, w.plan)
	_, err := w.Accept(ctx, access.Acceptance{Token: l.Token, Password: password})
	return err
}

func TestPasswordRules(t *testing.T) {
	w := newWorld(t, access.Policy{}, dbtest.SQLite)
	tests := []struct{ login, password, want string }{
		{"short", "k7Fq-2m9x", "password_short"},
		{"empty", "", "password_short"},
		{"long", strings.Repeat("长话说", 100), "password_long"},
		{"notext", "\xff\xfe\xfdabcdefghijk", "password_long"},
		{"phone", "13800138000", "password_digits"},
		{"birthday", "1987-02-03 1990", "password_digits"},
		{"same", "aaaaaaaaaaaa", "password_walk"},
		{"few", "abababcabcabc", "password_walk"},
		{"alphabet", "abcdefghijklmn", "password_walk"},
		{"keys", "qwertyuiop[]", "password_walk"},
		{"columns", "1qaz2wsx3edc", "password_walk"},
		{"columnsback", "zaq1xsw2cde3", "password_walk"},
		{"admin", "admin@2021", "password_common"},
		{"adminsign", "Admin@123456", "password_common"},
		{"leet", "P@ssw0rd2024!", "password_common"},
		{"front", "2021@password", "password_common"},
		{"woaini", "woaini1314", "password_common"},
		{"woaini2", "WoAiNi5201314", "password_common"},
		{"love", "1314woaini520", "password_common"},
		{"pinyinyear", "zhengwugongkai2022", "password_common"},
		{"office", "bangongshi#88", "password_common"},
		{"twice", "mimamima123", "password_common"},
		{"doubled", "shizhangshizhang", "password_common"},
		{"welcome", "Welcome2022!", "password_common"},
		{"lishuwen", "x-LiShuWen-77q", "password_name"},
		{"unit1", "shifagaiwei-Kq7", "password_name"},
		{"unit2", "我在市发改委上班已三年", "password_name"},
		{"good1", good, ""},
		{"good2", "correct-horse-battery", ""},
		{"good3", "春风又绿江南岸吧", "password_short"},
		{"good4", "春风又绿江南岸明月照我还", ""},
		{"good5", "kV9#tm2!Lw", ""},
	}
	for _, tt := range tests {
		t.Run(tt.login, func(t *testing.T) { wantCode(t, w.accept(tt.login, tt.password), tt.want) })
	}
}

// Whatever is put around a common word, in whatever case, it stays refused.
func TestCommonWordsStayRefused(t *testing.T) {
	w := newWorld(t, access.Policy{}, dbtest.SQLite)
	_, l := w.invite("somebody", w.plan)
	words := rapid.SampledFrom([]string{"password", "administrator", "woaizhongguo", "zhengfuxinxi", "qwertyuiop", "xitongguanliyuan"})
	around := rapid.StringMatching(`[0-9@#!._-]{0,8}`)
	rapid.Check(t, func(rt *rapid.T) {
		word := words.Draw(rt, "word")
		if rapid.Bool().Draw(rt, "capital") {
			word = strings.ToUpper(word[:1]) + word[1:]
		}
		password := around.Draw(rt, "before") + word + around.Draw(rt, "behind")
		_, err := w.Accept(ctx, access.Acceptance{Token: l.Token, Password: password})
		if f, ok := fault.Of(err); !ok || !strings.HasPrefix(f.Code, "password_") {
			rt.Fatalf("%q: %v", password, err)
		}
	})
}

func TestEarlierPasswordsDoNotComeBack(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		w.hire("keeper", w.plan)
		session := w.enter("keeper").Session
		list := []string{good}
		for _, tree := range []string{"松", "柏", "桃", "李", "杏"} {
			list = append(list, "院子里有棵"+tree+"树-Kq7")
		}
		for i, next := range list[1:] {
			if err := w.ChangePassword(ctx, session, list[i], next); err != nil {
				t.Fatal(err)
			}
		}
		last := list[5]
		for _, old := range list[1:] {
			wantCode(t, w.ChangePassword(ctx, session, last, old), "password_again")
		}
		wantCode(t, w.ChangePassword(ctx, session, last, list[0]), "") // the sixth is free again
		wantCode(t, w.ChangePassword(ctx, session, last, "院子里有棵梅树-Kq7"), "confirm_failed")
	})
}

func TestChangePasswordEndsOtherSessions(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		id := w.hire("keeper", w.plan)
		here, there := w.enter("keeper"), w.enter("keeper")
		if err := w.ChangePassword(ctx, here.Session, good, "院子里有棵梅树-Kq7"); err != nil {
			t.Fatal(err)
		}
		_, _, err := w.Session(ctx, here.Token)
		wantCode(t, err, "")
		_, _, err = w.Session(ctx, there.Token)
		wantCode(t, err, access.CodeSignIn)
		_, err = w.SignIn(ctx, access.Attempt{Login: "keeper", Password: good})
		wantCode(t, err, "sign_in_failed")
		if len(w.acts("access.password_changed", "user:"+itoa(id))) != 1 {
			t.Error("the change is not entered")
		}
	})
}

// Changed parameters of argon2id reach a password at its next use.
func TestStaleHashIsMadeAgain(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		w.hire("keeper", w.plan)
		stored := func() (hash string) {
			w.update(func(tx *dbTx) error {
				return tx.Row(ctx, "select password from access_accounts where login = ?", []any{"keeper"}, &hash)
			})
			return hash
		}
		if h := stored(); !strings.HasPrefix(h, "$argon2id$v=19$m=64,t=1,p=1$") {
			t.Fatalf("stored as %q", h)
		}
		next := access.NewStore(access.Deps{DB: w.db, Units: w.units, Now: w.clock, Policy: access.Policy{Hash: access.Hash{Memory: 128, Iterations: 2, Parallelism: 1}, SecondFactor: []access.Role{}}})
		for range 2 {
			if _, err := next.SignIn(ctx, access.Attempt{Login: "keeper", Password: good}); err != nil {
				t.Fatal(err)
			}
		}
		if h := stored(); !strings.HasPrefix(h, "$argon2id$v=19$m=128,t=2,p=1$") {
			t.Errorf("still stored as %q", h)
		}
	})
}
