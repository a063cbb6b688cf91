package access_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/ledger"
)

func (w *world) audit(f access.AuditFilter) (list []access.AuditEntry, next int64) {
	w.t.Helper()
	err := w.db.View(ctx, func(tx *db.Tx) (err error) {
		list, next, err = w.Audit(ctx, tx, f)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return list, next
}

func TestAudit(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		keeper := w.person(w.hire("keeper", w.plan))
		other := w.hire("other", w.plan)
		w.enter("keeper")
		look := func(by *access.Person, subject, what string) {
			w.update(func(tx *db.Tx) error { return w.Look(ctx, tx, by, subject, what) })
		}
		look(keeper, "case:7", "申请人联系方式")
		w.setDay("2021-06-12")
		look(w.person(other), "case:7", "申请人身份证号")
		look(w.person(other), "case:8", "申请人联系方式")
		tests := []struct {
			name string
			f    access.AuditFilter
			want []string // actor and subject, newest first
		}{
			{"all looks", access.AuditFilter{Kind: "access.looked"}, []string{"某other case:8", "某other case:7", "某keeper case:7"}},
			{"by a person", access.AuditFilter{Kind: "access.looked", Actor: keeper.Actor()}, []string{"某keeper case:7"}},
			{"at a case", access.AuditFilter{Kind: "access.", Subject: "case:7"}, []string{"某other case:7", "某keeper case:7"}},
			{"on a day", access.AuditFilter{Kind: "access.looked", From: day("2021-06-12"), To: day("2021-06-12")}, []string{"某other case:8", "某other case:7"}},
			{"before it", access.AuditFilter{Kind: "access.looked", To: day("2021-06-11")}, []string{"某keeper case:7"}},
			{"by what was shown", access.AuditFilter{Kind: "access.looked", Text: "身份证"}, []string{"某other case:7"}},
			{"by name", access.AuditFilter{Kind: "access.looked", Text: "某KEEPER"}, []string{"某keeper case:7"}},
			{"no such kind", access.AuditFilter{Kind: "access.looked.x"}, nil},
			{"no part of a kind's middle", access.AuditFilter{Kind: "looked"}, nil},
		}
		for _, tt := range tests {
			list, next := w.audit(tt.f)
			var got []string
			for _, e := range list {
				got = append(got, e.ActorName+" "+e.Subject)
			}
			if strings.Join(got, ", ") != strings.Join(tt.want, ", ") || next != 0 {
				t.Errorf("%s: got %q, next %d, want %q", tt.name, got, next, tt.want)
			}
		}
		// page by page it is all of the ledger
		var seqs []int64
		for after := int64(0); ; {
			list, next := w.audit(access.AuditFilter{After: after, Limit: 7})
			for _, e := range list {
				seqs = append(seqs, e.Seq)
			}
			if after = next; after == 0 {
				break
			}
		}
		for i, seq := range seqs {
			if seq != int64(len(seqs)-i) {
				t.Fatalf("pages give %v", seqs)
			}
		}
		if list, _ := w.audit(access.AuditFilter{Kind: "access.invited", Limit: 1}); list[0].ActorName != "命令行" || list[0].SubjectName != "某other" || list[0].Label != "邀请" {
			t.Errorf("got %+v", list[0])
		}
	})
}

// A text that is found nowhere does not read the whole ledger for one page.
func TestAuditLooksThroughABoundedStretch(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		w.update(func(tx *db.Tx) error {
			acts := make([]ledger.Act, 20100)
			for i := range acts {
				acts[i] = ledger.Act{Kind: "test.done", Subject: "test:1", Actor: "test"}
			}
			_, err := ledger.Append(ctx, tx, acts...)
			return err
		})
		w.hire("keeper", w.plan)
		list, next := w.audit(access.AuditFilter{Text: "云州市人民政府"})
		if len(list) != 0 || next == 0 {
			t.Fatalf("%d found, next %d", len(list), next)
		}
		list, next = w.audit(access.AuditFilter{Text: "云州市人民政府", After: next})
		if len(list) != 1 || next != 0 {
			t.Errorf("%d found, next %d", len(list), next)
		}
	})
}

// Every kind that the package enters is named in Chinese for the audit page.
func TestKindsHaveLabels(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		n += checkKinds(t, file)
	}
	if n < 25 {
		t.Errorf("%d entries found; does the package still enter by enter()?", n)
	}
	if access.KindLabel("publication.published") != "publication.published" {
		t.Error("a kind of others has a label here")
	}
}

// checkKinds counts the calls of enter and checks the kind of each.
func checkKinds(t *testing.T, file *ast.File) (n int) {
	ast.Inspect(file, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok || len(call.Args) < 3 {
			return true
		}
		if f, ok := call.Fun.(*ast.Ident); !ok || f.Name != "enter" {
			return true
		}
		lit, ok := call.Args[2].(*ast.BasicLit)
		if !ok {
			t.Errorf("an entry whose kind is no literal")
			return true
		}
		kind, _ := strconv.Unquote(lit.Value)
		if n++; access.KindLabel(kind) == kind {
			t.Errorf("%s has no label", kind)
		}
		return true
	})
	return n
}

// Every entry of this package that a session makes says from where.
func TestEntriesSayFromWhere(t *testing.T) {
	each(t, access.Policy{}, func(t *testing.T, w *world) {
		w.hire("boss", w.city, access.Grant{Role: access.SecurityAdmin, UnitID: w.city, Below: true})
		r, err := w.SignIn(ctx, access.Attempt{Login: "boss", Password: good, Address: "10.4.4.4"})
		if err != nil {
			t.Fatal(err)
		}
		_, boss, err := w.Session(ctx, r.Token)
		if err != nil {
			t.Fatal(err)
		}
		id := w.hire("keeper", w.plan)
		w.update(func(tx *db.Tx) error {
			grant, err := w.Grant(ctx, tx, boss, id, access.Grant{Role: access.Editor, UnitID: w.plan, Until: civil.MustDate("2021-12-31")})
			if err != nil {
				return err
			}
			if err := w.Revoke(ctx, tx, boss, grant); err != nil {
				return err
			}
			if err := w.Disable(ctx, tx, boss, id, "调离"); err != nil {
				return err
			}
			return w.Enable(ctx, tx, boss, id)
		})
		list, _ := w.audit(access.AuditFilter{Actor: boss.Actor(), Kind: "access."})
		for _, e := range list {
			if e.Kind != "access.link_used" && !(e.Kind == "access.signed_in" && strings.Contains(string(e.Data), `"how":"link"`)) && !strings.Contains(string(e.Data), `"address":"10.4.4.4"`) {
				t.Errorf("%s does not say from where: %s", e.Kind, e.Data)
			}
		}
		granted := w.acts("access.granted", "user:"+itoa(id))
		if len(granted) != 1 || !strings.Contains(string(granted[0].Data), `"until":"2021-12-31"`) || !strings.Contains(string(granted[0].Data), `"role":"editor"`) {
			t.Errorf("entered as %v", granted)
		}
	})
}
