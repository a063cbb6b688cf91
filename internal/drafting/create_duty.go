package drafting

import (
	"context"
	"encoding/json"
	"slices"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/publication"
	"gongkai/internal/publication/kind"
)

// fallbackKind is what a draft is of where nothing says better.
const fallbackKind = "notice"

// CreateForDuty begins a draft by which a duty can be fulfilled: of the unit
// that owes it, of the kind, category and title that the obligation asks for,
// and naming the duty. Where such a draft is on its way already, it is that
// one.
func (s *Store) CreateForDuty(ctx context.Context, who Who, dutyID int64) (d Draft, err error) {
	defer fault.Wrap(&err, "drafting.CreateForDuty(%d)", dutyID)
	duty, err := s.Records.Duties.Duty(ctx, dutyID, s.DB.Clock().Today())
	if err != nil {
		return Draft{}, err
	}
	err = s.DB.Update(ctx, func(tx *db.Tx) error {
		if err := allowed(who, access.RecordWrite, duty.UnitID); err != nil {
			return err
		}
		have, err := drafts(ctx, tx, "where d.duty_id = ? and d.unit_id = ? and d.state not in ('published', 'withheld', 'abandoned') order by d.id limit 1", dutyID, duty.UnitID)
		if err != nil {
			return err
		}
		if len(have) > 0 {
			d, err = s.load(ctx, tx, have[0].ID)
			return err
		}
		tree, err := s.Records.Units.Tree(ctx, tx)
		if err != nil {
			return err
		}
		line := s.lineForDuty(&duty, tree.NameOn(duty.UnitID, tx.Today()), tx.Today())
		d, err = s.create(ctx, tx, who, Draft{UnitID: duty.UnitID, SourceID: newSourceID(), DutyID: dutyID, Settings: Settings{Change: Major}}, line, 0)
		return err
	})
	return d, err
}

// lineForDuty fills in what the obligation tells.
func (s *Store) lineForDuty(duty *obligation.DutyDetail, unitName string, today civil.Date) *publication.Line {
	k := s.kindForDuty(duty.Obligation.Match)
	line := &publication.Line{Kind: k.Code, Unit: unitName, Title: titleForDuty(duty, unitName),
		Relations: []publication.RelationLine{{Type: publication.Fulfils, Target: duty.Code + "@" + duty.Period}}}
	if list := duty.Obligation.Match.Categories; len(list) > 0 {
		line.Category = list[0]
	}
	if list := duty.Obligation.Match.Statutory; len(list) > 0 && !slices.Contains(list, k.Statutory) {
		line.Statutory = list[0]
	}
	period, err := civil.ParsePeriod(duty.Period)
	if err != nil {
		return line
	}
	for _, f := range k.Fields {
		if v := fieldForDuty(f, duty, period, today); v != nil {
			if line.Fields == nil {
				line.Fields = publication.Fields{}
			}
			line.Fields[f.Key] = v
		}
	}
	return line
}

// fieldForDuty is what a duty says about fields that many kinds have.
func fieldForDuty(f kind.Field, duty *obligation.DutyDetail, period civil.Period, today civil.Date) any {
	switch {
	case f.Key == "year" && f.Type == kind.TypeInteger:
		return json.Number(period.String()[:4])
	case f.Key == "period" && f.Type == kind.TypeText:
		return period.Chinese()
	case f.Key == "as_of" && f.Type == kind.TypeDate:
		if period.End().Before(today) {
			today = period.End()
		}
		return today.String()
	case f.Key == "due" && f.Type == kind.TypeDate:
		return duty.DueOn.String()
	}
	return nil
}

// kindForDuty is the first kind that the obligation names, or the first of the
// category of article 20 that it wants.
func (s *Store) kindForDuty(m obligation.Match) *kind.Kind {
	for _, code := range m.Kinds {
		if k, ok := s.Records.Kinds.Get(code); ok {
			return k
		}
	}
	for _, k := range s.Records.Kinds.All() {
		if slices.Contains(m.Statutory, k.Statutory) {
			return k
		}
	}
	if k, ok := s.Records.Kinds.Get(fallbackKind); ok {
		return k
	}
	return s.Records.Kinds.All()[0]
}

// titleForDuty is a title to go on from: rows of catalogues name a thing,
// tasks of a plan name work to be done.
func titleForDuty(duty *obligation.DutyDetail, unitName string) string {
	when := ""
	if p, err := civil.ParsePeriod(duty.Period); err == nil {
		when = p.Chinese()
	}
	if duty.Obligation.Row != nil {
		return unitName + when + duty.Title
	}
	return unitName + when + "“" + duty.Title + "”落实情况"
}
