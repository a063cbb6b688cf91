package access_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gongkai/internal/access"
)

var write = flag.Bool("write", false, "write docs/access.md from the matrix")

const matrixFile = "../../docs/access.md"

// docs/access.md is the matrix.
func TestMatrixFileIsCurrent(t *testing.T) {
	want := matrixText()
	if *write {
		if err := os.WriteFile(matrixFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(matrixFile)
	if err != nil || string(got) != want {
		t.Errorf("docs/access.md is not the matrix (%v): run go test ./internal/access -run MatrixFile -write", err)
	}
}

func matrixText() string {
	var b strings.Builder
	b.WriteString("# Who may do what\n\nMade from internal/access/act.go by `go test ./internal/access -run MatrixFile -write`. Checks and buttons come from the same table.\n\n## 角色\n\n| 角色 | 代码 | 说明 |\n|---|---|---|\n")
	for _, r := range access.Roles() {
		fmt.Fprintf(&b, "| %s | `%s` | %s |\n", r.Label, r.Role, r.About)
	}
	b.WriteString("\n## 权限\n\n| 权限 | 代码 |")
	for _, r := range access.Roles() {
		fmt.Fprintf(&b, " %s |", r.Label)
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(access.Roles())) + "\n")
	for _, row := range access.Matrix() {
		fmt.Fprintf(&b, "| %s | `%s` |", row.Label, row.Act)
		for _, r := range access.Roles() {
			fmt.Fprintf(&b, " %s |", map[bool]string{true: "●"}[slices.Contains(row.Roles, r.Role)])
		}
		b.WriteString("\n")
	}
	b.WriteString("\n## 各项权限\n\n")
	for _, row := range access.Matrix() {
		fmt.Fprintf(&b, "- **%s** `%s`：%s%s\n", row.Label, row.Act, row.About, map[bool]string{true: "（只读）"}[row.Reads])
	}
	return b.String()
}

func TestMatrixIsWhole(t *testing.T) {
	form := regexp.MustCompile(`^[a-z]+\.[a-z]+$`)
	seen := map[access.Act]bool{}
	for _, row := range access.Matrix() {
		switch {
		case seen[row.Act]:
			t.Errorf("%s stands twice", row.Act)
		case !form.MatchString(string(row.Act)) || row.Label == "" || !strings.HasSuffix(row.About, "。"):
			t.Errorf("%+v lacks form, label or sentence", row)
		case len(row.Roles) == 0:
			t.Errorf("nobody may %s", row.Act)
		}
		seen[row.Act] = true
		for _, r := range row.Roles {
			if _, err := access.ParseRole(string(r)); err != nil {
				t.Errorf("%s is for %q, which is no role", row.Act, r)
			}
			if !r.May(row.Act) {
				t.Errorf("%s may not %s, against the table", r, row.Act)
			}
		}
	}
	if len(seen) != 33 {
		t.Errorf("%d acts, want 33", len(seen))
	}
}

// What the law and the separation of administrators ask of the table.
func TestMatrixKeepsApart(t *testing.T) {
	for _, row := range access.Matrix() {
		if !row.Reads && (access.AuditAdmin.May(row.Act) || access.Inspector.May(row.Act)) {
			t.Errorf("an auditor or inspector changes something by %s", row.Act)
		}
		if strings.HasPrefix(string(row.Act), "record.") && (access.SystemAdmin.May(row.Act) || access.SecurityAdmin.May(row.Act)) {
			t.Errorf("an administrator of the program may %s", row.Act)
		}
	}
	never := []struct {
		role access.Role
		act  access.Act
	}{
		{access.SystemAdmin, access.RoleGrant}, {access.SystemAdmin, access.AuditRead},
		{access.SecurityAdmin, access.AuditRead}, {access.SecurityAdmin, access.UnitManage},
		{access.SecurityAdmin, access.RoleLend}, {access.Editor, access.RecordReview},
		{access.Editor, access.RecordSign}, {access.Reviewer, access.RecordSecrecy}, {access.Reviewer, access.RecordWrite},
		{access.Office, access.DutyNil}, {access.Head, access.DutyDecide},
	}
	for _, n := range never {
		if n.role.May(n.act) {
			t.Errorf("%s may %s", n.role, n.act)
		}
	}
	if access.Role("boss").May(access.DeskUse) || access.Editor.May("record.burn") {
		t.Error("what is not in the table is allowed")
	}
}

func TestMatrixCannotBeChanged(t *testing.T) {
	access.Matrix()[0].Roles[0] = "nobody"
	access.Roles()[0].Role = "nobody"
	if access.Matrix()[0].Roles[0] != access.Editor || access.Roles()[0].Role != access.Editor {
		t.Error("callers share the table")
	}
}

func TestParseRole(t *testing.T) {
	for _, r := range access.Roles() {
		for _, text := range []string{string(r.Role), r.Label} {
			if got, err := access.ParseRole(text); err != nil || got != r.Role {
				t.Errorf("ParseRole(%q) = %q, %v", text, got, err)
			}
		}
	}
	_, err := access.ParseRole("局长")
	wantCode(t, err, "role_unknown")
}
