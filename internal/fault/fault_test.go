package fault

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestFaultKeepsKindPlaceAndCause(t *testing.T) {
	base := New(Invalid, "date_bad", "“%s”不是日期", "2021-02-30")
	err := error(base.At("第%d行", 3).Because(io.ErrUnexpectedEOF))
	Wrap(&err, "Import(%q)", "a.jsonl")
	if KindOf(err) != Invalid {
		t.Errorf("KindOf = %v, want invalid", KindOf(err))
	}
	if got, want := Public(err), "第3行：“2021-02-30”不是日期"; got != want {
		t.Errorf("Public = %q, want %q", got, want)
	}
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error("the private cause is lost")
	}
	if !strings.Contains(err.Error(), `Import("a.jsonl")`) {
		t.Errorf("Error() = %q does not name the operation", err)
	}
	if base.Place != "" {
		t.Error("At changed its receiver")
	}
}

func TestUnknownErrorsShowNothing(t *testing.T) {
	err := errors.New("pq: password of user x wrong")
	if KindOf(err) != Internal || strings.Contains(Public(err), "password") {
		t.Errorf("an unknown error leaks: %q", Public(err))
	}
}

func TestWrapLeavesNilAlone(t *testing.T) {
	var err error
	Wrap(&err, "x")
	if err != nil {
		t.Error(err)
	}
}

func TestClip(t *testing.T) {
	for _, tt := range []struct {
		s    string
		n    int
		want string
	}{
		{"一二三四", 2, "一二…"},
		{"一二", 2, "一二"},
		{"", 0, ""},
		{"甲", 0, "…"},
		{"甲\xff乙", 9, "甲�乙"},
		{"甲\xff乙", 2, "甲�…"},
	} {
		if got := Clip(tt.s, tt.n); got != tt.want {
			t.Errorf("Clip(%q, %d) = %q, want %q", tt.s, tt.n, got, tt.want)
		}
	}
}
