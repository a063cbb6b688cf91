package publication

import (
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/document"
	"gongkai/internal/fault"
)

func view(t testing.TB, s *Store, f func(tx *db.Tx) error) {
	t.Helper()
	if err := s.DB.View(ctx, f); err != nil {
		t.Fatal(err)
	}
}

func TestLastDue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		today := civil.On(2000, 1, 1).AddDays(rapid.IntRange(0, 20000).Draw(t, "day"))
		years := rapid.IntRange(1, 60).Draw(t, "years")
		due := func(listed civil.Date) bool { return !listed.AddMonths(12 * years).After(today) }
		if last := lastDue(today, years); !due(last) || due(last.AddDays(1)) {
			t.Fatalf("lastDue(%v, %d) = %v", today, years, last)
		}
	})
}

func TestHelpForWriters(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ids := put(t, s,
			policy("a", "甲市城市停车管理办法", number("甲政发〔2021〕9号")),
			policy("b", "《甲市城市停车管理办法》解读", ofKind("interpretation", nil), relation(Interprets, "a")),
			policy("c", "甲市农村停车管理办法"),
			policy("d", "关于开展消防检查的通知"))
		city, school := unitID(t, s, "甲市人民政府"), unitID(t, s, "甲市教育局")
		view(t, s, func(tx *db.Tx) error {
			for _, tt := range []struct {
				unit   int64
				number string
				except int64
				want   int64
			}{
				{city, "甲政发[2021]9号", 0, ids[0]},
				{city, "甲政发〔2021〕９号", 0, ids[0]},
				{city, "甲政发〔2021〕9号", ids[0], 0},
				{city, "甲政发〔2021〕10号", 0, 0},
				{school, "甲政发〔2021〕9号", 0, 0},
				{city, "", 0, 0},
			} {
				b, taken, err := s.NumberTaken(ctx, tx, tt.unit, tt.number, tt.except)
				if err != nil || b.ID != tt.want || taken != (tt.want != 0) {
					t.Errorf("NumberTaken(%+v) = %d, %t, %v", tt, b.ID, taken, err)
				}
			}
			alike, err := s.SimilarTitles(ctx, tx, city, "甲市城市停车管理办法（试行）", 0, 5)
			var titles []string
			for _, a := range alike {
				titles = append(titles, a.Title)
			}
			if err != nil || len(alike) < 2 || alike[0].ID != ids[0] || alike[0].Percent != 100 || strings.Contains(strings.Join(titles, ""), "消防") {
				t.Errorf("SimilarTitles = %+v, %v", alike, err)
			}
			if alike, err := s.SimilarTitles(ctx, tx, city, "甲市城市停车管理办法", ids[0], 1); err != nil || len(alike) != 1 || alike[0].ID == ids[0] {
				t.Errorf("without itself: %+v, %v", alike, err)
			}
			said, err := s.InterpretationsOf(ctx, tx, ids[0])
			if err != nil || len(said) != 1 || said[0].ID != ids[1] {
				t.Errorf("InterpretationsOf = %+v, %v", said, err)
			}
			return nil
		})
	})
}

