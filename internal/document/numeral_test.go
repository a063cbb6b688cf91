package document

import (
	"testing"

	"pgregory.net/rapid"
)

func TestParseNumeral(t *testing.T) {
	tests := []struct {
		in   string
		want int
	}{
		{"十", 10}, {"十二", 12}, {"二十", 20}, {"一百二十", 120}, {"一百零八", 108}, {"一百一十", 110},
		{"二〇二一", 2021}, {"二零二一", 2021}, {"两千", 2000}, {"一千二百六十", 1260}, {"三万五千", 35000},
		{"一亿二千万", 120000000}, {"〇", 0}, {"零", 0}, {"348", 348}, {"１２０", 120}, {"贰拾叁", 23},
	}
	for _, tt := range tests {
		if got, ok := ParseNumeral(tt.in); !ok || got != tt.want {
			t.Errorf("ParseNumeral(%q) = %d, %v, want %d", tt.in, got, ok, tt.want)
		}
	}
	for _, in := range []string{"", "百", "千三", "一二百", "一百二", "十百", "第一", "1.5", "万", "亿", "99999999999999999999", "一十十"} {
		if got, ok := ParseNumeral(in); ok {
			t.Errorf("ParseNumeral(%q) = %d, want no number", in, got)
		}
	}
}

func TestNumeralsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 99_999_999).Draw(t, "n")
		if got, ok := ParseNumeral(FormatNumeral(n)); !ok || got != n {
			t.Fatalf("%d is written %s and read %d, %v", n, FormatNumeral(n), got, ok)
		}
	})
}

func TestParseOrdinal(t *testing.T) {
	tests := []struct {
		in     string
		want   Ordinal
		length string
	}{
		{"第一百二十条之一 违反", Ordinal{"条", 120, 1}, "第一百二十条之一"},
		{"第十二条　为了", Ordinal{"条", 12, 0}, "第十二条"},
		{"第 一 章 总则", Ordinal{"章", 1, 0}, "第 一 章"},
		{"第12条", Ordinal{"条", 12, 0}, "第12条"},
		{"第二分编 典型合同", Ordinal{"分编", 2, 0}, "第二分编"},
		{"第三条之规定", Ordinal{"条", 3, 0}, "第三条"},
		{"第一次会议", Ordinal{}, ""},
		{"第条", Ordinal{}, ""},
		{"一条", Ordinal{}, ""},
	}
	for _, tt := range tests {
		got, n := ParseOrdinal(tt.in)
		if got != tt.want || tt.in[:n] != tt.length {
			t.Errorf("ParseOrdinal(%q) = %v, %q, want %v, %q", tt.in, got, tt.in[:n], tt.want, tt.length)
		}
	}
}
