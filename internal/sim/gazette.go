package sim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/publication"
)

// firstIssue is the number, over all years, before the first issue of 2021.
const firstIssue = 96

// writeGazettes adds an issue of the gazette for every two months: what the
// government and its office published in them, in order, with page numbers.
func (p *player) writeGazettes() error {
	for issue := 1; issue <= 6; issue++ {
		last := civil.Month(2021, time.Month(2*issue))
		from := civil.On(2021, time.Month(2*issue-1), 1)
		var chosen []*scene
		for _, s := range p.scenes {
			if day := civil.DateOf(s.at); !day.Before(from) && !day.After(last.End()) && s.inGazette() {
				chosen = append(chosen, s)
			}
		}
		slices.SortStableFunc(chosen, func(a, b *scene) int { return cmp.Or(cmp.Compare(a.line.Kind, b.line.Kind), a.at.Compare(b.at)) })
		if err := p.gazette(issue, last, chosen); err != nil {
			return err
		}
	}
	return nil
}

// inGazette tells whether a publication is of the government or its office.
func (s *scene) inGazette() bool {
	return slices.Contains([]string{"policy", "decision"}, s.line.Kind) && strings.HasPrefix(s.line.Unit, "永州市人民政府")
}

func (p *player) gazette(issue int, last civil.Period, chosen []*scene) error {
	page := 1
	var contents []map[string]any
	counts := map[string]int{}
	for _, s := range chosen {
		contents = append(contents, map[string]any{"title": s.line.Title, "number": s.line.Number, "page": page})
		page += 1 + len([]rune(s.line.Body.Text))/900
		counts[s.line.Kind]++
	}
	text, err := p.series.render("gazette", map[string]any{"Rules": counts["policy"], "Meetings": counts["decision"]})
	if err != nil {
		return err
	}
	at := p.on(last.End().AddDays(10), "gazette")
	p.publish(at, &publication.Line{
		SourceID: fmt.Sprintf("gb:2021:%d", issue), Kind: "gazette", Unit: "市政府办公室", Title: fmt.Sprintf("永州市人民政府公报2021年第%d期", issue), IssuedOn: civil.DateOf(at),
		Category: "政府公报", Keywords: []string{"政府公报"}, Body: text,
		Fields: publication.Fields{"year": 2021, "issue": issue, "total_issue": firstIssue + issue, "contents": contents},
	}, nil)
	return nil
}
