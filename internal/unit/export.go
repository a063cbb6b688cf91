package unit

import (
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/civil"
)

// Table is the directory of a day as the table that Import takes: headings, and
// one row for each organ that exists, those above before those below. Importing
// it into the same directory changes nothing. What an organ was on other days
// is not in it.
func (t *Tree) Table(day civil.Date) [][]string {
	heads := make([]string, len(unitColumns))
	for i, c := range unitColumns {
		heads[i] = c.name
	}
	rows := [][]string{heads}
	for _, root := range t.Children(0, day) {
		for _, id := range t.Subtree(root.ID, day) {
			rows = append(rows, t.row(t.organs[id], day))
		}
	}
	return rows
}

func (t *Tree) row(o *Organ, day civil.Date) []string {
	cells := map[string]string{
		colName: o.NameOn(day), colAliases: strings.Join(o.aliases(), "、"), colKind: o.Kind.Label(), colCode: o.CodeOn(day),
		colPrefixes: strings.Join(o.worn(Prefix, day), "、"), colSince: o.Since.String(), colUntil: o.Until.String(),
		colOrder: strconv.Itoa(o.Order), colConfirmed: "未确认", colNote: o.Note,
	}
	if short := o.worn(Short, day); len(short) > 0 {
		cells[colShort] = short[0]
	}
	if o.Confirmed {
		cells[colConfirmed] = "已确认"
	}
	if above, ok := t.organs[o.ParentOn(day)]; ok {
		if cells[colParent] = above.CodeOn(day); cells[colParent] == "" {
			cells[colParent] = above.NameOn(day)
		}
	}
	row := make([]string, len(unitColumns))
	for i, c := range unitColumns {
		row[i] = cells[c.name]
	}
	return row
}

// worn lists the names of a role on a day.
func (o *Organ) worn(role Role, day civil.Date) (names []string) {
	for _, n := range o.Names {
		if n.Role == role && n.Holds(day) {
			names = append(names, n.Text)
		}
	}
	return names
}

// aliases writes the aliases of all days as parseAliases reads them, the last
// day included.
func (o *Organ) aliases() (list []string) {
	for _, n := range o.Names {
		if n.Role != Alias {
			continue
		}
		span := ""
		if !n.Since.IsZero() {
			span = "自" + n.Since.String()
		}
		if !n.Until.IsZero() {
			span += "至" + n.Until.AddDays(-1).String()
		}
		if span != "" {
			span = "（" + span + "）"
		}
		list = append(list, n.Text+span)
	}
	return slices.Compact(list)
}
