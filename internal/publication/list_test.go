package publication

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/search"
)

// Staff also see what the public cannot read, and find it by a part of its name.
func TestListForStaff(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ids := put(t, s,
			policy("a", "甲市学校管理办法", issued("2020-01-01"), func(l *Line) { l.Number = "甲政发〔2020〕3号" }),
			policy("b", "甲市医院管理办法（试行）", issued("2021-01-01")),
			policy("c", "甲市道路管理办法", issued("2021-02-01")),
		)
		update(t, s.DB, func(tx *db.Tx) error {
			if err := s.Withdraw(ctx, tx, ids[0], ReasonError, "", "test"); err != nil {
				return err
			}
			return s.Archive(ctx, tx, ids[1], "", "test")
		})
		tests := []struct {
			name string
			f    Filter
			want []string
		}{
			{"the public", Filter{}, []string{"c", "b"}},
			{"withdrawn", Filter{States: []State{Withdrawn}}, []string{"a"}},
			{"archived", Filter{States: []State{Archived}}, []string{"b"}},
			{"several", Filter{States: []State{Published, Withdrawn}}, []string{"c", "a"}},
			{"words of a title", Filter{Words: "医院 管理"}, []string{"b"}},
			{"a number in other brackets", Filter{States: []State{Withdrawn}, Words: "甲政发[2020]3号"}, []string{"a"}},
			{"the issuer's word alone", Filter{States: []State{Withdrawn}, Words: "甲政发"}, []string{"a"}},
			{"not there", Filter{Words: "医院 道路"}, nil},
		}
		for _, tt := range tests {
			l, err := s.List(ctx, tt.f, Page{})
			if err != nil {
				t.Fatal(err)
			}
			if got := sources(l.Records); !slices.Equal(got, tt.want) || l.Total != len(tt.want) {
				t.Errorf("%s: got %v, total %d; want %v", tt.name, got, l.Total, tt.want)
			}
		}
	})
}

func TestList(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		put(t, s,
			policy("a", "甲办法", issued("2020-01-01"), func(l *Line) { l.Category, l.Keywords = "教育", []string{"招生", "学区"} }),
			policy("b", "乙办法", issued("2021-01-01"), func(l *Line) {
				l.Unit, l.Statutory, l.EffectiveOn = "甲市教育局", "20-11", civil.MustDate("2021-07-01")
			}),
			policy("c", "丙通知", issued("2021-01-01"), ofKind("notice", nil), func(l *Line) { l.Keywords = []string{"学区"} }),
			policy("d", "丁办法", issued("2019-01-01"), func(l *Line) { l.ExpiresOn = civil.MustDate("2021-06-10") }),
			policy("e", "废止决定", issued("2021-06-01"), relation(Repeals, "a"), relation(Amends, "f", "第一条")),
			policy("f", "戊办法", issued("2018-01-01")),
		)
		education := unitID(t, s, "甲市教育局")
		tests := []struct {
			name string
			f    Filter
			want []string
		}{
			{"all", Filter{}, []string{"e", "c", "b", "a", "d", "f"}},
			{"kind", Filter{Kinds: []string{"notice"}}, []string{"c"}},
			{"two kinds and a year", Filter{Kinds: []string{"notice", "policy"}, Year: 2021}, []string{"e", "c", "b"}},
			{"unit", Filter{Units: []int64{education}}, []string{"b"}},
			{"category", Filter{Categories: []string{"教育"}}, []string{"a"}},
			{"statutory of the kind or of the line", Filter{Statutory: []string{"20-11", "20-15"}}, []string{"c", "b"}},
			{"keywords", Filter{Keywords: []string{"招生", "学区"}}, []string{"c", "a"}},
			{"dates", Filter{From: civil.MustDate("2019-01-01"), To: civil.MustDate("2020-12-31")}, []string{"a", "d"}},
			{"in force", Filter{Validities: []search.Validity{search.InForce}}, []string{"e"}},
			{"over", Filter{Validities: []search.Validity{search.Repealed, search.Expired}}, []string{"a", "d"}},
			{"not yet", Filter{Validities: []search.Validity{search.NotYet}}, []string{"b"}},
			{"amended", Filter{Validities: []search.Validity{search.Amended}, Kinds: []string{"policy"}}, []string{"f"}},
			{"nothing", Filter{Kinds: []string{"service"}}, nil},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				l, err := s.List(ctx, tt.f, Page{})
				if err != nil {
					t.Fatal(err)
				}
				if got := sources(l.Records); !slices.Equal(got, tt.want) || l.Total != len(tt.want) || l.Next != "" {
					t.Errorf("got %v, total %d, next %q; want %v", got, l.Total, l.Next, tt.want)
				}
				byPage := eachPage(t, s, tt.f)
				if !slices.Equal(byPage, tt.want) {
					t.Errorf("page by page: got %v, want %v", byPage, tt.want)
				}
			})
		}
		counts, err := s.Counts(ctx, Filter{}, ByStatutory)
		if err != nil || counts["20-1"] != 4 || counts["20-11"] != 1 || counts["20-15"] != 1 {
			t.Errorf("Counts = %v, %v", counts, err)
		}
		if years, err := s.Counts(ctx, Filter{Kinds: []string{"policy"}}, ByYear); err != nil || years["2021"] != 2 || len(years) != 4 {
			t.Errorf("Counts by year = %v, %v", years, err)
		}
		if _, err := s.List(ctx, Filter{}, Page{After: "2021-02-30.7"}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("bad place: %v", err)
		}
	})
}

