package drafting

import (
	"bytes"
	"context"

	"gongkai/internal/access"
	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/fault"
	"gongkai/internal/intake"
	"gongkai/internal/publication"
)

// Dropped is a file that somebody wants to publish, with what was recognised
// in it and confirmed.
type Dropped struct {
	UnitID   int64
	Kind     string // code; empty: what was recognised
	Name     string // of the file
	Data     []byte
	Proposal intake.Proposal
}

// CreateFrom begins a draft of a dropped file: the recognised text and facts
// become the line, the file itself an attachment.
func (s *Store) CreateFrom(ctx context.Context, who Who, f Dropped) (d Draft, err error) {
	defer fault.Wrap(&err, "drafting.CreateFrom(%q)", f.Name)
	if err := allowed(who, access.RecordWrite, f.UnitID); err != nil {
		return Draft{}, err
	}
	in, err := s.takeIn(ctx, f.Name, bytes.NewReader(f.Data))
	if err != nil {
		return Draft{}, err
	}
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		begin := Draft{UnitID: f.UnitID, SourceID: newSourceID(), Settings: Settings{Change: Major}}
		if d, err = s.create(ctx, tx, who, begin, s.lineOf(&f), 0); err != nil {
			return err
		}
		if err := s.attachAll(ctx, tx, who, &d, []incoming{in}); err != nil {
			return err
		}
		d, err = s.load(ctx, tx, d.ID)
		return err
	})
	return d, err
}

// lineOf is a line of what was recognised. Days in force belong to kinds that
// have validity.
func (s *Store) lineOf(f *Dropped) *publication.Line {
	p := &f.Proposal
	l := &publication.Line{Kind: f.Kind, Title: p.Title.Value, IssuedOn: p.IssuedOn.Value, Category: p.Category.Value, Keywords: p.Keywords}
	if l.Kind == "" {
		l.Kind = p.Kind.Value
	}
	k, ok := s.Records.Kinds.Get(l.Kind)
	if !ok && f.Kind == "" {
		l.Kind = fallbackKind
	}
	if p.Number.Found() {
		l.Number = p.Number.Value.String()
	}
	if p.Body != "" {
		l.Body = publication.Body{Format: document.HTML, Text: p.Body}
	}
	if ok && k.Validity {
		l.EffectiveOn, l.ExpiresOn = p.EffectiveOn.Value, p.ExpiresOn.Value
		for _, n := range p.Abolishes {
			l.Relations = append(l.Relations, publication.RelationLine{Type: publication.Repeals, Target: n.Value.String()})
		}
	}
	return l
}
