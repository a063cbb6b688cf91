package document

import (
	"strconv"
	"strings"

	"gongkai/internal/fault"
)

// Form is the way a document number is built. The zero value is no number.
type Form uint8

// The forms of GB/T 9704 and of legislation.
const (
	FormSerial Form = iota + 1 // 永政办发〔2021〕12号
	FormOrder                  // 国务院令第711号
	FormNotice                 // 财政部公告2021年第3号
)

// Number is a document number (文号). It is comparable; two ways of printing
// the same number give equal Key, not equal Number.
type Number struct {
	Word string // 机关代字 (永政办发), or issuer and kind (国务院令, 财政部公告); may be empty
	Year int    // 0 where the number has none, as with orders
	No   int    // from 1
	Form Form
}

// String is the normal form of GB/T 9704: tortoise-shell brackets, half-width
// digits without leading zeros and blanks. The zero Number is "".
func (n Number) String() string {
	no := strconv.Itoa(n.No) + "号"
	switch n.Form {
	case FormSerial:
		return n.Word + "〔" + strconv.Itoa(n.Year) + "〕" + no
	case FormOrder, FormNotice:
		if n.Year > 0 {
			return n.Word + strconv.Itoa(n.Year) + "年第" + no
		}
		return n.Word + "第" + no
	}
	return ""
}

// Key is what equal numbers share however they are printed: in which brackets,
// width or script, with 中华人民共和国 in front or without. The zero Number
// has the key "".
func (n Number) Key() string {
	if n.Form == 0 {
		return ""
	}
	word := Fold(n.Word)
	if n.Form != FormSerial {
		if short := strings.TrimPrefix(word, "中华人民共和国"); short != "" {
			word = short
		}
	}
	return word + "(" + strconv.Itoa(n.Year) + ")" + strconv.Itoa(n.No)
}

// IsZero tells whether n is no number.
func (n Number) IsZero() bool { return n.Form == 0 }

// numberLabels are printed before a number in the heads of pages.
var numberLabels = []string{"发文字号", "发文号", "公文字号", "文件编号", "文件号", "文号", "字号", "编号"}

// ParseNumber reads s as one document number in any bracket, width and
// spacing, with or without a label (文号：) before it. What is not one number
// is an Invalid fault.
func ParseNumber(s string) (Number, error) {
	body := strings.Trim(s, " \t\r\n　()（）《》。；;")
	for _, l := range numberLabels {
		if rest, ok := strings.CutPrefix(body, l); ok {
			body = strings.TrimLeft(rest, " 　:：")
			break
		}
	}
	found := FindNumbers(body)
	if len(found) == 1 && found[0].whole(body) {
		return found[0].Number, nil
	}
	return Number{}, fault.New(fault.Invalid, "number_bad",
		"“%s”不是一个文号，应写成 永政办发〔2021〕12号、国务院令第711号 或 财政部公告2021年第3号 的样子。", fault.Clip(s, 40))
}

// whole tells whether nothing but white space is left of s around f.
func (f Found) whole(s string) bool {
	return strings.Trim(s[:f.Start]+s[f.End:], " \t　") == ""
}
