package intake

import (
	"os"
	"path/filepath"
	"testing"

	"gongkai/internal/document"
	"gongkai/internal/extract"
	"gongkai/internal/extract/pdf"
)

func TestMain(m *testing.M) {
	if dir, err := os.UserCacheDir(); err == nil {
		_ = pdf.Prepare(filepath.Join(dir, "gongkai", "pdf")) // only saves seconds
	}
	os.Exit(m.Run())
}

// score counts how often each fact was right.
type score struct{ title, number, issuer, date, all int }

// judge recognises samples and tells, of those that are wrong, what was read.
func judge(t *testing.T, list []sample) (s score) {
	t.Helper()
	for _, one := range list {
		doc, err := extract.Read(one.file, one.data, extract.Limits{})
		if err != nil {
			t.Errorf("%s: %v", one.name, err)
			continue
		}
		p := Recognise(one.file, doc, nil)
		s.all++
		check := func(what string, count *int, got, want string) {
			if got == want {
				*count++
			} else {
				t.Logf("%s: %s\n got %q\nwant %q", one.name, what, got, want)
			}
		}
		check("title", &s.title, p.Title.Value, one.truth.title)
		check("number", &s.number, key(p.Number.Value.String()), key(one.truth.number))
		check("issuer", &s.issuer, p.Issuer.Value, one.truth.issuer)
		check("date", &s.date, p.IssuedOn.Value.String(), one.truth.date.String())
	}
	return s
}

func key(s string) string {
	n, err := document.ParseNumber(s)
	if err != nil {
		return s
	}
	return n.Key()
}

// atLeast holds every fact to a share of the documents.
func (s score) atLeast(t *testing.T, percent int) {
	t.Helper()
	for _, f := range []struct {
		name  string
		right int
	}{{"title", s.title}, {"number", s.number}, {"issuer", s.issuer}, {"date", s.date}} {
		if f.right*100 < s.all*percent {
			t.Errorf("%s: right in %d of %d, want %d %%", f.name, f.right, s.all, percent)
		}
	}
	t.Logf("of %d documents: title %d, number %d, issuer %d, date %d", s.all, s.title, s.number, s.issuer, s.date)
}

func TestRecogniseKnownForms(t *testing.T) {
	judge(t, samples(t, 1, 100, buildTemplates, buildNames)).atLeast(t, 95)
}

func TestRecogniseHeldOutForms(t *testing.T) {
	judge(t, samples(t, 2, 100, heldTemplates, heldNames)).atLeast(t, 95)
}
