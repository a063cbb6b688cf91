package desk

import (
	"cmp"
	"slices"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/drafting"
	"gongkai/internal/fault"
	"gongkai/internal/publication/kind"
	"gongkai/internal/web/ui"
)

// draftSection is the entry of the menu that writing belongs to.
const draftSection = At + "drafts"

func (k *Desk) draftRoutes() []*route {
	list := []*route{
		{pattern: "GET /desk/drafts", act: access.RecordRead, show: showDrafts, title: "信息"},
		{pattern: "POST /desk/drafts/batch", act: access.RecordRead, do: batchDrafts, title: "信息"},
		{pattern: "GET /desk/drafts/new", act: access.RecordWrite, show: showNewDraft, title: "写一条信息"},
		{pattern: "POST /desk/drafts/new", act: access.RecordWrite, do: beginDraft, title: "写一条信息"},
		{pattern: "POST /desk/drafts/file", act: access.RecordWrite, do: dropFile, title: "写一条信息", body: fileBytes},
		{pattern: "GET /desk/sheets/{name}", act: access.RecordWrite, raw: sendTemplate},
		{pattern: "POST /desk/sheets", act: access.RecordWrite, raw: checkSheet, title: "按表批量建稿", body: fileBytes},
		{pattern: "POST /desk/sheets/drafts", act: access.RecordWrite, do: takeSheet, title: "按表批量建稿", body: fileBytes},
		{pattern: "GET /desk/drafts/{id}/edit", act: access.RecordWrite, show: showEditor},
		{pattern: "POST /desk/drafts/{id}/edit", act: access.RecordWrite, do: editDraft, body: fileBytes},
		{pattern: "PUT /desk/drafts/{id}/autosave", act: access.RecordWrite, raw: autosave},
		{pattern: "POST /desk/drafts/{id}/discard", act: access.RecordWrite, do: discard},
		{pattern: "GET /desk/drafts/{id}/conflict", act: access.RecordWrite, show: showConflict},
		{pattern: "POST /desk/drafts/{id}/keep", act: access.RecordWrite, do: keepMine},
		{pattern: "GET /desk/drafts/{id}/files", act: access.RecordRead, raw: listFiles},
		{pattern: "POST /desk/drafts/{id}/images", act: access.RecordWrite, raw: takeImage, body: fileBytes},
		{pattern: "GET /desk/drafts/{id}/preview", act: access.RecordRead, show: showDraftPreview},
		{pattern: "GET /desk/drafts/{id}/versions", act: access.RecordRead, show: showVersions},
		{pattern: "GET /desk/drafts/{id}/compare", act: access.RecordRead, show: showComparison},
		{pattern: "GET /desk/cite", act: access.RecordWrite, raw: cite},
		{pattern: "POST /desk/records/{id}/revise", act: access.RecordWrite, do: reviseRecord},
	}
	for _, rt := range list {
		rt.section = draftSection
	}
	return list
}

func draftPages() []ui.Page {
	return []ui.Page{&draftListPage{}, &draftNewPage{}, &draftSheetPage{}, &draftEditPage{}, &draftConflictPage{},
		&draftPreviewPage{}, &draftVersionsPage{}, &draftComparePage{}}
}

// headline is a title for people, also where there is none yet.
func headline(title string) string { return cmp.Or(title, "（还没有标题）") }

// kindOf is the kind with a code; one that is gone has no fields.
func (v *visit) kindOf(code string) *kind.Kind {
	if k, ok := v.Publications.Kinds.Get(code); ok {
		return k
	}
	return &kind.Kind{Code: code, Label: code}
}

// draftKinds are all kinds, for a select.
func (v *visit) draftKinds(chosen string) (list []option) {
	for _, k := range v.Publications.Kinds.All() {
		list = append(list, option{k.Code, k.Label, k.Code == chosen})
	}
	return list
}

// draftUnits are the units for which somebody can do act, by name.
func (v *visit) draftUnits(act access.Act, chosen int64) (list []option) {
	reach, all := v.me.Reach(act)
	for _, o := range v.tree.All(v.today) {
		if all || slices.Contains(reach, o.ID) {
			list = append(list, option{decimal(o.ID), o.NameOn(v.today), o.ID == chosen})
		}
	}
	return list
}

// openLeft is how long a draft may still take until its information has to be
// public: by its kind's limit, counted from the day it was formed (条例第二十六条),
// or, of one that went out in an emergency, until it is signed.
func (v *visit) openLeft(d *drafting.Draft) left {
	switch d.State {
	case drafting.Published:
		if d.Emergency.Owed() {
			return v.left(d.Emergency.Due)
		}
		return left{}
	case drafting.Withheld, drafting.Abandoned:
		return left{}
	}
	if d.Correction() {
		return left{}
	}
	return v.left(v.lastDay(v.kindOf(d.Kind).Limit, d.IssuedOn))
}

// lastDay is the last day of a limit that counts from a day; zero where there
// is none.
func (v *visit) lastDay(l kind.Limit, from civil.Date) civil.Date {
	if l.Days == 0 || from.IsZero() {
		return civil.Date{}
	}
	if l.Unit == "day" {
		due, err := v.Calendar.DueCalendarDays(from, l.Days, 0)
		if err != nil {
			return civil.Date{}
		}
		return due.Due
	}
	due, err := v.Calendar.Due(from, l.Days)
	if err != nil {
		return civil.Date{}
	}
	return due.Due
}

// writable is a fault where the draft cannot be written by who asks, with the
// page that tells more.
func (v *visit) writable(d *drafting.Draft) error {
	if !v.me.Can(access.RecordWrite, d.UnitID) {
		return access.Refusal(access.RecordWrite)
	}
	if d.State != drafting.Editing && d.State != drafting.Returned {
		return fault.New(fault.Conflict, "draft_fixed", "稿件现在是“%s”，不能改。要改，请先在稿件页上撤回，或请审核的人退回。", draftBadges[d.State].Word)
	}
	return nil
}

// onForm tells whether whoever typed something can mend there what is wrong.
func onForm(err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Conflict, fault.TooLarge:
		return true
	case fault.Forbidden:
		return hasCode(err, "unit_other")
	}
	return false
}
