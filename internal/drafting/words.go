package drafting

import (
	"context"

	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/publication"
	"gongkai/internal/publication/kind"
	"gongkai/internal/wording"
)

// WordLists are the lists and rules of package wording, as checks of drafts.
type WordLists struct {
	Store *wording.Store
	Kinds *kind.Set     // labels of fields; may be nil
	Names wording.Names // names that organs bore before; nil: not looked at
}

// Check looks at every passage of the line.
func (w WordLists) Check(ctx context.Context, tx *db.Tx, line *publication.Line) ([]Check, error) {
	checker, err := w.Store.Checker(ctx, tx, w.Names)
	if err != nil {
		return nil, err
	}
	l, err := copyLine(line)
	if err != nil {
		return nil, err
	}
	var k *kind.Kind
	if w.Kinds != nil {
		k, _ = w.Kinds.Get(l.Kind)
	}
	var pieces []wording.Piece
	passages(l, k, func(place, text string, _ document.Format) string {
		if place == "正文" {
			text = plainBody(line.Body)
		}
		pieces = append(pieces, wording.Piece{Place: place, Text: text})
		return text
	})
	var list []Check
	for _, h := range checker.Check(wording.About{Kind: l.Kind, Number: l.Number, IssuedOn: l.IssuedOn, Today: tx.Today()}, pieces...) {
		c := Check{Code: codeWording, Level: Should, Place: h.Place, Message: "“" + h.Excerpt + "”：" + h.Why}
		if h.Level == wording.Must {
			c.Level = Must
		}
		if h.Suggestion != "" {
			c.Way = "建议写作“" + h.Suggestion + "”。"
		}
		list = append(list, c)
	}
	return list, nil
}
