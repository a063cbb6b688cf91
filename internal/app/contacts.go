package app

import (
	"context"
	"sync/atomic"

	"gongkai/internal/fault"
	"gongkai/internal/publication"
	"gongkai/internal/publication/kind"
)

// contacts are the telephone numbers, addresses and mailboxes that organs have
// published of themselves (条例第二十条第二项): the privacy gate lets them
// pass. They are read at start and on every new day.
type contacts struct {
	app  *App
	list atomic.Pointer[[]string]
}

// all is the list as it was last read.
func (c *contacts) all() []string {
	if list := c.list.Load(); list != nil {
		return *list
	}
	return nil
}

// contactFields are the fields of an organ's record that say how to reach it.
var contactFields = []string{"phone", "fax", "address", "email"}

// read reads them from the newest records of all organs.
func (c *contacts) read(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "app.contacts.read")
	var list []string
	for page := (publication.Page{Size: 200}); ; {
		found, err := c.app.Publications.List(ctx, publication.Filter{Kinds: []string{"organ"}}, page)
		if err != nil {
			return err
		}
		for _, r := range found.Records {
			list = append(list, texts(r.Fields, contactFields...)...)
		}
		if page.After = found.Next; page.After == "" {
			break
		}
	}
	c.list.Store(&list)
	return nil
}

// texts are the values of fields that are texts.
func texts(fields kind.Values, keys ...string) (list []string) {
	for _, key := range keys {
		if text, ok := fields[key].(string); ok && text != "" {
			list = append(list, text)
		}
	}
	return list
}
