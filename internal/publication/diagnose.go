package publication

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"gongkai/internal/fault"
	"gongkai/internal/publication/kind"
)

// diagnose finds all that keeps a line from being read. It is the slow way,
// taken only by lines that the quick one has refused.
func diagnose(raw []byte) (*Line, error) {
	var p kind.Problems
	var keys map[string]json.RawMessage
	dec := json.NewDecoder(bytes.NewReader(raw))
	if err := dec.Decode(&keys); err != nil {
		p.Add("", "%s。每行应是一个完整的 JSON 对象。", kind.JSONProblem(err))
		return nil, p.Refusal()
	}
	if rest := bytes.TrimSpace(raw[dec.InputOffset():]); len(rest) > 0 {
		p.Add("", "一行里有不止一个对象，多出来的从“%s”开始。每行只写一个。", fault.Clip(string(rest), 20))
		return nil, p.Refusal()
	}
	l := new(Line)
	value := reflect.ValueOf(l).Elem()
	known := lineKeys()
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		i, ok := known[key]
		if !ok {
			p.Add(key, "不认识的键；可用的有：%s。种类自己的内容写在 fields 里。", strings.Join(keyOrder(), "、"))
			continue
		}
		dec := json.NewDecoder(bytes.NewReader(keys[key]))
		dec.DisallowUnknownFields()
		dec.UseNumber()
		if err := dec.Decode(value.Field(i).Addr().Interface()); err != nil {
			p.Add(key, "%s", valueProblem(key, err))
		}
	}
	return l, p.Refusal()
}

// valueProblem says what is wrong with the value of one key.
func valueProblem(key string, err error) string {
	if f, ok := fault.Of(err); ok {
		return f.Message
	}
	want := map[string]string{
		"keywords": `应是一列文字，例如 ["教育", "招生"]`, "fields": "应是对象", "body": `应是 {"format": "markdown", "text": "…"}`,
		"relations": `应是一列 {"type": "interprets", "target": "文号或 source_id"}`, "attachments": `应是一列 {"name": "…", "path": "…"}`,
	}[key]
	if want == "" {
		want = "应是带引号的文字"
	}
	return fmt.Sprintf("%s；%s。", kind.JSONProblem(err), want)
}

// lineKeys gives the field of Line by its key.
var lineKeys = sync.OnceValue(func() map[string]int {
	keys := map[string]int{}
	for i, key := range keyOrder() {
		keys[key] = i
	}
	return keys
})

// keyOrder are the keys of a line in their canonical order.
var keyOrder = sync.OnceValue(func() []string {
	var keys []string
	for f := range reflect.TypeFor[Line]().Fields() {
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		keys = append(keys, key)
	}
	return keys
})
