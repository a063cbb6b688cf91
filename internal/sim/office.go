package sim

import (
	"fmt"

	"gongkai/internal/civil"
	"gongkai/internal/unit"
)

// office is a unit that acts in the city, with what the tables tell of it.
type office struct {
	ID     int64
	No     int    // from 1, in the order of listing
	Name   string // full, as of the plan's day
	Short  string
	County bool     // a county, city, district or zone
	Theme  string   // of its documents
	Duties []string // what it does
	Rooms  []string // its inner sections
	Fields []string // fields of grass-roots disclosure that it looks after
	Word   string   // first word of its document numbers; counties only
	Below  int      // townships and streets below it
}

// Phone is a number that nobody can have.
func (o *office) Phone(room int) string {
	return fmt.Sprintf("0746-000%02d%02d（示例）", o.No, room)
}

// readOffices reads departments, then counties, and finds them in the
// directory as of day.
func readOffices(tree *unit.Tree, day civil.Date) (offices []*office, err error) {
	departments, err := readTable("departments.tsv", 5)
	if err != nil {
		return nil, err
	}
	for _, row := range departments {
		offices = append(offices, &office{Name: row[0], Theme: row[1], Duties: splitList(row[2]), Rooms: splitList(row[3]), Fields: splitList(row[4])})
	}
	counties, err := readTable("counties.tsv", 4)
	if err != nil {
		return nil, err
	}
	for _, row := range counties {
		offices = append(offices, &office{Name: row[0], Word: row[1], Theme: row[2], Duties: splitList(row[3]), County: true,
			Rooms: []string{"办公室", "政务公开股", "信息中心"}, Fields: []string{"重大建设项目", "社会救助", "义务教育", "涉农补贴"}})
	}
	for i, o := range offices {
		organ, err := tree.Resolve(o.Name, day)
		if err != nil {
			return nil, err
		}
		o.ID, o.No, o.Name, o.Short = organ.ID, i+1, organ.NameOn(day), organ.ShortOn(day)
		o.Below = len(tree.Children(o.ID, day))
	}
	return offices, nil
}
