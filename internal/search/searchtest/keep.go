package searchtest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"gongkai/internal/fault"
	"gongkai/internal/search"
)

func testCursor(t *testing.T, e search.Engine) {
	ctx := context.Background()
	for _, want := range []int64{0, 5, 6, 3} {
		if want != 0 {
			if err := e.Apply(ctx, want, nil, nil); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := e.Cursor(); err != nil || got != want {
			t.Errorf("Cursor = %d, %v, want %d", got, err, want)
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	if err := e.Apply(ctx, 9, []search.Doc{doc(1, "甲")}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Apply with an ended context: %v", err)
	}
	if got, _ := e.Cursor(); got != 3 {
		t.Errorf("a call that failed moved the cursor to %d", got)
	}
}

func testReplace(t *testing.T, e search.Engine) {
	put(t, e, doc(1, "旧题目", articles("甲方应当付款。", "乙方应当交货。", "丙方作担保。")), doc(2, "另一份"))
	put(t, e, doc(1, "新题目", articles("甲方应当收款。")))
	if got := ids(find(t, e, search.Query{Text: "旧题目"})); len(got) > 0 {
		t.Errorf("the old title still finds %v", got)
	}
	if got := ids(find(t, e, search.Query{Text: "新题目"})); !slices.Equal(got, []int64{1}) {
		t.Errorf("the new title finds %v, want [1]", got)
	}
	if hits := clauses(t, e, "担保"); len(hits) > 0 {
		t.Errorf("an article that is gone is still found: %+v", hits)
	}
	if hits := clauses(t, e, "收款"); len(hits) != 1 || hits[0].Title != "新题目" {
		t.Errorf("the new article: %+v", hits)
	}
	if r := find(t, e, search.Query{}); r.Total != 2 {
		t.Errorf("%d documents, want 2", r.Total)
	}
	put(t, e, doc(3, "一次两遍甲"), doc(3, "一次两遍乙"))
	if got := find(t, e, search.Query{Text: "一次两遍"}); got.Total != 1 || got.Items[0].Title != "一次两遍乙" {
		t.Errorf("twice in one call: %+v, want the later", got.Items)
	}
}

func testRemove(t *testing.T, e search.Engine) {
	put(t, e, doc(1, "甲文件", articles("防火防盗。")), doc(2, "乙文件"))
	if err := e.Apply(context.Background(), 2, nil, []int64{1, 99}); err != nil {
		t.Fatal(err)
	}
	if got := ids(find(t, e, search.Query{})); !slices.Equal(got, []int64{2}) {
		t.Errorf("left: %v, want [2]", got)
	}
	if hits := clauses(t, e, "防火防盗"); len(hits) > 0 {
		t.Errorf("an article of a removed document is found: %+v", hits)
	}
	put(t, e, doc(1, "甲文件"))
	if r := find(t, e, search.Query{}); r.Total != 2 {
		t.Errorf("put again: %d documents, want 2", r.Total)
	}
}

func testRebuild(t *testing.T, e search.Engine) {
	put(t, e, doc(1, "旧文件"))
	calls := 0
	err := e.Rebuild(context.Background(), func(ctx context.Context, fresh search.Writer) error {
		calls++
		cursor, err := fresh.Cursor()
		if err != nil {
			return err
		}
		if calls == 1 {
			if cursor != 0 {
				t.Errorf("a fresh index has cursor %d", cursor)
			}
			if err := fresh.Apply(ctx, 10, []search.Doc{doc(2, "新文件")}, nil); err != nil {
				return err
			}
			if got := ids(find(t, e, search.Query{})); !slices.Equal(got, []int64{1}) {
				t.Errorf("before the swap: %v, want the old [1]", got)
			}
			return e.Apply(ctx, 11, []search.Doc{doc(3, "其间的文件")}, nil)
		}
		if cursor != 10 {
			t.Errorf("second call: cursor %d, want 10", cursor)
		}
		return fresh.Apply(ctx, 11, []search.Doc{doc(3, "其间的文件")}, nil)
	})
	if err != nil || calls != 2 {
		t.Fatalf("Rebuild: %v after %d calls", err, calls)
	}
	got := ids(find(t, e, search.Query{}))
	slices.Sort(got)
	if !slices.Equal(got, []int64{2, 3}) {
		t.Errorf("after the swap: %v, want [2 3]", got)
	}
	if c, err := e.Cursor(); err != nil || c != 11 {
		t.Errorf("after the swap: cursor %d, %v, want 11", c, err)
	}
	put(t, e, doc(4, "以后的文件"))
	if r := find(t, e, search.Query{}); r.Total != 3 {
		t.Errorf("after the swap nothing can be added: %d", r.Total)
	}
}

func testRebuildFails(t *testing.T, e search.Engine) {
	put(t, e, doc(1, "旧文件"))
	broken := errors.New("broken")
	err := e.Rebuild(context.Background(), func(ctx context.Context, fresh search.Writer) error {
		if err := fresh.Apply(ctx, 5, []search.Doc{doc(2, "新文件")}, nil); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("Rebuild = %v, want the error of fill", err)
	}
	if got := ids(find(t, e, search.Query{})); !slices.Equal(got, []int64{1}) {
		t.Errorf("after a failed rebuild: %v, want [1]", got)
	}
	put(t, e, doc(3, "丙"))
	if c, _ := e.Cursor(); c != 1 {
		t.Errorf("cursor %d, want 1", c)
	}
}

func testClosed(t *testing.T, e search.Engine) {
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	_, searching := e.Search(ctx, search.Query{Text: "甲"})
	_, asking := e.Clauses(ctx, search.ClauseQuery{Text: "甲"})
	_, typing := e.Suggest(ctx, "甲", 1)
	_, cursor := e.Cursor()
	for name, err := range map[string]error{
		"Search": searching, "Clauses": asking, "Suggest": typing, "Cursor": cursor,
		"Apply":   e.Apply(ctx, 1, nil, nil),
		"Rebuild": e.Rebuild(ctx, func(context.Context, search.Writer) error { return nil }),
	} {
		if fault.KindOf(err) != fault.Unavailable {
			t.Errorf("%s after Close: %v, want unavailable", name, err)
		}
	}
	if err := e.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

func testConcurrent(t *testing.T, e search.Engine) {
	ctx := context.Background()
	put(t, e, doc(1, "常在的文件", articles("常在的条文。")))
	var wg sync.WaitGroup
	done := make(chan struct{})
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if r, err := e.Search(ctx, search.Query{Text: "常在的文件"}); err != nil || r.Total != 1 {
					t.Errorf("while writing: %d, %v", r.Total, err)
					return
				}
				if hits, err := e.Clauses(ctx, search.ClauseQuery{Text: "常在的条文"}); err != nil || len(hits) != 1 {
					t.Errorf("while writing: %d articles, %v", len(hits), err)
					return
				}
			}
		})
	}
	for i := range int64(20) {
		put(t, e, doc(100+i, "新来", articles("一。")), doc(1, "常在的文件", articles("常在的条文。")))
	}
	close(done)
	wg.Wait()
}
