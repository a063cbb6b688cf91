package app

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"

	"gongkai/internal/fault"
	"gongkai/internal/web/api"
)

// Ask gets one answer of the API, for verbs of the command line: from the
// server that holds the index where one is running, else in this process.
func Ask[T any](ctx context.Context, a *App, path string, query url.Values) (answer T, err error) {
	defer fault.Wrap(&err, "app.Ask(%s)", path)
	path += "?" + query.Encode()
	status, body, err := a.ask(ctx, path)
	if err != nil {
		return answer, err
	}
	if status != http.StatusOK {
		var p api.Problem
		if json.Unmarshal(body, &p) == nil && p.Detail != "" {
			return answer, fault.New(fault.Invalid, p.Code, "%s", p.Detail)
		}
		return answer, fault.New(fault.Unavailable, "ask_failed", "接口回答了 %d。", status)
	}
	return answer, json.Unmarshal(body, &answer)
}

func (a *App) ask(ctx context.Context, path string) (status int, body []byte, err error) {
	_, err = a.CatchUpIndex(ctx, nil)
	if err != nil {
		return 0, nil, err
	}
	if a.engine == nil {
		return a.askServer(ctx, path)
	}
	if err := a.names(ctx); err != nil {
		return 0, nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	if err != nil {
		return 0, nil, err
	}
	w := &answerBuffer{header: http.Header{}, status: http.StatusOK}
	a.api(ServeConfig{}).ServeHTTP(w, r)
	return w.status, w.body.Bytes(), nil
}

// askServer asks the server that has left its address in the data folder.
func (a *App) askServer(ctx context.Context, path string) (int, []byte, error) {
	note, ok := a.readServerNote()
	if !ok {
		return 0, nil, fault.New(fault.Unavailable, "index_held", "检索索引正被另一个程序使用，而没有找到运行中的服务；请稍后再试。")
	}
	client := http.Client{Timeout: 30 * time.Second}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+note.Addr+path, nil)
	if err != nil {
		return 0, nil, err
	}
	resp, err := client.Do(r)
	if err != nil {
		return 0, nil, fault.New(fault.Unavailable, "server_silent", "运行中的服务没有应答（%s）；请稍后再试。", note.Addr).Because(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, body, err
}

// answerBuffer is a response kept in memory.
type answerBuffer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (b *answerBuffer) Header() http.Header         { return b.header }
func (b *answerBuffer) WriteHeader(status int)      { b.status = status }
func (b *answerBuffer) Write(p []byte) (int, error) { return b.body.Write(p) }
