package publication

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/document"
	"gongkai/internal/fault"
	"gongkai/internal/publication/kind"
)

// Line is one publication in the interchange format: a line of JSON with the
// keys in this order. It is also what callers hand to Put.
type Line struct {
	SourceID    string         `json:"source_id"` // stable name from where it came; required
	Kind        string         `json:"kind"`      // required
	Unit        string         `json:"unit"`      // name, alias or code; required
	Title       string         `json:"title"`     // required
	Number      string         `json:"number,omitempty"`
	IssuedOn    civil.Date     `json:"issued_on,omitzero"`
	PublishedAt Moment         `json:"published_at,omitzero"` // zero: the moment it is taken in
	EffectiveOn civil.Date     `json:"effective_on,omitzero"` // first day in force
	RepealedOn  civil.Date     `json:"repealed_on,omitzero"`  // first day no longer in force
	ExpiresOn   civil.Date     `json:"expires_on,omitzero"`   // last day in force
	Validity    string         `json:"validity,omitempty"`
	Category    string         `json:"category,omitempty"`
	Keywords    []string       `json:"keywords,omitempty"`
	Statutory   string         `json:"statutory,omitempty"` // 20-1 … 20-15
	Body        Body           `json:"body,omitzero"`
	Fields      Fields         `json:"fields,omitempty"`
	Relations   []RelationLine `json:"relations,omitempty"`
	Attachments []Attachment   `json:"attachments,omitempty"`
}

// Body is the text of a publication as it was given.
type Body struct {
	Format document.Format `json:"format"` // markdown, html or text
	Text   string          `json:"text"`
}

// RelationLine is a relation as a line writes it.
type RelationLine struct {
	Type     RelationType `json:"type"`
	Target   string       `json:"target"`                 // source_id or document number
	Own      []string     `json:"own_articles,omitempty"` // labels of articles of this record
	Articles []string     `json:"articles,omitempty"`     // labels of articles of the target
	On       civil.Date   `json:"on,omitzero"`            // first day it acts; zero: when this record comes into force
	Note     string       `json:"note,omitempty"`
}

// Attachment is a file of a publication: one of our own by path, or one
// elsewhere by address.
type Attachment struct {
	Name      string `json:"name"`
	Path      string `json:"path,omitempty"` // beside the file of lines; once stored files/SHA-256.ext
	URL       string `json:"url,omitempty"`
	MediaType string `json:"media_type,omitempty"`
	Size      int64  `json:"size,omitempty"` // bytes; filled when stored
}

// Moment is an instant to the second, written in the time zone of China. The
// zero value is none.
type Moment struct{ time.Time }

// At makes the Moment of a time.
func At(t time.Time) Moment {
	if t.IsZero() {
		return Moment{}
	}
	return Moment{t.In(civil.China).Truncate(time.Second)}
}

// MarshalJSON writes "2021-06-11T09:30:00+08:00".
func (m Moment) MarshalJSON() ([]byte, error) { return json.Marshal(m.Format(time.RFC3339)) }

// momentForms are accepted; those without a zone are China's time.
var momentForms = []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly}

// UnmarshalText reads an instant, a time of day or a day.
func (m *Moment) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*m = Moment{}
		return nil
	}
	for _, form := range momentForms {
		if t, err := time.ParseInLocation(form, string(b), civil.China); err == nil && t.Year() >= 1 && t.Year() <= 9999 {
			*m = At(t)
			return nil
		}
	}
	return fault.New(fault.Invalid, "moment_bad", "“%s”不是存在的时间，应写成 2021-06-11T09:30:00+08:00、2021-06-11 09:30 或 2021-06-11。", fault.Clip(string(b), 40))
}

// UnmarshalJSON reads what UnmarshalText reads, in quotes.
func (m *Moment) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	return m.UnmarshalText([]byte(s))
}

// What a kind asks of a line, under the names that callers of Put know.
type (
	Fields  = kind.Values
	Problem = kind.Problem
	Refused = kind.Refused
)

// Encode writes the line in its one canonical form, without a line end: keys
// in the order of Line, those of fields sorted, nothing escaped that need not
// be.
func (l *Line) Encode() ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(l); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// Hash is the check value of a canonical line: its SHA-256 in hexadecimal.
func Hash(line []byte) string {
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:])
}

// decodeLine reads a line strictly; what is wrong with it is a *Refused.
func decodeLine(raw []byte) (l *Line, err error) {
	l = new(Line)
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	dec.UseNumber()
	if err := dec.Decode(l); err != nil || len(bytes.TrimSpace(raw[dec.InputOffset():])) > 0 {
		return diagnose(raw)
	}
	return l, nil
}

// facts are what the line says of its validity.
func (l *Line) facts(k *kind.Kind) Facts {
	return Facts{k.Validity, l.EffectiveOn, l.ExpiresOn, l.RepealedOn, l.Validity}
}

// listedOn is the day under which lists put the record.
func (l *Line) listedOn() civil.Date {
	if !l.IssuedOn.IsZero() {
		return l.IssuedOn
	}
	return civil.DateOf(l.PublishedAt.Time)
}

// namedOn is the day as of which the line names units; zero for now.
func (l *Line) namedOn() civil.Date {
	switch {
	case !l.IssuedOn.IsZero():
		return l.IssuedOn
	case !l.PublishedAt.IsZero():
		return civil.DateOf(l.PublishedAt.Time)
	}
	return civil.Date{}
}

// actsOn is the first day of a relation of this line.
func (l *Line) actsOn(r RelationLine) civil.Date {
	switch {
	case !r.On.IsZero():
		return r.On
	case !l.EffectiveOn.IsZero():
		return l.EffectiveOn
	}
	return l.listedOn()
}

// targetKey is what a target and the record it names have in common: the key
// of a document number, or the source_id.
func targetKey(target string) string {
	if n, err := document.ParseNumber(target); err == nil {
		return n.Key()
	}
	return strings.TrimSpace(target)
}

// numberKey compares numbers however they are printed; what is not a document
// number is folded.
func numberKey(number string) string {
	if number == "" {
		return ""
	}
	if n, err := document.ParseNumber(number); err == nil {
		return n.Key()
	}
	return document.Fold(number)
}
