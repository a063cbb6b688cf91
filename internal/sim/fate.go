package sim

import (
	"slices"
	"strings"
	"time"

	"gongkai/internal/civil"
)

// misfortune is how many units are late with a thing, and how many never
// publish it.
type misfortune struct{ late, missed int }

// misfortunes are what goes wrong in the city; all else is on time.
var misfortunes = map[string]misfortune{
	"finance": {late: 2, missed: 1},
	"key":     {late: 2, missed: 0},
	"law":     {late: 3, missed: 2},
	"explain": {late: 1, missed: 0},
	"base":    {late: 2, missed: 1},
	"system":  {late: 2, missed: 0},
	"2021Q2":  {late: 4, missed: 0},
	"2021Q3":  {late: 2, missed: 1},
	"2021Q4":  {late: 2, missed: 2},
	"20-4":    {late: 1, missed: 0},
	"20-6":    {late: 1, missed: 1},
	"20-8":    {late: 0, missed: 1},
	"20-9":    {late: 2, missed: 0},
	"20-12":   {late: 0, missed: 1},
}

// countiesOnly tells whether only counties publish a thing.
func countiesOnly(thing string) bool { return strings.HasPrefix(thing, "20-") }

// fate is whether a unit is late with a thing, or never publishes it. The
// office that watches the others is neither.
func (p *player) fate(thing string, o *office) (late, missed bool) {
	m := misfortunes[thing]
	unlucky := newDice(p.seed, "fate", thing).Perm(len(p.offices))
	unlucky = slices.DeleteFunc(unlucky, func(i int) bool {
		return p.offices[i].Short == watcher || countiesOnly(thing) && !p.offices[i].County || !p.concerned(thing, p.offices[i])
	})
	at := slices.IndexFunc(unlucky, func(i int) bool { return p.offices[i] == o })
	return at >= 0 && at < m.late, at >= m.late && at < m.late+m.missed
}

// watcher is the office that watches over disclosure.
const watcher = "市行政审批服务局"

// plannedDay is a day between from and to on which a unit publishes a thing
// that falls due at the end of the plan's year; in the new year where it is
// late. ok is false where it never does.
func (p *player) plannedDay(thing string, o *office, from, to civil.Date) (day civil.Date, ok bool) {
	late, missed := p.fate(thing, o)
	if late {
		from, to = civil.On(2022, time.January, 4), civil.On(2022, time.January, 14)
	}
	return from.AddDays(newDice(p.seed, "day", thing, o.Name).IntN(to.Sub(from) + 1)), !missed
}
