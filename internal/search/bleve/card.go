package bleve

import (
	"encoding/binary"
	"hash/fnv"
	"strings"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/search"
)

// card is what is kept in memory of every document: all that filters, facets,
// order and result lists need. It is not changed once made.
type card struct {
	key       string // see cardKey
	id        int64
	sourceID  string
	kind      string
	title     string
	number    string
	unit      string
	unitID    int64
	category  string
	statutory string
	validity  search.Validity
	issued    civil.Date
	published time.Time
	edition   string
	url       string
	sites     []string
	length    int               // of all its text, in characters
	articles  int               // pieces beside the head
	day       civil.Date        // by which it is sorted and filtered: issued, else published
	year      string            // of day
	order     int32             // of day: see dayOrder
	values    [facetCount]int32 // its place in each facet; see wordlist
	authority float32           // see authority
}

func cardOf(d search.Doc) *card {
	c := &card{
		id: d.ID, sourceID: d.SourceID, kind: d.Kind, title: d.Title, number: d.Number, unit: d.Unit, unitID: d.UnitID,
		category: d.Category, statutory: d.Statutory, validity: d.Validity, issued: d.IssuedOn, published: d.PublishedAt.UTC(),
		edition: d.Edition, url: d.URL, sites: d.Sites, articles: len(d.Articles),
	}
	c.derive()
	return c
}

// derive fills what follows from the rest.
func (c *card) derive() {
	c.day = c.issued
	if c.day.IsZero() && !c.published.IsZero() {
		c.day = civil.DateOf(c.published)
	}
	if !c.day.IsZero() {
		c.year = c.day.String()[:4]
	}
	c.order = dayOrder(c.day)
	c.authority = authority(c.title)
}

// dayOrder is a number that grows with the day: 20210611; 0 for no date.
func dayOrder(d civil.Date) int32 {
	if d.IsZero() {
		return 0
	}
	return int32(d.Year()*10000 + int(d.Month())*100 + d.Day())
}

// encode writes the card as length-prefixed strings in a fixed order.
func (c *card) encode() []byte {
	published := ""
	if !c.published.IsZero() {
		published = c.published.Format(time.RFC3339Nano)
	}
	b := binary.AppendVarint(nil, c.id)
	b = binary.AppendVarint(b, c.unitID)
	b = binary.AppendVarint(b, int64(c.articles))
	b = binary.AppendVarint(b, int64(c.length))
	for _, s := range []string{
		c.sourceID, c.kind, c.title, c.number, c.unit, c.category, c.statutory, string(c.validity),
		c.issued.String(), published, c.edition, c.url, strings.Join(c.sites, "\n"),
	} {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return b
}

// interner shares the strings that many cards have in common.
type interner map[string]string

func (in interner) share(s string) string {
	if t, ok := in[s]; ok {
		return t
	}
	in[s] = s
	return s
}

// decodeCard reads what encode wrote; ok is false for anything else.
func decodeCard(b []byte, in interner) (c *card, ok bool) {
	r := cardReader{b: b}
	c = &card{id: r.varint(), unitID: r.varint(), articles: int(r.varint()), length: int(r.varint())}
	c.sourceID = r.text()
	c.kind = in.share(r.text())
	c.title = r.text()
	c.number = r.text()
	c.unit = in.share(r.text())
	c.category = in.share(r.text())
	c.statutory = in.share(r.text())
	c.validity = search.Validity(in.share(r.text()))
	r.bad = r.bad || c.issued.UnmarshalText([]byte(r.text())) != nil
	if s := r.text(); s != "" {
		t, err := time.Parse(time.RFC3339Nano, s)
		c.published = t
		r.bad = r.bad || err != nil
	}
	c.edition = r.text()
	c.url = r.text()
	if s := in.share(r.text()); s != "" {
		c.sites = strings.Split(s, "\n")
	}
	if r.bad {
		return nil, false
	}
	c.derive()
	c.year = in.share(c.year)
	return c, true
}

type cardReader struct {
	b   []byte
	bad bool
}

func (r *cardReader) varint() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.bad = true
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *cardReader) text() string {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > uint64(len(r.b)-n) {
		r.bad = true
		return ""
	}
	s := string(r.b[n : n+int(v)])
	r.b = r.b[n+int(v):]
	return s
}

// ownerTerm is the identity of a document as a term.
func ownerTerm(id int64) string {
	return string(binary.BigEndian.AppendUint64(nil, uint64(id)))
}

// cardKey is the identity of a document and of this state of its card, so that
// a card read once need not be read again when segments are merged.
func cardKey(id int64, encoded []byte) string {
	h := fnv.New64a()
	h.Write(encoded)
	return string(h.Sum(binary.BigEndian.AppendUint64(nil, uint64(id))))
}
