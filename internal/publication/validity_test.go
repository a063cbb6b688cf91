package publication

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/search"
)

func TestValiditySentences(t *testing.T) {
	day := civil.MustDate
	today := day("2021-06-11")
	amend := Touch{Type: Amends, On: day("2021-01-01"), By: 2, Title: "修改决定", Number: "甲政发〔2020〕9号", Articles: []string{"第七条"}}
	repeal := Touch{Type: Repeals, On: day("2021-05-01"), By: 3, Title: "废止决定"}
	tests := []struct {
		name    string
		facts   Facts
		touches []Touch
		on      string
		code    search.Validity
		since   string
		says    string
	}{
		{"nothing known", Facts{}, nil, "", search.InForce, "", "这份文件现在有效。"},
		{"in force", Facts{EffectiveOn: day("2020-03-01"), ExpiresOn: day("2025-02-28")}, nil, "", search.InForce, "2020-03-01", "这份文件现在有效，自2020年3月1日起施行，有效期到2025年2月28日。"},
		{"will be repealed", Facts{RepealedOn: day("2021-07-01")}, nil, "", search.InForce, "", "这份文件现在有效，将自2021年7月1日起废止。"},
		{"last day", Facts{ExpiresOn: today}, nil, "", search.InForce, "", "这份文件现在有效，有效期到2021年6月11日。"},
		{"expired", Facts{ExpiresOn: day("2021-06-10")}, nil, "", search.Expired, "2021-06-11", "这份文件现在已经失效，有效期到2021年6月10日为止。"},
		{"stated expired", Facts{Stated: "失效"}, nil, "", search.Expired, "", "这份文件现在已经失效。"},
		{"not yet", Facts{EffectiveOn: day("2021-07-01")}, nil, "", search.NotYet, "", "这份文件现在还没有施行，自2021年7月1日起施行。"},
		{"stated not yet", Facts{Stated: "尚未生效"}, nil, "", search.NotYet, "", "这份文件现在还没有施行。"},
		{"stated in force, but expired", Facts{Stated: "有效", ExpiresOn: day("2021-01-01")}, nil, "", search.Expired, "2021-01-02", "这份文件现在已经失效，有效期到2021年1月1日为止。"},
		{"amended", Facts{}, []Touch{amend}, "", search.Amended, "2021-01-01", "这份文件现在有效，第七条已于2021年1月1日被《修改决定》（甲政发〔2020〕9号）修改。"},
		{"before the amendment", Facts{}, []Touch{amend}, "2020-12-31", search.InForce, "", "这份文件在2020年12月31日这一天有效。"},
		{"stated amended", Facts{Stated: "已修改"}, nil, "", search.Amended, "", "这份文件现在有效，但已经修改过。"},
		{"repealed by another", Facts{}, []Touch{amend, repeal}, "", search.Repealed, "2021-05-01", "这份文件现在已经废止：自2021年5月1日起被《废止决定》废止。"},
		{"replaced", Facts{}, []Touch{{Type: Replaces, On: day("2021-02-01"), By: 9, Title: "《新办法》"}}, "", search.Repealed, "2021-02-01", "这份文件现在已经废止：自2021年2月1日起被《新办法》代替。"},
		{"repealed by itself first", Facts{RepealedOn: day("2021-03-01")}, []Touch{repeal}, "", search.Repealed, "2021-03-01", "这份文件现在已经废止，自2021年3月1日起。"},
		{"stated repealed", Facts{Stated: "废止"}, nil, "", search.Repealed, "", "这份文件现在已经废止。"},
		{"one article repealed", Facts{}, []Touch{{Type: Repeals, On: day("2021-02-01"), By: 9, Title: "决定", Articles: []string{"第三条"}}}, "", search.Amended, "2021-02-01", "这份文件现在有效，第三条已于2021年2月1日被《决定》废止。"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			on := today
			if tt.on != "" {
				on = day(tt.on)
			}
			tt.facts.Binding = true
			got := Validity(tt.facts, tt.touches, on)
			if got.Code != tt.code || got.Since.String() != tt.since || got.Sentence(today) != tt.says {
				t.Errorf("got %s since %q, %s\nwant %s since %q, %s", got.Code, got.Since, got.Sentence(today), tt.code, tt.since, tt.says)
			}
		})
	}
	if got := Validity(Facts{EffectiveOn: today}, nil, today); got.Code != "" || got.Sentence(today) != "" {
		t.Errorf("a kind without validity has %+v", got)
	}
}

