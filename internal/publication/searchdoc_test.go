package publication

import (
	"os"
	"strings"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/search"
	"gongkai/internal/sharedtest"
)

func TestEdition(t *testing.T) {
	tests := []struct {
		a, b string
		same bool
	}{
		{"甲市条例", "甲市条例（2020年修订）", true},
		{"甲市条例(2019-05-14)", "甲市条例", true},
		{"甲市条例（2018年第二次修正）", "甲市条例（2020修正）", true},
		{"甲市办法（试行）", "甲市办法", true},
		{"甲市规划（2016-2020年）", "甲市规划（2021-2025年）", false},
		{"甲市目录（教育部分）", "甲市目录", false},
		{"甲市条例", "乙市条例", false},
	}
	for _, tt := range tests {
		if same := Edition(&Record{Title: tt.a}) == Edition(&Record{Title: tt.b}); same != tt.same {
			t.Errorf("%s and %s: same edition is %t, want %t", tt.a, tt.b, same, tt.same)
		}
	}
	if Edition(&Record{Title: "甲", UnitID: 1}) == Edition(&Record{Title: "甲", UnitID: 2}) {
		t.Error("documents of two units are one edition")
	}
}

func TestSearchDocs(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ids := put(t, s,
			policy("law", "甲市办法", number("甲政发〔2020〕1号"), func(l *Line) {
				l.Body.Text = "甲市办法\n\n## 第一章 总则\n\n第一条 为了方便群众，制定本办法。\n\n第二条 本办法自公布之日起施行。"
				l.EffectiveOn = civil.MustDate("2021-07-01")
			}),
			policy("organ", "甲市教育局概况", ofKind("organ", Fields{"duties": []string{"管理学校"}, "address": "中心路1号", "hours": "工作日", "phone": "0000-1234567",
				"leaders": []map[string]string{{"name": "某某", "post": "局长"}}})),
			policy("gone", "撤下的"))
		update(t, s.DB, func(tx *db.Tx) error { return s.Withdraw(ctx, tx, ids[2], ReasonDuplicate, "", "test") })
		docs := searchDocs(t, s, append(ids, 999))
		if len(docs) != 2 {
			t.Fatalf("%d documents, want 2", len(docs))
		}
		d := docs[0]
		if d.Validity != search.NotYet || d.Number != "甲政发〔2020〕1号" || d.Unit != "甲市人民政府" || d.URL != Path(ids[0]) || d.Body != "甲市办法\n" {
			t.Errorf("got %+v", d)
		}
		if len(d.Articles) != 2 || d.Articles[1].Label != "第二条" || d.Articles[1].Path != "第一章 总则" || d.Articles[1].Text != "本办法自公布之日起施行。" || d.Articles[1].Anchor == "" {
			t.Errorf("articles %+v", d.Articles)
		}
		if body := docs[1].Body; !strings.Contains(body, "主要职责：管理学校\n") || !strings.Contains(body, "负责人：某某\t局长\n") {
			t.Errorf("body %q", body)
		}
		turning := func(from, to string) (got []int64) {
			if err := s.DB.View(ctx, func(tx *db.Tx) (err error) {
				got, err = s.Turning(ctx, tx, civil.MustDate(from), civil.MustDate(to))
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return got
		}
		if got := turning("2021-06-30", "2021-07-01"); len(got) != 1 || got[0] != ids[0] {
			t.Errorf("turning %v", got)
		}
		if got := turning("2021-07-01", "2021-12-31"); len(got) != 0 {
			t.Errorf("turning later %v", got)
		}
	})
}

func searchDocs(t testing.TB, s *Store, ids []int64) (docs []search.Doc) {
	t.Helper()
	if err := s.DB.View(ctx, func(tx *db.Tx) (err error) {
		docs, err = s.SearchDocs(ctx, tx, ids)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return docs
}

// BenchmarkSearchDocs makes the documents of the real corpus for an index.
func BenchmarkSearchDocs(b *testing.B) {
	file, err := os.Open(sharedtest.Path(b, "data", "laws", "all-2025-04.jsonl.zst"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	s := emptyStore(b, dbtest.SQLite(b, civil.System))
	n := importAll(b, s, file, ImportOptions{CreateUnits: true}).Added
	for b.Loop() {
		articles := 0
		for first := 1; first <= n; first += 200 {
			var ids []int64
			for id := first; id < first+200; id++ {
				ids = append(ids, int64(id))
			}
			for _, d := range searchDocs(b, s, ids) {
				articles += len(d.Articles)
			}
		}
		b.ReportMetric(float64(articles), "articles")
	}
}
