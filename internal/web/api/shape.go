package api

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"gongkai/internal/civil"
	"gongkai/internal/fault"
	"gongkai/internal/obligation"
	"gongkai/internal/publication"
	"gongkai/internal/search"
	"gongkai/internal/unit"
)

// Day is a date in answers and parameters: YYYY-MM-DD, null for none.
type Day struct{ civil.Date }

// Schema implements huma.SchemaProvider.
func (Day) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date", Nullable: true, Examples: []any{"2021-06-11"}}
}

// MarshalJSON writes the date, or null.
func (d Day) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(d.String())
}

// Moment is an instant in answers, in China's time; null for none.
type Moment struct{ time.Time }

// Schema implements huma.SchemaProvider.
func (Moment) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time", Nullable: true, Examples: []any{"2021-06-11T09:30:00+08:00"}}
}

// MarshalJSON writes the instant to the second, or null.
func (m Moment) MarshalJSON() ([]byte, error) {
	if m.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(m.In(civil.China).Format(time.RFC3339))
}

// Decimal is an exact number in answers, with the digits as printed; null for
// none.
type Decimal string

// Schema implements huma.SchemaProvider.
func (Decimal) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeNumber, Nullable: true}
}

// MarshalJSON writes the digits, or null.
func (d Decimal) MarshalJSON() ([]byte, error) { return []byte(cmp.Or(string(d), "null")), nil }

// split takes apart the values of a parameter that may be given several times,
// or once with commas between them.
func split(values []string) (out []string) {
	for _, v := range values {
		for part := range strings.FieldsFuncSeq(v, func(r rune) bool { return r == ',' || r == '，' }) {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

// list makes an empty list of none, so that JSON has [] and not null.
func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

// each makes a list of another.
func each[A, B any](items []A, f func(A) B) []B {
	out := make([]B, len(items))
	for i, item := range items {
		out[i] = f(item)
	}
	return out
}

// organ finds the unit that somebody names: an id, or any name or code that it
// bears today. One that nobody bears is a NotFound fault with what is like it.
func organ(tree *unit.Tree, s string, today civil.Date) (unit.Organ, error) {
	if id, err := strconv.ParseInt(s, 10, 64); err == nil {
		if o, ok := tree.Get(id); ok {
			return o, nil
		}
	}
	o, err := tree.Resolve(s, today)
	if fault.KindOf(err) != fault.NotFound {
		return o, err
	}
	like := ""
	if names := tree.Suggest(s, today, 3); len(names) > 0 {
		like = "相近的有 " + strings.Join(names, "、") + "；"
	}
	return o, fault.New(fault.NotFound, "unit_unknown", "没有“%s”这个单位，或它今天不叫这个名称。%s全部单位见 %s/units，改过名的可用编号。",
		fault.Clip(s, 40), like, base).Because(err)
}

// organParam is organ for the parameter unit, where a wrong name is a mistake
// in the question.
func organParam(tree *unit.Tree, s string, today civil.Date) (unit.Organ, error) {
	o, err := organ(tree, s, today)
	if f, ok := fault.Of(err); ok {
		f = f.At("参数 unit")
		f.Kind = fault.Invalid
		return o, f
	}
	return o, err
}

// organs are the ids of the units that parameters mean; with below also of
// everything below them today.
func (s *server) organs(ctx context.Context, names []string, below bool) (ids []int64, err error) {
	if len(names) == 0 {
		return nil, nil
	}
	tree, err := s.Units.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		o, err := organParam(tree, name, s.today())
		if err != nil {
			return nil, err
		}
		if below {
			ids = append(ids, tree.Subtree(o.ID, s.today())...)
		} else {
			ids = append(ids, o.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// validities reads states of validity as codes or as words.
func validities(values []string) (out []search.Validity, err error) {
	known := []search.Validity{search.InForce, search.Amended, search.NotYet, search.Expired, search.Repealed, search.Archived}
	for _, v := range split(values) {
		i := slices.IndexFunc(known, func(k search.Validity) bool {
			return v == string(k) || v == publication.ValidityLabel(k)
		})
		if i < 0 {
			return nil, fault.New(fault.Invalid, "validity_unknown",
				"没有“%s”这种效力状态，可用的有 in_force（有效）、amended（已修改）、not_yet（尚未生效）、expired（失效）、repealed（废止）、archived（已归档）。", fault.Clip(v, 40)).At("参数 validity")
		}
		out = append(out, known[i])
	}
	return out, nil
}

// states reads states of duties as codes or as words.
func states(values []string) (out []obligation.State, err error) {
	var known []string
	for _, v := range split(values) {
		state, ok := obligation.ParseState(v)
		for _, s := range obligation.States() {
			known = append(known, s.String()+"（"+s.Label()+"）")
			if v == s.Label() {
				state, ok = s, true
			}
		}
		if !ok {
			return nil, fault.New(fault.Invalid, "status_unknown", "没有“%s”这种状态，可用的有 %s。",
				fault.Clip(v, 40), strings.Join(known, "、")).At("参数 status")
		}
		out = append(out, state)
	}
	return out, nil
}

// Tally is a number of duties by state.
type Tally struct {
	Total  int            `json:"total" doc:"全部"`
	Owed   int            `json:"owed" doc:"计入考核的：不适用的除外"`
	Done   int            `json:"done" doc:"已公开的（含零报告和逾期公开）"`
	States map[string]int `json:"states" doc:"各状态的数量；为 0 的不列"`
}

func tally(c obligation.Counts) Tally {
	t := Tally{Total: c.Total(), Owed: c.Owed(), Done: c.Done(), States: map[string]int{}}
	for _, s := range obligation.States() {
		if n := c.Of(s); n > 0 {
			t.States[s.String()] = n
		}
	}
	return t
}
