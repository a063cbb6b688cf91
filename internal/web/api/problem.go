package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"gongkai/internal/fault"
	"gongkai/internal/web/ui"
)

// Problem is an error as the API tells it (RFC 9457).
type Problem struct {
	Type   string `json:"type" example:"about:blank" doc:"问题类型，固定为 about:blank"`
	Title  string `json:"title" example:"请求有误" doc:"状态码的意思"`
	Status int    `json:"status" example:"400" doc:"HTTP 状态码"`
	Code   string `json:"code" example:"date_bad" doc:"稳定的错误代码，程序请按它判断"`
	Detail string `json:"detail" doc:"给人看的说明：出了什么事、应该怎样"`
	Place  string `json:"place,omitempty" example:"参数 from" doc:"出错的参数或位置"`
}

var titles = map[int]string{
	http.StatusBadRequest:            "请求有误",
	http.StatusForbidden:             "不允许",
	http.StatusNotFound:              "没有找到",
	http.StatusMethodNotAllowed:      "只能读取",
	http.StatusGone:                  "已经撤下",
	http.StatusConflict:              "与已有内容冲突",
	http.StatusRequestEntityTooLarge: "太大",
	http.StatusTooManyRequests:       "请求太频繁",
	http.StatusInternalServerError:   "程序出错",
	http.StatusServiceUnavailable:    "暂时不可用",
}

// Error implements error.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// complete fills what follows from the status.
func (p *Problem) complete() *Problem {
	p.Type, p.Title = "about:blank", titles[p.Status]
	return p
}

// problemOf makes the problem of an error. What is no fault shows nothing.
func problemOf(err error) *Problem {
	p := &Problem{Status: ui.Status(err), Code: fault.Internal.String(), Detail: fault.Public(err)}
	if f, ok := fault.Of(err); ok {
		p.Code, p.Detail, p.Place = f.Code, f.Message, f.Place
	}
	return p.complete()
}

// answer writes a problem outside of huma.
func answer(w http.ResponseWriter, p *Problem) {
	p.complete()
	body, err := json.Marshal(p)
	if err != nil { // strings and a number
		panic(err)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	w.Write(body)
}

// init teaches huma our problems, that our lists are never null, and Chinese.
// All are variables of its packages, the same for all APIs of a process; there
// is one.
func init() {
	huma.NewError = newError
	huma.DefaultArrayNullable = false
	validation.MsgExpectedInteger = "要是整数"
	validation.MsgExpectedNumber = "要是数字"
	validation.MsgExpectedBoolean = "要是 true 或 false"
	validation.MsgExpectedOneOf = "要是其中之一：%s"
	validation.MsgExpectedMinimumNumber = "不能小于 %v"
	validation.MsgExpectedMaximumNumber = "不能大于 %v"
	validation.MsgExpectedMaxItems = "最多 %d 个"
	validation.MsgExpectedRFC3339Date = "要是 2021-06-11 这样的日期"
	validation.MsgExpectedMinLength = "不能少于 %d 个字符"
	validation.MsgExpectedMaxLength = "不能多于 %d 个字符"
}

// parseMessages are the messages that huma has no variables for.
var parseMessages = map[string]string{
	"invalid integer":                     "要是整数",
	"invalid boolean":                     "要是 true 或 false",
	"invalid floating value":              "要是数字",
	"required query parameter is missing": "必须给出",
	"required path parameter is missing":  "必须给出",
}

// newError is what huma calls for parameters that it cannot take, and for
// errors that are no problems yet.
func newError(status int, message string, errs ...error) huma.StatusError {
	if status != http.StatusUnprocessableEntity && status != http.StatusBadRequest {
		return (&Problem{Status: status, Code: fault.Internal.String(), Detail: fault.Public(errors.New(message))}).complete()
	}
	p := &Problem{Status: http.StatusBadRequest, Code: "parameter_bad", Detail: "参数不对，请对照 /api/docs 检查。"}
	var said []string
	for _, err := range errs {
		var d *huma.ErrorDetail
		if !errors.As(err, &d) {
			continue
		}
		_, name, _ := strings.Cut(d.Location, ".")
		if p.Place == "" {
			p.Place = "参数 " + name
		}
		said = append(said, fmt.Sprintf("参数 %s 的值“%s”%s", name, fault.Clip(fmt.Sprint(d.Value), 40), inChinese(d.Message)))
	}
	if len(said) > 0 {
		p.Detail = strings.Join(said, "；") + "。"
	}
	return p.complete()
}

func inChinese(message string) string {
	if own, ok := parseMessages[message]; ok {
		return own
	}
	if own, ok := strings.CutPrefix(message, "invalid value: "); ok { // of our own types, see shape.go
		return "不对：" + strings.TrimSuffix(own, "。")
	}
	return message
}
