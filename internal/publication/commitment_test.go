package publication

import (
	"encoding/json"
	"testing"

	"gongkai/internal/civil"
)

func TestCommitments(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		targets := []map[string]any{
			{"text": "改造老旧小区", "quantity": 348, "unit": "个"},
			{"text": "免费检查", "quantity": json.Number("9.99"), "unit": "万人"},
		}
		report := func(source, day string, values ...map[string]any) *Line {
			return policy(source, "进展"+day, issued(day), ofKind(KindProgress, Fields{"as_of": day, "values": values, "status": "按序时推进"}), relation(ProgressOf, "promise"))
		}
		put(t, s,
			policy("promise", "民生实事", ofKind(KindCommitment, Fields{"year": 2021, "no": 1, "due": "2021-06-01", "targets": targets})),
			report("may", "2021-05-31", map[string]any{"text": "改造老旧小区", "done": 350}, map[string]any{"text": "免费检查", "done": json.Number("3.33")}),
			report("april", "2021-04-30", map[string]any{"text": "改造老旧小区", "done": 100}))
		list, err := s.Commitments(ctx, Filter{})
		if err != nil || len(list) != 1 {
			t.Fatalf("Commitments = %+v, %v", list, err)
		}
		c := list[0]
		if c.Year != 2021 || c.No != 1 || c.AsOf != civil.MustDate("2021-05-31") || c.Status != "按序时推进" || len(c.Reports) != 2 || c.Reports[0].SourceID != "may" {
			t.Errorf("got %+v", c)
		}
		want := []Goal{
			{"改造老旧小区", "348", "350", "个", civil.MustDate("2021-05-31"), 100, false},
			{"免费检查", "9.99", "3.33", "万人", civil.MustDate("2021-05-31"), 33, true},
		}
		for i, g := range c.Targets {
			if g != want[i] {
				t.Errorf("goal %d is %+v, want %+v", i, g, want[i])
			}
		}
		if c.Percent() != 66 || !c.Late() {
			t.Errorf("percent %d, late %t", c.Percent(), c.Late())
		}
		one, err := s.Commitment(ctx, c.Record.ID)
		if err != nil || one.Percent() != 66 {
			t.Errorf("Commitment = %+v, %v", one, err)
		}
	})
}

func TestPercent(t *testing.T) {
	tests := []struct {
		done, target json.Number
		want         int
	}{
		{"", "10", 0}, {"0", "10", 0}, {"9.99", "10", 99}, {"10", "10", 100}, {"1", "3", 33}, {"5", "0", 0},
		{"-1", "10", 0}, {"99999999999999999999", "1", 999}, {"1e9", "1", 0},
	}
	for _, tt := range tests {
		if got := percent(tt.done, tt.target); got != tt.want {
			t.Errorf("percent(%s, %s) = %d, want %d", tt.done, tt.target, got, tt.want)
		}
	}
}
