package app

import (
	"slices"
	"testing"

	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/publication"
	"gongkai/internal/publication/kind"
	"gongkai/internal/unit"
)

// What organs publish of themselves is known to the gate; what stands in other
// records is not.
func TestContactsAreThoseOfOrgans(t *testing.T) {
	ctx := t.Context()
	a, err := Open(ctx, StoreConfig{Data: t.TempDir()}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	files, _ := unit.Directory("yongzhou")
	if _, err := unit.Load(ctx, a.Units, files, unit.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	organ := &publication.Line{SourceID: "organ", Kind: "organ", Unit: "永州市财政局", Title: "永州市财政局机构概况",
		Body:   publication.Body{Format: document.Text, Text: "机构概况。"},
		Fields: kind.Values{"duties": []string{"管理财政"}, "address": "示例路1号", "hours": "工作日", "phone": "0746-0000000", "email": "office@example.gov.cn"}}
	notice := &publication.Line{SourceID: "notice", Kind: "notice", Unit: "永州市财政局", Title: "关于示例事项的公告",
		Body: publication.Body{Format: document.Text, Text: "公告。"}, Fields: kind.Values{"contact": "13900000000"}}
	err = a.DB.Update(ctx, func(tx *db.Tx) error {
		for _, line := range []*publication.Line{organ, notice} {
			if _, err := a.Publications.Put(ctx, tx, line, publication.PutOptions{Actor: "test"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.contacts.read(ctx); err != nil {
		t.Fatal(err)
	}
	got := a.contacts.all()
	slices.Sort(got)
	if want := []string{"0746-0000000", "office@example.gov.cn", "示例路1号"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
