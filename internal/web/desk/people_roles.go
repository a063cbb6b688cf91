package desk

import (
	"slices"

	"gongkai/internal/access"
	"gongkai/internal/web/ui"
)

// rolesPage is the table of rights: who may do what.
type rolesPage struct {
	frame
	Roles []access.RoleInfo
	Acts  []actRow
}

// View names the folder.
func (*rolesPage) View() string { return "roles" }

// actRow is an act with a cell for each role.
type actRow struct {
	Label, About string
	Reads        bool
	Cells        []roleCell
}

type roleCell struct {
	Role string
	May  bool
}

func showRoles(v *visit) (ui.Page, error) {
	p := &rolesPage{frame: v.frame(""), Roles: access.Roles()}
	for _, info := range access.Matrix() {
		row := actRow{Label: info.Label, About: info.About, Reads: info.Reads}
		for _, r := range p.Roles {
			row.Cells = append(row.Cells, roleCell{r.Label, slices.Contains(info.Roles, r.Role)})
		}
		p.Acts = append(p.Acts, row)
	}
	return p, nil
}
