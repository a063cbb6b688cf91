package remind

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/obligation"
)

// Duties is the source of disclosure duties.
type Duties struct{ Obligations *obligation.Store }

const dutyKey = "duty:"

// Tasks lists duties that are open and unmet.
func (s Duties) Tasks(ctx context.Context, tx *db.Tx, through civil.Date) (list []Task, err error) {
	duties, err := s.Obligations.Unmet(ctx, tx, civil.Date{}, through)
	for _, d := range duties {
		list = append(list, dutyTask(d))
	}
	return list, err
}

// dutyTask is a duty as something that is owed.
func dutyTask(d obligation.DutyView) Task {
	return Task{Key: dutyKey + strconv.FormatInt(d.ID, 10), Kind: Duty, UnitID: d.UnitID,
		Title: d.Title + "（" + periodWords(d.Period) + "）", Path: fmt.Sprintf("/desk/duties/%d", d.ID), Due: d.DueOn}
}

// Open tells which duties are still owed.
func (s Duties) Open(ctx context.Context, tx *db.Tx, keys []string) (map[string]bool, error) {
	owed, err := s.Obligations.StillOwed(ctx, tx, numbers(keys, dutyKey))
	return byKey(owed, dutyKey), err
}

func periodWords(s string) string {
	if p, err := civil.ParsePeriod(s); err == nil {
		return p.Chinese()
	}
	return s
}

// numbers are the ids of the keys that have the prefix.
func numbers(keys []string, prefix string) (ids []int64) {
	for _, k := range keys {
		if rest, ok := strings.CutPrefix(k, prefix); ok {
			if id, err := strconv.ParseInt(rest, 10, 64); err == nil {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func byKey(ids map[int64]bool, prefix string) map[string]bool {
	keys := make(map[string]bool, len(ids))
	for id, ok := range ids {
		keys[prefix+strconv.FormatInt(id, 10)] = ok
	}
	return keys
}

// Requests is the source of what units ask of the office: claims about duties
// and reports on tasks.
type Requests struct{ Obligations *obligation.Store }

const (
	claimKey    = "claim:"
	progressKey = "progress:"
)

// Tasks lists claims and reports that wait for an answer.
func (s Requests) Tasks(ctx context.Context, tx *db.Tx, _ civil.Date) (list []Task, err error) {
	claims, err := s.Obligations.OpenClaims(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, c := range claims {
		list = append(list, Task{Key: claimKey + strconv.FormatInt(c.ID, 10), Kind: Claim, UnitID: c.UnitID, Title: c.Kind.Label() + "：" + c.Title,
			Path: fmt.Sprintf("/desk/claims/%d", c.ID), Since: c.On, Office: true})
	}
	reports, err := s.Obligations.ToldProgress(ctx, tx)
	for _, p := range reports {
		list = append(list, Task{Key: progressKey + strconv.FormatInt(p.ID, 10), Kind: Progress, UnitID: p.UnitID, Title: p.On.Chinese() + "的工作进展",
			Path: fmt.Sprintf("/desk/progress/%d?unit=%d", p.ObligationID, p.UnitID), Since: civil.DateOf(p.At), Office: true})
	}
	slices.SortStableFunc(list, func(a, b Task) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Key, b.Key)) })
	return list, err
}

// Open tells which claims and reports still wait. There are never many.
func (s Requests) Open(ctx context.Context, tx *db.Tx, _ []string) (map[string]bool, error) {
	tasks, err := s.Tasks(ctx, tx, civil.Date{})
	open := map[string]bool{}
	for _, t := range tasks {
		open[t.Key] = true
	}
	return open, err
}
