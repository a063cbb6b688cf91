package sim

import (
	"fmt"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/publication"
)

// hours is when offices are open.
const hours = "工作日 8:30—12:00，14:30—17:30"

// writeProfiles adds what every organ says of itself (条例第二十条第（二）项).
// One in twelve moves a section during the year and says so in a new version.
func (p *player) writeProfiles() error {
	for _, o := range p.offices {
		if err := p.profile(o, opening.AddDays(1+o.No/4), 0); err != nil {
			return err
		}
		if o.No%12 == 5 {
			if err := p.profile(o, civil.On(2021, time.September, 6+o.No/4), 20); err != nil {
				return err
			}
		}
	}
	return nil
}

// profile adds one; shift changes the telephone numbers.
func (p *player) profile(o *office, day civil.Date, shift int) error {
	var rooms []map[string]any
	for i, name := range o.Rooms {
		rooms = append(rooms, map[string]any{"name": name, "phone": o.Phone(i + 1 + shift)})
	}
	at := p.on(day, "profile", o.Name)
	text, err := p.series.render("profile", map[string]any{"Office": o, "Deputies": newDice(p.seed, "deputies", o.Name).between(3, 5)})
	if err != nil {
		return err
	}
	issued := civil.DateOf(at)
	p.publish(at, &publication.Line{
		SourceID: id("jg", o), Kind: "organ", Unit: p.tree.NameOn(o.ID, issued), Title: p.tree.NameOn(o.ID, issued) + "机构职能", IssuedOn: issued,
		Category: "机构职能", Keywords: []string{"机构职能", "办公时间"}, Body: text,
		Fields: publication.Fields{
			"duties": o.Duties, "offices": rooms, "address": fmt.Sprintf("%s（示例地址）", place(o)), "hours": hours,
			"phone": o.Phone(0), "fax": o.Phone(90),
		},
	}, nil)
	return nil
}

// place is the town that the office is in.
func place(o *office) string {
	if o.County {
		return o.Short + "政务服务中心"
	}
	return "冷水滩区市民服务中心"
}
