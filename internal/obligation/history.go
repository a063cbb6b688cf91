package obligation

import (
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/db"
)

// Every read takes the day that it is for. For the day of the transaction and
// later ones the duties are read as they stand; for an earlier day they are put
// together as they stood at its end. Nothing is stored for that but the days
// on which things happened:
//
//   - A record counts from the day on which the program first knew it as
//     published; what a later change of the record, or a link made by hand,
//     adds counts from the day of that change. Nil reports count from their
//     signature, exceptions from the day they were given to the day they were
//     lifted, dates and roles until the day they were changed.
//   - What comes in with dates of the past (a plan of last year with the
//     records of last year) is history from those dates.
//   - Titles and sections are those of today.

// historic is obligation_duties at the end of the day :day. What has not
// changed since is taken as it stands.
const historic = `(select d.id, d.obligation_id, d.plan_id, d.unit_id, d.period, d.due_on as sort_on,
	case when f.id is null then d.role else f.role end as role,
	case when f.id is null then d.opens_on else f.opens_on end as opens_on,
	case when f.id is null then d.closes_on else f.closes_on end as closes_on,
	case when f.id is null then d.due_on else f.due_on end as due_on,
	case when d.changed_on <= ':day' then d.met_on else e.given_on end as met_on,
	case when d.changed_on <= ':day' then d.met_how else e.how end as met_how,
	case when d.changed_on <= ':day' then d.exempt else x.kind end as exempt,
	case when d.changed_on <= ':day' then d.asked else c.kind end as asked
	from obligation_duties d
	left join obligation_formers f on f.id = case when d.changed_on > ':day' then
		(select min(y.id) from obligation_formers y where y.duty_id = d.id and y.until_on > ':day') end
	left join obligation_evidence e on e.id = case when d.changed_on > ':day' then
		(select y.id from obligation_evidence y where y.duty_id = d.id and y.known_on <= ':day' and (y.removed_on is null or y.removed_on > ':day')
		order by y.given_on, y.how desc, y.id limit 1) end
	left join obligation_exceptions x on x.id = case when d.changed_on > ':day' then
		(select max(y.id) from obligation_exceptions y where y.duty_id = d.id and y.given_on <= ':day' and (y.lifted_on is null or y.lifted_on > ':day')) end
	left join obligation_claims c on c.id = case when d.changed_on > ':day' then
		(select max(y.id) from obligation_claims y where y.duty_id = d.id and y.asked_on <= ':day' and (y.decided_on is null or y.decided_on > ':day')) end
	where d.laid_on <= ':day') d`

// duties is what to read duties from as of a day, under the name d. Its day is
// part of the text: a date holds nothing but digits.
func duties(tx *db.Tx, asOf civil.Date) string {
	if !asOf.Before(tx.Today()) {
		return "obligation_duties d"
	}
	return strings.ReplaceAll(historic, ":day", asOf.String())
}

// dutyOrder is what lists are sorted by: the due day as it is now, which the
// index holds.
func dutyOrder(tx *db.Tx, asOf civil.Date) string {
	if !asOf.Before(tx.Today()) {
		return "d.due_on"
	}
	return "d.sort_on"
}

// listedItems is what an obligation i satisfies that stood in its plan at the
// end of the day.
func listedItems(tx *db.Tx, asOf civil.Date) string {
	if !asOf.Before(tx.Today()) {
		return "i.retired_on is null"
	}
	return strings.ReplaceAll(`i.added_on <= ':day' and not exists (select 1 from obligation_retirements r
		where r.obligation_id = i.id and r.retired_on <= ':day' and (r.revived_on is null or r.revived_on > ':day'))`, ":day", asOf.String())
}

// standing is what a duty d satisfies that its unit was not relieved of by a
// later edition or by another unit.
const standing = "(d.exempt is null or d.exempt not in ('retired', 'moved'))"

// holds tells whether a fact that began and perhaps ended was true at the end
// of the day.
func holds(began, ended, day civil.Date) bool {
	return !began.After(day) && (ended.IsZero() || ended.After(day))
}
