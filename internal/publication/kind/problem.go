package kind

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"gongkai/internal/fault"
)

// Problem is one thing that is wrong with a line: where, and what to do.
type Problem struct {
	Field   string `json:"field"` // path of the key: "fields.targets[2].quantity"; empty for the whole line
	Message string `json:"message"`
}

// Refused says that a publication cannot be taken, with everything that is
// wrong with it. It unwraps to an Invalid fault.
type Refused struct{ Problems []Problem }

// Error is the fault's text.
func (r *Refused) Error() string { return r.Unwrap().Error() }

// Unwrap is the fault: all problems in one message.
func (r *Refused) Unwrap() error {
	lines := make([]string, len(r.Problems))
	for i, p := range r.Problems {
		lines[i] = p.String()
	}
	return fault.New(fault.Invalid, "publication_refused", "%s", strings.Join(lines, "；"))
}

// String is the problem in one line.
func (p Problem) String() string {
	if p.Field == "" {
		return p.Message
	}
	return p.Field + "：" + p.Message
}

// Problems collects what is wrong with a line. The zero value is nothing.
type Problems []Problem

func (p *Problems) Add(field, format string, args ...any) {
	*p = append(*p, Problem{field, fmt.Sprintf(format, args...)})
}

// AddFault takes the message of a fault; other errors are returned.
func (p *Problems) AddFault(field string, err error) error {
	f, ok := fault.Of(err)
	if !ok || f.Kind == fault.Internal || f.Kind == fault.Unavailable {
		return err
	}
	p.Add(field, "%s", f.Message)
	return nil
}

// Refusal is nil where nothing is wrong.
func (p Problems) Refusal() error {
	if len(p) == 0 {
		return nil
	}
	return &Refused{p}
}

// JSONProblem says in Chinese what the decoder says in English.
func JSONProblem(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("第 %d 个字节处不是 JSON（可能缺引号、逗号或括号，或者行被截断）", syntax.Offset)
	case errors.As(err, &kind):
		return fmt.Sprintf("“%s”的值类型不对（给的是 %s）", kind.Field, jsonNames[strings.Fields(kind.Value)[0]])
	case strings.HasPrefix(err.Error(), "json: unknown field "):
		return "不认识的键 " + strings.TrimPrefix(err.Error(), "json: unknown field ")
	}
	return "不是完整的 JSON"
}

var jsonNames = map[string]string{"string": "文字", "number": "数字", "bool": "真假", "array": "数组", "object": "对象"}