// eachPage walks through a list two at a time, by place and by number.
func eachPage(t *testing.T, s *Store, f Filter) (got []string) {
	t.Helper()
	after := ""
	for n := 1; ; n++ {
		l, err := s.List(ctx, f, Page{After: after, Size: 2})
		if err != nil {
			t.Fatal(err)
		}
		numbered, err := s.List(ctx, f, Page{Page: n, Size: 2})
		if err != nil || !slices.Equal(sources(numbered.Records), sources(l.Records)) {
			t.Errorf("page %d is %v, want %v (%v)", n, sources(numbered.Records), sources(l.Records), err)
		}
		got = append(got, sources(l.Records)...)
		if after = l.Next; after == "" {
			return got
		}
	}
}

func sources(list []Record) (ids []string) {
	for _, r := range list {
		ids = append(ids, r.SourceID)
	}
	return ids
}

func unitID(t testing.TB, s *Store, name string) int64 {
	t.Helper()
	tree, err := s.Units.Snapshot(ctx)
	if err != nil {
		t.Fatal(err)
	}
	o, err := tree.Resolve(name, civil.Date{})
	if err != nil {
		t.Fatal(err)
	}
	return o.ID
}

func TestNewestWithInterpretations(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		put(t, s, policy("a", "甲办法"), policy("b", "乙办法", issued("2021-01-01")),
			policy("r1", "解读一", issued("2021-02-01"), ofKind("interpretation", nil), relation(Interprets, "a")),
			policy("r2", "解读二", issued("2021-03-01"), ofKind("interpretation", nil), relation(Interprets, "a")))
		list, err := s.Newest(ctx, Filter{Kinds: []string{"policy"}}, 5)
		if err != nil || len(list) != 2 || list[0].SourceID != "b" || len(list[0].Interpretations) != 0 {
			t.Fatalf("Newest = %+v, %v", list, err)
		}
		if in := list[1].Interpretations; len(in) != 2 || in[0].SourceID != "r2" {
			t.Errorf("interpretations %+v", in)
		}
	})
}

func TestByNumber(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		put(t, s, policy("note", "转发通知", ofKind("notice", nil), number("甲政发〔2021〕9号")), policy("a", "甲办法", number("甲政发〔2021〕9号")))
		for _, form := range []string{"甲政发〔2021〕9号", "甲政发[2021]9号", "甲政发（２０２１）９号", " 甲政发 〔2021〕 9号"} {
			list, err := s.ByNumber(ctx, form)
			if err != nil || len(list) != 2 || list[0].SourceID != "a" {
				t.Errorf("ByNumber(%s) = %v, %v", form, sources(list), err)
			}
		}
		if list, err := s.ByNumber(ctx, ""); err != nil || len(list) != 0 {
			t.Errorf("ByNumber of nothing = %v, %v", list, err)
		}
		if r, err := tryPut(s, policy("b", "乙办法", number("甲政发[2021]9号"))); err != nil || len(r.Warnings) != 1 {
			t.Errorf("the same number twice: %+v, %v", r, err)
		}
	})
}

