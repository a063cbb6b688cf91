package mail

import (
	"maps"
	"slices"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// compose makes the letter as it goes over the wire. m has been checked.
func compose(m Message, from string, now time.Time) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	sender, err := ParseAddress(from)
	if err != nil {
		return nil, err
	}
	to, err := ParseAddress(m.To)
	if err != nil {
		return nil, err
	}
	msg.FromMailAddress(sender)
	msg.ToMailAddress(to)
	if m.ReplyTo != "" {
		reply, err := ParseAddress(m.ReplyTo)
		if err != nil {
			return nil, err
		}
		msg.ReplyToMailAddress(reply)
	}
	_, domain, _ := strings.Cut(sender.Address, "@")
	msg.SetMessageIDWithValue(m.ID + "@" + domain)
	msg.SetDateWithValue(now)
	msg.Subject(m.Subject)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // answering machines stay silent (RFC 3834)
	for _, name := range slices.Sorted(maps.Keys(m.Headers)) {
		msg.SetGenHeader(gomail.Header(name), m.Headers[name])
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}
