package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/web/ui"
)

// BulkFiles are the bulk files that exist now.
type BulkFiles struct {
	Items []BulkFile `json:"items"`
}

// BulkFile is everything of one sort in one file.
type BulkFile struct {
	Name      string `json:"name" example:"publications.jsonl.zst"`
	About     string `json:"about" doc:"里面是什么"`
	URL       string `json:"url"`
	MediaType string `json:"media_type"`
	Size      int64  `json:"size" doc:"字节数"`
	Lines     int    `json:"lines" doc:"多少行"`
	Hash      string `json:"hash" doc:"文件的 SHA-256"`
	Ledger    int64  `json:"ledger" doc:"至少包含到流水的这个序号"`
	MadeAt    Moment `json:"made_at"`
}

// bulkNote is what the name of a bulk file carries.
type bulkNote struct {
	Ledger int64  `json:"ledger"`
	Day    string `json:"day"`    // the states in it are of this day
	Format string `json:"format"` // SpecVersion, so that a new program makes it anew
	Lines  int    `json:"lines"`
}

// bulkName is the name of a file among the blobs' names.
func bulkName(file string) string { return "bulk/" + file }

func (s *server) bulk(ctx context.Context, _ *noneIn) (out BulkFiles, err error) {
	out.Items = []BulkFile{}
	err = s.view(ctx, func(tx *db.Tx) error {
		for _, sort := range bulkSorts {
			named, err := blob.ByName(ctx, tx, bulkName(sort.file))
			if fault.KindOf(err) == fault.NotFound {
				continue
			}
			if err != nil {
				return err
			}
			var note bulkNote
			if err := json.Unmarshal([]byte(named.Note), &note); err != nil {
				return err
			}
			out.Items = append(out.Items, BulkFile{Name: sort.file, About: sort.about, URL: base + "/bulk/" + sort.file, MediaType: zstdType,
				Size: named.Size, Lines: note.Lines, Hash: string(named.Hash), Ledger: note.Ledger, MadeAt: Moment{named.At}})
		}
		return nil
	})
	return out, err
}

const zstdType = "application/zstd"

// addFiles binds the bulk files themselves. They are streamed, with ranges and
// conditions, and stand under no limit.
func (s *server) addFiles(m *http.ServeMux) {
	for _, sort := range bulkSorts {
		path := base + "/bulk/" + sort.file
		s.openapi.AddOperation(bulkOperation(path, sort))
		m.Handle("GET "+path, ui.Route(path)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := s.sendBulk(w, r, sort.file); err != nil {
				answer(w, s.fail(r.Context(), "bulk", err))
			}
		})))
	}
}

func bulkOperation(path string, sort bulkSort) *huma.Operation {
	binary := map[string]*huma.MediaType{zstdType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
	return &huma.Operation{Method: http.MethodGet, Path: path, OperationID: "bulk-" + sort.name, Tags: []string{tagBulk},
		Summary: "批量文件：" + sort.about, Description: "一行一条 JSON，UTF-8，zstd 压缩。支持断点续传（Range）和按条件请求（If-None-Match）。",
		Responses: map[string]*huma.Response{
			"200": {Description: "整个文件", Content: binary}, "206": {Description: "一段", Content: binary},
			"304": {Description: "没有变"}, "404": {Description: "还没有生成"},
		}}
}

func (s *server) sendBulk(w http.ResponseWriter, r *http.Request, file string) error {
	var named blob.Named
	err := s.view(r.Context(), func(tx *db.Tx) (err error) {
		named, err = blob.ByName(r.Context(), tx, bulkName(file))
		return err
	})
	if err != nil {
		return err
	}
	from, err := s.Blobs.Derived().Open(r.Context(), named.Hash)
	if err != nil {
		return err
	}
	defer from.Close()
	h := w.Header()
	h.Set("Content-Type", zstdType)
	h.Set("Content-Disposition", `attachment; filename="`+file+`"`)
	h.Set("Cache-Control", revalidate)
	h.Set("Etag", `"`+string(named.Hash)+`"`)
	http.ServeContent(w, r, "", named.At, from)
	return nil
}
