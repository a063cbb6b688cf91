// Package fault is the one error type of the program.
//
// A fault has a kind (what sort of trouble), a stable code (for programs), a
// public message in Chinese (for people: what happened, where, what to do
// next) and a private cause (for the log). Anything that is not a fault is
// Internal: it is logged with its path and shows nothing to the outside.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of trouble an error is. The zero value is Internal.
type Kind uint8

const (
	Internal    Kind = iota // our mistake, or the machine's
	Invalid                 // the input is wrong; the message says where
	NotFound                // nothing of that name
	Conflict                // it clashes with what is stored
	Forbidden               // not allowed to this person
	TooLarge                // over a stated limit
	Gone                    // it was here and has been taken away
	Unavailable             // a dependency is missing or busy; try again
)

var kindNames = [...]string{"internal", "invalid", "not_found", "conflict", "forbidden", "too_large", "gone", "unavailable"}

// String is the kind's stable name, as the API prints it.
func (k Kind) String() string { return kindNames[k] }

// Error is a fault. Values are immutable once made: At and Because copy.
type Error struct {
	Kind    Kind
	Code    string // stable, snake_case: "unit_unknown"
	Message string // Chinese, complete: what happened and the way on
	Place   string // file, line, field or address the message is about; may be empty
	cause   error
}

// New makes a fault of kind k. The format makes its public message.
func New(k Kind, code, format string, args ...any) *Error {
	return &Error{Kind: k, Code: code, Message: fmt.Sprintf(format, args...)}
}

// At returns a copy of e that names the place it is about.
func (e *Error) At(format string, args ...any) *Error {
	c := *e
	c.Place = fmt.Sprintf(format, args...)
	return &c
}

// Because returns a copy of e with a private cause.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Public is the text a person may read: the place and the message.
func (e *Error) Public() string {
	if e.Place == "" {
		return e.Message
	}
	return e.Place + "：" + e.Message
}

// Error is the text for the log: the public text and the private cause.
func (e *Error) Error() string {
	if e.cause == nil {
		return e.Public()
	}
	return e.Public() + ": " + e.cause.Error()
}

// Unwrap gives the private cause.
func (e *Error) Unwrap() error { return e.cause }

// Of finds the fault in err's chain; ok is false where there is none.
func Of(err error) (e *Error, ok bool) {
	ok = errors.As(err, &e)
	return e, ok
}

// KindOf is the kind of the fault in err's chain, Internal where there is none.
func KindOf(err error) Kind {
	if e, ok := Of(err); ok {
		return e.Kind
	}
	return Internal
}

// Public is what may be shown of any error: a fault's public text, and one
// fixed sentence for everything else.
func Public(err error) string {
	if e, ok := Of(err); ok {
		return e.Public()
	}
	return "程序内部出错，已记入日志；数据没有改动。请稍后再试，仍不行时把出错时间告诉管理员。"
}

// Wrap puts an operation's name and key arguments in front of *errp where it
// is not nil. It is meant to be deferred, once per boundary:
//
//	defer fault.Wrap(&err, "unit.Resolve(%q)", name)
func Wrap(errp *error, format string, args ...any) {
	if *errp != nil {
		*errp = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *errp)
	}
}

// Clip keeps a message short whatever it quotes: the first n characters of s,
// with an ellipsis where more follows. Bytes that are no text become �.
func Clip(s string, n int) string {
	for i := range s {
		if n == 0 {
			return strings.ToValidUTF8(s[:i], "�") + "…"
		}
		n--
	}
	return strings.ToValidUTF8(s, "�")
}