// manyRecords fills a store with n records of the shape that a city has,
// written by SQL alone.
func manyRecords(b *testing.B, store *db.DB, n int) {
	b.Helper()
	kinds := []string{"policy", "notice", "notice", "notice", "service", "interpretation", "progress", "organ"}
	update(b, store, func(tx *db.Tx) error {
		stmt, err := tx.Prepare(ctx, upsertRecord)
		if err != nil {
			return err
		}
		start := civil.MustDate("2010-01-01")
		for i := range n {
			day := start.AddDays(i * 7919 % 4380)
			k := kinds[i*31%len(kinds)]
			spans := Spans{always, never, never, never}
			if i%7 == 0 {
				spans.Repealed = day.AddDays(900)
			}
			var id int64
			err := stmt.QueryRow(fmt.Sprintf("s%d", i), k, i*17%330+1, "甲市某某局", fmt.Sprintf("关于第%d号事项的通知", i), fmt.Sprintf("甲发〔%d〕%d号", day.Year(), i), fmt.Sprintf("n%d", i), day,
				db.At(day.Time().Add(9*time.Hour)), civil.Date{}, civil.Date{}, civil.Date{}, "", fmt.Sprintf("主题%d", i%40), `["甲","乙"]`, fmt.Sprintf("20-%d", i%15+1),
				`{"theme":"教育"}`, 1, "hash", "", day, flag(k == "policy"), spans.Starts, spans.Lapses, spans.Repealed, spans.Amended).Scan(&id)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// BenchmarkList asks for pages of a store of 100,000 records.
func BenchmarkList(b *testing.B) {
	store := dbtest.SQLite(b, civil.Fixed(dbtest.Noon))
	manyRecords(b, store, 100_000)
	s := &Store{Deps{DB: store}}
	var subtree []int64
	for id := range int64(60) {
		subtree = append(subtree, id*5+1)
	}
	for _, bb := range []struct {
		name string
		f    Filter
		p    Page
	}{
		{"all", Filter{}, Page{}},
		{"kind", Filter{Kinds: []string{"notice"}}, Page{}},
		{"unit", Filter{Units: []int64{7}}, Page{}},
		{"subtree", Filter{Units: subtree}, Page{}},
		{"subtree and kind", Filter{Units: subtree, Kinds: []string{"policy"}}, Page{}},
		{"in force", Filter{Kinds: []string{"policy"}, Validities: []search.Validity{search.InForce, search.Amended}}, Page{}},
		{"repealed of any kind", Filter{Validities: []search.Validity{search.Repealed}}, Page{}},
		{"category", Filter{Categories: []string{"主题7"}}, Page{}},
		{"statutory", Filter{Statutory: []string{"20-7"}}, Page{}},
		{"year", Filter{Year: 2015}, Page{}},
		{"page 500", Filter{}, Page{Page: 500}},
		{"after", Filter{}, Page{After: "2012-06-01.500"}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			for b.Loop() {
				l, err := s.List(ctx, bb.f, bb.p)
				if err != nil || len(l.Records) == 0 {
					b.Fatal(l, err)
				}
			}
		})
	}
	b.Run("counts", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Counts(ctx, Filter{}, ByStatutory); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkPut publishes a document that amends one of 100,000 others, by its
// number.
func BenchmarkPut(b *testing.B) {
	s := newStore(b, dbtest.SQLite(b, civil.Fixed(dbtest.Noon)))
	manyRecords(b, s.DB, 100_000)
	n := 0
	for b.Loop() {
		n++
		put(b, s, policy(fmt.Sprint("new", n), "新办法", number(fmt.Sprintf("甲政发〔2021〕%d号", n)), relation(Amends, fmt.Sprint("s", n))))
	}
}
