package desk

import (
	"cmp"
	"net/http"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/web/ui"
)

// route is one address of the desk. It has exactly one of show, do and raw.
type route struct {
	pattern string                        // of http.ServeMux
	act     access.Act                    // somebody must be able to do this somewhere; "" lets in all who are signed in
	open    bool                          // also without being signed in
	early   bool                          // also before one-time codes are set up that a role asks for
	show    func(*visit) (ui.Page, error) // a page
	do      func(*visit) (answer, error)  // what a form asks for
	raw     func(*visit) error            // a file, or JSON
	title   string                        // of the page, where it is always the same
	section string                        // entry of the menu that the page belongs to
	body    int64                         // bytes of what is sent; 0 is formBytes
}

const (
	formBytes = 4 << 20  // a long text with its tables
	fileBytes = 80 << 20 // a form with an attachment
)

// answer is what a form leads to: another page by its address, or, where
// something has to be mended, a page at once. A page is answered with 422.
type answer struct {
	to   string
	note string // said on the next page
	page ui.Page
}

// goTo leads to another page and says there what was done.
func goTo(to, note string) (answer, error) { return answer{to: to, note: note}, nil }

// again shows the form once more.
func again(p ui.Page) (answer, error) { return answer{page: p}, nil }

// mux binds the routes.
func (k *Desk) mux() http.Handler {
	m := http.NewServeMux()
	deny := func(w http.ResponseWriter, r *http.Request, message string) {
		k.faults.Answer(w, r, http.StatusTooManyRequests, message)
	}
	slow := ui.NewLimiter(k.Signing, civil.System).Guard(ui.ClientAddr(k.Trusted...), deny)
	for _, rt := range k.routeList() {
		h := ui.Chain(k.faults.Handle(k.handler(rt)), ui.Route(rt.pattern))
		if rt.open && rt.do != nil {
			h = slow(h)
		}
		m.Handle(rt.pattern, h)
	}
	m.Handle(At, ui.Route("*")(k.faults.Handle(func(w http.ResponseWriter, r *http.Request) error {
		if s, err := k.signedIn(r); err != nil || s == nil {
			return k.toSignIn(w, r)
		}
		return fault.New(fault.NotFound, "address_unknown", "工作台没有“%s”这个地址，请从菜单里找。", fault.Clip(r.URL.Path, 60))
	})))
	return m
}

// handler adapts a route: who asks, whether they may, and then its function.
func (k *Desk) handler(rt *route) ui.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		r.Body = http.MaxBytesReader(w, r.Body, cmp.Or(rt.body, formBytes))
		v, err := k.visit(w, r, rt)
		switch {
		case err != nil:
			return err
		case v.me == nil && !rt.open:
			return k.toSignIn(w, r)
		case v.me != nil && !rt.open && !v.whole():
			return v.complete()
		case v.me != nil && rt.act != "" && !v.me.CanAnywhere(rt.act):
			return access.Refusal(rt.act)
		case rt.raw != nil:
			return rt.raw(v)
		case rt.do != nil:
			return v.act(rt.do)
		}
		page, err := rt.show(v)
		if err != nil {
			return err
		}
		return k.engine.Write(w, r, http.StatusOK, page)
	}
}

// act does what a form asks for and answers.
func (v *visit) act(do func(*visit) (answer, error)) error {
	if err := v.readForm(); err != nil {
		return err
	}
	a, err := do(v)
	if err != nil {
		return err
	}
	if a.page != nil {
		return v.engine.Write(v.w, v.r, http.StatusUnprocessableEntity, a.page)
	}
	v.leaveNote(a.note)
	http.Redirect(v.w, v.r, a.to, http.StatusSeeOther)
	return nil
}
