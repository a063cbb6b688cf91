package access_test

import (
	"strings"
	"testing"
	"time"

	"gongkai/internal/access"
	"gongkai/internal/db"
)

// withCodes makes an account with one-time codes.
func (w *world) withCodes(login string, grants ...access.Grant) (id int64, secret string, recovery []string) {
	w.t.Helper()
	id = w.hire(login, w.plan, grants...)
	secret, recovery = w.enrol(w.enter(login))
	return id, secret, recovery
}

func TestOneTimeCodes(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		_, secret, recovery := w.withCodes("keeper")
		in := func(code string) error {
			_, err := w.SignIn(ctx, access.Attempt{Login: "keeper", Password: good, Code: code})
			return err
		}
		code := w.code(secret)
		wantCode(t, in(code), "")
		wantCode(t, in(code), "code_wrong") // replayed
		w.pass(30 * time.Second)
		wantCode(t, in(w.code(secret)), "")
		w.pass(30 * time.Second)
		early := w.code(secret)
		w.pass(30 * time.Second)
		wantCode(t, in(early), "") // a clock half a minute behind
		w.pass(time.Hour)
		old := w.code(secret)
		w.pass(61 * time.Second)
		wantCode(t, in(old), "code_wrong")
		code = w.code(secret)
		wantCode(t, in(code[:3]+" "+code[3:]), "")
		wantCode(t, in(recovery[0]), "")
		wantCode(t, in(recovery[0]), "code_wrong")
		wantCode(t, in(strings.ToUpper(strings.ReplaceAll(recovery[1], "-", ""))), "")
	})
}

// Without a code the session opens but allows nothing, until it is completed.
func TestCodeInASecondStep(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		id, secret, _ := w.withCodes("keeper", access.Grant{Role: access.Editor, UnitID: w.plan})
		r := w.enter("keeper")
		session, p, err := w.Session(ctx, r.Token)
		if err != nil || r.Needs() != access.NeedCode || session.Needs != access.NeedCode || r.Device != "" {
			t.Fatalf("got %+v, %v", session, err)
		}
		if p.Can(access.DeskUse, w.plan) || p.CanAnywhere(access.DeskUse) || r.Person.CanAnywhere(access.DeskUse) || session.ConfirmedWithin(time.Hour) {
			t.Error("half a sign-in allows something")
		}
		for name, err := range map[string]error{
			"Confirm":        second(w.Confirm(ctx, session, access.Proof{Password: good})),
			"Enrol":          second(w.Enrol(ctx, session)),
			"RemoveFactor":   w.RemoveFactor(ctx, session),
			"ChangePassword": w.ChangePassword(ctx, session, good, "院子里有棵梅树-Kq7"),
		} {
			t.Run(name, func(t *testing.T) { wantCode(t, err, access.CodeSignIn) })
		}
		before := len(w.acts("access.signed_in", "user:"+itoa(id)))
		_, err = w.Complete(ctx, r.Token, "000000")
		wantCode(t, err, "code_wrong")
		done, err := w.Complete(ctx, r.Token, w.code(secret))
		if err != nil || done.Needs() != access.NeedNothing || !done.Person.Can(access.RecordWrite, w.plan) || done.Device == "" || done.Token != r.Token {
			t.Fatalf("got %+v, %v", done, err)
		}
		if _, p, err = w.Session(ctx, r.Token); err != nil || !p.Can(access.RecordWrite, w.plan) {
			t.Errorf("a complete session does not hold: %v", err)
		}
		if got := len(w.acts("access.signed_in", "user:"+itoa(id))); got != before+1 {
			t.Errorf("entered %d times", got-before)
		}
		// half sessions do not last
		r = w.enter("keeper")
		w.pass(10 * time.Minute)
		if w.holds(r.Token) {
			t.Error("half a sign-in holds for ten minutes")
		}
	})
}

func second[T any](_ T, err error) error { return err }

// Whoever knows the password and guesses at the code is slowed whatever he
// does between.
func TestGuessingCodesIsSlowed(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		w.withCodes("keeper")
		for range 3 {
			r := w.enter("keeper")
			_, err := w.Complete(ctx, r.Token, "123456")
			wantCode(t, err, "code_wrong")
		}
		r := w.enter("keeper")
		_, err := w.Complete(ctx, r.Token, "123456")
		wantCode(t, err, "sign_in_wait")
	})
}

func TestRolesAskForCodes(t *testing.T) {
	each(t, access.Policy{SecondFactor: []access.Role{access.Signer}}, func(t *testing.T, w *world) {
		id := w.hire("signer", w.plan, access.Grant{Role: access.Signer, UnitID: w.plan})
		w.hire("editor", w.plan, access.Grant{Role: access.Editor, UnitID: w.plan})
		if r := w.enter("editor"); r.Needs() != access.NeedNothing {
			t.Errorf("an editor needs %q", r.Needs())
		}
		r := w.enter("signer")
		if r.Needs() != access.NeedEnrol || r.Person.CanAnywhere(access.RecordSign) {
			t.Fatalf("a signer needs %q", r.Needs())
		}
		w.enrol(r)
		session, p, err := w.Session(ctx, r.Token)
		if err != nil || session.Needs != access.NeedNothing || !p.Can(access.RecordSign, w.plan) {
			t.Errorf("after setting up codes the session needs %q (%v)", session.Needs, err)
		}
		if session, err = w.Confirm(ctx, session, access.Proof{Password: good}); err != nil {
			t.Fatal(err)
		}
		wantCode(t, w.RemoveFactor(ctx, session), "factor_required")
		w.update(func(tx *db.Tx) error {
			f, err := w.Factor(ctx, tx, id)
			if !f.Required || f.Since.IsZero() || f.RecoveryLeft != 10 {
				t.Errorf("got %+v", f)
			}
			return err
		})
		// a role granted meanwhile asks at once
		editor := w.enter("editor")
		wantCode(t, w.give(editor.Person.ID, access.Grant{Role: access.Signer, UnitID: w.plan}), "")
		session, p, err = w.Session(ctx, editor.Token)
		if err != nil || session.Needs != access.NeedEnrol || p.CanAnywhere(access.DeskUse) {
			t.Errorf("needs %q, %v", session.Needs, err)
		}
		w.enrol(editor)
	})
}