func TestLinks(t *testing.T) {
	s := newStore(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	ids := put(t, s, policy("a", "甲办法", func(l *Line) { l.Attachments = []Attachment{{Name: "表", URL: "https://example.org/t"}} }), policy("b", "乙办法"), policy("c", "丙办法"))
	for name, id := range map[string]int64{"withdraw": ids[1], "replace": ids[2]} {
		if err := act(s, name, id, ids[0]); err != nil {
			t.Fatal(err)
		}
	}
	body := Body{document.Markdown, "见[甲](/d/1)、[甲的表](/lingling/d/1/files/1)、[没有的表](/d/1/files/2)、[乙](/d/2)、[丙](/d/3)、[无](/d/99)、" +
		"[再次](/d/1)、[别处](https://example.org/d/2)、[页内](#tiao-1)、[搜索](/search?q=d)。"}
	links, err := LinksIn(body)
	if err != nil || len(links) != 8 {
		t.Fatalf("LinksIn = %+v, %v", links, err)
	}
	if links[0].Text != "甲" || links[0].Record != 1 || links[1].Record != 1 || links[1].File != 1 || links[6].Record != 0 || links[7].Record != 0 {
		t.Errorf("links %+v", links)
	}
	want := map[string]string{"/d/1/files/2": "没有第 2 个附件", "/d/2": "已撤下", "/d/3": "请改为 /d/1", "/d/99": "库里没有编号为 99"}
	view(t, s, func(tx *db.Tx) error {
		dead, err := s.LinksAlive(ctx, tx, links)
		for _, d := range dead {
			if !strings.Contains(d.Why, want[d.Address]) || want[d.Address] == "" {
				t.Errorf("%s: %s", d.Address, d.Why)
			}
		}
		if len(dead) != len(want) {
			t.Errorf("%d dead links, want %d", len(dead), len(want))
		}
		return err
	})
}

// The text of files is read once, found in search, and named as what matched.
func TestFilesAreSearched(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		files := fstest.MapFS{
			"名单.txt":  {Data: []byte("序号 姓名\n1 补助对象乙某\n")},
			"说明.html": {Data: []byte("<p>本表由民政局填报，口径与上年相同。</p>")},
			"坏.pdf":   {Data: []byte("%PDF-1.7 然而不是")},
		}
		var ids []int64
		update(t, s.DB, func(tx *db.Tx) error {
			for _, l := range []*Line{
				policy("a", "甲公示", func(l *Line) {
					l.Attachments = []Attachment{{Name: "坏.pdf", Path: "坏.pdf"}, {Name: "名单.txt", Path: "名单.txt"}, {Name: "说明.html", Path: "说明.html"}, {Name: "别处", URL: "https://example.org/"}}
				}),
				policy("b", "乙公示", func(l *Line) { l.Attachments = []Attachment{{Name: "同一份.txt", Path: "名单.txt"}} }),
			} {
				r, err := s.Put(ctx, tx, l, PutOptions{Actor: "test", Files: files})
				if err != nil {
					return err
				}
				ids = append(ids, r.ID)
			}
			return nil
		})
		if d := get(t, s, ids[0]); d.Attachments[1].Size == 0 || d.Attachments[1].MediaType == "" {
			t.Errorf("attachment %+v", d.Attachments[1])
		}
		if n, err := s.ReadFiles(ctx, ids); err != nil || n != 3 {
			t.Fatalf("ReadFiles = %d, %v, want 3 different files", n, err)
		}
		if n, err := s.ReadFiles(ctx, ids); err != nil || n != 0 {
			t.Errorf("a second time: %d, %v", n, err)
		}
		docs := searchDocs(t, s, ids)
		for i, want := range []string{"附件：名单.txt\n序号 姓名", "附件：同一份.txt\n序号 姓名"} {
			if !strings.Contains(docs[i].Body, want) {
				t.Errorf("%s lacks %q: %s", docs[i].SourceID, want, docs[i].Body)
			}
		}
		found, err := s.MatchedFiles(ctx, ids, []string{"民政局", "口径"})
		if m := found[ids[0]]; err != nil || m.No != 3 || m.Name != "说明.html" || !strings.Contains(m.Excerpt, "本表由民政局填报") || len(found) != 1 {
			t.Errorf("MatchedFiles = %+v, %v", found, err)
		}
		if err := act(s, "withdraw", ids[0], 0); err != nil {
			t.Fatal(err)
		}
		if found, err := s.MatchedFiles(ctx, ids, []string{"乙某"}); err != nil || len(found) != 1 || found[ids[1]].No != 1 {
			t.Errorf("after withdrawal: %+v, %v", found, err)
		}
	})
}

func TestFileTextIsBounded(t *testing.T) {
	c := content{Attachments: []Attachment{{Name: "甲", Path: storedPath("aa", "甲.txt")}}}
	if got := cutText("甲乙丙", 4); got != "甲" {
		t.Errorf("cutText = %q", got)
	}
	if len(c.stored()) != 0 {
		t.Error("a path that is no hash counts as stored")
	}
	_, err := LinksIn(Body{"pdf", "甲"})
	if fault.KindOf(err) != fault.Invalid {
		t.Errorf("an unknown format: %v", err)
	}
}
