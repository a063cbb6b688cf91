package portal

import (
	"html/template"
	"strconv"

	"gongkai/internal/document"
	"gongkai/internal/publication"
	"gongkai/internal/web/ui"
)

// citedByMost is how many citing records a page names.
const citedByMost = 8

// cite turns the names of other documents in the text into links where they
// are in the library, and says who names this one.
func (p *Portal) cite(page *documentPage, v *visit, d *publication.Document) error {
	found, err := p.Publications.Cited(v.r.Context(), document.FindCitations(d.Body.Text))
	if err != nil {
		return err
	}
	if len(found) > 0 {
		page.Body = template.HTML(document.LinkCitations(string(page.Body), func(c document.Citation) string {
			for _, key := range c.Keys() {
				if b, ok := found[key]; ok && b.ID != d.ID {
					return page.URL(publication.Path(b.ID)) + articleFragment(c.Article)
				}
			}
			return ""
		}))
	}
	list, total, err := p.Publications.CitedBy(v.r.Context(), &d.Record, citedByMost)
	if err != nil || total == 0 {
		return err
	}
	group := relatedGroup{Title: "引用它的文件"}
	for _, b := range list {
		group.Links = append(group.Links, ui.Link{Label: b.Title, Path: page.URL(publication.Path(b.ID))})
	}
	if total > len(list) {
		group.Links = append(group.Links, ui.Link{Label: "共 " + strconv.Itoa(total) + " 件，全部查找", Path: page.URL("/search", "q", "《"+d.Title+"》")})
	}
	page.Related = append(page.Related, group)
	return nil
}

// articleFragment is the anchor of an article as its own page has it.
func articleFragment(label string) string {
	o, length := document.ParseOrdinal(label)
	if length == 0 {
		return ""
	}
	anchor := "#art-" + strconv.Itoa(o.N)
	if o.Sub > 0 {
		anchor += "-" + strconv.Itoa(o.Sub)
	}
	return anchor
}

// tasks leads from the document of a work plan to its tasks and their state.
func (p *Portal) tasks(page *documentPage, v *visit, d *publication.Document) error {
	plans, err := p.Obligations.Plans(v.r.Context())
	if err != nil {
		return err
	}
	for _, plan := range plans {
		if plan.Title == d.Title && plan.IssuedOn == d.IssuedOn {
			page.Related = append([]relatedGroup{{Title: "任务和进度", Links: []ui.Link{{
				Label: "每项任务谁负责、公开了没有", Path: page.URL("/plans/" + strconv.FormatInt(plan.ID, 10)),
			}}}}, page.Related...)
		}
	}
	return nil
}
