package desk

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/drafting"
	"gongkai/internal/fault"
	"gongkai/internal/web/ui"
)

// PreviewAt is where links for people outside begin.
const PreviewAt = "/preview/"

// previewRow is a link to outside on a draft's page.
type previewRow struct {
	Guest, By, Until, State string
	Opens                   string
	Revoke                  string // address of the form; "" where it no longer works
}

// previewForm asks somebody outside to check the facts.
type previewForm struct {
	Path   string
	Reason string // why no link can be made now
}

// ask lists the links of a draft and offers to make one.
func (p *reviewPage) ask(v *visit, w *drafting.Work, who func(string) string) {
	may := v.me.Can(access.RecordWrite, w.UnitID)
	for _, l := range w.Previews {
		row := previewRow{Guest: l.Guest, By: who(l.MadeBy), Until: ui.Stamp(l.ExpiresAt), Opens: "还没有打开过"}
		if l.Opens > 0 {
			row.Opens = fmt.Sprintf("打开过%d次，最近 %s", l.Opens, ui.Stamp(l.OpenedAt))
		}
		switch {
		case !l.RevokedAt.IsZero():
			row.State = "已收回"
		case !l.Works(v.Drafts.Now()):
			row.State = "已过期"
		case may:
			row.Revoke = draftWay(w.ID, "previews/"+strconv.FormatInt(l.ID, 10))
		}
		p.Previews = append(p.Previews, row)
	}
	if !may || finished(w.State) {
		return
	}
	p.Guest = &previewForm{Path: draftWay(w.ID, "previews")}
	if p.Finds.Open > 0 {
		p.Guest.Reason = fmt.Sprintf("隐私检查还有%d处没有处理，处理完才能请外面的人看。", p.Finds.Open)
	}
}

// previewMadePage shows a new link, this once.
type previewMadePage struct {
	frame
	Guest string
	Link  string
	Until string
	Back  string
}

// View names the folder.
func (*previewMadePage) View() string { return "preview_made" }

func makePreview(v *visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	if err := v.readForm(); err != nil {
		return err
	}
	made, token, err := v.Drafts.MakePreview(v.r.Context(), v.me, id, v.field("guest"), int(v.number("days")))
	if err != nil {
		return err
	}
	p := &previewMadePage{frame: v.frame(""), Guest: made.Guest, Link: v.Origin + PreviewAt + token, Until: ui.Stamp(made.ExpiresAt), Back: drafting.Path(id)}
	if v.Origin == "" {
		p.Link = v.scheme() + "://" + v.r.Host + PreviewAt + token
	}
	return v.engine.Write(v.w, v.r, http.StatusOK, p)
}

func (v *visit) scheme() string {
	if v.Secure || v.r.TLS != nil {
		return "https"
	}
	return "http"
}

func revokePreview(v *visit) (answer, error) {
	id, err := v.id("id")
	if err != nil {
		return answer{}, err
	}
	preview, err := v.id("preview")
	if err != nil {
		return answer{}, err
	}
	if err := v.Drafts.RevokePreview(v.r.Context(), v.me, id, preview); err != nil {
		return answer{}, err
	}
	return goTo(drafting.Path(id)+"#outside", "链接已收回，打不开了。")
}

// previewPage is a draft as somebody outside sees it, who checks its facts.
type previewPage struct {
	frame
	Path    string
	Guest   string
	Until   string
	Text    reviewText
	Files   []string
	Remarks []reviewRemark
	Said    bool
	Typed   drafting.Remark
	Wrong   string
}

// View names the folder.
func (*previewPage) View() string { return "preview" }

// previewsPerMinute bounds how often one address may open links or answer.
const previewsPerMinute = 60

