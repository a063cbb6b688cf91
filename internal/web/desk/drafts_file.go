package desk

import (
	"bytes"
	"net/http"
	"strconv"

	"gongkai/internal/drafting"
	"gongkai/internal/fault"
	"gongkai/internal/web/ui"
)

// attach adds the files that the form holds.
func (e *edit) attach() error {
	e.to = "#files"
	if e.r.MultipartForm == nil || len(e.r.MultipartForm.File["file"]) == 0 {
		return fault.New(fault.Invalid, "file_missing", "没有选附件。请先选文件，再按“加为附件”。")
	}
	for _, head := range e.r.MultipartForm.File["file"] {
		f, err := head.Open()
		if err != nil {
			return err
		}
		_, _, err = e.Drafts.Attach(e.r.Context(), e.me, e.w.ID, head.Filename, f)
		f.Close()
		if err != nil {
			return err
		}
	}
	e.note = "附件已加上。"
	return nil
}

// chosen is the file that a button is about.
func (e *edit) chosen() (int64, error) {
	e.to = "#files"
	id, err := strconv.ParseInt(e.arg, 10, 64)
	if err != nil {
		return 0, fault.New(fault.Invalid, "file_unknown", "没有这个附件，请刷新页面。")
	}
	return id, nil
}

func (e *edit) replace() error {
	id, err := e.chosen()
	if err != nil {
		return err
	}
	f, err := e.uploaded("file." + e.arg)
	if err != nil {
		return err
	}
	_, err = e.Drafts.ReplaceFile(e.r.Context(), e.me, e.w.ID, id, f.Name, bytes.NewReader(f.Data))
	e.note = "附件已换成新的文件。"
	return err
}

func (e *edit) detach() error {
	id, err := e.chosen()
	if err != nil {
		return err
	}
	_, err = e.Drafts.Detach(e.r.Context(), e.me, e.w.ID, id)
	e.note = "附件已拿掉；以前的版本里仍可查到。"
	return err
}

func (e *edit) move(by int) error {
	id, err := e.chosen()
	if err != nil {
		return err
	}
	_, err = e.Drafts.MoveFile(e.r.Context(), e.me, e.w.ID, id, by)
	return err
}

// listedFile is a file as the editor's dialogs know it.
type listedFile struct {
	Name      string `json:"name"`
	URL       string `json:"url"`
	MediaType string `json:"media_type"`
}

func listed(id int64, f drafting.File) listedFile {
	return listedFile{f.Name, filePath(id, f.ID), f.MediaType}
}

// listFiles gives the files of a draft to the editor.
func listFiles(v *visit) error {
	w, err := v.work()
	if err != nil {
		return v.refuseJSON(err)
	}
	out := struct {
		Files []listedFile `json:"files"`
	}{[]listedFile{}}
	for _, f := range w.Files {
		out.Files = append(out.Files, listed(w.ID, f))
	}
	return answerJSON(v.w, http.StatusOK, out)
}

// takeImage takes in a file that the editor inserts.
func takeImage(v *visit) error {
	id, err := v.id("id")
	if err == nil {
		err = v.readForm()
	}
	if err != nil {
		return v.refuseJSON(err)
	}
	up, err := v.uploaded("file")
	if err != nil {
		return v.refuseJSON(err)
	}
	f, _, err := v.Drafts.Attach(v.r.Context(), v.me, id, up.Name, bytes.NewReader(up.Data))
	if err != nil {
		return v.refuseJSON(err)
	}
	return answerJSON(v.w, http.StatusOK, listed(id, f))
}

// refuseJSON tells a script what a person can mend; other errors are returned.
func (v *visit) refuseJSON(err error) error {
	if fault.KindOf(err) == fault.Internal {
		return err
	}
	return answerJSON(v.w, ui.Status(err), map[string]string{"detail": fault.Public(err)})
}
