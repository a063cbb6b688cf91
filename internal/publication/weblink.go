package publication

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/fault"
)

// WebLink is a link in a body.
type WebLink struct {
	Text    string
	Address string // as written
	Record  int64  // the record of this library that it leads to; 0 for none
	File    int    // number of that record's attachment, from 1; 0 for its page
}

// LinksIn lists the links of a body, in their order, each address once.
func LinksIn(b Body) (links []WebLink, err error) {
	defer fault.Wrap(&err, "publication.LinksIn")
	format := b.Format
	if format == "" {
		format = document.Text
	}
	body, err := document.Parse(b.Text, format)
	if err != nil {
		return nil, err
	}
	z := html.NewTokenizer(strings.NewReader(body.HTML()))
	open := -1 // the link whose text is being read
	for {
		switch token := z.Next(); token {
		case html.ErrorToken: // the end: a reader of a string has no other error
			return links, nil
		case html.StartTagToken:
			if t := z.Token(); t.Data == "a" {
				links, open = withLink(links, t)
			}
		case html.EndTagToken:
			if z.Token().Data == "a" {
				open = -1
			}
		case html.TextToken:
			if open >= 0 {
				links[open].Text += z.Token().Data
			}
		}
	}
}

// withLink adds a link that is new; open is its place, -1 where it is not.
func withLink(links []WebLink, t html.Token) (_ []WebLink, open int) {
	i := slices.IndexFunc(t.Attr, func(a html.Attribute) bool { return a.Key == "href" })
	if i < 0 || strings.HasPrefix(t.Attr[i].Val, "#") {
		return links, -1
	}
	address := t.Attr[i].Val
	if slices.ContainsFunc(links, func(l WebLink) bool { return l.Address == address }) {
		return links, -1
	}
	l := WebLink{Address: address}
	l.Record, l.File = recordOf(address)
	return append(links, l), len(links)
}

// recordOf reads the address of a record's page, /d/7, or of one of its files,
// /d/7/files/2, below any site.
func recordOf(address string) (id int64, file int) {
	u, err := url.Parse(address)
	if err != nil || u.Host != "" || u.Scheme != "" {
		return 0, 0
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	at := slices.Index(parts, "d")
	if at < 0 || at > 1 || at+1 >= len(parts) { // a site has one name before it
		return 0, 0
	}
	id, err = strconv.ParseInt(parts[at+1], 10, 64)
	if err != nil || id <= 0 {
		return 0, 0
	}
	if at+3 < len(parts) && parts[at+2] == "files" {
		file, _ = strconv.Atoi(parts[at+3])
	}
	return id, file
}

// DeadLink is a link to a record of this library that does not lead where it
// should.
type DeadLink struct {
	WebLink
	Why string // with the way on
}

// LinksAlive looks which links to our own records no longer lead to something
// readable. Links elsewhere are not judged.
func (s *Store) LinksAlive(ctx context.Context, tx *db.Tx, links []WebLink) (dead []DeadLink, err error) {
	defer fault.Wrap(&err, "publication.LinksAlive(%d)", len(links))
	for _, l := range links {
		if l.Record == 0 {
			continue
		}
		why, err := s.deadBecause(ctx, tx, l)
		if err != nil {
			return nil, err
		}
		if why != "" {
			dead = append(dead, DeadLink{l, why})
		}
	}
	return dead, nil
}

// deadBecause is "" for a link that leads where it should.
func (s *Store) deadBecause(ctx context.Context, tx *db.Tx, l WebLink) (string, error) {
	r, line, err := s.newest(ctx, tx, l.Record)
	if fault.KindOf(err) == fault.NotFound || err == nil && r.State == Pending {
		return "库里没有编号为 " + strconv.FormatInt(l.Record, 10) + " 的信息，请改正地址。", nil
	}
	switch {
	case err != nil:
		return "", err
	case r.State == Replaced && r.Stone.Successor != 0:
		return "所指的信息已被代替，请改为 " + Path(r.Stone.Successor) + "。", nil
	case !r.State.Readable():
		return "所指的信息" + r.State.Label() + "，请改指别处或去掉链接。", nil
	case l.File > len(line.Attachments):
		return "所指的信息没有第 " + strconv.Itoa(l.File) + " 个附件，请改正地址。", nil
	}
	return "", nil
}