func TestDefaultAsksAdministratorsSignersAndOffice(t *testing.T) {
	p := access.DefaultPolicy()
	want := map[access.Role]bool{access.Signer: true, access.Office: true, access.SystemAdmin: true, access.SecurityAdmin: true, access.AuditAdmin: true}
	got := map[access.Role]bool{}
	for _, r := range p.SecondFactor {
		got[r] = true
	}
	for _, r := range access.Roles() {
		if got[r.Role] != want[r.Role] {
			t.Errorf("%s: %v", r.Role, got[r.Role])
		}
	}
	shown := ""
	for _, s := range p.Settings() {
		shown += s.Label + "=" + s.Value + "\n"
	}
	for _, line := range []string{"必须使用动态验证码的角色=签发、政务公开主管部门、系统管理员、安全管理员、审计员\n", "会话闲置多久结束=30分钟\n", "会话最长=12小时\n", "密码的保存方式=argon2id，内存65536 KiB，2遍，并行1\n", "连续失败后的等待=第3次5秒，第4次15秒，第5次1分钟，第6次5分钟，第7次15分钟\n", "一次性链接有效期=3天\n"} {
		if !strings.Contains(shown, line) {
			t.Errorf("the settings do not show %q:\n%s", line, shown)
		}
	}
	p.SecondFactor = []access.Role{}
	for _, s := range p.Settings() {
		if s.Label == "必须使用动态验证码的角色" && s.Value != "无" {
			t.Errorf("switched off it shows %q", s.Value)
		}
	}
}

func TestSettingUpCodesNeedsProof(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		_, first, old := w.withCodes("keeper")
		r := w.enter("keeper")
		r, err := w.Complete(ctx, r.Token, w.code(first))
		if err != nil {
			t.Fatal(err)
		}
		w.pass(11 * time.Minute)
		session, _, err := w.Session(ctx, r.Token)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.Enrol(ctx, session)
		wantCode(t, err, access.CodeConfirm)
		_, err = w.RenewRecovery(ctx, session)
		wantCode(t, err, access.CodeConfirm)
		if session, err = w.Confirm(ctx, session, access.Proof{Code: w.code(first)}); err != nil {
			t.Fatal(err)
		}
		_, err = w.ConfirmFactor(ctx, session, w.code(first))
		wantCode(t, err, "enrol_first")
		e, err := w.Enrol(ctx, session)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.ConfirmFactor(ctx, session, w.code(first)) // of the old one
		wantCode(t, err, "code_wrong")
		w.pass(time.Minute)
		r, err = w.SignIn(ctx, access.Attempt{Login: "keeper", Password: good, Code: w.code(first)}) // which still holds
		wantCode(t, err, "")
		if _, err := w.ConfirmFactor(ctx, r.Session, w.code(e.Secret)); err != nil {
			t.Fatal(err)
		}
		w.pass(time.Minute)
		for _, code := range []string{w.code(first), old[0]} {
			_, err = w.SignIn(ctx, access.Attempt{Login: "keeper", Password: good, Code: code})
			wantCode(t, err, "code_wrong")
		}
		w.pass(time.Hour)
		_, err = w.SignIn(ctx, access.Attempt{Login: "keeper", Password: good, Code: w.code(e.Secret)})
		wantCode(t, err, "")
	})
}

func TestRecoveryCodesAreRenewed(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		id, secret, old := w.withCodes("keeper")
		r, err := w.SignIn(ctx, access.Attempt{Login: "keeper", Password: good, Code: w.code(secret)})
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := w.RenewRecovery(ctx, r.Session)
		if err != nil || len(fresh) != 10 || fresh[0] == old[0] {
			t.Fatalf("got %v, %v", fresh, err)
		}
		_, err = w.SignIn(ctx, access.Attempt{Login: "keeper", Password: good, Code: old[1]})
		wantCode(t, err, "code_wrong")
		_, err = w.SignIn(ctx, access.Attempt{Login: "keeper", Password: good, Code: fresh[1]})
		wantCode(t, err, "")
		if acts := w.acts("access.recovery_used", "user:"+itoa(id)); len(acts) != 1 || !strings.Contains(string(acts[0].Data), `"left":9`) {
			t.Errorf("entered as %v", acts)
		}
		if err := w.RemoveFactor(ctx, r.Session); err != nil {
			t.Fatal(err)
		}
		if r := w.enter("keeper"); r.Needs() != access.NeedNothing {
			t.Errorf("without codes it needs %q", r.Needs())
		}
	})
}

// Of many that use one code at the same time, one succeeds.
func TestCodesAtOnce(t *testing.T) {
	p := access.Policy{Delays: []time.Duration{0}}
	each(t, p, func(t *testing.T, w *world) {
		_, secret, recovery := w.withCodes("keeper")
		for name, code := range map[string]string{"recovery": recovery[0], "one-time": w.code(secret)} {
			n := atOnce(t, 8, "code_wrong", func() error {
				_, err := w.SignIn(ctx, access.Attempt{Login: "keeper", Password: good, Code: code})
				return err
			})
			if n != 1 {
				t.Errorf("%s code: %d of 8 succeeded, want 1", name, n)
			}
		}
	})
}
