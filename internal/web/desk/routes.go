package desk

import (
	"net/http"
	"slices"

	"gongkai/internal/web/ui"
)

// routeList is the whole of the desk, area by area.
func (k *Desk) routeList() []*route {
	return slices.Concat(
		k.fixedRoutes(),
		k.signInRoutes(),
		k.linkRoutes(),
		k.homeRoutes(),
		k.noticeRoutes(),
		k.peopleRoutes(),
		k.draftRoutes(),
		k.dutyRoutes(),
		k.claimRoutes(),
		k.gridRoutes(),
		k.progressRoutes(),
		k.catalogueRoutes(),
		k.adminRoutes(),
		k.reviewRoutes(),
		k.recordRoutes(),
	)
}

func (k *Desk) fixedRoutes() []*route {
	return []*route{
		{pattern: "GET /desk/assets/{name}", open: true, raw: func(v *visit) error {
			v.engine.Assets().ServeHTTP(v.w, v.r)
			return nil
		}},
		{pattern: "GET /desk", open: true, raw: func(v *visit) error {
			http.Redirect(v.w, v.r, At, http.StatusSeeOther)
			return nil
		}},
	}
}

// allPages lists every page struct with a folder of its own.
func allPages() []ui.Page {
	return slices.Concat(
		[]ui.Page{&faultPage{}, &signInPage{}, &codePage{}, &linkPage{}, &confirmPage{}},
		homePages(),
		noticePages(),
		peoplePages(),
		draftPages(),
		dutyPages(),
		claimPages(),
		gridPages(),
		progressPages(),
		cataloguePages(),
		adminPages(),
		reviewPages(),
		recordPages(),
	)
}
