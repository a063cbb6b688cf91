package ui

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"reflect"
	"slices"
	"sync"
	"text/template/parse"
)

//go:embed all:templates
var ownTemplates embed.FS

// Engine renders pages. It is complete once made and safe for concurrent use.
type Engine struct {
	assets *Assets
	pages  map[string]*view
}

type view struct {
	tmpl  *template.Template
	data  reflect.Type
	style string
}

// root is the template that every page fills with its "main".
const root = "shell"

// Audience is what an engine renders for one kind of readers.
type Audience struct {
	Pages  fs.FS  // page folders, and in its top folder fragments for all pages: files named _*.html
	Assets fs.FS  // files beside this package's own; nil for none
	At     string // path below which the assets are served; "" is /assets/
}

// ownShell tells whether the audience brings a shell of its own. It then
// brings a page for faults too, see Faults.Page.
func (a Audience) ownShell() bool {
	_, err := fs.Stat(a.Pages, "_shell.html")
	return err == nil
}

// NewEngine reads the page folders of an audience and binds each to its
// struct, which must have whatever any branch of the template asks for.
// Fragments that this package brings serve every audience without a shell of
// its own.
func NewEngine(a Audience, pages ...Page) (*Engine, error) {
	assets, err := newAssets(a.At)
	if err != nil {
		return nil, err
	}
	if a.Assets != nil {
		if err := assets.AddAll(a.Assets); err != nil {
			return nil, err
		}
	}
	e := &Engine{assets: assets, pages: map[string]*view{}}
	shared := template.New("").Funcs(funcs)
	sources := []fs.FS{a.Pages}
	if !a.ownShell() {
		sources = []fs.FS{ownTemplates, a.Pages}
		pages = append(pages, &FaultPage{}, &PrefsPage{})
	}
	for _, src := range sources {
		if err := parseFragments(shared, src); err != nil {
			return nil, err
		}
	}
	for _, p := range pages {
		if err := e.bind(shared, a.Pages, p); err != nil {
			return nil, err
		}
	}
	return e, errors.Join(e.unbound(a.Pages), e.unused(shared))
}

// parseFragments reads the files named _*.html of fsys, in its top folder or
// in "templates".
func parseFragments(t *template.Template, fsys fs.FS) error {
	for _, pattern := range []string{"_*.html", "templates/_*.html"} {
		names, err := fs.Glob(fsys, pattern)
		if err != nil {
			return err
		}
		for _, name := range names {
			text, err := fs.ReadFile(fsys, name)
			if err != nil {
				return err
			}
			if _, err := t.Parse(string(text)); err != nil {
				return fmt.Errorf("ui: %s: %w", name, err)
			}
		}
	}
	return nil
}

func (e *Engine) bind(shared *template.Template, fsys fs.FS, p Page) error {
	name := p.View()
	if _, ok := e.pages[name]; ok {
		return fmt.Errorf("ui: two pages are named %s", name)
	}
	from, folder := fsys, name
	if _, err := fs.Stat(fsys, name); err != nil {
		from, folder = ownTemplates, path.Join("templates", name)
	}
	text, err := fs.ReadFile(from, path.Join(folder, "page.html"))
	if err != nil {
		return fmt.Errorf("ui: page %s (%T) has no template: %w", name, p, err)
	}
	tmpl, err := shared.Clone()
	if err != nil {
		return err
	}
	if _, err := tmpl.Parse(string(text)); err != nil {
		return fmt.Errorf("ui: page %s: %w", name, err)
	}
	if tmpl.Lookup("main") == nil {
		return fmt.Errorf("ui: page %s defines no template \"main\"", name)
	}
	v := &view{tmpl: tmpl, data: reflect.TypeOf(p)}
	if err := checkTypes(tmpl, v.data); err != nil {
		return fmt.Errorf("ui: page %s: %w", name, err)
	}
	if css, err := fs.ReadFile(from, path.Join(folder, "page.css")); err == nil {
		if err := e.assets.Add(name+".css", css); err != nil {
			return err
		}
		v.style = e.assets.Path(name + ".css")
	}
	e.pages[name] = v
	return nil
}

// unbound refuses folders that no struct names.
func (e *Engine) unbound(fsys fs.FS) error {
	var errs []error
	entries, err := fs.ReadDir(fsys, ".")
	for _, d := range entries {
		if d.IsDir() && e.pages[d.Name()] == nil {
			errs = append(errs, fmt.Errorf("ui: folder %s belongs to no registered page", d.Name()))
		}
	}
	return errors.Join(append(errs, err)...)
}

// unused refuses fragments that no page reaches.
func (e *Engine) unused(shared *template.Template) error {
	reached := map[string]bool{}
	for _, v := range e.pages {
		reach(v.tmpl, root, map[string]bool{}, reached)
	}
	var errs []error
	for _, t := range shared.Templates() {
		if t.Name() != "" && !reached[t.Name()] {
			errs = append(errs, fmt.Errorf("ui: fragment %q is used by no page", t.Name()))
		}
	}
	return errors.Join(errs...)
}

func reach(set *template.Template, name string, seen, reached map[string]bool) {
	if seen[name] {
		return
	}
	seen[name], reached[name] = true, true
	if t := set.Lookup(name); t != nil && t.Tree != nil {
		for _, called := range calls(t.Tree.Root) {
			reach(set, called, seen, reached)
		}
	}
}

// calls lists the templates that a node calls, at any depth.
func calls(n parse.Node) (names []string) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return nil
		}
		for _, c := range n.Nodes {
			names = append(names, calls(c)...)
		}
	case *parse.IfNode:
		names = slices.Concat(calls(n.List), calls(n.ElseList))
	case *parse.RangeNode:
		names = slices.Concat(calls(n.List), calls(n.ElseList))
	case *parse.WithNode:
		names = slices.Concat(calls(n.List), calls(n.ElseList))
	case *parse.TemplateNode:
		names = []string{n.Name}
	}
	return names
}

// Assets are the engine's files, to be served below the audience's address.
func (e *Engine) Assets() *Assets { return e.assets }

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render makes the page's bytes. Nothing is written before all of it is made.
func (e *Engine) Render(p Page) ([]byte, error) {
	v := e.pages[p.View()]
	if v == nil || v.data != reflect.TypeOf(p) {
		return nil, fmt.Errorf("ui: page %s (%T) is not registered", p.View(), p)
	}
	shell := p.base()
	shell.style, shell.assets = v.style, e.assets
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	if err := v.tmpl.ExecuteTemplate(buf, root, p); err != nil {
		return nil, fmt.Errorf("ui: page %s: %w", p.View(), err)
	}
	return bytes.Clone(buf.Bytes()), nil
}

var pageHeader = http.Header{
	"Content-Type":  {"text/html; charset=utf-8"},
	"Cache-Control": {"public, no-cache"}, // may be kept, must be asked for again: the tag makes that cheap
	"Vary":          {"Cookie"},
}

// Write renders the page and answers with it. A handler may set headers before:
// they are kept.
func (e *Engine) Write(w http.ResponseWriter, r *http.Request, status int, p Page) error {
	content, err := e.Render(p)
	if err != nil {
		return err
	}
	h := pageHeader.Clone()
	for _, name := range []string{"Last-Modified", "Cache-Control"} {
		if v := w.Header().Get(name); v != "" {
			h.Set(name, v)
		}
	}
	if _, ok := w.(*recorder); ok { // the cache packs and tags it, once
		for name, values := range h {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
		_, err := w.Write(content)
		return err
	}
	NewBody(status, h, content).Serve(w, r)
	return nil
}
