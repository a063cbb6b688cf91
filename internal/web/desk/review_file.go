package desk

import (
	"net/http"
	"net/url"
	"strings"
)

// sendFile hands out a file of a draft: the copy that would become public, or
// what came in. Pictures are shown, everything else is saved.
func sendFile(v *visit) error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	fileID, err := v.id("file")
	if err != nil {
		return err
	}
	original := v.query("original") == "1"
	f, file, err := v.Drafts.OpenFile(v.r.Context(), v.me, id, fileID, original)
	if err != nil {
		return err
	}
	defer file.Close()
	how, media := "attachment", "application/octet-stream"
	if pictures[f.MediaType] && !original {
		how, media = "inline", f.MediaType
	}
	h := v.w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", how+`; filename*=UTF-8''`+strings.ReplaceAll(url.QueryEscape(f.Name), "+", "%20"))
	http.ServeContent(v.w, v.r, "", f.AddedAt, file)
	return nil
}

// pictures are the types that a page may show in place.
var pictures = map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true}
