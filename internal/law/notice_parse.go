package law

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
)

// MaxNoticeBytes is the largest file that ParseNotice reads.
const MaxNoticeBytes = 1 << 20

// ParseNotice reads a year's holiday arrangement from a JSON file and checks
// it. It never trusts the bytes; whatever is wrong is an Invalid fault.
//
// The program's own form names each festival once, with its days off as spans
// and the days worked in exchange:
//
//	{
//	  "year": 2026,
//	  "papers": [{"title": "…的通知", "number": "国办发明电〔2025〕7号", "url": "https://…"}],
//	  "holidays": [
//	    {"name": "春节", "off": ["2026-02-15..2026-02-23"], "work": ["2026-02-14", "2026-02-28"]}
//	  ]
//	}
//
// "paper" in a holiday is the index of the paper it rests on, 0 where left
// out. The day-by-day form of the open data set holiday-cn is read too:
//
//	{"year": 2026, "papers": ["https://…"], "days": [{"name": "元旦", "date": "2026-01-01", "isOffDay": true}]}
func ParseNotice(b []byte) (Notice, error) {
	if len(b) > MaxNoticeBytes {
		return Notice{}, badNotice("文件有%d字节，超过上限%d字节。", len(b), MaxNoticeBytes)
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if !utf8.Valid(b) {
		return Notice{}, badNotice("不是 UTF-8 编码的文本，请另存为 UTF-8 后再上传。")
	}
	var shape struct {
		Days     json.RawMessage `json:"days"`
		Holidays json.RawMessage `json:"holidays"`
	}
	if err := json.Unmarshal(b, &shape); err != nil {
		return Notice{}, badJSON(b, err)
	}
	read := readOwnForm
	switch {
	case shape.Holidays == nil && shape.Days == nil:
		return Notice{}, badNotice("既没有 holidays 也没有 days，不是放假安排文件。")
	case shape.Holidays == nil:
		read = readDayForm
	}
	n, err := read(b)
	if err != nil {
		return Notice{}, badJSON(b, err)
	}
	if err := n.Check(); err != nil {
		return Notice{}, err
	}
	return n, nil
}

func readOwnForm(b []byte) (n Notice, err error) {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	return n, dec.Decode(&n)
}

// readDayForm turns a list of single days into festivals, in the order in
// which the festivals first occur.
func readDayForm(b []byte) (Notice, error) {
	var file struct {
		Year   int      `json:"year"`
		Papers []string `json:"papers"`
		Days   []struct {
			Name string     `json:"name"`
			Date civil.Date `json:"date"`
			Off  *bool      `json:"isOffDay"`
		} `json:"days"`
	}
	if err := json.Unmarshal(b, &file); err != nil {
		return Notice{}, err
	}
	n := Notice{Year: file.Year}
	for _, address := range file.Papers {
		n.Papers = append(n.Papers, Paper{Title: noticeTitle(file.Year), URL: address})
	}
	at := map[string]int{}
	for i, d := range file.Days {
		if d.Off == nil || d.Date.IsZero() {
			return Notice{}, badNotice("第%d天缺少 date 或 isOffDay。", i+1)
		}
		k, known := at[d.Name]
		if !known {
			k = len(n.Holidays)
			at[d.Name] = k
			n.Holidays = append(n.Holidays, NoticeHoliday{Name: d.Name})
		}
		n.Holidays[k].add(d.Date, *d.Off)
	}
	return n, nil
}

func noticeTitle(year int) string {
	return fmt.Sprintf("国务院办公厅关于%d年部分节假日安排的通知", year)
}

// add puts one day into h, lengthening the last span where the day follows it.
func (h *NoticeHoliday) add(d civil.Date, off bool) {
	if !off {
		h.Work = append(h.Work, d)
		return
	}
	if k := len(h.Off) - 1; k >= 0 && h.Off[k].To.AddDays(1) == d {
		h.Off[k].To = d
		return
	}
	h.Off = append(h.Off, Span{d, d})
}

// badJSON turns a decoder's error into a fault that says where; faults pass.
func badJSON(b []byte, err error) error {
	if f, ok := fault.Of(err); ok {
		if f.Code == "notice_bad" {
			return f
		}
		return badNotice("%s", f.Public())
	}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		line := 1 + bytes.Count(b[:min(int(syntax.Offset), len(b))], []byte("\n"))
		err = badNotice("第%d行不是正确的 JSON，请检查引号、逗号和括号。", line)
	case errors.As(err, &kind):
		err = badNotice("“%s”的值类型不对，请对照说明的样例修改。", kind.Field)
	default:
		err = badNotice("内容无法识别，可能有多余的字段或日期写法不对，请对照说明的样例修改。").(*fault.Error).Because(err)
	}
	return err
}