func TestArticleState(t *testing.T) {
	day := civil.MustDate("2021-01-01")
	touches := []Touch{{Type: Amends, On: day, Articles: []string{"第一条", "第二条"}}, {Type: Repeals, On: day.AddDays(10), Articles: []string{"第二条"}}}
	for _, tt := range []struct {
		label string
		on    civil.Date
		want  search.Validity
	}{{"第一条", day, search.Amended}, {"第一条", day.AddDays(-1), ""}, {"第二条", day, search.Amended}, {"第二条", day.AddDays(10), search.Repealed}, {"第三条", day, ""}} {
		if got, _ := ArticleState(touches, tt.label, tt.on); got != tt.want {
			t.Errorf("%s on %s is %q, want %q", tt.label, tt.on, got, tt.want)
		}
	}
}

func drawDay(t *rapid.T, name string) civil.Date {
	n := rapid.IntRange(-1, 12).Draw(t, name)
	if n < 0 {
		return civil.Date{}
	}
	return civil.MustDate("2021-06-01").AddDays(n)
}

func drawFacts(t *rapid.T) Facts {
	words := append(slices.Sorted(maps.Keys(stated)), "")
	return Facts{true, drawDay(t, "effective"), drawDay(t, "expires"), drawDay(t, "repealed"), rapid.SampledFrom(words).Draw(t, "stated")}
}

// Time only wears a document down: from not yet in force to in force, amended,
// expired, repealed. A state holds on the day it is said to hold since, and
// did not on the day before.
func TestValidityWearsDown(t *testing.T) {
	order := map[search.Validity]int{search.NotYet: 0, search.InForce: 1, search.Amended: 2, search.Expired: 3, search.Repealed: 4}
	rapid.Check(t, func(t *rapid.T) {
		facts := drawFacts(t)
		var touches []Touch
		for i := range rapid.IntRange(0, 3).Draw(t, "touches") {
			touch := Touch{Type: rapid.SampledFrom(RelationTypes()).Draw(t, "type"), On: civil.MustDate("2021-06-01").AddDays(rapid.IntRange(0, 12).Draw(t, "on")), By: int64(i)}
			if rapid.Bool().Draw(t, "partly") {
				touch.Articles = []string{"第一条"}
			}
			touches = append(touches, touch)
		}
		before := -1
		for n := -2; n < 16; n++ {
			day := civil.MustDate("2021-06-01").AddDays(n)
			now := Validity(facts, touches, day)
			rank, ok := order[now.Code]
			if !ok || rank < before {
				t.Fatalf("on %s it is %q, before it was later in its life", day, now.Code)
			}
			before = rank
			if now.Since.IsZero() {
				continue
			}
			if then := Validity(facts, touches, now.Since); now.Since.After(day) || then.Code != now.Code {
				t.Fatalf("on %s it is %s since %s, but was %s then", day, now.Code, now.Since, then.Code)
			}
			if eve := Validity(facts, touches, now.Since.AddDays(-1)); eve.Code == now.Code {
				t.Fatalf("it is %s since %s, but was so the day before", now.Code, now.Since)
			}
		}
	})
}

// The states by which lists filter in SQL are those that Go computes, and
// every record has exactly one.
func TestValidityInSQL(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, store *db.DB) {
		s := newStore(t, store)
		n := 0
		rapid.Check(t, func(t *rapid.T) {
			if n++; n > 60 { // records, not questions, are what costs
				return
			}
			f := drawFacts(t)
			line := policy(fmt.Sprintf("r%d", n), "甲", func(l *Line) {
				l.EffectiveOn, l.ExpiresOn, l.RepealedOn, l.Validity = f.EffectiveOn, f.ExpiresOn, f.RepealedOn, f.Stated
			})
			if _, err := tryPut(s, line); err != nil {
				n-- // dates in an order that is refused
			}
		})
		seen := map[string]search.Validity{}
		for code := range validitySQL {
			l, err := s.List(ctx, Filter{Validities: []search.Validity{code}}, Page{Size: maxPage})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range l.Records {
				if was, twice := seen[r.SourceID]; twice || r.Validity(civil.DateOf(dbtest.Noon)) != code {
					t.Errorf("%s is listed as %s and %s, and is %s", r.SourceID, was, code, r.Validity(civil.DateOf(dbtest.Noon)))
				}
				seen[r.SourceID] = code
			}
		}
		if all, err := s.List(ctx, Filter{}, Page{}); err != nil || all.Total != len(seen) || all.Total == 0 {
			t.Errorf("%d records have a state, there are %d (%v)", len(seen), all.Total, err)
		}
	})
}
