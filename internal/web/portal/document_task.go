package portal

import (
	"strings"

	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/publication"
	"gongkai/internal/web/ui"
)

// taskField is the field in which a commitment names the task that it carries
// out, by its code.
const taskField = "task"

// namedTasks are the tasks that a record names by their codes, in its fields
// or as what it fulfils. Codes that no task has are left out.
func (p *Portal) namedTasks(v *visit, d *publication.Document) (map[string]ui.Link, error) {
	codes := []string{text(d.Fields[taskField])}
	for _, r := range d.Relations {
		if r.Type == publication.Fulfils {
			codes = append(codes, r.Target)
		}
	}
	named := map[string]ui.Link{}
	for _, target := range nonEmpty(codes...) {
		code, period, dated := strings.Cut(target, "@")
		o, err := p.Obligations.ByCode(v.r.Context(), code)
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		link := ui.Link{Label: o.Title, Path: v.shell.URL(taskPath(o.Code))}
		if dated {
			link.Label += "（" + obligation.PeriodWords(period) + "）"
		}
		named[target] = link
	}
	return named, nil
}
