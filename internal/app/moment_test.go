package app_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"gongkai/internal/app"
	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/publication"
)

// What was set to a moment appears by itself, on its page and in search.
func TestWhatWasSetToAMomentAppears(t *testing.T) {
	each(t, func(t *testing.T, cfg app.StoreConfig) {
		a := open(t, cfg, app.Options{Serve: true})
		fill(t, a)
		base := serve(t, a)
		line := &publication.Line{SourceID: "later", Kind: "policy", Unit: "永州市人民政府", Title: "永州市定时公布管理办法",
			PublishedAt: publication.At(time.Now().Add(3 * time.Second)), Body: publication.Body{Format: document.Text, Text: "第一条 为了测试，制定本办法。"}}
		var r publication.Result
		err := a.DB.Update(ctx, func(tx *db.Tx) (err error) {
			r, err = a.Publications.Put(ctx, tx, line, publication.PutOptions{Actor: "test"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if waiting, _, err := a.Publications.PendingCount(ctx); err != nil || waiting != 1 {
			t.Fatalf("waiting %d, %v", waiting, err)
		}
		eventually(t, "its page", func() bool {
			status, _ := get(t, base+publication.Path(r.ID))
			return status == 200
		})
		eventually(t, "it in search", func() bool {
			_, body := get(t, base+"/api/v1/search?q="+url.QueryEscape("定时公布"))
			return strings.Contains(body, "永州市定时公布管理办法")
		})
	})
}
