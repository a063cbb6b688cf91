package portal

import (
	"cmp"
	"slices"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/publication"
	"gongkai/internal/web/ui"
)

// moment is a point on a line of time.
type moment struct {
	Date string
	Text string
	Link *ui.Link
	Note string
	Now  bool

	on civil.Date
}

// interpreted are the relations shown as 解读 of the document; dated those
// that stand on the line of time. All others are listed by type.
const interpreted = publication.Interprets

var dated = map[publication.RelationType]bool{
	publication.Amends: true, publication.Repeals: true, publication.Replaces: true, publication.Corrects: true,
}

// relate fills interpretations, line of time and the other relations.
func (page *documentPage) relate(v *visit, d *publication.Document) {
	line := milestones(d)
	groups := map[string][]ui.Link{}
	var order []string
	add := func(title string, link ui.Link) {
		if groups[title] == nil {
			order = append(order, title)
		}
		groups[title] = append(groups[title], link)
	}
	for _, r := range d.Incoming {
		link := page.link(r)
		switch {
		case r.Type == interpreted:
			page.Interpretations = append(page.Interpretations, link)
		case dated[r.Type]:
			line = append(line, moment{on: r.ActsOn, Text: strings.TrimSuffix(r.Type.Passive(), "的") + "：", Link: &link, Note: strings.Join(r.Articles, "、")})
		default:
			add("它"+r.Type.Passive(), link)
		}
	}
	for _, r := range d.Relations {
		link := page.link(r)
		if dated[r.Type] {
			line = append(line, moment{on: r.ActsOn, Text: r.Type.Label(), Link: &link, Note: strings.Join(r.Articles, "、")})
			continue
		}
		if r.Type == publication.Fulfils {
			add("完成的任务", link)
			continue
		}
		add(r.Type.Label()+"的文件", link)
	}
	for _, title := range order {
		page.Related = append(page.Related, relatedGroup{title, groups[title]})
	}
	page.History = inOrder(line, d.Standing.On, v.today)
}

// link leads to the record at the other end of a relation; what is not here
// is only named.
func (page *documentPage) link(r publication.Relation) ui.Link {
	if task, ok := page.named[r.Target]; ok && r.Type == publication.Fulfils {
		return task
	}
	if r.Other == nil {
		return ui.Link{Label: r.Target}
	}
	label := r.Other.Title
	if len(r.Articles) > 0 && !dated[r.Type] {
		label += "（" + strings.Join(r.Articles, "、") + "）"
	}
	return ui.Link{Label: label, Path: page.URL(publication.Path(r.Other.ID))}
}

// milestones are the days that the record itself tells.
func milestones(d *publication.Document) (line []moment) {
	for _, m := range []moment{
		{on: d.IssuedOn, Text: "成文"},
		{on: civil.DateOf(d.PublishedAt), Text: "公开"},
		{on: d.EffectiveOn, Text: "施行"},
		{on: d.ExpiresOn, Text: "有效期届满"},
		{on: d.RepealedOn, Text: "废止"},
	} {
		if !m.on.IsZero() && !(d.PublishedAt.IsZero() && m.Text == "公开") {
			line = append(line, m)
		}
	}
	if d.Stone != nil {
		line = append(line, moment{on: civil.DateOf(d.Stone.At), Text: strings.TrimPrefix(d.State.Label(), "已"), Note: d.Stone.Reason.Label()})
	}
	if !d.ArchivedAt.IsZero() {
		line = append(line, moment{on: civil.DateOf(d.ArchivedAt), Text: "归档"})
	}
	return line
}

// inOrder sorts the moments and puts the day that is shown among them.
func inOrder(line []moment, shown, today civil.Date) []moment {
	if len(line) == 0 {
		return nil
	}
	here := moment{on: shown, Text: "今天", Now: true}
	if shown != today {
		here.Text = "您在看的这一天"
	}
	line = append(line, here)
	slices.SortStableFunc(line, func(a, b moment) int {
		return cmp.Or(a.on.Compare(b.on), cmp.Compare(b2i(a.Now), b2i(b.Now)))
	})
	for i := range line {
		line[i].Date = line[i].on.String()
	}
	return line
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