// Preview answers at PreviewAt: what is there needs no account, but a link
// that somebody of the city has made. It names itself to no other site.
func (k *Desk) Preview() http.Handler {
	m := http.NewServeMux()
	deny := func(w http.ResponseWriter, r *http.Request, message string) {
		k.faults.Answer(w, r, http.StatusTooManyRequests, message)
	}
	slow := ui.NewLimiter(ui.Limit{Name: "preview", Label: "核对", PerMin: previewsPerMinute}, civil.System).Guard(ui.ClientAddr(k.Trusted...), deny)
	for pattern, h := range map[string]ui.Handler{"GET /preview/{token}": k.showPreview, "POST /preview/{token}": k.answerPreview} {
		m.Handle(pattern, ui.Chain(k.faults.Handle(h), ui.Route(pattern), slow))
	}
	m.Handle(PreviewAt, ui.Route("*")(k.faults.Handle(func(http.ResponseWriter, *http.Request) error {
		return fault.New(fault.NotFound, "address_unknown", "这不是完整的核对链接，请从收到的消息里重新打开。")
	})))
	return ui.Chain(m, ui.Observe(k.Log, k.Hooks...), ui.Safe, unseen, http.NewCrossOriginProtection().Handler)
}

// unseen keeps an address that is a secret out of stores, indexes and the logs
// of other sites.
func unseen(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "private, no-store")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Robots-Tag", "noindex, nofollow")
		next.ServeHTTP(w, r)
	})
}

// previewPage opens the link, which is journalled.
func (k *Desk) previewPage(w http.ResponseWriter, r *http.Request) (*previewPage, error) {
	token := r.PathValue("token")
	c, err := k.Drafts.OpenPreview(r.Context(), token, ui.ClientAddr(k.Trusted...)(r).String())
	if err != nil {
		return nil, err
	}
	v := &visit{Desk: k, w: w, r: r, today: k.Clock.Today()}
	p := &previewPage{frame: frame{Shell: k.bareShell(r), Demo: len(k.Demo) > 0}, Path: PreviewAt + url.PathEscape(token),
		Guest: c.Preview.Guest, Until: ui.Stamp(c.Preview.ExpiresAt), Said: r.URL.Query().Get("said") == "1"}
	p.Title, p.Today, p.Canon = "请核对："+c.Title, v.today, ""
	for i, remark := range c.Remarks {
		p.Remarks = append(p.Remarks, reviewRemark{ID: remark.ID, No: i + 1, Quote: remark.Quote, Words: remark.Words, At: ui.Stamp(remark.At),
			onBody: remark.Place == drafting.PlaceBody && remark.Stands, occurrence: remark.Occurrence})
	}
	for _, a := range c.Line.Attachments {
		p.Files = append(p.Files, a.Name)
	}
	p.Text, err = v.reviewText(c.Line, p.Remarks, func(int) string { return "#files" })
	return p, err
}

func (k *Desk) showPreview(w http.ResponseWriter, r *http.Request) error {
	p, err := k.previewPage(w, r)
	if err != nil {
		return err
	}
	return k.engine.Write(w, r, http.StatusOK, p)
}

// answerPreview keeps what somebody outside has to say.
func (k *Desk) answerPreview(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	v := &visit{Desk: k, w: w, r: r}
	if err := v.readForm(); err != nil {
		return err
	}
	remark := drafting.Remark{Place: drafting.PlaceBody, Quote: v.field("quote"), Words: v.field("words"), Occurrence: max(0, int(v.number("occurrence"))-1)}
	if remark.Quote == "" {
		remark.Place = ""
	}
	_, err := k.Drafts.CommentPreview(r.Context(), r.PathValue("token"), remark)
	if err == nil {
		http.Redirect(w, r, PreviewAt+url.PathEscape(r.PathValue("token"))+"?said=1", http.StatusSeeOther)
		return nil
	}
	if !canMend(err) {
		return err
	}
	p, pageErr := k.previewPage(w, r)
	if pageErr != nil {
		return pageErr
	}
	p.Typed, p.Wrong = remark, fault.Public(err)
	return k.engine.Write(w, r, http.StatusUnprocessableEntity, p)
}
