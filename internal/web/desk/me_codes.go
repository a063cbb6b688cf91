package desk

import (
	"encoding/base64"
	"html/template"
	"strings"

	"github.com/skip2/go-qrcode"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/web/ui"
)

const codesPath = mePath + "/codes"

// codesPage is where one's one-time codes stand, and where they are set up.
type codesPage struct {
	frame
	Factor access.Factor
	Since  string
	Must   bool // nothing else goes on before they are set up
	Guest  bool
	Secret string // in groups of four; "" before it was begun
	URL    string // otpauth://…
	Image  template.URL
	Wrong  string
}

// View names the folder.
func (*codesPage) View() string { return "me_codes" }

// recoveryPage shows recovery codes, this once.
type recoveryPage struct {
	frame
	Codes []string
}

// View names the folder.
func (*recoveryPage) View() string { return "me_recovery" }

func (v *visit) codesPage() (*codesPage, error) {
	p := &codesPage{frame: v.frame(""), Must: v.session.Needs == access.NeedEnrol, Guest: v.isGuest(v.me.Login)}
	return p, v.DB.View(v.r.Context(), func(tx *db.Tx) (err error) {
		p.Factor, err = v.Access.Factor(v.r.Context(), tx, v.me.ID)
		p.Since = ui.Stamp(p.Factor.Since)
		return err
	})
}

func showCodes(v *visit) (ui.Page, error) { return v.codesPage() }

// qrPixels is the width of the code on the page.
const qrPixels = 240

// show puts an enrolment on the page.
func (p *codesPage) show(e access.Enrolment) error {
	image, err := qrcode.Encode(e.URL, qrcode.Medium, qrPixels)
	if err != nil {
		return fault.New(fault.Invalid, "enrolment_bad", "二维码做不出来，请回到上一页重新开始。").Because(err)
	}
	p.URL, p.Image = e.URL, template.URL("data:image/png;base64,"+base64.StdEncoding.EncodeToString(image))
	for i := 0; i < len(e.Secret); i += 4 {
		p.Secret += e.Secret[i:min(i+4, len(e.Secret))] + " "
	}
	p.Secret = strings.TrimSpace(p.Secret)
	return nil
}

// sharedGuest refuses what would lock the other visitors of the demonstration
// out.
func (v *visit) sharedGuest() error {
	if v.isGuest(v.me.Login) {
		return fault.New(fault.Forbidden, "guest_shared", "演示里的人大家共用，不能改他的登录方式。")
	}
	return nil
}

// beginCodes makes a new secret and shows it.
func beginCodes(v *visit) error {
	if err := v.sharedGuest(); err != nil {
		return err
	}
	e, err := v.Access.Enrol(v.r.Context(), v.session)
	switch {
	case hasCode(err, access.CodeConfirm):
		return v.leave(confirmFirst(codesPath))
	case err != nil:
		return err
	}
	p, err := v.codesPage()
	if err != nil {
		return err
	}
	if err := p.show(e); err != nil {
		return err
	}
	return v.present(p)
}

// endEnrolment takes the first code of the new secret.
func endEnrolment(v *visit) error {
	if err := v.readForm(); err != nil {
		return err
	}
	if err := v.sharedGuest(); err != nil {
		return err
	}
	codes, err := v.Access.ConfirmFactor(v.r.Context(), v.session, v.field("code"))
	switch {
	case err == nil:
		v.session.Needs = access.NeedNothing
		return v.present(&recoveryPage{frame: v.frame("恢复码"), Codes: codes})
	case hasCode(err, access.CodeConfirm):
		return v.leave(confirmFirst(codesPath))
	case !tellable(err):
		return err
	}
	p, failed := v.codesPage()
	if failed != nil {
		return failed
	}
	p.Wrong = fault.Public(err)
	if secret, url := strings.ReplaceAll(v.field("secret"), " ", ""), v.field("url"); url != "" {
		if err := p.show(access.Enrolment{Secret: fault.Clip(secret, 80), URL: fault.Clip(url, 300)}); err != nil {
			return err
		}
	}
	return v.mend(p)
}

func renewRecovery(v *visit) error {
	if err := v.sharedGuest(); err != nil {
		return err
	}
	codes, err := v.Access.RenewRecovery(v.r.Context(), v.session)
	switch {
	case hasCode(err, access.CodeConfirm):
		return v.leave(confirmFirst(codesPath))
	case err != nil:
		return err
	}
	return v.present(&recoveryPage{frame: v.frame(""), Codes: codes})
}

func removeCodes(v *visit) (answer, error) {
	if err := v.sharedGuest(); err != nil {
		return answer{}, err
	}
	err := v.Access.RemoveFactor(v.r.Context(), v.session)
	switch {
	case hasCode(err, access.CodeConfirm):
		return goTo(confirmFirst(codesPath))
	case tellable(err):
		p, failed := v.codesPage()
		if failed != nil {
			return answer{}, failed
		}
		p.Wrong = fault.Public(err)
		return again(p)
	case err != nil:
		return answer{}, err
	}
	return goTo(codesPath, "一次性验证码已经取消。")
}
