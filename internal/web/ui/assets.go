package ui

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed assets
var ownAssets embed.FS

// Assets are embedded files under addresses that contain a hash of their
// content, so that a browser may keep them for ever. They are compressed once,
// at start. An Assets is complete before the first request and read only after.
type Assets struct {
	at     string            // path below which they are served
	byName map[string]string // base.css → /assets/base.0a1b2c3d4e.css
	byPath map[string]*Body
}

// newAssets takes in the program's own files; at "" is /assets/.
func newAssets(at string) (*Assets, error) {
	a := &Assets{at: cmp.Or(at, "/assets/"), byName: map[string]string{}, byPath: map[string]*Body{}}
	own, err := fs.Sub(ownAssets, "assets")
	if err != nil {
		return nil, err
	}
	return a, a.AddAll(own)
}

// AddAll takes in every file of fsys under its own name.
func (a *Assets) AddAll(fsys fs.FS) error {
	return fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		return a.Add(name, content)
	})
}

// Add takes in one file. A name may be given once only.
func (a *Assets) Add(name string, content []byte) error {
	if _, ok := a.byName[name]; ok {
		return fmt.Errorf("ui: two assets are named %s", name)
	}
	ext := path.Ext(name)
	ctype := mime.TypeByExtension(ext)
	if ctype == "" {
		return fmt.Errorf("ui: asset %s has no known type", name)
	}
	sum := sha256.Sum256(content)
	lasting := a.at + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
	a.byName[name] = lasting
	a.byPath[lasting] = NewBody(http.StatusOK, http.Header{
		"Content-Type":  {ctype},
		"Cache-Control": {"public, max-age=31536000, immutable"},
	}, content)
	return nil
}

// Path is the lasting address of a file. An unknown name panics: templates
// are rendered in tests.
func (a *Assets) Path(name string) string {
	p, ok := a.byName[name]
	if !ok {
		panic("ui: no asset is named " + name)
	}
	return p
}

// ServeHTTP answers for everything below the address of the assets.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, ok := a.byPath[r.URL.Path]
	if !ok {
		http.Error(w, "没有这个文件。请重新打开页面，页面里的地址是新的。", http.StatusNotFound)
		return
	}
	body.Serve(w, r)
}
