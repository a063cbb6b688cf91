package ui

import (
	"context"
	"log/slog"
	"net/http"

	"gongkai/internal/fault"
)

// FaultPage tells a reader what went wrong and the way on.
type FaultPage struct {
	Shell
	Status  int
	Heading string
	Message string
	Lost    string // whether anything was lost
	ID      string // of the request, to name it to somebody
	Ways    []Link // where to go from here
}

// View names the folder.
func (*FaultPage) View() string { return "fault" }

// wording is what the page of a status says beside the fault's own message.
type wording struct {
	heading string
	lost    string
}

var wordings = map[int]wording{
	http.StatusBadRequest:            {"地址或填写的内容有误", "没有改动任何东西。"},
	http.StatusForbidden:             {"这里不对外开放", "没有改动任何东西。"},
	http.StatusNotFound:              {"没有找到", "公开过的文件不会被删除：已经撤下或废止的，仍能在文件库里查到。"},
	http.StatusGone:                  {"已经不在这里", "标题、文号和原因仍可在原来的页面查到。"},
	http.StatusConflict:              {"与已有的内容冲突", "没有改动任何东西。"},
	http.StatusRequestEntityTooLarge: {"超过了允许的大小", "没有改动任何东西。"},
	http.StatusTooManyRequests:       {"请求太频繁", "没有改动任何东西。"},
	http.StatusInternalServerError:   {"程序出了错", "已公开的信息没有受影响。"},
	http.StatusServiceUnavailable:    {"暂时用不了", "已公开的信息没有受影响，请过一会儿再试。"},
}

var ways = []Link{{"搜索", "/search"}, {"文件库", "/library"}, {"网站地图", "/sitemap"}, {"回首页", "/"}}

// Faults turns handlers into HTTP handlers for one audience that reads pages.
type Faults struct {
	Engine *Engine
	Log    *slog.Logger
	// Shell makes what stands around the page. It must not fail.
	Shell func(r *http.Request) Shell
	// Page, where given, makes of a fault the page of an audience with a shell
	// of its own. It must not fail.
	Page func(r *http.Request, p *FaultPage) Page
}

// Handle adapts h: an error becomes a page with the status of its kind.
// Errors that are no faults are logged and show nothing.
func (f *Faults) Handle(h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			f.Fail(w, r, err)
		}
	})
}

// Fail answers with the page of an error.
func (f *Faults) Fail(w http.ResponseWriter, r *http.Request, err error) {
	status := Status(err)
	if status >= 500 && r.Context().Err() == nil {
		f.Log.LogAttrs(context.Background(), slog.LevelError, "handler failed",
			slog.String("id", RequestID(w)), slog.String("path", r.URL.Path), slog.Any("error", err))
	}
	f.Answer(w, r, status, fault.Public(err))
}

// Answer writes the page of a status with a message.
func (f *Faults) Answer(w http.ResponseWriter, r *http.Request, status int, message string) {
	words := wordings[status]
	page := &FaultPage{Shell: f.Shell(r), Status: status, Heading: words.heading, Message: message,
		Lost: words.lost, Ways: ways}
	if status >= 500 {
		page.ID = RequestID(w)
	}
	page.Title, page.Hidden = words.heading, true
	w.Header().Set("Cache-Control", "no-store")
	var shown Page = page
	if f.Page != nil {
		shown = f.Page(r, page)
	}
	if err := f.Engine.Write(w, r, status, shown); err != nil {
		f.Log.Error("the fault page failed", "error", err)
		lastResort.Serve(w, r)
	}
}

// lastResort is what remains when even the fault page cannot be made.
var lastResort = NewBody(http.StatusInternalServerError,
	http.Header{"Content-Type": {"text/html; charset=utf-8"}, "Cache-Control": {"no-store"}},
	[]byte(`<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>程序出了错</title>
<main><h1>程序出了错</h1><p>已记入日志，已公开的信息没有受影响。请稍后刷新再试。</p><p><a href="/">回首页</a></p></main></html>`))

// PrefsPage is the display form.
type PrefsPage struct {
	Shell
	Back string // where to go after saving
}

// View names the folder.
func (*PrefsPage) View() string { return "prefs" }
