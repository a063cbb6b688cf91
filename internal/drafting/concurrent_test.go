package drafting

import (
	"errors"
	"sync"
	"testing"
	"time"

	"gongkai/internal/db"
	"gongkai/internal/publication"
)

// together runs functions at the same moment and gives their errors.
func together(fs ...func() error) []error {
	errs := make([]error, len(fs))
	var begin, done sync.WaitGroup
	begin.Add(1)
	for i, f := range fs {
		done.Go(func() {
			begin.Wait()
			errs[i] = f()
		})
	}
	begin.Done()
	done.Wait()
	return errs
}

// oneOf fails unless exactly one went well and the others are faults of the
// code.
func oneOf(t *testing.T, errs []error, code string) {
	t.Helper()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if codeOf(err) != code {
			t.Errorf("got %v, want %s", err, code)
		}
	}
	if won != 1 {
		t.Errorf("%d of %d went well, want one", won, len(errs))
	}
}

func TestTwoEditorsSave(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		d := c.create(t, "编一", notice("关于报名的通知"))
		save := func(who, title string) func() error {
			return func() error {
				_, err := c.Save(ctx, c.person(t, who), d.ID, d.Revision, notice(title))
				return err
			}
		}
		errs := together(save("编一", "编一的标题"), save("编二", "编二的标题"))
		oneOf(t, errs, "draft_changed")
		for _, err := range errs {
			var lost *Conflicted
			if err != nil && (!errors.As(err, &lost) || lost.Revision != 2 || lost.By == "") {
				t.Errorf("got %#v", err)
			}
		}
		if got := c.peek(t, d.ID).Revision; got != 2 {
			t.Errorf("revision %d, want 2", got)
		}
	})
}

func TestTwoSignersSign(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		d := c.inState(t, ToSign)
		sign := func(who string) func() error {
			return func() error {
				_, err := c.doAt(t, who, d.ID, d.Revision, Sign, Input{Confirmed: true, Publish: true})
				return err
			}
		}
		oneOf(t, together(sign("签发"), sign("局长"), sign("签发")), "draft_state")
		if n := c.count(t, "select count(*) from publication_versions"); n != 1 {
			t.Errorf("%d versions, want 1", n)
		}
	})
}

func TestTwoCorrectionsOfOneRecord(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		d := c.signed(t, notice("关于报名的通知"))
		d = c.must(t, "签发", d.ID, Publish, Input{})
		revise := func(who string) func() error {
			return func() error {
				_, err := c.Revise(ctx, c.person(t, who), d.RecordID)
				return err
			}
		}
		oneOf(t, together(revise("编一"), revise("编二")), "draft_alone")
	})
}

// Two processes that look for what is due publish each draft once.
func TestTwoSweeps(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		for range 3 {
			d := c.inState(t, ToSign)
			c.must(t, "签发", d.ID, Sign, Input{Confirmed: true, PublishAt: c.now.Add(time.Hour)})
		}
		c.pass(2 * time.Hour)
		sweep := func() error { _, err := c.PublishDue(ctx); return err }
		for _, err := range together(sweep, sweep) {
			if err != nil {
				t.Error(err)
			}
		}
		if n := c.count(t, "select count(*) from publication_versions"); n != 3 {
			t.Errorf("%d versions, want 3", n)
		}
	})
}

// What was changed between beginning a correction and publishing it is not
// covered up.
func TestCorrectionOfWhatHasGoneOn(t *testing.T) {
	each(t, func(t *testing.T, c *city) {
		d := c.signed(t, notice("关于报名的通知"))
		d = c.must(t, "签发", d.ID, Publish, Input{})
		r, err := c.Revise(ctx, c.person(t, "编一"), d.RecordID)
		if err != nil {
			t.Fatal(err)
		}
		if r, err = c.Settle(ctx, c.person(t, "编一"), r.ID, r.Revision, Settings{Change: Minor, Note: "改一个错字"}); err != nil {
			t.Fatal(err)
		}
		if r, err = c.Save(ctx, c.person(t, "编一"), r.ID, r.Revision, notice("关于报名事项的通知")); err != nil {
			t.Fatal(err)
		}
		other := notice("别处导入的标题")
		other.SourceID = d.SourceID
		if err := c.DB.Update(ctx, func(tx *db.Tx) error {
			_, err := c.Records.Put(ctx, tx, other, publication.PutOptions{Actor: "import"})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		_, err = c.do(t, "编一", r.ID, Submit, Input{})
		wantFault(t, err, "draft_checks", "现在已是第 2 版")
	})
}
